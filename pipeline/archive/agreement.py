"""Which published numbers come out of the anonymised answers: row by row, the two result files side by side."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline import results
from pipeline.results import csvfile

#: What says which number a row of results.csv is.
KEY = ("module", "scope", "unit", "service", "group", "item", "other", "statistic", "method", "confidence")
#: What the row says of it: every other column, but for the survey itself.
SAID = tuple(name for name in results.COLUMNS if name not in (*KEY, "survey"))
COLUMNS = ("module", "scope", "statistic", "published", "equal", "different", "absent")


class Sums(NamedTuple):
    """Rows of the published results: with the same values (to ten digits), with another, and not there."""

    published: int
    equal: int
    different: int
    absent: int


def _rows(text: bytes) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for row in csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")):
        key = tuple(row[name] for name in KEY)
        seen[key] += 1
        yield (*key, str(seen[key])), tuple(row[name] for name in SAID)


def compare(published: bytes, again: bytes) -> dict[tuple[str, str, str], Sums]:
    """Count rows of ``results.csv`` by module, scope and statistic.

    Parameters
    ----------
    published, again : bytes
        Two ``results.csv``: of all answers, and of the anonymised ones.
    """
    theirs = dict(_rows(again))
    found: dict[tuple[str, str, str], list[int]] = {}
    for key, said in _rows(published):
        row = dict(zip(KEY, key))
        counts = found.setdefault((row["module"], row["scope"], row["statistic"]), [0, 0, 0, 0])
        counts[0] += 1
        counts[1 if same(said, theirs.get(key)) else 2 if key in theirs else 3] += 1
    return {place: Sums(*counts) for place, counts in sorted(found.items())}


def same(ours: tuple[str, ...], theirs: tuple[str, ...] | None) -> bool:
    """Whether two rows say the same: texts exactly, numbers to ten digits (sums in another order differ after).

    Examples
    --------
    >>> same(("A", "0.1"), ("A", "0.10000000000000001")), same(("A", ""), ("B", ""))
    (True, False)
    """
    return theirs is not None and all(one == other or _near(one, other) for one, other in zip(ours, theirs))


def _near(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-10, abs_tol=1e-12)
    except ValueError:
        return False


def total(found: Mapping[tuple[str, str, str], Sums]) -> Sums:
    """Sums over the statistics."""
    return Sums(*(sum(column) for column in zip(*found.values()))) if found else Sums(0, 0, 0, 0)


def as_csv(found: Mapping[tuple[str, str, str], Sums]) -> bytes:
    """The counts as a table.

    Examples
    --------
    >>> print(as_csv({("index", "unit", "ikm"): Sums(3, 2, 0, 1)}).decode(), end="")
    module,scope,statistic,published,equal,different,absent
    index,unit,ikm,3,2,0,1
    """
    return csvfile.as_csv(COLUMNS, ([*place, *sums] for place, sums in found.items()))
