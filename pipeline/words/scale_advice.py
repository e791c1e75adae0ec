"""What to do about each threshold that a scale misses."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.words.lookup import Words
from pipeline.words.narrative import Runs
from pipeline.words.scale import by_group
from pipeline.words.scale_verdicts import RELIABLE, Scale


def advice(w: Words, s: Scale) -> list[Runs]:
    """What to do about each missed threshold, to be numbered; one sentence when none is missed."""
    told: list[Runs] = []

    def add(key: str, **values: str) -> None:
        told.append(w.runs(f"scale.advice.{key}", **values))

    a, k = s.alpha, s.factorability
    if a.kind == "negative":
        names: Sequence[str] = a.against or [f.name for f in s.fits.judged if (f.rest or 0) < 0]
        add("negative", names=w.join(names)) if names else add("negative_unnamed")
    elif a.against:
        add("against", names=w.join(a.against))
    if a.kind == "repeating":
        add("repeating")
    elif a.kind == "word" and a.settled == "missed":
        add("alpha", alpha=w.number(a.value))
    elif a.kind == "word" and a.settled == "open":
        add("alpha_open", n=w.integer(a.n), cut=w.number(RELIABLE))
    weak = [f.name for f in s.fits.judged if f.weak and not f.fact and f.name not in a.against]
    if weak:
        add("weak", names=w.join(weak))
    fact = [f.name for f in s.fits.fits if f.expected]
    if fact and not s.ceiling.total:
        add("fact", names=w.join(fact))
    constant = [f.name for f in s.fits.fits if f.constant and not f.fact]
    if constant and not s.ceiling.total:
        add("constant", names=w.join(constant))
    if k and k.reason == "too-few":
        add("few" if s.scope == "unit" else "few_city", needed=w.integer(k.needed))
    if k and k.reason == "singular":
        add("singular")
    elif s.repeated:
        add("repeats", names=w.join(s.repeated))
    if s.model and s.model.ordinal_reason == "not-positive-definite" and s.model.scaled is not None:
        add("polychoric")
    if s.dimensions and s.dimensions.several:
        add("dimensions")
    if s.model and s.model.kind == "outside":
        add("model")
    if s.ceiling.strong:
        add("ceiling")
    if s.agreement and s.agreement.opposed:
        add("opposed", names=w.join([name for name, _, _ in s.agreement.opposed]))
    if s.dif and s.dif.flagged:
        add("dif", names=w.join(s.dif.flagged))
    apart = [v for v in s.invariance if v.level in ("none", "configural", "thresholds", "metric")]
    if apart:
        add("invariance", by=w.join([by_group(w, v) for v in apart]))
    if not told:
        add("keep")
    return told
