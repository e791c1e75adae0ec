"""The questionnaire as XLSForm, for KoboToolbox and ODK: sheets survey, choices and settings."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.office import safe
from pipeline.office.questionnaire.build import Form, Part, Question, name_of
from pipeline.words import Words

#: How XLSForm writes our languages in the heads of its columns.
SPOKEN = {"id": "Bahasa Indonesia (id)", "en": "English (en)"}
#: A longer list is searched by typing.
LONG_LIST = 12

Row = dict[str, str]


def write(form: Form, languages: Sequence[str]) -> bytes:
    """Return the XLSForm; the first language is the one that phones show first."""
    import xlsxwriter  # late: writing is the only one who needs it

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, safe.AS_WRITTEN)
    book.set_properties(
        {"title": safe.text(form.title(languages[0])), "author": "skm-pipeline", "created": safe.CREATED}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    for name, rows in sheets(form, languages).items():
        sheet = book.add_worksheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
            sheet.set_column(at, at, 40 if head.startswith(("label", "hint")) else 22)
        for line, row in enumerate(rows, 1):
            for at, head in enumerate(heads):
                if text := row.get(head, ""):
                    sheet.write_string(line, at, text)
        sheet.freeze_panes(1, 0)
    book.close()
    return made.getvalue()


def sheets(form: Form, languages: Sequence[str]) -> dict[str, list[Row]]:
    """Return the rows of the three sheets."""
    return {
        "survey": list(_survey(form, languages)),
        "choices": list(_choices(form, languages)),
        "settings": [_settings(form, languages)],
    }


def plain(text: str) -> str:
    """Return a text that XLSForm shows as it is: what would be a reference to a question is none.

    Examples
    --------
    >>> plain("Harga ${biaya}, ya?"), plain("=1+1")
    ('Harga $ {biaya}, ya?', "'=1+1")
    """
    return safe.text(" ".join(text.split()).replace("${", "$ {"))


def _said(kind: str, text: Any, languages: Sequence[str]) -> Row:
    """Return a text under the head of each language."""
    return {f"{kind}::{SPOKEN[lang]}": plain(text[lang]) for lang in languages if text.get(lang)}


def _survey(form: Form, languages: Sequence[str]) -> Iterator[Row]:
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    intro = {
        lang: f"{Words(lang)('forms.google.intro')} {Words(lang)('forms.google.description')}"
        for lang in languages
    }
    yield {"type": "note", "name": "note_intro", **_said("label", intro, languages)}
    if form.unit and form.one_of_several:
        # The id of a unit is letters, digits and hyphens: nothing in it can leave the quotes.
        yield {"type": "calculate", "name": "unit", "calculation": f"'{_quoted(form.unit.id)}'"}
    for part in form.parts:
        yield from _group(part, languages)


def _quoted(text: str) -> str:
    return re.sub(r"['\"\\]", "", text)


def _group(part: Part, languages: Sequence[str]) -> Iterator[Row]:
    yield {
        "type": "begin_group",
        "name": part.name,
        "appearance": "field-list",
        **_said("label", part.title, languages),
    }
    if part.lead:
        yield {"type": "note", "name": f"note_{part.name}", **_said("label", part.lead, languages)}
    for question in part.questions:
        yield {key: value for key, value in _row(question, languages).items() if value}
    yield {"type": "end_group", "name": part.name}


def _row(question: Question, languages: Sequence[str]) -> Row:
    row: Row = {"type": _type(question), "name": question.name, **_said("label", question.title, languages),
                **_said("hint", question.hint, languages), "required": "yes" if question.required else ""}  # fmt: skip
    if question.kind == "long":
        row["appearance"] = "multiline"
    elif question.field in ("unit", "service") and len(question.choices) > LONG_LIST:
        row["appearance"] = "minimal autocomplete"
    elif question.asked is not None and not question.required and len(question.choices) <= 7:
        row["appearance"] = "likert"
    if question.kind == "whole":
        low, high = question.limits
        row["constraint"] = f". >= {low} and . <= {high}"
        said = {lang: Words(lang)("forms.xls.age", low=str(low), high=str(high)) for lang in languages}
        row |= _said("constraint_message", said, languages)
    if any(choice.unit for choice in question.choices) and len({c.unit for c in question.choices}) > 1:
        row["choice_filter"] = "unit = ${unit}"
    if question.field == "disability_kind":
        row["relevant"] = "${disability} = 'yes'"
    if question.units:
        row["relevant"] = " or ".join(f"${{unit}} = '{_quoted(unit)}'" for unit in question.units)
    return row


def _type(question: Question) -> str:
    if question.kind in ("one", "scale"):
        return f"select_one {list_of(question)}"
    return "integer" if question.kind == "whole" else "text"


def list_of(question: Question) -> str:
    """Name of a question's list of choices; questions with the same answers share one.

    Examples
    --------
    >>> from pipeline.office.questionnaire.build import Choice
    >>> list_of(Question("sex", "sex", "one", {"id": "JK"}, (Choice("male", {"id": "L"}),)))
    'sex_list'
    """
    if question.asked is None:
        return f"{question.field}_list"
    if question.kind == "scale":
        return f"n{question.choices[0].value}_{question.choices[-1].value}"
    return (
        name_of("_".join(choice.label["id"] for choice in question.choices))[:48].strip("_")
        + f"_{_mark(question)}"
    )


def _mark(question: Question) -> str:
    """Return what tells two lists apart whose names begin alike, or whose numbers differ."""
    text = "|".join(f"{c.value}={c.label['id']}={c.label['en']}" for c in question.choices)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def _choices(form: Form, languages: Sequence[str]) -> Iterator[Row]:
    done = set()
    for question in form.questions:
        if not question.choices or (name := list_of(question)) in done:
            continue
        done.add(name)
        for choice in question.choices:
            row = {"list_name": name, "name": choice.value, **_said("label", choice.label, languages)}
            yield row | ({"unit": choice.unit} if choice.unit else {})


def _settings(form: Form, languages: Sequence[str]) -> Row:
    return {
        "form_title": plain(form.title(languages[0])),
        "form_id": name_of(f"skm_{form.survey.name}_{form.stem}")[:60],
        # The version of the definition: no clock, so that the same definition gives the same form.
        "version": form.survey.digest[:12] or "1",
        "default_language": SPOKEN[languages[0]],
    }
