"""Entries of a definition that would have no effect: errors, since somebody meant something by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline import rules
from pipeline.survey.codes import CATEGORIES, OFFICIAL
from pipeline.survey.definition import Definition
from pipeline.survey.entries import Lookup
from pipeline.survey.errors import Problem, did_you_mean

#: Fields whose texts `values:` may explain, beside the items; and those a table of codes may.
EXPLAINED = ("unit", *CATEGORIES)
LOOKED_UP = (
    "item", "answer", *EXPLAINED, "service", "age", "executor", "interviewer", "answered_at", "entered_at",
    "suggestion",
)  # fmt: skip
#: Fields of files that `values:` does not read.
UNREAD = ("item", "answer", "answer_exp", "answer_imp", "respondent", "suggestion", "weight")


def without(definition: Definition, lines: Mapping[tuple[str | int, ...], int], shown: str) -> list[Problem]:
    """Return a problem for every entry that nothing reads, with its line and what may be meant.

    Examples
    --------
    >>> found = without(Definition(title="x", values={"item": {"6": "U5"}}), {("values", "item"): 3}, "survey.yml")
    >>> found[0].line, found[0].what
    (3, 'has no effect: the texts of item are not read here')
    """
    found = list(_values(definition))
    for place, lookup in enumerate(definition.lookups):
        found += [(("lookups", place, *key), what, hint) for key, what, hint in _lookup(definition, lookup)]
    return [
        Problem(what, file=shown, line=_line(lines, key), key=".".join(map(str, key)), hint=hint)
        for key, what, hint in found
    ]


def _line(lines: Mapping[tuple[str | int, ...], int], key: tuple[str | int, ...]) -> int | None:
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key)


def _items(definition: Definition) -> list[str]:
    known = [str(code) for code in rules.load(definition.rule).codes]
    for name, instrument in definition.instruments.items():
        for code in instrument.items:
            twins = ["", f"_{instrument.paired}"] if instrument.paired else [""]
            known += [f"{name}.{code}{twin}" for twin in twins] + [f"{code}{twin}" for twin in twins]
    return known


def _values(definition: Definition) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    known = [*_items(definition), "answers", *EXPLAINED]
    places: list[tuple[tuple[str | int, ...], dict[str, dict[str, str]]]] = [(("values",), definition.values)]
    places += [(("files", place, "values"), entry.values) for place, entry in enumerate(definition.files)]
    for key, values in places:
        for name in values:
            if name in known:
                continue
            if name == "item":
                hint = "say under `lookups:` what the ids of questions are: field: item, path, key, text,"
                hint += f" means: {{{_example(values[name])}}}"
            elif name in UNREAD:
                hint = (
                    "the answers to an item are explained under its code, such as U4, or `answers:` for all"
                )
            else:
                hint = did_you_mean(name, known) or f"fields are {', '.join(known[:12])}, ..."
            yield (*key, name), f"has no effect: the texts of {name} are not read here", hint


def _example(texts: Mapping[str, str]) -> str:
    return ", ".join(f"'{text}': {code}" for text, code in list(texts.items())[:3]) or "'6': U5"


def _lookup(definition: Definition, lookup: Lookup) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if lookup.field not in LOOKED_UP:
        hint = did_you_mean(lookup.field, LOOKED_UP) or f"fields are {', '.join(LOOKED_UP)}"
        yield ("field",), f"has no effect: nothing looks up {lookup.field}", hint
    if lookup.field == "item":
        if lookup.instrument not in ("", OFFICIAL, *definition.instruments):
            names = (OFFICIAL, *definition.instruments)
            hint = did_you_mean(lookup.instrument, names) or f"instruments are {', '.join(names)}"
            yield ("instrument",), f"has no effect: there is no instrument {lookup.instrument}", hint
        known = (*_items(definition), "none")
        for text, code in lookup.means.items():
            if code not in known and code.lower() not in map(str.lower, known):
                hint = did_you_mean(code, known) or f"items are {', '.join(known[:12])}; none: it is no item"
                yield ("means", text), f'says that "{text}" is "{code}", which is no item', hint
        return
    for name in ("label", "options", "means", "instrument"):
        if getattr(lookup, name):
            hint = "leave it out, or say `field: item` if this is the table of questions"
            yield (name,), f"has no effect: only a table of questions (field: item) has {name}", hint
