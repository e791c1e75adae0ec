"""The kinds of text a survey's definition holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from pipeline.survey.plainfile import inside


def as_text(value: Any) -> Any:
    """Read a bare number as text: ``period: 2024`` means the year, not a quantity."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def as_list(value: Any) -> Any:
    """Read one text where a list may stand as a list of one."""
    return [value] if isinstance(value, str | int) else value


Text = Annotated[str, BeforeValidator(as_text)]
#: One text, or one per language.
Words = Text | dict[Literal["id", "en"], Text]
Texts = Annotated[list[Text], BeforeValidator(as_list)]
#: Paths within the survey's folder.
Place = Annotated[Text, AfterValidator(inside)]
Places = Annotated[list[Place], BeforeValidator(as_list)]
