"""What a survey asks in words of its own stands in those words wherever a question or an option is printed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipeline import results, rules
from pipeline.archive import appendix
from pipeline.office import codebook
from pipeline.office.city import Results
from pipeline.office.questionnaire.build import build
from pipeline.report.official.annex import asked as in_report
from pipeline.survey.asked import as_asked
from tests.support.city_fixture import ITEMS, make_survey

STATED = """wording: {U2: {id: 'Ruwetkah alurnya di sini?', en: 'Is the way through here tangled?'}}
options:
  U2:
  - {id: Sangat ruwet, en: Very tangled}
  - {id: Agak ruwet, en: Rather tangled}
  - {id: Lurus, en: Straight}
  - {id: Amat lurus, en: Quite straight}
"""
OWN = {
    "id": ("Ruwetkah alurnya di sini?", ["Sangat ruwet", "Agak ruwet", "Lurus", "Amat lurus"]),
    "en": (
        "Is the way through here tangled?",
        ["Very tangled", "Rather tangled", "Straight", "Quite straight"],
    ),
}
AT = ITEMS.index("U2")


def opened(survey):
    """The survey with as many answers to each option, and nothing else."""
    city = {"survey": survey.name, "scope": "city", "n": 400}
    rows = [
        {**city, "statistic": f"share_{x}", "item": i, "estimate": 0.25, "numerator": 100, "denominator": 400}
        for i in ITEMS
        for x in range(survey.scale.min, survey.scale.max + 1)
    ]
    rows += [{**city, "scope": "unit", "unit": "unit-01", "statistic": "nrr", "item": i} for i in ITEMS]
    return Results(survey, {"index": results.frame(rows)})


def in_codebook(survey, lang):
    rows = list(codebook.entries(opened(survey), lang, (), ()))
    (_, question) = [text for _, code, text in rows if code == "U2"]
    return question, [text for _, code, text in rows if code.startswith("U2 = ")]


def in_appendix(survey, lang):
    rows = [line for line in appendix.lines(opened(survey), ITEMS) if line.variable == "U2"]
    return rows[0].meaning.partition('"')[2].rstrip('"'), [line.label for line in rows]


def in_official_annex(survey, lang):
    page = SimpleNamespace(
        survey=survey, rule=rules.load("14/2017"), items=ITEMS, lang=lang, item_name=lambda item: item
    )
    return in_report(page)[AT]


def in_form(survey, lang):
    one = next(question for question in build(survey).questions if question.field == "U2")
    return one.said[lang], [choice.label[lang] for choice in one.choices]


PRINTED = (
    (in_codebook, "id"), (in_codebook, "en"), (in_appendix, "en"), (in_official_annex, "id"),
    (in_official_annex, "en"), (in_form, "id"), (in_form, "en"),
)  # fmt: skip


@pytest.mark.parametrize(("where", "lang"), PRINTED)
def test_a_question_and_its_options_are_printed_as_they_were_asked(tmp_path, where, lang):
    assert where(make_survey(tmp_path, 1, more=STATED), lang) == OWN[lang]


@pytest.mark.parametrize("where", [in_codebook, in_appendix, in_official_annex])
def test_on_another_scale_the_regulations_options_are_nobodys(tmp_path, where):
    survey = make_survey(tmp_path, 1, scale="scale: {min: 1, max: 5}\n")
    assert not any(where(survey, "en")[1])


def test_an_item_of_ones_own_with_no_question_is_not_given_its_code_for_one(tmp_path):
    survey = make_survey(
        tmp_path, 1, more="instruments: {mutu: {items: {p1: {}, p2: {question: 'Ramah?'}}}}\n"
    )
    found = Results(survey, {"index": results.frame(
        [{"survey": "2024", "scope": "unit", "unit": "unit-01", "statistic": "nrr", "item": f"mutu.{p}"}
         for p in ("p1", "p2")])})  # fmt: skip
    rows = [
        (code, text) for _, code, text in codebook.entries(found, "id", (), ()) if code.startswith("mutu")
    ]
    assert rows == [("mutu.p1", "mutu.p1"), ("mutu.p2", "Ramah?"), ("mutu.p2", "Ramah?")]


def test_the_second_answer_of_a_pair_is_known_and_an_unknown_code_is_not(tmp_path):
    own = "instruments: {mutu: {paired: imp, options: [a, b, c, d], items: {p1: {question: 'Ramah?'}}}}\n"
    survey = make_survey(tmp_path, 1, more=own)
    one, twin = as_asked(survey, "mutu.p1"), as_asked(survey, "mutu.p1_imp")
    assert one
    assert twin
    assert (one.twin, twin.twin, one.texts[4]["id"], twin.texts) == ("", "imp", "d", {})
    assert as_asked(survey, "mutu.p2") is None
    assert as_asked(survey, "lain.p1") is None
