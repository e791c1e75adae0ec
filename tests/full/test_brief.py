"""``skm brief`` beside a finished survey: listed, summed, verified, kept up to date; slides in a browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.layout import paper

pytestmark = pytest.mark.full
MADE = ("brief.pdf", "brief.en.pdf", "slides.html", "slides.en.html")


def skm(*arguments: str, ends: int = 0) -> str:
    done = subprocess.run([sys.executable, "-m", "pipeline.cli", *arguments], capture_output=True, text=True)
    assert done.returncode == ends, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def briefed(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small demo, with its brief: the folder of its reports."""
    root = tmp_path_factory.mktemp("brief")
    for name in ("data", "reports"):
        shutil.copytree(small_city.parents[1] / name, root / name)
    skm("brief", small_city.name, "--root", str(root))
    return root / "reports" / small_city.name


def test_what_is_made_is_listed_in_portal_zip_and_sums_and_no_report_is_made_again(
    small_city: Path, briefed: Path
) -> None:
    public, sums = briefed / "public", (briefed / "SHA256SUMS").read_text()
    packed = zipfile.ZipFile(public / "all.zip").namelist()
    for name in MADE:
        assert (public / name).is_file()
        assert f"  public/{name}\n" in sums
        assert f"{briefed.name}/{name}" in packed
    assert 'href="brief.pdf"' in (public / "index.html").read_text()
    assert 'href="slides.en.html"' in (public / "index.en.html").read_text()
    before = small_city / "public" / "units"
    pages = sorted(path.relative_to(before) for path in before.glob("*/report*.*"))
    assert pages
    for page in pages:
        assert (public / "units" / page).read_bytes() == (before / page).read_bytes()


def test_its_pages_are_printed_well(briefed: Path) -> None:
    for name in ("brief.pdf", "brief.en.pdf"):
        assert list(paper.wrong(briefed / "public" / name)) == []


def test_verify_makes_it_again_and_finds_one_changed_byte(briefed: Path) -> None:
    root = str(briefed.parents[1])
    assert "everything is as run.json says" in skm("verify", briefed.name, "--units", "1", "--root", root)
    path = briefed / "public" / "slides.html"
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    try:
        said = skm("verify", briefed.name, "--units", "1", "--root", root, ends=4)
        assert "made again, it differs: public/slides.html" in said
    finally:
        path.write_bytes(whole)


def test_a_later_run_keeps_it_and_lets_all_of_it_go_with_the_pages(briefed: Path, tmp_path: Path) -> None:
    for name in ("data", "reports"):
        shutil.copytree(briefed.parents[1] / name, tmp_path / name)
    public = tmp_path / "reports" / briefed.name / "public"
    skm("run", briefed.name, "--root", str(tmp_path), "--lang", "id,en")
    assert all((public / name).is_file() for name in MADE)
    (public / "brief.pdf").unlink()
    skm("run", briefed.name, "--root", str(tmp_path), "--lang", "id,en")
    assert not any((public / name).is_file() for name in MADE)
    assert "brief" not in (public / "index.html").read_text()


@pytest.fixture
def slides(browser: Any, briefed: Path, request: pytest.FixtureRequest) -> Any:
    width, height = request.param
    browser.set_window_size(width, height)
    browser.get((briefed / "public" / "slides.html").as_uri())
    return browser


@pytest.mark.parametrize("slides", [(1280, 860), (390, 844)], indirect=True)
def test_slides_move_by_key_and_button_and_have_no_fault_of_access(slides: Any, axe: str) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    body, count = (
        slides.find_element(By.TAG_NAME, "body"),
        len(slides.find_elements(By.CSS_SELECTOR, "main > section")),
    )
    told = slides.find_element(By.TAG_NAME, "output")
    assert told.text.startswith("1 ")
    body.send_keys(Keys.END)
    assert told.text.startswith(f"{count} ")
    body.send_keys(Keys.ARROW_LEFT)
    assert told.text.startswith(f"{count - 1} ")
    body.send_keys(Keys.HOME)
    slides.find_element(By.CSS_SELECTOR, "button[data-step='1']").click()
    assert told.text.startswith("2 ")
    assert slides.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    slides.execute_script(axe)
    found = slides.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document).then(r => done(r.violations.map(v => v.id + ' ' + v.nodes[0].html)))"
    )
    assert found == []
