"""What ``survey.yml`` says of raw files: which there are, what their columns hold, what their own marks mean."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from pipeline.survey.basics import Strict, Text, Texts
from pipeline.survey.codes import CATEGORIES
from pipeline.survey.errors import did_you_mean
from pipeline.survey.kinds import Place, Places


def known_mode(value: str | None) -> str | None:
    """Return a way of asking; what is none is an error that names the nearest."""
    if value and value not in CATEGORIES["mode"]:
        near = did_you_mean(value, CATEGORIES["mode"])
        raise ValueError(
            f"{value!r} is not one of {', '.join(CATEGORIES['mode'])}" + (f"; {near}" if near else "")
        )
    return value


class UnitFrom(Strict):
    """Where the unit of a row comes from, when it is not a column called unit."""

    column: Text | None = Field(default=None, description="Header of the column that names the unit.")
    constant: Text | None = Field(
        default=None, description="Every row belongs to this unit (id, name or alias)."
    )
    file: bool | Text = Field(
        default=False,
        description="The file name names the unit; or a pattern with {unit}, e.g. 'skm_{unit}_2024'.",
    )
    sheet: bool = Field(default=False, description="The sheet name names the unit.")
    fill_down: bool = Field(
        default=False,
        description="With column: an empty cell stands for the name above it, as merged cells are exported.",
    )

    @model_validator(mode="after")
    def _one(self) -> UnitFrom:
        given = [self.column is not None, self.constant is not None, bool(self.file), self.sheet]
        if sum(given) != 1:
            raise ValueError("say exactly one of column, constant, file, sheet")
        if self.fill_down and self.column is None:
            raise ValueError("fill_down belongs to column: name the column")
        if isinstance(self.file, str) and self.file.count("{unit}") != 1:
            raise ValueError("the file pattern must contain {unit} once")
        return self


Values = dict[Text, dict[Text, Text]]
#: What becomes of answers that are none of an item's options.
Unmatched = Literal["stop", "missing", "exclude"]


class FileEntry(Strict):
    """One kind of raw file and how to read it."""

    path: Places = Field(description="File name or pattern (*.xlsx), relative to the survey's folder.")
    role: Literal["wide", "respondents", "answers", "suggestions"] = "wide"
    instrument: Texts = Field(
        default_factory=list,
        description="Questionnaire (or several) of the answers; empty or skm: the regulation's.",
    )
    join: Text = Field(default="", description="Tables with the same word here share respondent ids.")
    sheet: Text | int | list[Text | int] | None = Field(
        default=None, description="Sheet name or number; '*' for all; default: every sheet that fits."
    )
    header: int | None = Field(
        default=None,
        ge=0,
        description="Row of the headers as a spreadsheet counts; 0: there is none, columns are named"
        " 'column A', 'column B', ... under columns.",
    )
    headers: Texts = Field(
        default_factory=list, description="The headers of a file that has none, in the order of its columns."
    )
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    unit: UnitFrom | None = None
    columns: dict[Text, Texts] = Field(
        default_factory=dict, description="Our name: header (or headers) in the file."
    )
    ignore: Texts = Field(default_factory=list, description="Headers to leave unread.")
    values: Values = Field(default_factory=dict, description="Per field: text in the file -> our code.")
    unmatched: Unmatched | None = Field(default=None, description="For these files; default: the survey's.")
    order: Literal["form", "questionnaire"] | None = None
    dates: Literal["day-first", "month-first"] | None = Field(
        default=None,
        description="What 3/4/2025 means; default: found out. Date cells are then read as they stand.",
    )
    service: Text | None = None
    mode: Text | None = None
    executor: Text | None = None
    optional: bool = Field(default=False, description="No error when no file fits the path.")

    @field_validator("unit", mode="before")
    @classmethod
    def _unit(cls, value: Any) -> Any:
        return {"constant": value} if isinstance(value, str | int) else value

    @field_validator("mode")
    @classmethod
    def _mode(cls, value: str | None) -> str | None:
        return known_mode(value)


class Lookup(Strict):
    """A table of codes: the key found in the data stands for a text."""

    field: Text = Field(description="The field whose values are looked up: unit, item, education, ...")
    path: Place
    key: Text = Field(description="Header of the codes.")
    text: Text = Field(description="Header of the texts (for items: the question).")
    label: Text | None = Field(default=None, description="For items: header of the short label.")
    options: Texts = Field(
        default_factory=list, description="For items: headers of the option texts, answer a (or 1) first."
    )
    means: dict[Text, Text] = Field(
        default_factory=dict,
        description="For items: code -> item, for questions whose text does not tell; none: it is no item.",
    )
    sheet: Text | int | None = None
    instrument: Text = ""


class Marks(Strict):
    """What becomes of rows that their own export marks; by default they count, and that is said."""

    rejected: Literal["keep", "exclude"] = Field(
        default="keep", description="Submissions the office did not approve (KoboToolbox, ODK, SurveyCTO)."
    )
    test: Literal["keep", "exclude"] = Field(
        default="keep", description="Previews, tests and spam (Qualtrics, SurveyMonkey)."
    )
    incomplete: Literal["keep", "exclude"] = Field(
        default="keep", description="Questionnaires that were not sent off or not filled in to the end."
    )
    duplicate_id: Literal["merge", "keep"] = Field(
        default="merge",
        description="Rows of one submission id (_uuid, instanceID): merge those that say the same, or keep all. Rows "
        "that differ always count, and are flagged.",
    )
