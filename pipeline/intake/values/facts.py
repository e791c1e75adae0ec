"""Which items, as this survey asked them, state a fact rather than an opinion.

The regulation's options for cost run from "sangat mahal" to "gratis", those for complaints from
"tidak ada" to "dikelola dengan baik": they state what the tariff is and whether a channel exists.
Many offices ask the same unsur with other options ("tidak sesuai" to "sangat sesuai"); saying of
those that they state a fact would be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.rules import Rule

_NOT_WORDS = re.compile(r"[^a-z]+")


def _fold(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def fact_items(
    mapping: pd.DataFrame, rule: Rule, stated: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """Items of the rule marked ``states_fact`` whose options, where recorded, are the rule's own.

    Parameters
    ----------
    mapping : DataFrame
        The audit of answers (``Intake.mapping``): columns ``item`` and ``text``.
    rule : Rule
    stated : mapping of item to texts, optional
        Options that the definition says were printed.

    Returns
    -------
    list of str
        Codes in the rule's order. Where only scores or letters were recorded, what the definition states
        counts; where it states nothing either, the official questionnaire is assumed.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline import rules
    >>> asked = pd.DataFrame({"item": ["U4", "U8"], "text": ["Gratis", "Sangat Sesuai"]})
    >>> fact_items(asked, rules.load("14/2017"))
    ['U4']
    >>> fact_items(asked[:0], rules.load("14/2017"), {"U4": ["Tidak wajar", "Wajar"]})
    ['U8']
    """
    found = []
    for unsur in rule.unsur:
        if not unsur.states_fact:
            continue
        texts = mapping.loc[mapping["item"].astype(str) == unsur.code, "text"].dropna().astype(str)
        words = {folded for text in texts if len(folded := _fold(text)) > 1}
        words = words or {_fold(text) for text in (stated or {}).get(unsur.code, ())}
        official = [_fold(option.text["id"]) for option in unsur.options]
        if not words or _any_official(words, official):
            found.append(unsur.code)
    return found


def _any_official(words: set[str], official: Sequence[str]) -> bool:
    return any(option in word for option in official for word in words)
