"""Blocks made of words: the document itself, paragraphs, headings, lists, notices, formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from pipeline import LANGUAGES
from pipeline.blocks.base import Block, Part, Text, need, parts, plain
from pipeline.blocks.errors import BlockError

PROSE_STYLES = ("body", "lead", "note")
NOTICE_KINDS = ("caution", "info", "synthetic", "privacy")


@dataclass(frozen=True)
class Document(Block):
    """What the whole report is: title, language, footer and date. The first block of a report."""

    kind_name: ClassVar[str] = "document"
    title: str
    kicker: str = ""
    subtitle: str = ""
    lang: str = "id"
    survey: str = ""
    unit: str = ""
    city: str = ""
    period: str = ""
    date: str = ""
    footer: str = ""
    data_hash: str = ""
    version: str = ""
    synthetic: bool = False
    kind: str = "report"
    description: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    chapters: bool = False

    def plain_text(self) -> str:
        """Return kicker and title."""
        return "\n".join(t for t in (self.kicker, self.title, self.subtitle) if t)


def document(
    title: str,
    kicker: str = "",
    lang: str = "id",
    survey: str = "",
    unit: str = "",
    city: str = "",
    period: str = "",
    date: dt.date | str = "",
    footer: str = "",
    data_hash: str = "",
    version: str = "",
    synthetic: bool = False,
    kind: str = "report",
    subtitle: str = "",
    description: str = "",
    renamed: Iterable[tuple[str, str]] = (),
    chapters: bool = False,
) -> Document:
    """Open a report.

    Parameters
    ----------
    title
        The document's title; also its only top heading.
    kicker
        Small line above the title: survey, fieldwork, regulation.
    lang
        `id` or `en`; chooses the language of markdown cells and of the exporters' own words.
    survey, unit, city, period
        What the report is about; stand in the running lines, and in what a file says of itself.
    date
        Date of the document (a date or ISO text): goes into the PDF instead of the clock, so that the same
        data give the same bytes.
    footer
        Left part of the footer; empty means "unit · survey".
    data_hash, version
        Of the data it was made from, and of the program.
    synthetic
        Simulated data: every page says so.
    kind
        What it is about: ``unit``, ``overview``, a stage; every exporter treats them alike.
    subtitle, description
        Below the title, and what a file says of itself to search engines and readers of screens.
    renamed
        Words of the notebook's own headings and what this report calls the same (``unsur``: ``butir``).
    chapters
        A document of chapters: a page of its own for the title, and each level-2 heading begins a page.

    Raises
    ------
    BlockError
        Without a title, or with a language other than `id` and `en`.
    """
    if lang not in LANGUAGES:
        raise BlockError(f"reports are written in 'id' or 'en', not in {lang!r}")
    iso = date.isoformat()[:10] if isinstance(date, dt.date) else str(date)
    if iso:
        try:
            dt.date.fromisoformat(iso)
        except ValueError as error:
            raise BlockError(f"the document's date must be like 2025-12-31, not {iso!r}") from error
    return Document(
        title=need(title, "title", "the document"), kicker=kicker, subtitle=subtitle, lang=lang,
        survey=survey, unit=unit, city=city, period=period, date=iso, footer=footer, data_hash=data_hash,
        version=version, synthetic=bool(synthetic), kind=kind, description=description,
        renamed=tuple((old, new) for old, new in renamed), chapters=bool(chapters),
    )  # fmt: skip


@dataclass(frozen=True)
class Prose(Block):
    """One paragraph."""

    kind_name: ClassVar[str] = "prose"
    parts: tuple[Part, ...]
    style: str = "body"

    def plain_text(self) -> str:
        """Return the paragraph's text."""
        return plain(self.parts)


def prose(*text: Text | Iterable[Text], style: str = "body") -> Prose:
    """Write one paragraph from strings and marked parts; `style` is body, lead or note.

    Examples
    --------
    >>> from pipeline.blocks import prose, strong
    >>> prose("Huruf ", strong("B"), " kokoh.").plain_text()
    'Huruf B kokoh.'
    """
    if style not in PROSE_STYLES:
        raise BlockError(f"prose has the styles {', '.join(PROSE_STYLES)}, not {style!r}")
    return Prose(parts(text), style)


@dataclass(frozen=True)
class Heading(Block):
    """A heading below the document's title."""

    kind_name: ClassVar[str] = "heading"
    text: str
    level: int = 2
    key: str = ""
    lead: str = ""

    def plain_text(self) -> str:
        """Return the heading and its lead."""
        return "\n".join(t for t in (self.text, self.lead) if t)


