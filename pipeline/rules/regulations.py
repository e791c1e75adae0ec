"""The regulations that travel with the package, found by their names."""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache
from importlib import resources

from .model import Rule, RuleError, from_yaml

DEFAULT = "permenpanrb-14-2017"


def names() -> tuple[str, ...]:
    """Names of the regulations that travel with the package, newest first.

    Examples
    --------
    >>> names()[0]
    'permenpanrb-14-2017'
    """
    return tuple(rule.id for rule in sorted(_all(), key=lambda rule: -rule.year))


def _files() -> dict[str, str]:
    """Rule file names without their ending, and their texts."""
    folder = resources.files(__package__)
    return {
        entry.name.removesuffix(".yml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yml")
    }


@cache
def _read(stem: str) -> Rule:
    return from_yaml(_files()[stem])


def _all() -> tuple[Rule, ...]:
    return tuple(_read(stem) for stem in _files())


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


@lru_cache(maxsize=64)
def load(name: str = DEFAULT) -> Rule:
    """Load a regulation by its name or by number and year.

    Parameters
    ----------
    name : str
        ``"permenpanrb-14-2017"``, ``"14/2017"``, ``"PermenPANRB 14/2017"``, ...

    Raises
    ------
    RuleError
        If no regulation has this name; the message suggests the nearest.

    Examples
    --------
    >>> load("14/2017").id
    'permenpanrb-14-2017'
    """
    key = _key(str(name))
    for stem in _files():
        # The usual names are found without reading the other regulations.
        if key and (key == stem or stem.split("-", 1)[1] == key):
            return _read(stem)
    known = {_key(alias): rule for rule in _all() for alias in (rule.id, rule.short, *rule.aliases)}
    rule = known.get(key)
    if rule is not None:
        return rule
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    hint = f"; did you mean {known[near[0]].id!r}?" if near else ""
    raise RuleError(f"no regulation is called {name!r}{hint} (known: {', '.join(names())})")
