"""Earlier surveys that a survey is held against: their first two stages, brought up to date before its own.

Each has its own folder, lock and ledger, the very ones of ``skm run`` of that survey: what one run
has done the other finds done. Only later surveys wait for earlier ones, so two runs never wait for
one another. A survey that cannot be used stops nobody: one sentence says so at the end of the run,
in ``validation.html`` and in the reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pipeline import survey as surveys
from pipeline.results.store import sweep
from pipeline.survey import Survey, SurveyError

from .files import write_aside
from .keys import Keys
from .ledger import Ledger, Reason, open_ledger
from .lock import Busy, only_run
from .plan import STAGES, Options, notebook_folder
from .stages import StageRun

#: What a comparison over the years needs of each: answers, and the index with its letter.
NEEDED = STAGES[:2]
#: Seconds between two looks at a survey that another process is running.
LOOK = 0.5


@dataclass
class Brought:
    """What came of bringing the earlier surveys up to date.

    Attributes
    ----------
    ran : list of (survey, stage)
        What was not up to date and has run.
    broken : dict of str to str
        Surveys that cannot be used, each with one sentence.
    notes : list of str
        Other things a person should hear.
    """

    ran: list[tuple[str, str]] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def bring(run: StageRun) -> Brought:
    """Bring the surveys up to date that a run's survey is held against, several at a time.

    With ``--no-history``, and where one stage alone was asked for, nothing is brought up to date; what
    the last run of each left is used.
    """
    names, brought = surveys.before(run.survey), Brought()
    if run.options.history and not run.options.stage:
        due = [
            name for name in names if any(why for _, why in reasons(run.survey, name, run.options, anew=True))
        ]
        jobs = max(1, min(run.options.jobs, len(due) or 1))
        with ThreadPoolExecutor(max_workers=jobs) as pool, run.renderer.no_waiting():
            pending = [pool.submit(_bring_one, run, name) for name in due]
            wait(pending)
        for one in (future.result() for future in pending):
            brought.ran += one.ran
            brought.broken |= one.broken
            brought.notes += one.notes
    else:
        for name in names:
            _look_only(run, name, brought)
    brought.broken |= _broken_prints(run.survey, brought.broken)
    _tell(run.survey, brought.broken)
    return brought


def _broken_prints(survey: Survey, known: Mapping[str, str]) -> dict[str, str]:
    """Printed indices of earlier surveys that cannot be read."""
    found = {}
    own = surveys.period_key(survey.name)
    for name in surveys.published_surveys(survey.root):
        if name in known or surveys.period_key(name) >= own:
            continue
        try:
            surveys.read_published(survey, name)
        except SurveyError as error:
            found[name] = _first_line(str(error))
    return found


def _bring_one(run: StageRun, name: str) -> Brought:
    one = Brought()
    try:
        found = surveys.load(run.survey.root, name)
    except SurveyError as error:
        one.broken[name] = _first_line(str(error))
        return one
    options = stage_options(run.options, found)
    mine = StageRun(found, options, lambda label, at, of: run.progress(f"{label} of {name}", at, of))
    mine.renderer.kernels, mine.renderer.give_up = run.renderer.kernels, run.renderer.give_up
    with _taken(run, found) as killed:
        if killed:
            sweep(found.processed, found.reports)
        with mine._opened():
            usable = mine._stages(NEEDED)
            missed = (mine.ledger.noted("raw", "unread") or {}).get("count", 0)
    one.ran = [(name, stage) for stage in mine.outcome.stages]
    run.renderer.seconds.update({f"{stage} of {name}": s for stage, s in mine.renderer.seconds.items()})
    run.renderer.retried += [f"{label} of {name}" for label in mine.renderer.retried]
    if not usable:
        failure = mine.outcome.failures[-1]
        one.broken[name] = f"{failure.where}: {_first_line(failure.why)}"
    elif missed and STAGES[0] in mine.outcome.stages:
        one.notes.append(
            f"{name}: {missed} raw {'file or sheet was' if missed == 1 else 'files or sheets were'} not used: "
            f"skm check {name}"
        )
    return one


@contextmanager
def _taken(run: StageRun, found: Survey) -> Iterator[bool]:
    """Hold an earlier survey's lock; while another process runs that survey, wait for these stages."""
    told = False
    while True:
        try:
            with only_run(found.processed / ".lock") as killed:
                yield killed
            return
        except Busy:
            if run.renderer.give_up.is_set():
                raise
            if not told:
                run.progress(f"waiting for another run of {found.name}", 0, 1)
            told = True
            run.renderer.give_up.wait(LOOK)


def _look_only(run: StageRun, name: str, brought: Brought) -> None:
    """Without bringing it up to date: whether what lies there can be used, and whether it is of old."""
    try:
        found = surveys.outline(run.survey.root, name)
        surveys.load(run.survey.root, name)
    except (SurveyError, OSError) as error:
        brought.broken[name] = _first_line(str(error))
        return
    with open_ledger(found.processed, found.root, readonly=True) as ledger:
        failed = [why for stage in NEEDED if (why := ledger.failure(f"stage:{stage}"))]
        if failed:
            brought.broken[name] = _first_line(failed[0])
        elif (
            not run.options.stage
            and ledger.outputs(f"stage:{NEEDED[0]}")
            and any(why for _, why in _due(found, run.options, ledger))
        ):
            brought.notes.append(f"{name} changed since it was read and is used as it was (--no-history)")


def stage_options(options: Options, survey: Survey, ledger: Ledger | None = None) -> Options:
    """The options of a run as far as they concern an earlier survey's stages.

    Its pages keep the language they were made in: to be held against a later survey is no reason to
    read it again.
    """
    made = ledger.parts(f"stage:{NEEDED[0]}").get("languages") if ledger else None
    if ledger is None:
        with open_ledger(survey.processed, survey.root, readonly=True) as stored:
            made = stored.parts(f"stage:{NEEDED[0]}").get("languages")
    return replace(
        options, only=(), limit=None, stage="", languages=(made or survey.definition.languages[0],),
        extras=(), rows=None, force=False, keep_edited=False, prune=False, cluster=None,
    )  # fmt: skip


def reasons(
    survey: Survey, name: str, options: Options, *, anew: bool = False
) -> list[tuple[str, list[Reason]]]:
    """Each needed stage of an earlier survey with the reasons to run it, until the first that must run.

    With `anew` its tables are hashed, whatever their size and time say.
    """
    try:
        found = surveys.outline(survey.root, name)
    except OSError as error:
        return [(NEEDED[0], [Reason("failed", after=str(error))])]
    with open_ledger(found.processed, found.root, readonly=True, anew=anew) as ledger:
        return _due(found, options, ledger)


def _due(found: Survey, options: Options, ledger: Ledger) -> list[tuple[str, list[Reason]]]:
    keys = Keys(
        found, stage_options(options, found, ledger), notebook_folder(options.notebooks), ledger.hashes
    )
    due: list[tuple[str, list[Reason]]] = []
    for stage in NEEDED:
        due.append((stage, ledger.check(keys.stage(stage, ledger))))
        if due[-1][1]:
            break
    return due


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else "no reason was given"


def _tell(survey: Survey, broken: Mapping[str, str]) -> None:
    """Leave for the notebooks which surveys they must not use, and why; nothing when there are none."""
    path = survey.processed / surveys.EARLIER_FILE
    if not broken:
        path.unlink(missing_ok=True)
        return
    text = json.dumps(dict(broken), ensure_ascii=False, indent=1) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_aside(path, text)
