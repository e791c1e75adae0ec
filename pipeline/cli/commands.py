"""The command ``skm``.

Light on purpose: each command imports what it needs, so ``skm --help`` and ``skm status``
answer at once.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import pipeline
from pipeline.cli import archive, begin, brief, completion, evidence, form, lab, status, trace
from pipeline.cli.arguments import Debug, Name, Quiet, Root, find, surveys_there, typed, units_there
from pipeline.cli.terminal import (
    DONE,
    INTERRUPTED,
    NOT_VERIFIED,
    SOME_FAILED,
    UNUSABLE_DATA,
    WRONG_USE,
    UsageError,
    any_terminal,
    end,
    end_on_signals,
    explain,
    interrupted,
    names_of_files_are_text,
    say,
    wants_plain,
)
from pipeline.run import arithmetic

if TYPE_CHECKING:
    from pipeline.run.failures import Outcome
    from pipeline.survey import Survey

app = typer.Typer(
    name="skm",
    help="From raw satisfaction answers (SKM, PermenPANRB 14/2017) to an index, a method and reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def run(
    survey: Name = "",
    only: Annotated[
        list[str] | None, typer.Option(help="Unit id, name, glob or @set; may be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many units.")] = None,
    stage: Annotated[str, typer.Option(help="Run one notebook only, e.g. 2-index.")] = "",
    force: Annotated[bool, typer.Option(help="Run again what is up to date.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would run and why; run nothing.")
    ] = False,
    keep_edited: Annotated[bool, typer.Option(help="Leave reports alone that were edited by hand.")] = False,
    prune: Annotated[
        bool, typer.Option(help="Delete reports of units that are not listed any more.")
    ] = False,
    no_history: Annotated[
        bool,
        typer.Option("--no-history", help="Leave earlier surveys as they are; compare with what is read."),
    ] = False,
    lang: Annotated[
        str, typer.Option(help="Languages, the first names the plain files: id, en or id,en.")
    ] = "",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Notebooks at a time; 0: one a core.")] = 0,
    kernel: Annotated[str, typer.Option(help="warm (forked, fast) or fresh.")] = "warm",
    on_error: Annotated[str, typer.Option(help="continue or abort.")] = "continue",
    format: Annotated[
        str,
        typer.Option(
            help="Any of html, pdf, docx, form, poster, brief, with commas; empty: as the definition says.",
            show_default="formats of survey.yml",
        ),
    ] = "",
    notebooks: Annotated[Path | None, typer.Option(help="Another folder of notebooks.")] = None,
    executor: Annotated[
        str, typer.Option(help="Where reports are made: local, or a Dask scheduler (dask+tls://host:port).")
    ] = "local",
    tls_ca: Annotated[
        str, typer.Option(envvar="SKM_TLS_CA", help="Certificate of the cluster's authority.")
    ] = "",
    tls_cert: Annotated[
        str, typer.Option(envvar="SKM_TLS_CERT", help="Our certificate for the cluster.")
    ] = "",
    tls_key: Annotated[str, typer.Option(envvar="SKM_TLS_KEY", help="The key of our certificate.")] = "",
    insecure_tcp: Annotated[
        bool, typer.Option("--insecure-tcp", help="Take dask+tcp:// beyond this machine.")
    ] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="Minutes to wait for a worker when a cluster has none.")
    ] = 10,
    root: Root = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Read, compute and write every report of a survey."""
    from pipeline.run import cluster_address, command  # late: `skm --help` does not wait for it

    found = find(survey, root)
    cluster = cluster_address.parse(
        executor, ca=tls_ca, certificate=tls_cert, key=tls_key, insecure=insecure_tcp, wait=wait * 60
    )
    options = command.options(
        found, only=only or [], limit=limit, stage=stage, lang=lang, jobs=jobs, kernel=kernel,
        on_error=on_error, formats=format, notebooks=notebooks, force=force, keep_edited=keep_edited,
        prune=prune, history=not no_history, cluster=cluster,
    )  # fmt: skip
    if dry_run:
        from pipeline.run import why as explain  # late: `skm --help` does not wait for it

        for line in explain.dry_run(found, options):
            say(line)
        raise typer.Exit(DONE)
    from pipeline.cli import publish  # late: `skm --help` does not wait for it

    outcome = command.carry_out(
        found, publish.with_extras(found, options), publish.finisher(found, options), quiet=quiet
    )
    for line in command.summary(found, options, outcome, debug=debug):
        say(line, error=False)
    _say_plan(found)
    raise typer.Exit(_code(outcome))


def _code(outcome: Outcome) -> int:
    if any(f.stage and f.what == "1-clean" for f in outcome.failures):
        return UNUSABLE_DATA
    return SOME_FAILED if outcome.failures or outcome.unread.wrong or outcome.broken else DONE


