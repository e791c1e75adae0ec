"""Read a report out of an executed notebook: markdown cells and the structured form of blocks, nothing else.

Whatever else a cell left behind (printed lines, warnings, a bare DataFrame) has no caption, no header scopes
and no alt text, so it is refused with the place where it stands instead of being printed as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.render import markdown
from pipeline.render.theme import RenderError, words

MIME = "application/vnd.skm.block+json"
HIDDEN_TAGS = {"internal", "remove-cell", "remove_cell"}
_NEEDS = {
    "document": ("title", "lang"), "prose": ("parts",), "heading": ("text", "level"), "bullets": ("items",),
    "notice": ("parts", "kind"), "formula": ("latex", "spoken"), "pagebreak": (), "contents": (),
    "headline": ("value",), "facts": ("facts",), "table": ("columns", "rows", "caption", "key"),
    "figure": ("svg", "key", "caption", "alt"), "group": ("blocks",),
    "signature": ("above", "below"), "photo": ("jpeg", "width", "height", "key", "caption", "alt"),
}  # fmt: skip
_COUNTED = ("figure", "table", "formula")
#: A photo is counted among the figures.
_AS = {"photo": "figure"}


@dataclass
class Report:
    """What the exporters write: the document's facts, its blocks in order, and the numbers of its floats."""

    document: dict[str, Any]
    blocks: list[dict[str, Any]]
    numbers: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        """Language of the report."""
        return str(self.document["lang"])

    def reference(self, key: str) -> tuple[str, str]:
        """Printed form and anchor of a key, such as ("Gambar 2", "figure-unsur")."""
        if key not in self.numbers:
            known = ", ".join(sorted(self.numbers)[:8]) or "none"
            raise RenderError(f"ref({key!r}) points to no table, figure or formula; known keys: {known}")
        kind, number, anchor = self.numbers[key]
        return f"{words(self.lang)[kind]} {number}", anchor

    def headings(self) -> list[dict[str, Any]]:
        """Headings at any depth, with their anchors."""
        return [block for block in _walk(self.blocks) if block["type"] == "heading"]

    def footer(self) -> str:
        """Left part of the footer."""
        doc = self.document
        return (
            doc.get("footer")
            or " · ".join(t for t in (doc.get("unit"), doc.get("survey")) if t)
            or doc["title"]
        )


def read(nb: Mapping[str, Any]) -> Report:
    """Read a notebook.

    Parameters
    ----------
    nb
        An executed notebook (`NotebookNode` or the same as a dict).

    Returns
    -------
    Report

    Raises
    ------
    RenderError
        Names the cell and the heading above it: raw output, a block without what it needs, no document.
    """
    found = list(_cells(nb))
    documents = [b for _, b in found if b["type"] == "document"]
    if len(documents) != 1:
        raise RenderError(f"a report needs exactly one document block, this notebook has {len(documents)}")
    document = documents[0]
    blocks: list[dict[str, Any]] = []
    for place, (source, block) in enumerate(found):
        if block["type"] == "markdown":
            text = _in_language(source, block, document["lang"])
            made = list(markdown.blocks(_renamed(text, document.get("renamed", ()))))
            if not _left_alone(made, found[place + 1 :], document["lang"]):
                blocks.extend(made)
        elif block["type"] not in ("document", "nothing"):
            blocks.append(block)
    report = Report(document, blocks)
    _number(report)
    return report


def of_blocks(shown: Iterable[Any]) -> Report:
    """Make a report of blocks that no notebook displayed, under the same rules.

    Parameters
    ----------
    shown : iterable of Block
        The document first.

    Examples
    --------
    >>> from pipeline import blocks
    >>> of_blocks([blocks.document("Status", lang="en"), blocks.heading("Answers")]).document["title"]
    'Status'
    """
    outputs = [{"output_type": "display_data", "data": {MIME: block.to_json()}} for block in shown]
    return read({"cells": [{"cell_type": "code", "metadata": {}, "outputs": outputs}]})


def _left_alone(made: list[dict[str, Any]], below: list[tuple[Any, dict[str, Any]]], lang: str) -> bool:
    """Whether a markdown cell holds headings only and what stands below it shows nothing at all.

    A section that is no part of this report displays an empty group; its question goes with it, and a
    chapter whose every section is empty goes with them.
    """
    if not made or any(block["type"] != "heading" for block in made):
        return False
    empty = False
    for cell, block in below:
        if block["type"] == "nothing":
            empty = True
            continue
        if block["type"] != "markdown":
            return False
        inner = list(markdown.blocks(_in_language(cell, block, lang)))
        if not inner or inner[0]["type"] != "heading" or inner[0]["level"] <= made[0]["level"]:
            return empty
        if any(one["type"] != "heading" for one in inner):
            return False
    return empty


