"""The sections of ``6-overview`` and ``6-annex`` under one name: each is a function of a city.

The sections live in `pipeline.report.city`, one module each; nothing is worded or drawn here.
"""

from __future__ import annotations

from pipeline.report.base.from_outside import city_outside
from pipeline.report.city.annex import groups, intake, method
from pipeline.report.city.equity import adjustment, equity
from pipeline.report.city.followup import followup, followup_of_many
from pipeline.report.city.funnel import bands
from pipeline.report.city.head import alternatives, alternatives_of, annex_head, head, left_out, summary
from pipeline.report.city.importance import importance
from pipeline.report.city.integrity import integrity
from pipeline.report.city.items import heatmap, unsur
from pipeline.report.city.lagging import lagging
from pipeline.report.city.letters import letters, targets
from pipeline.report.city.pairs import pairs
from pipeline.report.city.psychometrics.chapter import psychometrics
from pipeline.report.city.ranking import ranking, ranking_of_many, strip, units
from pipeline.report.city.release import release
from pipeline.report.city.spread import spread
from pipeline.report.city.support import needs_help, needs_of_all
from pipeline.report.city.target import target
from pipeline.report.city.tests import adequacy, comparison, reliability
from pipeline.report.city.themes import suggestions
from pipeline.report.city.trend import changes_of_units, trend
from pipeline.report.data.city import CityReport, open_city

__all__ = [
    "CityReport", "adequacy", "adjustment", "alternatives", "alternatives_of", "annex_head", "bands",
    "changes_of_units", "city_outside", "comparison", "equity", "followup", "followup_of_many", "groups", "head",
    "heatmap", "importance", "intake", "integrity", "lagging", "left_out", "letters", "method", "needs_help",
    "needs_of_all", "open_city", "pairs", "psychometrics", "ranking", "ranking_of_many", "release", "reliability",
    "spread", "strip",
    "suggestions", "summary", "target", "targets", "trend", "units", "unsur",
]  # fmt: skip
