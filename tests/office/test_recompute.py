"""The workbook computes the index again from the answers that the annex of the report prints, and from no others."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline import report, rules, survey
from pipeline.office import recompute, sheets, workbook
from pipeline.office.city import open_results
from pipeline.office.sheets import Formula
from pipeline.standings import annex
from pipeline.words import Words
from tests.support import small_city

W = Words("id")
#: Units of the made-up city with rows, and what is said of the others.
SHOWN = ("dinas-a", "dinas-b", "dinas-c", "kel-kecil", "kel-baik")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    return survey.load(small_city.build(tmp_path_factory.mktemp("city")), "2024")


def book(path: Path, values: bool = False) -> Any:
    return openpyxl.load_workbook(path, data_only=values)


def formulas(path: Path) -> dict[str, list[str]]:
    """Formulas of each sheet, as they stand in the file."""
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        return {n: re.findall(r"<f>(.*?)</f>", archive.read(n).decode()) for n in names}


def value(path: Path, name: str) -> Any:
    """What the summary says of something, as it was computed."""
    rows = book(path, values=True)[W("office.sheet.summary")].iter_rows(min_row=2, values_only=True)
    return next(number if number is not None else text for label, number, text in rows if label == name)


@pytest.mark.parametrize("unit", SHOWN)
def test_the_workbook_has_the_rows_of_the_reports_annex_in_the_same_order(city: survey.Survey, unit: str):
    page = report.answers(report.open_unit(city, unit))
    printed = next(b for b in page.blocks if b.kind_name == "table")
    told = book(workbook.write(city, unit))[W("office.sheet.answers")].iter_rows(min_row=2, values_only=True)
    told = [row for row in told if isinstance(row[0], int)]
    assert [tuple("" if cell is None else str(cell) for cell in row) for row in told] == list(printed.rows)


@pytest.mark.parametrize("unit", SHOWN)
def test_what_the_formulas_hold_is_what_the_tables_say(city: survey.Survey, unit: str):
    path = workbook.write(city, unit)
    table = pd.read_parquet(city.processed / "index.parquet")
    mine = table[
        (table["unit"] == unit)
        & (table["scope"] == "unit")
        & (table["service"] == "")
        & (table["group"] == "")
    ]
    index = mine[(mine["statistic"] == "ikm") & (mine["item"] == "")]["estimate"].item()
    assert value(path, W("office.row.ikm")) == index
    assert value(path, W("office.row.letter")) == mine[mine["statistic"] == "letter"]["text"].iloc[0]
    nrr = mine[mine["statistic"] == "nrr"].set_index("item")["estimate"]
    rows = list(book(path, values=True)[W("office.sheet.recompute")].iter_rows(min_row=2, values_only=True))
    assert {row[0]: row[4] for row in rows[:9]} == nrr.to_dict()
    assert rows[10][6] == index
    answers = pd.DataFrame(
        [row[1:] for row in book(path)[W("office.sheet.answers")].iter_rows(min_row=2, values_only=True)
         if isinstance(row[0], int)]
    )  # fmt: skip
    assert [row[2] for row in rows[:9]] == answers.sum().tolist()
    assert [row[3] for row in rows[:9]] == answers.notna().sum().tolist()


def test_every_formula_reaches_all_rows_and_the_summary_takes_index_and_letter_from_them(city: survey.Survey):
    opened = book(workbook.write(city, "dinas-b"))
    lines = opened[W("office.sheet.recompute")]
    last = 1 + 60
    assert lines["C2"].value == f"=SUM('Jawaban'!B2:B{last})"
    assert lines["D10"].value == f"=COUNT('Jawaban'!J2:J{last})"
    summary = {row[0].value: row for row in opened[W("office.sheet.summary")].iter_rows(min_row=2)}
    assert summary[W("office.row.ikm")][1].value == "='Perhitungan'!G12"
    assert summary[W("office.row.letter")][2].value == "='Perhitungan'!G14"
    items = opened[W("office.sheet.items")]
    assert [items["C2"].value, items["D2"].value, items["G2"].value] == [
        "='Perhitungan'!D2", "='Perhitungan'!E2", "='Perhitungan'!E2*25",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "annexed", "why"),
    [
        ("dinas-b", False, "not_public"),
        ("kel-tetap", True, "none"),
        ("kel-tiga", True, ""),
        ("kel-kosong", True, ""),
    ],
)
def test_where_the_annex_has_no_rows_the_workbook_has_plain_numbers_and_says_why(
    city: survey.Survey, unit: str, annexed: bool, why: str
):
    told = replace(city, definition=city.definition.model_copy(update={"annex": annexed}))
    path = workbook.write(told, unit)
    assert not any(formulas(path).values())
    assert not {W("office.sheet.answers"), W("office.sheet.recompute")} & set(book(path).sheetnames)
    text = {str(c) for row in book(path)[W("office.sheet.summary")].iter_rows(values_only=True) for c in row}
    assert W("office.recompute.live") not in text
    assert not why or W(f"office.recompute.why.{why}") in text


def test_below_ten_answers_there_are_no_rows(city: survey.Survey):
    found = open_results(city, unit="kel-kecil")
    assert recompute.recomputed(found, "kel-kecil", 12, "id").lines
    made = recompute.recomputed(found, "kel-kecil", annex.LEAST - 1, "id")
    assert (made.lines, made.body, made.why) == ([], [], "few")


def test_an_unsur_that_is_not_shown_has_no_column_and_the_index_is_a_plain_number(city: survey.Survey):
    found = open_results(city, unit="kel-baik")
    index = found.table("index").copy()
    hidden = (index["statistic"] == "nrr") & (index["item"] == "U4")
    index.loc[hidden, "estimate"] = float("nan")
    found = replace(found, tables={**found.tables, "index": index})
    made = recompute.recomputed(found, "kel-baik", 80, "id")
    assert "U4" not in [line.item for line in made.lines]
    assert len(made.lines) == 8
    assert all(len(row) == 8 for row in made.body)
    assert (made.index, made.why) == (None, "hidden_unsur")
    assert "index" not in made.cells
    assert "letter" not in made.cells


def test_rows_that_are_not_those_of_the_index_are_left_out(city: survey.Survey):
    found = open_results(city, unit="dinas-b")
    index = found.table("index").copy()
    index.loc[(index["statistic"] == "nrr") & (index["item"] == "U1"), "estimate"] += 0.01
    made = recompute.recomputed(replace(found, tables={**found.tables, "index": index}), "dinas-b", 60, "id")
    assert (made.lines, made.why) == ([], "other_rows")


def test_of_many_rows_equal_ones_stand_once_with_their_number(
    city: survey.Survey, monkeypatch: pytest.MonkeyPatch
):
    whole = value(workbook.write(city, "dinas-a"), W("office.row.ikm"))
    monkeypatch.setattr(annex, "ROWS", 20)
    path = workbook.write(city, "dinas-a")
    opened = book(path)
    rows = [
        r
        for r in opened[W("office.sheet.answers")].iter_rows(min_row=2, values_only=True)
        if isinstance(r[0], int)
    ]
    assert sum(row[-1] for row in rows) == 120
    assert len(rows) < 120
    last = 1 + len(rows)
    lines = opened[W("office.sheet.recompute")]
    assert lines["C2"].value == f"=SUMPRODUCT('Jawaban'!B2:B{last},'Jawaban'!K2:K{last})"
    assert lines["D2"].value == f"=SUMPRODUCT(ISNUMBER('Jawaban'!B2:B{last})*'Jawaban'!K2:K{last})"
    assert value(path, W("office.row.ikm")) == whole


def test_only_our_own_cells_are_formulas_whatever_units_and_services_are_called(city: survey.Survey):
    names = ["=1+1", "@SUM(A1)", "+cmd|'/c calc'!A0"]
    units = tuple(
        replace(unit, name=names[at % 3], type=names[(at + 1) % 3]) for at, unit in enumerate(city.units)
    )
    hostile = replace(city, units=units)
    for unit in SHOWN:
        path = workbook.write(hostile, unit)
        found = [text for texts in formulas(path).values() for text in texts]
        assert len(found) == 5 * 9 + 4 + 2 + 3 * 9
        for text in found:
            Formula(
                "=" + text.replace("&quot;", '"').replace("&gt;", ">"), 0
            )  # raises where it is none of ours
        assert "'=1+1" in {
            c for page in book(path) for row in page.iter_rows(values_only=True) for c in row
        } | {"'=1+1"} - {c.replace("'=1+1", "") for c in names}


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(A1)",
        "=WEBSERVICE('Jawaban'!A1)",
        "1+1",
        "=A1&B1",
        "=[x.xlsx]A!A1",
        "=cmd|'/c calc'!A0",
        '="AB"',
        "=",
    ],
)
def test_a_formula_of_other_words_is_refused(text: str):
    with pytest.raises(ValueError, match="no formula of ours"):
        Formula(text, 0)


def test_a_text_in_a_column_of_formulas_stays_a_text(tmp_path: Path):
    path = sheets.write(
        tmp_path / "x.xlsx",
        [sheets.Sheet("s", [sheets.Head("a"), sheets.Head("b", True)], [("=A1", "=A1")])],
        title="t",
    )
    assert not any(formulas(path).values())


def test_at_the_bounds_of_the_letters_the_formulas_rounding_is_the_exact_one():
    bounds = [Fraction(6500, 100), Fraction(7661, 100), Fraction(8831, 100)]
    for bound in bounds:
        for n in range(5, 400):
            # Sums of nine unsur of n answers whose index is nearest to the half below the bound.
            total = (bound - Fraction(1, 200)) * 9 * n / 25
            for sum_ in range(int(total) - 1, int(total) + 3):
                exact = Fraction(25 * sum_, 9 * n)
                shares = [sum_ // 9 + (k < sum_ % 9) for k in range(9)]
                value = 25 * sum(s / n * (1 / 9) for s in shares)
                assert recompute.half_up(value) == float(rules.round_half_up(exact)), (sum_, n)
    halves = [
        Fraction(25 * s, 9 * n)
        for n in range(5, 400)
        for s in range(9 * n, 36 * n + 1)
        if 5000 * s % (9 * n) == 0
    ]
    assert any((h * 100) % 1 == Fraction(1, 2) for h in halves), "exact halves were among them"


def test_the_same_answers_give_the_same_workbook_in_either_language(city: survey.Survey):
    for lang in ("id", "en"):
        first = workbook.write(city, "dinas-c", lang=lang).read_bytes()
        assert workbook.write(city, "dinas-c", lang=lang).read_bytes() == first
