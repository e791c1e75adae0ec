"""The unit that a text names: a cell, the name of a file or of a sheet."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

#: Endings of files of tables, which are never part of a unit's name.
_ENDING = re.compile(r"(?<=[^/.])(?:\.(?:csv|tsv|txt|xlsx|xlsm|xlsb|xls|ods|sav|zsav|por|html?|sql))+$", re.I)


def own_values(survey: Survey, entry: FileEntry, name: str) -> dict[str, str]:
    """Return the definition's values for a field, as written and folded."""
    merged: dict[str, str] = {}
    for source in (survey.definition.values, entry.values):
        for text, code in source.get(name, {}).items():
            merged[text] = code
            if fold(text):
                merged[fold(text)] = code
    return merged


def finder(survey: Survey, entry: FileEntry) -> Callable[[str], str]:
    """Return what finds the unit a text names; the group of unlisted units where it names none."""
    own = own_values(survey, entry, "unit")
    spellings = survey.spellings
    known = {unit.id for unit in survey.units}

    def find(text: str) -> str:
        folded = fold(text)
        named = own.get(text) or own.get(folded)
        if named:
            return spellings.get(fold(named), UNKNOWN_UNIT)
        if text in known:
            return text
        return spellings.get(folded, UNKNOWN_UNIT) if folded else UNKNOWN_UNIT

    return find


def unit_from_name(name: str, pattern: str, sheet: bool) -> str:
    """Return what a source's name says about the unit.

    Examples
    --------
    >>> unit_from_name("in/skm_dinas-a_2024.xlsx#Data", "skm_{unit}_2024", False)
    'dinas-a'
    """
    file, _, tab = name.partition("#")
    if sheet:
        return tab or PurePosixPath(file).stem
    path = PurePosixPath(file)
    if not pattern:
        return path.stem
    wanted = pattern if "/" in pattern else PurePosixPath(pattern).name
    text = str(path) if "/" in pattern else path.name
    before, after = (re.escape(part).replace(r"\*", ".*") for part in wanted.split("{unit}"))
    # The whole name up to a star is the unit; before an ending of its own the pattern says where it stops.
    inner = "(.+)" if after.startswith(".*") else "(.+?)"
    for candidate in (_bare(text), text):
        match = re.fullmatch(f"{before}{inner}{after}", candidate, re.I)
        if match:
            return match[1]
    return path.stem if fnmatch.fnmatch(text, "*") else ""


def _bare(name: str) -> str:
    """Return a file name without its endings: those of tables, however many (``.csv.xls``), else the last.

    Examples
    --------
    >>> _bare("skm_Kec. Utara.xlsx"), _bare("a.csv.xls"), _bare("dinas.v2")
    ('skm_Kec. Utara', 'a', 'dinas')
    """
    bare = _ENDING.sub("", name)
    return bare if bare != name else re.sub(r"(?<=[^/.])\.[A-Za-z0-9]{1,5}$", "", name)
