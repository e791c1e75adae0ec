"""The documentation as a site: built without a warning, read without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support.documented import ROOT

pytestmark = pytest.mark.full


class Page(HTMLParser):
    """Anchors, links and what a page loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        self.anchors |= {got[name] for name in ("id", "name") if name in got}
        if tag == "a" and "href" in got:
            self.links.append(got["href"])
        elif tag in ("script", "img", "iframe") and "src" in got:
            self.loads.append(got["src"])
        elif tag == "link" and got.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(got["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(out / "trees"), "docs",
         str(out / "html")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return out / "html"


@pytest.fixture(scope="module")
def read(site) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_nothing_is_loaded_from_a_network(read, site):
    loads = {(path.name, load) for path, page in read.items() for load in page.loads}
    assert [found for found in loads if "://" in found[1] or found[1].startswith("//")] == []
    styles = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\(['\"]?(?:https?:)?//[^)]*", styles) == []


def test_every_link_within_the_site_leads_to_a_page_and_a_place_on_it(read, site):
    broken = []
    for path, page in read.items():
        for link in page.links:
            if "://" in link or link.startswith("mailto:"):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / unquote(name)).resolve() if name else path
            if not target.exists() or (
                anchor and target in read and unquote(anchor) not in read[target].anchors
            ):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_every_formula_of_the_method_is_drawn_without_a_script(site):
    page = (site / "generated/method.html").read_text(encoding="utf-8")
    assert page.count("<math") >= 40
    assert "\\frac" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.S)


def test_statistics_have_their_docstrings_in_the_reference(site):
    pages = [path.stem for path in (site / "generated/api").glob("statistics.*.html")]
    assert len(pages) > 80
    assert "Krejcie" in (site / "generated/api/rules.sample.html").read_text(encoding="utf-8")
