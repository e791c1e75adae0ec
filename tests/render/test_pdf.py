"""The PDF report is tagged, archivable, the same every time, and survives any text."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import re
import unicodedata
from collections import Counter
from functools import cache

import pytest
from pypdf import PdfReader

from pipeline import blocks as b
from pipeline.blocks import style
from pipeline.render import RenderError, to_pdf
from pipeline.render.characters import PLACEHOLDER, Cleaner, clusters, removed
from pipeline.render.content import read
from pipeline.render.exporters import SkmPDFExporter
from pipeline.render.fonts.build_coverage import coverage
from pipeline.render.literal import literal, value
from pipeline.render.svg_print import printable
from pipeline.render.table_room import lean, text_size, widths
from pipeline.render.theme import FONTS
from pipeline.render.typst_source import source
from tests.layout.accessible import elements
from tests.support.report_sample import (
    annex,
    bars,
    cell,
    hostile,
    markdown,
    notebook,
    opening,
    sample,
)


@cache
def texts_of(data: bytes) -> list[str]:
    """Text of each page; to find it takes longer than to make the page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def text_of(data: bytes) -> str:
    return "\n".join(texts_of(data))


@pytest.fixture(scope="module")
def data() -> bytes:
    return to_pdf(sample())


@pytest.fixture(scope="module")
def hostile_data() -> bytes:
    return to_pdf(hostile())


def test_the_pdf_is_tagged_and_names_its_language_and_title(data: bytes):
    pdf = PdfReader(io.BytesIO(data))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "id-ID"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Unit Contoh, Layanan SKCK"


def test_the_pdf_declares_pdf_ua_and_pdf_a(data: bytes):
    xmp = PdfReader(io.BytesIO(data)).trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part\D{1,3}1", xmp)
    assert re.search(r"pdfaid:part\D{1,3}2", xmp)
    assert re.search(r"pdfaid:conformance\W{1,3}A", xmp)


def test_all_fonts_are_embedded_and_none_is_of_the_machine(data: bytes, hostile_data: bytes):
    names = set()
    for made in (data, hostile_data):
        for page in PdfReader(io.BytesIO(made)).pages:
            for font in page["/Resources"].get("/Font", {}).values():
                below = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = below["/FontDescriptor"]
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
                names.add(re.sub(r"^/[A-Z]{6}\+|-.*$", "", str(below["/BaseFont"])))
    bundled = {
        "Inter",
        "NotoSansArabic",
        "NotoSansJavanese",
        "NotoSansSymbols",
        "NotoSansSymbols2",
        "NotoEmoji",
    }
    assert names <= bundled | {"NewCMMath", "DejaVuSansMono"}
    assert {"Inter", "NotoSansArabic", "NotoSansJavanese", "NotoEmoji"} <= names


def test_the_same_notebook_gives_the_same_bytes(data: bytes):
    assert to_pdf(sample()) == data


def test_the_date_comes_from_the_survey_and_never_from_the_clock(data: bytes):
    assert PdfReader(io.BytesIO(data)).metadata.creation_date.date() == dt.date(2020, 8, 3)  # type: ignore[union-attr]
    other = to_pdf(sample(rows=3), timestamp=dt.date(2021, 1, 2))
    assert PdfReader(io.BytesIO(other)).metadata.creation_date.date() == dt.date(2021, 1, 2)  # type: ignore[union-attr]
    with pytest.raises(RenderError, match="needs a date"):
        to_pdf(sample(rows=3, date=""))


def test_text_can_be_extracted_with_page_numbers_and_footer(data: bytes):
    pages = texts_of(data)
    for number, text in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in text
        assert "Unit Contoh · SKM 2020" in text
        assert "3f9a1c2e" in text
    assert "85,85" in pages[0]


def test_the_header_row_of_a_long_table_repeats_on_every_page():
    pages = PdfReader(io.BytesIO(to_pdf(notebook(cell(opening()), cell(annex(200)))))).pages
    assert len(pages) >= 3
    assert all("U9" in page.extract_text() for page in pages)


def named_rows(count: int) -> b.Table:
    return b.table(
        [b.column("unit", "unit", width="2fr"), b.column("why", "sebab", width="3fr")],
        [[f"Kelurahan {n}", "pasti belum mencapai target; nyata di bawah"] for n in range(count)],
        caption="Unit dan sebabnya", key="units",
    )  # fmt: skip


