"""The two pages and the slides say what the overview says, and only what rows and definition carry."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from pipeline import blocks, results
from pipeline.office.brief import files
from pipeline.report import brief, overview
from pipeline.report.brief import press, ribbon
from pipeline.report.brief.pages import inside
from pipeline.report.city import lagging
from pipeline.report.city.headline import headline
from tests.support.city_fixture import make_city, make_survey

LANGUAGES = ("id", "en")
SITUATIONS = {
    "twelve units, one hidden": {"units": 12, "few": ("unit-02",)},
    "one unit": {"units": 1},
    "two units, one hidden": {"units": 2, "few": ("unit-01",)},
    "a foreign scale": {"units": 12, "foreign": True},
    "48 units": {"units": 48},
}


@pytest.fixture(scope="module")
def surveys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {name: make_city(tmp_path_factory.mktemp("brief"), **kw) for name, kw in SITUATIONS.items()}


@pytest.fixture(scope="module")
def city(surveys: dict[str, Any]) -> Any:
    return overview.open_city(surveys["twelve units, one hidden"], "id")


def said(shown: list[Any]) -> str:
    return "\n".join(b.plain_text() for b in inside(shown) if not isinstance(b, blocks.Document))


def told(point: list[Any]) -> str:
    return str(blocks.bullets([point]).plain_text())


def of(shown: list[Any], kind: type) -> list[Any]:
    return [b for b in inside(shown) if isinstance(b, kind)]


def without(city: Any, module: str, **where: Any) -> Any:
    table = city.table(module)
    gone = results.pick(table, **where).index
    return replace(city, tables={**city.tables, module: table.drop(gone)})


@pytest.mark.parametrize(("situation", "lang"), [*((name, "id") for name in SITUATIONS), ("48 units", "en")])
def test_the_brief_is_two_pages_in_every_situation(
    surveys: dict[str, Any], situation: str, lang: str
) -> None:
    opened = overview.open_city(surveys[situation], lang)
    sheets = pypdfium2.PdfDocument(io.BytesIO(files.two_pages(opened)))
    assert len(sheets) == files.PAGES
    assert opened.words("brief.press") in sheets[1].get_textpage().get_text_range()


def test_the_index_is_the_overviews_own_block(city: Any) -> None:
    whole = headline(city, city.headline).to_json()
    for made in (brief.pages(city), brief.slides(city)):
        assert [b.to_json() for b in of(made, blocks.Headline)] == [whole]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("situation", ["twelve units, one hidden", "48 units"])
def test_a_press_text_has_a_length_that_is_printed(
    surveys: dict[str, Any], situation: str, lang: str
) -> None:
    text = said(press.press(overview.open_city(surveys[situation], lang)))
    assert 150 <= len(text.split()) <= 330


def test_of_a_hidden_unit_nothing_is_said_anywhere(city: Any) -> None:
    hidden = city.names["unit-02"]
    made = [*brief.pages(city), *brief.slides(city)]
    for block in inside(made):
        assert hidden not in str(block.to_json())


def test_findings_are_three_at_most_and_each_goes_with_its_verdict(city: Any) -> None:
    found = press.findings(city)
    assert len(found) == press.FINDINGS
    assert "target" in told(found[0]).lower()
    bare = without(city, "city", statistic="target")
    assert not [f for f in press.findings(bare) if "arget" in told(f)]
    bare = replace(
        bare, tables={k: t for k, t in bare.tables.items() if k not in ("trend", "priorities", "verdicts")}
    )
    bare = replace(bare, tables={k: t for k, t in bare.tables.items() if k != "city"})
    assert press.findings(bare) == []
    assert "naik" not in said(press.press(bare))


def test_a_change_is_said_as_the_row_says_it(city: Any) -> None:
    rows = city.table("trend").copy()
    whole = (rows["scope"] == "city") & (rows["statistic"] == "change")
    assert whole.any()
    told = {}
    for word in ("up", "down", "cannot-tell"):
        rows.loc[whole, "text"] = word
        told[word] = said(press.press(replace(city, tables={**city.tables, "trend": rows.copy()})))
    assert "Indeks kota naik" in told["up"]
    assert "Indeks kota turun" in told["down"]
    assert "belum dapat dipastikan" in told["cannot-tell"]
    assert "Indeks kota naik" not in told["down"] + told["cannot-tell"]


def test_what_nobody_planned_is_not_promised(city: Any) -> None:
    assert (
        said(press.will_do(without(city, "followup")))
        == "Rencana tindak lanjut atas hasil ini belum dicatat."
    )


def test_plans_are_counted_and_the_last_day_is_said(city: Any) -> None:
    rows = [
        {"scope": "city", "statistic": "units", "estimate": 3, "numerator": 3, "denominator": 11},
        {"scope": "city", "statistic": "planned", "estimate": 7},
        {"scope": "unit", "unit": "unit-01", "statistic": "due_last", "text": "2025-03-31"},
        {"scope": "unit", "unit": "unit-04", "statistic": "due_last", "text": "2025-06-30"},
    ]
    planned = replace(city, tables={**city.tables, "followup": results.frame(rows)})
    assert "3 unit telah mencatat 7 rencana" in said(press.will_do(planned))
    assert "30 Juni 2025" in said(press.will_do(planned))


@pytest.mark.parametrize(("more", "there"), [("release: {embargo: 2024-12-16}\n", True), ("", False)])
def test_an_embargo_stands_where_the_definition_has_one(tmp_path: Path, more: str, there: bool) -> None:
    survey = make_city(tmp_path, units=4)
    again = make_survey(tmp_path, 4, more=more)
    opened = replace(overview.open_city(survey, "id"), survey=again)
    for made in (brief.pages(opened), brief.slides(opened)):
        assert ("16 Desember 2024" in said(made)) == there
        assert ("Embargo" in said(made)) == there


def test_a_map_without_a_type_or_of_an_unsur_that_states_a_fact_says_so_on_page_and_slide(
    surveys: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = overview.open_city(surveys["48 units"], "id")
    types = len(lagging.kinds(read, read.ranked))
    for most in (types, types - 1):
        monkeypatch.setattr(lagging, "MOST_TYPES", most)
        for made in (brief.pages(read), brief.slides(read)):
            (map_,) = [figure for figure in of(made, blocks.Figure) if figure.key == "lagging"]
            left_out = read.words("story.types_drawn", drawn=most, types=types)
            assert (left_out in map_.note) is (most < types)
            facts = [item for item in read.context.facts if read.code(item) in map_.alt]
            assert all(f"{read.code(item)} {read.item_name(item)}" in map_.note for item in facts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sampling", ["acak sistematis", "yang datang ke loket", ""])
def test_brief_and_overview_say_of_the_sample_what_the_definition_says(
    city: Any, sampling: str, lang: str
) -> None:
    ways = {"random": "acak sistematis", "convenience": "yang datang ke loket", "unrecorded": ""}
    definition = city.survey.definition.model_copy(update={"sampling": sampling})
    read = replace(city, lang=lang, survey=replace(city.survey, definition=definition))
    for text in (said(press.measured(read)), overview.summary(read).plain_text()):
        told = [way for way in ways if read.words(f"overview.sample.{way}") in text]
        assert told == [way for way, words in ways.items() if words == sampling]


def test_without_release_or_contact_there_is_no_heading_for_them(city: Any) -> None:
    bare = city.survey.definition.model_copy(update={"conducted_by": ""})
    bare = replace(city, survey=replace(city.survey, definition=bare))
    for made in (press.press(bare), brief.slides(bare)):
        assert city.words("brief.ask") not in [b.text for b in of(made, blocks.Heading)]


def test_an_index_of_another_scale_has_no_letter(surveys: dict[str, Any]) -> None:
    opened = overview.open_city(surveys["a foreign scale"], "id")
    assert press.title(opened).startswith("Indeks kepuasan Kota Contoh: ")
    assert "huruf" not in press.title(opened)
    assert "PermenPANRB 14/2017, " not in said(press.press(opened))


def test_without_an_index_the_brief_says_so(tmp_path: Path) -> None:
    opened = overview.open_city(make_survey(tmp_path), "id")
    for made in (brief.pages(opened), brief.slides(opened)):
        assert opened.words("overview.no_index") in said(made)
        assert of(made, blocks.Headline) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_slide_is_headed_by_a_finding_or_a_question_and_no_two_alike(
    surveys: dict[str, Any], lang: str
) -> None:
    made = inside(brief.slides(overview.open_city(surveys["48 units"], lang)))
    headings = [b.text for b in made if isinstance(b, blocks.Heading)]
    assert 7 <= len(headings) <= 11
    assert len(set(headings)) == len(headings)
    drawn = of(made, blocks.Figure)
    assert len(drawn) >= 4
    assert all(not f.title and f.alt and f.narrow for f in drawn)


def test_the_figure_of_all_units_has_a_mark_for_each_unit_that_is_compared(surveys: dict[str, Any]) -> None:
    opened = overview.open_city(surveys["48 units"], "en")
    figure = ribbon.ribbon(opened)
    assert figure.svg.count("<circle") == len(opened.ranked)
    first, last = opened.ranked.iloc[0], opened.ranked.iloc[-1]
    assert f"{first['name']} {opened.words.number(first['ikm'])}" in figure.svg
    assert f"{last['name']} {opened.words.number(last['ikm'])}" in figure.svg


def test_of_very_many_units_the_figure_stays_small(tmp_path: Path) -> None:
    opened = overview.open_city(make_city(tmp_path, units=600), "id")
    assert len(ribbon.ribbon(opened).svg) < 60_000
