"""The index beside the official one: weighted to a register, and its interval where answers go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.base.design_words import not_raked, raked_words
from pipeline.report.base.section import say

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.results import Row


def design(u: UnitReport) -> list[Any]:
    """Say both, where the definition names a register or clusters; else nothing."""
    return [raked(u, row) for row in u.rows("sampling", "ikm_raked")] + [
        clustered(u, row) for row in u.rows("sampling", "ikm_clustered")
    ]


def raked(u: UnitReport, row: Row) -> Any:
    """Say the index weighted to the register, or why there is none."""
    w = u.words
    if row.estimate != row.estimate:
        return say(w, "design.raked_not", style="note", **not_raked(w, row))
    official = u.ikm.estimate if u.ikm is not None else float("nan")
    if row.lower != row.lower:
        return say(w, "design.raked_flat", **raked_words(w, u.survey.definition, u.lang, row, {}))
    others = {
        "shift": u.value("sampling", "raking_shift"),
        "deff": u.value("sampling", "design_effect", method="raking"),
        "kish": u.value("sampling", "design_effect", method="kish"),
        "low": u.value("sampling", "weight_smallest"),
        "high": u.value("sampling", "weight_largest"),
    }
    words = raked_words(w, u.survey.definition, u.lang, row, others)
    return say(w, "design.raked", official=w.number(official), **words)


def clustered(u: UnitReport, row: Row) -> Any:
    """Say the interval that allows for one way answers go together, or why there is none."""
    w, way = u.words, row.method
    named = w(f"design.way.{way}")
    if row.estimate != row.estimate:
        return say(w, "design.clustered_not", style="note", way=named, reason=w.label("reason", row.reason))
    if row.lower != row.lower or u.ikm is None:
        return say(w, "design.clustered_flat", style="note", way=named)
    # By chance, or as each day had its share of everybody: the index is no more exact for that.
    narrow = row.upper - row.lower < u.ikm.upper - u.ikm.lower
    return say(
        w, "design.clustered_narrow" if narrow else "design.clustered", way=named,
        count=w.integer(row.denominator), interval=w.interval(row.lower, row.upper),
        official=w.interval(u.ikm.lower, u.ikm.upper), clusters=w(f"design.clusters.{way}"),
        deff=w.number(u.value("sampling", "design_effect", method=way)),
        icc=w.percent(u.value("sampling", "cluster_icc", method=way), 1),
    )  # fmt: skip
