"""Turn summaries of groups into result rows: index, letter, certainty, item statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from pipeline import rules
from pipeline.statistics.data.item_weights import as_floats, letters, letters_of_pairs, storable_all
from pipeline.statistics.data.rows import Blocks, choose
from pipeline.statistics.data.summary import Moments, Summary
from pipeline.statistics.index.certainty import certainty_words, letter_bands
from pipeline.statistics.index.hall import between, hall_interval, n_to_settle
from pipeline.statistics.sample.finite_population import is_census, population_remarks, unseen

Array = np.ndarray
Labels = Mapping[str, Array]

#: Beyond this many respondents a letter is called not settled at this distance.
FAR = 10_000
#: Fewer respondents carry no statement about certainty (R6, R13).
FEW = 5


def wilson(
    count: Array, n: Array, confidence: float, users_unseen: Array | float = 1.0
) -> tuple[Array, Array]:
    """Wilson interval of a share.

    Formula: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Source: Wilson 1927, by
    ``proportion_confint`` of statsmodels. Drawn from N users without replacement, n counts as
    n / (1 - n/N) (``users_unseen`` = 1 - n/N); a census has the share itself as both limits.

    Examples
    --------
    >>> low, high = wilson(np.array([8]), np.array([10]), 0.95)
    >>> [round(float(v), 4) for v in (low[0], high[0])]
    [0.4902, 0.9433]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share, drawn = count / n, n / np.asarray(users_unseen, dtype=float)
        lower, upper = proportion_confint(share * drawn, drawn, 1 - confidence, method="wilson")
    census = np.isinf(drawn)
    # The limits at 0 and 1 are exact; rounding must not push them past the ends.
    return (
        np.where(count == 0, 0.0, np.where(census, share, lower)),
        np.where(count == n, 1.0, np.where(census, share, upper)),
    )


@dataclass(frozen=True)
class Grouping:
    """Groups of one scope, each an entry of every array, and what their rows are made of.

    ``labels`` name the groups in the table's columns, ``population`` has their users (NaN where not known);
    ``full`` asks for every row, else for those of a service. Without ``method`` each row says its own.
    """

    scope: str
    summary: Summary
    law: rules.Rule
    foreign: bool
    labels: Labels
    population: Array
    full: bool
    method: str = ""


def emit_group(blocks: Blocks, of: Grouping) -> None:
    """Rows that belong to a whole group: numbers of rows, index, letter, certainty, margins.

    All of them are about the users of the period (R19): corrected for the ``population`` where known.
    """
    scope, s, law, foreign = of.scope, of.summary, of.law, of.foreign
    labels, population = of.labels, of.population
    order = np.arange(len(s.rows))
    size = len(order)
    kinds = of.method or _kinds(s, foreign)
    where = {**labels}
    for name, count in (("n", s.rows), ("n_valid", s.valid), ("n_complete", s.complete)):
        blocks.add(scope, name, order, estimate=count.astype(float), n=s.rows, method=of.method, **where)

    sc = s.scores.about_users(unseen(s.valid, population))
    index = as_floats(s.exact)
    lower, upper = hall_limits(index, sc, s.valid, population, blocks.confidence)
    absent = np.isnan(index)
    gone = [(s.valid == 0, "no-data"), (absent, "item-unanswered")]
    spread = [(sc.n < 2, "too-few"), (s.scores.variance == 0, "no-variance")]
    remarks = population_remarks(s.valid, population)
    numerator, denominator = storable_all(s.exact)
    common = {"numerator": numerator, "denominator": denominator, "n": s.valid, **where}
    blocks.add(
        scope, "ikm", order, estimate=index, lower=lower, upper=upper, df=_df(sc.n),
        method=kinds, reason=choose([*gone, remarks[0], *spread], size), **common,
    )  # fmt: skip
    named = letters(s.exact, law)
    if foreign:
        named[:] = ""
    reason = choose([*gone, (foreign, "foreign-scale")], size)
    blocks.add(
        scope, "letter", order, estimate=np.where(reason == "", index, np.nan), text=named,
        method=kinds, reason=reason, **common,
    )  # fmt: skip
    _certainty(blocks, scope, s, law, named, reason, labels, population, of.method)
    _errors(blocks, scope, (upper - lower) / 2, sc, [*gone, *remarks, *spread], population, where)
    if of.full:
        _complete(blocks, scope, s, law, foreign, population, where)
        if not foreign:
            _legacy(blocks, scope, s, law, named, where)
        _spread(blocks, scope, s, where)


