"""Result rows of 4-compare for the city made by hand: differences, change, target, gaps, importance."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.statistics.compare.pairwise import MOST_UNITS

EARLIER = ("2022", "2023")


def rows(
    survey: Any, known: list[tuple[str, int, float]], items: list[str], seed: int = 11
) -> dict[str, list]:
    """Rows by module for the units that are compared (id, n, index)."""
    draw = np.random.default_rng(seed)
    mean = float(np.mean([v for _, _, v in known]))
    unit = {"survey": survey.name, "scope": "unit"}
    city = {"survey": survey.name, "scope": "city"}
    out: dict[str, list] = {
        name: [] for name in ("verdicts", "trend", "city", "equity", "importance", "adjustment", "pairs")
    }
    for place, (name, n, value) in enumerate(known):
        gap = value - mean
        word = "undecided" if abs(gap) <= 2 else "above" if gap > 0 else "below"
        word = "equivalent" if place == 2 else word
        size = "usual" if abs(gap) <= 6 else "high" if gap > 0 else "low"
        weak = place == 1
        common = {**unit, "unit": name, "n": n, "estimate": gap}
        out["verdicts"] += [
            {
                **common, "statistic": "difference", "lower": gap - 2, "upper": gap + 2, "confidence": 0.99,
                "p": 0.01, "p_adjusted": 0.001 if word in ("above", "below") else 0.6, "text": word,
                "method": "holm",
            },
            {
                **common, "statistic": "equivalence", "numerator": 2500, "denominator": 1000, "p": 0.2,
                "p_adjusted": 0.01 if word == "equivalent" else 0.7, "method": "bh",
                "text": "yes" if word == "equivalent" else "no",
            },
            {
                **common, "statistic": "unusual", "estimate": float("nan") if weak else gap, "lower": -6.0,
                "upper": 6.0, "p": 0.01, "p_adjusted": 0.001 if size != "usual" else 0.6,
                "text": "" if weak else size, "reason": "unreliable" if weak else "", "method": "bh",
            },
            {**unit, "unit": name, "statistic": "detectable_difference", "estimate": 3.2, "n": n},
        ]  # fmt: skip
        change = ("up", "down", "unchanged", "cannot-tell")[place % 4]
        moved = {"up": 5.0, "down": -5.0, "unchanged": 0.2, "cannot-tell": 1.9}[change]
        out["trend"] += [
            {
                **unit,
                "unit": name,
                "other": "2023",
                "statistic": "change",
                "method": "bh",
                "estimate": moved,
                "lower": moved - 2,
                "upper": moved + 2,
                "text": change,
                "n": n,
            },
            {
                **unit,
                "unit": name,
                "other": "2023",
                "statistic": "ikm_then",
                "estimate": value - moved,
                "lower": value - moved - 1,
                "upper": value - moved + 1,
                "n": n,
                "text": "B",
            },
            {
                **unit,
                "unit": name,
                "other": "2022",
                "statistic": "ikm_then",
                "estimate": 80.0,
                "method": "published",
                "text": "B",
            },
            {
                **unit,
                "unit": name,
                "other": "2022",
                "statistic": "change",
                "method": "published",
                "reason": "not-comparable",
            },
            {
                **unit,
                "unit": name,
                "other": "2023",
                "statistic": "letter_change",
                "text": "B>A" if place == 0 else "B>B",
                "estimate": 0.8,
                "n": n,
            },
            {
                **unit,
                "unit": name,
                "other": "2023",
                "statistic": "change_adjusted",
                "estimate": moved - 0.3,
                "lower": moved - 3,
                "upper": moved + 2,
                "n": n,
            },
            {**unit, "unit": name, "other": "2023", "statistic": "change_mix", "estimate": 0.3, "n": n},
        ]
        verdict = "above" if gap > 3 else "below" if gap < -1 else "undecided"
        out["city"] += [
            {
                **unit,
                "unit": name,
                "statistic": "target",
                "other": "88.31",
                "text": verdict,
                "estimate": 0.5,
                "n": n,
            },
            {
                **unit,
                "unit": name,
                "statistic": "target_gap",
                "other": "88.31",
                "estimate": value - 88.31,
                "lower": value - 89.5,
                "upper": value - 87.0,
                "text": verdict,
                "n": n,
            },
        ]
        out["adjustment"] += [
            {
                **unit,
                "unit": name,
                "statistic": "adjusted",
                "estimate": value + 0.3,
                "lower": value - 1,
                "upper": value + 1,
                "n": n,
            },
            {
                **unit,
                "unit": name,
                "statistic": "unadjusted",
                "estimate": value,
                "lower": value - 1,
                "upper": value + 1,
                "n": n,
            },
            {**unit, "unit": name, "statistic": "rank_shift", "estimate": float(place % 3), "n": n},
        ]
        for other, _, against in known[:place] if len(known) <= MOST_UNITS else ():
            out["pairs"].append(
                {
                    "survey": survey.name,
                    "scope": "pair",
                    "unit": name,
                    "other": other,
                    "statistic": "games_howell",
                    "estimate": value - against,
                    "lower": value - against - 3,
                    "upper": value - against + 3,
                    "p": 0.01,
                    "p_adjusted": 0.001 if abs(value - against) > 3 else 0.7,
                }
            )
    pairs = len(known) * (len(known) - 1) // 2
    out["verdicts"] += [
        {
            **city,
            "statistic": "pairs_separated",
            "estimate": 0.5,
            "numerator": pairs // 2,
            "denominator": pairs,
        },
        {**city, "statistic": "rankable", "estimate": 0.84, "text": "yes"},
        {
            **city,
            "statistic": "flagged",
            "estimate": 2,
            "numerator": 2,
            "denominator": len(known),
            "text": str(len(known) - 1),
        },
    ]
    out["trend"] += [
        {
            **city,
            "other": "2023",
            "statistic": "change",
            "method": "mean-of-units",
            "estimate": 1.2,
            "lower": 0.8,
            "upper": 1.6,
            "text": "unchanged",
            "numerator": len(known),
            "denominator": len(known) + 2,
        },
        {
            **city,
            "other": "2023",
            "statistic": "ikm_then",
            "estimate": mean - 1.2,
            "lower": mean - 2,
            "upper": mean,
        },
        {
            "survey": survey.name,
            "scope": "surveys",
            "statistic": "line",
            "other": "2022",
            "group": "2023",
            "estimate": 0.0,
            "text": "rule",
        },
        {
            "survey": survey.name,
            "scope": "surveys",
            "statistic": "line",
            "other": "2023",
            "group": survey.name,
            "estimate": 1.0,
        },
        {**city, "other": "2022", "statistic": "ikm_then", "estimate": 80.0, "method": "published"},
        {
            "survey": survey.name,
            "scope": "surveys",
            "other": "2023",
            "statistic": "comparability",
            "estimate": 1.0,
            "method": "executor",
        },
        {
            "survey": survey.name,
            "scope": "surveys",
            "other": "2023",
            "item": "U3",
            "statistic": "comparability",
            "estimate": 0.0,
            "text": "wording",
        },
        {
            "survey": survey.name,
            "scope": "surveys",
            "other": "2022",
            "statistic": "comparability",
            "estimate": 0.0,
            "text": "rule,mode",
        },
    ]
    counts = {
        word: sum(r.get("text") == word for r in out["city"] if r["statistic"] == "target")
        for word in ("above", "below", "undecided")
    }
    out["city"] += [
        *(
            {**city, "statistic": f"units_{w}", "numerator": c, "denominator": len(known), "estimate": c}
            for w, c in counts.items()
        ),
        {**city, "statistic": "reached", "numerator": 3, "denominator": len(known), "estimate": 3},
        {
            **city,
            "statistic": "target",
            "other": "88.31",
            "text": "undecided",
            "estimate": 0.4,
            "numerator": -231,
            "denominator": 100,
            "lower": 85.2,
            "upper": 88.9,
        },
        {
            **city,
            "statistic": "ikm_design",
            "method": "mean-of-units",
            "text": "headline",
            "estimate": mean,
            "lower": mean - 0.4,
            "upper": mean + 0.4,
        },
        {
            **city,
            "statistic": "ikm_design",
            "method": "pooled",
            "estimate": mean - 0.3,
            "lower": mean - 1,
            "upper": mean,
        },
        {**city, "statistic": "ikm_design", "method": "population-weighted", "reason": "no-population"},
        {**city, "statistic": "headline_effect", "method": "pooled", "estimate": -0.3, "text": "B>C"},
    ]
    for kind, group, word in (
        ("sex", "female", "equivalent"),
        ("education", "sd", "below"),
        ("education", "s1", "undecided"),
    ):
        base = {**city, "item": kind, "group": group, "other": "rest", "n": 300}
        out["equity"] += [
            {
                **base,
                "statistic": "gap",
                "estimate": -2.1,
                "lower": -3.0,
                "upper": -1.2,
                "text": word,
                "p": 0.01,
                "p_adjusted": 0.02 if word == "below" else 0.4,
            },
            {**base, "statistic": "gap_adjusted", "estimate": -1.1, "lower": -2.0, "upper": -0.2},
            {
                **base,
                "statistic": "interaction",
                "estimate": 0.8,
                "p": 0.04,
                "p_adjusted": 0.12,
                "text": "undecided",
                "numerator": 7,
                "denominator": 12,
            },
        ]
    out["importance"] += [
        {**city, "statistic": "quadrant_cut", "method": "derived", "group": group, "estimate": value}
        for group, value in (("performance", 3.3), ("importance", 0.32))
    ]
    names = ("concentrate-here", "keep-up", "low-priority", "possible-overkill")
    for k, item in enumerate(items):
        base = {**city, "item": item, "n": 2000, "method": "derived"}
        out["importance"] += [
            {**base, "statistic": "share_of_variance", "estimate": 1 / len(items)},
            {**base, "statistic": "importance_pooled", "estimate": 0.5},
            {**base, "statistic": "quadrant", "estimate": 0.9, "text": names[k % 4]},
            {
                **base,
                "statistic": "quadrant_performance",
                "estimate": 3 + k / 12,
                "lower": 2.95 + k / 12,
                "upper": 3.05 + k / 12,
            },
            {
                **base,
                "statistic": "quadrant_importance",
                "estimate": 0.3 + 0.04 * float(draw.random()),
                "lower": 0.28,
                "upper": 0.36,
            },
            {**base, "statistic": "quadrant_tilt", "estimate": -0.2},
            {**base, "statistic": "gap", "estimate": -0.4, "lower": -0.5, "upper": -0.3},
            {**base, "statistic": "perception", "estimate": 3.2},
            {**base, "statistic": "expectation", "estimate": 3.6},
        ]
    out["adjustment"] += [
        {**city, "statistic": "correlation", "estimate": 0.998},
        {**city, "statistic": "ordinal_correlation", "estimate": 0.991},
        {
            **city,
            "statistic": "coefficient",
            "item": "sex",
            "group": "female",
            "other": "male",
            "estimate": 0.2,
        },
    ]
    return out
