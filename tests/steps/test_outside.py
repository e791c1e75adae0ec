"""Figures from outside, the other survey of one period, and names that look alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline import intake, report, results, steps
from pipeline import survey as surveys
from pipeline.report import overview
from pipeline.statistics.compare import criterion_validity
from pipeline.survey import SurveyError, near
from pipeline.survey.units import Unit
from tests.report.unit.test_sections import plain
from tests.support.raw_surveys import THREES, make, wide
from tests.support.small_city import as_json, build

HEADER = "unit,ombudsman_score,complaints_received,complaints_solved,complaint_days,source\n"


# --- external.csv -----------------------------------------------------------------------------


def test_figures_are_read_by_id_name_or_alias(tmp_path: Path) -> None:
    survey = make(tmp_path, {"external.csv": HEADER + 'DA,"88,5",10,8,2.5,Ombudsman\nDinas B,,,,,\n'})
    a, b = survey.outside
    assert (a.unit, a.source) == ("a", "Ombudsman")
    assert dict(a.figures) == {
        "ombudsman_score": 88.5, "complaints_received": 10, "complaints_solved": 8, "complaint_days": 2.5,
    }  # fmt: skip
    assert (b.unit, dict(b.figures)) == ("b", {})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dinas c,1,,,,", 'line 2, key "unit": the unit "dinas c" is not in units.csv'),
        ("a,101,,,,", 'key "ombudsman_score": 101 is outside 0 to 100'),
        ("a,tinggi,,,,", '"tinggi" is not a number'),
        ("a,,3.5,,,", '"3.5" is not a count'),
        ("a,,3,5,,", "more complaints were solved than received"),
        ("a,1,,,,\nDA,2,,,,", "is given twice (also in line 2)"),
        ("a,nan,,,,", '"nan" is not a number'),
        ("a,,-3,,,", '"-3" is not a count'),
    ],
)
def test_a_figure_that_cannot_be_is_one_sentence_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(SurveyError) as error:
        make(tmp_path, {"external.csv": HEADER + line + "\n"})
    assert said in str(error.value)
    assert "external.csv" in str(error.value)


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="ombudsman_scor"):
        make(tmp_path, {"external.csv": "unit,ombudsman_scor\na,1\n"})


def test_a_changed_figure_changes_the_definition(tmp_path: Path) -> None:
    before = make(tmp_path, {"external.csv": HEADER + "a,80,,,,\n"})
    (before.raw / "external.csv").write_text(HEADER + "a,81,,,,\n")
    assert surveys.load(tmp_path, "2024").digest != before.digest


# --- criterion validity -----------------------------------------------------------------------


def test_the_rank_correlation_agrees_with_pandas_its_p_with_a_t_and_its_interval_with_its_source() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=25).round(1)
    y = x + rng.normal(size=25)
    r, low, high, p = criterion_validity.spearman(x, y)
    assert r == pytest.approx(pd.Series(x).corr(pd.Series(y), method="spearman"), abs=1e-12)
    assert p == pytest.approx(2 * stats.t.sf(r * np.sqrt(23 / (1 - r * r)), 23), abs=1e-12)
    half = 1.959963984540054 * np.sqrt((1 + r * r / 2) / 22)
    assert [low, high] == pytest.approx(
        [np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)], abs=1e-12
    )


def test_the_interval_holds_the_true_correlation_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    true = 6 / np.pi * np.arcsin(0.5 / 2)
    held = 0
    for _ in range(400):
        x = rng.normal(size=30)
        y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=30)
        _, low, high, _ = criterion_validity.spearman(x, y)
        held += low <= true <= high
    assert 0.92 <= held / 400 <= 0.98


def units_index(values: dict[str, float]) -> pd.DataFrame:
    return results.frame(
        [{"scope": "unit", "unit": u, "statistic": "ikm", "estimate": v, "n": 50} for u, v in values.items()]
    )


def test_few_units_are_said_to_be_few_and_hardly_any_have_no_coefficient() -> None:
    values = {f"u{i}": 80.0 + i for i in range(12)}
    outside = {u: {"ombudsman_score": 70 + (i * 7) % 12} for i, u in enumerate(values)}
    pairs = {"ombudsman_score": ("",), "complaint_days": ("",)}
    table = criterion_validity.table(units_index(values), outside, pairs=pairs)
    (row,) = results.pick(table, statistic="criterion").itertuples()
    assert (row.n, row.text) == (12, "few")
    assert row.lower < row.estimate < row.upper
    left = criterion_validity.table(
        units_index(values), outside, pairs=pairs, leave_out={f"u{i}": "for-information" for i in range(8)}
    )
    (row,) = results.pick(left, statistic="criterion").itertuples()
    assert (row.n, row.reason) == (4, "few-units")
    assert np.isnan(row.estimate)
    flat = criterion_validity.table(
        units_index(values), {u: {"ombudsman_score": 1.0} for u in values}, pairs=pairs
    )
    assert results.pick(flat, statistic="criterion").reason.tolist() == ["no-variance"]


# --- in the reports ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two surveys of one period, the first with figures from outside."""
    root = tmp_path_factory.mktemp("pair")
    for name in ("2024-internal", "2024-external"):
        build(root, name)
    raw = root / "data" / "raw"
    (raw / "2024-external" / "survey.yml").write_text(
        (raw / "2024-external" / "survey.yml")
        .read_text()
        .replace("Bagian Organisasi", "Universitas <b>Luar</b>")
    )
    lines = ["dinas-a,88.5,40,31,3.5,Ombudsman <script>", "dinas-b,70,12,12,2,", "kel-tiga,60,2,1,9,"]
    (raw / "2024-internal" / "external.csv").write_text(HEADER + "\n".join(lines) + "\n")
    for name in ("2024-internal", "2024-external"):
        data = steps.open_answers(name, root)
        steps.save(data, outside=steps.outside(data))
    return root


