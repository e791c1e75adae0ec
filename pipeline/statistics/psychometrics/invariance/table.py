"""Is the same thing measured everywhere: factor models of a few groups, item differences of many units.

Comparing groups presumes that they understand the items alike. For two to five groups this is tested
level by level (`cfa_groups`), for many units item by item (`dif`). Neither repairs anything: an
official unsur stays in the index (R9); what is shown is whether the ranking would be another one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.data.grouped import Array, Grouped, group
from pipeline.statistics.data.levels import UNKNOWN
from pipeline.statistics.data.response_patterns import distinct, patterns
from pipeline.statistics.psychometrics.factor import cfa_wlsmv
from pipeline.statistics.psychometrics.factor.fit_indices import Fit
from pipeline.statistics.psychometrics.invariance import multigroup_cfa
from pipeline.statistics.psychometrics.invariance.collapse_categories import FEWEST, join
from pipeline.statistics.psychometrics.invariance.dif_rows import dif_rows
from pipeline.statistics.psychometrics.invariance.multigroup_cfa import GroupModel

if TYPE_CHECKING:
    import pandas as pd

#: Groups the models compare; with more, DIF is the method.
MOST_GROUPS = 5
#: Complete rows a group needs for the ordinal model, and for the normal one.
LEAST_ORDINAL, LEAST_NORMAL = 200, 100
#: A level does not hold when the CFI falls, or the RMSEA rises, by more (Chen 2007), and not by chance.
CFI_FALL, RMSEA_RISE, CHANCE = 0.010, 0.015, 0.01
#: Below this the groups do not even share one factor, and there is nothing to compare.
CFI_LEAST = 0.90


def table(
    answers: pd.DataFrame,
    by: pd.Series | Sequence[str] | None = None,
    *,
    groups: pd.DataFrame | None = None,
    types: Mapping[str, str] | None = None,
    leave_out: Mapping[str, str] | Collection[str] = (UNKNOWN,),
    survey: str = "",
    items: Sequence[str] | None = None,
    scale: tuple[int, int] = (1, 4),
) -> pd.DataFrame:
    """Invariance between groups of respondents, and items that units use differently.

    Parameters
    ----------
    groups : DataFrame, optional
        Columns of respondents' groups (sex, mode), each compared by itself. Units that are two to
        five are compared in the same way, as ``unit``.
    types : mapping of unit to type, optional
        Items are tested over the units of each type as well as over the city.
    leave_out : units, or mapping of unit to reason
        Units that take no part in comparisons of units.
    answers, by, survey, items, scale
        As in `reliability.table`; without `by` units are not compared, and items are those most respondents
        were asked.

    Returns
    -------
    DataFrame
        Tidy rows. Models of groups: scope city, ``group`` the column compared, ``text`` the groups.

        ====================== ==================================================================
        ``configural``,        fit of each level: ``wlsmv``, ``wlsmv-scaled``; ``ml`` has ``strict`` in place
        ``thresholds``,        of ``thresholds``. ``other`` says which number: ``chisq`` (df, p), ``cfi``,
        ``metric``, ``scalar`` ``tli``, ``rmsea`` (90 % limits), ``srmr``; against the level before:
                               ``chisq_change`` (df, p), ``cfi_change``, ``rmsea_change``. A refused comparison is
                               one row of ``configural`` with its reason
        ``invariance``         highest level that holds, in ``text`` (``none`` where even one factor does
                               not fit); ``numerator`` of ``denominator`` levels
        ``categories_joined``  answers of an item that some group never gave, joined in every group (``text``)
        ``item_left_out``      items with fewer than three answers left, with the reason
        ====================== ==================================================================

        Items over units: scope city or type (``group`` its name); see `dif_rows.dif_rows`.

    References
    ----------
    Chen, F. F. (2007). Sensitivity of goodness of fit indexes to lack of measurement invariance.
    Structural Equation Modeling, 14, 464-504.

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(2)
    >>> latent = rng.normal(size=(800, 1)) + rng.normal(size=(800, 5))
    >>> a = pd.DataFrame(np.digitize(latent, [-1.5, 0, 1.5]) + 1, columns=[f"U{j}" for j in range(1, 6)])
    >>> t = table(a, groups=pd.DataFrame({"sex": ["male", "female"] * 400}))
    >>> results.pick(t, statistic="invariance", method="wlsmv-scaled")["text"].tolist()
    ['scalar']
    """
    import pandas as pd

    parts = []
    compared = {} if groups is None else {str(name): groups[name] for name in groups.columns}
    out = set(leave_out)
    if by is not None:
        units = pd.Series(np.asarray(by, dtype=object)).astype(str)
        units = units.mask(units.isin(out))
        if 2 <= units.nunique() <= MOST_GROUPS:
            compared["unit"] = units
    for name, column in compared.items():
        parts.append(between(answers, column, name, survey, items))
    if by is not None:
        parts.append(dif_rows(group(answers, by, items), types, out, survey, scale))
    return results.concat(parts)


def between(
    answers: pd.DataFrame, column: pd.Series, name: str, survey: str, items: Sequence[str] | None = None,
    methods: Collection[str] = ("wlsmv", "ml"),
) -> pd.DataFrame:  # fmt: skip
    """Both models, or one, of one way to group the respondents.

    Parameters
    ----------
    answers, items, survey
        As in `table`.
    column : Series
        Group of each row.
    name : str
        What the groups are, for ``group``.
    methods : collection of str

    Examples
    --------
    >>> import pandas as pd
    >>> between(pd.DataFrame({"U1": [4, 3]}), pd.Series(["a", "b"]), "sex", "2024")["reason"].tolist()
    ['few-groups', 'few-groups']
    """
    labels = column.astype(object).where(column.notna(), "").astype(str).str.strip().to_numpy(dtype=object)
    known = labels != ""
    data = group(answers[known], labels[known], items)
    data = data.shared() if data.rows else data
    complete = np.ones(data.rows, dtype=bool) if data.seen is None else np.asarray(data.seen.all(axis=0))
    size = data.sums(complete)
    rows: list[dict[str, Any]] = []
    for method, least, fit in (
        ("wlsmv", LEAST_ORDINAL, _ordinal),
        ("ml", LEAST_NORMAL, _normal),
    ):
        if method not in methods:
            continue
        use = np.flatnonzero(size >= least)
        common = {
            "survey": survey, "scope": "city", "group": name, "n": int(size[use].sum()),
            "text": ",".join(data.units[u] for u in use),
        }  # fmt: skip
        models: list[GroupModel] = []
        why = "few-groups" if len(use) < 2 else "many-groups" if len(use) > MOST_GROUPS else ""
        if not why:
            models, why, notes = fit(data, complete, use)
            rows += [common | {"method": method} | note for note in notes]
        if why:
            rows.append(
                common | {"statistic": "configural", "other": "chisq", "method": method, "reason": why}
            )
            continue
        rows += [common | row for row in _fit_rows(models, method)]
    return results.frame(rows)


Found = tuple[list[GroupModel], str, list[dict[str, Any]]]


def _ordinal(data: Grouped, complete: Array, use: Array) -> Found:
    """WLSMV on answers that all groups gave, or the reason why not."""
    values = [_values(data, complete, u) for u in use]
    notes: list[dict[str, Any]] = []
    columns: list[list[Array]] = []
    for j, item in enumerate(data.items):
        if any((v[j] != np.rint(v[j])).any() for v in values):
            return [], "not-estimable", notes
        joined = join([v[j] for v in values])
        if joined.categories < FEWEST:
            notes.append({"statistic": "item_left_out", "item": item, "reason": "empty-category"})
            continue
        if joined.note:
            notes.append({"statistic": "categories_joined", "item": item, "text": joined.note,
                          "estimate": joined.categories})  # fmt: skip
        columns.append(joined.codes)
    if len(columns) < 4:
        return [], "empty-category", notes
    prepared = []
    for g in range(len(use)):
        try:
            one = cfa_wlsmv.prepare(distinct(np.stack([c[g] for c in columns])))
        except ValueError:
            return [], "not-estimable", notes
        if np.linalg.eigvalsh(one.r)[0] <= 1e-8:
            return [], "not-positive-definite", notes
        prepared.append(one)
    models = multigroup_cfa.fit_ordinal(prepared)
    return (models, "", notes) if all(m.converged for m in models) else ([], "not-estimable", notes)


def _normal(data: Grouped, complete: Array, use: Array) -> Found:
    """ML on the same groups' answers as numbers."""
    keep = np.ones(len(data.items), dtype=bool)
    for u in use:
        keep &= np.ptp(_values(data, complete, u), axis=1) > 0
    notes = [{"statistic": "item_left_out", "item": item, "reason": "no-variance"}
             for item, kept in zip(data.items, keep) if not kept]  # fmt: skip
    if keep.sum() < 4:
        return [], "few-items", notes
    try:
        models = multigroup_cfa.fit_normal([patterns(data, int(u), keep, complete) for u in use])
    except ValueError:
        return [], "singular", notes
    return (models, "", notes) if all(m.converged for m in models) else ([], "not-estimable", notes)


