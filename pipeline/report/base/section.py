"""What every section of a unit report shares: its optional heading, and words as blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.data.kind import WHOLE
from pipeline.words import Words
from pipeline.words.narrative import joined

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

Section = Callable[..., Any]


def section(key: str, kinds: Sequence[str] = (WHOLE,)) -> Callable[[Callable[[UnitReport], Any]], Section]:
    """Make a function of a unit report a section.

    The section returns one group of blocks; ``heading=True`` puts its question above. On a page of
    another sort it is an empty group, and the question above it is not printed either: a page that
    may show no answers has no sections that say so one by one (R6).

    Parameters
    ----------
    key : str
        Key under ``unit.<key>`` with ``heading`` and, where needed, ``lead``.
    kinds : sequence of str
        Sorts of page (``report.data.kind.KINDS``) that this section is a part of.
    """

    def decorate(make: Callable[[UnitReport], Any]) -> Section:
        @wraps(make)
        def made(u: UnitReport, *, heading: bool = False) -> Any:
            body = blocks.group(make(u)) if u.kind in kinds else blocks.group()
            if not heading or not body.blocks:
                return body
            return blocks.group(blocks.heading(u.words(f"unit.{key}.heading"), key=key), body)

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
    runs = joined(*sentences)
    return blocks.prose(*runs_to_parts(runs), style=style) if runs else None


def say(w: Words, key: str, style: str = "body", **values: Any) -> Any:
    """Return a paragraph from one locale key."""
    return blocks.prose(*runs_to_parts(w.runs(key, **values)), style=style)


def reading(w: Words, key: str) -> list[tuple[str, str]]:
    """Return the four small columns under a figure: what is shown, good, to mind, to do."""
    return [(w(f"unit.reading.{name}"), w(f"{key}.{name}")) for name in ("shown", "good", "mind", "do")]
