"""What a finished HTML page says, as passages: sentences, rows of tables, facts, captions, figure texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bs4 import BeautifulSoup, Tag

#: What a page quotes of its users.
_QUOTED = re.compile(r"“[^”]*”")
#: Where a sentence ends: a stop and a capital, a digit or a quotation after it.
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý“\"(]|\d)")
_SPACE = re.compile(r"[\s\u00a0\u202f\u2009]+")


@dataclass(frozen=True)
class Passage:
    """One thing a page says, with where it stands and what it stands beside."""

    kind: str  # head fact sentence row caption note reading alt drawn bullet title
    text: str
    section: str = ""
    place: str = ""  # id of the table or figure
    cells: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    paragraph: str = ""

    @property
    def label(self) -> str:
        """First cell of a row."""
        return self.cells[0] if self.cells else ""

    @property
    def said(self) -> str:
        """What the page says itself: without the words of users that a point of a list quotes."""
        return _QUOTED.sub("“”", self.text) if self.kind == "bullet" else self.text

    def cell(self, head: str) -> str:
        """Content of the column with a heading (regular expression), or nothing."""
        for name, value in zip(self.heads, self.cells):
            if re.fullmatch(head, name, re.I):
                return value
        return ""


@dataclass
class Page:
    """A finished page."""

    name: str  # slug of the unit, or overview, portal, or the name of a stage
    kind: str  # unit overview portal stage
    lang: str
    passages: list[Passage] = field(default_factory=list)
    path: Path | None = None
    chapters: bool = False  # a title page, then chapters: the index stands in one of them

    def of(self, *kinds: str) -> list[Passage]:
        """Passages of some kinds."""
        return [p for p in self.passages if p.kind in kinds]

    def rows(self, place: str) -> list[Passage]:
        """Rows of one table."""
        return [p for p in self.passages if p.kind == "row" and p.place == place]

    @cached_property
    def text(self) -> str:
        """All that is said, one passage a line."""
        return "\n".join(p.text for p in self.passages)

    @cached_property
    def front(self) -> list[Passage]:
        """What stands on page one: head, facts and the first section; of chapters, that of the index."""
        if self.chapters:
            index = {p.section for p in self.passages if p.kind == "head"}
            return [p for p in self.passages if p.section in {"", *index}]
        first = next((p.section for p in self.passages if p.kind == "title" and p.section), "")
        return [p for p in self.passages if p.section in ("", first)]


def clean(text: str) -> str:
    """Text with single plain spaces."""
    return _SPACE.sub(" ", text).strip()


def sentences(text: str) -> list[str]:
    """A paragraph cut into its sentences."""
    return [s for s in _SENTENCE.split(clean(text)) if s]


def read(path: Path, name: str, kind: str, lang: str) -> Page:
    """Read a page from a file."""
    return parse(path.read_text(encoding="utf-8"), name, kind, lang, path)


def parse(html: str, name: str, kind: str, lang: str, path: Path | None = None) -> Page:
    """Read a page from its HTML."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["style", "script", "math", "nav", "noscript"]):
        tag.decompose()
    for tag in soup.select("[data-narrow-copy], .narrow .reading, option, span.narrow"):
        tag.decompose()
    page = Page(name, kind, lang, path=path, chapters="chapters" in (soup.body or soup).get("class", ()))
    _Reader(page).walk(soup.body or soup, "")
    return page


class _Reader:
    """Walks a page in reading order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.place = ""
        self.head: tuple[str, ...] = ()

    def say(self, kind: str, text: str, section: str, **more: object) -> None:
        if clean(text):
            self.page.passages.append(Passage(kind, clean(text), section, self.place, **more))  # type: ignore[arg-type]

    def walk(self, tag: Tag, section: str) -> None:
        for child in tag.children:
            if isinstance(child, Tag):
                self.one(child, section)

    def one(self, tag: Tag, section: str) -> None:
        classes = set(tag.get("class") or [])
        name = tag.name
        if name == "section":
            heading = tag.find(["h2", "h3"])
            own = str(heading.get("id", "")) if heading else ""
            self.walk(tag, own or section)
        elif classes & {"float", "formula"} or name == "figure":
            before, self.place = self.place, str(tag.get("id", "")) or self.place
            self.walk(tag, section)
            self.place = before
        elif "facts" in classes:
            for item in tag.find_all("li"):
                self.say("fact", item.get_text(" "), section, cells=_parts(item))
        elif "strip" in classes or name == "svg":
            self.drawing(tag, section)
        elif name == "table":
            self.table(tag, section)
        elif name in ("h1", "h2", "h3", "h4"):
            self.say("title", tag.get_text(" "), section)
        elif name in ("p", "li", "dd", "dt", "figcaption", "small", "summary", "footer"):
            self.words(tag, name, classes, section)
        else:
            self.walk(tag, section)

    def words(self, tag: Tag, name: str, classes: set[str], section: str) -> None:
        kind = {"li": "bullet", "dd": "reading", "dt": "reading", "figcaption": "caption"}.get(
            name, "sentence"
        )
        kind = "note" if "note" in classes else "head" if classes & {"index", "letter", "headline"} else kind
        text = clean(tag.get_text(" " if kind in ("head", "caption") else ""))
        title = tag.find("strong", recursive=False) if name == "figcaption" else None
        if title and (said := clean(title.get_text(" "))) != text:
            # The finding over a figure is a sentence; what the figure is follows it.
            text = f"{said}. {text.removeprefix(said).strip()}"
        parts = sentences(text) if kind in ("sentence", "note") else [text]
        for part in parts:
            self.say(kind, part, section, paragraph=text)

    def drawing(self, tag: Tag, section: str) -> None:
        """A figure says its text alternative, and the numbers drawn in it."""
        title = tag.find("title") or tag.find("desc")
        alt = str(tag.get("aria-label") or (title.get_text(" ") if title else ""))
        for part in sentences(alt):
            self.say("alt", part, section, paragraph=alt)
        if tag.name == "svg":
            drawn = [clean(t.get_text(" ")) for t in tag.find_all("text")]
            self.say("drawn", " | ".join(t for t in drawn if t), section, cells=tuple(t for t in drawn if t))

    def table(self, tag: Tag, section: str) -> None:
        caption = tag.find("caption")
        place = self.place
        self.place = place or str(tag.get("id", ""))
        if caption:
            self.say("caption", caption.get_text(" "), section)
        heads = _heads(tag)
        last: tuple[str, ...] = ()
        for row in tag.find_all("tr"):
            if row.find_parent("thead"):
                continue
            cells = tuple(clean(c.get_text(" ")) for c in row.find_all(["th", "td"]))
            # An empty first cell repeats the one above it.
            if cells and not cells[0] and last and row.find_parent("tbody"):
                cells = (last[0], *cells[1:])
            last = cells
            self.say("row", " | ".join(cells), section, cells=cells, heads=heads)
        self.place = place


def _parts(item: Tag) -> tuple[str, ...]:
    return tuple(clean(c.get_text(" ")) for c in item.children if isinstance(c, Tag))


def _heads(table: Tag) -> tuple[str, ...]:
    """Headings of the columns: the last row of the head."""
    rows = table.select("thead tr")
    if not rows:
        return ()
    cells = rows[-1].find_all(["th", "td"])
    return tuple(clean(c.get_text(" ")) for c in cells)
