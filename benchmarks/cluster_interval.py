"""How many clusters an interval needs: coverage of the clustered interval of an index (R21).

Run ``python -m benchmarks.cluster_interval``. Nine items near the ceiling, clusters of unequal size (shares that
fall by a seventh from one to the next, as interviewers' do), 200 respondents a sample. The truth is the mean over
400,000 respondents, each of a cluster of their own. Printed: coverage in per cent of nominal 95 %, of Student's t with
the effective number of clusters less one, with their number less one, and of the interval that knows of no clusters.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

#: Clusters, share of the latent variance between them, respondents, samples.
CLUSTERS, SHARES, PEOPLE, SAMPLES = (4, 5, 7, 10, 15, 20, 30), (0.05, 0.15), 200, 2000
LOADING, CUTS, SEED = 0.7, (-2.2, -1.2, -0.2), 20170502


def scores(draw: np.random.Generator, effect: np.ndarray, share: float) -> np.ndarray:
    """Index points of respondents whose cluster has this effect."""
    latent = np.sqrt(share) * effect + np.sqrt(1 - share) * draw.standard_normal(effect.shape)
    total = np.zeros(effect.shape)
    for _ in range(9):
        item = LOADING * latent + np.sqrt(1 - LOADING**2) * draw.standard_normal(effect.shape)
        total += 1 + sum((item > cut).astype(float) for cut in CUTS)
    return 25 * total / 9


def coverage(draw: np.random.Generator, clusters: int, share: float) -> tuple[float, ...]:
    """Coverage of the clustered interval by both degrees of freedom, and of the plain one."""
    sizes = (6 / 7) ** np.arange(clusters)
    sizes = np.maximum(np.rint(sizes / sizes.sum() * PEOPLE), 1).astype(int)
    codes = np.repeat(np.arange(clusters), sizes)
    truth = scores(draw, draw.standard_normal(400_000), share).mean()
    hit = np.zeros(3)
    effective = sizes.sum() ** 2 / (sizes**2).sum()
    for _ in range(SAMPLES):
        found = scores(draw, draw.standard_normal(clusters)[codes], share)
        n, mean = len(found), found.mean()
        z = np.bincount(codes, found - mean, clusters) / n
        together = np.sqrt(clusters / (clusters - 1) * (z**2).sum())
        errors = together, together, found.std(ddof=1) / np.sqrt(n)
        reach = stats.t.ppf(0.975, np.array([effective, clusters, n]) - 1)
        hit += [abs(mean - truth) <= t * e for t, e in zip(reach, errors, strict=True)]
    return tuple(100 * hit / SAMPLES)


def main() -> None:
    """Print the table."""
    draw = np.random.default_rng(SEED)
    print("| clusters | " + " | ".join(f"between {s:.0%}: effective (number, none)" for s in SHARES) + " |")
    for clusters in CLUSTERS:
        cells = ["{:.1f} ({:.1f}, {:.1f})".format(*coverage(draw, clusters, share)) for share in SHARES]
        print(f"| {clusters} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
