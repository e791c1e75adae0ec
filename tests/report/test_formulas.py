"""Every formula that a report prints is the one that was computed: the printed tree gives the number."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline import blocks, results, rules
from pipeline.report import overview
from pipeline.report.city.psychometrics import methods as psychometric_methods
from pipeline.report.unit import method
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.response_patterns import patterns
from pipeline.statistics.index import table as index
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.factor.cfa_ml import fit as fit_ml
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from tests.statistics.psychometrics.factor.test_table import made
from tests.support.city_fixture import make_city
from tests.support.formula_value import Formula


class Data:
    """Small data and everything that its formulas name."""

    def __init__(self) -> None:
        self.answers = made(150)
        x = self.x = self.answers.to_numpy(dtype=float)
        n, k = self.n, self.k = x.shape
        cov, r = np.cov(x.T), np.corrcoef(x.T)
        inverse = np.linalg.inv(r)
        scale = np.sqrt(np.diag(inverse))
        everything = np.ones(n, dtype=bool)
        found = fit_ml(patterns(group(self.answers), 0, np.ones(k, dtype=bool), everything))
        self.factors = factors.table(self.answers)
        b = results.pick(self.factors, statistic="loading", method="wlsmv")["estimate"].to_numpy()
        alpha = k / (k - 1) * (1 - np.trace(cov) / cov.sum())
        # With blanks, for the index: the regulation divides by those who answered.
        blanks = self.answers.astype("Float64")
        blanks.iloc[::7, 2] = pd.NA
        blanks.iloc[3::11, 5] = pd.NA
        self.blanks = blanks.astype("Int64")
        seen = self.blanks.notna().to_numpy()
        nrr = np.nansum(np.where(seen, x, np.nan), axis=0) / seen.sum(axis=0)
        u = 25 / k * (seen * (x - nrr) / seen.mean(axis=0)).sum(axis=1)
        self.names = {
            "k": k, "n": n, "s_T": np.sqrt(cov.sum()), "t": stats.t.ppf(0.975, n - 2), "D": np.linalg.det(r),
            "f": 25.0, "U": 3, "α": alpha, "IKM": 25 * nrr.mean(), "χ": np.sqrt(3.841), "N": 220, "P": 0.5, "d": 0.05,
        }  # fmt: skip
        self.arrays = {
            ("s", 1): np.sqrt(np.diag(cov)), ("c", 2): cov, ("r", 2): r, ("b", 1): b, ("a", 1): found.loadings,
            ("q", 2): -inverse / np.outer(scale, scale), ("e", 1): found.errors, ("x", 2): x, ("x", 1): x,
            ("NRR", 1): nrr, ("p", 1): seen.mean(axis=0),
        }  # fmt: skip
        self.seen, self.nrr, self.u = seen, nrr, u
        self.ranges = {"i": n, "j": k, "l": k, "m": k, "u": 3}

    def formula(self, latex: str, **other: object) -> Formula:
        names = {**self.names, **{key: v for key, v in other.items() if key != "arrays"}}
        return Formula(latex, names, {**self.arrays, **other.get("arrays", {})}, self.ranges)


@pytest.fixture(scope="module")
def data() -> Data:
    return Data()


def one(table: pd.DataFrame, statistic: str, **where: str) -> float:
    (value,) = results.pick(table, statistic=statistic, **where)["estimate"]
    return float(value)


def alpha(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(
        reliability.table(d.answers, models=False), "alpha", method="jackknife"
    )


def rest(d: Data, latex: str) -> tuple[list[float], list[float]]:
    table = validity.table(d.answers, models=False)
    mine = [one(table, "item_rest", item=item) for item in d.answers]
    return [d.formula(latex).value(j=j) for j in range(d.k)], mine


def table(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(
        validity.table(d.answers, models=False), "r_table", method="two-sided"
    )


def kmo(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(validity.table(d.answers, models=False), "kmo")


def bartlett(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(validity.table(d.answers, models=False), "bartlett")


def omega(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(reliability.table(d.answers), "omega", method="ml")


def ave(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(d.factors, "ave", method="wlsmv")


def cr(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(d.factors, "cr", method="wlsmv")


def sem(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(reliability.table(d.answers, models=False), "sem")


def nrr(d: Data, latex: str) -> tuple[list[float], list[float]]:
    # i runs over those who answered: the others add nothing.
    answered = np.where(d.seen, d.x, 0.0)
    formula = d.formula(latex, arrays={("x", 2): answered, ("n", 1): d.seen.sum(axis=0)})
    found = index.table(d.blanks)
    return [formula.value(j=j) for j in range(d.k)], [one(found, "nrr", item=i) for i in d.blanks]


#: Service users of the one unit, the N of the printed formulas.
USERS = {"": 220}


def ikm(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex).value(), one(index.table(d.blanks), "ikm", item="")


def foreign(d: Data, latex: str) -> tuple[float, float]:
    return d.formula(latex, m=4.0).value(), one(index.table(d.blanks), "ikm", item="")


def se(d: Data, latex: str) -> tuple[list[float], list[float]]:
    formula = d.formula(latex, arrays={("r", 2): d.seen.astype(float)})
    u = np.array([formula.value(0, i=i) for i in range(d.n)])
    formula.names["s_u"] = u.std(ddof=1)
    return [formula.value(1)], [one(index.table(d.blanks, population=USERS), "standard_error", item="")]


def hall(d: Data, latex: str) -> tuple[float, float]:
    s = d.u.std()
    g = float(np.mean(d.u**3) / s**3)
    found = index.table(d.blanks, population=USERS)
    lower = results.pick(found, statistic="ikm", item="")["lower"].iloc[0]
    return d.formula(latex, s=s, g=g, t=stats.t.ppf(0.975, d.n - 1)).value(), lower


def sample(d: Data, latex: str) -> tuple[float, float]:
    return float(np.floor(d.formula(latex).value() + 0.5)), float(
        rules.required(220, rules.load("14/2017")) or 0
    )


def city(d: Data, latex: str) -> tuple[float, float]:
    by = pd.Series(["a"] * 60 + ["b"] * 50 + ["c"] * 40)
    found = index.table(d.blanks, by)
    each = results.pick(found, scope="unit", statistic="ikm", item="")["estimate"].to_numpy()
    return (
        d.formula(latex, arrays={("IKM", 1): each, ("Indeks", 1): each}).value(),
        one(found, "ikm", scope="city", method="mean-of-units", item=""),
    )


#: How each printed formula is checked; a formula without a check fails the first test.
CHECKS = {
    "alpha": alpha, "rest": rest, "table": table, "kmo": kmo, "bartlett": bartlett, "omega": omega, "ave": ave,
    "cr": cr, "sem": sem, "nrr": nrr, "ikm": ikm, "se": se, "hall": hall, "sample": sample, "city": city,
    "foreign": foreign,
}  # fmt: skip


@pytest.fixture(scope="module")
def annex(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Formulas of the overview's method annex, on the regulation's scale and on another."""
    found = []
    for foreign_scale in (False, True):
        city = make_city(tmp_path_factory.mktemp("city"), foreign=foreign_scale)
        for block in overview.method(overview.open_city(city, "id")).blocks:
            if isinstance(block, blocks.Formula):
                key = block.key.removeprefix("f-")
                found.append(("foreign" if foreign_scale and key == "ikm" else key, block.latex))
    return found


