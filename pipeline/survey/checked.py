"""What a file of YAML says, held against its model: each fault in one sentence, with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.yamlfile import Lines

Where = tuple[str | int, ...]
#: What is wrong and what to do, of an error of the model and the place of it.
Told = Callable[[Any, Where], tuple[str, str]]
Model = TypeVar("Model", bound=BaseModel)


def held(model: type[Model], content: Any, shown: str, lines: Lines, told: Told) -> Model:
    """Return what a file says as its model; an empty file says nothing.

    Raises
    ------
    SurveyError
        With every problem found.
    """
    content = {} if content is None else content
    if not isinstance(content, dict):
        raise SurveyError([Problem("must be a list of keys and values", file=shown)])
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = []
        for one in error.errors():
            where = tuple(part for part in one["loc"] if part != "[key]")
            found.append(problem(where, told(one, where), shown, lines))
        raise SurveyError(found) from None


def problem(where: Where, told: tuple[str, str], shown: str, lines: Lines) -> Problem:
    """Return the fault at a place of a file, with its line."""
    what, hint = told
    return Problem(what, file=shown, line=nearest(where, lines), key=".".join(map(str, where)), hint=hint)


def nearest(where: Where, lines: Lines) -> int | None:
    """Return the line of a place, else of what it stands in.

    Examples
    --------
    >>> nearest(("themes", "antrean", "unsur"), {(): 1, ("themes",): 2, ("themes", "antrean"): 3})
    3
    """
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where)


def usual(error: Any) -> tuple[str, str]:
    """Return what is wrong and what to do, as far as no file's own keys are needed to tell it."""
    if error["type"] == "missing":
        return "is required and not given", ""
    if error["type"] == "literal_error":
        expected = str(error.get("ctx", {}).get("expected", ""))
        hint = did_you_mean(str(error["input"]), re.findall(r"'([^']*)'", expected))
        return f"{error['input']!r} is not one of {expected}", hint
    return str(error["msg"]).removeprefix("Value error, "), ""
