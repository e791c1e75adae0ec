"""The regulations as data: unsur, questions, options, weights, letter bounds, sample size.

``load("14/2017")`` returns a frozen `Rule`; ``letter(index, rule)`` decides the letter from an
exact number. Nothing here imports anything of the house or a heavy package.
"""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache
from importlib import resources

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
from .model import Letter, Option, PrintedWeight, Rule, RuleError, SampleRule, Text, Unsur

DEFAULT = "permenpanrb-14-2017"

__all__ = [
    "DEFAULT",
    "Exact",
    "Letter",
    "Option",
    "PrintedWeight",
    "Rule",
    "RuleError",
    "SampleRule",
    "Text",
    "Unsur",
    "WeightError",
    "cuts",
    "exact",
    "grade",
    "letter",
    "load",
    "names",
    "parse_weight",
    "parse_weights",
    "round_half_up",
]


def names() -> tuple[str, ...]:
    """Names of the regulations that travel with the package, newest first.

    Examples
    --------
    >>> names()[0]
    'permenpanrb-14-2017'
    """
    return tuple(rule.id for rule in sorted(_all(), key=lambda rule: -rule.year))


@cache
def _all() -> tuple[Rule, ...]:
    from .model import from_yaml

    folder = resources.files(__name__)
    texts = [f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".yml")]
    return tuple(from_yaml(text) for text in sorted(texts))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


@lru_cache(maxsize=64)
def load(name: str = DEFAULT) -> Rule:
    """Load a regulation by its name or by number and year.

    Parameters
    ----------
    name : str
        ``"permenpanrb-14-2017"``, ``"14/2017"``, ``"PermenPANRB 14/2017"``, ...

    Raises
    ------
    RuleError
        If no regulation has this name; the message suggests the nearest.

    Examples
    --------
    >>> load("14/2017").id
    'permenpanrb-14-2017'
    """
    known = {_key(alias): rule for rule in _all() for alias in (rule.id, rule.short, *rule.aliases)}
    rule = known.get(_key(str(name)))
    if rule is not None:
        return rule
    near = difflib.get_close_matches(_key(str(name)), known, n=1, cutoff=0.4)
    hint = f"; did you mean {known[near[0]].id!r}?" if near else ""
    raise RuleError(f"no regulation is called {name!r}{hint} (known: {', '.join(names())})")
