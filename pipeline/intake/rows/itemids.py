"""Which items the ids of a long table mean: each at most one, and no two the same."""

from __future__ import annotations

from collections import Counter

import numpy as np

from pipeline.intake.columns import orders
from pipeline.intake.columns.fields import field_of
from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.rows.typed_table import TypedTable
from pipeline.intake.values.items import NO_ITEM, ItemSet, folded_id, plain_key, position
from pipeline.intake.values.wording import distance, plain
from pipeline.survey.text import fold

#: Ids named in one sentence.
MOST_NAMED = 6


def bring(made: TypedTable, order: str | None) -> list[Problem]:
    """Bring the item ids of a long table to canonical codes.

    Returns
    -------
    list of Problem
        Ids that mean no item, with the answers that are lost by it; ids that mean the same one.

    Raises
    ------
    Refused
        If a bare number could mean two unsur, or two ids that one person answered mean the same.
    """
    column, items = made.columns["item"], made.items
    codes: dict[str, str] = {}
    doubtful: dict[str, int] = {}
    for text in column.used():
        known = _known(text, items)
        hit = None if known is None else items.match(text)
        number = position(text)
        if known:
            codes[text] = known
        elif hit:
            codes[text] = hit[0]
        elif known is not None and number is not None and items.orders:
            if items.ambiguous(number):
                doubtful[text] = number
            else:
                codes[text] = items.by_position(number, "form") or text
    codes |= _decided(made, doubtful, order)
    problems = _no_two(made, codes)
    lost = _lost(made, codes)
    said_no = {folded_id(key) for key, why in items.unknown.items() if why == NO_ITEM}
    made.others = frozenset(text for text in column.used() if folded_id(text) in said_no)
    made.columns["item"] = column.remap(lambda text: codes.get(text, text))
    return problems + lost


def _known(text: str, items: ItemSet) -> str | None:
    """Return the item of an id that is listed; empty where it is not; None where it is known to be none."""
    folded = folded_id(text)
    for key in (folded, plain_key(folded)):
        if key in items.ids:
            return items.ids[key]
        if key in items.unknown:
            return None
    found = {
        items.ids.get(key, "") for key in (*items.ids, *items.unknown) if plain_key(key) == plain_key(folded)
    }
    if len(found) == 1:
        return found.pop() or None
    # A number that a table of questions does not list is a key nobody explains, not a place.
    return None if items.looked_up and position(text) is not None else ""


def _decided(made: TypedTable, doubtful: dict[str, int], order: str | None) -> dict[str, str]:
    """Return the items of bare numbers on which the two orders of the regulation disagree."""
    if not doubtful:
        return {}
    column, items, answer = made.columns["item"], made.items, made.columns["answer"]
    texts = {
        number: [str(answer.values[c]) for c in np.unique(answer.codes[_of(column, text)])]
        for text, number in doubtful.items()
    }
    decided = orders.decide_order(items, texts)
    if order and decided and order != decided:
        raise Refused(
            f"the definition says order: {order}, but the answers are the options of order: {decided}",
            "correct `order:`",
        )
    chosen = order or decided
    if chosen is None:
        raise Refused(*orders.both_readings(items, doubtful), column=made.headers["item"])
    return {text: items.by_position(number, chosen) or text for text, number in doubtful.items()}


def _of(column: Coded, text: str) -> np.ndarray:
    return column.map(lambda value: value == text, bool)


def _no_two(made: TypedTable, codes: dict[str, str]) -> list[Problem]:
    """Refuse two ids that mean one item, unless no respondent answered both and both are told plainly."""
    items, column = made.items, made.columns["item"]
    by_code: dict[str, dict[str, list[str]]] = {}
    for text, code in codes.items():
        if code in items.readers:
            by_code.setdefault(code, {}).setdefault(_same(text, items), []).append(text)
    problems = []
    for code, keys in by_code.items():
        texts = [same[0] for same in keys.values()]
        if len(texts) < 2:
            continue
        first, second = (_named(text, items) for text in texts[:2])
        plainly = all(_told(text, items) for text in texts)
        if not plainly or not _apart(made, column, [set(same) for same in keys.values()]):
            raise Refused(
                f"the questions {first} and {second} both mean {code}",
                f"say under `lookups:` what each is, e.g. means: {{'{texts[1]}': {code}, '{texts[0]}': none}},"
                " or correct the texts of the questions",
                column=made.headers["item"],
            )
        problems.append(
            Problem(
                f"the questions {first} and {second} both mean {code}; nobody answered both: read as one",
                "if they are two questions, say under `lookups:` what each `means:`",
                file=str(made.files.values[0]), fatal=False,
            )
        )  # fmt: skip
    return problems


