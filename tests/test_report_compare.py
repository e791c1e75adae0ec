"""Bands, target, change, pairs, groups and priorities in overview and unit report."""

from __future__ import annotations

import pytest
from city_fixture import make_city

from pipeline import blocks, results
from pipeline.report import open_unit, overview, unit_change
from pipeline.words import narrative


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def survey(root):
    return make_city(root)


@pytest.fixture(scope="module", params=["id", "en"])
def city(request, survey):
    return overview.open_city(survey, request.param)


def parts(block):
    return list(block.blocks) if isinstance(block, blocks.Group) else [block]


def of(block, kind, key):
    return next(b for b in parts(block) if isinstance(b, kind) and b.key == key)


def test_figure_table_and_sentence_name_the_same_units_outside_the_ordinary_range(city):
    made = overview.bands(city)
    verdicts = results.pick(city.table("verdicts"), scope="unit", statistic="band")
    out = verdicts[~verdicts["text"].isin(["", "same"]) & verdicts["unit"].isin(set(city.ranked["unit"]))]
    names = {city.names[u] for u in out["unit"]}
    table = of(made, blocks.Table, "bands")
    assert {row[0] for row in table.rows} == names
    assert all(name in of(made, blocks.Figure, "funnel").alt for name in names)
    assert city.words.integer(len(out)) in made.plain_text()
    standing = city.standings.set_index("unit")["versus"]
    assert {u for u in standing.index if standing[u] in ("above", "below")} == set(out["unit"])


def test_a_unit_that_cannot_be_told_from_chance_is_neither_alike_nor_different(city):
    weak = results.pick(city.table("verdicts"), statistic="band", reason="unreliable")["unit"].iloc[0]
    row = city.standings.set_index("unit").loc[weak]
    assert (row["band"], row["versus"]) == ("unreliable", "")


def test_the_target_separates_surely_from_as_printed(city):
    made = overview.target(city)
    text = made.plain_text()
    rows = results.pick(city.table("city"), scope="unit", statistic="target")
    for word in ("above", "below", "undecided"):
        assert city.words.integer(int((rows["text"] == word).sum())) in text
    weight = of(made, blocks.Table, "weightings")
    assert any("B → C" in cell for row in weight.rows for cell in row)


def test_change_counts_all_four_verdicts_and_says_what_cannot_be_compared(city):
    made = overview.trend(city)
    card = of(made, blocks.Table, "comparability")
    assert [row[0] for row in card.rows] == ["2022", "2023"]
    assert card.rows[0][1] == city.words("compare.card_no")
    assert city.words("compare.kind.rule") in card.rows[0][2]
    assert "U3" in card.rows[1][3]
    table = of(made, blocks.Table, "changes")
    words = [row[6] for row in table.rows]
    assert set(words) == {
        city.words(f"compare.change.{w}") for w in ("up", "down", "unchanged", "cannot-tell")
    }
    # A survey that cannot be compared is drawn apart: no line leads to it.
    figure = of(made, blocks.Figure, "slopes")
    assert city.words("compare.kind.rule") in figure.svg


def test_pairs_are_drawn_and_counted_without_a_rank(city):
    figure = of(overview.pairs(city), blocks.Figure, "pairs")
    rows = results.pick(city.table("comparison"), scope="pair", statistic="games_howell")
    assert city.words.integer(int((rows["p_adjusted"] < 0.05).sum())) in figure.alt
    assert "<image" not in figure.svg


def test_no_rank_is_spoken_of_where_most_differences_are_chance(survey, city):
    tables = dict(city.tables)
    table = tables["verdicts"].copy()
    table.loc[table["statistic"] == "rankable", ["estimate", "text"]] = [0.4, "no"]
    weak = overview.CityReport(survey, city.lang, tables | {"verdicts": table})
    assert weak.words.percent(0.4) in overview.pairs(weak).plain_text()
    assert overview.pairs(weak).plain_text() != overview.pairs(city).plain_text()


def test_every_new_figure_has_a_narrow_form_and_says_its_numbers(city):
    for name in ("bands", "target", "trend", "pairs", "spread", "importance", "equity"):
        for block in parts(getattr(overview, name)(city)):
            if isinstance(block, blocks.Figure):
                assert block.narrow, block.key
                assert any(c.isdigit() for c in block.alt), block.key
                assert block.alt != block.caption


def test_no_sentence_of_direction_stands_without_its_verdict(city):
    for name in ("bands", "target", "pairs", "spread", "importance", "equity", "adjustment"):
        for block in parts(getattr(overview, name)(city)):
            if isinstance(block, blocks.Prose):
                earned = ["position.above", "position.below"]
                assert narrative.unearned(block.plain_text(), city.lang, earned) == [], name


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_unit_reads_its_change_its_history_and_what_cannot_be_compared(root, survey, lang):
    first = results.pick(overview.open_city(survey, lang).table("trend"), statistic="change", text="up")[
        "unit"
    ].iloc[0]
    u = open_unit(survey.name, first, lang=lang, root=root)
    made = unit_change.change(u)
    text = made.plain_text()
    assert narrative.unearned(text, lang, ["change.up"]) == []
    assert u.words.number(5.0) in text
    history = of(made, blocks.Table, "history")
    assert [row[0] for row in history.rows] == ["2022", "2023", survey.name]
    assert u.words("compare.kind.rule") in history.rows[0][5]


def test_a_unit_without_earlier_surveys_says_so(root, survey):
    (survey.processed / "trend.parquet").rename(survey.processed / "trend.aside")
    try:
        u = open_unit(survey.name, survey.units[0].id, root=root)
        assert u.words("compare.unit.change_none") in unit_change.change(u).plain_text()
    finally:
        (survey.processed / "trend.aside").rename(survey.processed / "trend.parquet")
