"""Bands, target, change, pairs, groups and priorities in overview and unit report."""

from __future__ import annotations

import functools
import re

import pytest

from pipeline import blocks, results
from pipeline.report import open_unit, overview
from pipeline.report.base.margin import margin_words
from pipeline.report.unit import change as unit_change
from pipeline.statistics.importance.table import QUADRANTS
from pipeline.words import LANGUAGES, narrative
from pipeline.words.lookup import flat, load
from tests.support.city_fixture import make_city


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def survey(root):
    return make_city(root)


@pytest.fixture(scope="module", params=["id", "en"])
def city(request, survey):
    return overview.open_city(survey, request.param)


@pytest.fixture(scope="module")
def drawn(city):
    """A section of the overview, drawn for the first test that reads it."""
    return functools.cache(lambda name: getattr(overview, name)(city))


def parts(block):
    return list(block.blocks) if isinstance(block, blocks.Group) else [block]


def of(block, kind, key):
    return next(b for b in parts(block) if isinstance(b, kind) and b.key == key)


def test_table_and_sentence_name_the_units_shown_above_or_below(drawn, city):
    made = drawn("bands")
    verdicts = results.pick(city.table("verdicts"), scope="unit", statistic="difference")
    verdicts = verdicts[verdicts["unit"].isin(set(city.ranked["unit"]))]
    out = verdicts[verdicts["text"].isin(["above", "below"])]
    table = of(made, blocks.Table, "differences")
    assert {row[0] for row in table.rows} == {city.names[u] for u in out["unit"]}
    standing = city.standings.set_index("unit")["versus"]
    assert {u for u in standing.index if standing[u] in ("above", "below")} == set(out["unit"])
    counts = {w: int((verdicts["text"] == w).sum()) for w in ("above", "below", "equivalent", "undecided")}
    said = city.words("compare.difference_lead", units=city.words.integer(len(verdicts)),
                      **{k: city.words.integer(v) for k, v in counts.items()})  # fmt: skip
    assert said.replace("**", "") in made.plain_text()


def test_a_table_prints_a_p_only_beside_the_verdict_made_from_it(drawn, city):
    table = of(drawn("bands"), blocks.Table, "differences")
    names = [column.key for column in table.columns]
    assert names.index("word") == names.index("p") + 1
    for row in table.rows:
        assert row[names.index("p")].startswith(("<", "0,00", "0.00"))
        assert row[names.index("word")] in (
            city.words("compare.difference.above"), city.words("compare.difference.below"),
        )  # fmt: skip


def test_the_funnel_names_the_gaps_that_are_out_of_the_ordinary(drawn, city):
    made = drawn("bands")
    rows = results.pick(city.table("verdicts"), scope="unit", statistic="unusual")
    out = rows[rows["text"].isin(["high", "low"]) & rows["unit"].isin(set(city.ranked["unit"]))]
    figure = of(made, blocks.Figure, "funnel")
    assert len(out)
    assert all(city.names[u] in figure.alt for u in out["unit"])


def test_the_margin_of_equivalence_is_printed_with_where_it_comes_from(drawn, city, tmp_path):
    source = {"id": "nilai bawaan, bukan angka peraturan", "en": "a default, not a number of the regulation"}
    assert source[city.lang] in drawn("bands").plain_text()
    stated = overview.open_city(make_city(tmp_path, more="equivalence_margin: 3\n"), "id")
    said = overview.bands(stated).plain_text()
    assert "±3,0 poin ditetapkan dalam definisi survei" in said
    assert "bawaan" not in said


def test_a_unit_that_cannot_be_told_from_chance_is_neither_usual_nor_unusual(city):
    weak = results.pick(city.table("verdicts"), statistic="unusual", reason="unreliable")["unit"].iloc[0]
    row = city.standings.set_index("unit").loc[weak]
    assert row["unusual"] == "unreliable"
    assert row["versus"] in ("above", "below", "equivalent", "undecided")


def test_the_target_separates_surely_from_as_printed(drawn, city):
    made = drawn("target")
    text = made.plain_text()
    rows = results.pick(city.table("city"), scope="unit", statistic="target")
    for word in ("above", "below", "undecided"):
        assert city.words.integer(int((rows["text"] == word).sum())) in text
    weight = of(made, blocks.Table, "weightings")
    assert any("B → C" in cell for row in weight.rows for cell in row)


def test_change_counts_all_four_verdicts_and_says_what_cannot_be_compared(drawn, city):
    made, annex = drawn("trend"), drawn("changes_of_units")
    card = of(annex, blocks.Table, "comparability")
    assert [row[0] for row in card.rows] == ["2022", "2023"]
    assert card.rows[0][1] == city.words("compare.card_no")
    assert city.words("compare.kind.rule") in card.rows[0][2]
    assert "U3" in card.rows[1][3]
    table = of(annex, blocks.Table, "changes")
    words = [row[6] for row in table.rows]
    assert set(words) == {
        city.words(f"compare.change.{w}") for w in ("up", "down", "unchanged", "cannot-tell")
    }
    # A survey that cannot be compared is drawn apart: no line leads to it.
    figure = of(made, blocks.Figure, "slopes")
    assert city.words("compare.kind.rule") in figure.svg


