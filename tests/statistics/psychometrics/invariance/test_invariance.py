"""Do groups and units use the items alike: held against lavaan and ordinal::clm, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from pipeline import results
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.response_patterns import Patterns, patterns
from pipeline.statistics.psychometrics.factor import cfa_wlsmv
from pipeline.statistics.psychometrics.invariance import (
    cumulative_logit,
    dif,
    multigroup_cfa,
)
from pipeline.statistics.psychometrics.invariance import (
    table as invariance,
)
from pipeline.statistics.psychometrics.invariance.collapse_categories import join
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")

ORACLE = Path(__file__).resolve().parents[3] / "oracle"
ITEMS = [f"U{j}" for j in range(1, 10)]


@pytest.fixture(scope="module")
def four() -> sets.ReferenceSet:
    """Four units of 300; U3 is easier in unit d, U6 measures less in unit c."""
    return sets.read(ORACLE, "33_four_units")


def by_group(frame: pd.DataFrame, labels: pd.Series) -> list[Patterns]:
    grouped = group(frame, labels)
    return [patterns(grouped, u, np.ones(frame.shape[1], dtype=bool)) for u in range(len(grouped.units))]


def agree(models: list[multigroup_cfa.GroupModel], expected: dict, tolerance: float) -> None:
    for place, model in enumerate(models):
        fit = expected["fit"][model.level]
        assert model.converged
        assert model.fit.df == fit["df"]
        for mine, key in (
            (model.fit.chisq, "chisq"), (model.fit.cfi, "cfi"), (model.fit.tli, "tli"),
            (model.fit.rmsea, "rmsea"), (model.fit.lower, "rmsea.ci.lower"),
            (model.fit.upper, "rmsea.ci.upper"), (model.srmr, "srmr"),
            (model.fit_scaled.chisq, "chisq.scaled"), (model.fit_scaled.cfi, "cfi.scaled"),
            (model.fit_scaled.tli, "tli.scaled"), (model.fit_scaled.rmsea, "rmsea.scaled"),
        ):  # fmt: skip
            if key in fit:
                assert mine == pytest.approx(fit[key], rel=tolerance, abs=tolerance), (model.level, key)
        if place:
            test = {k: sets.numbers(expected["lr"][k])[place] for k in ("chisq_diff", "df_diff", "p")}
            assert model.change == pytest.approx(test["chisq_diff"], rel=2 * tolerance)
            assert model.change_df == test["df_diff"]
            assert model.change_p == pytest.approx(test["p"], rel=1e-4)


def test_four_levels_of_the_ordinal_model_equal_lavaan_in_two_groups(reference: Path):
    folder = reference / "16_two_groups"
    data = pd.read_csv(folder / "data_ordinal_form.csv").dropna()
    groups = [cfa_wlsmv.prepare(g) for g in by_group(data[ITEMS].astype("Int64"), data["form"].astype(str))]
    expected = json.loads((folder / "results.json").read_text())["wlsmv_form"]
    agree(multigroup_cfa.fit_ordinal(groups), expected, 1e-6)


def test_four_levels_of_three_facets_by_maximum_likelihood_equal_lavaan(reference: Path):
    folder = reference / "16_two_groups"
    data = pd.read_csv(folder / "data.csv")
    groups = by_group(data.drop(columns="school"), data["school"])
    expected = json.loads((folder / "results.json").read_text())["ml_school"]
    agree(multigroup_cfa.fit_normal(groups, np.repeat([0, 1, 2], 3)), expected, 1e-5)


def test_four_groups_equal_lavaan_with_the_constraints_written_out(four: sets.ReferenceSet):
    groups = by_group(four.answers, four.by)
    agree(
        multigroup_cfa.fit_ordinal([cfa_wlsmv.prepare(g) for g in groups]),
        four.results["invariance"]["wlsmv"],
        1e-6,
    )
    agree(multigroup_cfa.fit_normal(groups), four.results["invariance"]["ml"], 1e-5)


def test_the_order_of_the_groups_changes_nothing(four: sets.ReferenceSet):
    groups = [cfa_wlsmv.prepare(g) for g in by_group(four.answers, four.by)][:2]
    one, other = multigroup_cfa.fit_ordinal(groups), multigroup_cfa.fit_ordinal(groups[::-1])
    for a, b in zip(one, other):
        assert a.fit.chisq == pytest.approx(b.fit.chisq, rel=1e-8)
        assert a.fit_scaled.chisq == pytest.approx(b.fit_scaled.chisq, rel=1e-7)


def test_differential_items_equal_ordinal_regression_in_r(four: sets.ReferenceSet):
    found = dif.differential(group(four.answers, four.by))
    p, flag = dif.flagged(found)
    for j, item in enumerate(four.items):
        expected = four.results["dif"][item]
        assert found[j].uniform[0] == pytest.approx(expected["uniform"], abs=1e-6)
        assert found[j].non_uniform[0] == pytest.approx(expected["nonuniform"], abs=1e-6)
        assert found[j].both[1] == 2 * expected["df"]
        assert found[j].r2 == pytest.approx(expected["r2"], abs=1e-8)
        assert p[j] == pytest.approx(expected["p_bh"], rel=1e-6)
        level = np.array(list(expected["level"].values()))
        assert found[j].level == pytest.approx(level - level.mean(), abs=1e-4)
    assert [item for item, out in zip(four.items, flag) if out] == ["U3", "U6"]


def test_the_cumulative_logit_of_counts_equals_clm(reference: Path):
    folder = reference / "15_cumulative_logit"
    ratings = pd.read_csv(folder / "data.csv")
    expected = json.loads((folder / "results.json").read_text())["clm_logit"]
    counts = np.zeros((2, 2, 5))
    place = (
        ratings["contact"].eq("yes").astype(int),
        ratings["temp"].eq("warm").astype(int),
        ratings["rating"] - 1,
    )
    np.add.at(counts, place, 1)
    found = cumulative_logit.fit(counts, np.array([0.0, 1.0]), "uniform")
    assert found.log_likelihood == pytest.approx(expected["logLik"], abs=1e-8)
    assert found.slope == pytest.approx(expected["est"]["tempwarm"], abs=1e-5)
    assert found.level[1] == pytest.approx(expected["est"]["contactyes"], abs=1e-5)


def test_the_cumulative_logit_of_counts_is_that_of_statsmodels_ordered_model():
    random = np.random.default_rng(3)
    unit, score = random.integers(0, 4, 500), random.integers(0, 6, 500)
    judged = 0.5 * score + np.array([0.0, 0.6, -0.4, 0.2])[unit] + random.logistic(size=500)
    answer = np.digitize(judged, [0.0, 1.5, 3.0])
    counts = np.zeros((4, 6, 4))
    np.add.at(counts, (unit, score, answer), 1)
    found = cumulative_logit.fit(counts, np.arange(6.0), "uniform")
    columns = np.column_stack([score, *(unit == at for at in (1, 2, 3))]).astype(float)
    expected = OrderedModel(answer, columns, distr="logit").fit(method="bfgs", disp=0, gtol=1e-8)
    assert found.log_likelihood == pytest.approx(expected.llf, abs=1e-8)
    assert [found.slope, *found.level[1:]] == pytest.approx(expected.params[:4], abs=1e-5)


def test_the_table_names_the_items_that_units_use_differently(four: sets.ReferenceSet):
    table = invariance.table(four.answers, four.by)
    verdict = results.pick(table, statistic="dif_r2", method="nagelkerke-adjusted").set_index("item")["text"]
    assert verdict["U3"] == "uniform"
    assert verdict["U6"] == "non-uniform"
    assert set(verdict.drop(["U3", "U6"])) == {""}
    level = results.pick(table, statistic="dif_level", item="U3").set_index("unit")["estimate"]
    assert level.idxmax() == "d"
    rank = results.pick(table, statistic="rank_tau").iloc[0]
    assert rank["item"] == "U3,U6"
    assert rank["text"] == "changed"
    moved = results.pick(table, statistic="rank_shift_without_dif").set_index("unit")["estimate"]
    assert moved["d"] < 0
    assert moved.sum() == 0


def test_units_that_are_few_are_compared_by_models_and_the_level_that_holds_is_said(four: sets.ReferenceSet):
    table = invariance.table(four.answers, four.by)
    found = results.pick(table, statistic="invariance", group="unit").set_index("method")
    assert found["text"].to_dict() == {"wlsmv-scaled": "thresholds", "ml": "configural"}
    assert found["denominator"].tolist() == [4, 4]
    change = results.pick(table, statistic="scalar", other="chisq_change", method="wlsmv-scaled").iloc[0]
    assert (change["df"], change["p"] < 1e-10) == (24, True)
    assert set(table["reason"]) <= {"", *results.REASONS}
    assert table.loc[table["reason"].eq(""), "estimate"].notna().all()


def made(n: int, cuts: tuple[float, ...] = (-1.8, -1.0, 0.3), seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    latent = 0.7 * rng.normal(size=(n, 1)) + 0.51**0.5 * rng.normal(size=(n, 9))
    return pd.DataFrame(1 + (latent[..., None] > np.array(cuts)).sum(axis=2), columns=ITEMS).astype("Int64")


def of_sex(answers: pd.DataFrame, sizes: tuple[int, ...]) -> pd.DataFrame:
    names = ["female", "male", "c", "d", "e", "f"]
    return pd.DataFrame({"sex": np.repeat(names[: len(sizes)], sizes)[: len(answers)]})


def test_groups_that_differ_in_nothing_hold_every_level():
    table = invariance.table(made(1000), groups=of_sex(made(1000), (500, 500)))
    assert results.pick(table, statistic="invariance")["text"].tolist() == ["scalar", "strict"]
    assert set(results.pick(table, statistic="configural")["text"]) == {"female,male"}


def refusal(answers: pd.DataFrame, groups: pd.DataFrame, method: str) -> str:
    found = results.pick(invariance.table(answers, groups=groups), statistic="configural", method=method)
    assert len(found) == 1
    assert np.isnan(found["estimate"].iloc[0])
    return str(found["reason"].iloc[0])


def test_a_small_group_is_left_out_and_two_are_needed():
    answers = made(460)
    assert refusal(answers, of_sex(answers, (400, 60)), "wlsmv") == "few-groups"
    assert refusal(answers, of_sex(answers, (310, 150)), "wlsmv") == "few-groups"
    table = invariance.table(made(660), groups=of_sex(made(660), (300, 300, 60)))
    assert set(results.pick(table, statistic="invariance")["text"]) == {"scalar", "strict"}
    assert set(results.pick(table, statistic="configural")["n"]) == {600}


def test_more_than_five_groups_are_not_for_a_model():
    answers = made(1260)
    assert refusal(answers, of_sex(answers, (210,) * 6), "wlsmv") == "many-groups"


def test_an_answer_one_group_never_gave_is_joined_to_its_neighbour_and_named():
    answers, groups = made(800), of_sex(made(800), (400, 400))
    answers.loc[groups["sex"].eq("male") & answers["U2"].eq(1), "U2"] = 2
    table = invariance.table(answers, groups=groups)
    joined = results.pick(table, statistic="categories_joined")
    assert joined[["item", "text", "estimate"]].to_numpy().tolist() == [["U2", "1+2", 3]]
    assert results.pick(table, statistic="invariance", method="wlsmv-scaled")["estimate"].notna().all()


def test_where_too_few_answers_are_left_the_model_is_refused_not_forced():
    answers, groups = made(800), of_sex(made(800), (400, 400))
    answers[groups["sex"].eq("male").to_numpy()] = answers.clip(lower=3)
    assert refusal(answers, groups, "wlsmv") == "empty-category"
    table = invariance.table(answers, groups=groups)
    assert set(results.pick(table, statistic="item_left_out")["item"]) == set(ITEMS)
    answers[:] = 4
    assert refusal(answers, groups, "ml") == "few-items"


@pytest.mark.parametrize(
    ("groups", "note", "categories"),
    [
        ([[1, 2, 3, 4], [1, 2, 3, 4]], "", 4),
        ([[1, 2, 3, 4], [3, 4]], "1+2+3", 2),
        ([[1, 2, 3, 3, 4], [1, 3, 4]], "1+2", 3),
        ([[1, 2, 3, 4, 4], [2, 3, 3]], "1+2 3+4", 2),
        ([[4, 4], [4]], "", 1),
    ],
)
def test_answers_are_joined_only_where_a_group_lacks_them(groups: list, note: str, categories: int):
    found = join([np.array(g) for g in groups])
    assert (found.note, found.categories) == (note, categories)
    assert all(set(codes) == set(range(categories)) for codes in found.codes)


def test_awkward_units_take_no_part_and_are_no_error():
    answers = made(700)
    unit = pd.Series(
        ["a"] * 200 + ["b"] * 200 + ["fours"] * 100 + ["tiny"] * 20 + ["unknown"] * 100 + ["c"] * 80
    )
    answers[unit.eq("fours").to_numpy()] = 4
    answers.loc[unit.eq("c").to_numpy(), "U5"] = pd.NA
    table = invariance.table(answers, unit, leave_out={"unknown": "excluded"})
    tested = results.pick(table, statistic="dif_uniform", scope="city")
    assert tested["df"].tolist() == [1.0] * 9
    left = results.pick(table, scope="unit", statistic="dif_r2").set_index("unit")["reason"]
    # Unit c never answered U5: none of its rows is complete.
    assert left.to_dict() == {"c": "too-few", "fours": "no-variance", "tiny": "too-few"}
    assert np.isfinite(tested["estimate"]).all()
    assert results.pick(table, statistic="rank_tau")["reason"].tolist() == [""]


def test_types_are_tested_by_themselves_and_one_unit_cannot_be():
    answers, unit = made(600), np.repeat(["a", "b", "c"], 200)
    table = invariance.table(answers, unit, types={"a": "dinas", "b": "dinas", "c": "kelurahan"})
    rows = results.pick(table, statistic="dif_r2", method="nagelkerke")
    assert rows.groupby(["scope", "group"]).size().to_dict() == {
        ("city", ""): 9, ("type", "dinas"): 9, ("type", "kelurahan"): 1
    }  # fmt: skip
    assert rows.loc[rows["group"].eq("kelurahan"), "reason"].tolist() == ["few-units"]


def test_fractions_and_nobody_are_refused_in_words():
    answers = made(400).astype(float) + 0.5
    table = invariance.table(answers, np.repeat(["a", "b"], 200), groups=of_sex(answers, (200, 200)))
    assert set(results.pick(table, statistic="dif_r2")["reason"]) == {"not-estimable"}
    assert refusal(answers, of_sex(answers, (200, 200)), "wlsmv") == "not-estimable"
    assert len(invariance.table(made(3).iloc[:0], [], groups=of_sex(made(3), (0, 0)).iloc[:0])) == 2
