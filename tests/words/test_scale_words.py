"""Sentences about the scale: right in every awkward case, in both languages, and never more than they know."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.report.base import scale_verdicts as verdicts
from pipeline.statistics.index import table as index
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from pipeline.words import LANGUAGES, Words, narrative, scale, scale_advice
from pipeline.words.lookup import flat, load
from pipeline.words.scale_verdicts import Ceiling, Dif, Scale
from tests.statistics.psychometrics.factor.test_table import made

NAMES = {"U4": "U4 Biaya/tarif"}


def judged(answers: pd.DataFrame, decreed: bool = True) -> Scale:
    """Verdicts on answers taken together, through the real statistics."""
    items = list(answers.columns)
    tables = {
        "reliability": reliability.table(answers),
        "validity": validity.table(answers, draws=10),
        "factors": factors.table(answers),
        "index": index.table(answers),
    }

    def rows(module: str, statistic: str, **where: str) -> list:
        table = tables.get(module, results.empty())
        return list(results.pick(table, statistic=statistic, scope="unit", **where).itertuples())

    return verdicts.of(rows, items, lambda item: NAMES.get(item, item), "city", decreed, ("U4",))


def text(runs: narrative.Runs) -> str:
    return "".join(piece for piece, _ in runs)


def told(s: Scale, lang: str) -> tuple[str, list[str]]:
    """Everything said about a scale, checked for claims nothing carries; and the advice."""
    w = Words(lang)
    found = [text(runs) for runs in (*scale.found(w, s), *scale.limits(w, s))]
    advice = [text(runs) for runs in scale_advice.advice(w, s)]
    for sentence in (*found, *advice):
        assert narrative.unearned(sentence, lang) == [], sentence
        assert scale.overclaims(sentence, lang) == [], sentence
        assert "nan" not in sentence.casefold().split()
        assert "{" not in sentence
    whole = "\n".join(found)
    # R9: wherever alpha is said, what it cannot show is said too.
    assert Words(lang)("scale.r9.decreed" if s.decreed else "scale.r9.own") in whole
    assert advice
    return whole, advice


def continuous(loading: list[float], n: int, seed: int = 3, cuts: tuple[float, ...] = (-1.8, -1.0, 0.3)):
    rng = np.random.default_rng(seed)
    weight = np.array(loading)
    latent = rng.normal(size=(n, 1)) * weight + rng.normal(size=(n, len(weight))) * np.sqrt(1 - weight**2)
    codes = 1 + (latent[..., None] > np.array(cuts)).sum(axis=2)
    return pd.DataFrame(codes, columns=[f"U{j + 1}" for j in range(len(weight))]).astype("Int64")


@pytest.fixture(scope="module")
def cases() -> dict[str, Scale]:
    opposed = continuous([0.8, 0.8, 0.8, -0.8, -0.8, -0.8], 120)
    by_law = made(400)
    by_law["U4"] = pd.array([4] * 396 + [3] * 4, dtype="Int64")
    rng = np.random.default_rng(5)
    one = pd.Series(rng.integers(2, 5, 90))
    return {
        "negative": judged(opposed),
        "reversed": judged(continuous([0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, -0.7], 300)),
        "by law": judged(by_law),
        "constant by law": judged(made(400).assign(U4=4)),
        "not positive definite": judged(made(50, seed=1, loading=0.9)),
        "fewer than items": judged(made(8)),
        "too few": judged(made(25)),
        "all alike": judged(pd.DataFrame({f"U{j}": one for j in range(1, 10)}).astype("Int64")),
        "two alike": judged(made(300).assign(U9=made(300)["U8"])),
        "ceiling": judged(pd.DataFrame({f"U{j}": [4] * 60 for j in range(1, 10)}, dtype="Int64")),
        "excellent": judged(made(900, loading=0.75)),
        "noise": judged(continuous([0.0] * 9, 200)),
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_negative_alpha_is_no_reliability_and_the_columns_are_to_be_checked(cases, lang):
    s = cases["negative"]
    assert s.alpha.kind == "negative"
    whole, advice = told(s, lang)
    w = Words(lang)
    assert w.number(s.alpha.value) in whole
    assert {"id": "tidak dapat dibaca sebagai keandalan", "en": "cannot be read as reliability"}[
        lang
    ] in whole
    assert {"id": "terbalik", "en": "the other way round"}[lang] in advice[0]
    # No word of quality is given to it.
    for cut in ("very-high", "good", "fair", "limited", "low"):
        assert f"**{w(f'narrative.consistency.{cut}')}**" not in whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_item_against_the_rest_is_named_and_never_turned(cases, lang):
    s = cases["reversed"]
    assert s.alpha.against == ("U9",)
    whole, advice = told(s, lang)
    assert Words(lang).number(s.alpha.turned) in whole
    assert {"id": "tidak ada jawaban yang dibalik", "en": "no answer is turned round"}[lang] in whole
    assert "U9" in advice[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", ["by law", "constant by law"])
def test_a_fee_fixed_by_law_is_expected_and_no_fault(cases, lang, case):
    s = cases[case]
    whole, advice = told(s, lang)
    assert "U4 Biaya/tarif" in whole
    assert Words(lang)("scale.items.fact", names="U4 Biaya/tarif") in whole
    assert any("U4 Biaya/tarif" in a and {"id": "tarif", "en": "fee"}[lang] in a for a in advice)
    # It is never among the elements whose wording should be asked about.
    asked = Words(lang)("scale.advice.weak", names="U4 Biaya/tarif")
    assert asked not in advice


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_constant_item_leaves_alpha_of_the_others_beside_it(cases, lang):
    s = cases["constant by law"]
    assert s.alpha.constant == ("U4 Biaya/tarif",)
    assert Words(lang).number(s.alpha.fewer) in told(s, lang)[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_polychoric_matrix_that_contradicts_itself_is_refused_and_not_smoothed(cases, lang):
    s = cases["not positive definite"]
    assert s.model.ordinal_reason == "not-positive-definite"
    whole, advice = told(s, lang)
    assert Words(lang).number(s.model.min_eigenvalue, 3) in whole
    assert {"id": "tidak diperhalus", "en": "not smoothed"}[lang] in whole
    assert s.omega is not None
    assert s.omega.ordinal_alpha is None
    assert Words(lang)("scale.advice.polychoric") in advice


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("case", "n"), [("fewer than items", "8"), ("too few", "25")])
def test_too_few_answers_refuse_factors_and_say_how_many_are_needed(cases, lang, case, n):
    s = cases[case]
    whole, advice = told(s, lang)
    assert s.factorability.kmo is None
    assert f"{n} " in whole or f"({n})" in whole
    assert {"fewer than items": {"id": "pasti singular", "en": "bound to be singular"},
            "too few": {"id": "sekurang-kurangnya 45", "en": "at least 45"}}[case][lang] in whole  # fmt: skip
    assert any("45" in a for a in advice)
    assert "CFI" not in whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_perfectly_correlated_items_are_singular_and_not_called_constant(cases, lang):
    s = cases["all alike"]
    assert s.alpha.kind == "repeating"
    assert s.factorability.reason == "singular"
    whole, advice = told(s, lang)
    assert Words(lang).label("reason", "no-variance") not in whole
    assert {"id": "bukan bukti mutu", "en": "no proof of quality"}[lang] in whole
    assert "0,50" in whole or "0.50" in whole
    assert Words(lang)("scale.advice.singular") in advice
    assert Words(lang)("scale.excellent") not in whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_item_that_repeats_another_is_named_as_left_out(cases, lang):
    s = cases["two alike"]
    assert s.factorability.left_out == ("U9",)
    assert Words(lang)("scale.factorability.left_out", names="U9") in told(s, lang)[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_when_everybody_is_content_nothing_is_estimable_and_nothing_is_blamed(cases, lang):
    s = cases["ceiling"]
    assert s.ceiling.total
    whole, advice = told(s, lang)
    assert whole.startswith(Words(lang)("scale.ceiling.total"))
    assert {"id": "bukan keandalan nol", "en": "neither zero nor perfect"}[lang] in whole
    assert "KMO" not in whole
    assert len(advice) == 1
    assert not any(character.isdigit() for character in advice[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_excellent_still_says_what_it_does_not_show(cases, lang):
    s = cases["excellent"]
    assert s.excellent
    whole, advice = told(s, lang)
    assert {"id": "tidak berarti layanannya baik", "en": "does not mean that the service is good"}[
        lang
    ] in whole
    assert advice == [Words(lang)("scale.advice.keep")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_noise_that_passes_r_table_is_judged_by_item_rest(cases, lang):
    s = cases["noise"]
    whole, _ = told(s, lang)
    # Pure noise: most items pass the published practice, none reaches item-rest 0.30.
    assert s.fits.passing >= 7
    assert all(fit.weak for fit in s.fits.judged)
    w = Words(lang)
    assert (
        w("scale.items.counted", passing=w.integer(s.fits.passing), k="9", fine="0", cut=w.number(0.3))
        in whole
    )
    assert w.number(1 / 3) in whole
    assert w.number(s.fits.critical) in whole
    assert not s.excellent


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_has_its_interval(cases, lang):
    s, w = cases["by law"], Words(lang)
    whole, _ = told(s, lang)
    assert w.interval(s.alpha.lower, s.alpha.upper) in whole
    assert w.interval(s.omega.lower, s.omega.upper) in whole
    assert w.interval(s.model.scaled.lower, s.model.scaled.upper, 3) in whole
    weak = next(fit for fit in s.fits.fits if fit.weak)
    assert weak.lower is None  # a tariff nearly everybody answers alike: no interval is said of it
    assert w.interval(weak.lower, weak.upper) not in whole
    assert w.label("reason", "interval-alike") in whole
    other = next(fit for fit in s.fits.fits if fit.lower is not None)
    odd = replace(other, rest=0.2, lower=0.1, upper=0.35)
    fits = tuple(odd if fit is other else fit for fit in s.fits.fits)
    whole, _ = told(replace(s, fits=replace(s.fits, fits=fits)), lang)
    assert w.interval(odd.lower, odd.upper) in whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_interval_that_holds_the_threshold_settles_nothing(cases, lang):
    s = cases["excellent"]
    unsure = replace(s, alpha=replace(s.alpha, lower=0.6, upper=0.8, value=0.71))
    whole, advice = told(unsure, lang)
    assert Words(lang)("scale.alpha.open", cut=Words(lang).number(0.7)) in whole
    assert Words(lang)("scale.alpha.reached", cut=Words(lang).number(0.7)) not in whole
    assert not unsure.excellent
    assert len(advice) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_ceiling_says_what_it_hides_and_how_answers_are_collected(cases, lang):
    s = cases["excellent"]
    piled = Ceiling(over=tuple(f"U{j}" for j in range(1, 7)), items=9, share=0.9, full=0.31)
    whole, advice = told(replace(s, ceiling=piled), lang)
    assert Words(lang).percent(0.31) in whole
    assert Words(lang)("scale.ceiling.strong", count="6", k="9", cut=Words(lang).percent(0.85)) in whole
    assert Words(lang)("scale.advice.ceiling") in advice
    assert not replace(s, ceiling=piled).excellent


@pytest.mark.parametrize("lang", LANGUAGES)
def test_items_that_units_answer_differently_are_named_and_silence_is_no_proof(cases, lang):
    s = replace(cases["excellent"], dif=Dif(("U3",), 9, 0.06, 0.97))
    whole, advice = told(s, lang)
    assert "U3" in whole
    assert any("U3" in a for a in advice)
    whole, _ = told(replace(s, dif=Dif((), 9, 0.01)), lang)
    assert {"id": "tidak membuktikan", "en": "does not prove"}[lang] in whole


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("area", ["scale", "psychometrics"])
def test_no_string_about_the_scale_claims_what_answers_cannot_carry(lang, area):
    for key, string in flat(load(lang, area)).items():
        plain = string.replace("**", "")
        assert narrative.unearned(plain, lang) == [], f"{lang} {area}.{key}"
        assert scale.overclaims(plain, lang) == [], f"{lang} {area}.{key}"


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("id", "Kuesioner ini terbukti sahih."),
        ("id", "Semua butir valid dan reliabel."),
        ("en", "The scale is reliable."),
        ("en", "This proves that the items are valid."),
    ],
)
def test_a_scale_called_valid_is_found(lang, sentence):
    assert scale.overclaims(sentence, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_opposed_elements_have_one_dimension_but_no_sum(cases, lang):
    s, w = cases["negative"], Words(lang)
    whole, advice = told(s, lang)
    assert s.model.kind == "within"
    assert s.model.opposed
    assert w("scale.model.opposed", names=w.join(s.model.opposed)) in whole
    # The factor model fits: that is no word for the sum, and a fact explains no opposite direction.
    cuts = {"cut_cfi": w.number(0.95), "cut_rmsea": w.number(0.06), "cut_srmr": w.number(0.08)}
    assert w("scale.model.within", **cuts) not in whole
    assert w("scale.model.within_opposed", **cuts) in whole
    assert w("scale.items.fact", names="U4 Biaya/tarif") not in whole
    assert w("scale.omega.latent", ordinal=w.number(s.omega.ordinal_alpha)) in whole
    # An error of measurement would exceed the spread of the answers.
    assert w("scale.precision.unit") not in whole
    assert not any(w("scale.advice.fact", names="U4 Biaya/tarif") == a for a in advice)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_element_against_the_others_is_not_advised_as_a_negative_alpha(cases, lang):
    advice = told(cases["reversed"], lang)[1]
    assert advice[0] == Words(lang)("scale.advice.against", names="U9")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_that_repeats_another_is_never_excellent(cases, lang):
    s = cases["two alike"]
    whole, advice = told(s, lang)
    assert s.repeated == ("U9",)
    assert Words(lang)("scale.excellent") not in whole
    assert advice == [Words(lang)("scale.advice.repeats", names="U9")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answers_that_all_repeat_have_no_error_of_measurement_to_state(cases, lang):
    assert Words(lang)("scale.precision.unit") not in told(cases["all alike"], lang)[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_second_dimension_of_few_respondents_is_not_called_difficulty(cases, lang):
    s = cases["by law"]
    assert (s.dimensions.pearson, s.dimensions.ordinal) == (1, 2)
    whole, _ = told(s, lang)
    assert Words(lang)("scale.dimensions.sparse") in whole
    assert Words(lang)("scale.dimensions.difficulty") not in whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_excellent_beside_a_threshold_that_is_said_to_be_missed(cases, lang):
    s = cases["excellent"]
    for other in (replace(s, icc2=0.6), replace(s, ceiling=Ceiling(items=9, full=0.2))):
        assert not other.excellent
        assert Words(lang)("scale.excellent") not in told(other, lang)[0]


#: Advice, and the sentence of a short report that it follows from.
GROUNDS = {
    "dimensions": ("scale.dimensions.several", "scale.dimensions.several_both"),
    "model": ("scale.model.outside",),
    "repeats": ("scale.factorability.left_out",),
    "polychoric": ("scale.model.not-positive-definite",),
    "singular": ("scale.factorability.singular", "scale.factorability.singular_plain"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_short_report_advises_nothing_that_it_has_not_said(cases, lang):
    w = Words(lang)

    def says(whole: str, key: str) -> bool:
        fixed = max(re.split(r"\{\w+\}", w.template(key).replace("**", "")), key=len)
        return fixed in whole

    advised = set()
    for case, s in cases.items():
        advice = "\n".join(text(runs) for runs in scale_advice.advice(w, s))
        brief = "\n".join(text(runs) for runs in scale.brief(w, s))
        for key, grounds in GROUNDS.items():
            if says(advice, f"scale.advice.{key}"):
                advised.add(key)
                assert any(says(brief, ground) for ground in grounds), (case, key)
    assert advised >= {"dimensions", "model", "repeats", "polychoric", "singular"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_scale_is_said_by_its_own_ends(cases, lang):
    assert "1–5" in told(replace(cases["excellent"], top=5), lang)[0]
