"""A survey of no files whose facts are set by hand, for pages that must fail one rule each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from tests.gate.context import Context, Facts
from tests.gate.page import parse
from tests.gate.pools import NUMERIC
from tests.gate.survey_files import Finished

ITEMS = [f"U{i}" for i in range(1, 10)]
UNITS = {"biasa": (40, 400), "sensus": (10, 10), "tetap": (8, 90), "tiga": (3, 70), "seri": (18, 100),
         "saluran": (20, 200), "kertas": (40, 300), "kecil": (20, 200), "negatif": (40, 300)}  # fmt: skip
TEXT = (
    "scope",
    "unit",
    "service",
    "group",
    "item",
    "other",
    "statistic",
    "text",
    "method",
    "reason",
    "module",
)


class Nowhere(Finished):
    """A finished survey without files."""

    def raw(self, name: str) -> pd.DataFrame:
        """No changes, one file read."""
        if name == "ledger":
            return pd.DataFrame({"action": [], "reason": []})
        return pd.DataFrame({"role": ["wide"], "read": [219], "used": [219]})


@cache
def survey() -> Facts:
    """The facts: answers of each kind of unit and the few rows the planted pages speak of."""
    facts = Facts(Nowhere(Path("/nowhere"), "2025"))
    answers = pd.concat([_answers(unit) for unit in UNITS], ignore_index=True)
    unlisted = _answers("biasa").head(6).assign(unit="unknown")
    facts.__dict__.update(
        answers=pd.concat([answers, unlisted], ignore_index=True),
        units=_units(),
        tables=_tables(),
        earlier={"2024": ["biasa"]},
        own_weights=set(),
        services={},
    )
    facts.finished.__dict__["definition"] = {"rule": "14/2017", "margin": "2.5"}
    return facts


def page(html: str, unit: str = "biasa", kind: str = "unit", lang: str = "id") -> Context:
    """A planted page of a unit, or of the city."""
    name = unit if kind == "unit" else kind
    return Context(survey(), parse(f"<body>{html}</body>", name, kind, lang))


def _units() -> pd.DataFrame:
    rows = [
        {"id": u, "slug": u, "name": u.title(), "n": n, "required": None, "population": str(p)}
        for u, (n, p) in UNITS.items()
    ]
    return pd.DataFrame(rows).set_index("id", drop=False)


def _answers(unit: str) -> pd.DataFrame:
    n = UNITS[unit][0]
    rng = np.random.default_rng(len(unit))
    table = rng.integers(2, 5, size=(n, len(ITEMS)))
    if unit == "tetap":
        table[:] = 4
    if unit == "seri":
        table = np.stack([np.roll(np.resize([3, 4, 4], n), i) for i in range(len(ITEMS))], axis=1)
    if unit == "saluran":
        table[:, 7] = np.resize([1, 4], n)
    if unit == "biasa":
        table[:, 2] = np.resize([2, 3], n)
        table[:, 8] = np.resize([3, 2], n)
        table[:, 0] = 4
    frame = pd.DataFrame(table, columns=ITEMS).astype("Int8")
    said = np.resize(["", "lama", "lama", "-"], n)
    return frame.assign(unit=unit, mode="self-paper" if unit == "kertas" else "online", suggestion=said)


def _tables() -> pd.DataFrame:
    rows = [
        _row("index", "ikm", "biasa", estimate=83.22, lower=81.5, upper=84.9, n=40),
        _row("index", "ikm", "kecil", estimate=80.12, lower=78.0, upper=82.0, n=20),
        _row("index", "n_valid", "biasa", estimate=40, n=40),
        _row("index", "letter", "biasa", estimate=83.22, text="B"),
        _row("verdicts", "certainty", "biasa", estimate=0.99, text="firm"),
        _row("reliability", "alpha", "negatif", estimate=-0.3, n=40),
        _row("verdicts", "difference", "biasa", estimate=0.4, text="undecided"),
        _row("ranking", "pairs_apart", "", scope="city", estimate=5),
    ]
    for place, unit in enumerate(UNITS):
        rows += [_row("comparison", "mean", unit, estimate=80 + 1.37 * place, n=UNITS[unit][0])]
    return pd.DataFrame(rows)


def _row(module: str, statistic: str, unit: str, scope: str = "unit", **more: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(TEXT, "") | dict.fromkeys(NUMERIC, np.nan)
    return row | {"module": module, "statistic": statistic, "unit": unit, "scope": scope} | more
