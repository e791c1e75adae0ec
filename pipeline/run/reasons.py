"""Reasons in words: what changed, a peer by its name, a file by its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .keys import LINKED, PEERS, TEXTS
from .ledger import Ledger, Reason

#: Parts whose values say something to a person; of others only that they changed.
_READABLE = {"languages", "formats", "failed units"}
_NAMES = {
    "definition": "the definition (survey.yml, units.csv, services.csv or external.csv)",
    "package": "the package (code, rules, words or templates)",
    "libraries": "versions of Python or libraries",
    "arithmetic": "the order in which numbers are added up (processor, OPENBLAS_CORETYPE or NPY_DISABLE_CPU_FEATURES)",
    "tables": "the result tables",
    "own answers": "its own answers",
    TEXTS: "the office's texts or photos",
    PEERS: "a unit of its type",
    LINKED: "the list of reports it links to",
}


def sentence(reason: Reason, ledger: Ledger | None = None, own: str = "") -> str:
    """One reason as a sentence without a full stop.

    Examples
    --------
    >>> sentence(Reason("changed", "languages", "id", "id,en"))
    'languages changed: id -> id,en'
    >>> sentence(Reason("edited", "reports/2024/public/units/a/report.html"))
    'edited by hand: reports/2024/public/units/a/report.html'
    """
    what = _NAMES.get(reason.what, reason.what)
    if reason.kind == "new":
        return "never made"
    if reason.kind == "unfinished":
        return "the run that made it was stopped"
    if reason.kind == "forced":
        return "forced (--force)"
    if reason.kind == "failed":
        return f"failed last time: {reason.after.splitlines()[0]}" if reason.after else "failed last time"
    if reason.kind == "missing":
        return f"missing: {reason.what}"
    if reason.kind == "edited":
        return f"edited by hand: {reason.what}"
    if reason.what == PEERS and reason.kind == "changed" and ledger is not None:
        names = _peers(reason, ledger, own)
        if names:
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            return f"result rows of its peer{'s' if len(names) > 1 else ''} changed: {shown}"
    if reason.kind == "changed" and reason.what in _READABLE:
        return f"{what} changed: {reason.before or 'none'} -> {reason.after or 'none'}"
    verb = {"changed": "changed", "added": "is new", "removed": "is gone"}[reason.kind]
    return f"{what} {verb}"


def _peers(reason: Reason, ledger: Ledger, own: str) -> list[str]:
    before = ledger.noted(f"{PEERS}:{reason.before}", "rows") or {}
    after = ledger.noted(f"{PEERS}:{reason.after}", "rows") or {}
    changed = [u for u in sorted({*before, *after}) if before.get(u) != after.get(u)]
    return [u for u in changed if u != own]


def short(reason: Reason) -> str:
    """A reason without names of units and files, to count by.

    Examples
    --------
    >>> short(Reason("edited", "reports/2024/public/units/a/report.html"))
    'edited by hand'
    """
    if reason.kind in ("edited", "missing"):
        return {"edited": "edited by hand", "missing": "a file is missing"}[reason.kind]
    if reason.kind == "failed":
        return "failed last time"
    return sentence(reason)


def counted(found: Iterable[list[Reason]]) -> Iterator[tuple[int, str]]:
    """How many works have each reason, the most frequent first; a work can have several."""
    counts: Counter[str] = Counter()
    for reasons in found:
        counts.update({short(reason) for reason in reasons})
    for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield count, text
