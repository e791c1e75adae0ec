"""What the command line says about a run: options read, progress shown, the end summed up."""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import LANGUAGES
from pipeline.rules import enough
from pipeline.survey import UNKNOWN_UNIT, Survey, SurveyError, near
from pipeline.survey.formats import BRIEF, FORMATS
from pipeline.survey.text import comma_separated

from . import identities, unread
from .cluster_address import Cluster
from .failures import Failure, Outcome, failure_lines
from .files import EnvironmentFault, write_aside
from .plan import CITY, STAGES, UNIT, Options, read_units
from .rendering import export
from .runner import Run
from .stages import Progress
from .unread import Unread


def options(
    survey: Survey,
    *,
    only: Sequence[str] = (),
    limit: int | None = None,
    stage: str = "",
    lang: str = "",
    jobs: int = 0,
    kernel: str = "warm",
    on_error: str = "continue",
    formats: str = "",
    notebooks: Path | None = None,
    force: bool = False,
    keep_edited: bool = False,
    prune: bool = False,
    history: bool = True,
    cluster: Cluster | None = None,
) -> Options:
    """Check what was asked for; every mistake is one sentence with the closest right word."""
    languages = comma_separated(lang) or list(survey.definition.languages)
    _known("language", languages, LANGUAGES)
    wanted = comma_separated(formats) or list(survey.definition.formats)
    _known("format", wanted, FORMATS)
    # What was once made for the presentation of results does not grow old beside newer ones.
    if "brief" not in wanted and (survey.public / BRIEF[0].replace("*", "")).is_file():
        wanted.append("brief")
    _known("stage", [stage] if stage else [], (*STAGES, UNIT, CITY))
    _known("kernel", [kernel], ("warm", "fresh"))
    _known("--on-error", [on_error], ("continue", "abort"))
    patterns = [p for p in only if p != "unknown"]
    if patterns:
        survey.select(patterns)  # raises with a suggestion when a pattern chooses nothing
    return Options(
        only=only,
        limit=limit,
        stage=stage,
        languages=languages,
        jobs=jobs or min(os.cpu_count() or 1, 8),
        kernel=kernel,
        stop_on_error=on_error == "abort",
        formats=wanted,
        notebooks=notebooks,
        force=force,
        keep_edited=keep_edited,
        prune=prune,
        history=history,
        cluster=cluster,
    )


def _known(what: str, words: list[str], known: tuple[str, ...]) -> None:
    for word in words:
        if word not in known:
            close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
            hint = f'did you mean "{close[0]}"?' if close else f"one of {', '.join(known)}"
            raise SurveyError(f'there is no {what} "{word}"\n  hint: {hint}')


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress]:
    """A bar with units and time left on a terminal; a line now and then elsewhere."""
    if quiet:
        yield lambda label, done, total: None
    elif not sys.stderr.isatty():
        yield _plain(time.monotonic())
    else:
        with _rich() as show:
            yield show


def _plain(began: float) -> Progress:
    last = [0.0]

    def show(label: str, done: int, total: int) -> None:
        now = time.monotonic()
        stage = label.split(" of ")[0] in STAGES or label.startswith("waiting")
        if stage or done == total or now - last[0] > 10:
            last[0] = now
            text = label if stage else f"{done} of {total} reports"
            with contextlib.suppress(BrokenPipeError):  # nobody reads on: the run goes on
                print(f"  {now - began:5.0f} s  {text}", flush=True)

    return show


@contextmanager
def _rich() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description:<28.28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=len(STAGES))

        def show(label: str, done: int, total: int) -> None:
            bar.update(task, description=label, completed=done, total=total)

        yield show


def carry_out(
    survey: Survey, options: Options, finish: Callable[[Outcome], Any] | None, *, quiet: bool = False
) -> Outcome:
    """Run with a progress bar."""
    if options.notebooks and not quiet:
        print(f"notebooks from {options.notebooks}", flush=True)
    with progress_bar(quiet) as show:
        return Run(survey, options, show).go(finish)


