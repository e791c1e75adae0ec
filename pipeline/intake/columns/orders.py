"""What a bare number in a header means: by the order the definition states, or by the answers (ruling R4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Refused
from pipeline.intake.values.items import ItemSet
from pipeline.survey.text import fold


def positions(
    items: ItemSet,
    positional: Mapping[int, int],
    columns: Mapping[int, Coded],
    order: str | None,
    headers: Sequence[str],
) -> dict[int, tuple[str, str]]:
    """Give bare numbers their item: by a stated order, or by the texts of the answers.

    ``positional`` has the number that the header of each column says; several columns may say the same.
    """
    hits: dict[int, tuple[str, str]] = {}
    doubtful: dict[int, int] = {}
    for index, number in positional.items():
        code = items.by_position(number, "form")
        if code is None:
            continue
        if items.ambiguous(number):
            doubtful[index] = number
        else:
            hits[index] = (code, "position")
    if not doubtful:
        return hits
    texts: dict[int, list[str]] = {}
    for index, number in doubtful.items():
        texts.setdefault(number, []).extend(columns[index].used())
    decided = decide_order(items, texts)
    if order and decided and decided != order:
        raise Refused(
            f"the definition says order: {order}, but the answers under"
            f" {_quoted(headers, doubtful)} are the options of order: {decided}",
            "correct `order:`, or map the columns under `columns:`",
        )
    chosen = order or decided
    if chosen is None:
        raise Refused(*both_readings(items, {headers[i]: n for i, n in doubtful.items()}))
    how = f"order-{chosen}" if order else "order-by-answers"
    for index, number in doubtful.items():
        code = items.by_position(number, chosen)
        if code:
            hits[index] = (code, how)
    return hits


def _quoted(headers: Sequence[str], doubtful: Mapping[int, int]) -> str:
    return " and ".join(f'"{headers[i]}"' for i in doubtful)


def decide_order(items: ItemSet, texts: Mapping[int, list[str]]) -> str | None:
    """Return the only order under which the option texts belong to their item, else None.

    Numbers and letters decide nothing. The official wording decides before synonyms do,
    because general wordings (baik, sangat baik) are synonyms for several unsur.
    """
    for strict in (True, False):
        fits: dict[str, int] = {}
        for order in items.orders:
            score = wrong = 0
            for number, values in texts.items():
                code = items.by_position(number, order)
                reader = items.readers[code] if code else None
                for value in values:
                    if reader is None:
                        continue
                    if not any(r.knows(value) for r in items.readers.values()):
                        continue
                    known = fold(value) in reader.official if strict else reader.knows(value)
                    score, wrong = score + known, wrong + (not known)
            fits[order] = score if not wrong else 0
        good = [order for order, score in fits.items() if score]
        if len(good) == 1:
            return good[0]
    return None


def both_readings(items: ItemSet, doubtful: Mapping[str, int]) -> tuple[str, str]:
    """Return the sentence that shows what bare numbers mean under either order, and the hint."""
    readings = []
    for order in items.orders:
        parts = []
        for header, number in doubtful.items():
            code = items.by_position(number, order) or "?"
            parts.append(f'"{header}" = {code} ({items.shown_label(code)})')
        readings.append(f"order: {order} reads {', '.join(parts)}")
    return (
        "a bare number does not say which unsur is meant: " + "; ".join(readings),
        "state `order: form` or `order: questionnaire` in survey.yml, whichever the questionnaire used",
    )
