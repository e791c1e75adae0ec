"""Forms of a survey as people fill them in: seeded answers, keyed in, or exported by a phone app or Google.

The exports are written as those systems write them, from what the form itself says: names, labels, groups.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import pandas as pd

from pipeline import intake
from pipeline.office.questionnaire import google, keyed, xlsform
from pipeline.office.questionnaire.build import Form, Question

SAID = ("", "Loket ditambah", "Terima kasih, sudah baik", "=1+1 loket lagi", "Antrean lama sekali", "")


@dataclass(frozen=True)
class Person:
    """What somebody answered: the value of a choice or a text, by field; nothing where nothing was."""

    answers: dict[str, str]
    day: dt.datetime


def people(form: Form, count: int, seed: int = 1) -> list[Person]:
    """Invent respondents; a twentieth of the items is left blank, and units ask only what they ask."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        unit = form.unit.id if form.unit else draw.choice(form.units).id
        answers: dict[str, str] = {"unit": unit}
        for question in form.questions:
            if question.field == "unit" or (question.units and unit not in question.units):
                continue
            answers[question.field] = _answer(question, unit, draw)
        if "disability_kind" in answers:
            answers["disability_kind"] = {"yes": "sensory"}.get(answers["disability"], "")
        made.append(Person(answers, dt.datetime(2026, 3, 2, 8) + dt.timedelta(minutes=37 * number)))
    return made


def _answer(question: Question, unit: str, draw: random.Random) -> str:
    if question.kind == "whole":
        return str(draw.randint(22, 60))
    if question.kind == "long":
        return draw.choice(SAID)
    if question.kind == "text":
        # A service on no list that fewer than five people name would be "lainnya".
        return draw.choice(("KTP", "KTP", "KTP", ""))
    if question.asked is not None and draw.random() < 0.05:
        return ""
    choices = [c.value for c in question.choices if c.unit in ("", unit)]
    if question.field in ("education", "occupation"):
        choices = [
            value for value in choices if value in ("sma", "s1", "diploma", "swasta", "wirausaha", "other")
        ]
    return draw.choice(choices)


def label(question: Question, value: str, lang: str) -> str:
    """Return what a person sees who chose a value."""
    return next((c.label[lang] for c in question.choices if c.value == value), value)


def workbook(form: Form, persons: Sequence[Person], lang: str = "id") -> bytes:
    """Key the answers into the form's workbook, cell by cell, and return it."""
    book = openpyxl.load_workbook(io.BytesIO(keyed.write(form, lang)))
    sheet = book.worksheets[0]
    top = next(row for row in (1, 2) if sheet.cell(row, 2).value)
    for at, person in enumerate(persons, 1):
        for column, question in enumerate(keyed.columns(form), 2):
            if question.kind == "day":
                sheet.cell(top + at, column, person.day.date())
                continue
            value = person.answers.get(question.field, "")
            if not value:
                continue
            if question.asked is not None or question.kind == "whole":
                sheet.cell(top + at, column, int(value))
            else:
                cell = sheet.cell(top + at, column, label(question, value, lang))
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


#: What ODK Central and KoboToolbox write beside the answers, with what stands there.
ODK = {
    "meta-instanceID": "uuid:{0:08x}", "KEY": "uuid:{0:08x}", "SubmitterID": "7", "SubmitterName": "",
    "AttachmentsPresent": "0", "AttachmentsExpected": "0", "Status": "", "ReviewState": "", "DeviceID": "collect:x",
    "Edits": "0", "FormVersion": "v7",
}  # fmt: skip
KOBO = {
    "_id": "5{0}", "_uuid": "{0:08x}-3f1b-4c8e-9a51-2b6c7d8e9f00", "_submission_time": "{1:%Y-%m-%dT%H:%M:%S}",
    "_validation_status": "", "_notes": "", "_status": "submitted_via_web", "_submitted_by": "", "__version__": "v7Qx",
    "_tags": "", "_index": "{0}",
}  # fmt: skip


def phone(
    form: Form, persons: Sequence[Person], lang: str = "id", *, labels: bool = False, between: str = "/"
) -> str:
    """Return the export of KoboToolbox, or with ``-`` between groups and questions that of ODK; ``""``: no groups."""
    rows = list(xlsform.sheets(form, [lang])["survey"])
    by_name = {question.name: question for question in form.questions}
    heads, names, path = [], [], []
    for row in rows:
        if row["type"] == "begin_group":
            path.append(row)
        elif row["type"] == "end_group":
            path.pop()
        elif row["type"] != "note" or between == "-":
            shown = f"label::{xlsform.SPOKEN[lang]}"
            parts = [(part.get(shown) if labels else part["name"]) or part["name"] for part in (*path, row)]
            heads.append(between.join(parts) if between else parts[-1])
            names.append(row["name"])
    meta, first = (ODK, ["SubmissionDate"]) if between == "-" else (KOBO, [])
    out: list[list[Any]] = [[*first, *heads, *meta]]
    for at, person in enumerate(persons):
        stamp = person.day.strftime("%Y-%m-%dT%H:%M:%S.000+07:00")
        cells = []
        for name in names:
            question = by_name.get(name)
            if name in ("start", "end"):
                cells.append(stamp)
            elif question is None:
                cells.append(person.answers["unit"] if name == "unit" else "")
            else:
                value = person.answers.get(question.field, "")
                cells.append(label(question, value, lang) if labels else value)
        out.append(
            [*([stamp] * len(first)), *cells, *(text.format(at + 1, person.day) for text in meta.values())]
        )
    return _csv(out, "," if between == "-" else ";")


def google_export(form: Form, persons: Sequence[Person], lang: str = "id") -> str:
    """Return the CSV of Google Forms: a time stamp, titles as headers, the texts of the answers."""
    asked = [question for _, found in google.parts(form) for question in found]
    out: list[list[Any]] = [
        ["Timestamp" if lang == "en" else "Cap waktu", *(google.title(q, lang) for q in asked)]
    ]
    for person in persons:
        cells = [label(q, person.answers.get(q.field, ""), lang) for q in asked]
        out.append([person.day.strftime("%Y/%m/%d %I:%M:%S %p GMT+7"), *cells])
    return _csv(out, ",")


def _csv(rows: Sequence[Sequence[Any]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def differences(form: Form, persons: Sequence[Person], made: intake.Intake, kind: str = "") -> list[str]:
    """Return every answer, fact and suggestion that did not come out as it was filled in."""
    frame = made.responses.sort_values("source_row").reset_index(drop=True)
    if len(frame) != len(persons):
        return [f"{len(persons)} people filled it in, {len(frame)} came out"]
    wrong = []
    # What the office knows itself, a form for respondents does not ask.
    office = {q.field for q in form.questions if q.office} if kind == "google" else set()
    for at, person in enumerate(persons):
        for name, value in person.answers.items():
            if name in office:
                continue
            got = frame.loc[at, name]
            said = "" if pd.isna(got) else str(got)
            if said.endswith(".0"):
                said = said[:-2]
            wanted = value
            if name == "service" and value:
                question = next(q for q in form.questions if q.field == "service")
                wanted = label(question, value, "id")
            if name == "disability_kind" and person.answers["disability"] == "no":
                wanted = "none"  # nobody is asked for a kind who has none
            if said != wanted:
                wrong.append(f"{at + 1} {name}: {value!r} became {said!r}")
        if frame.loc[at, "answered_at"].date() != person.day.date():
            wrong.append(f"{at + 1}: {person.day} became {frame.loc[at, 'answered_at']}")
    return wrong
