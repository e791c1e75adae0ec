"""The Word document has the sections of the page, real styles, editable tables, and the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from xml.etree import ElementTree

import pytest

from pipeline import blocks as b
from pipeline.render import RenderError, to_docx, to_html
from pipeline.render.content import read
from pipeline.render.math.latex import ACCENTS, BIG, FUNCTIONS
from pipeline.render.word.omml import to_omml
from pipeline.render.word.runs import mark, run
from tests.support.report_sample import cell, hostile, notebook, sample

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


class Document:
    """A document's parts, read as a reader's program would."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.body = self.part("word/document.xml")

    def part(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.archive.read(name))

    def paragraphs(self, style: str) -> list[str]:
        found = []
        for paragraph in self.body.iter(f"{W}p"):
            named = paragraph.find(f"{W}pPr/{W}pStyle")
            if named is not None and re.fullmatch(style, named.get(f"{W}val", "")):
                found.append("".join(text.text or "" for text in paragraph.iter(f"{W}t")))
        return found

    def text(self) -> str:
        return " ".join(text.text or "" for text in self.body.iter(f"{W}t"))


@pytest.fixture(scope="module")
def made() -> bytes:
    return to_docx(sample())


@pytest.fixture(scope="module")
def document(made: bytes) -> Document:
    return Document(made)


def headings(html: str) -> list[str]:
    return [
        unescape(re.sub(r"<[^>]+>", "", text)) for text in re.findall(r"<h[234] [^>]*>(.*?)</h[234]>", html)
    ]


def test_sections_of_the_word_document_are_those_of_the_page_in_the_same_order(document: Document) -> None:
    page = to_html(sample())
    assert document.paragraphs("Heading[123]") == headings(page)
    assert document.paragraphs("Title") == ["Unit Contoh, Layanan SKCK"]
    second = re.findall(r"<h2 [^>]*>(.*?)</h2>", page)
    assert document.paragraphs("Heading1") == [unescape(re.sub(r"<[^>]+>", "", text)) for text in second]


def test_every_style_that_a_paragraph_names_is_defined(document: Document) -> None:
    defined = {style.get(f"{W}styleId") for style in document.part("word/styles.xml")}
    used = {
        node.get(f"{W}val")
        for tag in ("pStyle", "rStyle", "tblStyle")
        for node in document.body.iter(f"{W}{tag}")
    }
    assert used <= defined
    names = {node.get(f"{W}val") for node in document.part("word/styles.xml").iter(f"{W}name")}
    assert {"heading 1", "heading 2", "heading 3", "Title", "caption", "List Bullet", "Report Table"} <= names


def test_tables_can_be_edited_and_their_header_rows_repeat(document: Document) -> None:
    report = read(sample())
    blocks = [block for block in report.blocks if block["type"] == "table"]
    tables = list(document.body.iter(f"{W}tbl"))
    assert len(tables) == len(blocks) > 0
    for table, block in zip(tables, blocks, strict=True):
        rows = table.findall(f"{W}tr")
        repeated = [row for row in rows if row.find(f"{W}trPr/{W}tblHeader") is not None]
        groups = any(column.get("group") for column in block["columns"])
        assert repeated == rows[: 2 if groups else 1]
        assert len(rows) == len(repeated) + max(1, len(block["rows"])) + len(block.get("footer_rows", ()))
        grid = [int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")]
        assert len(grid) == len(block["columns"])
        assert sum(grid) == 9638
        assert min(grid) > 200
    first = blocks[0]["rows"][0]
    assert [c for c in first if c] == [
        t for t in _cells(tables[0], 2 if blocks[0]["columns"][2].get("group") else 1) if t
    ]


def _cells(table: ElementTree.Element, skip: int) -> list[str]:
    rows = table.findall(f"{W}tr")
    while rows[skip].find(f"{W}trPr/{W}tblHeader") is not None:
        skip += 1
    return ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in rows[skip].findall(f"{W}tc")]


def test_captions_are_numbered_by_fields_as_on_the_page(document: Document) -> None:
    captions = document.paragraphs("Caption")
    numbers = [
        f"{label} {number}"
        for label, number in re.findall(r'<b class="number">(\w+) (\d+)</b>', to_html(sample()))
    ]
    assert [
        re.match(r"\w+ \d+", caption).group() for caption in captions if not caption.startswith("Rumus")
    ] == numbers  # type: ignore[union-attr]
    fields = [node.get(f"{W}instr", "").split()[:2] for node in document.body.iter(f"{W}fldSimple")]
    assert [f"{name} {kind}" for name, kind in fields] == [
        f"SEQ {caption.split()[0]}" for caption in captions
    ]


