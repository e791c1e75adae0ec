"""What the layout gate sees in a report before it is laid out."""

from __future__ import annotations

import pytest

from pipeline import blocks as b
from pipeline.render import html
from pipeline.render.content import Report, of_blocks
from tests.layout import tree


def drawing(*texts: str) -> str:
    drawn = "".join(f'<text x="1" y="{9 * place}">{text}</text>' for place, text in enumerate(texts, 1))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="99pt" height="99pt" viewBox="0 0 99 99">{drawn}</svg>'


def figure(*texts: str):
    return b.figure(drawing(*texts), key="gambar", caption="Keterangan", alt="Gambar")


def said(*shown) -> list[str]:
    blocks = [{"type": "heading", "level": 2, "text": "Bagian"}, *[one.to_json() for one in shown]]
    found = list(tree.wrong(Report({"lang": "id"}, blocks)))
    page = html.write(of_blocks([b.document("Judul", lang="id"), b.heading("Bagian"), *shown]))
    assert list(tree.faults(tree.of_page(page))) == found
    return found


def test_names_cut_so_that_two_look_alike_are_seen_in_figures_and_tables():
    assert "cut to 'Dinas P…'" in said(figure("Dinas P…", "Dinas P…"))[0]
    assert said(figure("Dinas P… Kearsipan", "Dinas P… Umum", "Dinas Sosial", "Dinas Sosial")) == []
    listed = b.table(
        [("n", "nama"), ("v", "nilai", True)], [["Kel. …", "1,00"], ["Kel. …", "2,00"]], "Judul", "t"
    )
    assert "table t: two names are cut" in said(listed)[0]


def test_an_empty_column_is_seen_and_the_blocks_leave_it_out():
    columns = [("n", "nama"), ("v", "nilai", True), ("s", "tanda")]
    made = b.table(
        columns, [["A", "1,00", "–"], ["B", "2,00", ""]], "Judul", "t", accent_cells=[(0, "v"), (1, "s")]
    )
    assert [column.label for column in made.columns] == ["nama", "nilai"]
    assert made.rows == (("A", "1,00"), ("B", "2,00"))
    assert made.accent_cells == ((0, 1),)
    assert tree.empty_columns(
        {"columns": [{"label": "nama"}, {"label": "tanda"}], "rows": [["A", "–"], ["B", ""]]}
    ) == ["tanda"]
    alone = b.table(columns, [["A", "1,00", "–"]], "Judul", "t")
    assert len(alone.columns) == 3
    assert tree.empty_columns(alone.to_json()) == []


@pytest.mark.parametrize(("more", "twice"), [([], True), (["9,10", "9,20"], False)])
def test_a_figure_and_a_table_of_the_same_numbers_in_one_section_are_seen(more, twice):
    numbers = [f"{place},50" for place in range(1, 8)]
    rows = [["A", one] for one in (*numbers, *more)]
    listed = b.table([("n", "nama"), ("v", "nilai", True)], rows, "Judul", "t")
    assert bool(said(figure(*numbers), listed)) == twice
