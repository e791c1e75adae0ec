"""The command ``skm brief``: two pages and slides for the presentation of results."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.arguments import Name, Quiet, Root, find
from pipeline.cli.terminal import SOME_FAILED, say


def brief(
    survey: Name = "",
    lang: Annotated[
        str, typer.Option(help="Languages: id, en or id,en.", show_default="those of the last run")
    ] = "",
    root: Root = None,
    quiet: Quiet = False,
) -> None:
    """Two pages (brief.pdf) and slides (slides.html) for the presentation of results."""
    # late: `skm --help` does not wait for it
    from pipeline.cli import publish
    from pipeline.run import command
    from pipeline.run.manifest import made_as
    from pipeline.survey.formats import of_brief

    found = find(survey, root)
    languages, formats = made_as(found)
    wanted = dict.fromkeys((*(formats or found.definition.formats), "brief"))
    # No unit's report is made for it: what it tells of is the city.
    options = command.options(found, lang=lang or ",".join(languages), formats=",".join(wanted), limit=0)
    outcome = command.carry_out(
        found, publish.with_extras(found, options), publish.finisher(found, options), quiet=quiet
    )
    made = of_brief(found.public)
    if outcome.failures or not made:
        for line in command.summary(found, options, outcome):
            say(line, error=True)
        raise typer.Exit(SOME_FAILED)
    for path in made if not quiet else ():
        say(f"{path.stat().st_size / 1000:.0f} kB  {path}")
