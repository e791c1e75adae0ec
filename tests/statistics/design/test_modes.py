"""Ways of asking held against one another: against R's lm and svyglm, and each refusal."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from pipeline import results
from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.design import modes
from tests.support.reference_sets import ORACLE

SET = ORACLE / "44_modes"
PEOPLE = pd.read_csv(SET / "data.csv")
ITEMS = [f"U{j}" for j in range(1, 10)]
R: list[dict[str, Any]] = json.loads((SET / "results.json").read_text())["pairs"]


def made(people: pd.DataFrame, **more: Any) -> pd.DataFrame:
    given: dict[str, Any] = {"mode": people["mode"], "attributes": people[["sex", "age"]]} | more
    return modes.table(people[ITEMS].astype("Int64"), people["unit"], **given)


def row(table: pd.DataFrame, statistic: str, pair: Any) -> tuple[Any, float]:
    for first, second, sign in ((*pair, 1), (*pair[::-1], -1)):
        found = list(results.rows_of(results.pick(table, statistic=statistic, group=first, other=second)))
        if found:
            return found[0], sign
    raise KeyError(pair)


def test_contrast_error_and_p_are_those_of_r() -> None:
    table = made(PEOPLE)
    for theirs in R:
        mine, sign = row(table, "mode_gap_adjusted", theirs["pair"])
        assert sign * mine.estimate == pytest.approx(theirs["estimate"], abs=1e-9)
        assert sign * mine.estimate == pytest.approx(theirs["lm"], abs=1e-9)
        assert mine.p == pytest.approx(theirs["p"], abs=1e-10)
        assert (mine.n, mine.numerator, mine.df) == (theirs["n"], theirs["units"], theirs["df"])
        plain, sign = row(table, "mode_gap", theirs["pair"])
        assert sign * plain.estimate == pytest.approx(theirs["plain"], abs=1e-10)
    pairs = results.pick(table, statistic="mode_gap_adjusted")
    np.testing.assert_allclose(pairs["p_adjusted"], holm(pairs["p"].to_numpy()))
    assert set(pairs["text"]) <= {"apart", "undecided"}


def test_the_coefficient_is_that_of_statsmodels_with_a_constant_for_each_unit() -> None:
    pair = ("online", "self-paper")
    rows = PEOPLE.dropna(subset=["age"])
    rows = rows[rows["mode"].isin(pair) & rows["unit"].isin(list("abf"))]
    rows = rows.assign(score=25 * rows[ITEMS].mean(axis=1), first=(rows["mode"] == "online").astype(float))
    fit = smf.ols("score ~ first + C(unit) + C(sex) + age", rows).fit(cov_type="HC0")
    mine, sign = row(made(PEOPLE), "mode_gap_adjusted", pair)
    assert sign * mine.estimate == pytest.approx(float(fit.params["first"]), abs=1e-9)
    half = (mine.upper - mine.lower) / 2
    wide = np.sqrt(len(rows) / (len(rows) - 1)) * float(fit.bse["first"])
    assert half == pytest.approx(wide * 1.96, rel=0.01)


def test_way_and_unit_that_go_together_are_told_apart_by_nothing() -> None:
    alone = PEOPLE[PEOPLE["unit"].isin(["c", "h"])]
    table = made(alone)
    assert table[["statistic", "reason"]].values.tolist() == [["mode_gap_adjusted", "confounded"]]
    assert table["estimate"].isna().all()


def test_few_of_either_way_are_refused_and_mixed_ways_or_one_way_give_no_contrast() -> None:
    kiosk = PEOPLE[(PEOPLE["unit"] == "f") & (PEOPLE["mode"] == "kiosk")].head(6)
    far = PEOPLE[(PEOPLE["unit"] == "i")]
    online = PEOPLE[PEOPLE["unit"].isin(["f", "g"]) & (PEOPLE["mode"] == "online")]
    few = made(pd.concat([kiosk, far, online], ignore_index=True))
    assert few["reason"].tolist() == ["too-few"]
    assert len(made(online)) == 0
    assert len(made(PEOPLE, mode=["mixed"] * len(PEOPLE))) == 0


def test_answers_all_alike_have_no_contrast() -> None:
    same = PEOPLE.assign(**dict.fromkeys(ITEMS, 4))
    assert set(made(same)["reason"]) == {"no-variance"}
