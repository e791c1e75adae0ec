"""Markdown cells to blocks, through mistune's syntax tree, so that both targets get the same structure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pipeline.render.theme import RenderError

BlockJSON = dict[str, Any]
PartJSON = dict[str, str]

_MARKS = {"strong": "strong", "emphasis": "em"}


@cache
def _parser() -> Any:
    import mistune

    return mistune.create_markdown(renderer=None, plugins=["math"])


def blocks(source: str) -> list[BlockJSON]:
    """Turn Markdown into block JSON.

    Parameters
    ----------
    source
        Markdown: headings, paragraphs, lists, emphasis, code, links, quotes, `$...$` and `$$...$$`. HTML
        stays visible as text; pictures and rules are refused or dropped, since they have no alt text or
        meaning.

    Examples
    --------
    >>> [b["type"] for b in blocks("## Apa\\n\\nSatu *dua*.")]
    ['heading', 'prose']
    """
    tokens = _parser()(source)
    return [block for token in tokens for block in _block(token)]


def _block(token: dict[str, Any]) -> Iterator[BlockJSON]:
    kind = token["type"]
    if kind == "heading":
        level = int(token["attrs"]["level"])
        parts = list(_inline(token.get("children", [])))
        yield {"type": "heading", "text": "".join(p["text"] for p in parts), "level": max(2, min(level, 4)),
               "key": "", "lead": "", "parts": parts}  # fmt: skip
    elif kind in ("paragraph", "block_text"):
        yield {"type": "prose", "style": "body", "parts": list(_inline(token.get("children", [])))}
    elif kind == "list":
        yield _list(token)
    elif kind == "block_math":
        yield {"type": "formula", "latex": token["raw"].strip(), "spoken": "", "key": "", "caption": ""}
    elif kind == "block_code":
        yield {"type": "listing", "text": token["raw"].rstrip("\n")}
    elif kind == "block_quote":
        inner = [b for child in token["children"] for b in _block(child)]
        yield {"type": "quote", "blocks": inner}
    elif kind == "block_html":
        yield {"type": "prose", "style": "body", "parts": [{"text": token["raw"].strip()}]}
    elif kind in ("blank_line", "thematic_break"):
        return
    else:
        raise RenderError(f"Markdown of the kind {kind!r} does not reach both targets; use a block instead")


def _list(token: dict[str, Any]) -> BlockJSON:
    items: list[dict[str, Any]] = []
    for child in token["children"]:
        parts: list[PartJSON] = []
        below: list[BlockJSON] = []
        for part in child["children"]:
            if part["type"] == "list":
                below.append(_list(part))
            elif part["type"] in ("block_text", "paragraph"):
                if parts:
                    parts.append({"text": "", "mark": "break"})
                parts.extend(_inline(part.get("children", [])))
            elif part["type"] != "blank_line":
                below.extend(_block(part))
        items.append({"parts": parts, "blocks": below})
    return {"type": "bullets", "ordered": bool(token["attrs"].get("ordered")), "items": items}


def _inline(tokens: list[dict[str, Any]], marks: str = "", href: str = "") -> Iterator[PartJSON]:
    for token in tokens:
        kind = token["type"]
        if kind in ("text", "inline_html"):
            yield _part(token["raw"], marks, href)
        elif kind in _MARKS:
            yield from _inline(token["children"], f"{marks} {_MARKS[kind]}".strip(), href)
        elif kind == "codespan":
            yield _part(token["raw"], f"{marks} code".strip(), href)
        elif kind == "inline_math":
            yield _part(token["raw"], "math", "")
        elif kind == "link":
            address = str(token["attrs"]["url"])
            scheme = address.split(":", 1)[0].lower() if ":" in address else ""
            safe = scheme in ("", "http", "https", "mailto")
            yield from _inline(token["children"], f"{marks} link".strip() if safe else marks,
                               address if safe else "")  # fmt: skip
        elif kind == "softbreak":
            yield _part(" ", marks, href)
        elif kind == "linebreak":
            yield {"text": "", "mark": "break"}
        elif kind == "image":
            raise RenderError("a picture in Markdown has no alt text of its own kind; use blocks.figure(...)")
        else:
            raise RenderError(f"Markdown of the kind {kind!r} does not reach both targets")


def _part(text: str, marks: str, href: str) -> PartJSON:
    part = {"text": text}
    if marks:
        part["mark"] = marks
    if href:
        part["href"] = href
    return part
