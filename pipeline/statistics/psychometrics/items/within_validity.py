"""Items and dimensions inside the units, and whether the units agree which way an item points (R20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.statistics.data.covariance import (
    Stack,
    correlation,
    duplicates,
    enough_for_factors,
    inverse,
    listwise,
    varying,
    within,
)
from pipeline.statistics.data.grouped import Array, Grouped
from pipeline.statistics.data.pearson import bartlett, fisher_interval, item_rest, kmo, r_p_value
from pipeline.statistics.data.response_patterns import Patterns
from pipeline.statistics.data.rows import Sheet, names_where
from pipeline.statistics.psychometrics.factor import efa
from pipeline.statistics.psychometrics.factor.within_model import MOST_ROWS, centred
from pipeline.statistics.psychometrics.items.item_jackknife import item_rest_interval
from pipeline.statistics.psychometrics.reliability.opposed import reverse_keyed
from pipeline.statistics.psychometrics.reliability.within_reliability import reason_within

if TYPE_CHECKING:
    import pandas as pd

#: Complete rows from which a unit counts when units are asked which way an item points.
LEAST_UNIT = 30


def within_rows(grouped: Grouped, survey: str, confidence: float, draws: int, seed: int) -> pd.DataFrame:
    """City rows on the pooled within-unit covariance, and on the agreement of the units.

    Parameters
    ----------
    grouped, survey
        Answers by unit, and the survey's name.
    confidence : float
        Of the intervals.
    draws, seed : int
        Of the parallel analysis.

    Notes
    -----
    A correlation inside n respondents of U units has n - U - 1 degrees of freedom. Checked against R's ``cov``
    of group-centred answers.
    """
    sheet = Sheet(survey, "city", ("",))
    shared = grouped.shared()
    stack = listwise(shared)
    pooled = within(shared, stack)
    free = pooled.n - (shared.sums(pooled.complete) > 0).sum()
    why = reason_within(shared, stack, pooled)
    _item_rows(sheet, shared, stack, pooled, free, why, confidence)
    _factor_rows(sheet, shared, stack, pooled, free, why, draws, seed)
    _agreement_rows(sheet, shared, stack, confidence)
    return sheet.frame()


def _item_rows(
    sheet: Sheet, grouped: Grouped, stack: Stack, pooled: Stack, free: Array, why: Array, confidence: float
) -> None:
    rest = np.where(why[:, None] == "", item_rest(pooled.cov), np.nan)
    rows = free[:, None] + 1  # as many as an ungrouped sample of the same degrees of freedom
    lower, upper, alone = item_rest_interval(grouped, stack, rest, confidence, pooled)
    sheet.add("item_rest_within", rest, lower=lower, upper=upper, confidence=confidence, p=r_p_value(rest, rows),
              item=grouped.items, where=pooled.asked, n=pooled.n, df=np.maximum(free - 1, 0), method="jackknife",
              reason=np.where(why == "", "constant-within", why)[:, None], caution=alone)  # fmt: skip


def _factor_rows(
    sheet: Sheet,
    grouped: Grouped,
    stack: Stack,
    pooled: Stack,
    free: Array,
    why: Array,
    draws: int,
    seed: int,
) -> None:
    """Sampling adequacy, sphericity and the number of factors of the within-unit correlations."""
    cov = pooled.cov
    keep = varying(cov) & ~duplicates(cov)
    r = correlation(cov, keep)
    singular = not np.isfinite(inverse(r)).all()
    if why[0] == "":
        why = why.copy()
        if singular or keep.sum() < 2:
            why[0] = "singular"
        elif free[0] < enough_for_factors(keep.sum()):
            why[0] = "too-few"
    shown = why == ""
    overall, per_item = kmo(r, keep)
    left_out = names_where(pooled.asked & ~keep, grouped.items)
    sheet.add("kmo_within", np.where(shown, overall, np.nan), n=pooled.n, text=left_out, reason=why)
    sheet.add("kmo_item_within", np.where(shown[:, None], per_item, np.nan), item=grouped.items,
              where=pooled.asked, n=pooled.n, reason=np.where(shown, "constant-within", why)[:, None])  # fmt: skip
    test = bartlett(r, free + 1, keep)
    sheet.add("bartlett_within", np.where(shown, test["chi2"], np.nan), n=pooled.n, df=test["df"], p=test["p"],
              text=left_out, reason=why)  # fmt: skip
    if not draws:
        return
    count, inside = np.nan, keep[0]
    if shown[0] and inside.sum() >= 3:
        # Above so many rows the drawn thresholds need their number only.
        data = (
            centred(grouped, stack, pooled, inside)
            if pooled.n[0] <= MOST_ROWS
            else Patterns(np.zeros((1, int(inside.sum()))), free + 1)
        )
        # Only the margins are shuffled: put in order, they do not depend on the order of the rows.
        plain = Patterns(
            np.sort(data.values, axis=0),
            np.ones(len(data.values)) if pooled.n[0] <= MOST_ROWS else data.counts,
        )
        found = efa.parallel(plain, r[0][np.ix_(inside, inside)], draws=draws, seed=seed)
        count = float(found.factors) if np.isfinite(found.threshold).all() else np.nan
    sheet.add("factors_parallel", np.array([count]), n=pooled.n, method="within",
              reason=np.where(shown, "few-items", why))  # fmt: skip


def _agreement_rows(sheet: Sheet, grouped: Grouped, stack: Stack, confidence: float) -> None:
    """Whether an item goes with the others in some units and against them in others.

    Against: on the smaller side of the unit's own first component, and surely so (`opposed`). Along: an
    item-rest correlation surely above zero. Both with simultaneous Fisher intervals over all units and items
    judged (Bonferroni). An item is opposed where it stands against in one unit and along in another.
    ``numerator`` counts the units against, ``estimate`` is their share, ``denominator`` those judged.
    """
    judged = (stack.n >= LEAST_UNIT)[:, None] & stack.asked
    rest = np.where(judged, item_rest(stack.cov), np.nan)
    known = np.isfinite(rest)
    sure = 1 - (1 - confidence) / max(1, int(known.sum()))
    lower, _ = fisher_interval(rest, stack.n[:, None], sure)
    turned = known & reverse_keyed(stack, sure)
    against, along = turned.sum(axis=0), (known & ~turned & (lower > 0)).sum(axis=0)
    counted = known.sum(axis=0)
    share = np.divide(against, counted, out=np.full(len(counted), np.nan), where=counted >= 2)
    columns: dict[str, Any] = {"numerator": against[None], "denominator": counted[None]}
    sheet.add("units_opposed", share[None], item=grouped.items, n=np.atleast_1d(stack.n[stack.n >= LEAST_UNIT].sum()),
              confidence=confidence, text=np.where((against > 0) & (along > 0), "opposed", "")[None],
              method="bonferroni", reason="few-units", **columns)  # fmt: skip
