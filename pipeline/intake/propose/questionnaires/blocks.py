"""Propose a questionnaire that is not the regulation's: what `ownitems` found, brought to a definition.

What is proposed is read with the reader that the run uses; where that would see another column, the
column is named outright.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pipeline.intake.columns import headerrow, headers
from pipeline.intake.columns.guesses import with_dates, with_unit
from pipeline.intake.columns.headers import Column, Header
from pipeline.intake.files.table import RawTable, letter
from pipeline.intake.ground.problems import Refused
from pipeline.intake.propose.questionnaires import items as ownitems
from pipeline.intake.propose.questionnaires import pairs as ownpairs
from pipeline.intake.propose.questionnaires.items import Found
from pipeline.intake.propose.questionnaires.names import Named, codes, facets
from pipeline.intake.values.items import ItemSet, itemset, position
from pipeline.survey import Survey
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.definition import Definition, Instrument
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

#: What own questionnaires are called in a proposal; a second one carries a number.
NAME = "kuesioner"
#: So many unsur make a survey of the regulation, whatever else is asked.
MANY_UNSUR = 7
#: Evidence by which a column surely is an unsur.
SURE = ("question", "label", "id", "name", "definition", "options")


@dataclass
class OwnItem:
    """An item as it is proposed: code, header in the file, question, facet, and how many answers fit."""

    code: str
    header: str
    question: str
    facet: str
    index: int
    fits: int
    filled: int
    #: How ``columns:`` has to name it; empty where its header does.
    place: str = ""
    #: The column in which it is asked a second time, and how ``columns:`` names that one.
    twin: int = -1
    twin_place: str = ""


@dataclass
class OwnScale:
    """A questionnaire as it is proposed."""

    name: str
    low: int
    high: int
    items: list[OwnItem]
    options: tuple[str, ...] = ()
    texts: dict[str, int] = field(default_factory=dict)
    values: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    #: ``exp`` or ``imp`` where every item is asked twice.
    paired: Literal["", "exp", "imp"] = ""

    def columns(self) -> dict[str, str]:
        """Return what ``columns:`` has to name."""
        made = {item.code: item.place for item in self.items if item.place}
        return made | {f"{item.code}_{self.paired}": item.twin_place for item in self.items if item.twin >= 0}

    def entry(self) -> dict[str, Any]:
        """Return it as it stands under ``instruments:``."""
        made: dict[str, Any] = {"title": self.name, "scale": {"min": self.low, "max": self.high}}
        if self.paired:
            made["paired"] = self.paired
        if self.options:
            made["options"] = list(self.options)
        if self.texts:
            made["synonyms"] = dict(self.texts)
        if self.values:
            made["values"] = {text: code for text, (code, _, _) in self.values.items()}
        made["items"] = {item.code: source(item) for item in self.items}
        return made


def source(item: OwnItem) -> dict[str, Any]:
    """Return what an item needs to be found again: its question, and its header where that says more."""
    made: dict[str, Any] = {}
    if item.question:
        made["question"] = item.question
    known = {fold(item.question), fold(item.code.replace("_", " "))}
    if item.header and fold(item.header.replace("_", " ")) not in known and not item.place:
        made["source"] = [item.header]
    return made


def scales(found: Found, taken: Sequence[str] = ()) -> list[OwnScale]:
    """Return the blocks of a table as questionnaires, their items with codes and facets."""
    everything = found.items
    twins = ownpairs.find([item.named for item in everything])
    second = {everything[b].index: everything[a].index for b, a in twins.first_of.items()} if twins else {}
    everything = [item for item in everything if item.index not in second]
    named = [item.named for item in everything]
    made_codes = dict(zip((item.index for item in everything), codes(named)))
    made_facets = dict(zip((item.index for item in everything), facets(named)))
    merged: dict[tuple[int, int], OwnScale] = {}
    for block in found.blocks:
        own = merged.setdefault((block.low, block.high), OwnScale("", block.low, block.high, []))
        own.options = own.options or block.options
        own.texts |= {text: score for text, score in block.texts.items() if text not in own.options}
        own.doubts += block.doubts
        for text, (count, why) in block.aside.items():
            turned = why.isdigit()
            own.values[text] = (why if turned else "missing", count, "" if turned else why)
        for item in block.items:
            if item.index in second:
                continue
            text = item.named.text
            own.items.append(
                OwnItem(
                    made_codes[item.index], item.named.header, text, made_facets[item.index],
                    item.index, item.fits, item.filled,
                )
            )  # fmt: skip
    headers_ = dict(enumerate(found.place.headers))
    for own in merged.values():
        own.items.sort(key=lambda item: item.index)
        for one in own.items:
            one.twin = next((b for b, a in second.items() if a == one.index), -1)
            alone = sum(fold(text) == fold(headers_.get(one.twin, "")) for text in headers_.values()) == 1
            one.twin_place = (
                (headers_[one.twin] if alone else f"column {letter(one.twin)}") if one.twin >= 0 else ""
            )
        own.paired = twins.kind if twins and any(one.twin >= 0 for one in own.items) else ""
    out = sorted(
        (part for own in merged.values() if own.items for part in _lettered(own, named)),
        key=lambda own: -len(own.items),
    )
    for number, own in enumerate(out, start=1):
        own.name = NAME if number == 1 else f"{NAME}-{number}"
    return out


def _lettered(own: OwnScale, named: Sequence[Named]) -> list[OwnScale]:
    """Set apart a series that may be expectations (P1-P22, H1-H22): averaged with the others they would be wrong."""
    pair = ownpairs.lettered(named) if not own.paired else None
    if pair is None:
        return [own]
    stems = {one.header: one.stem for one in named}
    apart = [item for item in own.items if stems.get(item.header) == pair[1]]
    rest = [item for item in own.items if item not in apart]
    if not apart or not rest:
        return [own]
    doubt = (
        f"{pair[1]}1, {pair[1]}2, ... carry the numbers of {pair[0]}1, {pair[0]}2, ...: what people expect, or how"
        " important it is to them? Then see `paired:` in docs/survey-definition.md; until then they stand apart"
    )
    other = replace(
        own, items=apart, doubts=[*own.doubts, doubt], values=dict(own.values), texts=dict(own.texts)
    )
    return [replace(own, items=rest), other]


def definition(owns: Sequence[OwnScale]) -> Definition:
    """Return a definition that holds nothing but these questionnaires."""
    return Definition(
        title="new", instruments={own.name: Instrument.model_validate(own.entry()) for own in owns}
    )


def entry_of(owns: Sequence[OwnScale], skm: bool, **more: Any) -> FileEntry:
    """Return the entry of ``files:`` for a table of these questionnaires."""
    names = [*([OFFICIAL] if skm else []), *(own.name for own in owns)]
    columns = {code: [place] for own in owns for code, place in own.columns().items()}
    return FileEntry(path=["x"], instrument=names, columns=columns, **more)


def weigh(found: Found | None, skm: Header | None, known: ItemSet) -> str:
    """Say what a table is: ``skm``, ``own``, ``both``, or nothing.

    The nine unsur stand where most of them are found surely, or nothing else is asked. A few columns
    whose header merely holds a word of an unsur, or carries a number, do not make thirty items an SKM.
    """
    unsur = [c for c in skm.columns if c.field in known.readers] if skm else []
    if found is None:
        return "skm" if unsur else ""
    mine = {item.index for item in found.items}
    if not unsur:
        return "own"
    beyond = mine - {column.index for column in unsur}
    numbered = [c for c in unsur if c.how.startswith(("order", "position"))]
    if numbered and (_series(found, unsur) or _variables(found, numbered, beyond)):
        return "own"
    sure = sum(column.how in SURE for column in unsur)
    if len(unsur) >= MANY_UNSUR or sure >= 4 or (numbered and len(numbered) == len(unsur)):
        return "both" if _apart(found, beyond) else "skm"
    if len(beyond) >= 3 and len(beyond) >= len(unsur) - sure:
        return "own"
    return "skm"


def _variables(found: Found, numbered: Sequence[Column], beyond: set[int]) -> bool:
    """Whether numbers name variables (X1-X7, Y1-Y5), not the places of nine questions."""
    stems = {item.named.stem.lower() for item in found.items if item.index not in beyond}
    return (
        not stems & {"u", "unsur"}
        and (len(beyond) >= 2 or "x" in stems)
        and (len(numbered) != 9 or "x" in stems)
    )


def asked_twice(found: Found, header: Header) -> bool:
    """Whether nearly all items are an unsur, several of them in two columns: expected and perceived, say."""
    twice = {index for rivals in header.open for index in rivals.indexes}
    unsur = twice | {column.index for column in header.columns if column.field}
    return bool(twice) and sum(item.index in unsur for item in found.items) >= 0.8 * len(found.items)


def names_unsur(found: Found, known: ItemSet) -> bool:
    """Whether the headers of what was found are the regulation's questions or labels, whole."""
    hits = [known.match(item.named.header) for item in found.items]
    return len({hit[0] for hit in hits if hit and hit[1] in ("question", "label")}) >= 5