@app.command()
def check(
    survey: Name = "",
    privacy: Annotated[
        bool, typer.Option("--privacy", help="List what identified people: columns and counts, no values.")
    ] = False,
    root: Root = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Read and validate the raw data only; writes validation.html, never touches results."""
    from pipeline.run import command, identities  # late: `skm --help` does not wait for it

    found = find(survey, root)
    result = command.check(found)
    for line in command.check_summary(found, result, quiet=quiet, debug=debug):
        say(line)
    _say_plan(found)
    usable = evidence.usable(found)
    for line in () if quiet else form.summary(found):
        say(line)
    if privacy and not result.failed:
        for line in identities.summary(result.privacy):
            say(line)
    if result.failed:
        raise typer.Exit(UNUSABLE_DATA)
    if result.unread.wrong or not usable:
        raise typer.Exit(SOME_FAILED)
    if not quiet:
        say(f"next: read that page, then: skm run {found.name}{typed(root)}")
    raise typer.Exit(DONE)


def _say_plan(found: Survey) -> None:
    """Say what of the plan for follow-up does not count: no failure, but nobody should have to look for it."""
    # late: `skm --help` does not wait for it
    from pipeline.cli import followup
    from pipeline.intake.followup.read import read

    for line in followup.wrong(read(found)):
        say(line, error=True)


app.command()(status.status)
app.command()(evidence.evidence)


@app.command()
def why(
    survey: Annotated[str, typer.Argument(help="A folder under data/raw.", autocompletion=surveys_there)],
    unit: Annotated[
        str,
        typer.Argument(help="A unit (id, name or alias) or a set (@uji-2023).", autocompletion=units_there),
    ],
    lang: Annotated[str, typer.Option(help="Languages, as given to skm run.")] = "",
    format: Annotated[str, typer.Option(help="Formats, as given to skm run.")] = "",
    notebooks: Annotated[Path | None, typer.Option(help="Another folder of notebooks.")] = None,
    root: Root = None,
) -> None:
    """Why a unit's report is, or is not, up to date."""
    # late: `skm --help` does not wait for it
    from pipeline.run import command
    from pipeline.run import why as explain

    found = find(survey, root)
    options = command.options(found, lang=lang, formats=format, notebooks=notebooks)
    for line in explain.lines(found, unit, options):
        say(line)


@app.command()
def verify(
    survey: Name = "",
    units: Annotated[int, typer.Option(min=0, help="Units to render again, chosen at random.")] = 3,
    seed: Annotated[int | None, typer.Option(help="Choose the same units again.")] = None,
    notebooks: Annotated[Path | None, typer.Option(help="Another folder of notebooks.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Compute everything again from the raw data, and compare all of it.")
    ] = False,
    against: Annotated[
        str, typer.Option(help="Digest of run.json as an earlier run or verify printed it.")
    ] = "",
    root: Root = None,
    quiet: Quiet = False,
) -> None:
    """Hash everything again, render some units again in fresh kernels, compare bytes."""
    # late: `skm --help` does not wait for it
    from pipeline.cli import publish
    from pipeline.run import verify as check_all

    found = find(survey, root)
    if against and len(against.strip()) < check_all.SHORTEST:
        raise UsageError(f"--against: give at least {check_all.SHORTEST} characters of the digest")
    verdict = check_all.verify(
        found, units=units, notebooks=notebooks, seed=seed, against=against, rows=publish.rows,
        dress=publish.with_extras, everything=publish.carry if everything else None,
    )  # fmt: skip
    if not everything and units:
        verdict.wrong += [f"made again, it differs: {name}" for name in publish.differing(found)]
    if not quiet or verdict.wrong:
        for line in check_all.lines(found, verdict):
            say(line)
    raise typer.Exit(NOT_VERIFIED if verdict.wrong else DONE)


@app.command()
def warm(
    what: Annotated[str, typer.Argument(help="start, stop or status.")],
    idle: Annotated[float, typer.Option(min=0, help="Minutes without a kernel before it ends.")] = 30,
) -> None:
    """Keep a warm parent for plain papermill and JupyterLab (kernelspec skm-warm)."""
    from pipeline.run import warm_service  # late: `skm --help` does not wait for it

    if what == "start":
        say(f"running as process {warm_service.start(idle * 60)}; it ends after {idle:g} idle minutes")
    elif what == "stop":
        pid = warm_service.stop()
        say(f"stopped process {pid}" if pid else "none is running")
    elif what == "status":
        say("running" if warm_service.running() else "none is running")
    else:
        raise UsageError(f'skm warm {what}: say "start", "stop" or "status"')


@app.command("open")
def open_(
    survey: Name = "",
    unit: Annotated[
        str, typer.Argument(help="A unit; empty means the portal.", autocompletion=units_there)
    ] = "",
    root: Root = None,
    show: Annotated[bool, typer.Option("--print", help="Print the path, open nothing.")] = False,
) -> None:
    """Open the portal, or one unit's report, in the browser."""
    found = find(survey, root)
    path = found.public / "index.html"
    if unit:
        path = found.public / "units" / found.slug(unit) / "report.html"
    if not path.is_file():
        say(f"{path} is not there yet; run: skm run {found.name}", error=True)
        raise typer.Exit(SOME_FAILED)
    say(str(path))
    if not show:
        import webbrowser  # late: `skm --help` does not wait for it

        webbrowser.open(path.resolve().as_uri())


@app.command()
def demo(
    root: Annotated[Path, typer.Option("--root", help="Where to write data/raw/<year>.")] = Path(),
    small: Annotated[bool, typer.Option(help="Six units and one year only.")] = False,
    units: Annotated[
        int, typer.Option(min=0, help="One year of so many units, in few large files; 0: the city of 48.")
    ] = 0,
    respondents: Annotated[
        int, typer.Option(min=0, help="Questionnaires of all units together; 0: 400 a unit.")
    ] = 0,
    quiet: Quiet = False,
) -> None:
    """Write the demo city: 48 invented units in three years, synthetic and said to be so."""
    from pipeline import demo as city  # late: `skm --help` does not wait for it

    if small and (units or respondents):
        raise UsageError("skm demo: --small has six units; leave --units and --respondents out")
    try:
        if units or respondents:
            names = city.write_large(root, units=units or 48, respondents=respondents or 400 * (units or 48))
        else:
            names = city.write_small(root) if small else city.write(root)
    except city.DemoError as error:
        raise UsageError(str(error)) from None
    if not quiet:
        say(f"wrote {', '.join(names)} under {root / 'data' / 'raw'} (synthetic data)")
        say(f"next: skm run {names[-1]}{typed(None if root == Path() else root)}")


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="File to write; empty: the terminal.")] = None,
) -> None:
    """Write the JSON Schema of survey.yml, for editors."""
    from pipeline.survey import json_schema  # late: `skm --help` does not wait for it

    text = json.dumps(json_schema(), indent=1, ensure_ascii=not out and wants_plain())
    if out:
        from pipeline.run.files import write_aside  # late: `skm --help` does not wait for it

        write_aside(out, text + "\n")
        say(f"wrote {out}")
    else:
        say(text)


