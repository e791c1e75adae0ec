"""``evidence.yml``: what only the office knows of how its survey was published, followed up and complained about.

It is no part of the definition that reports depend on: results are published after they are made, and to note that must
change no page that was published. Only ``skm evidence`` reads it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from pipeline import rules
from pipeline.survey import checked, yamlfile
from pipeline.survey.basics import Strict, Text, Texts, Words
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.official import Said
from pipeline.survey.plainfile import inside, odd_kind
from pipeline.survey.written import EVIDENCE as FOLDER
from pipeline.survey.written import EVIDENCE_FILE as FILE
from pipeline.survey.written import PHOTO_LIMIT, PICTURES, no_picture

if TYPE_CHECKING:
    from pipeline.survey.folder import Survey


def _address(value: Any) -> Any:
    text = str(value or "").strip()
    if text and not re.match(r"https?://[^\s<>\"']+$", text):
        raise ValueError("is no web address; it begins with https://, and where it hangs belongs under place")
    return text


def _score(value: Any) -> Any:
    text = str(value).strip().replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text) or float(text) > 100:
        raise ValueError("is no score from 0 to 100")
    return float(text)


def _photo_name(value: str) -> str:
    return inside(value) if value else value


Address = Annotated[str, BeforeValidator(_address)]
Photo = Annotated[Text, AfterValidator(_photo_name)]


class Entry(Strict):
    """What each entry may say: where it can be seen, when, and of which units it is."""

    date: dt.date | None = None
    address: Address = ""
    place: Words = ""
    photo: Photo = Field(default="", description=f"File under {FOLDER}/.")
    alt: Words = Field(default="", description="What the photo shows, for those who cannot see it.")
    units: Texts = Field(default_factory=list, description="Ids, names, globs or @sets; empty: every unit.")

    @model_validator(mode="after")
    def _seen(self) -> Entry:
        if self.photo and not self.alt:
            raise ValueError("the photo needs alt: what it shows, for those who cannot see it")
        if self.photo and not self.photo.lower().endswith(PICTURES):
            raise ValueError("the photo must be a JPEG or PNG")
        return self

    @property
    def documented(self) -> bool:
        """Whether it says when, and where that can be seen."""
        return self.date is not None and bool(self.address or self.photo or self.place)


class Publication(Entry):
    """One medium on which the results were published."""

    medium: Literal["print", "electronic", "social-media", "website", "app", "billboard", "videotron"]
    what: Words = Field(default="", description="What it is, e.g. the board at the counter.")
    shows: list[Literal["method", "process", "result"]] = Field(default_factory=list)


class Channel(Entry):
    """One way to complain."""

    channel: Said


class Execution(Entry):
    """A document that shows what was done of a plan for follow-up."""

    what: Said


class Ombudsman(Strict):
    """The Ombudsman's score of the whole city; those of units stand in ``external.csv``."""

    score: Annotated[float, BeforeValidator(_score)]
    category: Words = ""
    year: Text = ""
    source: Said


class Evidence(Strict):
    """The content of ``evidence.yml``."""

    publication: list[Publication] = Field(default_factory=list)
    complaints: list[Channel] = Field(default_factory=list)
    execution: list[Execution] = Field(default_factory=list)
    ombudsman: Ombudsman | None = None
    stated: dict[Text, Said] = Field(
        default_factory=dict, description="Duty of the regulation: what the office states about it."
    )

    @field_validator("stated")
    @classmethod
    def _known(cls, stated: dict[str, Any]) -> dict[str, Any]:
        known = [duty.id for duty in rules.duties()]
        for name in stated:
            if name not in known:
                near = did_you_mean(name, known) or f"duties are {', '.join(known)}"
                raise ValueError(f"there is no duty {name!r}; {near}")
        return stated


