"""The command ``skm archive``: the replication package of a survey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import Name, Quiet, Root, find
from pipeline.cli.terminal import DONE, NOT_VERIFIED, SOME_FAILED, UNUSABLE_DATA, say

if TYPE_CHECKING:
    from pipeline.archive.build import Package
    from pipeline.survey import Survey


def archive(
    survey: Name = "",
    include_microdata: Annotated[
        bool,
        typer.Option("--include-microdata", help="With anonymised answers and what comes out of them."),
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Test what a program can of the Data and Code Availability Standard."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="The zip file to write.", show_default="archive/skm-<survey>.zip beside data"),
    ] = None,
    root: Root = None,
    quiet: Quiet = False,
) -> None:
    """Write a replication package: everything to check the results, no respondents unless asked for."""
    # late: `skm --help` does not wait for it
    from pipeline.archive import build, standard, zipped
    from pipeline.archive.microdata import Unsafe

    found = find(survey, root)
    name = f"skm-{found.name}{'-microdata' if include_microdata else ''}"
    path = out or found.root / "archive" / f"{name}.zip"
    try:
        made = _collected(found, include_microdata)
    except build.NotReady as error:
        say(str(error), error=True)
        raise typer.Exit(NOT_VERIFIED) from None
    except Unsafe as error:
        say(f"no answers are given away: {error}", error=True)
        raise typer.Exit(UNUSABLE_DATA) from None
    zipped.write(path, made.files, name)
    for line in _told(path, made):
        if not quiet:
            say(line)
    points = standard.check(zipped.read(path)) if check else []
    for line in standard.lines(points) if check else ():
        say(line)
    raise typer.Exit(SOME_FAILED if any(p.verdict == standard.FAIL for p in points) else DONE)


def _collected(found: Survey, include_microdata: bool) -> Package:
    # late: `skm --help` does not wait for it
    from pipeline.archive import build
    from pipeline.cli import publish
    from pipeline.run import verify
    from pipeline.run.plan import Options

    build.ready(found)
    verdict = verify.verify(found, units=0)
    if verdict.wrong:
        raise build.NotReady("\n".join(verify.lines(found, verdict)))
    if not include_microdata:
        return build.package(found)
    options = Options(languages=tuple(found.definition.languages[:1]), formats=("html",))
    return build.package(found, publish.carry, options)


def _told(path: Path, made: Package) -> Iterator[str]:
    # late: `skm --help` does not wait for it
    from pipeline.archive.citation import UNDECIDED

    size = path.stat().st_size / 1_000_000
    yield f"wrote {path} ({len(made.files)} files, {size:.1f} MB)"
    for name in made.missing:
        yield f"  {name} does not come out of the result tables with the bytes that were published"
    if made.microdata is None:
        yield "  without answers of respondents (--include-microdata)"
    else:
        sums = made.microdata["agreement"]
        yield f"  {made.microdata['rows']:,} anonymised questionnaires of {made.microdata['units']} units"
        yield f"  {sums['equal']:,} of {sums['published']:,} published numbers come out; read disclosure.md first"
    if made.doubtful:
        yield f"  look before you publish, they may name persons: {'; '.join(made.doubtful[:5])}"
    # The note at its head, which counts them too, is none of them.
    text = "".join(line for line in made.files["README.md"].decode().splitlines() if not line.startswith(">"))
    yield f"  README.md leaves {text.count(UNDECIDED)} places to its author ({UNDECIDED})"
