"""How many answers are enough: the sample a regulation asks for (R7), and what few answers allow (R6).

The two numbers of R6, the required size and the sign that follows from both stand here and nowhere
else, so that tables, pages, portal and result files cannot disagree about a unit.
"""

from __future__ import annotations

from fractions import Fraction

from .exact import round_half_up
from .model import Rule, RuleError

#: Below this many valid answers nothing but the count is shown (R6).
PRIVATE_BELOW = 5
#: Below min(this, the n required) a unit is for information only (R6).
INFORMATION_BELOW = 30
#: Respondents a group needs to be compared or tested (R6).
TESTED_FROM = 30
#: Populations that the table of Krejcie and Morgan lists, as the regulation prints it (Lampiran II of 14/2017).
TABLED = (
    *range(10, 100, 5), *range(100, 300, 10), *range(300, 500, 20), *range(500, 1000, 50), *range(1000, 2000, 100),
    *range(2000, 3000, 200), *range(3000, 5000, 500), *range(5000, 10_000, 1000), 10_000, 15_000, 20_000, 30_000,
    40_000, 50_000, 75_000, 1_000_000,
)  # fmt: skip
#: Signs: privacy, and quality. They never stand for one another.
PRIVACY, INFORMATION = "x", "E"


def krejcie_morgan_exact(population: int, rule: Rule) -> Fraction:
    """Krejcie-Morgan sample size before rounding, as a fraction; see `krejcie_morgan`."""
    s = rule.sample
    if s.method != "krejcie-morgan":
        raise RuleError(f"{rule.short} does not use the Krejcie-Morgan formula")
    if population < 1:
        raise ValueError(f"a population of {population} has no sample size")
    pq = s.p * (1 - s.p)
    return s.chi2 * population * pq / (s.d**2 * (population - 1) + s.chi2 * pq)


def krejcie_morgan(population: int, rule: Rule) -> int:
    """Required sample size by Krejcie and Morgan (1970), rounded half up (R7).

    Formula: X2 N P Q / (d^2 (N - 1) + X2 P Q), X2 = 3.841, P = Q = 0.5, d = 0.05. Checked against
    all 90 pairs of the regulation's table.

    Examples
    --------
    >>> from pipeline import rules
    >>> law = rules.load("14/2017")
    >>> krejcie_morgan(220, law), krejcie_morgan(1200, law), krejcie_morgan(10000, law)
    (140, 291, 370)
    """
    return int(round_half_up(krejcie_morgan_exact(population, rule), 0))


def required(population: float | None, rule: Rule) -> int | None:
    """Sample size the regulation asks for; None where it cannot be known.

    Parameters
    ----------
    population : float or None
        Service users. None, NaN and less than one are not known.
    rule : Rule
        A fixed number (25/2004) is asked for whatever the population, of a smaller one everybody.

    Examples
    --------
    >>> from pipeline import rules
    >>> law, old = rules.load("14/2017"), rules.load("25/2004")
    >>> required(220, law), required(None, law), required(220, old), required(None, old), required(25, old)
    (140, None, 150, 150, 25)
    """
    users = int(population) if population is not None and population >= 1 else None
    if rule.sample.method == "fixed":
        return rule.sample.minimum if users is None else min(rule.sample.minimum, users)
    return None if users is None else krejcie_morgan(users, rule)


def table(rule: Rule) -> list[tuple[int, int]]:
    """Every row of the table of Krejcie and Morgan: population and sample, by the formula.

    Examples
    --------
    >>> from pipeline import rules
    >>> rows = table(rules.load("14/2017"))
    >>> len(rows), rows[0], rows[-1]
    (90, (10, 10), (1000000, 384))
    """
    return [(population, krejcie_morgan(population, rule)) for population in TABLED]


def tabled(population: int) -> int:
    """Row of the table that a population between two rows is looked up in: the next larger one.

    Examples
    --------
    >>> tabled(33), tabled(10), tabled(2_000_000)
    (35, 10, 1000000)
    """
    return next((row for row in TABLED if row >= population), TABLED[-1])


def enough(need: float | None = None) -> int:
    """Valid answers from which on a unit is more than information: 30, or what is required if that is less (R6).

    Parameters
    ----------
    need : float, optional
        The n required; None and NaN are not known.

    Examples
    --------
    >>> enough(), enough(140), enough(24)
    (30, 30, 24)
    """
    if need is None or need != need:
        return INFORMATION_BELOW
    return min(INFORMATION_BELOW, int(need))


def sign(valid: float, need: float | None = None) -> str:
    """Return ``x`` (privacy), ``E`` (for information only) or nothing (R6).

    ``x``: only the number is shown. ``E``: the unit's own report shows its index with a caution; ranking,
    bands and inference leave it out.

    Parameters
    ----------
    valid : float
        Valid answers; NaN counts as none.
    need : float, optional
        The n required of the population (`required`); not known: 30 decide.

    Examples
    --------
    >>> sign(4), sign(29), sign(29, 28), sign(30)
    ('x', 'E', '', '')
    """
    if not valid >= PRIVATE_BELOW:
        return PRIVACY
    return INFORMATION if valid < enough(need) else ""
