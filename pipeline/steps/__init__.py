"""What the stage notebooks call: a survey's answers in, result tables out, saved.

The statistics know nothing of files or definitions. These functions read the definition
(scale, weights, parents, types, populations), hand the statistics what they need, suppress
what too few people stand behind, and write one table per module.
"""

from pipeline.steps.answers import ASKED_FILE, UNITS_FILE, Answers, keep, open_answers, open_survey, unit_list
from pipeline.steps.compare import adjustment, city, comparison, equity, importance, ranking, verdicts
from pipeline.steps.constructs import constructs
from pipeline.steps.export import export as export_answers
from pipeline.steps.files import save
from pipeline.steps.followup import followup
from pipeline.steps.instruments import instruments
from pipeline.steps.outside import outside
from pipeline.steps.sets import SetResults, named_set
from pipeline.steps.tables import (
    association,
    factors,
    index,
    integrity,
    invariance,
    priorities,
    profile,
    reliability,
    sampling,
    validity,
)
from pipeline.steps.waves import conditions, earlier_answers, trend
from pipeline.steps.workbench import Tables

__all__ = [
    "ASKED_FILE", "UNITS_FILE", "Answers", "SetResults", "Tables", "adjustment", "association", "city",
    "comparison", "conditions", "constructs", "earlier_answers", "equity", "export_answers", "factors", "followup",
    "importance", "index", "instruments", "integrity", "invariance", "keep", "named_set", "open_answers",
    "open_survey", "outside", "priorities", "profile", "ranking", "reliability", "sampling", "save", "trend",
    "unit_list", "validity", "verdicts",
]  # fmt: skip
