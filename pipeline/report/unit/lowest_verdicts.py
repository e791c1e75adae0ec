"""The lowest and the highest unsur of a unit as verdicts: what is tested, tied, or a fact (R18)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline.report.data.unit import estimate, whole
from pipeline.words import narrative
from pipeline.words.verdicts import Channel, Element

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.results import Row

FACT = "states-a-fact"
#: More unsur of one value than this are counted, not named.
MOST_NAMED = 4


def item_value(u: UnitReport, item: str) -> float | None:
    """Value of an unsur on the scale that ends at 100."""
    nrr = u.value("index", "nrr", item=item)
    return None if nrr is None else nrr * u.factor


def exact(u: UnitReport) -> dict[str, Fraction | float]:
    """Mean of every unsur as the fraction of its sum and its answers, so that a tie is a tie."""
    found: dict[str, Fraction | float] = {}
    for item, row in u.by_item("index", "nrr").items():
        top, bottom = whole(row.numerator), whole(row.denominator)
        if top is not None and bottom:
            found[item] = Fraction(top, bottom)
        elif estimate(row) is not None:
            found[item] = round(float(row.estimate), 12)
    return {item: found[item] for item in u.items if item in found}


def ordered(u: UnitReport) -> list[str]:
    """Items from the lowest value to the highest; ties in the order of the form."""
    values = exact(u)
    return sorted(values, key=lambda item: values[item])


def all_equal(u: UnitReport) -> bool:
    """Whether there is no lowest unsur, because all have exactly one value."""
    return len(set(exact(u).values())) <= 1


def lowest(u: UnitReport, count: int = 3) -> list[Element]:
    """The lowest unsur, each with what the tests say of it; none where all are equal (R18)."""
    if all_equal(u):
        return []
    found = {item: row for item, row in u.by_item("priorities", "priority").items() if row.text}
    if not found:
        low = ordered(u)
        top = exact(u)[low[-1]]
        return [element(u, item) for item in low[:count] if exact(u)[item] < top]
    ranked = sorted(found.values(), key=lambda row: row.estimate)[:count]
    return [marked(u, row) for row in ranked]


def marked(u: UnitReport, row: Row) -> Element:
    """One listed unsur with the opinions that it was shown to be lower than."""
    if row.text == FACT:
        return element(u, row.item, FACT)
    lower = tuple(narrative.inside_sentence(u.item_name(other)) for other in lower_than(u, row.item))
    return element(u, row.item, str(row.text), lower)


def lower_than(u: UnitReport, item: str) -> list[str]:
    """The opinions that one was shown to be lower than, in the order of the form."""
    pairs = pairs_of(u, item).items()
    return [other for other, pair in pairs if pair.text == "clearly-lower" and pair.item == item]


def pairs_of(u: UnitReport, item: str) -> dict[str, Row]:
    """The tested pairs of an unsur by the other one, in the order of the form."""
    found = {}
    for row in u.rows("priorities", "lower_than"):
        if item in (row.item, row.other):
            found[row.other if row.item == item else row.item] = row
    return {other: found[other] for other in u.items if other in found}


def element(u: UnitReport, item: str, mark: str = "", lower: tuple[str, ...] = ()) -> Element:
    """One unsur with its value as printed."""
    mark = mark or (FACT if item in u.states_fact else "")
    return Element(item, u.item_name(item), u.words.number(item_value(u, item)), mark, lower)


def equal_groups(u: UnitReport, among: list[Element]) -> list[list[Element]]:
    """Unsur of exactly one value, for every value that one of the given has together with others."""
    values = exact(u)
    wanted = dict.fromkeys(values[e.item] for e in among if e.item in values)
    groups = [[element(u, item) for item in values if values[item] == value] for value in wanted]
    return [group for group in groups if len(group) > 1]


def highest(u: UnitReport, count: int = 2) -> list[Element]:
    """The unsur with the largest values, when there are enough to be worth naming; a tie is whole."""
    values = exact(u)
    if len(values) < count + 3 or all_equal(u):
        return []
    found: list[str] = []
    for value in sorted(set(values.values()), reverse=True):
        level = [item for item in values if values[item] == value]
        if found and (len(found) >= count or len(found) + len(level) > MOST_NAMED):
            break
        found += level
    return [element(u, item) for item in found]


def no_channel(u: UnitReport) -> Channel | None:
    """Who says that there is no complaint channel, where that is half of the respondents or more."""
    row = next((r for r in u.rows("priorities", "no_channel") if r.text == "half-or-more"), None)
    share = estimate(row)
    if row is None or share is None:
        return None
    return Channel(row.item, u.item_name(row.item), whole(row.numerator) or 0, whole(row.denominator) or 0)
