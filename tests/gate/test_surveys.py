"""The gate over finished surveys: some nasty units every time, everything in the long tier."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.gate.survey_files import Finished
from tests.gate.surveys import ROOT, broken, real, run
from tests.layout import paper, screen
from tests.nasty import PROJECTS, own_scales, write
from tests.support import chromium

#: Units of the quick tier: one of each kind that is most easily spoken of wrongly.
FEW = (
    "dinas-biasa",
    "dinas-rendah",
    "alfa-negatif",
    "tanpa-saluran",
    "sensus",
    "empat-semua-delapan",
    "tiga-orang",
)


def test_some_nasty_units_say_only_what_their_tables_carry(tmp_path):
    root = write(tmp_path)["city"]
    shutil.rmtree(root / "data" / "raw" / "2024")
    few = [part for unit in FEW for part in ("--only", unit)]
    finished = run(root, "2025", "--format", "html", "--lang", "id", *few)
    assert broken(finished, least=len(FEW)) == ""


def on_screen(request: pytest.FixtureRequest, finished: Finished) -> str:
    """Layout rules that finished pages break on a phone or a desk; without a browser none is looked at."""
    if chromium.missing() and not os.environ.get("CI"):
        return ""
    folder = finished.public.parent
    found = screen.wrong(request.getfixturevalue("browser"), folder, screen.pages(folder))
    return "\n".join(map(str, found))


def on_paper(finished: Finished) -> str:
    """Layout rules that the printed files of a finished survey break, and what of PDF/UA; it has some."""
    assert len(paper.files(finished.public)) > 2, "nothing was printed"
    return "\n".join(paper.faults(finished.public))


@pytest.mark.full
@pytest.mark.parametrize("project", PROJECTS)
def test_a_nasty_survey_says_only_what_its_tables_carry_and_keeps_the_layout(project, tmp_path, request):
    root = write(tmp_path, languages=("id", "en"))[project]
    finished = run(root, PROJECTS[project][1][-1])
    assert broken(finished) == ""
    assert on_screen(request, finished) == ""
    assert on_paper(finished) == ""


@pytest.mark.full
def test_the_demo_says_only_what_its_tables_carry_and_keeps_the_layout(tmp_path, request):
    subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "demo", "--root", str(tmp_path)], cwd=ROOT, check=True
    )
    finished = run(tmp_path, "2025", "--lang", "id,en")
    assert broken(finished) == ""
    assert on_screen(request, finished) == ""
    assert on_paper(finished) == ""


@pytest.mark.full
def test_the_real_surveys_say_only_what_their_tables_carry_and_keep_the_layout(tmp_path, request):
    surveys = real(tmp_path)
    if not surveys:
        pytest.skip("the real surveys are not here; set SKM_REAL_DATA to their folder")
    done = {name: run(root, name, "--lang", "id,en", ends=ends) for root, name, ends in surveys}
    found = {
        name: broken(finished) + on_screen(request, finished) + on_paper(finished)
        for name, finished in done.items()
    }
    assert not any(found.values()), "\n".join(found.values())


@pytest.mark.full
@pytest.mark.parametrize(("items", "together"), [(5, False), (8, True)])
def test_a_survey_of_a_partners_own_scales_breaks_no_rule(tmp_path, items, together):
    own_scales.write(tmp_path, items, together)
    assert broken(run(tmp_path, "2024", "--lang", "id,en")) == ""
