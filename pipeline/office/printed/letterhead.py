"""What stands at the top of a form and of a poster: whose it is, of which period, on which day."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.render.theme import RenderError
from pipeline.report.unit.head import report_date
from pipeline.results import store

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.survey import Survey
    from pipeline.words import Words

#: How names of regions begin that say their kind themselves.
KINDS = {
    "city": ("kota", "city"),
    "regency": ("kabupaten", "kab", "regency"),
    "province": ("provinsi", "prov", "daerah", "dki"),
}
_PART = re.compile(r"(\d{4})(?:-(?:(s)([12])|(tw|q)([1-4])|(0[1-9]|1[0-2])))?")
_ROMAN = ("", "I", "II", "III", "IV")


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


def region(w: Words, name: str, kind: str) -> str:
    """Write the name of a region with its kind where the name does not have it.

    Examples
    --------
    >>> from pipeline.words import Words
    >>> w = Words("id")
    >>> region(w, "Jepara", "regency"), region(w, "Kota Contoh", "city"), region(w, "X", "")
    ('Kabupaten Jepara', 'Kota Contoh', 'X')
    """
    if not name or kind not in KINDS or name.casefold().startswith(KINDS[kind]):
        return name
    return w(f"printed.region.{kind}", name=name)


def period(w: Words, name: str) -> str:
    """Write the period of a survey as the regulation's poster does.

    Examples
    --------
    >>> from pipeline.words import Words
    >>> [period(Words("id"), name) for name in ("2024", "2024-s1", "2024-tw3", "2024-09", "musim hujan")]
    ['Tahun 2024', 'Semester I Tahun 2024', 'Triwulan III Tahun 2024', 'Bulan September Tahun 2024', 'musim hujan']
    """
    found = _PART.fullmatch(name)
    if found is None:
        return name
    year, half, of_half, quarter, of_quarter, month = found.groups()
    if half:
        return w("printed.period.half", part=_ROMAN[int(of_half)], year=year)
    if quarter:
        return w("printed.period.quarter", part=_ROMAN[int(of_quarter)], year=year)
    if month:
        written = w.date(dt.date(int(year), int(month), 1)).split(" ")[1]
        return w("printed.period.month", month=written, year=year)
    return w("printed.period.year", year=year)


def put(survey: Survey, unit: str, lang: str, plain: bool, stem: str, suffix: str, content: bytes) -> Path:
    """Write a file of a unit beside its report; the language is in its name where it is not the first."""
    path = Path(survey.public) / "units" / survey.slug(unit) / f"{stem}{'' if plain else f'.{lang}'}.{suffix}"
    return store.write_bytes(path, content)
