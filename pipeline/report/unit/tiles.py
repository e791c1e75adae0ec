"""The tiles of page one: target, change, place among its kind, and who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.at_random import how_drawn
from pipeline.report.unit import verdicts
from pipeline.survey import UNKNOWN_UNIT
from pipeline.words import page_one
from pipeline.words.narrative import Runs

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


def tiles(u: UnitReport) -> Any:
    """What decides, beside the number: each tile is a verdict with the numbers it was made from."""
    return blocks.facts([*target(u), *moved(u), *stands(u), fact_sample(u)])


def target(u: UnitReport) -> list[Any]:
    """Whether the unit's target is reached, by the test of the city's page; nothing where none is set."""
    verdict = verdicts.target(u)
    return [] if verdict is None else [blocks.fact(*page_one.target(u.words, verdict))]


def moved(u: UnitReport) -> list[Any]:
    """What changed since the survey that the section on change tells of, too."""
    if u.ikm is None or u.unit.id == UNKNOWN_UNIT:
        return []
    w, last = u.words, u.years.against(u.unit.id)
    if last:
        return [blocks.fact(*page_one.moved(w, u.years.change(u.unit.id, last)))]
    if not u.years.earlier and not u.years.unread:
        return []
    key = "first" if u.years.earlier else "unread"
    return [blocks.fact(w(f"pageone.moved.{key}.tile"), w(f"pageone.moved.{key}.label"))]


def stands(u: UnitReport) -> list[Any]:
    """Where the unit stands among the others, where it takes part in a comparison (R6, R14)."""
    verdict = verdicts.position(u)
    if u.sign or not verdict.relation:
        return []
    return [blocks.fact(*page_one.stands(u.words, verdict))]


def fact_sample(u: UnitReport) -> Any:
    """Valid answers, and how many the regulation asks for."""
    w, s = u.words, verdicts.sample(u)
    if s.required is None:
        note = w("unit.summary.fact_sample_unknown")
    else:
        note = w(
            "unit.summary.fact_sample", required=w.integer(s.required), population=w.integer(s.population)
        )
    return blocks.fact(w.integer(u.n_valid), w("unit.summary.fact_valid", n=u.n_valid), note)


def sampled(u: UnitReport) -> Runs:
    """Say whether respondents are a random sample, or that it is not known; of a census the letter speaks (R17)."""
    if verdicts.sample(u).status == "census":
        return []
    return u.words.runs(f"pageone.sample.{how_drawn(u.survey.definition.sampling)}")