def test_siblings_are_surveys_of_one_period_with_a_name_each(pair: Path) -> None:
    (pair / "data" / "raw" / "2024").mkdir(exist_ok=True)
    assert surveys.siblings(surveys.load(pair, "2024-internal")) == ["2024-external"]


def test_a_unit_s_report_shows_figures_from_outside_beside_u8_and_the_other_survey(pair: Path) -> None:
    u = report.open_unit("2024-internal", "dinas-a", lang="id", root=pair)
    page = report.unsur(u)
    said = plain(page)
    assert "nilai kepatuhan Ombudsman\t88,50" in said
    assert "bagian pengaduan selesai\t78\u00a0%" in said
    assert "Penanganan pengaduan menurut responden" in said
    assert "2024-external (Universitas <b>Luar</b>)" in said  # plain text: renderers escape it
    assert "Sumber: Ombudsman <script>." in as_json(page)
    assert "Kedua survei tidak digabung" in as_json(page)


def test_the_overview_sets_both_surveys_side_by_side_and_correlates_nothing_from_three_units(
    pair: Path,
) -> None:
    city = overview.open_city("2024-internal", lang="en", root=pair)
    page = overview.city_outside(city)
    said = plain(page)
    assert "Two surveys of the same period side by side" in said
    assert "88.50\t40\t31\t3.5" in said
    assert "There are few units" in said
    assert "The two surveys are not pooled" in as_json(page)


def test_a_unit_of_three_people_shows_no_number_of_either_survey(pair: Path) -> None:
    from pipeline.report.base.from_outside import of_unit

    assert of_unit(report.open_unit("2024-internal", "kel-tiga", lang="en", root=pair)) == []
    said = plain(overview.city_outside(overview.open_city("2024-internal", lang="en", root=pair)))
    assert "Kelurahan Tiga\t3\t\u2013\t\u2013\t3\t\u2013\t\u2013\t\u2013" in said


def test_a_survey_without_figures_says_so_in_its_overview(pair: Path) -> None:
    table = results.pick(steps.outside(steps.open_answers("2024-external", pair)), statistic="outside")
    assert not len(table)


