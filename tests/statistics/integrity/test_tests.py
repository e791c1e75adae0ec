"""Which units are asked for an explanation: error control, the kinds of evidence, the real surveys."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.data.levels import groups, levels
from pipeline.statistics.integrity import (
    careless,
    entry_sessions,
    interviewers,
    straightlining,
    stretches,
)
from pipeline.statistics.integrity import (
    runs as row_order,
)
from pipeline.statistics.integrity import (
    table as integrity,
)
from pipeline.statistics.integrity import (
    tests as doubt_tests,
)
from pipeline.words import Words, narrative
from pipeline.words import doubt as words
from pipeline.words.verdicts import Doubt, Evidence, Integrity

ROOT = Path(__file__).resolve().parents[3]
ITEMS = [f"U{i}" for i in range(1, 10)]
ONE = np.zeros(0, dtype=bool)


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    """The script whose results are committed."""
    spec = importlib.util.spec_from_file_location("integrity_sim", ROOT / "benchmarks" / "integrity.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def share(simulation: ModuleType) -> np.ndarray:
    return simulation.ceiling()


# --- the simulation ---------------------------------------------------------------------------


def test_the_committed_simulation_keeps_its_promise() -> None:
    found = json.loads((ROOT / "benchmarks" / "integrity.json").read_text())
    assert found["honest"]["units"] >= 1000
    assert found["honest"]["share"] <= 0.01
    assert found["honest"]["all_fours_share"]["largest"] >= 0.6
    assert found["found"]["padding"]["25%"]["share"] >= 0.90
    assert found["found"]["bulk_entry"]["25%"]["share"] >= 0.90
    for kinds in found["found"].values():
        assert set(kinds) == {"10%", "25%", "50%"}


def test_of_honest_units_hardly_any_is_asked(simulation: ModuleType, share: np.ndarray) -> None:
    found = simulation.honest(np.random.default_rng(5), 48, share)
    assert found["accused"] == 0


@pytest.mark.parametrize("name", ["padding", "bulk_entry"])
def test_manipulated_quarters_are_found_and_the_units_beside_them_left_alone(
    simulation: ModuleType, share: np.ndarray, name: str
) -> None:
    found = simulation.detection(np.random.default_rng(8), 12, share, name, 0.25)
    assert found["found"] >= 10
    assert found["of_those_accused"] <= 1


def alone(answers: np.ndarray, times: np.ndarray | None = None) -> doubt_tests.Verdicts:
    """The verdict on one unit as a survey of its own."""
    rows = pd.DataFrame(answers, columns=ITEMS)
    if times is not None:
        rows["answered_at"] = rows["entered_at"] = pd.to_datetime(times, unit="s")
    lv = levels(rows[ITEMS])
    few, _, pattern = careless.patterns(lv)
    of = groups(np.zeros(len(rows), dtype=int).astype(str), len(rows))
    found = doubt_tests.evidence(rows, lv, few, pattern, careless.straightline(few)[pattern], of)
    return doubt_tests.verdicts(found, np.array([len(rows)]), np.ones(1, dtype=bool))


@pytest.mark.parametrize("n", [15, 40, 400])
def test_a_unit_whose_people_all_gave_the_highest_answer_cannot_be_judged(n: int) -> None:
    found = alone(np.full((n, 9), 4))
    assert (found.text[0], found.reason[0]) == ("cannot-judge", "mostly-alike")
    assert not found.asked[0]


def test_nine_of_ten_all_fours_are_no_reason_to_ask() -> None:
    rng = np.random.default_rng(21)
    asked = 0
    for n in (12, 25, 60, 150) * 10:
        answers = np.full((n, 9), 4)
        other = np.flatnonzero(rng.random(n) < rng.uniform(0.01, 0.08))
        answers[other, rng.integers(0, 9, len(other))] = 3
        asked += int(alone(answers).asked[0])
    assert asked == 0


def test_six_neighbours_alike_among_a_hundred_and_fifty_are_no_repetition() -> None:
    rng = np.random.default_rng(22)
    for _ in range(10):
        answers = rng.choice([2, 3, 4], size=(150, 9))
        answers[70:76] = answers[70]
        assert alone(answers).text[0] == "nothing-unusual"
    # Places that overlap are none either.
    shifted = np.arange(60)
    shifted[20:28] = 100
    assert stretches.stretches(shifted, np.zeros(60, dtype=bool), np.zeros(60, dtype=int), 1).p[0] == 1


def test_companions_who_fill_in_alike_are_not_asked() -> None:
    rng = np.random.default_rng(23)
    asked = 0
    for n in (30, 80, 200) * 10:
        answers = np.clip(4 - rng.poisson(0.35, size=(n, 9)), 1, 4)
        for i in np.flatnonzero(rng.random(n) < 0.3):
            answers[i] = answers[max(i - 1, 0)]
        asked += int(alone(answers).asked[0])
    assert asked == 0


def test_families_of_six_are_not_asked() -> None:
    rng = np.random.default_rng(24)
    asked = 0
    for n in (18, 36, 60, 150, 300) * 6:
        answers = np.clip(4 - rng.poisson(0.15, size=(n, 9)), 1, 4)
        asked += int(alone(answers[np.arange(n) // 6 * 6]).asked[0])
    assert asked == 0


def test_a_queue_at_one_device_is_not_taken_for_a_typist() -> None:
    rng = np.random.default_rng(25)
    for _ in range(10):
        answers = rng.choice([3, 4], size=(120, 9))
        quiet = np.cumsum(rng.exponential(8000, 80))
        queue = quiet[-1] + 90_000 + np.cumsum(rng.uniform(50, 120, 40))
        assert not alone(answers, np.append(quiet, queue)).asked[0]


def test_the_committed_honest_units_are_hardly_ever_asked() -> None:
    found = json.loads((ROOT / "benchmarks" / "honest_units.json").read_text())
    assert set(found["honest"]) == {"alone", "queue", "companions", "families", "one_family"}
    for cells in found["honest"].values():
        asked, units = (sum(cell[key] for cell in cells.values()) for key in ("asked", "units"))
        assert asked <= 0.01 * units
        assert set(cells) >= {"50%", "90%", "99%"}


# --- kinds of evidence ------------------------------------------------------------------------


def test_a_block_counts_against_the_unit_s_own_ceiling() -> None:
    rng = np.random.default_rng(2)
    found = []
    for share in (0, 0.6, 0.9):
        answers = np.where(rng.random(100) < share, 99, rng.integers(0, 60, 100))
        answers[60:72] = 99
        found.append(row_order.blocks(answers, answers == 99, np.zeros(100, dtype=int), 1))
    assert found[0].p[0] < 1e-5
    assert found[1].p[0] > 0.05
    # Nine rows of ten alike: such a block is expected, and the test says that it cannot judge.
    assert np.isnan(found[2].p[0])
    assert found[2].reason is not None
    assert found[2].reason[0] == "mostly-alike"


def test_a_block_is_found_wherever_the_rows_lie_in_the_table() -> None:
    rng = np.random.default_rng(3)
    answers = rng.integers(0, 60, 80)
    answers[50:65] = 99
    mixed = rng.permutation(80)
    found = row_order.blocks(answers[mixed], answers[mixed] == 99, np.zeros(80, dtype=int), 1, mixed)
    assert sorted(mixed[found.rows]) == list(range(50, 65))


def test_rows_that_stand_a_second_time_in_another_unit_are_found_in_both() -> None:
    rng = np.random.default_rng(4)
    a, b, c = (rng.integers(0, 40, 60) for _ in range(3))
    b[20:40] = a[5:25]
    found = stretches.stretches(
        np.concatenate([a, b, c]), np.zeros(180, dtype=bool), np.repeat([0, 1, 2], 60), 3
    )
    assert (found.p < 1e-9).tolist() == [True, True, False]
    assert np.flatnonzero(found.rows).tolist() == [*range(5, 25), *range(80, 100)]


def test_a_unit_on_paper_is_not_asked_why_everything_was_keyed_late() -> None:
    answered = np.arange(100) % 40
    entered = np.full(100, 45)
    # All of it is one batch: there is nothing to compare with, and the test says so.
    found = entry_sessions.late_days(np.zeros(100, dtype=int), 1, answered, entered)
    assert np.isnan(found.p[0])
    assert found.reason is not None
    assert found.reason[0] == "nothing-to-compare"
    assert not found.rows.any()


def test_paper_keyed_every_week_beside_online_answers_is_a_habit() -> None:
    answered = np.repeat(np.arange(40), 3)
    entered = np.where(np.arange(120) % 3 == 0, answered // 7 * 7 + 8, answered)
    assert entry_sessions.late_days(np.zeros(120, dtype=int), 1, answered, entered).p[0] == 1


def test_one_late_batch_beside_online_answers_is_asked_about() -> None:
    answered = np.repeat(np.arange(40), 3)
    entered = np.where(np.arange(120) % 3 == 0, 45, answered)
    found = entry_sessions.late_days(np.zeros(120, dtype=int), 1, answered, entered)
    assert found.p[0] < 1e-9
    assert found.rows.sum() == 40


def test_a_crowd_is_irregular_and_a_typist_is_not() -> None:
    rng = np.random.default_rng(6)
    quiet = np.cumsum(rng.exponential(8000, 80))
    crowd = np.append(quiet, quiet[-1] + 90_000 + np.cumsum(rng.exponential(40, 60)))
    typist = np.append(quiet, quiet[-1] + 90_000 + np.cumsum(rng.uniform(25, 55, 60)))
    one = np.zeros(140, dtype=int)
    assert entry_sessions.regular(one, 1, crowd).p[0] > 0.01
    assert entry_sessions.regular(one, 1, typist).p[0] < 1e-9


def test_stamps_at_equal_distance_give_a_probability_and_no_warning() -> None:
    seconds = np.append(np.arange(40) * 9000.0, 40 * 9000 + np.arange(1, 31) * 30.0)
    with np.errstate(all="raise"):
        assert entry_sessions.regular(np.zeros(70, dtype=int), 1, seconds).p[0] < 1e-6


def test_zigzags_are_counted_and_ordinary_mixtures_of_two_values_are_not() -> None:
    rng = np.random.default_rng(7)
    rows = rng.choice([3, 4], size=(200, 9))
    few, _, pattern = careless.patterns(levels(pd.DataFrame(rows, columns=ITEMS)))
    assert straightlining.drawn(few, pattern, np.zeros(200, dtype=int), 1).p[0] > 0.01
    rows[:15] = [4, 3, 4, 3, 4, 3, 4, 3, 4]
    few, _, pattern = careless.patterns(levels(pd.DataFrame(rows, columns=ITEMS)))
    found = straightlining.drawn(few, pattern, np.zeros(200, dtype=int), 1)
    assert found.p[0] < 1e-6


def test_correlated_answers_predict_the_straight_lines_that_honest_units_have(
    simulation: ModuleType,
) -> None:
    rng = np.random.default_rng(9)
    scores = simulation.respond(rng, np.full(4000, 0.3))
    lv = levels(pd.DataFrame(scores, columns=ITEMS))
    seen = careless.straightline(lv).mean()
    unit = np.zeros(4000, dtype=int)
    predicted = straightlining.likely(straightlining.sums(lv, np.arange(4000), unit, 1), len(ITEMS))[0]
    assert predicted == pytest.approx(seen, abs=0.08)


def test_the_interviewer_s_share_of_variance_agrees_with_analysis_of_variance() -> None:
    from scipy.stats import f_oneway

    rng = np.random.default_rng(10)
    who = rng.integers(0, 4, 200)
    score = rng.normal(3.4, 0.3, 200) + np.array([0, 0, 0.2, -0.2])[who]
    value, p, k, n = interviewers.icc(score, np.zeros(200, dtype=int), who, 1)
    assert p[0] == pytest.approx(f_oneway(*(score[who == i] for i in range(4))).pvalue, abs=1e-12)
    assert (k[0], n[0]) == (4, 200)
    assert 0 < value[0] < 1


# --- the verdict ------------------------------------------------------------------------------


def signal(*p: float) -> row_order.Signal:
    return row_order.Signal(np.array(p), ONE)


def test_error_is_controlled_over_kinds_and_over_units() -> None:
    rows, judged = np.full(40, 50), np.ones(40, dtype=bool)
    p = np.append(4e-4, np.full(39, 0.5))
    alone = doubt_tests.verdicts(doubt_tests.Evidence({"zigzag": signal(4e-4)}), rows[:1], judged[:1])
    among = doubt_tests.verdicts(doubt_tests.Evidence({"zigzag": signal(*p)}), rows, judged)
    assert alone.asked.tolist() == [True]
    assert not among.asked.any()
    assert among.adjusted[0] == pytest.approx(40 * 4e-4)
    both = {"zigzag": signal(4e-4), "copied_row": signal(1.0)}
    two = doubt_tests.verdicts(doubt_tests.Evidence(both), rows[:1], judged[:1])
    share = doubt_tests.SHARES
    assert two.p[0] == pytest.approx(4e-4 * (share["zigzag"] + share["copied_row"]) / share["zigzag"])
    assert sum(share.values()) == pytest.approx(1)


def test_few_rows_and_unlisted_groups_carry_no_verdict() -> None:
    found = doubt_tests.verdicts(
        doubt_tests.Evidence({"zigzag": signal(1e-12, 1e-12)}), np.array([6, 50]), np.array([True, False])
    )
    assert np.isnan(found.p).all()
    assert not found.asked.any()


def test_dissatisfied_people_are_no_reason_to_ask() -> None:
    rng = np.random.default_rng(11)
    rows = pd.DataFrame(rng.choice([3, 4], size=(300, 9)), columns=ITEMS)
    rows.iloc[rng.choice(300, 5, replace=False), :9] = rng.choice([1, 3], size=(5, 9))
    rows["unit"] = "a"
    table = integrity.table(rows, rows[ITEMS])
    assert results.pick(table, scope="unit", statistic="mahalanobis").numerator.iloc[0] >= 4
    assert results.pick(table, scope="unit", statistic="integrity_verdict").text.tolist() == [
        "nothing-unusual"
    ]
    assert results.pick(table, scope="unit", statistic="any").numerator.tolist() == [0]


def test_rows_dated_outside_the_fieldwork_are_flagged_and_left_in() -> None:
    import datetime as dt

    rng = np.random.default_rng(12)
    rows = pd.DataFrame(rng.choice([3, 4], size=(60, 9)), columns=ITEMS)
    rows["unit"] = "a"
    rows["answered_at"] = pd.Timestamp("2024-03-01 09:00") + pd.to_timedelta(np.arange(60) * 11, unit="h")
    period = (dt.date(2024, 3, 2), dt.date(2024, 3, 20))
    day = rows.answered_at.dt.date
    outside = ((day < period[0]) | (day > period[1])).to_numpy()
    assert 0 < outside.sum() < 60
    found = integrity.flags(rows, period=period)
    np.testing.assert_array_equal(found.outside_period, outside)
    table = integrity.table(rows, rows[ITEMS], period=period)
    (row,) = results.pick(
        table, scope="unit", statistic="ikm_without_flagged", method="outside_period"
    ).itertuples()
    assert row.n == 60 - outside.sum()


def test_every_verdict_has_words_without_claims_in_both_languages() -> None:
    for lang in ("id", "en"):
        w = Words(lang)  # type: ignore[arg-type]
        for status in ("needs-explaining", "nothing-unusual", "cannot-judge", "too-few", "excluded"):
            for first in ("2022-03-28", ""):
                for reason in doubt_tests.WHY if status == "cannot-judge" else ("",):
                    seen = tuple(Evidence(kind, 12, first, first) for kind in doubt_tests.KINDS)
                    flags = (("burst", 3), ("midnight", 9))
                    v = Integrity(
                        status, seen, 40, 12, 2, 30, 97.0, 84.0, flags, reason, ("zigzag",),
                        (("uniform_block", "mostly-alike"),), 9,
                    )  # fmt: skip
                    said = "".join(text for text, _ in words.integrity(w, v))
                    assert narrative.unearned(said, lang) == []
                    assert "{" not in said
                    for kept in ("A", "B"):
                        assert "{" not in "".join(
                            t for t, _ in words.without(w, Doubt(3, 40, "A", 80.0, kept))
                        )


def test_the_first_page_says_the_verdict_and_never_a_count_of_flags() -> None:
    w = Words("id")
    v = Integrity("nothing-unusual", (), 224, 224, 1, 45, None, None, (("bulk_entry", 224),), "", ("zigzag",))
    for said in (words.status(w, v), words.status(w, replace(v, status="needs-explaining"))):
        assert said
        assert not any(character.isdigit() for text, _ in said for character in text)


# --- the real surveys -------------------------------------------------------------------------
