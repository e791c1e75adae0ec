"""The years of a survey: however its period is written, a report has a date, and none is today's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.report.city.head import end_date
from pipeline.report.unit.head import report_date
from pipeline.survey.definition import Definition
from pipeline.survey.folder import Survey

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
