"""The workbook into which paper questionnaires are keyed: a list for every cell, and nothing that computes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.office import safe
from pipeline.office.questionnaire.build import Form, Question, form_text, wanted
from pipeline.survey.codes import OFFICIAL
from pipeline.words import Words

#: What a spreadsheet takes as title and text of a hint.
MOST_TITLE, MOST_TEXT = 32, 255
#: Numbers in front of more questions than this would no longer be recognised as numbers.
NUMBERED = 99


def header(question: Question, lang: str) -> str:
    """What a column is called: the number on paper, and the short name of an unsur or the question itself."""
    one = question.asked
    if one is None:
        return question.title[lang]
    text = one.label[lang] if one.instrument == OFFICIAL else question.title[lang]
    return f"{question.number}. {text}" if question.number <= NUMBERED else text


def columns(form: Form) -> list[Question]:
    """Return what is keyed of a questionnaire, in the order of the paper, the day first."""
    day = Question("answered_at", "answered_at", "day", form_text("question.answered_at"))
    return [day, *form.questions]


def write(form: Form, lang: str) -> bytes:
    """Return the workbook; the same form gives the same bytes."""
    import xlsxwriter  # late: writing is the only one who needs it

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, safe.AS_WRITTEN)
    w = Words(lang)
    book.set_properties(
        {"title": f"{w('forms.entry.title')} · {safe.text(form.title(lang))}", "author": "skm-pipeline",
         "created": safe.CREATED}
    )  # fmt: skip
    entry, guide, lists = (
        book.add_worksheet(w(f"forms.entry.{name}")) for name in ("sheet", "help", "lists")
    )
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EDF5F4"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "muted": book.add_format({"font_color": "#5c6870"}),
    }  # fmt: skip
    ranges = _lists(lists, form, w, styles)
    _entry(entry, form, w, styles, ranges)
    _guide(guide, form, w, styles)
    book.close()
    return made.getvalue()


def _entry(sheet: Any, form: Form, w: Words, styles: dict[str, Any], ranges: dict[str, str]) -> None:
    """Write headers, numbers of rows and the list of every column."""
    asked, rows, top = columns(form), wanted(form), 0
    if form.unit and form.one_of_several:
        # Above the table: a cell in every row would make each empty row a respondent.
        sheet.write_string(0, 0, safe.text(w("forms.entry.unit_row", unit=form.unit.name)))
        top = 1
    sheet.set_row(top, 64)
    sheet.write_string(top, 0, w("forms.entry.number"), styles["head"])
    sheet.set_column(0, 0, 6)
    for number in range(1, rows + 1):
        sheet.write_number(top + number, 0, number, styles["muted"])
    for at, question in enumerate(asked, 1):
        sheet.write_string(top, at, safe.text(header(question, w.lang)), styles["head"])
        sheet.set_column(at, at, _width(question), styles["day"] if question.kind == "day" else None)
        if rule := _rule(question, w, ranges):
            sheet.data_validation(top + 1, at, top + rows, at, rule)
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _width(question: Question) -> int:
    if question.kind in ("long", "text"):
        return 36
    if question.asked is not None:
        return 14 if question.asked.instrument == OFFICIAL else 20
    return 22 if question.kind == "one" else 12


def _rule(question: Question, w: Words, ranges: dict[str, str]) -> dict[str, Any] | None:
    """Return what a spreadsheet allows in a column, and the hint it shows; None where anything may stand."""
    wrong = {"error_title": w("forms.entry.wrong"), "error_message": w("forms.entry.wrong_text")}
    if question.kind == "day":
        return {
            "validate": "date", "criteria": ">=", "value": safe.CREATED.date(),
            "input_message": w("forms.entry.wrong_day"),
            "error_title": w("forms.entry.wrong"), "error_message": w("forms.entry.wrong_day"),
        }  # fmt: skip
    if question.kind == "whole":
        low, high = question.limits
        said = w("forms.entry.wrong_age", low=str(low), high=str(high))
        return {
            "validate": "integer", "criteria": "between", "minimum": low, "maximum": high,
            "error_title": w("forms.entry.wrong"), "error_message": said,
        }  # fmt: skip
    if question.asked is not None:
        return {
            "validate": "list", "source": [int(choice.value) for choice in question.choices],
            "input_title": header(question, w.lang)[:MOST_TITLE],
            "input_message": _meaning(question, w.lang)[:MOST_TEXT],
            **wrong,
        }  # fmt: skip
    if question.field in ranges:
        # A service that is on no list may be keyed all the same; the check then says so.
        kind = {"error_type": "warning"} if question.field == "service" else {}
        return {"validate": "list", "source": ranges[question.field], "input_title": w("forms.entry.choose"),
                "input_message": " ", **kind, **wrong}  # fmt: skip
    return None


def _meaning(question: Question, lang: str) -> str:
    """Return what each value means, for the hint of a cell."""
    if question.kind == "scale":
        return question.hint.get(lang) or f"{question.choices[0].value}–{question.choices[-1].value}"
    return "\n".join(f"{choice.value} = {choice.label[lang]}" for choice in question.choices)


def _lists(sheet: Any, form: Form, w: Words, styles: dict[str, Any]) -> dict[str, str]:
    """Write every answer below one another, and return where the list of each field stands.

    Five columns, so that nobody reads the sheet as a list of facts about the unit.
    """
    heads = ("col_part", "col_number", "col_question", "col_answer", "col_meaning")
    for at, name in enumerate(heads):
        sheet.write_string(0, at, w(f"forms.entry.{name}"), styles["head"])
    parts = {id(question): part.title[w.lang] for part in form.parts for question in part.questions}
    ranges, row = {}, 1
    for question, values in _answers(form, w.lang):
        first = row
        for value, meaning in values:
            number = str(question.number or "-")
            cells = (parts.get(id(question), ""), number, header(question, w.lang), value, meaning)
            for at, text in enumerate(cells):
                sheet.write_string(row, at, safe.text(text) if text != "-" else text)
            row += 1
        if question.asked is None:
            ranges[question.field] = f"='{w('forms.entry.lists')}'!$D${first + 1}:$D${row}"
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 4, 34)
    sheet.freeze_panes(1, 0)
    return ranges


def _answers(form: Form, lang: str) -> Iterator[tuple[Question, list[tuple[str, str]]]]:
    """Yield each question with a list: what is keyed, and what it means."""
    for question in columns(form):
        if not question.choices:
            continue
        if question.asked is not None:
            yield question, [(c.value, c.label[lang]) for c in question.choices]
        else:
            # The same service of two units is one line.
            yield question, [(text, text) for text in dict.fromkeys(c.label[lang] for c in question.choices)]


def _guide(sheet: Any, form: Form, w: Words, styles: dict[str, Any]) -> None:
    """Write how to fill the workbook in."""
    sheet.set_column(0, 0, 100, styles["text"])
    sheet.write_string(0, 0, w("forms.entry.title"), styles["head"])
    for row, name in enumerate(("row", "score", "blank", "columns", "privacy", "send"), 1):
        text = w(f"forms.entry.steps.{name}", survey=form.survey.name)
        sheet.write_string(row, 0, f"{row}. {text}", styles["text"])
