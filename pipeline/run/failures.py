"""What a run did, and what went wrong in it, for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .unread import MOST_TOLD, Unread


@dataclass(frozen=True)
class Failure:
    """Something that did not work, for people."""

    what: str
    where: str
    why: str
    notebook: str = ""
    traceback: str = ""
    stage: bool = False


@dataclass
class Outcome:
    """What a run did.

    Attributes
    ----------
    written, current : list of str
        Units (``overview`` is the city's, ``@set`` a set's) whose report was made, and those that
        were up to date.
    stages, edited, kept : list of str
        Stages that ran; files edited by hand that were made again; those that were kept.
    foreign : list of str
        Files beside the reports that no run wrote.
    manifest : str
        SHA-256 of ``run.json``.
    failed_units, known_failed : list of str
        Units whose report failed now, and all whose last attempt failed.
    orphans, pruned : list of str
        Folders of units that are not in the list any more; those that were deleted.
    why : list of str
        Reasons for what was made, counted, the most frequent first.
    notes : list of str
        Other things a person should hear.
    earlier : list of (survey, stage)
        Stages of earlier surveys that ran.
    broken : dict of str to str
        Earlier surveys that cannot be used, each with one sentence.
    unread : Unread
        Raw files that were not used although the rest was, by the last run of ``1-clean``.
    """

    survey: str
    written: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    changed_raw: list[str] = field(default_factory=list)
    failed_units: list[str] = field(default_factory=list)
    stopped: bool = False
    current: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    manifest: str = ""
    known_failed: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    earlier: list[tuple[str, str]] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)


def failure_lines(failure: Failure, *, debug: bool = False) -> Iterator[str]:
    """One failure for people: what, where, why, where the evidence is."""
    yield f'Unit "{failure.what}": {failure.where}' if not failure.stage else f"Stage {failure.where}"
    yield from _why(failure.why, debug)
    if failure.notebook:
        yield f"  notebook: {failure.notebook}"
    if debug and failure.traceback:
        yield failure.traceback


def _why(why: str, debug: bool) -> Iterator[str]:
    """The sentences of a reason; many are cut (a line that is indented belongs to the one before)."""
    said = 0
    lines = why.splitlines()
    for number, line in enumerate(lines):
        said += not line.startswith(" ")
        if said > MOST_TOLD and not debug:
            rest = sum(not later.startswith(" ") for later in lines[number:])
            yield f"  and {rest} more (--debug shows all)"
            return
        yield f"  {line}"
