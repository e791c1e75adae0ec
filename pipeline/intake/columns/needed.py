"""What a table must have, and which of its columns could be what it lacks."""

from __future__ import annotations

from itertools import islice

from pipeline.intake.columns import fields
from pipeline.intake.columns.claims import FITS, SAMPLE
from pipeline.intake.columns.headers import Header
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.values import profile
from pipeline.intake.values.answers import ANSWERED
from pipeline.intake.values.items import ItemSet
from pipeline.survey.entries import FileEntry

#: What a long table must have; a wide one needs any item.
NEEDED = {
    "answers": ("respondent", "item", "answer"),
    "respondents": ("respondent",),
    "suggestions": ("respondent", "suggestion"),
    "wide": (),
}


def lacking(
    header: Header, entry: FileEntry, items: ItemSet, table: RawTable, many_units: bool
) -> list[Problem]:
    """Return what a table lacks and can be read without.

    Raises
    ------
    Refused
        If it lacks what it cannot be read without.
    """
    row = int(table.rows[header.row]) or None if header.row >= 0 else None
    for name in NEEDED[entry.role]:
        if header.named(name) is None:
            raise Refused(
                f"no column is the {name}",
                f"name it under `columns:`, e.g. {name}: {fitting(header, table, items, name)!r}",
                row=row,
            )
    if entry.role != "wide":
        return []
    found = [code for code in items.codes if header.named(code)]
    if not found:
        raise Refused(
            "no column is an item of the questionnaire",
            f"name them under `columns:`, e.g. {items.codes[0]}: {fitting(header, table, items, items.codes[0])!r}",
            row=row,
        )
    problems = []
    if many_units and entry.unit is None and header.named("unit") is None:
        dropped = [c.header for c in header.columns if c.how == "identity"]
        note = f" (dropped as identity: {', '.join(dropped)})" if dropped else ""
        problems.append(
            Problem(
                f"no column names the unit{note}: every row counts as unknown",
                f"name it under `columns:`, e.g. unit: {fitting(header, table, items, 'unit')!r}, or say `unit:`"
                " for the file",
                file=table.file, sheet=table.sheet, row=row, fatal=False,
            )
        )  # fmt: skip
    rest = [code for code in items.codes if code not in found]
    if rest:
        like = fitting(header, table, items, rest[0])
        problems.append(
            Problem(
                f"has no column for {', '.join(rest)}: treated as not asked",
                f"if it was asked, name it under `columns:`, e.g. {rest[0]}: {like!r}",
                file=table.file, sheet=table.sheet, row=row, fatal=False,
            )
        )  # fmt: skip
    return problems


def fitting(header: Header, table: RawTable, items: ItemSet, name: str) -> str:
    """Return the header of a column that could be what is lacking, by what stands in it.

    Columns that stand beside a question come last; where none fits, ``the header``.
    """
    below = slice(header.row + 1, table.height)
    best, most = "the header", 0.0
    for column in header.columns:
        if column.how not in ("not-used", "beside"):
            continue
        share = _share(table.columns[column.index].take(below), items, name)
        if column.how == "beside":
            share /= 2
        if share > most:
            best, most = column.header, share
    return best


def _share(column: Coded, items: ItemSet, name: str) -> float:
    """Return how well a column's content fits what it would be: 0 where it cannot be."""
    counts = dict(islice(column.used().items(), SAMPLE))
    total = sum(counts.values())
    if not total:
        return 0.0
    reader = items.readers.get(name)
    if reader is not None:
        share = sum(n for text, n in counts.items() if reader.read(text).status == ANSWERED) / total
        return share if share >= FITS else 0.0
    if name in ("answered_at", "entered_at"):
        return float(fields.looks_like_dates(column))
    if name in profile.FIELDS:
        return sum(n for text, n in counts.items() if profile.category(name, text, {})[0]) / total
    words = sum(n for text, n in counts.items() if any(c.isalpha() for c in text)) / total
    if name == "unit":
        # Units are words that repeat.
        return words * (1 - len(counts) / total) if len(counts) < total else 0.01 * words
    if name == "respondent":
        return len(counts) / total
    return words if name == "suggestion" else 0.5
