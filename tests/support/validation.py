"""Hold every statistic against R on every oracle set, and write ``docs/validation.md``.

Run ``python -m tests.support.validation`` from the project root to write the document. Its test holds every
number within its tolerance, each deviation within what the document prints, and the document byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import results
from pipeline.statistics.compare import omnibus, pairwise
from pipeline.statistics.compare.funnel import funnel
from pipeline.statistics.compare.random_intercept import random_intercept
from pipeline.statistics.compare.rank_sets import expected_ranks, rankability
from pipeline.statistics.data.covariance import correlation, listwise
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.response_patterns import patterns
from pipeline.statistics.data.scores import Scores, anova, scores
from pipeline.statistics.index import table as index
from pipeline.statistics.psychometrics.correlation import association, polychoric
from pipeline.statistics.psychometrics.factor import cfa_ml, cfa_wlsmv, efa
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.factor.htmt import htmt
from pipeline.statistics.psychometrics.invariance import cumulative_logit, dif, multigroup_cfa
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import (
    alpha,
    alpha_intervals,
    omega,
)
from pipeline.statistics.psychometrics.reliability import (
    table as reliability,
)
from pipeline.statistics.psychometrics.reliability.alpha_bca import abc_interval
from tests.support import reference_sets as sets
from tests.support import validation_design as design

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "validation.md"
COVERAGE = ROOT / "benchmarks" / "coverage.json"
#: What makes each set hard.
SETS = {
    "01_six_categories": "six categories, gaps, two facets; n = 2,800",
    "05_zero_variance_item": "U5 is constant; R's factor results on the other eight; n = 150",
    "06_missing5pct": "5 % of the answers missing; n = 600",
    "07_n12": "twelve people; a polychoric matrix that is not positive definite",
    "08_n_less_than_k": "seven people, nine items",
    "11_negative_item": "one item keyed the other way; n = 800",
    "12_constant_unit": "a unit of all fours and a unit of one person, nearly singular; n = 241",
    "13_skm_sim48": "48 units with a known truth; n = 14,066",
    "18_strong_ceiling": "strong ceiling, an item nearly all answered alike; n = 201",
    "20_five_categories": "fifteen items of five categories, eight units; n = 240",
    "31_repeated_item": "U9 repeats U8: a singular matrix; factor results on the other eight; n = 300",
    "32_empty_category": "nobody ever answered 2, U4 has two answers; n = 400",
    "33_four_units": "four units, two items that differ between them; n = 1,200",
}
#: Sets with one kind of statistic only.
MORE = {
    "15_cumulative_logit": "the cumulative logit of few rows; n = 72",
    "16_two_groups": "nine tests of three facets in two groups, and nine ordinal items in two forms; n = 301 and 2,954",
    "17_two_facets": "two facets of five items; n = 2,632",
    **design.SETS,
    **design.RESPONSE,
    **design.YEARS,
}


@dataclass(frozen=True)
class Check:
    """One statistic of one set: how far from R, or why there is no comparison."""

    section: str
    statistic: str
    tolerance: float
    relative: bool
    deviation: float
    note: str = ""


Found = tuple[str, Any, Any, float, bool]


def _flat(values: Any) -> np.ndarray:
    return np.atleast_1d(np.asarray(values, dtype=float)).ravel()


def compare(section: str, found: Found) -> Check:
    """Largest deviation where R has a number; a note where it has none or we refuse."""
    name, mine, theirs, tolerance, relative = found
    mine, theirs = _flat(mine), _flat(theirs)
    known = np.isfinite(theirs)
    if mine.size == 1:
        mine = np.broadcast_to(mine, theirs.shape)
    if not known.any():
        return Check(section, name, tolerance, relative, np.nan, "R: none")
    if not np.isfinite(mine[known]).any():
        return Check(section, name, tolerance, relative, np.nan, "refused")
    gap = np.abs(mine[known] - theirs[known])
    if relative:
        gap = gap / np.maximum(np.abs(theirs[known]), 1.0)
    return Check(section, name, tolerance, relative, float(np.nanmax(gap)))


def _one(table: Any, column: str = "estimate", **where: str) -> float:
    found = results.pick(table, **where)
    return float(found[column].iloc[0]) if len(found) else float("nan")


def _limits(table: Any, **where: str) -> list[float]:
    return [_one(table, "lower", **where), _one(table, "upper", **where)]


def in_index(ref: sets.ReferenceSet) -> Iterator[Found]:
    scale = sets.scale_of(ref.name)
    table = results.pick(index.table(ref.answers, scale=scale), scope="unit")
    unit, r = 25 * scale[1] / 100, ref.results["ikm"]
    yield "index (IKM)", _one(table, statistic="ikm") * unit, r["ikm_item_means"], 1e-10, False
    complete = {"statistic": "ikm_complete"}
    yield "index of complete rows", _one(table, **complete) * unit, r["ikm_complete_cases"], 1e-10, False
    yield "Hall's interval", np.array(_limits(table, **complete)) * unit, r["hall_t"]["ci"], 1e-10, False
    for name, key in (("nrr", "mean"), ("sd", "sd"), ("skewness", "skew_type2")):
        rows = results.pick(table, statistic=name)
        mine = rows[rows["item"] != ""].set_index("item")["estimate"].reindex(ref.items)
        yield f"{name} of each item", mine, ref.per_item(ref.results["descriptives"][key]), 1e-10, False


def in_reliability(ref: sets.ReferenceSet) -> Iterator[Found]:
    r = ref.results["reliability"]
    other, complete = r["alpha_other_ci"], r["alpha_complete_cases"]
    table = reliability.table(ref.answers, models=False)
    grouped = group(ref.answers)
    stack = listwise(grouped)
    cov = stack.cov
    constant = ref.name == "05_zero_variance_item"
    yield "alpha", _one(table, statistic="alpha", method="jackknife"), other["alpha"], 1e-10, False
    value = alpha.alpha(stack.cov, stack.k)
    mine = np.ravel(alpha_intervals.normal_interval(value, alpha_intervals.adf_error(grouped, stack)))
    yield "ADF interval", mine, other["adf_ci95"], 1e-10, False
    mine = np.ravel(alpha_intervals.bonett_interval(value, stack.n, stack.k))
    yield "Bonett's interval", mine, other["bonett2002_ci95"], 1e-10, False
    yield "standardised alpha", _one(table, statistic="alpha_std"), complete["std_alpha"], 1e-10, False
    if constant:
        # psych leaves the constant item out of these without being asked.
        dropped = _one(table, statistic="alpha", method="varying-items")
        yield "alpha of the items that vary", dropped, complete["raw_alpha"], 1e-10, False
    else:
        feldt = [complete["feldt_lower"], complete["feldt_upper"]]
        mine = np.ravel(alpha_intervals.feldt_interval(value, stack.n, stack.k))
        yield "Feldt's interval", mine, feldt, 1e-10, False
        rows = results.pick(table, statistic="alpha_if_dropped")["estimate"]
        yield "alpha if dropped", rows, ref.per_item(complete["raw_alpha_drop"]), 1e-10, False
        mine = _one(table, statistic="alpha", method="pairwise")
        yield "pairwise alpha", mine, r["alpha"]["raw_alpha"], 1e-10, False
        yield "lambda 2", _one(table, statistic="lambda2"), r["guttman"]["cov"]["lambda2"], 1e-10, False
        halves = r["split_half"]["odd_even"]
        yield (
            "split-half (Horst)",
            _one(table, statistic="split_half_horst"),
            halves["horst_unequal"],
            1e-10,
            False,
        )
        r_all = r["split_half"].get("psych_cov", r["split_half"].get("all_cov", {}))
        mine = [_one(table, statistic=f"split_half_{x}") for x in ("min", "mean", "max")]
        expected = [sets.number(r_all.get(x, "NA")) for x in ("min", "mean", "max")]
        yield "all halvings: smallest, mean, largest", mine, expected, 1e-10, False
        mine = _one(table, statistic="split_half_flanagan")
        yield "split-half (Flanagan)", mine, halves["guttman_flanagan_lambda4"], 1e-10, False
    levels = ref.results.get("two_years_and_adjusted", {}).get("mlm_multilevel_alpha")
    if levels is not None:
        mine = _one(reliability.table(ref.answers, ref.by, models=False), statistic="alpha_within")
        yield "alpha within units", mine, levels["alpha_within_centred"], 1e-10, False
    boot = r.get("alpha_boot", {}).get("bca", ["NA", "NA"])
    low, high = sets.numbers(boot)
    # R's limits come from 2,000 draws, which leave open some 4 % of the width; ours from none.
    mine = np.ravel(abc_interval(grouped, stack)) / (high - low)
    yield "BCa interval, in widths", mine, np.array([low, high]) / (high - low), 0.06, False
    if "alpha_abc" in r:
        low, high = sets.numbers(r["alpha_abc"]["ci"])
        # R evaluates alpha where we take its second-order course: seven people are told apart by that.
        mine = np.ravel(abc_interval(grouped, stack)) / (high - low)
        yield "BCa interval without draws, in widths", mine, np.array([low, high]) / (high - low), 0.03, False
    yield "lambda 6", alpha.lambda6(cov), sets.number(complete["lambda6_smc"]), 1e-10, False


def in_validity(ref: sets.ReferenceSet) -> Iterator[Found]:
    r = ref.results["validity"]
    table = validity.table(ref.answers, models=False, draws=0)

    def column(name: str, what: str = "estimate") -> Any:
        return results.pick(table, statistic=name)[what]

    yield "item-total r", column("item_total"), ref.per_item(r["item_total"]["r"]), 1e-10, False
    yield (
        "p of item-total r",
        column("item_total", "p"),
        ref.per_item(r["item_total"]["p_two_sided"]),
        1e-10,
        False,
    )
    yield "item-rest r", column("item_rest"), ref.per_item(r["item_rest"]["r"]), 1e-10, False
    expected = [r["item_total"][f"r_table_5pct_{sides}_sided"] for sides in ("two", "one")]
    yield "r table", column("r_table"), expected, 1e-10, False
    if "item_total_spearman" in r:
        rows = listwise(group(ref.answers))
        ranked = validity.item_spearman(group(ref.answers), rows, rest=False)[0]
        expected = ref.per_item(r["item_total_spearman"]["rho"])
        yield "Spearman's item-total rho", ranked, expected, 1e-10, False
    pair = association.table(ref.answers.dropna())
    upper = np.triu_indices(len(ref.items), 1)
    if "pearson_complete" in r:
        expected = np.array([sets.numbers(row) for row in r["pearson_complete"]["values"]])[upper]
        mine = results.pick(
            validity.table(ref.answers, models=False, draws=0, pearson=True), statistic="pearson"
        )
        yield "Pearson's correlations", mine["estimate"], expected, 1e-10, False
        found = _one(reliability.table(ref.answers, models=False), statistic="mean_r")
        yield "mean inter-item correlation", found, np.nanmean(expected), 1e-10, False
    for name, key in (("spearman", "spearman_complete"), ("kendall", "kendall_complete")):
        if key in r:
            expected = np.array([sets.numbers(row) for row in r[key]["values"]])[upper]
            mine = results.pick(pair, statistic=name)["estimate"]
            yield f"{name.capitalize()}'s correlations", mine, expected, 1e-10, False
    if ref.name == "05_zero_variance_item":
        r = ref.results["after_dropping_zero_variance_items"]["validity"]
        grouped = group(ref.answers, items=ref.results["after_dropping_zero_variance_items"]["items"])
    else:
        grouped = group(ref.answers)
    stack = listwise(grouped)
    matrix = correlation(stack.cov)
    # R prints .5, or rounding noise, for a singular matrix.
    singular = ref.name in ("08_n_less_than_k", "31_repeated_item")
    none = float("nan")
    yield "KMO", validity.kmo(matrix)[0], none if singular else r["kmo"]["overall"], 1e-10, False
    each = [none if singular else sets.number(value) for value in r["kmo"]["items"].values()]
    yield "KMO of each item (MSA)", validity.kmo(matrix)[1], each, 1e-10, False
    test = validity.bartlett(matrix, stack.n)
    yield "Bartlett's chi-squared", test["chi2"], none if singular else r["bartlett"]["chisq"], 1e-10, True
    if "determinant" in r["bartlett"]:
        expected = none if singular else r["bartlett"]["determinant"]
        yield "determinant", test["determinant"], expected, 1e-10, False
    yield "eigenvalues", validity.eigenvalues(matrix), r["eigenvalues_pearson"], 1e-10, False


def in_factors(ref: sets.ReferenceSet) -> Iterator[Found]:
    r, items = ref.results, ref.items
    if ref.name == "05_zero_variance_item":
        r = r["after_dropping_zero_variance_items"]
        items = r["items"]
    if ref.name == "31_repeated_item":
        items = items[:8]
    grouped = group(ref.answers, items=items)
    block, few = r["polychoric"], ref.name == "08_n_less_than_k"
    tight = np.array([sets.numbers(row) for row in block["two_step_tight"]["values"]])
    found = polychoric.matrices(grouped)
    usable = found.reason[0] != "not-estimable"
    yield "polychoric correlations", found.r[0] if usable else np.nan, tight, 1e-7, False
    if "ordinal_alpha" in block and sets.number(block.get("min_eigenvalue", "NaN")) > 0:
        mine = alpha.alpha_standardised(found.r)
        yield "ordinal alpha", mine, sets.number(block["ordinal_alpha"]["alpha"]), 1e-6, False
    if "kmo" in block and sets.number(block.get("min_eigenvalue", "NaN")) > 0:
        mine = validity.kmo(found.identity_filled())[0]
        yield "KMO, polychoric", mine, sets.number(block["kmo"]["overall"]), 1e-6, False
    if usable and "min_eigenvalue" in block and not few:
        least = float(np.linalg.eigvalsh(found.r[0]).min())
        yield "smallest eigenvalue, polychoric", least, sets.number(block["min_eigenvalue"]), 1e-6, False
    if not few:
        for name, matrix, efas in (
            ("minres loadings", correlation(listwise(grouped).cov)[0], r["efa_pearson"]),
            ("minres loadings, polychoric", found.r[0], block.get("efa", {})),
        ):
            if "loadings" in efas.get("minres", {}):
                expected = [efas["minres"]["loadings"][i] for i in items]
                solved = efa.minres(matrix)
                yield name, solved.loadings, expected, 1e-4, False
                if "uniquenesses" in efas["minres"]:
                    expected = [1 - efas["minres"]["uniquenesses"][i] for i in items]
                    yield (
                        name.replace("loadings", "communalities"),
                        solved.communalities,
                        expected,
                        1e-4,
                        False,
                    )
    data = patterns(grouped, 0, np.ones(len(items), dtype=bool))
    try:
        yield from _ml(cfa_ml.fit(data), r["cfa"], items)
    except ValueError:
        yield "ML chi-squared", np.nan, 0.0 if "fit" in r["cfa"]["ml"] else np.nan, 1e-5, True
    try:
        yield from _wlsmv(cfa_wlsmv.fit(cfa_wlsmv.prepare(data)), r["cfa"]["wlsmv"], items)
    except ValueError:
        yield "WLSMV chi-squared", np.nan, 0.0 if "fit" in r["cfa"]["wlsmv"] else np.nan, 1e-6, True


INDICES = (("cfi", "cfi"), ("tli", "tli"), ("rmsea", "rmsea"),
           ("lower", "rmsea.ci.lower"), ("upper", "rmsea.ci.upper"))  # fmt: skip


def _indices(fit: Any, expected: dict[str, Any], suffix: str) -> tuple[list[float], list[float]]:
    mine = [getattr(fit, name) for name, _ in INDICES]
    return mine, [sets.number(expected.get(key + suffix, "NA")) for _, key in INDICES]


def _ml(model: cfa_ml.OneFactor, cfa: dict[str, Any], items: list[str]) -> Iterator[Found]:
    ml, mlr = cfa["ml"], cfa["mlr"]
    yield "ML chi-squared", model.fit.chisq, ml["fit"]["chisq"], 1e-5, True
    yield "ML CFI, TLI, RMSEA and its interval", *_indices(model.fit, ml["fit"], ""), 1e-5, True
    yield "ML SRMR", model.srmr, ml["fit"]["srmr"], 1e-5, True
    value, error = model.standardised()
    yield "ML standardised loadings", value, [ml["std_loadings"][i] for i in items], 1e-5, True
    yield "their errors", error, [ml["std_se"][i] for i in items], 1e-5, True
    top = ml["mi_top"]
    mine = [model.modification[items.index(a), items.index(b)] for a, b in zip(top["lhs"], top["rhs"])]
    yield "ML modification indices", mine, top["mi"], 2e-5, True
    yield "MLR scaled chi-squared", model.fit_scaled.chisq, mlr["fit"]["chisq.scaled"], 1e-5, True
    yield "MLR scaled indices", *_indices(model.fit_scaled, mlr["fit"], ".scaled"), 1e-5, True
    yield "MLR robust indices", *_indices(model.fit_robust, mlr["fit"], ".robust"), 1e-5, True
    errors = model.standardised(robust=True)[1]
    yield "MLR errors of the loadings", errors, [mlr["std_se"][i] for i in items], 1e-5, True
    yield "omega", omega.omega(model), cfa["ml_omega_delta"]["omega"], 1e-5, True
    yield "omega's error", omega.omega_error(model), cfa["ml_omega_delta"]["se"], 1e-5, True
    yield "omega, observed variance", omega.omega_observed(model), ml["omega_semTools"]["f"], 1e-5, True


def _wlsmv(model: cfa_wlsmv.OrdinalFactor, r: dict[str, Any], items: list[str]) -> Iterator[Found]:
    fit = r["fit"]
    yield "WLSMV chi-squared", model.fit.chisq, fit["chisq"], 1e-6, True
    yield "WLSMV scaled chi-squared", model.fit_scaled.chisq, fit["chisq.scaled"], 1e-6, True
    yield "WLSMV indices", *_indices(model.fit, fit, ""), 1e-6, True
    yield "WLSMV scaled indices", *_indices(model.fit_scaled, fit, ".scaled"), 1e-6, True
    yield "WLSMV robust indices", *_indices(model.fit_robust, fit, ".robust"), 1e-6, True
    yield "WLSMV SRMR", model.srmr, fit["srmr"], 1e-6, True
    yield "WLSMV loadings", model.loadings, [r["std_loadings"][i] for i in items], 1e-6, True
    yield "their robust errors", model.errors, [r["std_se"][i] for i in items], 1e-6, True
    yield "AVE, CR", [model.ave, model.cr], [r["ave_closed"], r["cr_closed"]], 1e-6, True
    mine = omega.omega_categorical(model)
    if "cr_ordinal_green_yang" not in r:
        return
    yield "categorical omega", mine, r["cr_ordinal_green_yang_implied"]["f"], 1e-6, True
    mine = omega.omega_categorical(model, observed=True)
    yield "the same, observed variance", mine, r["cr_ordinal_green_yang"]["f"], 1e-6, True


def _in_r_order(ref: sets.ReferenceSet) -> Scores:
    here = ref.by.notna()
    found = scores(group(ref.answers[here], ref.by[here]))
    order = [found.units.index(name) for name in sets.names(ref.results["units"]["groups"])]
    return found.select(np.array(order))


def in_units(ref: sets.ReferenceSet) -> Iterator[Found]:
    if "units" not in ref.results:
        return
    data, r = _in_r_order(ref), ref.results["units"]
    h = omnibus.kruskal(data)
    yield "Kruskal-Wallis H, p", [h.value, h.p], [r["kruskal"]["H"], r["kruskal"]["p"]], 1e-10, False
    welch, expected = omnibus.welch(data), r["welch_usable_units"]
    yield "Welch F, p", [welch.value, welch.p], [sets.number(expected[x]) for x in "Fp"], 1e-10, False
    levene, expected = omnibus.levene(data), r["levene_median"]
    yield "Levene F, p", [levene.value, levene.p], [sets.number(expected[x]) for x in "Fp"], 1e-10, False
    found, expected = anova(data), r["anova"]
    mine = [found.icc1, found.icc2, found.eta2, found.omega2]
    keys = ("icc1", "icc2_reliability_of_mean", "eta2", "omega2")
    yield "ICC(1), ICC(2), eta2, omega2", mine, [sets.number(expected[k]) for k in keys], 1e-10, False
    dunn, expected = pairwise.dunn(data), r["dunn_rstatix"]
    yield "Dunn z (sign turned)", dunn["z"], -sets.numbers(expected["z"]), 1e-12, False
    yield "Dunn p, Holm", dunn["p_adjusted"], sets.numbers(expected["p_holm"]), 1e-12, False
    if r.get("games_howell_exact"):
        mine, expected = pairwise.games_howell(data)["p"], sets.numbers(r["games_howell_exact"]["p"])
        yield "Games-Howell p", mine, expected, 1.1e-6, False
    fit, lmer = random_intercept(data), r["lmer_reml"]
    mine = [fit.mean, fit.tau2, fit.sigma2]
    yield "mixed model: mean, tau2, sigma2", mine, [
        sets.number(lmer[k]) for k in ("intercept", "tau2", "sigma2")
    ], 1e-5, True  # fmt: skip
    order = list(data.units)

    def by_unit(mapping: dict[str, Any]) -> list[float]:
        return [sets.number(mapping.get(u, "NA")) for u in order]

    yield "shrunken means", fit.shrunken, by_unit(lmer["shrunken_mean"]), 1e-5, True
    ranks = expected_ranks(fit.shrunken, fit.error)
    yield "expected ranks", ranks, by_unit(r["ranks"]["expected_rank_eb"]), 1e-5, True
    yield "rankability", rankability(fit), sets.number(r["ranks"]["rankability"]), 1e-5, True
    mine = funnel(data)
    yield "funnel z, phi", [*mine.z, mine.phi], [
        *by_unit(r["funnel"]["z"]), sets.number(r["funnel"]["phi_winsor10"])
    ], 1e-10, False  # fmt: skip


def _levels(
    models: list[multigroup_cfa.GroupModel], r: dict[str, Any], name: str, rel: float
) -> Iterator[Found]:
    for place, model in enumerate(models):
        fit, head = r["fit"][model.level], f"{name} {model.level}: "
        yield head + "chi-squared", model.fit.chisq, fit["chisq"], rel, True
        yield head + "CFI, TLI, RMSEA and its interval", *_indices(model.fit, fit, ""), rel, True
        yield head + "SRMR", model.srmr, fit["srmr"], rel, True
        if "chisq.scaled" in fit:
            scaled = model.fit_scaled
            yield head + "scaled chi-squared", scaled.chisq, fit["chisq.scaled"], rel, True
            expected = [fit[f"{key}.scaled"] for key in ("cfi", "tli", "rmsea")]
            yield head + "scaled indices", [scaled.cfi, scaled.tli, scaled.rmsea], expected, rel, True
        if place:
            tested = [sets.numbers(r["lr"][key])[place] for key in ("chisq_diff", "df_diff", "p")]
            yield (
                head + "test against the level before",
                [model.change, model.change_df, model.change_p],
                tested,
                rel,
                True,
            )


def in_invariance(ref: sets.ReferenceSet) -> Iterator[Found]:
    if "invariance" not in ref.results:
        return
    grouped = group(ref.answers, ref.by)
    data = [patterns(grouped, u, np.ones(len(ref.items), dtype=bool)) for u in range(len(grouped.units))]
    r = ref.results["invariance"]
    ordinal = multigroup_cfa.fit_ordinal([cfa_wlsmv.prepare(d) for d in data])
    yield from _levels(ordinal, r["wlsmv"], "WLSMV", 1e-6)
    yield from _levels(multigroup_cfa.fit_normal(data), r["ml"], "ML", 1e-5)
    found, r = dif.differential(grouped), ref.results["dif"]

    def of(key: str) -> list[float]:
        return [r[item][key] for item in ref.items]

    yield "DIF, likelihood ratio of levels", [d.uniform[0] for d in found], of("uniform"), 1e-6, False
    yield "DIF, likelihood ratio of slopes", [d.non_uniform[0] for d in found], of("nonuniform"), 1e-6, False
    yield "DIF, gain in R2", [d.r2 for d in found], of("r2"), 1e-6, False
    yield "DIF, p by Benjamini-Hochberg", dif.flagged(found)[0], of("p_bh"), 1e-6, False


def in_more(reference: Path, folder: str) -> Iterator[tuple[str, Found]]:
    """The sets with one kind of statistic."""
    data = pd.read_csv(reference / folder / "data.csv")
    r = json.loads((reference / folder / "results.json").read_text())
    if folder in design.SETS:
        for found in design.of(folder, data, r):
            yield design.SECTION, found
    if folder in design.YEARS:
        grouped = group(data.drop(columns="year").astype("Int64"), data["year"])
        every = np.ones(len(grouped.items), dtype=bool)
        years = [cfa_wlsmv.prepare(patterns(grouped, u, every)) for u in range(2)]
        for found in _levels(multigroup_cfa.fit_ordinal(years), r["wlsmv"], "WLSMV", 1e-6):
            yield "Invariance", found
    if folder in design.RESPONSE:
        for found in design.response(data, r):
            yield design.RESPONSE_SECTION, found
    if folder.startswith("15"):
        counts = np.zeros((2, 2, 5))
        place = [
            data["contact"].eq("yes").astype(int),
            data["temp"].eq("warm").astype(int),
            data["rating"] - 1,
        ]
        np.add.at(counts, tuple(place), 1)
        found, expected = cumulative_logit.fit(counts, np.array([0.0, 1.0]), "uniform"), r["clm_logit"]
        mine = [found.slope, found.level[1], found.log_likelihood]
        theirs = [expected["est"]["tempwarm"], expected["est"]["contactyes"], expected["logLik"]]
        yield "Invariance", ("cumulative logit: coefficients, log-likelihood", mine, theirs, 1e-6, False)
    if folder.startswith("16"):
        items = [c for c in data.columns if c != "school"]
        grouped = group(data[items], data["school"])
        every = np.ones(len(items), dtype=bool)
        schools = [patterns(grouped, u, every) for u in range(2)]
        for found in _levels(
            multigroup_cfa.fit_normal(schools, np.repeat([0, 1, 2], 3)), r["ml_school"], "ML", 1e-5
        ):
            yield "Invariance", found
        data = pd.read_csv(reference / folder / "data_ordinal_form.csv").dropna()
        grouped = group(data.drop(columns="form").astype("Int64"), data["form"].astype(str))
        forms = [cfa_wlsmv.prepare(patterns(grouped, u, every)) for u in range(2)]
        for found in _levels(multigroup_cfa.fit_ordinal(forms), r["wlsmv_form"], "WLSMV", 1e-6):
            yield "Invariance", found
    if folder.startswith("17"):
        matrix = correlation(listwise(group(data)).cov)[0]
        first = np.array([c.startswith("A") for c in data.columns])
        mine = [htmt(matrix, first, ~first), htmt(matrix, first, ~first, geometric=True)]
        yield "Factor models", ("HTMT, HTMT2", mine, [r["htmt_closed"], r["htmt2_closed"]], 1e-10, False)


SECTIONS = (
    ("Index", in_index), ("Reliability", in_reliability), ("Validity", in_validity),
    ("Factor models", in_factors), ("Invariance", in_invariance), ("Units", in_units),
)  # fmt: skip


#: Sections of the page, those that only some sets have among them.
PRINTED = (*(name for name, _ in SECTIONS), design.SECTION, design.RESPONSE_SECTION)


def checks(reference: Path, folder: str) -> list[Check]:
    """Every statistic of one set."""
    if folder[:2] in {name[:2] for name in MORE}:
        return [compare(section, found) for section, found in in_more(reference, folder)]
    ref = sets.read(reference, folder)
    return [compare(section, found) for section, rule in SECTIONS for found in rule(ref)]


def made(kind: str) -> pd.DataFrame:
    """Answers that break factor statistics, made from a seed."""
    n, loading, seed = (50, 0.9, 1) if kind == "contradiction" else (400, 0.7, 1)
    rng = np.random.default_rng(seed)
    latent = loading * rng.normal(size=(n, 1)) + (1 - loading**2) ** 0.5 * rng.normal(size=(n, 9))
    codes = 1 + (latent[..., None] > [-1.8, -1.0, 0.3]).sum(axis=2)
    if kind == "content":
        codes[:] = 4
    return pd.DataFrame(codes, columns=[f"U{j}" for j in range(1, 10)]).astype("Int64")


#: Made sets, and what is wrong with each.
MADE = {
    "content": "everybody answered 4 everywhere",
    "contradiction": "fifty people whose polychoric correlations contradict one another",
}
REFUSALS = (
    ("reliability", "lambda6", ""), ("reliability", "omega", "ml"),
    ("reliability", "omega_categorical", "wlsmv"), ("reliability", "alpha_ordinal", "polychoric"),
    ("validity", "kmo", ""), ("validity", "bartlett", ""), ("validity", "min_eigenvalue", "polychoric"),
    ("factors", "chisq", "ml"), ("factors", "chisq", "wlsmv"),
)  # fmt: skip


def refusals(reference: Path, folder: str) -> dict[str, str]:
    """Reason of each statistic that the tables refuse, "" where it is given."""
    answers = made(folder) if folder in MADE else sets.read(reference, folder).answers
    tables = {
        "reliability": reliability.table(answers),
        "validity": validity.table(answers, draws=0),
        "factors": factors.table(answers),
    }
    out = {}
    for module, statistic, method in REFUSALS:
        found = results.pick(tables[module], statistic=statistic, method=method)
        name = f"{statistic} ({method})" if method else statistic
        # The eigenvalue of a matrix that is refused is given: it is the reason.
        out[name] = str(found["reason"].iloc[0] or found["text"].iloc[0] * (statistic == "min_eigenvalue"))
    return out


def power(deviation: float, tolerance: float) -> str:
    """The power of ten a deviation stays below, one to spare for other machines, or the tolerance.

    What is rounding (1e-13) is given as 1e-12.
    """
    decade = max(int(np.floor(np.log10(max(deviation, 1e-300)))) + 2, -12)
    return f"< 1e{decade}" if 10.0**decade < tolerance else f"< {tolerance:.2g}".replace("e-0", "e-")


def promised(text: str) -> dict[tuple[str, str, str], str]:
    """What a document says of each section, statistic and set."""
    out: dict[tuple[str, str, str], str] = {}
    section, columns = "", []
    for line in text.splitlines():
        if line.startswith("## "):
            section, columns = line[3:], []
        elif line.startswith("| statistic | tolerance |"):
            columns = line.strip("| ").split(" | ")
        elif columns and line.startswith("| "):
            cells = line.strip("| ").split(" | ")
            out.update({(section, cells[0], column): cell for column, cell in zip(columns[2:], cells[2:])})
    return out


def _cell(list_: list[Check], before: str) -> str:
    """What is printed of one statistic of one set: what was promised before as long as it holds."""
    if not list_ or list_[0].note == "R: none":
        return "–"
    check = list_[0]
    if check.note:
        return check.note
    if before.startswith("< ") and check.deviation < float(before[2:]) <= check.tolerance:
        return before
    return power(check.deviation, check.tolerance)


def document(found: dict[str, list[Check]], refused: dict[str, dict[str, str]], before: str) -> str:
    """The page, from the checks and refusals of every set; ``before`` is the page as it stands."""
    short = {folder: folder[:2] for folder in found}
    lines = [*_head(found, short), *_sections(found, short, promised(before))]
    lines += ["## Without a number of R's", "", "Shown in reports, and held otherwise:", "",
              *(f"- {name}: {how} (`{test}`)." for name, how, test in ELSEWHERE), ""]  # fmt: skip
    lines += ["## What is refused, and why", "",
              "What the tables give for all respondents of a set together (`given`), or the reason. Beside the",
              "sets above, answers made from a seed:", "",
              *(f"- {kind}: {what}." for kind, what in MADE.items()), "",
              "| statistic | " + " | ".join(short.get(f, f) for f in refused) + " |",
              "|---|" + "---|" * len(refused)]  # fmt: skip
    for name in next(iter(refused.values())):
        lines.append(f"| {name} | " + " | ".join(refused[f][name] or "given" for f in refused) + " |")
    codes = sorted({reason for row in refused.values() for reason in row.values() if reason})
    lines += ["", *(f"- `{code}`: {results.REASONS[code]}." for code in codes), ""]
    lines += ["Never computed, whatever the data:", "", *(f"- {what}." for what in NEVER), ""]
    lines += coverage()
    return "\n".join(lines)


def _head(found: dict[str, list[Check]], short: dict[str, str]) -> list[str]:
    return [
        "# Held against R", "",
        "Largest deviation from R of every statistic on every set of answers in `tests/oracle`, whose README tells",
        "how each was made and by which R (4.2.2 with psych 2.2.9, lavaan 0.6-14, semTools 0.5-6, lme4 1.1-31,",
        "rstatix 0.7.2, ordinal 2022.11-16, survey 4.1-1, ltm 1.2-0). Written by `python -m tests.support.validation`;",
        "`tests/statistics/test_validation.py` holds each number within what is printed here, and this page byte for",
        "byte to what is computed.",
        "What is published of the numbers, and how that is attacked: [privacy.md](privacy.md).", "",
        "| set | what makes it hard |", "|---|---|",
        *(f"| {short[f]} | {(SETS | MORE)[f]} |" for f in found), "",
        "A deviation is shown as the power of ten it stays below, one to spare for other machines, and never above",
        "the tolerance; `rel` compares relative to values above 1.",
        "`refused`: R gives a number from data that do not determine it, we do not. `–`: R gives none.",
        "Deviations of iterated models (1e-6) are R's own stopping rule: lavaan stops earlier than we do.",
        "Games-Howell: with two units (set 08) R's `ptukey` is some 1e-6 from Welch's exact p, we are not.", "",
    ]  # fmt: skip


def _sections(
    found: dict[str, list[Check]], short: dict[str, str], before: dict[tuple[str, str, str], str]
) -> list[str]:
    lines: list[str] = []
    for section in PRINTED:
        names: dict[str, Check] = {}
        for list_ in found.values():
            names.update({c.statistic: c for c in list_ if c.section == section and c.statistic not in names})
        here = [f for f, list_ in found.items() if any(c.section == section for c in list_)]
        lines += [
            f"## {section}",
            "",
            "| statistic | tolerance | " + " | ".join(short[f] for f in here) + " |",
        ]
        lines += ["|---|---|" + "---|" * len(here)]
        for name, sample in names.items():
            cells = [
                _cell(
                    [c for c in found[f] if c.section == section and c.statistic == name],
                    before.get((section, name, short[f]), ""),
                )
                for f in here
            ]
            tolerance = f"{sample.tolerance:.0e}".replace("e-0", "e-") + (" rel" if sample.relative else "")
            lines.append(f"| {name} | {tolerance} | " + " | ".join(cells) + " |")
        lines.append("")
    return lines


#: Statistics the reference results do not hold: name, what holds them, the test.
ELSEWHERE = (
    ("SEM and smallest detectable difference", "numbers worked on paper",
     "test_the_error_of_measurement_is_in_index_points"),
    ("Spearman's item-rest", "scipy", "test_every_correlation_and_p_equals_scipy"),
    ("polychoric item-rest", "R's polychoric matrix", "test_the_ordinal_item_rest_is_that_of_rs_polychoric_matrix"),
    ("thresholds of parallel analysis", "the law of unrelated items",
     "test_the_law_of_unrelated_items_gives_the_thresholds_that_shuffling_gives"),
    ("difficulty factors", "items made one-dimensional and unequally easy",
     "test_items_of_unequal_difficulty_look_like_a_second_factor_and_are_said_to"),
    ("share at the ceiling", "counts", "test_a_ceiling_is_said_and_what_has_none_is_not"),
    ("ABC form of the BCa interval", "R's boot::abc.ci", "test_bca_limits_without_draws_are_those_of_rs_abc"),
    ("Kendall's and Spearman's p", "scipy", "test_spearman_kendall_and_their_p_equal_scipy"),
    ("the printed formulas", "each evaluated on data and compared with the statistic that is printed",
     "test_a_formula_of_the_reports_gives_the_number_that_is_printed"),
)  # fmt: skip

#: What the statistics do not give, and why.
NEVER = (
    "a filled-in answer: missing is missing, pairwise rows stand beside listwise ones with their own n",
    "a smoothed polychoric matrix, or half an answer added to an empty cell: both move the estimate",
    "KMO, Bartlett, lambda 6 or a factor of a singular matrix (R prints .5, `Inf` or rounding noise there)",
    "factor statistics below max(30, 5 per item) complete rows; ordinal models of a unit below 200, of a group "
    "compared with another below 200",
    "a threshold equal in groups that do not share the answers around it: an answer one group never gave is "
    "joined to its neighbour in all groups, and named; below three answers the item is left out",
    "HTMT without facets declared beforehand: with one construct it does not exist",
    "Horst's reliability of a negative correlation of halves: it has no solution",
    "differential items of units with fewer than 30 complete rows, of units that all gave one answer, and of more "
    "than 200 units at once",
    "a letter, or an unsur left out, because of any of these numbers (R9)",
)


def coverage() -> list[str]:
    """The simulated coverage of the intervals, from its committed results."""
    found = json.loads(COVERAGE.read_text(encoding="utf-8"))
    true, sizes = found["truth"], sorted({row["n"] for row in found["coverage"]})
    cells = {(row["interval"], row["n"]): row for row in found["coverage"]}
    top, every = true["answers_at_the_top"], true["respondents_at_the_top_of_everything"]
    lines = [
        "## Do the intervals hold the truth?", "",
        f"Simulated by `benchmarks/coverage.py` (seed {found['seed']}): nine items, {top:.0%} of the answers and",
        f"{every:.0%} of the respondents at the top of everything; index {true['index']:.2f}, alpha",
        f"{true['alpha']:.3f}, omega {true['omega']:.3f}, computed and not estimated.",
        "Coverage of nominal 95 % intervals in per cent (interval wholly below /",
        "wholly above the truth), mean width. One population: no promise for every other.", "",
        "| interval | " + " | ".join(f"n = {n}" for n in sizes) + " |", "|---|" + "---|" * len(sizes),
    ]  # fmt: skip
    for name in dict.fromkeys(row["interval"] for row in found["coverage"]):
        shown = []
        for n in sizes:
            row = cells.get((name, n))
            if row is None:
                shown.append("–")
                continue
            covered, below, above = (100 * row[key] for key in ("covered", "wholly_below", "wholly_above"))
            shown.append(f"{covered:.1f} ({below:.1f} / {above:.1f}), {row['width']:.3g}")
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    samples = sorted({row["samples"] for row in found["coverage"]})
    note = (
        f"Samples a cell: {samples[0]:,} to {samples[-1]:,}; Monte Carlo error near 95 % is 0.35 points at "
        "4,000 and 0.7 at 1,000. Omega is refused below 45 rows."
    )
    return [*lines, "", note, ""]


def main() -> None:
    """Write the document."""
    found = {folder: checks(sets.ORACLE, folder) for folder in (*SETS, *MORE)}
    refused = {name: refusals(sets.ORACLE, name) for name in (*SETS, *MADE)}
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else ""
    DOCUMENT.write_text(document(found, refused, before), encoding="utf-8")
    for folder, list_ in found.items():
        for check in list_:
            if check.deviation > check.tolerance:
                print(folder, check)


if __name__ == "__main__":
    main()
