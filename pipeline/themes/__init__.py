"""What suggestions speak of: a list of keywords per theme, looked for in every text.

Examples
--------
>>> import pandas as pd
>>> from pipeline import themes
>>> themes.judge(pd.Series(["Toilet kotor"]), themes.built_in())["unsur"].tolist()
[('U9',)]
"""

from __future__ import annotations

from pipeline.themes.counts import of_items, of_themes
from pipeline.themes.judge import JUNK, OTHER, judge
from pipeline.themes.model import Model, built_in, compiled, of_survey

__all__ = ["JUNK", "OTHER", "Model", "built_in", "compiled", "judge", "of_items", "of_survey", "of_themes"]
