"""Indices and unsur of earlier surveys as they stood under their own rule (R8): what a trend is drawn from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.statistics.trend.comparable import asked_in_both, item_breaks

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.statistics.trend.comparable import Conditions
    from pipeline.statistics.trend.wave import Wave

#: The statistics' names: the index then, the value of an unsur then.
THEN, ITEM_THEN = "ikm_then", "nrr_then"
#: What may change and leaves an unsur what it is: its value of then stands, and nothing is subtracted from it.
SAME_UNSUR = frozenset({"mode", "executor"})


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


def items_then(
    answers: Any, units: Collection[str], earlier: Sequence[Wave], conditions: Conditions, survey: str
) -> pd.DataFrame:
    """Values of the unsur in the newest earlier survey that each unit was in; none where that is a print."""
    left, parts = set(units), []
    for wave in reversed(earlier):
        if wave.index is None:
            left -= set(wave.published)
            continue
        asked = asked_in_both(answers, wave.answers) or ()
        changed = {item: item_breaks(item, conditions, wave.conditions) for item in asked}
        parts.append(items_from_index(wave.index, changed, left, wave.survey, survey))
        left -= told_units(wave.index)
    return results.concat(parts)


def items_from_index(
    index: pd.DataFrame,
    changed: Mapping[str, Sequence[str]],
    units: Collection[str],
    other: str,
    survey: str = "",
) -> pd.DataFrame:
    """Mean (NRR) of each unsur of an earlier survey's units: what is told of it in that survey's own table.

    Parameters
    ----------
    index : DataFrame
        Result table of the earlier survey after disclosure: what it does not tell is told nowhere.
    changed : mapping of item to what changed
        The items that both surveys asked. Where a rule, scale, order or wording changed, the unsur is
        another one under the same code: it has a row without a value (R8, R15).
    units : collection of str
        Units of the later survey.
    other, survey : str
        Names of the earlier and the later survey.

    Examples
    --------
    >>> rows = [{"scope": "unit", "unit": "a", "statistic": "nrr", "item": i, "estimate": 3.5, "n": 40}
    ...         for i in ("U1", "U3", "U9")]
    >>> found = items_from_index(results.frame(rows), {"U1": ["mode"], "U3": ["wording"]}, ["a"], "2023")
    >>> found[["item", "estimate", "text", "reason"]].values.tolist()
    [['U1', 3.5, '', ''], ['U3', nan, 'wording', 'not-comparable']]
    """
    import pandas as pd

    mine = results.pick(index, scope="unit", statistic="nrr", service="", group="")
    mine = mine[mine["unit"].isin(set(units)) & mine["item"].isin(set(changed))]
    mine = mine.drop_duplicates(["unit", "item"])
    kinds = {item: ",".join(k for k in found if k not in SAME_UNSUR) for item, found in changed.items()}
    text = mine["item"].astype(str).map(kinds)
    same = text == ""
    return results.frame(
        pd.DataFrame(
            {"survey": survey, "scope": "unit", "unit": mine["unit"], "item": mine["item"], "other": other,
             "statistic": ITEM_THEN, "estimate": mine["estimate"].where(same),
             "numerator": mine["numerator"].where(same), "denominator": mine["denominator"].where(same),
             "n": mine["n"].where(same), "text": text, "reason": mine["reason"].where(same, "not-comparable")}
        )
    )  # fmt: skip


def told_units(index: pd.DataFrame) -> set[str]:
    """Units of which an index table tells the index.

    Examples
    --------
    >>> rows = [{"scope": "unit", "unit": "a", "statistic": "ikm", "estimate": 80.0},
    ...         {"scope": "unit", "unit": "b", "statistic": "ikm", "reason": "suppressed"}]
    >>> told_units(results.frame(rows))
    {'a'}
    """
    rows = results.pick(index, scope="unit", statistic="ikm", item="", service="", group="")
    return set(rows.loc[rows["estimate"].notna(), "unit"])
