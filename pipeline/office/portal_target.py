"""Whether each unit reaches the target, on the portal: the verdict of all units tested together, no number alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office.city import kept

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words


@kept
def verdicts(found: Results) -> dict[str, tuple[str, str]]:
    """Word (``above``, ``below``, ``undecided``) and target of each unit that was tested; read once."""
    compared = set(found.standings.loc[found.standings["sign"] == "", "unit"])
    rows = found.some("city", [("scope", "==", "unit"), ("statistic", "==", "target")], ("other", "text"))
    return {str(unit): (str(word), str(target)) for unit, target, word in rows if word and unit in compared}


def unit(found: Results, unit_id: str, w: Words) -> dict[str, str] | None:
    """A unit's word and its target; None where it has none, or takes no part."""
    known = verdicts(found).get(unit_id)
    if known is None:
        return None
    word, target = known
    return {
        "key": word,
        "word": w(f"portal.target_word.{word}"),
        "value": w.number(float(target.replace(",", "."))),
    }