def test_the_other_survey_is_part_of_what_the_comparison_depends_on(pair: Path) -> None:
    from pipeline.run.keys import Keys
    from pipeline.run.ledger import open_ledger
    from pipeline.run.plan import Options, notebook_folder

    survey = surveys.load(pair, "2024-internal")
    with open_ledger(survey.processed, survey.root) as ledger:
        parts = Keys(survey, Options(), notebook_folder(), ledger.hashes).surveys_before()
    assert parts["beside 2024-external"]


# --- names that look alike --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Dinas Kesehatan", "Dinas Kesehtan", True),
        ("Dinas Kependudukan & Catatan Sipil", "Dinas Kependudukan dan Catatan Spil", False),
        ("Puskesmas Tanjung Utara", "Puskesmas Utara Tanjung", True),
        ("Dinas PUPR", "Dinas  P.U.P.R", True),
        ("Puskesmas 1", "Puskesmas 2", False),
        ("SDN 01 Mawar", "SDN 10 Mawar", False),
        ("Kelurahan Sapu", "Kelurahan Sapa", False),
        ("Kelurahan Pena", "Kelurahan Pita", False),
        ("Kecamatan Timur", "Kecamatan Barat", False),
        ('\U0001f3e5 Puskesmas "Mawar", Kota', "Puskesmas Mawar Kota", True),
        ("x" * 200, "x" * 199 + "y", True),
    ],
)
def test_likeness_is_of_the_words_that_differ(one: str, other: str, alike: bool) -> None:
    assert (near.likeness(one, other) >= near.ALIKE) is alike
    assert near.likeness(one, other) == near.likeness(other, one)


def test_near_names_are_proposed_with_their_count_and_never_merged(tmp_path: Path) -> None:
    units = "id,name\nkes,Dinas Kesehatan\nkes2,Dinas Kesehattan\nlain,Kecamatan Utara\n"
    rows = [(1, "Dinas Kesehatan", *THREES), (2, "Dinas Kesehtan", *THREES), (3, "Dinas Kesehtan", *THREES),
            (4, "Kantor Pos", *THREES)]  # fmt: skip
    survey = make(tmp_path, {"a.csv": wide(*rows)}, "order: form\n", units=units)
    made = intake.clean(survey)
    assert made.responses["unit"].astype(str).tolist().count("unknown") == 3
    said = [problem.what for problem in made.problems]
    assert '"Dinas Kesehtan" (2 answers) is not in units.csv and looks like "Dinas Kesehatan"' in said
    assert '"Dinas Kesehatan" and "Dinas Kesehattan" in units.csv look like one unit written twice' in said
    assert not any("Kantor Pos" in text for text in said)
    assert not any(problem.fatal for problem in made.problems)


def test_check_prints_the_proposals(tmp_path: Path) -> None:
    from pipeline.run import command

    units = "id,name\nkes,Dinas Kesehatan\nlain,Kecamatan Utara\n"
    survey = make(tmp_path, {"a.csv": wide((1, "Dinas Kesehtan", *THREES))}, "order: form\n", units=units)
    listed = steps.unit_list(survey, intake.clean(survey).responses)
    checked = command.Checked(units=listed, page=tmp_path, failed=None)
    said = "\n".join(command.check_summary(survey, checked, quiet=False, debug=False))
    assert "1 pair of names looks alike; nothing was merged" in said
    assert '"Dinas Kesehtan" (1 answer)' in said


def test_many_units_are_compared_with_their_neighbours_only() -> None:
    units = [Unit(f"u{i}", f"Kelurahan {i:05}") for i in range(near.ALL_PAIRS + 5)]
    units.append(Unit("x", "Kelurahan Merpati"))
    units.append(Unit("y", "Kelurahan Merpatti"))
    assert [(p.name, p.like) for p in near.listed(units)] == [("Kelurahan Merpati", "Kelurahan Merpatti")]
