"""What every part of ``survey.yml`` is made of: texts, strictness, the scale of answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from pipeline.survey.kinds import Text, Texts, Words, as_list, as_text

__all__ = ["Scale", "Strict", "Text", "Texts", "Words", "as_list", "as_text"]


class Strict(BaseModel):
    """Base of every part of a definition."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Scale(Strict):
    """Lowest and highest answer. Anything but 1-4 is never multiplied by 25 and gets no letter."""

    min: int = 1
    max: int = 4

    @model_validator(mode="after")
    def _order(self) -> Scale:
        if self.max <= self.min:
            raise ValueError("max must be larger than min")
        if self.min < 0 or self.max > 100:
            raise ValueError("a scale lies within 0 and 100")
        return self
