"""Which numbers are the answer scale of a questionnaire, and which may be codes for "not applicable".

A 6 on a scale of five, a 0, a 9 or a 99 are usually no answers, but only the questionnaire can tell. What
the numbers themselves show decides what is proposed: a true highest step is given by people whose other
answers are high as well, a code by anybody. It is proposed as missing, and asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

#: A number that stands for "no answer" in a legend: ``6 = tidak menggunakan``.
_LEGEND = re.compile(
    r"(?<![\d.,])(-?\d{1,3})\s*[=:)-]+\s*['\"(]*((?:tidak|tdk|belum|tak)\s+(?:relevan|berlaku|menggunakan|pernah\s+(?:meng|memakai)"
    r"|tahu|menjawab|diisi|ada jawaban|dipakai|memakai)|n\s*/\s*a\b|not\s+(?:applicable|used|relevant|answered)"
    r"|don'?t know|do not know|no answer|no opinion|kosong|blank|missing|refused|skip)",
    re.I,
)
#: Fewer distinct answers over all items are no scale; more are no answers to choose from.
FEWEST, MOST = 3, 11
#: A number given so rarely is a slip of the keyboard and no step.
RARE = 0.002
#: From so many answers on, the others' mean of two groups can be held against each other.
ENOUGH = 8
BLANK = -9999


@dataclass(frozen=True)
class Steps:
    """The scale of a block of numbers.

    ``aside`` are numbers that may be codes for no answer, with how often each occurs; ``why`` says what
    speaks for it, and ``doubt`` what remains to be decided about the scale itself.
    """

    low: int
    high: int
    aside: Mapping[int, int] = field(default_factory=dict)
    why: Mapping[int, str] = field(default_factory=dict)
    doubt: str = ""


def legend(texts: Iterable[str]) -> dict[int, str]:
    """Return the numbers that texts of a file call no answer.

    Examples
    --------
    >>> legend(["Skala 1-5; 6 = tidak menggunakan layanan", "0: N/A"])
    {6: 'tidak menggunakan', 0: 'N/A'}
    """
    found: dict[int, str] = {}
    for text in texts:
        if len(text) < 2000 and any(c.isdigit() for c in text):
            for match in _LEGEND.finditer(text):
                found.setdefault(int(match[1]), match[2])
    return found


def decide(block: np.ndarray, told: Mapping[int, str] | None = None) -> Steps | None:
    """Return the scale of a block of whole numbers (rows x items, `BLANK` where there is none).

    Examples
    --------
    >>> draw = np.random.default_rng(1).integers(1, 6, (80, 6))
    >>> draw[::7, 2], draw[3::11, 4] = 99, 0
    >>> made = decide(draw)
    >>> made.low, made.high, sorted(made.aside)
    (1, 5, [0, 99])
    >>> decide(np.random.default_rng(1).integers(1, 3, (80, 6))) is None
    True
    """
    told = told or {}
    values, counts = np.unique(block[block != BLANK], return_counts=True)
    total = int(counts.sum())
    often = {int(v): int(n) for v, n in zip(values, counts) if n >= max(2, RARE * total)}
    runs: list[list[int]] = []
    for value in sorted(v for v in often if v not in told):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    if not runs:
        return None
    core = max(runs, key=lambda run: sum(often[v] for v in run))
    if core[0] > 1 and [core[0] - 2] in runs:
        core = [core[0] - 2, *core]  # nobody chose one low step: 1, 3, 4, 5
    why = {code: f"a text in the file calls it {text!r}" for code, text in told.items() if code in often}
    rest = _rest(block, core)
    low, high = core[0], core[-1]
    if low == 0 and 0 not in told and high < 10 and not _rises(block, rest, 0, 1):
        why[0], low = "those who gave it do not stand below the others in their other answers", 1
    if high in (6, 9) and low >= 1:
        if (0 in why or 0 in often or high == 9) and not _rises(block, rest, high - 1, high):
            why[high], high = (
                "those who gave it do not stand above the others in their other answers",
                high - 1,
            )
        elif _rises(block, rest, high, high - 1) or (
            high == 6 and not _rises(block, rest, 5, 6) and often[6] < min(often.get(5, 0), often.get(4, 0))
        ):
            why[high], high = (
                "it is rarer than the steps below it, and does not go with high answers",
                high - 1,
            )
    low = min(low, 1)
    if high - low + 1 > MOST or high < 3 or len([v for v in core if low <= v <= high]) < FEWEST:
        return None
    aside = {v: n for v, n in often.items() if not low <= v <= high}
    for code in aside:
        why.setdefault(code, f"it lies outside {low}-{high}")
    return Steps(low, high, aside, why, _doubt(low, high))


def _doubt(low: int, high: int) -> str:
    if low == 0 and high < 10:
        return "is 0 the lowest step, or does it mean no answer?"
    if high == 6:
        return "is 6 the highest step, or does it mean not applicable?"
    if high == 3:
        return "nobody gave more than 3: does the questionnaire offer more steps?"
    return ""


def _rest(block: np.ndarray, core: list[int]) -> np.ndarray:
    """Return, per row and item, the mean of the row's other answers."""
    inside = (block >= max(core[0], 1)) & (block <= min(core[-1], 5 if core[-1] == 6 else core[-1]))
    scores = np.where(inside, block, 0).astype(float)
    sums, ns = scores.sum(axis=1, keepdims=True) - scores, inside.sum(axis=1, keepdims=True) - inside
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(ns > 0, sums / np.maximum(ns, 1), np.nan)


def _rises(block: np.ndarray, rest: np.ndarray, lower: int, upper: int) -> bool:
    """Whether those who gave ``upper`` answer higher elsewhere than those who gave ``lower``, by two errors."""
    groups = [rest[(block == value) & ~np.isnan(rest)] for value in (lower, upper)]
    if min(len(group) for group in groups) < ENOUGH:
        return False
    spread = sum(float(group.var(ddof=1)) / len(group) for group in groups)
    return bool(groups[1].mean() - groups[0].mean() > 2 * spread**0.5)
