"""Write the pages for evaluators: ``internal/evidence/<unit>``, and ``internal/evidence`` of the city.

They obey the rules of published pages, so that an office may hand them over; whether it does is the office's to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import survey as surveys
from pipeline.office.pages import put
from pipeline.report.data.city import open_city
from pipeline.report.data.unit import open_unit
from pipeline.report.evidence import city as city_page
from pipeline.report.evidence import unit as unit_page
from pipeline.report.evidence.known import Known
from pipeline.report.unit.actions import MODULE
from pipeline.survey import SurveyError, evidence
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.survey.evidence import Given

FOLDER = NAME = "evidence"
FORMATS = ("html", "pdf")


def write(
    survey: Survey,
    *,
    units: Sequence[str] | None = None,
    languages: Sequence[str],
    formats: Sequence[str] = ("html",),
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

    Returns
    -------
    list of Path
        Every file that was written. Where all units are asked for, pages of units that are not listed any more go.
    """
    given = evidence.read(survey)
    made, plan_of = frozenset(files(survey)), plans_of(survey)
    chosen = [one.id for one in survey.units] if units is None else units
    opened = [know(survey, unit, languages[0], given, made, plan_of) for unit in chosen]
    written: list[Path] = []
    for lang in languages:
        put_page = partial(_put, survey, lang, languages, formats)
        # The tables of a unit are the same in every language: they are read once.
        opened = [replace(known, u=replace(known.u, lang=lang)) for known in opened]
        for known in opened:
            name = f"{FOLDER}/{survey.slug(known.u.unit.id)}"
            written += put_page(name, unit_page.page(known), _up(known, lang, languages))
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


def know(
    survey: Survey, unit: str, lang: str, given: Given, made: frozenset[str], plan_of: str = ""
) -> Known:
    """Open what an evaluator may be shown of one unit."""
    before = earlier_report(survey, unit, plan_of) if plan_of else ""
    return Known(open_unit(survey, unit, lang), given, made, plan_of, before)


def plans_of(survey: Survey) -> str:
    """Name of the earlier survey whose plans are accounted for; empty where there is none: then this one's own."""
    path = survey.processed / f"{MODULE}.parquet"
    if not path.is_file():
        return ""
    import pyarrow.parquet as parquet  # late: nothing of it is needed before

    return max((name for name in parquet.read_table(path, columns=["other"])["other"].unique().to_pylist() if name),
               default="")  # fmt: skip


def earlier_report(survey: Survey, unit: str, name: str) -> str:
    """The unit's report of an earlier survey, below ``reports``, under whatever id it had; empty: there is none."""
    try:
        before = surveys.load(survey.root, name)
    except SurveyError:
        return ""
    one = survey.unit(unit)
    for known_as in (one.id, one.name, *one.aliases):
        try:
            slug = before.slug(before.unit(known_as).id)
        except SurveyError:
            continue
        for page in ("report.html", "report.pdf"):
            if (path := before.public / "units" / slug / page).is_file():
                return path.relative_to(before.reports.parent).as_posix()
    return ""


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
    written = []
    if "html" in formats:
        written.append(put.as_html(stem.with_name(f"{stem.name}.html"), shown, links, survey))
    if "pdf" in formats:
        written.append(put.as_pdf(stem.with_name(f"{stem.name}.pdf"), shown))
    return written


def _sweep(survey: Survey, written: Sequence[Path]) -> None:
    """Take away pages of an earlier time: of a unit that is not listed any more, in a form that was not asked for."""
    kept = set(written)
    for path in (survey.internal / FOLDER).glob("*"):
        if path.suffix[1:] in FORMATS and path not in kept:
            path.unlink()
