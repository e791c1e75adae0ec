"""What is asked for: a unit or the city, an unsur or the index; and one clear sentence where there is none such."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import LANGUAGES
from pipeline.survey import UNKNOWN_UNIT
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.text import fold
from pipeline.survey.units import slug
from pipeline.trace.model import CITY, INDEX
from pipeline.trace.published import services, statistics

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.survey.context import Context

#: What else people call the index; its letter is the last step of its trace.
ALSO_INDEX = ("ikm", "index", "indeks", "skm", "total", "headline", "letter", "huruf")
#: What else people call the city, beside the name that the definition gives it.
ALSO_CITY = ("city", "kota", "kabupaten")
#: Said where a number is published and no trace follows it.
TRACED = (
    "a trace follows the index (IKM) and means of unsur and indicators, of a unit, its services, and of CITY"
)


@dataclass(frozen=True)
class Subject:
    """Whose number is asked for."""

    unit: str
    name: str
    slug: str
    service: str = ""

    @property
    def city(self) -> bool:
        """Whether it is the whole city."""
        return self.unit == CITY


def subject(survey: Survey, text: str) -> Subject:
    """The unit (id, name or alias) or ``CITY``.

    Raises
    ------
    SurveyError
        One sentence, with the nearest name.
    """
    if fold(text) in survey.spellings or text in survey.spellings.values():
        unit = survey.unit(text)
        return Subject(unit.id, unit.name, survey.slug(unit.id))
    place = survey.definition.city or survey.name
    if fold(text) in (*ALSO_CITY, fold(place)):
        return Subject(CITY, place, CITY.lower())
    if text.startswith("@"):
        survey.select([text])  # a set that is not there says so itself
        hint = f"trace one of its units, or {CITY}; {TRACED}"
        raise SurveyError([Problem(f'"{text[1:]}" is a set; numbers of a set are not traced', hint=hint)])
    if fold(text) == UNKNOWN_UNIT:
        hint = "their rows are listed in validation.html"
        raise SurveyError([Problem("answers of no listed unit have no published number", hint=hint)])
    if problem := _of_units(survey, text):
        raise SurveyError([problem])
    unit = survey.unit(text)  # raises, with the nearest name
    return Subject(unit.id, unit.name, survey.slug(unit.id))


def _of_units(survey: Survey, text: str) -> Problem | None:
    """What is said of a service, and of the units of a type; None where the text is neither."""
    wanted = fold(text)
    offering = [
        unit.id
        for unit in survey.units
        if wanted in {fold(name) for name in (*unit.services, *unit.service_aliases)}
    ]
    if offering:
        hint = f'name the unit that offers it, then the item: {offering[0]} IKM --service "{text}"'
        return Problem(f'"{text}" is a service of {", ".join(offering[:3])}', hint=hint)
    if wanted and wanted in {fold(unit.type) for unit in survey.units}:
        hint = f"trace one of its units; {TRACED}"
        return Problem(f'"{text}" is a type of units; numbers of a type are not traced', hint=hint)
    return None


def of_service(survey: Survey, whose: Subject, text: str) -> Subject:
    """One service of the unit, by its name or an alias of services.csv.

    Raises
    ------
    SurveyError
        One sentence, with the nearest name and the services there are.
    """
    if whose.city:
        raise SurveyError([Problem("a service is one of a unit", hint="name the unit that offers it")])
    unit, known = survey.unit(whose.unit), services(survey, whose.unit)
    spelled = {fold(name): name for name in known} | dict(unit.service_aliases)
    service = spelled.get(fold(text), "")
    if service not in known:
        near = did_you_mean(text, known, cutoff=0.5)
        hint = f"{near} its services are {', '.join(known)}" if known else "its answers name no service"
        raise SurveyError([Problem(f'{whose.unit} has no service "{text}"', hint=hint.strip())])
    name = f"{whose.name}, {service}"
    return Subject(whose.unit, name, f"{whose.slug}-{slug(service)}", service)


def item_code(opened: Context, text: str, asked: Collection[str], city: bool) -> str:
    """The item a text names: a code in any case, an unsur's name, or the index.

    Parameters
    ----------
    opened : Context
    text : str
    asked : collection of str
        Items that were asked.
    city : bool
        Whether the city's number is meant.

    Raises
    ------
    SurveyError
        One sentence, with the nearest code and the codes there are.
    """
    if fold(text) in ALSO_INDEX:
        return INDEX
    said = {
        name: item
        for item in asked
        for name in (
            item,
            *(opened.name(item, lang, short=short) for lang in LANGUAGES for short in (True, False)),
        )
    }
    if found := {fold(name): item for name, item in said.items()}.get(fold(text)):
        if city and found not in (*opened.main, *opened.rule.codes):
            hint = f"trace it of a unit; {TRACED}"
            what = f'the city\'s mean of "{text}", of a questionnaire with an index of its own, is not traced'
            raise SurveyError([Problem(what, hint=hint)])
        return found
    if problem := _published(opened, text, asked):
        raise SurveyError([problem])
    codes = sorted(asked, key=opened.place)
    near = did_you_mean(text, [*said, INDEX], cutoff=0.5)
    there = f"there are {', '.join(codes) or 'none'} and {INDEX}"
    whose = "the city" if city else "this survey"
    raise SurveyError(
        [Problem(f'{whose} has no unsur or indicator "{text}"', hint=f"{near} {there}".strip())]
    )


def _published(opened: Context, text: str, asked: Collection[str]) -> Problem | None:
    """What is said of an index of another questionnaire and of any other statistic; None where it is none."""
    own = {
        fold(said): name
        for name, instrument in opened.survey.definition.instruments.items()
        for said in (name, *(opened.survey.definition.text(instrument.title, lang) for lang in LANGUAGES))
    }
    if name := own.get(fold(text)):
        mine = [item for item in sorted(asked, key=opened.place) if item.startswith(f"{name}.")]
        what = f'"{text}" is a questionnaire with an index of its own, which is not traced'
        return Problem(what, hint=f"trace its items: {', '.join(mine)}; {TRACED}")
    if text.lower() in statistics(opened.survey):
        what = f'"{text}" is a published statistic that no trace follows'
        return Problem(what, hint=f"its formula stands in the documentation, under Method; {TRACED}")
    return None