def test_a_table_says_which_it_is_on_every_page_but_its_first():
    first, *others = texts_of(to_pdf(notebook(cell(opening()), cell(named_rows(130)))))
    assert len(others) >= 2
    assert "lanjutan" not in first
    assert all("Tabel 1, lanjutan" in text and "sebab" in text for text in others)
    english = texts_of(to_pdf(notebook(cell(opening(lang="en")), cell(named_rows(80)))))
    assert "Table 1, continued" in english[1]
    assert "lanjutan" not in text_of(to_pdf(notebook(cell(opening()), cell(named_rows(5)))))


def test_the_running_head_names_the_section_of_the_page_s_first_lines():
    asked = ["Berapa lama?", "Berapa jauh?", "Berapa banyak?"]
    nb = notebook(
        cell(opening()), markdown(f"## {asked[0]}"), cell(named_rows(70)), markdown(f"## {asked[1]}"),
        cell(b.group(b.prose("Isi. " * 300), b.pagebreak())), markdown(f"## {asked[2]}"), cell(b.prose("Isi.")),
    )  # fmt: skip
    pages = texts_of(to_pdf(nb))
    heads = [next((name for name in asked if name in text.split("Kelurahan")[0][:200]), "") for text in pages]
    second = next(n for n, text in enumerate(pages) if asked[1] in text)
    # The second section begins below the end of the table: the page's first lines are the first one's.
    assert "Kelurahan 69" in pages[second]
    assert pages[second].split("\n")[0].strip().endswith(asked[0]), heads
    third = next(n for n, text in enumerate(pages) if asked[2] in text)
    assert pages[third].split("\n")[0].strip().endswith(asked[2])


def test_a_heading_and_the_caption_of_a_table_stay_with_the_table():
    filler = [b.prose("Isi. " * 60) for _ in range(1)]
    for count in range(4, 14):
        nb = notebook(cell(opening()), cell(b.group(filler * count, b.heading("Judul akhir"), annex(60))))
        for page in PdfReader(io.BytesIO(to_pdf(nb))).pages:
            text = page.extract_text()
            if "Judul akhir" in text.split("\n", 3)[-1] and "Tabel 1" in text:
                assert re.search(r"\b5 (\d ){8}\d", text), (
                    f"only the head of the table fits after {count} paragraphs"
                )


def test_running_heads_are_cut_to_one_line():
    nb = notebook(
        cell(opening(title="Judul yang panjang " * 9)), markdown("## " + "Bagian " * 30), cell(annex(90))
    )
    second = PdfReader(io.BytesIO(to_pdf(nb))).pages[1].extract_text()
    assert "…" in second
    assert "Judul yang panjang " * 4 not in second


def test_headings_become_bookmarks_and_a_table_of_contents(data: bytes):
    pdf = PdfReader(io.BytesIO(data))
    titles = [item.title for item in pdf.outline if not isinstance(item, list)]
    assert "Unsur mana yang didahulukan?" in titles
    assert "Daftar isi" in texts_of(data)[1]
    # The contents are of no section: nothing stands beside the name above them.
    assert texts_of(data)[1].startswith("Unit Contoh, Layanan SKCK\nDaftar isi")


def test_figures_and_formulas_carry_their_alt_text(data: bytes):
    pdf = PdfReader(io.BytesIO(data))
    found = {str(o.get_object().get("/Alt")) for o in elements(pdf)}
    assert "Biaya/tarif terendah dengan 74,38; penanganan pengaduan tertinggi dengan 95,15." in found
    assert any(alt.startswith("alfa sama dengan k per k kurang satu") for alt in found)
    assert any("huruf B" in alt for alt in found)


def test_tables_are_tables_for_a_screen_reader(data: bytes):
    kinds = [str(o.get_object().get("/S")) for o in elements(PdfReader(io.BytesIO(data)))]
    assert kinds.count("/Table") == 3
    for kind in ("/THead", "/TH", "/TR", "/TD", "/Caption", "/Figure", "/Formula", "/H1", "/L", "/Link"):
        assert kind in kinds, kind


def test_hostile_text_is_printed_as_text(hostile_data: bytes):
    text = " ".join(text_of(hostile_data).split())
    assert '<script>alert("x")</script> #import "a.typ" ] $x$ \\ \\u{41}' in text
    assert "*bold* _it_" in text
    assert "@ref <label> `raw`" in text


def test_what_the_fonts_lack_becomes_a_visible_box_and_is_counted(hostile_data: bytes):
    resources: dict = {}
    to_pdf(hostile(), resources=resources)
    assert resources["skm"]["removed"] > 0
    assert resources["skm"]["replaced"] > 0
    assert PLACEHOLDER in text_of(hostile_data)
    clean: dict = {}
    to_pdf(sample(rows=3), resources=clean)
    assert clean["skm"] == {"removed": 0, "replaced": 0}


