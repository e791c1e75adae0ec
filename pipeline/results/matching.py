"""The rows of a stored table that meet a filter, from the groups of rows that can hold one.

A report of one unit among thirty thousand reads a few hundred rows of each table. Which groups of rows
can hold them is told by the smallest and largest value that the file keeps of each group; a search
through a data set finds the same rows, at ten times the cost for files of this size.
"""

from __future__ import annotations

from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from pyarrow.parquet import FileMetaData

#: Any of these groups of conditions, each ``(column, "==" or "in", value)``, all of a group at once.
Filters = list[list[tuple[str, str, Any]]]


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
    return table.filter(_meets(table, filters))


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


def _meets(table: pa.Table, filters: Filters) -> Any:
    """Which rows meet all conditions of any group, as the readers of Parquet understand them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def meets(column: str, sign: str, value: Any) -> Any:
        values = table[column]
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if sign == "==":
            return pc.equal(values, value)
        return pc.is_in(values, pa.array(list(value), values.type))

    every = [reduce(pc.and_kleene, [meets(*condition) for condition in conditions]) for conditions in filters]
    return reduce(pc.or_kleene, every)
