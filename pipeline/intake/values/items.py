"""The items a questionnaire has, and which of them a header or item id means (ruling R4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline import LANGUAGES, rules
from pipeline.intake.values.answers import ItemReader
from pipeline.intake.values.wording import general, importance
from pipeline.survey import Survey
from pipeline.survey.basics import Words
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.text import fold

_POSITION = re.compile(r"^(?:u|q|p|x|no|nomor|unsur|soal|pertanyaan|item|butir|indikator)?\s*0?(\d{1,2})$")
_NUMBERED = re.compile(r"^(?:(?:u|q|p|x|no|nomor|unsur|soal|pertanyaan|item|butir)\s*)?\d{1,2}\s+(.+)$")


def position(header: str) -> int | None:
    """Return the number of a bare positional code such as U8, Q8, unsur8 or 8.

    Examples
    --------
    >>> position("U8"), position("unsur_08"), position("U8 (Sarana)")
    (8, 8, None)
    """
    match = _POSITION.match(fold(header.replace("_", " ")))
    return int(match[1]) if match else None


#: Words behind a question that make it the second of a pair, as a form of this survey writes them.
TWIN_WORDS = {"exp": ("harapan", "expected"), "imp": ("kepentingan", "importance")}
#: What `means:` of a table of questions says of one that is no item.
NO_ITEM = "none"
_DECIMAL = re.compile(r"^(\d+) 0+$")


def folded_id(text: str) -> str:
    """Return an item id in the form in which ids are compared."""
    return fold(text.replace("_", " "))


def plain_key(folded: str) -> str:
    """Return a folded code without what a spreadsheet adds to a number: zeros in front, or decimals.

    Examples
    --------
    >>> plain_key("007"), plain_key("7 0"), plain_key("u 07"), plain_key("0")
    ('7', '7', 'u 07', '0')
    """
    whole = _DECIMAL.sub(r"\1", folded)
    return (whole.lstrip("0") or "0") if whole.isdigit() else whole


def by_key(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts by folded key, and by its plain form where that is one key's alone.

    Examples
    --------
    >>> by_key({"01": "A"})["1"], "1" in by_key({"01": "A", "001": "B"})
    ('A', False)
    """
    counts = Counter(plain_key(key) for key in texts)
    return {plain_key(key): text for key, text in texts.items() if counts[plain_key(key)] == 1} | dict(texts)


