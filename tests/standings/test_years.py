"""What is said and drawn of the years comes from one place, and is never more than the rows carry."""

from __future__ import annotations

import html
import itertools
import re

import numpy as np
import pandas as pd
import pytest

from pipeline import blocks, results
from pipeline.office import portal, portal_years, template
from pipeline.office.city import open_results
from pipeline.report import open_unit, overview
from pipeline.report.city import trend as overview_trend
from pipeline.report.unit import change as unit_change
from pipeline.standings.years import Point, Years, alt, broken
from pipeline.statistics.trend import table as trend
from pipeline.statistics.trend.comparable import Conditions
from pipeline.statistics.trend.wave import Wave
from pipeline.words import Words, narrative
from pipeline.words.verdicts import Change
from tests.support.city_fixture import make_city

SURVEY = {"scope": "surveys", "statistic": "comparability", "estimate": 1.0}
UNIT = {"scope": "unit", "unit": "a"}
ROWS = [
    *({**SURVEY, "other": year} for year in ("2020", "2021", "2022", "2023", "2024")),
    {**SURVEY, "other": "2021", "estimate": 0.0, "text": "rule"},
    {**SURVEY, "other": "2024", "unit": "a", "estimate": 0.0, "text": "mode"},
    *({**SURVEY, "other": "2023", "item": f"U{i}", "estimate": float(i != 6)} for i in range(1, 10)),
    *({**UNIT, "statistic": "ikm_then", "other": year, "estimate": 80.0, "lower": 79.0, "upper": 81.0, "n": 90}
      for year in ("2021", "2023", "2024")),
    {**UNIT, "statistic": "ikm_then", "other": "2020", "estimate": 79.5, "method": "published"},
    {**UNIT, "statistic": "change", "other": "2023", "method": "bh", "estimate": 3.0, "lower": 1.0, "upper": 5.0,
     "text": "up"},
    {**UNIT, "statistic": "change", "other": "2023", "method": "holm", "estimate": 3.0, "text": "up"},
    {**UNIT, "statistic": "change", "other": "2024", "method": "bh", "reason": "not-comparable"},
    {**UNIT, "statistic": "change", "other": "2020", "method": "published", "estimate": 3.5, "text": "cannot-tell"},
    {"scope": "surveys", "statistic": "line", "other": "2021", "group": "2022", "estimate": 0.0, "text": "rule"},
    {"scope": "surveys", "statistic": "line", "other": "2022", "group": "2023", "estimate": 1.0},
    {**UNIT, "statistic": "line", "other": "2024", "group": "2025", "estimate": 0.0, "text": "mode"},
    {"scope": "surveys", "statistic": "not_read", "other": "2019", "reason": "unreadable"},
]  # fmt: skip
NOW = Point("2025", 83.0, 82.0, 84.0)


@pytest.fixture
def years() -> Years:
    return Years(results.frame(ROWS).itertuples(), "2025", 2.5)


def test_five_surveys_are_drawn_the_newest(years):
    assert years.drawn == ["2021", "2022", "2023", "2024", "2025"]
    assert [point.survey for point in years.line("a", NOW).points] == years.drawn


@pytest.mark.parametrize("lang", ["id", "en"])
def test_what_broke_the_portal_s_line_is_cut_at_no_edge_and_stands_on_no_other_word(lang):
    between = [("2021", "2022"), ("2022", "2023"), ("2023", "2024"), ("2024", "2025")]
    rows = [
        *({**SURVEY, "other": then} for then, _ in between),
        *({"scope": "city", "statistic": "ikm_then", "other": then, "estimate": 80.0, "n": 90} for then, _ in between),
        *({"scope": "surveys", "statistic": "line", "other": then, "group": now, "estimate": 0.0,
           "text": "order,wording,executor"} for then, now in between),
    ]  # fmt: skip
    w, line = Words(lang), Years(results.frame(rows).itertuples(), "2025", 2.5).line("", NOW)
    sizes = re.findall(r"\.years \.what[^}]*font-size:([\d.]+)(px|rem)", template.text("portal.css"))
    size = max(float(number) * (16 if unit == "rem" else 1) for number, unit in sizes)
    assert size == portal_years.LETTERS
    drawn = portal_years.drawing(w, line)
    placed = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" class="what">([^<]+)<', drawn)
    assert placed
    free = 0.0
    for x, y, text in placed:
        half = len(text) * size * portal_years.LETTER / 2
        assert float(y) >= size
        assert free - 0.1 <= float(x) - half
        free = float(x) + half
    assert free <= portal_years.WIDE + 0.1
    assert drawn.count('class="broken"') == len(between) > len(placed)


def test_a_gap_and_a_break_interrupt_the_line(years):
    line = years.line("a", NOW)
    assert line.gaps == ["2022"]
    assert [[p.survey for p in run] for run in line.runs] == [["2021"], ["2023", "2024"], ["2025"]]


