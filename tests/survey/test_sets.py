"""Named sets of units: an overview of their own, computed from the set's units alone."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from pipeline import results, steps
from pipeline import survey as surveys
from pipeline.office import portal
from pipeline.report import overview
from pipeline.report.city.set import about_set
from pipeline.run import command, why
from pipeline.run.ledger import open_ledger
from pipeline.run.plan import Options
from pipeline.run.verify import verify
from pipeline.steps import files
from pipeline.survey import sets
from tests.run import tiny_run
from tests.support import small_city

HOSTILE = "../../<b>x</b>"
UNITS = f"""id,name,type,population,parent,sets,target,deadline
dinas-a,Dinas <A> & Co,dinas,900,,uji-2024;{HOSTILE},88.31,2024-12-01
dinas-b,Dinas B,dinas,400,dinas-a,uji-2024,,
dinas-c,Dinas C,dinas,,dinas-a,,,
kel-tiga,Kelurahan Tiga,kelurahan,300,,uji-2024;kecil,,
kel-tetap,Kelurahan Tetap,kelurahan,120,,uji-2024,,
kel-kecil,Kelurahan Kecil,kelurahan,500,dinas-c,uji-2024,,
kel-kosong,Kelurahan Kosong,kelurahan,200,,kosong,,
kel-baik,Kelurahan Baik,kelurahan,150,,satu,,
"""
SECTIONS = [name for name in overview.__all__ if name not in ("CityReport", "open_city", "alternatives")]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A city of eight units without its result tables: the set's are computed anew."""
    folder = tmp_path_factory.mktemp("sets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_city, "UNITS", UNITS)
        patch.setattr(small_city, "compute", lambda root, name: None)
        return small_city.build(folder)


@pytest.fixture(scope="module")
def part(city):
    return steps.named_set("2024", "uji-2024", city)


def plain(block):
    """Text of a paragraph, without the marks of emphasis."""
    return re.sub(r"<[^>]+>|\*\*", "", "".join(re.findall(r'"text": "([^"]*)"', small_city.as_json(block))))


def said(part, root, lang="id", sections=SECTIONS):
    opened = overview.open_city("2024", lang, root, part=part)
    return " ".join(small_city.as_json(getattr(overview, name)(opened)) for name in sections)


def test_the_tables_of_a_set_are_those_of_a_survey_of_its_units_alone(part, city, tmp_path):
    """Ranks, bands and tests depend on who takes part: filtering the city's tables would be wrong."""
    apart = tmp_path / "apart"
    raw = apart / "data/raw/2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text((city / "data/raw/2024/survey.yml").read_text())
    lines = UNITS.splitlines(keepends=True)
    own = [lines[0], *(line for line in lines[1:] if "uji-2024" in line)]
    (raw / "units.csv").write_text("".join(own).replace(",dinas-c,", ",,"))
    answers = pd.read_parquet(city / "data/processed/2024/responses.parquet")
    mine = answers[answers["unit"].isin([line.split(",")[0] for line in own])]
    processed = apart / "data/processed/2024"
    processed.mkdir(parents=True)
    mine[mine["unit"] != "kel-tiga"].to_parquet(processed / "responses.parquet", index=False)
    alone = steps.open_answers("2024", apart)
    for name in ("comparison", "ranking", "verdicts"):
        expected = files.shown(alone, name, getattr(steps, name)(alone))
        found = part.tables[name]
        kept = found["unit"].ne("kel-tiga") & found["other"].ne("kel-tiga")
        pd.testing.assert_frame_equal(
            found[kept].reset_index(drop=True),
            expected[expected["unit"].ne("kel-tiga")].reset_index(drop=True),
        )
    whole = steps.ranking(steps.open_answers("2024", city))
    ranks = {"scope": "unit", "statistic": "rank_high", "group": ""}
    filtered = results.pick(whole, **ranks, unit=[unit.id for unit in part.survey.units])
    mine = results.pick(part.tables["ranking"], **ranks)
    assert mine["estimate"].max() == 3 < filtered["estimate"].max()


def test_each_unit_keeps_the_index_it_has_in_the_city(part, city):
    whole = results.pick(steps.open_answers("2024", city).index, scope="unit", item="", service="", group="")
    mine = results.pick(part.tables["index"], scope="unit", item="", service="", group="", statistic="ikm")
    expected = whole[(whole["statistic"] == "ikm") & whole["unit"].isin(mine["unit"])]
    shown = dict(zip(expected["unit"], expected["estimate"]))
    assert set(mine["unit"]) == {"dinas-a", "dinas-b", "kel-tiga", "kel-tetap", "kel-kecil"}
    for row in mine.itertuples():
        if row.unit != "kel-tiga":
            assert row.estimate == shown[row.unit]


WORDED = ("head", "summary", "left_out", "units", "comparison", "trend", "equity", "intake", "method")
#: What names the city rightly: the place, its own overview, what was simulated.
RIGHTLY = r"Kota Contoh|gambaran kota|city's overview"


@pytest.mark.parametrize(
    ("lang", "sections"),
    [
        ("id", WORDED),
        pytest.param("id", SECTIONS, marks=pytest.mark.full),
        pytest.param("en", SECTIONS, marks=pytest.mark.full),
    ],
)
def test_every_number_is_said_to_be_of_the_set(part, city, lang, sections):
    text = said(part, city, lang, sections)
    assert "uji-2024" in text
    assert ("5 dari 8 unit" if lang == "id" else "5 of the 8 units") in text
    assert ("1 Desember 2024" if lang == "id" else "1 December 2024") in text
    assert ("88,31" if lang == "id" else "88.31") in text
    assert "Dinas C" not in text
    assert "Kelurahan Baik" not in text
    spoken = re.sub(RIGHTLY, "", text)
    of_city = r"indeks kota|kota\W*:|city.{0,2} index|the city's|(nilai|garis|target|seluruh) kota|whole city"
    assert [m[0] for m in re.finditer(rf".{{40}}\b(?:{of_city}).{{20}}", spoken, re.I)] == []


def test_a_unit_of_three_is_counted_in_its_set_and_enters_no_figure(part, city):
    index = results.pick(part.tables["index"], unit="kel-tiga", scope="unit", item="", statistic="ikm")
    assert index["estimate"].isna().all()
    for name, table in part.tables.items():
        if name not in ("index", "sampling", "city"):
            assert not (table["unit"].eq("kel-tiga") & table["estimate"].notna()).any(), name
    small = steps.named_set("2024", "kecil", city)
    assert set(small.tables) == {"index", "sampling"}
    shown = pd.concat(small.tables.values())
    told = shown[shown["estimate"].notna()]
    # Who answered and how many were needed; nothing of what the three said.
    assert set(told["statistic"]) <= {
        "n", "n_valid", "units", "population", "required", "required_total", "required_krejcie_morgan",
        "required_slovin", "shortfall", "units_without_data", "units_suppressed", "units_undefined",
        "units_not_listed", "rows_unknown", "units_counted", "units_for_information",
    }  # fmt: skip
    assert (told.loc[told["statistic"] == "units", "estimate"] <= 1).all()


@pytest.mark.parametrize(
    ("name", "words"),
    [("kosong", "No answers have come in yet"), ("kecil", "Only 0 units"), ("satu", "Only 1 unit ")],
)
def test_a_set_with_too_few_units_says_why(city, monkeypatch, name, words):
    monkeypatch.setattr("pipeline.steps.sets.every_table", lambda part: {"index": part.index})
    opened = overview.open_city("2024", "en", city, part=steps.named_set("2024", name, city))
    assert words in " ".join(plain(block) for block in about_set(opened))
    assert overview.comparison(opened)


def test_a_name_that_is_markup_or_a_path_stays_text_and_in_its_folder(city):
    survey = surveys.load(city, "2024")
    found = {one.name: one for one in sets.declared(survey)}
    slugs = [found[HOSTILE].slug, sets.NamedSet("x" * 200, ()).slug, sets.NamedSet("..", ()).slug,
             sets.NamedSet("UJI-2024", ()).slug, found["uji-2024"].slug, sets.NamedSet("CON", ()).slug]  # fmt: skip
    assert len(set(slugs)) == len(slugs)
    for name in slugs:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", name)
    folder = survey.public / sets.FOLDER / found[HOSTILE].slug
    folder.mkdir(parents=True)
    (folder / "overview.html").write_text("x")
    html = portal.write(survey).read_text(encoding="utf-8")
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>x</b>" not in html
    assert f'href="sets/{found[HOSTILE].slug}/overview.html"' in html
    assert "sets/uji-2024" not in html


def test_groups_that_would_tell_of_a_few_by_subtraction_are_not_compared(city):
    """The city less the set leaves 45 people of dinas-c: three women among them would be told of."""
    data = steps.open_answers("2024", city)
    ids = [unit for unit in data.listed if unit not in ("dinas-c", "kel-tiga", "kel-kosong", "kel-baik")]
    ids += ["kel-tiga", "kel-kosong", "kel-baik"]
    assert "sex" not in steps.sets.telling(data, ids)
    rows = data.responses.index[data.responses["unit"] == "dinas-c"]
    few = data.responses.copy()
    few.loc[rows, "sex"] = ["female"] * 3 + ["male"] * (len(rows) - 3)
    changed = steps.Answers(data.survey, few, data.with_status)
    assert "sex" in steps.sets.telling(changed, ids)


# -- the run ------------------------------------------------------------------------------


PAGE = "reports/2024/public/sets/inti/overview.html"


def test_a_set_that_nobody_asks_for_changes_nothing(project, go, stand_in):
    go()
    assert not any(name.startswith("@") for name in stand_in.done)
    assert not (project / "reports/2024/public/sets").exists()
    assert "sets" not in json.loads((project / "reports/2024/run.json").read_text())


def test_a_set_asked_for_gets_an_overview_that_later_runs_keep_up_to_date(project, go, stand_in):
    outcome = go(only=["@inti"])
    assert "@inti" in outcome.written
    assert (project / PAGE).is_file()
    assert (project / PAGE).with_suffix(".pdf").is_file()
    made = json.loads((project / "reports/2024/run.json").read_text())
    assert set(made["sets"]["inti"]["outputs"]) == {
        f"public/sets/inti/{page}.{form}" for page in ("overview", "annex") for form in ("html", "pdf")
    }
    assert "public/sets/inti/overview.html" in (project / "reports/2024/SHA256SUMS").read_text()
    assert "@inti" in go(only=["@inti"]).current
    assert stand_in.done == []
    (project / "data/raw/2024/answers.csv").write_text("a 1\nb 2\nc 4\n")
    go()
    assert "@inti" in stand_in.done


def test_the_plan_and_the_reasons_name_the_set(project, notebooks, go):
    survey = surveys.load(project, "2024")
    options = Options(notebooks=notebooks, rows=tiny_run.rows, only=["@inti"])
    go()
    assert any(
        line.startswith("overview of @inti (2 units): never made") for line in why.dry_run(survey, options)
    )
    go(only=["@inti"])
    assert "overview of @inti (2 units): up to date" in list(why.dry_run(survey, options))
    assert list(why.lines(survey, "@inti", options)) == ["@inti: up to date (4 files, as they were written)"]
    (project / PAGE).write_text("by hand")
    assert any("edited" in line or "hand" in line for line in why.lines(survey, "@inti", options))
    with pytest.raises(surveys.SurveyError, match="inti"):
        list(why.lines(survey, "@intl", options))


def test_a_set_that_gains_a_unit_is_made_again(project, go, stand_in):
    go(only=["@inti"])
    (project / "data/raw/2024/units.csv").write_text("id,name,sets\na,A,inti\nb,B,inti\nc,C,inti\n")
    go()
    assert "@inti" in stand_in.done


def test_a_set_that_is_gone_is_named_and_pruned_on_request(project, go):
    go(only=["@inti"])
    (project / "data/raw/2024/units.csv").write_text("id,name\na,A\nb,B\nc,C\n")
    assert go().orphans == ["sets/inti"]
    assert (project / PAGE).is_file()
    assert go(prune=True).pruned == ["sets/inti"]
    assert not (project / PAGE).parent.exists()
    with open_ledger(project / "data/processed/2024", project, readonly=True) as ledger:
        assert ledger.names("set:") == []


def test_a_set_that_fails_stops_nobody_and_leaves_no_old_page(project, go, stand_in):
    go(only=["@inti"])
    stand_in.failing.add("@inti")
    outcome = go(only=["@inti"], force=True)
    assert [failure.what for failure in outcome.failures] == ["@inti"]
    assert {"a", "c", "overview"} <= set(outcome.written)
    assert not (project / PAGE).exists()
    lines = list(command.summary(surveys.load(project, "2024"), Options(), outcome))
    assert any("1 failed" in line for line in lines)
    stand_in.failing.clear()
    assert "@inti" in go().written


def test_an_overview_of_a_set_is_verified_by_rendering_it_again(project, notebooks, go, monkeypatch):
    go(only=["@inti"])
    survey = surveys.load(project, "2024")
    verdict = verify(survey, units=1, notebooks=notebooks, seed=1)
    assert verdict.wrong == []
    assert verdict.rendered == 2
    monkeypatch.setattr("pipeline.run.rendering.export", lambda notebook, form, around=None: b"another")
    wrong = verify(survey, units=1, notebooks=notebooks, seed=1).wrong
    assert "rendered again, it differs: public/sets/inti/overview.html" in wrong


@pytest.mark.full
def test_a_real_overview_of_a_set_is_rendered_linked_and_verified(tmp_path):
    from typer.testing import CliRunner

    from pipeline.cli import app

    def skm(*arguments):
        return CliRunner().invoke(app, [*arguments, "--root", str(tmp_path)])

    assert skm("demo", "--units", "6").exit_code == 0
    survey = surveys.load(tmp_path, surveys.newest(tmp_path))
    name = next(one.name for one in sets.declared(survey))
    ran = skm("run", survey.name, "--only", f"@{name}")
    assert f"overview written of @{name}" in ran.output, ran.output
    folder = survey.public / sets.FOLDER / name
    assert f"kumpulan unit {name}" in (folder / "overview.html").read_text(encoding="utf-8")
    assert (folder / "overview.pdf").read_bytes().startswith(b"%PDF")
    assert f'href="sets/{name}/overview.html"' in (survey.public / "index.html").read_text(encoding="utf-8")
    verdict = verify(survey, units=1, seed=1)
    assert verdict.wrong == []
    assert verdict.rendered == 2
