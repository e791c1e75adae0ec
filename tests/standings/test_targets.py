"""A verdict on a target is read, and said, alike on every page."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from pipeline.standings import targets
from pipeline.words import LANGUAGES, Words

#: Where a unit's or the city's verdict is said: the word stands at the end of each key.
SAID = ("narrative.reached", "compare.target_word", "story.targets_of", "portal.target_city",
        "compare.target_city", "set.compare.target_city")  # fmt: skip
#: What makes a verdict sure, by language; an undecided one has none of it.
SURE = {"id": r"\bpasti\b", "en": r"\bsurely\b"}
OPEN = {"id": "belum dapat dipastikan", "en": "cannot be told yet"}


def said(w: Words, place: str, word: str) -> str:
    joint = "_" if place.endswith("compare.target_city") else "."
    key = f"{place}{joint}{word}"
    values = dict.fromkeys(("n", "target", "value", "interval"), "9") | {"source": ""}
    return "".join(text for text, _ in w.runs(key, **values)).casefold()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", SAID)
def test_a_target_s_verdict_is_of_the_same_strength_wherever_it_is_said(place: str, lang: str):
    w = Words(lang)
    for word in ("above", "below"):
        assert re.search(SURE[lang], said(w, place, word)), word
    assert OPEN[lang] in said(w, place, "undecided")
    assert not re.search(SURE[lang], said(w, place, "undecided"))


def test_only_units_that_are_compared_have_a_verdict_on_their_target():
    rows = pd.DataFrame({
        "scope": "unit", "statistic": ["target"] * 4 + ["target_gap"], "unit": ["a", "b", "c", "d", "a"],
        "text": ["above", "below", "", "undecided", "above"], "other": "88.31",
    })  # fmt: skip
    signs = pd.DataFrame({"unit": ["a", "b", "c"], "sign": ["", "E", ""]})
    # b is for information only, c was not judged, and nothing is known of d.
    assert targets.of_units(rows, signs)["unit"].tolist() == ["a"]
