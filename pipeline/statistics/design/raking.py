"""Raking: weights under which the respondents have the margins of a register, and the error that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

#: Rounds after which weights that have not settled are refused, and the deviation of a share that is none.
ROUNDS, TOLERANCE = 1000, 1e-12


@dataclass(frozen=True)
class Raked:
    """Weights of respondents, with mean 1.

    Attributes
    ----------
    weights : ndarray
    rounds : int
        Rounds that were needed.
    converged : bool
        Whether every margin is met.
    """

    weights: Array
    rounds: int
    converged: bool


def rake(codes: Sequence[Array], shares: Sequence[Array], rounds: int = ROUNDS) -> Raked:
    """Weigh respondents so that each characteristic has the shares of a register.

    Iterative proportional fitting: the weights of each category are multiplied by its share over the share it has,
    one characteristic after the other, until every margin is met. Source: Deming and Stephan (1940), Annals of
    Mathematical Statistics 11, 427-444. Checked against R's survey (``rake``, ``calibrate`` with ``cal.raking``).

    Parameters
    ----------
    codes : sequence of ndarray of int
        Category of each respondent, one array a characteristic.
    shares : sequence of ndarray
        Share of each category; every one sums to 1.
    rounds : int

    Examples
    --------
    >>> made = rake([np.array([0, 0, 0, 1])], [np.array([0.5, 0.5])])
    >>> made.weights.round(3).tolist(), made.converged
    ([0.667, 0.667, 0.667, 2.0], True)
    """
    n = len(codes[0])
    weights = np.ones(n)
    for turn in range(1, rounds + 1):
        off = 0.0
        for place, share in zip(codes, shares, strict=True):
            now = np.bincount(place, weights, len(share)) / n
            off = max(off, float(np.abs(now - share).max()))
            with np.errstate(invalid="ignore", divide="ignore"):
                step = np.where(now > 0, share / now, 0.0)
            weights = weights * step[place]
        if not np.isfinite(weights).all():
            break
        if off < TOLERANCE:
            return Raked(weights, turn, True)
    return Raked(weights, rounds, False)


def residuals(scores: Array, codes: Sequence[Array]) -> Array:
    """What of scores the margins do not explain: least squares on all categories, the base weights being equal.

    A calibrated mean varies like the mean of these residuals (Deville and Sarndal 1992, Journal of the American
    Statistical Association 87, 376-382).

    Examples
    --------
    >>> residuals(np.array([1.0, 3, 5, 9]), [np.array([0, 0, 1, 1])]).round(9).tolist()
    [-1.0, 1.0, -2.0, 2.0]
    """
    columns = [np.ones(len(scores))]
    for place in codes:
        columns += [(place == category).astype(float) for category in np.unique(place)[1:]]
    made = np.column_stack(columns)
    found: Array = scores - made @ np.linalg.lstsq(made, scores, rcond=None)[0]
    return np.where(np.abs(found) < 1e-12, 0.0, found)


def kish(weights: Array) -> float:
    """Design effect of unequal weights alone, n sum w^2 / (sum w)^2 (Kish 1965).

    Examples
    --------
    >>> kish(np.array([1.0, 1, 1, 3]))
    1.3333333333333333
    """
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def variance_of_mean(weights: Array, scores: Array) -> float:
    """Variance of a weighted mean of scores around 0, drawn with replacement.

    n/(n-1) sum_i (z_i - mean z)^2 with z_i = w_i scores_i / sum w; with equal weights it is s^2/n.

    Examples
    --------
    >>> round(variance_of_mean(np.ones(4), np.array([-3.0, -1, 1, 3])) * 12, 9)
    20.0
    """
    z = weights * scores / weights.sum()
    n = len(z)
    return float(n / (n - 1) * ((z - z.mean()) ** 2).sum()) if n > 1 else float("nan")


def variance_if_random(weights: Array, scores: Array) -> float:
    """What the variance of the mean would be had as many been drawn alike: weighted variance of scores over n.

    Examples
    --------
    >>> round(variance_if_random(np.ones(4), np.array([-3.0, -1, 1, 3])) * 12, 9)
    20.0
    """
    n = len(scores)
    share = weights / weights.sum()
    centre = share @ scores
    return float(n / (n - 1) * (share @ (scores - centre) ** 2) / n) if n > 1 else float("nan")
