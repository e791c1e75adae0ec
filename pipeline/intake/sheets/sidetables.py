"""A second table beside the answers, after an empty column: a recap is no answer, and is left out by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipeline.intake.columns import fields, header_text
from pipeline.intake.files.table import RawTable, letter
from pipeline.intake.ground.coded import constant
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.sheets import belowtables, sectiontitles, sums
from pipeline.intake.values.answers import ANSWERED
from pipeline.intake.values.items import ItemSet
from pipeline.survey.text import fold


@dataclass(frozen=True)
class Part:
    """Columns between two empty ones: which items they name, which fields, which rows they fill."""

    indexes: tuple[int, ...]
    items: dict[str, int]
    named: frozenset[str]
    rows: np.ndarray

    @property
    def place(self) -> str:
        """The columns, by their letters."""
        first, last = letter(self.indexes[0]), letter(self.indexes[-1])
        return first if first == last else f"{first} to {last}"


def apart(table: RawTable, row: int, items: ItemSet, units: Mapping[str, str]) -> list[RawTable]:
    """Return the tables of answers that stand side by side, mostly one; other tables are left out by name.

    Raises
    ------
    Refused
        If two hold answers and no title above them says whose.
    """
    parts = _parts(table, row, items)
    main = max(parts, key=lambda part: (len(part.items), int(part.rows.sum())), default=None)
    if main is None or not main.items or len(parts) < 2:
        return [table]
    blank = constant("", table.height)
    heads = header_text.texts(table, row)
    answers = [main]
    gone: set[int] = set()
    for part in parts:
        if part is main or len(part.indexes) < 2 or not _other(part, main):
            continue
        gone.update(part.indexes)
        if set(part.items) >= set(main.items) and _answers(table, row, part, items):
            answers.append(part)
            continue
        header = next((text for text in heads[part.indexes[0] :] if text), "")
        table.notes.append(
            Problem(
                f'holds another table beside the answers (columns {part.place}, from "{header}"): it is not read',
                "if it holds answers, put it on a sheet of its own",
                row=int(table.rows[row]), fatal=False,
            )
        )  # fmt: skip
    whole = table.columns
    above = [_above(table, row, part) for part in answers]
    told = sectiontitles.named(above, units)
    if len(answers) > 1 and (not all(told) or len(set(map(fold, told))) < len(told)):
        raise Refused(
            f"holds two tables of answers beside one another (columns {main.place} and {answers[1].place})",
            "put the second below the first, or on a sheet of its own",
        )
    table.columns = [blank if i in gone else column for i, column in enumerate(whole)]
    return [table] + [
        replace(
            table,
            columns=[column if i in part.indexes else blank for i, column in enumerate(whole)],
            label=f"{table.name} (columns {part.place})",
            notes=[],
        )
        for part in answers[1:]
    ]


def _above(table: RawTable, row: int, part: Part) -> list[str]:
    """Return the texts above a part, line by line."""
    lines = []
    for index in range(max(row - belowtables.TITLES, 0), row):
        cells = table.row(index)
        mine = [cells[i] for i in part.indexes if cells[i]]
        lines += (
            [": ".join(mine) if len(mine) == 2 and ":" not in mine[0] else " ".join(mine)] if mine else []
        )
    return lines


def _parts(table: RawTable, row: int, items: ItemSet) -> list[Part]:
    heads = header_text.texts(table, row)
    empty = [not head and not column.filled()[row:].any() for head, column in zip(heads, table.columns)]
    if not any(empty[1:-1]):
        return []
    groups: list[list[int]] = [[]]
    for index, gap in enumerate(empty):
        if gap:
            groups.append([])
        else:
            groups[-1].append(index)
    made = []
    for group in groups:
        if not group:
            continue
        hits = {
            i: hit[0] for i in group for t in header_text.candidates(heads[i])[-1:] if (hit := items.match(t))
        }
        named = {name for i in group if (name := fields.field_of(heads[i], False))}
        rows = np.logical_or.reduce([table.columns[i].filled()[row + 1 :] for i in group])
        made.append(Part(tuple(group), {code: i for i, code in hits.items()}, frozenset(named), rows))
    return made


def _other(part: Part, main: Part) -> bool:
    """Whether columns are another table and not more columns of the same people."""
    if set(part.items) & set(main.items):
        return True
    if part.items or not part.rows.any():
        return False
    # A few lines from the top, or lines beyond the last person: nobody's columns.
    people = int(main.rows.sum())
    first = int(np.flatnonzero(part.rows)[0])
    together = int(part.rows.sum()) == int(np.flatnonzero(part.rows)[-1]) - first + 1
    return (together and first <= 2 and 2 * part.rows.sum() <= people) or bool((part.rows & ~main.rows).any())


def _answers(table: RawTable, row: int, part: Part, items: ItemSet) -> bool:
    """Whether nearly all cells under the items are answers."""
    good = total = 0
    for code, index in part.items.items():
        for text, count in table.columns[index].take(slice(row + 1, None)).used().items():
            total += count
            good += count if items.readers[code].read(text).status == ANSWERED else 0
            good -= count if sums.beyond(text, items.high) else 0
    return total > 0 and good >= 0.9 * total
