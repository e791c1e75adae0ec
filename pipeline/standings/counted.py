"""Of whom the city's headline is: units and people that make it, and who is left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.standings.units import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Counted:
    """Units that make the city's headline.

    Attributes
    ----------
    units, listed, only : int
        Units that make it, units of the list, units for information only (R6).
    information : bool
        Whether the headline is for information only, as fewer than half of its units are enough (R5).
    people, answered : int
        Valid answers in its units, and in all.
    elsewhere : int
        Those of all that name no listed unit.
    """

    units: int
    listed: int
    only: int
    information: bool
    people: int = 0
    answered: int = 0
    elsewhere: int = 0

    @property
    def valid(self) -> int:
        """Valid answers of the listed units: what the pages count people against."""
        return self.answered - self.elsewhere

    def left_out(self, few: int) -> dict[str, int]:
        """Units that do not make the headline, by reason: ``only`` for information, ``few`` with too few answers.

        Nothing where the account would not add up to the list: some headlines leave out others, too.

        Examples
        --------
        >>> Counted(43, 48, 3, False).left_out(2), Counted(40, 48, 3, False).left_out(2)
        ({'only': 3, 'few': 2}, {})
        """
        found = {name: n for name, n in (("only", 0 if self.information else self.only), ("few", few)) if n}
        return found if self.units + sum(found.values()) == self.listed else {}


def counted_units(index: pd.DataFrame) -> Counted | None:
    """Say how many units the city's headline is made of; None for a table that does not say."""
    rows = results.pick(index, scope="city", item="", service="", group="")
    row = next(results.rows_of(rows[rows["statistic"] == "units_counted"]), None)
    if row is None:
        return None
    only = rows.loc[rows["statistic"] == "units_for_information", "estimate"].sum()
    headline = next(results.rows_of(rows[(rows["statistic"] == "ikm") & (rows["text"] == "headline")]), None)
    everybody = rows[(rows["statistic"] == "n_valid") & (rows["method"] == "")]
    strangers = results.pick(
        index, scope="unit", unit=UNKNOWN, item="", service="", group="", statistic="n_valid"
    )
    answered, listed = (
        (int(everybody["estimate"].sum()), int(strangers["estimate"].sum())),
        row.denominator or 0,
    )
    first = row.text == "for-information"
    if headline is None or headline.method in ("mean-of-units", "shared-unsur"):
        return Counted(row.numerator or 0, listed, int(only), first, row.n or 0, *answered)
    # Other headlines take every unit that has five answers, as far as they can.
    of = rows[(rows["statistic"] == "units") & (rows["method"] == headline.method)]
    return Counted(int(of["estimate"].sum()), listed, 0, first, int(of["n"].sum()), *answered)


def left_out_words(w: Any, left: dict[str, int]) -> str:
    """Say who is left out of the headline, as `Counted.left_out` has it; empty for nobody.

    Parameters
    ----------
    w : Words
        Anything that words a key, with ``integer`` and ``join``.
    left : dict
        Number of units by reason.
    """
    return str(w.join([w(f"overview.fact_units_{kind}", n=w.integer(n)) for kind, n in left.items()]))
