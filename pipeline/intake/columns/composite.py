"""A key of several columns: where the number of a respondent begins anew in every unit or period."""

from __future__ import annotations

from functools import reduce

import numpy as np

from pipeline.intake.columns import header_text
from pipeline.intake.columns.headerrow import SEARCH_ROWS
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded, compact, stack
from pipeline.survey.entries import FileEntry

#: What stands between the headers, as in ``respondent: "loket + no urut"``.
PLUS = " + "


def add_key(table: RawTable, entry: FileEntry) -> None:
    """Add a column for a key that the definition puts together of several, where the table has them all.

    Examples
    --------
    >>> from pipeline.intake.files.table import from_rows
    >>> table = from_rows("a.csv", "", [["loket", "no"], ["1", "12"], ["11", "2"], ["", "7"]])
    >>> add_key(table, FileEntry(path=["a.csv"], columns={"respondent": ["loket + no"]}))
    >>> table.columns[-1].texts().tolist()
    ['loket + no', '1 + 12', '11 + 2', '']
    """
    for spelling in entry.columns.get("respondent", ()):
        parts = [part.strip() for part in spelling.split(PLUS)]
        if len(parts) < 2:
            continue
        for row in range(min(table.height, SEARCH_ROWS)):
            cells = table.row(row)
            places = [header_text.locate([part], cells) for part in parts]
            if all(len(found) == 1 for found in places):
                columns = [table.columns[found[0]] for found in places]
                table.columns.append(_headed(reduce(beside, columns), row, spelling))
                return


def beside(left: Coded, right: Coded) -> Coded:
    """Put two columns into one; a row in which either is empty has no key."""
    width = max(len(right.values), 1)
    pairs, codes = np.unique(left.codes.astype(np.int64) * width + right.codes, return_inverse=True)
    texts = [(str(left.values[pair // width]), str(right.values[pair % width])) for pair in pairs.tolist()]
    return compact(np.asarray(codes).reshape(-1), [f"{a}{PLUS}{b}" if a and b else "" for a, b in texts])


def _headed(column: Coded, row: int, header: str) -> Coded:
    """Return the column with its header at its row and nothing above."""
    head = compact(np.array([0] * row + [1]), ["", header])
    return stack([head, column.take(slice(row + 1, None))])
