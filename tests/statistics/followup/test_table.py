"""What became of a plan: counts by hand, lateness by the survey's day, and the evaluator's rubric at its borders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from pipeline import results, rules
from pipeline.statistics.followup.table import COLUMNS, table

ISSUED, ON = date(2024, 12, 5), date(2025, 12, 5)


def action(
    number: int, status: str = "planned", due: date | None = None, done: date | None = None, unit: str = "a"
) -> Any:
    return (str(number), unit, "U3", f"kegiatan {number}", "Sekretariat", due, status, done, "")


def made(
    *rows: Any, units: tuple[str, ...] = ("a",), on: date | None = ON, issued: date | None = ISSUED
) -> pd.DataFrame:
    return table(
        pd.DataFrame(rows, columns=list(COLUMNS), dtype=object),
        units=units,
        on=on,
        issued=issued,
        survey="2025",
    )


def of(frame: pd.DataFrame, statistic: str, **where: str) -> results.Row:
    (row,) = results.rows_of(
        results.pick(frame, statistic=statistic, **{"scope": "unit", "group": "", "unit": "a", **where})
    )
    return row


def test_counts_agree_with_a_hand_count_and_what_was_dropped_was_planned() -> None:
    found = made(
        action(1, "done", date(2025, 3, 1), date(2025, 4, 1)), action(2, "in-progress", date(2025, 6, 1)),
        action(3, "planned", date(2026, 1, 1)), action(4, "dropped", date(2025, 2, 1)), action(5, "planned"),
    )  # fmt: skip
    expected = {
        "planned": 5, "done": 1, "in_progress": 1, "open": 3, "dropped": 1, "late": 1, "late_cannot_tell": 1,
        "percent_done": 20.0, "pekppp_8": 2,
    }  # fmt: skip
    assert {statistic: of(found, statistic).estimate for statistic in expected} == expected
    (late,) = results.rows_of(found[found["statistic"] == "days_late"])
    assert (late.group, late.estimate) == ("2", (ON - date(2025, 6, 1)).days)


def test_nothing_is_late_on_the_day_it_is_due_nor_without_a_day_to_judge_by() -> None:
    assert of(made(action(1, due=ON)), "late").estimate == 0
    assert of(made(action(1, due=ON - timedelta(1))), "late").estimate == 1
    unknown = of(made(action(1, due=ON - timedelta(1)), on=None), "late")
    assert (unknown.estimate != unknown.estimate, unknown.reason) == (True, "no-date")


@pytest.mark.parametrize(
    ("done", "running", "planned", "score"),
    [(0, 0, 3, 1), (0, 1, 3, 2), (29, 0, 100, 2), (30, 0, 100, 3), (80, 0, 100, 3), (81, 0, 100, 4),
     (99, 0, 100, 4), (100, 0, 100, 5), (4, 0, 5, 3), (1, 0, 1, 5)],
)  # fmt: skip
def test_indicator_8_changes_exactly_at_its_borders(
    done: int, running: int, planned: int, score: int
) -> None:
    rows = [action(i, "done") for i in range(done)] + [
        action(i + done, "in-progress") for i in range(running)
    ]
    rows += [action(i, "planned") for i in range(len(rows), planned)]
    assert of(made(*rows), "pekppp_8").estimate == score


def test_a_unit_without_a_plan_scores_zero_and_has_no_per_cent() -> None:
    found = made(action(1, unit="b"), units=("a", "b"))
    assert of(found, "pekppp_8").estimate == 0
    assert (of(found, "percent_done").reason, of(found, "pekppp_9").reason) == ("no-plan", "no-plan")


@pytest.mark.parametrize(
    ("last", "score"),
    [(date(2025, 1, 5), 5), (date(2025, 1, 6), 4), (date(2025, 3, 5), 4), (date(2025, 3, 6), 3), (date(2025, 6, 5), 3),
     (date(2025, 9, 5), 2), (date(2025, 12, 5), 1), (date(2024, 11, 1), 5)],
)  # fmt: skip
def test_indicator_9_counts_calendar_months_from_the_report_to_the_last_day(last: date, score: int) -> None:
    found = made(action(1, "done", done=date(2024, 12, 6)), action(2, "done", done=last)) if last > ISSUED else made(
        action(1, "done", done=last))  # fmt: skip
    assert of(found, "pekppp_9").estimate == score


@pytest.mark.parametrize("last", [ISSUED + timedelta(days=7 * n) for n in range(56)])
def test_printed_months_and_score_never_contradict_one_another(last: date) -> None:
    found = made(action(1, "done", done=last))
    months, score = of(found, "months_to_close").estimate, of(found, "pekppp_9")
    steps = {1: 5, 3: 4, 6: 3, 9: 2, 12: 1}
    expected = next((points for most, points in steps.items() if months <= most), None)
    assert (None if score.estimate != score.estimate else score.estimate) == expected
    assert (score.reason == "beyond-rubric") == (expected is None)


@pytest.mark.parametrize(
    ("rows", "issued", "reason"),
    [
        ([action(1, "done", done=date(2025, 1, 1))], None, "no-report-date"),
        ([action(1, "done")], ISSUED, "no-day-done"),
        ([action(1, "done", done=date(2025, 1, 1)), action(2, "dropped")], ISSUED, "not-all-done"),
        ([action(1, "in-progress")], ISSUED, "not-all-done"),
    ],
)
def test_where_speed_cannot_be_told_it_is_nan_with_the_reason(
    rows: list[Any], issued: date | None, reason: str
) -> None:
    found = made(*rows, issued=issued)
    for statistic in ("months_to_close", "pekppp_9"):
        row = of(found, statistic)
        assert (row.estimate != row.estimate, row.reason) == (True, reason)
        assert row.reason in results.REASONS


def test_the_city_is_the_sum_of_its_units_and_units_of_no_list_are_in_neither() -> None:
    rows = [action(1, "done"), action(1, "planned", date(2025, 1, 1), unit="b"), action(2, "planned", unit="b"),
            action(9, "done", unit="asing")]  # fmt: skip
    found = made(*rows, units=("a", "b", "c"))
    for statistic in ("planned", "done", "open", "late", "dropped"):
        city = of(found, statistic, scope="city", unit="").estimate
        assert city == sum(of(found, statistic, unit=u).estimate for u in "abc"), statistic
    assert of(found, "units", scope="city", unit="").numerator == 2
    assert of(found, "units_late", scope="city", unit="").numerator == 1
    assert "asing" not in set(found["unit"])


def test_an_empty_plan_makes_a_table_of_the_tidy_shape() -> None:
    found = made(units=())
    assert list(found.columns) == list(results.COLUMNS)
    assert of(found, "planned", scope="city", unit="").estimate == 0


def test_months_later_is_the_same_day_or_the_months_last() -> None:
    assert rules.months_after(date(2025, 10, 31), 1) == date(2025, 11, 30)
    assert rules.months_after(date(2024, 12, 31), 2) == date(2025, 2, 28)
    assert rules.months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