app.command(context_settings={"allow_extra_args": True})(lab.lab)
app.command()(begin.new)
app.command()(brief.brief)
app.command()(form.form)
app.command()(trace.trace)
app.command()(archive.archive)
app.command()(completion.completion)


@app.callback(invoke_without_command=True)
def top(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Take the options that belong to no command."""
    if version:
        say(f"skm-pipeline {pipeline.__version__}")
        raise typer.Exit(DONE)


def main(arguments: list[str] | None = None) -> Any:
    """Entry point: every foreseeable error ends in one sentence and its exit code."""
    argv = sys.argv[1:] if arguments is None else arguments
    if arguments is None:
        # What a command loads stays until it ends: looking through all of it again and again finds no garbage, and
        # of a run with some dozen reports was a twentieth of its time.
        gc.set_threshold(50_000, 20, 20)
        names_of_files_are_text()
        end_on_signals()
    any_terminal()
    completion.answer_the_shell()
    arithmetic.pin()  # before anything loads numpy, here or in a kernel
    try:
        code = app(args=argv, prog_name="skm", standalone_mode=False)
    except KeyboardInterrupt:
        interrupted()
    except Exception as error:
        # Typer's own errors know how to show themselves; which package holds their classes differs
        # between its versions.
        if type(error).__name__ == "Abort":
            interrupted()
        show = getattr(error, "show", None)
        if callable(show):
            show(file=sys.stderr)
            sys.exit(WRONG_USE)
        known = explain(error)
        if known is None or "--debug" in argv:
            import traceback  # late: `skm --help` does not wait for it

            traceback.print_exc()
        if known is None:
            say(
                "this is a fault of skm-pipeline, not of your data; please report it with the lines above",
                error=True,
            )
            sys.exit(SOME_FAILED)
        say(known[0], error=True)
        end()
        sys.exit(known[1])
    if code == INTERRUPTED:  # some versions of typer turn the interrupt into this
        interrupted()
    sys.exit(code if isinstance(code, int) else DONE)


if __name__ == "__main__":
    main()
