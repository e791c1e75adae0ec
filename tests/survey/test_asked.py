"""What a survey asks in words of its own stands in those words wherever a question or an option is printed."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline import results, rules
from pipeline.archive import appendix
from pipeline.intake import printed
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


LISTED = {"U2": {"question": OWN["id"][0], "options": OWN["id"][1]}}


def listed(root, more=""):
    """A survey of which a list of questions came with the answers."""
    survey = make_survey(root, 1, more=more)
    survey.processed.mkdir(parents=True)
    text = json.dumps({"states_fact": [], "printed": LISTED})
    (survey.processed / "questionnaire.json").write_text(text, encoding="utf-8")
    return survey


@pytest.mark.parametrize(("where", "lang"), [pair for pair in PRINTED if pair[0] is not in_form])
def test_a_list_of_questions_beside_the_answers_is_what_was_asked(tmp_path, where, lang):
    assert where(listed(tmp_path), lang) == OWN["id"]


def test_what_the_definition_states_stands_and_a_form_to_come_is_what_it_says(tmp_path):
    survey = listed(tmp_path / "stated", STATED)
    assert in_codebook(survey, "en") == OWN["en"]
    official = rules.load("14/2017").get("U2").question["id"]
    assert in_form(listed(tmp_path / "listed"), "id")[0].rstrip("?") == official


def test_a_list_that_words_a_question_as_the_regulation_does_or_in_two_ways_tells_nothing():
    rule = rules.load("14/2017")
    u2 = rule.get("U2")
    official = [option.text["id"].upper() for option in u2.options]
    rows = {"item": "U2", "how": "lookup-label", "question": u2.question["id"], "code": list("1234")}
    assert printed(pd.DataFrame({**rows, "text": official}), rule) == {}
    assert printed(pd.DataFrame({**rows, "how": "answer", "text": list("abcd")}), rule) == {}
    twice = pd.DataFrame({**rows, "text": ["Ruwet", "Agak ruwet", "Lurus", "Amat lurus"]})
    assert printed(twice, rule)["U2"]["options"][0] == "Ruwet"
    other = pd.concat([twice, twice.assign(text=["Sulit", "Agak ruwet", "Lurus", "Amat lurus"])])
    assert printed(other, rule) == {}


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