def no_unsur(found: Found, known: ItemSet) -> list[str]:
    """Return the headers of items that are no question or label of the regulation, whole."""
    headers_ = [item.named.header for item in found.items]
    hits = {text: known.match(text) for text in headers_}
    return [text for text in headers_ if not (hit := hits[text]) or hit[1] not in ("question", "label")]


def _series(found: Found, unsur: Sequence[Column]) -> bool:
    """Whether the numbers of the unsur run on: Q1 to Q13 are no nine unsur (U1 to U14 are an older rule's)."""
    numbers = {column.index: position(column.header) for column in unsur}
    top = max((n for n in numbers.values() if n), default=0)
    stems = {item.named.stem.lower() for item in found.items if item.index in numbers}
    more = [
        item
        for item in found.items
        if item.index not in numbers and item.named.stem.lower() in stems and item.named.first > top
    ]
    return bool(more) and not stems & {"u", "unsur"}


def _apart(found: Found, beyond: set[int]) -> bool:
    """Whether what is left beside the unsur is a questionnaire: three items that belong together."""
    left = [item for item in found.items if item.index in beyond]
    together = {item.named.family for item in left if item.named.first >= 0 or item.named.facet}
    asked = sum(len(item.named.text.split()) >= 3 for item in left)
    return len(left) >= 3 and (len(together) == 1 or asked >= 3 or all(item.words for item in left))


