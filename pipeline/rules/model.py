"""A regulation as frozen dataclasses: what the YAML files beside this module say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from pipeline import LANGUAGES

from .datafile import parse

_T = TypeVar("_T")


class RuleError(ValueError):
    """A rule file that is not known, or that contradicts itself."""


@dataclass(frozen=True)
class Text:
    """One text in Indonesian and English; ``text["id"]`` or ``text["en"]``."""

    id: str
    en: str

    def __getitem__(self, lang: str) -> str:
        if lang not in LANGUAGES:
            raise KeyError(f"no text in language {lang!r}: use 'id' or 'en'")
        return self.id if lang == "id" else self.en

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True)
class Option:
    """One of the four answers of an unsur, with other wordings seen for the same score."""

    score: int
    text: Text
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unsur:
    """One element of service, by its canonical code.

    ``states_fact`` marks an unsur whose options state a fact (the tariff, the existence of a
    complaint channel) rather than satisfaction (R18).
    """

    code: str
    name: Text
    short: Text
    question: Text
    options: tuple[Option, ...]
    labels: tuple[str, ...]
    states_fact: bool
    verified: bool
    source: str

    @property
    def lowest_is_absence(self) -> bool:
        """Whether the lowest answer says that the thing does not exist: "Tidak ada"."""
        lowest = min(self.options, key=lambda option: option.score, default=None)
        return lowest is not None and lowest.text["id"].strip().casefold() == "tidak ada"

    def option(self, score: int) -> Option:
        """Return the option that carries a score.

        Raises
        ------
        KeyError
            If no option has this score.
        """
        for option in self.options:
            if option.score == score:
                return option
        raise KeyError(f"{self.code} has no option with score {score}")


@dataclass(frozen=True)
class Letter:
    """One grade of service quality with its printed bounds on the 25-100 scale."""

    letter: str
    lower: Fraction
    upper: Fraction
    name: Text
    verified: bool
    source: str


@dataclass(frozen=True)
class PrintedWeight:
    """A rounded weight as the regulation prints it; only for reproducing old publications."""

    value: str
    verified: bool
    source: str

    @property
    def fraction(self) -> Fraction:
        """The printed digits as an exact fraction."""
        return Fraction(Decimal(self.value))


@dataclass(frozen=True)
class SampleRule:
    """How many respondents the regulation asks for."""

    method: str
    chi2: Fraction
    p: Fraction
    d: Fraction
    minimum: int
    rounding: str
    verified: bool
    source: str


@dataclass(frozen=True)
class Rule:
    """One regulation: unsur, scale, letters, printed weights, sample size."""

    id: str
    short: str
    title: Text
    aliases: tuple[str, ...]
    year: int
    replaces: str
    scale: tuple[int, int]
    factor: Fraction
    unsur: tuple[Unsur, ...]
    letters: tuple[Letter, ...]
    printed_weights: tuple[PrintedWeight, ...]
    form: tuple[str, ...]
    questionnaire: tuple[str, ...]
    sample: SampleRule
    digest: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The canonical codes, in the order of the processing form."""
        return self.form

    @property
    def orders(self) -> dict[str, tuple[str, ...]]:
        """Both orders in which the regulation lists the unsur."""
        return {"form": self.form, "questionnaire": self.questionnaire}

    @property
    def weights(self) -> dict[str, Fraction]:
        """The exact weights, 1/k each (R1)."""
        return {code: Fraction(1, len(self.unsur)) for code in self.form}

    @property
    def verified(self) -> bool:
        """Whether every letter bound was seen in the regulation or confirmed by results."""
        return all(letter.verified for letter in self.letters)

    def get(self, code: str) -> Unsur:
        """Return the unsur with a canonical code.

        Raises
        ------
        KeyError
            If the rule has no such unsur.
        """
        return self._only(self.unsur, "code", code, "unsur", f"; it has {', '.join(self.form)}")

    def letter_named(self, letter: str) -> Letter:
        """Return the grade called ``letter``.

        Raises
        ------
        KeyError
            If the rule has no such letter.
        """
        return self._only(self.letters, "letter", letter, "letter")

    def _only(self, parts: Sequence[_T], field: str, value: str, kind: str, known: str = "") -> _T:
        for part in parts:
            if getattr(part, field) == value:
                return part
        raise KeyError(f"{self.short} has no {kind} {value!r}{known}")


