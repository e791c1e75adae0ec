"""Whether units and the city reach their target: one reading of its rows for page one, overview and portal.

Who is judged, and what a target is in numbers, are decided here alone, so that no page says of a unit what another
page leaves open; the words of a verdict are those of `narrative.reached` where it stands by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline import results

if TYPE_CHECKING:
    import pandas as pd

#: Words of a verdict on a target, in the order in which groups of units are drawn.
WORDS: Final = ("below", "undecided", "above")


def goal(text: object) -> float:
    """Read a target as a row states it, with a decimal point or comma.

    Examples
    --------
    >>> goal("88.31"), goal("88,31")
    (88.31, 88.31)
    """
    return float(str(text).strip().replace(",", "."))


def relation(text: object, sign: str) -> str:
    """Word of a unit's row; nothing where the unit takes no part in comparisons (its sign, R6).

    Examples
    --------
    >>> relation("below", ""), relation("below", "E"), relation("", "")
    ('below', '', '')
    """
    return str(text) if sign == "" and text in WORDS else ""


def of_units(city: pd.DataFrame, signs: pd.DataFrame) -> pd.DataFrame:
    """Rows of the units that were tested together and take part in comparisons.

    Parameters
    ----------
    city : DataFrame
        Rows of the table ``city``.
    signs : DataFrame
        The standings: ``unit`` and ``sign``.

    Examples
    --------
    >>> import pandas as pd
    >>> city = pd.DataFrame({"scope": "unit", "statistic": "target", "unit": ["a", "b"], "text": "below"})
    >>> of_units(city, pd.DataFrame({"unit": ["a", "b"], "sign": ["", "E"]}))["unit"].tolist()
    ['a']
    """
    rows = results.pick(city, scope="unit", statistic="target")
    if not len(rows) or not len(signs):
        return rows.iloc[:0]
    sign = dict(zip(signs["unit"], signs["sign"], strict=True))
    held = [
        bool(relation(text, sign.get(unit, "x")))
        for unit, text in zip(rows["unit"], rows["text"], strict=True)
    ]
    return rows[held]