@dataclass
class ItemSet:
    """The items of one questionnaire: how to recognise them and how to read their answers."""

    name: str
    low: int
    high: int
    readers: dict[str, ItemReader]
    questions: dict[str, str]
    labels: dict[str, str]
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    declared_scale: bool = False
    ids: dict[str, str] = field(default_factory=dict)
    #: Ids of a table of questions that mean no item: why (`NO_ITEM`: the definition says so).
    unknown: dict[str, str] = field(default_factory=dict)
    #: What the table of questions says of its ids; which of them it tells without a doubt.
    told: dict[str, str] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)
    looked_up: bool = False
    shown: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, bool], float] = field(default_factory=dict, repr=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """Canonical codes, in the order of the columns."""
        return tuple(self.readers)

    def match(self, text: str) -> tuple[str, str] | None:
        """Return the item that a header or item id means, and what told so.

        The evidence, strongest first: an id of the definition, the question, the label;
        the number in front of a question never counts.
        """
        folded = fold(text.replace("_", " "))
        if not folded:
            return None
        if folded in self.ids:
            return self.ids[folded], "id"
        bare = _NUMBERED.match(folded)
        for candidate in (folded, bare[1] if bare else ""):
            if not candidate:
                continue
            if candidate in self.questions:
                return self.questions[candidate], "question"
            if candidate in self.labels:
                return self.labels[candidate], "label"
        return self._within(bare[1] if bare else folded)

    def declared(self, text: str) -> tuple[str, str] | None:
        """Return the item of an own questionnaire whose id or question a header is, whole.

        What the definition declares goes before what a header is usually called.
        """
        folded = fold(text.replace("_", " "))
        bare = _NUMBERED.match(folded)
        for wording in (folded, bare[1] if bare else ""):
            for table, how in ((self.ids, "id"), (self.questions, "question")):
                if wording and "." in table.get(wording, ""):
                    return table[wording], how
        return None

    def _within(self, folded: str) -> tuple[str, str] | None:
        if len(folded) >= 25:
            hits = {c for q, c in self.questions.items() if q in folded or q.startswith(folded)}
            if len(hits) == 1:
                return hits.pop(), "question"
        padded = f" {folded} "
        found = [(label, code) for label, code in self.labels.items() if f" {label} " in padded]
        # "kecepatan waktu" also holds "waktu": a longer label covers those inside it.
        found = [
            (label, code)
            for label, code in found
            if not any(label != other and f" {label} " in f" {other} " for other, _ in found)
        ]
        hits = {code for _, code in found}
        return (hits.pop(), "label-within") if len(hits) == 1 else None

    def by_position(self, number: int, order: str) -> str | None:
        """Return the code at a place of an order."""
        codes = self.orders.get(order, ())
        return codes[number - 1] if 1 <= number <= len(codes) else None

    def acquaint(self) -> None:
        """Tell every item the options of the others: those are never misspelt options of its own."""
        everything = {reader.code: frozenset(reader.plain_texts) for reader in self.readers.values()}
        known = frozenset().union(*everything.values()) if everything else frozenset()
        for code, reader in self.readers.items():
            reader.elsewhere = known - everything[code]
            reader.forget()

    def decide(self, unmatched: str) -> None:
        """Say what becomes of answers that are no option: ``stop``, ``missing`` or ``exclude``."""
        for reader in self.readers.values():
            reader.unmatched = unmatched

    def shown_label(self, code: str) -> str:
        """Return a short label for messages."""
        return next((label for label, c in self.labels.items() if c == code), code)

    def ambiguous(self, number: int) -> bool:
        """Whether the orders put different items at this place."""
        return len({self.by_position(number, order) for order in self.orders}) > 1


def _both(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def _letters(low: int, high: int) -> dict[str, int]:
    return {chr(97 + index): score for index, score in enumerate(range(low, high + 1)) if index < 26}


def _values(fields: Sequence[str], *sources: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for source in sources:
        for name in fields:
            for text, code in source.get(name, {}).items():
                merged[text] = code
                if fold(text):
                    merged[fold(text)] = code
    return merged


def official(survey: Survey, values: Mapping[str, Mapping[str, str]] | None = None) -> ItemSet:
    """Return the questionnaire of the survey's regulation."""
    rule = rules.load(survey.definition.rule)
    scale = survey.definition.scale
    low, high = (scale.min, scale.max) if scale else rule.scale
    readers: dict[str, ItemReader] = {}
    questions: dict[str, str] = {}
    labels: dict[str, str] = {}
    shown: dict[str, str] = {}
    for code in rule.codes:
        unsur = rule.get(code)
        printed = _printed(survey, code, low)
        own = printed or {fold(option.text.id): option.score for option in unsur.options}
        texts = dict(own)
        for option in unsur.options:
            for wording in (option.text.id, option.text.en, *option.variants):
                texts.setdefault(fold(wording), option.score)
        if (low, high) != tuple(rule.scale):
            texts = dict(printed)
        readers[code] = ItemReader(
            code, low, high, texts, _letters(low, high),
            _values((code, "answers"), survey.definition.values, values or {}), frozenset(own),
        )  # fmt: skip
        shown[code] = unsur.question.id
        # The survey's own words first: they are what its form printed.
        for text in _both(survey.definition.wording.get(code, "")):
            if fold(text):
                questions.setdefault(fold(text), code)
        for language in LANGUAGES:
            questions.setdefault(fold(unsur.question[language]), code)
        for label in (unsur.name.id, unsur.name.en, unsur.short.id, unsur.short.en, *unsur.labels):
            labels.setdefault(fold(label), code)
    return ItemSet(
        OFFICIAL, low, high, readers, questions, labels, dict(rule.orders),
        declared_scale=scale is not None, shown=shown,
    )  # fmt: skip


def _printed(survey: Survey, code: str, low: int) -> dict[str, int]:
    """Return the options that the definition says were printed for an unsur, folded, in all its languages."""
    listed = survey.definition.options.get(code, [])
    return {fold(text): low + at for at, words in enumerate(listed) for text in _both(words) if fold(text)}


def own(survey: Survey, name: str, values: Mapping[str, Mapping[str, str]] | None = None) -> ItemSet:
    """Return a questionnaire of the survey's own; its codes are ``<instrument>.<code>``."""
    instrument = survey.definition.instruments[name]
    scale = instrument.scale or survey.definition.scale
    low, high = (scale.min, scale.max) if scale else (1, 4)
    itemset = ItemSet(name, low, high, {}, {}, {}, declared_scale=scale is not None)
    for code, item in instrument.items.items():
        full = f"{name}.{code}"
        texts = {fold(text): low + place for place, text in enumerate(item.options or instrument.options)}
        texts.update({fold(text): s for text, s in {**instrument.synonyms, **item.synonyms}.items()})
        stated = {"answers": instrument.values}
        given = _values((full, code, "answers"), stated, survey.definition.values, values or {})
        itemset.readers[full] = ItemReader(
            full, low, high, texts, _letters(low, high), given, frozenset(texts)
        )
        for text in (code, full, *item.source):
            itemset.ids.setdefault(fold(text.replace("_", " ")), full)
        for text in _both(item.question):
            if text:
                itemset.questions.setdefault(fold(text), full)
                itemset.shown.setdefault(full, text)
        for text in _both(item.label):
            if text:
                itemset.labels.setdefault(fold(text), full)
        if instrument.paired:
            twin = f"{full}_{instrument.paired}"
            # "How important" is answered in words of its own, never in those of the item.
            own_texts = importance(low, high) if instrument.paired == "imp" else texts
            itemset.readers[twin] = ItemReader(
                twin, low, high, own_texts, _letters(low, high), given, frozenset(own_texts)
            )
            for text in (f"{code} {instrument.paired}", f"{full} {instrument.paired}"):
                itemset.ids.setdefault(fold(text.replace("_", " ")), twin)
            for text in _both(item.question or item.label):
                for word in TWIN_WORDS[instrument.paired] if text else ():
                    itemset.questions.setdefault(fold(f"{text} {word}"), twin)
            itemset.shown.setdefault(twin, itemset.shown.get(full, ""))
    return itemset


def itemset(
    survey: Survey,
    instruments: Sequence[str],
    values: Mapping[str, Mapping[str, str]] | None = None,
    unmatched: str | None = None,
) -> ItemSet:
    """Return the questionnaire an entry of ``files:`` names; several are read side by side."""
    parts = [
        official(survey, values) if name == OFFICIAL else own(survey, name, values)
        for name in (instruments or (OFFICIAL,))
    ]
    first = parts[0]
    for part in parts[1:]:
        first.name += f"+{part.name}"
        first.readers.update(part.readers)
        first.orders = first.orders or part.orders
        for mine, theirs in (
            (first.questions, part.questions),
            (first.labels, part.labels),
            (first.ids, part.ids),
            (first.shown, part.shown),
        ):
            for text, code in theirs.items():
                mine.setdefault(text, code)
    first.decide(unmatched or survey.definition.unmatched)
    first.acquaint()
    return first


def strangers(text: str, code: str, items: ItemSet) -> str:
    """Return the other items whose printed option list holds a text that this item's does not.

    Scales of any question (baik, setuju) and mere numbers belong to nobody.
    """
    mine = items.readers[code]
    said = mine.words(text)
    if not said or said in mine.official or said in general():
        return ""
    found = [other for other, reader in items.readers.items() if other != code and said in reader.official]
    return ", ".join(found)
