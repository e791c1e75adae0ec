"""One date as people and systems write it, in Indonesia: what a single cell may mean, with nothing heavy imported."""

from __future__ import annotations

import datetime as dt
import re

from pipeline.intake.ground.plaintext import bare

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"), ("februari", "february", "feb", "pebruari"),
            ("maret", "march", "mar"), ("april", "apr"), ("mei", "may"), ("juni", "june", "jun"),
            ("juli", "july", "jul"), ("agustus", "august", "agu", "ags", "aug", "agt"),
            ("september", "sep", "sept"), ("oktober", "october", "okt", "oct"),
            ("november", "nov", "nopember", "nop"), ("desember", "december", "des", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

_CLOCK = r"(?:[T ,]+(?:pukul |jam )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
_ZONE = r"\s*(?:WIB|WITA|WIT|Z|(?:GMT|UTC)?\s*[+-]\d{1,2}(?::?\d{2})?|GMT|UTC)?"
_ISO = re.compile(rf"^(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}{_ZONE}$")
_LOCAL = re.compile(
    rf"^(?:[A-Za-z']+,\s*)?(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}$"
)
_NAMED = re.compile(
    rf"^(?:[A-Za-z']+,\s*)?(\d{{1,2}})[-/. ]+([A-Za-z]{{3,9}})\.?[-/., ]+(\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}$"
)
_US_NAMED = re.compile(rf"^([A-Za-z]{{3,9}})\.?\s+(\d{{1,2}}),?\s+(\d{{4}}){_CLOCK}{_ZONE}$")
_SERIAL = re.compile(r"^\d{5}(?:[.,]\d+)?$")

NOT_YEAR_FIRST = r"^(?:.{0,3}[^0-9]|.{0,3}$)"
FIRST, LAST = dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)
_EPOCH = dt.datetime(1899, 12, 30)


def local_parts(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date such as 3/4/2025, which may be day and month in either order.

    Examples
    --------
    >>> local_parts("13/6/2025 9:10"), local_parts("2025-06-13"), local_parts("5 Maret 2024")
    ((13, 6), None, None)
    """
    # 2024-03-05 is the commonest form and says nothing here.
    if text[:4].isdigit():
        return None
    match = _LOCAL.match(text if text.isascii() else bare(text))
    return (int(match[1]), int(match[2])) if match else None


def is_cell(text: str) -> bool:
    """Whether a text is what a date cell of a spreadsheet becomes: year first, or a number of days.

    Examples
    --------
    >>> is_cell("2025-06-02 09:00:00"), is_cell("45814.375"), is_cell("13/06/2025")
    (True, True, False)
    """
    return bool(_ISO.match(text) or _SERIAL.match(text))


def parse(text: str, month_day: bool = False) -> tuple[dt.datetime | None, str]:
    """Return the moment a text means and, where there is none, the reason code.

    Examples
    --------
    >>> parse("5 Maret 2024")[0], parse("0000-00-00")
    (datetime.datetime(2024, 3, 5, 0, 0), (None, 'impossible-date'))
    """
    text = text.strip() if text.isascii() else bare(text)
    if not text:
        return None, ""
    try:
        moment = _read(text, month_day)
    except (ValueError, OverflowError):
        return None, "impossible-date"
    if moment is None:
        return None, "unreadable-date"
    if not FIRST <= moment < LAST:
        return None, "impossible-date"
    return moment, ""


def _read(text: str, month_day: bool) -> dt.datetime | None:
    match = _ISO.match(text)
    if match:
        return _moment(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:7])
    match = _LOCAL.match(text)
    if match:
        day, month = int(match[1]), int(match[2])
        if month_day:
            day, month = month, day
        return _moment(_year(match[3]), month, day, match.groups()[3:7])
    match = _NAMED.match(text)
    if match and match[2].casefold() in _MONTHS:
        return _moment(_year(match[3]), _MONTHS[match[2].casefold()], int(match[1]), match.groups()[3:7])
    match = _US_NAMED.match(text)
    if match and match[1].casefold() in _MONTHS:
        return _moment(int(match[3]), _MONTHS[match[1].casefold()], int(match[2]), match.groups()[3:7])
    if _SERIAL.match(text):
        return _EPOCH + dt.timedelta(seconds=round(float(text.replace(",", ".")) * 86400))
    return None


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _moment(year: int, month: int, day: int, clock: tuple[str | None, ...]) -> dt.datetime:
    hour, minute, second = (int(part) if part else 0 for part in clock[:3])
    half = (clock[3] or "").lower()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return dt.datetime(year, month, day, hour, minute, second)
