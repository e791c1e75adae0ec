"""Large delimited text through Arrow's parser, straight into codes and distinct values."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from pipeline.intake.ground.coded import Coded, compact
from pipeline.intake.ground.vectorised_text import untrimmed


def parse(text: str, delimiter: str) -> list[Coded] | None:
    """Return the columns of a table whose rows all have the same width; None for any other.

    Cells are what `csv.reader` makes of the text, blanks around them removed; an empty line is a
    row of empty cells.

    Examples
    --------
    >>> [column.texts().tolist() for column in parse("a,b\\n1, 2\\n1,", ",")]
    [['a', '1', '1'], ['b', '2', '']]
    >>> parse("a,b\\n1\\n", ",") is None
    True
    """
    import pyarrow as pa
    from pyarrow import csv

    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return None  # a lone carriage return ends a row for one parser and not for the other
    content = text.encode("utf-8", "surrogatepass")
    width = _width(text, delimiter)
    if width < 2:
        return None
    names = [str(number) for number in range(width)]
    kind = pa.dictionary(pa.int32(), pa.large_string())
    try:
        table = csv.read_csv(
            pa.BufferReader(content),
            read_options=csv.ReadOptions(column_names=names, block_size=8 << 20),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), strings_can_be_null=False, null_values=[]
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    return [_coded(column) for column in table.columns]


def _width(text: str, delimiter: str) -> int:
    return len(next(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter), []))


def _coded(column: Any) -> Coded:
    whole = column.unify_dictionaries().combine_chunks()
    if hasattr(whole, "chunks"):
        whole = whole.chunk(0)
    codes = whole.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    values = whole.dictionary.to_numpy(zero_copy_only=False)
    suspects = np.flatnonzero(untrimmed(whole.dictionary))
    trimmed = [values[place].strip() for place in suspects]
    if any(text != values[place] for place, text in zip(suspects, trimmed)):
        values = values.copy()
        values[suspects] = trimmed
        return compact(codes, values.tolist())
    return Coded(codes, values)
