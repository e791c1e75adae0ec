"""Which raw files a survey has, and how each kind is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.intake.csvfile import read_csv
from pipeline.intake.problems import Problem, Refused
from pipeline.intake.raw import RawTable
from pipeline.intake.spss import SUFFIXES as SPSS_SUFFIXES
from pipeline.intake.spss import read_spss
from pipeline.intake.workbook import SUFFIXES, read_workbook
from pipeline.survey import Survey
from pipeline.survey.definition import FileEntry, UnitFrom
from pipeline.survey.plainfile import odd_kind

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
READABLE = (*SUFFIXES, *TEXT_SUFFIXES, *SPSS_SUFFIXES)
#: Files of a survey's folder that are no answers.
NOT_ANSWERS = {"units.csv", "services.csv", "follow-up.csv", "external.csv", "published.csv"}


def read_any(
    path: Path, file: str, *, sheet: Any = None, encoding: str | None = None, delimiter: str | None = None
) -> list[RawTable]:
    """Read one file, whatever its kind, into tables of text."""
    suffix = path.suffix.lower()
    kind = odd_kind(path)
    if kind:
        raise Refused(kind, "put an ordinary file in its place")
    try:
        if suffix in SUFFIXES:
            return read_workbook(path, file, sheet)
        if suffix in SPSS_SUFFIXES:
            return [read_spss(path, file, encoding)]
        if suffix in TEXT_SUFFIXES:
            return [
                read_csv(path, file, encoding=encoding, delimiter="\t" if suffix == ".tsv" else delimiter)
            ]
    except PermissionError:
        raise Refused("may not be read (no permission)", "is it open in another program?") from None
    except FileNotFoundError:
        raise Refused("there is no such file") from None
    except MemoryError:
        raise Refused("does not fit into memory", "split it by unit") from None
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror or error})") from None
    raise Refused(
        f'"{suffix or path.name}" is no kind of file that can be read',
        "export it as CSV, XLSX or SAV",
    )


def entries(survey: Survey) -> list[FileEntry]:
    """Return the files of the definition; without any, every table in the folder."""
    if survey.definition.files:
        return list(survey.definition.files)
    looked_up = {lookup.path for lookup in survey.definition.lookups}
    found = [
        p.relative_to(survey.raw)
        for p in sorted([*survey.raw.glob("*"), *survey.raw.glob("*/*")])
        if p.suffix.lower() in READABLE
        and p.name not in NOT_ANSWERS
        and p.relative_to(survey.raw).as_posix() not in looked_up
        and not p.relative_to(survey.raw).as_posix().startswith(("~$", ".", "_", "content/"))
        and not p.name.startswith(("~$", ".", "_"))
    ]
    top = [p.name for p in found if len(p.parts) == 1]
    if top or not found:
        return [FileEntry(path=top)] if top else []
    # Nothing beside survey.yml, but folders with tables: one folder of files per unit.
    return [FileEntry(path=[p.as_posix() for p in found], unit=UnitFrom(file="{unit}/*"))]


def oddities(survey: Survey, entry: FileEntry) -> list[Problem]:
    """Return what an entry names and `paths` leaves out: folders, pipes, devices, links to elsewhere."""
    found: dict[Path, None] = {}
    for pattern in entry.path:
        wild = any(sign in pattern for sign in "*?[")
        for path in sorted(survey.raw.glob(pattern)) if wild else [survey.raw / pattern]:
            # A pattern may fit folders by intention (opd*); a folder called like a table is a mistake.
            if (path.exists() or path.is_symlink()) and (not wild or path.suffix.lower() in READABLE):
                found[path] = None
    problems = []
    for path in found:
        name = path.relative_to(survey.raw).as_posix()
        if not path.exists():
            problems.append(Problem("is a link to a file that is not there", "copy the file here", file=name))
        elif kind := odd_kind(path):
            problems.append(Problem(kind, "put an ordinary file in its place", file=name))
        elif not path.resolve().is_relative_to(survey.raw.resolve()):
            problems.append(
                Problem("is a link to a file outside the survey's folder", "copy the file here", file=name)
            )
    return problems


def paths(survey: Survey, entry: FileEntry) -> list[Path]:
    """Return the files an entry names, in order of name; temporary files are no data."""
    found: dict[Path, None] = {}
    for pattern in entry.path:
        if any(sign in pattern for sign in "*?["):
            for path in sorted(survey.raw.glob(pattern)):
                if path.is_file() and path.name not in NOT_ANSWERS and not path.name.startswith(("~$", ".")):
                    found[path] = None
        elif (survey.raw / pattern).is_file():
            found[survey.raw / pattern] = None
    return [p for p in found if p.resolve().is_relative_to(survey.raw.resolve())]
