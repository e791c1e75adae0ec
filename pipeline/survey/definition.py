"""What ``survey.yml`` may say, as pydantic models: unknown keys are errors, never ignored."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipeline import rules
from pipeline.survey.basics import Scale, Strict, Text, Words, as_list, as_text
from pipeline.survey.codes import OFFICIAL, UNKNOWN_UNIT
from pipeline.survey.entries import FileEntry, Lookup, Marks, Unmatched, Values, known_mode
from pipeline.survey.formats import USUAL, Format
from pipeline.survey.instruments import CODE, Indicators, Instrument
from pipeline.survey.official import NO_NIP, Official
from pipeline.survey.register import Register
from pipeline.survey.release import Release


class Fieldwork(Strict):
    """When the answers were collected, and when the data left the system they were kept in."""

    start: dt.date | None = None
    end: dt.date | None = None
    extracted: dt.date | None = Field(default=None, description="No answer can be later than this day.")

    @model_validator(mode="after")
    def _order(self) -> Fieldwork:
        if self.start and self.end and self.end < self.start:
            raise ValueError("end is before start")
        return self


class Published(Strict):
    """A result published earlier, kept as it was printed."""

    period: Text
    ikm: Text = Field(description="As printed, in quotes, e.g. '85.85'.")
    unit: Text = Field(default="", description="Empty: the whole survey.")
    letter: str = ""
    n: int | None = Field(default=None, ge=0)
    rule: Text = ""
    source: str = ""


class Contact(Strict):
    """Whom a reader can ask."""

    name: str = ""
    email: str = ""
    phone: Text = ""
    address: str = ""
    url: str = ""


#: How a unit's report is laid out: by questions, by an official outline of five or four chapters, as research.
TEMPLATES = ("questions", "2021", "2025", "research")


class Definition(Official):
    """The content of ``survey.yml``."""

    title: Words
    period: Text = Field(default="", description="Default: the name of the folder.")
    city: str = ""
    region_kind: Literal["", "city", "regency", "province", "ministry", "institution"] = ""
    conducted_by: str = ""
    partner: str = ""
    rule: Text = "14/2017"
    order: Literal["form", "questionnaire"] | None = Field(
        default=None,
        description="What a bare 8 in a header means: form: pengaduan, questionnaire: sarana.",
    )
    mode: Text = ""
    sampling: str = ""
    fieldwork: Fieldwork = Fieldwork()
    report_date: dt.date | None = Field(
        default=None,
        description="The day on which the report is issued: from it the evaluator counts the months of follow-up.",
    )
    synthetic: bool = False
    scale: Scale | None = None
    languages: Annotated[list[Literal["id", "en"]], BeforeValidator(as_list)] = Field(default=["id"])
    formats: Annotated[list[Format], BeforeValidator(as_list)] = Field(
        default=list(USUAL),
        min_length=1,
        description="What is made of each report: html, pdf, docx (Word), and of a unit form (the regulation's "
        "processing form) and poster; brief: two pages and slides about the city.",
    )
    template: Annotated[Literal["questions", "2021", "2025", "research"], BeforeValidator(as_text)] = Field(
        default="questions",
        description="Outline of the units' reports: by questions; the official one of five chapters (2021) or of"
        " four (2025); research: abstract, methods, results, limits, references.",
    )
    headline: Literal[
        "mean-of-units", "mean-of-all-units", "pooled", "population-weighted", "shared-unsur"
    ] = "mean-of-units"
    poster_counts: Literal["merged", "full"] = Field(
        default="merged", description="full: every table of respondents shows counts below five, too."
    )
    annex: bool = Field(
        default=True,
        description="Whether the public reports of units with ten answers or more end with the answers of every "
        "questionnaire; the office's rows.xlsx always has them.",
    )
    target: Text = Field(default="", description="Index points the city wants to reach, in quotes: '88.31'.")
    overall: Text = Field(
        default="",
        description="Item that asks for an overall judgement, e.g. 'umum.puas'; no part of the index, what the "
        "importance of the unsur is measured on.",
    )
    facets: dict[Text, list[Text]] = Field(
        default_factory=dict,
        description="Facets fixed beforehand: name to at least two unsur each; with two facets or more, whether "
        "answers tell them apart (HTMT) is computed.",
    )
    target_source: Words = Field(default="", description="Where the target is set, e.g. a medium-term plan.")
    equivalence_margin: Annotated[Text, BeforeValidator(as_text)] = Field(
        default="2.5",
        description="Index points within which a difference between units or groups, or a change between "
        "years, counts as none; fix it before the data is seen. Default 2.5: as much as one answer in ten moved "
        "by one step of a four-point scale. Reports print it and where it comes from.",
    )
    margin: Annotated[Text, BeforeValidator(as_text)] = Field(
        default="2.5",
        description="The same for the change between years alone; by default equivalence_margin.",
    )
    adjust_for: list[Literal["sex", "age", "education", "occupation", "disability", "service", "mode"]] = (
        Field(
            default=["sex", "age", "education"],
            description="What units cannot influence; unit means are adjusted for it.",
        )
    )
    raking: Register | None = Field(
        default=None,
        description="Users by sex, age, education, service as a register counts them: an index weighted to them stands "
        "beside the official one.",
    )
    clusters: Annotated[list[Literal["interviewer", "day"]], BeforeValidator(as_list)] = Field(
        default_factory=list,
        description="What answers may have in common: who asked (or the counter, where that column is read as "
        "interviewer), the day. An interval that allows for it stands beside the official one.",
    )
    contact: Contact = Contact()
    release: Release = Release()
    files: list[FileEntry] = Field(default_factory=list)
    lookups: list[Lookup] = Field(default_factory=list)
    values: Values = Field(default_factory=dict)
    unmatched: Unmatched = Field(
        default="stop",
        description="Answers that are no option and stand not under values: stop the run and list them;"
        " missing: leave them out of the item; exclude: leave out the whole questionnaire.",
    )
    marks: Marks = Field(default=Marks(), description="Rows that their own export marks: keep or exclude.")
    wording: dict[Text, Words] = Field(
        default_factory=dict,
        description="Unsur that were asked in other words than the regulation's: code: question as asked. Against "
        "a survey that asked it otherwise the unsur is left out of a change, and the line is broken.",
    )
    options: dict[Text, list[Words]] = Field(
        default_factory=dict,
        description="Unsur whose printed options are others than the regulation's: code: texts, lowest score first, "
        "one for each step of the scale. Against a survey with other options the unsur is left out of a change.",
    )
    instruments: dict[Text, Instrument] = Field(default_factory=dict)
    indicators: list[Indicators] = Field(default_factory=list)
    published: list[Published] = Field(default_factory=list)
    notes: Words = ""

    @field_validator("instruments")
    @classmethod
    def _instruments(cls, instruments: dict[str, Instrument]) -> dict[str, Instrument]:
        for code in instruments:
            if not CODE.match(code):
                raise ValueError(f"{code!r} is not an instrument code: letters, digits, - and _ only")
            if code in (UNKNOWN_UNIT, OFFICIAL):
                raise ValueError(f"{code!r} is reserved; choose another code")
        return instruments

    @model_validator(mode="after")
    def _options(self) -> Definition:
        steps = self.scale.max - self.scale.min + 1 if self.scale else None
        for item, texts in self.options.items():
            if steps is None:
                low, high = rules.load(self.rule).scale
                steps = high - low + 1
            if len(texts) != steps:
                raise ValueError(f"options: {item} lists {len(texts)} texts, the scale has {steps} steps")
        return self

    @field_validator("target", "equivalence_margin", "margin")
    @classmethod
    def _index_points(cls, value: str) -> str:
        plain = value.strip().replace(",", ".")
        if plain and not re.fullmatch(r"[0-9]{1,3}([.][0-9]+)?", plain):
            raise ValueError(f"{value!r} is not a number of index points, such as '88.31'")
        return plain

    @model_validator(mode="after")
    def _margins(self) -> Definition:
        # One margin stated holds for both: `margin` is the older key.
        stated = self.model_fields_set & {"equivalence_margin", "margin"}
        if len(stated) == 1:
            value = getattr(self, next(iter(stated)))
            self.__dict__.update(equivalence_margin=value, margin=value)
        return self

    @property
    def states_margin(self) -> bool:
        """Whether the definition states the margin of equivalence, or the default holds."""
        return bool(self.model_fields_set & {"equivalence_margin", "margin"})

    @field_validator("mode")
    @classmethod
    def _mode(cls, value: str) -> str:
        return known_mode(value) or ""

    @field_validator("rule")
    @classmethod
    def _rule(cls, value: str) -> str:
        try:
            rules.load(value)
        except Exception as error:
            raise ValueError(str(error).splitlines()[0]) from None
        return value

    @model_validator(mode="after")
    def _signed(self) -> Definition:
        if self.signature is None:
            return self
        for who in (self.signature, *self.signature.units.values()):
            if who.nip == NO_NIP and not self.synthetic:
                raise ValueError(
                    "signature: a NIP of zeros stands for none, and only where the data is invented"
                )
        signed, end = self.signature.date, self.fieldwork.end
        if signed and end and signed < end:
            raise ValueError(f"signature: it is dated {signed}, before the survey ended ({end})")
        return self

    @model_validator(mode="after")
    def _known(self) -> Definition:
        code, _, item = self.overall.partition(".")
        if self.overall and (code not in self.instruments or item not in self.instruments[code].items):
            raise ValueError(
                f"overall: {self.overall!r} is not an item of an instrument, such as 'umum.puas'"
            )
        self._facets_known()
        for index, entry in enumerate(self.files):
            for name in entry.instrument:
                if name not in (*self.instruments, OFFICIAL):
                    known = ", ".join((OFFICIAL, *self.instruments))
                    raise ValueError(
                        f"files[{index}] uses the instrument {name!r}, which is not under"
                        f" instruments (known: {known})"
                    )
        return self

    def _facets_known(self) -> None:
        if not self.facets:
            return

        own = {f"{code}.{item}" for code, one in self.instruments.items() for item in one.items}
        known = {*rules.load(self.rule).codes, *own}
        taken: dict[str, str] = {}
        if len(self.facets) == 1:
            raise ValueError("facets: one facet has nothing to be told apart from; name two or none")
        for name, items in self.facets.items():
            if len(set(items)) < 2:
                raise ValueError(f"facets: {name!r} needs at least two different unsur")
            for item in items:
                if item not in known:
                    raise ValueError(
                        f"facets: {name!r} names {item!r}, which is no unsur, such as U1, nor an own item"
                    )
                if taken.setdefault(item, name) != name:
                    raise ValueError(f"facets: {item!r} stands in {taken[item]!r} and in {name!r}")

    def text(self, value: Words, lang: str = "id") -> str:
        """Return a text in a language, else in any language it has."""
        if isinstance(value, str):
            return value
        texts: dict[str, str] = dict(value.items())
        return texts.get(lang) or next(iter(texts.values()), "")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``survey.yml``, for editors that complete and check as one types.

    Examples
    --------
    >>> "title" in json_schema()["required"]
    True
    """
    schema = Definition.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "skm-pipeline survey definition"
    return schema
