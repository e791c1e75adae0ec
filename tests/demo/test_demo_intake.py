"""The demo, read by the intake: everything accounted for, all dirt found, the truth recovered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import demo, intake, steps, survey
from pipeline.demo import city, dirt
from pipeline.demo.model import ITEMS
from pipeline.results import pick
from tests.support import once


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once.copy_of("demo.write", tmp_path_factory.mktemp("city"), demo.write)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    demo.write_small(folder)
    return folder


@pytest.fixture(scope="module")
def cleaned(root: Path) -> dict[str, intake.Intake]:
    return {name: intake.clean(survey.load(root, name)) for name in survey.surveys(root)}


def table(root: Path, name: str) -> pd.DataFrame:
    frame = pd.read_csv(root / demo.TRUTH / f"{name}.csv", dtype={"survey": str}, keep_default_na=False)
    return frame


def assert_conserved(result: intake.Intake) -> None:
    assert not [p for p in result.problems if p.fatal]
    counts = result.counts
    assert (
        counts["read"] == counts["used"] + counts["merged"] + counts["excluded"] + counts["not_data"]
    ).all()


def test_the_tiny_demo_is_read_without_a_fatal_problem_and_nothing_is_lost(small: Path):
    result = intake.clean(survey.load(small, "2025"))
    assert_conserved(result)
    n = result.responses["unit"].astype(str).value_counts()
    assert n[city.TOO_FEW] == 3
    assert city.SILENT not in n
    constant = result.responses[result.responses["unit"] == city.CONSTANT]
    assert set(constant[list(ITEMS)].to_numpy().ravel()) == {4}


def test_every_year_is_read_without_a_fatal_problem_and_nothing_is_lost(cleaned: dict[str, intake.Intake]):
    for result in cleaned.values():
        assert_conserved(result)


def test_every_unit_has_the_respondents_it_had(root: Path, cleaned: dict[str, intake.Intake]):
    truth = table(root, "truth")
    for year, result in cleaned.items():
        n = result.responses["unit"].astype(str).value_counts()
        for row in truth[truth["survey"] == year].itertuples():
            # A few rows name an unlisted or misspelt unit: they are kept, as "unknown".
            assert row.sample - max(5, 0.02 * row.sample) <= n.get(row.unit, 0) <= row.sample


def test_every_item_of_every_file_is_asked(cleaned: dict[str, intake.Intake]):
    for year, result in cleaned.items():
        frame = result.responses
        for item in ITEMS:
            share = (frame[f"{item}__status"] == "answered").mean()
            assert share > 0.97, f"{item} in {year}"


def test_eight_means_sarana_in_2024_and_pengaduan_in_2023_and_2025(
    root: Path, cleaned: dict[str, intake.Intake]
):
    truth = table(root, "truth")
    for year, result in cleaned.items():
        mine = truth[truth["survey"] == year].set_index("unit")
        means = result.responses.groupby("unit", observed=True)[["U8", "U9"]].mean()
        big = [u for u in means.index if u in mine.index and int(mine.loc[u, "sample"]) >= 150]
        for item in ("U8", "U9"):
            gap = means.loc[big, item].astype(float) - mine.loc[big, f"nrr_{item}"].astype(float)
            assert gap.abs().max() < 0.2, f"{item} in {year}"


def found(result: intake.Intake) -> Counter[tuple[str, str]]:
    ledger = result.ledger
    files = ledger["source_file"].astype(str).str.partition("#")[0]
    return Counter(zip(files, ledger["reason"].astype(str)))


@pytest.mark.parametrize("year", ["2023", "2024", "2025"])
def test_every_kind_of_dirt_reaches_the_ledger_under_its_reason(
    year: str, root: Path, cleaned: dict[str, intake.Intake]
):
    ledger = found(cleaned[year])
    put = table(root, "dirt")
    put = put[(put["survey"] == year) & (put["file"] != "") & (put["reasons"] != "")]
    for (file, reasons), rows in put.groupby(["file", "reasons"]):
        count = int(rows["count"].sum())
        seen = sum(ledger[file, reason] for reason in reasons.split("; "))
        # Dirt in a row that is itself merged or set aside is not listed a second time.
        assert seen >= count - max(2, 0.15 * count), f"{file}: {reasons}: {seen} of {count}"


@pytest.mark.parametrize("kind", [k.name for k in dirt.KINDS.values() if not k.reasons])
def test_dirt_that_is_read_as_meant_is_really_in_the_files(kind: str, root: Path):
    put = table(root, "dirt")
    assert put.loc[put["kind"] == kind, "count"].sum() > 0


def test_differently_written_options_are_read_as_meant(root: Path, cleaned: dict[str, intake.Intake]):
    result = cleaned["2025"]
    ledger = result.ledger
    lost = ledger[
        (ledger["source_file"] == "formulir-daring.csv") & (ledger["reason"] == "unreadable-answer")
    ]
    put = (
        table(root, "dirt")
        .query("survey == '2025' and file == 'formulir-daring.csv'")
        .set_index("kind")["count"]
    )
    assert len(lost) <= put["option-unknown"]
    read = (ledger["source_file"] == "formulir-daring.csv") & (ledger["reason"] == "misspelt-answer")
    assert 0 < read.sum() <= put["option-typo"]
    assert put["option-case"] + put["option-blank"] + put["option-mixture"] > 100


def test_no_identity_survives(cleaned: dict[str, intake.Intake]):
    for result in cleaned.values():
        for frame in (result.responses, result.ledger):
            for column in frame.columns:
                texts = frame[column].astype(str)
                hits = texts.str.contains(
                    r"Responden \d{4}|0810000\d{5}|contoh\.invalid$|99999900\d{8}", regex=True
                )
                assert not hits.any(), f"{column}: {texts[hits].iloc[0]}"


def test_blank_answers_are_missing_and_fees_that_do_not_apply_are_not(
    root: Path, cleaned: dict[str, intake.Intake]
):
    put = table(root, "dirt")
    for year, result in cleaned.items():
        mine = put[(put["survey"] == year) & (put["file"] == "")]
        fee = int(mine.loc[mine["kind"] == "not-applicable", "count"].sum())
        status = result.responses["U4__status"].astype(str)
        assert abs((status == "not-applicable").sum() - fee) <= 3
        blank = int(mine.loc[mine["kind"] == "blank-answer", "count"].sum())
        missing = sum((result.responses[f"{i}__status"].astype(str) == "missing").sum() for i in ITEMS)
        assert missing == pytest.approx(blank, rel=0.1, abs=40)


@pytest.mark.parametrize("year", ["2023", "2024", "2025"])
def test_the_true_index_is_recovered_within_sampling_error(
    year: str, root: Path, cleaned: dict[str, intake.Intake]
):
    data = steps.Answers(survey.load(root, year), cleaned[year].responses)
    index = steps.index(data)
    rows = pick(index, scope="unit", statistic="ikm", service="").set_index("unit")
    rows = rows[~rows.index.duplicated()]
    truth = table(root, "truth")
    truth = truth[truth["survey"] == year].set_index("unit")
    # Contaminated on purpose: identical answers everywhere say nothing about the truth.
    skip = {city.STRAIGHT_LINES, city.CONSTANT, survey.UNKNOWN_UNIT}
    units = [
        u for u in rows.index if u in truth.index and u not in skip and int(truth.loc[u, "sample"]) >= 30
    ]
    real = truth.loc[units, "ikm"].astype(float)
    inside = (rows.loc[units, "lower"] <= real) & (real <= rows.loc[units, "upper"])
    assert len(units) >= 38
    assert inside.mean() >= 0.86, real[~inside].index.tolist()
    gap = rows.loc[units, "estimate"].astype(float) - real
    assert abs(gap.mean()) < 0.35, "no bias over the city"
    assert np.corrcoef(rows.loc[units, "estimate"].astype(float), real)[0, 1] > 0.95


def test_units_with_a_part_to_play_play_it(cleaned: dict[str, intake.Intake]):
    frame = cleaned["2025"].responses
    bulk = frame[frame["unit"] == city.BULK_ENTRY]["entered_at"]
    assert bulk.dt.normalize().nunique() == 1
    assert bulk.max() - bulk.min() < pd.Timedelta(hours=2)
    clock = frame[frame["unit"] == city.MIDNIGHT]["answered_at"].dropna()
    assert 0.2 < (clock == clock.dt.normalize()).mean() < 0.5
    lines = frame[frame["unit"] == city.STRAIGHT_LINES][list(ITEMS)].dropna()
    assert (lines.nunique(axis=1) == 1).mean() > 0.2
    for unit in city.CONSTANT_FEE:
        assert frame.loc[frame["unit"] == unit, "U4"].dropna().nunique() <= 2
