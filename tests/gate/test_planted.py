"""The gate finds what is planted: one small page for each rule, and the same page mended."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.gate import claims, exported, pdf
from tests.gate.context import load
from tests.gate.hold import hold_pages
from tests.gate.planted import page
from tests.gate.rules import rules
from tests.gate.values import numbers

PLANTED = load("planted.yml")


def failing(html: str, case: dict) -> set[str]:
    context = page(html, case.get("unit", "biasa"), case.get("kind", "unit"), case.get("lang", "id"))
    return {f.rule for f in hold_pages(context.facts, [context])}


@pytest.mark.parametrize("case", PLANTED, ids=[c["rule"] for c in PLANTED])
def test_a_planted_page_fails_its_rule(case):
    assert case["rule"] in failing(case["html"], case)


@pytest.mark.parametrize("case", [c for c in PLANTED if "fine" in c], ids=lambda c: c["rule"])
def test_the_mended_page_passes(case):
    assert case["rule"] not in failing(case["fine"], case)


def test_every_rule_has_a_planted_page():
    planted = {c["rule"] for c in PLANTED}
    assert {r["name"] for r in rules()} <= planted
    code = "\n".join(p.read_text(encoding="utf-8") for p in Path(__file__).parent.glob("*.py"))
    named = set(re.findall(r'Failure\(\s*"([\w-]+)"', code))
    assert named - {"pdf-says-something-else"} <= planted


def test_a_number_that_differs_in_the_pdf_is_found():
    said = page("<p>Indeks unit ini 83,22 dan terletak di antara dua batas yang dicetak.</p>").page
    same = [
        "Kepala\nIndeks unit ini 83,22 dan ter-\nletak di\n1 / 2",
        "Kepala antara dua batas yang dicetak.\n2 / 2",
    ]
    assert not list(
        pdf.missing(said, ["Indeks unit ini 83,22 dan terletak di antara\ndua batas yang dicetak."])
    )
    assert not list(
        pdf.missing(said, [same[0].replace("ter-\nletak", "terletak").replace("\n1 / 2", ""), same[1][7:]])
    )
    # A foot that begins with the letter that follows the break.
    foot = ["Indeks unit ini 83,22 dan terletak di\nAlamat 1 / 2", "antara dua batas yang dicetak.\n2 / 2"]
    assert not list(pdf.missing(said, foot))
    assert list(pdf.missing(said, [foot[0].replace("83,22", "83,23"), foot[1]]))
    # One short word above the foot, which both sheets have.
    word = page("<p>Di antara dua batas yang dicetak terletak indeks unit ini.</p>").page
    short = [
        "Di\nKota Contoh, survei 2024 1 / 2",
        "antara dua batas yang dicetak terletak indeks unit ini.\nKota Contoh, survei 2024 2 / 2",
    ]
    assert not list(pdf.missing(word, short))
    assert list(pdf.missing(word, [short[0].replace("Di", "Ke"), short[1]]))
    assert [
        f.rule
        for f in pdf.missing(said, ["Indeks unit ini 83,23 dan terletak di antara dua batas yang dicetak."])
    ] == ["pdf-says-something-else"]


def test_a_number_that_differs_in_the_published_file_is_found():
    columns = [
        "module",
        "scope",
        "unit",
        "service",
        "item",
        "statistic",
        "estimate",
        "lower",
        "upper",
        "text",
    ]
    row = dict.fromkeys(columns, "") | {
        "module": "index",
        "scope": "unit",
        "unit": "biasa",
        "statistic": "ikm",
    }
    context = page('<div class="headline"><p class="index">83,22 IKM · selang 95 % 81,50 – 84,90</p></div>')
    for estimate, found in (("83.2249", 0), ("83.2349", 1)):
        file = pd.DataFrame([row | {"estimate": estimate, "lower": "81.4999", "upper": "84.9001"}])
        made = [*claims.claims(context), *exported.read(file)]
        assert len(list(claims.agree(made))) == found


def test_numbers_are_read_in_both_notations():
    read = [(n.value, n.decimals, n.percent) for n in numbers("1.234,50 dari −0,014; 12 % dan U3", "id")]
    assert read == [(1234.5, 2, False), (-0.014, 3, False), (12.0, 0, True)]
    assert [n.value for n in numbers("1,234.50 of −0.014; p < 0.001", "en")] == [1234.5, -0.014, 0.001]
    assert [n.bound for n in numbers("p < 0.001", "en")] == ["<"]
