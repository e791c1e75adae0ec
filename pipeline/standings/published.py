"""What of a result table may leave the house: a second lock behind the data layer's (R6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: How sure a letter is, and how many answers would settle it: not told of a unit for information (R6).
_SURE = r"certainty(?:_[A-Z])?|n_to_settle"


def public(table: pd.DataFrame, private: Sequence[str], informed: Sequence[str] = ()) -> pd.DataFrame:
    """Keep only what may leave the house (a second lock behind R6).

    The data layer suppresses already; files that leave the house pass here once more.

    Parameters
    ----------
    table : DataFrame
        Rows of a result table.
    private : sequence of str
        Units of which only counts are told.
    informed : sequence of str
        Units for information only: their rows about how sure a letter is have no number and say why,
        as their reports, workbooks and the portal say nothing of it.
    """
    hidden = table["unit"].isin(list(private)) & ~table["statistic"].isin(["n", "n_valid"])
    shared = table["other"].isin(list(private)) & (table["scope"] == "pair")
    kept = table[~(hidden | shared)]
    unsure = kept["unit"].isin(list(informed)) & kept["statistic"].str.fullmatch(_SURE)
    unsure &= kept["estimate"].notna() | kept["reason"].eq("not-at-this-distance")
    if not unsure.any():
        return kept
    kept = kept.copy()
    kept.loc[unsure, ["estimate", "lower", "upper"]] = float("nan")
    kept.loc[unsure, "text"] = ""
    kept.loc[unsure, "reason"] = "for-information"
    return kept
