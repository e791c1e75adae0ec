"""The contract of responses.parquet, checked before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.survey.codes import AGE_LIMITS, CATEGORIES, STATUS, STATUSES

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa


def schema(scales: dict[str, tuple[int, int]], units: list[str]) -> pa.DataFrameSchema:
    """Return the pandera schema of the responses.

    Parameters
    ----------
    scales : dict
        Item column to its lowest and highest score.
    units : list of str
        Allowed unit ids, ``unknown`` included.
    """
    import pandera.pandas as pa

    columns: dict[str, pa.Column] = {
        "respondent": pa.Column("int32", pa.Check.ge(1), unique=True),
        "source_file": pa.Column("category"),
        "source_row": pa.Column("int32", pa.Check.ge(1)),
        "answer_rows": pa.Column("str"),
        "instrument": pa.Column("category"),
        "unit": pa.Column("category", _within(units)),
        "unit_raw": pa.Column("category", nullable=True),
        "service": pa.Column("category", nullable=True),
        "answered_at": pa.Column("datetime64[ms]", nullable=True),
        "entered_at": pa.Column("datetime64[ms]", nullable=True),
        "age": pa.Column("Int16", pa.Check.in_range(*AGE_LIMITS), nullable=True),
        "executor": pa.Column("category", nullable=True),
        "interviewer": pa.Column("category", nullable=True),
        "weight": pa.Column("Float64", pa.Check.gt(0), nullable=True),
        "suggestion": pa.Column("str", nullable=True),
    }
    for name, codes in CATEGORIES.items():
        columns[name] = pa.Column("category", _within(list(codes)), nullable=True)
    for item, (low, high) in scales.items():
        columns[item] = pa.Column("Int8", pa.Check.in_range(low, high), nullable=True)
        columns[f"{item}{STATUS}"] = pa.Column("category", _within(list(STATUSES)))
    checks = [
        pa.Check(
            lambda frame, item=item: frame[item].notna().eq(frame[f"{item}{STATUS}"] == "answered"),
            name=f"{item} has a score exactly when it is answered",
            # pandera would else look for missing cells in every column of the frame, once an item.
            ignore_na=False,
        )
        for item in scales
    ]
    return pa.DataFrameSchema(columns, checks=checks, strict=True, ordered=False)


def _within(codes: list[str]) -> pa.Check:
    """Compare categories, not rows: a category outside the list is an error even when unused."""
    import pandera.pandas as pa

    allowed = set(codes)
    return pa.Check(
        lambda series: set(map(str, series.cat.categories)) <= allowed,
        name="codes of the contract",
        ignore_na=False,
    )


def check(frame: pd.DataFrame, scales: dict[str, tuple[int, int]], units: list[str]) -> list[str]:
    """Return what of the contract a frame breaks, as sentences; empty when it holds."""
    import pandera.pandas as pa

    try:
        # Nothing is coerced or dropped, so there is no need of a copy of all answers.
        schema(scales, units).validate(frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        return [f"{row.column or 'responses'}: {row.check}" for row in cases.head(10).itertuples()]
    return []