def without(found: Found, indices: set[int]) -> Found:
    """Return what was found less some columns."""
    blocks = [
        replace(block, items=[item for item in block.items if item.index not in indices])
        for block in found.blocks
    ]
    return Found(found.place, [block for block in blocks if block.items], found.notes)


def resolved(
    survey: Survey, table: RawTable, found: Found, owns: list[OwnScale], skm: bool, order: str | None
) -> tuple[Header, FileEntry, ItemSet]:
    """Read a table with what is proposed; columns that are not found by their header are named by place.

    Raises
    ------
    Refused
        If it cannot be read even so.
    """
    own = Survey(survey.name, survey.root, definition(owns), (), "")
    more: dict[str, Any] = {}
    if found.place.header < 0:
        more["headers"] = headless(table, owns)
    elif not table.headed:
        more["header"] = int(table.rows[found.place.header])
    _double(table, found, owns)
    for _ in range(2):
        entry = entry_of(owns, skm, **more)
        items = itemset(Survey(own.name, own.root, definition(owns), (), ""), entry.instrument)
        header = headers.resolve(table, entry, items, order, survey.spellings)
        wanted = {item.index: f"{scale.name}.{item.code}" for scale in owns for item in scale.items}
        wanted |= {
            item.twin: f"{scale.name}.{item.code}_{scale.paired}"
            for scale in owns
            for item in scale.items
            if item.twin >= 0
        }
        got = {column.index: column.field for column in header.columns}
        lost = [index for index, name in wanted.items() if got.get(index) != name]
        if not lost:
            columns = with_unit(table, header, header.columns, wide=True)
            return replace(header, columns=with_dates(table, header, columns)), entry, items
        for scale in owns:
            for item in scale.items:
                if item.index in lost:
                    item.place = table.names[item.index] if table.names else f"column {letter(item.index)}"
                if item.twin in lost:
                    item.twin_place = table.names[item.twin] if table.names else f"column {letter(item.twin)}"
    raise Refused("the items found are not found again by their headers")


