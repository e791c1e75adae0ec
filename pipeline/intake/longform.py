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

from pipeline.intake import itemids
from pipeline.intake.composite import PLUS, beside
from pipeline.intake.fields import field_of, looks_like_dates
from pipeline.intake.items import ItemSet, plain_key, position
from pipeline.intake.longtables import Col, Table, apart, tables
from pipeline.survey.units import fold

_ANSWER = re.compile(
    r"jawab|answer|nilai|skor|score|point|poin|value|respon(?!den)|pilih|rating|persepsi|hasil"
)
_ITEM = re.compile(r"soal|tanya|unsur|item|quest|indikator|butir|aspek|kuesioner")
_PERSON = re.compile(
    r"responden|bio|user|tamu|pengunjung|pemohon|pasien|pelanggan|kuesioner|survei|survey|session|sesi"
)
_UNIT = re.compile(
    r"unit|opd|skpd|instansi|dinas|badan|kantor|loket|gerai|poli|puskesmas|kelurahan|kecamatan|desa|satker|lembaga|cabang"
    r"|office|agency|branch|department|counter"
)
#: Fields about the respondent that a table of codes may explain.
EXPLAINED = ("education", "occupation", "service", "sex", "age_band", "disability")
MIN_ROWS, MOST_ITEMS, MOST_CODES = 18, 80, 2000


@dataclass
class Codes:
    """A table of codes: what the values of a column stand for."""

    field: str
    table: Table
    key: Col
    text: Col
    options: list[str] = field(default_factory=list)


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
    scores += [(col, codes) for col in table.columns if (codes := _options(col, table, listed, items))]
    questions = [
        col for col in table.columns if 3 <= col.distinct <= MOST_ITEMS and not col.unique and not col.dates
    ]
    best: tuple[float, LongForm] | None = None
    for item in questions:
        told = _told(item, listed, items)
        if not told and not _ITEM.search(fold(item.header.replace("_", " "))):
            continue
        for answer, options in scores:
            if answer is item:
                continue
            for key in _keys(table, item, answer):
                value = (
                    told
                    + 2 * bool(_ITEM.search(item.header.lower()))
                    + 2 * bool(_ANSWER.search(answer.header.lower()))
                )
                value += _key_value(key, item, listed, table) - bool(options)
                if best is None or value > best[0]:
                    best = (value, LongForm(table, key, item, answer, codes=[options] if options else []))
    return best


def _options(col: Col, own: Table, listed: Sequence[Table], items: ItemSet) -> Codes | None:
    """Return the table of options whose ids the answers are: with a score, or with texts of options."""
    if col.distinct < 4 or col.unique or col.dates or not _ANSWER.search(fold(col.header)):
        return None
    for table in listed:
        for key in table.columns:
            if table is own or not key.unique or table.rows > MOST_CODES or _covers(col, key) < 0.95:
                continue
            texts = [other for other in table.columns if other is not key and other.is_score(items)]
            texts.sort(
                key=lambda other: not re.search(r"nilai|skor|score|bobot|poin|value", other.header.lower())
            )
            if texts and len(col.counts) > texts[0].distinct:
                return Codes("answer", table, key, texts[0])
    return None


def _told(item: Col, listed: Sequence[Table], items: ItemSet) -> float:
    """How well the values of a column are known as questions: themselves, or by a table that explains them."""
    share = sum(bool(items.match(text)) for text in item.counts) / item.distinct
    codes = _questions(item, listed, items)
    return 3 * max(share, _recognised(codes.text, items) if codes else 0.0)


def _recognised(col: Col, items: ItemSet) -> float:
    """Share of the items of the questionnaire that the texts of a column name."""
    hits = {hit[0] for text in col.counts if (hit := items.match(text))}
    hits |= {
        f"#{n}" for text in col.counts if (n := position(text)) is not None and not text.strip().isdigit()
    }
    return min(len(hits) / max(len(items.readers), 1), 1.0)


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
        _covers(key, col) >= 0.9
        for table in listed
        if table is not own
        for col in table.columns
        if col.unique
    )
    return full + bool(_PERSON.search(key.header.lower())) + elsewhere - (PLUS in key.header)


def _covers(key: Col, col: Col) -> float:
    """Share of the values of a key that a column of another table has."""
    return len(key.keys & col.keys) / max(len(key.keys), 1)


def rows_found(col: Col, key: Col) -> int:
    """Return how many rows of a column have a code that a table of codes lists."""
    return sum(n for text, n in col.counts.items() if plain_key(fold(text)) in key.keys)


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
            share = _covers(found.respondent, col)
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
            name = "unit" if _UNIT.search(col.name) and col.field in ("", "unit") else col.field
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
    questions = _questions(found.item, listed, items)
    if questions:
        found.codes.append(questions)
    for name, col in {**found.own, **found.profile}.items():
        if name != "unit" and name not in EXPLAINED:
            continue
        codes = _explains(name, col, [t for t in listed if t not in (found.answers, found.people)])
        if codes:
            found.codes.append(codes)


def _questions(item: Col, listed: Sequence[Table], items: ItemSet) -> Codes | None:
    """Return the table whose key has the ids of the questions and whose texts name the most unsur."""
    best: tuple[float, Codes] | None = None
    for table in listed:
        for key in table.columns:
            if not key.unique or _covers(item, key) < 0.9 or table.rows > MOST_CODES:
                continue
            for text in table.columns:
                value = _recognised(text, items) if text is not key else 0.0
                if value >= 0.3 and (best is None or value > best[0]):
                    named = [
                        next((c.header for c in table.columns if fold(c.header) == sign), "")
                        for sign in "abcd"
                    ]
                    options = named if all(named) else []
                    best = (value, Codes("item", table, key, text, options))
    return best[1] if best else None


def _explains(name: str, col: Col, listed: Sequence[Table]) -> Codes | None:
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
        return bool(_UNIT.search(" ".join(table.called)) or _UNIT.search(text.name))
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


def texts_of(codes: Codes) -> dict[str, str]:
    """Return the texts of a table of codes by key, in its order."""
    return dict(zip(map(str, codes.key.cells.texts()), map(str, codes.text.cells.texts())))


def units(found: LongForm) -> dict[str, tuple[str, int]]:
    """Return every unit with its spelling and number of rows, by its folded name."""
    col = found.own.get("unit") or found.profile.get("unit")
    if col is None:
        return {}
    codes = found.codes_of("unit")
    named = {fold(key): text for key, text in texts_of(codes).items()} if codes else {}
    made: dict[str, tuple[str, int]] = {}
    for text, count in col.counts.items():
        name = named.get(fold(text), text)
        made[fold(name)] = (name, made.get(fold(name), (name, 0))[1] + count)
    for name in named.values():
        made.setdefault(fold(name), (name, 0))
    return {key: pair for key, pair in made.items() if key}
