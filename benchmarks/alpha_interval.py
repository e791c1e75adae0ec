"""Which interval of alpha, and of omega, holds the truth under the ceilings of satisfaction answers? (R21)

    python -m benchmarks.alpha_interval > benchmarks/alpha_interval.json

Nine items of one factor; half to nine tenths of the answers at the top, three strengths of the
factor: twelve populations whose alpha and omega are computed, not estimated. From each, samples as units
of one survey; besides, cities of twenty units (alpha inside the units) and samples with gaps (pairwise
alpha). Seeded: the coverage does not change on the same versions.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from pipeline.statistics.data.covariance import listwise, within
from pipeline.statistics.data.grouped import Grouped, group
from pipeline.statistics.data.response_patterns import Patterns, patterns
from pipeline.statistics.psychometrics.factor import cfa_ml
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability import alpha_intervals as usual
from pipeline.statistics.psychometrics.reliability import omega
from pipeline.statistics.psychometrics.reliability import table as reliability
from pipeline.statistics.psychometrics.reliability.alpha_bca import abc_interval
from pipeline.statistics.psychometrics.reliability.alpha_jackknife import (
    CEILING,
    LEAST,
    LEAST_CEILING,
    Jackknife,
    jackknife,
    jackknife_within,
)

from .coverage import ITEMS, LOADINGS

SEED, SAMPLES, FITS = 20170501, 1000, 300
TOPS, STRENGTHS, SIZES = (0.5, 0.66, 0.8, 0.9), (1.0, 0.8, 0.6), (30, 50, 100, 200, 400)
#: Cuts between the answers of an average item, and how much harder or easier each item is.
CUTS, HARDER = np.array([-2.2, -1.6, 0.0]), np.array([0.0, 0.15, -0.1, -0.5, 0.0, -0.15, -0.1, 0.2, -0.6])
#: The coverage from which an interval is printed.
LOWEST = 0.92


def moments(loadings: np.ndarray, cuts: np.ndarray) -> tuple[np.ndarray, float]:
    """Covariances of the answers, and the share of the highest, by quadrature over the factor."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(160)
    weights = weights / weights.sum()
    rest = np.sqrt(1 - loadings**2)
    below = special.ndtr((cuts[None] - loadings[None, :, None] * nodes[:, None, None]) / rest[None, :, None])
    mean = 4 - below.sum(axis=2)
    ends = np.zeros((*below.shape[:2], 1))
    share = np.diff(np.concatenate([ends, below, ends + 1], axis=2))
    overall = weights @ mean
    cov = (mean * weights[:, None]).T @ mean - np.outer(overall, overall)
    np.fill_diagonal(cov, weights @ (share @ np.arange(1, 5) ** 2) - overall**2)
    return cov, float((weights[:, None] * share[:, :, 3]).sum() / len(loadings))


