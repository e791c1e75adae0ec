"""Compile a report to PDF/UA-1 and PDF/A-2a in memory, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pipeline.render.characters import Cleaner
from pipeline.render.content import Report
from pipeline.render.page_breaks import next_to_float
from pipeline.render.theme import FONTS, TEMPLATES, RenderError
from pipeline.render.typst_source import source

STANDARDS = ["ua-1", "a-2a"]
# Typst's own words for a glyph no font has; the only failure that a stricter choice of characters can mend.
_GLYPH_TROUBLE = ("could not be displayed with", "missing codepoints")
# Typst's words for places that keep changing with what pages say of themselves.
_RESTLESS = ("position did not", "page number", "page counter")
_LOCAL = threading.local()


@dataclass(frozen=True)
class Pdf:
    """A compiled report and what the character filter did to it."""

    data: bytes
    removed: int
    replaced: int


@cache
def _template() -> bytes:
    return (TEMPLATES / "report.typ").read_bytes()


def _compiler() -> Any:
    """One compiler per thread: it keeps fonts and parsed files between reports."""
    found = getattr(_LOCAL, "compiler", None)
    if found is None:
        import typst

        found = _LOCAL.compiler = typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
    return found


def compile_pdf(report: Report, timestamp: dt.date | None = None) -> Pdf:
    """Compile a report.

    Parameters
    ----------
    report
        What `content.read` returned.
    timestamp
        Date of the document; defaults to the document block's date. Never the clock.

    Raises
    ------
    RenderError
        Without a date, or with Typst's message when compilation fails.
    """
    day = timestamp or _date(report)
    cleaner = Cleaner()
    try:
        return Pdf(_settled(report, day, cleaner), cleaner.removed, cleaner.replaced)
    except RenderError as error:
        if not glyph_trouble(error):
            raise
    # A glyph that the coverage list promises can still be lost in shaping. Then single letters have to do.
    cleaner = Cleaner(strict=True)
    return Pdf(_settled(report, day, cleaner), cleaner.removed, cleaner.replaced)


def _settled(report: Report, day: dt.date, cleaner: Cleaner) -> bytes:
    """Compile with drawings that float where they would leave a page blank."""
    data, warnings = _compile(source(report, _ymd(day), cleaner), day)
    if not any(part in words for words in warnings for part in _RESTLESS):
        return data
    return _decided(report, day, cleaner.strict)


def _decided(report: Report, day: dt.date, strict: bool) -> bytes:
    """Compile pages that come to no rest by themselves: from the front, one drawing after the other is let float."""
    floats: list[str] = []
    while True:
        main = source(report, _ymd(day), Cleaner(strict), floats=floats)
        one = next_to_float(_places(main), floats)
        if one is None:
            return _compile(main, day)[0]
        floats.append(one)


def _places(main: str) -> list[dict[str, Any]]:
    """Where the drawings stand whose places are decided, in the order of the report."""
    import typst

    opened: Any = typst.Compiler  # its type of input cannot be told
    compiler = opened(_files(main), font_paths=[str(FONTS)], ignore_system_fonts=True)
    try:
        found: list[dict[str, Any]] = json.loads(compiler.query("<drawing-place>", field="value"))
    except typst.TypstError as error:
        raise RenderError(f"the PDF could not be made: {error}") from error
    return sorted(found, key=lambda one: one["order"])


def _date(report: Report) -> dt.date:
    text = str(report.document.get("date") or "")
    if not text:
        raise RenderError(
            "a PDF needs a date, the survey's and not today's: state `fieldwork:`, or a `period:` with a year"
        )
    return dt.date.fromisoformat(text)


def _ymd(day: dt.date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def glyph_trouble(error: RenderError) -> bool:
    """Whether a page failed over a glyph, which a stricter choice of characters mends."""
    return any(words in str(error) for words in _GLYPH_TROUBLE)


def _files(main: str) -> dict[str, bytes]:
    return {"main.typ": main.encode("utf-8"), "report.typ": _template()}


def _compile(main: str, day: dt.date) -> tuple[bytes, list[str]]:
    return _compiled(_files(main), day, "pdf", STANDARDS, None)


def compiled(
    files: dict[str, bytes],
    day: dt.date,
    *,
    format: Literal["pdf", "png"],
    standards: Sequence[str] = (),
    ppi: float | None = None,
) -> bytes:
    """Compile Typst files, of which ``main.typ`` is the first, with the bundled fonts and a given date.

    Raises
    ------
    RenderError
        With Typst's message.
    """
    return _compiled(files, day, format, standards, ppi)[0]


def _compiled(
    files: dict[str, bytes], day: dt.date, format: str, standards: Sequence[str], ppi: float | None
) -> tuple[bytes, list[str]]:
    import typst

    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    try:
        data, warnings = _compiler().compile_with_warnings(
            files, format=format, pdf_standards=list(standards), timestamp=moment, ppi=ppi
        )
    except typst.TypstError as error:
        raise RenderError(f"the {format.upper()} could not be made: {error}") from error
    return data, [str(warning) for warning in warnings]
