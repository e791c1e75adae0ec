"""The notebooks as a person opens them: defaults, cell by cell; a reader learns the method and may change it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from pipeline import blocks, steps
from tests.support import cells, small_city

TEACHING = ("1-clean", "2-index", "3-reliability", "4-compare", "7-explore")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return small_city.build(tmp_path_factory.mktemp("notebooks"))


def stored(city: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (city / "data/processed/2024").iterdir()}


# The others run in real kernels in the longer tier, and within every run of a survey.
@pytest.mark.parametrize("name", ["2-index"])
def test_a_stage_runs_with_its_defaults_and_saves_what_the_steps_alone_save(city, monkeypatch, name):
    monkeypatch.chdir(city)
    before = stored(city)
    space: dict = {"__name__": "__main__"}
    shown = cells.run(cells.code(name), space)
    displays = [value for value in shown.values() if value is not None]
    assert all(isinstance(value, blocks.base.Block) for value in displays)
    assert all(value.plain_text().strip() for value in displays if not isinstance(value, blocks.Group) or value.blocks)
    changed = {file for file, content in stored(city).items() if before.get(file, content) != content}
    assert changed == set()  # small_city saved the same tables, step by step
    saved = re.findall(r"(\w+)=\1\b", cells.code(name)["save"])
    assert {f"{table}.parquet" for table in saved} <= set(stored(city))
    assert {*space["tables"].told} == set(saved)


def test_one_clean_shows_rows_of_every_table_of_the_intake_and_none_of_them_reaches_the_page():
    notebook = json.loads((cells.NOTEBOOKS / "1-clean.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = {}
    for cell in notebook:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and re.search(r"stages\.(rows|people|counts)\(", source):
            assert cell["metadata"]["tags"] == ["internal"], cell["id"]
            shown.update(dict.fromkeys(re.findall(r"cleaned\.(\w+)", source), cell["id"]))
    assert set(shown) == {"responses", "counts", "columns", "mapping", "ledger", "privacy"}
    saved = next(cell for cell in notebook if cell["id"] == "save")
    assert "".join(saved["source"]) == "steps.keep(definition, cleaned, processed)"  # as the intake made it


def test_four_compare_shows_all_ten_tables_it_computes(city, monkeypatch):
    source = cells.code("4-compare")
    computed = re.findall(r"^(\w+) = tables\.\1\(", "\n".join(source.values()), re.M)
    assert len(computed) == 10
    for table in computed:
        assert f"stages.rows(stage, {table}," in source[table]
        figures = [s for s in source.values() if re.search(rf"stages\.(intervals|histogram|scatter)\(stage, {table},", s)]
        assert len(figures) == 1, table


@pytest.mark.parametrize("name", TEACHING)
def test_nothing_is_saved_and_read_again_within_a_notebook(name):
    source = cells.code(name)
    saving = [cell for cell, text in source.items() if re.search(r"tables\.save\(|steps\.(keep|save)\(", text)]
    assert saving in ([], [list(source)[-1]])


@pytest.mark.parametrize("name", ["2-index", "3-reliability", "4-compare"])
def test_every_table_is_one_visible_call_on_the_answers(name):
    for cell, text in cells.code(name).items():
        for call in re.findall(r"tables\.(\w+)\(([^)]*)", text):
            if call[0] != "save":
                assert call[1].startswith("answers"), f"{name} {cell}"
                assert text.startswith(f"{call[0]} = tables.{call[0]}(")


@pytest.mark.parametrize("name", TEACHING)
def test_a_notebook_says_the_same_in_both_languages(name):
    path = cells.NOTEBOOKS / f"{name}.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        here, there = "".join(cell["source"]), cell["metadata"]["skm"]["en"]
        heads = [re.findall(r"^(#+) ", text, re.M) for text in (here, there)]
        assert heads[0] == heads[1], cell["id"]
        assert here.count("$$") == there.count("$$"), cell["id"]
        assert re.findall(r"`[^`]+`", here).__len__() == re.findall(r"`[^`]+`", there).__len__(), cell["id"]


@pytest.mark.parametrize("name", TEACHING)
def test_a_displayed_formula_is_one_equation_which_a_telephone_can_show(name):
    for cell in json.loads((cells.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            for text in ("".join(cell["source"]), cell["metadata"]["skm"]["en"]):
                for formula in re.findall(r"\$\$(.+?)\$\$", text, re.S):
                    *_, last = formula.partition("\\qquad")
                    assert len(last) < 30, f"{cell['id']}: two equations beside one another"


@pytest.mark.parametrize("path", sorted(cells.NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_text_of_every_notebook_stands_in_english_too(path):
    markdown = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "markdown"]
    assert [c["id"] for c in markdown if not c["metadata"].get("skm", {}).get("en", "").strip()] == []


@pytest.mark.parametrize("name", ["2-index", "3-reliability", "4-compare"])
def test_a_step_says_its_method_shows_rows_and_what_it_does_not_show(name):
    path = cells.NOTEBOOKS / f"{name}.ipynb"
    steps_: list[list[dict]] = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "".join(cell["source"]).startswith("## "):
            steps_.append([])
        if steps_:
            steps_[-1].append(cell)
    for step in steps_:
        question, text = "".join(step[0]["source"]), "\n".join("".join(cell["source"]) for cell in step)
        assert question.partition("\n\n")[2].strip(), f"no method below {question}"
        if calls := re.findall(r"^(\w+) = tables\.\1\(", text, re.M):
            assert all(f"stages.rows(stage, {table}," in text for table in calls if table != "instruments"), question
            assert "**Yang tidak ditunjukkan.**" in text, question


#: The line that a reader changes in each example, and the cell that then shows something else.
CHANGES = {
    "choose-group": ('group = "education"', "group"),
    "choose-items": ('chosen = ["U5", "U6", "U7"]', "items"),
    "choose-some": ('mine = ["dinas-a", "dinas-b"]', "some"),
    "choose-figure": ('element = "U3"', "figure"),
    "choose-export": ('columns = ["unit", "sex"]', "export"),
}


def result(name: str, space: dict) -> str:
    """What an example left: its table, its drawing, or its file."""
    shown = cells.run_cell(cells.code("7-explore")[name], space)
    if name == "figure":
        axes = space["axes"]
        text = f"{axes.get_xlabel()} {sorted(space['values']['estimate'].dropna())}"
        axes.figure.clear()
        return text
    if name == "export":
        frame, meta = pyreadstat.read_sav(str(shown[0]))
        return f"{list(frame)} {meta.column_names_to_labels}"
    return str(shown.plain_text())


def test_each_example_of_explore_changes_by_one_line(city, monkeypatch):
    import matplotlib

    matplotlib.use("agg")
    monkeypatch.chdir(city)
    before = stored(city)
    source, space = cells.code("7-explore"), {"__name__": "__main__"}
    for name in ("parameters", "open"):
        cells.run_cell(source[name], space)
    for choice, (instead, cell) in CHANGES.items():
        assert len(source[choice].splitlines()) == 1
        assert "# ganti / change" in source[choice]
        cells.run_cell(source[choice], space)
        first = result(cell, space)
        cells.run_cell(instead, space)
        assert result(cell, space) != first, choice
    assert stored(city) == before  # nothing among the survey's results was touched


def test_answers_reach_spss_and_r_with_their_labels_and_order(city):
    opened = steps.open_answers("2024", city)
    answers = opened.responses[["unit", "sex", *opened.items]]
    sav, csv, script = steps.export_answers(opened, answers, "mine", "en")
    frame, meta = pyreadstat.read_sav(str(sav))
    assert len(frame) == len(answers)
    assert meta.variable_value_labels["U1"] == {1.0: "1", 2.0: "2", 3.0: "3", 4.0: "4"}
    assert meta.column_names_to_labels["U1"] == "Requirements"
    pd.testing.assert_series_equal(frame["U1"], answers["U1"].astype(float), check_names=False)
    again = pd.read_csv(csv)
    assert list(again) == list(answers)
    assert again["U9"].notna().sum() == answers["U9"].notna().sum()
    assert 'answers[["U9"]] <- factor(answers[["U9"]], levels = c(1, 2, 3, 4), ordered = TRUE)' in script.read_text()
