"""What the psychometric chapter did not compute, for everybody and for how many units, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import results
from pipeline.report.base.scale_verdicts import city_rows, first
from pipeline.report.city.psychometrics.response import NOWHERE
from pipeline.report.data.city import CityReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.words.narrative import Runs

#: What a refusal is looked for in: key of its name, module, statistic, method.
REFUSABLE = (
    ("kmo", "validity", "kmo", ""), ("polychoric", "validity", "min_eigenvalue", "polychoric"),
    ("lambda6", "reliability", "lambda6", ""), ("omega", "reliability", "omega", "ml"),
    ("omega_categorical", "reliability", "omega_categorical", "wlsmv"),
    ("alpha_ordinal", "reliability", "alpha_ordinal", "polychoric"),
    ("ml", "factors", "chisq", "ml"), ("wlsmv", "factors", "chisq", "wlsmv"),
    ("grm", "factors", "separates_above", "grm"),
)  # fmt: skip


def refusals(city: CityReport) -> list[Runs]:
    """What was not computed, for everybody and for how many units, each with its reason."""
    w, rows = city.words, city_rows(city)
    lines: list[Runs] = []
    for key, module, statistic, method in REFUSABLE:
        row = first(rows, module, statistic, **({"method": method} if method else {}))
        if row is None:
            continue
        # A matrix that is no correlation matrix shows its eigenvalue and carries the reason in text.
        why = str(row.reason or (row.text if statistic == "min_eigenvalue" else ""))
        if why and why != NOWHERE:
            name = w(f"psychometrics.refused_name.{key}")
            lines.append(w.runs("psychometrics.refused_line", name=name, why=w.label("reason", why)))
    if not lines:
        lines = [w.runs("psychometrics.nothing_refused")]
    lines += _units(city)
    lines += _left_out(city)
    return lines


def _units(city: CityReport) -> list[Runs]:
    """How many units have an ordinal model of their own, and why not the others."""
    w = city.words
    units = results.pick(city.table("factors"), scope="unit", statistic="chisq", method="wlsmv")
    units = units[units["unit"].isin(set(city.ranked["unit"]))]
    if not len(units):
        return []
    why = sorted(set(units["reason"]) - {""})
    reasons = _reasons(city, [(reason, int((units["reason"] == reason).sum())) for reason in why])
    made = w.integer(units["estimate"].notna().sum())
    key = "psychometrics.units" if why else "psychometrics.units_all"
    return [w.runs(key, made=made, units=w.integer(len(units)), reasons=reasons)]


def _left_out(city: CityReport) -> list[Runs]:
    """Units without part in the search for differential items, and comparisons of groups not made."""
    w, table = city.words, city.table("invariance")
    lines: list[Runs] = []
    units = results.pick(table, scope="unit", statistic="dif_r2", item="")
    if len(units):
        counts = units["reason"].value_counts().sort_index()
        reasons = _reasons(city, [(str(reason), int(count)) for reason, count in counts.items()])
        lines.append(w.runs("psychometrics.dif_left_out", units=w.integer(len(units)), reasons=reasons))
    left = results.pick(table, scope="city", statistic="item_left_out")
    if len(left):
        names = w.join(dict.fromkeys(f"{city.code(item)}" for item in left["item"]))
        lines.append(w.runs("psychometrics.groups_left_out", names=names))
    return lines


def _reasons(city: CityReport, counted: Sequence[tuple[str, int]]) -> str:
    w = city.words
    return w.join(f"{w.label('reason', reason)} ({w.integer(count)})" for reason, count in counted)
