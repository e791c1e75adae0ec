"""Every declared questionnaire and facet gets its own reliability, on every page that speaks of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline import intake, steps
from pipeline import report as unit_report
from pipeline.report import overview, stages
from pipeline.report.city.psychometrics import constructs
from pipeline.results import pick
from tests.support.raw_surveys import csv, make

UNITS = "id,name,type,population\na,Rumah Sakit A,rs,\nb,Rumah Sakit B,rs,\nc,Rumah Sakit C,rs,\n"
NAMES = ("wujud", "andal", "tanggap")
#: How strongly the items of each questionnaire share one rating: all different.
SHARED = {"wujud": 0.9, "andal": 0.6, "tanggap": 0.1}
SIZES = {"a": 60, "b": 45, "c": 35}


def definition(facets: str = "") -> str:
    """Three questionnaires of four items each, 1 to 5, in one file."""
    lines = ["title: Mutu", "scale: {min: 1, max: 5}", "instruments:"]
    for name in NAMES:
        items = ", ".join(f"{name}{i}: {{label: Butir {name} {i}}}" for i in range(1, 5))
        lines.append(f"  {name}: {{title: Skala {name}, items: {{{items}}}}}")
    lines += [facets] if facets else []
    return "\n".join([*lines, "files:", f"- {{path: a.csv, instrument: [{', '.join(NAMES)}]}}", ""])


def answers() -> list[list[object]]:
    draw = np.random.default_rng(19)
    rows: list[list[object]] = []
    for unit, n in SIZES.items():
        for _ in range(n):
            row: list[object] = [unit]
            for name in NAMES:
                rating = draw.normal()
                own = SHARED[name] * rating + np.sqrt(1 - SHARED[name] ** 2) * draw.normal(size=4)
                row += [int(v) for v in np.clip(np.round(3.6 + own), 1, 5)]
            rows.append(row)
    return rows


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> steps.Answers:
    header = ["unit", *(f"{name}{i}" for name in NAMES for i in range(1, 5))]
    facets = "facets: {depan: [wujud.wujud1, wujud.wujud2], belakang: [wujud.wujud3, wujud.wujud4]}"
    root = tmp_path_factory.mktemp("constructs")
    survey = make(root, {"a.csv": csv(header, *answers())}, definition(facets), units=UNITS)
    steps.keep(survey, intake.clean(survey))
    opened = steps.open_answers("2024", root, everything=True)
    for module in ("index", "instruments", "sampling", "profile", "integrity", "priorities", "reliability",
                   "validity", "factors", "association", "constructs", "comparison", "ranking"):  # fmt: skip
        steps.save(opened, **{module: getattr(steps, module)(opened)})
    return opened


@pytest.fixture(scope="module")
def made(data: steps.Answers) -> pd.DataFrame:
    """The table of the questionnaires as it is computed, before small cells are hidden."""
    return steps.constructs(data)


def by_hand(columns: pd.DataFrame) -> float:
    """Cronbach's alpha as his formula says."""
    k = columns.shape[1]
    return k / (k - 1) * (1 - columns.var(ddof=1).sum() / columns.sum(axis=1).var(ddof=1))


@pytest.mark.parametrize("name", NAMES[1:])
def test_alpha_of_every_questionnaire_is_that_of_its_own_items(data, made, name):
    items = [f"{name}.{name}{i}" for i in range(1, 5)]
    for unit in SIZES:
        rows = pick(made, scope="unit", unit=unit, group=name, statistic="alpha", method="jackknife")
        mine = data.responses.loc[data.responses["unit"] == unit, items].astype(float)
        assert rows["estimate"].tolist() == pytest.approx([by_hand(mine)])


def test_facets_have_an_alpha_of_their_own_items_and_no_model(data, made):
    rows = made
    mine = data.responses.loc[data.responses["unit"] == "a", ["wujud.wujud1", "wujud.wujud2"]].astype(float)
    found = pick(rows, scope="unit", unit="a", group="facet:depan", statistic="alpha", method="jackknife")
    assert found["estimate"].tolist() == pytest.approx([by_hand(mine)])
    assert not len(rows[rows["group"].str.startswith("facet:") & rows["statistic"].eq("loading")])
    assert len(rows[rows["group"].eq("andal") & rows["statistic"].eq("loading")])


def test_the_overview_lists_every_questionnaire_with_the_figures_of_its_rows(data):
    city = overview.open_city(data.survey, lang="en")
    text = constructs.table(city).plain_text()
    for name in NAMES:
        assert f"Skala {name}" in text
    within = pick(
        city.table("constructs"), scope="city", group="andal", statistic="alpha_within", method="jackknife"
    )
    assert city.words.number(within["estimate"].iloc[0]) in text
    assert "facet depan" in text
    weak = pick(city.table("constructs"), scope="city", group="tanggap", statistic="item_rest_within")
    assert (weak["estimate"] < 0.3).all()


def test_a_units_page_says_how_consistent_each_questionnaire_is(data, made):
    u = unit_report.open_unit(data.survey, "a", lang="id")
    text = unit_report.unsur(u).plain_text()
    for name in NAMES[1:]:
        row = pick(made, scope="unit", unit="a", group=name, statistic="alpha", method="jackknife")
        assert f"Konsistensi: alfa Cronbach {u.words.number(row['estimate'].iloc[0])}" in text
    assert "depan" in unit_report.consistency(u).plain_text()


