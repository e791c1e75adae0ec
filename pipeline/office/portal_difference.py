"""Each unit beside the others of its group, on the portal: the word its test carries, with the difference (R14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.office.city import kept

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words


@kept
def verdicts(found: Results) -> dict[str, tuple[str, float, str]]:
    """Word, difference in points and group of each unit that was compared; read once."""
    wanted = [("scope", "==", "unit"), ("statistic", "==", "difference")]
    rows = found.some("verdicts", wanted, ("group", "estimate", "text"))
    return {str(unit): (str(word), float(size), str(group)) for unit, group, size, word in rows if word}


def unit(found: Results, unit_id: str, w: Words) -> dict[str, str] | None:
    """A unit's word with its difference and whom it was compared with; None where it takes no part."""
    known = verdicts(found).get(unit_id)
    if known is None:
        return None
    word, size, group = known
    among = w("portal.against_group", group=group) if group else w("portal.against_city")
    return {
        "key": f"{size:.6f}",
        "word": w(f"compare.difference.{word}"),
        "value": w.number(size),
        "note": among,
    }
