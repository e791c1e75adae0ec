"""Tables in a survey's folder that no entry reads: said, since answers in them would be missed by nobody else."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipeline.intake.files.rawfiles import NOT_ANSWERS, READABLE
from pipeline.intake.ground.problems import Problem
from pipeline.survey import Survey
from pipeline.survey.identity.persons import shown

#: Folders whose files are texts, photos and documents, never answers.
OTHER = ("content", "photos", "evidence")
#: So many are named, the rest is counted.
NAMED = 5


def said(survey: Survey, read: Collection[Path]) -> list[Problem]:
    """Say which tables are in the folder and read by nothing.

    Parameters
    ----------
    survey : Survey
    read : collection of Path
        The files that are read.

    Returns
    -------
    list of Problem
        None, or one; nothing is wrong with any file that is read.
    """
    looked_up = {survey.raw / lookup.path for lookup in survey.definition.lookups}
    known = {*read, *looked_up}
    left = [path for path in sorted(survey.raw.rglob("*")) if path not in known and _table(survey, path)]
    if not left:
        return []
    names = [shown(path.relative_to(survey.raw).as_posix()) for path in left]
    # Where `files:` names what is read, somebody has chosen; where it is missing everything is said to be read.
    first = not survey.definition.files
    if len(names) == 1:
        return [
            Problem(
                "is in the survey's folder and is not read", "name it under `files:`, or take it away",
                file=names[0], fatal=False, first=first,
            )
        ]  # fmt: skip
    told = ", ".join([*names[:NAMED], *(["…"] if len(names) > NAMED else [])])
    return [
        Problem(
            f"{len(names)} tables in the survey's folder are not read: {told}",
            "name those that hold answers under `files:`, and take the others away",
            file=survey.name, fatal=False, first=first,
        )
    ]  # fmt: skip


def _table(survey: Survey, path: Path) -> bool:
    """Whether it looks like a table that somebody put there to be read."""
    inside = path.relative_to(survey.raw)
    return (
        path.suffix.lower() in READABLE
        and path.is_file()
        and path.name not in NOT_ANSWERS
        and not any(part.startswith(("~$", ".", "_")) for part in inside.parts)
        and inside.parts[0] not in OTHER
    )
