"""A sheet as people fill it: several tables on one sheet, units in titles, merged cells.

What a sheet shows is settled before its columns are read. Cells merged over rows are filled; two header
rows become one; a recap beside the answers is left out. Below the answers, a table of the same questions
is further data (read by its own header where the columns stand otherwise), any other table, key or
signature ends them and is named. A title above a block names its unit, if it names one at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pipeline.intake.columns import header_text, headerrow
from pipeline.intake.columns.fields import NUMBERING, field_of
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import encode
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.sheets import (
    belowtables,
    doubleheader,
    longends,
    merged,
    sectiontitles,
    sidetables,
)
from pipeline.intake.sheets.belowtables import Block
from pipeline.intake.values.items import ItemSet
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold


def prepare(
    table: RawTable, entry: FileEntry, items: ItemSet, units: Mapping[str, str], many: bool = True
) -> list[RawTable]:
    """Return the tables of answers on a sheet, mostly the one it is.

    Parameters
    ----------
    table : RawTable
    entry : FileEntry
    items : ItemSet
    units : mapping
        Folded spellings of the listed units; empty where none are known yet.
    many : bool
        Whether there is more than one unit.

    Raises
    ------
    Refused
        If two tables of answers stand beside one another.
    """
    if entry.headers or entry.header == 0 or table.headed:
        return [table]
    try:
        row = headerrow.find(table, entry, items)
    except Refused:
        return [table]
    if table.merged:
        merged.fill(table, row, numbers=entry.role != "wide")
    _fill_down(table, row, entry)
    if entry.role != "wide":
        longends.leave_out(table, row)
        return [table]
    table.header = row = doubleheader.joined(table, row, entry, items)
    parts = []
    for one in sidetables.apart(table, row, items, units):
        parts += _split(one, belowtables.blocks(one, row, entry, items))
    _name_units(parts, entry, units, many)
    return [part for part, _ in parts]


def _fill_down(table: RawTable, row: int, entry: FileEntry) -> None:
    """Fill the unit down where the definition says so; ask where the cells look as if it should."""
    heads = header_text.texts(table, row)
    wanted = entry.columns.get("unit", [])
    if entry.unit is not None:
        wanted = [entry.unit.column] if entry.unit.column else []
        if not wanted:
            return
    places = header_text.locate(list(wanted), heads) if wanted else [
        i for i, head in enumerate(heads) if _names_unit(head)
    ]  # fmt: skip
    if len(places) != 1:
        return
    place = places[0]
    column = table.columns[place]
    if entry.unit is not None and entry.unit.fill_down:
        columns = list(table.columns)
        columns[place] = merged.fill_down(column, row)
        # Blank lines stay blank: nobody stands there.
        others = [c.filled() for i, c in enumerate(table.columns) if i != place]
        nobody = ~np.logical_or.reduce(others) if others else np.zeros(table.height, dtype=bool)
        nobody[: row + 1] = False
        columns[place].codes[nobody] = column.codes[nobody]
        table.columns = columns
    elif (
        table.height > row + 2 and not table.merged and merged.like_merged(column.take(slice(row + 1, None)))
    ):
        table.notes.append(
            Problem(
                f'the column "{heads[place]}" names a unit once above many empty cells, as merged cells are exported',
                "if each name holds for the rows below it, say so under `files:`: unit: {column: "
                f"{heads[place]!r}, fill_down: true}}",
                row=int(table.rows[row]), fatal=False,
            )
        )  # fmt: skip


def _names_unit(head: str) -> bool:
    """Whether a header is that of the unit, by any part of it."""
    return bool(head) and any(field_of(text, False) == "unit" for text in header_text.candidates(head))


def _split(table: RawTable, blocks: Sequence[Block]) -> list[tuple[RawTable, list[Block]]]:
    """Cut a sheet where a block has its own columns; blocks under the same header stay one table."""
    groups: list[list[Block]] = []
    for block in blocks:
        if block.own or not groups:
            groups.append([block])
        else:
            groups[-1].append(block)
    if len(groups) == 1:
        return [(table, groups[0])]
    made = []
    for number, group in enumerate(groups):
        start = 0 if number == 0 else group[0].begin
        end = groups[number + 1][0].begin if number + 1 < len(groups) else table.height
        span = slice(start, end)
        part = replace(
            table,
            columns=[column.take(span) for column in table.columns],
            first=table.first + start,
            numbers=None if table.numbers is None else table.numbers[span],
            header=group[0].header - start,
            hidden=frozenset(h - start for h in table.hidden if start <= h < end),
            apart=frozenset(a - start for a in table.apart if start <= a < end),
            notes=table.notes if number == 0 else [],
            merged=(),
        )
        mine = [
            replace(b, begin=b.begin - start, header=b.header - start, data=b.data - start) for b in group
        ]
        made.append((part, mine))
    return made


def _name_units(
    parts: Sequence[tuple[RawTable, list[Block]]], entry: FileEntry, units: Mapping[str, str], many: bool
) -> None:
    """Give the rows of every block the unit its title names, where no column and no definition does."""
    if entry.unit is not None or "unit" in entry.columns:
        return
    meant = sectiontitles.meant([block for _, mine in parts for block in mine], units)
    told = sectiontitles.named([block.titles for block in meant], units)
    if not any(told) or (len(set(map(fold, told))) < 2 and not many):
        return
    names = {id(block): name for block, name in zip(meant, told)}
    for part, mine in parts:
        named = [(block, names[id(block)]) for block in mine if id(block) in names]
        if named:
            _add_unit(part, named)


def _add_unit(table: RawTable, named: Sequence[tuple[Block, str]]) -> None:
    """Add a column with the unit of every row; a table that has such a column keeps it."""
    header = named[0][0].header if table.header is None else table.header
    heads = header_text.texts(table, header)
    if any(map(_names_unit, heads)):
        return
    cells = [""] * table.height
    for number, (block, name) in enumerate(named):
        end = named[number + 1][0].begin if number + 1 < len(named) else table.height
        for place in range(block.data, end):
            cells[place] = name
    # Where nobody stands no unit stands, and a number in front of an empty row is nobody.
    people = [c for c, head in zip(table.columns, heads) if fold(head) not in NUMBERING] or table.columns
    there = np.logical_or.reduce([column.filled() for column in people])
    cells = [cell if there[place] and place not in table.apart else "" for place, cell in enumerate(cells)]
    cells[header] = "unit (title above the rows)"
    table.columns = [*table.columns, encode(cells)]
    table.names = (*table.names, "") if table.names else ()
