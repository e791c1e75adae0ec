"""Raw files that could not be used although the rest was, and large losses: told by every run and check.

``1-clean`` writes what it found into ``problems.parquet``. Its fatal rows (the file or sheet was not used at
all) and its losses (more than a twentieth of something was not used) are kept in the ledger when the stage
has run, so that a run with nothing to do tells them again without opening a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.survey import Survey
from pipeline.survey.identity.persons import shown

#: Named on the terminal, then the rest is counted; kept in the ledger.
MOST_TOLD, MOST_KEPT = 5, 100
FILE = "problems.parquet"
PLACES = ("file", "sheet", "row", "column", "unit")


@dataclass(frozen=True)
class Unread:
    """What ``1-clean`` could not use.

    Attributes
    ----------
    count : int
        Files and sheets that were not used.
    told : list of dict
        The first :data:`MOST_KEPT` of them: ``file``, ``sheet``, ``row``, ``column``, ``unit``, ``what``, ``hint``.
    absent : list of str
        Patterns under ``files:`` that fit no file. A definition may name more kinds of files than there
        are yet, so this is said and is no failure.
    doubts : int
        What else the validation page asks to look at.
    losses : list of dict
        Of which more was lost than a run may pass over, told before anything else; as ``told``.
    first : list of dict
        What is told right after: nothing is wrong with a file, but what the numbers rest on is not all of it.
    """

    count: int = 0
    told: list[dict[str, Any]] | tuple[()] = ()
    absent: list[str] | tuple[()] = ()
    doubts: int = 0
    losses: list[dict[str, Any]] | tuple[()] = ()
    first: list[dict[str, Any]] | tuple[()] = ()

    @property
    def wrong(self) -> bool:
        """Whether a run that ends with this is no full success."""
        return bool(self.count or self.losses)

    def stored(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


def found(survey: Survey, folder: Path) -> Unread:
    """Read what ``1-clean`` wrote into a folder; nothing where it wrote nothing."""
    path = folder / FILE
    if not path.is_file():
        return Unread()
    import pyarrow.parquet as parquet

    rows = parquet.read_table(path).to_pylist()
    fatal = [row for row in rows if row["fatal"]]
    empty = _empty_patterns(survey)
    absent = [str(row["file"]) for row in fatal if row["file"] in empty]
    wrong = [row for row in fatal if row["file"] not in empty]
    losses = [row for row in rows if row.get("loss")]
    first = [row for row in rows if row.get("first") and not row.get("loss")]
    doubts = len(rows) - len(fatal) - len(losses) - len(first)
    return Unread(len(wrong), _kept(wrong), absent, doubts, _kept(losses), _kept(first))


def _kept(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in (*PLACES, "what", "hint")} for row in rows[:MOST_KEPT]]


def _empty_patterns(survey: Survey) -> set[str]:
    """Entries of ``files:`` that are patterns only and fit nothing, as the intake names them."""
    wild = [e for e in survey.definition.files if all(any(s in p for s in "*?[") for p in e.path)]
    return {
        shown(", ".join(entry.path)) for entry in wild if not any(any(survey.raw.glob(p)) for p in entry.path)
    }


def restored(kept: Mapping[str, Any] | None) -> Unread:
    """Return what a ledger keeps."""
    return Unread(**kept) if kept else Unread()


def lines(unread: Unread, page: str, *, debug: bool = False) -> Iterator[str]:
    """Name what was not used: where, what, what to do; then where all of it can be read."""
    if unread.count:
        one = unread.count == 1
        yield f"{unread.count} raw {'file or sheet was' if one else 'files or sheets were'} not used; the others were:"
        told = unread.told if debug else unread.told[:MOST_TOLD]
        yield from _named(told)
        if unread.count > len(told):
            yield f"  and {unread.count - len(told)} more: {page}"
    if unread.absent:
        names = ", ".join(unread.absent[:MOST_TOLD])
        rest = len(unread.absent) - MOST_TOLD
        yield f"no file fits {names}{f' and {rest} more' if rest > 0 else ''} (patterns under files: in survey.yml)"
    if unread.doubts:
        yield (
            f"{unread.doubts} more to look at: {page}"
            if unread.count
            else f"{unread.doubts} to look at: {page}"
        )


def losses(unread: Unread, page: str, *, debug: bool = False) -> Iterator[str]:
    """Name what was lost in large part: said before anything else, as no number is right before it is mended.

    Then what nobody should have to look for, such as an unsur without any answer.
    """
    if unread.losses:
        yield from _lost(unread, page, debug)
    yield from _named(unread.first)


def _lost(unread: Unread, page: str, debug: bool) -> Iterator[str]:
    yield "much was not used; mend it before anything is published:"
    told = unread.losses if debug else unread.losses[:MOST_TOLD]
    yield from _named(told)
    if len(unread.losses) > len(told):
        yield f"  and {len(unread.losses) - len(told)} more: {page}"


def _named(told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for problem in told:
        place = where(problem)
        yield f"  {place}: {problem['what']}" if place else f"  {problem['what']}"
        if problem["hint"]:
            yield f"    hint: {problem['hint']}"


def where(problem: Mapping[str, Any]) -> str:
    """The place of a problem, as a person would say it.

    Examples
    --------
    >>> where({"file": "a.xlsx", "sheet": "Mei", "row": 3, "column": "", "unit": None})
    'a.xlsx, sheet Mei, row 3'
    """
    parts = [str(problem["file"] or "")]
    forms = {"sheet": "sheet {}", "row": "row {}", "column": 'column "{}"', "unit": 'unit "{}"'}
    parts += [form.format(problem[name]) for name, form in forms.items() if problem.get(name)]
    return ", ".join(part for part in parts if part)
