"""Data files of the package, in YAML: one way to read them, with the fast parser where it is built in."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any


def parse(text: str) -> Any:
    """Read YAML of plain values.

    Examples
    --------
    >>> parse("a: [1, x]")
    {'a': [1, 'x']}
    """
    import yaml  # late: `skm --help` reads none

    # libyaml's safe loader is the same as safe_load, ten times faster where it is built in.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 (both are safe loaders)


@cache
def packed(package: str, *path: str) -> Any:
    """Read a file that travels with the package, once; nobody changes what it returns.

    Examples
    --------
    >>> packed("pipeline.rules", "evaluation", "pekppp.yml")["id"]
    'pekppp-f01'
    """
    return parse(resources.files(package).joinpath(*path).read_text(encoding="utf-8"))
