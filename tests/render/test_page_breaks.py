"""A printed report leaves no page half blank, and no heading without two lines below it."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_notebook

from pipeline import blocks as b
from pipeline.blocks.canvas import Canvas
from pipeline.render import pdf, to_pdf
from pipeline.render.page_breaks import next_to_float
from tests.layout import printed, printed_cells
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


@pytest.mark.parametrize("before", [24, 28, 32, 38])
@pytest.mark.parametrize("between", ["### Sub\n\nSatu baris.", "### Sub"])
def test_figures_stand_in_their_order_wherever_a_page_ends(tmp_path, before, between):
    """Some may float, some not: under a heading of their own, with one line or nothing below them."""
    shown = (
        "## Satu",
        before,
        high("satu"),
        between,
        high("dua", 60),
        "Satu baris.",
        "### Sub dua",
        high("tiga", 40),
    )
    pages, wrong = typeset(tmp_path, *shown, "Satu baris.", "## Dua", 20)
    assert [one for one in wrong if "blank" not in one] == []
    text = "\n".join(map(said, pages))
    assert -1 < text.index("kotaksatu") < text.index("kotakdua") < text.index("kotaktiga")


def test_pages_that_come_to_no_rest_have_their_drawings_decided_one_by_one_from_the_front(
    tmp_path, monkeypatch
):
    parts = [
        "## Satu",
        28,
        high("satu"),
        2,
        high("dua", 60),
        "## Dua",
        9,
        high("tiga"),
        3,
        high("empat"),
        "## Tiga",
        20,
    ]
    monkeypatch.setattr(pdf, "_RESTLESS", ("",))
    first, calls = pdf._compile, []
    # Whatever the first layout says of itself, it is taken for one that came to no rest.
    monkeypatch.setattr(pdf, "_compile", lambda *given: calls.append(1) or (first(*given)[0], ["restless"]))
    pages, wrong = typeset(tmp_path, *parts)
    assert (wrong, len(calls)) == ([], 2)
    text = "\n".join(map(said, pages))
    places = [text.index(f"kotak{name}") for name in ("satu", "dua", "tiga", "empat")]
    assert places == sorted(places)


def test_the_first_drawing_that_leaves_a_page_blank_or_overtakes_one_that_waits_must_float():
    def at(anchor: str, page: int, y: float, after: int, room: float):
        return {"anchor": anchor, "page": page, "y": y, "after": after, "room": room}

    stays, blank = at("a", 1, 90, 1, 500), at("b", 3, 60, 2, 260)
    assert next_to_float([stays, at("b", 3, 60, 2, 100)], []) is None
    assert next_to_float([stays, blank, at("c", 5, 60, 4, 300)], []) == "b"
    assert next_to_float([stays, blank, at("c", 5, 60, 4, 300)], ["b"]) == "c"
    assert next_to_float([stays, blank, at("c", 2, 700, 2, 200)], ["b"]) == "c"  # overtakes
    assert next_to_float([stays, blank, at("c", 4, 60, 2, 20)], ["b"]) == "c"  # left page 3 blank below b


def table(columns: int, words: str, label: str = "bagian dari ragam jumlah unsur", rows: int = 9):
    """A table of names, of short numbers under long headings, and of words."""
    return b.table(
        [("u", "unsur"), *[(f"n{n}", label, True) for n in range(columns)], ("k", "kuadran")],
        [[f"U{n} Persyaratan", *["0,56"] * columns, words] for n in range(rows)],
        caption="Keterangan", key="tabel",
    )  # fmt: skip


@pytest.mark.parametrize("columns", [4, 5])
def test_long_headings_of_numbers_fold_rather_than_take_the_width_of_words(tmp_path, columns):
    (page,), _ = typeset(tmp_path, table(columns, "belum pasti (tinggi, kurang berkaitan)"))
    assert list(printed_cells.folded(page)) == []
    (rows,) = printed_cells.tables(page)
    assert max(len(cell.lines) for row in rows for cell in row) <= 3


@pytest.mark.parametrize("before", [24, 27])
def test_a_table_of_few_but_high_rows_breaks_rather_than_leave_a_page_blank(tmp_path, before):
    high = table(7, "belum pasti (rendah, kurang kait)", "korelasi ab", rows=13)
    _, wrong = typeset(tmp_path, "## Bagian", before, high, 20)
    assert wrong == []


@pytest.mark.parametrize("before", range(39, 45))
def test_a_list_stands_under_its_heading_with_two_lines(tmp_path, before):
    long = "- Butir pendek\n- " + WORDS * 3
    _, wrong = typeset(tmp_path, "## Bagian", before, f"### Daftar\n\n{long}", 10)
    assert wrong == []
