"""R9: wherever alpha is said, it is said what alpha does not show, and that no official unsur is dropped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import report
from pipeline.report import overview, stages
from pipeline.words import LANGUAGES, Words
from tests.support import small_city

#: Sections of a page that print a statistic called alpha.
ALPHA = re.compile(r"\b(?:alfa|alpha)\b(?! bila| if)", re.I)
DROPPED = re.compile(r"\b(?:alfa bila dibuang|alpha if dropped)\b", re.I)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("city"))


def says_so(text: str, lang: str) -> bool:
    """Whether a text says what alpha does not show."""
    w = Words(lang)
    keys = (
        "scale.r9.decreed",
        "scale.r9.own",
        "overview.reliability_formative",
        "unit.method.decision.alpha",
    )
    flat = " ".join(text.split())
    return any(" ".join(w(key).split()) in flat for key in keys)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("unit", ["dinas-a", "dinas-b", "kel-kecil"])
def test_every_section_of_a_unit_report_that_prints_alpha_says_it(root: Path, unit: str, lang: str):
    u = report.open_unit("2024", unit, lang=lang, root=root)
    told = []
    for name in report.UNIT_SECTIONS:
        text = getattr(report, name)(u).plain_text()
        if ALPHA.search(text) or DROPPED.search(text):
            assert says_so(text, lang), name
            told.append(name)
    assert "consistency" in told
    assert "method" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_where_all_answered_alike_speaks_of_no_alpha(root: Path, lang: str):
    u = report.open_unit("2024", "kel-tetap", lang=lang, root=root)
    shown = " ".join(getattr(report, name)(u).plain_text() for name in report.UNIT_SECTIONS)
    assert len(shown) > 500
    assert not ALPHA.search(shown)
    assert not DROPPED.search(shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_section_of_the_overview_that_prints_alpha_says_it(root: Path, lang: str):
    city = overview.open_city("2024", lang, root=root)
    told = []
    for name in overview.__all__:
        if name in ("CityReport", "open_city", "alternatives"):
            continue
        text = getattr(overview, name)(city).plain_text()
        if ALPHA.search(text) or DROPPED.search(text):
            assert says_so(text, lang), name
            told.append(name)
    assert {"reliability", "psychometrics"} <= set(told)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_section_of_the_reliability_notebook_that_prints_alpha_says_it(root: Path, lang: str):
    stage = stages.open_stage("2024", lang=lang, root=root)
    for name in ("reliability_table", "validity_table", "factors_table"):
        text = getattr(stages, name)(stage).plain_text()
        assert ALPHA.search(text) or DROPPED.search(text), name
        assert says_so(text, lang), name
