"""What a city says of themes gives away no unit's count that its own report does not tell."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from pipeline import themes
from pipeline.report import overview
from tests.support import small_city

MODEL = themes.built_in()
TEXT = {"antrean": "antre lama", "parkir": "parkir sempit", "kebersihan": "wc bau"}


@pytest.mark.parametrize("seed", range(20))
def test_what_a_theme_leaves_beyond_the_units_that_tell_theirs_is_nobodys_or_five_peoples_of_two_units(
    seed: int,
):
    draw = random.Random(seed)
    counts = {
        theme: Counter({f"u{k}": draw.choice((0, 0, 1, 2, 4, 5, 9)) for k in range(6)}) for theme in TEXT
    }
    said = [(unit, TEXT[theme]) for theme, own in counts.items() for unit, n in own.items() for _ in range(n)]
    found = themes.over_units(said, MODEL)
    for theme, own in counts.items():
        told = sum(n for n in own.values() if n >= 5)
        hidden = [n for n in own.values() if 0 < n < 5]
        people = found[theme].people if theme in found else 0
        assert people - told in (0, sum(hidden)) or people == 0
        if people > told:
            assert len(hidden) >= 2
            assert people - told >= 5
        if theme in found:
            assert found[theme].units == sum(n >= 5 for n in own.values())


def test_the_order_of_people_changes_nothing_and_empty_texts_are_no_theme():
    said = [("a", "antre lama")] * 6 + [("b", "tidak ada")] * 9 + [("c", "parkir sempit")] * 7 + [("c", "  ")]
    assert themes.over_units(said, MODEL) == themes.over_units(said[::-1], MODEL)
    assert list(themes.over_units(said, MODEL)) == ["parkir", "antrean"]


def told(root: Path, texts: dict[str, list[str]]) -> str:
    """The overview's section where people of these units wrote these texts, and nobody else any."""
    path = root / "data" / "processed" / "2024" / "responses.parquet"
    frame = pd.read_parquet(path)
    frame["suggestion"] = None
    for unit, said in texts.items():
        own = frame.index[frame["unit"] == unit]
        frame.loc[own[: len(said)], "suggestion"] = said
    frame.to_parquet(path, index=False)
    return str(overview.suggestions(overview.open_city("2024", root=root))._repr_html_())


def test_the_overview_counts_people_of_its_own_units_and_of_no_hidden_or_unlisted_one(tmp_path: Path):
    root = small_city.build(tmp_path)
    base = {"dinas-a": ["antre lama"] * 8, "dinas-b": ["antre lama"] * 3, "kel-baik": ["antri"] * 3}
    page = told(root, base)
    assert "Antrean dan waktu tunggu (14 orang)" in page
    hidden = {"kel-tiga": ["antre lama"] * 3, "unknown": ["antre lama"] * 6, "kel-kecil": ["antre lama"] * 9}
    assert told(root, {**base, **hidden}) == page
    assert "(8 orang)" in told(
        root, {**base, "kel-baik": []}
    )  # three of one unit would be told by the difference
    assert "Tidak ada tema" in told(root, {"dinas-a": ["antre lama"] * 4})
