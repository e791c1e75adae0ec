"""What every block shares: its display in a notebook, and the pieces of running text.

A block is a frozen dataclass of plain text and numbers. It shows itself to Jupyter as a MIME bundle:
plain text, HTML for JupyterLab, and a JSON object of our own. The exporters read the JSON only, so what a
reader of the report sees never depends on how a notebook happens to be displayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import singledispatch
from html import escape
from typing import Any, ClassVar

from pipeline.blocks.errors import BlockError
from pipeline.words.foreign import language

MIME = "application/vnd.skm.block+json"


@dataclass(frozen=True)
class Part:
    """A run of text with at most one mark; made by `strong`, `em`, `code`, `ref` and `link`."""

    text: str
    mark: str = ""
    href: str = ""
    #: Language of the text where it is not the page's.
    lang: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the part without its empty fields."""
        data = {"text": self.text}
        if self.mark:
            data["mark"] = self.mark
        if self.href:
            data["href"] = self.href
        if self.lang:
            data["lang"] = self.lang
        return data


Text = str | Part


def strong(text: object) -> Part:
    """Text the reader must not miss.

    Examples
    --------
    >>> strong("baik").to_json()
    {'text': 'baik', 'mark': 'strong'}
    """
    return Part(str(text), "strong", lang=language(text))


def em(text: object) -> Part:
    """Emphasised text."""
    return Part(str(text), "em")


def code(text: object) -> Part:
    """A name to be read letter by letter: a file, a column, a hash."""
    return Part(str(text), "code")


def ref(key: str) -> Part:
    """Point to a table, figure or formula by its key; the exporters print its number ("Gambar 2")."""
    return Part(key, "ref")


def link(text: object, href: str) -> Part:
    """A link; only http, https, mailto and addresses inside the report are let through.

    Raises
    ------
    BlockError
        For any other scheme, `javascript:` among them.
    """
    scheme = href.split(":", 1)[0].lower() if ":" in href.split("/", 1)[0] else ""
    if scheme not in ("", "http", "https", "mailto"):
        raise BlockError(f"a link may not use the scheme {scheme!r}: {href[:80]!r}")
    return Part(str(text), "link", href)


def page(text: object, address: str) -> Part:
    """A link to another page of the portal, where there is that page: on paper and in Word its text alone.

    Parameters
    ----------
    text : object
    address : str
        Name of the page as it is without a language, and a place in it: ``annex.html#support``.

    Examples
    --------
    >>> page("the whole table", "annex.html#support").to_json()
    {'text': 'the whole table', 'mark': 'page', 'href': 'annex.html#support'}
    """
    return Part(str(text), "page", address)


def parts(values: Iterable[Any]) -> tuple[Part, ...]:
    """Flatten strings, parts and lists of them into parts.

    Examples
    --------
    >>> [p.text for p in parts(["a", [strong("b"), "c"]])]
    ['a', 'b', 'c']
    """
    return tuple(_flatten(values))


def _flatten(values: Iterable[Any]) -> Iterator[Part]:
    for value in values:
        if isinstance(value, Part):
            yield value
        elif isinstance(value, str):
            if value:
                yield Part(str(value), lang=language(value))
        elif isinstance(value, (list, tuple)):
            yield from _flatten(value)
        elif isinstance(value, Iterable):
            yield from _flatten(list(value))
        else:
            raise BlockError(f"running text is made of strings and parts, not of {type(value).__name__}")


def plain(values: Iterable[Part]) -> str:
    """Text of the parts without their marks."""
    return "".join(part.text for part in values)


@singledispatch
def html_preview(block: Any) -> str:
    """HTML of one block for a notebook's display; `pipeline.blocks.preview` registers a form for each kind."""
    return f"<p>{escape(block.plain_text())}</p>"


@dataclass(frozen=True)
class Block:
    """Base of all blocks: conversion to JSON and display in a notebook."""

    kind_name: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """Return the structured form that the exporters read."""
        data: dict[str, Any] = {"type": self.kind_name}
        for field in fields(self):
            data[field.name] = _jsonable(getattr(self, field.name))
        return data

    def plain_text(self) -> str:
        """Return the block as plain text."""
        return f"[{self.kind_name}]"

    def _repr_html_(self) -> str:
        return html_preview(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            "text/plain": self.plain_text(),
            "text/html": self._repr_html_(),
            MIME: self.to_json(),
        }


def _jsonable(value: Any) -> Any:
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, (list, tuple)):
        return [_jsonable(v) for v in value]
    if isinstance(value, dict):
        return {k: _jsonable(v) for k, v in value.items()}
    return value


def need(value: str, what: str, where: str) -> str:
    """Return the text, or raise `BlockError` when it is blank."""
    if not isinstance(value, str) or not value.strip():
        raise BlockError(f"{where} has no {what}; say in words what it shows")
    return value
