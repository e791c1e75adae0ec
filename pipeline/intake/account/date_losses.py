"""What is said of the dates of a whole survey: none at all, those of another year, those that nobody can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.intake.ground.problems import LARGE, Problem
from pipeline.survey import Survey

if TYPE_CHECKING:
    import pandas as pd

#: At most so many years, or texts, are named.
NAMED = 5
UNREAD = ("unreadable-date", "impossible-date")


def doubts(frame: pd.DataFrame, ledger: pd.DataFrame, survey: Survey) -> list[Problem]:
    """Return what is to be said of the dates of all answers."""
    return _undated(survey) + _other_years(frame, survey) + _unread(frame, ledger)


def _undated(survey: Survey) -> list[Problem]:
    """A document carries the survey's date, never today's: without one it would fail only at the reports."""
    work = survey.definition.fieldwork
    if survey.years or work.start or work.end or work.extracted:
        return []
    return [
        Problem(
            "names no year and states no `fieldwork:`: PDF and Word files that need the survey's date will not be made",
            "state `fieldwork:` with start and end, or a `period:` with a year",
            file="survey.yml", fatal=False, first=True,
        )
    ]  # fmt: skip


def _other_years(frame: pd.DataFrame, survey: Survey) -> list[Problem]:
    named_years = survey.years
    if named_years is None:
        return []
    work = survey.definition.fieldwork
    first = min(named_years[0], work.start.year if work.start else 9999)
    last = max(named_years[1], work.end.year if work.end else 0)
    years = frame["answered_at"].dt.year.value_counts()
    strange = years[(years.index < first) | (years.index > last)]
    if not len(strange):
        return []
    # With a word between the numbers: years in a row would look like a number to be masked.
    period = "-".join(str(year) for year in dict.fromkeys(named_years))
    named = ", ".join(f"{int(n)} in {int(year)}" for year, n in sorted(strange.items())[:NAMED])
    rest = f"; and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
    return [
        Problem(
            f"{int(strange.sum())} of {int(years.sum())} dates are not in {period} but elsewhere: {named}{rest}",
            "look at them in the ledger once `fieldwork:` is stated: answers outside are flagged there",
            fatal=False, first=True,
        )
    ]  # fmt: skip


def _unread(frame: pd.DataFrame, ledger: pd.DataFrame) -> list[Problem]:
    """Return one sentence per column in which many dates cannot be read."""
    lost = ledger.loc[ledger["reason"].isin(UNREAD), ["column", "value"]].astype(str)
    problems = []
    for column, found in lost.groupby("column", sort=True)["value"]:
        if len(found) <= LARGE * len(frame):
            continue  # so few are found in the ledger
        counts = found.value_counts()
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f'"{text}" ({n})' for text, n in order[:NAMED])
        rest = f"; and {len(order) - NAMED} more" if len(order) > NAMED else ""
        problems.append(
            Problem(
                f"{len(found)} of {len(frame)} dates cannot be read: {named}{rest}",
                "these answers count without a date; correct the column, or name another one under `columns:`",
                column=str(column), fatal=False, first=True,
            )
        )  # fmt: skip
    return problems