def heading(text: str, level: int = 2, key: str = "", lead: str = "") -> Heading:
    """Head a section; level 2 to 4 (the document's title is the only level 1). `lead` is the grey line."""
    if level not in (2, 3, 4):
        raise BlockError(f"headings inside a report have level 2, 3 or 4, not {level!r}")
    return Heading(need(text, "text", "a heading"), level, key, lead)


@dataclass(frozen=True)
class Bullets(Block):
    """A list."""

    kind_name: ClassVar[str] = "bullets"
    items: tuple[tuple[Part, ...], ...]
    ordered: bool = False
    lettered: bool = False

    def plain_text(self) -> str:
        """Return the items, one a line."""
        return "\n".join(f"- {plain(item)}" for item in self.items)


def bullets(items: Iterable[Text | Iterable[Text]], ordered: bool = False, lettered: bool = False) -> Bullets:
    """List items; each is a string, a part, or a list of them. ``lettered`` numbers them a, b, c."""
    return Bullets(tuple(parts([item]) for item in items), ordered or lettered, lettered)


@dataclass(frozen=True)
class Notice(Block):
    """A sentence set apart because it limits how the rest may be read."""

    kind_name: ClassVar[str] = "notice"
    parts: tuple[Part, ...]
    kind: str = "info"
    title: str = ""

    def plain_text(self) -> str:
        """Return title and text."""
        return ": ".join(t for t in (self.title, plain(self.parts)) if t)


def notice(*text: Any, kind: str = "info", title: str = "") -> Notice:
    """Set a notice apart; `kind` is caution, info, synthetic or privacy."""
    if kind not in NOTICE_KINDS:
        raise BlockError(f"notices are {', '.join(NOTICE_KINDS)}, not {kind!r}")
    return Notice(parts(text), kind, title)


@dataclass(frozen=True)
class Formula(Block):
    """A displayed formula with the words a screen reader speaks."""

    kind_name: ClassVar[str] = "formula"
    latex: str
    spoken: str
    key: str = ""
    caption: str = ""

    def plain_text(self) -> str:
        """Return the spoken form."""
        return self.spoken


def formula(latex: str, spoken: str, key: str = "", caption: str = "") -> Formula:
    r"""Show a formula, given in the LaTeX subset that both targets understand, and as it is spoken.

    Examples
    --------
    >>> from pipeline.blocks import formula
    >>> formula(r"\bar{x} = \frac{1}{n}\sum_{i=1}^{n} x_i", "rata-rata dari x").spoken
    'rata-rata dari x'
    """
    return Formula(need(latex, "LaTeX", "a formula"), need(spoken, "spoken text", "a formula"), key, caption)


@dataclass(frozen=True)
class PageBreak(Block):
    """The next block starts a new page (on paper)."""

    kind_name: ClassVar[str] = "pagebreak"


def pagebreak() -> PageBreak:
    """Start a new page."""
    return PageBreak()


@dataclass(frozen=True)
class Contents(Block):
    """The table of contents, where the exporter should put it."""

    kind_name: ClassVar[str] = "contents"
    title: str = ""
    depth: int = 2


def contents(title: str = "", depth: int = 2) -> Contents:
    """Place the table of contents (PDF); without it, PDF puts it before the first page break."""
    return Contents(title, depth)


@dataclass(frozen=True)
class Group(Block):
    """Several blocks displayed by one cell."""

    kind_name: ClassVar[str] = "group"
    blocks: tuple[Block, ...]

    def plain_text(self) -> str:
        """Return the blocks' texts."""
        return "\n\n".join(block.plain_text() for block in self.blocks)


def rekeyed(block: Block, suffix: str) -> Block:
    """The same block, and all within it, under other keys: a page may show one kind of table twice.

    Examples
    --------
    >>> rekeyed(group(heading("Mutu", key="mutu")), "-2").blocks[0].key
    'mutu-2'
    """
    if isinstance(block, Group):
        return Group(tuple(rekeyed(one, suffix) for one in block.blocks))
    key = getattr(block, "key", "")
    return replace(block, **{"key": key + suffix}) if key else block


def group(*blocks: Block | Iterable[Block] | None) -> Group:
    """Display several blocks as one; lists are flattened and `None` is skipped."""
    return Group(tuple(_blocks(blocks)))


def _blocks(values: Iterable[Any]) -> Iterable[Block]:
    for value in values:
        if value is None:
            continue
        if isinstance(value, Group):
            yield from value.blocks
        elif isinstance(value, Block):
            yield value
        elif isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
            yield from _blocks(value)
        else:
            raise BlockError(f"a group holds blocks, not {type(value).__name__}")
