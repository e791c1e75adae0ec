"""What the items of a table of codes ask, where another table lists codes and statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.intake.files.table import RawTable
from pipeline.intake.propose.questionnaires.blocks import OwnItem, OwnScale
from pipeline.survey.text import fold

#: A list of statements is no larger than this.
MOST_ROWS, MOST_COLUMNS = 3000, 30
#: Share of the items whose code must be listed.
ENOUGH = 0.5


def small(table: RawTable) -> bool:
    """Whether a table may be a list of statements."""
    return table.height <= MOST_ROWS and 2 <= table.width <= MOST_COLUMNS


def statements(owns: Iterable[OwnScale], tables: Sequence[RawTable]) -> int:
    """Give items that are only codes the statement a table lists beside their code; returns how many."""
    bare = {_key(item.header): item for own in owns for item in own.items if not item.question}
    if not bare:
        return 0
    best: dict[str, str] = {}
    for table in tables:
        columns = [[" ".join(str(text).split()) for text in column.texts()] for column in table.columns]
        for place, column in enumerate(columns):
            rows = {_key(text): row for row, text in enumerate(column) if _key(text) in bare}
            if len(rows) < max(3, ENOUGH * len(bare)):
                continue
            for other, texts in enumerate(columns):
                said = {key: texts[row] for key, row in rows.items() if len(texts[row].split()) >= 2}
                if other != place and len(set(said.values())) > max(len(best), len(rows) // 2):
                    best = said
    for key, text in best.items():
        _tell(bare[key], text)
    return len(best)


def _key(text: str) -> str:
    return fold(text.replace("_", " "))


def _tell(item: OwnItem, text: str) -> None:
    item.question = text[:500]
