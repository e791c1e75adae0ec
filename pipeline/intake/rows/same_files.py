"""Files delivered twice: which of those with the same content counts, and what is said of the others."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.ground.problems import Problem
from pipeline.intake.rows.unit_names import finder, unit_from_name
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.entries import FileEntry


@dataclass(frozen=True)
class Found:
    """A file that an entry of the definition names, and that entry's number."""

    number: int
    entry: FileEntry
    path: Path


def repeats(survey: Survey, files: Sequence[Found]) -> dict[tuple[int, Path], Problem]:
    """Find the files whose content another file of their entry has.

    Of files of the same content the one counts whose name is that of a listed unit, where names say the unit:
    a copy is called otherwise, and its name must not take the people away from their unit. Else the shortest
    name counts (``a.csv``, not ``a (1).csv``), then the first.

    Parameters
    ----------
    survey : Survey
        The survey they belong to.
    files : sequence of Found
        Every file of every entry; only those of the same size are read.

    Returns
    -------
    dict
        By number of the entry and path of each file that does not count: what is to be said of it.
    """
    told: dict[tuple[int, Path], Problem] = {}
    for group in _alike(files):
        for number in dict.fromkeys(file.number for file in group):
            told |= _counted_once(survey, [file for file in group if file.number == number])
    return told


def copies(files: Sequence[Path]) -> dict[Path, Path]:
    """Return the files of a folder that repeat another of it, and which: the one with the shortest name.

    The same content in two folders is no copy here: folders may be units, one of which lacks its answers.

    Parameters
    ----------
    files : sequence of Path
        Files that nobody has described yet.
    """
    entry = FileEntry(path=["x"])
    told: dict[Path, Path] = {}
    for group in _alike([Found(0, entry, path) for path in files]):
        for folder in dict.fromkeys(file.path.parent for file in group):
            beside = [file.path for file in group if file.path.parent == folder]
            kept = min(beside, key=lambda path: len(path.name))
            told |= {path: kept for path in beside if path != kept}
    return told


def _alike(files: Sequence[Found]) -> list[list[Found]]:
    """Return those of the same content together; a file under several entries is in a group once an entry."""
    size_of = {file.path: _size(file.path) for file in files}
    sizes = Counter(size_of.values())
    alike: dict[str, list[Found]] = defaultdict(list)
    for file in files:
        if size_of[file.path] > 0 and sizes[size_of[file.path]] > 1:
            with contextlib.suppress(OSError), file.path.open("rb") as handle:
                alike[hashlib.file_digest(handle, "sha256").hexdigest()].append(file)
    return [group for group in alike.values() if len(group) > 1]


def _counted_once(survey: Survey, group: Sequence[Found]) -> dict[tuple[int, Path], Problem]:
    """Choose the file of an entry that counts, and say what each of the others is."""
    units = {file.path: _unit(survey, file) for file in group}
    kept = min(group, key=lambda file: (not units[file.path], len(_name(survey, file.path))))
    return {
        (file.number, file.path): _problem(
            survey, file, kept, other_unit=units[file.path] not in ("", units[kept.path])
        )
        for file in group
        if file is not kept
    }


def _problem(survey: Survey, file: Found, kept: Found, other_unit: bool) -> Problem:
    """Say which file counts; where the names are those of two units, one of them lacks its own answers."""
    return Problem(
        f"is the same file as {_name(survey, kept.path)}; its rows are counted once",
        "these are files of two units: put this unit's own answers here, or remove it"
        if other_unit
        else "remove one of the two",
        file=_name(survey, file.path),
        fatal=False,
        first=other_unit,
    )


def _unit(survey: Survey, file: Found) -> str:
    """Return the listed unit that a file's name says; empty where names say none."""
    source = file.entry.unit
    if not source or not source.file:
        return ""
    pattern = source.file if isinstance(source.file, str) else ""
    unit = finder(survey, file.entry)(unit_from_name(_name(survey, file.path), pattern, False))
    return "" if unit == UNKNOWN_UNIT else unit


def _name(survey: Survey, path: Path) -> str:
    return path.relative_to(survey.raw).as_posix()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
