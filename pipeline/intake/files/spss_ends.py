"""SPSS variables that label only the ends of a scale: 1 "Sangat tidak puas", 2, 3, 4 "Sangat puas".

What lies between has no label, so that the label cannot decide: the scores count as they are stored, if the
label of the lowest is not the better of the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.intake.ground.problems import Problem
from pipeline.intake.values.answers import NOT_APPLICABLE_TEXTS, PLACEHOLDERS
from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

#: Longer scales are years, ages or codes.
LONGEST = 10
#: Words at the worse end of a scale, after words of degree.
_WORSE = (
    "tidak", "tdk", "tak", "kurang", "belum", "bukan", "jarang", "buruk", "jelek", "sulit", "lambat", "lama", "rendah",
    "mahal", "rumit", "kotor", "not", "never", "dis", "un", "poor", "bad", "low", "worst", "slow", "difficult", "weak",
)  # fmt: skip
_DEGREES = ("sangat", "amat", "paling", "very", "strongly", "extremely", "totally", "completely", "sekali")
_UNKNOWN = ("tidak tahu", "tidak ada jawaban", "don t know", "ragu", "tidak menjawab")


@dataclass(frozen=True)
class Ends:
    """The labelled values of a scale, and the variables that have just these."""

    labels: Mapping[Any, str]
    falling: bool

    def text(self, value: str) -> str:
        """Return the cell of a value: itself, or with the scale where its direction denies the number."""
        if not self.falling:
            return value
        low, *_, high = (f'{key:g} "{label}"' for key, label in sorted(self.labels.items()))
        return f"{value} on a scale from {low} to {high}"


def find(
    frame: pd.DataFrame, names: Sequence[str], labels: Mapping[str, Mapping[Any, str]], meta: Any
) -> dict[str, Ends]:
    """Return the variables whose labels name the ends of a scale, and perhaps its middle, but not all between.

    Variables that share their labels are decided together: one in which nobody chose a value
    between would otherwise be read another way than its neighbours.
    """
    ranges = getattr(meta, "missing_ranges", None) or {}
    groups: dict[tuple[Any, ...], list[str]] = {}
    between: set[tuple[Any, ...]] = set()
    for place, name in enumerate(names):
        kept = {
            key: str(label).strip()
            for key, label in (labels.get(name) or {}).items()
            if _whole(key) and not _gap(str(label)) and not _declared(key, ranges.get(name) or [])
        }
        if not 2 <= len(kept) <= 3:
            continue
        low, high = min(kept), max(kept)
        if not 2 <= high - low <= LONGEST or (len(kept) == 3 and sorted(kept)[1] * 2 != low + high):
            continue
        key = tuple(sorted(kept.items()))
        groups.setdefault(key, []).append(name)
        if any(
            _whole(v) and low < v < high and v not in kept for v in frame.iloc[:, place].dropna().unique()
        ):
            between.add(key)
    return {
        name: Ends(dict(key), _falling(key[0][1], key[-1][1]))
        for key, found in groups.items()
        if key in between
        for name in found
    }


def told(ends: Mapping[str, Ends]) -> list[Problem]:
    """Return what is said of such variables, once for all."""
    if not ends:
        return []
    rising = [name for name, one in ends.items() if not one.falling]
    if not rising:
        return []
    (low, worst), *_, (high, best) = sorted(ends[rising[0]].labels.items())
    return [
        Problem(
            f'{len(rising)} variables label only the ends of their scale ({low:g} "{worst}", {high:g} "{best}"): their'
            " numbers count as they are stored",
            "look at the questionnaire: is the highest number the best answer?", fatal=False, first=True,
        )
    ]  # fmt: skip


def _whole(value: Any) -> bool:
    return isinstance(value, int | float) and float(value).is_integer()


def _gap(label: str) -> bool:
    """Whether a label says that there is no answer: it is no end of a scale."""
    folded = fold(label)
    return folded in PLACEHOLDERS or folded in NOT_APPLICABLE_TEXTS or folded.startswith(_UNKNOWN)


def _declared(value: Any, ranges: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        isinstance(span.get("lo"), int | float) and span["lo"] <= value <= span["hi"] for span in ranges
    )


def _falling(low: str, high: str) -> bool:
    """Whether the label of the lowest value is the better of the two."""
    return _worse(high) and not _worse(low)


def _worse(label: str) -> bool:
    words = [word for word in fold(label).split() if word not in _DEGREES]
    return bool(words) and words[0].startswith(_WORSE)
