"""Whether a unit's letter changed, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import results

if TYPE_CHECKING:
    import pandas as pd


def letter_rows(
    now: pd.DataFrame, then: pd.DataFrame, other: str, broken: bool, survey: str = ""
) -> pd.DataFrame:
    """Letters then and now with the confidence that they differ.

    Confidence = 1 - sum over letters of P_then(L) P_now(L): the two surveys asked different people,
    and each has a confidence for every letter (R13).

    Parameters
    ----------
    now, then : DataFrame
        Index tables: rows ``letter`` and ``certainty_A`` .. of scope unit.
    other : str
        Name of the earlier survey.
    broken : bool
        Whether the surveys cannot be compared (then letters of both stay, without confidence).
    survey : str
        Name of the later survey.

    Examples
    --------
    >>> def rows(letter, a, b):
    ...     return results.frame([{"scope": "unit", "unit": "x", "statistic": "letter", "text": letter, "n": 50},
    ...                           {"scope": "unit", "unit": "x", "statistic": "certainty_A", "estimate": a},
    ...                           {"scope": "unit", "unit": "x", "statistic": "certainty_B", "estimate": b}])
    >>> t = letter_rows(rows("A", 0.9, 0.1), rows("B", 0.2, 0.8), "2023", False)
    >>> t.text.iloc[0], round(float(t.estimate.iloc[0]), 6)
    ('B>A', 0.74)
    """
    first, second = _letters(then), _letters(now)
    sure_then, sure_now = _certainties(then), _certainties(now)
    rows: list[dict[str, Any]] = []
    for unit, (letter, n) in second.items():
        if unit not in first or not letter or not first[unit][0]:
            continue
        before, mine = sure_then.get(unit), sure_now.get(unit)
        # Letters share no confidence when a survey knows nothing of its own.
        known = not broken and before and mine
        same = (
            sum(p * mine.get(name, 0.0) for name, p in before.items()) if known and before and mine else 0.0
        )
        rows.append({
            "survey": survey, "scope": "unit", "unit": unit, "other": other, "statistic": "letter_change",
            "text": f"{first[unit][0]}>{letter}", "n": min(n, first[unit][1]), "method": "independent",
            "estimate": 1 - same if known else float("nan"),
            "reason": "" if known else "not-comparable" if broken else "no-variance",
        })  # fmt: skip
    return results.frame(rows)


def _letters(index: pd.DataFrame) -> dict[str, tuple[str, int]]:
    rows = results.pick(index, scope="unit", statistic="letter", item="", service="")
    counts = rows["n"].fillna(0)
    return {u: (t, int(n)) for u, t, n in zip(rows["unit"], rows["text"], counts, strict=True)}


def _certainties(index: pd.DataFrame) -> dict[str, dict[str, float]]:
    rows = results.pick(index, scope="unit", item="", service="")
    rows = rows[rows["statistic"].str.fullmatch("certainty_[A-Z]") & rows["estimate"].notna()]
    out: dict[str, dict[str, float]] = {}
    for unit, name, value in zip(rows["unit"], rows["statistic"], rows["estimate"], strict=True):
        out.setdefault(unit, {})[name] = float(value)
    return out
