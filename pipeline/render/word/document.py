"""Write a report as a Word document: the same blocks in the same order as the page and the PDF."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from pipeline.render.characters import Cleaner
from pipeline.render.content import Report
from pipeline.render.math import to_spoken
from pipeline.render.theme import RenderError, words
from pipeline.render.word import package, pictures, styles
from pipeline.render.word.omml import to_omml
from pipeline.render.word.runs import bookmark, field, link, looks, paragraph, run
from pipeline.render.word.tables import table

Block = dict[str, Any]


def write(report: Report, cleaner: Cleaner | None = None) -> bytes:
    """Write the report as the bytes of a ``.docx``.

    Raises
    ------
    RenderError
        Without a date: pictures and properties carry the survey's, never today's.
    """
    text = str(report.document.get("date") or "")
    if not text:
        raise RenderError(
            "a Word document needs a date, the survey's and not today's: state `fieldwork:`, or a `period:` with a year"
        )
    return _Writer(report, cleaner or Cleaner(covered=False), dt.date.fromisoformat(text)).document()


class _Writer:
    def __init__(self, report: Report, cleaner: Cleaner, day: dt.date) -> None:
        self.report, self.day = report, day
        self.words = words(report.lang)
        self.pictures: list[bytes] = []
        self.links: dict[str, str] = {}
        self.ordered = 0
        self.marks = 0
        self.turn = False
        self._clean = cleaner

    def clean(self, text: object) -> str:
        # Word breaks long words by itself: break points inside would be found when one searches for the word.
        return self._clean(str(text)).replace("\u200b", "")

    def document(self) -> bytes:
        doc, lang = self.report.document, self.report.lang
        body = self.opening() + "".join(self.block(block) for block in self.report.blocks)
        page = (
            '<w:sectPr><w:footerReference w:type="default" r:id="rfooter1"/><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
            'w:gutter="0"/></w:sectPr>'
        )
        locale = styles.LOCALES.get(lang, styles.LOCALES["id"])
        named = [pictures.file(data, n) for n, data in enumerate(self.pictures, 1)]
        parts = {
            "[Content_Types].xml": package.types(),
            "_rels/.rels": package.relations(),
            "docProps/core.xml": package.properties(
                self.clean(doc["title"]), self.clean(doc.get("city") or doc.get("unit") or ""),
                self.clean(doc.get("description") or ""), locale, str(doc["date"]),
            ),
            "word/document.xml": f"{styles.HEAD}<w:document {styles.NAMESPACES}><w:body>{body}{page}</w:body>"
                                 "</w:document>",
            "word/styles.xml": styles.styles(lang),
            "word/numbering.xml": styles.numbering(self.ordered),
            "word/settings.xml": styles.settings(lang),
            "word/footer1.xml": self.footer(),
            "word/_rels/document.xml.rels": package.document_relations(named, self.links),
        }  # fmt: skip
        whole = {name: text.encode("utf-8") for name, text in parts.items()}
        whole |= {f"word/media/{name}": data for name, data in zip(named, self.pictures, strict=True)}
        return package.pack(whole)

    def opening(self) -> str:
        """The masthead of the page: kicker, title, and that data are synthetic; then the contents."""
        doc = self.report.document
        out = [paragraph(run(self.clean(doc["kicker"])), "Kicker")] if doc.get("kicker") else []
        out.append(paragraph(run(self.clean(doc["title"])), "Title"))
        out += [paragraph(run(self.clean(doc["subtitle"])), "Subtitle")] if doc.get("subtitle") else []
        if doc.get("synthetic"):
            told = run(f"{self.words['synthetic-title']}. ", looks(["strong"])) + run(self.words["synthetic"])
            out.append(paragraph(told, "Notice"))
        if not any(block["type"] == "contents" for block in self.report.blocks):
            out.append(self.give_contents({}))
        return "".join(out)

    def footer(self) -> str:
        doc = self.report.document
        said = " · ".join(
            self.clean(text)
            for text in (self.report.footer(), doc.get("data_hash"), doc.get("version"))
            if text
        )
        pages = field("PAGE", "1") + run(" / ") + field("NUMPAGES", "1")
        body = paragraph(f"{run(said)}<w:r><w:tab/></w:r>{pages}", "Footer")
        return f"{styles.HEAD}<w:ftr {styles.NAMESPACES}>{body}</w:ftr>"

    # -- what blocks become --------------------------------------------------------------

    def block(self, block: Block) -> str:
        writer: Callable[[Block], str] | None = getattr(self, f"give_{block['type']}", None)
        if writer is None:
            raise RenderError(f"Word has no form for a block of the type {block['type']!r}")
        return writer(block)

    def named(self, anchor: str, content: str) -> str:
        """Put a bookmark of the anchor's name around runs."""
        self.marks += 1
        return bookmark(anchor, self.marks, content)

    def inline(self, parts: Iterable[dict[str, str]]) -> str:
        out = []
        for part in parts:
            marks = part.get("mark", "").split()
            if "break" in marks:
                out.append("<w:r><w:br/></w:r>")
            elif "math" in marks:
                out.append(to_omml(part["text"]))
            elif "ref" in marks:
                label, anchor = self.report.reference(part["text"])
                out.append(link(anchor, run(label, '<w:rStyle w:val="Hyperlink"/>')))
            elif "link" in marks and part.get("href", "").startswith(("http://", "https://", "mailto:")):
                id = self.links.setdefault(self.clean(part["href"]), f"link{len(self.links) + 1}")
                shown = run(self.clean(part["text"]), '<w:rStyle w:val="Hyperlink"/>')
                out.append(f'<w:hyperlink r:id="{id}" w:history="1">{shown}</w:hyperlink>')
            else:
                out.append(run(self.clean(part["text"]), looks(marks), part.get("lang", "")))
        return "".join(out)

    def give_prose(self, block: Block) -> str:
        style = {"lead": "Lead", "note": "Note"}.get(block.get("style", "body"), "")
        return paragraph(self.inline(block["parts"]), style, self.turned())

    def turned(self) -> str:
        """Begin a page with this paragraph where a break was asked for before it."""
        turn, self.turn = self.turn, False
        return "<w:pageBreakBefore/>" if turn else ""

    def give_pagebreak(self, block: Block) -> str:
        self.turn = True
        return ""

    def give_heading(self, block: Block) -> str:
        content = self.inline(block["parts"]) if block.get("parts") else run(self.clean(block["text"]))
        if self.report.document.get("chapters") and block["level"] == 2:
            self.turn = True
        shown = paragraph(self.named(block["anchor"], content), f"Heading{block['level'] - 1}", self.turned())
        return shown + (paragraph(run(self.clean(block["lead"])), "Lead") if block.get("lead") else "")

    def give_contents(self, block: Block) -> str:
        """A table of contents of links; Word adds its pages when the reader updates the field."""
        found = [b for b in self.report.headings() if b["level"] == 2]
        if len(found) < 3:
            return ""
        lines = [link(b["anchor"], run(self.clean(b["text"]))) for b in found]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" '
            '\\n \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        title = paragraph(run(self.words["contents"]), "FigureTitle")
        lines = [begin + lines[0], *lines[1:-1], lines[-1] + end]
        return title + "".join(paragraph(line, "TOC1") for line in lines)

    def give_bullets(self, block: Block, level: int = 0) -> str:
        ordered = bool(block.get("ordered"))
        self.ordered += ordered
        number = self.ordered + 2 if ordered else 1
        style = "ListNumber" if ordered else "ListBullet"
        where = f'<w:numPr><w:ilvl w:val="{min(level, 2)}"/><w:numId w:val="{number}"/></w:numPr>'
        out = []
        for item in block["items"]:
            nested = isinstance(item, dict)
            out.append(paragraph(self.inline(item["parts"] if nested else item), style, where))
            for below in item["blocks"] if nested else ():
                out.append(
                    self.give_bullets(below, level + 1) if below["type"] == "bullets" else self.block(below)
                )
        return "".join(out)

    def give_quote(self, block: Block) -> str:
        inside = [b for b in block["blocks"] if b["type"] == "prose"]
        others = [b for b in block["blocks"] if b["type"] != "prose"]
        return "".join(paragraph(self.inline(b["parts"]), "Quote") for b in inside) + "".join(
            map(self.block, others)
        )

    def give_listing(self, block: Block) -> str:
        return paragraph(run("\n".join(map(self.clean, block["text"].split("\n"))), looks(["code"])))

    def give_notice(self, block: Block) -> str:
        kind = block["kind"]
        title = block.get("title") or self.words["synthetic-title" if kind == "synthetic" else kind]
        told = run(f"{self.clean(title)}. ", looks(["strong"])) + self.inline(block["parts"])
        return paragraph(told, "Notice", self.turned())

    def give_formula(self, block: Block) -> str:
        shown = f"<m:oMathPara>{to_omml(block['latex'])}</m:oMathPara>"
        if not block.get("anchor"):
            return paragraph(shown)
        spoken = block.get("caption") or block.get("spoken") or to_spoken(block["latex"], self.report.lang)
        return self.caption("formula", {**block, "caption": spoken}) + paragraph(shown)

    def give_headline(self, block: Block) -> str:
        out = [paragraph(run(self.clean(block["value"])), "Index", self.turned())]
        letter = " · ".join(self.clean(block[k]) for k in ("letter", "letter_name", "chip") if block.get(k))
        out += [paragraph(run(letter), "Letter")] if letter else []
        under = " · ".join(self.clean(block[k]) for k in ("label", "interval") if block.get(k))
        out += [paragraph(run(under), "Subtitle")] if under else []
        drawn = pictures.scale(block, self.report.lang, self.day)
        return "".join(out) + (self.picture(drawn, block["alt"]) if drawn else "")

    def give_facts(self, block: Block) -> str:
        out = []
        for fact in block["facts"]:
            said = run(f"{self.clean(fact['value'])} ", looks(["strong"])) + run(self.clean(fact["label"]))
            note = self.clean(fact.get("note") or "")
            out.append(paragraph(said + (run(f" ({note})") if note else ""), "ListBullet"))
        return "".join(out)

    # -- tables and figures ---------------------------------------------------------------

    def caption(self, kind: str, block: Block) -> str:
        """A caption with its number as a field, so that Word counts on where a table is put in."""
        name = self.words[kind]
        number = run(f"{name} ", looks(["strong"])) + field(
            f"SEQ {name} \\* ARABIC", str(block["number"]), looks(["strong"])
        )
        return paragraph(
            self.named(block["anchor"], number) + run(f"  {self.clean(block['caption'])}"),
            "Caption",
            self.turned(),
        )

    def note(self, block: Block) -> str:
        return paragraph(run(self.clean(block.get("note") or "")), "Note")

    def give_table(self, block: Block) -> str:
        rows = [[self.clean(cell) for cell in row] for row in block["rows"]]
        rows = rows or [[self.words["empty"], *[""] * (len(block["columns"]) - 1)]]
        footer = [[self.clean(cell) for cell in row] for row in block.get("footer_rows", ())]
        # Two tables with nothing between them would grow together: the note is there even when it is empty.
        return self.caption("table", block) + table(block, rows, footer, self.clean) + self.note(block)

    def give_figure(self, block: Block) -> str:
        title = (
            paragraph(run(self.clean(block["title"])), "FigureTitle", self.turned())
            if block.get("title")
            else ""
        )
        shown = self.picture(pictures.figure(block, self.day), block["alt"])
        reading = "".join(
            paragraph(
                run(f"{self.clean(r['label'])}: ", looks(["strong"])) + run(self.clean(r["text"])),
                "TableText",
            )
            for r in block.get("reading", ())
        )
        return (
            title
            + self.caption("figure", block)
            + shown
            + reading
            + (self.note(block) if block.get("note") else "")
        )

    def give_photo(self, block: Block) -> str:
        self.pictures.append(base64.b64decode(block["jpeg"]))
        inches = pictures.photo_size(block["width"], block["height"])
        shown = pictures.framed(inches, len(self.pictures), self.clean(block["alt"]))
        return self.caption("figure", block) + shown

    def give_signature(self, block: Block) -> str:
        """The lines at the left of the page's right half, with room for a signature between them."""
        above, below = ("\n".join(map(self.clean, block[part])) for part in ("above", "below"))
        half = '<w:keepLines/><w:spacing w:before="480" w:after="{after}"/><w:ind w:left="4800"/>'
        return paragraph(run(above), "", "<w:keepNext/>" + half.format(after=1200)) + paragraph(
            run(below), "", half.replace("480", "0", 1).format(after=240)
        )

    def picture(self, png: bytes, alt: str) -> str:
        self.pictures.append(png)
        return pictures.placed(png, len(self.pictures), self.clean(alt))
