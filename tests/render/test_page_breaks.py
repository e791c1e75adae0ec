"""A printed report leaves no page half blank, and no heading without two lines below it."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_notebook

from pipeline import blocks as b
from pipeline.blocks.canvas import Canvas
from pipeline.render import to_pdf
from tests.layout import printed
from tests.support.report_sample import cell, markdown

WORDS = (
    "Kalimat ini mengisi satu baris dan sebagian dari baris berikutnya supaya halaman terisi dengan teks. "
)


def typeset(tmp_path, *parts):
    """The pages of a report of paragraphs (numbers of lines), markdown and blocks, and what is wrong with them."""
    cells = [cell(b.document(title="Judul", lang="id", date="2020-01-01"))]
    for part in parts:
        if isinstance(part, int):
            cells += [cell(b.prose(WORDS)) for _ in range(part)]
        else:
            cells.append(markdown(part) if isinstance(part, str) else cell(part))
    path = tmp_path / "report.pdf"
    path.write_bytes(to_pdf(new_notebook(cells=cells)))
    return printed.sheets(path), list(printed.wrong(path))


def high(key: str, mm: float = 110):
    canvas = Canvas(170, mm)
    canvas.panel(5, 5, 150, mm - 10, (0, 1), (0, 1)).bars([(0, 1, 0, 1)], "#0f6b78")
    canvas.text(f"kotak {key}", 20, 20)
    return b.figure(canvas.svg(), key=key, caption=f"Keterangan {key}", alt="Sebuah kotak")


def said(sheet: printed.Sheet) -> str:
    """The body without blanks: letters that stand apart a little would be taken for words."""
    return "\n".join(line.text.replace(" ", "") for line in sheet.lines)


@pytest.mark.parametrize(("before", "fits"), [(8, True), (26, False), (30, False)])
def test_a_high_drawing_that_does_not_fit_gives_its_room_to_what_follows(tmp_path, before, fits):
    pages, wrong = typeset(tmp_path, "## Bagian satu", before, high("satu"), "## Bagian dua", 20)
    assert wrong == []
    assert ("kotaksatu" in said(pages[0]), "kotaksatu" in said(pages[1])) == (fits, not fits)
    assert "Bagiandua" in said(pages[0])


def test_no_drawing_overtakes_one_that_moved_to_the_next_page(tmp_path):
    pages, _ = typeset(tmp_path, "## Bagian satu", 28, high("satu"), high("dua", 30), "## Bagian dua", 14)
    text = "\n".join(map(said, pages))
    assert -1 < text.index("kotaksatu") < text.index("kotakdua")


@pytest.mark.parametrize("before", range(39, 45))
def test_a_list_stands_under_its_heading_with_two_lines(tmp_path, before):
    long = "- Butir pendek\n- " + WORDS * 3
    _, wrong = typeset(tmp_path, "## Bagian", before, f"### Daftar\n\n{long}", 10)
    assert wrong == []
