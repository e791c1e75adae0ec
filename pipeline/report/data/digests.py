"""Hashes of exactly the result rows that each unit's report reads.

The report says what it reads (``report.data.slices``); the runner keeps what is returned
here and compares it the next time, without opening a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipeline.survey import Survey


def of_rows(survey: Survey) -> dict[str, Any]:
    """Hash, per unit, its own rows, its answers and its ledger; shared rows and peers once.

    Parameters
    ----------
    survey : Survey
        A survey whose stages have run.

    Returns
    -------
    dict
        ``shared``: module to hash of the rows every unit reads; ``units``: id to ``own``
        (part to hash) and ``group``; ``groups``: type to the hash of what is read of each of
        its units. A hash changes when a value, or the order of the rows, does.
    """
    import pandas as pd

    from pipeline.report.data import slices
    from pipeline.report.data.unit import MOST_PEERS

    units: dict[str, dict[str, Any]] = {}
    shared: dict[str, str] = {}
    seen_by_peers: dict[str, list[str]] = {}

    def own(unit: str, part: str, digest: str) -> None:
        units.setdefault(unit, {"own": {}, "group": ""})["own"][part] = digest

    for unit in survey.units:
        units[unit.id] = {"own": {}, "group": ""}
    for module in slices.MODULES:
        path = survey.processed / f"{module}.parquet"
        if not path.is_file():
            continue
        table = pd.read_parquet(path, columns=list(slices.Row._fields))
        for name, digest in _groups(table, table["unit"]):
            if name:
                own(name, f"its rows of {module}", digest)
        if module not in slices.OWN_ONLY:
            wider = table[table["scope"].isin(slices.WIDER_SCOPES)]
            shared[f"rows of {module} about the city"] = _one(wider)
        if module in slices.PEER_STATISTICS:
            seen = table[
                (table["scope"] == "unit")
                & (table["item"] == "")
                & table["statistic"].isin(slices.PEER_STATISTICS[module])
            ]
            for name, digest in _groups(seen, seen["unit"]):
                seen_by_peers.setdefault(name, []).append(digest)
    for part, unit_id, digest in _answers(survey.processed, alone=len(survey.units) == 1):
        own(unit_id, part, digest)

    types: dict[str, list[str]] = {}
    for listed in survey.units:
        types.setdefault(listed.type, []).append(listed.id)
    groups = {}
    for kind, members in types.items():
        if len(members) <= MOST_PEERS:
            groups[kind] = {u: _join(seen_by_peers[u]) for u in members if u in seen_by_peers}
            for member in members:
                units[member]["group"] = kind
    return {"shared": shared, "units": units, "groups": groups}


def _answers(processed: Path, *, alone: bool) -> Iterator[tuple[str, str, str]]:
    import pandas as pd

    path = processed / "responses.parquet"
    if not path.is_file():
        return
    responses = pd.read_parquet(path)
    for unit, digest in _groups(responses, responses["unit"]):
        yield "own answers", unit, digest
    responses = responses[["source_file", "source_row", "unit"]].copy()  # the rest is large and done with
    path = processed / "ledger.parquet"
    if not path.is_file():
        return
    ledger = pd.read_parquet(path, columns=["source_file", "source_row", "role", "action", "reason"])
    if alone:
        for unit in responses["unit"].astype(str).unique():
            yield "ledger of its answers", unit, _one(ledger)
        return
    # The same rows as report.unit_slices.read_ledger, for all units at once.
    ledger = ledger[ledger["role"].isin(["wide", "respondents"])]
    keys = ["source_file", "source_row"]
    where = _named_in(ledger, responses).astype({"source_file": str, "unit": str})
    joined = ledger.astype({"source_file": str}).merge(where.drop_duplicates(), on=keys, how="inner")
    for unit, digest in _groups(joined.drop(columns="unit"), joined["unit"]):
        yield "ledger of its answers", unit, digest


def _named_in(ledger: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    """Answers whose file and row the ledger names: few of many, found by numbers."""
    import pandas as pd

    codes, files = pd.factorize(responses["source_file"])
    known = pd.Index([str(name) for name in files])
    rows = pd.to_numeric(ledger["source_row"]).fillna(-1).to_numpy(dtype="int64")
    wanted = (known.get_indexer(pd.Index(ledger["source_file"].astype(str))) << 32) + rows
    here = (codes.astype("int64") << 32) + responses["source_row"].to_numpy(dtype="int64")
    return responses[pd.Series(here, index=responses.index).isin(wanted)]


def _row_hashes(table: pd.DataFrame) -> np.ndarray:
    from pandas.util import hash_pandas_object

    return hash_pandas_object(table, index=False).to_numpy()


def _one(table: pd.DataFrame) -> str:
    return hashlib.sha256(_row_hashes(table).tobytes()).hexdigest() if len(table) else ""


def _groups(table: pd.DataFrame, by: pd.Series) -> Iterator[tuple[str, str]]:
    """Each group's name and the hash of its rows in order."""
    import numpy as np
    import pandas as pd

    if not len(table):
        return
    rows = _row_hashes(table)
    codes, found = pd.factorize(by, use_na_sentinel=False)
    # Named groups in the order of their names, whatever the order of categories.
    names = np.array([str(name) for name in found], dtype=object)
    place = np.argsort(names, kind="stable")
    codes, names = np.argsort(place)[codes], names[place]
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    start = 0
    for name, end in zip(names, ends):
        yield str(name), hashlib.sha256(rows[order[start:end]].tobytes()).hexdigest()
        start = int(end)


def _join(digests: Sequence[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()