class Given:
    """What an office gives of one survey, unit by unit."""

    def __init__(self, survey: Survey, said: Evidence) -> None:
        self.said = said
        self._units = {id(entry): set(survey.select(entry.units)) for entry in entries(said) if entry.units}

    @property
    def states_publication(self) -> bool:
        """Whether the office says anything of publication, be it that there was none."""
        return "publication" in self.said.model_fields_set

    def publication(self, unit: str = "") -> list[Publication]:
        """Publications that are of a unit, the earliest first, those without a date last; without a unit all."""
        found = [one for one in self.said.publication if self._of(one, unit)]
        return sorted(found, key=lambda one: (one.date is None, one.date or dt.date.min))

    def complaints(self, unit: str = "") -> list[Channel]:
        """Ways to complain about a unit."""
        return [one for one in self.said.complaints if self._of(one, unit)]

    def execution(self, unit: str = "") -> list[Execution]:
        """Documents of a unit's follow-up."""
        return [one for one in self.said.execution if self._of(one, unit)]

    def _of(self, entry: Entry, unit: str) -> bool:
        chosen = self._units.get(id(entry))
        return chosen is None or not unit or unit in chosen


def entries(said: Evidence) -> Iterator[Entry]:
    """Every entry that can be of some units only."""
    yield from (*said.publication, *said.complaints, *said.execution)


def read(survey: Survey) -> Given:
    """Read a survey's ``evidence.yml``; nothing is given where there is none.

    Raises
    ------
    SurveyError
        With every problem found, each in one sentence with its line.
    """
    path = survey.raw / FILE
    shown = path.relative_to(survey.root).as_posix()
    if not path.is_file():
        return Given(survey, Evidence())
    said, lines = _held(path, shown)
    if found := list(_problems(survey, said, shown, lines)):
        raise SurveyError(found)
    return Given(survey, said)


def stated(path: Path, shown: str) -> Evidence:
    """What a file says, whatever survey it is of.

    Raises
    ------
    SurveyError
        If it says what no such file may.
    """
    return _held(path, shown)[0]


def _held(path: Path, shown: str) -> tuple[Evidence, yamlfile.Lines]:
    content, lines = yamlfile.read(path, shown)
    return checked.held(Evidence, content, shown, lines, _told), lines


def _problems(survey: Survey, said: Evidence, shown: str, lines: yamlfile.Lines) -> Iterator[Problem]:
    """What does not go with the survey: units that are not listed, photos that are not there, days too early."""
    end = survey.definition.fieldwork.end
    for key in ("publication", "complaints", "execution"):
        listed: Sequence[Entry] = getattr(said, key)
        for at, entry in enumerate(listed):
            line = lines.get((key, at))
            where = f"{key}.{at}"
            try:
                survey.select(entry.units)
            except SurveyError as error:
                for problem in error.problems:
                    yield Problem(
                        problem.what, file=shown, line=line, key=f"{where}.units", hint=problem.hint
                    )
            if entry.photo and (why := _photo(survey.raw / FOLDER / entry.photo)):
                hint = f"photos lie under {FOLDER}/ beside {FILE}"
                yield Problem(
                    f'the photo "{entry.photo}" {why}', file=shown, line=line, key=f"{where}.photo", hint=hint
                )
            if key == "publication" and entry.date and end and entry.date < end:
                what = f"{entry.date} is before the survey ended ({end})"
                yield Problem(
                    what, file=shown, line=line, key=f"{where}.date", hint="which results were published?"
                )


def _photo(path: Path) -> str:
    if not path.exists():
        return "is not there"
    if path.is_symlink() or odd_kind(path):
        return "is no ordinary file"
    if path.stat().st_size > PHOTO_LIMIT:
        return f"is larger than {PHOTO_LIMIT // 1_000_000} MB"
    return no_picture(path)


def _told(error: Any, where: checked.Where) -> tuple[str, str]:
    if error["type"] == "extra_forbidden":
        return "there is no such key", f"docs/evidence.md lists the keys of {FILE}"
    return checked.usual(error)