def summary(survey: Survey, options: Options, outcome: Outcome, *, debug: bool = False) -> Iterator[str]:
    """The end of a run: counts, failures, and the paths a person wants next."""
    units = read_units(survey.processed)
    empty = sum(1 for u in units if not u["n"])
    answers = sum(int(u["n"]) for u in units)
    reports = [w for w in outcome.written if w != "overview" and not w.startswith("@")]
    listed = sum(u["id"] != UNKNOWN_UNIT for u in units)
    lost = sum(int(u["n"]) for u in units if u["id"] == UNKNOWN_UNIT)
    outside = f" ({lost:,} in no listed unit)" if lost else ""
    page = _short(survey.internal / "validation.html")
    yield from unread.losses(outcome.unread, page, debug=debug)
    yield f"{survey.name}: {listed} units, {answers:,} respondents{outside}"
    current = len([c for c in outcome.current if c != "overview" and not c.startswith("@")])
    if reports or outcome.failed_units or current:
        parts = (
            [f"{len(reports)} report{'' if len(reports) == 1 else 's'} written"]
            if reports or outcome.failed_units
            else []
        )
        parts += [f"{current} up to date"] if current else []
        yield f"  {', '.join(parts)}" + (
            f" ({empty} unit{'' if empty == 1 else 's'} without data)" if empty else ""
        )
    if sets := [w for w in outcome.written if w.startswith("@")]:
        yield f"  overview written of {', '.join(sets)}"
    if outcome.why and not _first_time(outcome.why):
        yield f"  because: {', '.join(outcome.why[:3])}"
    yield from _hand_made(survey, outcome)
    yield from (f"  {line}" for line in unread.lines(outcome.unread, page, debug=debug))
    yield from _before(survey, outcome)
    for note in outcome.notes:
        yield f"  {note}"
    if outcome.retried:
        yield f"  run again in a fresh kernel: {', '.join(outcome.retried)}"
    if outcome.changed_raw:
        yield f"  raw data changed during the run, results are not verified: {', '.join(outcome.changed_raw[:5])}"
    if outcome.failures:
        yield f"  {len(outcome.failures)} failed:"
        for failure in outcome.failures[: None if debug else 5]:
            for line in failure_lines(failure, debug=debug):
                yield f"    {line}"
        if len(outcome.failures) > 5 and not debug:
            yield f"    and {len(outcome.failures) - 5} more (skm status {survey.name})"
    if outcome.stopped:
        yield "  stopped at the first failure (--on-error abort)"
    yield f"  {outcome.seconds.get('total', 0):.0f} s"
    if outcome.manifest:
        yield f"  run.json {outcome.manifest} (keep it elsewhere: skm verify {survey.name} --against ...)"
    next_paths = [
        survey.public / "index.html",
        survey.public / "overview.pdf",
        survey.internal / "validation.html",
    ]
    for path in next_paths:
        if path.is_file():
            yield f"  {_short(path)}"


def _first_time(why: list[str]) -> bool:
    """Whether the reasons say nothing that the counts do not (a first run)."""
    return len(why) == 1 and why[0].startswith("never made")


def _before(survey: Survey, outcome: Outcome) -> Iterator[str]:
    """Which earlier surveys were read for the comparison, and which cannot be used."""
    if ran := list(dict.fromkeys(name for name, _ in outcome.earlier)):
        yield f"  earlier surveys brought up to date: {', '.join(ran)}"
    for name, why in outcome.broken.items():
        look = f" (skm check {name})" if (survey.raw.parent / name / "survey.yml").is_file() else ""
        yield f"  earlier survey {name} is not compared with, it cannot be used: {why}{look}"


