"""The literature that reports cite: one BibTeX file, so that a paper can take it over unchanged.

Only what our own file needs is read: entries of braces, one value in braces per field, authors as
``Family, Initials`` joined by ``and``. Anything else is an error that names the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: What an entry of each kind must state.
NEEDED = {
    "article": ("author", "title", "journal", "volume", "pages", "year"),
    "book": ("author", "title", "publisher", "year"),
    "misc": ("author", "title", "year"),
}
_ENTRY = re.compile(r"^@(\w+)\{([\w-]+),\s*$(.*?)^\}\s*$", re.M | re.S)
_FIELD = re.compile(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


class BadReference(ValueError):
    """An entry that cannot be cited; names the entry and what is missing."""


@dataclass(frozen=True)
class Reference:
    """One entry of the BibTeX file."""

    key: str
    kind: str
    fields: dict[str, str]

    @property
    def authors(self) -> list[str]:
        """Authors as ``Family, I.``; a body in double braces is one author."""
        text = self.fields["author"]
        return [text[1:-1]] if text.startswith("{") else [name.strip() for name in text.split(" and ")]

    @property
    def short(self) -> str:
        """How a text cites it within brackets: ``Cronbach, 1951``; more than two authors are shortened."""
        families = [name.split(",")[0] for name in self.authors]
        named = f"{families[0]} et al." if len(families) > 2 else " & ".join(families)
        return f"{named}, {self.fields['year']}"

    @property
    def full(self) -> str:
        """The entry of a list of references."""
        f, names = self.fields, self.authors
        authors = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
        text = f"{authors} ({f['year']}). {f['title']}."
        if self.kind == "article":
            text += f" {f['journal']}, {f['volume']}, {f['pages'].replace('--', '–')}."
        elif self.kind == "book":
            text += f" {f['publisher']}."
        return text + (f" https://doi.org/{f['doi']}" if "doi" in f else "")


def parse(text: str) -> dict[str, Reference]:
    """Read BibTeX.

    Raises
    ------
    BadReference
        For an entry of an unknown kind, a missing field, a key used twice, or text that is no entry.

    Examples
    --------
    >>> found = parse("@book{a1999,\\n  author = {Doe, J.}, title = {On}, publisher = {P}, year = {1999},\\n}")
    >>> found["a1999"].short, found["a1999"].full
    ('Doe, 1999', 'Doe, J. (1999). On. P.')
    """
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    found: dict[str, Reference] = {}
    for kind, key, body in _ENTRY.findall(plain):
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(body)}
        rest = _FIELD.sub("", body).replace(",", "").strip()
        missing = [name for name in NEEDED.get(kind.lower(), ("kind",)) if not fields.get(name)]
        if missing or rest or key in found:
            why = f"no {', '.join(missing)}" if missing else f"cannot read {rest!r}" if rest else "twice"
            raise BadReference(f"reference {key}: {why}")
        found[key] = Reference(key, kind.lower(), fields)
    left = _ENTRY.sub("", plain).strip()
    if left:
        raise BadReference(f"not a BibTeX entry: {left.splitlines()[0]!r}")
    return found


@cache
def library() -> dict[str, Reference]:
    """All entries of ``references.bib`` by key."""
    path = resources.files("pipeline.words") / "references.bib"
    return parse(path.read_text(encoding="utf-8"))


def listed(keys: Iterable[str]) -> list[str]:
    """Entries of a list of references, by author and year.

    Raises
    ------
    KeyError
        For a key the file does not have.
    """
    books = [library()[key] for key in dict.fromkeys(keys)]
    return [book.full for book in sorted(books, key=lambda b: (b.authors[0].casefold(), b.fields["year"]))]


def cite(key: str) -> str:
    """How running text cites an entry, within brackets.

    Examples
    --------
    >>> cite("cronbach1951"), cite("geldhof2014")
    ('Cronbach, 1951', 'Geldhof et al., 2014')
    """
    return library()[key].short
