"""Indices beside the IKM as data: SPKP, SPAK. Each has a file of its own, and says what is unverified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from .datafile import parse
from .model import RuleError, Text, exactly, text_of


@dataclass(frozen=True)
class Threshold:
    """A value the index is held to, on the scale of the items."""

    lower: Fraction
    name: Text
    verified: bool
    source: str


@dataclass(frozen=True)
class IndexRule:
    """One index that is not the IKM: its items, scale, thresholds, and whether they were verified."""

    id: str
    short: Text
    title: Text
    index: Text
    basis: str
    scale: tuple[int, int]
    items: Mapping[str, Text]
    options: Mapping[str, int]
    thresholds: tuple[Threshold, ...]
    items_verified: bool
    scale_verified: bool

    @property
    def verified(self) -> bool:
        """Whether items, scale and thresholds were all seen in a regulation."""
        return self.items_verified and self.scale_verified and all(t.verified for t in self.thresholds)


@cache
def index_rules() -> Mapping[str, IndexRule]:
    """Return the indices that travel with the package, by name.

    Examples
    --------
    >>> sorted(index_rules())
    ['spak', 'spkp']
    """
    folder = resources.files("pipeline.rules").joinpath("instruments")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yml")), key=lambda file: file.name)
    found = [_rule(file.read_text(encoding="utf-8")) for file in files]
    return {rule.id: rule for rule in found}


def index_rule(name: str) -> IndexRule:
    """Return one index by name.

    Raises
    ------
    RuleError
        If there is none of this name.

    Examples
    --------
    >>> index_rule("spak").verified
    False
    """
    found = index_rules().get(name.casefold())
    if found is None:
        raise RuleError(f"no index is called {name!r} (known: {', '.join(index_rules())})")
    return found


def _rule(text: str) -> IndexRule:
    data: Mapping[str, Any] = parse(text)
    low, high = int(data["scale"]["min"]), int(data["scale"]["max"])
    thresholds = tuple(
        Threshold(exactly(t["lower"]), text_of(t["name"]), bool(t["verified"]), str(t["source"]))
        for t in data["thresholds"]
    )
    if any(not low <= t.lower <= high for t in thresholds):
        raise RuleError(f"{data['id']}: a threshold lies outside the scale {low}-{high}")
    return IndexRule(
        id=str(data["id"]),
        short=text_of(data["short"]),
        title=text_of(data["title"]),
        index=text_of(data["index"]),
        basis=str(data["basis"]),
        scale=(low, high),
        items={str(code): text_of(label) for code, label in data["items"].items()},
        options={str(t): int(score) for score, texts in data["options"].items() for t in texts},
        thresholds=thresholds,
        items_verified=bool(data["items_verified"]),
        scale_verified=bool(data["scale"]["verified"]),
    )
