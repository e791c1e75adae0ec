"""Every notebook in a real kernel, as JupyterLab runs it: opened in its folder, with its defaults, cell by cell."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.cli.lab import prepared

pytestmark = pytest.mark.full

#: In the order in which a reader would open them; 5 is run for every unit by the run itself.
OPENED = ("1-clean", "2-index", "3-reliability", "4-compare", "5-unit-report", "6-overview", "7-explore")


@pytest.fixture(scope="module")
def copy(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small city's raw files and nothing else: a person begins at the first notebook."""
    root = tmp_path_factory.mktemp("reader")
    shutil.copytree(small_city.parent.parent / "data" / "raw", root / "data" / "raw")
    return root


@pytest.mark.parametrize("lang", ["id", "en"])
def test_all_notebooks_run_one_after_another_from_raw_files(copy, small_city, lang):
    folder, _ = prepared(copy, lang)
    for name in OPENED:
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        client = NotebookClient(
            notebook, kernel_name="python3", timeout=600, resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
        code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
        assert all(cell.execution_count for cell in code), name
        said = [o for cell in code for o in cell.outputs if o.output_type in ("stream", "error")]
        assert said == [], name
        if name == "1-clean":
            taught = {cell.id: cell.outputs[0].data for cell in code if "stages.rows(" in cell.source}
            assert len(taught) == 6
            assert [cell for cell, data in taught.items() if data["text/html"].count("<tr") < 4] == []
    mine, run = (root / "data" / "processed" / small_city.name for root in (copy, small_city.parent.parent))
    for path in sorted(run.glob("*.parquet")):
        assert (mine / path.name).read_bytes() == path.read_bytes(), path.name
