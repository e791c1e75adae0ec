"""The eyes of the layout gate see what they are there to see."""

from __future__ import annotations

import pytest

from pipeline.render.theme import FONTS
from tests.layout import paper, printed, printed_cells, printed_marks

HEAD = (
    "#set page(width: 210mm, height: 297mm, margin: (x: 20mm, top: 22mm, bottom: 20mm))\n"
    '#set text(font: "Inter", size: 9pt)\n'
)


@pytest.fixture(scope="module")
def typeset(tmp_path_factory):
    import typst

    folder = tmp_path_factory.mktemp("typeset")
    compiler = typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)

    def make(body: str):
        path = folder / f"{len(list(folder.iterdir()))}.pdf"
        path.write_bytes(compiler.compile({"main.typ": (HEAD + body).encode()}, format="pdf"))
        return path

    return make


def test_a_text_below_seven_points_is_seen_and_the_small_letters_of_a_formula_are_none(typeset):
    small = typeset("Besar #text(size: 6.4pt)[kecil] $R_1^2 = 3$")
    assert printed.sheets(small)[0].too_small == {6.4: "kecil"}
    assert list(printed.wrong(typeset("Semua besar, $R_1^2 = 3$"))) == []


def test_a_page_that_is_left_half_empty_is_seen_unless_a_new_part_begins_after_it(typeset):
    text = "#lorem(60)\n\n"
    (said,) = printed.wrong(typeset(f"{text}#pagebreak()\n{text}"))
    assert "page 1" in said
    assert "blank" in said
    part = "#text(size: 13pt, weight: 600)[Bagian baru]\n\n"
    assert list(printed.wrong(typeset(f"{text}#pagebreak()\n{part}{text}"))) == []
    full = "#lorem(620)\n\n"
    assert list(printed.wrong(typeset(f"{full}#pagebreak()\n{text}"))) == []


def test_a_heading_with_nothing_under_it_is_seen(typeset):
    part = "#text(size: 13pt, weight: 600)[Judul sendiri]\n\n"
    (said,) = printed.wrong(typeset(f"#v(1fr)\n{part}#pagebreak()\n#lorem(60)"))
    assert "Judul sendiri" in said
    assert list(printed.wrong(typeset(f"{part}#lorem(60)"))) == []


def test_a_heading_with_one_line_is_seen_even_where_the_document_ends_with_it(typeset):
    part = "#text(size: 13pt, weight: 600)[Bagian terakhir]\n\n"
    assert len(list(printed.wrong(typeset(f"#lorem(60)\n\n{part}Satu baris.")))) == 1
    assert list(printed.wrong(typeset(f"#lorem(60)\n\n{part}Satu baris.\n\nDan dua."))) == []


def test_what_is_cut_off_where_nobody_sees_it_does_not_fill_a_page(typeset):
    cut = "#box(width: 30mm, height: 20mm, clip: true, rect(width: 20mm, height: 200mm))"
    (said,) = printed.wrong(typeset(f"#lorem(60)\n\n{cut}\n\n#pagebreak()\n#lorem(60)"))
    assert "blank" in said
    seen = "#rect(width: 20mm, height: 200mm)"
    assert list(printed.wrong(typeset(f"#lorem(60)\n\n{seen}\n\n#pagebreak()\n#lorem(60)"))) == []


def test_a_figure_above_one_of_a_lower_number_is_seen_on_one_page_and_on_two(typeset):
    def caption(number: int, kind: str = "Gambar") -> str:
        return f"#text(weight: 600)[{kind} {number}] Keterangan\n\n"

    def said(body: str):
        return list(printed.out_of_order(printed.sheets(typeset(body))))

    text = "#lorem(30)\n\n"
    assert said(f"{caption(1)}{caption(9, 'Tabel')}{text}#pagebreak()\n{caption(2)}{text}{caption(3)}") == []
    assert said(f"{caption(2)}{text}{caption(1)}") == [(1, "Gambar 2 stands above Gambar 1")]
    assert said(f"{caption(3)}#pagebreak()\n{caption(2)}{text}") == [(1, "Gambar 3 stands above Gambar 2")]


