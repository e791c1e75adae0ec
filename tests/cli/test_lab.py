"""``skm lab``: the notebooks beside the data, in the reader's language."""

from __future__ import annotations

import json

from pipeline.cli.lab import lab_folder
from pipeline.run.plan import notebook_folder


def test_notebooks_are_opened_where_they_find_the_data_and_yours_are_kept(tmp_path):
    folder = lab_folder(tmp_path)
    assert folder == tmp_path / "notebooks"
    mine = folder / "7-explore.ipynb"
    assert mine.read_bytes() == (notebook_folder() / "7-explore.ipynb").read_bytes()
    mine.write_text("{}")
    (folder / "3-reliability.ipynb").unlink()
    lab_folder(tmp_path)
    assert mine.read_text() == "{}"
    assert (folder / "3-reliability.ipynb").is_file()


def test_a_checkout_s_own_notebooks_are_opened_where_they_are():
    ours = notebook_folder()
    assert lab_folder(ours.parent) == ours


def test_an_english_reader_opens_english_notebooks_with_the_same_code(tmp_path):
    folder = lab_folder(tmp_path, "en")
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
