"""Questionnaires beside the one of the index: an index of its own for each, never mixed into the IKM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import results, rules
from pipeline.statistics.sample import scopes

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.statistics.sample.scopes import Scopes
    from pipeline.steps.answers import Answers

#: What of an index stands for any questionnaire: no letter, no printed weights, no certainty of letters.
KEPT = (
    "n", "n_valid", "n_complete", "ikm", "ikm_complete", "margin", "nrr", "sd", "top_box", "bottom_2",
    "ceiling", "floor",
)  # fmt: skip
#: What importance says of pairs.
PAIRED = ("gap", "expectation", "perception")


def instruments(data: Answers) -> pd.DataFrame:
    """Index of every other questionnaire, per unit and city; gaps of pairs; thresholds of its rules.

    Returns
    -------
    DataFrame
        Tidy rows with the questionnaire in ``group``. ``ikm`` is its index, 100/maximum times the
        mean of its items. ``threshold``: estimate is the threshold on the same scale, ``text`` says
        ``reached``, ``not-reached`` or ``cannot-tell`` by the interval of the index, ``other`` the
        threshold as its rule prints it, ``method`` whether it is verified.
    """
    parts = [_one(data, name, items) for name, items in data.instruments.items()]
    return results.concat(parts) if parts else results.empty()


def _one(data: Answers, name: str, items: list[str]) -> pd.DataFrame:
    from pipeline.statistics.index import table as module  # late: only what is asked for is loaded

    low, high = data.scale_of(items[0])
    frame = data.responses[items]
    asked = frame.notna().any(axis=1)
    if not asked.any():
        return results.empty()
    found = module.table(
        frame[asked], data.by[asked], listed=data.listed, rule=data.survey.definition.rule, scale=(low, high),
        population=data.population, types=data.types, survey=data.survey.name,
    )  # fmt: skip
    # How often each answer was given, for the city's table of items.
    given = found["statistic"].str.startswith("share_") & (found["scope"] == "city")
    keep = (found["statistic"].isin(KEPT) | given) & found["scope"].isin(["unit", "city"])
    # One city index is enough beside the IKM; the items' means are by units, too.
    keep &= found["method"].isin(["", "mean-of-units"]) | (found["scope"] == "unit")
    found = found[keep & ~found["reason"].isin(["no-data"])]
    who = data.scopes_of(items)
    made = [found, *_gaps(data, items, asked, who), _thresholds(data, name, found, high)]
    joined = scopes.told(results.concat(made), who.hidden)
    joined["group"] = name
    return joined


def _gaps(data: Answers, items: list[str], asked: pd.Series, who: Scopes) -> list[pd.DataFrame]:
    """Perception less expectation, for items that were asked twice: of each unit, and of the city's units."""
    # late: only what is asked for is loaded
    from pipeline.statistics.importance import table as module

    pairs = {f"{item}_exp": item for item in items if f"{item}_exp" in data.responses}
    made = []
    for scope, units in (("unit", set(who.valid) - who.hidden), ("city", who.city)) if pairs else ():
        rows = asked & data.by.isin(units)
        if not rows.any():
            continue
        wanted = data.responses.loc[rows, list(pairs)].rename(columns=pairs)
        found = module.table(
            data.responses.loc[rows, items],
            data.by[rows],
            expectations=wanted,
            draws=1,
            survey=data.survey.name,
        )
        made.append(found[found["statistic"].isin(PAIRED) & (found["scope"] == scope)])
    return made


def _thresholds(data: Answers, name: str, found: pd.DataFrame, high: int) -> pd.DataFrame:
    """Whether an index reaches the thresholds of its rule, as far as its interval tells."""
    rule_name = data.survey.definition.instruments[name].rule
    if not rule_name:
        return results.empty()
    rows = []
    for row in found[found["statistic"] == "ikm"].to_dict("records"):
        for threshold in rules.index_rule(rule_name).thresholds:
            at = float(threshold.lower) * 100 / high
            rows.append(
                {
                    "survey": row["survey"], "scope": row["scope"], "unit": row["unit"], "statistic": "threshold",
                    "estimate": at, "n": row["n"], "other": f"{float(threshold.lower):.2f}",
                    "text": _reached(at, row["estimate"], row["lower"], row["upper"]),
                    "method": "verified" if threshold.verified else "unverified",
                }
            )  # fmt: skip
    return results.frame(rows) if rows else results.empty()


def _reached(at: float, value: float, lower: float, upper: float) -> str:
    """Say whether an index reaches a threshold.

    Examples
    --------
    >>> _reached(90.0, 95.0, 92.0, 97.0), _reached(90.0, 91.0, 88.0, 94.0), _reached(90.0, 80.0, 75.0, 85.0)
    ('reached', 'cannot-tell', 'not-reached')
    """
    if value != value:
        return "cannot-tell"
    low, high = (lower, upper) if lower == lower and upper == upper else (value, value)
    return "reached" if low >= at else "not-reached" if high < at else "cannot-tell"
