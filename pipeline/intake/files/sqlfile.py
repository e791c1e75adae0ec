"""Tables of an SQL dump, as phpMyAdmin, mysqldump, HeidiSQL, SQLyog, Adminer or pg_dump write it.

A dump is read as data and never carried out: of its statements only the names of the columns (``CREATE
TABLE``) and the values of rows (``INSERT``, ``REPLACE``, ``COPY ... FROM stdin``) are looked at; all others are
passed over to their end. A row has the number of the line on which its values begin; where a line holds
several rows, all rows of that table are counted instead, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pipeline.intake.files.csvfile import decode
from pipeline.intake.files.sqltokens import Scanner
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import encode
from pipeline.intake.ground.problems import Problem, Refused

MAX_BYTES, MAX_CELLS, MAX_TABLES, MAX_COLUMNS = 500_000_000, 60_000_000, 5_000, 4_096
#: Words that begin a line of CREATE TABLE which names no column.
_NO_COLUMN = {
    "primary", "key", "unique", "index", "constraint", "foreign", "fulltext", "spatial", "check", "exclude", "like",
    "period",
}  # fmt: skip
_OPEN = re.compile(r"(insert|replace|create|copy|drop|truncate|update|delete|delimiter)\b", re.I)
_CHANGES = ("update", "delete", "truncate")


@dataclass
class SqlTable:
    """What a dump says of one table."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    #: Rows counted and not kept, where the table was not asked for.
    passed: int = 0
    again: int = 0


