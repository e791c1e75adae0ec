"""How evaluators score a survey and its publication (PEKPPP indicators 6 and 7), and the duties of the regulation.

Data: ``evaluation/pekppp.yml`` and ``evaluation/duties.yml``. A fact is True, False, or None where nobody said it; a
score is then between what it is without the fact and what it is with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from .model import RuleError, Text, text_of
from .rubric import evaluation

#: What a duty's state can be decided by.
DECIDES = ("data", "given", "office")


@dataclass(frozen=True)
class Kind:
    """One kind of medium, the media of it that a survey may name, and what it is called."""

    code: str
    media: tuple[str, ...]
    name: Text


@dataclass(frozen=True)
class Conduct:
    """The rubric of indicators 6 and 7."""

    id: str
    short: str
    verified: bool
    conduct_name: Text
    media_name: Text
    steps: tuple[tuple[int, frozenset[str]], ...]
    kinds: tuple[Kind, ...]
    non_electronic: frozenset[str]
    shows: tuple[str, ...]
    most: int

    def conduct(self, facts: Mapping[str, bool | None]) -> tuple[int, int]:
        """Lowest and highest score of indicator 6 that these facts allow.

        Parameters
        ----------
        facts : mapping
            ``done``, ``conforms``, ``non_electronic``, ``electronic``, ``followed_up``; None: not known.

        Examples
        --------
        >>> known = {"done": True, "conforms": True, "non_electronic": True, "electronic": False, "followed_up": True}
        >>> conduct().conduct(known), conduct().conduct({**known, "conforms": None})
        ((3, 3), (1, 3))
        """
        surely = {name for name, value in facts.items() if value}
        perhaps = {name for name, value in facts.items() if value is not False}
        return self._conduct(surely), self._conduct(perhaps)

    def _conduct(self, met: set[str]) -> int:
        for score, needs in self.steps:
            if needs <= met:
                return score
        raise RuleError(f"{self.id}: no score for {sorted(met)}")

    def media(self, surely: Iterable[str], perhaps: Iterable[str] = ()) -> tuple[int, int]:
        """Lowest and highest score of indicator 7: kinds of media that surely count, and those that may.

        Examples
        --------
        >>> conduct().media(["website"], ["website", "print", "videotron"]), conduct().media([])
        ((1, 3), (0, 0))
        """
        low, high = {self.kind(m) for m in surely}, {self.kind(m) for m in (*surely, *perhaps)}
        return min(len(low), self.most), min(len(high), self.most)

    def kind(self, medium: str) -> str:
        """Kind of a medium.

        Examples
        --------
        >>> conduct().kind("videotron")
        'billboard'
        """
        for kind in self.kinds:
            if medium in kind.media:
                return kind.code
        raise RuleError(f"{self.id}: there is no medium {medium!r}")

    @property
    def named(self) -> tuple[str, ...]:
        """Media that a survey may name."""
        return tuple(medium for kind in self.kinds for medium in kind.media)


@dataclass(frozen=True)
class Duty:
    """One duty: what the regulation asks, where that stands, and what can show it."""

    id: str
    where: Text
    text: Text
    decides: str


@cache
def conduct() -> Conduct:
    """Return the rubric of indicators 6 and 7 that travels with the package.

    Examples
    --------
    >>> conduct().named
    ('print', 'electronic', 'social-media', 'website', 'app', 'billboard', 'videotron')
    """
    data = evaluation("pekppp.yml")
    done, media = data["conduct"], data["media"]
    return Conduct(
        id=data["id"], short=data["short"], verified=bool(data["verified"]),
        conduct_name=text_of(done["name"]), media_name=text_of(media["name"]),
        steps=tuple((int(step["score"]), frozenset(step["needs"])) for step in done["scores"]),
        kinds=tuple(Kind(code, tuple(k["media"]), text_of(k["name"])) for code, k in media["kinds"].items()),
        non_electronic=frozenset(media["non_electronic"]), shows=tuple(media["shows"]), most=int(media["most"]),
    )  # fmt: skip


@cache
def duties() -> tuple[Duty, ...]:
    """Return the duties of PermenPANRB 14/2017, in the order of a survey.

    Examples
    --------
    >>> [duty.id for duty in duties() if duty.decides == "office"]
    ['principles']
    """
    found = tuple(
        Duty(entry["id"], text_of(entry["where"]), text_of(entry["text"]), entry["decides"])
        for entry in evaluation("duties.yml")["duties"]
    )
    if wrong := [duty.id for duty in found if duty.decides not in DECIDES]:
        raise RuleError(f"duties.yml: {wrong[0]} is decided by none of {', '.join(DECIDES)}")
    return found
