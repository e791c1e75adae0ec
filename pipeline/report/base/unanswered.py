"""Say on the first page which unsur of the regulation nobody answered: the index does not rest on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks

if TYPE_CHECKING:
    from pipeline.report.data.city import CityReport
    from pipeline.report.data.unit import UnitReport


def of_unit(u: UnitReport) -> list[Any]:
    """Return a notice where some but not all of the regulation's unsur were answered in a unit."""
    lacking = _lacking(u.rule.codes, u.items)
    if not lacking:
        return []
    return [_notice(u.words, "unit.summary", [u.item_name(code) for code in lacking])]


def of_city(city: CityReport) -> list[Any]:
    """Return the same for the city, or for a set of units."""
    rows = city.city[(city.city["statistic"] == "nrr") & city.city["estimate"].notna()]
    lacking = _lacking(city.rule.codes, list(rows["item"]))
    if not lacking:
        return []
    return [_notice(city.words, "overview", [city.item_name(code) for code in lacking])]


def _lacking(codes: Any, answered: list[str]) -> list[str]:
    """Return the unsur without an answer; none where the questionnaire is not the regulation's at all."""
    return [code for code in codes if code not in answered] if any(c in answered for c in codes) else []


def _notice(w: Any, where: str, names: list[str]) -> Any:
    return blocks.notice(
        w(f"{where}.unanswered", names=w.join(names)), kind="caution", title=w(f"{where}.unanswered_title")
    )
