"""From a survey's definition to one form: which questions, in which order, with which answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made_by
from fractions import Fraction

from pipeline import LANGUAGES, rules
from pipeline.survey import Survey, Unit
from pipeline.survey.asked import Asked, Spoken, asked, spoken
from pipeline.survey.codes import AGE_LIMITS, CATEGORIES, OFFICIAL
from pipeline.survey.context import Context
from pipeline.survey.text import fold
from pipeline.words import Words

#: What the regulation's questionnaire asks about the respondent, and what a definition may add to it.
ALWAYS = ("sex", "age", "education", "occupation", "service")
ADDED = ("disability", "disability_kind", "mode", "interviewer")
#: Of these the office itself knows the answer; respondents are never asked.
OFFICE = ("mode", "interviewer")
#: A category that stands for three others where a form asked for them together; a new form asks for each.
TOGETHER = "pns-tni-polri"


@dataclass(frozen=True)
class Choice:
    """One answer of a list: what is stored, what is read, and for a service whose it is."""

    value: str
    label: Spoken
    unit: str = ""


@dataclass(frozen=True)
class Question:
    """One question of a form.

    Attributes
    ----------
    field : str
        Our field, or the code of an item.
    name : str
        Name in an XLSForm: letters, digits and underscores; the intake knows the field by it.
    kind : str
        ``one`` (of a list), ``scale`` (numbers, words at the ends at most), ``whole``, ``text``, ``long``, ``day``.
    title : mapping
        What its column is called, by language: no two questions of a form share it.
    said : mapping
        As it is asked; of the second answer of a pair without the word that tells it apart.
    """

    field: str
    name: str
    kind: str
    title: Spoken
    choices: tuple[Choice, ...] = ()
    said: Mapping[str, str] = made_by(default_factory=dict)
    number: int = 0
    units: tuple[str, ...] = ()
    asked: Asked | None = None
    limits: tuple[int, int] = (0, 0)
    hint: Mapping[str, str] = made_by(default_factory=dict)
    office: bool = False

    @property
    def required(self) -> bool:
        """Whether an electronic form insists: on the unit, and on what the index is made of."""
        return self.field == "unit" or (self.asked is not None and self.asked.instrument == OFFICIAL)


@dataclass(frozen=True)
class Part:
    """Questions under one heading; in an XLSForm a group, whose name begins with ``skm`` (see `header_text`)."""

    name: str
    title: Spoken
    questions: tuple[Question, ...]
    lead: Mapping[str, str] = made_by(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """The questionnaire of a unit, or of all units with a question that names them."""

    survey: Survey
    unit: Unit | None
    units: tuple[Unit, ...]
    parts: tuple[Part, ...]

    @property
    def questions(self) -> list[Question]:
        """All questions, in order."""
        return [question for part in self.parts for question in part.questions]

    @property
    def one_of_several(self) -> bool:
        """Whether it is the form of one unit of a survey of several: then what is filled in has to say of which."""
        return self.unit is not None and len(self.survey.units) > 1

    @property
    def stem(self) -> str:
        """Folder-safe name of the form: the unit's, or ``all``."""
        return self.survey.slug(self.unit.id) if self.unit else "all"

    @property
    def official(self) -> bool:
        """Whether it asks any unsur of the regulation."""
        return any(q.asked and q.asked.instrument == OFFICIAL for q in self.questions)

    def title(self, lang: str) -> str:
        """Title of the survey in a language."""
        return spoken(self.survey.definition.title)[lang]


def build(survey: Survey, unit: str = "") -> Form:
    """Return the form of a unit (id, name or alias), or of all units.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey, Unit
    >>> form = build(Survey("2024", Path(), Definition(title="x"), (Unit("a", "Dinas A"),), ""))
    >>> [q.field for q in form.questions][:4], form.questions[-2].title["en"]
    (['sex', 'age', 'education', 'occupation'], 'How are complaints of users handled?')
    """
    found = survey.unit(unit) if unit else survey.units[0] if len(survey.units) == 1 else None
    units = (found,) if found else survey.units
    ids = {one.id for one in units}
    items = [one for one in asked(survey) if not one.units or ids & set(one.units)]
    if found:
        items = [replace(one, units=()) for one in items]
    numbered = _apart(survey, [_item(survey, one, at) for at, one in enumerate(items, 1)])
    parts = [Part("skm_profil", form_text("part.profile"), tuple(_profile(survey, found)))]
    parts += _parts(survey, numbered)
    closing = Question("suggestion", "suggestion", "long", form_text("question.suggestion"))
    parts.append(Part("skm_penutup", form_text("part.closing"), (closing,)))
    return Form(survey, found, tuple(units), tuple(parts))


def form_text(key: str, **values: Spoken) -> dict[str, str]:
    """Return a text of the locale files in every language."""
    return {
        lang: Words(lang)(f"forms.{key}", **{k: v[lang] for k, v in values.items()}) for lang in LANGUAGES
    }


def _label(key: str) -> dict[str, str]:
    return {lang: Words(lang)(f"labels.{key}") for lang in LANGUAGES}


# the respondent ---------------------------------------------------------------------------


def fields(survey: Survey) -> list[str]:
    """What is asked about the respondent: the regulation's block, and what the definition adjusts for or names."""
    definition = survey.definition
    named = {name for entry in definition.files for name in entry.columns}
    named |= {str(name) for name in definition.adjust_for} | set(definition.values)
    if definition.mode == "mixed":
        named.add("mode")
    if "disability_kind" in named:
        named.add("disability")
    return [*ALWAYS, *(name for name in ADDED if name in named)]


