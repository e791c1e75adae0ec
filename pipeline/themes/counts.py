"""How many people wrote about each theme and each unsur, and in how many different texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.themes.judge import JUNK

if TYPE_CHECKING:
    import pandas as pd


def same(texts: pd.Series) -> pd.Series:
    """Bring texts that differ by capitals and a last mark only to one writing.

    Examples
    --------
    >>> import pandas as pd
    >>> same(pd.Series(["Antre lama!", "antre lama"])).nunique()
    1
    """
    return texts.str.casefold().str.rstrip(" .!")


def of_themes(judged: pd.DataFrame) -> pd.DataFrame:
    """Count people and different texts of each theme.

    Parameters
    ----------
    judged : DataFrame
        As `pipeline.themes.judge` returns it, one row a person.

    Returns
    -------
    DataFrame
        Columns ``theme``, ``people``, ``texts``; most people first, then by name. A text of two themes counts in
        both, so that the columns have no sum.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline import themes
    >>> said = pd.Series(["Toilet kotor", "toilet kotor.", "Parkir sempit"])
    >>> of_themes(themes.judge(said, themes.built_in())).values.tolist()
    [['kebersihan', 2, 1], ['parkir', 1, 1]]
    """
    return _counted(judged, "themes", "theme")


def of_items(judged: pd.DataFrame) -> pd.DataFrame:
    """Count people and different texts that speak of each unsur: ``item``, ``people``, ``texts``."""
    return _counted(judged, "unsur", "item")


def of_junk(judged: pd.DataFrame) -> dict[str, int]:
    """Count people whose text says nothing, by kind, every kind."""
    found = judged["kind"].value_counts()
    return {kind: int(found.get(kind, 0)) for kind in JUNK}


def _counted(judged: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    rows = judged[["text", column]].explode(column).dropna()
    rows = rows.assign(text=same(rows["text"].astype(str)))
    found = rows.groupby(column)["text"].agg(people="size", texts="nunique").reset_index()
    found = found.rename(columns={column: name})
    return found.sort_values(["people", name], ascending=[False, True], ignore_index=True)
