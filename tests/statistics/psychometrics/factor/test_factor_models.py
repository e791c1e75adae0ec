"""Factor models: against lavaan, semTools and psych, against closed forms, and at every edge."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.multivariate.factor import Factor

from pipeline.statistics.data.covariance import correlation, listwise
from pipeline.statistics.data.grouped import group
from pipeline.statistics.data.response_patterns import Patterns, patterns
from pipeline.statistics.psychometrics.correlation import polychoric
from pipeline.statistics.psychometrics.factor import cfa_ml, cfa_wlsmv, efa, fit_indices
from pipeline.statistics.psychometrics.factor.minres import least_squares_loadings
from pipeline.statistics.psychometrics.reliability import alpha, omega
from tests.support import reference_sets as sets

pytestmark = pytest.mark.filterwarnings("error", "default::pytest.PytestUnraisableExceptionWarning")

LOADINGS = np.array([0.8, 0.7, 0.6, 0.5])


def of_model(loadings: np.ndarray, n: int = 1000) -> Patterns:
    """Rows whose covariance matrix (divisor n) is exactly that of a one-factor model."""
    k = len(loadings)
    target = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    raw = np.random.default_rng(1).normal(size=(n, k))
    raw -= raw.mean(axis=0)
    root = np.linalg.cholesky(np.cov(raw.T, ddof=0))
    return Patterns(raw @ np.linalg.inv(root).T @ np.linalg.cholesky(target).T, np.ones(n))


def ordinal_rows(n: int, loadings: np.ndarray = LOADINGS, seed: int = 2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    latent = loadings * rng.normal(size=(n, 1)) + np.sqrt(1 - loadings**2) * rng.normal(
        size=(n, len(loadings))
    )
    return 1.0 + (latent[..., None] > [-1.8, -1.0, 0.3]).sum(axis=2)


def counted(rows: np.ndarray) -> Patterns:
    values, counts = np.unique(rows, axis=0, return_counts=True)
    return Patterns(values, counts.astype(float))


# --- closed forms and independent computations ---------------------------------------------


def test_three_items_have_the_loadings_of_the_triad():
    r = np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])
    expected = np.sqrt([0.56 * 0.48 / 0.42, 0.56 * 0.42 / 0.48, 0.48 * 0.42 / 0.56])
    assert np.abs(least_squares_loadings(r)[0] - expected).max() < 1e-12


def test_a_matrix_of_the_model_is_fitted_exactly():
    model = cfa_ml.fit(of_model(LOADINGS))
    assert np.abs(model.standardised()[0] - LOADINGS).max() < 1e-9
    assert model.fit.chisq == pytest.approx(0, abs=1e-9)
    assert (model.fit.cfi, model.fit.rmsea) == (pytest.approx(1), pytest.approx(0, abs=1e-6))
    assert model.srmr == pytest.approx(0, abs=1e-9)
    assert np.abs(model.modification).max() < 1e-9


def test_the_ml_minimum_is_the_one_a_general_optimiser_finds():
    data = counted(ordinal_rows(300))
    s, k = data.cov, 4

    def discrepancy(theta: np.ndarray) -> float:
        implied = np.outer(theta[:k], theta[:k]) + np.diag(np.exp(theta[k:]))
        return float(np.linalg.slogdet(implied)[1] + np.trace(np.linalg.solve(implied, s)))

    start = np.concatenate([np.sqrt(np.diag(s)) * 0.6, np.log(np.diag(s) * 0.6)])
    found = optimize.minimize(discrepancy, start, method="BFGS", options={"gtol": 1e-7})
    floor = float(np.linalg.slogdet(s)[1]) + k
    model = cfa_ml.fit(data)
    assert model.fit.chisq == pytest.approx(data.n * (found.fun - floor), abs=1e-6)
    assert np.abs(model.loadings - found.x[:k]).max() < 1e-4


def test_the_loadings_are_those_of_statsmodels_factor():
    rows = ordinal_rows(400)
    model = cfa_ml.fit(counted(rows))
    theirs = Factor(rows, n_factor=1, method="ml").fit().loadings[:, 0]
    assert model.standardised()[0] == pytest.approx(theirs * np.sign(theirs[0]), abs=1e-5)


def test_the_errors_of_the_loadings_are_those_of_the_curvature():
    # At an exactly fitted matrix, observed and expected information agree.
    model = cfa_ml.fit(of_model(LOADINGS))
    k = 4
    theta = np.concatenate([model.loadings, model.errors])

    def half(at: np.ndarray) -> float:
        implied = np.outer(at[:k], at[:k]) + np.diag(at[k:])
        gap = np.trace(np.linalg.solve(implied, model.observed))
        return float(np.linalg.slogdet(implied)[1] + gap) / 2

    step = 1e-4
    hessian = np.empty((2 * k, 2 * k))
    for a, b in itertools.product(range(2 * k), repeat=2):
        ea, eb = np.eye(2 * k)[a] * step, np.eye(2 * k)[b] * step
        hessian[a, b] = (
            half(theta + ea + eb) - half(theta + ea - eb) - half(theta - ea + eb) + half(theta - ea - eb)
        ) / (4 * step**2)
    expected = np.sqrt(np.diag(np.linalg.inv(hessian)) / model.n)
    assert np.sqrt(np.diag(model.cov)) == pytest.approx(expected, rel=1e-4)


def test_a_modification_index_is_about_the_drop_in_chi_squared():
    loadings = np.full(5, 0.7)
    target = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    target[0, 1] = target[1, 0] = target[0, 1] + 0.05
    base = of_model(loadings, 2000)
    root = np.linalg.cholesky(base.cov)
    data = Patterns(base.values @ np.linalg.inv(root).T @ np.linalg.cholesky(target).T, base.counts)
    model = cfa_ml.fit(data)
    # Freed, the model holds: all of chi-squared is that one covariance.
    assert model.modification[0, 1] == pytest.approx(model.fit.chisq, rel=0.03)
    assert model.modification.max() == model.modification[0, 1]


def test_omega_of_equally_good_items_is_alpha():
    data = of_model(np.full(6, 0.7))
    assert omega.omega(cfa_ml.fit(data)) == pytest.approx(float(alpha.alpha(data.cov)), abs=1e-9)
    assert omega.omega_observed(cfa_ml.fit(data)) == pytest.approx(float(alpha.alpha(data.cov)), abs=1e-9)


def test_the_categorical_omega_is_the_correlation_of_two_parallel_sums():
    rng = np.random.default_rng(5)
    n, k = 400_000, len(LOADINGS)
    factor = rng.normal(size=(n, 1))

    def form() -> np.ndarray:
        latent = LOADINGS * factor + np.sqrt(1 - LOADINGS**2) * rng.normal(size=(n, k))
        return 1.0 + (latent[..., None] > [-1.8, -1.0, 0.3]).sum(axis=2)

    one, two = form(), form()
    model = cfa_wlsmv.fit(cfa_wlsmv.prepare(counted(one)))
    observed = np.corrcoef(one.sum(axis=1), two.sum(axis=1))[0, 1]
    assert omega.omega_categorical(model) == pytest.approx(observed, abs=0.004)
    assert omega.omega_categorical(model) < model.cr


def test_the_covariance_of_the_polychorics_is_that_of_their_influence():
    # Influence of a pattern: the derivative of each correlation by the pattern's weight. Products of
    # scores stand for second derivatives, which the model makes equal in large samples only.
    data = counted(ordinal_rows(60_000, LOADINGS[:3]))
    values, counts = data.values, data.counts
    pairs = list(itertools.combinations(range(3), 2))

    def correlations(weights: np.ndarray) -> np.ndarray:
        out = []
        for a, b in pairs:
            table = np.zeros((4, 4))
            np.add.at(table, (values[:, a].astype(int) - 1, values[:, b].astype(int) - 1), weights)
            out.append(float(polychoric.two_step(table)))
        return np.array(out)

    step, influence = 0.1, []
    for p in range(len(counts)):
        shift = np.zeros(len(counts))
        shift[p] = step
        influence.append((correlations(counts + shift) - correlations(counts - shift)) / (2 * step))
    influence = np.array(influence) * data.n
    expected = (influence * (counts / data.n)[:, None]).T @ influence
    found = cfa_wlsmv.prepare(data).gamma
    assert np.abs(found - expected).max() < 0.02 * np.abs(expected).max()


def test_wlsmv_finds_the_loadings_the_answers_were_made_from():
    model = cfa_wlsmv.fit(cfa_wlsmv.prepare(counted(ordinal_rows(20_000))))
    assert np.abs(model.loadings - LOADINGS).max() < 4 * model.errors.max()
    assert model.fit_scaled.p > 0.001
    assert model.fit_scaled.cfi > 0.995


def test_the_rmsea_limits_are_quantiles_of_the_noncentral_law():
    _, low, high = fit_indices.rmsea(80.0, 27, 300)
    for limit, level in ((low, 0.95), (high, 0.05)):
        assert stats.ncx2.cdf(80.0, 27, limit**2 * 300 * 27) == pytest.approx(level, abs=1e-8)
    assert fit_indices.rmsea(10.0, 27, 300) == (0.0, 0.0, 0.0)


def test_a_model_without_degrees_of_freedom_has_no_fit():
    fit = cfa_ml.fit(of_model(LOADINGS[:3])).fit
    assert fit.df == 0
    assert np.isnan([fit.p, fit.cfi, fit.tli, fit.rmsea]).all()


def test_patterns_give_what_rows_give():
    rows = ordinal_rows(400)
    for fit in (cfa_ml.fit, lambda d: cfa_wlsmv.fit(cfa_wlsmv.prepare(d))):
        one, many = fit(counted(rows)), fit(Patterns(rows, np.ones(len(rows))))
        assert np.abs(one.loadings - many.loadings).max() < 1e-9
        assert one.fit_scaled.chisq == pytest.approx(many.fit_scaled.chisq, rel=1e-9)


def test_what_cannot_be_fitted_is_refused_in_words():
    rows = ordinal_rows(100)
    with pytest.raises(ValueError, match="three items"):
        cfa_ml.fit(counted(rows[:, :2]))
    with pytest.raises(ValueError, match="determine one another"):
        cfa_ml.fit(counted(np.column_stack([rows, rows[:, 0]])))
    with pytest.raises(ValueError, match="does not vary"):
        cfa_ml.fit(counted(np.column_stack([rows, np.full(100, 4.0)])))
    with pytest.raises(ValueError, match="does not vary"):
        cfa_wlsmv.prepare(counted(np.column_stack([rows, np.full(100, 4.0)])))
    with pytest.raises(ValueError, match="not estimable"):
        cfa_wlsmv.prepare(counted(np.column_stack([rows, rows[:, 0]])))


def test_parallel_analysis_finds_one_factor_and_gives_the_same_numbers_again():
    data = counted(ordinal_rows(400, np.full(6, 0.7)))
    r = np.corrcoef(np.repeat(data.values, data.counts.astype(int), axis=0).T)
    first, again = (efa.parallel(data, r, draws=60) for _ in range(2))
    assert first.factors == 1
    assert (first.threshold == again.threshold).all()
    assert first.threshold[0] > 1 > first.threshold[-1]
    poly = cfa_wlsmv.prepare(data).r
    assert efa.parallel(data, poly, ordinal=True, draws=40).factors == 1


def test_the_law_of_unrelated_items_gives_the_thresholds_that_shuffling_gives():
    data = counted(ordinal_rows(4000, np.full(6, 0.7)))
    big = Patterns(data.values, data.counts)
    r = np.eye(6)
    for ordinal in (False, True):
        shuffled = efa.parallel(data, r, ordinal=ordinal, draws=150).threshold
        drawn = efa._by_law(big, 4000, ordinal, np.random.default_rng(1))
        law = np.quantile(np.linalg.eigvalsh(drawn)[:, ::-1], 0.95, axis=0)
        assert np.abs(shuffled - law).max() < 0.02


def test_noise_has_no_factor():
    data = Patterns(np.random.default_rng(8).normal(size=(500, 6)), np.ones(500))
    assert efa.parallel(data, np.corrcoef(data.values.T), draws=60).factors == 0


# --- against R ------------------------------------------------------------------------------

FITTED = [f for f in sets.FOLDERS if f != "08_n_less_than_k"]


def prepared(reference, folder):
    ref = sets.read(reference, folder)
    found, items = ref.results, ref.items
    if folder == "05_zero_variance_item":
        found = found["after_dropping_zero_variance_items"]
        items = found["items"]
    grouped = group(ref.answers, items=items)
    return found, items, grouped, patterns(grouped, 0, np.ones(len(items), dtype=bool))


def near(found: float, expected: object, rel: float, context: str) -> None:
    value = sets.number(expected)
    if not np.isnan(value):
        assert found == pytest.approx(value, rel=rel, abs=rel), context


INDICES = {"chisq": "chisq", "cfi": "cfi", "tli": "tli", "rmsea": "rmsea",
           "lower": "rmsea.ci.lower", "upper": "rmsea.ci.upper"}  # fmt: skip


def same_fit(fit, expected, suffix: str, rel: float) -> None:
    for name, key in INDICES.items():
        if key + suffix in expected:
            near(getattr(fit, name), expected[key + suffix], rel, key + suffix)


@pytest.mark.parametrize("folder", FITTED)
def test_the_ml_and_mlr_models_equal_lavaans(reference, folder):
    found, items, _, data = prepared(reference, folder)
    model = cfa_ml.fit(data)
    assert model.converged
    ml, mlr = found["cfa"]["ml"], found["cfa"]["mlr"]
    same_fit(model.fit, ml["fit"], "", 1e-5)
    same_fit(model.fit_scaled, mlr["fit"], ".scaled", 1e-5)
    same_fit(model.fit_robust, mlr["fit"], ".robust", 1e-5)
    near(model.srmr, ml["fit"]["srmr"], 1e-5, "srmr")
    near(model.scaling, mlr["fit"]["chisq.scaling.factor"], 1e-5, "scaling")
    k = len(items)
    for expected, robust in ((ml, False), (mlr, True)):
        value, error = model.standardised(robust)
        cov = model.cov_robust if robust else model.cov
        for key, numbers in (
            ("std_loadings", value),
            ("std_se", error),
            ("unstd_loadings", model.loadings),
            ("unstd_se", np.sqrt(np.diag(cov))[:k]),
        ):
            assert np.abs(numbers - [expected[key][i] for i in items]).max() < 1e-5, key
    top = ml["mi_top"]
    for a, b, value in zip(top["lhs"], top["rhs"], top["mi"]):
        near(model.modification[items.index(a), items.index(b)], value, 2e-5, f"mi {a} {b}")
    delta = found["cfa"]["ml_omega_delta"]
    near(omega.omega(model), delta["omega"], 1e-5, "omega")
    near(omega.omega_error(model), delta["se"], 1e-5, "omega se")
    near(omega.omega_observed(model), ml["omega_semTools"]["f"], 1e-5, "omega observed")


@pytest.mark.parametrize("folder", FITTED)
def test_the_wlsmv_model_equals_lavaans(reference, folder):
    found, items, _, data = prepared(reference, folder)
    expected = found["cfa"]["wlsmv"]
    model = cfa_wlsmv.fit(cfa_wlsmv.prepare(data))
    assert model.converged
    same_fit(model.fit, expected["fit"], "", 1e-6)
    same_fit(model.fit_scaled, expected["fit"], ".scaled", 1e-6)
    same_fit(model.fit_robust, expected["fit"], ".robust", 1e-6)
    near(model.srmr, expected["fit"]["srmr"], 1e-6, "srmr")
    assert np.abs(model.loadings - [expected["std_loadings"][i] for i in items]).max() < 1e-6
    assert np.abs(model.errors - [expected["std_se"][i] for i in items]).max() < 1e-6
    near(model.ave, expected["ave_closed"], 1e-6, "ave")
    near(model.cr, expected["cr_closed"], 1e-6, "cr")
    near(omega.omega_categorical(model), expected["cr_ordinal_green_yang_implied"]["f"], 1e-6, "implied")
    near(omega.omega_categorical(model, True), expected["cr_ordinal_green_yang"]["f"], 1e-6, "observed")


@pytest.mark.parametrize("folder", FITTED)
def test_minres_equals_psychs(reference, folder):
    found, items, grouped, _ = prepared(reference, folder)
    for r, block in (
        (correlation(listwise(grouped).cov)[0], found["efa_pearson"]["minres"]),
        (polychoric.matrices(grouped).r[0], found["polychoric"].get("efa", {}).get("minres", {})),
    ):
        if "loadings" in block:
            model = efa.minres(r)
            assert np.abs(model.loadings - [block["loadings"][i] for i in items]).max() < 1e-4
            near(model.rms, block["rms"], 1e-6, "rms")


def test_too_few_rows_for_the_items_are_refused_by_both_models(reference):
    _, _, _, data = prepared(reference, "08_n_less_than_k")
    with pytest.raises(ValueError, match="determine one another"):
        cfa_ml.fit(data)
    with pytest.raises(ValueError, match="not estimable"):
        cfa_wlsmv.prepare(data)
