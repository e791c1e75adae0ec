"""Blocks made of numbers: the headline of the first page, the row of facts, tables.

Numbers that are read arrive as text already formatted in the report's language; numbers that are drawn
(the scale strip) arrive as floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pipeline.blocks.base import Block, need
from pipeline.blocks.errors import BlockError
from pipeline.words.foreign import Foreign
from pipeline.words.formats import NOTHING

_Rows = tuple[tuple[str, ...], ...]
#: Cells that say nothing.
_NOTHING = ("", NOTHING)


@dataclass(frozen=True)
class Band:
    """One letter's range on the scale; `tick` is its lower bound as printed."""

    letter: str
    name: str
    lower: float
    upper: float
    tick: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the band as JSON."""
        return {"letter": self.letter, "name": self.name, "lower": self.lower, "upper": self.upper,
                "tick": self.tick}  # fmt: skip


def band(letter: str, name: str, lower: float, upper: float, tick: str = "") -> Band:
    """Describe one letter's range; the tick defaults to the lower bound in the report's notation."""
    return Band(letter, name, float(lower), float(upper), tick)


@dataclass(frozen=True)
class Headline(Block):
    """The number, its letter, how sure it is, and where it stands on the scale."""

    kind_name: ClassVar[str] = "headline"
    value: str
    label: str = ""
    interval: str = ""
    letter: str = ""
    letter_name: str = ""
    chip: str = ""
    bands: tuple[Band, ...] = ()
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    alt: str = ""

    def plain_text(self) -> str:
        """Return number, letter and certainty."""
        return " · ".join(t for t in (self.value, self.letter, self.letter_name, self.chip) if t)


def headline(
    value: str,
    label: str = "",
    interval: str = "",
    letter: str = "",
    letter_name: str = "",
    chip: str = "",
    bands: Iterable[Band | Sequence[Any]] = (),
    estimate: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    alt: str = "",
) -> Headline:
    """Show the first page's number.

    Parameters
    ----------
    value, label, interval
        Formatted number ("85,85"), what it is, and its interval in words.
    letter, letter_name, chip
        Letter, its name, and the chip beside it ("kepastian 99,9 % · kokoh"). Empty on a foreign scale.
    bands
        Letters from the lowest to the highest as `band(...)` or (letter, name, lower, upper). With bands
        the renderers draw a scale strip, which needs `alt`.
    estimate, lower, upper
        Where the dot and the interval stand on the strip.
    alt
        What the strip shows, to someone who cannot see it.

    Raises
    ------
    BlockError
        When a strip is drawn without alt text.
    """
    ladder = tuple(b if isinstance(b, Band) else band(*b) for b in bands)
    if ladder:
        need(alt, "alt text", "the headline's scale strip")
    return Headline(
        need(value, "value", "the headline"), label, interval, letter, letter_name, chip, ladder,
        _known(estimate), _known(lower), _known(upper), alt,
    )  # fmt: skip


def _known(value: float | None) -> float | None:
    """A number, or None for what a result table writes as NaN."""
    return None if value is None or value != value else float(value)


@dataclass(frozen=True)
class Fact:
    """A number with what it is and one qualifying line."""

    value: str
    label: str
    note: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the fact as JSON."""
        return {"value": self.value, "label": self.label, "note": self.note}


def fact(value: str, label: str, note: str = "") -> Fact:
    """State one fact of the row."""
    return Fact(str(value), label, note)


@dataclass(frozen=True)
class Facts(Block):
    """A row of up to four facts (more wrap into further rows)."""

    kind_name: ClassVar[str] = "facts"
    facts: tuple[Fact, ...]

    def plain_text(self) -> str:
        """Return the facts, one a line."""
        return "\n".join(f"{f.value} {f.label} {f.note}".strip() for f in self.facts)


def facts(items: Iterable[Fact | Sequence[str]]) -> Facts:
    """Show facts side by side."""
    return Facts(tuple(f if isinstance(f, Fact) else fact(*f) for f in items))


