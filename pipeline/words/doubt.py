"""How a unit's answers came in, in words: one verdict for every page that speaks of it (R10, R22).

The first page of a report says the verdict; the section on doubt adds what was seen, what could not
be judged and why, and how many answers carry flags. No count stands without its verdict.
"""

from __future__ import annotations

from pipeline.words.lookup import Words
from pipeline.words.narrative import Runs, joined
from pipeline.words.verdicts import Doubt, Integrity


def status(w: Words, verdict: Integrity) -> Runs:
    """Say the verdict in one sentence: to be explained, no reason to ask, or why it cannot be judged."""
    key = verdict.reason if verdict.status == "cannot-judge" else verdict.status
    return w.runs(f"doubt.status.{key}", tests=w.join([w(f"doubt.test.{kind}") for kind in verdict.judged]))


def evidence(w: Words, verdict: Integrity) -> Runs:
    """Say what is improbable for honest work, and that the data cannot say why it happened."""
    runs: Runs = []
    for e in verdict.evidence:
        dates = w.date_range(e.first, e.last) if e.first else ""
        key = f"doubt.evidence.{e.kind}.{'dated' if dates else 'undated'}"
        values = {"rows": w.integer(e.rows), "valid": w.integer(verdict.valid), "dates": dates}
        runs = joined(runs, w.runs(key, **values))
    return runs


def unjudged(w: Words, verdict: Integrity) -> Runs:
    """Name the tests that cannot judge this unit, each with its reason."""
    if not verdict.unjudged or verdict.status in ("too-few", "excluded"):
        return []
    tests = [
        w("doubt.unjudged_test", test=w(f"doubt.test.{kind}"), reason=w.label("reason", reason))
        for kind, reason in verdict.unjudged
    ]
    return w.runs("doubt.unjudged", tests=w.join(tests))


def integrity(w: Words, verdict: Integrity) -> Runs:
    """Say the verdict, what was seen, what could not be judged, and how unusual that is among units."""
    runs = joined(status(w, verdict), evidence(w, verdict), unjudged(w, verdict))
    if verdict.paper:
        runs = joined(runs, w.runs("doubt.paper", rows=w.integer(verdict.paper)))
    if verdict.flags:
        flags = w.join([f"{w.label('flag', name)} ({w.integer(rows)})" for name, rows in verdict.flags])
        runs = joined(runs, w.runs("doubt.seen", flags=flags))
    if verdict.evidence and verdict.value_flagged is not None and verdict.value_without is not None:
        values = {"value": w.number(verdict.value_flagged), "without": w.number(verdict.value_without)}
        runs = joined(runs, w.runs("doubt.values", **values))
    if verdict.status == "needs-explaining":
        runs = joined(runs, w.runs("doubt.cannot-tell"))
    if verdict.at_least is not None and verdict.units > 1 and verdict.flagged:
        share = w.percent(verdict.flagged / verdict.valid, 1) if verdict.valid else ""
        values = {"share": share, "count": w.integer(verdict.at_least), "units": w.integer(verdict.units)}
        alone = "alone" if verdict.at_least == 1 else "among"
        runs = joined(runs, w.runs(f"doubt.{alone}", **values))
    return runs


def without(w: Words, verdict: Doubt) -> Runs:
    """Say what the index is without flagged answers, and whether the letter depends on them."""
    key = "value" if verdict.status == "stays" and not verdict.letter else verdict.status
    return w.runs(
        f"doubt.without.{key}", value=w.number(verdict.value_without), letter=verdict.letter,
        without=verdict.letter_without,
    )  # fmt: skip
