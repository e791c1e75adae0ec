"""The rows of a stored table that meet a filter, from the groups of rows that can hold one.

A report of one unit among thirty thousand reads a few hundred rows of each table. Which groups of rows
can hold them is told by the smallest and largest value that the file keeps of each group; a search
through a data set finds the same rows, at ten times the cost for files of this size.
"""

from __future__ import annotations

import json
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from pyarrow.parquet import FileMetaData

#: Conditions, each ``(column, "==" or "in", value)``, that a row meets all at once.
Conditions = list[tuple[str, str, Any]]
#: Any of these groups of conditions; an empty group is met by every row.
Filters = list[Conditions]
#: The answers, and how many each unit has, in their order (both written by 1-clean).
ANSWERS_FILE, UNITS_FILE = "responses.parquet", "units.json"


def matching(path: Path, filters: Filters, columns: Sequence[str] | None = None) -> pa.Table:
    """Read the rows that meet any group of conditions, in the order of the file.

    Parameters
    ----------
    path : Path
        A Parquet file.
    filters : list of list of (column, sign, value)
        As pyarrow takes them; the sign is ``==`` or ``in``.
    columns : sequence of str, optional
        Columns to return, among them those of the filters; all by default.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> path = Path(tempfile.mkdtemp()) / "t.parquet"
    >>> pd.DataFrame({"unit": list("aabbcc"), "n": range(6)}).to_parquet(path, index=False, row_group_size=2)
    >>> matching(path, [[("unit", "==", "b")], [("unit", "in", ["a"]), ("n", "==", 1)]])["n"].to_pylist()
    [1, 2, 3]
    """
    import pyarrow.parquet as pq

    names = None if columns is None else list(columns)
    with pq.ParquetFile(path) as file:
        groups = possible(file.metadata, filters)
        if len(groups) == file.num_row_groups:
            table = file.read(columns=names, use_threads=False)
        else:
            table = file.read_row_groups(groups, columns=names, use_threads=False)
    return meeting(table, filters)


def meeting(table: pa.Table, filters: Filters) -> pa.Table:
    """Rows of a table that meet any group of conditions, as the readers of Parquet understand them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"unit": ["a", "b", None], "n": [1, 2, 3]})
    >>> meeting(table, [[("unit", "in", ["b"])], [("n", "==", 1)]])["n"].to_pylist()
    [1, 2]
    >>> meeting(pa.table({"unit": pa.nulls(0)}), [[("unit", "in", ["b"])]]).num_rows
    0
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    def meets(column: str, sign: str, value: Any) -> Any:
        values = table[column]
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if pa.types.is_null(values.type):
            return pc.is_valid(values)  # the column of a table without rows: nothing can be looked for in it
        if sign == "==":
            return pc.equal(values, value)
        return pc.is_in(values, pa.array(list(value), values.type))

    if not all(filters):
        return table
    every = [reduce(pc.and_kleene, [meets(*condition) for condition in conditions]) for conditions in filters]
    return table.filter(reduce(pc.or_kleene, every))


def answers(processed: Path, unit: str, columns: Sequence[str]) -> pa.Table:
    """A unit's answers, in the order in which they were read.

    They stand in the order of the list of units, not of their names: which groups of rows hold them is told by
    how many answers each unit has. All are looked through where that list is not of these answers.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(processed / ANSWERS_FILE) as file:
        groups = of_unit(processed, file.metadata, unit)
        table = file.read_row_groups(groups, columns=list(columns), use_threads=False)
    return meeting(table, [[("unit", "==", unit)]])


def of_unit(processed: Path, about: FileMetaData, unit: str) -> list[int]:
    """Groups of rows that can hold a unit's answers."""
    every, listed = list(range(about.num_row_groups)), processed / UNITS_FILE
    if len(every) < 2 or not listed.is_file():
        return every
    units = json.loads(listed.read_text(encoding="utf-8"))
    place = next((number for number, entry in enumerate(units) if entry["id"] == unit), None)
    if place is None or sum(entry["n"] for entry in units) != about.num_rows:
        return every
    first = sum(entry["n"] for entry in units[:place])
    last, start, found = first + units[place]["n"], 0, []
    for number in every:
        end = start + about.row_group(number).num_rows
        if start < last and first < end:
            found.append(number)
        start = end
    return found


def possible(about: FileMetaData, filters: Filters) -> list[int]:
    """Groups of rows that may hold a row that meets the filters.

    Groups whose smallest and largest values were not kept may hold anything.
    """
    asked = {column for conditions in filters for column, _, _ in conditions}
    names = about.schema.names
    place = {name: names.index(name) for name in asked}
    found = []
    for number in range(about.num_row_groups):
        group = about.row_group(number)
        ends = {name: group.column(at).statistics for name, at in place.items()}
        if any(all(_may(ends[column], value) for column, _, value in every) for every in filters):
            found.append(number)
    return found


def _may(ends: Any, value: Any) -> bool:
    """Whether a value (any of a list) can lie between the ends of a group."""
    if ends is None or not ends.has_min_max:
        return True
    low, high = ends.min, ends.max  # decoded each time they are asked for
    return any(low <= v <= high for v in (value if isinstance(value, list) else [value]))
