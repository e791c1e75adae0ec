"""The published file of results says of each unit what its pages say."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tests.gate.claims import Claim, Value
from tests.gate.survey_files import Finished

#: Quantity -> statistic of the file and its columns.
READ = {"index": ("ikm", ["estimate"]), "interval": ("ikm", ["lower", "upper"]), "valid": ("n_valid", ["estimate"]),
        "required": ("required", ["estimate"]), "letter": ("letter", ["text"])}  # fmt: skip
#: Decimals of a number that is written in full.
FULL = 12


def claims(finished: Finished) -> Iterator[Claim]:
    """What ``results.csv`` says of every unit, as statements that must agree with those of the pages."""
    path = finished.public / "results.csv"
    if path.is_file():
        yield from read(pd.read_csv(path, dtype=str, keep_default_na=False))


def read(table: pd.DataFrame) -> Iterator[Claim]:
    """Statements of the file's rows."""
    mine = table[(table["scope"] == "unit") & (table["item"] == "") & (table["service"] == "")]
    for quantity, (statistic, columns) in READ.items():
        module = "sampling" if statistic == "required" else "index"
        for row in mine[(mine["statistic"] == statistic) & (mine["module"] == module)].to_dict("records"):
            said = [row[c] for c in columns]
            if all(said):
                value: Value = tuple(
                    s.lower() if c == "text" else _clipped(float(s), quantity) for c, s in zip(columns, said)
                )
                decimals = 0 if quantity == "letter" else FULL
                yield Claim(
                    quantity, row["unit"], value, decimals, "results.csv", f"{row['unit']} {statistic} {said}"
                )


def _clipped(value: float, quantity: str) -> float:
    """Limits are printed within the scale; the file keeps them raw."""
    return min(max(value, 25.0), 100.0) if quantity == "interval" else value
