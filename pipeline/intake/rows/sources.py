"""The tables of a survey: what each of its files says its columns are, and the rows below."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pipeline.intake.columns import choicelists, claims, composite, headers, infosheet, needed
from pipeline.intake.columns.headers import Header
from pipeline.intake.files import left_out
from pipeline.intake.files.rawfiles import entries, oddities, paths, read_any
from pipeline.intake.files.table import RawTable, letter
from pipeline.intake.ground.ordered_threads import ordered
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.rows import itemids, lookups, markedrows, same_files, scalecheck
from pipeline.intake.rows.long import ANSWER_COLUMNS
from pipeline.intake.rows.lookups import Lookups, apply
from pipeline.intake.rows.typed_table import MERGED, Kinds, TypedTable, body
from pipeline.intake.sheets import sheetparts
from pipeline.intake.values import calendars
from pipeline.intake.values.identity import mask_header
from pipeline.intake.values.items import ItemSet, itemset
from pipeline.survey import Survey
from pipeline.survey.entries import FileEntry, Lookup
from pipeline.survey.errors import did_you_mean
from pipeline.survey.identity.persons import shown

#: What is said of a sheet that is not for us, beside others that are.
OTHER_SHEETS = ("no row looks like headers", "holds means, not answers")


@dataclass
class Sources:
    """Every body of a survey, its counts, and what could not be used."""

    bodies: list[TypedTable] = field(default_factory=list)
    kinds: list[tuple[str, str, Kinds]] = field(default_factory=list)
    columns: list[dict[str, object]] = field(default_factory=list)
    facts: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lookups: Lookups = field(default_factory=Lookups)
    #: What the workbook calls the sheet of a source, also where it is the only one and the source is the file.
    tabs: dict[str, str] = field(default_factory=dict)

    def add(self, other: Sources) -> None:
        """Put what another file gave below what is here."""
        self.bodies += other.bodies
        self.kinds += other.kinds
        self.columns += other.columns
        self.facts += other.facts
        self.problems += other.problems
        self.tabs |= other.tabs


@dataclass(frozen=True)
class Job:
    """One file to read: its entry's number, how to read it, what it repeats, how it is shown."""

    number: int
    entry: FileEntry
    items: ItemSet
    path: Path
    same: Problem | None
    label: str


