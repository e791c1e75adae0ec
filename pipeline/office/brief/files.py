"""Bytes and files of the brief: `brief.pdf` and `slides.html` of the city, from the overview's own sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.office import template
from pipeline.office.city import title
from pipeline.render import content, html, pdf
from pipeline.render.characters import Cleaner
from pipeline.report import brief
from pipeline.report.data.city import CityReport, open_city
from pipeline.results import store
from pipeline.survey.formats import of_brief

if TYPE_CHECKING:
    from pipeline.survey import Survey

#: Pages of the brief, and rows less of the last figure of the first page until it fits.
PAGES, LESS = 2, (0, 2, 9)
_PAGE = re.compile(rb"/Type ?/Page\b")


def write(survey: Survey, languages: Sequence[str]) -> list[Path]:
    """Write the brief of a survey in each language; the first has the plain names.

    Parameters
    ----------
    survey : Survey
    languages : sequence of str
        ``id``, ``en`` or both.

    Returns
    -------
    list of Path
    """
    found = dict(made(survey, languages))
    for old in of_brief(survey.public):
        if old.name not in found:
            old.unlink()
    return [store.write_bytes(Path(survey.public) / name, data) for name, data in found.items()]


def made(survey: Survey, languages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file, without writing any."""
    for place, lang in enumerate(languages):
        city = open_city(survey, lang)
        mark = f".{lang}" if place else ""
        yield f"brief{mark}.pdf", two_pages(city)
        yield f"slides{mark}.html", slides(city).encode("utf-8")


def two_pages(city: CityReport) -> bytes:
    """Return the printed pages: where the first does not hold everything, with fewer rows of its last figure."""
    for less in LESS:
        data = pdf.compile_pdf(content.of_blocks(brief.pages(city, less))).data
        if len(_PAGE.findall(data)) <= PAGES:
            break
    return data


def slides(city: CityReport) -> str:
    """Return the slides as one page that needs nothing else."""
    from markupsafe import Markup

    w, cleaner = city.words, Cleaner(covered=False)
    report = content.of_blocks(brief.slides(city))
    # All three are markup of this house: every text of the survey in them was escaped when it was written.
    return str(
        template.page("slides.html").render(
            lang=city.lang,
            title=cleaner(title(city.survey, city.lang)),
            heading=cleaner(str(report.document["title"])),
            kicker=cleaner(str(report.document["kicker"])),
            footer=cleaner(report.footer()),
            synthetic=w("common.synthetic") if report.document["synthetic"] else "",
            data_hash=report.document["data_hash"],
            version=report.document["version"],
            body=Markup(html.sections(report, cleaner)),  # noqa: S704
            css=Markup(html.stylesheet() + template.text("slides.css")),  # noqa: S704
            script=Markup(template.text("slides.js")),  # noqa: S704
            t={key: w(f"brief.slides.{key}") for key in ("controls", "before", "after", "help")},
            named=cleaner(w("brief.slides.title", title=report.document["title"])),
            of=w("brief.slides.of", place="#", all="##"),
        )
    )
