"""Questionnaires of one's own from the file to the reports, with nothing edited between."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.intake.propose.test_start import run
from tests.support.own_scales import SCALES, Scale, holds, sent

pytestmark = pytest.mark.full


@pytest.mark.parametrize("scale", [s for s in SCALES if s.heavy], ids=lambda s: s.name)
def test_a_questionnaire_of_ones_own_is_proposed_and_read_untouched(tmp_path: Path, scale: Scale):
    holds(tmp_path, scale)


@pytest.mark.parametrize(
    "name", ["public-codes", "beside-the-nine", "a-folder-of-two-questionnaires", "found-and-expected"]
)
def test_what_was_proposed_runs_to_reports_untouched(tmp_path: Path, name: str):
    fixture = next(scale for scale in SCALES if scale.name == name)
    root = tmp_path / "r"
    assert run("new", "2024", "--from-file", str(sent(tmp_path, fixture)), "--root", str(root), "-q") == 0
    assert run("check", "2024", "--root", str(root)) == 0
    assert run("run", "2024", "--root", str(root), "-q") == 0
    public = root / "reports" / "2024" / "public"
    pages = sorted(public.glob("units/*/report.html"))
    assert len(pages) == fixture.units
    assert json.loads((root / "reports/2024/run.json").read_text(encoding="utf-8"))
    for page in pages:
        text = re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))
        assert "bukan menurut PermenPANRB 14/2017" in text or fixture.unsur
