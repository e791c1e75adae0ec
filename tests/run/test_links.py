"""What a page links to: only what is made, by relative address, and the pages of a city after its units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline import blocks
from pipeline import survey as surveys
from pipeline.render import html
from pipeline.render.content import Report
from pipeline.run import why
from pipeline.run.addresses import Beside
from pipeline.run.plan import Options
from pipeline.run.runner import Run
from tests.run import tiny_run

HOSTILE = "Dinas <b> & Co"


def page(around: html.Around) -> str:
    """A page with a table of units, and one whose second column names a unit."""
    columns = [{"key": "unit", "label": "unit"}, {"key": "n", "label": "n", "numeric": True}]
    table = {"type": "table", "anchor": "t", "number": 1, "caption": "c", "key": "t", "columns": columns,
             "rows": [[HOSTILE, "4"], ["B", "5"]]}  # fmt: skip
    document = blocks.document(title="Judul").to_json()
    return html.write(Report(document, [table]), around=around)


def test_a_name_in_the_column_of_units_links_to_its_report_and_no_other_does() -> None:
    text = page(html.Around(links={HOSTILE: "units/dinas-b-co/report.html", "5": "units/five/report.html"}))
    assert '<th scope="row"><a href="units/dinas-b-co/report.html">Dinas &lt;b&gt; &amp; Co</a></th>' in text
    assert '<th scope="row">B</th>' in text
    assert "units/five" not in text


def test_links_above_the_title_stand_in_html_only_where_something_lies_beside_it() -> None:
    assert '<a href="../../index.html">Semua unit</a>' in page(
        html.Around(nav=[("home", "../../index.html")])
    )
    assert 'class="beside"' not in page(html.Around())


def test_a_name_is_heard_in_its_own_language_on_a_page_in_another() -> None:
    names = [HOSTILE, "Dinas"]
    document = {**blocks.document(title=HOSTILE, lang="en", unit=HOSTILE).to_json()}
    said = [blocks.prose(f"{HOSTILE} and Dinas B, no Dinasti.").to_json()]
    text = html.write(Report(document, said), around=html.Around(names=names, spoken="id"))
    whole = '<bdi lang="id">Dinas &lt;b&gt; &amp; Co</bdi>'
    assert f"<h1>{whole}</h1>" in text
    assert f'<p>{whole} and <bdi lang="id">Dinas</bdi> B, no Dinasti.</p>' in text
    assert "<title>Dinas &lt;b&gt; &amp; Co" in text
    assert "<bdi" not in html.write(Report(document, said), around=html.Around(names=names, spoken="en"))


def test_two_units_of_one_name_are_not_linked_and_neither_is_one_without_a_page() -> None:
    beside = Beside(
        "", ("html",), told=True, names={"a": "Sama", "b": "Sama", "c": "C", "d": "D"},
        reported=("units/a/report.html", "units/b/report.html", "units/c/report.html", "units/d/report.en.html"),
    )  # fmt: skip
    annex = {"annex.html": "annex.html"}, {"annex.html": "annex.en.html"}
    assert beside.of("overview")["links"] == {"C": "units/c/report.html", **annex[0]}
    assert beside.of("annex.en")["links"] == {"D": "units/d/report.en.html", **annex[1]}
    assert "annex.html" not in Beside("../../", ("html",)).of("report")["links"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tiny_run.make_project(tmp_path)


def test_the_pages_of_a_city_are_told_of_the_reports_of_this_run_and_of_none_that_failed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tiny_run.Instead(monkeypatch)
    seen: dict[str, Any] = {}

    def export(notebook: dict[str, Any], form: str, around: Any = None) -> bytes:
        seen[f"{form} {notebook['text']}"] = around
        return b"x"

    monkeypatch.setattr("pipeline.run.rendering.export", export)
    stand_in.failing.add("b")
    folder = tiny_run.make_notebooks(project)
    survey = surveys.load(project, "2024")
    options = Options(notebooks=folder, rows=tiny_run.rows)
    said = list(why.dry_run(survey, options))
    made = Run(survey, options).go()
    assert made.failed_units == ["b"]
    assert [name for name in stand_in.done if name in ("a", "b", "c", "6-overview", "6-annex")][-2:] == [
        "6-overview", "6-annex",
    ]  # fmt: skip
    around = {key: value for key, value in seen.items() if value is not None}
    assert seen["skm_html 6-annex  id"]["links"] == {
        "A": "units/a/report.html", "C": "units/c/report.html", "annex.html": "annex.html",
    }  # fmt: skip
    assert around["skm_html 6-overview  id"]["nav"] == [
        ("home", "index.html"), ("annex", "annex.html"), ("pdf", "overview.pdf"),
    ]  # fmt: skip
    own = next(value for key, value in around.items() if key.startswith("skm_html a "))
    nav = [("home", "../../index.html"), ("pdf", "report.pdf")]
    assert own == {"nav": nav, "links": {}, "names": ("A",), "spoken": "id"}
    assert set(around["skm_html 6-overview  id"]["names"]) > {"A", "B"}
    assert {key.split()[0] for key in around} == {"skm_html"}  # paper links to nothing
    assert said
    stand_in.failing.clear()
    assert "b" in Run(survey, options).go().written
    assert seen["skm_html 6-annex  id"]["links"]["B"] == "units/b/report.html"
    assert "overview: up to date" in list(why.dry_run(survey, options))


def test_a_dry_run_knows_that_a_new_report_is_linked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_run.Instead(monkeypatch)
    options = Options(notebooks=tiny_run.make_notebooks(project), rows=tiny_run.rows, only=("a",))
    survey = surveys.load(project, "2024")
    Run(survey, options).go()
    every = Options(notebooks=options.notebooks, rows=tiny_run.rows)
    assert "overview: the list of reports it links to changed" in list(why.dry_run(survey, every))
    assert "overview" in Run(survey, every).go().written
