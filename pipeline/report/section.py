"""What every section of a unit report shares: its optional heading, and words as blocks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport

Section = Callable[..., Any]


def section(key: str, answers: bool = True) -> Callable[[Callable[[UnitReport], Any]], Section]:
    """Make a function of a unit report a section.

    The section returns one group of blocks; ``heading=True`` puts its question above. A
    unit without answers, and one with fewer than five where ``answers`` are needed, gets one
    sentence instead, so that no section ever sees a number it may not print (R6).

    Parameters
    ----------
    key : str
        Key under ``unit.<key>`` with ``heading`` and, where needed, ``lead``.
    answers : bool
        Whether the section prints results and hence needs five valid answers.
    """

    def decorate(make: Callable[[UnitReport], Any]) -> Section:
        @wraps(make)
        def made(u: UnitReport, *, heading: bool = False) -> Any:
            head = blocks.heading(u.words(f"unit.{key}.heading"), key=key) if heading else None
            if answers and u.sign in ("0", "x"):
                why = "unit.no_data" if u.sign == "0" else "unit.too_few"
                return blocks.group(head, say(u.words, why, style="note"))
            return blocks.group(head, make(u))

        return made

    return decorate


def runs_to_parts(runs: list[tuple[str, bool]]) -> list[Any]:
    """Turn runs of words into parts of a paragraph.

    Examples
    --------
    >>> [p if isinstance(p, str) else p.mark for p in runs_to_parts([("a", False), ("b", True)])]
    ['a', 'strong']
    """
    return [blocks.strong(text) if bold else text for text, bold in runs]


def told(*sentences: list[tuple[str, bool]], style: str = "body") -> Any:
    """Return a paragraph of sentences from ``words.narrative``; None when there is nothing to say."""
    from pipeline.words.narrative import joined

    runs = joined(*sentences)
    return blocks.prose(*runs_to_parts(runs), style=style) if runs else None


def say(w: Words, key: str, style: str = "body", **values: Any) -> Any:
    """Return a paragraph from one locale key."""
    return blocks.prose(*runs_to_parts(w.runs(key, **values)), style=style)


def reading(w: Words, key: str) -> list[tuple[str, str]]:
    """Return the four small columns under a figure: what is shown, good, to mind, to do."""
    return [(w(f"unit.reading.{name}"), w(f"{key}.{name}")) for name in ("shown", "good", "mind", "do")]
