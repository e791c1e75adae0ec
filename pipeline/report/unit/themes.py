"""What users themselves wrote about one unsur: how many, and one sentence of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import themes
from pipeline.report.unit.suggestions import Said, collect, spoken
from pipeline.rules import PRIVATE_BELOW

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Letters of a quotation: shorter ones say nothing without their question, longer ones fill the page.
SHORTEST, LONGEST, BEST = 15, 110, 55


@dataclass(frozen=True)
class Spoken:
    """What was written about one unsur.

    Attributes
    ----------
    people : int
        Respondents whose text speaks of it: 0 for none, and 0 as well where they are too `few` to be counted.
    texts : int
        Different texts, likewise.
    few : bool
        Whether somebody wrote about it, but fewer than five people.
    quote : str
        One masked text, without quotation marks; empty where none is fit to stand alone.
    """

    people: int = 0
    texts: int = 0
    few: bool = False
    quote: str = ""


def of_unsur(u: UnitReport, item: str) -> Spoken:
    """Return how many respondents wrote about an unsur, and at most one text to quote.

    The same answers always give the same text: of those that ask for something, else of any, one that speaks of
    this unsur alone, then one that most people wrote, then one of middle length. A text in which something was
    masked, which points to a person, is offensive, too short or too long is never quoted.
    """
    people, texts = spoken(u, item)
    if not people:
        return Spoken()
    fit = [said for said in collect(u).distinct if item in said.unsur and fit_to_quote(u, said)]
    model = themes.of_survey(u.survey)
    best = min(fit, key=lambda said: (not themes.asks(said.text, model), *_rank(said)), default=None)
    quote = best.text.rstrip(" .") if best else ""
    if people < PRIVATE_BELOW:
        return Spoken(few=True, quote=quote)
    return Spoken(people, texts, False, quote)


def fit_to_quote(u: UnitReport, said: Said) -> bool:
    """Whether a text may stand on the first page: of fitting length, about nobody in person, without insult."""
    if not SHORTEST <= len(said.text) <= LONGEST or u.words("unit.suggestions.masked") in said.text:
        return False
    return themes.fit_to_quote(said.text, themes.of_survey(u.survey))


def _rank(said: Said) -> tuple[int, int, int, str]:
    return (len(said.unsur), -said.count, abs(len(said.text) - BEST), said.text)
