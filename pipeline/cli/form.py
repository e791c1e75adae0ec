"""The command ``skm form``: the questionnaire to print, to key in, for phones and for Google Forms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import LANGUAGES
from pipeline.cli.arguments import Name, Quiet, Root, find, known, typed, units_there
from pipeline.cli.terminal import UsageError, say

if TYPE_CHECKING:
    from pipeline.office.questionnaire.changes import Comparison
    from pipeline.survey import Survey


def form(
    survey: Name = "",
    unit: Annotated[
        str,
        typer.Argument(help="A unit; empty: one form that asks for the unit.", autocompletion=units_there),
    ] = "",
    each: Annotated[bool, typer.Option("--each", help="The forms of every unit, a folder for each.")] = False,
    lang: Annotated[
        str, typer.Option(help="Languages, the first names the plain files: id, en or id,en.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to.", show_default="reports/SURVEY/forms")
    ] = None,
    root: Root = None,
    quiet: Quiet = False,
) -> None:
    """Write the questionnaire: to print, to key into (xlsx), as XLSForm, and for Google Forms."""
    # late: `skm --help` does not wait for it
    from pipeline.office.questionnaire import build, changes, files
    from pipeline.survey.identity.persons import shown
    from pipeline.survey.text import comma_separated

    found = find(survey, root)
    languages = comma_separated(lang) or list(found.definition.languages)
    known("language", languages, LANGUAGES)
    if each and unit:
        raise UsageError("skm form: --each is every unit; leave the unit out")
    top = out.resolve() if out else found.reports / files.FOLDER
    if top == found.raw or found.raw in top.parents:
        raise UsageError("skm form: forms are no answers; write them outside data/raw")
    languages = list(dict.fromkeys(languages))
    for listed in found.units if each else ():
        files.write(build.build(found, listed.id), languages, top / "units" / found.slug(listed.id))
    made = build.build(found, unit)
    where = top if out or not unit else files.folder(made)
    written = files.write(made, languages, where)
    asked = compared(found)
    if asked:
        written.append(files.write_changes(asked, where))
    if quiet:
        return
    for path in written:
        inside = path.relative_to(found.root) if path.is_relative_to(found.root) else path
        say(f"wrote {shown(inside.as_posix())}")
    if each:
        say(f"wrote the same for {len(found.units)} units, a folder for each: units")
    for line in changes.lines(asked) if asked else ():
        say(line)
    then = f"skm check {found.name}{typed(root)}"
    say(f"next: put what was filled in into data/raw/{found.name}/forms, then: {then}")


def summary(found: Survey) -> Iterator[str]:
    """Yield one line where something is asked otherwise than in the survey before; nothing where all is the same."""
    if (made := compared(found)) is None:
        return
    then = made.then
    parts = [f"{kind} changed" for kind in made.whole]
    parts += [
        f"{line.item} ({' and '.join(line.changed) or line.means})" for line in made.lines if not line.same
    ]
    parts += [f"{item} (answers of {then.name} in other words)" for item in made.answered]
    if parts:
        more = f" and {len(parts) - 6} more" if len(parts) > 6 else ""
        yield f"  asked otherwise than in {then.name}: {', '.join(parts[:6])}{more}; skm new {found.name} --compare"


def compared(found: Survey, than: str = "") -> Comparison | None:
    """Hold the questionnaire against an earlier one: of the survey named, else of the newest that can be read."""
    # late: `skm --help` does not wait for it
    from pipeline import survey as surveys
    from pipeline.office.questionnaire import changes

    then = surveys.load(found.root, than) if than else previous(found)
    return None if then is None else changes.compare(found, then)


def previous(found: Survey) -> Survey | None:
    """The newest earlier survey whose definition can be read."""
    from pipeline import survey as surveys  # late: `skm --help` does not wait for it

    for name in reversed(surveys.before(found)):
        try:
            return surveys.load(found.root, name)
        except surveys.SurveyError:
            continue
    return None
