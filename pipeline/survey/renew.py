"""A new survey's folder: from an old definition, or from nothing.

A renewed definition keeps everything that is true of the questionnaire and the units, comments
included, and drops what was true of the old period only: its dates, and results in progress. So does
what the office gives as evidence: ways to complain stay, what was published and done is said anew.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.survey import evidence
from pipeline.survey.errors import Problem, SurveyError
from pipeline.survey.folder import RAW, Survey, valid_name
from pipeline.survey.loading import check_definition
from pipeline.survey.period import opening

#: What of an old survey holds for the next one as well; answers and results never do.
KEPT = ("units.csv", "services.csv", "themes.yml")
_TOP = re.compile(r"^([A-Za-z_]+):")
_DROPPED = ("fieldwork", "report_date", "schedule", "holidays", "photos")
#: Of `evidence.yml`, what was true of the old period only. A statement is an office's own word: nobody carries it over.
_DROPPED_EVIDENCE = ("publication", "execution", "ombudsman", "stated")
_ANEW = "# of the old period, to be said anew:"

BLANK = """\
# The definition of a survey: docs/survey-definition.md explains every key.
title: Survei Kepuasan Masyarakat {name}
period: {name}

# Without `files:` every table in this folder is read, one row per respondent.
# What a bare 8 in a header means: form (complaints) or questionnaire (facilities).
# order: questionnaire
# fieldwork: {{start: 2024-02-01, end: 2024-03-29}}
"""
BLANK_UNITS = "id,name,aliases,population\nunit-1,Unit 1,,\n"


def folder_for(root: Path, name: str) -> Path:
    """Return the folder of a survey that does not exist yet.

    Raises
    ------
    SurveyError
        If the name is none, or there is such a survey: nothing is ever overwritten.
    """
    folder = root / RAW / name
    shown = (RAW / name).as_posix()
    if not valid_name(name):
        raise SurveyError([Problem(f'"{name}" cannot be the name of a survey', file=shown,
                                   hint="2025, 2025-s1, 2025-tw3, or 2025-internal")])  # fmt: skip
    if (folder / "survey.yml").exists():
        raise SurveyError([Problem("there is such a survey already", file=f"{shown}/survey.yml",
                                   hint="choose another name, or edit it")])  # fmt: skip
    return folder


def blank(root: Path, name: str) -> list[Path]:
    """Write the folder of a survey of which nothing is known."""
    folder = folder_for(root, name)
    folder.mkdir(parents=True, exist_ok=True)
    return _write(folder, BLANK.format(name=name), None if (folder / "units.csv").exists() else BLANK_UNITS)


def _write(folder: Path, definition: str, units: str | None) -> list[Path]:
    made = [folder / "survey.yml"]
    made[0].write_text(definition, encoding="utf-8")
    if units is not None:
        made.append(folder / "units.csv")
        made[1].write_text(units, encoding="utf-8", newline="")
    return made


def renew(old: Survey, name: str) -> list[Path]:
    """Write a new period's definition from an old one; returns the files written.

    Tables of codes that the definition names are copied, raw answers never.
    """
    folder = folder_for(old.root, name)
    text = renewed((old.raw / "survey.yml").read_text(encoding="utf-8-sig"), old.name, name)
    folder.mkdir(parents=True, exist_ok=True)
    made = _write(folder, text, None)
    # A definition that cannot be read would be this module's fault: say so before anybody works on it.
    try:
        check_definition(made[0], f"{(RAW / name).as_posix()}/survey.yml")
    except SurveyError:
        made[0].unlink()
        raise
    for kept in (*KEPT, *(lookup.path for lookup in old.definition.lookups)):
        source, target = old.raw / kept, folder / kept
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            made.append(target)
    return [*made, *_evidence(old, folder)]


def _evidence(old: Survey, folder: Path) -> Iterator[Path]:
    """Write what holds of the evidence for the next period, with its photos; nothing where no key holds.

    A file that is not as it should be is left where it is: `skm check` says what is wrong with it.
    """
    target = folder / evidence.FILE
    try:
        channels = evidence.read(old).complaints()
    except SurveyError:
        return
    if not channels or target.exists():
        return
    lines = _commented((old.raw / evidence.FILE).read_text(encoding="utf-8-sig"), _DROPPED_EVIDENCE)
    target.write_text("".join(f"{line}\n" for _, _, line in lines), encoding="utf-8")
    try:
        kept = evidence.stated(target, target.name).model_fields_set
    except SurveyError:
        kept = set()
    # Written in a way that line by line cannot tell apart (all on one line, keys in quotes): then not at all.
    if kept != {"complaints"}:
        target.unlink()
        return
    yield target
    for name in dict.fromkeys(one.photo for one in channels if one.photo):
        source, copy = old.raw / evidence.FOLDER / name, folder / evidence.FOLDER / name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            yield copy


def renewed(text: str, old: str, new: str) -> str:
    """Return an old definition's text for a new period.

    Examples
    --------
    >>> print(renewed("title: SKM 2023\\nfieldwork: {start: 2023-02-01}\\nmode: online\\n", "2023", "2024"))
    title: SKM 2024
    # of the old period, to be said anew:
    # fieldwork: {start: 2023-02-01}
    mode: online
    <BLANKLINE>
    """
    before, after = (re.match(r"\d{4}", part) for part in (old, new))
    out: list[str] = []
    for key, first, line in _commented(text, _DROPPED):
        if key == "period" and first:
            out.append(f"period: {_said(new)}")
        elif key == "title" and before and after:
            out.append(line.replace(old, new) if old in line else line.replace(before[0], after[0]))
        else:
            out.append(line)
    return "\n".join(out) + "\n"


def _commented(text: str, dropped: Collection[str]) -> Iterator[tuple[str, bool, str]]:
    """Yield the lines of a definition, those of dropped keys as comments: key, whether it begins there, line."""
    key = ""
    for line in text.splitlines():
        match = _TOP.match(line)
        if match:
            key = match[1]
            if key in dropped:
                yield key, False, _ANEW
        elif line and not line[0].isspace() and line[0] not in "#}]-":
            key = ""
        yield key, bool(match), f"# {line}" if key in dropped and line.strip() else line


def _said(name: str) -> str:
    found = opening(name)
    return found[0] if found else name