def _profile(survey: Survey, unit: Unit | None) -> Iterator[Question]:
    if unit is None and survey.units:
        yield of_unit(survey.units)
    for name in fields(survey):
        title = form_text(f"question.{name}")
        if name == "age":
            yield Question(name, name, "whole", title, limits=AGE_LIMITS)
        elif name == "service":
            listed = _services(survey, unit)
            yield Question(name, name, "one" if listed else "text", title, listed)
        elif name == "interviewer":
            yield Question(name, name, "text", title, office=True)
        else:
            yield Question(name, name, "one", title, tuple(_categories(name)), office=name in OFFICE)


def of_unit(units: Sequence[Unit]) -> Question:
    """Return the question that names the unit."""
    choices = tuple(Choice(one.id, dict.fromkeys(LANGUAGES, one.name)) for one in units)
    return Question("unit", "unit", "one", form_text("question.unit"), choices)


def _services(survey: Survey, unit: Unit | None) -> tuple[Choice, ...]:
    """Return the listed services; none where a unit lists none, since its users could then answer nothing."""
    units = [unit] if unit else list(survey.units)
    if not all(one.services for one in units):
        return ()
    return tuple(
        Choice(name_of(text), dict.fromkeys(LANGUAGES, text), one.id)
        for one in units
        for text in one.services
    )


def _categories(name: str) -> Iterator[Choice]:
    for code in CATEGORIES[name]:
        if code == TOGETHER:
            continue
        if name == "disability":
            yield Choice(code, form_text(code))
        else:
            yield Choice(code, _label(f"{name}.{code}"))


# the items --------------------------------------------------------------------------------


def name_of(text: str) -> str:
    """Return a name without blanks that folds to the same as the text.

    Examples
    --------
    >>> name_of("Kartu Keluarga (KK)"), name_of("=1+1")
    ('kartu_keluarga_kk', '1_1')
    """
    return re.sub(r"[^\w]+", "_", fold(text)).strip("_") or "x"


def _item(survey: Survey, one: Asked, number: int) -> Question:
    question = dict(one.question)
    if one.instrument == OFFICIAL and one.item not in survey.definition.wording:
        # The rule files keep the regulation's questions without their sign.
        question = {lang: f"{text}?" for lang, text in question.items()}
    said = question
    if one.twin:
        word = form_text(f"twin.{one.twin}")
        question = {lang: f"{text} ({word[lang]})" for lang, text in question.items()}
    name = f"{one.item}_{name_of(one.label['id'])}" if one.instrument == OFFICIAL else name_of(one.item)
    choices = tuple(
        Choice(str(score), one.texts[score] if one.worded else dict.fromkeys(LANGUAGES, str(score)))
        for score in one.scores
    )
    return Question(
        one.item, name, "one" if one.worded else "scale", question, choices, said, number, one.units, one,
        one.scale, _ends(one),
    )  # fmt: skip


def _apart(survey: Survey, questions: list[Question]) -> list[Question]:
    """Put the code behind questions that share their words, or are called like an unsur: columns would be one."""
    titles = [{fold(text) for text in question.title.values()} for question in questions]
    unsur = {fold(text) for one in rules.load(survey.definition.rule).unsur
             for text in (*one.labels, one.name.id, one.name.en, one.short.id, one.short.en)}  # fmt: skip
    made = []
    for at, question in enumerate(questions):
        others = set().union(unsur, *(other for place, other in enumerate(titles) if place != at))
        if titles[at] & others:
            title = {lang: f"{text} [{question.field}]" for lang, text in question.title.items()}
            question = replace(question, title=title)
        made.append(question)
    return made


def _ends(one: Asked) -> dict[str, str]:
    """Return what the ends of a scale mean, where only they have words."""
    low, high = one.scale
    if one.worded or low not in one.texts or high not in one.texts:
        return {}
    return {
        lang: Words(lang)("forms.ends", low=str(low), least=one.texts[low][lang], high=str(high),
                          most=one.texts[high][lang])
        for lang in LANGUAGES
    }  # fmt: skip


def _parts(survey: Survey, items: list[Question]) -> Iterator[Part]:
    """Yield the items under headings: one a questionnaire, and one each of its groups where it has groups."""
    groups: dict[tuple[str, str, str], list[Question]] = {}
    for question in items:
        if one := question.asked:
            groups.setdefault((one.instrument, one.twin, one.group), []).append(question)
    for at, ((instrument, twin, group), found) in enumerate(groups.items(), 1):
        title = form_text("part.skm")
        if instrument != OFFICIAL:
            stated = survey.definition.instruments[instrument].title
            title = spoken(stated) if stated else form_text("part.own")
        if twin:
            title = form_text("part.twin", part=title, twin=form_text(f"twin.{twin}"))
        if group:
            title = form_text("part.group", part=title, group=_group(survey, group))
        name = "skm" if instrument == OFFICIAL else f"skm_{name_of(instrument)}_{at}"
        yield Part(name, title, tuple(found), form_text(f"twin_lead.{twin}") if twin else {})


def _group(survey: Survey, group: str) -> Spoken:
    """Return what a group is called: the name of the unsur where it is the code of one."""
    rule = rules.load(survey.definition.rule)
    if group in rule.codes:
        return {lang: f"{group} {rule.get(group).name[lang]}" for lang in LANGUAGES}
    return dict.fromkeys(LANGUAGES, group)


def wanted(form: Form) -> int:
    """Rows that a workbook of this form needs: the required sample with a fifth more, in whole hundreds."""
    opened = Context(form.survey)
    sizes = [opened.required(unit.population) or 0 for unit in form.units]
    need = Fraction(6, 5) * sum(sizes)
    return min(max(-(-int(need) // 100) * 100, 200), 5_000)
