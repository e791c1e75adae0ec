"""What ``skm check`` says of identifying data: which columns were dropped, and why, so that a wrong drop is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: Columns named on the terminal without being asked; the page and ``--privacy`` have all.
MOST_TOLD = 5


def found(folder: Path) -> tuple[dict[str, Any], ...]:
    """What identifying data ``1-clean`` found: columns and counts, no values."""
    import pyarrow.parquet as parquet

    path = folder / "privacy.parquet"
    return tuple(parquet.read_table(path).to_pylist()) if path.is_file() else ()


def dropped(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Name the columns that were dropped: where, their header, what told so; then how to keep one.

    A column that stands in many files alike is named once.

    Examples
    --------
    >>> row = {"source_file": "a.csv", "column": "C", "header": "Isian", "kind": "phone", "told_by": "content"}
    >>> print(*dropped([row, row | {"source_file": "b.csv"}]), sep=chr(10))  # doctest: +ELLIPSIS
    2 columns hold people's identity and were not read:
      column C "Isian" of a.csv and 1 more file: by its content (phone)
      if one holds answers, ...
    """
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        if row["told_by"] != "cell":
            key = (str(row["header"]), str(row["told_by"]), str(row["kind"]), str(row["column"]))
            alike.setdefault(key, []).append(str(row["source_file"]))
    if not alike:
        return
    count = sum(map(len, alike.values()))
    what, were = ("columns hold", "were") if count > 1 else ("column holds", "was")
    yield f"{count} {what} people's identity and {were} not read:"
    for (header, told_by, kind, column), files in list(alike.items())[:MOST_TOLD]:
        more = len(files) - 1
        rest = f" and {more} more {'files' if more > 1 else 'file'}" if more else ""
        why = f" ({kind})" if kind else ""
        yield f'  column {column} "{header}" of {files[0]}{rest}: by its {told_by}{why}'
    if len(alike) > MOST_TOLD:
        yield f"  and {len(alike) - MOST_TOLD} more: skm check --privacy"
    yield "  if one holds answers, name it under `columns:` in survey.yml"


def summary(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What ``skm check --privacy`` prints: where identifying data stood, never the data."""
    whole = [row for row in rows if row["told_by"] != "cell"]
    masked = [row for row in rows if row["told_by"] == "cell"]
    cells = sum(int(row["cells"]) for row in masked)
    yield f"  privacy: {len(whole)} columns dropped, {cells:,} cells masked"
    for row in whole:
        kind = f" ({row['kind']})" if row["kind"] else ""
        yield (
            f'    {row["source_file"]}, column {row["column"]} "{row["header"]}": dropped by its'
            f" {row['told_by']}{kind}, {int(row['cells']):,} filled cells"
        )
    for row in masked:
        yield f'    {row["source_file"]}, "{row["header"]}": <{row["kind"]}> masked in {int(row["cells"]):,} cells'
    yield (
        "  names are recognised by a list of words and by what stands before them: read the suggestions"
        " before you publish them"
    )
