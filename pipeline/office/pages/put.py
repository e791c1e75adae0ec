"""From blocks to the file of a page, and what each language's file is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.render import content, html
from pipeline.results.store import write_bytes, write_text
from pipeline.survey import Survey


def stem(name: str, lang: str, languages: Sequence[str]) -> str:
    """Name of a page's file without its ending: the first language has the plain one.

    Examples
    --------
    >>> stem("status", "id", ["id", "en"]), stem("status", "en", ["id", "en"])
    ('status', 'status.en')
    """
    return name if lang == languages[0] else f"{name}.{lang}"


def as_html(
    path: Path, shown: Iterable[Any], links: Mapping[str, str] | None = None, survey: Survey | None = None
) -> Path:
    """Write blocks as one HTML page; names in a column ``unit`` become links, those of a survey's units are marked."""
    names = [unit.name for unit in survey.units] if survey else []
    spoken = survey.definition.languages[0] if survey else ""
    around = html.Around(links=links or {}, names=names, spoken=spoken)
    return write_text(path, html.write(content.of_blocks(shown), around=around))


def as_pdf(path: Path, shown: Iterable[Any]) -> Path:
    """Write blocks as one PDF that passes PDF/UA-1."""
    from pipeline.render import pdf  # late: few ask for it

    return write_bytes(path, pdf.compile_pdf(content.of_blocks(shown)).data)
