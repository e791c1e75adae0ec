"""Which raw files a survey has, and how each kind is opened."""

from __future__ import annotations

import fnmatch
import glob
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.intake.files import filekind
from pipeline.intake.files.csvfile import find_delimiter, read_csv
from pipeline.intake.files.htmlfile import read_html
from pipeline.intake.files.spss import SUFFIXES as SPSS_SUFFIXES
from pipeline.intake.files.spss import read_spss
from pipeline.intake.files.sqlfile import read_sql
from pipeline.intake.files.table import RawTable
from pipeline.intake.files.workbook import SUFFIXES, read_workbook
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.survey import Survey
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.entries import FileEntry, UnitFrom
from pipeline.survey.errors import did_you_mean
from pipeline.survey.plainfile import odd_kind

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
OTHER_SUFFIXES = (".html", ".htm", ".sql")
READABLE = (*SUFFIXES, *TEXT_SUFFIXES, *SPSS_SUFFIXES, *OTHER_SUFFIXES)
#: Files of a survey's folder that are no answers.
NOT_ANSWERS = {"units.csv", "services.csv", "follow-up.csv", "external.csv", "published.csv"}


def read_any(
    path: Path, file: str, *, sheet: Any = None, encoding: str | None = None, delimiter: str | None = None
) -> list[RawTable]:
    """Read one file into tables of text: its content decides how, the ending only where that does not tell."""
    odd = odd_kind(path)
    if odd:
        raise Refused(odd, "put an ordinary file in its place")
    try:
        kind = filekind.kind(path)
        if kind == filekind.SQL:
            tables = read_sql(path, file, encoding, _wanted(sheet))
            return tables if sheet is None else _chosen(tables, sheet)
        if kind in (filekind.HTML, filekind.XML_WORKBOOK):
            return _chosen(read_html(path, file, encoding), sheet)
        return _by_suffix(path, file, _suffix(path, kind), sheet, encoding, delimiter)
    except PermissionError:
        raise Refused("may not be read (no permission)", "is it open in another program?") from None
    except FileNotFoundError:
        raise Refused("there is no such file") from None
    except MemoryError:
        raise Refused("does not fit into memory", "split it by unit") from None
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror or error})") from None


def _suffix(path: Path, kind: str) -> str:
    """Return the ending a file should have by its content."""
    named = path.suffix.lower()
    if kind == filekind.TEXT:
        if named in TEXT_SUFFIXES:
            return named
        with path.open("rb") as file:
            head = file.read(filekind.HEAD)
        # A text of one column is no table, whatever it is called.
        text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "ignore")
        return ".csv" if find_delimiter(text) in text else named
    alike = (".sav", ".zsav"), (".xlsx", ".xlsm")
    if not kind or any(kind in group and named in group for group in alike):
        return named
    return kind


def _by_suffix(
    path: Path, file: str, suffix: str, sheet: Any, encoding: str | None, delimiter: str | None
) -> list[RawTable]:
    if suffix in TEXT_SUFFIXES:
        return [read_csv(path, file, encoding=encoding, delimiter="\t" if suffix == ".tsv" else delimiter)]
    if suffix not in SUFFIXES and suffix not in SPSS_SUFFIXES:
        raise Refused(
            f'"{suffix or path.name}" is no kind of file that can be read',
            "export it as CSV, XLSX or SAV",
        )
    read: Callable[[Path], list[RawTable]] = (
        (lambda named: read_workbook(named, file, sheet))
        if suffix in SUFFIXES
        else (lambda named: [read_spss(named, file, encoding)])
    )
    if path.suffix.lower() == suffix:
        return read(path)
    with tempfile.TemporaryDirectory(prefix="skm-named-") as folder:
        # The readers of cells go by the ending: they get the file under the one it should have.
        named = Path(folder) / f"table{suffix}"
        try:
            named.symlink_to(path.absolute())
        except OSError:
            shutil.copyfile(path, named)
        return read(named)


