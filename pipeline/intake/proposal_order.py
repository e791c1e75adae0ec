"""The order of a questionnaire (ruling R4), where the answers of an undescribed file tell it."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.intake import orders
from pipeline.intake.coded import Coded
from pipeline.intake.headers import Header
from pipeline.intake.items import ItemSet, position


def order_of_ids(columns: Mapping[str, Coded], items: ItemSet) -> tuple[str, str]:
    """Return the order that the answers to bare item numbers show, or why it stays open."""
    item, answer = columns["item"], columns["answer"]
    doubtful = {
        text: number
        for text in item.used()
        if not items.match(text) and (number := position(text)) is not None and items.ambiguous(number)
    }
    if not doubtful:
        return "", ""
    texts = {
        number: list(answer.take(item.map(lambda value, text=text: value == text, bool)).used())
        for text, number in doubtful.items()
    }
    found = orders.decide_order(items, texts)
    return (found, "") if found else ("", orders.both_readings(items, doubtful)[0])


def order_found(header: Header, items: ItemSet) -> str:
    """Return the order under which a bare number is the unsur its answers show, if only one is."""
    for column in header.columns:
        number = position(column.header) if column.how == "order-by-answers" else None
        if number is not None:
            fits = [o for o in items.orders if items.by_position(number, o) == column.field]
            if len(fits) == 1:
                return fits[0]
    return ""