def population(top: float, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Loadings and cuts of a population with this share of highest answers."""
    loadings = LOADINGS * strength
    low, high = -4.0, 4.0
    for _ in range(50):
        middle = (low + high) / 2
        share = moments(loadings, CUTS + middle + HARDER[:, None])[1]
        low, high = (middle, high) if share > top else (low, middle)
    return loadings, CUTS + middle + HARDER[:, None]


def draw(random: np.random.Generator, loadings: np.ndarray, cuts: np.ndarray, rows: int) -> np.ndarray:
    """Answers of respondents."""
    latent = loadings * random.normal(size=(rows, 1))
    latent = latent + np.sqrt(1 - loadings**2) * random.normal(size=(rows, len(loadings)))
    return np.asarray(1 + (latent[..., None] > cuts).sum(axis=2))


def grouped(answers: np.ndarray, n: int) -> Grouped:
    """Samples of n rows as units of one survey."""
    unit = np.repeat([f"{s:05d}" for s in range(len(answers) // n)], n)
    return group(pd.DataFrame(answers, columns=ITEMS), unit)


def of_samples(data: Grouped) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every interval of the alpha of every sample."""
    stack = listwise(data)
    value = coefficients.alpha(stack.cov, stack.k)
    return {
        "alpha, jackknife t (printed)": jackknife(data, stack).interval(value),
        "alpha, ADF": usual.normal_interval(value, usual.adf_error(data, stack)),
        "alpha, BCa (ABC)": abc_interval(data, stack),
        "alpha, Feldt": usual.feldt_interval(value, stack.n, stack.k),
        "alpha, Bonett": usual.bonett_interval(value, stack.n, stack.k),
    }


def of_omega(data: Grouped) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every interval of the omega of the first samples."""
    stack = listwise(data)
    left = jackknife(data, stack)
    found: list[tuple[float, float, float]] = []
    for u in range(min(FITS, len(stack.n))):
        try:
            model = cfa_ml.fit(patterns(data, u, np.ones(9, dtype=bool)))
        except ValueError:
            model = None
        nan = float("nan")
        found.append(
            (omega.omega(model), omega.omega_error(model), omega.omega_error(model, True))
            if model is not None and model.converged
            else (nan, nan, nan)
        )
    value, normal, robust = np.array(found).T
    part = slice(0, len(value))
    wide = robust * np.sqrt(stack.n[part] / (stack.n[part] - 9))
    mine = Jackknife(wide, left.df[part], left.n[part], left.top[part])
    return {
        "omega, robust with t (printed)": mine.interval(value),
        "omega, robust (MLR)": usual.normal_interval(value, robust),
        "omega, normal (ML)": usual.normal_interval(value, normal),
    }


def of_cities(random: np.random.Generator, loadings: np.ndarray, cuts: np.ndarray, n: int) -> Any:
    """Alpha inside the units of 500 cities of twenty units with n respondents each."""
    limits = []
    for _ in range(SAMPLES // 2):
        data = grouped(draw(random, loadings, cuts, 20 * n), n)
        stack = listwise(data)
        pooled = within(data, stack)
        limits.append(
            jackknife_within(data, stack, pooled).interval(coefficients.alpha(pooled.cov, pooled.k))
        )
    low, high = np.array(limits)[:, :, 0].T
    return {"alpha inside 20 units, jackknife t (printed)": (low, high)}


def of_gaps(random: np.random.Generator, answers: np.ndarray, n: int) -> Any:
    """Pairwise alpha where one answer in twenty is missing."""
    holes = np.where(random.random(answers.shape) < 0.05, np.nan, answers)
    unit = np.repeat([f"{s:05d}" for s in range(len(answers) // n)], n)
    table = reliability.table(pd.DataFrame(holes, columns=ITEMS), unit, models=False)
    rows = table[table["scope"].eq("unit") & table["statistic"].eq("alpha") & table["method"].eq("pairwise")]
    return {"alpha, pairwise with gaps (printed)": (rows["lower"].to_numpy(), rows["upper"].to_numpy())}


def run() -> dict[str, Any]:
    """Coverage of every interval in every population and size."""
    random, rows = np.random.default_rng(SEED), []
    for top in TOPS:
        for strength in STRENGTHS:
            loadings, cuts = population(top, strength)
            cov, _ = moments(loadings, cuts)
            root = np.linalg.cholesky(cov) * 3
            model = cfa_ml.fit(Patterns(np.concatenate([root.T, -root.T]), np.ones(18)))
            truth = {"alpha": float(coefficients.alpha(cov)), "omega": omega.omega(model)}
            for n in SIZES:
                answers = draw(random, loadings, cuts, SAMPLES * n)
                data = grouped(answers, n)
                found = of_samples(data)
                found |= of_omega(data) if n >= 50 and strength > 0.6 else {}
                found |= of_cities(random, loadings, cuts, n) if n <= 50 and strength == 0.8 else {}
                found |= of_gaps(random, answers[: 300 * n], n) if n <= 200 and strength == 0.8 else {}
                # Below thirty rows on the average pair a sample with gaps has no interval at all.
                given = {name: pair for name, pair in found.items() if np.isfinite(pair[0]).any()}
                rows += [told(name, pair, truth, top, n) for name, pair in given.items()]
    return {"seed": SEED, "samples": SAMPLES, "fits": FITS, "coverage": rows}


def told(name: str, pair: tuple[np.ndarray, np.ndarray], truth: dict[str, float], top: float, n: int) -> Any:
    """One interval in one population at one size."""
    low, high = pair
    aim, given = truth[name[:5]], np.isfinite(low) & np.isfinite(high)
    below, above = float((high[given] < aim).mean()), float((low[given] > aim).mean())
    return {
        "interval": name, "n": n, "top": top, "truth": round(aim, 3), "given": round(float(given.mean()), 3),
        "covered": round(1 - below - above, 4), "wholly_below": round(below, 4), "wholly_above": round(above, 4),
        "width": round(float((high - low)[given].mean()), 3),
    }  # fmt: skip


def lines(found: dict[str, Any]) -> list[str]:
    """Its lines of results.md."""
    cells: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in found["coverage"]:
        cells.setdefault((row["interval"], row["n"]), []).append(row)
    names = dict.fromkeys(row["interval"] for row in found["coverage"])
    out = [
        "## Intervals of alpha and omega that hold the truth", "",
        f"Coverage of nominal 95 % intervals in per cent: the lowest over all populations (the mean). Nine items, "
        f"{TOPS[0]:.0%} to {TOPS[-1]:.0%} of the answers at the top, three strengths of the factor (alpha 0.50 to "
        f"0.91); {found['samples']:,} samples a cell, {found['fits']} of omega. Printed is what covers {LOWEST:.0%} "
        f"everywhere: from n = {LEAST}, and where more than {CEILING:.0%} of the answers are the highest from "
        f"n = {LEAST_CEILING}.", "",
        "| interval | " + " | ".join(f"n = {n}" for n in SIZES) + " |", "|---|" + "---|" * len(SIZES),
    ]  # fmt: skip
    for name in names:
        shown = []
        for n in SIZES:
            here = [row["covered"] for row in cells.get((name, n), [])]
            shown.append(f"{100 * min(here):.1f} ({100 * sum(here) / len(here):.1f})" if here else "–")
        out.append(f"| {name} | " + " | ".join(shown) + " |")
    return [*out, ""]


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
