"""Several columns that claim one item: which of them holds its answers.

The answers decide. Of columns that quote the same question, the one counts whose cells are options
or scores of it. Where several are, and say the same in every row, one counts and that is said; where
they differ nobody but the office can know, so it is asked, with examples of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from pipeline.intake.columns.header_text import apart
from pipeline.intake.files.table import letter
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.values.answers import ANSWERED, INVALID, ItemReader

#: How plainly a header means an item: by itself, in another form ("Nilai U1"), or as something beside it.
PLAIN, FORM, ASIDE = 0, 1, 2
#: Share of a column's cells that must be answers; footers below a short table are none.
FITS = 0.75
#: A column with fewer cells than this share of the fullest is a recap, not a copy.
FEW = 0.2
#: Distinct texts that are enough to tell.
SAMPLE = 2000
#: Rows that must say the same before two columns are taken for one.
PROOF = 3
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A column that may be the answers to an item, what told so, and how plainly."""

    index: int
    code: str
    how: str
    rank: int = PLAIN
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Columns between which the answers do not decide, the best fitting first."""

    code: str
    indexes: tuple[int, ...]
    examples: tuple[tuple[str, ...], ...]
    differ: int = 0
    rows: int = 0


@dataclass
class Settled:
    """Which column is which item, which continue one, stand beside it, say it again, or are open."""

    items: dict[int, tuple[str, str]] = field(default_factory=dict)
    joined: dict[int, list[int]] = field(default_factory=dict)
    beside: list[int] = field(default_factory=list)
    same: list[tuple[str, int, int]] = field(default_factory=list)
    open: list[Rivals] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Seen:
    claim: Claim
    column: Coded
    filled: int
    fits: int
    words: bool

    @property
    def good(self) -> bool:
        return self.fits > 0 and self.fits >= FITS * self.filled


def settle(
    claims: Sequence[Claim],
    columns: Mapping[int, Coded],
    readers: Mapping[str, ItemReader],
    named: Mapping[str, int],
) -> Settled:
    """Give every item its column.

    Parameters
    ----------
    claims : sequence of Claim
        In the order of the columns.
    columns : mapping
        The cells below the header, by place.
    readers : mapping
        How each item's answers are read.
    named : mapping
        Items that the definition gives a column: nothing else can claim them.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> cells = {0: encode(["3", "4"]), 1: encode(["12.5", "9.1"])}
    >>> claims = [Claim(0, "U1", "label"), Claim(1, "U1", "label-within")]
    >>> made = settle(claims, cells, {"U1": ItemReader("U1", 1, 4)}, {})
    >>> made.items, made.beside
    ({0: ('U1', 'label')}, [1])
    """
    made = Settled()
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.code in named:
            made.beside.append(claim.index)
        else:
            groups.setdefault(claim.code, []).append(claim)
    for code, group in groups.items():
        _settle(made, group, columns, readers[code])
    return made


def _settle(made: Settled, group: list[Claim], columns: Mapping[int, Coded], reader: ItemReader) -> None:
    plain = [claim for claim in group if claim.rank == PLAIN]
    if len(plain) > 1 and apart([columns[claim.index] for claim in plain]):
        # Branches of a form: one question on several pages, each row fills one of them.
        first, *more = plain
        made.joined[first.index] = [claim.index for claim in more]
        group = [claim for claim in group if claim not in more]
        plain = [first]
    asides = [claim for claim in group if claim.rank == ASIDE]
    real = [claim for claim in group if claim.rank != ASIDE]
    alone = len(real) == 1 and not any(claim.kind == "points" for claim in asides)
    if alone and (real[0].rank == PLAIN or _seen(real[0], columns, reader).good):
        return _take(made, real[0], group)
    seen = [_seen(claim, columns, reader) for claim in real]
    most = max((one.filled for one in seen), default=0)
    good = [one for one in seen if one.good and one.filled >= FEW * most]
    if not good:
        # Points may be the scores of texts nobody knows, time and remarks are never answers.
        weak = [_seen(claim, columns, reader) for claim in asides if claim.kind == "points" or not plain]
        sure = [one for one in weak if one.good and one.fits == one.filled]
        if not plain:
            return _take(made, sure[0].claim, group) if len(sure) == 1 else _ask(made, sure, group, 0, 0)
        if len(plain) == 1 and (not sure or not seen[0].filled):
            return _take(made, plain[0], group)
        return _ask(made, [*(one for one in seen if one.claim.rank == PLAIN), *sure], group, 0, 0)
    if len(good) == 1:
        return _take(made, good[0].claim, group)
    best, differ, rows = _compare(good, reader)
    if differ or best is None or rows < PROOF:
        return _ask(made, good, group, differ, rows)
    _take(made, best.claim, group)
    made.same += [(best.claim.code, best.claim.index, one.claim.index) for one in good if one is not best]


def _take(made: Settled, claim: Claim, group: Sequence[Claim]) -> None:
    made.items[claim.index] = (claim.code, claim.how)
    made.beside += [other.index for other in group if other is not claim]


def _ask(made: Settled, seen: Sequence[_Seen], group: Sequence[Claim], differ: int, rows: int) -> None:
    made.beside += [claim.index for claim in group]
    if not seen:
        return
    best = sorted(seen, key=lambda one: (one.claim.rank, -one.fits, one.claim.index))
    examples = tuple(tuple(list(one.column.used())[:EXAMPLES]) for one in best)
    code = best[0].claim.code
    made.open.append(Rivals(code, tuple(one.claim.index for one in best), examples, differ, rows))


def _seen(claim: Claim, columns: Mapping[int, Coded], reader: ItemReader) -> _Seen:
    column = columns[claim.index]
    filled = fits = words = 0
    answered = False
    for text, count in islice(column.used().items(), SAMPLE):
        reading = reader.read(text)
        filled += count
        # An answer that is a whole number may be anything: the scale says whether it is one of this.
        fits += count if reading.status != INVALID else 0
        answered |= reading.status == ANSWERED
        words += count if reading.status == ANSWERED and reading.how in ("text", "mixed", "values") else 0
    return _Seen(claim, column, filled, fits if answered else 0, 2 * words > filled)


def _compare(good: Sequence[_Seen], reader: ItemReader) -> tuple[_Seen | None, int, int]:
    """Return the column that says all the others say, and in how many of the shared rows they differ."""
    scores = []
    for one in good:
        table = np.array([_score(reader, str(text)) for text in one.column.values] or [0], dtype=np.int16)
        scores.append(table[one.column.codes] if len(one.column) else table[:0])
    answered = np.array([score > 0 for score in scores])
    both = answered.sum(axis=0) > 1
    high = np.max(scores, axis=0)
    other = np.array([there & both & (score != high) for there, score in zip(answered, scores)])
    differ = int(other.any(axis=0).sum())
    # A column that lacks answers another one has would lose them.
    full = [one for one, there in zip(good, answered) if not (answered.any(axis=0) & ~there).any()]
    full.sort(key=lambda one: (-one.fits, not one.words, one.claim.rank, one.claim.index))
    return (full[0] if full else None), differ, int(both.sum())


def _score(reader: ItemReader, text: str) -> int:
    """Return a score above 0, or 0 where a text is no answer."""
    reading = reader.read(text) if text else None
    return 1 + reading.score - reader.low if reading is not None and reading.status == ANSWERED else 0


def refuse(rivals: Sequence[Rivals], headers: Sequence[str]) -> Refused:
    """Return why a table cannot be read: two columns each could be the answers."""
    first = rivals[0]
    one, two = first.indexes[:2]
    differ = f" and differ in {first.differ} of {first.rows} rows" if first.differ else ""
    rest = f"; the same for {', '.join(other.code for other in rivals[1:])}" if len(rivals) > 1 else ""
    chosen = ", ".join(f"{other.code}: column {letter(other.indexes[0])}" for other in rivals)
    return Refused(
        f'the columns "{headers[one]}" ({letter(one)}) and "{headers[two]}" ({letter(two)}) both mean'
        f" {first.code}{differ} ({examples(first)}){rest}",
        f"say which ones hold the answers, e.g. columns: {{{chosen}}}",
    )


def examples(rivals: Rivals) -> str:
    """Return what stands in each of the columns.

    Examples
    --------
    >>> examples(Rivals("U1", (2, 4), (("3", "4"), ("Sesuai",))))
    'C: 3, 4; E: Sesuai'
    """
    return "; ".join(
        f"{letter(index)}: {', '.join(_short(text) for text in texts) or 'empty'}"
        for index, texts in zip(rivals.indexes, rivals.examples)
    )


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1] + "\u2026"


def told(made: Settled, headers: Sequence[str]) -> list[Problem]:
    """Return what is said of columns that hold the same answers twice."""
    if not made.same:
        return []
    codes = list(dict.fromkeys(code for code, *_ in made.same))
    _, kept, other = made.same[0]
    return [
        Problem(
            f'two columns hold the same answers to {", ".join(codes)} in every row: "{headers[kept]}"'
            f' ({letter(kept)}) counts, "{headers[other]}" ({letter(other)}) does not',
            "nothing needs to be done; name the other one under `columns:` if it is to count", fatal=False, first=True,
        )
    ]  # fmt: skip