def hall_limits(
    index: Array, scores: Moments, valid: Array, population: Array, confidence: float
) -> tuple[Array, Array]:
    """Hall's limits of an index about its users; a census has the index itself as both.

    ``scores`` are the moments `Moments.about_users`. Answers that are all the same have no limits: they
    say nothing of how far the others differ (R13).
    """
    census = is_census(valid, population)
    sd = np.where((scores.variance == 0) & ~census, np.nan, scores.sd)
    lower, upper = hall_interval(scores.mean, sd, scores.skewness, scores.n, confidence)
    return np.where(census, index, lower), np.where(census, index, upper)


def _errors(
    blocks: Blocks, scope: str, half: Array, sc: Moments, reasons: list[tuple[Array, str]], population: Array,
    where: Labels,
) -> None:  # fmt: skip
    """Half the width of the interval that is printed, and the standard error it is made of."""
    order, size = np.arange(len(half)), len(half)
    census = is_census(sc.n, population)
    error = np.where((sc.variance > 0) & ~np.isnan(sc.mean), sc.standard_error, np.nan)
    error = np.where(census & ~np.isnan(sc.mean), 0.0, error)
    common = {
        "n": sc.n, "df": _df(sc.n), "reason": choose(reasons, size),
        "method": np.where(unseen(sc.n, population) < 1, "fpc", "no-fpc").astype(object), **where,
    }  # fmt: skip
    blocks.add(scope, "margin", order, estimate=half, confidence=blocks.confidence, **common)
    blocks.add(scope, "standard_error", order, estimate=error, **common)


def _kinds(s: Summary, foreign: bool) -> Array:
    if foreign:
        return np.full(len(s.rows), f"100/{s.levels.high}", dtype=object)
    return np.where(s.lists.equal, "exact", "own-weights").astype(object)


def _df(n: Array) -> Array:
    return np.where(n > 1, n - 1.0, np.nan)


def _certainty(
    blocks: Blocks,
    scope: str,
    s: Summary,
    law: rules.Rule,
    named: Array,
    missing: Array,
    labels: Labels,
    population: Array,
    method: str,
) -> None:
    """Confidence of each letter (R13), the word for the published one, and what would settle it."""
    order, size = np.arange(len(s.rows)), len(s.rows)
    sc = s.scores.about_users(unseen(s.valid, population))
    index, census = as_floats(s.exact), is_census(s.valid, population)
    own = np.full(size, np.nan)
    low, high = np.full(size, np.nan), np.full(size, np.nan)
    unsure = [(census, ""), (sc.n < FEW, "too-few"), (s.scores.variance == 0, "no-variance")]
    reason = np.where(missing != "", missing, choose(unsure, size))
    # A census is known: its letter is certain, and the row says why.
    remark = np.where((reason == "") & census, "census", reason)
    how = np.where(census, "census", method or "hall").astype(object)
    for name, (bottom, top) in letter_bands(law).items():
        share = between(np.full(size, bottom), np.full(size, top), sc.mean, sc.sd, sc.skewness, sc.n)
        share = np.where(census, ((bottom <= index) & (index < top)).astype(float), share)
        share = np.where(reason == "", share, np.nan)
        blocks.add(
            scope, f"certainty_{name}", order, estimate=share, n=s.valid, df=_df(sc.n),
            reason=remark, method=how, **labels,
        )  # fmt: skip
        mine = named == name
        own[mine], low[mine], high[mine] = share[mine], bottom, top
    # The letter is decided by the exact fraction; at a rounding border the float may lie on the other side.
    own = np.where((reason == "") & census, 1.0, own)
    blocks.add(
        scope, "certainty", order, estimate=own, text=certainty_words(own), other=named, n=s.valid,
        df=_df(sc.n), reason=remark, method=how, **labels,
    )  # fmt: skip
    usable = (reason == "") & ~census
    people = np.where(population >= s.valid, population, np.nan)
    cap = np.where(np.isnan(people), FAR, people)
    needed = np.where((reason == "") & census, s.valid.astype(float), np.nan)
    if usable.any():
        raw = s.scores
        needed[usable] = n_to_settle(
            low[usable], high[usable], raw.mean[usable], raw.sd[usable], raw.skewness[usable],
            raw.n[usable].astype(float), cap[usable], people=people[usable],
        )  # fmt: skip
    settle = np.where(usable & np.isnan(needed), "not-at-this-distance", remark)
    blocks.add(
        scope, "n_to_settle", order, estimate=needed, n=s.valid, reason=settle, other=named,
        method=how, **labels,
    )  # fmt: skip


