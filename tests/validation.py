"""Hold every statistic against R on every reference set, and write ``docs/validation.md``.

Run ``PYTHONPATH=. python tests/validation.py`` from the project root to write the document; the test beside it
holds every number within its tolerance and the document to what is computed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import reference_sets as sets

from pipeline import results
from pipeline.statistics import (
    alpha,
    cfa_ml,
    cfa_wlsmv,
    efa,
    factors,
    group_tests,
    index,
    omega,
    pairs,
    polychoric,
    reliability,
    validity,
)
from pipeline.statistics.covariance import correlation, listwise
from pipeline.statistics.funnel import funnel
from pipeline.statistics.grouping import group
from pipeline.statistics.mixed import random_intercept
from pipeline.statistics.patterns import patterns
from pipeline.statistics.rank_sets import expected_ranks, rankability
from pipeline.statistics.scores import Scores, anova, scores

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "validation.md"
SCALES = {"01_bfi_9items": (1, 6), "20_real_servqual_rs": (1, 5)}
#: What makes each set hard.
SETS = {
    "01_bfi_9items": "six categories, natural gaps, not one-dimensional; n = 2,800",
    "05_zero_variance_item": "U5 is constant; R's factor results on the other eight; n = 150",
    "06_missing5pct": "5 % of the answers missing; n = 600",
    "07_n12": "twelve people; a polychoric matrix that is not positive definite",
    "08_n_less_than_k": "seven people, nine items",
    "11_negative_item": "one item keyed the other way; n = 800",
    "12_constant_unit": "a unit of all fours and a unit of one person; n = 241",
    "13_skm_sim48": "simulated survey of 48 units; n = 14,066",
    "18_real_skck_gianyar": "a real survey under strong ceiling; n = 201",
    "20_real_servqual_rs": "a real hospital survey of 15 items; n = 240",
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
    scale = SCALES.get(ref.name, (1, 4))
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
    cov = listwise(group(ref.answers)).cov
    constant = ref.name == "05_zero_variance_item"
    yield "alpha", _one(table, statistic="alpha", method="adf"), other["alpha"], 1e-10, False
    yield "ADF interval", _limits(table, statistic="alpha", method="adf"), other["adf_ci95"], 1e-10, False
    yield (
        "Bonett's interval",
        _limits(table, statistic="alpha_bonett"),
        other["bonett2002_ci95"],
        1e-10,
        False,
    )
    yield "standardised alpha", _one(table, statistic="alpha_std"), complete["std_alpha"], 1e-10, False
    if constant:
        # psych leaves the constant item out of these without being asked.
        dropped = _one(table, statistic="alpha", method="varying-items")
        yield "alpha of the items that vary", dropped, complete["raw_alpha"], 1e-10, False
    else:
        feldt = [complete["feldt_lower"], complete["feldt_upper"]]
        yield "Feldt's interval", _limits(table, statistic="alpha_feldt"), feldt, 1e-10, False
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
        mine = _one(table, statistic="split_half_flanagan")
        yield "split-half (Flanagan)", mine, halves["guttman_flanagan_lambda4"], 1e-10, False
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
    if ref.name == "05_zero_variance_item":
        r = ref.results["after_dropping_zero_variance_items"]["validity"]
        grouped = group(ref.answers, items=ref.results["after_dropping_zero_variance_items"]["items"])
    else:
        grouped = group(ref.answers)
    stack = listwise(grouped)
    matrix = correlation(stack.cov)
    singular = ref.name == "08_n_less_than_k"  # R prints .5 and rounding noise of a singular matrix
    none = float("nan")
    yield "KMO", validity.kmo(matrix)[0], none if singular else r["kmo"]["overall"], 1e-10, False
    test = validity.bartlett(matrix, stack.n)
    yield "Bartlett's chi-squared", test["chi2"], none if singular else r["bartlett"]["chisq"], 1e-10, True
    yield "eigenvalues", validity.eigenvalues(matrix), r["eigenvalues_pearson"], 1e-10, False


def in_factors(ref: sets.ReferenceSet) -> Iterator[Found]:
    r, items = ref.results, ref.items
    if ref.name == "05_zero_variance_item":
        r = r["after_dropping_zero_variance_items"]
        items = r["items"]
    grouped = group(ref.answers, items=items)
    block, few = r["polychoric"], ref.name == "08_n_less_than_k"
    tight = np.array([sets.numbers(row) for row in block["two_step_tight"]["values"]])
    found = polychoric.matrices(grouped)
    usable = found.reason[0] != "not-estimable"
    yield "polychoric correlations", found.r[0] if usable else np.nan, tight, 1e-7, False
    if "ordinal_alpha" in block and sets.number(block.get("min_eigenvalue", "NaN")) > 0:
        mine = alpha.alpha_standardised(found.r)
        yield "ordinal alpha", mine, sets.number(block["ordinal_alpha"]["alpha"]), 1e-6, False
    if not few:
        for name, matrix, efas in (
            ("minres loadings", correlation(listwise(grouped).cov)[0], r["efa_pearson"]),
            ("minres loadings, polychoric", found.r[0], block.get("efa", {})),
        ):
            if "loadings" in efas.get("minres", {}):
                expected = [efas["minres"]["loadings"][i] for i in items]
                yield name, efa.minres(matrix).loadings, expected, 1e-4, False
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
    yield "categorical omega", mine, r["cr_ordinal_green_yang_implied"]["f"], 1e-6, True
    mine = omega.omega_categorical(model, observed=True)
    yield "the same, observed variance", mine, r["cr_ordinal_green_yang"]["f"], 1e-6, True


def _in_r_order(ref: sets.ReferenceSet) -> Scores:
    here = ref.by.notna()
    found = scores(group(ref.answers[here], ref.by[here]))
    order = [found.units.index(name) for name in sets.names(ref.results["units"]["groups"])]
    return found.select(np.array(order))


def in_units(ref: sets.ReferenceSet) -> Iterator[Found]:
    data, r = _in_r_order(ref), ref.results["units"]
    h = group_tests.kruskal(data)
    yield "Kruskal-Wallis H, p", [h.value, h.p], [r["kruskal"]["H"], r["kruskal"]["p"]], 1e-10, False
    welch, expected = group_tests.welch(data), r["welch_usable_units"]
    yield "Welch F, p", [welch.value, welch.p], [sets.number(expected[x]) for x in "Fp"], 1e-10, False
    levene, expected = group_tests.levene(data), r["levene_median"]
    yield "Levene F, p", [levene.value, levene.p], [sets.number(expected[x]) for x in "Fp"], 1e-10, False
    found, expected = anova(data), r["anova"]
    mine = [found.icc1, found.icc2, found.eta2, found.omega2]
    keys = ("icc1", "icc2_reliability_of_mean", "eta2", "omega2")
    yield "ICC(1), ICC(2), eta2, omega2", mine, [sets.number(expected[k]) for k in keys], 1e-10, False
    dunn, expected = pairs.dunn(data), r["dunn_rstatix"]
    yield "Dunn z (sign turned)", dunn["z"], -sets.numbers(expected["z"]), 1e-12, False
    yield "Dunn p, Holm", dunn["p_adjusted"], sets.numbers(expected["p_holm"]), 1e-12, False
    if ref.name != "11_negative_item":  # R made none here
        mine, expected = pairs.games_howell(data)["p"], sets.numbers(r["games_howell_exact"]["p"])
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


SECTIONS = (
    ("Index", in_index), ("Reliability", in_reliability), ("Validity", in_validity),
    ("Factor models", in_factors), ("Units", in_units),
)  # fmt: skip


def checks(reference: Path, folder: str) -> list[Check]:
    """Every statistic of one set."""
    ref = sets.read(reference, folder)
    return [compare(section, found) for section, rule in SECTIONS for found in rule(ref)]


def made(kind: str) -> pd.DataFrame:
    """Answers that break factor statistics, made from a seed."""
    n, loading, seed = (50, 0.9, 1) if kind == "contradiction" else (400, 0.7, 1)
    rng = np.random.default_rng(seed)
    latent = loading * rng.normal(size=(n, 1)) + (1 - loading**2) ** 0.5 * rng.normal(size=(n, 9))
    codes = 1 + (latent[..., None] > [-1.8, -1.0, 0.3]).sum(axis=2)
    if kind == "repeated":
        codes[:, 8] = codes[:, 7]
    if kind == "empty":
        codes[codes == 2] = 1
    if kind == "content":
        codes[:] = 4
    return pd.DataFrame(codes, columns=[f"U{j}" for j in range(1, 10)]).astype("Int64")


#: Made sets, and what is wrong with each.
MADE = {
    "repeated": "U9 repeats U8 exactly (U9 is left out and named)",
    "empty": "nobody ever answered 2",
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


def power(value: float) -> str:
    """A deviation as the power of ten it stays below: stable from machine to machine."""
    if value <= 1e-13:
        return "< 1e-13"
    return f"< 1e{int(np.floor(np.log10(value))) + 1}"


def document(found: dict[str, list[Check]], refused: dict[str, dict[str, str]]) -> str:
    """The page, from the checks and refusals of every set."""
    short = {folder: folder[:2] for folder in found}
    lines = [
        "# Held against R", "",
        "Largest deviation from R of every statistic on every reference set. Written by",
        "`PYTHONPATH=. python tests/validation.py`; `tests/test_validation.py` holds each number within its tolerance.",
        "R 4.2.2 with psych 2.5.3, lavaan 0.6-14, semTools 0.5-6, lme4 1.1-31 and rstatix 0.7.2.", "",
        "| set | what makes it hard |", "|---|---|",
        *(f"| {short[f]} | {SETS[f]} |" for f in found), "",
        "A deviation is shown as the power of ten it stays below; `rel` compares relative to values above 1.",
        "`refused`: R gives a number from data that do not determine it, we do not. `–`: R gives none.",
        "Deviations of iterated models (1e-6) are R's own stopping rule: lavaan stops earlier than we do.",
        "Games-Howell in set 08 (two units, df 3.4): R's `ptukey` is 1.04e-6 from Welch's exact p, we are not.", "",
    ]  # fmt: skip
    for section, _ in SECTIONS:
        names: dict[str, Check] = {}
        for list_ in found.values():
            names.update({c.statistic: c for c in list_ if c.section == section and c.statistic not in names})
        lines += [f"## {section}", "", "| statistic | tolerance | " + " | ".join(short.values()) + " |"]
        lines += ["|---|---|" + "---|" * len(found)]
        for name, sample in names.items():
            cells = [_cell([c for c in list_ if c.section == section and c.statistic == name])
                     for list_ in found.values()]  # fmt: skip
            tolerance = f"{sample.tolerance:.0e}".replace("e-0", "e-") + (" rel" if sample.relative else "")
            lines.append(f"| {name} | {tolerance} | " + " | ".join(cells) + " |")
        lines.append("")
    lines += ["## What is refused, and why", "",
              "What the tables give for all respondents of a set together (`given`), or the reason. Beside the",
              "reference sets, answers made from a seed:", "",
              *(f"- {kind}: {what}." for kind, what in MADE.items()), "",
              "| statistic | " + " | ".join(short.get(f, f) for f in refused) + " |",
              "|---|" + "---|" * len(refused)]  # fmt: skip
    for name in next(iter(refused.values())):
        lines.append(f"| {name} | " + " | ".join(refused[f][name] or "given" for f in refused) + " |")
    codes = sorted({reason for row in refused.values() for reason in row.values() if reason})
    lines += ["", *(f"- `{code}`: {results.REASONS[code]}." for code in codes), ""]
    return "\n".join(lines)


def _cell(list_: list[Check]) -> str:
    if not list_ or list_[0].note == "R: none":
        return "–"
    return list_[0].note or power(list_[0].deviation)


def main() -> None:
    """Write the document."""
    reference = Path(os.environ.get("SKM_REFERENCE") or ROOT.parent / "shared" / "reference")
    found = {folder: checks(reference, folder) for folder in SETS}
    DOCUMENT.write_text(
        document(found, {name: refusals(reference, name) for name in (*SETS, *MADE)}), encoding="utf-8"
    )
    bad = [(f, c) for f, list_ in found.items() for c in list_ if c.deviation > c.tolerance]
    for folder, check in bad:
        print(folder, check)


if __name__ == "__main__":
    main()
