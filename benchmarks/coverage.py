"""How often do the intervals that are printed hold the truth, under the ceiling of satisfaction answers?

    PYTHONPATH=. python benchmarks/coverage.py [samples] > benchmarks/coverage.json

Respondents are drawn from one population made like a real survey's: nine items of one factor, two answers in
three at the top, three respondents in ten at the top of everything. Its index,
alpha and omega are not estimated but computed (Gauss-Hermite over the factor, exact item by item), so a
miss is a miss. Seeded: the output does not change on the same versions.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from pipeline.statistics.data.covariance import listwise
from pipeline.statistics.data.grouped import Grouped, group
from pipeline.statistics.data.response_patterns import patterns
from pipeline.statistics.index.hall import hall_interval
from pipeline.statistics.psychometrics.factor import cfa_ml
from pipeline.statistics.psychometrics.factor.one_factor import enough_for_factors
from pipeline.statistics.psychometrics.reliability import alpha as coefficients
from pipeline.statistics.psychometrics.reliability import alpha_intervals, omega
from pipeline.statistics.psychometrics.reliability.alpha_bca import abc_interval

SEED, SIZES, CONFIDENCE = 20170501, (30, 100, 400), 0.95
LOADINGS = np.array([0.88, 0.85, 0.90, 0.65, 0.88, 0.92, 0.88, 0.70, 0.75])
#: Cut points between the answers 1 | 2 | 3 | 4 of each item.
CUTS = np.stack(
    [np.array([-2.5, -1.9, -0.3]) + d for d in (0.0, 0.15, -0.1, -0.5, 0.0, -0.15, -0.1, 0.2, -0.6)]
)
ITEMS = [f"U{j}" for j in range(1, 10)]


def truth() -> dict[str, float]:
    """Index, alpha and omega of the population, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    rest = np.sqrt(1 - LOADINGS**2)
    below = special.ndtr((CUTS[None] - LOADINGS[None, :, None] * nodes[:, None, None]) / rest[None, :, None])
    # 4 less the expected number of cuts an answer stays below.
    mean = 4 - below.sum(axis=2)
    share = np.diff(
        np.concatenate([np.zeros((*below.shape[:2], 1)), below, np.ones((*below.shape[:2], 1))], axis=2)
    )
    square = share @ np.arange(1, 5) ** 2
    overall = weights @ mean
    cov = (mean * weights[:, None]).T @ mean - np.outer(overall, overall)
    cov[np.arange(9), np.arange(9)] = weights @ square - overall**2
    # Patterns whose covariances are exactly these: plus and minus the columns of a root.
    root = np.linalg.cholesky(cov) * 3
    values = np.concatenate([root.T, -root.T])
    model = cfa_ml.fit(patterns_of(values))
    return {
        "index": float(25 * overall.mean()),
        "alpha": float(coefficients.alpha(cov)),
        "omega": omega.omega(model),
        "answers_at_the_top": float((weights[:, None] * share[:, :, 3]).sum() / 9),
        "respondents_at_the_top_of_everything": float(weights @ share[:, :, 3].prod(axis=1)),
    }


def patterns_of(values: np.ndarray) -> Any:
    """Rows, each once."""
    from pipeline.statistics.data.response_patterns import Patterns

    return Patterns(values, np.ones(len(values)))


def draw(random: np.random.Generator, samples: int, n: int) -> Grouped:
    """Samples as units of one survey."""
    latent = LOADINGS * random.normal(size=(samples * n, 1))
    latent = latent + np.sqrt(1 - LOADINGS**2) * random.normal(size=(samples * n, 9))
    codes = 1 + (latent[..., None] > CUTS).sum(axis=2)
    unit = np.repeat([f"{s:06d}" for s in range(samples)], n)
    return group(pd.DataFrame(codes.astype("int8"), columns=ITEMS), unit)


def limits(data: Grouped, fits: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every interval of every sample; those of omega of the first `fits` samples."""
    stack = listwise(data)
    n, k, value = stack.n, stack.k, coefficients.alpha(stack.cov, stack.k)
    out = {}
    total = data.values.sum(axis=0, dtype=float).reshape(len(n), -1) * 25 / 9
    mean, sd = total.mean(axis=1), total.std(axis=1)
    skew = ((total - mean[:, None]) ** 3).mean(axis=1) / sd**3
    out["index, Hall's t"] = hall_interval(mean, sd, skew, n, CONFIDENCE)
    half = special.stdtrit(n - 1, (1 + CONFIDENCE) / 2) * sd / np.sqrt(n - 1)
    out["index, Student's t"] = (mean - half, mean + half)
    error = alpha_intervals.adf_error(data, stack)
    out["alpha, ADF"] = alpha_intervals.normal_interval(value, error, CONFIDENCE)
    out["alpha, BCa (ABC)"] = abc_interval(data, stack, CONFIDENCE)
    out["alpha, Feldt"] = alpha_intervals.feldt_interval(value, n, k, CONFIDENCE)
    out["alpha, Bonett"] = alpha_intervals.bonett_interval(value, n, k, CONFIDENCE)
    if fits and n[0] >= enough_for_factors(np.array(9)):
        z = special.ndtri((1 + CONFIDENCE) / 2)
        found = {False: [], True: []}
        for u in range(min(fits, len(n))):
            try:
                model = cfa_ml.fit(patterns(data, u, np.ones(9, dtype=bool)))
            except ValueError:
                continue
            for robust, list_ in found.items():
                half = z * omega.omega_error(model, robust)
                list_.append((omega.omega(model) - half, omega.omega(model) + half))
        for robust, name in ((False, "omega, delta method (ML)"), (True, "omega, delta method (MLR)")):
            low, high = np.array(found[robust]).T
            out[name] = (low, high)
    return out


def run(samples: int = 4000, fits: int = 1000) -> dict[str, Any]:
    """Simulate every sample size."""
    true = truth()
    random = np.random.default_rng(SEED)
    rows = []
    for n in SIZES:
        tally: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
        done = 0
        while done < samples:
            size = min(500, samples - done)
            for name, pair in limits(draw(random, size, n), max(0, fits - done)).items():
                tally.setdefault(name, []).append(pair)
            done += size
        for name, parts in tally.items():
            low, high = (np.concatenate(side) for side in zip(*parts))
            known = np.isfinite(low) & np.isfinite(high)
            low, high, aim = low[known], high[known], true[name.split(",")[0]]
            below, above = float((high < aim).mean()), float((low > aim).mean())
            rows.append({
                "interval": name, "n": n, "samples": len(low), "covered": round(1 - below - above, 4),
                "wholly_below": round(below, 4), "wholly_above": round(above, 4),
                "width": round(float((high - low).mean()), 4),
            })  # fmt: skip
    return {
        "seed": SEED, "confidence": CONFIDENCE, "truth": {name: round(value, 4) for name, value in true.items()},
        "coverage": rows,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 4000), indent=1))