def _complete(
    blocks: Blocks, scope: str, s: Summary, law: rules.Rule, foreign: bool, population: Array, where: Labels
) -> None:
    """The index on complete rows only, beside the headline (R2).

    Who answers every item is a part of the users: the part asked is that of all respondents.
    """
    c = s.complete_scores.about_users(unseen(s.valid, population))
    value = as_floats(s.exact_complete)
    lower, upper = hall_limits(value, c, s.valid, population, blocks.confidence)
    named = letters(s.exact_complete, law)
    if foreign:
        named[:] = ""
    numerator, denominator = storable_all(s.exact_complete)
    reasons = [(c.n == 0, "no-data"), population_remarks(s.valid, population)[0], (c.n < 2, "too-few")]
    reasons.append((s.complete_scores.variance == 0, "no-variance"))
    blocks.add(
        scope, "ikm_complete", np.arange(len(value)), estimate=value, lower=lower, upper=upper,
        numerator=numerator, denominator=denominator, n=s.complete, df=_df(c.n), text=named,
        reason=choose(reasons, len(value)), **where,
    )  # fmt: skip


def _legacy(blocks: Blocks, scope: str, s: Summary, law: rules.Rule, named: Array, where: Labels) -> None:
    """The index with each printed weight, where the unit uses the rule's number of equal weights (R1)."""
    k = len(law.unsur)
    fits = [len(entry) == k and len(set(entry.values())) == 1 for entry in s.lists.lists]
    order = np.flatnonzero(np.array(fits, dtype=bool)[s.lists.of_group])
    order = order[[s.exact[i] is not None for i in order]] if len(order) else order
    for weight in law.printed_weights:
        ratio: Fraction = weight.fraction * k
        values = [value * ratio for i in order if (value := s.exact[i]) is not None]
        letter = letters(values, law)
        numerator, denominator = storable_all(values)
        blocks.add(
            scope, "ikm_legacy", order, estimate=as_floats(values), numerator=numerator,
            denominator=denominator, text=letter, n=s.valid[order], method=weight.value,
            reason=np.where(letter != named[order], "letter-differs", ""),
            **{key: value[order] for key, value in where.items()},
        )  # fmt: skip


def _spread(blocks: Blocks, scope: str, s: Summary, where: Labels) -> None:
    """Spread of respondents' scores (complete rows) and shares over all answers of the group."""
    c, order = s.complete_scores, np.arange(len(s.rows))
    size = len(order)
    base = [(c.n == 0, "no-data")]
    blocks.add(
        scope,
        "sd",
        order,
        estimate=c.sd_sample,
        n=s.complete,
        reason=choose([*base, (c.n < 2, "too-few")], size),
        **where,
    )
    skew = choose([*base, (c.n < 3, "too-few"), (c.variance == 0, "no-variance")], size)
    blocks.add(
        scope,
        "skewness",
        order,
        estimate=c.skewness_adjusted,
        n=s.complete,
        reason=skew,
        method="type-2",
        **where,
    )
    total = s.counts.sum(1)[:, 1:]
    n = total.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        for name, part in (("top_box", total[:, -1]), ("bottom_2", total[:, :2].sum(1))):
            blocks.add(
                scope, name, order, estimate=part / n, numerator=part, denominator=n, n=s.valid,
                reason=choose([(n == 0, "no-data")], size), **where,
            )  # fmt: skip


