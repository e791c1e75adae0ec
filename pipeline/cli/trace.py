"""``skm trace``: one published number back to the raw rows."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.arguments import Root, find, surveys_there, units_there
from pipeline.cli.terminal import SOME_FAILED, UsageError, say, wants_plain


def trace(
    survey: Annotated[str, typer.Argument(help="A folder under data/raw.", autocompletion=surveys_there)],
    unit: Annotated[
        str, typer.Argument(help="A unit (id, name or alias), or CITY.", autocompletion=units_there)
    ],
    item: Annotated[str, typer.Argument(help="An unsur or indicator (U1, ...), or IKM.")],
    service: Annotated[str, typer.Option(help="One of the unit's services, by its name.")] = "",
    rows: Annotated[bool, typer.Option("--rows", help="Print every row number.")] = False,
    lang: Annotated[str, typer.Option(help="Language: id or en.", show_default="the survey's first")] = "",
    json: Annotated[bool, typer.Option("--json", help="Machine-readable; writes no page.")] = False,
    root: Root = None,
) -> None:
    """One published number back to the raw rows: formula, counts, files, rows, what was set aside."""
    # late: `skm --help` does not wait for it
    from pipeline.trace import lines
    from pipeline.trace.follow import trace as follow
    from pipeline.trace.follow import words
    from pipeline.words import LANGUAGES

    found = find(survey, root)
    language = lang or found.definition.languages[0]
    if language not in LANGUAGES:
        raise UsageError(f"--lang: a trace is written in {' or '.join(LANGUAGES)}, not in {language!r}")
    made = follow(found, unit, item, language, service)
    w = words(found, made, language)
    if json:
        say(lines.as_json(made, ascii_only=wants_plain()))
    else:
        from pipeline.trace import page  # late: `skm --help` does not wait for it

        for line in lines.as_text(made, w, rows=rows):
            say(line)
        say()
        say(w("trace.page", path=page.write(found, made, w).relative_to(found.root).as_posix()))
    raise typer.Exit(0 if made.agrees else SOME_FAILED)
