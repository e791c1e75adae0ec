"""What is written beside the reports: workbooks, the tables of the whole survey, the portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.run.plan import Options
    from pipeline.run.runner import Outcome
    from pipeline.survey import Survey


def with_extras(survey: Survey, options: Options) -> Options:
    """The same options, with a workbook written after each unit's report."""

    def write_workbook(unit: str, language: str) -> None:
        from pipeline.office import workbook
        from pipeline.survey import UNKNOWN_UNIT

        # Answers of unlisted units have a page for the office, but are nobody's tables.
        if language == options.languages[0] and unit != UNKNOWN_UNIT:
            workbook.write(survey, unit, lang=language)

    return replace(options, extras=(write_workbook,))


def finisher(survey: Survey, options: Options) -> Callable[[Outcome], Any]:
    """What to write when every report is there: result tables, then the portal."""

    def finish(outcome: Outcome) -> None:
        from pipeline.office import portal, results

        results.write(survey, lang=options.languages[0])
        portal.write(survey, lang=options.languages[0], failed=tuple(outcome.failed_units))

    return finish
