"""Regulations as data: what they hold, how a letter is decided, how weights are read."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import rules

NAMES = ("permenpanrb-14-2017", "permenpanrb-16-2014", "kepmenpan-25-2004")


@pytest.mark.parametrize("name", NAMES)
def test_every_regulation_loads_and_is_frozen(name: str) -> None:
    rule = rules.load(name)
    assert rule.id == name
    with pytest.raises(AttributeError):
        rule.short = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("14/2017", NAMES[0]),
        ("PermenPANRB 14/2017", NAMES[0]),
        ("permenpanrb-14-2017", NAMES[0]),
        ("16/2014", NAMES[1]),
        ("25/2004", NAMES[2]),
        ("KEP/25/M.PAN/2/2004", NAMES[2]),
    ],
)
def test_a_regulation_is_found_by_the_names_people_use(spoken: str, name: str) -> None:
    assert rules.load(spoken).id == name


def test_an_unknown_regulation_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(rules.RuleError, match="did you mean 'permenpanrb-14-2017'"):
        rules.load("permenpanrb-14-2071")
    with pytest.raises(rules.RuleError, match="known: permenpanrb-14-2017"):
        rules.load("???")


def test_the_number_of_unsur_is_that_of_the_regulation() -> None:
    assert [len(rules.load(name).unsur) for name in NAMES] == [9, 9, 14]
    assert rules.load("16/2014").get("U8").name.id == "Maklumat Pelayanan"


def test_both_orders_of_the_regulation_are_kept_and_differ_in_the_last_two() -> None:
    rule = rules.load("14/2017")
    assert rule.form[7:] == ("U8", "U9")
    assert rule.questionnaire[7:] == ("U9", "U8")
    assert "engaduan" in rule.get("U8").name.id
    assert "Sarana" in rule.get("U9").name.id


def test_sangat_mahal_is_the_lowest_answer_and_gratis_the_highest() -> None:
    tariff = rules.load("14/2017").get("U4")
    assert [o.text.id for o in tariff.options] == ["Sangat mahal", "Cukup mahal", "Murah", "Gratis"]
    assert [o.score for o in tariff.options] == [1, 2, 3, 4]


@pytest.mark.parametrize("name", NAMES)
def test_no_wording_of_an_unsur_stands_for_two_scores(name: str) -> None:
    for unsur in rules.load(name).unsur:
        seen: dict[str, int] = {}
        for option in unsur.options:
            for wording in (option.text.id, *option.variants):
                assert seen.setdefault(wording.casefold(), option.score) == option.score


@pytest.mark.parametrize("name", NAMES)
def test_every_text_exists_in_both_languages_and_every_entry_names_its_source(name: str) -> None:
    rule = rules.load(name)
    for unsur in rule.unsur:
        for text in (unsur.name, unsur.short, unsur.question, *(o.text for o in unsur.options)):
            assert text["id"]
            assert text["en"]
        assert unsur.source
        assert [o.score for o in unsur.options] == [1, 2, 3, 4]
    assert all(letter.source and letter.name["id"] and letter.name["en"] for letter in rule.letters)


def test_letter_bounds_say_whether_they_were_verified() -> None:
    assert rules.load("14/2017").verified
    assert not rules.load("16/2014").verified
    assert [g.verified for g in rules.load("25/2004").letters] == [False, True, True, True]


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        ("25", "D"), ("64.99", "D"), ("64.9949999", "D"), ("64.995", "C"), ("65", "C"), ("76.60", "C"),
        ("76.6049999", "C"), ("76.605", "B"), ("76.61", "B"), ("88.30", "B"), ("88.3049999", "B"),
        ("88.305", "A"), ("88.31", "A"), ("100", "A"),
    ],
)  # fmt: skip
def test_the_letter_follows_from_rounding_half_up_and_the_lower_bounds(value: str, letter: str) -> None:
    assert rules.letter(Decimal(value)) == letter
    assert rules.letter(Fraction(value)) == letter


def test_the_letter_accepts_a_pair_of_integers() -> None:
    assert rules.letter((25 * 116991, 45000)) == "C"
    assert rules.letter((25 * 116990, 45000)) == "D"
    assert rules.letter((np.int64(100), np.int64(1))) == "A"


@pytest.mark.parametrize("value", [76.61, np.float64(88.31), np.float32(65.0), True, "76.61", None])
def test_the_letter_refuses_what_is_not_exact(value: object) -> None:
    with pytest.raises(TypeError):
        rules.letter(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Fraction(101), (1, 0), -1])
def test_the_letter_refuses_what_cannot_be_an_index(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rules.letter(value)  # type: ignore[arg-type]


def test_a_printed_weight_can_take_the_lowest_index_below_25_and_it_is_still_d() -> None:
    assert rules.letter(Decimal("24.75")) == "D"


def test_the_old_rule_gives_the_old_letter() -> None:
    assert rules.letter(Decimal("76.04"), "16/2014") == "B"
    assert rules.letter(Decimal("76.04"), "14/2017") == "C"
    assert rules.letter(Decimal("81.26"), "25/2004") == "A"


@given(st.integers(min_value=0, max_value=100_000), st.integers(min_value=1, max_value=1000))
def test_rounding_half_up_agrees_with_decimal(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    whole, rest = divmod(value * 100, 1)
    expected = whole + (1 if rest >= Fraction(1, 2) else 0)
    assert rules.round_half_up(value) == Decimal(int(expected)) / 100


@given(st.fractions(min_value=25, max_value=100), st.fractions(min_value=25, max_value=100))
def test_a_higher_index_never_has_a_worse_letter(a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    assert rules.letter(high) <= rules.letter(low)


def test_weights_are_read_as_exact_fractions() -> None:
    weights = rules.parse_weights({"U1": "0.12", "U2": "0,38", "U3": "1/2"})
    assert weights == {"U1": Fraction(3, 25), "U2": Fraction(19, 50), "U3": Fraction(1, 2)}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"U1": "0.11", "U2": "0.88"}, "sum to 99/100"),
        ({}, "no weights"),
        ({"U1": 1.0}, "quotes"),
        ({"U1": "half", "U2": "1/2"}, "'half'"),
        ({"U1": "1/0"}, "divides by zero"),
        ({"U1": "1", "U2": "0"}, "above zero"),
    ],
)
def test_weights_that_do_not_sum_to_exactly_one_are_refused(weights: dict[str, str], message: str) -> None:
    with pytest.raises(rules.WeightError, match=message):
        rules.parse_weights(weights)


def test_the_regulation_s_own_weights_sum_to_exactly_one_and_the_printed_ones_do_not() -> None:
    for name in NAMES:
        rule = rules.load(name)
        assert sum(rule.weights.values()) == 1
        assert all(w.fraction * len(rule.unsur) < 1 for w in rule.printed_weights)


def test_the_cuts_of_the_letters_lie_half_a_hundredth_below_the_bounds() -> None:
    assert [str(float(cut)) for _, cut in rules.cuts("14/2017")] == ["88.305", "76.605", "64.995"]


def test_reading_a_regulation_imports_nothing_heavy() -> None:
    code = (
        "import sys, pipeline.rules as r; r.load('14/2017'); "
        "print([m for m in ('pandas', 'numpy', 'scipy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_contradictory_rule_file_is_refused() -> None:
    from importlib import resources

    from pipeline.rules.model import from_yaml

    text = resources.files("pipeline.rules").joinpath("permenpanrb-14-2017.yml").read_text(encoding="utf-8")
    with pytest.raises(rules.RuleError, match="does not list exactly the unsur"):
        from_yaml(text.replace("U7, U9, U8]", "U7, U9, U9]"))
    with pytest.raises(rules.RuleError, match="stands for two scores"):
        from_yaml(text.replace("4: [sangat baik, sangat wajar", "4: [sangat baik, wajar, sangat wajar"))
    with pytest.raises(rules.RuleError, match="in quotes"):
        from_yaml(text.replace('lower: "88.31"', "lower: 88.31"))
