"""``skm lab``: the notebooks beside the data, in the reader's language."""

from __future__ import annotations

import json
import sys

import pytest

from pipeline.cli import lab, main
from pipeline.cli.lab import prepared
from pipeline.run.plan import notebook_folder
from tests.support.raw_surveys import THREES, make, wide


def test_notebooks_are_opened_where_they_find_the_data_and_yours_are_kept(tmp_path):
    folder, _ = prepared(tmp_path)
    assert folder == tmp_path / "notebooks"
    mine = folder / "7-explore.ipynb"
    assert mine.read_bytes() == (notebook_folder() / "7-explore.ipynb").read_bytes()
    mine.write_text("{}")
    (folder / "3-reliability.ipynb").unlink()
    prepared(tmp_path)
    assert mine.read_text() == "{}"
    assert (folder / "3-reliability.ipynb").is_file()


def test_a_checkout_s_own_notebooks_are_opened_where_they_are():
    ours = notebook_folder()
    assert prepared(ours.parent) == (ours, [])


def test_an_english_reader_opens_english_notebooks_with_the_same_code(tmp_path):
    folder, _ = prepared(tmp_path, "en")
    assert folder == tmp_path / "notebooks-en"
    for path in sorted(notebook_folder().glob("*.ipynb")):
        here, there = (json.loads(p.read_text(encoding="utf-8"))["cells"] for p in (path, folder / path.name))
        for ours, theirs in zip(here, there, strict=True):
            if ours["cell_type"] == "markdown" and "skm" in ours["metadata"]:
                assert "".join(theirs["source"]) == ours["metadata"]["skm"]["en"]
            elif "parameters" in ours["metadata"].get("tags", []):
                assert 'lang = "en"' in "".join(theirs["source"])
            else:
                assert theirs == ours


def source(path):
    """Code of the cells up to the first that opens the survey."""
    cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in cells[:2]]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_notebooks_of_a_survey_open_that_survey_and_not_the_newest(tmp_path, monkeypatch, lang):
    for name in ("2023", "2024"):
        make(tmp_path, {"a.csv": wide(["r1", "a", *THREES])}, name=name)
    folder, _ = prepared(tmp_path, lang, "2023")
    assert folder == tmp_path / "lab" / ("2023" if lang == "id" else "2023-en")
    monkeypatch.chdir(folder)  # where a kernel starts
    space: dict = {}
    for cell in source(folder / "1-clean.ipynb"):
        exec(cell, space)
    assert (space["definition"].name, space["definition"].root) == ("2023", tmp_path)
    assert space["lang"] == lang
    for path in folder.glob("*.ipynb"):
        assert source(path)[0].count('survey = "2023"') == 1, path.name


def test_a_notebook_that_somebody_worked_in_is_kept_and_named(tmp_path):
    folder, kept = prepared(tmp_path, "id", "2023")
    assert kept == []
    (folder / "2-index.ipynb").write_text("{}")
    assert prepared(tmp_path, "id", "2023") == (folder, ["2-index.ipynb"])
    assert (folder / "2-index.ipynb").read_text() == "{}"


@pytest.mark.parametrize(
    ("arguments", "folder", "more"),
    [
        (["2023", "--no-browser"], "lab/2023", ["--no-browser"]),
        (["--lang", "en"], "notebooks-en", []),
        (["2023", "--", "--allow-root", "--port=9999"], "lab/2023", ["--allow-root", "--port=9999"]),
    ],
)
def test_the_command_starts_jupyterlab_of_this_python_in_the_folder_with_the_data(
    tmp_path, monkeypatch, capsys, arguments, folder, more
):
    make(tmp_path, {"a.csv": wide(["r1", "a", *THREES])}, name="2023")
    started = []
    monkeypatch.setattr("subprocess.call", lambda command, cwd: started.append((command, cwd)) or 0)
    with pytest.raises(SystemExit) as ended:
        main(["lab", "--root", str(tmp_path), *arguments])
    assert not ended.value.code
    assert started == [([sys.executable, "-m", "jupyterlab", str(tmp_path / folder), *more], str(tmp_path))]
    assert str(tmp_path / folder) in capsys.readouterr().out


def test_where_jupyterlab_is_not_installed_one_sentence_says_what_to_install(tmp_path, monkeypatch, capsys):
    make(tmp_path, {"a.csv": wide(["r1", "a", *THREES])}, name="2023")
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        main(["lab", "2023", "--root", str(tmp_path)])
    assert ended.value.code == 5
    assert "pip install 'skm-pipeline[lab]'" in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted(notebook_folder().glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_notebook_begins_with_a_tour_of_three_sentences_in_both_languages(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tour = cells[1]
    assert (tour["id"], tour["cell_type"], tour["metadata"]["tags"]) == ("tour", "markdown", ["internal"])
    for text in ("".join(tour["source"]), tour["metadata"]["skm"]["en"]):
        assert text.count(". ") == 2  # three sentences
        assert "`skm lab " in text
    assert cells[2]["metadata"]["tags"] == ["parameters"]


@pytest.mark.full
def test_a_notebook_opened_on_an_older_survey_shows_that_survey_in_a_real_kernel(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    for name, people in (("2023", 7), ("2024", 9)):
        rows = [[f"r{n}", "a", *THREES] for n in range(people)]
        make(tmp_path, {"a.csv": wide(*rows)}, name=name)
    folder, _ = prepared(tmp_path, "en", "2023")
    notebook = nbformat.read(folder / "1-clean.ipynb", as_version=4)
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name="python3", timeout=600, resources=where).execute()
    shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
    assert "2023" in shown
    assert "2024" not in shown
    written = tmp_path / "data" / "processed"
    assert [path.name for path in written.iterdir()] == ["2023"]
    assert json.loads((written / "2023" / "units.json").read_text(encoding="utf-8"))[0]["n"] == 7