def _same(text: str, items: ItemSet) -> str:
    """Return what is alike of two ids that are one: ``01`` and ``1``; ``U1`` and ``1`` where both are places."""
    number = position(text)
    return f"#{number}" if number is not None and not items.looked_up else plain_key(folded_id(text))


def _told(text: str, items: ItemSet) -> bool:
    """Whether an id is told by its whole text, or by the definition, not by a word within it."""
    key = folded_id(text)
    if key in items.told or plain_key(key) in items.told:
        return key in items.exact or plain_key(key) in items.exact
    hit = items.match(text)
    return bool(hit and hit[1] in ("id", "question", "label"))


def _apart(made: TypedTable, column: Coded, groups: list[set[str]]) -> bool:
    """Whether no respondent has answers to two of the groups of ids."""
    if "respondent" not in made.columns:
        return False
    ids = made.columns["respondent"].codes
    seen = np.zeros(len(made.columns["respondent"].values), dtype=bool)
    for group in groups:
        theirs = np.unique(ids[column.map(group.__contains__, bool)])
        if seen[theirs].any():
            return False
        seen[theirs] = True
    return True


def _named(text: str, items: ItemSet) -> str:
    """Return an id with what the table of questions says of it."""
    key = folded_id(text)
    said = items.told.get(key) or items.told.get(plain_key(key), "")
    return f'"{text}" ({said})' if said and fold(said) != fold(text) else f'"{text}"'


def _lost(made: TypedTable, codes: dict[str, str]) -> list[Problem]:
    """Say how many answers are set aside because their question is no item, and what it may be."""
    items, counts = made.items, made.columns["item"].used()
    total = sum(counts.values())
    said_no = {key for key, why in items.unknown.items() if why == NO_ITEM}
    unknown = {
        text: n
        for text, n in counts.items()
        if codes.get(text) not in items.readers
        and not {folded_id(text), plain_key(folded_id(text))} & said_no
    }
    if not unknown:
        return []
    often = sorted(unknown, key=lambda text: (-unknown[text], text))
    listed = "; ".join(f"{_named(text, items)}, {unknown[text]:,} answers" for text in often[:MOST_NAMED])
    if len(often) > MOST_NAMED:
        listed += f"; and {len(often) - MOST_NAMED:,} more"
    taken = {code for code in codes.values() if code in items.readers}
    near = {text: nearest(_text_of(text, items), items, taken) for text in often[:MOST_NAMED]}
    pairs = ", ".join(f"'{text}': {code or 'none'}" for text, code in near.items())
    return [
        Problem(
            f"{sum(unknown.values()):,} of {total:,} answers set aside, because their question is no item:"
            f" {listed}",
            f"say under `lookups:` what each is, for example means: {{{pairs}}} (none: it is no item),"
            " or correct the text of the question",
            file=str(made.files.values[0]), column=made.headers["item"], lost=sum(unknown.values()), of=total,
        )
    ]  # fmt: skip


def _text_of(text: str, items: ItemSet) -> str:
    key = folded_id(text)
    return items.told.get(key) or items.told.get(plain_key(key), "") or text


def nearest(text: str, items: ItemSet, taken: set[str] | frozenset[str] = frozenset()) -> str:
    """Return the item whose label or question a text nearly is, to be proposed and never used unasked.

    First a slip of the pen in one label, then the one item that most of the words point to; an item that
    another question has already is never proposed.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey
    >>> from pipeline.intake.values.items import itemset
    >>> nine = itemset(Survey("x", Path(), Definition(title="x"), (), ""), ())
    >>> nearest("Kompetnsi pelaksana", nine), nearest("Kesusaian hasil yang diteriman", nine), nearest("Usia", nine)
    ('U6', 'U5', '')
    """
    said = plain(fold(text))
    if len(said) < 4 or field_of(text):
        return ""
    slips = {
        code
        for label, code in items.labels.items()
        if code not in taken and distance(said, plain(label)) is not None
    }
    if len(slips) == 1:
        return slips.pop()
    owners: dict[str, set[str]] = {}
    for label, code in items.labels.items():
        for word in plain(label).split():
            owners.setdefault(word, set()).add(code)
    found: Counter[str] = Counter()
    for word in set(said.split()):
        near = [own for own in owners if len(own) >= 4 and (own == word or distance(word, own) is not None)]
        mine = {code for own in near for code in owners[own]}
        if len(mine) == 1:
            found[mine.pop()] += 1
    ranked = [(code, n) for code, n in found.most_common() if code not in taken]
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
