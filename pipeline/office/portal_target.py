"""Whether each unit reaches the target, on the portal: the verdict of all units tested together, no number alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office.city import kept
from pipeline.standings import targets

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words


@kept
def verdicts(found: Results) -> dict[str, tuple[str, str]]:
    """Word (``above``, ``below``, ``undecided``) and target of each unit that was tested; read once."""
    signs = dict(zip(found.standings["unit"], found.standings["sign"], strict=True))
    rows = found.some("city", [("scope", "==", "unit"), ("statistic", "==", "target")], ("other", "text"))
    return {
        str(unit): (word, str(target))
        for unit, target, text in rows
        if (word := targets.relation(text, signs.get(unit, "x")))
    }


def city(found: Results, w: Words) -> list[tuple[str, bool]] | None:
    """Say whether the city reaches its target, as the overview does; None where no unit is held against one."""
    where = [("scope", "==", "city"), ("statistic", "==", "target")]
    told = [
        (str(word), str(target)) for _, target, word in found.some("city", where, ("other", "text")) if word
    ]
    if not told or not verdicts(found):
        return None
    (word, target), *_ = told
    return w.runs(f"portal.target_city.{word}", target=_number(w, target))


def unit(found: Results, unit_id: str, w: Words) -> dict[str, str] | None:
    """A unit's word and its target; None where it has none, or takes no part."""
    known = verdicts(found).get(unit_id)
    if known is None:
        return None
    word, target = known
    return {
        "key": word,
        "word": w(f"narrative.reached.{word}"),
        "value": _number(w, target),
    }


def _number(w: Words, target: str) -> str:
    """Write a target as the reader's language writes numbers."""
    return w.number(targets.goal(target))
