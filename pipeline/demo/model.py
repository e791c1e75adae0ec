r"""The latent model behind the demo: a whole population of users, and a sample of it.

Every user i of unit u has one latent satisfaction; each of the nine unsur is answered
through ordinal thresholds:

.. math::

    y^*_{ij} = s_j (\mu_u + \sigma_{service} + x_i'\beta) + o_j + g_{uj}
               + \lambda_j f_i + \sqrt{1-\lambda_j^2}\,e_{ij}

and the answer is one plus the number of thresholds below :math:`y^*`. The *whole*
population is drawn, so the true index of a unit is a fact of that population and not an
approximation, and a census reproduces it exactly.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.demo import city, people
from pipeline.demo.city import DemoUnit

ITEMS = tuple(f"U{i}" for i in range(1, 10))
THRESHOLDS = np.array([-2.75, -1.80, 0.12])

#: Per unsur: where it lies, how strongly it follows the unit's level, its loading on the factor.
OFFSET = np.array([0.16, 0.12, -0.28, 0.0, 0.14, 0.30, 0.42, 0.0, -0.22])
FOLLOWS = np.array([1.0, 1.0, 1.1, 0.25, 0.95, 0.95, 0.95, 0.35, 1.05])
LOADING = np.array([0.72, 0.76, 0.68, 0.22, 0.72, 0.76, 0.74, 0.38, 0.60])

#: U4 and U8 state facts: a fee fixed by law, a complaint channel that exists or does not.
FREE_FEE, CHARGED_FEE, FIXED_FEE = 2.25, -0.45, 9.0
CHANNEL, NO_CHANNEL = 0.75, -1.75

LEVEL_MEAN, LEVEL_SD = -0.27, 0.27
SERVICE_SD, INTERACTION_SD = 0.12, 0.14

FIELDWORK = {
    2023: (dt.date(2023, 9, 4), dt.date(2023, 10, 13)),
    2024: (dt.date(2024, 8, 12), dt.date(2024, 9, 27)),
    2025: (dt.date(2025, 8, 4), dt.date(2025, 9, 19)),
}


@dataclass(frozen=True)
class Sample:
    """The answers a unit really collected in one year, before anybody typed them up.

    ``scores`` holds 1-4, ``members`` the positions of the respondents in the population.
    """

    unit: DemoUnit
    year: int
    profile: people.Profile
    scores: np.ndarray
    times: list[dt.datetime]
    suggestions: list[str]
    population_counts: np.ndarray  # item x answer 1..4
    members: np.ndarray


def stream(seed: int, *names: object) -> np.random.Generator:
    """Return a random stream of its own for every purpose, so that a change in one shifts no other.

    Examples
    --------
    >>> a, b = stream(1, "x", 2025), stream(1, "x", 2025)
    >>> bool(a.random() == b.random())
    True
    """
    return np.random.default_rng([seed, *(zlib.crc32(str(name).encode()) for name in names)])


def fieldwork(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of answering in a year.

    Examples
    --------
    >>> fieldwork(2025)[0].isoformat()
    '2025-08-04'
    """
    return FIELDWORK.get(year, (dt.date(year, 8, 7), dt.date(year, 9, 22)))


def levels(units: Sequence[DemoUnit], seed: int) -> dict[str, float]:
    """Latent level of every unit: quantiles of a left-skewed distribution, shuffled.

    Quantiles instead of draws keep mean, spread and skew of a small city realistic for
    every seed.

    Examples
    --------
    >>> values = np.array(list(levels(city.units(), 1).values()))
    >>> bool(abs(values.mean() - LEVEL_MEAN) < 0.02), bool(((values - values.mean()) ** 3).mean() < 0)
    (True, True)
    """
    grid = (np.arange(len(units)) + 0.5) / len(units)
    fine = np.sort(stream(seed, "level-shape").gamma(2.2, 1.0, 20001))
    raw = -np.quantile(fine, grid)
    spread = raw.std() or 1.0
    values = LEVEL_MEAN + LEVEL_SD * (raw - raw.mean()) / spread
    stream(seed, "level-order").shuffle(values)
    return {u.id: float(v) for u, v in zip(units, values)}


def changes(units: Sequence[DemoUnit], year: int, seed: int) -> dict[str, float]:
    """Latent change of every unit from the year before: a sixth up, a tenth down, the rest none.

    Examples
    --------
    >>> sum(v != 0 for v in changes(city.units(), 2024, 1).values()) < 16
    True
    """
    rng = stream(seed, "change", year)
    order = rng.permutation(len(units))
    up, down = round(len(units) / 6), round(len(units) / 10)
    size = rng.uniform(0.26, 0.45, len(units))
    delta = np.zeros(len(units))
    delta[order[:up]] = size[order[:up]]
    delta[order[up : up + down]] = -size[order[up : up + down]]
    return {u.id: float(d) for u, d in zip(units, delta)}


def level_by_year(units: Sequence[DemoUnit], years: Sequence[int], seed: int) -> dict[int, dict[str, float]]:
    """Latent level per year: the first year's levels plus the changes since.

    Examples
    --------
    >>> sorted(level_by_year(city.units(6), (2024, 2025), 1))
    [2024, 2025]
    """
    current = levels(units, seed)
    out: dict[int, dict[str, float]] = {}
    for number, year in enumerate(sorted(years)):
        if number:
            step = changes(units, year, seed)
            # A unit at the top cannot rise without end; drift back keeps three years plausible.
            current = {u: min(level + step[u], LEVEL_MEAN + 0.75) for u, level in current.items()}
        out[year] = dict(current)
    return out


