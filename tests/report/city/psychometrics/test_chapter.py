"""The psychometric chapter: every item once, both sides of the fit, and each refusal in words."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import pickle
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import __version__, blocks, results
from pipeline.report import overview, stages
from pipeline.report.base.scale_verdicts import city_scale
from pipeline.report.city.psychometrics import (
    figures as psychometric_figures,
)
from pipeline.report.city.psychometrics import methods
from pipeline.report.city.psychometrics import (
    tables as psychometric_tables,
)
from pipeline.report.data.stage import RELIABILITY
from pipeline.statistics.index import table as index
from pipeline.statistics.psychometrics.correlation import association
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from pipeline.words import LANGUAGES, Words, narrative, scale
from tests.statistics.psychometrics.factor.test_table import made
from tests.support.city_fixture import ITEMS, make_city, make_survey


def city(root: Path, answers: pd.DataFrame, lang: str = "en", units: int = 1):
    """A city whose psychometric tables are computed from these answers."""
    root.mkdir(parents=True, exist_ok=True)
    survey = make_city(root)
    known = [unit.id for unit in survey.units if unit.population][:units] or [survey.units[0].id]
    by = pd.Series([known[i * len(known) // len(answers)] for i in range(len(answers))])
    for name, table in tables(answers, by, survey.name).items():
        table.to_parquet(survey.processed / f"{name}.parquet")
    return overview.open_city(survey, lang)


_COMPUTED: dict[tuple[str, bytes], dict[str, pd.DataFrame]] = {}


def tables(answers: pd.DataFrame, by: pd.Series, survey: str) -> dict[str, pd.DataFrame]:
    """Tables of these answers, computed for the first test that has them."""
    key = (survey, pickle.dumps((answers.to_dict("list"), by.tolist())))
    if key not in _COMPUTED:
        made = {"reliability": reliability, "factors": factors, "index": index}
        found = {name: module.table(answers, by, survey=survey) for name, module in made.items()}
        found["validity"] = validity.table(answers, by, survey=survey, draws=20)
        _COMPUTED[key] = found
    return _COMPUTED[key]


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """A city of 500 who answered everything, and its chapter, drawn once in each language."""

    @functools.cache
    def read(lang="en"):
        found = city(tmp_path_factory.mktemp("usual"), made(500), lang)
        return found, overview.psychometrics(found)

    return read


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A city of 500 of whom one in twelve left an answer blank, with every table of the chapter."""
    answers = made(500)
    answers.iloc[::25, 2] = pd.NA
    answers.iloc[3::25, 5] = pd.NA
    read = city(tmp_path_factory.mktemp("city"), answers, units=3)
    by = pd.Series("unit-01", index=answers.index)
    table = association.table(answers, by, survey=read.survey.name)
    table.to_parquet(read.survey.processed / "association.parquet")
    return read.survey


