"""What a register says of the users of a unit or of the city: the margins that answers are raked to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.survey.basics import Strict, Text, Words
from pipeline.survey.codes import CATEGORIES
from pipeline.survey.errors import did_you_mean

#: Characteristics a register may count by; services have names of their own.
Trait = Literal["sex", "age_band", "education", "occupation", "disability", "service"]
Counts = dict[Text, Annotated[int, Field(ge=0)]]
Margins = dict[Trait, Counts]
#: Totals of two characteristics of one register that differ by more than this share are no one register's.
TOTALS_APART = 0.05


class Register(Strict):
    """Users of the period by characteristic, as a register counts them."""

    source: Words = Field(
        default="", description="Whose register, and of which day: printed beside the index."
    )
    city: Margins = Field(default_factory=dict, description="Users of all units together.")
    units: dict[Text, Margins] = Field(default_factory=dict, description="Unit's id: users of that unit.")

    @model_validator(mode="after")
    def _usable(self) -> Register:
        for name, margins in (("city", self.city), *self.units.items()):
            for trait, counts in margins.items():
                _categories(name, trait, counts)
            totals = {trait: sum(counts.values()) for trait, counts in margins.items()}
            if totals and max(totals.values()) - min(totals.values()) > TOTALS_APART * max(totals.values()):
                said = ", ".join(f"{trait} {total}" for trait, total in totals.items())
                raise ValueError(f"raking: the counts of {name} do not sum to one number of users: {said}")
        return self


def _categories(name: str, trait: str, counts: Counts) -> None:
    known = CATEGORIES.get(trait)
    for category in counts:
        if known and category not in known:
            near = did_you_mean(category, known) or f"they are {', '.join(known)}"
            raise ValueError(f"raking: {trait} of {name} has no category {category!r}; {near}")
    if sum(count > 0 for count in counts.values()) < 2:
        raise ValueError(f"raking: {trait} of {name} needs two categories with users")
