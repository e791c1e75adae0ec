"""Which rows of which files one unit's report reads, and nothing beyond them.

The run layer asks ``reads`` for the same list, so that a report is made again exactly when
one of its rows changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.results import Row
from pipeline.results.matching import Filters, matching
from pipeline.standings import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

#: How many answers each unit has, in the order of the answers (written by 1-clean).
UNITS_FILE = "units.json"

#: Modules that a unit report reads.
MODULES = (
    "index", "sampling", "profile", "integrity", "priorities",
    "reliability", "validity", "factors", "association", "comparison", "ranking",
    "verdicts", "trend", "equity", "city", "outside", "instruments", "constructs",
)  # fmt: skip

#: What is read of the other units of its type: enough for one row each in a comparison.
PEER_STATISTICS = {
    "index": ["n_valid", "ikm"],
    "sampling": ["required"],
}

#: What is read about the city and the unit's type.
WIDER_SCOPES = ["city", "type", "surveys"]
#: What a report reads of a questionnaire besides the answers: nothing of the person.
ANSWER_COLUMNS = ("unit", "source_file", "source_row", "mode", "answered_at", "suggestion")
#: Modules whose city-wide rows a unit report never prints.
OWN_ONLY = ("profile", "integrity", "priorities", "outside", "instruments", "constructs")


def reads(unit: str, peers: Sequence[str] = ()) -> dict[str, Filters]:
    """Return the row filters (as pyarrow takes them) of every result table.

    Examples
    --------
    >>> reads("a")["profile"]
    [[('unit', '==', 'a')]]
    """
    found: dict[str, Filters] = {}
    for module in MODULES:
        filters: Filters = [[("unit", "==", unit)]]
        if module not in OWN_ONLY:
            filters.append([("scope", "in", WIDER_SCOPES)])
        others = [peer for peer in peers if peer != unit]
        if module in PEER_STATISTICS and others:
            wanted = ("statistic", "in", PEER_STATISTICS[module])
            filters.append([("scope", "==", "unit"), ("unit", "in", others), wanted, ("item", "==", "")])
        found[module] = filters
    return found


def read_tables(processed: Path, unit: str, peers: Sequence[str] = ()) -> dict[str, list[Row]]:
    """Read the slices of the result tables that exist.

    Rows are plain tuples: a report asks a few hundred small questions, and picking from a list
    is far cheaper than filtering a frame each time.
    """
    found = {}
    for module, filters in reads(unit, peers).items():
        path = processed / f"{module}.parquet"
        if path.is_file():
            table = matching(path, filters, Row._fields)
            columns = [table.column(name) for name in Row._fields]
            found[module] = [Row(*values) for values in zip(*map(_values, columns))]
    return found


def _values(column: Any) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        # pandas stores NaN as null; numpy brings it back.
        return list(column.to_numpy().tolist())
    if pa.types.is_null(column.type):
        return [float("nan")] * len(column)
    return list(column.to_pylist())


def read_responses(processed: Path, unit: str, answers: bool = True) -> pd.DataFrame:
    """Read the unit's own answers: what a report prints of a questionnaire, and where it stood.

    ``answers=False`` leaves the answers on disk: what may not be printed is not even read.
    """
    import pandas as pd

    path = processed / "responses.parquet"
    if not path.is_file():
        return pd.DataFrame()
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        columns = [c for c in names if c in ANSWER_COLUMNS or (answers and f"{c}__status" in names)]
        if unit == UNKNOWN:
            columns.append("unit_raw")
        groups = _groups(processed, file.metadata, unit)
        found: pd.DataFrame
        if groups is None and file.num_row_groups > 1:
            found = pd.read_parquet(path, columns=columns, filters=[("unit", "==", unit)])
            return found.reset_index(drop=True)
        if groups is None:
            table = file.read(columns=columns, use_threads=False)
        else:
            table = file.read_row_groups(groups, columns=columns, use_threads=False)
    found = table.filter(pc.equal(table["unit"].cast("string"), unit)).to_pandas()
    return found.reset_index(drop=True)


def _groups(processed: Path, about: Any, unit: str) -> list[int] | None:
    """Groups of rows that hold a unit's answers; None where all must be looked through.

    Answers stand in the order of the list of units, which says how many each unit has.
    """
    listed = processed / UNITS_FILE
    if about.num_row_groups < 2 or not listed.is_file():
        return None
    units = json.loads(listed.read_text(encoding="utf-8"))
    first = 0
    for entry in units:
        if entry["id"] == unit:
            break
        first += entry["n"]
    else:
        return None
    if sum(entry["n"] for entry in units) != about.num_rows:
        return None
    found, start = [], 0
    for number in range(about.num_row_groups):
        end = start + about.row_group(number).num_rows
        if start < first + entry["n"] and first < end:
            found.append(number)
        start = end
    return found


def read_ledger(processed: Path, responses: pd.DataFrame, alone: bool = False) -> pd.DataFrame:
    """Read the ledger's rows about this unit's questionnaires.

    The ledger names a file and a row, not a unit: rows are found through those of the unit's
    answers. What was set aside before a unit was known cannot be found that way; of a survey
    with one unit it is that unit's (``alone``).
    """
    import pandas as pd
    import pyarrow.parquet as pq

    path = processed / "ledger.parquet"
    if not path.is_file() or pq.read_metadata(path).num_rows == 0 or not len(responses):
        return pd.DataFrame()
    columns = ["source_file", "source_row", "role", "action", "reason"]
    if alone:
        return pd.read_parquet(path, columns=columns)
    files = sorted(set(responses["source_file"].astype(str)))
    ledger = matching(path, [[("source_file", "in", files)]], columns).to_pandas()
    # Numbers of rows of an answers table are not those of the respondents table.
    ledger = ledger[ledger["role"].isin(["wide", "respondents"])]
    keys = pd.MultiIndex.from_arrays([responses["source_file"].astype(str), responses["source_row"]])
    found = pd.MultiIndex.from_arrays([ledger["source_file"].astype(str), ledger["source_row"]])
    return ledger[found.isin(keys)].reset_index(drop=True)
