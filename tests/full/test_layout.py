"""The layout gate: every printed page of the small city, of the nasty one, of the official outlines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.render import pdf
from pipeline.survey import UNKNOWN_UNIT
from tests.layout import paper, tree
from tests.nasty import write
from tests.support import official

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parent.parent.parent


def faults(files: list[Path]) -> list[str]:
    """What the layout gate and what can be tested of PDF/UA say."""
    return [f"{path.parent.name}: {said}" for path in files for said in paper.wrong(path)]


def units(root: Path, survey: str) -> list[str]:
    """The listed units of a survey."""
    listed = json.loads((root / "data" / "processed" / survey / "units.json").read_text(encoding="utf-8"))
    return [unit["id"] for unit in listed if unit["id"] != UNKNOWN_UNIT]


def test_no_printed_page_is_half_empty_has_a_lonely_heading_or_text_too_small_to_read(small_city):
    files = paper.files(small_city / "public")
    assert files
    assert faults(files) == []


def test_no_report_cuts_names_alike_has_an_empty_column_or_says_numbers_twice(small_city):
    root, survey = small_city.parent.parent, small_city.name
    found = [
        f"{unit}: {said}"
        for unit in units(root, survey)
        for said in tree.wrong(official.report(root, "questions", unit, survey=survey))
    ]
    assert found == []


@pytest.fixture(scope="module")
def nasty_city(tmp_path_factory) -> Path:
    root = write(tmp_path_factory.mktemp("nasty-layout"))["city"]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "run", "2025", "--no-history", "--format", "pdf", "--root", str(root)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return root


def test_pages_of_the_nasty_city_are_printed_well(nasty_city):
    files = paper.files(nasty_city / "reports" / "2025" / "public")
    assert len(files) > 20
    assert faults(files) == []


@pytest.mark.parametrize("template", ["2021", "2025", "research"])
def test_pages_of_the_official_outlines_are_printed_well(nasty_city, template, tmp_path):
    files = []
    for unit in ("dinas-biasa", "enam-orang", "empat-semua-lima-belas", "tiga-orang"):
        report = official.report(nasty_city, template, unit, survey="2025")
        assert list(tree.wrong(report)) == []
        files.append(tmp_path / f"{unit}.pdf")
        files[-1].write_bytes(pdf.compile_pdf(report).data)
    assert faults(files) == []
