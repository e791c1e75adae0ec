"""Whether each unit reaches the target, on the portal: the verdict of all units tested together, no number alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.results.matching import matching

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words

COLUMNS = ("scope", "statistic", "unit", "other", "text")


def verdicts(found: Results) -> dict[str, tuple[str, str]]:
    """Word (``above``, ``below``, ``undecided``) and target of each unit that was tested; read once."""
    if "_targets" not in found.__dict__:
        path = Path(found.survey.processed) / "city.parquet"
        made: dict[str, tuple[str, str]] = {}
        if path.is_file():
            compared = set(found.standings.loc[found.standings["sign"] == "", "unit"])
            table = matching(
                path, [[("scope", "==", "unit"), ("statistic", "==", "target")]], COLUMNS
            ).to_pydict()
            made = {
                str(unit): (str(word), str(target))
                for unit, target, word in zip(*(table[name] for name in COLUMNS[2:]), strict=True)
                if word and unit in compared
            }
        found.__dict__["_targets"] = made
    kept: dict[str, tuple[str, str]] = found.__dict__["_targets"]
    return kept


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
