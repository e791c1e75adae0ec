"""What the pages say of pooled units is said of what is inside them (R20), in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.report.base.scale_verdicts import city_scale
from pipeline.report.city import tests as overview_tests
from pipeline.report.city.psychometrics import (
    methods as psychometric_methods,
)
from pipeline.report.city.psychometrics import (
    tables as psychometric_tables,
)
from pipeline.report.stages import statistics as stages_statistics
from pipeline.words import LANGUAGES, Words, scale, scale_advice
from tests.report.city.psychometrics.test_chapter import city
from tests.statistics.psychometrics.factor.test_table import made
from tests.statistics.psychometrics.test_within_units import levels
from tests.words.test_scale_words import text


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """Three units far apart: a pooled alpha above 0.9, one below 0.7 inside."""
    answers = levels([-1.7, 0.0, 1.7], 120)[0]
    return city(tmp_path_factory.mktemp("apart"), answers, units=3)


def test_a_scale_that_only_pooling_holds_together_is_not_praised(apart):
    found = city_scale(apart)
    assert found.alpha.inside
    assert found.alpha.value < 0.7 < 0.9 < found.alpha.pooled
    assert not found.excellent
    assert {fit.name for fit in found.fits.fits if fit.weak} == {fit.name for fit in found.fits.fits}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_word_of_alpha_is_that_of_the_units_and_the_pooled_figure_stands_beside(apart, lang):
    w, found = Words(lang), city_scale(apart)
    told = text(scale.alpha(w, found.alpha))
    word = "low" if found.alpha.value < 0.6 else "limited"
    assert w(f"narrative.consistency.{word}") in told
    assert w("narrative.consistency.very-high") not in told
    assert w.number(found.alpha.pooled) in told
    paragraph = psychometric_methods.sentences(apart, found)
    assert {"alpha_inside", "omega_inside", "items_inside", "factorability_inside", "inside"} <= set(
        paragraph
    )
    assert not {"alpha", "omega", "items", "factorability", "ml"} & set(paragraph)


def test_tables_mark_what_is_weak_inside_the_units(apart):
    table = psychometric_tables.items(apart)
    rest = [column.key for column in table.columns].index("rest")
    assert {place for place, at in table.accent_cells if at in ("rest", rest)} == set(range(9))
    assert overview_tests.reliability(apart) is not None
    assert stages_statistics.pools(stages_statistics.city_rows(apart))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_units_with_opposite_factors_are_said_to_disagree(tmp_path, lang):
    answers = made(600)
    answers.iloc[:200, :3] = 5 - answers.iloc[:200, :3]
    found = city_scale(city(tmp_path, answers, lang, units=3))
    assert [(count, judged) for _, count, judged in found.agreement.opposed] == [(1, 3)] * 3
    w = Words(lang)
    told = text(scale.agreement(w, found.agreement))
    assert all(name in told for name, _, _ in found.agreement.opposed)
    assert not found.excellent
    names = w.join([name for name, _, _ in found.agreement.opposed])
    advised = [text(runs) for runs in scale_advice.advice(w, found)]
    assert w("scale.advice.opposed", names=names) in advised


def test_a_single_unit_is_judged_by_its_own_answers(tmp_path):
    found = city_scale(city(tmp_path, made(300)))
    assert not found.alpha.inside
    assert found.alpha.pooled is None
    assert np.isfinite(found.alpha.value)
