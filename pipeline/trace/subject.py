"""What is asked for: a unit or the city, an unsur or the index; and one clear sentence where there is none such."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.survey import UNKNOWN_UNIT
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.text import fold
from pipeline.trace.model import CITY, INDEX

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.survey.context import Context

#: What else people call the index.
ALSO_INDEX = ("ikm", "index", "indeks", "skm", "total")


@dataclass(frozen=True)
class Subject:
    """Whose number is asked for."""

    unit: str
    name: str
    slug: str

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
    if text.upper() == CITY:
        place = survey.definition.city or survey.name
        return Subject(CITY, place, CITY.lower())
    if text.startswith("@"):
        survey.select([text])  # a set that is not there says so itself
        hint = f"trace one of its units, or {CITY}"
        raise SurveyError([Problem(f'"{text}" is a set; numbers of a set are not traced', hint=hint)])
    if fold(text) == UNKNOWN_UNIT:
        hint = "their rows are listed in validation.html"
        raise SurveyError([Problem("answers of no listed unit have no published number", hint=hint)])
    unit = survey.unit(text)  # raises, with the nearest name
    return Subject(unit.id, unit.name, survey.slug(unit.id))


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
            *(opened.name(item, lang, short=short) for lang in ("id", "en") for short in (True, False)),
        )
    }
    if found := {fold(name): item for name, item in said.items()}.get(fold(text)):
        return found
    codes = sorted(asked, key=opened.place)
    near = did_you_mean(text, [*said, INDEX], cutoff=0.5)
    there = f"there are {', '.join(codes) or 'none'} and {INDEX}"
    whose = "the city" if city else "this survey"
    raise SurveyError(
        [Problem(f'{whose} has no unsur or indicator "{text}"', hint=f"{near} {there}".strip())]
    )