def test_a_change_is_told_against_the_newest_survey_with_a_verdict_and_the_skipped_is_named(years):
    assert years.against("a") == "2023"
    change = years.change("a", "2023")
    assert (change.relation, change.shared, change.items) == ("up", 8, 9)
    assert [(one.survey, one.kinds) for one in years.skipped("a", "2023")] == [("2024", ("mode",))]
    assert years.against("b") == ""


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_change_on_fewer_unsur_says_how_many_and_one_that_cannot_be_compared_claims_nothing(years, lang):
    w = Words(lang)

    def text(verdict):
        return "".join(part for part, _ in narrative.change(w, verdict))

    said = text(years.change("a", "2023"))
    assert " 8 " in said
    assert "9" in said
    assert narrative.unearned(said, lang, ["change.up"]) == []
    said = text(years.change("a", "2024"))
    assert w("compare.kind.mode") in said
    assert w.label("reason", "not-comparable") not in said
    assert narrative.unearned(said, lang, []) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_change_that_is_shown_and_small_says_both(lang):
    w = Words(lang)
    both = [Change("city", "2024", "up", 0.5, 0.3, high, 2.5) for high in (0.8, 2.6)]
    said = ["".join(part for part, _ in narrative.change(w, one)) for one in both]
    assert (w("narrative.change.small", margin=w.number(2.5, 1)) in said[0], both[1].small) == (True, False)
    assert narrative.unearned(said[0], lang, ["change.up"]) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_alternative_text_holds_every_number_and_says_what_is_missing(years, lang):
    w, line = Words(lang), years.line("a", NOW)
    said = alt(w, line)
    for point in line.points:
        assert point.survey in said
        assert point.value is None or w.number(point.value) in said
    # Where a survey is missing on one side the gap says it, not the break.
    assert w("compare.kind.mode") in said
    assert w("compare.kind.rule") not in said
    assert broken(w, line)[-1] == w("compare.years.gap", surveys="2022")


def test_a_survey_that_was_not_read_is_no_survey_to_compare_with(years):
    assert years.unread == {"2019": "unreadable"}
    assert "2019" not in years.earlier


@pytest.mark.parametrize("lang", ["id", "en"])
def test_overview_portal_and_unit_report_say_one_and_the_same_change(tmp_path, lang):
    survey = make_city(tmp_path)
    city = overview.open_city(survey, lang)
    first = results.pick(city.table("trend"), statistic="change", text="up")["unit"].iloc[0]
    said = unit_change.changed(open_unit(survey, first, lang)).plain_text()
    w = Words(lang)
    change = overview_trend.years(city).change(first, "2023")
    assert w.number(change.difference) in said
    found = open_results(survey, modules=("index", "sampling"))
    row = portal_years.unit(found, first, w)
    assert row["word"] == w("compare.change.up")
    assert row["value"] == w.number(change.difference)
    page = html.unescape(next(portal.pages(found, lang, set()))[1])
    sentence = "".join(text for text, _ in portal_years.city(found, w)["said"])
    assert sentence == "".join(
        text for text, _ in narrative.change(w, overview_trend.years(city).change("", "2023"))
    )
    assert sentence in re.sub(r"</?strong>", "", page)
    figure = next(b for b in overview.trend(city).blocks if isinstance(b, blocks.Figure))
    for point in overview_trend.lines_of(city)[""].points:
        assert point.value is None or w.number(point.value) in figure.alt
    assert w.join([w("compare.kind.rule")]) in figure.alt


def test_a_name_at_the_end_of_a_line_is_cut_before_its_value_is(tmp_path, monkeypatch):
    city = overview.open_city(make_city(tmp_path), "id")
    rows = overview_trend.changes(city, overview_trend.latest(city))
    long = {unit: f"Dinas Penanaman Modal dan Pelayanan Terpadu Nomor {unit}" for unit in city.names}
    lines = overview_trend.lines_of(city)
    monkeypatch.setitem(vars(city), "names", long)
    for narrow in (False, True):
        figure = overview_trend.draw(city, lines, rows, narrow=narrow)
        ends = [text.get_text() for text in figure.axes[0].texts if "Dinas" in text.get_text()[:5]]
        assert ends
        assert [text for text in ends if not re.fullmatch(r"Dinas.*….* \d\d,\d\d", text)] == []


@pytest.mark.parametrize("asked", [["U1"], ["U1", "U2"], ["U1", "U2", "U8"]])
def test_a_change_that_is_told_rests_on_an_element_and_one_without_any_is_not_told(asked: list[str]):
    draw = np.random.default_rng(32)
    units = np.repeat(["a", "b"], 40)
    now, then = (pd.DataFrame(draw.integers(1, 5, (80, len(asked))), columns=asked) for _ in range(2))
    told = set()
    for order in ("form", "questionnaire"):
        for size in range(len(asked) + 1):
            for new in itertools.combinations(asked, size):
                here = Conditions("14/2017", "form", wording=dict.fromkeys(new, "Bagaimana sekarang?"))
                there = Conditions("14/2017", order, wording=dict.fromkeys(new, "Bagaimana dahulu?"))
                wave = Wave("2024", then, units, conditions=there)
                rows = trend.table(now, units, earlier=[wave], conditions=here, survey="2025")
                found = Years(rows.itertuples(), "2025", 2.5)
                for unit in ("", "a", "b"):
                    change = found.change(unit, "2024")
                    assert bool(change.relation) == (change.shared > 0), (unit, new, order)
                    told.add(change.shared)
    # From all of them down to one; of none there is no number to explain.
    assert told == {0, *range(1, len(asked) + 1)}
