"""What stands at the top of a form and of a poster: whose it is, of which period, on which day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.render.theme import RenderError
from pipeline.report.unit.head import report_date
from pipeline.results import store
from pipeline.words.places import period, region

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.survey import Survey


def facts(u: UnitReport) -> dict[str, Any]:
    """Name, agency and region, period and the document's own facts, as both templates read them."""
    w, definition = u.words, u.survey.definition
    name = str(definition.period or u.survey.name)
    day = date(u)
    return {
        "lang": u.lang,
        "unit": u.name,
        "above": above(u),
        "period": period(w, name),
        "date": [day.year, day.month, day.day],
        "data_hash": u.data_hash,
        "version": f"skm-pipeline {__version__}",
        "rule": "" if u.foreign else u.rule.short,
    }


def date(u: UnitReport) -> dt.date:
    """The day that the unit's report carries."""
    text = report_date(u)
    if not text:
        raise RenderError(
            "a form or poster needs a date: give the definition `fieldwork:` or a period with a year"
        )
    return dt.date.fromisoformat(text)


def above(u: UnitReport) -> str:
    """Write what the unit is part of: its agency where the list of units names one, and the region.

    Not "government of": an office of the police or of a ministry stands in a regency and is none of its own.
    """
    definition, parent = u.survey.definition, getattr(u.unit, "parent", "")
    agency = (
        next((unit.name for unit in u.survey.units if unit.id == parent), "") if parent != u.unit.id else ""
    )
    return " · ".join(
        part for part in (agency, region(u.words, definition.city, definition.region_kind)) if part
    )


def put(survey: Survey, unit: str, lang: str, plain: bool, stem: str, suffix: str, content: bytes) -> Path:
    """Write a file of a unit beside its report; the language is in its name where it is not the first."""
    path = Path(survey.public) / "units" / survey.slug(unit) / f"{stem}{'' if plain else f'.{lang}'}.{suffix}"
    return store.write_bytes(path, content)
