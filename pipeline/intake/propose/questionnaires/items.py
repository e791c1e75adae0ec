"""Find the items of a questionnaire that is not the regulation's, by what the columns hold.

An item is a column of few small whole numbers, or of the words of one answer scale, under a header that
is no question about the person. Nothing here is used without being written into a definition first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.intake.columns import asides
from pipeline.intake.files.table import RawTable
from pipeline.intake.propose.questionnaires import codes as owncodes
from pipeline.intake.propose.questionnaires.codes import Steps
from pipeline.intake.propose.questionnaires.look import (
    ENOUGH,
    WHOLE,
    Item,
    Look,
    ends_read,
    together,
)
from pipeline.intake.propose.questionnaires.rows import Place, place
from pipeline.intake.values import likert
from pipeline.survey.text import fold

_PLACED = re.compile(r"^(?:ao?|opsi|option|opt|pilihan|choice)[\s_]*0*(\d)$|^([a-g])$")


@dataclass
class Block:
    """Items that share one answer scale.

    ``options`` are the texts of the steps where answers are words; ``texts`` what further texts mean;
    ``aside`` texts that are set aside, with how often and why; ``doubts`` what a person has to decide.
    """

    low: int
    high: int
    items: list[Item]
    options: tuple[str, ...] = ()
    texts: dict[str, int] = field(default_factory=dict)
    aside: dict[str, tuple[int, str]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


@dataclass
class Found:
    """The items of a table, in blocks of one scale each, and what else was seen."""

    place: Place
    blocks: list[Block]
    notes: list[str] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        """Every item, in the order of the columns."""
        return sorted((item for block in self.blocks for item in block.items), key=lambda item: item.index)


def find(table: RawTable, told: Mapping[int, str] | None = None) -> Found | None:
    """Return the items of a table; None where it has none, or too few to be a questionnaire."""
    where = place(table)
    if where is None:
        return None
    aside = asides.quoting(where.headers, lambda index: table.columns[index].take(where.rows))
    kept = [Look(table, where, index) for index in range(table.width) if index not in aside]
    ends = ends_read(kept)
    numbers = together([look for look in kept if look.number >= ENOUGH])
    words = [look for look in kept if look.words]
    found = Found(where, [], _other(kept))
    legend = {**owncodes.legend(_legends(table, where)), **(told or {})}
    found.blocks += _number_blocks(numbers, legend, found.notes)
    if ends and found.blocks:
        found.blocks[0].texts = ends
        found.blocks[0].doubts.append(
            "words stand only at the ends of the scale; they are read as "
            + ", ".join(f"{text} = {number}" for text, number in ends.items())
        )
    found.blocks += _word_blocks(words, found.notes)
    for block in found.blocks:
        if len(block.items) == 1:
            header = block.items[0].named.header
            found.notes.append(
                f"one column of a scale of its own, {block.low}-{block.high}, left out: {header}"
            )
    found.blocks = [block for block in found.blocks if len(block.items) >= 2]
    if sum(len(block.items) for block in found.blocks) < 3:
        found.blocks = []
    return found


def _number_blocks(looks: Sequence[Look], legend: Mapping[int, str], notes: list[str]) -> list[Block]:
    """Group columns of numbers by their scale; yes/no, per cent and counts are told and left out."""
    pairs, points, rest = [], [], []
    for look in looks:
        values = look.values()
        inside = {v for v in values if 0 <= v <= 10}
        if values <= {0, 1} or (values <= {1, 2} and not _alike(look, looks)):
            pairs.append(look)
        elif len(values) > owncodes.MOST + 4 or len(values - inside) > 4:
            points.append(look)
        else:
            rest.append(look)
    if pairs:
        notes.append(f"{len(pairs)} columns of two answers (yes/no): no answer scale, left out")
    if len(points) >= 2:
        notes.append(
            f"{len(points)} columns of many numbers (points, per cent, counts): no answer scale, left out"
        )
    groups: dict[tuple[int, int], list[Look]] = {}
    usual = [look for look in rest if not _longer(look, rest)]
    main = owncodes.decide(_matrix(usual), legend) if usual else None
    families: dict[tuple[str, str, bool], list[Look]] = {}
    for look in rest:
        families.setdefault((look.named.family, look.named.facet, _longer(look, rest)), []).append(look)
    for family in families.values():
        own = owncodes.decide(_matrix(family), legend)
        if main and len(family) < LONE and _inside(_matrix(family), main):
            own = main
        if own is None:
            own = main if not any(_longer(look, rest) for look in family) else None
        if own is None:
            continue
        key = (own.low, own.high)
        if main and _within(own, main):
            key = (main.low, main.high)
        groups.setdefault(key, []).extend(family)
    made = []
    for (low, high), group in groups.items():
        steps = owncodes.decide(_matrix(group), legend)
        if steps is None:
            continue
        steps = Steps(min(low, steps.low), max(high, steps.high), steps.aside, steps.why, steps.doubt)
        made.append(_number_block(sorted(group, key=lambda look: look.index), steps))
    return made


#: Fewer columns of a series than this are no scale of their own where the others have one that fits.
LONE = 3
#: Answers of two kinds, folded.
_TWO = {
    "ya",
    "tidak",
    "yes",
    "no",
    "y",
    "t",
    "n",
    "benar",
    "salah",
    "true",
    "false",
    "pernah",
    "belum",
    "belum pernah",
    "ada",
}


def of_two(table: RawTable) -> list[str]:
    """Say how many columns of a table without any scale hold yes and no."""
    count = 0
    for column in table.columns:
        used = column.used()
        count += sum(n for text, n in used.items() if fold(text) in _TWO) >= ENOUGH * max(
            sum(used.values()), 10
        )
    return [f"{count} columns of yes and no: no answer scale"] if count >= 3 else []


def _other(looks: Sequence[Look]) -> list[str]:
    """Say what columns hold that are no answers on a scale, where several do."""
    two = sum(bool(look.words) and look.words <= _TWO for look in looks)
    many = sum(look.many for look in looks)
    notes = [f"{two} columns of yes and no: no answer scale, left out"] if two >= 2 else []
    return notes + ([f"{many} columns of points or counts: no answer scale, left out"] if many >= 2 else [])


def _inside(block: np.ndarray, steps: Steps) -> bool:
    """Whether a few columns hold nothing but steps of a scale; alone they show too little of their own."""
    filled = block[block != owncodes.BLANK]
    return bool(len(filled)) and bool(((filled >= steps.low) & (filled <= steps.high)).mean() >= 0.95)


def _longer(look: Look, looks: Sequence[Look]) -> bool:
    """Whether a column uses three steps and more beyond the scale of most: another scale, not a code."""
    tops = Counter(_top(other) for other in looks)
    usual = tops.most_common(1)[0][0]
    return len({v for v in look.values() if usual < v <= 10}) >= 3


def _top(look: Look) -> int:
    """Return the highest number up to ten that a column holds more than now and then."""
    counts = Counter[int]()
    for text, n in look.counts.items():
        counts[look.whole(text)] += n
    return max((v for v, n in counts.items() if v <= 10 and 50 * n >= look.total), default=0)


def _alike(look: Look, looks: Sequence[Look]) -> bool:
    """Whether other columns of the same series go beyond two answers: then 1 and 2 are low steps."""
    own = look.named
    wide = [
        other
        for other in looks
        if (other.named.stem, other.named.facet) == (own.stem, own.facet) and len(other.counts) >= 3
    ]
    return own.first >= 0 and bool(wide)


def _within(own: Steps, main: Steps) -> bool:
    """Whether a family only lacks the outer steps of the scale that all have."""
    return own.low >= main.low and main.high - 1 <= own.high <= main.high


def _matrix(looks: Sequence[Look]) -> np.ndarray:
    return np.column_stack([look.integers() for look in looks])


def _number_block(looks: Sequence[Look], steps: Steps) -> Block:
    good = {t for look in looks for t in look.counts if steps.low <= look.whole(t) <= steps.high}
    block = Block(steps.low, steps.high, [look.item(good, False) for look in looks])
    for code, count in sorted(steps.aside.items()):
        block.aside[str(code)] = (count, steps.why.get(code, ""))
    if steps.doubt:
        block.doubts.append(steps.doubt)
    strange = Counter[str]()
    for look in looks:
        for text, count in look.counts.items():
            if look.whole(text) == owncodes.BLANK:
                strange[text] += count
    for text, count in strange.items():
        block.aside[text] = (count, "no number")
    return block


def _word_blocks(looks: Sequence[Look], notes: list[str]) -> list[Block]:
    """Group columns of words by scale: first all that one scale holds, then letters and places."""
    sure = [look for look in looks if likert.find(look.words) or _mostly(look)]
    made: list[Block] = []
    left = list(sure)
    while left:
        pooled, members = _pool(left)
        if pooled is None or len(members) < 1:
            break
        more = [look for look in looks if look not in members and look not in sure and _known(look, pooled)]
        group = sorted({*members, *more}, key=lambda look: look.index)
        made.append(_word_block(group, pooled))
        left = [look for look in left if look not in group]
    taken = {item.index for block in made for item in block.items}
    placed = [look for look in looks if look.index not in taken and all(_PLACED.match(t) for t in look.words)]
    if len(placed) >= 3:
        made += _placed_block(placed)
    return made


def _mostly(look: Look) -> bool:
    return _scale_texts(look) is not None


def _scale_texts(look: Look) -> likert.Vocabulary | None:
    """Return the scale of a column of which a few cells are something else."""
    often = Counter[str]()
    for text, n in look.counts.items():
        if not WHOLE.fullmatch(text):
            often[likert.bare(text)[0]] += n
    known = [text for text, n in often.items() if n >= 0.03 * look.total]
    found = likert.find(known)
    numbers = sum(n for t, n in look.counts.items() if WHOLE.fullmatch(t))
    if found and numbers + sum(often[text] for text in found.seen) >= ENOUGH * look.total:
        return found
    return None


def _pool(looks: Sequence[Look]) -> tuple[likert.Vocabulary | None, list[Look]]:
    """Return the scale that holds the most columns together, and those columns."""
    own = {id(look): (likert.find(look.words) or _scale_texts(look)) for look in looks}
    texts = {id(look): set(found.seen) for look in looks if (found := own[id(look)])}
    everything = set().union(*texts.values())
    whole = likert.find(sorted(everything)) or likert.find(sorted(everything), several=True)
    if whole:
        return whole, list(looks)
    first = looks[0]
    members, pooled = [first], set(texts[id(first)])
    for look in looks[1:]:
        more = pooled | texts[id(look)]
        if likert.find(sorted(more)) or likert.find(sorted(more), several=True):
            members.append(look)
            pooled = more
    return likert.find(sorted(pooled)) or likert.find(sorted(pooled), several=True), members


def _known(look: Look, scale: likert.Vocabulary) -> bool:
    hits = sum(n for t, n in look.counts.items() if likert.bare(t)[0] in scale.seen)
    return hits >= ENOUGH * look.total


def _word_block(looks: Sequence[Look], scale: likert.Vocabulary) -> Block:
    low = 1
    block = Block(low, low + len(scale.levels) - 1, [], tuple(level[0] for level in scale.levels))
    counts = Counter[str]()
    for look in looks:
        counts.update(look.counts)
    good = set()
    for text, count in counts.items():
        folded, number = likert.bare(text)
        step = scale.seen.get(folded)
        if step is not None:
            good.add(text)
            if number is not None and number != low + step:
                # The word decides, the number beside it is turned round or begins elsewhere.
                block.aside[text] = (count, str(low + step))
            elif number is None and fold(text) not in block.options:
                block.texts[fold(text)] = low + step
            elif folded not in block.options:
                block.texts[folded] = low + step
        elif WHOLE.fullmatch(text) and low <= float(text.replace(",", ".")) <= block.high:
            good.add(text)
        else:
            block.aside[text] = (count, "no step of the scale")
    block.items = [look.item(good, True) for look in looks]
    if scale.others:
        block.doubts.append("the words seen fit several scales: " + "; ".join(scale.others[:4]))
    return block


def _placed_block(looks: Sequence[Look]) -> list[Block]:
    """Take letters and codes of places (a-e, A1-A5) in their order; which end is good is asked."""
    counts = Counter[str]()
    for look in looks:
        counts.update(look.counts)
    places = {}
    for text in counts:
        match = _PLACED.match(likert.bare(text)[0])
        if match:
            places[text] = int(match[1]) if match[1] else ord(match[2]) - 96
    high = max(places.values(), default=0)
    if len(set(places.values())) < owncodes.FEWEST or high > 7:
        return []
    block = Block(1, high, [look.item(set(places), True) for look in looks])
    block.texts = {fold(text): step for text, step in places.items()}
    block.doubts.append("answers are places in a list (a, b, c or A1, A2, A3): is the first the lowest?")
    return [block]


def _legends(table: RawTable, where: Place) -> list[str]:
    """Return the texts in which a file may explain its numbers: titles, headers, notes below."""
    texts = list(where.headers)
    for row in [*range(where.header), *range(where.rows.stop, min(table.height, where.rows.stop + 30))]:
        texts += [cell for cell in table.row(row) if cell]
    return texts
