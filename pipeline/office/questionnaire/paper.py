"""The questionnaire on paper: A4, tagged PDF, as the regulation's form has it, boxes to cross."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pipeline import __version__
from pipeline.office.questionnaire.build import Form, Part, Question
from pipeline.render import drawn
from pipeline.words import Words
from pipeline.words.places import period, region

#: What the regulation's own sheet offers; everything else is written on the line beside "other".
OCCUPATIONS = ("pns", "tni", "polri", "swasta", "wirausaha", "other")
#: Options of so many letters stand in one row of columns; longer ones below one another.
SHORT, MIDDLE = 34, 62
#: From so many questions with the same options on, they are printed once, above columns of boxes.
SAME = 3
#: A list of more units or services than this is no row of boxes: the answer is written.
BOXES = 12


def write(form: Form, lang: str) -> bytes:
    """Return the questionnaire as PDF/UA."""
    return drawn.page("questionnaire", content(form, lang), _day(form))


def content(form: Form, lang: str) -> dict[str, Any]:
    """Return what the sheet says, as the template reads it."""
    w, survey = Words(lang), form.survey
    definition, day = survey.definition, _day(form)
    at = w("forms.at_unit", unit=form.unit.name) if form.unit else w("forms.all_units")
    return {
        "lang": lang,
        "date": [day.year, day.month, day.day],
        "title": w("forms.title" if form.official else "forms.title_own"),
        "at": at,
        "above": region(w, definition.city, definition.region_kind),
        "period": period(w, str(definition.period or survey.name)),
        "survey": form.title(lang),
        "intro": w("forms.intro"),
        "privacy": w("forms.privacy"),
        "p": w("forms.p_column"),
        "p_note": w("forms.p_note"),
        "head": [w("forms.col_no"), w("forms.col_question")],
        "foot": f"skm-pipeline {__version__} · {survey.name} · {form.stem}",
        "profile_title": form.parts[0].title[lang],
        "profile": [*_when(w), *_profile(form, w)],
        "parts": [_part(part, lang) for part in form.parts[1:-1]],
        "closing": form.parts[-1].title[lang],
        "suggestion": form.parts[-1].questions[0].title[lang],
    }


def _day(form: Form) -> dt.date:
    """The date of the document: the first day of the survey, else of its period; never today's."""
    work = form.survey.definition.fieldwork
    if work.start:
        return work.start
    years = form.survey.years
    return dt.date(years[0] if years else 2017, 1, 1)


def _when(w: Words) -> list[dict[str, Any]]:
    hours = [w("forms.hour.morning"), w("forms.hour.afternoon")]
    return [
        {"label": w("forms.question.answered_at"), "boxes": [], "line": True, "wide": False, "other": ""},
        {"label": w("forms.question.hour"), "boxes": hours, "line": False, "wide": False, "other": ""},
    ]


def _profile(form: Form, w: Words) -> list[dict[str, Any]]:
    made = []
    for question in form.parts[0].questions:
        if question.office:
            continue
        boxes, other = _boxes(question, w.lang)
        written = question.kind in ("whole", "text") or not boxes
        made.append(
            {
                "label": question.title[w.lang], "boxes": boxes, "line": written,
                "wide": question.field not in ("sex", "age"),
                "other": w("forms.other_line", other=other) if other else "",
            }
        )  # fmt: skip
    return made


def _boxes(question: Question, lang: str) -> tuple[list[str], str]:
    """Return the answers to cross, and what the box before the line is called."""
    if question.field in ("unit", "service") and len(question.choices) > BOXES:
        return [], ""
    choices = [c for c in question.choices if question.field != "occupation" or c.value in OCCUPATIONS]
    other = next((c.label[lang] for c in choices if c.value == "other"), "")
    return [c.label[lang] for c in choices if c.value != "other"], other


def _part(part: Part, lang: str) -> dict[str, Any]:
    """Return a part as blocks: questions one by one, or a table where several share their options."""
    blocks = []
    for key, run in groupby(part.questions, lambda q: tuple(c.label[lang] for c in q.choices)):
        found = list(run)
        if len(found) >= SAME:
            blocks.append(_table(found, key, lang))
        else:
            blocks += [_question(question, lang) for question in found]
    return {"title": part.title[lang], "lead": part.lead.get(lang, ""), "blocks": blocks}


def _question(question: Question, lang: str) -> dict[str, Any]:
    labels = [choice.label[lang] for choice in question.choices]
    numbers = question.kind == "scale"
    # A letter stands for a value where a is 1; on any other scale the value itself is printed.
    lettered = question.choices[0].value == "1" and len(labels) <= 26
    marks = [chr(97 + at) if lettered else choice.value for at, choice in enumerate(question.choices)]
    letters = labels if numbers else [f"{mark}. {text}" for mark, text in zip(marks, labels, strict=True)]
    return {
        "table": False, "number": f"{question.number}.", "text": question.said[lang], "options": letters,
        "columns": _columns(labels, numbers), "ends": question.hint.get(lang, ""), "value": not numbers,
    }  # fmt: skip


def _columns(labels: Sequence[str], numbers: bool) -> int:
    longest = max(len(text) for text in labels)
    if numbers:
        return min(len(labels), 11)
    if len(labels) <= 5 and longest <= SHORT:
        return len(labels)
    return 2 if longest <= MIDDLE else 1


def _table(questions: Sequence[Question], labels: Sequence[str], lang: str) -> dict[str, Any]:
    first = questions[0]
    values = [choice.value for choice in first.choices]
    numbers = first.kind == "scale"
    return {
        "table": True,
        "ends": first.hint.get(lang, ""),
        "head": ["" if numbers else label for label in labels],
        "values": values,
        "narrow": numbers or max(len(label) for label in labels) <= 8,
        "rows": [[f"{q.number}.", q.said[lang]] for q in questions],
    }