@dataclass(frozen=True)
class Column:
    """One column of a table; neighbours with the same `group` share a heading above theirs."""

    key: str
    label: str
    numeric: bool = False
    width: str | None = None
    group: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the column as JSON."""
        return {"key": self.key, "label": self.label, "numeric": self.numeric, "width": self.width,
                "group": self.group}  # fmt: skip


def column(key: str, label: str, numeric: bool = False, width: str | None = None, group: str = "") -> Column:
    """Describe a column; `width` is empty, "auto", or a share like "2fr"."""
    if width not in (None, "", "auto") and not (width.endswith("fr") and _is_number(width[:-2])):
        raise BlockError(f"column {key!r}: width is 'auto' or a share like '2fr', not {width!r}")
    return Column(key, label, bool(numeric), width or None, group)


def columns(w: Callable[[str], str], /, **words: str | tuple[str, str]) -> list[Column]:
    """Describe neighbouring columns by the keys of their headings' words, in the order given.

    Parameters
    ----------
    w : callable
        Looks a word up, as `pipeline.words.Words` does.
    **words : str, or (str, str)
        By the column's key: the word above numbers; or, for a column of text, that word and its width ("" is as
        wide as its text).

    Examples
    --------
    >>> [(c.label, c.numeric, c.width) for c in columns(str.upper, unit=("unit", "2fr"), n="n")]
    [('UNIT', False, '2fr'), ('N', True, None)]
    """
    return [
        column(key, w(word), numeric=True)
        if isinstance(word, str)
        else column(key, w(word[0]), width=word[1])
        for key, word in words.items()
    ]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


@dataclass(frozen=True)
class Table(Block):
    """A table of cells that are already text."""

    kind_name: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    key: str
    note: str = ""
    row_header: bool = True
    strong_rows: tuple[int, ...] = ()
    accent_cells: tuple[tuple[int, int], ...] = ()
    footer_rows: tuple[tuple[str, ...], ...] = ()
    breakable: bool = True
    compact: bool = False
    #: Cells in another language than the page: row, column, language.
    langs: tuple[tuple[int, int, str], ...] = ()

    def plain_text(self) -> str:
        """Return the table with tabs between cells."""
        lines = [self.caption, "\t".join(c.label for c in self.columns)]
        lines += ["\t".join(row) for row in (*self.rows, *self.footer_rows)]
        return "\n".join(lines)


def table(
    columns: Iterable[Column | Sequence[Any]],
    rows: Iterable[Sequence[Any] | Mapping[str, Any]],
    caption: str,
    key: str,
    note: str = "",
    row_header: bool = True,
    strong_rows: Iterable[int] = (),
    accent_cells: Iterable[tuple[int, int | str]] = (),
    footer_rows: Iterable[Sequence[Any] | Mapping[str, Any]] = (),
    breakable: bool = True,
    compact: bool = False,
) -> Table:
    """Show a table.

    Parameters
    ----------
    columns
        `column(...)` objects, or (key, label[, numeric]).
    rows, footer_rows
        Rows of formatted strings, one per column, or mappings by column key. `None` is an empty cell; a column of
        nothing but empty cells and dashes is left out.
    caption, key
        What the table holds, and its name for `ref(key)`. Both are required.
    note
        Small print below the table.
    row_header
        The first column names its row.
    strong_rows
        Rows in semibold, counted from 0.
    accent_cells
        (row, column index or key) of the cells the text talks about.
    breakable
        It may go on on the next page.
    compact
        Smaller type, for annex tables of many columns.

    Raises
    ------
    BlockError
        Without a caption or key, or when a row does not have one cell per column.
    """
    cols = tuple(c if isinstance(c, Column) else column(*c) for c in columns)
    where = f"table {key!r}"
    need(key, "key", "a table")
    need(caption, "caption", where)
    if not cols:
        raise BlockError(f"{where} has no columns")
    index = {c.key: i for i, c in enumerate(cols)}
    if len(index) != len(cols):
        raise BlockError(f"{where}: two columns have the same key")
    body = tuple(_cells(row, cols, where) for row in rows)
    foot = tuple(_cells(row, cols, where) for row in footer_rows)
    kept = _filled(cols, body, foot)
    new = {old: at for at, old in enumerate(kept)}
    accents = {(int(r), index[c] if isinstance(c, str) else int(c)) for r, c in accent_cells}
    return Table(
        tuple(cols[at] for at in kept), _only(kept, body), caption, key, note, bool(row_header),
        tuple(sorted(set(strong_rows))), tuple(sorted((r, new[at]) for r, at in accents if at in new)),
        _only(kept, foot), bool(breakable), bool(compact),
        tuple((r, new[at], cell.lang) for r, row in enumerate(body) for at, cell in enumerate(row)
              if isinstance(cell, Foreign) and at in new),
    )  # fmt: skip


def _filled(cols: tuple[Column, ...], body: _Rows, foot: _Rows) -> list[int]:
    """Columns that hold something: of two rows and more, one under which nothing stands is not shown.

    The first column names its rows, and one row alone may lack what the same table has elsewhere.
    """
    if len(body) < 2:
        return list(range(len(cols)))
    return [at for at in range(len(cols)) if not at or any(row[at] not in _NOTHING for row in (*body, *foot))]


def _only(kept: list[int], rows: _Rows) -> _Rows:
    return tuple(tuple(row[at] for at in kept) for row in rows)


def _cells(row: Sequence[Any] | Mapping[str, Any], cols: tuple[Column, ...], where: str) -> tuple[str, ...]:
    values = [row.get(c.key) for c in cols] if isinstance(row, Mapping) else list(row)
    if len(values) != len(cols):
        raise BlockError(f"{where}: a row has {len(values)} cells for {len(cols)} columns: {values[:4]!r}")
    return tuple("" if v is None else v if isinstance(v, Foreign) else str(v) for v in values)
