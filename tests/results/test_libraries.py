"""The libraries named in print are those that compute, and no others."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.report import overview
from pipeline.report.base.scale_verdicts import city_scale
from pipeline.report.city.psychometrics import methods as psychometric_methods
from pipeline.results import libraries
from pipeline.run import fingerprints
from tests.report.city.psychometrics.test_chapter import city, made

PACKAGE = Path(libraries.__file__).parents[1]


def third_party(*parts: str) -> set[str]:
    """Top-level names of what some parts import, whatever else is installed."""
    found: set[str] = set()
    for part in parts:
        for path in (PACKAGE / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"pipeline"}


def test_the_libraries_named_are_exactly_those_the_statistics_import():
    assert set(libraries.computing()) == third_party("statistics")


def test_every_library_of_the_manifest_is_imported_by_the_product():
    everywhere = third_party(*(p.name for p in PACKAGE.iterdir() if p.is_dir()))
    assert set(fingerprints.versions()) - {"python", "skm-pipeline"} <= everywhere
    assert set(libraries.computing()) <= set(fingerprints.versions())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_paragraph_for_a_paper_names_no_library_that_computes_nothing(tmp_path, lang):
    survey = city(tmp_path, made(300)).survey
    read = overview.open_city(survey.name, lang, root=tmp_path)
    told = psychometric_methods.values(read, city_scale(read))["packages"]
    for name, version in libraries.versions():
        assert f"{name} {version}" in told
    named = re.findall(r"[\w-]+(?= \d)", told)
    assert named == list(libraries.computing())


def test_the_locale_names_no_library_of_its_own():
    names = {"statsmodels", "seaborn", "matplotlib", "scipy", "numpy", "pandas", "pingouin"}
    for path in (PACKAGE / "words" / "locale").rglob("*.yml"):
        text = str(yaml.safe_load(path.read_text(encoding="utf-8"))).lower()
        assert [name for name in names - set(libraries.computing()) if name in text] == []


def test_a_prompt_in_a_docstring_is_no_import():
    assert libraries._IMPORT.findall("    >>> import statsmodels\nimported from statsmodels import\n") == []
    assert libraries._IMPORT.findall("    import scipy.stats\n") == [("", "scipy")]
