"""The files of the brief: the same bytes each time, nothing from outside, texts that are hostile stay texts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from pipeline.cli import publish
from pipeline.office import brief, template
from pipeline.office.brief import files
from pipeline.report import overview
from pipeline.run.plan import Options
from pipeline.survey.formats import of_brief
from tests.support.city_fixture import make_city


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_city(tmp_path_factory.mktemp("files"), units=12, few=("unit-02",))


@pytest.fixture(scope="module")
def page(survey: Any) -> str:
    return files.slides(overview.open_city(survey, "en"))


def test_files_are_named_by_language_and_an_old_language_goes(
    survey: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "two_pages", lambda city: city.lang.encode())
    monkeypatch.setattr(files, "slides", lambda city: city.lang)
    made = [path.name for path in brief.write(survey, ("id", "en"))]
    assert made == ["brief.pdf", "slides.html", "brief.en.pdf", "slides.en.html"]
    before = {path.name: path.read_bytes() for path in of_brief(survey.public)}
    brief.write(survey, ("id",))
    left = {path.name: path.read_bytes() for path in of_brief(survey.public)}
    assert left == {name: before[name] for name in ("brief.pdf", "slides.html")}
    assert before["slides.en.html"] == b"en"
    publish.write_brief(survey, Options(formats=("html",)))
    assert of_brief(survey.public) == []


def test_the_same_results_give_the_same_bytes(survey: Any, page: str) -> None:
    again = overview.open_city(survey, "en")
    assert files.slides(again) == page
    assert files.two_pages(again) == files.two_pages(overview.open_city(survey, "en"))


def test_slides_load_nothing_and_work_without_their_script(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all(["link", "iframe", "img", "object"])
    assert all(not script.get("src") for script in soup.find_all("script"))
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//|url\((?!data:|#)|@import|fetch\(|XMLHttp", page)
    assert (
        "hidden" in soup.select_one("footer nav").attrs
    )  # what only the script can do is not offered before


def test_every_slide_is_a_section_named_by_its_heading(page: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    slides = soup.select("main > section")
    assert len(slides) >= 7
    assert soup.html["lang"] == "en"
    assert len(soup.find_all("h1")) == 1
    for slide in slides:
        heading = slide.find("h2")
        assert slide["aria-labelledby"] == heading["id"]
        assert heading.get_text(strip=True)
    assert len({tag["id"] for tag in soup.find_all(id=True)}) == len(soup.find_all(id=True))


def test_motion_is_left_out_where_a_reader_asks_for_that() -> None:
    css = template.text("slides.css") + template.text("slides.js")
    assert "prefers-reduced-motion: reduce" in css
    assert "transition" not in css
    assert "animation" not in css


def test_names_are_texts_and_no_markup(survey: Any, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    units = tuple(replace(unit, name=f"{unit.name} {evil}") for unit in survey.units)
    definition = survey.definition.model_copy(update={"city": f"Kota {evil}"})
    hostile = replace(survey, units=units, definition=definition)
    made = files.slides(overview.open_city(hostile, "id"))
    assert made.count("<script>") == 1
    assert "alert(1)</script>" not in made