@pytest.mark.parametrize(
    "name", ["reliability_table", "validity_table", "factorability_table", "factors_table"]
)
def test_a_stage_page_is_the_same_whether_or_not_later_stages_ran_before(shown, tmp_path, name):
    later, first = tmp_path / "later", tmp_path / "first"
    shutil.copytree(shown.processed, later)
    ranks = [
        {
            "survey": "2024",
            "scope": "unit",
            "unit": unit.id,
            "statistic": "rank_low",
            "estimate": 1.0,
            "n": 50,
        }
        for unit in shown.units
    ]
    results.frame(ranks).to_parquet(later / "ranking.parquet")
    first.mkdir()
    for module in RELIABILITY:
        if (later / f"{module}.parquet").is_file():
            shutil.copy(later / f"{module}.parquet", first)
    pages = [
        getattr(stages, name)(stages.open_stage(shown, "id", processed=folder)).plain_text()
        for folder in (first, later)
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_item_stands_in_one_table_with_its_loadings(usual, lang):
    text = usual(lang)[1].plain_text()
    rows = [line.split("\t") for line in text.splitlines() if line.startswith(tuple("U123456789"))]
    rows = [row for row in rows if len(row) == 10]
    assert len(rows) == 9
    # Mean, spread, shares, ceiling, item-rest r, alpha if dropped, MSA and both loadings are there.
    assert all(cell not in ("", "–") for row in rows for cell in row)
    shares = [row[3].split("·") for row in rows]
    assert all(len(parts) == 4 and 98 <= sum(map(int, parts)) <= 102 for parts in shares)
    assert all(row[3].split("·")[-1] == row[4] for row in rows)


def test_the_polychoric_side_of_the_items_is_said_from_its_own_rows(usual):
    read, chapter = usual()
    text = chapter.plain_text()
    table = results.pick(read.table("validity"), scope="city")
    r = results.pick(table, statistic="item_rest_polychoric")["estimate"]
    kmo = results.pick(table, statistic="kmo_polychoric")["estimate"].iloc[0]
    assert len(r) == 9
    number = read.words.number
    assert f"from {number(r.min())} (" in text
    assert f"to {number(r.max())} (" in text
    assert f"KMO is {number(kmo)}" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_coefficient_that_is_computed_is_shown_with_its_own_number(shown, lang):
    """Each interval of alpha, both kinds of missing answers, both denominators of omega."""
    read = overview.open_city(shown, lang)
    w, table = read.words, results.pick(read.table("reliability"), scope="city", item="")
    cells = {row[0]: row for row in psychometric_tables.reliability(read).rows}
    hidden = {"min_r", "max_r"}  # the correlations themselves are drawn
    # Of one unit alone what is inside it is all there is.
    hidden |= {"alpha_within", "omega_within", "sem_within", "smallest_difference_within"}
    computed = set(table["statistic"]) - hidden
    assert computed <= {statistic for _, statistic, _, _ in psychometric_tables.POOLED}
    for name, statistic, method, digits in psychometric_tables.POOLED:
        if statistic in hidden:
            continue
        rows = results.pick(table, statistic=statistic, **({"method": method} if method else {}))
        row = cells[w(f"stages.coefficient.{name}")]
        assert row[1] == w.number(rows["estimate"].iloc[0], digits), name
        assert row[3] == w.integer(rows["n"].iloc[0]), name
    assert cells[w("stages.coefficient.alpha")][3] == "460"
    # Of 36 pairs 21 rest on 500 respondents, 14 on 480 and one on 460.
    effective = w.integer(36 / (21 / 500 + 14 / 480 + 1 / 460))
    assert cells[w("stages.coefficient.alpha_pairwise")][3] == effective == "491"
    assert "5" in cells[w("stages.coefficient.split_half_horst")][4]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_readers_expect_stands_in_a_note_beside_what_decides(shown, lang, monkeypatch):
    """The one-sided r table, Spearman's item-rest, minres, Kendall: each from its own rows."""
    for name in ("loadings", "scree", "correlations"):
        monkeypatch.setattr(psychometric_figures, name, lambda read: None)
    read = overview.open_city(shown, lang)
    w, text = read.words, overview.psychometrics(read).plain_text()
    table = results.pick(read.table("validity"), scope="city")
    for method in ("two-sided", "one-sided"):
        value = results.pick(table, statistic="r_table", method=method)["estimate"].iloc[0]
        assert w.number(value, 3) in psychometric_tables.item_tables(read).plain_text()
    ranks = results.pick(table, statistic="item_rest_spearman").sort_values("estimate")
    said = f"{w.number(ranks['estimate'].iloc[0])} ({ranks['item'].iloc[0]})"
    assert said in psychometric_tables.item_tables(read).plain_text()
    for method in ("pearson", "polychoric"):
        common = results.pick(table, statistic="communality", method=method)["estimate"]
        assert w.percent(common.mean()) in psychometric_tables.minres(read).plain_text()
    tau = results.pick(read.table("association"), scope="city", statistic="kendall")["estimate"]
    said = psychometric_tables.rank_pairs(read).plain_text()
    assert w.number(tau.min()) in said
    assert w.number(tau.max()) in said
    for block in (
        psychometric_tables.item_tables,
        psychometric_tables.minres,
        psychometric_tables.rank_pairs,
    ):
        assert block(read).plain_text() in text
    assert w("psychometrics.nothing_refused") in text


def test_omega_over_all_respondents_has_its_robust_interval(usual):
    read, chapter = usual()
    omega = results.pick(read.table("reliability"), scope="city", statistic="omega", method="mlr")
    robust = read.words.interval(omega["lower"].iloc[0], omega["upper"].iloc[0], 3)
    normal = results.pick(read.table("reliability"), scope="city", statistic="omega", method="ml")
    assert robust != read.words.interval(normal["lower"].iloc[0], normal["upper"].iloc[0], 3)
    assert robust in chapter.plain_text()


def test_the_robust_indices_stand_beside_the_scaled_ones(usual):
    text = usual()[1].plain_text()
    lead = next(line for line in text.split("\n") if "WLSMV, n 500" in line)
    assert "scaled" in lead
    assert "robust indices" in lead
    for estimator in ("ML, scaled", "ordinal, scaled", "ordinal, robust"):
        assert estimator in text
    assert "no reason to drop" in text


def test_units_with_few_answers_are_counted_with_the_reason(tmp_path):
    text = overview.psychometrics(city(tmp_path, made(500), units=5)).plain_text()
    assert "computed for 0 of" in text
    assert "fewer answers than" in text


def test_a_content_city_is_refused_in_words(tmp_path):
    answers = pd.DataFrame({f"U{j}": [4] * 300 for j in range(1, 10)}, dtype="Int64")
    text = overview.psychometrics(city(tmp_path, answers)).plain_text()
    assert "All respondents answered each element alike" in text
    assert "One-factor model (ML): everybody gave the same answer" in text
    assert "Ordinal one-factor model (WLSMV): everybody gave the same answer" in text


def test_a_matrix_that_contradicts_itself_leaves_the_other_model(tmp_path):
    text = overview.psychometrics(city(tmp_path, made(50, seed=1, loading=0.9))).plain_text()
    assert "robust maximum likelihood" in text
    assert "not positive definite" in text
    assert "Ordinal alpha: the estimated correlations contradict one another" in text
    assert "the ordinal model was not computed" in text
    assert "scaled, SRMR" in text


def figures_of(block) -> dict:
    return {b.key: b for b in block.blocks if isinstance(b, blocks.Figure)}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_each_drawing_says_its_numbers_to_those_who_cannot_see_it(usual, lang):
    read, chapter = usual(lang)
    found = figures_of(chapter)
    assert set(found) == {"loadings", "scree", "correlations"}
    w = read.words
    loading = results.pick(read.table("factors"), scope="city", statistic="loading", method="wlsmv")
    assert w.number(loading["estimate"].max()) in found["loadings"].alt
    assert w.number(loading["estimate"].min()) in found["loadings"].alt
    table = results.pick(read.table("validity"), scope="city")
    assert (
        w.number(results.pick(table, statistic="eigenvalue", other="1")["estimate"].iloc[0])
        in found["scree"].alt
    )
    pairs = results.pick(table, statistic="polychoric")["estimate"]
    assert w.number(pairs.max()) in found["correlations"].alt
    assert w.number(pairs.min()) in found["correlations"].alt
    for figure in found.values():
        assert figure.narrow
        assert figure.svg != figure.narrow
        # Labels are on the drawing: every element is named where it stands.
        if figure.key != "scree":
            assert "U1" in figure.svg
    assert read.item_name("U2") in found["loadings"].svg


def test_a_weak_loading_has_another_shape_not_only_another_colour(tmp_path, usual):
    answers = made(500)
    answers["U4"] = pd.array(np.random.default_rng(2).integers(1, 5, 500), dtype="Int64")
    figure = figures_of(overview.psychometrics(city(tmp_path, answers)))["loadings"]
    assert "Less than 0.40: 1" in figure.alt
    strong = figures_of(usual()[1])["loadings"]
    # A path of straight lines only, filled: a square; a circle is made of curves.
    squares = re.compile(r'<path[^>]* d="M[^C"]*z"[^>]*style="fill:#[0-9a-f]{6}"')
    assert (len(squares.findall(figure.svg)), len(squares.findall(strong.svg))) == (1, 0)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_paragraph_for_a_paper_names_only_what_was_computed(usual, tmp_path, lang):
    full, _ = usual(lang)
    few = city(tmp_path / "few", made(50, seed=1, loading=0.9), lang)
    for read, ordinal in ((full, True), (few, False)):
        verdicts = city_scale(read)
        keys = methods.sentences(read, verdicts)
        assert ("ordinal" in keys) is ordinal
        assert ("ml" in keys) is not ordinal
        text = blocks.group(*methods.paragraph(read, verdicts)).plain_text()
        assert read.words.number(verdicts.alpha.value) in text
        assert __version__ in text
        assert ("Savalei" in text) is ordinal
        assert read.words.number(verdicts.model.scaled.rmsea, 3) in text
        assert "–, " not in text
        assert "nan" not in text.casefold().split()
        # Titles of papers claim what they like; our own sentences may not.
        own = methods.paragraph(read, verdicts)[1].plain_text()
        assert narrative.unearned(own, lang) == []
        assert scale.overclaims(own, lang) == []


def test_the_paragraph_says_of_a_single_unit_nothing_about_others(tmp_path):
    """No ranks, no other units, no doubt that was not looked for, no pile-up or interval that was not measured."""
    survey = make_survey(tmp_path, 1)
    survey.processed.mkdir(parents=True)
    answers = made(300)
    by, closed = pd.Series("unit-01", index=answers.index), {"models": False}
    for name, module, more in (
        ("reliability", reliability, {}),
        ("validity", validity, closed),
        ("index", index, {}),
    ):
        table = module.table(answers, by, survey=survey.name, **more)
        table.to_parquet(survey.processed / f"{name}.parquet")
    read = overview.open_city(survey, "en")
    keys = methods.sentences(read, city_scale(read))
    assert not {"ranks", "doubt", "required", "drawn", "rule", "own", "index_own"} & set(keys)
    assert {"decree", "undrawn", "index", "hall", "alpha", "jackknife", "beside", "piled"} <= set(keys)
    text = methods.paragraph(read, city_scale(read))[1].plain_text()
    assert "300 complete questionnaires on 9 elements were analysed, from one unit." in text
    alpha = results.pick(read.table("reliability"), scope="city", statistic="alpha", method="jackknife")
    assert f"(95% interval {read.words.interval(*alpha[['lower', 'upper']].iloc[0])})" in text
    share = results.pick(read.table("index"), scope="city", statistic="ceiling")
    assert f"On average, {read.words.percent(share[share['item'] != '']['estimate'].mean())} of" in text
    assert "wider" not in text


@pytest.mark.parametrize(
    ("definition", "key"),
    [
        ("rule: 16/2014", "rule"),
        ("rule: 14/2017\nscale: {min: 1, max: 5}", "own"),
        ("sampling: acak", "drawn"),
        ("sampling: yang datang ke loket", "nonrandom"),
        ("sampling: ''", "undrawn"),
    ],
)
def test_the_paragraph_names_the_regulation_and_the_draw_that_the_definition_names(tmp_path, definition, key):
    survey = make_city(tmp_path)
    path = survey.raw / "survey.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    named = {line.partition(":")[0] for line in definition.splitlines()}
    kept = [line for line in lines if line.partition(":")[0] not in named]
    path.write_text("\n".join([*kept, definition]) + "\n", encoding="utf-8")
    read = overview.open_city(survey.name, "en", root=tmp_path)
    decreed, draws = key != "own", {"drawn", "nonrandom", "undrawn"}
    verdicts = dataclasses.replace(city_scale(read), decreed=decreed)
    keys = methods.sentences(read, verdicts)
    assert key in keys
    assert draws & set(keys) == {key if key in draws else "undrawn"}
    assert ("decree" in keys) is (key in draws)
    assert ("permenpanrb2017" in methods.cited(read.words, keys)) is (key in draws)


def test_the_paragraph_states_the_seed_and_draws_of_the_parallel_analysis():
    given = inspect.signature(validity.table).parameters
    assert given["seed"].default == methods.SEED
    for lang in LANGUAGES:
        assert str(given["draws"].default) in Words(lang).template("psychometrics.methods.dimensions")
        assert str(given["draws"].default) in Words(lang).template("psychometrics.scree_note")


def test_groups_and_units_that_answer_otherwise_have_their_tables(tmp_path):
    read = city(tmp_path, made(300))
    fit = {
        "survey": "2024",
        "scope": "city",
        "group": "sex",
        "text": "female,male",
        "n": 300,
        "method": "wlsmv-scaled",
    }
    rows = [
        {**fit, "statistic": level, "other": other, "estimate": value}
        for level, values in (
            ("configural", {"chisq": 60.0, "cfi": 0.99, "rmsea": 0.03}),
            ("thresholds", {"chisq": 70.0, "cfi": 0.99, "rmsea": 0.03, "cfi_change": -0.001, "rmsea_change": 0.001}),
            ("metric", {"chisq": 170.0, "cfi": 0.95, "rmsea": 0.06, "cfi_change": -0.04, "rmsea_change": 0.03}),
        )
        for other, value in values.items()
    ]  # fmt: skip
    rows.append({**fit, "statistic": "invariance", "estimate": 2, "text": "thresholds"})
    rows.append({"survey": "2024", "scope": "city", "group": "mode", "statistic": "configural", "other": "chisq",
                 "method": "ml", "reason": "too-few"})  # fmt: skip
    for item in ITEMS:
        row = {"survey": "2024", "scope": "city", "item": item, "statistic": "dif_r2", "n": 300, "p": 0.001,
               "p_adjusted": 0.004, "estimate": 0.06 if item == "U3" else 0.004}  # fmt: skip
        rows.append({**row, "method": "nagelkerke"})
        rows.append({**row, "method": "nagelkerke-adjusted", "text": "uniform" if item == "U3" else ""})
    rows.append({"survey": "2024", "scope": "city", "item": "U3", "statistic": "rank_tau", "estimate": 0.91})
    rows.append({"survey": "2024", "scope": "city", "item": "U3", "statistic": "rank_shift_largest", "estimate": 3,
                 "numerator": 2, "denominator": 12})  # fmt: skip
    results.frame(rows).to_parquet(read.survey.processed / "invariance.parquet", index=False)
    read = overview.open_city(read.survey, "en")
    chapter = overview.psychometrics(read)
    text = chapter.plain_text()
    found = {b.key: b for b in chapter.blocks if isinstance(b, blocks.Table)}
    assert [row[1] for row in found["invariance"].rows] == ["pattern only", "thresholds", "loadings"]
    assert found["dif"].rows[2][4] == "different (alike at all levels)"
    assert found["dif"].accent_cells == ((2, 4),)
    assert "U3 Service time" in text or "U3" in text
    assert "thresholds of the answers are alike, but loadings differ" in text
    assert "agrees by 0.910" in text
    assert "2 of 12 units leave" in text
    assert "Invariance was not tested by mode of collection: fewer answers" in text
    assert "(Chen, 2007)" in text
    assert "(Jodoin & Gierl, 2001)" in text


def test_without_the_table_the_chapter_says_so(tmp_path):
    survey = make_city(tmp_path)
    text = overview.psychometrics(overview.open_city(survey, "en")).plain_text()
    assert text == "The one-factor models are not available yet."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_declared_facets_get_their_ratios_and_a_sentence(tmp_path, lang):
    answers = made(500)
    read = city(tmp_path, answers, lang)
    declared = {"prosedur": ["U1", "U2", "U3"], "petugas": ["U6", "U7"]}
    by = pd.Series(read.survey.units[0].id, index=answers.index)
    table = factors.table(answers, by, survey=read.survey.name, facets=declared)
    table.to_parquet(read.survey.processed / "factors.parquet")
    definition = read.survey.definition.model_copy(update={"facets": declared})
    read = overview.open_city(dataclasses.replace(read.survey, definition=definition), lang)
    text = overview.psychometrics(read).plain_text()
    rows = results.pick(table, scope="city", statistic="htmt2", method="polychoric")
    row = next(line.split("\t") for line in text.splitlines() if line.startswith("prosedur · petugas"))
    assert row[1] == read.words.number(rows["estimate"].iloc[0], 3)
    assert all(cell != "–" for cell in row)
    key = "close" if rows["estimate"].iloc[0] >= 0.85 else "apart"
    said = read.words(f"psychometrics.facets.{key}", pairs="prosedur · petugas", cut=read.words.number(0.85))
    assert said in text


def test_without_declared_facets_nothing_is_said_of_them(shown):
    assert "HTMT" not in overview.psychometrics(overview.open_city(shown, "id")).plain_text()
