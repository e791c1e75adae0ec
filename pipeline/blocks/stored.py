"""Blocks made again from the JSON in which a notebook stores them."""

from __future__ import annotations

from typing import Any

from pipeline.blocks.base import Block, Part
from pipeline.blocks.errors import BlockError
from pipeline.blocks.figure import Figure, Reading
from pipeline.blocks.numbers import Band, Column, Fact, Facts, Headline, Table
from pipeline.blocks.photo import Photo
from pipeline.blocks.signing import Signature
from pipeline.blocks.text import (
    Bullets,
    Contents,
    Document,
    Formula,
    Group,
    Heading,
    Notice,
    PageBreak,
    Prose,
)


def from_json(data: dict[str, Any]) -> Block:
    """Make a block again from its JSON, as a notebook stores it.

    Examples
    --------
    >>> from pipeline.blocks import prose
    >>> from_json(prose("a").to_json()) == prose("a")
    True
    """
    known: tuple[type[Block], ...] = (
        Bullets, Contents, Document, Facts, Figure, Formula, Group, Heading, Headline, Notice, PageBreak, Photo,
        Prose, Signature, Table,
    )  # fmt: skip
    kind = {block.kind_name: block for block in known}.get(str(data.get("type")))
    if kind is None:
        raise BlockError(f"there is no block of the type {data.get('type')!r}")
    inner = {"parts": Part, "bands": Band, "facts": Fact, "columns": Column, "reading": Reading}
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "blocks":
            values[name] = tuple(from_json(v) for v in value)
        elif name == "items":
            values[name] = tuple(tuple(Part(**p) for p in item) for item in value)
        elif name in inner:
            values[name] = tuple(inner[name](**v) for v in value)
        elif name != "type":
            values[name] = _frozen(value)
    return kind(**values)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
