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


def lowest(w: Words, elements: Sequence[Element], equal: Sequence[Sequence[Element]] = ()) -> Runs:
    """Name the lowest unsur, then say of each what its tests allow (R18).

    Parameters
    ----------
    elements : sequence of Element
        The lowest, in order; none where all unsur have one value.
    equal : sequence of sequences of Element
        Unsur of exactly one value, as far as one of the lowest is among them.
    """
    if not elements:
        return w.runs("narrative.lowest.all-equal")
    names = w.join([inside_sentence(e.name) for e in elements])
    key = {1: "one", 2: "two", 3: "named"}.get(len(elements), "some")
    sentences = [w.runs(f"narrative.lowest.{key}", names=names)]
    sentences += [mark(w, e) for e in elements]
    sentences += [tie(w, group, elements) for group in equal]
    return joined(*sentences)


def mark(w: Words, element: Element) -> Runs:
    """Say what an unsur is clearly lower than, that it is not, or that it states a fact."""
    values = {"name": element.name, "value": element.value}
    if element.mark == "states-a-fact":
        key = f"narrative.lowest.states-a-fact.{element.item}"
        return w.runs(key if w.has(key) else "narrative.lowest.states-a-fact.other", **values)
    if element.mark in ("clearly-lower", "partly-lower"):
        key = f"narrative.lowest.{element.mark}.said"
        runs = w.runs(key, **values, lower=w.join(list(element.lower)))
        if element.ties:
            more = w.runs("narrative.lowest.undecided", ties=tied_names(w, element))
            runs = joined(runs, more)
        return runs
    if element.mark == "not-distinguishable" and element.ties:
        return w.runs("narrative.lowest.not-distinguishable", **values, ties=tied_names(w, element))
    key = f"narrative.lowest.{element.mark or 'unmarked'}"
    if element.mark == "not-distinguishable":
        key = "narrative.lowest.not-distinguishable-alone"
    return w.runs(key, **values)


def cell(w: Words, element: Element) -> str:
    """Say in a table's cell what the tests of one unsur allow."""
    if element.lower:  # what it cannot be told from stands in the table of pairs
        return str(w(f"narrative.lowest.{element.mark}.cell", lower=w.join(list(element.lower))))
    key = f"unit.priorities.mark.{element.mark or 'unmarked'}"
    return str(w(key, ties=tied_names(w, element) or w("common.none")))


def tile(w: Words, element: Element) -> str:
    """Say below the code of the lowest unsur which it is; what it is lower than needs more room."""
    mark = "unmarked" if element.lower else element.mark or "unmarked"
    return str(w(f"unit.summary.fact_lowest_note.{mark}", name=element.name, value=element.value))


def pair_word(w: Words, text: str) -> str:
    """Word of a tested pair."""
    key = "narrative.lowest.clearly-lower.pair" if text == "clearly-lower" else f"unit.priorities.pair.{text}"
    return str(w(key))


def tied_names(w: Words, element: Element) -> str:
    """Name the unsur an unsur cannot be told from; many are counted."""
    if len(element.ties) > 3:
        return w.count("narrative.lowest.others", len(element.ties))
    return w.join(list(element.ties))


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
