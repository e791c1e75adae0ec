"""How much of its users a unit has asked: the finite population correction of all that describes it (R19).

An index is about the users of the period. Where their number N is known and n of them answered, only
the N - n who did not are unknown: every deviation counts sqrt(1 - n/N). A census leaves nothing to
chance. Comparisons of units as providers do not come here: they take this year's users as a sample.

References
----------
Cochran, W. G. (1977). Sampling techniques, 3rd ed. Wiley. Sections 2.6 and 5.5.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def unseen(n: Array, people: Array) -> Array:
    """Share of the users that was not asked, 1 - n/N: what multiplies every variance.

    Parameters
    ----------
    n : ndarray
        Respondents of each unit.
    people : ndarray
        Service users N; NaN where not known.

    Returns
    -------
    ndarray
        0 for a census; 1 (no correction) where N is not known, and where more answered than there
        should be users: then N is not the number that was drawn from, and the rows say so.

    Examples
    --------
    >>> unseen(np.array([40, 60, 70, 40]), np.array([60.0, 60, 60, np.nan])).round(3).tolist()
    [0.333, 0.0, 1.0, 1.0]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 1 - n / people
    return np.where((people > 0) & (n <= people), np.maximum(share, 0.0), 1.0)


def is_census(n: Array, people: Array) -> Array:
    """Whether every user was asked: n = N, at least one.

    Examples
    --------
    >>> is_census(np.array([60, 0, 70]), np.array([60.0, 0, 60])).tolist()
    [True, False, False]
    """
    return (n > 0) & (n == people)


def population_remarks(n: Array, people: Array) -> list[tuple[Array, str]]:
    """Reasons a correction leaves: everybody was asked, or more than there should be.

    Examples
    --------
    >>> from pipeline.statistics.data.rows import choose
    >>> choose(population_remarks(np.array([60, 70, 9]), np.array([60.0, 60, 60])), 3).tolist()
    ['census', 'population-smaller', '']
    """
    with np.errstate(invalid="ignore"):
        return [(is_census(n, people), "census"), ((n > people) & (people > 0), "population-smaller")]
