"""Several answers in one cell: ``3|4|3|...``, ``[3, 4, 3]``, ``{"U1": 3, ...}``.

Some web applications keep a whole questionnaire in one column. It is taken apart into further
columns, one per answer; what each place means is then decided as for bare numbers in headers: by
the texts of the answers, or by the order the definition states.
"""

from __future__ import annotations

import json
import re

from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded, compact

#: Fewer parts than this in a cell are a remark, not a questionnaire.
ENOUGH = 5
_PACKED = re.compile(r"^\[.*\]$|^\{.*\}$|^[^|]{0,60}(?:\|[^|]{0,60}){4,}$|^\d(?:[;,/ -]\d){4,}$", re.S)


def parts(text: str) -> dict[str, str] | None:
    """Return the answers a cell holds by place (1, 2, ...) or name; None where it is no list.

    Examples
    --------
    >>> parts("3|4|4|3|2")["2"], parts('{"U1": 3, "U2": 4, "U3": 4, "U4": 1, "U5": 2}')["U4"]
    ('4', '1')
    >>> parts("Sangat baik") is None
    True
    """
    if not _PACKED.match(text):
        return None
    if text[0] in "[{":
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if isinstance(found, list):
            found = {str(n): value for n, value in enumerate(found, start=1)}
        if not isinstance(found, dict) or any(isinstance(v, list | dict) for v in found.values()):
            return None
        made = {str(key): "" if value is None else str(value).strip() for key, value in found.items()}
    else:
        sign = "|" if "|" in text else next(c for c in text if not c.isdigit())
        made = {str(n): cell.strip() for n, cell in enumerate(text.split(sign), start=1)}
    return made if ENOUGH <= len(made) <= 60 else None


def unpack(table: RawTable, row: int) -> RawTable:
    """Return the table with the parts of packed columns as further columns at its right.

    A column is packed when at least half of its filled cells, and the first of them, hold one
    and the same list of places. A cell with another list cannot be placed: all of its text goes
    to the first part in «», where it is unreadable and stands in the ledger. Tables without a header
    are left as they are.
    """
    extra: list[Coded] = []
    if table.unpacked or row < 0:
        return table
    table.unpacked = True
    for column in table.columns:
        filled = next((str(v) for v in column.values[column.codes[row + 1 : row + 50]] if v), "")
        if not _PACKED.match(filled):
            continue
        first = parts(filled)
        if first is None:
            continue
        known = [parts(str(value)) for value in column.values]
        counts = column.present()
        hits = sum(int(n) for p, n in zip(known, counts) if p is not None and p.keys() == first.keys())
        total = sum(int(n) for v, n in zip(column.values, counts) if v)
        if 2 * hits < total - (row + 1):
            continue
        header = str(column.values[column.codes[row]])
        for place, key in enumerate(first):
            name = f"{header} [{'U' * key.isdigit()}{key}]"
            texts = [
                (
                    p[key]
                    if p is not None and p.keys() == first.keys()
                    else f"«{v}»"
                    if place == 0 and v
                    else ""
                )
                for p, v in zip(known, column.values)
            ]
            codes = column.codes.copy()
            # What stands above and in the header row is no answer.
            codes[: row + 1] = len(texts)
            codes[row] = len(texts) + 1
            extra.append(compact(codes, [*texts, "", name]))
    if extra:
        table.columns = [*table.columns, *extra]
        table.names = (*table.names, *[""] * len(extra)) if table.names else ()
    return table