PRINTED = [*psychometric_methods.FORMULAS, *method.FORMULAS]


def agree(found: object, computed: object) -> None:
    assert np.isfinite(np.asarray(found, dtype=float)).all()
    assert found == pytest.approx(computed, rel=1e-9)


@pytest.mark.parametrize(("key", "latex"), PRINTED, ids=[f"{k}-{n}" for n, (k, _) in enumerate(PRINTED)])
def test_a_formula_of_the_reports_gives_the_number_that_is_printed(data: Data, key: str, latex: str):
    agree(*CHECKS[key](data, latex))


@pytest.mark.parametrize("weighs", [False, True])
@pytest.mark.parametrize("highest", [4, 5])
def test_the_formulas_of_a_unit_are_those_of_its_own_list_and_scale(data: Data, weighs: bool, highest: int):
    shares = [Fraction(place, 45) for place in range(1, 10)] if weighs else [Fraction(1, 9)] * 9
    own = {"a": dict(zip(data.blanks, shares, strict=True))}
    by = pd.Series("a", index=data.blanks.index)
    found = index.table(data.blanks, by, items=own, scale=(1, highest), population={"a": USERS[""]})
    table = results.pick(found, unit="a", item="")
    index_value, error = (one(table, name) for name in ("ikm", "standard_error"))
    w = np.array([float(share) for share in shares])
    arrays = {("w", 1): w, ("r", 2): data.seen.astype(float)}
    printed = {key: method.printed(key, latex, weighs, highest) for key, latex in method.FORMULAS}
    agree(data.formula(printed["ikm"], arrays=arrays).value(), index_value)
    formula = data.formula(printed["se"], arrays=arrays)
    u = np.array([formula.value(0, i=i) for i in range(data.n)])
    formula.names["s_u"] = u.std(ddof=1)
    agree(formula.value(1), error)


def test_the_formulas_of_the_annex_give_the_numbers_that_are_printed(data: Data, annex):
    assert len(annex) == 6
    for key, latex in annex:
        agree(*CHECKS[key](data, latex))


def test_a_wrong_formula_is_found(data: Data):
    latex = dict(psychometric_methods.FORMULAS)["alpha"].replace("k-1", "k+1")
    found, computed = alpha(data, latex)
    assert found != pytest.approx(computed, rel=1e-3)