def _cells(nb: Mapping[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    above = ""
    for number, cell in enumerate(nb.get("cells", []), start=1):
        tags = set(cell.get("metadata", {}).get("tags", []))
        kind = cell.get("cell_type")
        if kind == "markdown":
            heading = re.search(r"^#+\s+(.+)$", _text(cell.get("source", "")), re.M)
            above = heading.group(1).strip() if heading else above
        if tags & HIDDEN_TAGS:
            continue
        if kind == "markdown":
            yield cell, {"type": "markdown"}
        elif kind == "code":
            where = f"cell {number}" + (f" ({above!r})" if above else "")
            for output in cell.get("outputs", []):
                shown = list(_output(output, where))
                for block in shown or [{"type": "nothing"}]:
                    yield cell, block


def _in_language(cell: Mapping[str, Any], _: Any, lang: str) -> str:
    if lang != "id":
        other = cell.get("metadata", {}).get("skm", {}).get(lang)
        if other is not None:
            return _text(other)
    return _text(cell.get("source", ""))


def _renamed(text: str, words: Iterable[Sequence[str]]) -> str:
    """The notebook's own text with the words that this report uses instead, small and capital.

    Examples
    --------
    >>> _renamed("## Unsur mana?", [["unsur", "butir"]])
    '## Butir mana?'
    """
    for old, new in words:
        text = text.replace(old, new).replace(old.capitalize(), new.capitalize())
    return text


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _output(output: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
    kind = output.get("output_type")
    if kind == "stream":
        text = _text(output.get("text", "")).strip()
        if text:
            raise RenderError(f"{where} printed to {output.get('name', 'stdout')}: {text.splitlines()[0][:160]!r}; "
                              "display a block, or tag the cell `internal`")  # fmt: skip
        return
    if kind == "error":
        raise RenderError(f"{where} failed: {output.get('ename')}: {str(output.get('evalue'))[:160]}")
    data = output.get("data", {})
    if MIME in data:
        yield from _flat(data[MIME], where)
    elif data:
        plain = _text(data.get("text/plain", "")).strip().splitlines()
        shown = plain[0][:80] if plain else ", ".join(data)
        raise RenderError(f"{where} displayed {shown!r}, which is not a block: it has no caption or alt text; "
                          "wrap it in pipeline.blocks, end the line with ';', or tag the cell `internal`")  # fmt: skip


def _flat(block: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
    kind = block.get("type")
    if kind not in _NEEDS:
        raise RenderError(f"{where} holds a block of the unknown type {kind!r}")
    for name in _NEEDS[kind]:
        if name not in block:
            raise RenderError(f"{where}: the {kind} block has no {name!r}")
    for name in ("caption", "alt", "spoken"):
        if name in _NEEDS[kind] and not str(block[name]).strip():
            raise RenderError(f"{where}: the {kind} {block.get('key', '')!r} has an empty {name}")
    if kind == "headline" and block.get("bands") and not str(block.get("alt", "")).strip():
        raise RenderError(f"{where}: the headline draws a scale strip without alt text")
    if kind == "group":
        for inner in block["blocks"]:
            yield from _flat(inner, where)
    else:
        yield dict(block)


def _number(report: Report) -> None:
    """Give floats their numbers, headings unbroken levels, and everything an anchor used once."""
    counts = dict.fromkeys(_COUNTED, 0)
    taken: set[str] = set()
    depth = 1
    for block in _walk(report.blocks):
        kind = _AS.get(block["type"], block["type"])
        if kind in _COUNTED and (kind != "formula" or block.get("key")):
            counts[kind] += 1
            key = str(block.get("key") or f"{kind}-{counts[kind]}")
            if key in report.numbers:
                raise RenderError(f"the key {key!r} names two blocks; keys are unique in a report")
            anchor = unique(slug(key, kind), taken)
            block["number"], block["anchor"] = counts[kind], anchor
            report.numbers[key] = (kind, counts[kind], anchor)
        elif kind == "heading":
            # A jump from level 2 to 4 loses screen readers, and PDF/UA refuses it.
            depth = block["level"] = max(2, min(int(block["level"]), depth + 1))
            block["anchor"] = unique(slug(str(block.get("key") or block["text"]), "bagian"), taken)


def _walk(blocks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield block
        yield from _walk(block.get("blocks", ()))


def slug(text: str, fallback: str) -> str:
    """Make an anchor of ASCII letters, digits and hyphens.

    Examples
    --------
    >>> slug("Unsur mana yang didahulukan?", "x")
    'unsur-mana-yang-didahulukan'
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60].strip("-") or fallback


def unique(name: str, taken: set[str]) -> str:
    """Add a counter to a name already taken."""
    candidate, count = name, 2
    while candidate in taken:
        candidate, count = f"{name}-{count}", count + 1
    taken.add(candidate)
    return candidate