def read_sql(
    path: Path, file: str, encoding: str | None = None, wanted: Callable[[str], bool] | None = None
) -> list[RawTable]:
    """Read the tables of a dump that have rows; those that are not ``wanted`` without their values.

    Raises
    ------
    Refused
        If it is larger than a dump may be, a text in it is never closed, or it holds no rows.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Refused(
            f"is a dump of more than {MAX_BYTES // 1_000_000} MB",
            "export only the tables of the survey, or each of them as CSV",
        )
    text, _ = decode(path.read_bytes(), encoding)
    dump = _Dump(Scanner(text), wanted)
    dump.read()
    made = [_table(file, table, dump.changes) for table in dump.tables.values() if table.rows]
    if not made and not any(table.passed for table in dump.tables.values()):
        raise Refused(
            "is an SQL dump without rows",
            "export it again with its data (INSERT statements), or each table as CSV",
        )
    return made


def _table(file: str, table: SqlTable, changes: int) -> RawTable:
    width = max(len(table.columns), max(map(len, table.rows)))
    names = [*table.columns, *[f"column {n}" for n in range(len(table.columns) + 1, width + 1)]]
    rows = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in table.rows]
    columns = [encode([name, *cells]) for name, cells in zip(names, zip(*rows))]
    made = RawTable(file, table.name, columns, first=max(table.lines[0] - 1, 0), headed=True)
    lines = np.array(table.lines, dtype=np.int64)
    if not (np.diff(lines) > 0).all():
        lines = np.arange(1, len(lines) + 1)
    made.numbers = np.concatenate([[max(int(lines[0]) - 1, 0)], lines])
    made.keeps_sheet = True
    if table.again:
        made.notes.append(
            Problem(
                f"the table {table.name} is created more than once in the dump: the rows after the last time count,"
                f" {table.again:,} before it do not",
                "export the database once into one file", fatal=False,
            )
        )  # fmt: skip
    if changes:
        made.notes.append(
            Problem(
                f"holds {changes:,} statements that would change rows (UPDATE, DELETE): nothing is carried out",
                "export the database as it is now", fatal=False,
            )
        )  # fmt: skip
    return made


class _Dump:
    """Goes through the statements of a dump, one after the other."""

    def __init__(self, scanner: Scanner, wanted: Callable[[str], bool] | None) -> None:
        self.scan, self.wanted = scanner, wanted
        self.tables: dict[str, SqlTable] = {}
        self.cells = self.changes = 0

    def read(self) -> None:
        """Read every statement that tells of tables, and pass over the others."""
        scan = self.scan
        while scan.to_statement():
            match = _OPEN.match(scan.text, scan.at)
            word = match[1].lower() if match else ""
            if word == "delimiter":
                scan.skip_delimited()
            elif word == "create" and scan.words("create", "table"):
                self._create()
            elif word in ("insert", "replace"):
                self._insert(word)
            elif word == "copy":
                self._copy()
            else:
                if word in _CHANGES:
                    self.changes += 1
                scan.skip_statement()

    def table(self, name: str) -> SqlTable:
        """Return a table by its name."""
        if name not in self.tables:
            if len(self.tables) >= MAX_TABLES:
                raise Refused(
                    f"holds more than {MAX_TABLES:,} tables", "export only the tables of the survey"
                )
            self.tables[name] = SqlTable(name)
        return self.tables[name]

    def _create(self) -> None:
        scan = self.scan
        scan.words("if", "not", "exists")
        name = scan.name()
        if not name or not scan.sign("("):
            scan.skip_statement()
            return
        table = self.table(name)
        if table.rows or table.passed:
            table.again += len(table.rows) + table.passed
            table.rows, table.lines, table.passed = [], [], 0
        columns = []
        while True:
            quoted = scan.peek() in '`"['
            column = scan.name(dotted=False)
            if column and (quoted or column.lower() not in _NO_COLUMN):
                columns.append(column)
            if scan.skip_item() != ",":
                break
        if len(columns) > MAX_COLUMNS:
            raise Refused(f"has {len(columns):,} columns", "is it a table of answers?", row=scan.line())
        table.columns = columns
        scan.skip_statement()

    def _insert(self, word: str) -> None:
        scan = self.scan
        scan.word(word)
        while scan.word("ignore") or scan.word("low_priority") or scan.word("delayed") or scan.word("or"):
            scan.word("replace")
        scan.word("into")
        name = scan.name()
        columns = scan.names() if name and scan.peek() == "(" else []
        scan.words("overriding", "system", "value")
        if not name or not (scan.word("values") or scan.word("value")):
            self.changes += bool(name)  # INSERT ... SELECT, INSERT ... SET
            scan.skip_statement()
            return
        table = self.table(name)
        keep = self.wanted is None or self.wanted(name)
        places = self._places(table, columns)
        while True:
            line = scan.line()
            values = scan.values(keep)
            if values is None:
                break
            self._row(table, values, places, line, keep)
            if not scan.sign(","):
                break
        # Not to the next semicolon: scripts of SQL Server have none, and the next row may follow.
        if scan.word("on") or scan.word("as") or scan.word("returning"):
            scan.skip_statement()

    def _places(self, table: SqlTable, columns: list[str]) -> list[int]:
        """Return where the values of a statement that names its columns belong."""
        if not columns:
            return []
        place = {name.lower(): at for at, name in enumerate(table.columns)}
        for name in columns:
            if name.lower() not in place:
                place[name.lower()] = len(table.columns)
                table.columns.append(name)
        return [place[name.lower()] for name in columns]

    def _row(self, table: SqlTable, values: list[str], places: list[int], line: int, keep: bool) -> None:
        if not keep:
            table.passed += 1
            return
        known = len(places) or len(table.columns)
        if known and len(values) != known:
            raise Refused(
                f"a row of the table {table.name} has {len(values):,} values for {known:,} columns",
                "is the dump whole? export it again",
                row=line,
            )
        if places:
            row = [""] * len(table.columns)
            for at, value in zip(places, values):
                row[at] = value
            values = row
        self.cells += len(values)
        if self.cells > MAX_CELLS or len(values) > MAX_COLUMNS:
            raise Refused(
                "holds too many cells", "export only the tables of the survey, or each of them as CSV"
            )
        table.rows.append(values)
        table.lines.append(line)

    def _copy(self) -> None:
        """Read the lines of COPY ... FROM stdin, as pg_dump writes them: tabs, and a line with a full stop."""
        scan = self.scan
        scan.word("copy")
        name = scan.name()
        columns = scan.names() if name and scan.peek() == "(" else []
        if not name or not scan.copy_begins():
            scan.skip_statement()
            return
        table = self.table(name)
        keep = self.wanted is None or self.wanted(name)
        places = self._places(table, columns)
        for line, values in scan.copied():
            self._row(table, values, places, line, keep)
