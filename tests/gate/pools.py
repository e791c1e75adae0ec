"""The numbers a passage may hold: those of the result rows it can be about."""

from __future__ import annotations

import re
from functools import cache, cached_property

import numpy as np
import pandas as pd

from tests.gate import columns
from tests.gate.context import Facts
from tests.gate.pool import Pool

NUMERIC = ("estimate", "lower", "upper", "numerator", "denominator", "n", "df", "p", "p_adjusted")


class Pools:
    """Pools of one survey, made once each."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        tables = facts.tables
        self._units = {str(u): f for u, f in tables[tables["unit"] != ""].groupby("unit")}
        scope = tables["scope"]
        city = tables[scope.isin(["city", "surveys", "type", "parent", "set"])]
        self._units[""] = city
        self.of = cache(self._of)
        self.counts = Pool(_counts(facts))
        self.defined = Pool(_defined(facts))

    def _of(self, unit: str, items: tuple[str, ...] = (), modules: tuple[str, ...] = ()) -> Pool:
        """Numbers of a unit's rows (of the city's for none); of some unsur and of none, when unsur are named."""
        frame = self._units.get(unit)
        if frame is None:
            frame = self._units[""].iloc[:0]
        if modules:
            frame = frame[frame["module"].isin(modules)]
        if items:
            frame = frame[frame["item"].isin([*items, ""]) | frame["other"].isin(items)]
        listed = self.facts.units.loc[unit] if unit in self.facts.units.index else {}
        known = [listed.get(c) for c in ("n", "required", "population")] if len(listed) else []
        known += self._unlisted(unit) if unit == "unknown" else []
        return Pool(
            np.concatenate([_numbers(frame), pd.to_numeric(pd.Series(known, dtype=object)).astype(float)])
        )

    @cache  # noqa: B019 - lives as long as the survey's pools
    def row(self, unit: str, item: str) -> Pool:
        """Numbers of the rows of one unsur of a unit or of the city."""
        frame = self._units.get(unit)
        if frame is None:
            return Pool([])
        mine = (frame["item"] == item) | (frame["other"] == item) | (frame["statistic"] == "r_table")
        return Pool(_numbers(frame[mine]))

    def _unlisted(self, unit: str) -> list[float]:
        """How many rows wrote each name that is no listed unit's, and how many wrote none."""
        frame = self.facts.by_unit.get(unit)
        if frame is None or "unit_raw" not in frame:
            return []
        written = frame["unit_raw"].astype("string").fillna("")
        counts = written[written != ""].value_counts().astype(float)
        # Names like no listed unit are counted together.
        return [float((written == "").sum()), *counts, *(counts.sum() - counts), float(counts.sum())]

    @cached_property
    def over_units(self) -> Pool:
        """Per unsur: medians over units and in how many units something holds."""
        return Pool(columns.over_units(self.facts)["estimate"].to_numpy(dtype=float))

    def between(self, unit: str, other: str) -> Pool:
        """Differences of two units' indices and means."""
        rows = self.facts.tables
        rows = rows[rows["statistic"].isin(["ikm", "ikm_shared", "mean"]) & rows["service"].eq("")]
        means = {u: rows[rows["unit"] == u]["estimate"].dropna() for u in (unit, other)}
        return Pool([a - b for a in means[unit] for b in means[other]])

    @cached_property
    def index(self) -> Pool:
        """Index and values of the unsur of every unit: what a figure of many units draws."""
        tables = self.facts.tables
        drawn = tables["statistic"].isin(["ikm", "ikm_shared", "nrr", "item_rest", "alpha"])
        return Pool(_numbers(tables[drawn]))


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    values = frame[list(NUMERIC)].to_numpy(dtype=float).ravel()
    half = ((frame["upper"] - frame["lower"]) / 2).to_numpy(dtype=float)
    ratio = (frame["numerator"] / frame["denominator"]).to_numpy(dtype=float)
    part = (frame["numerator"] / frame["n"]).to_numpy(dtype=float)
    return np.concatenate([values, half, ratio, part])


def _counts(facts: Facts) -> set[float]:
    """How many rows say one thing: units of a verdict, changes of a reason, rows of a file."""
    tables = facts.tables
    out: set[float] = {float(len(facts.units)), float(len(facts.items)), float(len(facts.by_unit))}
    rows = tables[tables["scope"].isin(["unit", "pair", "service"])]
    sure = rows.assign(known=rows["estimate"].notna(), p5=rows["p_adjusted"] < 0.05, up=rows["estimate"] > 0)
    keys = ["module", "statistic"]
    for more in (["text"], ["reason"], ["method", "text"], ["group", "text"], ["item", "text"], ["known"], ["p5"],
                 ["p5", "up"], ["other", "text"], ["method", "known"], ["item", "known"], ["group", "known"],
                 ["group", "other", "known"], ["method", "item", "text"], ["text", "up"]):  # fmt: skip
        sizes = sure.groupby([*keys, *more], observed=True)["unit"].agg(["size", "nunique"])
        out |= set(sizes.to_numpy(dtype=float).ravel())
    for name, by in (("ledger", ["action", "reason"]), ("ledger", ["reason"]), ("ledger", ["action"])):
        frame = facts.finished.raw(name)
        out |= set(frame.groupby(by, observed=True).size().astype(float))
    intake = facts.finished.raw("intake").select_dtypes("number")
    by_role = facts.finished.raw("intake").groupby("role", observed=True).sum(numeric_only=True)
    out |= set(intake.to_numpy(dtype=float).ravel()) | set(by_role.to_numpy(dtype=float).ravel())
    out |= set((by_role.sum() - by_role).to_numpy(dtype=float).ravel())
    return out


def _defined(facts: Facts) -> set[float]:
    """Numbers the definition states."""
    # Models of all items need five answers an item.
    out: set[float] = {5.0 * len(facts.items)}
    if score := (facts.finished.given.get("ombudsman") or {}).get("score"):
        out.add(float(str(score).replace(",", ".")))
    for text in re.findall(r"\d+(?:[./]\d+)?", str(facts.finished.definition)):
        top, _, bottom = text.partition("/")
        out.add(float(top) / float(bottom) if bottom and float(bottom) else float(top))
    return out
