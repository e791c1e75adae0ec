"""A person's own text in Markdown as blocks: paragraphs, lists, emphasis and safe links.

The text is as little to be trusted as any other: whatever is no such mark (HTML, pictures, tables, code)
stays visible as the letters that were typed, and the exporters escape them. A heading becomes a strong line:
the outline of a report is the report's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from pipeline.blocks.base import Block, Part, strong
from pipeline.blocks.text import Bullets, Prose, bullets, prose

#: Schemes that a link may have; others lose the address and keep their text.
SCHEMES = ("http", "https", "mailto")
_MARKS = {"strong": "strong", "emphasis": "em"}


@cache
def _parser() -> Any:
    import mistune  # late: only reports with texts of their office pay for it

    return mistune.create_markdown(renderer=None)


def written(source: str, lang: str = "") -> list[Block]:
    r"""Turn a text in Markdown into blocks.

    Parameters
    ----------
    source : str
        Markdown.
    lang : str
        Its language, where that is not the page's.

    Examples
    --------
    >>> [block.plain_text() for block in written("Satu **dua** <b>tiga</b>.\n\n- a\n- b")]
    ['Satu dua <b>tiga</b>.', '- a\n- b']
    """
    made = [block for token in _parser()(source) for block in _blocks(token)]
    return [_spoken(block, lang) for block in made] if lang else made


def _spoken(block: Block, lang: str) -> Block:
    """The same block with every piece of its text marked as being in a language."""
    if isinstance(block, Prose):
        return replace(block, parts=tuple(replace(part, lang=lang) for part in block.parts))
    if isinstance(block, Bullets):
        items = tuple(tuple(replace(part, lang=lang) for part in item) for item in block.items)
        return replace(block, items=items)
    return block


def _blocks(token: dict[str, Any]) -> Iterator[Block]:
    kind, inner = token["type"], token.get("children") or []
    if kind == "heading":
        text = "".join(part.text for part in _inline(inner)).strip()
        if text:
            yield prose(strong(text))
    elif kind in ("paragraph", "block_text"):
        yield prose(*_inline(inner))
    elif kind == "list":
        items = [list(_item(child)) for child in inner]
        yield bullets([item for item in items if item], ordered=bool(token["attrs"].get("ordered")))
    elif kind == "block_quote":
        for child in inner:
            yield from _blocks(child)
    elif (raw := str(token.get("raw") or "").strip()) and kind != "thematic_break":
        yield prose(raw)


def _item(token: dict[str, Any]) -> Iterator[Part]:
    """The text of one point; points below it follow it in the same line."""
    first = True
    for child in token.get("children") or []:
        if child["type"] == "list":
            for below in child["children"]:
                yield Part(" – ")
                yield from _item(below)
            continue
        found = list(_inline(child.get("children") or [])) or [Part(str(child.get("raw") or "").strip())]
        if not first:
            yield Part(" ")
        yield from (part for part in found if part.text)
        first = False


def _inline(tokens: list[dict[str, Any]], mark: str = "", href: str = "") -> Iterator[Part]:
    for token in tokens:
        kind, inner = token["type"], token.get("children") or []
        if kind in _MARKS:
            yield from _inline(inner, mark if href else _MARKS[kind], href)
        elif kind == "link":
            address = str(token["attrs"].get("url") or "")
            safe = address.partition(":")[0].lower() in SCHEMES and ":" in address
            yield from _inline(inner, "link" if safe else mark, address if safe else "")
        elif kind == "image":
            yield from _inline(inner, mark, href)
        elif kind in ("softbreak", "linebreak"):
            yield Part(" ", mark, href)
        elif text := str(token.get("raw") or ""):
            yield Part(text, mark, href)
