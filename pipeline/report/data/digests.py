"""Hashes of exactly the result rows that each unit's report reads, as ``report.data.slices`` says which they are.

The runner keeps what is returned here and compares it the next time, without opening a table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.report.data import slices
from pipeline.results import Row
from pipeline.results.matching import meeting
from pipeline.standings import UNKNOWN
from pipeline.survey.context import ASKED_FILE

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
        ``shared``: part to hash of what every unit reads; ``units``: id to ``own``
        (part to hash) and ``group``; ``groups``: type to the hash of what is read of each of
        its units. A hash changes when a value, or the order of the rows, does.
    """
    import pyarrow.parquet as pq

    units: dict[str, dict[str, Any]] = {u.id: {"own": {}, "group": ""} for u in survey.units}
    shared: dict[str, str] = {}
    seen_by_peers: dict[str, list[str]] = {}

    def own(part: str, digests: Iterator[tuple[str, str]]) -> None:
        for unit, digest in digests:
            if unit:
                units.setdefault(unit, {"own": {}, "group": ""})["own"][part] = digest

    asked = survey.processed / ASKED_FILE
    if asked.is_file():
        shared["how the options were asked"] = hashlib.sha256(asked.read_bytes()).hexdigest()
    for module in slices.MODULES:
        path = survey.processed / f"{module}.parquet"
        if not path.is_file():
            continue
        table = pq.read_table(path, columns=list(Row._fields))
        own(f"its rows of {module}", _groups(table.to_pandas()))
        if city := slices.of_city(module):
            shared[f"rows of {module} about the city"] = _one(meeting(table, [city]).to_pandas())
        if theirs := slices.of_peers(module):
            for name, digest in _groups(meeting(table, [theirs]).to_pandas()):
                seen_by_peers.setdefault(name, []).append(digest)
    for part, digests in _answers(survey):
        own(part, digests)
    groups = {}
    for kind, members in slices.groups(survey).items():
        groups[kind] = {u: _join(seen_by_peers[u]) for u in members if u in seen_by_peers}
        for member in members:
            units[member]["group"] = kind
    return {"shared": shared, "units": units, "groups": groups}


def _answers(survey: Survey) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    """Each unit's answers, all of them as the office's form has them, and what the ledger says of them."""
    import pandas as pd
    import pyarrow.parquet as pq

    path, ledger = (survey.processed / name for name in (slices.ANSWERS_FILE, slices.LEDGER_FILE))
    if not path.is_file():
        return
    columns = slices.answer_columns(pq.read_schema(path).names, "")
    responses = pd.read_parquet(path, columns=columns)
    yield "own answers", _groups(responses)
    responses = responses[["source_file", "source_row", "unit"]].copy()  # the rest is large and done with
    if (responses["unit"] == UNKNOWN).any():
        yield "own answers", _groups(slices.read_responses(survey.processed, UNKNOWN))
    if ledger.is_file():
        told = pd.read_parquet(ledger, columns=list(slices.LEDGER_COLUMNS))
        yield "ledger of its answers", _groups(slices.about(told, responses, len(survey.units) == 1))


def _groups(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Each unit's id and the hash of its rows in order."""
    import numpy as np
    import pandas as pd

    if not len(table):
        return
    codes, names = pd.factorize(table["unit"], use_na_sentinel=False)
    rows = _row_hashes(table)[np.argsort(codes, kind="stable")]
    for name, own in zip(names, np.split(rows, np.cumsum(np.bincount(codes))[:-1])):
        yield str(name), hashlib.sha256(own.tobytes()).hexdigest()


def _one(table: pd.DataFrame) -> str:
    return hashlib.sha256(_row_hashes(table).tobytes()).hexdigest() if len(table) else ""


def _row_hashes(table: pd.DataFrame) -> np.ndarray:
    from pandas.util import hash_pandas_object

    return hash_pandas_object(table, index=False).to_numpy()


def _join(digests: Sequence[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()
