"""Find the answers in an export of a database: one row an answer, keys that point into other tables.

Nothing is told by names alone. The key of the respondents is the column that, with the question, is different
in every row; tables belong together when the values of a key are found in the other. Names decide only
between columns whose values fit alike, and what nothing decides is left open and said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.intake.columns.composite import PLUS, beside
from pipeline.intake.columns.fields import field_of, looks_like_dates
from pipeline.intake.propose.long.codes import (
    ANSWER,
    MOST_CODES,
    UNIT,
    Codes,
    covers,
    explains,
    options,
    questions,
    recognised,
    texts_of,
)  # fmt: skip
from pipeline.intake.propose.long.tables import Col, Table, apart, tables
from pipeline.intake.rows import itemids
from pipeline.intake.values.items import ItemSet, plain_key, position
from pipeline.survey.text import fold

_ITEM = re.compile(r"soal|tanya|unsur|item|quest|indikator|butir|aspek|kuesioner")
_PERSON = re.compile(
    r"responden|bio|user|tamu|pengunjung|pemohon|pasien|pelanggan|kuesioner|survei|survey|session|sesi"
)
#: Fields about the respondent that a table of codes may explain.
EXPLAINED = ("education", "occupation", "service", "sex", "age_band", "disability")
MIN_ROWS, MOST_ITEMS = 18, 80


@dataclass
class LongForm:
    """The tables of answers, respondents, suggestions and codes, and what is left to decide."""

    answers: Table
    respondent: Col
    item: Col
    answer: Col
    people: Table | None = None
    key: Col | None = None
    said: Table | None = None
    said_key: Col | None = None
    said_text: Col | None = None
    profile: dict[str, Col] = field(default_factory=dict)
    own: dict[str, Col] = field(default_factory=dict)
    codes: list[Codes] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def codes_of(self, name: str) -> Codes | None:
        """Return the table of codes of a field."""
        return next((codes for codes in self.codes if codes.field == name), None)


def find(files: Sequence[Path], base: Path, items: ItemSet) -> LongForm | None:
    """Return what an export of a database holds, or None where no table of it is one row an answer."""
    listed = tables(files, base)
    ways = [made for table in listed if (made := _answers(table, listed, items))]
    if not ways:
        return None
    _, found = max(ways, key=lambda pair: (pair[0], pair[1].answers.rows))
    _people(found, listed)
    _profile(found)
    _code_tables(found, listed, items)
    _suggestions(found, listed)
    used = {id(t) for t in (found.answers, found.people, found.said) if t} | {
        id(c.table) for c in found.codes
    }
    found.unused = [table.name for table in listed if id(table) not in used]
    return found


def _answers(table: Table, listed: Sequence[Table], items: ItemSet) -> tuple[float, LongForm] | None:
    """Try a table as one of answers: every way to name its key, question and score; the best one."""
    if table.rows < MIN_ROWS or len(table.columns) < 3:
        return None
    scores: list[tuple[Col, Codes | None]] = [(col, None) for col in table.columns if col.is_score(items)]
    scores += [(col, codes) for col in table.columns if (codes := options(col, table, listed, items))]
    asked = [
        col for col in table.columns if 3 <= col.distinct <= MOST_ITEMS and not col.unique and not col.dates
    ]
    best: tuple[float, LongForm] | None = None
    for item in asked:
        told = _told(item, listed, items)
        if not told and not _ITEM.search(fold(item.header.replace("_", " "))):
            continue
        for answer, chosen in scores:
            if answer is item:
                continue
            for key in _keys(table, item, answer):
                value = (
                    told
                    + 2 * bool(_ITEM.search(item.header.lower()))
                    + 2 * bool(ANSWER.search(answer.header.lower()))
                )
                value += _key_value(key, item, listed, table) - bool(chosen)
                if best is None or value > best[0]:
                    best = (value, LongForm(table, key, item, answer, codes=[chosen] if chosen else []))
    return best


def _told(item: Col, listed: Sequence[Table], items: ItemSet) -> float:
    """How well the values of a column are known as questions: themselves, or by a table that explains them."""
    share = sum(bool(items.match(text)) for text in item.counts) / item.distinct
    codes = questions(item, listed, items)
    return 3 * max(share, recognised(codes.text, items), 0.2) if codes else 3 * share


def _keys(table: Table, item: Col, answer: Col) -> list[Col]:
    """Return the columns, or else two together, that with the question are different in every row."""
    free = [c for c in table.columns if c is not item and c is not answer and c.distinct >= 2]
    single = [c for c in free if _is_key(c, item)]
    if single:
        return single
    pairs = []
    some = [c for c in free if c.filled >= 0.95 * table.rows][:12]
    for place, one in enumerate(some):
        for other in some[place + 1 :]:
            both = Col(f"{one.header}{PLUS}{other.header}", beside(one.cells, other.cells))
            if _is_key(both, item):
                pairs.append(both)
    return pairs


def _is_key(col: Col, item: Col) -> bool:
    """Whether a column can be the respondent: the same in several rows, and different within a question."""
    if col.filled < 0.9 * item.filled or col.distinct < 2:
        return False
    mean = col.filled / col.distinct
    return 2 <= mean <= 1.5 * item.distinct and mean >= 0.4 * item.distinct and apart(col, item) >= 0.95


def _key_value(key: Col, item: Col, listed: Sequence[Table], own: Table) -> float:
    full = 1 - abs(key.filled / key.distinct - item.distinct) / item.distinct
    elsewhere = any(
        covers(key, col) >= 0.9 for table in listed if table is not own for col in table.columns if col.unique
    )
    return full + bool(_PERSON.search(key.header.lower())) + elsewhere - (PLUS in key.header)


def _people(found: LongForm, listed: Sequence[Table]) -> None:
    """Find the table of respondents: its key has the values of theirs, and it tells something of them."""
    best: tuple[float, Table, Col] | None = None
    for table in listed:
        if table is found.answers or table.rows < 2:
            continue
        fields = {col.field for col in table.columns} - {""}
        telling = fields & {
            "sex",
            "age",
            "age_band",
            "education",
            "occupation",
            "answered_at",
            "unit",
            "service",
        }
        for col in table.columns:
            share = covers(found.respondent, col)
            if not col.unique or share < 0.5 or PLUS in found.respondent.header:
                continue
            value = 4 * share + len(telling) + 2 * (fold(col.header) == fold(found.respondent.header))
            value += len(found.respondent.keys & col.keys) / max(len(col.keys), 1)
            if (telling or _PERSON.search(table.name.lower())) and (best is None or value > best[0]):
                best = (value, table, col)
    if best is not None:
        _, found.people, found.key = best


def _profile(found: LongForm) -> None:
    """Say which columns tell of the respondents, in their table or in that of the answers."""
    for table, into in ((found.people, found.profile), (found.answers, found.own)):
        if table is None:
            continue
        taken = {
            id(col) for col in (found.key, found.respondent, found.item, found.answer) if col is not None
        }
        for col in table.columns:
            name = "unit" if UNIT.search(col.name) and col.field in ("", "unit") else col.field
            if name == "entered_at" and name in into:
                name = "answered_at"  # two moments: the one called later is not when it was keyed in
            if id(col) in taken or not name or name in into or name in ("respondent", "suggestion", "weight"):
                continue
            if (
                name not in found.profile
                and (name != "unit" or col.distinct <= MOST_CODES)
                and not _contrary(name, col)
            ):
                into[name] = col


def _contrary(name: str, col: Col) -> bool:
    """Whether the content denies what a header says."""
    if name in ("answered_at", "entered_at"):
        return not looks_like_dates(col.cells)
    return (name in ("sex", "disability") and col.distinct > 8) or (
        name == "unit" and col.distinct > MOST_CODES
    )


def _code_tables(found: LongForm, listed: Sequence[Table], items: ItemSet) -> None:
    """Find the tables that explain the codes of questions, units and profile."""
    asked = questions(found.item, listed, items)
    if asked:
        found.codes.append(asked)
    for name, col in {**found.own, **found.profile}.items():
        if name != "unit" and name not in EXPLAINED:
            continue
        codes = explains(name, col, [t for t in listed if t not in (found.answers, found.people)])
        if codes:
            found.codes.append(codes)


def _suggestions(found: LongForm, listed: Sequence[Table]) -> None:
    """Find the table of suggestions: a column called so beside a key of respondents."""
    key = found.key or found.respondent
    for table in listed:
        if table in (found.answers, found.people):
            continue
        text = next((col for col in table.columns if col.field == "suggestion" and col.wordy), None)
        mine = [
            col
            for col in table.columns
            if col is not text and len(col.keys & key.keys) >= 0.8 * len(col.keys) > 0
        ]
        mine.sort(
            key=lambda col: (fold(col.header) != fold(key.header), not _PERSON.search(col.header.lower()))
        )
        if text is not None and mine:
            found.said, found.said_key, found.said_text = table, mine[0], text
            return


def own_questions(found: LongForm, items: ItemSet) -> dict[str, str]:
    """Return the questions by id where they are not the regulation's: fewer than half of its unsur are named.

    Nine or fewer bare numbers may be the nine: they are not.
    """
    codes = found.codes_of("item")
    texts = {key: text for key, text in texts_of(codes).items() if _asked(key, found)} if codes else {}
    texts = texts or {key: key for key in found.item.counts}
    named = {hit[0] for text in texts.values() if (hit := items.match(text))}
    numbers = all(position(text) is not None for text in texts.values())
    if 2 * len(named) >= len(items.readers) or (numbers and len(texts) <= len(items.readers)):
        return {}
    return {key: text for key, text in texts.items() if not field_of(text)}


def _asked(key: str, found: LongForm) -> bool:
    return plain_key(fold(key)) in found.item.keys


def twin(found: LongForm, items: ItemSet) -> tuple[str, Col] | None:
    """Return the column that holds a second answer to the same question: what was expected, or how important."""
    for col in found.answers.columns:
        constant = col.distinct == 1 and set(col.counts) <= set(found.answer.counts)
        if col.header == found.answer.header or not (constant or col.is_score(items)):
            continue
        for kind, sign in (("exp", r"harap|expect|ekspektasi"), ("imp", r"penting|importan")):
            if re.search(sign, fold(col.header)):
                return kind, col
    return None


def undecided(found: LongForm, items: ItemSet) -> dict[str, tuple[str, str]]:
    """Return the ids of questions whose text is no unsur: the text, and the unsur it may be (or empty)."""
    codes = found.codes_of("item")
    texts = texts_of(codes) if codes else dict.fromkeys(found.item.counts, "")
    keys = found.item.keys
    taken: set[str] = set()
    left = {}
    for key, text in texts.items():
        if codes and fold(key) not in keys and key not in found.item.counts:
            continue
        hit = items.match(text) if text else items.match(key)
        if hit:
            taken.add(hit[0])
        elif position(text or key) is None and not field_of(text):
            left[key] = text
    return {key: (text, itemids.nearest(text or key, items, taken)) for key, text in left.items()}


def about_respondents(found: LongForm, items: ItemSet) -> list[str]:
    """Return the ids of questions that ask for the age, sex and so on of the respondent: they are no unsur."""
    codes = found.codes_of("item")
    texts = texts_of(codes) if codes else {}
    return [key for key, text in texts.items() if text and field_of(text) and not items.match(text)]


def units(found: LongForm) -> dict[str, tuple[str, int]]:
    """Return every unit with its spelling and number of rows, by its folded name."""
    col = found.own.get("unit") or found.profile.get("unit")
    if col is None:
        return {}
    codes = found.codes_of("unit")
    named = {fold(key): text for key, text in texts_of(codes).items()} if codes else {}
    plain = {plain_key(key): name for key, name in named.items()}
    made: dict[str, tuple[str, int]] = {}
    for text, count in col.counts.items():
        name = named.get(fold(text)) or plain.get(plain_key(fold(text))) or ("" if codes else text)
        if not name:
            continue  # a code that the table of units does not list is no unit
        made[fold(name)] = (name, made.get(fold(name), (name, 0))[1] + count)
    for name in named.values():
        made.setdefault(fold(name), (name, 0))
    return {key: pair for key, pair in made.items() if key}