def test_pairs_are_drawn_and_counted_without_a_rank(drawn, city):
    figure = of(drawn("pairs"), blocks.Figure, "pairs")
    rows = results.pick(city.table("comparison"), scope="pair", statistic="games_howell")
    apart = (rows["lower"] > 0) | (rows["upper"] < 0)
    assert city.words.integer(int(apart.sum())) in figure.alt
    assert "<image" not in figure.svg


def test_no_rank_is_spoken_of_where_most_differences_are_chance(drawn, survey, city):
    tables = dict(city.tables)
    table = tables["verdicts"].copy()
    table.loc[table["statistic"] == "rankable", ["estimate", "text"]] = [0.4, "no"]
    weak = overview.CityReport(survey, city.lang, tables | {"verdicts": table})
    assert weak.words.percent(0.4) in overview.pairs(weak).plain_text()
    assert overview.pairs(weak).plain_text() != drawn("pairs").plain_text()


def test_every_new_figure_has_a_narrow_form_and_says_its_numbers(drawn, city):
    for name in ("bands", "target", "trend", "pairs", "spread", "importance", "equity"):
        for block in parts(drawn(name)):
            if isinstance(block, blocks.Figure):
                assert block.narrow, block.key
                assert any(c.isdigit() for c in block.alt), block.key
                assert block.alt != block.caption


def test_no_sentence_of_direction_stands_without_its_verdict(drawn, city):
    for name in ("bands", "target", "pairs", "spread", "importance", "equity", "adjustment"):
        for block in parts(drawn(name)):
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
    assert history.rows[-1][5] == u.words("compare.unit.this_survey")
    assert u.words("compare.kind.rule") in history.rows[0][5]


def test_a_unit_without_earlier_surveys_says_so(root, survey):
    (survey.processed / "trend.parquet").rename(survey.processed / "trend.aside")
    try:
        u = open_unit(survey.name, survey.units[0].id, root=root)
        assert u.words("compare.unit.change_none") in unit_change.change(u).plain_text()
    finally:
        (survey.processed / "trend.aside").rename(survey.processed / "trend.parquet")


def test_a_group_shown_to_differ_and_one_shown_equal_never_share_a_word(drawn, city):
    made = drawn("equity")
    table = of(made, blocks.Table, "equity-table")
    words = {row[0].split(": ")[1]: row[5] for row in table.rows}
    assert len(set(words.values())) == len(words) == 3
    assert set(words.values()) <= {
        city.words(f"compare.difference.{w}") for w in ("above", "below", "equivalent", "undecided")
    }
    # A p stands beside the word it makes, and the margin beside where it comes from.
    below = next(row for row in table.rows if row[5] == city.words("compare.difference.below"))
    assert below[4] == city.words.p(0.02)
    assert margin_words(city.words, city.context) in made.plain_text()


def test_a_quadrant_below_95_percent_is_not_certain_and_a_fact_has_none(drawn, survey, city):
    table = of(drawn("importance"), blocks.Table, "shares")
    assert all(
        row[-2].startswith(city.words("compare.quadrant_unsure", name="").split("(")[0]) for row in table.rows
    )
    tables = dict(city.tables)
    made = tables["importance"].copy()
    fact = (made["statistic"] == "quadrant") & (made["item"] == "U4")
    made.loc[fact, ["text", "reason"]] = ["", "states-a-fact"]
    made.loc[fact, "estimate"] = float("nan")
    sure = (made["statistic"] == "quadrant") & ~fact
    made.loc[sure, "estimate"] = 0.99
    other = overview.CityReport(survey, city.lang, tables | {"importance": made})
    table = of(overview.importance(other), blocks.Table, "shares")
    words = {row[0].split()[0]: row[-2] for row in table.rows}
    assert words.pop("U4") == city.words("compare.col_cut_fact")
    assert set(words.values()) <= {city.words(f"compare.quadrant.derived.{q}") for q in QUADRANTS}
    figure = of(overview.importance(other), blocks.Figure, "quadrants")
    assert city.words("compare.importance_y.derived") in figure.svg


def test_what_is_said_of_importance_and_groups_is_association(city):
    for lang in LANGUAGES:
        for area in ("compare", "unit", "overview", "narrative"):
            for key, string in flat(load(lang, area)).items():
                if key.startswith(
                    ("importance", "shares", "quadrant", "equity", "lowest", "highest", "gaps")
                ):
                    assert not re.search(
                        r"gerak|pengaruh|penyebab|menyebabkan|\bdriv|\bmove|influenc|\bcaus", string
                    ), key
