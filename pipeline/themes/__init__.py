"""What suggestions speak of: a list of keywords per theme, looked for in every text.

No feeling is scored, and nothing is written or drawn here.

Examples
--------
>>> import pandas as pd
>>> from pipeline import themes
>>> themes.judge(pd.Series(["Toilet kotor"]), themes.built_in())["unsur"].tolist()
[('U9',)]
"""

from __future__ import annotations

from pipeline.themes.counts import Tally, leading, of_items, of_junk, of_themes, same
from pipeline.themes.judge import JUNK, OTHER, judge
from pipeline.themes.model import Model, built_in, compiled, of_survey
from pipeline.themes.pooled import Pooled, over_units
from pipeline.themes.quotes import asks, fit_to_quote

__all__ = [
    "JUNK", "OTHER", "Model", "Pooled", "Tally", "asks", "built_in", "compiled", "fit_to_quote", "judge", "leading",
    "of_items",    "of_junk", "of_survey", "of_themes", "over_units", "same",
]  # fmt: skip
