"""What several commands take: the survey, its folder, how much is printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.survey import Survey

Root = Annotated[
    Path | None,
    typer.Option("--root", help="Folder that holds data/raw.", show_default="the current folder or above"),
]
Name = Annotated[
    str, typer.Argument(help="A folder under data/raw; empty means the newest.", show_default="newest")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what went wrong.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


def find(name: str, root: Path | None) -> Survey:
    """Load the survey a command names."""
    from pipeline import survey as surveys  # late: --help needs no survey

    folder = root.resolve() if root else surveys.find_root()
    return surveys.load(folder, name or surveys.newest(folder))
