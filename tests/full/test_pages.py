"""Every page, in a real browser, on a phone and on a desk."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.chromium import show

from .conftest import need

pytestmark = pytest.mark.full

WIDTHS = (360, 1280)


def pages(folder: Path) -> list[Path]:
    return sorted([*(folder / "public").rglob("*.html"), *(folder / "internal").rglob("*.html")])


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen_and_no_text_leaves_its_box(browser, small_city, width):
    wrong = {}
    for path in pages(small_city):
        show(browser, path, width)
        found = browser.execute_script(
            """
            const out = [], limit = document.documentElement.clientWidth + 1;
            if (document.documentElement.scrollWidth > limit) out.push('page ' + document.documentElement.scrollWidth);
            for (const e of document.querySelectorAll('h1,h2,h3,p,li,figcaption,caption,dt,dd,a,button,input')) {
              if (!e.getClientRects().length || e.closest('[role=region],.scroll,svg,.visually-hidden,.skip')) continue;
              const box = e.getBoundingClientRect();
              if (box.right > limit && getComputedStyle(e).position !== 'absolute')
                out.push(e.tagName + ' ' + e.textContent.trim().slice(0, 40));
            }
            return out.slice(0, 5);
            """
        )
        if found:
            wrong[path.relative_to(small_city).as_posix()] = found
    assert wrong == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_to_object_to(browser, small_city, axe, width):
    wrong = {}
    for path in pages(small_city):
        show(browser, path, width)
        browser.execute_script(axe)
        result = browser.execute_async_script(
            "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(r => done(JSON.stringify("
            "r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 120),"
            " v.nodes[0].failureSummary]))));"
        )
        if json.loads(result):
            wrong[path.relative_to(small_city).as_posix()] = json.loads(result)
    assert wrong == {}


def test_no_page_asks_the_network_for_anything(browser, small_city):
    for path in pages(small_city):
        show(browser, path, 1280)
        names = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [n for n in names if not n.startswith(("data:", "file:"))] == []


def test_the_portal_searches_sorts_and_links_to_files_that_exist(browser, small_city):
    portal = small_city / "public" / "index.html"
    show(browser, portal, 1280)
    rows = browser.execute_script("return document.querySelectorAll('tbody tr').length")
    assert rows >= 5
    search = browser.find_element("css selector", "input[type=search]")
    search.send_keys("zzzz")
    shown = "return [...document.querySelectorAll('tbody tr')].filter(r => r.getClientRects().length).length"
    assert browser.execute_script(shown) == 0
    search.clear()
    show(browser, portal, 1280)
    browser.find_element("css selector", "th button").click()
    assert (
        browser.execute_script(
            "return document.querySelectorAll('th[aria-sort]:not([aria-sort=none])').length"
        )
        == 1
    )
    hrefs = browser.execute_script(
        "return [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
    )
    files = [h for h in hrefs if not h.startswith(("#", "mailto:"))]
    assert files
    for href in files:
        target = (portal.parent / href.split("#")[0]).resolve()
        assert target.is_file(), href
        assert (small_city / "public").resolve() in target.parents


def test_every_pdf_is_sound_and_opens_page_by_page(small_city):
    pdftoppm = need("pdftoppm")
    pdfs = sorted((small_city / "public").rglob("*.pdf"))
    assert pdfs
    for path in pdfs:
        done = subprocess.run(
            [pdftoppm, "-r", "30", "-png", str(path), str(path.with_suffix(""))],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, path
        assert done.stderr.strip() == "", f"{path}: {done.stderr}"
        for image in path.parent.glob(f"{path.stem}-*.png"):
            image.unlink()


def test_a_workbook_opens_in_an_office_program_with_its_text_as_text(small_city, tmp_path):
    soffice = need("soffice")
    books = sorted((small_city / "public").rglob("*.xlsx"))[:3]
    assert books
    for book in books:
        subprocess.run(
            [soffice, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "csv",
             "--outdir", str(tmp_path), str(book)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        text = (tmp_path / f"{book.stem}.csv").read_text(encoding="utf-8", errors="replace")
        assert text.strip()
        assert "#REF!" not in text
        assert "Err:" not in text


def test_a_word_document_opens_in_an_office_program_with_its_headings_in_order(tmp_path):
    from pypdf import PdfReader

    from pipeline.render import to_docx
    from pipeline.render.content import read
    from tests.support.report_sample import sample

    soffice = need("soffice")
    path = tmp_path / "report.docx"
    path.write_bytes(to_docx(sample()))
    subprocess.run(
        [soffice, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    opened = PdfReader(tmp_path / "report.pdf")
    text = " ".join(" ".join(page.extract_text() for page in opened.pages).split())
    at = [text.rindex(block["text"]) for block in read(sample()).headings()]
    assert at == sorted(at)
    assert "201" in text
    assert len(opened.pages) > 2
