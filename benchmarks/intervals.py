"""Which of the other intervals hold the truth under the ceilings of satisfaction answers? (R21)

    python -m benchmarks.intervals > benchmarks/intervals.json

Item-rest correlations, values of an unsur, shares, and differences of services, of groups and of years. The
populations are those of ``benchmarks/alpha_interval.py``: half to nine tenths of the answers at the top, the true
figures computed and not estimated. Seeded: the coverage does not change on the same versions.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from scipy import special

from pipeline.statistics.data.covariance import listwise, within
from pipeline.statistics.data.pearson import fisher_interval, item_rest
from pipeline.statistics.index.hall import hall_interval, inverse_hall
from pipeline.statistics.index.rows import wilson
from pipeline.statistics.psychometrics.items.item_jackknife import (
    LEAST,
    OTHERWISE,
    item_rest_interval,
)

from .alpha_interval import CUTS, LOWEST, TOPS, draw, grouped, moments, population

SEED, SAMPLES, CITIES, MEANS = 20170521, 1000, 1000, 3000
SIZES, STRENGTHS = (10, 20, 30, 50, 100, 200, 400), (1.0, 0.6)
#: Respondents of one service (group, year) and of the others it is held against.
PAIRS = ((30, (30,)), (30, (400,)), (30, (400, 400, 400)), (50, (200,)), (100, (100, 100)), (400, (400,)))
Limits = tuple[np.ndarray, np.ndarray]


def of_items(answers: np.ndarray, n: int) -> dict[str, Limits]:
    """Both intervals of the item-rest correlations of every sample."""
    data = grouped(answers, n)
    stack = listwise(data)
    r = item_rest(stack.cov)
    low, high, _ = item_rest_interval(data, stack, r)
    return {
        "item-rest r, jackknife t (printed)": (low, high),
        "item-rest r, Fisher": fisher_interval(r, stack.n[:, None]),
    }


def of_cities(
    random: np.random.Generator, loadings: np.ndarray, cuts: np.ndarray, n: int
) -> dict[str, Limits]:
    """Both intervals of the item-rest correlations inside ten units of every city."""
    mine, fisher = [], []
    for _ in range(CITIES):
        data = grouped(draw(random, loadings, cuts, 10 * n), n)
        stack = listwise(data)
        pooled = within(data, stack)
        r = item_rest(pooled.cov)
        mine.append(item_rest_interval(data, stack, r, pooled=pooled)[:2])
        fisher.append(fisher_interval(r, np.array([[10 * (n - 1) + 1]])))
    told = {
        "item-rest r inside 10 units, jackknife t (printed)": mine,
        "item-rest r inside 10 units, Fisher": fisher,
    }
    return {
        name: (np.concatenate([x[0] for x in each]), np.concatenate([x[1] for x in each]))
        for name, each in told.items()
    }


def of_values(answers: np.ndarray) -> dict[str, Limits]:
    """Intervals of the mean of one item, and of the shares at its ends, of samples x respondents."""
    size = np.full(len(answers), answers.shape[1])
    mean = answers.mean(axis=1)
    away = answers - mean[:, None]
    variance = (away**2).mean(axis=1)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    half = special.stdtrit(size - 1, 0.975) * sd / np.sqrt(size - 1)
    return {
        "value of an unsur, Hall (printed)": hall_interval(mean, sd, (away**3).mean(axis=1) / sd**3, size),
        "value of an unsur, Student": (mean - half, mean + half),
        "share of the highest answer, Wilson": wilson((answers == 4).sum(axis=1), size, 0.95),
        "share of the two lowest, Wilson": wilson((answers <= 2).sum(axis=1), size, 0.95),
    }


def of_differences(random: np.random.Generator, loadings: np.ndarray, cuts: np.ndarray, sizes: Any) -> Any:
    """Intervals of the difference of one mean score from the simple mean of others; the truth is none."""
    first, others = sizes
    weights = np.array([1.0, *(-1 / len(others) for _ in others)])
    difference, square, of_df, third = (np.zeros(MEANS) for _ in range(4))
    for weight, n in zip(weights, (first, *others), strict=True):
        score = draw(random, loadings, cuts, MEANS * n).mean(axis=1).reshape(MEANS, n) * 25
        away = score - score.mean(axis=1)[:, None]
        part = weight**2 * (away**2).sum(axis=1) / (n - 1) / n
        difference, square = difference + weight * score.mean(axis=1), square + part
        of_df = of_df + part**2 / (n - 1)
        third = third + weight**3 * (away**3).sum(axis=1) * n / ((n - 1) * (n - 2)) / n**2
    error, reach = np.sqrt(square), special.stdtrit(square**2 / of_df, 0.975)
    skewness, one = third / error**3, np.ones(MEANS)
    return {
        "difference of services and groups, Hall (printed)": (
            difference - error * inverse_hall(reach, skewness, one),
            difference - error * inverse_hall(-reach, skewness, one),
        ),
        "difference of years, Welch": (difference - error * reach, difference + error * reach),
    }


def run() -> dict[str, Any]:
    """Coverage of every interval in every population and size."""
    random, rows = np.random.default_rng(SEED), []
    for top in TOPS:
        for strength in STRENGTHS:
            loadings, cuts = population(top, strength)
            truth = item_rest(moments(loadings, cuts)[0])
            for n in SIZES:
                if n < LEAST:
                    continue
                found = of_items(draw(random, loadings, cuts, SAMPLES * n), n)
                found |= of_cities(random, loadings, cuts, n) if n <= 50 else {}
                rows += [told(name, pair, truth, top, n) for name, pair in found.items()]
        share = np.diff(np.r_[0, special.ndtr(CUTS + special.ndtri(1 - top)), 1])
        for n in SIZES:
            found = of_values(random.choice(np.arange(1.0, 5.0), p=share, size=(MEANS, n)))
            aims = (share @ np.arange(1, 5), share @ np.arange(1, 5), share[3], share[:2].sum())
            rows += [
                told(name, pair, np.array(aim), top, n) for aim, (name, pair) in zip(aims, found.items())
            ]
        loadings, cuts = population(top, 0.8)
        for sizes in PAIRS:
            found = of_differences(random, loadings, cuts, sizes)
            rows += [told(name, pair, np.array(0.0), top, sizes) for name, pair in found.items()]
    return {"seed": SEED, "samples": SAMPLES, "coverage": rows}


def told(name: str, pair: Limits, aim: np.ndarray, top: float, n: Any) -> dict[str, Any]:
    """One interval in one population at one size; of several items the one that is covered least often."""
    low, high = (np.reshape(x, (len(x), -1)) for x in pair)
    given = np.isfinite(low) & np.isfinite(high)
    # An item that hardly ever has an interval says little of how often such an interval covers.
    often = given.sum(axis=0) >= 200
    inside = np.where(given, (low <= aim + 1e-9) & (aim - 1e-9 <= high), 0).sum(axis=0)
    covered = (inside / np.maximum(given.sum(axis=0), 1))[often]
    return {
        "interval": name, "n": n if isinstance(n, int) else f"{n[0]} and {', '.join(map(str, n[1]))}", "top": top,
        "given": round(float(given.mean()), 3), "least": round(float(covered.min()), 4) if len(covered) else None,
        "covered": round(float(inside.sum() / given.sum()), 4) if given.any() else None,
        "width": round(float((high - low)[given].mean()), 3) if given.any() else None,
    }  # fmt: skip


def lines(found: dict[str, Any]) -> list[str]:
    """Its lines of results.md."""
    out = [
        "## Other intervals that hold the truth", "",
        f"Coverage of nominal 95 % intervals in per cent: the lowest over all populations and items (the mean); "
        f"{TOPS[0]:.0%} to {TOPS[-1]:.0%} of the answers at the top, {found['samples']:,} samples a cell or more. "
        f"A report prints what covers {LOWEST:.0%}. An item-rest correlation has an interval from n = {LEAST} on "
        f"where at least {OTHERWISE} answers differ from the most frequent one; shares are printed without.", "",
    ]  # fmt: skip
    for wanted, head in ((True, "interval | n = "), (False, "difference | ")):
        rows = [row for row in found["coverage"] if isinstance(row["n"], int) == wanted]
        sizes = list(dict.fromkeys(row["n"] for row in rows))
        sizes = sorted(sizes) if wanted else sizes
        name, _, before = head.partition(" | ")
        out += [
            f"| {name} | " + " | ".join(f"{before}{n}" for n in sizes) + " |",
            "|---|" + "---|" * len(sizes),
        ]
        for each in dict.fromkeys(row["interval"] for row in rows):
            cells = []
            for n in sizes:
                here = [r for r in rows if r["interval"] == each and r["n"] == n and r["least"] is not None]
                least, mean = ([100 * r[k] for r in here] for k in ("least", "covered"))
                cells.append(f"{min(least):.1f} ({sum(mean) / len(mean):.1f})" if here else "–")
            out.append(f"| {each} | " + " | ".join(cells) + " |")
        out.append("")
    return out


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
