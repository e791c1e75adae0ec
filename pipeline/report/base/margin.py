"""The margin within which a difference counts as none, and where it comes from (R14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.survey.context import Context
    from pipeline.words import Words


def margin_words(w: Words, opened: Context) -> str:
    """Say the margin of equivalence and its source: the definition, or the default with its reason.

    The default is no rule's: it is as much as some share of all answers moved by one step of the scale.
    """
    definition = opened.survey.definition
    margin = float(definition.equivalence_margin)
    if definition.states_margin:
        return w("compare.margin_stated", margin=w.number(margin, 1))
    return w("compare.margin_default", margin=w.number(margin, 1), share=w.percent(margin / opened.factor))
