"""Sentences about the lowest and the highest unsur (R18): each claim names what it was tested against."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.words.lookup import Words
from pipeline.words.narrative import Runs, inside_sentence, joined, named
from pipeline.words.verdicts import Channel, Element

#: More names than this are counted.
MOST_NAMED = 4


def highest(w: Words, elements: Sequence[Element], equal: Sequence[Sequence[Element]] = ()) -> Runs:
    """Name the unsur with the largest values, their ties, and those whose value is no achievement."""
    if not elements:
        return []
    if len(elements) > MOST_NAMED:
        runs = w.runs("narrative.highest.many", count=w.integer(len(elements)), value=elements[0].value)
    else:
        runs = w.runs("narrative.highest.named", names=w.join([named(w, e) for e in elements]))
        runs = joined(runs, *(tie(w, group) for group in equal))
    facts = [e for e in elements if e.mark == "states-a-fact"]
    if facts:
        names = w.join([inside_sentence(e.name) for e in facts])
        runs = joined(runs, w.runs("narrative.highest.states-a-fact", names=names))
    return runs


def all_equal(w: Words) -> Runs:
    """Say that there is no lowest unsur, and no plan that could follow from an order."""
    return w.runs("narrative.lowest.all-equal")


def cell(w: Words, element: Element) -> str:
    """Say in a table's cell what the tests of one unsur allow."""
    if element.lower:  # what it cannot be told from stands in the table of pairs
        return str(w(f"narrative.lowest.{element.mark}.cell", lower=w.join(list(element.lower))))
    if element.mark == "not-distinguishable":
        return str(w("narrative.lowest.clearly-lower.not_cell"))
    return str(w(f"unit.priorities.mark.{element.mark or 'unmarked'}"))


def pair_word(w: Words, text: str) -> str:
    """Word of a tested pair."""
    key = "narrative.lowest.clearly-lower.pair" if text == "clearly-lower" else f"unit.priorities.pair.{text}"
    return str(w(key))


def tie(w: Words, group: Sequence[Element], listed: Sequence[Element] = ()) -> Runs:
    """Say that unsur have exactly one value; many are counted, those listed are named."""
    value = group[0].value
    if len(group) <= MOST_NAMED:
        return w.runs(
            "narrative.lowest.tie", names=w.join([inside_sentence(e.name) for e in group]), value=value
        )
    chosen = {e.item for e in listed}
    names = w.join([inside_sentence(e.name) for e in group if e.item in chosen])
    return w.runs("narrative.lowest.tie-many", count=w.integer(len(group)), names=names, value=value)


def channel(w: Words, verdict: Channel) -> Runs:
    """Say first of all that half of the respondents or more found no complaint channel."""
    return w.runs(
        "narrative.no-channel", count=w.integer(verdict.count), n=w.integer(verdict.n),
        share=w.percent(verdict.count / verdict.n),
    )  # fmt: skip
