"""What identifying data the raw files held: which columns were dropped, how many cells were masked.

The values themselves are nowhere: a table of counts, for the person who must tell a partner what to leave out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("source_file", "column", "header", "kind", "told_by", "cells")
#: What a mask leaves.
TAG = re.compile(r"<(nik|nip|phone|email|url|account|number|plate|address|name|date)>")
#: Columns of the responses whose texts are shown, and what the report calls them.
_TEXTS = ("suggestion", "service", "unit_raw", "executor")


def found(
    columns: Iterable[Mapping[str, object]], responses: pd.DataFrame, ledger: pd.DataFrame
) -> pd.DataFrame:
    """Return the columns that were dropped and the cells that were masked, per file.

    Parameters
    ----------
    columns : iterable of mapping
        The audit of headers with ``column`` (its letters), ``kind`` and ``cells``.
    responses, ledger : DataFrame
        As the intake made them: what was masked says so in its text.

    Returns
    -------
    DataFrame
        ``source_file, column, header, kind, told_by, cells``: ``told_by`` is ``header``, ``content`` (the whole
        column was dropped) or ``cell`` (something within was masked); ``header`` is masked, too. A text that held
        ``<nik>`` already in the raw file counts like one that was masked here.
    """
    import pandas as pd

    rows: list[dict[str, object]] = []
    for column in columns:
        if column["how"] == "identity":
            kind = str(column["kind"])
            rows.append(
                {
                    "source_file": column["source_file"], "column": column["column"], "header": column["header"],
                    "kind": "" if kind == "header" else kind, "told_by": "header" if kind == "header" else "content",
                    "cells": column["cells"],
                }
            )  # fmt: skip
    masked: Counter[tuple[str, str, str]] = Counter()
    for name in _TEXTS:
        _count(masked, responses["source_file"], responses[name], name)
    _count(masked, ledger["source_file"], ledger["value"], ledger["column"])
    for (file, header, kind), cells in sorted(masked.items()):
        rows.append(
            {
                "source_file": file,
                "column": "",
                "header": header,
                "kind": kind,
                "told_by": "cell",
                "cells": cells,
            }
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in COLUMNS[:-1]:
        table[name] = table[name].astype(str).astype("category")
    table["cells"] = pd.to_numeric(table["cells"]).fillna(0).astype("int64")
    return table


def _count(
    masked: Counter[tuple[str, str, str]], files: pd.Series, texts: pd.Series, header: str | pd.Series
) -> None:
    """Count the masks of a column: only texts that hold one are looked at."""
    if hasattr(texts, "cat"):
        hit = texts.cat.categories.to_series().astype(str).str.contains("<", regex=False).to_numpy()
        rows = (texts.cat.codes >= 0) & hit[texts.cat.codes.to_numpy()] if len(hit) else texts.isna() & False
    else:
        rows = texts.fillna("").astype(str).str.contains("<", regex=False)
    names = [header] * int(rows.sum()) if isinstance(header, str) else header[rows].astype(str)
    for file, name, text in zip(files[rows].astype(str), names, texts[rows].astype(str)):
        for kind in set(TAG.findall(text)):
            masked[file, name, kind] += 1
