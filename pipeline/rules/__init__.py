"""The regulations as data: unsur, questions, options, weights, letter bounds, sample size.

``load("14/2017")`` returns a frozen `Rule`; ``letter(index, rule)`` decides the letter from an
exact number. Nothing here imports anything of the house or a heavy package.
"""

from __future__ import annotations

from .conduct import Conduct, Duty, Kind, conduct, duties
from .exact import (
    Exact,
    WeightError,
    cuts,
    exact,
    grade,
    letter,
    parse_weight,
    parse_weights,
    round_half_up,
)
from .foreign import factor, foreign
from .instrument import IndexRule, Threshold, index_rule, index_rules
from .model import Letter, Option, PrintedWeight, Rule, RuleError, SampleRule, Text, Unsur
from .regulations import DEFAULT, load, names
from .rubric import Rubric, follow_up, months_after, months_between
from .sample import (
    INFORMATION,
    INFORMATION_BELOW,
    PRIVACY,
    PRIVATE_BELOW,
    TESTED_FROM,
    enough,
    required,
    sign,
    tabled,
)
from .sample import table as sample_table

__all__ = [
    "DEFAULT",
    "INFORMATION",
    "INFORMATION_BELOW",
    "PRIVACY",
    "PRIVATE_BELOW",
    "TESTED_FROM",
    "Conduct",
    "Duty",
    "Exact",
    "IndexRule",
    "Kind",
    "Letter",
    "Option",
    "PrintedWeight",
    "Rubric",
    "Rule",
    "RuleError",
    "SampleRule",
    "Text",
    "Threshold",
    "Unsur",
    "WeightError",
    "conduct",
    "cuts",
    "duties",
    "enough",
    "exact",
    "factor",
    "follow_up",
    "foreign",
    "grade",
    "index_rule",
    "index_rules",
    "letter",
    "load",
    "months_after",
    "months_between",
    "names",
    "parse_weight",
    "parse_weights",
    "required",
    "round_half_up",
    "sample_table",
    "sign",
    "tabled",
]
