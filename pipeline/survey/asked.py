"""What a survey asks: every item in the order of its questionnaire, with the question and the options.

The definition says it (``wording``, ``options``, ``instruments``), else the regulation does. The printed
questionnaire, the files it is keyed into and the comparison of two years' questions all read it here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline import LANGUAGES, rules
from pipeline.survey.basics import Scale, Words
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.context import ASKED_FILE
from pipeline.survey.folder import Survey
from pipeline.survey.instruments import Instrument

#: The order in which the regulation's questionnaire asks, where the definition states none (R4).
PRINTED = "questionnaire"

#: One text by language; every language of `LANGUAGES` is there.
Spoken = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One item as respondents meet it.

    Attributes
    ----------
    item : str
        Canonical code: ``U1``, ``mutu.p1``; the second answer of a pair ends in ``_exp`` or ``_imp``.
    question, label : mapping
        The question, and the short name; by language.
    texts : mapping of score to text
        Options that have words; a scale may have words at its ends only, or none.
    scale : (int, int)
        Lowest and highest answer.
    instrument : str
        ``skm``, or the questionnaire of one's own.
    group : str
        Dimension, or unsur, that the item belongs to.
    twin : str
        ``exp`` or ``imp`` where the item is the second answer of a pair.
    units : tuple of str
        Ids of the units that ask it; empty where all do.
    """

    item: str
    question: Spoken
    label: Spoken
    texts: Mapping[int, Spoken]
    scale: tuple[int, int]
    instrument: str = OFFICIAL
    group: str = ""
    twin: str = ""
    units: tuple[str, ...] = field(default=())

    @property
    def scores(self) -> range:
        """Every possible answer, lowest first."""
        return range(self.scale[0], self.scale[1] + 1)

    @property
    def worded(self) -> bool:
        """Whether every answer has words."""
        return all(score in self.texts for score in self.scores)


def spoken(words: Words) -> dict[str, str]:
    """Return a text of the definition in every language; one that is not given is the other's.

    Examples
    --------
    >>> spoken("Cepat?") == {"id": "Cepat?", "en": "Cepat?"}, spoken({"en": "Fast?"})["id"]
    (True, 'Fast?')
    """
    if isinstance(words, str):
        return dict.fromkeys(LANGUAGES, words)
    given: dict[str, str] = {lang: text for lang, text in words.items() if text}
    return {lang: given.get(lang) or next(iter(given.values()), "") for lang in LANGUAGES}


def asked(survey: Survey) -> tuple[Asked, ...]:
    """Return all items of a survey: the regulation's in the printed order, then its own questionnaires.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey
    >>> made = asked(Survey("2024", Path(), Definition(title="x", wording={"U6": "Mampukah?"}), (), ""))
    >>> [one.item for one in made][-2:], made[5].question["id"], made[0].texts[4]["id"]
    (['U9', 'U8'], 'Mampukah?', 'Sangat sesuai')
    """
    named = _questionnaires(survey)
    found = list(_official(survey, named[OFFICIAL])) if OFFICIAL in named else []
    for name, instrument in survey.definition.instruments.items():
        stated = any(name in entry.instrument for entry in survey.definition.files)
        found += _own(survey, name, instrument, named[name] if stated else _resting_on(survey, name))
    return tuple(found)


def _resting_on(survey: Survey, name: str) -> tuple[str, ...]:
    """Return the units whose index rests on a questionnaire; none where it is no unit's, and all are asked (R12)."""
    mine = {
        unit.id
        for unit in survey.units
        if any(item.startswith(f"{name}.") for item in survey.weights(unit.id) or ())
    }
    return _some(survey, mine)


def _questionnaires(survey: Survey) -> dict[str, tuple[str, ...]]:
    """Return which questionnaires are asked, and by which units (none: by all)."""
    made: dict[str, set[str] | None] = {}
    for entry in survey.definition.files:
        unit = entry.unit.constant if entry.unit else None
        for name in entry.instrument or [OFFICIAL]:
            known = made.get(name, set())
            # One entry for all units is enough for the questionnaire to be everybody's.
            made[name] = known | {survey.unit(unit).id} if unit and known is not None else None
    if not survey.definition.files:
        made = dict.fromkeys((OFFICIAL, *survey.definition.instruments))
    return {name: _some(survey, units) for name, units in made.items()}


def _some(survey: Survey, units: set[str] | None) -> tuple[str, ...]:
    """Return units in the order of the list; none where it is all of them."""
    if units is None or len(units) == len(survey.units):
        return ()
    return tuple(unit.id for unit in survey.units if unit.id in units)


def _official(survey: Survey, units: tuple[str, ...]) -> Iterator[Asked]:
    """Yield the regulation's unsur; one that no unit's index rests on is not asked (R12)."""
    for code in rules.load(survey.definition.rule).orders[survey.definition.order or PRINTED]:
        mine = {
            u.id
            for u in survey.units
            if (not units or u.id in units) and code in (survey.weights(u.id) or [code])
        }
        if not survey.units or mine:
            yield _unsur(survey, code, _some(survey, mine))


