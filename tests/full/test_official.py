"""Official reports in a real browser: nothing for axe to object to, nothing wider than a phone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.render import html
from tests.support import official, small_city
from tests.support.chromium import show

from .test_pages import WIDTHS

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def official_pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = small_city.build(tmp_path_factory.mktemp("official-pages"))
    definition = root / "data" / "raw" / "2024" / "survey.yml"
    before, made = definition.read_text(encoding="utf-8"), []
    for template in ("2021", "2025", "research"):
        definition.write_text(before + official.FULL.format(template=template), encoding="utf-8")
        for lang in ("id", "en"):
            made.append(root / f"{template}.{lang}.html")
            made[-1].write_text(
                html.write(official.report(root, template, "dinas-a", lang)), encoding="utf-8"
            )
    return made


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_official_reports_and_none_is_wider_than_the_screen(
    browser, official_pages, axe, width
):
    for path in official_pages:
        show(browser, path, width)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width, path.name
        browser.execute_script(axe)
        found = browser.execute_async_script(
            "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(r => done(JSON.stringify("
            "r.violations.map(v => [v.id, v.nodes[0].html.slice(0, 120)]))));"
        )
        assert json.loads(found) == [], path.name
