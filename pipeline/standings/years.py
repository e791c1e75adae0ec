"""The years of a unit or a city out of the rows of ``trend``: points, gaps, breaks and the change.

Sentence, table and figure of unit report, overview and portal all come from here, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipeline.survey import period_key
from pipeline.words.verdicts import Change

if TYPE_CHECKING:
    from pipeline.results import Row

#: Surveys of a line, the present one among them.
MOST = 5
#: Words of a verdict that rests on the answers of both surveys.
TESTED = ("up", "down", "unchanged", "cannot-tell")
#: Rows of ``trend`` that are read here.
STATISTICS = ("change", "comparability", "line", "ikm_then", "not_read")


@dataclass(frozen=True)
class Point:
    """The index in one survey; no value where the unit is not in it (a gap)."""

    survey: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    letter: str = ""
    n: int | None = None
    printed: bool = False


@dataclass(frozen=True)
class Break:
    """Why a line is not drawn from one survey to the next."""

    before: str
    after: str
    kinds: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """Points in the order of time, and where the line between two of them is broken."""

    points: tuple[Point, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def gaps(self) -> list[str]:
        """Surveys without a value between the first and the last that have one."""
        known = [place for place, point in enumerate(self.points) if point.value is not None]
        inside = self.points[known[0] : known[-1]] if known else ()
        return [point.survey for point in inside if point.value is None]

    @property
    def runs(self) -> list[list[Point]]:
        """Points that one line connects: no gap and no break between them."""
        broken = {(one.before, one.after) for one in self.breaks}
        found: list[list[Point]] = []
        for place, point in enumerate(self.points):
            before = self.points[place - 1] if place else None
            if point.value is None:
                continue
            if before is None or before.value is None or (before.survey, point.survey) in broken:
                found.append([])
            found[-1].append(point)
        return found

    def place(self, survey: str) -> int:
        """Place of a survey on the axis."""
        return [point.survey for point in self.points].index(survey)


class Years:
    """Rows of ``trend`` of one survey, ready to be asked about any unit ("" is the city).

    Parameters
    ----------
    rows : iterable of Row
        Units that may not be shown left out by whoever reads them.
    present : str
        Name of the survey the rows are of.
    margin : float
        Index points within which a change counts as none.
    """

    def __init__(self, rows: Iterable[Row], present: str, margin: float) -> None:
        self.present, self.margin = present, margin
        self._of: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            if row.statistic in STATISTICS and row.scope != "type":
                unit = row.unit if row.scope in ("unit", "surveys") else ""
                kind = f"surveys:{row.statistic}" if row.scope == "surveys" else row.statistic
                self._of.setdefault((unit, kind), []).append(row)

    def _rows(self, unit: str, statistic: str) -> list[Row]:
        return self._of.get((unit, statistic), [])

    @cached_property
    def earlier(self) -> list[str]:
        """Earlier surveys that are compared with, oldest first."""
        found = {row.other for row in self._rows("", "surveys:comparability") if not row.item}
        return sorted(found, key=period_key)

    @cached_property
    def drawn(self) -> list[str]:
        """Surveys of a figure: the newest, the present one last."""
        return [*self.earlier[-(MOST - 1) :], self.present]

    @property
    def unread(self) -> dict[str, str]:
        """Earlier surveys that are there and were not read, each with the reason."""
        return {row.other: row.reason for row in self._rows("", "surveys:not_read")}

    def kinds(self, unit: str, survey: str) -> tuple[str, ...]:
        """What changed since a survey and forbids a comparison, for all or for this unit."""
        rows = [r for r in self._rows("", "surveys:comparability") if r.other == survey and not r.item]
        rows += [r for r in self._rows(unit, "surveys:comparability") if unit and r.other == survey]
        return tuple(dict.fromkeys(kind for r in rows for kind in _split(r.text)))

    def items(self, survey: str) -> tuple[list[str], list[str]]:
        """Items that both surveys asked: those compared, and those left out (worded or placed otherwise)."""
        rows = [r for r in self._rows("", "surveys:comparability") if r.other == survey and r.item]
        return [r.item for r in rows if r.estimate == 1], [r.item for r in rows if r.estimate != 1]

    def then(self, unit: str) -> dict[str, Point]:
        """Index of every earlier survey the unit is in."""
        rows = sorted(self._rows(unit, "ikm_then"), key=lambda row: period_key(row.other))
        return {
            row.other: Point(row.other, float(row.estimate), _known(row.lower), _known(row.upper), str(row.text),
                             row.n, row.method == "published")
            for row in rows
            if row.estimate == row.estimate
        }  # fmt: skip

    def line(self, unit: str, now: Point) -> Line:
        """Points, gaps and breaks of a unit; ``now`` is its point in the present survey."""
        then = {**self.then(unit), self.present: now}
        found = tuple(then.get(name, Point(name)) for name in self.drawn)
        return Line(found, tuple(self.breaks(unit)))

    def breaks(self, unit: str) -> list[Break]:
        """Where the line is broken for this unit, in the order of time."""
        rows = [row for row in self._rows("", "surveys:line") if row.estimate != 1]
        rows += [row for row in self._rows(unit, "line") if unit]
        made = [
            Break(r.other, r.group, tuple(_split(r.text)), tuple(_split(r.method)))
            for r in rows
            if {r.other, r.group} <= set(self.drawn)
        ]
        return sorted(made, key=lambda one: period_key(one.before))

    def change(self, unit: str, survey: str) -> Change:
        """The change since a survey, as a verdict to write from."""
        scope = "unit" if unit else "city"
        rows = [row for row in self._rows(unit, "change") if row.other == survey and not row.group]
        row = next((r for r in rows if r.method != "holm"), None)
        if row is None or row.estimate != row.estimate:
            reason = str(row.reason) if row is not None else "no-data"
            kinds = self.kinds(unit, survey) if reason == "not-comparable" else ()
            return Change(scope, survey, "", reason=reason, kinds=kinds)
        if row.method == "published":
            return Change(scope, survey, "published", float(row.estimate))
        kept, left = self.items(survey)
        return Change(
            scope, survey, str(row.text), float(row.estimate), _known(row.lower), _known(row.upper), self.margin,
            shared=len(kept), items=len(kept) + len(left),
        )  # fmt: skip

    def against(self, unit: str) -> str:
        """The survey a change is told against; "" when the unit is in none.

        The newest with a verdict that rests on answers, else the newest printed one, else the newest.
        """
        known = [name for name in self.earlier if name in self.then(unit)]
        told = {name: self.change(unit, name).relation for name in known}
        for wanted in (TESTED, ("published",), ("",)):
            found = [name for name in known if told[name] in wanted]
            if found:
                return found[-1]
        return ""

    def skipped(self, unit: str, survey: str) -> list[Change]:
        """Surveys after the one a change is told against that are not comparable, newest first."""
        later = self.earlier[self.earlier.index(survey) + 1 :] if survey in self.earlier else []
        return [one for name in reversed(later) if (one := self.change(unit, name)).kinds]


def _split(text: Any) -> list[str]:
    return [part for part in str(text or "").split(",") if part]


def _known(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def words_of(w: Any, one: Break | Change, code: Any = str) -> str:
    """What changed, in words: ``kalimat pertanyaan (U6)``.

    Parameters
    ----------
    w : Words
    one : Break or Change
    code : callable
        Writes an item.
    """
    items: Sequence[str] = getattr(one, "items", ()) if isinstance(one, Break) else ()
    said = [
        f"{w(f'compare.kind.{kind}')} ({', '.join(map(code, items))})"
        if kind == "wording" and items
        else w(f"compare.kind.{kind}")
        for kind in one.kinds
    ]
    return str(w.join(said))


def broken(w: Any, line: Line, code: Any = str) -> list[str]:
    """One sentence for each break, each gap and each printed index of a line."""
    said = [
        w("compare.years.break", before=one.before, after=one.after, kinds=words_of(w, one, code))
        for one in shown_breaks(line)
    ]
    if line.gaps:
        said.append(w("compare.years.gap", surveys=w.join(line.gaps)))
    return said


def shown_breaks(line: Line) -> list[Break]:
    """Breaks between two surveys that both have a value."""
    known = {point.survey for point in line.points if point.value is not None}
    return [one for one in line.breaks if {one.before, one.after} <= known]


def alt(w: Any, line: Line, code: Any = str) -> str:
    """Say the figure's numbers: every survey with its index, then breaks and gaps."""
    told = [
        w("compare.years.alt_none", survey=p.survey)
        if p.value is None
        else w("compare.years.alt_printed" if p.printed else "compare.years.alt_point", survey=p.survey,
               value=w.number(p.value))
        for p in line.points
    ]  # fmt: skip
    return " ".join([w("compare.years.alt", values=w.join(told)), *broken(w, line, code)])