def _wanted(sheet: Any) -> Callable[[str], bool] | None:
    """Return which tables of a dump are asked for: of the others not even the values are kept."""
    if sheet is None or any(isinstance(w, int) for w in (sheet if isinstance(sheet, list) else [sheet])):
        return None
    patterns = [str(w).casefold() for w in (sheet if isinstance(sheet, list) else [sheet])]
    return lambda name: any(fnmatch.fnmatchcase(name.casefold(), pattern) for pattern in patterns)


def _chosen(tables: Sequence[RawTable], sheet: Any) -> list[RawTable]:
    """Return the tables that `sheet:` names, by name, pattern or number; all where it names none."""
    if sheet is None:
        return list(tables)
    names = [table.sheet for table in tables]
    chosen: list[RawTable] = []
    for wanted in sheet if isinstance(sheet, list) else [sheet]:
        if isinstance(wanted, int):
            if not 1 <= wanted <= len(tables):
                raise Refused(f"has {len(tables)} tables, there is no table {wanted}", "the first table is 1")
            hits = [tables[wanted - 1]]
        else:
            hits = [t for t in tables if fnmatch.fnmatchcase(t.sheet.casefold(), str(wanted).casefold())]
        if not hits:
            raise Refused(
                f'has no table "{wanted}" with rows',
                did_you_mean(str(wanted), names) or f"tables are {', '.join(names[:12]) or 'none'}",
            )
        chosen += [table for table in hits if table not in chosen]
    return chosen


def files_of(path: Path) -> list[Path]:
    """Return the readable files of a folder (two levels deep), or the file itself."""
    if path.is_file():
        return [path]
    return [
        p
        for p in sorted([*path.glob("*"), *path.glob("*/*")])
        if p.is_file()
        and p.suffix.lower() in READABLE
        and p.name not in NOT_ANSWERS
        and not p.name.startswith(("~$", ".", "_"))
    ]


#: Folder beside survey.yml for forms of ``skm form`` that were filled in: read whatever ``files:`` says.
FILLED = "forms"


def entries(survey: Survey) -> list[FileEntry]:
    """Return the files of the definition, without any every table in the folder; and filled forms in any case."""
    listed = list(survey.definition.files) or _unlisted(survey)
    filled = _tables(survey, FILLED + "/*")
    if filled:
        named = {path for entry in listed for path in paths(survey, entry)}
        names = [_pattern(path.relative_to(survey.raw).as_posix()) for path in filled if path not in named]
        if names:
            listed.append(FileEntry(path=names, instrument=_questionnaires(survey)))
    return listed


def _questionnaires(survey: Survey) -> list[str]:
    """Every questionnaire the definition knows: what of them a file does not hold was not asked in it."""
    own = list(survey.definition.instruments)
    return [OFFICIAL, *own] if own else []


def _tables(survey: Survey, *patterns: str) -> list[Path]:
    """Return the readable files below the survey's folder that may hold answers."""
    looked_up = {lookup.path for lookup in survey.definition.lookups}
    return [
        p
        for p in sorted(path for pattern in patterns for path in survey.raw.glob(pattern))
        if p.suffix.lower() in READABLE
        and p.name not in NOT_ANSWERS
        and p.relative_to(survey.raw).as_posix() not in looked_up
        and not p.relative_to(survey.raw)
        .as_posix()
        .startswith(("~$", ".", "_", "content/", "photos/", "evidence/"))
        and not p.name.startswith(("~$", ".", "_"))
    ]


def _unlisted(survey: Survey) -> list[FileEntry]:
    """Return what is read where the definition lists no files."""
    found = [p.relative_to(survey.raw) for p in _tables(survey, "*", "*/*")]
    found = [p for p in found if p.parts[0] != FILLED]
    asked = _questionnaires(survey)
    top = [_pattern(p.name) for p in found if len(p.parts) == 1]
    if top or not found:
        return [FileEntry(path=top, instrument=asked)] if top else []
    # Nothing beside survey.yml, but folders with tables: one folder of files per unit.
    folders = [_pattern(p.as_posix()) for p in found]
    return [FileEntry(path=folders, instrument=asked, unit=UnitFrom(file="{unit}/*"))]


def _pattern(name: str) -> str:
    """A file's name as a definition would write it: signs of patterns escaped, a letter that is none for any."""
    return "".join("?" if "\ud800" <= char <= "\udfff" else glob.escape(char) for char in name)


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
