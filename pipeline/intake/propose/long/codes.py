"""Tables of codes in an export of a database: what the ids of questions, options and units stand for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.intake.columns.fields import field_of
from pipeline.intake.propose.long.tables import Col, Table
from pipeline.intake.values.items import ItemSet, plain_key, position
from pipeline.survey.text import fold

ANSWER = re.compile(
    r"jawab|answer|nilai|skor|score|point|poin|value|respon(?!den)|pilih|rating|persepsi|hasil"
)
UNIT = re.compile(
    r"unit|opd|skpd|instansi|dinas|badan|kantor|loket|gerai|poli|puskesmas|kelurahan|kecamatan|desa|satker|lembaga|cabang"
    r"|office|agency|branch|department|counter"
)
MOST_CODES = 2000


@dataclass
class Codes:
    """A table of codes: what the values of a column stand for."""

    field: str
    table: Table
    key: Col
    text: Col
    options: list[str] = dataclasses.field(default_factory=list)


def recognised(col: Col, items: ItemSet) -> float:
    """Share of the items of the questionnaire that the texts of a column name."""
    hits = {hit[0] for text in col.counts if (hit := items.match(text))}
    hits |= {
        f"#{n}" for text in col.counts if (n := position(text)) is not None and not text.strip().isdigit()
    }
    return min(len(hits) / max(len(items.readers), 1), 1.0)


def covers(key: Col, col: Col) -> float:
    """Share of the values of a key that a column of another table has."""
    return len(key.keys & col.keys) / max(len(key.keys), 1)


def rows_found(col: Col, key: Col) -> int:
    """Return how many rows of a column have a code that a table of codes lists."""
    return sum(n for text, n in col.counts.items() if plain_key(fold(text)) in key.keys)


def questions(item: Col, listed: Sequence[Table], items: ItemSet) -> Codes | None:
    """Return the table whose key has the ids of the questions and whose texts name the most unsur."""
    best: tuple[float, Codes] | None = None
    for table in listed:
        for key in table.columns:
            if not key.unique or covers(item, key) < 0.9 or table.rows > MOST_CODES:
                continue
            for text in table.columns:
                value = max(recognised(text, items), 0.3 * _sentences(text)) if text is not key else 0.0
                if value >= 0.3 and (best is None or value > best[0]):
                    named = [
                        next((c.header for c in table.columns if fold(c.header) == sign), "")
                        for sign in "abcd"
                    ]
                    options = named if all(named) else []
                    best = (value, Codes("item", table, key, text, options))
    return best[1] if best else None


def _sentences(col: Col) -> bool:
    """Whether a column holds different texts of several words, as questions are."""
    words_of = [len(text.split()) for text in col.counts]
    return col.unique and col.wordy and len(words_of) >= 3 and sum(words_of) >= 3 * len(words_of)


def explains(name: str, col: Col, listed: Sequence[Table]) -> Codes | None:
    """Return the table of codes of a column: its key has the values, its name or header says what it is."""
    if not all(text.strip().replace(".", "").isalnum() and len(text) <= 12 for text in col.counts):
        return None
    about = set(col.name.split())
    best: tuple[float, Codes] | None = None
    for table in listed:
        for key in table.columns:
            share = rows_found(col, key) / max(col.filled, 1)
            if not key.unique or table.rows > MOST_CODES or share < 0.6:
                continue
            named = fold(key.header) == fold(col.header) or bool(
                about & (table.called | set(key.name.split()))
            )
            text = _text_column(table, key, about)
            if text is None or not (named or _means(name, table, text)):
                continue
            value = share + 2 * named + bool(about & table.called)
            if best is None or value > best[0]:
                best = (value, Codes(name, table, key, text))
    return best[1] if best else None


def _means(name: str, table: Table, text: Col) -> bool:
    """Whether a table of codes is about a field by its own name or the header of its texts."""
    if name == "unit":
        return bool(UNIT.search(" ".join(table.called)) or UNIT.search(text.name))
    return field_of(" ".join(sorted(table.called))) == name or field_of(text.name) == name


def _text_column(table: Table, key: Col, about: set[str]) -> Col | None:
    """Return the column of a table of codes that holds its texts."""
    ranked = []
    for place, col in enumerate(table.columns):
        if col is key or not col.wordy or col.dates:
            continue
        called = set(fold(col.header.replace("_", " ")).split())
        ranked.append((2 * bool(called & {"nama", "name"}) + bool(called & about) + col.unique, -place, col))
    return max(ranked, key=lambda one: one[:2])[2] if ranked else None


def options(col: Col, own: Table, listed: Sequence[Table], items: ItemSet) -> Codes | None:
    """Return the table of options whose ids the answers are: with a score, or with texts of options."""
    if col.distinct < 4 or col.unique or col.dates or not ANSWER.search(fold(col.header)):
        return None
    for table in listed:
        for key in table.columns:
            if table is own or not key.unique or table.rows > MOST_CODES or covers(col, key) < 0.95:
                continue
            texts = [other for other in table.columns if other is not key and other.is_score(items)]
            texts.sort(
                key=lambda other: not re.search(r"nilai|skor|score|bobot|poin|value", other.header.lower())
            )
            if texts and len(col.counts) > texts[0].distinct:
                return Codes("answer", table, key, texts[0])
    return None


def texts_of(codes: Codes) -> dict[str, str]:
    """Return the texts of a table of codes by key, in its order."""
    return dict(zip(map(str, codes.key.cells.texts()), map(str, codes.text.cells.texts())))