def test_the_stage_page_has_a_chapter_for_each_with_keys_of_its_own(data):
    made = stages.constructs_table(stages.open_stage(data.survey, lang="en"))
    keys = [key for block in made.blocks if (key := getattr(block, "key", ""))]
    assert len(keys) == len(set(keys))
    assert {"construct-1", "construct-2", "psychometric-items-1", "psychometric-items-2"} <= set(keys)


def test_without_other_questionnaires_or_facets_there_is_no_table(tmp_path):
    header = ["unit", *(f"U{i}" for i in range(1, 10))]
    rows = [["a", *([3, 4] * 5)[:9]] for _ in range(8)]
    survey = make(
        tmp_path,
        {"a.csv": csv(header, *rows)},
        "title: A\norder: form\nfiles:\n- {path: a.csv}\n",
        units=UNITS,
    )
    steps.keep(survey, intake.clean(survey))
    assert not len(steps.constructs(steps.open_answers("2024", tmp_path, everything=True)))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> steps.Answers:
    """One questionnaire of 46 items."""
    names = [f"butir{i}" for i in range(1, 47)]
    draw = np.random.default_rng(46)
    rows = [[unit, *map(int, draw.integers(2, 6, 46))] for unit, n in SIZES.items() for _ in range(n)]
    listed = "".join(f"      {name}: {{label: Pertanyaan {name}}}\n" for name in names)
    text = (
        "title: Mutu\nscale: {min: 1, max: 5}\ninstruments:\n  mutu:\n    title: Mutu\n    items:\n"
        f"{listed}files:\n- {{path: a.csv, instrument: mutu}}\n"
    )
    root = tmp_path_factory.mktemp("long")
    survey = make(root, {"a.csv": csv(["unit", *names], *rows)}, text, units=UNITS)
    steps.keep(survey, intake.clean(survey))
    opened = steps.open_answers("2024", root, everything=True)
    for module in (
        "index",
        "instruments",
        "sampling",
        "priorities",
        "reliability",
        "validity",
        "association",
    ):
        steps.save(opened, **{module: getattr(steps, module)(opened)})
    return opened


def of_kind(shown, kind: str):
    return [block for block in shown.blocks if block.kind_name == kind]


def test_a_figure_of_46_items_is_split_and_shows_each_once(long):
    u = unit_report.open_unit(long.survey, "a", lang="id")
    figures = of_kind(unit_report.which_first(u), "figure")
    assert [figure.key for figure in figures] == ["which-first", "which-first-2"]
    assert ["(bagian 1 dari 2)" in f.caption for f in figures] == [True, False]
    for item in u.items:
        assert sum(f"{u.item_name(item)}:" in f.alt or f"{u.item_name(item)} " in f.alt for f in figures) == 1


def test_the_annex_of_46_items_is_split_and_its_sums_are_those_of_all(long):
    u = unit_report.open_unit(long.survey, "a", lang="id")
    tables = of_kind(unit_report.answers(u), "table")
    assert len({table.key for table in tables}) == len(tables) > 1
    assert sum(len(table.columns) - 1 for table in tables) == 46
    assert all(len(table.rows) == SIZES["a"] for table in tables)
    weighted = sum(float(cell.replace(",", ".")) for table in tables for cell in table.footer_rows[-1][1:])
    assert weighted == pytest.approx(u.ikm.estimate / 20, abs=46 * 0.0005)


def test_a_matrix_of_46_items_is_told_by_its_extremes(long):
    u = unit_report.open_unit(long.survey, "a", lang="id")
    shown = unit_report.consistency(u)
    assert not of_kind(shown, "figure")
    pairs = next(table for table in of_kind(shown, "table") if table.key == "pairs")
    assert len(pairs.rows) == 20


def test_a_questionnaire_on_1_to_4_that_is_not_the_regulations_gets_no_letter(tmp_path):
    header = ["unit", "a1", "a2", "a3"]
    rows = [["a", 4, 3, 4] if n % 2 else ["a", 3, 3, 3] for n in range(40)]
    text = (
        "title: Mutu\ninstruments: {mutu: {title: Mutu, items: {a1: {label: A}, a2: {label: B}, a3: {label: C}}}}\n"
        "files:\n- {path: a.csv, instrument: mutu}\n"
    )
    survey = make(tmp_path, {"a.csv": csv(header, *rows)}, text, units=UNITS)
    steps.keep(survey, intake.clean(survey))
    data = steps.open_answers("2024", tmp_path, everything=True)
    steps.save(data, index=steps.index(data))
    row = pick(data.index, scope="unit", unit="a", statistic="ikm").iloc[0]
    assert row["estimate"] == pytest.approx(25 * data.frame.astype(float).to_numpy().mean())
    assert (row["text"], row["method"]) == ("", "100/4")
    head = unit_report.head(unit_report.open_unit(data.survey, "a", lang="id"))
    assert "bukan skala peraturan" in head.kicker
    assert head.renamed == (("unsur", "butir"),)
