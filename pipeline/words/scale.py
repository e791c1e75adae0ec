"""Sentences about the scale itself, from its verdicts: what the figures show, and what they do not.

The wording lives in ``locale/<lang>/scale.yml``. Wherever alpha is worded, what it cannot show is
worded with it (R9), and the published practice of "r hitung > r tabel" never decides.
``OVERCLAIMS`` lists the words no statistic of answers can carry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.words.lookup import Words
from pipeline.words.narrative import Runs, joined
from pipeline.words.scale_verdicts import (
    APART,
    CEILING,
    CFI,
    DIF,
    ITEM_REST,
    LOADING,
    RELIABLE,
    RMSEA,
    SRMR,
    Agreement,
    Alpha,
    Ceiling,
    Dif,
    Dimensions,
    Factorability,
    Fit,
    Invariance,
    Items,
    Model,
    Omega,
    Precision,
    Scale,
)
from pipeline.words.verdicts import Consistency

#: Claims that answers alone can never carry; a negation before the word takes it back.
OVERCLAIMS = {
    "id": r"(?<!tidak )(?<!bukan )\b(?:membuktikan|terbukti|menjamin|sahih|kesahihan teruji|valid|reliabel)\b",
    "en": r"(?<!not )(?<!no )\b(?:proves?|proven|guarantees?|valid|reliable|validated)\b",
}


def overclaims(text: str, lang: str) -> list[str]:
    """Return words of a text that call a scale or a result proven or valid.

    Examples
    --------
    >>> overclaims("Kuesioner ini valid.", "id"), overclaims("Itu tidak membuktikan mutu.", "id")
    (['valid'], [])
    """
    return [match.group(0) for match in re.finditer(OVERCLAIMS[lang], text, re.IGNORECASE)]


def r9(w: Words, decreed: bool) -> Runs:
    """Say what alpha can and cannot show (R9)."""
    return w.runs("scale.r9.decreed" if decreed else "scale.r9.own")


def alpha(w: Words, v: Alpha, decreed: bool = True) -> Runs:
    """Say alpha with its interval, whether 0.70 is settled, and what alpha does not show."""
    n, within = w.integer(v.n), "_inside" if v.inside else ""
    bounded = v.lower is not None and v.upper is not None
    said = w.interval(v.lower, v.upper) if bounded else ""
    if v.kind == "none":
        runs = w.runs("scale.alpha.none", reason=w.label("reason", v.reason or "not-estimable"))
    elif v.kind == "ceiling":
        runs = w.runs("scale.alpha.ceiling", n=n)
    elif v.kind == "negative":
        inside = w("scale.alpha.interval_inside", interval=said) if bounded else ""
        runs = w.runs(
            "scale.alpha.negative_inside" if v.inside else "scale.alpha.negative",
            alpha=w.number(v.value),
            interval=inside,
            n=n,
        )
    elif v.kind == "repeating":
        # All alike, alpha is 1 and its error 0: an interval without width would claim too much.
        told = v.lower is not None and v.upper is not None and v.upper - v.lower > 1e-6
        before = w("scale.alpha.interval_first", interval=said) if told else ""
        runs = w.runs("scale.alpha.repeating", alpha=w.number(v.value), interval=before, n=n)
    else:
        word = Consistency(v.value, v.lower, v.upper, v.items).word
        beside = w("scale.alpha.interval", interval=said) if bounded else ""
        runs = w.runs(f"scale.alpha.word{within}", alpha=w.number(v.value),
                      interval=beside, n=n, word=w(f"narrative.consistency.{word}"),
                      items=w.integer(v.items))  # fmt: skip
        if v.settled:
            runs = joined(runs, w.runs(f"scale.alpha.{v.settled}", cut=w.number(RELIABLE)))
    if v.value is not None and v.no_interval:
        runs = joined(runs, w.runs("scale.alpha.no_interval", reason=w.label("reason", v.no_interval)))
    if v.pooled is not None:
        runs = joined(runs, w.runs("scale.alpha.pooled", alpha=w.number(v.pooled)))
    if v.against:
        runs = joined(runs, w.runs("scale.alpha.against", names=w.join(v.against)))
        if v.turned is not None:
            runs = joined(runs, w.runs("scale.alpha.turned", alpha=w.number(v.turned)))
    if v.constant and v.fewer is not None:
        more = w.runs("scale.alpha.constant", names=w.join(v.constant), alpha=w.number(v.fewer))
        runs = joined(runs, more)
    return joined(runs, r9(w, decreed))


def omega(w: Words, v: Omega, top: int = 4, alpha: float | None = None) -> Runs:
    """Say omega, the categorical one beside it, and why ordinal alpha is no reliability of the index."""
    if v.value is None:
        return []
    bounded = v.lower is not None and v.upper is not None
    inside = w("scale.alpha.interval", interval=w.interval(v.lower, v.upper)) if bounded else ""
    runs = w.runs("scale.omega.value_inside" if v.inside else "scale.omega.value", omega=w.number(v.value),
                  interval=inside)  # fmt: skip
    end = "_pooled" if v.inside else ""
    if v.categorical is not None:
        more = w.runs(
            f"scale.omega.categorical{end}", categorical=w.number(v.categorical), top=w.integer(top)
        )
        runs = joined(runs, more)
    elif v.categorical_reason:
        reason = w.label("reason", v.categorical_reason)
        runs = joined(runs, w.runs("scale.omega.refused", reason=reason))
    if v.ordinal_alpha is not None:
        key = "latent_larger" if alpha is not None and v.ordinal_alpha > alpha else "latent"
        runs = joined(runs, w.runs(f"scale.omega.{key}", ordinal=w.number(v.ordinal_alpha)))
    return runs


def items(w: Words, v: Items) -> Runs:
    """Say which items go with the others by item-rest r, and why passing "r tabel" is no evidence."""
    judged, cut, within = v.judged, w.number(ITEM_REST), "_inside" if v.inside else ""
    weak = [fit for fit in judged if fit.weak]
    constant = [fit.name for fit in v.fits if fit.constant]
    runs: Runs = []
    if judged and not weak:
        values = sorted(fit.rest or 0.0 for fit in judged)
        runs = w.runs(f"scale.items.together{within}", k=w.integer(len(judged)), low=w.number(values[0]),
                      high=w.number(values[-1]), cut=cut)  # fmt: skip
    if weak:
        named = [
            w("scale.items.named", name=fit.name, value=below(w, fit.rest, cut),
              interval=w.interval(fit.lower, fit.upper))
            if fit.lower is not None
            else w("scale.items.named_only", name=fit.name, value=below(w, fit.rest, cut))
            for fit in weak
        ]  # fmt: skip
        runs = joined(runs, w.runs(f"scale.items.weak{within}", names="; ".join(named), cut=cut))
        unsettled = [fit.name for fit in weak if fit.open]
        if unsettled:
            runs = joined(runs, w.runs("scale.items.open", names=w.join(unsettled), cut=cut))
        for reason in dict.fromkeys(fit.no_interval for fit in weak if fit.no_interval):
            alone = w.join([fit.name for fit in weak if fit.no_interval == reason])
            told = {"names": alone, "reason": w.label("reason", reason)}
            runs = joined(runs, w.runs("scale.items.no_interval", **told))
    if constant:
        runs = joined(runs, w.runs("scale.items.constant", names=w.join(constant)))
    facts = [fit.name for fit in v.fits if fit.expected]
    if facts:
        runs = joined(runs, w.runs("scale.items.fact", names=w.join(facts)))
    if len(judged) > 1 and v.critical is not None:
        # Where the critical value itself is near what noise gives, chance decides who passes.
        key = "verdict" if v.critical <= 0.75 * v.noise else "verdict_small"
        runs = joined(
            runs,
            w.runs(f"scale.items.{key}", k=w.integer(len(judged)), noise=w.number(v.noise),
                   table=w.number(v.critical), n=w.integer(v.n)),
            w.runs("scale.items.counted", passing=w.integer(v.passing), k=w.integer(len(judged)),
                   fine=w.integer(len(judged) - len(weak)), cut=cut),
        )  # fmt: skip
    return runs


def below(w: Words, value: float | None, cut: str) -> str:
    """A value that misses a cut, with a third decimal where two would print the cut itself."""
    said = w.number(value)
    return w.number(value, 3) if said == cut else said


def factorability(w: Words, v: Factorability) -> Runs:
    """Say KMO and Bartlett, or why there are none."""
    few = {"n": w.integer(v.n), "k": w.integer(v.items), "needed": w.integer(v.needed)}
    names = w.join(v.left_out)
    if v.kmo is not None:
        within = "_inside" if v.inside else ""
        means = "little" if v.word in ("poor", "unfit") else "shared"
        runs = w.runs(f"scale.factorability.value{within}", kmo=w.number(v.kmo), n=w.integer(v.n),
                      word=w(f"scale.factorability.{v.word}"),
                      means=w(f"scale.factorability.{means}"))  # fmt: skip
        if v.chisq is not None:
            runs = joined(runs, w.runs("scale.factorability.bartlett", chisq=w.number(v.chisq, 1),
                                       df=w.integer(v.df), p=w.p(v.p)))  # fmt: skip
        return joined(runs, w.runs("scale.factorability.left_out", names=names) if names else [])
    if v.reason == "too-few":
        key = "fewer-than-items" if v.n is not None and v.n <= v.items else "too-few"
        return w.runs(f"scale.factorability.{key}", **few)
    if v.reason == "singular":
        key = "singular" if names else "singular_plain"
        return w.runs(f"scale.factorability.{key}", **({"names": names} if names else {}))
    return w.runs("scale.factorability.refused", reason=w.label("reason", v.reason or "not-estimable"))


def dimensions(w: Words, v: Dimensions) -> Runs:
    """Say how many dimensions parallel analysis counts."""
    counts = [count for count in (v.pearson, v.ordinal) if count is not None]
    if not counts or v.pearson is None:
        return []
    if v.inside:
        key = "none" if v.pearson == 0 else "one" if v.pearson == 1 else "several"
        return w.runs(f"scale.dimensions.{key}_inside", count=w.integer(v.pearson))
    if all(count == 0 for count in counts):
        return w.runs("scale.dimensions.none")
    if all(count == 1 for count in counts):
        methods = w("scale.dimensions.both" if len(counts) == 2 else "scale.dimensions.pearson")
        return w.runs("scale.dimensions.one", methods=methods)
    if v.ordinal is None:
        runs = w.runs("scale.dimensions.several", pearson=w.integer(v.pearson))
    else:
        runs = w.runs("scale.dimensions.several_both", pearson=w.integer(v.pearson),
                      ordinal=w.integer(v.ordinal))  # fmt: skip
        if v.ordinal == v.pearson:
            return runs
        if v.ordinal > v.pearson:
            return joined(runs, w.runs("scale.dimensions.sparse"))
    return joined(runs, w.runs("scale.dimensions.difficulty"))


def model(w: Words, v: Model, apart: bool = False) -> Runs:
    """Say how the one-factor model fits, and why there is none where there is none."""
    runs: Runs = []
    if v.scaled is not None:
        runs = _fit(w, v, v.scaled)
        cuts = {"cut_cfi": w.number(CFI), "cut_rmsea": w.number(RMSEA), "cut_srmr": w.number(SRMR)}
        key = "within_opposed" if v.kind == "within" and v.opposed else v.kind
        # A fit over units that disagree is an average of opposites.
        key = "within_apart" if v.kind == "within" and apart else key
        runs = joined(runs, w.runs(f"scale.model.{key}", **cuts))
        if v.opposed:
            runs = joined(runs, w.runs("scale.model.opposed", names=w.join(v.opposed)))
        if v.weak:
            runs = joined(runs, w.runs("scale.model.weak", names=w.join(v.weak), cut=w.number(LOADING)))
        if v.heywood:
            runs = joined(runs, w.runs("scale.model.heywood", names=w.join(v.heywood)))
    elif v.reason:
        return w.runs("scale.model.none", reason=w.label("reason", v.reason))
    return joined(runs, _why_not_ordinal(w, v)) if not v.ordinal and v.ordinal_reason else runs


def _fit(w: Words, v: Model, fit: Fit) -> Runs:
    bounded = fit.lower is not None and fit.upper is not None
    values = {
        "n": w.integer(v.n),
        "cfi": w.number(fit.cfi, 3),
        "rmsea": w.number(fit.rmsea, 3),
        "interval": w("scale.model.interval", interval=w.interval(fit.lower, fit.upper, 3))
        if bounded
        else "",
        "srmr": w("scale.model.srmr", srmr=w.number(fit.srmr, 3)) if fit.srmr is not None else "",
    }
    strict = v.robust
    if v.inside and strict is None:
        return w.runs("scale.model.inside_plain", **values)
    key = "ordinal" if v.ordinal else "inside" if v.inside else "ml"
    return w.runs(f"scale.model.{key}",
                  robust_cfi=w.number(strict.cfi if strict else None, 3),
                  robust_rmsea=w.number(strict.rmsea if strict else None, 3), **values)  # fmt: skip


def _why_not_ordinal(w: Words, v: Model) -> Runs:
    if v.ordinal_reason == "not-positive-definite":
        return w.runs("scale.model.not-positive-definite", least=w.number(v.min_eigenvalue, 3),
                      n=w.integer(v.n))  # fmt: skip
    if v.ordinal_reason == "too-few":
        return w.runs("scale.model.too-few", n=w.integer(v.n))
    return w.runs("scale.model.ordinal_refused", reason=w.label("reason", v.ordinal_reason))


def ceiling(w: Words, v: Ceiling) -> Runs:
    """Say that answers pile up so far that correlations rest on few people."""
    if v.total:
        return w.runs("scale.ceiling.total")
    runs: Runs = []
    if v.strong:
        runs = w.runs("scale.ceiling.strong", count=w.integer(len(v.over)), k=w.integer(v.items),
                      cut=w.percent(CEILING))  # fmt: skip
    return joined(runs, w.runs("scale.ceiling.full", share=w.percent(v.full)) if v.full is not None else [])


def precision(w: Words, v: Precision) -> Runs:
    """Say the error of one respondent's index, and that it is not the unit's."""
    runs = w.runs("scale.precision.sem", sem=w.number(v.sem))
    if v.smallest is not None:
        runs = joined(runs, w.runs("scale.precision.smallest", smallest=w.number(v.smallest)))
    return joined(runs, w.runs("scale.precision.unit"))


def icc2(w: Words, value: float, items: Sequence[tuple[str, float]] = ()) -> Runs:
    """Say whether the means of units are apart, in the index and in each unsur."""
    runs = w.runs("scale.icc2.separated" if value >= APART else "scale.icc2.open", value=w.number(value))
    if len(items) < 2:
        return runs
    ordered = sorted(items, key=lambda pair: pair[1])
    low = [name for name, reliability in ordered if reliability < APART]
    values = {
        "least": ordered[0][0], "low": w.number(ordered[0][1]), "most": ordered[-1][0],
        "high": w.number(ordered[-1][1]), "count": w.integer(len(low)), "k": w.integer(len(items)),
        "cut": w.number(APART),
    }  # fmt: skip
    return joined(runs, w.runs("scale.icc2.items", **values))


def agreement(w: Words, v: Agreement) -> Runs:
    """Say which items some units answer against the others and other units with them."""
    if not v.opposed:
        return w.runs("scale.agreement.none", judged=w.integer(v.judged)) if v.judged >= 2 else []
    named = "; ".join(
        w("scale.agreement.named", name=name, count=w.integer(count), judged=w.integer(judged))
        for name, count, judged in v.opposed
    )
    return w.runs("scale.agreement.opposed", names=named)


def dif(w: Words, v: Dif) -> Runs:
    """Say which items units answer differently at the same level, and whether the order depends on them."""
    if v.reason or not v.tested:
        return w.runs("scale.dif.refused", reason=w.label("reason", v.reason or "not-estimable"))
    if not v.flagged:
        return w.runs("scale.dif.none", tested=w.integer(v.tested), cut=w.percent(DIF, 1))
    runs = w.runs("scale.dif.flagged", names=w.join(v.flagged), largest=w.percent(v.largest, 1))
    if v.facts:
        runs = joined(runs, w.runs("scale.dif.fact", names=w.join(v.facts)))
    if v.agreement is not None:
        runs = joined(runs, w.runs("scale.dif.agreement", agreement=w.number(v.agreement, 3)))
    if v.moved is not None and v.units:
        moved = w.runs("scale.dif.moved", moved=w.integer(v.moved), units=w.integer(v.units))
        runs = joined(runs, moved)
    return runs


def invariance(w: Words, v: Invariance) -> Runs:
    """Say up to which level groups of respondents can be compared."""
    by = by_group(w, v)
    if not v.level:
        reason = w.label("reason", v.reason or "not-estimable")
        return w.runs("scale.invariance.refused", by=by, reason=reason)
    method = w("scale.invariance.ordinal" if v.ordinal else "scale.invariance.normal")
    return w.runs(f"scale.invariance.{v.level}", by=by, method=method, n=w.integer(v.n))


def by_group(w: Words, v: Invariance) -> str:
    """How the groups of a comparison are called."""
    return w(f"scale.invariance.by.{v.group}") if w.has(f"scale.invariance.by.{v.group}") else v.group


def found(w: Words, s: Scale) -> list[Runs]:
    """Everything that was found, one paragraph per matter, the most important first."""
    told = [alpha(w, s.alpha, s.decreed)]
    if s.ceiling.total:
        # Everything that follows would repeat that nothing varies.
        return [ceiling(w, s.ceiling), *told]
    told += [agreement(w, s.agreement)] if s.agreement else []
    told += [items(w, s.fits), ceiling(w, s.ceiling)]
    told += [omega(w, s.omega, s.top, s.alpha.value)] if s.omega else []
    told += [factorability(w, s.factorability)] if s.factorability else []
    told += [dimensions(w, s.dimensions)] if s.dimensions else []
    if s.model and not (s.factorability and s.factorability.kmo is None and s.model.scaled is None):
        told.append(model(w, s.model, bool(s.agreement and s.agreement.opposed)))
    # Without a reliability that can be read there is no error of measurement to state.
    told += [precision(w, s.precision)] if s.precision and s.alpha.kind == "word" else []
    told += [icc2(w, s.icc2, s.icc2_items)] if s.icc2 is not None else []
    told += [invariance(w, v) for v in s.invariance]
    told += [dif(w, s.dif)] if s.dif else []
    told += [w.runs("scale.excellent")] if s.excellent else []
    return [runs for runs in told if runs]


def brief(w: Words, s: Scale) -> list[Runs]:
    """The same for a short report: alpha, items, the ceiling, and what the advice rests on."""
    told = [alpha(w, s.alpha, s.decreed)]
    if s.ceiling.total:
        return [ceiling(w, s.ceiling), *told]
    told += [items(w, s.fits), ceiling(w, s.ceiling)]
    refused = s.factorability is not None and s.factorability.kmo is None
    if s.factorability and (refused or s.repeated):
        told.append(factorability(w, s.factorability))
    if s.dimensions and s.dimensions.several:
        told.append(dimensions(w, s.dimensions))
    if s.model and s.model.kind == "outside":
        told.append(model(w, s.model))
    elif s.model and not refused and s.model.ordinal_reason == "not-positive-definite":
        told.append(_why_not_ordinal(w, s.model))
    told += [w.runs("scale.excellent")] if s.excellent else []
    return [runs for runs in told if runs]


def limits(w: Words, s: Scale) -> list[Runs]:
    """What none of this shows."""
    keys = ["association", "compare", "external"] if s.scope == "unit" else ["association", "external"]
    return [w.runs(f"scale.limits.{key}") for key in keys]
