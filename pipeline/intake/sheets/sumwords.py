"""What is said of rows that are sums or means, so that a person can look at them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.intake.ground.problems import Problem
from pipeline.intake.sheets.footers import Found


def listed(numbers: Sequence[int], most: int = 6) -> str:
    """Return row numbers as a person lists them.

    Examples
    --------
    >>> listed([14]), listed([14, 15, 16]), listed(list(range(9)), 2)
    ('row 14', 'rows 14, 15 and 16', 'rows 0, 1 and 7 more')
    """
    told = [str(n) for n in numbers]
    if len(told) == 1:
        return f"row {told[0]}"
    if len(told) > most:
        return f"rows {', '.join(told[:most])} and {len(told) - most} more"
    return f"rows {', '.join(told[:-1])} and {told[-1]}"


def notes(found: Found, rows: np.ndarray) -> list[Problem]:
    """Return what to say: which rows are no respondents, and which might be none."""
    out = []
    numbers = [int(rows[place]) for place in sorted(found.rows)]
    if numbers:
        text = (
            "holds sums or means of other rows: it is no respondent"
            if len(numbers) == 1
            else f"{listed(numbers)} hold sums or means of other rows: they are no respondents"
        )
        out.append(Problem(text, row=numbers[0], fatal=False))
    for place in sorted(found.amiss):
        out.append(
            Problem(
                "is a row of sums or means, but not every column agrees with the rows it is made of",
                "was an answer changed after it was counted?", row=int(rows[place]), fatal=False,
            )
        )  # fmt: skip
    for place, kind in sorted(found.doubts.items()):
        what = "rounded mean" if kind == "mean" else "sum" if kind == "sum" else "lowest, highest or number"
        out.append(
            Problem(
                f"the row is the {what} of every column and no column tells who answered:"
                " it is read as a respondent",
                "if it is a row of sums or means, delete it or write NRR in front of it",
                row=int(rows[place]), fatal=False,
            )
        )  # fmt: skip
    return out
