"""The order of a questionnaire (ruling R4), where the answers of an undescribed file tell it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import eq

from pipeline.intake.columns import orders
from pipeline.intake.columns.headers import Header
from pipeline.intake.ground.coded import Coded
from pipeline.intake.propose.yamltext import note
from pipeline.intake.values.items import ItemSet, position


def order_of_ids(columns: Mapping[str, Coded], items: ItemSet) -> tuple[str, str]:
    """Return the order that the answers to bare item numbers show, or why it stays open."""
    return order_by_answers({text: text for text in columns["item"].used()}, columns, items)


def order_by_answers(
    texts: Mapping[str, str], columns: Mapping[str, Coded], items: ItemSet
) -> tuple[str, str]:
    """Return the order that the answers show of items named by a bare number, or why it stays open.

    Parameters
    ----------
    texts : mapping of str to str
        Of each value of the item column what it stands for: its text in a codebook, else itself.
    columns : mapping
        ``item`` and ``answer``, a row an answer.
    items : ItemSet
    """
    item, answer = columns["item"], columns["answer"]
    doubtful = {
        key: number
        for key, text in texts.items()
        if not items.match(text) and (number := position(text)) is not None and items.ambiguous(number)
    }
    if not doubtful:
        return "", ""
    said = {
        number: list(answer.take(item.map(partial(eq, key), bool)).used()) for key, number in doubtful.items()
    }
    found = orders.decide_order(items, said)
    return (found, "") if found else ("", orders.both_readings(items, doubtful)[0])


def order_lines(order: str, why: str) -> list[str]:
    """Lines of a proposed definition: the order that was found, or the question whoever knows the form answers.

    Parameters
    ----------
    order, why : str
        As `order_of_ids` returns them; nothing is said where both are empty.

    Examples
    --------
    >>> order_lines("form", "")
    ['order: form    # the answers are the options of this order']
    >>> order_lines("", "")
    []
    """
    if order:
        return [f"order: {order}    # the answers are the options of this order"]
    if not why:
        return []
    return [
        "",
        "# TO DECIDE: " + note(why, 400),
        "# Take the paper or online form that was filled in: is question 8 about complaints (form) or about",
        "# facilities (questionnaire)? Then keep one of the two lines, without the #.",
        "# order: form",
        "# order: questionnaire",
    ]


def order_found(header: Header, items: ItemSet) -> str:
    """Return the order under which a bare number is the unsur its answers show, if only one is."""
    for column in header.columns:
        number = position(column.header) if column.how == "order-by-answers" else None
        if number is not None:
            fits = [o for o in items.orders if items.by_position(number, o) == column.field]
            if len(fits) == 1:
                return fits[0]
    return ""