def test_text_enters_typst_only_inside_string_literals():
    """Take every string literal out of the source: nothing of the hostile text may remain."""
    main = source(read(hostile()), (2020, 1, 1), Cleaner())
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", main)
    assert "script" not in bare
    assert "alert" not in bare
    assert "Panjang" not in bare
    # The import of the template is ours; the one in the text is gone with its literal.
    assert bare.count("import") == 1


@pytest.mark.parametrize(
    "text", ['"', "\\", '\\"', "\n", "\\u{41}", '#import "x"', "]", "$", "\t", "{", "//", "/*"]
)
def test_a_literal_comes_back_as_the_same_text(text: str):
    made = literal(text)
    inside = made[1:-1]
    assert made[0] == made[-1] == '"'
    assert re.fullmatch(r'(?:[^"\\]|\\.)*', inside, re.S)
    undone = re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m.group(1), m.group(1)), inside)
    assert undone == text


def test_only_plain_data_can_be_written_as_typst():
    assert value({"a": [1, True, None, "x"]}) == '("a": (1, true, none, "x", ), )'
    with pytest.raises(TypeError):
        value(object())


def test_random_text_of_all_of_unicode_never_stops_a_report():
    rng = random.Random(20250101)
    assigned = [c for c in map(chr, range(0x20, 0x20000)) if unicodedata.category(c) not in ("Cn", "Cs")]
    marks = [c for c in assigned if unicodedata.category(c)[0] == "M"]
    for _ in range(6):
        words = [
            "".join(
                rng.choice(rng.choice((assigned, marks, assigned[:700]))) for _ in range(rng.randint(1, 9))
            )
            for _ in range(150)
        ]
        text = " ".join(words)
        fig = style.figure(100, 20)
        fig.text(0.1, 0.5, words[0].replace("$", ""))
        blocks = b.group(b.prose(text), b.heading(words[1] + "x"), b.figure(fig, "f", caption=text, alt=text))
        assert to_pdf(notebook(cell(opening()), cell(blocks))).startswith(b"%PDF")


@pytest.mark.parametrize("character", [chr(c) for c in (*range(0x2190, 0x2200), *range(0x1F600, 0x1F640))])
def test_every_arrow_and_face_is_shown_or_replaced(character: str):
    assert Cleaner()(character) in (character, PLACEHOLDER)


def test_labels_in_scripts_that_need_shaping_are_set_over_the_drawing():
    svg = (
        '<svg width="100pt" height="20pt" viewBox="0 0 100 20">'
        '<text x="50" y="10" style="font-size:8px;text-anchor:middle">مُحَمَّد</text>'
        '<text x="1" y="2">biasa 😀</text></svg>'
    )
    drawing = printable(svg, Cleaner())
    assert "مُحَمَّد" not in drawing.svg
    assert "biasa" in drawing.svg
    assert "Noto Emoji" in drawing.svg
    assert drawing.overlays[0]["x"] == 50
    assert drawing.overlays[0]["anchor"] == 0.5
    assert drawing.overlays[0]["size"] == 8


def test_marks_stay_with_their_letter():
    assert clusters("a\u0331\u0951b") == ["a\u0331\u0951", "b"]
    assert removed("a\u202eb\ufffe\x85c") == ("ab c", 2)


def test_a_word_of_3000_characters_gets_places_to_break():
    cleaned = Cleaner()("x" * 3000)
    assert max(len(part) for part in cleaned.split("\u200b")) <= 40
    assert cleaned.replace("\u200b", "") == "x" * 3000


def test_the_coverage_list_is_that_of_the_fonts():
    assert json.loads((FONTS / "coverage.json").read_text("utf-8")) == coverage()


def test_no_bundled_file_is_too_large_and_licences_are_there():
    for path in FONTS.iterdir():
        if path.is_file():
            assert path.stat().st_size < 1_500_000, path.name
    assert "SIL Open Font License" in (FONTS / "LICENSE-Inter.txt").read_text("utf-8")
    assert "SIL Open Font License" in (FONTS / "LICENSE-Noto.txt").read_text("utf-8")


def test_simulated_data_say_so_on_every_page():
    pages = PdfReader(io.BytesIO(to_pdf(sample(rows=100, synthetic=True)))).pages
    assert all("Data sintetis" in page.extract_text() for page in pages)
    assert "Data sintetis" not in text_of(to_pdf(sample(rows=3)))


def test_markdown_reaches_the_pdf(data: bytes):
    text = " ".join(text_of(data).split())
    for piece in ("Bagaimana survei dilakukan?", "Responden dipilih tidak acak, jadi selang bersifat bersyarat.",
                  "kuesioner kertas", "tautan skm.go.id", "lewat QR", "1. satu"):  # fmt: skip
        assert piece in text, piece
    assert "Catatan untuk pengembang" not in text


