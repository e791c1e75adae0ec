"""Names of regions and periods, written as official papers write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.words.lookup import Words

#: How names of regions begin that say their kind themselves.
KINDS = {
    "city": ("kota", "city"),
    "regency": ("kabupaten", "kab", "regency"),
    "province": ("provinsi", "prov", "daerah", "dki"),
}
_PART = re.compile(r"(\d{4})(?:-(?:(s)([12])|(tw|q)([1-4])|(0[1-9]|1[0-2])))?")
_ROMAN = ("", "I", "II", "III", "IV")


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
