"""The years of a survey: however its period is written, a report has a date, and none is today's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.intake.values import calendars
from pipeline.report.city.head import end_date
from pipeline.report.unit.head import report_date
from pipeline.survey.definition import Definition
from pipeline.survey.folder import Survey
from pipeline.survey.period import is_period
from pipeline.words import Words, places

PERIODS = {
    "2025": (2025, 2025), "2025-s1": (2025, 2025), "Semester I 2025": (2025, 2025), "Juli-Agustus 2020": (2020, 2020),
    "2024/2025": (2024, 2025), "Juli 2024 - Juni 2025": (2024, 2025), "semester pertama": (2023, 2023),
}  # fmt: skip


def survey(period: str, name: str = "2023") -> Any:
    return SimpleNamespace(
        definition=Definition.model_validate({"title": "t", "period": period, "files": []}),
        name=name,
        period=period or name,
    )


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_in_words_names_its_years_as_one_in_figures_does(period: str) -> None:
    assert Survey.years.fget(survey(period)) == PERIODS[period]  # type: ignore[attr-defined]


def test_numbers_longer_than_a_year_are_none_and_without_any_there_is_none() -> None:
    assert Survey.years.fget(survey("120250", "mpp")) is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("period", PERIODS)
def test_a_report_without_fieldwork_and_dates_carries_the_last_day_of_its_periods_last_year(
    period: str,
) -> None:
    made = survey(period)
    made.years = PERIODS[period]
    report = SimpleNamespace(survey=made, responses={})
    assert end_date(report) == report_date(report) == f"{PERIODS[period][1]}-12-31"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["2024", "2024-s2", "2024-tw4", "2024-q1", "2024-12", "2024-s3", "2024-13", "2024-x", "202"]
)
def test_what_is_a_period_is_written_in_words_and_nothing_else_is(name: str) -> None:
    assert (places.period(Words("id"), name) != name) == is_period(name)


def test_a_half_year_ends_with_its_sixth_month_and_a_year_alone_decides_no_day() -> None:
    for name, span in (
        ("2024-s1-kota", ((2024, 1), (2024, 7))),
        ("2024-tw4", ((2024, 10), (2025, 1))),
        ("2024", None),
    ):
        found = calendars.span_of(None, None, name)
        assert (found and tuple((day.year, day.month) for day in found)) == span
