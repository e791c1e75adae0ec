"""Each unit beside the others of its group, on the portal: the word its test carries, with the difference (R14)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.results.matching import matching

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words

#: Columns that are read of ``verdicts``.
COLUMNS = ("scope", "statistic", "unit", "group", "estimate", "text")


def verdicts(found: Results) -> dict[str, tuple[str, float, str]]:
    """Word, difference in points and group of each unit that was compared; read once."""
    if "_differences" not in found.__dict__:
        path = Path(found.survey.processed) / "verdicts.parquet"
        made: dict[str, tuple[str, float, str]] = {}
        if path.is_file():
            wanted = [[("scope", "==", "unit"), ("statistic", "==", "difference")]]
            table = matching(path, wanted, COLUMNS).to_pydict()
            made = {
                str(unit): (str(word), float(size), str(group))
                for unit, group, size, word in zip(*(table[name] for name in COLUMNS[2:]), strict=True)
                if word and unit not in found.private
            }
        found.__dict__["_differences"] = made
    kept: dict[str, tuple[str, float, str]] = found.__dict__["_differences"]
    return kept


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
