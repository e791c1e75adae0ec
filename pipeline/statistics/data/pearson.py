"""What may be said of one correlation of n rows: p, critical value, interval."""

from __future__ import annotations

import numpy as np
from scipy import special

from pipeline.statistics.data.grouped import Array


def r_p_value(r: Array, n: Array) -> Array:
    """Two-sided p of a correlation: t = r sqrt((n-2)/(1-r^2)) at n - 2 degrees of freedom.

    Examples
    --------
    >>> float(r_p_value(np.array(0.5), np.array(30))).__round__(6)
    0.0049
    """
    df = np.asarray(n, dtype=float) - 2
    df = np.where(df >= 1, df, np.nan)
    r = np.asarray(r, dtype=float)
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt(df / (1 - r**2))
    return np.where(np.isnan(t), np.nan, 2 * special.stdtr(df, -t))


def r_table(n: Array, level: float = 0.05, sides: int = 2) -> Array:
    """Critical value of a correlation ("r tabel") at n - 2 degrees of freedom: t / sqrt(n - 2 + t^2).

    Examples
    --------
    >>> r_table(np.array([30, 201])).round(3).tolist()
    [0.361, 0.138]
    """
    df = np.asarray(n, dtype=float) - 2
    df = np.where(df >= 1, df, np.nan)
    t = special.stdtrit(df, 1 - level / sides)
    return t / np.sqrt(df + t**2)


def fisher_interval(r: Array, n: Array, confidence: float = 0.95) -> tuple[Array, Array]:
    """Fisher's interval tanh(atanh r +/- z / sqrt(n - 3)); NaN below four rows.

    Examples
    --------
    >>> low, high = fisher_interval(np.array(0.5), np.array(103))
    >>> float(low).__round__(4), float(high).__round__(4)
    (0.3393, 0.6323)
    """
    n = np.asarray(n, dtype=float)
    error = 1 / np.sqrt(np.where(n > 3, n - 3, np.nan))
    z = special.ndtri((1 + confidence) / 2)
    with np.errstate(divide="ignore"):
        centre = np.arctanh(np.asarray(r, dtype=float))
    return np.tanh(centre - z * error), np.tanh(centre + z * error)
