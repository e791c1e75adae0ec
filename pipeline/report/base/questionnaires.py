"""What a survey's questionnaires and facets are called, and what any page picks of their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import results, rules
from pipeline.report.base.scale_verdicts import by_item
from pipeline.report.data.unit import estimate

if TYPE_CHECKING:
    from pipeline.report.base.scale_verdicts import Rows
    from pipeline.survey import Survey
    from pipeline.survey.context import Context
    from pipeline.words import Words


def title_of(survey: Survey, name: str, lang: str, *, short: bool = False) -> str:
    """Name of a questionnaire or facet: its rule's (in short, for a table's heading), its title, else its code.

    A facet's name is what the definition calls it.
    """
    if name.startswith(results.FACET):
        return name.removeprefix(results.FACET)
    instrument = survey.definition.instruments.get(name)
    if instrument is None:
        return name
    if instrument.rule:
        rule = rules.index_rule(instrument.rule)
        return rule.short[lang] if short else rule.index[lang]
    return survey.definition.text(instrument.title, lang) or name


def main_title(opened: Context, w: Words) -> str:
    """Name of the questionnaire that the survey's own index is made of."""
    first_item = next(iter(opened.items), "")
    instrument = first_item.rpartition(".")[0]
    if not instrument or not set(opened.rule.codes).isdisjoint(opened.items):
        return str(w("common.survey_short"))
    return title_of(opened.survey, instrument, w.lang)


def rests(rows: Rows, statistic: str = "item_rest") -> list[float]:
    """The item-rest correlations that are known."""
    found = by_item(rows, "validity", statistic).values()
    return [r for row in found if (r := estimate(row)) is not None]
