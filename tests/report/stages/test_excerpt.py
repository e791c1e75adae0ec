"""Rows of tables and small figures in stage notebooks: the file's names, nothing hostile, words in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline import blocks, results, steps
from pipeline.report import stages
from pipeline.report.stages import figures
from tests.support import small_city


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    return steps.open_answers("2024", small_city.build(tmp_path_factory.mktemp("excerpt")))


@pytest.fixture(scope="module")
def made(opened):
    tables = steps.Tables(opened)
    for name in ("index", "comparison", "ranking", "verdicts", "validity", "profile", "integrity"):
        getattr(tables, name)(opened.responses)
    return tables


@pytest.fixture(scope="module", params=["id", "en"])
def stage(opened, made, request):
    return stages.open_stage(opened.survey, request.param, tables=made.told)


def test_rows_have_the_columns_of_the_file_without_those_that_say_nothing(stage, made):
    shown = stages.rows(stage, made.told["ranking"], scope="unit", group="", statistic="shrunken", most=3)
    heads = [column.key for column in shown.columns]
    assert heads == [c for c in results.COLUMNS if c in heads]
    assert {"unit", "estimate", "lower", "upper"} <= set(heads)
    assert not {"survey", "scope", "statistic", "p"} & set(heads)
    assert len(shown.rows) == 3
    assert "ranking" in shown.caption


def test_several_values_asked_for_come_in_the_order_in_which_they_were_asked(stage, made):
    shown = stages.rows(stage, made.told["comparison"], scope="city", statistic=["welch_f", "kruskal_h"])
    assert [row[0] for row in shown.rows] == ["welch_f", "kruskal_h"]


def test_of_several_statistics_each_is_among_the_rows_shown_with_what_it_says(stage, made):
    shown = stages.rows(
        stage, made.told["index"], scope="unit", service="", item="", statistic=["ikm", "letter"], most=6
    )
    heads = [column.key for column in shown.columns]
    place = {name: heads.index(name) for name in ("unit", "statistic", "lower", "text")}
    said = [row[place["statistic"]] for row in shown.rows]
    assert said == ["ikm"] * 3 + ["letter"] * 3
    units = [row[place["unit"]] for row in shown.rows]
    assert units[:3] == units[3:]
    assert any(row[place["text"]] in tuple("ABCD") for row in shown.rows[3:])


def test_the_one_number_among_rows_that_have_none_is_shown(stage, made):
    rows_ = (
        results.pick(made.told["index"], scope="unit", service="", item="", statistic="ikm").head(4).copy()
    )
    rows_.loc[rows_.index[1:], ["estimate", "lower", "upper"]] = float("nan")
    shown = stages.rows(stage, rows_)
    heads = [column.key for column in shown.columns]
    assert {"estimate", "lower", "upper"} <= set(heads)
    assert shown.rows[0][heads.index("estimate")] == stage.words.number(float(rows_["estimate"].iloc[0]), 3)


def test_points_of_units_have_their_names_not_their_ids(stage, made):
    figure = stages.scatter(stage, made.told["ranking"], "expected_rank", "shrunken", scope="unit", group="")
    assert "Kelurahan Baik" in figure.svg
    assert "kel-baik" not in figure.svg


def test_a_pair_of_units_is_named_by_both(stage, made):
    figure = stages.histogram(stage, made.told["comparison"], scope="pair", statistic="games_howell")
    assert "Dinas" in figure.alt
    assert figure.alt.count(" – ") == 2


def ledger():
    rows = [("a<b>.xlsx", 1200, "excluded", "all-blank"), ("a<b>.xlsx", 1201, "excluded", "all-blank"),
            ("b.csv", 3, "flagged", "incomplete"), ("b.csv", 4, "excluded", "no-answers")]  # fmt: skip
    return (
        pd.DataFrame(rows, columns=["source_file", "source_row", "action", "reason"])
        .assign(value="", message="said in the log")
        .astype({"action": "category", "reason": "category"})
    )


def test_rows_of_an_intake_s_table_show_each_reason_once_where_it_stands_in_the_file(stage):
    shown = stages.rows(stage, ledger(), action=["flagged", "excluded"], each="reason")
    assert [column.key for column in shown.columns] == ["source_file", "source_row", "action", "reason"]
    assert [row[1:] for row in shown.rows] == [
        ("3", "flagged", "incomplete"), ("1200", "excluded", "all-blank"), ("4", "excluded", "no-answers")
    ]  # fmt: skip
    assert "reason" in shown.caption
    assert "a<b>" not in shown._repr_html_()


def test_bars_of_the_ledger_count_each_reason_in_words(stage):
    figure = stages.counts(stage, ledger(), by="reason", colour="action")
    w = stage.words
    assert w("stages.reason.all-blank") in figure.svg
    assert w.label("action", "flagged") in figure.svg
    assert f"{w('stages.reason.all-blank')} (2)" in figure.alt
    assert "4" in figure.alt
    assert stages.counts(stage, ledger().head(0), by="reason", colour="action").plain_text().strip()


def test_what_is_not_there_is_said(stage, made):
    assert "nothing = 1" in stages.rows(stage, made.told["index"], text="x", other="nothing = 1").plain_text()


def test_a_table_of_part_of_the_answers_is_not_called_by_the_survey_s_name(stage, made):
    part = made.told["ranking"].copy()
    assert "ranking" not in stages.rows(stage, part, scope="unit").caption


def test_hostile_names_are_text_in_the_display_and_in_the_drawing(stage, made):
    figure = stages.intervals(
        stage, made.told["ranking"], zero=False, scope="unit", group="", statistic="shrunken"
    )
    assert "Dinas &lt;A&gt; &amp; Co" in figure.svg
    hostile = made.told["index"].head(2).assign(unit="<script>alert(1)</script>")
    html = stages.rows(stage, hostile)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_respondents_are_shown_with_unit_and_answers_only(stage, opened):
    shown = stages.people(stage, opened.responses, opened.items)
    assert [c.key for c in shown.columns] == ["unit", "service", *opened.items]
    assert len(shown.rows) == 5


def test_every_small_figure_says_how_many_numbers_and_between_which_bounds(stage, made):
    drawn = [
        stages.histogram(stage, made.told["comparison"], scope="pair", statistic="games_howell"),
        stages.intervals(stage, made.told["verdicts"], scope="unit", statistic="difference"),
        stages.strips(stage, made.told["validity"], scope="unit", statistic="item_rest"),
        stages.scatter(stage, made.told["ranking"], "expected_rank", "shrunken", scope="unit", group=""),
    ]
    for figure in drawn:
        assert isinstance(figure, blocks.Figure)
        assert figure.alt
    found = results.pick(made.told["verdicts"], scope="unit", statistic="difference")["estimate"].dropna()
    assert stage.words.number(found.max()) in drawn[1].alt
    assert stage.words.number(found.min()) in drawn[1].alt


def test_lines_of_groups_and_of_statistics_are_named_in_words(stage, made):
    groups = stages.strips(
        stage, made.told["profile"], scope="unit", item="sex", other="", statistic="share", by="group"
    )
    signs = stages.strips(
        stage,
        made.told["integrity"],
        scope="unit",
        statistic=["straightline", "duplicate_row", "burst"],
        by="statistic",
    )
    w = stage.words
    assert w.label("sex", "female") in groups.svg
    assert w("office.statistic.duplicate_row") in signs.svg
    assert w("office.statistic.burst") in signs.svg
    assert "duplicate_row" not in signs.svg + signs.alt


def test_nothing_to_draw_is_a_sentence(stage, made):
    for drawn in (
        stages.intervals(stage, made.told["index"], statistic="none"),
        stages.histogram(stage, made.told["index"], statistic="none"),
        stages.strips(stage, made.told["index"], statistic="none"),
        stages.scatter(stage, made.told["index"], "none", "nothing"),
    ):
        assert "index" in drawn.plain_text()


def test_of_very_many_lines_the_ends_are_drawn_and_that_is_said(opened, made):
    one = results.pick(made.told["ranking"], scope="unit", group="", statistic="shrunken").head(1)
    rows = [one.assign(estimate=70.0 + k / 10, unit=f"u{k:03}") for k in range(200)]
    many = results.frame(pd.concat(rows))
    drawn = figures._ends(many.sort_values("estimate"))
    assert len(drawn) == figures.MOST_LINES
    assert {"u000", "u199"} <= set(drawn["unit"])
    stage = stages.open_stage(opened.survey, "en", tables={"ranking": many})
    figure = stages.intervals(stage, many, zero=False)
    assert "30 of 200" in figure.note
    assert "200" in figure.alt


def test_a_display_reads_no_table_that_an_earlier_run_of_the_same_stage_left(opened, made):
    left = pd.read_parquet(opened.survey.processed / "reliability.parquet")
    assert len(left)
    tables = steps.Tables(opened)
    stage = stages.open_stage(opened.survey, "id", tables=tables.told)
    assert not len(stage.city().table("verdicts"))  # made by this notebook, and not yet
    assert len(stage.city().table("reliability"))  # made by the stage before
    tables.told["verdicts"] = made.told["verdicts"]
    assert stage.city().table("verdicts") is made.told["verdicts"]
    assert stage.city() is stage.city()