class Reader:
    """Reads the files of a survey one by one; a bad one never stops the others."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        work = survey.definition.fieldwork
        period = survey.definition.period or survey.name
        self.span = calendars.span_of(work.start, work.end or work.extracted, period)
        self.sources = Sources()
        self.several: set[Path] = set()
        self._itemsets: dict[int, ItemSet] = {}
        self._headers: dict[tuple[int, tuple[str, ...]], Header] = {}

    def read(
        self,
        take: Callable[[Sequence[TypedTable]], None] | None = None,
        among: Callable[[Job], bool] | None = None,
    ) -> Sources:
        """Read everything.

        Parameters
        ----------
        take : callable, optional
            Gets the tables of each file, in the order of the files, as soon as they are read.
        among : callable, optional
            Says which files to read; those that are left out still count where names or contents are compared.
        """
        made = self.sources
        made.lookups = lookups.load(self.survey, self._lookup, made.problems)
        listed = entries(self.survey)
        if not listed:
            made.problems.append(
                Problem(
                    "there is no raw file", "put CSV or XLSX files beside survey.yml", file=self.survey.name
                )
            )
        jobs: list[tuple[int, FileEntry, ItemSet, Path]] = []
        for number, entry in enumerate(listed):
            try:
                items = itemset(self.survey, entry.instrument, entry.values, entry.unmatched)
                made.problems += apply(
                    made.lookups, entry.instrument, items, entry.order or self.survey.definition.order
                )
            except Refused as error:
                made.problems.append(error.problem(", ".join(entry.path)))
                continue
            self._itemsets[number] = items
            found = paths(self.survey, entry)
            odd = oddities(self.survey, entry)
            made.problems += odd
            if not (found or odd or entry.optional):
                made.problems.append(
                    Problem("there is no such file", self._near(entry), file=", ".join(entry.path))
                )
            jobs += [(number, entry, items, path) for path in found]
        made.problems += left_out.said(self.survey, {path for *_, path in jobs})
        # Sheets of one workbook under several entries keep their names: rows are told apart by them.
        self.several = {path for path, n in Counter(job[3] for job in jobs).items() if n > 1}
        todo = [job for job in self._repeats(jobs) if among is None or among(job)]
        for part in ordered(self._part, todo, [job.path for job in todo]):
            made.add(part)
            if take:
                take(part.bodies)
        named = [(str(body.origin), body.calendar) for body in made.bodies]
        made.problems += calendars.decide(named, self.span)
        return made

    def _part(self, job: Job) -> Sources:
        """Read one file by itself; several may be read side by side."""
        one = copy.copy(self)
        one.sources = Sources(lookups=self.sources.lookups)
        one._file(job)
        return one.sources

    def _repeats(self, found: Sequence[tuple[int, FileEntry, ItemSet, Path]]) -> list[Job]:
        """Tell files of the same content, and give every file the name it is shown by."""
        files = [same_files.Found(number, entry, path) for number, entry, _, path in found]
        same = same_files.repeats(self.survey, files)
        labels: Counter[str] = Counter()
        jobs = []
        for number, entry, items, path in found:
            name = path.relative_to(self.survey.raw).as_posix()
            # Two files whose names identify people never share what is shown instead.
            label = shown(name)
            labels[label] += label != name
            if labels[label] > 1:
                label = f"{label} ({labels[label]})"
            jobs.append(Job(number, entry, items, path, same.get((number, path)), label))
        return jobs

    def _near(self, entry: FileEntry) -> str:
        here = [shown(p.name) for p in self.survey.raw.iterdir() if p.name not in ("survey.yml", "units.csv")]
        return (
            did_you_mean(entry.path[0], here)
            or f"the folder holds {', '.join(sorted(here)[:8]) or 'nothing'}"
        )

    def _lookup(self, lookup: Lookup) -> list[RawTable]:
        return read_any(self.survey.raw / lookup.path, lookup.path, sheet=lookup.sheet)

    def _file(self, job: Job) -> None:
        number, entry, items, path, same = job.number, job.entry, job.items, job.path, job.same
        name = path.relative_to(self.survey.raw).as_posix()
        try:
            tables = read_any(
                path, name, sheet=entry.sheet, encoding=entry.encoding, delimiter=entry.delimiter
            )
        except Refused as error:
            self.sources.problems.append(error.problem(name))
            return
        except OSError as error:
            self.sources.problems.append(Problem(f"cannot be read ({error.strerror})", file=name))
            return
        tables = [table for table in tables if table.height]
        if not tables:
            self.sources.problems.append(Problem("is empty", "there is nothing in it", file=name))
            return
        failures: list[Problem] = []
        used = 0
        dump = any(table.keeps_sheet for table in tables)
        alone = len(tables) == 1 and path not in self.several
        facts, tables = self._facts(entry, job.label, tables)
        sheets: Counter[str] = Counter()
        for table in tables:
            if alone and not (entry.unit and entry.unit.sheet) and not table.keeps_sheet:
                sheet, table.sheet = table.sheet, ""
            else:
                sheet = table.sheet
            table.label = f"{job.label}#{shown(table.sheet)}" if table.sheet else job.label
            sheets[table.label] += 1
            if sheets[table.label] > 1:
                table.label += f" ({sheets[table.label]})"
            self.sources.tabs[table.label] = shown(sheet)
            try:
                units = self.survey.spellings
                for part in sheetparts.prepare(table, entry, items, units, len(self.survey.units) > 1):
                    self._table(number, entry, items, part, same, facts)
                    used += 1
            except Refused as error:
                failures.append(error.problem(name, sheet))
        for failure in failures:
            # A workbook may hold other sheets (a recap, a code list): only a chosen one must fit.
            other = used and entry.sheet is None and (dump or failure.what.startswith(OTHER_SHEETS))
            if other:
                self.sources.columns.append(
                    {"source_file": f"{job.label}#{failure.sheet}", "how": "sheet-not-read"}
                )
            else:
                self.sources.problems.append(failure)

    def _facts(
        self, entry: FileEntry, name: str, tables: list[RawTable]
    ) -> tuple[list[infosheet.Fact], list[RawTable]]:
        """Take the sheets that describe the survey, or list choices, out of a workbook that has others, too."""
        if len(tables) < 2 or entry.role != "wide" or entry.sheet is not None:
            return [], tables
        told: list[infosheet.Fact] = []
        rest: list[RawTable] = []
        for table in tables:
            if choicelists.is_one(table):
                self.sources.columns.append({"source_file": table.name, "how": "sheet-not-read"})
                continue
            facts = infosheet.read(table)
            told += facts
            if not facts:
                rest.append(table)
                continue
            self.sources.columns.append({"source_file": table.name, "how": "sheet-of-facts"})
            self.sources.facts += [
                {
                    "source_file": table.name,
                    "row": f.row,
                    "fact": f.name,
                    "label": mask_header(f.label),
                    "value": f.value,
                }
                for f in facts
            ]
        self.sources.problems += infosheet.doubts(told, self.survey, name)
        return told, rest

    def _table(
        self,
        number: int,
        entry: FileEntry,
        items: ItemSet,
        table: RawTable,
        same: Problem | None,
        facts: list[infosheet.Fact],
    ) -> None:
        order = entry.order or self.survey.definition.order
        composite.add_key(table, entry)
        header = headers.resolve(table, entry, items, order, self.survey.spellings)
        if facts and entry.unit is None and header.named("unit") is None:
            infosheet.add_unit(table, header.row, infosheet.unit_named(facts, self.survey.spellings))
            header = headers.resolve(table, entry, items, order, self.survey.spellings)
        if header.open:
            raise claims.refuse(header.open, [column.header for column in header.columns])
        table.notes += header.notes
        many = len(self.survey.units) > 1
        self.sources.problems += needed.lacking(header, entry, items, table, many)
        made, kinds = body(table, header, entry, number, items)
        if entry.role == "answers":
            if "answer" in self.sources.lookups.texts:
                made.columns["answer"] = made.columns["answer"].remap(self.sources.lookups.answer)
            self.sources.problems += itemids.bring(made, order)
        if entry.role in ("wide", "answers"):
            wanted = [c for c in made.item_fields if items.readers[c].high == items.high]
            wanted += [c for c in ANSWER_COLUMNS if c in made.columns]
            table.notes += scalecheck.check_scale(made, {c: made.columns[c] for c in wanted})
        made.calendar, doubts = calendars.find(
            made.columns, made.headers, [c.header for c in header.columns], entry.dates or "", self.span
        )
        table.notes += doubts
        markedrows.leave_out(made, self.survey.definition.marks)
        if entry.role == "wide" and not len(made):
            table.notes.append(
                Problem(
                    "has headers and no answers below them",
                    "if answers were given, put them here",
                    fatal=False,
                )
            )
        if same:
            made.set_aside(np.ones(len(made), dtype=bool), MERGED, "same-file")
            if same not in self.sources.problems:
                self.sources.problems.append(same)
        for note in table.notes:
            placed = note if note.file else replace(note, file=table.file, sheet=table.sheet)
            if placed not in self.sources.problems:
                self.sources.problems.append(placed)
        self.sources.bodies.append(made)
        self.sources.kinds.append((table.name, entry.role, kinds))
        self._audit(header, table, items)

    def _audit(self, header: Header, table: RawTable, items: ItemSet) -> None:
        for column in header.columns:
            self.sources.columns.append(
                {
                    "source_file": table.name, "instrument": items.name, "field": column.field,
                    "header": mask_header(column.header), "how": column.how,
                    "question": items.shown.get(column.field, ""),
                    "column": letter(column.index), "kind": column.kind,
                    "cells": int(table.columns[column.index].filled()[header.row + 1 :].sum()) if column.kind else 0,
                }
            )  # fmt: skip


def layout(made: TypedTable) -> tuple[object, ...]:
    """What tables must share to be handled as one, so that thousands of files cost little more."""
    return (made.position, tuple(sorted(made.columns)), made.calendar.key)


def grouped(bodies: list[TypedTable]) -> Iterator[list[TypedTable]]:
    """Yield bodies of one layout together."""
    groups: dict[tuple[object, ...], list[TypedTable]] = {}
    for made in bodies:
        groups.setdefault(layout(made), []).append(made)
    yield from groups.values()
