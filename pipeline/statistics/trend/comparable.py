"""What makes two surveys comparable (R8): rule, order, scale, mode, executor, wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline import rules

#: What is held against what, in the order it is told.
KINDS = ("rule", "scale", "order", "mode", "executor")


@dataclass(frozen=True)
class Conditions:
    """Under which conditions a survey was held; "" where it is not stated.

    Attributes
    ----------
    rule, order, mode, executor : str
        Regulation, order of the questions, way of asking, who asked.
    scale : (int, int)
        Lowest and highest answer.
    wording : mapping of item to question
        As it was asked; an item that is not in it says nothing of its wording.
    modes : mapping of unit to way of asking
        Where units were asked in different ways; then ``mode`` breaks units, not the whole.
    """

    rule: str = ""
    order: str = ""
    scale: tuple[int, int] = (1, 4)
    mode: str = ""
    executor: str = ""
    wording: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, str] = field(default_factory=dict)

    def mode_of(self, unit: str) -> str:
        """Way a unit was asked, else the survey's; "" where it is not stated."""
        return self.modes.get(unit, "" if self.modes else self.mode)


def breaks(now: Conditions, then: Conditions) -> tuple[str, ...]:
    """What changed between two surveys and stops a comparison of the whole.

    Something not stated on one side is no break: it is unknown, and the card says so. The two orders
    of a regulation are no break of the whole: they exchange two unsur, which are left out (`moved`).

    Examples
    --------
    >>> breaks(Conditions(rule="14/2017", mode="web"), Conditions(rule="16/2014"))
    ('rule',)
    """
    out = []
    for kind in KINDS:
        if kind == "mode" and (now.modes or then.modes):
            continue  # looked at unit by unit
        if kind == "order" and moved(now, then):
            continue  # looked at item by item
        one, other = getattr(now, kind), getattr(then, kind)
        if one and other and one != other:
            out.append(kind)
    return tuple(out)


def unit_breaks(unit: str, now: Conditions, then: Conditions) -> tuple[str, ...]:
    """What changed for one unit alone: the way it was asked.

    Examples
    --------
    >>> unit_breaks("a", Conditions(modes={"a": "online"}), Conditions(modes={"a": "self-paper"}))
    ('mode',)
    """
    if not (now.modes or then.modes):
        return ()  # then it is a break of the whole
    one, other = now.mode_of(unit), then.mode_of(unit)
    return ("mode",) if one and other and one != other else ()


def unstated(now: Conditions, then: Conditions) -> tuple[str, ...]:
    """What cannot be held against the other survey because one of them does not say.

    Examples
    --------
    >>> unstated(Conditions(rule="14/2017", mode="web", executor="x", order="form"), Conditions(rule="14/2017"))
    ('order', 'mode', 'executor')
    """
    silent = []
    for kind in KINDS:
        both = [getattr(c, kind) or (kind == "mode" and c.modes) for c in (now, then)]
        if not all(both):
            silent.append(kind)
    return tuple(silent)


def moved(now: Conditions, then: Conditions) -> tuple[str, ...]:
    """Items that stood at another place, where both surveys followed an order of one regulation (R4).

    Examples
    --------
    >>> moved(Conditions("14/2017", "form"), Conditions("14/2017", "questionnaire"))
    ('U8', 'U9')
    """
    if not (now.order and then.order and now.rule and now.rule == then.rule) or now.order == then.order:
        return ()
    try:
        orders = rules.load(now.rule).orders
        pairs = zip(orders[now.order], orders[then.order], strict=True)
    except (KeyError, rules.RuleError):
        return ()
    return tuple(sorted(one for one, other in pairs if one != other))


def reworded(now: Conditions, then: Conditions) -> tuple[str, ...]:
    """Items whose question is worded otherwise; one that only one survey words is unknown.

    Examples
    --------
    >>> reworded(Conditions(wording={"U3": "Cepat?"}), Conditions(wording={"U3": "Cepatkah?", "U4": "Mahal?"}))
    ('U3',)
    """
    both = [item for item in now.wording if item in then.wording]
    return tuple(item for item in both if _words(now.wording[item]) != _words(then.wording[item]))


def _words(question: str) -> str:
    return " ".join(question.split()).casefold()


def item_breaks(item: str, now: Conditions, then: Conditions) -> tuple[str, ...]:
    """What changed for one item: what changed for all, its own place and its own wording.

    Examples
    --------
    >>> item_breaks("U3", Conditions(wording={"U3": "Cepat?"}), Conditions(wording={"U3": "Cepatkah?"}))
    ('wording',)
    >>> item_breaks("U8", Conditions("14/2017", "form"), Conditions("14/2017", "questionnaire"))
    ('order',)
    """
    return breaks(now, then) + own_breaks(item, now, then)


def own_breaks(item: str, now: Conditions, then: Conditions) -> tuple[str, ...]:
    """What changed for one item alone: its place among the questions, its wording."""
    place = ("order",) if item in moved(now, then) else ()
    return place + (("wording",) if item in reworded(now, then) else ())


def asked_in_both(answers: Any, earlier: Any) -> list[str] | None:
    """Items of both surveys; None when scores were given.

    Examples
    --------
    >>> import pandas as pd
    >>> now, then = pd.DataFrame({"U1": [4], "U2": [3]}), pd.DataFrame({"U2": [3], "U4": [2]})
    >>> asked_in_both(now, then), asked_in_both(now, pd.Series([75.0]))
    (['U2'], None)
    """
    if not (hasattr(answers, "columns") and hasattr(earlier, "columns")):
        return None
    return [str(c) for c in answers.columns if c in earlier.columns]


def asked_alike(items: Iterable[str], now: Conditions, then: Conditions) -> list[str]:
    """Those of the items that stood at the same place in the same words.

    Examples
    --------
    >>> asked_alike(["U2", "U3"], Conditions(wording={"U3": "Cepat?"}), Conditions(wording={"U3": "Cepatkah?"}))
    ['U2']
    """
    return [item for item in items if not own_breaks(item, now, then)]
