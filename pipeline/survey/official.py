"""What an official report names and only its office can say: who did it, when, on what basis, who signs."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipeline.survey.basics import Strict, Text, Words

#: Digits of a civil servant's number: birth, month of appointment, sex, serial number.
NIP_DIGITS = 18
#: Stands for a number where the data is invented; a number that could be a person's is never made up.
NO_NIP = "0" * NIP_DIGITS


def checked_nip(value: Any) -> Any:
    """Return the digits of a civil servant's number, blanks and dots removed; refuse what can be none.

    Examples
    --------
    >>> checked_nip("19800229 200501 1 003")
    '198002292005011003'
    """
    if not isinstance(value, str):
        raise ValueError("put the number in quotes: as a bare number its last digits would be lost")
    digits = re.sub(r"[\s.]", "", value)
    if digits in ("", NO_NIP):
        return digits
    if not digits.isdecimal() or len(digits) != NIP_DIGITS:
        raise ValueError(f"a NIP has {NIP_DIGITS} digits, this has {sum(c.isdecimal() for c in digits)}")
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        dt.date(int(digits[8:12]), int(digits[12:14]), 1)
    except ValueError:
        raise ValueError(
            "is no NIP: it begins with the day of birth (YYYYMMDD) and the month of appointment (YYYYMM)"
        ) from None
    if digits[14] not in "12":
        raise ValueError("is no NIP: its 15th digit is 1 (man) or 2 (woman)")
    return digits


def said(value: Any) -> Any:
    """Refuse a text, or a text per language, that says nothing."""
    texts = list(value.values()) if isinstance(value, dict) else [value]
    if not texts or not all(str(text if text is not None else "").strip() for text in texts):
        raise ValueError("is empty: say it, or leave the key out")
    return value


Said = Annotated[Words, BeforeValidator(said)]
Nip = Annotated[str, BeforeValidator(checked_nip)]


class Member(Strict):
    """One person, or one office, of those who carried the survey out."""

    role: Said = Field(description="What they did: pengarah, ketua, anggota, surveyor.")
    name: Text = ""
    position: Words = Field(default="", description="Their office.")


class Activity(Strict):
    """One line of the schedule."""

    activity: Said
    start: dt.date
    end: dt.date | None = None

    @model_validator(mode="after")
    def _order(self) -> Activity:
        if self.end and self.end < self.start:
            raise ValueError("end is before start")
        return self

    @property
    def last(self) -> dt.date:
        """Last day; the first where only one is given."""
        return self.end or self.start


class Signatory(Strict):
    """Who signs a report."""

    office: Words = Field(default="", description="As it stands above the name: Kepala Dinas ...")
    name: Text = ""
    rank: Text = Field(default="", description="Pangkat, golongan.")
    nip: Nip = Field(default="", description="18 digits, in quotes.")


class Signature(Signatory):
    """The block at the end of a report, for all units, or otherwise for some."""

    place: Text = ""
    date: dt.date | None = Field(
        default=None, description="The day of signing; default: report_date; never today's."
    )
    units: dict[Text, Signatory] = Field(
        default_factory=dict, description="Unit's id: who signs its report instead."
    )

    def of(self, unit: str) -> Signatory:
        """Return who signs the report of a unit."""
        return self.units.get(unit, self)


class PhotoText(Strict):
    """What a photo shows, for those who cannot see it, and the line below it."""

    alt: Said
    caption: Words = ""


class Official(Strict):
    """Keys of the definition that official templates print; what is not given is left out."""

    legal_basis: list[Said] = Field(
        default_factory=list,
        description="Regulations the office itself names, beside the one whose rules the survey follows.",
    )
    place: Words = Field(default="", description="Where the answers were collected.")
    team: list[Member] = Field(default_factory=list)
    schedule: list[Activity] = Field(default_factory=list)
    holidays: list[dt.date] = Field(
        default_factory=list,
        description="Days between Monday and Friday that are none for the schedule: no list of holidays is built in.",
    )
    signature: Signature | None = None
    photos: dict[Text, PhotoText] = Field(
        default_factory=dict, description="File under photos/: what it shows (alt) and its caption."
    )

    @field_validator("holidays")
    @classmethod
    def _once(cls, days: list[dt.date]) -> list[dt.date]:
        twice = sorted({day.isoformat() for day in days if days.count(day) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is listed twice")
        return days
