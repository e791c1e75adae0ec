"""How many units hold each letter, how sure that is, and where the target is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.stacked import stacked
from pipeline.report.city import titles
from pipeline.report.city.target import WORDS, judged
from pipeline.report.data.city import CityReport, say

if TYPE_CHECKING:
    import pandas as pd

#: Words of a letter's certainty, the surest first; of answers that are all the same there is none.
CERTAINTY = ("firm", "leaning", "border")
NONE = "none"
#: Types in one figure, those with most units.
MOST_TYPES = 12


def lettered(city: CityReport) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the compared units that have a letter, with ``held``, and the words of certainty that occur."""
    w, rows = city.words, city.ranked
    rows = rows[rows["letter"] != ""]
    words = {word: w.label("certainty", word) for word in CERTAINTY}
    held = rows["certainty"].where(rows["certainty"].isin(list(words)), NONE)
    if (held == NONE).any():  # answers that are all the same have a letter and no certainty
        words[NONE] = w("overview.col_no_certainty")
    return rows.assign(held=held), words


def letters(city: CityReport) -> Any:
    """Return units by letter and by how sure the letter is."""
    rows, words = lettered(city)
    made: list[Any] = []
    if len(rows) and not city.few:
        made += [_lead(city, rows), _by_certainty(city, rows, words)]
    return blocks.group(*made)


def _lead(city: CityReport, rows: pd.DataFrame) -> Any:
    w = city.words
    counts = rows["letter"].value_counts()
    said = [
        w("story.letters_each", letter=letter, count=w.integer(counts[letter]))
        for letter, *_ in reversed(city.bands)
        if letter in counts
    ]
    firm = int((rows["held"] == "firm").sum())
    return say(w, "story.letters_lead", units=w.integer(len(rows)), each=w.join(said), firm=w.integer(firm))


def _by_certainty(city: CityReport, rows: pd.DataFrame, words: dict[str, str]) -> Any:
    w, style = city.words, blocks.style
    colours = dict(
        zip(
            (*CERTAINTY, NONE), (style.answer_colours[3], style.answer_colours[2], style.HAIRLINE, style.GREY)
        )
    )
    parts = [(label, colours[word]) for word, label in words.items()]
    drawn, told = [], []
    for letter, name, _, _ in reversed(city.bands):
        of = rows.loc[rows["letter"] == letter, "held"]
        counts = [int((of == word).sum()) for word in words]
        drawn.append((f"{letter} · {name}", counts))
        own = [f"{w.integer(count)} {label}" for count, label in zip(counts, words.values()) if count]
        told.append(f"{letter}: {w.join(own) if own else w.integer(0)}")
    return blocks.figure(
        stacked(w, drawn, parts), key="letters-held", caption=w("story.letters_caption"),
        title=titles.letters(city, int((rows["held"] == "firm").sum()), len(rows)),
        narrow=stacked(w, drawn, parts, narrow=True), alt=w("story.letters_alt", rows="; ".join(told)),
        note=w("overview.letters_note"),
    )  # fmt: skip


def kinds(city: CityReport, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the types with their rows, the largest first; nothing where there are not two."""
    found = [
        (str(name) or city.words("compare.no_type"), own) for name, own in rows.groupby("type", sort=True)
    ]
    found.sort(key=lambda pair: -len(pair[1]))
    return found if len(found) > 1 else []


def targets(city: CityReport) -> Any:
    """Return by type how many units are surely below the target, undecided, surely at it; nothing without types."""
    w, style = city.words, blocks.style
    verdict = judged(city).set_index("unit")["text"]
    units = city.ranked.assign(verdict=city.ranked["unit"].map(verdict))
    units = units[units["verdict"].isin(WORDS)]
    every = kinds(city, units)
    found = every[:MOST_TYPES]
    if not found:
        return blocks.group()
    whole = [(w("story.all_units"), units), *found]
    drawn = [(name, [int((own["verdict"] == word).sum()) for word in WORDS]) for name, own in whole]
    labels = [w(f"compare.target_word.{word}") for word in WORDS]
    parts = list(zip(labels, (style.answer_colours[0], style.HAIRLINE, style.answer_colours[3]), strict=True))
    note = w("story.target_note")
    if len(every) > len(found):
        note += " " + w("story.types_drawn", drawn=w.integer(len(found)), types=w.integer(len(every)))
    told = [
        f"{name}: {w.join([f'{w.integer(n)} {label.lower()}' for n, label in zip(counts, labels) if n])}"
        for name, counts in drawn
    ]
    return blocks.group(
        blocks.figure(
            stacked(w, drawn, parts, shares=True), key="targets-by-type", caption=w("story.target_caption"),
            title=titles.targets(city, units["verdict"]),
            narrow=stacked(w, drawn, parts, shares=True, narrow=True),
            alt=w("story.target_alt", rows="; ".join(told)), note=note,
        ),
    )  # fmt: skip
