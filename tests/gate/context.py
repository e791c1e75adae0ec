"""What is true of a survey and of the unit a page is about: conditions a rule can ask for by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import yaml

from tests.gate.page import Page
from tests.gate.survey_files import Finished


@dataclass(frozen=True)
class Failure:
    """Something a page says that does not hold."""

    rule: str
    page: str
    text: str
    why: str = ""

    def __str__(self) -> str:
        return f"[{self.rule}] {self.page}: {self.text[:220]}" + (f"  <- {self.why}" if self.why else "")


class Facts:
    """Facts of one finished survey, computed from its data, never from its pages."""

    def __init__(self, finished: Finished) -> None:
        self.finished = finished

    @cached_property
    def tables(self) -> pd.DataFrame:
        """All result tables."""
        return self.finished.tables

    @cached_property
    def units(self) -> pd.DataFrame:
        """The units by id."""
        return self.finished.units.set_index("id", drop=False)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The answers as they were cleaned."""
        return self.finished.raw("responses")

    @cached_property
    def items(self) -> list[str]:
        """Codes of the official unsur; where none was asked, of the first questionnaire of the survey's own."""
        official = [c for c in self.answers.columns if c[:1] == "U" and c[1:].isdigit()]
        if official:
            return official
        own = [c.removesuffix("__status") for c in self.answers.columns if c.endswith("__status")]
        first = next(iter(self.finished.definition.get("instruments") or {}), "")
        return [c for c in own if c.startswith(f"{first}.")]

    @cached_property
    def factor(self) -> float:
        """From a mean answer to the index: 25, of another scale 100 over its highest answer."""
        return 100.0 / float((self.finished.definition.get("scale") or {}).get("max", 4))

    @cached_property
    def floor(self) -> float:
        """The lowest index there is."""
        return self.factor * float((self.finished.definition.get("scale") or {}).get("min", 1))

    @cached_property
    def by_unit(self) -> dict[str, pd.DataFrame]:
        """The answers of each unit."""
        return {str(u): f for u, f in self.answers.groupby("unit", observed=True)}

    def rows(self, **wanted: str) -> pd.DataFrame:
        """Rows of the result tables with these values."""
        mask = np.ones(len(self.tables), dtype=bool)
        for column, value in wanted.items():
            mask &= (self.tables[column] == value).to_numpy(dtype=bool)
        return self.tables[mask]

    @cached_property
    def earlier(self) -> dict[str, list[str]]:
        """Earlier surveys that lie under data/raw, with the units that answered in each (were listed, if unread)."""
        out = {}
        for folder in sorted((self.finished.root / "data" / "raw").iterdir()):
            if (folder / "survey.yml").is_file() and folder.name[:4] < self.finished.survey[:4]:
                read = self.finished.root / "data" / "processed" / folder.name / "units.json"
                if read.is_file():
                    out[folder.name] = [
                        u["id"] for u in json.loads(read.read_text(encoding="utf-8")) if u["n"]
                    ]
                elif (folder / "units.csv").is_file():
                    out[folder.name] = list(pd.read_csv(folder / "units.csv", dtype=str)["id"])
        return out

    @cached_property
    def states_fact(self) -> set[str]:
        """Unsur whose answer options, as this survey printed them, state a fact and no opinion."""
        path = self.finished.processed / "questionnaire.json"
        return (
            set(json.loads(path.read_text(encoding="utf-8"))["states_fact"])
            if path.is_file()
            else {"U4", "U8"}
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each unit -> id, the longest names first."""
        pairs = sorted(zip(self.units["name"], self.units["id"]), key=lambda p: -len(p[0]))
        return dict(pairs)

    @cached_property
    def services(self) -> dict[str, dict[str, str]]:
        """Names of the services of each unit, as the tables have them."""
        rows = self.tables[(self.tables["service"] != "") & (self.tables["unit"] != "")]
        return {str(u): {s: s for s in f["service"].unique()} for u, f in rows.groupby("unit")}

    @cached_property
    def own_weights(self) -> set[str]:
        """Units that the definition gives weights of their own."""
        out: set[str] = set()
        for entry in self.finished.definition.get("indicators") or []:
            units = entry.get("units") or []
            weights = entry.get("items") or {}
            if isinstance(weights, dict) and len(set(map(str, weights.values()))) > 1:
                out |= {units} if isinstance(units, str) else set(units)
        return out


class Context:
    """The facts of one page."""

    def __init__(self, facts: Facts, page: Page) -> None:
        self.facts = facts
        self.page = page

    @cached_property
    def unit(self) -> str:
        """Id of the unit the page is about; empty for a city's page."""
        if self.page.kind != "unit":
            return ""
        match = self.facts.units.query("slug == @self.page.name")
        return str(match["id"].iloc[0]) if len(match) else self.page.name

    @cached_property
    def answers(self) -> pd.DataFrame:
        """The unit's answers to the official unsur, or everybody's."""
        items = self.facts.items
        if self.page.kind != "unit":
            return self.facts.answers[items]
        frame = self.facts.by_unit.get(self.unit)
        return frame[items] if frame is not None else self.facts.answers[items].iloc[:0]

    @cached_property
    def n(self) -> int:
        """Valid answers: questionnaires that answer at least one unsur."""
        return int(self.answers.notna().any(axis=1).sum())

    def value(self, statistic: str, column: str = "estimate", **wanted: str) -> float:
        """One number of the unit's (or the city's) rows; NaN when there is none."""
        wanted.setdefault("scope", "unit" if self.unit else "city")
        if self.unit:
            wanted["unit"] = self.unit
        rows = self.facts.rows(statistic=statistic, **wanted)
        return float(rows[column].iloc[0]) if len(rows) else float("nan")

    def verdict(self, statistic: str, **wanted: str) -> str:
        """Text of the unit's row of a statistic."""
        rows = self.facts.rows(statistic=statistic, scope="unit", unit=self.unit, **wanted)
        return str(rows["text"].iloc[0]) if len(rows) else ""

    def holds(self, condition: str) -> bool:
        """Whether a condition is true; ``not x`` for the opposite."""
        if condition.startswith("not "):
            return not self.holds(condition[4:])
        return bool(CONDITIONS[condition](self))


def _listed(c: Context) -> bool:
    return bool(c.unit) and c.unit in c.facts.units.index and c.unit != "unknown"


def _census(c: Context) -> bool:
    if not _listed(c):
        return False
    population = pd.to_numeric(c.facts.units.loc[c.unit].get("population"), errors="coerce")
    return bool(population == c.n)


def _constant(c: Context) -> bool:
    values = c.answers.stack().dropna()
    return c.n > 0 and values.nunique() == 1


def _tied(c: Context) -> bool:
    means = c.answers.astype(float).mean().dropna().round(12)
    return c.n > 0 and len(means) > 1 and means.nunique() == 1


def _half_no_channel(c: Context) -> bool:
    official = c.facts.finished.definition.get("rule", "14/2017") == "14/2017"
    return official and "U8" in c.answers and c.n >= 5 and float((c.answers["U8"] == 1).mean()) >= 0.5


def _paper(c: Context) -> bool:
    frame = c.facts.by_unit.get(c.unit)
    return frame is not None and "mode" in frame and set(frame["mode"].dropna().astype(str)) == {"self-paper"}


#: Conditions a rule can name.
CONDITIONS: dict[str, Callable[[Context], bool]] = {
    "a listed unit": _listed,
    "unlisted rows": lambda c: c.page.kind == "unit" and not _listed(c),
    "a census": _census,
    "constant": _constant,
    "all unsur tied": _tied,
    "fewer than five": lambda c: c.page.kind == "unit" and c.n < 5,
    "fewer than thirty complete": lambda c: c.page.kind == "unit" and len(c.answers.dropna()) < 30,
    "negative alpha": lambda c: c.value("alpha") < 0,
    "half say no channel": _half_no_channel,
    "paper only": _paper,
    "earlier surveys": lambda c: (
        any(c.unit in ids for ids in c.facts.earlier.values()) if c.unit else bool(c.facts.earlier)
    ),
    "pairs separated": lambda c: bool((c.facts.rows(statistic="pairs_separated")["estimate"] > 0).any()
                                      or (c.facts.rows(statistic="pairs_apart")["estimate"] > 0).any()),
    "tariff and complaints state facts": lambda c: {"U4", "U8"} <= c.facts.states_fact,
    "several units": lambda c: sum(len(f) >= 5 for u, f in c.facts.by_unit.items() if u != "unknown") > 1,
    "own weights": lambda c: c.unit in c.facts.own_weights,
    "population known": lambda c: bool(np.isfinite(c.value("population"))),
}  # fmt: skip


def load(name: str) -> list[dict]:
    """Read one of the gate's data files."""
    from pathlib import Path

    return yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