def size_scale(units: Sequence[DemoUnit], year: int, respondents: int, seed: int) -> float:
    """Return the factor on the usual sizes that makes the mean over units that answered ``respondents``.

    Examples
    --------
    >>> 0.8 < size_scale(city.units(), 2025, 250, 1) < 1.3
    True
    """
    free = [u for u in units if year not in u.fixed]
    if not free:
        return 1.0
    fixed = sum(min(u.fixed[year], 10**6) for u in units if year in u.fixed)
    rest = sum(sample_size(u, year, respondents, seed) for u in free)
    return max(respondents * len(units) - fixed, respondents) / max(rest, 1)


def sample_size(unit: DemoUnit, year: int, respondents: int, seed: int, scale: float = 1.0) -> int:
    """How many users answered, from the unit's weight, or the exact number the catalogue fixes.

    Examples
    --------
    >>> sample_size(city.CATALOGUE[12], 2025, 250, 1)
    26
    """
    if year in unit.fixed:
        return unit.fixed[year]
    if (unit.id, year) == (city.SILENT_BEFORE, 2024):
        return 0
    jitter = stream(seed, "size", unit.id, year).uniform(0.88, 1.10)
    largest = max(8, round(respondents * 1.68))
    return int(min(max(round(respondents * scale * unit.weight * jitter), 8), largest))


def offsets(unit: DemoUnit, seed: int) -> np.ndarray:
    """Where each item lies for a unit, beside the unit's level.

    Examples
    --------
    >>> offsets(city.CATALOGUE[0], 1).shape
    (9,)
    """
    offset = OFFSET + stream(seed, "interaction", unit.id).normal(0, INTERACTION_SD, len(ITEMS))
    fee = FIXED_FEE if unit.id in city.CONSTANT_FEE else FREE_FEE if unit.free else CHARGED_FEE
    # What the law or a notice board decides does not carry the unit's random interaction.
    offset[3] = fee if unit.free else fee + 0.3 * (offset[3] - OFFSET[3])
    offset[7] = NO_CHANNEL if unit.id in city.NO_CHANNEL else CHANNEL + 0.6 * (offset[7] - OFFSET[7])
    for item, shift in unit.weak.items():
        offset[ITEMS.index(item)] += shift
    return offset


def _answers(
    rng: np.random.Generator, unit: DemoUnit, level: float, profile: people.Profile, seed: int
) -> np.ndarray:
    size = len(profile.sex)
    service = stream(seed, "service", unit.id).normal(0, SERVICE_SD, len(unit.services))
    person = level + service[profile.service]
    person = person + 0.006 * (profile.age - 38)  # older users are a little more content
    person = person - 0.10 * np.isin(profile.education, ("s1", "s2", "s3"))
    factor = rng.normal(size=size)
    noise = rng.normal(size=(size, len(ITEMS)))
    latent = (
        person[:, None] * FOLLOWS
        + offsets(unit, seed)
        + LOADING * factor[:, None]
        + np.sqrt(1 - LOADING**2) * noise
    )
    latent[:, 8] -= 0.45 * profile.disability  # a building without a ramp
    return (1 + (latent[:, :, None] > THRESHOLDS).sum(axis=2)).astype(np.int8)


def sample(unit: DemoUnit, year: int, level: float, size: int, seed: int) -> Sample:
    """Draw the whole population of a unit, then the people who answered.

    Parameters
    ----------
    unit : DemoUnit
    year : int
    level : float
        Latent level of the unit in that year.
    size : int
        Number of respondents; a population smaller than that is enlarged to it.
    seed : int

    Examples
    --------
    >>> s = sample(city.CATALOGUE[0], 2025, 0.1, 40, 1)
    >>> s.scores.shape, int(s.population_counts.sum()) == 9 * 14200
    ((40, 9), True)
    """
    rng = stream(seed, "people", unit.id, year)
    total = max(unit.population, size)
    profile = people.draw(rng, total, unit.type, tuple(unit.services.values()))
    scores = _answers(rng, unit, level, profile, seed)
    counts = np.stack([(scores == answer).sum(axis=0) for answer in range(1, 5)], axis=1)
    members = np.sort(rng.choice(total, size, replace=False))
    chosen = people.Profile(
        *(getattr(profile, name)[members] for name in people.Profile.__dataclass_fields__)
    )
    return Sample(
        unit=unit,
        year=year,
        profile=chosen,
        scores=scores[members],
        times=people.visits(rng, size, *fieldwork(year)) if size else [],
        suggestions=people.suggestions(rng, scores[members]),
        population_counts=counts,
        members=members,
    )


def true_index(counts: np.ndarray) -> Mapping[str, float]:
    """NRR per unsur and the index of a whole population, from counts of answers 1 to 4.

    Examples
    --------
    >>> true_index(np.tile([0, 0, 1, 1], (9, 1)))["ikm"]
    87.5
    """
    nrr = counts @ np.arange(1, 5) / counts.sum(axis=1)
    return {**{item: float(v) for item, v in zip(ITEMS, nrr)}, "ikm": float(25 * nrr.mean())}