def emit_items(blocks: Blocks, of: Grouping) -> None:
    """Rows of each item a group asks: NRR with Hall's interval, shares with Wilson, spread, ends.

    Those who answered an item are a part of the users; the part asked is that of all respondents.
    """
    scope, s, law, foreign = of.scope, of.summary, of.law, of.foreign
    labels, population = of.labels, of.population
    group, item = np.nonzero(s.lists.own)
    pick = (group, item)
    m = s.item_moments
    n, total = s.item_n[pick], s.item_sum[pick]
    none = choose([(n == 0, "no-data")], len(n))
    where = {key: value[group] for key, value in labels.items()}
    where["item"] = np.array(s.levels.items, dtype=object)[item]
    mean, variance = s.item_mean[pick], m.variance[pick]
    rest, census = unseen(s.valid, population)[group], is_census(s.valid, population)[group]
    about = Moments(n, m.mean[pick], variance, m.third[pick]).about_users(rest)
    low, high = hall_interval(
        mean, np.where(variance > 0, about.sd, np.nan), about.skewness, n, blocks.confidence
    )
    low, high = (np.where(census & (n > 0), mean, limit) for limit in (low, high))
    scale = rules.factor((s.levels.low, s.levels.high))
    named = letters_of_pairs(total * scale.numerator, n * scale.denominator, law)
    if foreign:
        named[:] = ""
    gone = [(n == 0, "no-data"), (census, "census"), (n < 2, "too-few"), (variance == 0, "no-variance")]
    reason = choose(gone, len(n))
    blocks.add(
        scope, "nrr", group, estimate=mean, lower=low, upper=high, numerator=total,
        denominator=np.where(n > 0, n, 0), n=n, df=_df(n), text=named, reason=reason, method=of.method, **where,
    )  # fmt: skip
    if not of.full:
        return
    tops = np.array([[w.numerator, w.denominator] for w in _weights(s, group, item)], dtype=object).reshape(
        -1, 2
    )
    blocks.add(
        scope, "nrr_weighted", group, estimate=mean * s.lists.weight[pick],
        numerator=_fit(total.astype(object) * tops[:, 0]), denominator=_fit(n.astype(object) * tops[:, 1]),
        n=n, reason=none, **where,
    )  # fmt: skip
    counts = s.counts[pick][:, 1:]
    parts = {f"share_{s.levels.low + i}": counts[:, i] for i in range(counts.shape[1])}
    parts |= {"top_box": counts[:, -1], "bottom_2": counts[:, :2].sum(1)}
    parts |= {"ceiling": counts[:, -1], "floor": counts[:, 0]}
    for name, part in parts.items():
        lower, upper = wilson(part, n, blocks.confidence, rest)
        with np.errstate(invalid="ignore", divide="ignore"):
            blocks.add(
                scope, name, group, estimate=part / n, lower=np.where(n > 0, lower, np.nan),
                upper=np.where(n > 0, upper, np.nan), numerator=part, denominator=n, n=n, reason=none,
                method="wilson", **where,
            )  # fmt: skip
    short = choose([(n == 0, "no-data"), (n < 2, "too-few")], len(n))
    blocks.add(scope, "sd", group, estimate=m.sd_sample[pick], n=n, reason=short, **where)
    skew = choose([(n == 0, "no-data"), (n < 3, "too-few"), (variance == 0, "no-variance")], len(n))
    blocks.add(
        scope, "skewness", group, estimate=m.skewness_adjusted[pick], n=n, reason=skew, method="type-2", **where,
    )  # fmt: skip


def _weights(s: Summary, group: Array, item: Array) -> list[Fraction]:
    chosen = s.lists.of_group[group].tolist()
    return [s.lists.lists[entry][j] for entry, j in zip(chosen, item.tolist(), strict=True)]


def _fit(values: Array) -> Array:
    # A weight with a very long denominator would not fit a table; its float stands alone then.
    return np.array([None if abs(v) > 2**63 - 1 else v for v in values], dtype=object)
