"""The eyes of the layout gate see what they are there to see."""

from __future__ import annotations

import pytest

from pipeline.render.theme import FONTS
from tests.layout import printed

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


def test_a_section_of_one_line_that_ends_the_document_is_whole(typeset):
    part = "#text(size: 13pt, weight: 600)[Bagian terakhir]\n\n"
    assert list(printed.wrong(typeset(f"#lorem(60)\n\n{part}Satu baris."))) == []
    assert len(list(printed.wrong(typeset(f"#lorem(60)\n\n{part}")))) == 1
