"""What is asked for is made, what is not costs nothing, and ledger and verify know each product."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import survey as surveys
from pipeline.cli import publish
from pipeline.run import command
from pipeline.run.manifest import made_as
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from pipeline.run.verify import verify
from pipeline.survey import SurveyError
from pipeline.survey.formats import FORMATS
from tests.run import tiny_run


def placard(survey: Any, unit: str, language: str) -> None:
    """Stands in for the poster: it tells the unit's value."""
    path = survey.public / "units" / unit / "poster.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{unit} {tiny_run.values(survey).get(unit, '')}")


def dress(survey: Any, options: Options) -> Options:
    """As the command line adds what is made beside the pages."""
    return replace(options, extras=(placard,) if "poster" in options.formats else (), rows=tiny_run.rows)


def run(project: Path, notebooks: Path, *formats: str) -> Any:
    survey = surveys.load(project, "2024")
    made = Run(survey, dress(survey, Options(notebooks=notebooks, formats=formats))).go()
    assert made.failures == []
    return made


def files(project: Path) -> list[str]:
    folder = project / "reports/2024/public/units/a"
    return sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []


def test_each_product_is_made_where_it_is_asked_for_and_goes_when_it_is_not(
    project: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tiny_run.Instead(monkeypatch)
    run(project, notebooks, "html", "pdf")
    assert files(project) == ["report.html", "report.pdf"]
    run(project, notebooks, "html", "docx", "poster")
    assert files(project) == ["poster.pdf", "report.docx", "report.html"]
    stand_in.done.clear()
    run(project, notebooks, "poster")
    assert files(project) == ["poster.pdf"]
    assert stand_in.done == []  # a poster needs no notebook


def test_only_a_changed_answer_makes_a_poster_again(
    project: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_run.Instead(monkeypatch)
    first = run(project, notebooks, "poster", "html")
    assert sorted(first.written) == ["a", "b", "c", "overview"]
    assert run(project, notebooks, "poster", "html").written == []
    (project / "data/raw/2024/answers.csv").write_text("a 1\nb 2\nc 4\n", encoding="utf-8")
    assert sorted(run(project, notebooks, "html", "poster").written) == ["c", "overview"]
    assert (project / "reports/2024/public/units/c/poster.pdf").read_text() == "c 4"


def test_the_manifest_lists_the_products_and_verify_makes_them_again(
    project: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_run.Instead(monkeypatch)
    run(project, notebooks, "poster", "html")
    made = json.loads((project / "reports/2024/run.json").read_text())
    assert made["formats"] == ["html", "poster"]
    sums = (project / "reports/2024/SHA256SUMS").read_text()
    assert "public/units/a/poster.pdf" in sums
    survey = surveys.load(project, "2024")
    again = verify(survey, units=3, notebooks=notebooks, rows=tiny_run.rows, dress=dress)
    assert again.wrong == []

    def other(survey: Any, unit: str, language: str) -> None:
        placard(survey, unit, language)
        (survey.public / "units" / unit / "poster.pdf").write_text("something else")

    def differently(survey: Any, options: Options) -> Options:
        return replace(dress(survey, options), extras=(other,))

    found = verify(survey, units=3, notebooks=notebooks, rows=tiny_run.rows, dress=differently)
    assert "rendered again, it differs: public/units/a/poster.pdf" in found.wrong


def test_formats_are_those_of_the_definition_unless_the_command_names_others(project: Path) -> None:
    assert list(command.options(surveys.load(project, "2024")).formats) == ["html", "pdf"]
    path = project / "data/raw/2024/survey.yml"
    path.write_text(path.read_text() + "formats: [html, poster]\n")
    survey = surveys.load(project, "2024")
    assert list(command.options(survey).formats) == ["html", "poster"]
    assert list(command.options(survey, formats="pdf, form").formats) == ["pdf", "form"]
    with pytest.raises(SurveyError, match=r'no format "postr"(.|\n)*did you mean "poster"'):
        command.options(survey, formats="postr")
    path.write_text(path.read_text().replace("poster", "postr"))
    with pytest.raises(SurveyError, match="formats"):
        surveys.load(project, "2024")


def test_the_brief_of_a_city_makes_no_report_again_and_the_portal_once(
    project: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_run.Instead(monkeypatch)
    finished: list[str] = []

    def go(*formats: str) -> Any:
        survey = surveys.load(project, "2024")
        options = dress(survey, Options(notebooks=notebooks, formats=formats))
        return Run(survey, options).go(lambda outcome: finished.append(",".join(formats)))

    assert sorted(go("html").written) == ["a", "b", "c", "overview"]
    assert go("html", "brief").written == []
    assert go("html", "brief").written == []
    assert finished == ["html", "html,brief"]
    made = json.loads((project / "reports/2024/run.json").read_text())
    assert made["formats"] == ["html", "brief"]
    assert made_as(surveys.load(project, "2024")) == (("id",), ("html", "brief"))


def test_a_brief_that_is_there_is_kept_up_to_date_by_every_run(project: Path) -> None:
    survey = surveys.load(project, "2024")
    assert list(command.options(survey, formats="html").formats) == ["html"]
    survey.public.mkdir(parents=True, exist_ok=True)
    (survey.public / "brief.pdf").write_bytes(b"%PDF")
    assert list(command.options(survey, formats="html").formats) == ["html", "brief"]


def test_products_that_nobody_asks_for_are_no_part_of_a_run(project: Path) -> None:
    survey = surveys.load(project, "2024")
    extras = {
        formats: [
            extra.func.__name__ for extra in publish.with_extras(survey, Options(formats=formats)).extras
        ]
        for formats in (("html", "pdf"), FORMATS)
    }
    assert extras[("html", "pdf")] == ["write_workbook", "write_rows"]
    assert extras[FORMATS] == ["write_workbook", "write_rows", "write_form", "write_poster"]
