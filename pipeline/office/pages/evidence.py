"""Write the pages for evaluators: ``internal/evidence/<unit>``, and ``internal/evidence`` of the city.

They obey the rules of published pages, so that an office may hand them over; whether it does is the office's to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.office.pages import put
from pipeline.report.data.city import open_city
from pipeline.report.data.unit import open_unit
from pipeline.report.evidence import city as city_page
from pipeline.report.evidence import unit as unit_page
from pipeline.report.evidence.known import Known
from pipeline.survey import evidence
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.survey.evidence import Given

FOLDER = NAME = "evidence"
FORMATS = ("html", "pdf")

Told = Callable[[str], None]


def write(
    survey: Survey,
    *,
    units: Sequence[str] | None = None,
    languages: Sequence[str],
    formats: Sequence[str] = ("html",),
    told: Told = lambda unit: None,
) -> list[Path]:
    """Write the pages of units, and of the city where all units are asked for.

    Parameters
    ----------
    survey : Survey
    units : sequence of str, optional
        Ids; None: every listed unit, and the city.
    languages : sequence of str
        The first has the plain names.
    formats : sequence of str
        Of `FORMATS`.
    told : callable
        Is told the id of each unit whose page is begun.

    Returns
    -------
    list of Path
        Every file that was written. Where all units are asked for, pages of units that are not listed any more go.
    """
    given = evidence.read(survey)
    made = frozenset(files(survey))
    written: list[Path] = []
    for lang in languages:
        put_page = partial(_put, survey, lang, languages, formats)
        opened = []
        for unit in [one.id for one in survey.units] if units is None else units:
            told(unit)
            known = know(survey, unit, lang, given, made)
            opened.append(known)
            written += put_page(
                f"{FOLDER}/{survey.slug(unit)}", unit_page.page(known), _up(known, lang, languages)
            )
        if units is None:
            city = open_city(survey, lang)
            links = {
                known.u.name: f"{FOLDER}/{put.stem(survey.slug(known.u.unit.id), lang, languages)}.html"
                for known in opened
            }
            written += put_page(NAME, city_page.page(city, opened, given), links)
    if units is None:
        _sweep(survey, written)
    return written


def know(survey: Survey, unit: str, lang: str, given: Given, made: frozenset[str]) -> Known:
    """Open what an evaluator may be shown of one unit."""
    known = Known(open_unit(survey, unit, lang), given, made)
    if not known.plan_of:
        return known
    report = survey.reports.parent / known.plan_of / "public" / "units" / survey.slug(unit)
    there = next((page for page in ("report.html", "report.pdf") if (report / page).is_file()), "")
    return Known(known.u, given, made, f"{known.plan_of}/{there}" if there else "")


def files(survey: Survey) -> Iterator[str]:
    """Files of units that there are, below the survey's reports."""
    for path in sorted((survey.public / "units").glob("*/*")):
        yield path.relative_to(survey.reports).as_posix()


def _up(known: Known, lang: str, languages: Sequence[str]) -> dict[str, str]:
    """Where the evidence stands, as seen from ``internal/evidence/``."""
    report = known.page(f"{put.stem('report', lang, languages)}.html") or known.page("report.html")
    return {Words(lang)("evidence.where.report"): f"../../{report}"} if report else {}


def _put(
    survey: Survey, lang: str, languages: Sequence[str], formats: Sequence[str], name: str, shown: list[Any],
    links: dict[str, str],
) -> list[Path]:  # fmt: skip
    place, _, last = name.rpartition("/")
    stem = survey.internal / place / put.stem(last, lang, languages)
    written = [put.as_html(stem.with_name(f"{stem.name}.html"), shown, links)]
    if "pdf" in formats:
        written.append(put.as_pdf(stem.with_name(f"{stem.name}.pdf"), shown))
    return written if "html" in formats else written[1:]


def _sweep(survey: Survey, written: Sequence[Path]) -> None:
    """Take away pages of an earlier time: of a unit that is not listed any more, in a form that was not asked for."""
    kept = set(written)
    for path in (survey.internal / FOLDER).glob("*"):
        if path.suffix[1:] in FORMATS and path not in kept:
            path.unlink()
