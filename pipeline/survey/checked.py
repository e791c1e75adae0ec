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


#: Parts of a place that are no key of the file: which of several kinds of value was tried.
_BRANCH = re.compile(r"\[key\]$|(?:function-\w+|dict|list|tuple|literal|constrained-\w+|union|nullable)\[")
#: Kinds of value by the error that says there is another one: what must stand there, and how it is written.
_KINDS = {
    "dict_type": ("must be keys with values", "write `key: value`, each on a line of its own below it"),
    "model_type": ("must be keys with values", "write `key: value`, each on a line of its own below it"),
    "list_type": ("must be a list", "write it as `[a, b]`, or each on a line of its own after a dash"),
    "string_type": ("must be a text", ""),
    "bool_type": ("must be yes or no", "write `true` or `false`"),
    "bool_parsing": ("must be yes or no", "write `true` or `false`"),
    "int_type": ("must be a whole number", ""),
    "int_parsing": ("must be a whole number", ""),
    "int_from_float": ("must be a whole number", ""),
    "float_type": ("must be a number", ""),
    "float_parsing": ("must be a number", ""),
    "date_type": ("must be a day", "write it like 2025-06-30"),
    "date_parsing": ("must be a day", "write it like 2025-06-30"),
    "date_from_datetime_parsing": ("must be a day", "write it like 2025-06-30"),
    "date_from_datetime_inexact": ("must be a day", "write it like 2025-06-30"),
}


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
        found: dict[tuple[Where, str], Problem] = {}
        for one in error.errors():
            where = tuple(part for part in one["loc"] if not _BRANCH.match(str(part)))
            # A key that takes two kinds of value fails once for each: said once.
            kind = "kind" if one["type"] in _KINDS else str(one["msg"])
            found.setdefault((where, kind), problem(where, told(one, where), shown, lines))
        raise SurveyError(list(found.values())) from None


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
    if error["type"] in _KINDS:
        what, hint = _KINDS[error["type"]]
        given = error["input"]
        return (f"{what}, not {str(given)!r}" if isinstance(given, str | int | float) else what), hint
    return str(error["msg"]).removeprefix("Value error, "), ""
