"""Errors for the person who wrote the definition: file, line, key, what, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_P = TypeVar("_P")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a definition, in one sentence, with a hint."""

    what: str
    file: str = ""
    line: int | None = None
    key: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        """Mask what a list or a definition quotes, should a person's identity have got into it."""
        # late: only a definition with a fault needs it
        from pipeline.survey.identity.persons import mask

        for name in ("what", "hint"):
            object.__setattr__(self, name, mask(getattr(self, name), names=False))

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f", line {self.line}"
        if self.key:
            place += f', key "{self.key}"' if place else f'key "{self.key}"'
        text = f"{place}: {self.what}" if place else self.what
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class ProblemsError(Exception, Generic[_P]):
    """Everything that is wrong, not only the first of it: ``problems``, one below the other."""

    def __init__(self, problems: Sequence[_P] | str, one: Callable[[str], _P]) -> None:
        self.problems: tuple[_P, ...] = (one(problems),) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.problems,))


class SurveyError(ProblemsError[Problem]):
    """The survey cannot be used as it is defined; ``problems`` lists every reason found.

    Examples
    --------
    >>> str(SurveyError([Problem("no such key", file="survey.yml", line=3)]))
    'survey.yml, line 3: no such key'
    """

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        super().__init__(problems, Problem)


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return ``did you mean "x"?`` for the closest known word, or an empty string.

    Examples
    --------
    >>> did_you_mean("ordr", ["order", "period"])
    'did you mean "order"?'
    """
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    hits = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    return f'did you mean "{folded[hits[0]]}"?' if hits else ""
