"""The parts of ``survey.yml`` about questionnaires: items, instruments, and who is measured by which (R12)."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from pipeline import rules
from pipeline.survey.basics import Scale, Strict, Text, Texts, Words
from pipeline.survey.codes import STATUS

CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$")


class Item(Strict):
    """One question of an instrument of one's own."""

    question: Words = ""
    label: Words = ""
    group: Text = Field(default="", description="Dimension the item belongs to.")
    options: list[Text] = Field(default_factory=list, description="Option texts, lowest score first.")
    synonyms: dict[Text, int] = Field(default_factory=dict)
    source: Texts = Field(default_factory=list, description="Item ids or headers in the files.")


class Instrument(Strict):
    """A questionnaire that is not the regulation's; its items are named <instrument>.<code>."""

    title: Words = ""
    rule: Literal["", "spkp", "spak"] = Field(
        default="",
        description="An index with rules of its own; gives scale, thresholds, and items if none are listed.",
    )
    scale: Scale | None = None
    paired: Literal["exp", "imp"] | None = Field(
        default=None, description="Each item is answered twice: perception, and expectation or importance."
    )
    options: list[Text] = Field(
        default_factory=list, description="Option texts of all items that list none, lowest score first."
    )
    synonyms: dict[Text, int] = Field(
        default_factory=dict, description="Further texts of all its items and their score."
    )
    values: dict[Text, Text] = Field(
        default_factory=dict,
        description="What a text or number means in every item: a score, missing, not-applicable or exclude.",
    )
    items: dict[Text, Item]

    @model_validator(mode="before")
    @classmethod
    def _from_rule(cls, value: Any) -> Any:
        if not isinstance(value, dict) or value.get("rule") not in ("spkp", "spak"):
            return value

        rule = rules.index_rule(value["rule"])
        low, high = rule.scale
        made = {
            "title": {"id": rule.title.id, "en": rule.title.en},
            "scale": {"min": low, "max": high},
            **value,
        }
        if not made.get("items"):
            made["items"] = {
                code: {"label": {"id": label.id, "en": label.en}, "synonyms": dict(rule.options)}
                for code, label in rule.items.items()
            }
        return made

    @field_validator("items")
    @classmethod
    def _codes(cls, items: dict[str, Item]) -> dict[str, Item]:
        for code in items:
            if not CODE.match(code) or code.endswith(("_exp", "_imp", STATUS)):
                raise ValueError(f"{code!r} is not an item code: letters, digits, - and _ only")
        if not items:
            raise ValueError("an instrument has at least one item")
        return items


Weights = dict[Text, Fraction]


class Indicators(Strict):
    """Which items make up the index of some units, and their weights."""

    units: Texts = Field(description="Ids, aliases, patterns or @sets.")
    items: dict[Text, str | None] = Field(
        description="Item: weight as text ('1/9', '0.12'); all empty means equal."
    )

    @field_validator("items", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        if isinstance(value, list):
            return {str(item): None for item in value}
        if isinstance(value, dict):
            for item, weight in value.items():
                if isinstance(weight, float):
                    raise ValueError(f"write the weight of {item} in quotes ('{weight}'): it is read exactly")
                if isinstance(weight, int):
                    value = {**value, item: str(weight)}
        return value

    @model_validator(mode="after")
    def _sum(self) -> Indicators:
        self.weights()
        return self

    def weights(self) -> Weights:
        """Return the exact weights; they sum to one."""
        given = {item: weight for item, weight in self.items.items() if weight is not None}
        if not self.items:
            raise ValueError("no items are listed")
        if not given:
            return {item: Fraction(1, len(self.items)) for item in self.items}
        if len(given) < len(self.items):
            raise ValueError("give a weight to every item, or to none")
        exact: Weights = {}
        for item, weight in given.items():
            try:
                exact[item] = Fraction(weight)
            except (ValueError, ZeroDivisionError):
                raise ValueError(f"the weight of {item}, {weight!r}, is not a number or fraction") from None
            if exact[item] < 0:
                raise ValueError(f"the weight of {item} is negative")
        total = sum(exact.values(), Fraction(0))
        if total != 1:
            raise ValueError(f"the weights sum to {total} ({float(total):.6g}), not to exactly 1")
        return exact