def test_an_english_report_uses_the_english_cells_and_words():
    made = to_pdf(sample(rows=3, lang="en"))
    assert PdfReader(io.BytesIO(made)).trailer["/Root"]["/Lang"] == "en-GB"
    assert "How was the survey done?" in text_of(made)
    assert "Table 1" in text_of(made)


def test_figures_of_two_units_give_different_pdfs():
    lower = [("U1", "Persyaratan", 70.0, 1.0, (1, 9, 50, 40))]
    made = [
        to_pdf(
            notebook(
                cell(opening()), cell(b.figure(bars(items) if items else bars(), "f", caption="c", alt="a"))
            )
        )
        for items in (None, lower)
    ]
    assert made[0] != made[1]


def test_headings_that_jump_are_brought_back_in_line():
    nb = notebook(cell(opening()), markdown("#### dalam\n\n## luar\n\n#### dalam lagi"))
    assert [x["level"] for x in read(nb).blocks] == [2, 2, 3]
    assert to_pdf(nb).startswith(b"%PDF")


def test_text_columns_share_the_width_and_numbers_take_what_they_need():
    columns = [
        b.column("a", "kode").to_json(),
        b.column("b", "unsur").to_json(),
        b.column("c", "n", True).to_json(),
    ]
    assert widths(columns, [["U1", "Sistem, mekanisme, prosedur", "3"]]) == [0.0, 2.25, 0.0]
    assert text_size({"columns": columns}) == 8.5
    assert text_size({"columns": columns * 6}) == 7.0


def test_only_long_tables_of_short_plain_numbers_go_unmeasured():
    columns = [{"label": "no", "numeric": True}, *({"label": f"U{i}", "numeric": True} for i in range(9))]
    rows = [[str(i), *"432143214"] for i in range(99)]
    assert lean(columns, rows, 7.5) > 0
    assert lean(columns, [*rows, ["Jumlah nilai", *["1.064"] * 9]], 7.5) > lean(columns, rows, 7.5)
    assert lean(columns, rows[:20], 7.5) == 0
    assert lean(columns, [*rows, ["1", "x" * 60, *"43214321"]], 7.5) == 0
    assert lean(columns, [*rows, ["1", "ꦲꦤ", *"43214321"]], 7.5) == 0
    assert lean([{"label": "nama", "numeric": False}, *columns[1:]], rows, 7.5) == 0


def test_an_unmeasured_table_shows_every_number_once_and_its_totals():
    codes = [f"U{i}" for i in range(1, 10)]
    columns = [b.column("no", "no", numeric=True), *(b.column(code, code, numeric=True) for code in codes)]
    body = [[str(n), *(str(4000 + 9 * n + i) for i in range(9))] for n in range(130)]
    footer = [["Jumlah nilai", *["9,876"] * 9]]
    made = b.table(columns, body, caption="Jawaban", key="t", footer_rows=footer, compact=True)
    block = made.to_json()
    assert lean(block["columns"], [*block["rows"], *block["footer_rows"]], text_size(block)) > 0
    text = text_of(to_pdf(notebook(cell(opening()), cell(made))))
    drawn = Counter(re.findall(r"\b\d{4}\b", text))
    assert {drawn[number] for row in body for number in row[1:]} == {1}
    assert "Jumlah nilai" in text
    assert text.count("9,876") == 9


@pytest.mark.parametrize("compact", [True, False])
def test_the_lines_of_sums_under_a_long_table_stay_on_one_page(compact: bool):
    columns = [b.column("no", "no"), *(b.column(f"U{i}", f"U{i}", numeric=True) for i in range(1, 10))]
    sums = ["Jumlah nilai", "Terisi", "Rata-rata", "Tertimbang"]
    fits, step = (66, 2) if compact else (42, 2)
    for many in range(fits, fits + 12, step):
        body = [[str(n), *["4"] * 9] for n in range(many)]
        made = b.table(
            columns, body, caption="Jawaban", key="t", footer_rows=[[one, *["3,9"] * 9] for one in sums],
            compact=compact,
        )  # fmt: skip
        pages = texts_of(to_pdf(notebook(cell(opening()), cell(made))))
        assert any(all(one in page for one in sums) for page in pages), many


def test_the_nbconvert_exporter_writes_the_same_pdf(data: bytes):
    made, resources = SkmPDFExporter().from_notebook_node(sample())
    assert made == data
    assert resources["output_extension"] == ".pdf"
    assert resources["skm"] == {"removed": 0, "replaced": 0}
