"""Indices of earlier surveys as they stood under their own rule (R8): what a trend is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline import results

if TYPE_CHECKING:
    import pandas as pd

#: The statistic's name: the index then.
THEN = "ikm_then"


def from_index(index: pd.DataFrame, other: str, survey: str = "") -> pd.DataFrame:
    """Index, interval and letter of an earlier survey's units and city, from its index table.

    Parameters
    ----------
    index : DataFrame
        Result table of `index.table` of the earlier survey.
    other : str
        Its name.
    survey : str
        Name of the later survey, whose table these rows join.

    Examples
    --------
    >>> rows = [{"scope": "unit", "unit": "a", "statistic": "ikm", "estimate": 80.0, "n": 40},
    ...         {"scope": "unit", "unit": "a", "statistic": "letter", "text": "B", "n": 40}]
    >>> from_index(results.frame(rows), "2023")[["other", "estimate", "text"]].values.tolist()
    [['2023', 80.0, 'B']]
    """
    mine = results.pick(index, scope=["unit", "city"], item="", service="", group="")
    city = mine["scope"] == "city"
    mine = mine[~city | (mine["text"] == "headline") | (mine["statistic"] == "letter")]
    letters = mine[mine["statistic"] == "letter"]
    named = {(r.scope, r.unit, r.method): r.text for r in results.rows_of(letters)}
    rows = mine[mine["statistic"] == "ikm"].drop_duplicates(["scope", "unit"])
    made = rows.assign(
        survey=survey,
        other=other,
        statistic=THEN,
        text=[named.get((r.scope, r.unit, r.method), "") for r in results.rows_of(rows)],
    )
    return results.frame(made)


def from_print(
    published: Mapping[str, float],
    letters: Mapping[str, str],
    n: Mapping[str, int],
    other: str,
    survey: str = "",
) -> pd.DataFrame:
    """Printed indices: no interval, the letter as it was printed.

    Examples
    --------
    >>> from_print({"": 84.5}, {"": "B"}, {}, "2019")[["scope", "estimate", "text"]].values.tolist()
    [['city', 84.5, 'B']]
    """
    rows: list[dict[str, Any]] = [
        {"survey": survey, "scope": "unit" if unit else "city", "unit": unit, "other": other, "statistic": THEN,
         "estimate": value, "n": n.get(unit), "text": letters.get(unit, ""), "method": "published"}
        for unit, value in published.items()
    ]  # fmt: skip
    return results.frame(rows)
