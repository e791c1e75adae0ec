"""The libraries that compute, read from the code that computes: what a report may name.

A version stands in print so that somebody can compute a number again. A library that is installed
but imported by no statistic would send that person to the wrong place; hence no list is kept here.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

#: An import as a statement of its own, at any depth; a prompt in a docstring is none.
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+(\w+))", re.MULTILINE)


@cache
def computing() -> tuple[str, ...]:
    """Names of the packages that the statistics import, by the alphabet.

    Examples
    --------
    >>> {"numpy", "pandas", "scipy"} <= set(computing())
    True
    """
    found: set[str] = set()
    for path in (Path(__file__).parents[1] / "statistics").rglob("*.py"):
        for pair in _IMPORT.findall(path.read_text(encoding="utf-8")):
            found.update(name for name in pair if name)
    return tuple(sorted(name for name in found - sys.stdlib_module_names - {"pipeline"} if _version(name)))


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Return each of them with its version; they last as long as the process.

    Examples
    --------
    >>> all(version for _, version in versions())
    True
    """
    return tuple((name, _version(name)) for name in computing())


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
