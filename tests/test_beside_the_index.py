"""The page on weights, clusters, modes, years and item information says what the code does, and in its words."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from pipeline import results, rules
from pipeline.render.math import to_mathml
from pipeline.statistics.design import clusters, modes, raked
from pipeline.statistics.psychometrics.invariance import table as invariance
from pipeline.statistics.psychometrics.invariance import years
from pipeline.statistics.psychometrics.response import graded
from pipeline.statistics.psychometrics.response import table as response
from pipeline.words import Words
from tests.support.documented import ROOT

PAGE = (ROOT / "docs" / "beside-the-index.md").read_text(encoding="utf-8")
SECTIONS = dict(zip((parts := re.split(r"^## (.+)$", PAGE, flags=re.M))[1::2], parts[2::2], strict=True))
W = Words("en")


def codes(text: str, mark: str) -> set[str]:
    """Codes of reasons between these marks."""
    return {code for code in re.findall(rf"{mark}([a-z][a-z-]+){mark}", text) if code in results.REASONS}


def given(*modules: ModuleType) -> set[str]:
    """Reasons that stand in the source of these modules."""
    return {code for m in modules for code in codes(Path(str(m.__file__)).read_text(encoding="utf-8"), '"')}


@pytest.mark.parametrize(
    ("section", "modules", "elsewhere"),
    [
        ("Weights to a register", (raked,), set()),
        ("Answers that resemble one another", (clusters,), set()),
        ("Ways of asking", (modes,), set()),
        # Of groups, not of two surveys: how many there are, and an item that is left out of the normal model.
        ("Two years", (years, invariance), {"few-groups", "many-groups", "no-variance", "few-categories"}),
        ("What each unsur tells, and where", (response,), set()),
    ],
)
def test_every_reason_that_a_method_can_give_stands_on_its_page_and_no_other(section, modules, elsewhere):
    assert codes(SECTIONS[section], "`") == given(*modules) - elsewhere


def test_the_bounds_are_those_of_the_code():
    def says(section: str, *phrases: str) -> list[str]:
        text = " ".join(SECTIONS[section].split())
        return [phrase for phrase in phrases if phrase not in text]

    fifth = {0.2: "more than a fifth"}
    times = {5.0: "five times the mean"}
    number = {3: "three", 5: "five"}
    assert says("Weights to a register", f"under {raked.FEWEST} people", f"than {raked.SOLVED} where",
                fifth[raked.OPEN], times[raked.LARGEST]) == []  # fmt: skip
    assert says("Answers that resemble one another", f"under {clusters.LEAST} people", fifth[clusters.OPEN],
                f"fewer than {number[clusters.FEWEST]}") == []  # fmt: skip
    assert says("Ways of asking", f"{number[modes.IN_UNIT]} people of each",
                f"under {modes.TOGETHER} of either") == []  # fmt: skip
    assert says("Two years", f"from {invariance.LEAST_ORDINAL} complete", f"from {invariance.LEAST_NORMAL}",
                f"p < {invariance.CHANCE}", f"{invariance.CFI_FALL:.3f}", f"{invariance.RMSEA_RISE:.3f}",
                f"CFI of {invariance.CFI_LEAST:.2f}") == []  # fmt: skip
    assert says("What each unsur tells, and where", f"under {response.LEAST} people",
                f"{len(graded.POINTS)} points", f"fewer than {number[response.ITEMS]} that vary",
                f"fewer than {number[response.FEW]} gave", f"under {response.RELIABLE:.2f}",
                f"beyond {graded.STEEPEST:g}") == []  # fmt: skip
    assert rules.PRIVATE_BELOW == 5


def test_the_sentences_quoted_are_those_that_reports_print():
    keys = ("design.raked", "design.clustered", "design.modes_lead", "design.years_otherwise",
            "psychometrics.response.above")  # fmt: skip
    quoted = [line.removeprefix("> ") for line in PAGE.splitlines() if line.startswith("> ")]
    # A word that is one of two by its number is quoted as it stands beside many.
    plural = [
        re.sub(r"\{\w+:(=?)[^|}]*\|([^}]*)\}", lambda m: f"{'' if m[1] else '… '}{m[2]}", W.template(key))
        for key in keys
    ]
    assert quoted == [re.sub(r"\{[^}]*\}", "…", text) for text in plural]


def test_every_formula_is_one_that_the_site_can_draw():
    made = re.findall(r"\$\$\n(.+?)\n\$\$", PAGE, re.S) + re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", PAGE)
    assert len(made) > 20
    for latex in made:
        assert to_mathml(latex, "x").startswith("<math")
