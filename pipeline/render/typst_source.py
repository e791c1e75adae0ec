"""Assemble the Typst source of a report: one call of the template with data made of literals."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from pipeline.render.characters import Cleaner
from pipeline.render.content import Report
from pipeline.render.literal import Raw, value
from pipeline.render.math import to_spoken, to_typst
from pipeline.render.page_breaks import BLANK_PT, floating, kept_together, with_contents
from pipeline.render.strip import strip
from pipeline.render.svg_print import printable
from pipeline.render.table_room import heads, lean, long_words, may_break, text_size, widths
from pipeline.render.theme import RenderError, colours, theme, words

Block = dict[str, Any]

_JAVANESE = re.compile("[\ua980-\ua9df]")


def source(
    report: Report, date: tuple[int, int, int], cleaner: Cleaner, floats: Collection[str] | None = None
) -> str:
    """Write the main file: an import of the template and one call, every text a string literal.

    With ``floats``, the drawings of these anchors float, of those that may, and no other: nothing is asked of pages.
    """
    return _Source(report, cleaner, floats).main(date)


class _Source:
    def __init__(self, report: Report, cleaner: Cleaner, floats: Collection[str] | None) -> None:
        self.report = report
        self.floats = floats
        self.clean = cleaner
        self.words = words(report.lang)

    def main(self, date: tuple[int, int, int]) -> str:
        look = theme()
        doc = self.report.document
        text = {k: self.clean(str(doc.get(k) or "")) for k in (
            "title", "kicker", "subtitle", "lang", "data_hash", "version", "description")}  # fmt: skip
        keywords = [self.clean(str(doc[k])) for k in ("survey", "unit", "city", "period") if doc.get(k)]
        # Between two running heads stands what says that the data are made up.
        room = 48 if doc.get("synthetic") else 56
        facts: Block = {
            **text,
            "author": self.clean(str(doc.get("city") or doc.get("unit") or "")),
            "keywords": keywords,
            "date": list(date),
            "synthetic": bool(doc.get("synthetic")),
            "chapters": bool(doc.get("chapters")),
            "tall": False,
            "footer": self.clean(short(self.report.footer())),
            "head": self.clean(short(str(doc["title"]), room)),
            "heads": {b["anchor"]: self.clean(short(b["text"], room)) for b in self.report.headings()},
            "words": {k: self.words[k] for k in ("synthetic-title", "synthetic", "data")},
        }
        style = {**colours(), "size": look["size"], "page": look["page"], "blank": BLANK_PT}
        kept = kept_together(with_contents(self.report.blocks))
        blocks = [self.block(b) for b in floating(kept)]
        body = "".join(f"  {value(b)},\n" for b in blocks)
        facts["tall"] = bool(_JAVANESE.search(body) or _JAVANESE.search(facts["title"]))
        call = f"#report({value(facts)}, {value(style)}, (\n{body}))\n"
        return f'#import "report.typ": report\n{call}'

    def block(self, block: Block) -> Block:
        writer: Callable[[Block], Block] | None = getattr(self, f"give_{block['type']}", None)
        if writer is None:
            raise RenderError(f"PDF has no form for a block of the type {block['type']!r}")
        return {"type": block["type"], "end": block.get("end", ""), **writer(block)}

    def parts(self, parts: Iterable[dict[str, str]]) -> list[Block]:
        return [self.part(part) for part in parts]

    def part(self, part: dict[str, str]) -> Block:
        marks = part.get("mark", "")
        if "math" in marks.split():
            spoken = self.clean(to_spoken(part["text"], self.report.lang))
            return {"mark": "math", "spoken": spoken, "body": self.math(part["text"])}
        if "ref" in marks.split():
            label, anchor = self.report.reference(part["text"])
            return {"mark": "ref", "text": label, "anchor": anchor}
        out: Block = {"text": self.clean(part["text"]), "mark": marks}
        if part.get("href") and "page" not in marks.split():
            out["href"] = self.clean(part["href"]).replace("\u200b", "")
        if part.get("lang"):
            out["lang"] = part["lang"]
        return out

    def math(self, latex: str) -> Raw:
        return Raw(f"$ {to_typst(self.clean(latex))} $".replace("$ ", "$").replace(" $", "$"))

    def give_prose(self, block: Block) -> Block:
        return {"parts": self.parts(block["parts"]), "style": block.get("style", "body"),
                "sticky": bool(block.get("sticky"))}  # fmt: skip

    def give_heading(self, block: Block) -> Block:
        return {"text": self.clean(block["text"]), "level": block["level"], "anchor": block["anchor"],
                "lead": self.clean(block.get("lead") or "")}  # fmt: skip

    def give_bullets(self, block: Block) -> Block:
        items = []
        for item in block["items"]:
            nested = isinstance(item, dict)
            items.append({
                "parts": self.parts(item["parts"] if nested else item),
                "blocks": [self.block(b) for b in item["blocks"]] if nested else [],
            })  # fmt: skip
        return {
            "items": items,
            "ordered": bool(block.get("ordered")),
            "lettered": bool(block.get("lettered")),
            "sticky": bool(block.get("sticky")),
        }

    def give_room(self, block: Block) -> Block:
        return {"points": block["points"]}

    def give_flush(self, block: Block) -> Block:
        return {}

    def give_quote(self, block: Block) -> Block:
        return {"blocks": [self.block(b) for b in block["blocks"]]}

    def give_listing(self, block: Block) -> Block:
        return {"lines": [self.clean(line) for line in block["text"].split("\n")]}

    def give_notice(self, block: Block) -> Block:
        kind = block["kind"]
        title = block.get("title") or self.words["synthetic-title" if kind == "synthetic" else kind]
        return {"kind": kind, "title": self.clean(title), "parts": self.parts(block["parts"])}

    def give_pagebreak(self, block: Block) -> Block:
        return {}

    def give_contents(self, block: Block) -> Block:
        return {"title": self.clean(block.get("title") or self.words["contents"]),
                "depth": max(1, int(block.get("depth") or 2) - 1)}  # fmt: skip

    def give_formula(self, block: Block) -> Block:
        spoken = block.get("spoken") or to_spoken(block["latex"], self.report.lang)
        number = f"{self.words['formula']} {block['number']}" if block.get("anchor") else ""
        return {"body": self.math(block["latex"]), "spoken": self.clean(spoken).replace("\u200b", ""),
                "anchor": block.get("anchor") or "", "number-text": number,
                "caption": self.clean(block.get("caption") or "")}  # fmt: skip

    def give_headline(self, block: Block) -> Block:
        under = " · ".join(self.clean(block[k]) for k in ("label", "interval") if block.get(k))
        letter = " · ".join(self.clean(block[k]) for k in ("letter", "letter_name") if block.get(k))
        drawn = strip(block, self.report.lang)
        marks = None if drawn is None else drawn.to_typst(self.clean)
        return {"value": self.clean(block["value"]), "under": under, "letter-line": letter,
                "chip": self.clean(block.get("chip") or ""), "strip": marks,
                "alt": self.clean(block.get("alt") or "")}  # fmt: skip

    def give_facts(self, block: Block) -> Block:
        given = [
            {k: self.clean(str(f.get(k) or "")) for k in ("value", "label", "note")} for f in block["facts"]
        ]
        return {"facts": given, "long": any(len(text) > 300 for f in given for text in f.values())}

    def give_table(self, block: Block) -> Block:
        columns = block["columns"]
        rows = [[self.clean(str(c)) for c in row] for row in block["rows"]]
        if not rows:
            rows = [[self.words["empty"], *[""] * (len(columns) - 1)]]
        footer = [[self.clean(str(c)) for c in row] for row in block.get("footer_rows", ())]
        groups, grouped = _groups(columns, self.clean)
        shares, size = widths(columns, [*rows, *footer]), text_size(block)
        number = f"{self.words['table']} {block['number']}"
        return {
            "number-text": number, "continued": self.words["continued"].format(table=number),
            "caption": self.clean(block["caption"]), "anchor": block["anchor"],
            "note": self.clean(block.get("note") or ""), "rows": rows, "footer": footer,
            "columns": [
                {"label": self.clean(c["label"]), "numeric": bool(c.get("numeric")), "fr": share, "head": head}
                for c, share, head in zip(
                    columns, shares, heads(columns, [*rows, *footer], shares, size), strict=True
                )
            ],
            "groups": groups, "head-rows": 2 if grouped else 1,
            "strong": sorted(block.get("strong_rows", ())),
            "accents": [list(cell) for cell in block.get("accent_cells", ())],
            "langs": [list(cell) for cell in block.get("langs", ())],
            "breakable": (bool(block.get("breakable", True)) and may_break(
                columns, [*rows, *footer], size, len(block["caption"] + (block.get("note") or ""))
            ))
            or long_words(block["caption"], block.get("note") or "", *(c for row in rows for c in row)),
            "size": size,
            "lean": 0.0 if grouped else lean(columns, [*rows, *footer], size),
        }  # fmt: skip

    def give_signature(self, block: Block) -> Block:
        return {part: [self.clean(line) for line in block[part]] for part in ("above", "below")}

    def give_photo(self, block: Block) -> Block:
        # As high as wide at most: two portraits do not fit a page otherwise.
        share = min(1.0, 0.72 * block["width"] / max(1, block["height"]))
        return {
            "number-text": f"{self.words['figure']} {block['number']}", "svg": framed(block),
            "caption": self.clean(block["caption"]), "alt": self.clean(block["alt"]), "anchor": block["anchor"],
            "width": round(100 * share, 1),
        }  # fmt: skip

    def give_figure(self, block: Block) -> Block:
        drawing = printable(block["svg"], self.clean)
        return {
            "number-text": f"{self.words['figure']} {block['number']}", "order": block["number"],
            "caption": self.clean(block["caption"]), "anchor": block["anchor"],
            "title": self.clean(block.get("title") or ""), "alt": self.clean(block["alt"]),
            "note": self.clean(block.get("note") or ""), "svg": drawing.svg, "width": drawing.width,
            "overlays": drawing.overlays,
            "floats": bool(block.get("floats")), "eager": bool(block.get("eager")),
            "decided": "" if self.floats is None else "floats" if block["anchor"] in self.floats else "stays",
            "above": block.get("above", 0), "behind": block.get("behind", ""),
            "along": bool(block.get("along")),
            "high": block.get("high", 0.0),
            "long": long_words(block["caption"], block.get("note") or "",
                               *(r["text"] for r in block.get("reading", ()))),
            "reading": [{k: self.clean(r[k]) for k in ("label", "text")} for r in block.get("reading", ())],
        }  # fmt: skip


def framed(block: Block) -> str:
    """A photo as an SVG that holds nothing else: the compiler takes files as text only."""
    size = f'width="{int(block["width"])}" height="{int(block["height"])}"'
    jpeg = re.sub(r"[^A-Za-z0-9+/=]", "", block["jpeg"])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{jpeg}"/></svg>'


def short(text: str, limit: int = 56) -> str:
    """Cut a running head to one line; a head that wraps would run into the page."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _groups(columns: list[Block], clean: Cleaner) -> tuple[list[Block], bool]:
    if not any(c.get("group") for c in columns):
        return [], False
    groups: list[Block] = []
    for column in columns:
        label = clean(column.get("group") or "")
        if groups and label and groups[-1]["label"] == label:
            groups[-1]["span"] += 1
        else:
            groups.append({"label": label, "span": 1})
    return groups, True