def test_pictures_carry_the_alt_text_of_their_figures(document: Document) -> None:
    report = read(sample())
    alts = [block["alt"] for block in report.blocks if block["type"] == "figure" or block.get("bands")]
    shown = [node.get("descr") for node in document.body.iter(f"{WP}docPr")]
    assert shown == alts
    names = sorted(name for name in document.archive.namelist() if name.endswith(".png"))
    assert len(names) == len(alts)
    wide = int.from_bytes(document.archive.read(names[-1])[16:20], "big")
    assert 1000 < wide <= 1339  # 170 mm at 200 pixels an inch


def test_the_document_names_its_language_title_and_day(document: Document) -> None:
    assert document.part("word/styles.xml").find(f".//{W}lang").get(f"{W}val") == "id-ID"  # type: ignore[union-attr]
    core = document.archive.read("docProps/core.xml").decode()
    assert "<dc:title>Unit Contoh, Layanan SKCK</dc:title>" in core
    assert "<dc:language>id-ID</dc:language>" in core
    day = read(sample()).document["date"]
    assert f"{day}T00:00:00Z" in core


def test_links_inside_the_document_arrive_and_no_two_bookmarks_are_called_alike(document: Document) -> None:
    names = [node.get(f"{W}name") for node in document.body.iter(f"{W}bookmarkStart")]
    assert len(set(names)) == len(names)
    wanted = {node.get(f"{W}anchor") for node in document.body.iter(f"{W}hyperlink")} - {None}
    assert wanted
    assert wanted <= set(names)
    long = "unsur-mana-yang-didahulukan-dan-mengapa"
    assert mark(f"{long}-satu") != mark(f"{long}-dua")


def test_the_same_report_gives_the_same_document_without_a_clock(made: bytes, document: Document) -> None:
    assert to_docx(sample()) == made
    assert {info.date_time for info in document.archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert document.archive.namelist()[0] == "[Content_Types].xml"
    assert document.archive.namelist()[1:] == sorted(document.archive.namelist()[1:])


def test_hostile_text_stays_text_and_every_part_is_well_formed() -> None:
    document = Document(to_docx(hostile()))
    for name in document.archive.namelist():
        if name.endswith((".xml", ".rels")):
            document.part(name)
    assert '<script>alert("x")</script>' in document.text()
    assert "\x00" not in document.text()
    outside = [
        node.get("Target", "")
        for node in document.part("word/_rels/document.xml.rels")
        if node.get("TargetMode")
    ]
    assert all(target.startswith(("http", "mailto:")) for target in outside)


def test_writing_from_right_to_left_is_marked() -> None:
    shown = run("Kantor مكتب العمل 3")
    assert shown.count("<w:rtl/>") == 1
    assert "مكتب العمل</w:t>" in shown
    assert "Kantor </w:t>" in shown


@pytest.mark.parametrize(
    "latex",
    [
        r"\alpha = \frac{k}{k-1} \left( 1 - \frac{\sum_{j} s_j^2}{s_T^2} \right)", r"\sqrt[3]{x}", r"\binom{n}{k}",
        r"\begin{cases} 1 & x > 0 \\ 0 & \text{lain} \end{cases}", r"x_1^2", r"\mathbf{x}",
        *(rf"\{name}{{x}}" for name in ACCENTS), *(rf"\{name}_{{i=1}}^n i" for name in BIG),
        *(rf"\{name} x" for name in FUNCTIONS),
    ],
)  # fmt: skip
def test_formulas_are_words_own_and_can_be_edited(latex: str) -> None:
    names = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    tree = ElementTree.fromstring(to_omml(latex).replace("<m:oMath>", f"<m:oMath {names}>", 1))
    assert any(node.text for node in tree.iter(f"{M}t"))


def test_a_formula_of_the_report_is_no_picture(document: Document) -> None:
    formulas = [block for block in read(sample()).blocks if block["type"] == "formula"]
    assert len(list(document.body.iter(f"{M}oMathPara"))) == len(formulas) > 0


def test_a_document_without_a_date_is_refused() -> None:
    undated = notebook(cell(b.document(title="X", lang="id")))
    with pytest.raises(RenderError, match="needs a date"):
        to_docx(undated)


def test_an_empty_table_says_so_and_lists_count_anew(document: Document) -> None:
    assert "Tidak ada baris." in document.text()
    lists = {node.get(f"{W}numId") or node.get(f"{W}val") for node in document.body.iter(f"{W}numId")}
    numbered = {node.get(f"{W}numId") for node in document.part("word/numbering.xml").iter(f"{W}num")}
    assert lists <= numbered


def test_word_has_a_form_for_every_block_that_the_page_has() -> None:
    from pipeline.render import html
    from pipeline.render.word import document as word

    page = {name.removeprefix("write_") for name in vars(html._Writer) if name.startswith("write_")}
    assert page <= {name.removeprefix("give_") for name in vars(word._Writer)}
