"""The questionnaire for Google Forms: an outline to paste, and an Apps Script that makes the form."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.office.questionnaire.build import Form, Part, Question, of_unit
from pipeline.words import Words

#: Lowest and highest number that a linear scale of Google Forms can begin and end with.
LOWEST, HIGHEST = (0, 1), range(3, 11)
#: More answers than this are a list to pull down.
LONG_LIST = 12


def title(question: Question, lang: str) -> str:
    """Title of a question: it becomes the header of its column in the export."""
    return " ".join(question.title[lang].split())


def answers(question: Question, lang: str) -> list[str]:
    """Return the answers that are shown, which are those that the export holds."""
    return list(dict.fromkeys(" ".join(choice.label[lang].split()) for choice in question.choices))


def kind(question: Question) -> str:
    """What kind of question Google Forms makes of it: ``one``, ``list``, ``scale``, ``whole``, ``text``, ``long``."""
    if question.kind == "scale":
        low, high = question.limits
        return "scale" if low in LOWEST and high in HIGHEST else "one"
    if question.kind == "one":
        return "list" if len(question.choices) > LONG_LIST else "one"
    return question.kind


def parts(form: Form) -> Iterator[tuple[Part, list[Question]]]:
    """Yield each part and what respondents are asked in it.

    The unit is asked of a form of one unit, too, so that its export says it.
    """
    for at, part in enumerate(form.parts):
        named = [of_unit(form.units)] if not at and form.one_of_several else []
        yield part, [*named, *(question for question in part.questions if not question.office)]


def outline(form: Form, lang: str, script: str) -> str:
    """Return the outline: every part, question and answer as text."""
    w = Words(lang)
    lines = [
        f"# {form.title(lang)}", "", w("forms.google.lead", script=script), "",
        f"- {w('forms.google.keep')}", f"- {w('forms.google.email')}",
        f"- {w('forms.google.export', survey=form.survey.name)}", "",
    ]  # fmt: skip
    for part, asked in parts(form):
        lines += [f"## {part.title[lang]}", ""]
        if part.lead:
            lines += [part.lead[lang], ""]
        for question in asked:
            lines += list(_outlined(question, w))
    return "\n".join(lines).rstrip() + "\n"


def _outlined(question: Question, w: Words) -> Iterator[str]:
    low, high = question.limits
    told = w(f"forms.google.kind.{kind(question)}", low=str(low), high=str(high))
    must = f", {w('forms.google.required')}" if question.required else ""
    yield f"**{title(question, w.lang)}** ({told}{must})"
    yield ""
    if hint := question.hint.get(w.lang):
        yield f"> {hint}"
        yield ""
    if kind(question) in ("one", "list"):
        yield from (f"- {text}" for text in answers(question, w.lang))
        yield ""


def script(form: Form, lang: str) -> str:
    """Return an Apps Script that makes the form, and logs its address and for each unit one with the unit filled in.

    Every text is a quoted string of JavaScript: nothing of a definition can be run.
    """
    w = Words(lang)
    out = [
        "// skm-pipeline: script.google.com, function buatFormulir",
        "function buatFormulir() {",
        f"  var form = FormApp.create({quoted(form.title(lang))});",
        f"  form.setDescription({quoted(w('forms.google.intro') + ' ' + w('forms.google.description'))});",
        "  form.setCollectEmail(false);",
        "  form.setProgressBar(true);",
    ]
    for at, (part, asked) in enumerate(parts(form)):
        if at and asked:
            said = f".setHelpText({quoted(part.lead[lang])})" if part.lead else ""
            out.append(f"  form.addPageBreakItem().setTitle({quoted(part.title[lang])}){said};")
        for question in asked:
            out.append(f"  {'var unit = ' if question.field == 'unit' else ''}{_made(question, lang)};")
    out.append("  Logger.log(form.getPublishedUrl());")
    if any(question.field == "unit" for _, asked in parts(form) for question in asked):
        out += [
            "  unit.getChoices().forEach(function (choice) {",
            "    var filled = form.createResponse().withItemResponse(unit.createResponse(choice.getValue()));",
            "    Logger.log(choice.getValue() + ': ' + filled.toPrefilledUrl());",
            "  });",
        ]
    return "\n".join([*out, "}", ""])


def quoted(text: str) -> str:
    r"""Quote a text for JavaScript; line separators and the sign of a tag are escaped, too.

    Examples
    --------
    >>> quoted('"); hapus(); ("'), quoted("a\u2028b</script>")
    ('"\\"); hapus(); (\\""', '"a\\u2028b\\u003c/script>"')
    """
    return (
        json.dumps(text, ensure_ascii=False)
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replace("<", "\\u003c")
    )


def _made(question: Question, lang: str) -> str:
    """Return the call that adds a question."""
    found, (low, high) = kind(question), question.limits
    call = {
        "one": "addMultipleChoiceItem", "list": "addListItem", "scale": "addScaleItem", "whole": "addTextItem",
        "text": "addTextItem", "long": "addParagraphTextItem",
    }[found]  # fmt: skip
    made = f"form.{call}().setTitle({quoted(title(question, lang))})"
    if hint := question.hint.get(lang):
        made += f".setHelpText({quoted(hint)})"
    if found in ("one", "list"):
        made += f".setChoiceValues([{', '.join(quoted(text) for text in answers(question, lang))}])"
    if found == "scale":
        made += f".setBounds({low}, {high})"
    if found == "whole":
        made += f".setValidation(FormApp.createTextValidation().requireNumberBetween({low}, {high}).build())"
    return f"{made}.setRequired({'true' if question.required else 'false'})"
