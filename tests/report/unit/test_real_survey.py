"""The unit report on the real survey whose numbers are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import intake, report, steps
from tests.report.unit.test_sections import find, plain
from tests.support.outside import real_surveys
from tests.support.raw_surveys import real

real_surveys()

MODULES = ("index", "sampling", "profile", "integrity", "priorities", "reliability", "validity", "factors",
           "association", "comparison")  # fmt: skip


@pytest.fixture(scope="module")
def gianyar(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Path:
    survey = real(tmp_path_factory.mktemp("gianyar"), "skm-polres-gianyar/2020-teks", real_data)
    steps.keep(survey, intake.clean(survey))
    data = steps.open_answers(survey.name, survey.root)
    steps.save(data, **{module: getattr(steps, module)(data) for module in MODULES})
    return survey.root


def test_the_report_prints_the_known_index_alpha_and_lowest_unsur(gianyar: Path):
    u = report.open_unit(root=gianyar)
    page = report.summary(u)
    (number,) = find(page, "headline")
    assert (number.value, number.letter) == ("85,85", "B")
    assert "kokoh" in number.chip
    (facts,) = find(page, "facts")
    assert [f.value for f in facts.facts] == ["201"]
    said = plain(page)
    assert "U4 Biaya/tarif (74,38): fakta tentang tarif, bukan kepuasan" in said
    assert "Bernilai persis sama: produk layanan, perilaku pelaksana." in said
    assert "Alfa Cronbach 0,73" in plain(report.consistency(u))


def test_the_item_table_agrees_with_the_reference(gianyar: Path):
    table, figures = find(report.consistency(report.open_unit(root=gianyar)), "table")
    rows = {row[0]: row for row in table.rows}
    assert rows["U4"][2:7] == ("2,98", "0,21", "\u22120,01", "0,75", "0,39")
    assert rows["U8"][4] == "0,23"
    assert rows["U1"][-1] == "0,138"
    assert (3, 4) in table.accent_cells
    # Of one unit everybody is its respondent: both columns agree; n = 201 allows the ordinal figures.
    supported = {row[0]: row for row in figures.rows}
    assert supported["alfa Cronbach"][1].startswith("0,73 (")
    assert "Survei ini memuat satu unit" in figures.note
    assert "antarunit" not in figures.note
    assert all(own == pooled for _, own, pooled, *_ in figures.rows)


def test_the_annex_has_every_respondent_and_the_same_index(gianyar: Path):
    page = report.answers(report.open_unit(root=gianyar))
    (table,) = find(page, "table")
    assert len(table.rows) == 201
    assert table.footer_rows[2][1:] == (
        "3,448",
        "3,612",
        "3,343",
        "2,975",
        "3,398",
        "3,413",
        "3,398",
        "3,806",
        "3,512",
    )
    assert "3,4339 × 25 = 85,85 (huruf B)" in plain(page)
