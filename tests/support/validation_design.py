"""How answers were collected, held against R: what `validation` writes of registers, clusters and modes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from pipeline import results
from pipeline.statistics.design import clusters, modes, raked
from pipeline.statistics.design.raking import rake
from pipeline.statistics.psychometrics.response import graded

Found = tuple[str, Any, Any, float, bool]
#: What makes each set hard.
SETS = {
    "41_register_margins": "a register of three characteristics, some not stated, answers missing; n = 420",
    "42_clusters": "fourteen interviewers of unequal industry, 28 days, answers missing; n = 360",
    "44_modes": "three ways of asking, units with one or several, respondents who differ by way; n = 900",
}
SECTION = "Collection"
#: The item response model, in a section of its own.
RESPONSE = {
    "43_graded_response": "graded answers near the ceiling, discriminations .5 to 2.8, answers missing; n = 900"
}
#: Two surveys, with the other sets of invariance.
YEARS = {"45_two_years": "two years, two unsur answered otherwise in the later one; n = 1,400"}
RESPONSE_SECTION = "Item response"


def response(data: pd.DataFrame, r: dict[str, Any]) -> Iterator[Found]:
    """What is compared of the graded response model."""
    values, theirs = data.to_numpy(dtype=float), r["graded"]
    codes = np.where(np.isnan(values), -1, values - 1).astype(int)
    model = graded.fit(codes, [int(n) for n in data.max()])
    yield "log-likelihood (at R's maximum)", model.log_likelihood, theirs["log_likelihood"], 1e-6, False
    yield "log-likelihood (ltm, 21 points)", model.log_likelihood, theirs["ltm"]["log_likelihood"], 0.5, False
    yield "discriminations", model.discrimination, list(theirs["discrimination"].values()), 1e-4, False
    yield (
        "discriminations (ltm, 21 points)",
        model.discrimination,
        list(theirs["ltm"]["discrimination"].values()),
        0.1,
        False,
    )
    mine, expected = np.concatenate(model.intercepts), np.concatenate(list(theirs["intercepts"].values()))
    yield "intercepts", mine, expected, 3e-4, False
    yield "errors of the discriminations", model.errors, list(theirs["se_cross"].values()), 1e-4, False
    theta, pairs = np.array(theirs["theta"]), list(zip(model.discrimination, model.intercepts, strict=True))
    each = [graded.information(theta, a, d) for a, d in pairs]
    yield "information of the items along the trait", each, theirs["information"], 1e-3, False
    mean = np.mean([graded.expected(theta, a, d, 1.0 + np.arange(len(d) + 1)) for a, d in pairs], axis=0)
    yield "mean answer along the trait", mean, theirs["mean_answer"], 1e-4, False


def of(folder: str, data: pd.DataFrame, r: dict[str, Any]) -> Iterator[Found]:
    """What is compared of one of these sets."""
    rule = {"41": _register, "42": _clusters, "44": _modes}[folder[:2]]
    yield from rule(data, r)


def _value(table: pd.DataFrame, statistic: str, method: str, column: str = "estimate") -> float:
    found = results.pick(table, statistic=statistic, method=method)
    return float(found[column].iloc[0])


def _register(data: pd.DataFrame, r: dict[str, Any]) -> Iterator[Found]:
    items, theirs = r["meta"]["items"], r["three"]
    common: dict[str, Any] = {"traits": data, "units": {"a": r["register"]}}
    free = raked.table(data[items], ["a"] * len(data), **common)
    whole = raked.table(data[items], ["a"] * len(data), population={"a": theirs["N"]}, **common)
    prepared = [raked.margin(list(data[t].astype(object)), r["register"][t]) for t in r["register"]]
    weights = rake([m.codes for m in prepared], [m.shares for m in prepared]).weights
    yield "weights of raking (survey: calibrate)", weights, theirs["weights"], 1e-9, False
    for name, table, key in (
        ("rake", whole, "rake"),
        ("calibrate, without population", free, "calibrate_without_fpc"),
    ):
        mine = [_value(table, "ikm_raked", "raking", c) for c in ("estimate", "lower", "upper")]
        yield (
            f"weighted index and interval (survey: {name})",
            mine,
            [theirs[key]["index"], *theirs[key]["ci"]],
            1e-9,
            False,
        )
    mine = [_value(free, "design_effect", method) for method in ("kish", "raking")]
    yield (
        "design effects of the weights and of the estimate",
        mine,
        [theirs["kish"], theirs["deff"]],
        1e-9,
        False,
    )


def _clusters(data: pd.DataFrame, r: dict[str, Any]) -> Iterator[Found]:
    ways = ["interviewer", "day"]
    table = clusters.table(data[r["meta"]["items"]], ["a"] * len(data), clusters=data[ways], units=["a"])
    mine = [[_value(table, "ikm_clustered", way, c) for c in ("estimate", "lower", "upper")] for way in ways]
    theirs = [[r[way]["index"], *r[way]["ci"]] for way in ways]
    yield "index and clustered interval (survey: svydesign)", np.ravel(mine), np.ravel(theirs), 1e-10, False
    mine = [_value(table, "design_effect", way) for way in ways]
    yield "design effect of clusters", mine, [r[way]["deff"] for way in ways], 1e-10, False
    mine = [_value(table, "cluster_icc", way) for way in ways]
    yield "intraclass correlation (lme4)", mine, [r[way]["lmer"]["icc"] for way in ways], 1e-6, False


def _modes(data: pd.DataFrame, r: dict[str, Any]) -> Iterator[Found]:
    mode, held = data["mode"], data[["sex", "age"]]
    table = modes.table(data[r["meta"]["items"]].astype("Int64"), data["unit"], mode=mode, attributes=held)
    rows = {}
    for row in results.rows_of(results.pick(table, statistic="mode_gap_adjusted")):
        rows[row.group, row.other], rows[row.other, row.group] = (row, 1), (row, -1)
    mine = [sign * row.estimate for row, sign in (rows[tuple(one["pair"])] for one in r["pairs"])]
    yield (
        "difference of modes (lm, survey: svyglm)",
        mine,
        [one["estimate"] for one in r["pairs"]],
        1e-9,
        False,
    )
    wide = [
        (row.upper - row.lower) / 2 / stdtrit(row.df, 0.975)
        for row, _ in (rows[tuple(one["pair"])] for one in r["pairs"])
    ]
    yield "its error (svyglm)", wide, [one["se"] for one in r["pairs"]], 1e-9, False
    p = [rows[tuple(one["pair"])][0].p for one in r["pairs"]]
    yield "its p", p, [one["p"] for one in r["pairs"]], 1e-9, False
