"""A trace for a terminal, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any

from pipeline.trace import text
from pipeline.trace.model import INDEX, Trace
from pipeline.words import Words

#: Stretches of rows that are printed where not all are asked for; wider cells are cut.
FEW, WIDEST = 5, 60
#: Columns that are never cut: files that only their ends tell apart, and sentences.
WHOLE = ("file", "place", "reason")


def as_text(trace: Trace, w: Words, *, rows: bool = False) -> Iterator[str]:
    """Yield the lines of a terminal.

    Parameters
    ----------
    trace : Trace
    w : Words
    rows : bool
        Every row number, instead of the first few.
    """
    most = 0 if rows else FEW
    yield safe(w("trace.title", item=text.name(trace, w), unit=trace.name))
    yield plain(text.lead(trace, w))
    yield plain(text.verdict(trace, w))
    yield from text.private(trace, w)[1:]
    part = _Part(w, cut=not rows)
    yield from part("where", ("file", "place"), text.where(trace, w), none="none")
    yield from part("steps", ("step", "how", "result"), text.steps(trace, w))
    if trace.members:
        yield from _units(trace, part)
        return
    if trace.item == INDEX:
        names = ("code", "name", "total", "n", "nrr", "weight", "weighted", "row")
        yield from part("items", names, [text.item_row(item, w) for item in trace.items])
        legacy = [text.other(one, trace, w) for one in trace.legacy]
        yield from part("legacy", ("weight", "value", "letter"), legacy)
    else:
        yield from part("counts", ("score", "count", "share"), text.counts(trace.items[0], w))
        labels = [text.label(one, w) for one in trace.labels]
        yield from part("labels", ("text", "score", "how", "count"), labels, heading="caption")
    yield from _behind(trace, part, most)
    for problem in trace.problems:
        yield safe(text.problem(problem, w))


def _behind(trace: Trace, part: _Part, most: int) -> Iterator[str]:
    """Rows, what was set aside, and whether the sources agree."""
    w = part.w
    places = [text.place(one, w, most) for one in trace.places]
    yield from part("rows", ("file", "sheet", "column", "header", "score", "count", "rows"), places)
    found = [text.aside(one, w, most) for one in trace.aside]
    yield from part("aside", text.ASIDE, found, none="none_service" if trace.service else "none")
    yield from part("sources", text.SOURCES, [text.sources(item, w) for item in trace.items])


def _units(trace: Trace, part: _Part) -> Iterator[str]:
    w = part.w
    cells = [[one.unit, w.integer(one.n), text.decimal(one.exact, w, 6)] for one in trace.members]
    yield from part("units", ("unit", "n", "index"), cells)
    left = [[unit, text.left(why, w)] for unit, _, why in trace.left_out]
    yield from part("left", ("unit", "reason"), left, heading="caption", shared="units")
    others = [text.other(one, trace, w) for one in trace.legacy]
    yield from part("others", ("weight", "value", "letter"), others, shared="legacy")


@dataclass(frozen=True)
class _Part:
    """Writes a heading with a table below it, columns as wide as they need to be."""

    w: Words
    cut: bool

    def __call__(
        self, part: str, names: Sequence[str], cells: Sequence[Sequence[str]], *, none: str = "",
        heading: str = "heading", shared: str = "",
    ) -> Iterator[str]:  # fmt: skip
        """Yield the lines; where there are no rows the sentence ``none``, or nothing."""
        if not cells and not none:
            return
        yield ""
        yield self.w(f"trace.{part}.{heading}")
        if not cells:
            yield f"  {self.w(f'trace.{part}.{none}')}"
            return
        heads = [text.head(self.w, part, name, shared) for name in names]
        # Nothing stands behind the last column that a long sentence would push away.
        whole = {at for at, name in enumerate(names) if name in WHOLE} | {len(names) - 1}
        shown = [[self.cell(cell, at in whole) for at, cell in enumerate(row)] for row in (heads, *cells)]
        # A column in which nothing stands says nothing.
        kept = [at for at in range(len(names)) if any(row[at] for row in shown[1:])]
        widths = {at: max(len(row[at]) for row in shown) for at in kept}
        for row in shown:
            yield "  " + "  ".join(row[at].ljust(widths[at]) for at in kept).rstrip()

    def cell(self, value: str, whole: bool) -> str:
        """A cell that is safe to print, and short unless everything is asked for or cutting it would mislead."""
        return _short(safe(value)) if self.cut and not whole else safe(value)


def _short(cell: str) -> str:
    return cell if len(cell) <= WIDEST else cell[: WIDEST - 1] + "…"


def safe(cell: str) -> str:
    """A text that moves no cursor and paints no terminal: what cannot be printed becomes a mark.

    Examples
    --------
    >>> safe("baik\\x1b[31m")
    'baik\ufffd[31m'
    """
    plain_blanks = cell.replace("\u00a0", " ")
    return "".join(char if char.isprintable() else "\ufffd" for char in plain_blanks)


def plain(runs: Sequence[tuple[str, bool]]) -> str:
    """Runs of words without their marks."""
    return "".join(piece for piece, _ in runs)


def as_json(trace: Trace, *, ascii_only: bool = False) -> str:
    """The trace as JSON: fractions as text, what is not told as null, every row number."""
    said = [str(problem) for problem in trace.problems]
    found = {**jsonable(trace), "problems": said, "agrees": trace.agrees}
    return json.dumps(found, indent=1, ensure_ascii=ascii_only)


def jsonable(value: Any) -> Any:
    """A value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float):
        return value if value == value else None
    if isinstance(value, dict):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    return value
