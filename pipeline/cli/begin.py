"""The command ``skm new``: a survey from an old definition, from files of answers, or from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import form
from pipeline.cli.arguments import typed
from pipeline.cli.terminal import UNUSABLE_DATA, say

if TYPE_CHECKING:
    from pipeline.survey import Survey


def new(
    survey: Annotated[str, typer.Argument(help="The new folder under data/raw, e.g. 2025 or 2025-s1.")],
    from_: Annotated[
        str, typer.Option("--from", help="An older survey: its questionnaire and units are taken over.")
    ] = "",
    from_file: Annotated[
        Path | None,
        typer.Option("--from-file", help="A file, or a folder of files: the definition is proposed from it."),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help="Write nothing: show what SURVEY asks otherwise than before, or than --from."
        ),
    ] = False,
    root: Annotated[
        Path | None,
        typer.Option(
            "--root", help="Folder that holds data/raw.", show_default="the current folder or above"
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")] = False,
) -> None:
    """Start a survey: from an old definition, from a file of answers, or from nothing."""
    # late: `skm --help` does not wait for it
    from pipeline import survey as surveys
    from pipeline.survey import renew
    from pipeline.survey.identity.persons import shown

    if from_ and from_file:
        raise typer.BadParameter("give --from or --from-file, not both")
    try:
        folder = root.resolve() if root else surveys.find_root()
    except surveys.SurveyError:
        folder = Path.cwd()
    if compare:
        _compare(surveys.load(folder, survey), from_)
        return
    found: list[str] = []
    if from_file:
        from pipeline.intake.propose import start  # late: `skm --help` does not wait for it

        try:
            written, found = start.from_file(folder, survey, from_file)
        except start.Refused as error:
            say(str(error.problem(from_file.name)), error=True)
            raise typer.Exit(UNUSABLE_DATA) from None
    elif from_:
        from pipeline.intake.followup import carry  # late: `skm --help` does not wait for it

        old = surveys.load(folder, from_)
        written = renew.renew(old, survey)
        # What is still open is not forgotten by the new period.
        if carried := carry.carry(old, written[0].parent):
            written.append(carried)
    else:
        written = renew.blank(folder, survey)
    if quiet:
        return
    for line in (*found, *(f"wrote {shown(path.relative_to(folder).as_posix())}" for path in written)):
        say(line)
    say(f"next: read survey.yml, then: skm check {survey}{typed(root)}")
    if from_:
        say(
            f"after an edit: skm new {survey} --compare{typed(root)} (what is asked otherwise than in {from_}), "
            f"skm form {survey}{typed(root)}"
        )


def _compare(found: Survey, than: str) -> None:
    """Say what a survey asks otherwise than an earlier one."""
    from pipeline.office.questionnaire import changes  # late: `skm --help` does not wait for it

    made = form.compared(found, than)
    none = [f"there is no survey before {found.name} to compare with; name one: --from NAME"]
    for line in none if made is None else changes.lines(made):
        say(line)
