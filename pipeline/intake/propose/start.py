"""Start a survey from files of answers: copy them, propose what they are, write it down."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.ground.problems import Refused
from pipeline.intake.propose import write_long
from pipeline.intake.propose.long import longform
from pipeline.intake.propose.looks import Proposal
from pipeline.intake.propose.proposal import files_of, propose
from pipeline.intake.propose.write import findings, lines, units_csv
from pipeline.intake.values.items import ItemSet, itemset
from pipeline.survey import Survey
from pipeline.survey.definition import Definition
from pipeline.survey.renew import folder_for

__all__ = ["Refused", "from_file"]


def from_file(root: Path, name: str, source: Path) -> tuple[list[Path], list[str]]:
    """Write the folder of a new survey from a file, or from a folder of files.

    Parameters
    ----------
    root : Path
        The folder that holds ``data/raw``.
    name : str
        The new survey.
    source : Path
        A file of answers, or a folder of them (also one folder per unit). Files are copied into
        the survey's folder, never moved or changed; those that lie there already stay.

    Returns
    -------
    tuple
        The files written, and what to tell the person: counts, what was recognised, what is left.

    Raises
    ------
    Refused
        If nothing there can be read as answers.
    SurveyError
        If the name is none, or the survey exists.
    """
    folder = folder_for(root, name)
    source = source.resolve()
    if not source.exists():
        raise Refused("there is no such file")
    items = itemset(Survey(name, root, Definition(title=name), (), ""), ())
    made = _look(source, name, items)
    folder.mkdir(parents=True, exist_ok=True)
    base = source if source.is_dir() else source.parent
    written = []
    if base != folder.resolve():
        for file in made.files:
            target = folder / file
            if target.exists():
                raise Refused(f"{file} lies in data/raw/{name} already", "remove one of the two")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / file, target)
            written.append(target)
    (folder / "survey.yml").write_text(made.definition, encoding="utf-8")
    written.append(folder / "survey.yml")
    if not (folder / "units.csv").exists():
        (folder / "units.csv").write_text(made.units, encoding="utf-8", newline="")
        written.append(folder / "units.csv")
    return written, made.findings


@dataclass(frozen=True)
class _Made:
    """What is written of a survey, and said."""

    definition: str
    units: str
    findings: list[str]
    files: list[str]


def _look(source: Path, name: str, items: ItemSet) -> _Made:
    """Look at the files as tables of respondents, and where that does not do, as an export of a database."""
    proposal: Proposal | None = None
    refused: Refused | None = None
    try:
        proposal = propose(source, name)
    except Refused as error:
        refused = error
    found = None if _wide(proposal, items) else longform.find(files_of(source), _base(source), items)
    if found is not None and not _same(proposal, found):
        files = write_long.files(found)
        text = "\n".join(write_long.lines(found, name, items)) + "\n"
        return _Made(text, write_long.units(found), write_long.findings(found, items), files)
    if proposal is None:
        raise refused or Refused("holds no table of answers", "is it the right file?")
    text = "\n".join(lines(proposal, name, items)) + "\n"
    return _Made(text, units_csv(proposal), findings(proposal, items), proposal.files)


def _base(source: Path) -> Path:
    return source if source.is_dir() else source.parent


def _wide(proposal: Proposal | None, items: ItemSet) -> bool:
    """Whether a table was found with most unsur as columns: then no database is looked for."""
    if proposal is None:
        return False
    found = [sum(seen.column.field in items.readers for seen in look.columns) for look in proposal.looks]
    return max(found, default=0) > len(items.readers) / 2


def _same(proposal: Proposal | None, found: longform.LongForm) -> bool:
    """Whether names alone told the same tables as their values do, and no codes need a table."""
    if proposal is None or found.codes:
        return False
    named = {
        (look.role, seen.column.field, seen.column.header) for look in proposal.looks for seen in look.columns
    }
    wanted = {("answers", "respondent", found.respondent.header), ("answers", "item", found.item.header),
              ("answers", "answer", found.answer.header)}  # fmt: skip
    if found.key is not None:
        wanted.add(("respondents", "respondent", found.key.header))
    return wanted <= named