@pytest.mark.parametrize(
    ("drawn", "over"),
    [
        ("#place(dy: 4pt, line(length: 60mm, stroke: 0.5pt)) garis melaluinya", True),
        ("#box[garis melaluinya#place(bottom, dy: -2.5pt, line(length: 40pt, stroke: 0.5pt))]", True),
        ("#place(dx: 12pt, rect(width: 20pt, height: 12pt, fill: black)) separuh di batang", True),
        ("#place(dx: 4pt, dy: 2pt, circle(radius: 3pt, fill: black)) titik", True),
        ("#place(line(end: (40pt, 9pt), stroke: 0.6pt)) miring", True),
        (
            "#rotate(-90deg, reflow: true)[#box[teks #place(dy: -3pt, line(length: 40pt, stroke: 0.6pt))]]",
            True,
        ),
        (
            "#place(dx: -9pt, rect(width: 90mm, height: 12pt, fill: black)) #text(fill: white)[di dalam batang]",
            False,
        ),
        ('#place(dy: 4pt, line(length: 60mm, stroke: 0.5pt + rgb("#e0e4e8"))) kisi yang pucat', False),
        (
            "#place(dy: 4pt, line(length: 60mm, stroke: 0.5pt)) "
            "#place(dx: -2pt, rect(width: 90mm, height: 12pt, fill: white)) garis yang tertutup",
            False,
        ),
        (
            "#table(columns: (20pt,) * 2, fill: (x, y) => (white, gray).at(x), stroke: none, inset: 1pt)[0,25][0,36]",
            False,
        ),
        ("di samping #place(dx: 70mm, circle(radius: 3pt, fill: black))", False),
        ("#underline(offset: 2.5pt)[bergaris bawah] $ (a + b) / sqrt(2 x_1) $", False),
    ],
)
def test_a_text_on_a_mark_is_seen_and_one_on_an_even_ground_is_well(typeset, drawn, over):
    (page,) = printed.sheets(typeset(drawn))
    assert bool(list(printed_marks.over_marks(page))) == over


LONG = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh"


@pytest.mark.parametrize(
    ("table", "folded"),
    [
        # Free width beside the table, in a column of short numbers, under a heading that could fold.
        (f"table(columns: (40pt, auto), [{LONG}], [9])", True),
        (f"table(columns: (40pt, 1fr), [{LONG}], [9])", True),
        (f"table(columns: (1fr, auto), table.header([unsur], [{LONG * 2}]), [{LONG}], [9])", True),
        (f"table(columns: (1fr, auto), [{LONG}], [9])", False),
        (f"table(columns: (1fr, 1fr, 1fr), ..([{LONG * 5}],) * 3)", False),
        ("table(columns: (40pt, 1fr), [satu dua tiga], [9])", False),
    ],
)
def test_a_cell_of_more_than_three_lines_is_seen_where_the_table_has_width_to_spare(typeset, table, folded):
    (page,) = printed.sheets(typeset(f"#set table(stroke: none)\n#{table}"))
    assert len(list(printed_cells.tables(page))) == 1
    assert bool(list(printed_cells.folded(page))) == folded


def test_the_gate_of_a_survey_says_what_each_of_its_parts_sees(typeset, tmp_path):
    body = (
        "#text(size: 6pt)[kecil]\n\n#place(line(length: 9mm)) #h(-2pt)#box(baseline: 3pt)[di garis]\n\n"
        f"#table(columns: (40pt, 1fr), [{LONG}], [9])"
    )
    folder = tmp_path / "units" / "a"
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_bytes(typeset(body).read_bytes())
    (folder / "report.html").write_text(
        '<h2 id="a">Bagian</h2><div class="float" id="t"><table><thead><tr><th>unit</th></tr></thead><tbody>'
        "<tr><td>A</td><td></td></tr><tr><td>B</td><td></td></tr></tbody></table></div>",
        encoding="utf-8",
    )
    said = "\n".join(paper.faults(tmp_path))
    for part in ("6.0 pt", "a mark under", "a cell of", "no PDF/UA identifier", "is empty"):
        assert part in said
    assert said.startswith("units/a: report.pdf, page 1")
