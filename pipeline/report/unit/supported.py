"""What a unit's number of answers supports: its own figures, else everybody's with the reason.

Polychoric correlations and the ordinal model need 200 complete answers of one unit: with fewer, under
the ceiling of satisfaction answers, they contradict themselves. The figure of all respondents stands
beside each of the unit's, so that a refusal never leaves the reader without one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.scale_verdicts import Rows, first, pools
from pipeline.report.data.unit import estimate
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Key of the name, module, statistic, method, decimals; in the order of the table.
FIGURES = (
    ("alpha", "reliability", "alpha", "jackknife", 2), ("omega", "reliability", "omega", "mlr", 2),
    ("omega_categorical", "reliability", "omega_categorical", "wlsmv", 2),
    ("alpha_ordinal", "reliability", "alpha_ordinal", "polychoric", 2),
    ("sem", "reliability", "sem", "", 2), ("kmo", "validity", "kmo", "", 2),
    ("kmo_polychoric", "validity", "kmo_polychoric", "polychoric", 2),
    ("cfi_ml", "factors", "cfi", "mlr", 3), ("rmsea_ml", "factors", "rmsea", "mlr", 3),
    ("cfi_ordinal", "factors", "cfi", "wlsmv-scaled", 3), ("rmsea_ordinal", "factors", "rmsea", "wlsmv-scaled", 3),
)  # fmt: skip
#: The same of all respondents inside their units: statistic and method (R20).
INSIDE = {
    "alpha": ("alpha_within", "jackknife"), "omega": ("omega_within", ""), "sem": ("sem_within", ""),
    "kmo": ("kmo_within", ""), "cfi_ml": ("cfi", "mlr-within"), "rmsea_ml": ("rmsea", "mlr-within"),
}  # fmt: skip
#: Statistic and method of the row that says why there is no figure, by the figure's module and method.
REASONS = {
    ("factors", "mlr"): ("chisq", "ml"), ("factors", "wlsmv-scaled"): ("chisq", "wlsmv"),
    ("reliability", "mlr"): ("omega", "ml"), ("validity", "polychoric"): ("min_eigenvalue", "polychoric"),
}  # fmt: skip


def supported(u: UnitReport) -> Any:
    """Table of the figures, one row each: the unit's, everybody's, and why the unit has none."""
    w = u.words
    rows, reasons, inside = [], set(), pools(u.wider)
    for key, module, statistic, method, digits in FIGURES:
        own, why = figure(u, u.rows, module, statistic, method, digits)
        wide = INSIDE.get(key, (statistic, method)) if inside else (statistic, method)
        pooled, why_not = figure(u, u.wider, module, *wide, digits)
        if not own and not pooled and not why:
            continue
        reasons.add(why)
        why = why or ("" if pooled else why_not)
        rows.append([w(f"unit.supported.{key}"), own or NOTHING, pooled or NOTHING,
                     "" if own else w.label("reason", why or "not-estimable")])  # fmt: skip
    if not rows:
        return None
    note = "note_one" if len(u.survey.units) == 1 else "note_few" if "too-few" in reasons else "note"
    return blocks.table(
        blocks.columns(
            w, what=("unit.supported.col_what", "3fr"), unit="unit.supported.col_unit",
            all="unit.supported.col_all", why=("unit.supported.col_why", "3fr"),
        ),
        rows, caption=w("unit.supported.caption"), key="supported",
        note=w(f"unit.supported.{note}"),
    )  # fmt: skip


def figure(
    u: UnitReport,
    rows: Rows | Callable[..., Sequence[Any]],
    module: str,
    statistic: str,
    method: str,
    digits: int,
) -> tuple[str, str]:
    """A figure as printed and, without it, the reason."""
    w, where = u.words, {"method": method} if method else {}
    row = first(rows, module, statistic, service="", **where)
    if estimate(row) is None:
        if (module, method) in REASONS:
            told, by = REASONS[module, method]
            row = first(rows, module, told, service="", method=by)
        return "", "" if row is None else str(row.reason)
    text = w.number(row.estimate, digits)
    return (f"{text} ({w.interval(row.lower, row.upper, digits)})" if row.lower == row.lower else text), ""
