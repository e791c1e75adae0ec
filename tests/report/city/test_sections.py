"""The overview of a city: every section speaks in every situation, and says only what it may."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re

import numpy as np
import pandas as pd
import pytest

from pipeline import blocks, results
from pipeline.report import overview
from pipeline.report.city import (
    funnel as overview_bands,
)
from pipeline.report.city import (
    ranking as overview_units,
)
from pipeline.report.city import (
    spread as overview_spread,
)
from pipeline.report.city import (
    target as overview_target,
)
from pipeline.report.city import (
    tests as overview_tests,
)
from pipeline.report.city.items import counts
from pipeline.report.data.city import unit_items
from tests.support import cells
from tests.support.city_fixture import make_city, make_survey

#: Sections of the story and of the annex, as their notebooks call them.
STORY, ANNEX = (
    [
        found[1]
        for text in cells.code(name).values()
        if (found := re.fullmatch(r"overview\.(\w+)\(city\)", text))
    ]
    for name in ("6-overview", "6-annex")
)
SECTIONS = list(dict.fromkeys([*STORY, *ANNEX]))
SITUATIONS = {
    "twelve units": {"units": 12, "few": ("unit-02",)},
    "one unit": {"units": 1},
    "two units, one hidden": {"units": 2, "few": ("unit-01",)},
    "a foreign scale": {"units": 12, "foreign": True},
    "48 units": {"units": 48},
    "50 units": {"units": 50},
    "60 units": {"units": 60},
    "2,400 units": {"units": 2_400},
}


@pytest.fixture(scope="module")
def cities(tmp_path_factory):
    return {name: make_city(tmp_path_factory.mktemp("city"), **kw) for name, kw in SITUATIONS.items()}


@pytest.fixture(scope="module")
def shown(cities):
    """A section of the overview in a situation, drawn when the first test asks for it."""
    opened = functools.cache(lambda situation, lang: overview.open_city(cities[situation], lang))

    @functools.cache
    def block(situation, name, lang="id"):
        return getattr(overview, name)(opened(situation, lang))

    return block


@pytest.fixture(scope="module")
def twelve(cities):
    return overview.open_city(cities["twelve units"], "id")


#: Sections that fall away, heading and all, where fewer than two units can be compared.
NEED_TWO = {
    "bands", "target", "trend", "unsur", "heatmap", "importance", "spread", "groups", "comparison", "pairs",
    "adjustment", "equity", "reliability", "city_outside", "psychometrics", "strip", "changes_of_units", "lagging",
    "letters",
}  # fmt: skip
#: Sections that only some surveys have: a target and types, an index with letters, more units than a page holds.
OWN = {
    "followup",
    "followup_of_many",
    "needs_of_all",
    "suggestions",
    "targets",
    "ranking_of_many",
    "release",
    "letters",
}


def walk(block):
    """Every block below a group, the block itself when it is none."""
    return list(block.blocks) if isinstance(block, blocks.Group) else [block]


def tables_of(block):
    return {b.key: b for b in walk(block) if isinstance(b, blocks.Table)}


@pytest.mark.parametrize(
    ("situation", "lang"), [*((name, "id") for name in SITUATIONS), ("twelve units", "en")]
)
def test_every_section_says_something_in_every_situation(cities, shown, situation, lang):
    city = overview.open_city(cities[situation], lang)
    for name in SECTIONS:
        block = shown(situation, name, lang)
        assert block.plain_text().strip() or (city.few and name in NEED_TWO) or name in OWN, name
        assert "nan" not in block.plain_text().casefold().split(), name
        assert not re.search(r"\{\w+\}|<NA>|None", block.plain_text()), name


def test_every_section_stands_before_any_result_exists(tmp_path):
    city = overview.open_city(make_survey(tmp_path, 3), "id")
    for name in SECTIONS:
        assert getattr(overview, name)(city).plain_text().strip() or name in OWN | {
            "alternatives_of",
            "needs_help",
        }


def test_every_section_stands_in_the_story_or_in_the_annex():
    parts = {"CityReport", "open_city", "alternatives", "ranking"}  # of sections: strip and ranking_of_many
    assert {*SECTIONS} == {*overview.__all__} - parts
    assert {*STORY} & {*ANNEX} == set()


@pytest.mark.parametrize("document", [STORY, ANNEX], ids=["story", "annex"])
@pytest.mark.parametrize("situation", ["twelve units", "60 units"])
def test_keys_of_tables_and_figures_are_unique_in_each_document(shown, situation, document):
    parts = itertools.chain.from_iterable(walk(shown(situation, name)) for name in document)
    keys = [b.key for b in parts if isinstance(b, blocks.Table | blocks.Figure | blocks.Formula)]
    assert len(keys) == len(set(keys))


def test_the_headline_is_the_chosen_method_and_the_others_stand_beside_it(twelve):
    parts = walk(overview.summary(twelve))
    headline = next(b for b in parts if isinstance(b, blocks.Headline))
    assert headline.value == twelve.words.number(twelve.headline.estimate)
    assert headline.letter == "B"
    table = tables_of(overview.alternatives_of(twelve))["city-index"]
    assert len(table.rows) == 3
    assert table.strong_rows == (0,)
    assert "jumlah pengguna layanan tidak diketahui" in table.note


def test_letters_and_certainties_add_up_to_the_compared_units(twelve):
    table = tables_of(overview.alternatives_of(twelve))["letters"]
    assert sum(int(row[1]) for row in table.rows) == len(twelve.ranked)
    assert table.footer_rows[0][1] == str(len(twelve.ranked))


def test_no_certainty_is_printed_as_one_hundred_percent(twelve):
    text = overview.units(twelve).plain_text() + overview.summary(twelve).plain_text()
    assert "100\u00a0%" not in text


def test_units_for_information_and_hidden_units_are_left_out_and_named_with_the_reason(twelve):
    table = tables_of(overview.left_out(twelve))["left-out"]
    why = {row[0]: (row[3], row[4]) for row in table.rows}
    assert why["Kelurahan Nomor 02"][0] == "x"
    assert why["Dinas Nomor 12"][0] == "E"
    assert why["Kelurahan Nomor 11"] == ("–", "tidak ada jawaban")
    assert "41" in overview.left_out(twelve).plain_text()


def test_a_hidden_unit_has_no_number_but_its_count_anywhere(shown):
    for name in SECTIONS:
        for table in tables_of(shown("twelve units", name)).values():
            for row in table.rows:
                if row[0] == "Kelurahan Nomor 02":
                    assert not [cell for cell in row if re.search(r"\d,\d", cell)], name


def test_the_ranking_draws_only_compared_units_and_says_its_ends_in_the_alt_text(twelve):
    figure = next(b for b in walk(overview.ranking(twelve)) if isinstance(b, blocks.Figure))
    first, last = twelve.ranked.iloc[0], twelve.ranked.iloc[-1]
    assert first["name"] in figure.alt
    assert last["name"] in figure.alt
    assert figure.alt != figure.caption
    assert "Dinas Nomor 12" not in figure.svg
    assert figure.narrow
    assert len(figure.reading) == 4


def test_units_that_cannot_be_told_apart_are_grey_and_the_others_are_not(twelve):
    page = twelve.ranked
    grey = page[page["versus"] == "undecided"].head(1)
    apart = page[page["versus"] == "above"].head(1)
    span = (60.0, 100.0)
    accent, dull = blocks.style.ACCENT.casefold(), blocks.style.GREY.casefold()
    svg = blocks.figure(overview_units.draw(twelve, grey, span), key="a", caption="c", alt="b").svg.casefold()
    assert dull in svg
    assert accent not in svg
    svg = blocks.figure(
        overview_units.draw(twelve, apart, span), key="a", caption="c", alt="b"
    ).svg.casefold()
    assert accent in svg


def ranked_from_1_to_9(tmp_path, rankability: str = ""):
    survey = make_city(tmp_path)
    rows = [
        {"scope": "unit", "unit": f"unit-{k:02d}", "statistic": name, "estimate": value}
        for k in range(1, 13)
        for name, value in (("rank_low", 1), ("rank_high", 9))
    ]
    rows.append({"scope": "city", "statistic": "rankability", "estimate": 0.9, "text": rankability})
    results.frame(rows).to_parquet(survey.processed / "ranking.parquet", index=False)
    city = overview.open_city(survey, "id")
    return next(b for b in walk(overview.ranking(city)) if isinstance(b, blocks.Figure))


def test_the_ranking_says_a_rank_only_as_a_range(tmp_path):
    figure = ranked_from_1_to_9(tmp_path)
    assert "1–9" in figure.svg
    assert "rentang peringkat" in figure.note


def test_where_most_differences_are_chance_no_rank_is_spoken_of(tmp_path):
    figure = ranked_from_1_to_9(tmp_path, "low")
    assert "1–9" not in figure.svg
    assert "rentang peringkat" not in figure.note


def test_pages_of_the_ranking_are_of_equal_length_and_share_one_axis():
    import pandas as pd

    pages = overview_units.pages_of(pd.DataFrame({"unit": range(101)}))
    assert sorted(len(page) for page in pages) == [33, 34, 34]
    assert sum(map(len, overview_units.pages_of(pd.DataFrame({"unit": range(500)})))) == 50


def test_the_lowest_unsur_are_counted_over_compared_units_only(twelve):
    table = counts(twelve)
    assert table["lowest"].sum() == len(twelve.ranked)
    assert table["low"].sum() == 3 * len(twelve.ranked)
    assert (table["clear"] <= table["low"]).all()
    assert table.at["U4", "clear"] == table["clear"].max()


def test_the_heatmap_has_the_same_numbers_as_a_table(twelve):
    table = tables_of(overview.heatmap(twelve))["unit-unsur"]
    wide = unit_items(twelve, list(twelve.ranked["unit"]))
    assert len(table.rows) == len(wide)
    assert table.rows[0][1] == twelve.words.number(wide.iloc[0, 0])


def test_units_that_share_no_two_unsur_get_no_profile_and_the_section_stands(twelve):
    index = twelve.table("index").copy()
    units = sorted(set(index.loc[index["scope"] == "unit", "unit"]))
    for place, unit in enumerate(units):
        mine = (index["unit"] == unit) & (index["item"] != "")
        index.loc[mine, "item"] = f"own{place % 3}." + index.loc[mine, "item"]
    apart = dataclasses.replace(twelve, tables={**twelve.tables, "index": index})
    assert len(overview_spread.profiles(twelve)) > 1
    assert overview_spread.profiles(apart) == {}
    assert "profiles" not in {b.key for b in walk(overview_spread.spread(apart)) if hasattr(b, "key")}


def test_a_foreign_scale_has_no_letter_and_says_that_it_is_not_the_regulation(cities):
    city = overview.open_city(cities["a foreign scale"], "id")
    headline = next(b for b in walk(overview.summary(city)) if isinstance(b, blocks.Headline))
    assert headline.letter == ""
    assert not headline.bands
    assert "bukan menurut PermenPANRB 14/2017" in overview.summary(city).plain_text()
    columns = {c.key for c in tables_of(overview.units(city))["units"].columns}
    assert not {"letter", "certainty"} & columns


def test_one_unit_is_described_but_not_compared(cities):
    city = overview.open_city(cities["one unit"], "id")
    assert "tidak ada perbandingan" in overview.strip(city).plain_text()
    assert not overview.comparison(city).plain_text()


def test_a_city_with_hardly_a_unit_to_compare_says_once_what_is_left_out_and_has_no_empty_section(cities):
    city = overview.open_city(cities["two units, one hidden"], "id")
    empty = [name for name in NEED_TWO if not getattr(overview, name)(city).plain_text()]
    assert len(empty) >= 5
    assert "peringkat, perbedaan antarunit" in overview.left_out(city).plain_text()


@pytest.mark.parametrize(
    ("value", "word"), [(0.0, "negligible"), (0.01, "small"), (0.08, "medium"), (0.5, "large")]
)
def test_an_effect_size_earns_the_conventional_word(value, word):
    assert overview_tests.epsilon_word(value) == word


def test_no_difference_shown_is_never_called_equality(tmp_path):
    survey = make_city(tmp_path)
    path = survey.processed / "comparison.parquet"
    import pandas as pd

    table = pd.read_parquet(path)
    table.loc[table["statistic"] == "kruskal_h", "p"] = 0.4
    table.to_parquet(path, index=False)
    text = overview.comparison(overview.open_city(survey, "id")).plain_text()
    assert "tidak menunjukkan" in text
    assert "tidak membuktikan" in text


def test_flags_are_said_to_exclude_nothing(twelve):
    assert "tetap dihitung" in overview.integrity(twelve).plain_text()


def test_the_same_results_draw_the_same_bytes(cities):
    city = [overview.open_city(cities["twelve units"], "id") for _ in range(2)]
    first, second = (overview.ranking(c)._repr_mimebundle_() for c in city)
    assert first == second


def test_synthetic_data_are_marked_in_the_document(twelve):
    head = overview.head(twelve)
    assert head.synthetic is True
    assert head.date == "2024-08-03"
    assert "PermenPANRB 14/2017" in head.kicker


def test_an_empty_name_opens_the_newest_survey(tmp_path):
    make_survey(tmp_path, 2, name="2023")
    make_survey(tmp_path, 2, name="2024")
    assert overview.open_city("", root=tmp_path).survey.name == "2024"


def test_of_thousands_of_units_no_table_prints_each_and_says_where_they_are(shown):
    printed = {}
    for name in SECTIONS:
        printed |= tables_of(shown("2,400 units", name))
    assert max(len(table.rows) for table in printed.values()) <= 100
    assert "100 baris pertama dari 2.400" in printed["adequacy"].note
    assert "portal" in printed["adequacy"].note


def test_alphas_of_thousands_of_units_are_bars_as_tall_as_their_number(cities, shown):
    city = overview.open_city(cities["2,400 units"], "id")
    rows = overview_tests.alphas(city)
    for width in (None, 85.0):
        axes = overview_tests._draw(city, rows, width).axes[0]
        bars = [patch.get_height() for patch in axes.containers[0]]
        assert sum(bars) == len(rows) > 2_000
        assert axes.get_ylim()[1] > max(bars)
    caption = next(
        b for b in walk(shown("2,400 units", "reliability")) if isinstance(b, blocks.Figure)
    ).caption
    assert "Banyaknya unit" in caption


@pytest.mark.parametrize("units", [1, 40, 47, 48, 49, 50])
def test_a_full_page_of_the_ranking_is_never_taller_than_a_figure_may_be(cities, units):
    city = overview.open_city(cities["60 units"], "id")
    rows = city.ranked.head(units)
    assert len(rows) == units
    for narrow in (False, True):
        height = overview_units.draw(city, rows, (60.0, 100.0), narrow=narrow).get_figheight() * 25.4
        assert height <= blocks.style.TALLEST_MM + 1e-6


def test_a_cloud_of_thousands_of_points_is_drawn_within_bounds_and_keeps_its_outline():
    rng = np.random.default_rng(11)
    x, y = rng.integers(300, 500, 30_000).astype(float), rng.normal(0, 1.5, 30_000)
    per_mm = (200 / 156.0, 16 / 34.0)
    thin_x, thin_y = overview_bands.apart(x, y, per_mm)
    assert len(thin_x) < 8_000
    cell = overview_bands.CELL_MM
    assert thin_y.max() > y.max() - cell * per_mm[1]
    assert thin_y.min() < y.min() + cell * per_mm[1]
    assert set(zip(thin_x, thin_y)) <= set(zip(x, y))


@pytest.mark.parametrize("units", [1, 47, 60])
def test_the_figure_of_the_target_leaves_room_for_its_reading_aid(twelve, units):
    words = [overview_target.WORDS[k % 3] for k in range(units)]
    rows = pd.DataFrame(
        {"unit": [f"unit-{k:02d}" for k in range(units)], "text": words, "distance": range(units)}
    ).assign(low=lambda r: r["distance"] - 1.0, high=lambda r: r["distance"] + 1.0)
    for narrow, most in ((False, overview_target.TALL_MM), (True, blocks.style.TALLEST_MM)):
        height = overview_target.draw(twelve, rows, narrow=narrow).get_figheight() * 25.4
        assert height <= most + 1e-6


def test_of_many_units_the_figure_of_the_target_draws_the_ends_of_each_group(twelve):
    units, words = 300, overview_target.WORDS
    rows = pd.DataFrame(
        {"unit": [f"u{k}" for k in range(units)], "text": [words[k % 3] for k in range(units)]}
    )
    assert len(overview_target.chosen(twelve, rows.head(overview_target.MOST_DRAWN))) == 60
    assert len(overview_target.chosen(twelve, rows)) == 3 * 2 * overview_target.ENDS
