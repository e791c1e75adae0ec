"""A weighted index and what each answer adds to it: the part that raking and clusters share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Linear:
    """A weighted index of one group of respondents.

    Attributes
    ----------
    index : float
        NaN where an item has no answer.
    influence : ndarray
        Of each respondent: the linearised score around the index. The index moves by the sum of weight times
        influence over the sum of weights.
    """

    index: float
    influence: Array


def linear(answers: Array, weights: Array, parts: Array, factor: float) -> Linear:
    """Index of weighted answers, and the linearised score of each respondent.

    Formula: m_j = sum_i d_i r_ij x_ij / sum_i d_i r_ij, index = f sum_j w_j m_j, and
    u_i = f sum_j w_j r_ij (x_ij - m_j) D / sum_i d_i r_ij with D = sum_i d_i; r_ij says whether i answered j.
    With equal weights it is the available-answers index of the regulation (R2) and its linearised score.
    Source: Sarndal, Swensson and Wretman (1992), section 5.5. Checked against R's survey (`svymean`, `svyratio`).

    Parameters
    ----------
    answers : ndarray (n, k)
        NaN where not answered.
    weights : ndarray (n,)
        Of respondents, positive.
    parts : ndarray (k,)
        Weight of each item in the index; sums to 1.
    factor : float
        25 for answers 1 to 4.

    Examples
    --------
    >>> found = linear(np.array([[4.0, 3], [2, np.nan]]), np.array([1.0, 3]), np.array([0.5, 0.5]), 25.0)
    >>> found.index, found.influence.round(2).tolist()
    (68.75, [18.75, -6.25])
    """
    seen = ~np.isnan(answers)
    filled = np.where(seen, answers, 0.0)
    weight = weights @ seen
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (weights @ filled) / weight
        slope = factor * parts * weights.sum() / weight
    asked = parts > 0
    index = float(factor * (parts[asked] * mean[asked]).sum())
    deviation = np.where(seen, filled - mean, 0.0)
    return Linear(index, deviation[:, asked] @ slope[asked])
