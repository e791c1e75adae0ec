"""What is known of one unit's survey, publication and follow-up: rows of its report, and what the office gives."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline import rules
from pipeline.report.base.at_random import at_random
from pipeline.report.data.kind import ALIKE, EMPTY, WHOLE
from pipeline.report.data.unit import estimate
from pipeline.report.unit.actions import MODULE, OWN

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.results import Row
    from pipeline.survey.evidence import Given, Publication

#: The regulation whose survey the indicators ask for, and its scale.
REGULATION, SCALE = "14/2017", (1, 4)


@dataclass(frozen=True)
class Known:
    """One unit, as far as an evaluator can be shown it.

    Parameters
    ----------
    u : UnitReport
    given : Given
        What the office gives in ``evidence.yml``.
    made : collection of str
        Files that there are, below the survey's reports.
    plan_of : str
        The survey whose plans are accounted for, of every unit the same: an earlier one, else this one (empty).
    before : str
        Report of the earlier survey whose plan is accounted for, below ``reports``; empty: there is none.
    """

    u: UnitReport
    given: Given
    made: Collection[str] = ()
    plan_of: str = OWN
    before: str = ""

    @property
    def told(self) -> bool:
        """Whether more than the number of answers may be told (R6)."""
        return self.u.kind in (WHOLE, ALIKE)

    @property
    def empty(self) -> bool:
        """Whether nobody answered."""
        return self.u.kind == EMPTY

    # the survey --------------------------------------------------------------------------
    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Unsur of the regulation that the unit asked and somebody answered."""
        rows = self.u.by_item("index", "nrr")
        return tuple(
            code for code in rules.load(REGULATION).codes
            if code in rows and (estimate(rows[code]) is not None or rows[code].reason == "no-variance"
                                 or rows[code].reason == "suppressed")
        )  # fmt: skip

    @property
    def all_unsur(self) -> bool:
        """Whether all nine were asked."""
        return len(self.asked) == len(rules.load(REGULATION).codes)

    @property
    def official(self) -> bool:
        """Whether rule and scale are the regulation's, so that the index has a letter."""
        return self.u.survey.definition.rule == REGULATION and not self.u.foreign and self.u.scale == SCALE

    @property
    def enough(self) -> bool | None:
        """Whether there are as many valid answers as the regulation asks for; None: the users are not known."""
        return None if self.u.required is None else self.u.n_valid >= self.u.required

    @property
    def random(self) -> bool | None:
        """Whether respondents were chosen at random, as the definition says; None: it says nothing."""
        sampling = self.u.survey.definition.sampling
        return at_random(sampling) if sampling else None

    @property
    def conforms(self) -> bool | None:
        """Whether the survey was carried out as the regulation says; None where an evaluator has to judge it.

        Nine unsur on its scale are asked for without a doubt. How many respondents lack, and whether they were chosen
        at random, an evaluator weighs.
        """
        if not (self.all_unsur and self.official):
            return False
        return True if self.enough and self.random else None

    # publication -------------------------------------------------------------------------
    @cached_property
    def publication(self) -> list[Publication] | None:
        """Publications of this unit's results; None where the office states nothing of any."""
        return self.given.publication(self.u.unit.id) if self.given.states_publication else None

    def published(self, electronic: bool) -> bool | None:
        """Whether they were published on such a medium; None where nothing, or nothing with evidence, was stated."""
        if self.publication is None:
            return None
        plain = rules.conduct().non_electronic
        of_kind = [one for one in self.publication if (one.medium not in plain) is electronic]
        if any(one.documented for one in of_kind):
            return True
        return None if of_kind else False

    @property
    def media(self) -> tuple[list[str], list[str]]:
        """Media that surely count for indicator 7, and those that may: shown is method, process and result."""
        whole, found = set(rules.conduct().shows), self.publication or []
        surely: list[str] = [one.medium for one in found if one.documented and set(one.shows) == whole]
        perhaps: list[str] = [
            one.medium for one in found
            if one.medium not in surely and (not one.shows or set(one.shows) == whole)
        ]  # fmt: skip
        return surely, perhaps

    # follow-up ---------------------------------------------------------------------------
    def plan(self, statistic: str) -> Row | None:
        """Row of that plan; None where no plan was asked of the unit."""
        return self.u.first(MODULE, statistic, other=self.plan_of, group="")

    def count(self, statistic: str) -> int | None:
        """A count of that plan; None where there is no plan at all."""
        value = estimate(self.plan(statistic))
        return None if value is None else int(value)

    @property
    def followed(self) -> bool:
        """Whether something of the plan is finished."""
        return bool(self.count("done"))

    # files -------------------------------------------------------------------------------
    def page(self, name: str) -> str:
        """Address of one of the unit's files below the survey's reports; empty where it is not there."""
        path = f"public/units/{self.u.survey.slug(self.u.unit.id)}/{name}"
        return path if path in self.made else ""