def _hand_made(survey: Survey, outcome: Outcome) -> Iterator[str]:
    """What was edited by hand, and what belongs to no unit any more."""
    told = (
        (outcome.edited, "edited by hand and made again", ""),
        (outcome.foreign, "beside the reports that no run wrote", "; take them away before you publish"),
        (outcome.kept, "edited by hand and kept (--keep-edited)", ""),
        (
            outcome.orphans,
            "of units or sets that are not in units.csv",
            f"; skm run {survey.name} --prune deletes",
        ),
        (outcome.pruned, "deleted, of units or sets that are not in units.csv", ""),
    )
    for names, what, more in told:
        if names:
            rest = f" and {len(names) - 5} more" if len(names) > 5 else ""
            yield f"  {len(names)} {what}: {', '.join(names[:5])}{rest}{more}"


def _short(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


@dataclass(frozen=True)
class Checked:
    """What ``skm check`` found."""

    page: Path
    units: list[dict[str, Any]]
    failed: Failure | None
    privacy: tuple[dict[str, Any], ...] = ()
    unread: Unread = field(default_factory=Unread)


def check(survey: Survey) -> Checked:
    """Run 1-clean into a scratch folder; write validation.html and nothing else."""
    run = Run(survey, Options(languages=tuple(survey.definition.languages), kernel="fresh"))
    page = survey.internal / "validation.html"
    with tempfile.TemporaryDirectory(prefix="skm-check-") as scratch:
        try:
            lang = run.options.languages[0]
            notebook = run.renderer.beside(run.notebook, "1-clean", lang=lang, processed=scratch)
            write_aside(page, export(notebook, "skm_html"))
        except EnvironmentFault:
            raise
        except Exception as error:
            if fault := run._machine(error):
                raise fault from error
            return Checked(page, [], run._failure("1-clean", "1-clean", error, stage=True))
        run.mended("1-clean")
        folder = Path(scratch)
        return Checked(page, read_units(folder), None, identities.found(folder), unread.found(survey, folder))


def _few(units: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Units with fewer answers than required, or than 30 where nobody knows what is required: five of them by name."""
    short = [u for u in units if u.get("required") and u["n"] < u["required"]]
    unknown = [u for u in units if not u.get("required") and u["n"] < enough()]
    if short:
        first = ", ".join(f"{u['id']} ({u['n']} of {u['required']})" for u in short[:5])
        yield f"  {len(short)} unit{'' if len(short) == 1 else 's'} below the required sample, first: {first}"
    if unknown:
        first = ", ".join(f"{u['id']} ({u['n']})" for u in unknown[:5])
        what = f"{len(unknown)} unit{'' if len(unknown) == 1 else 's'} with fewer than {enough()} answers"
        yield f"  {what}, for information only as `population` in units.csv is not known, first: {first}"


def check_summary(survey: Survey, result: Checked, *, quiet: bool, debug: bool) -> Iterator[str]:
    """What ``skm check`` prints."""
    if result.failed:
        yield f"{survey.name}: the raw data cannot be used"
        for line in failure_lines(result.failed, debug=debug):
            yield f"  {line}"
        return
    told = [f"  {line}" for line in unread.lines(result.unread, _short(result.page), debug=debug)]
    yield from unread.losses(result.unread, _short(result.page), debug=debug)
    if quiet:
        if result.unread.count:
            yield f"{survey.name}:"
            yield from told
        return
    listed = [u for u in result.units if u["id"] != UNKNOWN_UNIT]
    with_data = [u for u in listed if u["n"]]
    answers = sum(int(u["n"]) for u in result.units)
    lost = answers - sum(int(u["n"]) for u in with_data)
    outside = f", {lost:,} of them in no listed unit" if lost else ""
    yield f"{survey.name}: {answers:,} respondents{outside}; {len(with_data)} of {len(listed)} units have answers"
    yield from _few(with_data)
    yield from told
    yield from (f"  {line}" for line in identities.dropped(result.privacy))
    alike = [text for u in result.units for text in u.get("near", ())]
    alike += [near.sentence(pair)[0] for pair in near.listed(survey.units)]
    if alike:
        pairs = "1 pair of names looks" if len(alike) == 1 else f"{len(alike)} pairs of names look"
        yield f"  {pairs} alike; nothing was merged (aliases in units.csv decide):"
        yield from (f"    {text}" for text in alike[:5])
    yield f"  {_short(result.page)}"
