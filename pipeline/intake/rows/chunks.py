"""Wide tables become blocks as soon as enough rows of one layout are read.

What a table was read from is let go then: a survey of twelve million rows never stands in
memory as text. The result is that of all tables at once: each layout keeps its place in the
ledger, and services are settled over all its blocks at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded, constant, narrow
from pipeline.intake.rows import audit, markedrows
from pipeline.intake.rows.services import Stated, settle
from pipeline.intake.rows.sources import Reader, grouped, layout
from pipeline.intake.rows.typed_table import TypedTable, enter_hidden, merge
from pipeline.intake.rows.wide import Block, wide_block
from pipeline.intake.values.calendars import OPEN
from pipeline.survey import Survey

if TYPE_CHECKING:
    from pipeline.intake.values.answers import ItemReader

#: Rows of one layout that are made a block together.
ROWS = 50_000


@dataclass
class Layout:
    """Tables of one layout: those waiting, and what was made of the others."""

    ledger: Ledger
    waiting: list[TypedTable] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    texts: list[dict[str, object]] = field(default_factory=list)
    said: list[dict[str, object]] = field(default_factory=list)
    readers: dict[str, ItemReader] = field(default_factory=dict)
    read: int = 0


class Chunks:
    """Makes blocks of wide tables while further files are read."""

    def __init__(self, survey: Survey, reader: Reader, ledger: Ledger) -> None:
        self.survey, self.reader, self.ledger = survey, reader, ledger
        self.layouts: dict[tuple[object, ...], Layout] = {}

    def take(self, bodies: Sequence[TypedTable]) -> None:
        """Take the tables of a file; those that are not wide stay as they are."""
        for body in bodies:
            if body.role != "wide":
                continue
            key = layout(body)
            found = self.layouts.get(key)
            if found is None:
                found = self.layouts[key] = Layout(self.ledger.reserve())
            found.waiting.append(body)
            # Whose calendar is open waits for its siblings.
            if body.calendar.kind != OPEN and sum(map(len, found.waiting)) >= ROWS:
                self._make(found)

    def finish(self) -> list[Layout]:
        """Make the last blocks and settle the services; layouts in the order they were met."""
        for found in self.layouts.values():
            # Those that waited for their calendar may have got different ones.
            for group in list(grouped(found.waiting)):
                found.waiting = group
                self._make(found)
            settle(found.stated, self.survey)
            found.stated = []
            for block in found.blocks:
                block.fields = {
                    name: narrow(value) if isinstance(value, Coded) else value
                    for name, value in block.fields.items()
                }
        return list(self.layouts.values())

    def _make(self, found: Layout) -> None:
        body = together(found.waiting)
        block, read = wide_block(
            body, self.survey, self.reader.sources.lookups, found.ledger.reserve(), found.stated
        )
        found.texts += audit.answer_texts(body)
        found.said += audit.profile_texts(body, self.survey, self.reader.sources.lookups)
        found.readers.update(body.items.readers)
        found.blocks.append(block)
        found.read += read
        for part in found.waiting:
            enter_hidden(part, found.ledger)
            markedrows.enter(part, found.ledger)
            _release(part)
        found.waiting = []


def together(group: list[TypedTable]) -> TypedTable:
    """Merge tables; the parts learn afterwards what became of their rows."""
    made = merge(group)
    if len(group) > 1:
        start = 0
        for part in group:
            end = start + len(part)
            part.state, part.why = made.state[start:end], made.why[start:end]
            start = end
    return made


def _release(body: TypedTable) -> None:
    """Keep of a table only what became of its rows."""
    body.columns = {}
    body.files = constant("", 0)
    body.rows = np.zeros(0, dtype=np.int64)
    body.why = np.zeros(0, dtype=object)
    body.state = body.state.copy()
