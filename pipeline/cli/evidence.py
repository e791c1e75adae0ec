"""The command ``skm evidence``: the pages that an evaluator is shown, of each unit and of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import LANGUAGES
from pipeline.cli.arguments import Name, Quiet, Root, find, known
from pipeline.cli.terminal import SOME_FAILED, say

if TYPE_CHECKING:
    from pipeline.survey import Survey


def evidence(
    survey: Name = "",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Unit id, name, glob or @set; may be repeated. Then no city page."),
    ] = None,
    lang: Annotated[
        str, typer.Option(help="Languages, the first names the plain files: id, en or id,en.")
    ] = "",
    format: Annotated[str, typer.Option(help="html, pdf, or both with a comma.")] = "html",
    root: Root = None,
    quiet: Quiet = False,
) -> None:
    """Write the pages for evaluators: PEKPPP indicators 6 to 9, duties of the regulation, complaints beside U8."""
    # late: `skm --help` does not wait for it
    from pipeline.run.plan import read_units
    from pipeline.survey.text import comma_separated

    found = find(survey, root)
    if not read_units(found.processed):
        say(f"{found.name} was not run yet; run: skm run {found.name}", error=True)
        raise typer.Exit(SOME_FAILED)
    languages = comma_separated(lang) or list(found.definition.languages)
    formats = comma_separated(format) or ["html"]
    from pipeline.office.pages import evidence as pages  # late: `skm --help` does not wait for it

    known("language", languages, LANGUAGES)
    known("format", formats, pages.FORMATS)
    units = found.select(only) if only else None
    written = pages.write(found, units=units, languages=languages, formats=formats)
    if quiet:
        return
    said = f"{found.name}: {len(written)} file{'' if len(written) == 1 else 's'} for evaluators"
    say(
        f"{said} under {found.internal / pages.FOLDER}"
        if units
        else f"{said}; first: {found.internal / pages.NAME}.{formats[0]}"
    )


def usable(found: Survey) -> bool:
    """Say what is wrong with a survey's ``evidence.yml``; whether it can be used."""
    # late: `skm --help` does not wait for it
    from pipeline.survey import SurveyError
    from pipeline.survey.evidence import read

    try:
        read(found)
    except SurveyError as error:
        for problem in error.problems:
            say(str(problem), error=True)
        return False
    return True