def _double(table: RawTable, found: Found, owns: Sequence[OwnScale]) -> None:
    """Name by place what a header cannot tell: it stands twice, or is nothing but a number."""
    count: dict[str, int] = {}
    for text in found.place.headers:
        count[fold(text)] = count.get(fold(text), 0) + 1
    questions = [fold(item.question) for own in owns for item in own.items if item.question]
    for own in owns:
        for item in own.items:
            twice = count[fold(item.header)] > 1 or questions.count(fold(item.question)) > 1
            if found.place.header >= 0 and (twice or not fold(item.header) or item.header.isdigit()):
                item.place = table.names[item.index] if table.names else f"column {letter(item.index)}"


def headless(table: RawTable, owns: Sequence[OwnScale]) -> list[str]:
    """Return headers for a table that has none: its items, and the others to be named."""
    mine = {item.index: item.header for own in owns for item in own.items}
    return [mine.get(index, f"kolom {letter(index)}") for index in range(table.width)]


def said_header(table: RawTable, entry: FileEntry, items: ItemSet, found: Found) -> int:
    """Return the row number of the headers where the reader would not find it by itself, else 0."""
    if found.place.header < 0 or table.headed:
        return 0
    try:
        by_itself = headerrow.find(table, entry.model_copy(update={"header": None}), items)
    except Refused:
        by_itself = -1
    return 0 if by_itself == found.place.header else int(table.rows[found.place.header])


def set_aside(owns: Sequence[OwnScale], unknown: Mapping[str, Sequence[tuple[str, int, str]]]) -> None:
    """Count as no answer, until somebody decides, texts that are no step of their scale."""
    for own in owns:
        for item in own.items:
            for text, count, _ in unknown.get(f"{own.name}.{item.code}", ()):
                before = own.values.get(text, ("missing", 0, ""))
                own.values[text] = ("missing", before[1] + count, "no step of the scale")


def unit_asked(table: RawTable, header: Header, found: Found) -> list[str]:
    """Ask whether a column of repeating texts names the unit, where none is known to."""
    if header.named("unit"):
        return []
    names = []
    for column in header.columns:
        if column.field or column.how != "not-used":
            continue
        counts = table.columns[column.index].take(found.place.rows).used()
        words = [text for text in counts if not text[:1].isdigit() and len(text) > 2]
        if 2 <= len(words) == len(counts) <= sum(counts.values()) // 4:
            names.append(f'"{column.header}" ({"; ".join(words[:3])})')
    listed = " or ".join(names[:3])
    return [f"TO DECIDE: does {listed} name the unit? Then say so: columns: {{unit: ...}}"] if names else []


def find(table: RawTable) -> Found | None:
    """Return the items of a table that are no unsur's, if it has any."""
    found = ownitems.find(table)
    return found if found and found.blocks else None


def why_none(table: RawTable) -> str:
    """Return what a table holds instead of the items of a questionnaire, where that can be said."""
    found = ownitems.find(table)
    notes = found.notes if found else ownitems.of_two(table)
    return "; ".join(note.removesuffix(", left out") for note in notes)