def _unsur(survey: Survey, code: str, units: tuple[str, ...] = ()) -> Asked:
    """Return an unsur with the question and the options of the definition, else those of the regulation."""
    rule, definition = rules.load(survey.definition.rule), survey.definition
    unsur, scale = rule.get(code), definition.scale or Scale(min=rule.scale[0], max=rule.scale[1])
    if code in definition.options:
        texts = {scale.min + at: spoken(text) for at, text in enumerate(definition.options[code])}
    elif (scale.min, scale.max) == tuple(rule.scale):
        texts = {o.score: {lang: o.text[lang] for lang in LANGUAGES} for o in unsur.options}
    else:
        texts = {}
    return Asked(
        code,
        spoken(definition.wording[code]) if code in definition.wording
        else {lang: unsur.question[lang] for lang in LANGUAGES},
        {lang: unsur.short[lang] for lang in LANGUAGES},
        texts, (scale.min, scale.max), units=units,
    )  # fmt: skip


def printed(survey: Survey) -> dict[str, dict[str, Any]]:
    """Questions and options as a list beside the answers worded them, by unsur; nothing before a run."""
    path = survey.processed / ASKED_FILE
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    listed: dict[str, dict[str, Any]] = found.get("printed", {})
    return listed


def _as_listed(survey: Survey, one: Asked) -> Asked:
    """The same unsur in the words of the list of questions that came with the answers (`intake.values.printed`).

    What the definition states stands: whoever wrote it knew the paper.
    """
    listed = printed(survey).get(one.item, {})
    stated, changed = survey.definition, one
    if "question" in listed and one.item not in stated.wording:
        changed = replace(changed, question=spoken(listed["question"]))
    if len(listed.get("options", ())) == len(one.scores) and one.item not in stated.options:
        texts = {score: spoken(text) for score, text in zip(one.scores, listed["options"], strict=True)}
        changed = replace(changed, texts=texts)
    return changed


def as_asked(survey: Survey, item: str) -> Asked | None:
    """Return one item as it was put, whoever was asked; None for a code that no questionnaire has.

    Every page and file that prints a question or an option reads it here: nobody may be said to have been
    asked what the regulation asks where the survey asked otherwise. Of a survey that was run, a list of
    questions that came with its answers is known, too; a form to come is what the definition says (`asked`).

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey
    >>> stated = Definition(title="x", options={"U9": ["Kotor", "Cukup", "Bersih", "Sangat bersih"]})
    >>> survey = Survey("2024", Path(), stated, (), "")
    >>> as_asked(survey, "U9").texts[4]["en"], as_asked(survey, "U1").texts[4]["en"], as_asked(survey, "U10")
    ('Sangat bersih', 'Very suitable', None)
    """
    if item in rules.load(survey.definition.rule).codes:
        return _as_listed(survey, _unsur(survey, item))
    name = item.rpartition(".")[0]
    instrument = survey.definition.instruments.get(name)
    found = _own(survey, name, instrument, ()) if instrument else ()
    return next((one for one in found if one.item == item), None)


def _own(survey: Survey, name: str, made: Instrument, units: tuple[str, ...]) -> Iterator[Asked]:
    """Yield the items of a questionnaire of one's own, and behind them their second answers."""
    scale = made.scale or survey.definition.scale or Scale()
    twins: list[Asked] = []
    for code, item in made.items.items():
        options = item.options or made.options
        texts = _texts(options, {**made.synonyms, **item.synonyms}, scale)
        question = spoken(item.question or item.label or code)
        yield Asked(
            f"{name}.{code}", question, spoken(item.label or item.question or code), texts,
            (scale.min, scale.max), name, item.group, units=units,
        )  # fmt: skip
        if made.paired:
            # "How important" is answered in words of its own, never in those of the item.
            twins.append(
                Asked(f"{name}.{code}_{made.paired}", question, spoken(item.label or item.question or code),
                      texts if made.paired == "exp" else {}, (scale.min, scale.max), name, item.group,
                      made.paired, units)
            )  # fmt: skip
    yield from twins


def _texts(options: Sequence[str], synonyms: Mapping[str, int], scale: Scale) -> dict[int, Spoken]:
    """Return the words of each score: the listed options, else the longest synonym, which says most."""
    found: dict[int, str] = {}
    for text, score in synonyms.items():
        if scale.min <= score <= scale.max and len(text) > len(found.get(score, "")):
            found[score] = text
    listed = {scale.min + at: text for at, text in enumerate(options)}
    return {score: spoken(text) for score, text in sorted({**found, **listed}.items()) if text}


def wordings(survey: Survey) -> dict[str, str]:
    """Return each item's question, and where the survey states its own options those too, as one text.

    What two surveys must share for an item to be compared (R8, R15): a question whose answers were worded
    otherwise was not the same question.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey
    >>> stated = Definition(title="x", options={"U9": ["Kotor", "Cukup", "Bersih", "Sangat bersih"]})
    >>> wordings(Survey("2024", Path(), stated, (), ""))["U9"]
    'Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana | Kotor / Cukup / Bersih / Sangat bersih'
    """
    definition = survey.definition
    found = {u.code: u.question["id"] for u in rules.load(definition.rule).unsur}
    found |= {item: spoken(text)["id"] for item, text in definition.wording.items()}
    options = {item: [spoken(text)["id"] for text in texts] for item, texts in definition.options.items()}
    for name, made in definition.instruments.items():
        for code, item in made.items.items():
            if item.question:
                found[f"{name}.{code}"] = spoken(item.question)["id"]
                options[f"{name}.{code}"] = list(item.options or made.options)
    return {
        item: f"{text} | {' / '.join(options[item])}" if options.get(item) else text
        for item, text in found.items()
    }