def _values(data: Grouped, complete: Array, unit: int) -> Array:
    here = slice(int(data.starts[unit]), int(data.starts[unit] + data.sizes[unit]))
    return np.asarray(data.values[:, here][:, complete[here]], dtype=float)


def _fit_rows(models: list[GroupModel], method: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    kinds = [(method, "fit"), ("wlsmv-scaled", "fit_scaled")] if method == "wlsmv" else [(method, "fit")]
    for name, attribute in kinds:
        before = None
        for model in models:
            fit = getattr(model, attribute)
            row = {"statistic": model.level, "method": name}
            rows.append(row | {"other": "chisq", "estimate": fit.chisq, "df": fit.df, "p": fit.p})
            rows += [row | {"other": x, "estimate": getattr(fit, x)} for x in ("cfi", "tli")]
            rows.append(row | {"other": "rmsea", "estimate": fit.rmsea, "lower": fit.lower, "upper": fit.upper,
                               "confidence": 0.90})  # fmt: skip
            if attribute == "fit":
                rows.append(row | {"other": "srmr", "estimate": model.srmr})
            if before is not None:
                if attribute == "fit_scaled" or method == "ml":
                    tested = model.change_df > 0
                    rows.append(row | {"other": "chisq_change", "estimate": model.change, "df": model.change_df,
                                       "p": model.change_p, "reason": "" if tested else "few-categories"})  # fmt: skip
                rows.append(row | {"other": "cfi_change", "estimate": fit.cfi - before.cfi})
                rows.append(row | {"other": "rmsea_change", "estimate": fit.rmsea - before.rmsea})
            before = fit
        if name != "wlsmv":
            held = holds([getattr(m, attribute) for m in models], [m.change_p for m in models])
            word = models[held - 1].level if held else "none"
            rows.append({"statistic": "invariance", "method": name, "estimate": held, "text": word,
                         "numerator": held, "denominator": len(models)})  # fmt: skip
    for row in rows:
        if not np.isfinite(row["estimate"]) and not row.get("reason"):
            row["reason"] = "not-estimable"
    return rows


def holds(fits: Sequence[Fit], p: Sequence[float]) -> int:
    """How many levels hold: one factor fits at all, then no step is both significant and large.

    Parameters
    ----------
    fits : sequence of Fit
        Of each level.
    p : sequence of float
        Of each level's test against the one before; NaN where nothing was tested.

    Returns
    -------
    int
        A level fails where its test has p < 0.01 (in small groups the indices wander by chance) and the
        CFI falls by more than 0.010 or the RMSEA rises by more than 0.015 (in large ones every test is
        significant).

    Examples
    --------
    >>> from pipeline.statistics.psychometrics.factor.fit_indices import indices
    >>> fits = [indices(chisq, df, 3000.0, 72.0, 400.0) for chisq, df in ((80, 54), (90, 62), (200, 70))]
    >>> holds(fits, [float("nan"), 0.27, 1e-20])
    2
    """
    if not fits or not fits[0].cfi >= CFI_LEAST:
        return 0
    held = 1
    for before, now, chance in zip(fits, fits[1:], p[1:], strict=False):
        large = now.cfi < before.cfi - CFI_FALL or now.rmsea > before.rmsea + RMSEA_RISE
        if large and chance < CHANCE:
            break
        held += 1
    return held
