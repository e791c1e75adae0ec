"""Which rows of which files one unit's report reads, and nothing beyond them.

Said once: a report reads through what is defined here, and ``digests`` hashes through the same
for all units together, so that a report is made again exactly when one of its rows changed.
Why these rows are not a file of their own beside the tables: ``docs/one-file-per-unit.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.results import Row
from pipeline.results.matching import ANSWERS_FILE, Conditions, Filters, answers, matching
from pipeline.standings import UNKNOWN
from pipeline.survey.codes import STATUS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipeline.survey import Survey

#: Modules that a unit report reads.
MODULES = (
    "index", "sampling", "profile", "integrity", "priorities",
    "reliability", "validity", "factors", "association", "comparison", "ranking",
    "verdicts", "trend", "equity", "city", "outside", "instruments", "constructs", "followup",
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
OWN_ONLY = ("profile", "integrity", "priorities", "outside", "instruments", "constructs", "followup")
#: Units of one type that a report still reads one by one: beyond, every report would read the whole city.
MOST_PEERS = 200
#: What a report reads of the ledger, and the roles of files whose rows are those of questionnaires: numbers of
#: rows of an answers table are not those of the respondents table.
LEDGER_COLUMNS = ("source_file", "source_row", "role", "action", "reason")
QUESTIONNAIRES = ("wide", "respondents")
#: What became of each line of the raw files.
LEDGER_FILE = "ledger.parquet"


def of_city(module: str) -> Conditions | None:
    """What the report of every unit reads of a table besides its own rows."""
    return None if module in OWN_ONLY else [("scope", "in", WIDER_SCOPES)]


def of_peers(module: str) -> Conditions | None:
    """What is read of each other unit of its type."""
    if module not in PEER_STATISTICS:
        return None
    return [("scope", "==", "unit"), ("statistic", "in", PEER_STATISTICS[module]), ("item", "==", "")]


def groups(survey: Survey) -> dict[str, list[str]]:
    """Units that are read in each other's reports, by type."""
    found: dict[str, list[str]] = {}
    for unit in survey.units:
        found.setdefault(unit.type, []).append(unit.id)
    return {kind: units for kind, units in found.items() if len(units) <= MOST_PEERS}


def reads(unit: str, peers: Sequence[str] = ()) -> dict[str, Filters]:
    """Return the row filters (as pyarrow takes them) of every result table.

    Examples
    --------
    >>> reads("a")["profile"]
    [[('unit', '==', 'a')]]
    """
    found: dict[str, Filters] = {}
    others = [peer for peer in peers if peer != unit]
    for module in MODULES:
        city, theirs = of_city(module), of_peers(module)
        found[module] = [
            [("unit", "==", unit)],
            *([city] if city else []),
            *([[*theirs, ("unit", "in", others)]] if theirs and others else []),
        ]
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


def answer_columns(names: Sequence[str], unit: str, items: bool = True) -> list[str]:
    """Columns of the stored answers that are read of a unit.

    ``items=False`` leaves the answers on disk: what may not be printed is not even read.

    Examples
    --------
    >>> answer_columns(["unit", "sex", "U1", "U1__status", "unit_raw"], "a")
    ['unit', 'U1']
    """
    read = [c for c in names if c in ANSWER_COLUMNS or (items and f"{c}{STATUS}" in names)]
    return [*read, "unit_raw"] if unit == UNKNOWN else read


def read_responses(processed: Path, unit: str, items: bool = True) -> pd.DataFrame:
    """Read the unit's own answers: what a report prints of a questionnaire, and where it stood."""
    import pandas as pd
    import pyarrow.parquet as pq

    path = processed / ANSWERS_FILE
    if not path.is_file():
        return pd.DataFrame()
    columns = answer_columns(pq.read_schema(path).names, unit, items)
    found: pd.DataFrame = answers(processed, unit, columns).to_pandas()
    return found.reset_index(drop=True)


def read_ledger(processed: Path, responses: pd.DataFrame, alone: bool = False) -> pd.DataFrame:
    """Read the ledger's rows about this unit's questionnaires, as ``about`` finds them."""
    import pandas as pd
    import pyarrow.parquet as pq

    path = processed / LEDGER_FILE
    if not path.is_file() or pq.read_metadata(path).num_rows == 0 or not len(responses):
        return pd.DataFrame()
    files = sorted(set(responses["source_file"].astype(str)))
    filters: Filters = [[]] if alone else [[("source_file", "in", files)]]
    ledger = matching(path, filters, LEDGER_COLUMNS).to_pandas()
    return about(ledger, responses, alone).drop(columns="unit")


def about(ledger: pd.DataFrame, responses: pd.DataFrame, alone: bool = False) -> pd.DataFrame:
    """Rows of the ledger about questionnaires that were kept, each with the unit they are of.

    The ledger names a file and a row, not a unit: rows are found through those of the answers. What was set
    aside before a unit was known cannot be found that way; of a survey with one unit it is that unit's (``alone``).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"source_file": ["a", "a", "b"], "source_row": [1, 2, 2]}
    >>> ledger = pd.DataFrame({**rows, "role": "wide", "reason": ["empty", "doubt", "doubt"]})
    >>> answers = pd.DataFrame({"source_file": ["a"], "source_row": [2], "unit": ["u"]})
    >>> about(ledger, answers)[["unit", "source_row", "reason"]].to_dict("records")
    [{'unit': 'u', 'source_row': 2, 'reason': 'doubt'}]
    """
    import pandas as pd

    if alone:
        return ledger.merge(responses[["unit"]].drop_duplicates(), how="cross")
    ledger = ledger[ledger["role"].isin(QUESTIONNAIRES)]
    files = pd.Index(ledger["source_file"].astype(str).unique())

    def places(table: pd.DataFrame) -> np.ndarray:
        """Each row's file and number as one number: of many millions few are looked for."""
        codes, names = pd.factorize(table["source_file"], use_na_sentinel=False)
        rows = pd.to_numeric(table["source_row"]).fillna(-1).to_numpy(dtype="int64")
        found: np.ndarray = (files.get_indexer([str(name) for name in names])[codes] << 32) + rows
        return found

    there = ledger.assign(_place=places(ledger))
    here = responses[["unit"]].assign(_place=places(responses))
    here = here[here["_place"].isin(there["_place"])].drop_duplicates()
    return there.merge(here, on="_place").drop(columns="_place")
