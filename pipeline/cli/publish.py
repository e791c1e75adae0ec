"""What is written beside the reports: workbooks, the tables of the whole survey, the portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.run.failures import Outcome
    from pipeline.run.plan import Options
    from pipeline.survey import Survey


def with_extras(survey: Survey, options: Options) -> Options:
    """The same options, with what is made after each unit's report and the rows a unit reads."""
    first = options.languages[0]
    extras = [partial(write_workbook, first=first), partial(write_rows, first=first)]
    asked = {"form": write_form, "poster": write_poster}
    extras += [partial(write, first=first) for name, write in asked.items() if name in options.formats]
    return replace(options, extras=tuple(extras), rows=rows)


def carry(survey: Survey, options: Options) -> Outcome:
    """Run a survey with all that is written beside the reports."""
    from pipeline.run.runner import Run  # late: `skm --help` does not wait for it

    return Run(survey, with_extras(survey, options)).go(finisher(survey, options))


def write_workbook(survey: Survey, unit: str, language: str, *, first: str) -> None:
    """A unit's tables, in the first language; by itself here, so that another machine can call it."""
    # late: `skm --help` does not wait for it
    from pipeline.office import workbook
    from pipeline.survey import UNKNOWN_UNIT

    # Answers of unlisted units have a page for the office, but are nobody's tables.
    if language == first and unit != UNKNOWN_UNIT:
        workbook.write(survey, unit, lang=language)


def write_rows(survey: Survey, unit: str, language: str, *, first: str) -> None:
    """A unit's answers in the regulation's form, for the office alone."""
    # late: `skm --help` does not wait for it
    from pipeline.office import rows as form
    from pipeline.survey import UNKNOWN_UNIT

    if language == first and unit != UNKNOWN_UNIT:
        form.write(survey, unit, lang=language)


def write_form(survey: Survey, unit: str, language: str, *, first: str) -> None:
    """A unit's processing form as the regulation prints it, in each language."""
    # late: `skm --help` does not wait for it
    from pipeline.office.printed import form
    from pipeline.survey import UNKNOWN_UNIT

    if unit != UNKNOWN_UNIT:
        form.write(survey, unit, lang=language, plain=language == first)


def write_poster(survey: Survey, unit: str, language: str, *, first: str) -> None:
    """A unit's poster for the counter and for social media, in each language."""
    # late: `skm --help` does not wait for it
    from pipeline.office.printed import poster
    from pipeline.survey import UNKNOWN_UNIT

    if unit != UNKNOWN_UNIT:
        poster.write(survey, unit, lang=language, plain=language == first)


def write_brief(survey: Survey, options: Options) -> None:
    """Two pages and slides for the presentation of results, where they are asked for; else none stays."""
    from pipeline.survey.formats import of_brief  # late: `skm --help` does not wait for it

    if "brief" in options.formats:
        from pipeline.office import brief  # late: `skm --help` does not wait for it

        brief.write(survey, options.languages)
    else:
        for old in of_brief(survey.public):
            old.unlink()


def differing(survey: Survey) -> list[str]:
    """Files of the brief that do not come out the same when they are made again."""
    from pipeline.run.manifest import made_as  # late: `skm --help` does not wait for it

    languages, formats = made_as(survey)
    if "brief" not in formats:
        return []
    from pipeline.office import brief  # late: `skm --help` does not wait for it

    def same(name: str, data: bytes) -> bool:
        path = survey.public / name
        return path.is_file() and path.read_bytes() == data

    return [f"public/{name}" for name, data in brief.made(survey, languages) if not same(name, data)]


def rows(survey: Survey) -> Mapping[str, Any]:
    """Hashes of the result rows each unit's report reads; loaded only when a table changed."""
    from pipeline.report.data import digests  # late: `skm --help` does not wait for it

    return digests.of_rows(survey)


def finisher(survey: Survey, options: Options) -> Callable[[Outcome], Any]:
    """What to write when every report is there: result tables, then the portal."""

    def finish(outcome: Outcome) -> None:
        from pipeline.office import portal, results  # late: `skm --help` does not wait for it

        first, *more = options.languages
        results.write(survey, lang=first)
        write_brief(survey, options)
        portal.write(survey, lang=first, failed=tuple(outcome.known_failed), more=more)

    return finish
