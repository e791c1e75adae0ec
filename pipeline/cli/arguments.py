"""What several commands take: the survey, its folder, how much is printed."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.terminal import UsageError

if TYPE_CHECKING:
    from pipeline.survey import Survey

Root = Annotated[
    Path | None,
    typer.Option("--root", help="Folder that holds data/raw.", show_default="the current folder or above"),
]


def surveys_there(beginning: str) -> list[str]:
    """Surveys of this folder whose name begins so: what a shell completes."""
    from pipeline import survey as surveys  # late: only a shell that completes asks

    try:
        return [name for name in surveys.surveys(surveys.find_root()) if name.startswith(beginning)]
    except surveys.SurveyError:
        return []


def units_there(context: typer.Context, beginning: str) -> list[str]:
    """Ids of the units of the survey named before whose id begins so."""
    from pipeline import survey as surveys  # late: as above

    try:
        found = find(context.params.get("survey") or "", None)
    except surveys.SurveyError:
        return []
    return [unit.id for unit in found.units if unit.id.startswith(beginning)]


Name = Annotated[
    str,
    typer.Argument(
        help="A folder under data/raw; empty means the newest.", show_default="newest",
        autocompletion=surveys_there,
    ),
]  # fmt: skip
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


def find(name: str, root: Path | None) -> Survey:
    """Load the survey a command names."""
    from pipeline import survey as surveys  # late: --help needs no survey

    folder = root.resolve() if root else surveys.find_root()
    return surveys.load(folder, name or surveys.newest(folder))


def typed(root: Path | None) -> str:
    """The folder as it was typed, quoted: the line that names it is copied into a shell.

    Examples
    --------
    >>> typed(Path("our city")), typed(None)
    (" --root 'our city'", '')
    """
    return f" --root {shlex.quote(str(root))}" if root else ""


def known(what: str, words: Sequence[str], choice: Sequence[str]) -> None:
    """Refuse words of an option that are none of its choice."""
    for word in words:
        if word not in choice:
            raise UsageError(f'there is no {what} "{word}"; it is one of {", ".join(choice)}')
