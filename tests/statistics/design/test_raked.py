"""The index weighted to a register: against R's survey, and each refusal with its reason."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import results
from pipeline.statistics.design import raked
from pipeline.statistics.design.raking import rake
from tests.support.reference_sets import ORACLE

SET = ORACLE / "41_register_margins"
ITEMS = [f"U{j}" for j in range(1, 10)]


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(SET / "data.csv")


@pytest.fixture(scope="module")
def r() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SET / "results.json").read_text())
    return found


def made(people: pd.DataFrame, margins: dict[str, Any], **more: Any) -> pd.DataFrame:
    return raked.table(
        people[ITEMS].astype("Int64"), ["a"] * len(people), traits=people, units={"a": margins}, **more
    )


def value(table: pd.DataFrame, statistic: str, **where: str) -> Any:
    return next(results.rows_of(results.pick(table, statistic=statistic, **where)))


@pytest.mark.parametrize(
    ("name", "traits"), [("three", ("sex", "age_band", "service")), ("sex_only", ("sex",))]
)
def test_weighted_index_error_and_design_effects_are_those_of_r_s_survey(people, r, name, traits) -> None:
    margins, theirs = {t: r["register"][t] for t in traits}, r[name]
    free, whole = made(people, margins), made(people, margins, population={"a": theirs["N"]})
    for table, key in ((free, "calibrate_without_fpc"), (whole, "calibrate"), (whole, "rake")):
        row = value(table, "ikm_raked")
        assert [row.estimate, row.lower, row.upper] == pytest.approx(
            [theirs[key]["index"], *theirs[key]["ci"]], abs=1e-9
        )
        assert (row.df, row.n, row.reason) == (len(people) - 1, len(people), "")
    assert value(free, "ikm_unraked").estimate == pytest.approx(theirs["unweighted"], abs=1e-10)
    assert value(free, "design_effect", method="kish").estimate == pytest.approx(theirs["kish"], abs=1e-9)
    assert value(free, "design_effect", method="raking").estimate == pytest.approx(theirs["deff"], abs=1e-9)
    ends = [value(free, f"weight_{end}").estimate for end in ("smallest", "largest")]
    assert ends == pytest.approx(theirs["weight_range"], abs=1e-9)
    shift = value(free, "raking_shift").estimate
    assert shift == pytest.approx(theirs["calibrate"]["index"] - theirs["unweighted"], abs=1e-9)


def test_every_weight_is_r_s_and_who_stated_nothing_keeps_their_share(people, r) -> None:
    prepared = [raked.margin(list(people[t].astype(object)), r["register"][t]) for t in r["register"]]
    found = rake([m.codes for m in prepared], [m.shares for m in prepared])
    assert found.converged
    np.testing.assert_allclose(found.weights, r["three"]["weights"], atol=1e-9)
    silent = people["sex"].isna().to_numpy()
    assert found.weights[silent].sum() == pytest.approx(silent.sum())


def test_margins_that_the_respondents_have_already_leave_the_official_index_and_its_error() -> None:
    draw = np.random.default_rng(5)
    answers = pd.DataFrame(draw.integers(2, 5, (200, 3)), columns=["U1", "U2", "U3"])
    sex = pd.DataFrame({"sex": ["female", "male"] * 100})
    table = raked.table(answers, ["a"] * 200, traits=sex, units={"a": {"sex": {"female": 9, "male": 9}}})
    row = value(table, "ikm_raked")
    assert row.estimate == pytest.approx(25 * answers.to_numpy().mean(), abs=1e-12)
    assert value(table, "raking_shift").estimate == pytest.approx(0, abs=1e-12)
    assert value(table, "design_effect", method="kish").estimate == pytest.approx(1)


def refusal(sex: list[Any], margins: dict[str, Any], n: int = 100, **more: Any) -> str:
    draw = np.random.default_rng(1)
    answers = pd.DataFrame(draw.integers(2, 5, (n, 2)), columns=["U1", "U2"])
    if more.pop("silent", False):
        answers["U2"] = pd.array([pd.NA] * n, dtype="Int64")
    people = pd.DataFrame({"sex": sex, "service": ["x", "y"] * (n // 2)})
    table = raked.table(answers, ["a"] * n, traits=people, units={"a": margins}, **more)
    assert table["statistic"].tolist() == ["ikm_raked"]
    assert table["estimate"].isna().all()
    return str(table["reason"].iloc[0])


EVEN = {"sex": {"female": 50, "male": 50}}
BOTH = EVEN | {"service": {"x": 50, "y": 50}}


def test_what_cannot_be_weighted_is_refused_with_its_reason() -> None:
    half = ["female", "male"] * 50
    assert refusal(["female", "male"] * 14, EVEN, n=28) == "too-few"
    assert refusal(["female"] * 96 + ["male"] * 4, BOTH) == "margin-few"
    assert refusal(["female"] * 100, BOTH) == "margin-few"
    # Of two groups alone both means would follow from the two indices: as of a gap, from thirty on.
    assert refusal(["female"] * 71 + ["male"] * 29, EVEN) == "margin-few"
    assert refusal(half[:78] + [None] * 22, EVEN) == "margin-unstated"
    assert (
        refusal(["female"] * 94 + ["male"] * 6, {**BOTH, "sex": {"female": 50, "male": 50}}) == "weights-wide"
    )
    # Women were asked at x only and men at y only: no weights have three quarters of one and a quarter of the other.
    assert (
        refusal(half, {"sex": {"female": 75, "male": 25}, "service": {"x": 25, "y": 75}}) == "not-converged"
    )
    assert refusal(half, EVEN, population={"a": 100}) == "census"
    assert refusal(half, EVEN, silent=True) == "item-unanswered"


def test_a_unit_that_all_answered_alike_has_no_width() -> None:
    answers = pd.DataFrame({"U1": [4] * 80, "U2": [4] * 80})
    sex = pd.DataFrame({"sex": ["female", "male"] * 40})
    row = value(raked.table(answers, ["a"] * 80, traits=sex, units={"a": EVEN}), "ikm_raked")
    assert (row.estimate, row.reason) == (100.0, "no-variance")
    assert np.isnan(row.lower)


def test_the_city_is_weighted_over_the_people_of_its_own_units_only(people, r) -> None:
    unit = np.where(np.arange(len(people)) % 3, "a", "b")
    common: dict[str, Any] = {
        "traits": people,
        "city": {"sex": r["register"]["sex"]},
        "city_items": ITEMS[:4],
    }
    both = raked.table(people[ITEMS].astype("Int64"), unit, city_units=["a"], **common)
    assert set(both["scope"]) == {"city"}
    alone = people[unit == "a"]
    mine = raked.table(
        alone[ITEMS[:4]].astype("Int64"), ["a"] * len(alone), traits=alone, units={"a": common["city"]}
    )
    assert both["estimate"].tolist() == pytest.approx(mine["estimate"].tolist())
