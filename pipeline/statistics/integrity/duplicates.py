"""Rows that repeat another row of the unit in every answer and in the whole profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import poisson

from pipeline.statistics.integrity.runs import SHORTEST, Signal, anew
from pipeline.statistics.integrity.stretches import alike_pairs, left_over

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: What describes a respondent; without an age too many people are alike.
PROFILE = ("service", "sex", "age", "education", "occupation", "disability")
#: Answers and profile are not quite independent: so many times the expected pairs are honest.
ALLOWANCE = 2.0


def copied(
    responses: pd.DataFrame,
    pattern: Array,
    straight: Array,
    codes: Array,
    size: int,
    placed: tuple[Array, Array] | None = None,
) -> Signal | None:
    """Pairs alike in answers and profile, against what chance gives when the two are independent.

    Of M pairs of a unit, a agree in the answers and b in the profile: a b / M agree in both by
    chance. Straight lines are left out: near the ceiling they are alike by themselves. So are rows
    that repeat answers and profile of the row before them (``placed``, see `runs.in_order`):
    classmates who come together are alike in both.

    Returns
    -------
    Signal or None
        Poisson probability of so many repeated rows; None where no age is recorded. Reasons as in
        `stretches.stretches`; ``not-asked`` where a unit has no ages.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"age": [*range(20, 60), *range(20, 30)]})
    >>> found = copied(people, people.age.to_numpy(), np.zeros(50, dtype=bool), np.zeros(50, dtype=int), 1)
    >>> int(found.rows.sum()), bool(found.p[0] < 0.05)
    (10, True)
    """
    import pandas as pd

    if "age" not in responses.columns or not responses["age"].notna().any():
        return None
    known = [c for c in PROFILE if c in responses.columns and responses[c].notna().any()]
    inside, aged = codes < size, responses["age"].notna().to_numpy()
    whole, told = (np.bincount(codes[rows], minlength=size) for rows in (inside, inside & aged))
    kept = np.flatnonzero(inside & ~straight & aged)
    profile = pd.util.hash_pandas_object(responses[known].iloc[kept], index=False).to_numpy()
    if placed is not None:
        both = np.zeros(len(codes), dtype=np.uint64)
        both[kept] = profile * np.uint64(0x9E3779B97F4A7C15) + pattern[kept].astype(np.uint64)
        new = anew(both, placed)[kept]
        kept, profile = kept[new], profile[new]
    unit = codes[kept]
    answers = pattern[kept].astype(np.int64)
    alike = pd.factorize(profile)[0].astype(np.int64)
    n = np.bincount(unit, minlength=size).astype(float)
    wide, deep = int(answers.max(initial=0)) + 1, int(alike.max(initial=0)) + 1
    # One number for unit, answers and profile, where it fits.
    if size * wide * deep < 2**62:
        again = pd.Series((unit.astype(np.int64) * wide + answers) * deep + alike).duplicated().to_numpy()
    else:
        again = pd.DataFrame({"unit": unit, "answers": answers, "profile": alike}).duplicated().to_numpy()
    count = np.bincount(unit[again], minlength=size)
    same_answers, same_profile = alike_pairs(answers, unit, size) / 2, alike_pairs(alike, unit, size) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = same_answers * same_profile / (n * (n - 1) / 2)
    chance = np.where(n > 1, chance, 0.0)
    p = np.where(count > 0, poisson.sf(count - 1, ALLOWANCE * chance + 0.05), 1.0)
    rows = np.zeros(len(codes), dtype=bool)
    rows[kept[again]] = True
    reason = np.where((told == 0) & (whole > 0), "not-asked", left_over(n, whole, size, SHORTEST))
    return Signal(np.where(reason == "", p, np.nan), rows, reason)