def text_of(value: Mapping[str, str]) -> Text:
    """Return a text in both languages, its line breaks in the file removed."""
    return Text(id=" ".join(str(value["id"]).split()), en=" ".join(str(value["en"]).split()))


def exactly(value: Any) -> Fraction:
    """Return a number of a rule file as it is printed there."""
    # Quoted in YAML on purpose: an unquoted 88.31 would already be a binary float.
    if not isinstance(value, str):
        raise RuleError(f"write the number {value!r} in quotes, so that it is read exactly")
    return Fraction(Decimal(value))


def _unsur(entry: Mapping[str, Any]) -> Unsur:
    variants = entry.get("variants", {})
    options = tuple(
        Option(int(score), text_of(text), tuple(str(v) for v in variants.get(score, ())))
        for score, text in sorted(entry["options"].items())
    )
    seen: dict[str, int] = {}
    for option in options:
        for wording in (option.text.id, *option.variants):
            key = wording.casefold()
            if seen.setdefault(key, option.score) != option.score:
                raise RuleError(f"{entry['code']}: {wording!r} stands for two scores")
    return Unsur(
        code=str(entry["code"]),
        name=text_of(entry["name"]),
        short=text_of(entry["short"]),
        question=text_of(entry["question"]),
        options=options,
        labels=tuple(str(label) for label in entry.get("labels", ())),
        states_fact=bool(entry.get("states_fact", False)),
        verified=bool(entry["verified"]),
        source=str(entry["source"]),
    )


def _sample(entry: Mapping[str, Any]) -> SampleRule:
    return SampleRule(
        method=str(entry["method"]),
        chi2=exactly(entry.get("chi2", "0")),
        p=exactly(entry.get("p", "0")),
        d=exactly(entry.get("d", "0")),
        minimum=int(entry.get("minimum", 0)),
        rounding=str(entry.get("rounding", "half-up")),
        verified=bool(entry["verified"]),
        source=str(entry["source"]),
    )


def from_yaml(text: str) -> Rule:
    """Read one rule file and refuse one that contradicts itself.

    Raises
    ------
    RuleError
        If an order does not list exactly the unsur, a wording stands for two scores, or the
        letters do not descend.
    """
    data = parse(text)
    unsur = tuple(_unsur(entry) for entry in data["unsur"])
    letters = tuple(
        Letter(
            letter=str(entry["letter"]),
            lower=exactly(entry["lower"]),
            upper=exactly(entry["upper"]),
            name=text_of(entry["name"]),
            verified=bool(entry["verified"]),
            source=str(entry["source"]),
        )
        for entry in data["letters"]
    )
    codes = {u.code for u in unsur}
    for name, order in data["orders"].items():
        if len(order) != len(unsur) or set(order) != codes:
            raise RuleError(f"{data['id']}: the order {name!r} does not list exactly the unsur")
    lowers = [grade.lower for grade in letters]
    if lowers != sorted(lowers, reverse=True):
        raise RuleError(f"{data['id']}: list the letters from the best to the worst")
    return Rule(
        id=str(data["id"]),
        short=str(data["short"]),
        title=text_of(data["title"]),
        aliases=tuple(str(alias) for alias in data["aliases"]),
        year=int(data["year"]),
        replaces=str(data.get("replaces", "")),
        scale=(int(data["scale"]["min"]), int(data["scale"]["max"])),
        factor=exactly(data["scale"]["factor"]),
        unsur=unsur,
        letters=letters,
        printed_weights=tuple(
            PrintedWeight(str(w["value"]), bool(w["verified"]), str(w["source"]))
            for w in data["weights"]["printed"]
        ),
        form=tuple(data["orders"]["form"]),
        questionnaire=tuple(data["orders"]["questionnaire"]),
        sample=_sample(data["sample"]),
        digest=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )
