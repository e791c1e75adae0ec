"""Answers that are no option: said once for all unsur under which they stand, with a block to paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.intake.ground.problems import Problem
from pipeline.intake.values.answers import UNMATCHED, ItemReader
from pipeline.intake.values.proposed_values import block, proposed

#: A refusal lists at most so many texts of an item; the audit table holds every one.
MOST_TEXTS = 40
#: The audit table keeps so many letters of a text: a longer one cannot be named in the definition.
KEPT = 120


@dataclass
class _Refused:
    """What of one or more items could not be read: texts, how often, what they are like, and where."""

    texts: dict[str, tuple[int, str]] = field(default_factory=dict)
    places: dict[tuple[str, str], None] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    stops: bool = False

    def add(self, other: _Refused) -> None:
        """Take in those of another item."""
        for text, (count, near) in other.texts.items():
            known, like = self.texts.get(text, (0, near))
            self.texts[text] = (known + count, like)
        self.places.update(other.places)
        self.items += other.items
        self.stops |= other.stops


def unmatched(
    rows: Iterable[dict[str, object]],
    readers: Mapping[str, ItemReader],
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Problem]:
    """Return one sentence per kind of answers that are no option: each text, count, candidates.

    Items under which the same texts stand are of one kind. Fatal where the definition does not say what to
    do with them; then the first hint holds a ``values:`` block for all of them, with what the definition
    says already (``values``).
    """
    single: dict[str, _Refused] = {}
    for row in rows:
        if row["reading"] not in (*UNMATCHED, "excluded-answer") or row["how"] != "answer":
            continue
        item, text = str(row["item"]), str(row["text"])
        one = single.setdefault(item, _Refused(items=[item]))
        count, near = one.texts.get(text, (0, str(row["nearest"])))
        one.texts[text] = (count + int(str(row["count"])), near)
        one.places[str(row["source_file"]), str(row["header"])] = None
        one.stops |= row["unmatched"] == "stop" and row["reading"] in UNMATCHED
    problems: list[Problem] = []
    pasted = _block(single, readers, values or {})
    for kind in _kinds(single):
        problems.append(_problem(kind, readers, pasted if not problems else "", bool(values)))
    return problems


def _kinds(single: Mapping[str, _Refused]) -> list[_Refused]:
    """Put items together under which the same texts stand."""
    owner: dict[str, _Refused] = {}
    kinds: list[_Refused] = []
    for one in single.values():
        kind = next((owner[text] for text in one.texts if text in owner), None)
        if kind is None:
            kind = _Refused()
            kinds.append(kind)
        kind.add(one)
        owner.update(dict.fromkeys(one.texts, kind))
    return kinds


def _block(
    single: Mapping[str, _Refused], readers: Mapping[str, ItemReader], values: Mapping[str, Mapping[str, str]]
) -> str:
    """Return what the definition would say if every text meant what it most likely means."""
    unknown = {item: [t for t in one.texts if len(t) < KEPT and "<" not in t] for item, one in single.items()}
    made = {name: dict(texts) for name, texts in values.items()}
    for name, texts in proposed(unknown, readers).items():
        made[name] = {**texts, **made.get(name, {})}
    return block(made)


def _problem(kind: _Refused, readers: Mapping[str, ItemReader], pasted: str, instead: bool) -> Problem:
    common = sorted(kind.texts.items(), key=lambda pair: (-pair[1][0], pair[0]))
    reader = readers.get(kind.items[0])
    shown = "; ".join(_candidate(text, count, near, reader) for text, (count, near) in common[:MOST_TEXTS])
    if len(common) > MOST_TEXTS:
        shown += f"; and {len(common) - MOST_TEXTS} other texts"
    number = sum(count for count, _ in kind.texts.values())
    what = f"{number} answers are no options" if number > 1 else "1 answer is no option"
    what += f" of {', '.join(kind.items)}: {shown}"
    others = [
        code
        for code, other in readers.items()
        if code not in kind.items and all(other.knows(text) for text in kind.texts)
    ]
    if others:
        what += f". They are options of {', '.join(others)}"
    where = list(kind.places)
    files = dict.fromkeys(file for file, _ in where)
    if len(files) > 1:
        what += f" (in {len(files)} files)"
    return Problem(
        what, _advice(pasted, instead), file=where[0][0], column=where[0][1] if len(kind.items) == 1 else "",
        fatal=kind.stops,
    )  # fmt: skip


def _candidate(text: str, count: int, near: str, reader: ItemReader | None) -> str:
    """Say one text, how often it came, and the options it is most like."""
    options = [f'"{option}" = {reader.texts[option]}' for option in near.split("; ")
               if reader and option in reader.texts]  # fmt: skip
    return f'"{text}" ({count})' + (f", like {' or '.join(options)}" if options else "")


def _advice(pasted: str, instead: bool) -> str:
    """Say how to decide; never decide."""
    if not pasted:
        return "say what each means in survey.yml: the block under the first of these holds them, too"
    if instead:
        return (
            "say what each means in survey.yml: a score, missing, not-applicable, or exclude (the whole"
            " questionnaire); or, for all that remain, unmatched: missing. This line in place of `values:`, once"
            f" it is right: {pasted}"
        )
    return (
        "say what each means in survey.yml: a score, missing, not-applicable, or exclude (the whole"
        " questionnaire); or, for all that remain, unmatched: missing. To paste, once it is right:"
        f" {pasted}"
    )
