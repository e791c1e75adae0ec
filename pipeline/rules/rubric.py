"""How evaluators score the follow-up of a survey (PEKPPP indicators 8 and 9), as data: ``evaluation/pekppp.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from .datafile import packed
from .model import RuleError, Text, text_of


@dataclass(frozen=True)
class Step:
    """One score and the condition under which it is given; what is not asked is None or False."""

    score: int
    no_plan: bool = False
    nothing_begun: bool = False
    below: Fraction | None = None
    at_most: Fraction | None = None
    at_least: Fraction | None = None
    months: int | None = None


@dataclass(frozen=True)
class Rubric:
    """The rubric of follow-up: the share that is finished, and how soon all of it was."""

    id: str
    short: str
    verified: bool
    source: str
    share_name: Text
    speed_name: Text
    share_steps: tuple[Step, ...]
    speed_steps: tuple[Step, ...]

    @property
    def longest(self) -> int:
        """Months after which no score of speed is given any more."""
        return max(step.months or 0 for step in self.speed_steps)

    def share(self, planned: int, done: int, begun: int) -> int:
        """Score of indicator 8.

        Parameters
        ----------
        planned, done, begun : int
            Actions planned; finished; finished or in progress.

        Examples
        --------
        >>> rubric = follow_up()
        >>> [rubric.share(*counts) for counts in ((0, 0, 0), (4, 0, 0), (4, 0, 1), (4, 1, 1), (10, 3, 3))]
        [0, 1, 2, 2, 3]
        >>> [rubric.share(*counts) for counts in ((5, 4, 4), (6, 5, 5), (5, 5, 5))]
        [3, 4, 5]
        """
        percent = Fraction(100 * done, planned) if planned else Fraction(0)
        for step in self.share_steps:
            if step.no_plan:
                fits = planned == 0
            elif step.nothing_begun:
                fits = begun == 0
            else:
                fits = (
                    (step.below is None or percent < step.below)
                    and (step.at_most is None or percent <= step.at_most)
                    and (step.at_least is None or percent >= step.at_least)
                )
            if fits:
                return step.score
        raise RuleError(f"{self.id}: no score for {done} of {planned}")

    def speed(self, issued: date, last: date) -> int | None:
        """Score of indicator 9 of a plan finished on ``last`` after a report of ``issued``; None: too late for any.

        Examples
        --------
        >>> rubric, day = follow_up(), date(2024, 11, 30)
        >>> [rubric.speed(day, d) for d in (date(2024, 12, 30), date(2024, 12, 31), date(2025, 2, 28))]
        [5, 4, 4]
        >>> rubric.speed(day, date(2025, 11, 30)), rubric.speed(day, date(2025, 12, 1))
        (1, None)
        """
        steps = sorted(self.speed_steps, key=lambda step: step.months or 0)
        return next((s.score for s in steps if last <= months_after(issued, s.months or 0)), None)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last where there is none.

    Examples
    --------
    >>> months_after(date(2024, 11, 30), 3), months_after(date(2024, 1, 31), 1)
    (datetime.date(2025, 2, 28), datetime.date(2024, 2, 29))
    """
    year, month = divmod(day.month - 1 + months, 12)
    following = date(day.year + year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(
        date(day.year + year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1)
    )


def months_between(first: date, last: date) -> float:
    """Months from one day to a later one: whole calendar months, then the part of the next; 0 where it is earlier.

    At most ``k`` exactly where ``last`` is no later than `months_after` of ``k``.

    Examples
    --------
    >>> months_between(date(2025, 1, 15), date(2025, 4, 15)), months_between(date(2025, 1, 15), date(2025, 1, 1))
    (3.0, 0.0)
    >>> round(months_between(date(2025, 1, 15), date(2025, 1, 30)), 3)
    0.484
    """
    if last <= first:
        return 0.0
    whole = 0
    while months_after(first, whole + 1) <= last:
        whole += 1
    start, end = months_after(first, whole), months_after(first, whole + 1)
    return whole + (last - start).days / (end - start).days


def evaluation(name: str) -> Mapping[str, Any]:
    """Content of one file under ``evaluation/``."""
    found: Mapping[str, Any] = packed(__package__, "evaluation", name)
    return found


@cache
def follow_up() -> Rubric:
    """Return the rubric of follow-up that travels with the package.

    Examples
    --------
    >>> follow_up().longest, follow_up().verified
    (12, False)
    """
    data = evaluation("pekppp.yml")
    share, speed = data["share"], data["speed"]
    return Rubric(
        id=data["id"], short=data["short"], verified=bool(data["verified"]), source=data["source"],
        share_name=text_of(share["name"]), speed_name=text_of(speed["name"]),
        share_steps=tuple(_step(entry) for entry in share["scores"]),
        speed_steps=tuple(_step(entry) for entry in speed["scores"]),
    )  # fmt: skip


def _step(entry: Mapping[str, Any]) -> Step:
    bounds = {k: Fraction(entry[k]) for k in ("below", "at_most", "at_least") if k in entry}
    return Step(
        score=int(entry["score"]), no_plan=bool(entry.get("no_plan")),
        nothing_begun=bool(entry.get("nothing_begun")),
        months=int(entry["months"]) if "months" in entry else None, **bounds,
    )  # fmt: skip
