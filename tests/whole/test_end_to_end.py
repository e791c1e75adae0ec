"""The main job on the small demo city: raw files to reports, as a stranger would run it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

#: Planted in the demo's raw files; must never be seen again.
PHONE = re.compile(r"(?<!\d)0?8\d{2}[- ]?0{3}[- ]?\d{4,5}(?!\d)")


def skm(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=900,
    )


@pytest.fixture(scope="module")
def name(city) -> str:
    return max(folder.name for folder in (city / "data/raw").iterdir())


def test_the_run_ends_with_the_paths_a_person_wants_next(city, name):
    lines = (city / "out.txt").read_text(encoding="utf-8").strip().splitlines()
    assert lines[-3].strip().endswith(f"reports/{name}/public/index.html")
    assert all((city / line.strip()).is_file() for line in lines[-3:])


def test_every_unit_has_a_report_in_both_forms_and_a_workbook(city, name):
    units = json.loads((city / "data/processed" / name / "units.json").read_text(encoding="utf-8"))
    assert len(units) >= 6
    for unit in units:
        folder = city / "reports" / name / "public/units" / unit["slug"]
        assert (folder / "report.html").is_file(), unit
        assert (folder / "report.pdf").is_file(), unit
        if unit["id"] != "unknown":
            assert (folder / "data.xlsx").is_file(), unit


def test_every_page_says_that_the_data_are_synthetic(city, name):
    from pypdf import PdfReader

    public = city / "reports" / name / "public"
    for path in public.rglob("*.html"):
        assert "sintetis" in path.read_text(encoding="utf-8"), path
    for path in public.rglob("*.pdf"):
        for number, page in enumerate(PdfReader(path).pages, 1):
            assert "sintetis" in page.extract_text().lower(), f"{path} page {number}"


def test_no_identity_from_the_raw_files_reaches_anything_that_is_written(city):
    for path in [*(city / "reports").rglob("*"), *(city / "data/processed").rglob("*")]:
        if not path.is_file():
            continue
        text = str(pd.read_parquet(path).to_dict()) if path.suffix == ".parquet" else ""
        if path.suffix in {".html", ".json", ".csv", ".svg"}:
            text = path.read_text(encoding="utf-8")
        assert "Responden 0" not in text, path
        assert not re.search(r"responden\d*@", text), path
        assert not PHONE.search(re.sub(r"<svg.*?</svg>", "", text, flags=re.S)), path


def test_rows_conserve_from_file_to_table(city, name):
    counts = pd.read_parquet(city / "data/processed" / name / "intake.parquet")
    assert (
        counts["read"] == counts["used"] + counts["merged"] + counts["excluded"] + counts["not_data"]
    ).all()


def test_a_unit_with_fewer_than_five_answers_shows_its_count_and_nothing_else(city, name):
    index = pd.read_parquet(city / "data/processed" / name / "index.parquet")
    units = index[(index.scope == "unit") & (index.statistic == "n_valid")]
    few = units[(units.estimate > 0) & (units.estimate < 5)].unit.tolist()
    assert few
    rows = index[index.unit.isin(few) & ~index.statistic.isin(["n", "n_valid"])]
    assert rows.estimate.isna().all()
    assert (rows.text == "").all()
    results = pd.read_csv(city / "reports" / name / "public/results.csv", low_memory=False)
    public = results[results.unit.isin(few) & (results.statistic == "ikm")]
    assert public.estimate.isna().all()


def test_hostile_suggestions_are_text_in_every_page(city, name):
    for path in (city / "reports" / name).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        body = re.sub(r"<script[^>]*>.*?</script>", "", text, count=1, flags=re.S)
        assert "alert(" not in body or "&lt;script" in body, path
        assert not re.search(r"(src|href)=[\"']https?://", text), path


def test_check_reads_without_touching_results(city, name):
    before = {p: p.stat().st_mtime_ns for p in (city / "data/processed").rglob("*") if p.is_file()}
    done = skm("check", "--root", str(city), cwd=city)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "validation.html" in done.stdout
    assert done.stdout.splitlines()[-1] == f"next: read that page, then: skm run {name} --root {city}"
    assert before == {p: p.stat().st_mtime_ns for p in (city / "data/processed").rglob("*") if p.is_file()}


def test_status_counts_answers_against_the_required_sample(city, name):
    rows = json.loads(skm("status", "--json", "--root", str(city), cwd=city).stdout)["units"]
    assert all(row["report"] == "ok" for row in rows)
    assert any(row["data"] == "none" for row in rows)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "20255"), 2, "there is no survey"),
        (("run", "--only", "tidak-ada"), 2, 'there is no unit "tidak-ada"'),
        (("run", "--lang", "fr"), 2, "there is no language"),
        (("run", "--stage", "2-indx"), 2, 'did you mean "2-index"?'),
        (("open", "--print"), 0, "index.html"),
        (("schema",), 0, "properties"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_a_wrong_word_ends_in_one_sentence_and_the_right_exit_code(city, arguments, code, said):
    wants_root = arguments[0] in {"run", "open"}
    done = skm(*arguments, *(["--root", str(city)] if wants_root else []), cwd=city)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


LONGER = ("2-index", "3-reliability", "4-compare", "6-overview", "6-annex")
NOTEBOOKS = ["1-clean", "5-unit-report", *(pytest.param(name, marks=pytest.mark.full) for name in LONGER)]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_opened_in_its_folder_runs_with_its_defaults(city, name, notebook, project_root):
    """As JupyterLab would: the kernel starts in the notebook's folder, no parameter is set."""
    import nbformat
    from nbclient import NotebookClient

    folder = city / "notebooks"
    folder.mkdir(exist_ok=True)
    opened = nbformat.read(project_root / "notebooks" / f"{notebook}.ipynb", as_version=4)
    NotebookClient(opened, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    shown = [c for c in opened.cells if c.cell_type == "code" and c.outputs]
    assert shown
    assert all("text/html" in o.data for c in shown for o in c.outputs if o.output_type == "execute_result")
