"""Tables of the reading of raw files, shown both to the person who checks it and to the public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.words import Words

if TYPE_CHECKING:
    import pandas as pd

#: Where each row of a raw file went; read = used + merged + excluded + not_data.
KINDS = ("read", "used", "merged", "excluded", "not_data")
#: More files than this are shown per role only, with the files that lost rows.
MOST_FILES = 60


def intake_sums(intake: pd.DataFrame) -> dict[str, int]:
    """Return the total of each kind of row, over files that hold respondents."""
    rows = intake
    if "role" in rows.columns:
        people = rows[rows["role"].isin(["wide", "respondents"])]
        rows = people if len(people) else rows
    return {kind: int(rows[kind].sum()) if kind in rows.columns else 0 for kind in KINDS}


def conserved(intake: pd.DataFrame) -> bool:
    """Whether every row read is accounted for in every file."""
    there = [kind for kind in KINDS[1:] if kind in intake.columns]
    return bool((intake["read"] == intake[there].sum(axis=1)).all()) if "read" in intake.columns else False


def intake_table(w: Words, intake: pd.DataFrame) -> Any:
    """Return the table of source files: rows read and where they went."""
    table = intake.copy()
    table["source_file"] = table["source_file"].astype(str)
    table["role"] = table["role"].astype(str) if "role" in table.columns else ""
    note = w("stages.files_note")
    if len(table) > MOST_FILES:
        count = table.groupby("role", observed=True)["source_file"].nunique()
        sums = table.groupby("role", observed=True)[list(KINDS)].sum().reset_index()
        sums["source_file"] = [w("stages.files_count", n=w.integer(count[r])) for r in sums["role"]]
        odd = table[(table["excluded"] > 0) | (table["merged"] > 0)].head(MOST_FILES)
        import pandas as pd

        table = pd.concat([sums, odd], ignore_index=True)
        note += " " + w("stages.files_shortened", most=w.integer(MOST_FILES))
        totals: list[list[str]] = []
    else:
        sums_all = intake_sums(intake)
        several = len(table) > 1
        totals = [[w("stages.respondent_rows"), "", *(w.integer(sums_all[kind]) for kind in KINDS)]]
        totals = totals if several else []
    cells = []
    for row in table.to_dict("records"):
        role = str(row["role"])
        name = w(f"stages.role.{role}") if w.has(f"stages.role.{role}") else role
        cells.append([row["source_file"], name, *(w.integer(row.get(kind, 0)) for kind in KINDS)])
    return blocks.table(
        columns=[
            *blocks.columns(w, file=("stages.col_file", "3fr"), role=("stages.col_role", "")),
            *(blocks.column(kind, w(f"stages.kind.{kind}"), numeric=True) for kind in KINDS),
        ],
        rows=cells, footer_rows=totals, caption=w("stages.files_caption"), key="files", note=note,
        compact=True,
    )  # fmt: skip


def shorten(text: str, most: int = 90) -> str:
    """Cut a text for a table cell, on one line.

    Examples
    --------
    >>> shorten("a\\nb"), shorten("x" * 100, 5)
    ('a b', 'xxxx…')
    """
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
