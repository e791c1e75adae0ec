"""How many were asked: users, the least the regulation asks for, and the table of Krejcie and Morgan (R7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base.section import say
from pipeline.report.official.part import part
from pipeline.report.unit.conduct import said_sample
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Pairs of columns beside each other: the table's ninety rows take a third of a page.
BESIDE = 6
#: Marks the row of the unit; never colour alone.
MARK = "→"


@part
def sample(u: UnitReport) -> Any:
    """Set users, least sample and valid answers beside each other with the verdict, then the whole table."""
    return [said_sample(u), adequacy(u), *table(u)]


def adequacy(u: UnitReport) -> Any:
    """Table of the sample with its verdict."""
    w = u.words
    unknown = w("unit.conduct.not_recorded")
    rows = [
        [w("unit.conduct.population"), w.integer(u.population) if u.population is not None else unknown],
        [w("official.sample.required"), w.integer(u.required) if u.required is not None else NOTHING],
        [w("unit.conduct.valid"), w.integer(u.n_valid)],
        [w("official.sample.verdict"), verdict(u)],
    ]
    return blocks.table(
        blocks.columns(w, what=("unit.conduct.col_what", "1fr"), value="unit.conduct.col_value"),
        rows, caption=w("official.sample.caption"), key="sample", strong_rows=[len(rows) - 1],
    )  # fmt: skip


def verdict(u: UnitReport) -> str:
    """Whether the valid answers are as many as the regulation asks for."""
    if u.required is None:
        return u.words("official.sample.unknown")
    return u.words("official.sample.met" if u.n_valid >= u.required else "official.sample.not_met")


def table(u: UnitReport) -> list[Any]:
    """The whole table of Krejcie and Morgan, the row of this unit marked; none where a rule asks for a number.

    How it is read stands before it: below, its last line could be all that the next page holds.
    """
    if u.rule.sample.method != "krejcie-morgan":
        return []
    w = u.words
    mine = rules.tabled(u.population) if u.population else None
    if mine is None:
        read = say(w, "official.sample.note", style="note")
    else:
        read = say(w, "official.sample.note_row", style="note", mark=MARK,
                   users=w.integer(u.population), required=w.integer(u.required))  # fmt: skip
    columns = [
        blocks.column(f"{name}{at}", label, numeric=True)
        for at in range(BESIDE)
        for name, label in (("users", "N"), ("sample", "n"))
    ]
    rows, hits = laid_out(u, mine)
    shown = blocks.table(
        columns,
        rows,
        caption=w("official.sample.table"),
        key="krejcie-morgan",
        accent_cells=hits,
        row_header=False,
        breakable=False,  # a third of a page: broken, two of its rows could be all that a page holds
    )
    return [read, shown]


def laid_out(u: UnitReport, mine: int | None) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """Cells of the table, pairs beside each other and read downwards, and which of them are the unit's."""
    w, listed = u.words, rules.sample_table(u.rule)
    high = -(-len(listed) // BESIDE)
    rows: list[list[str]] = []
    hits: list[tuple[int, str]] = []
    for line in range(high):
        cells: list[str] = []
        for at in range(BESIDE):
            place = at * high + line
            users, n = listed[place] if place < len(listed) else (None, None)
            mark = f"{MARK} " if users is not None and users == mine else ""
            cells += [f"{mark}{w.integer(users)}", w.integer(n)] if users is not None else ["", ""]
            hits += [(line, f"users{at}"), (line, f"sample{at}")] if mark else []
        rows.append(cells)
    return rows, hits
