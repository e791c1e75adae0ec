"""Which units need an explanation: tests of how rows came about, with error control over units.

A flag on a row accuses nobody. A *unit* is asked for an explanation only when one of five kinds
of evidence is improbable for honest work, after weighted Bonferroni over the kinds that can be judged in
that unit and Holm over all units of the survey at `LEVEL`. How satisfied respondents are is no
evidence: every test is conditional on the unit's own answers. Mahalanobis distance, straight
lines by themselves, stamps at midnight and bursts take no part. A test that has nothing to compare
with says so; forms that the definition says were on paper are expected to be keyed in a batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.statistics.data.multiplicity import holm
from pipeline.statistics.data.rows import Blocks, choose
from pipeline.statistics.integrity import (
    duplicates,
    entry_sessions,
    straightlining,
    stretches,
)
from pipeline.statistics.integrity import (
    runs as row_order,
)
from pipeline.statistics.integrity import (
    timing as entry,
)
from pipeline.statistics.integrity.runs import NOTHING_SEEN

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.statistics.data.levels import Groups, Levels

Array = np.ndarray

#: Chance, over all honest units of a survey together, that any is asked without cause.
LEVEL = 0.01
#: No evidence counts that is not at least so improbable by itself; its rows are then marked.
IMPROBABLE = 5e-4
#: The kinds of evidence, in the order they are told.
KINDS = ("late_keying", "regular_sitting", "uniform_block", "repeated_stretch", "copied_row", "zigzag")
#: How the error of a unit is shared among the kinds that could be tested. Zigzags and late batches
#: that mean anything are far beyond any level; the others need what is spared there.
SHARES = {
    "late_keying": 0.08,
    "regular_sitting": 0.3,
    "uniform_block": 0.3,
    "repeated_stretch": 0.15,
    "copied_row": 0.15,
    "zigzag": 0.02,
}
#: Kinds that need nothing else to judge anything: without one of them a unit is not judged.
WEIGHTY = tuple(kind for kind in KINDS if kind != "zigzag")
#: Fewer rows carry no verdict.
FEWEST = 10
#: Modes whose forms are keyed in afterwards: a batch of them is how the work is done.
PAPER = ("self-paper", "face-to-face", "mail", "mixed")
ASK, USUAL, CANNOT = "needs-explaining", "nothing-unusual", "cannot-judge"
#: Why a unit cannot be judged, the most telling reason first.
WHY = ("nothing-to-compare", "mostly-alike", "paper", "too-few", "not-asked")


class Evidence(NamedTuple):
    """Per kind of evidence: the p value of each unit, and the rows it rests on."""

    signals: dict[str, row_order.Signal | None]

    def rows(self, kind: str) -> Array | None:
        """Rows of a kind in units where it is improbable; None where it cannot be judged."""
        signal = self.signals[kind]
        return None if signal is None else signal.rows


def on_paper(responses: pd.DataFrame, mode: str = "") -> Array | None:
    """Rows whose forms were on paper as the definition says; None where none was.

    Parameters
    ----------
    responses : DataFrame
        With ``mode`` where it was stated by file or by row.
    mode : str
        Mode of the survey, for rows that state none.

    Examples
    --------
    >>> import pandas as pd
    >>> on_paper(pd.DataFrame({"mode": ["online", None]}), "self-paper").tolist()
    [False, True]
    """
    import pandas as pd

    by_default = mode in PAPER
    if "mode" not in responses.columns:
        return np.ones(len(responses), dtype=bool) if by_default else None
    told = responses["mode"]
    paper = told.isin(PAPER).to_numpy(dtype=bool)
    if by_default:
        paper = paper | pd.isna(told).to_numpy(dtype=bool)
    return paper if paper.any() else None


def evidence(
    responses: pd.DataFrame,
    levels: Levels,
    few: Levels,
    pattern: Array,
    same: Array,
    units: Groups,
    paper: Array | None = None,
) -> Evidence:
    """Judge every kind of evidence in every unit.

    Parameters
    ----------
    responses : DataFrame
        Rows with times, profile and source where recorded.
    levels, few, pattern
        Answers, their distinct rows, and the distinct row of each row (`careless.patterns`).
    same : ndarray of bool
        Straight lines.
    units : Groups
    paper : ndarray of bool, optional
        Rows whose forms were on paper (`on_paper`).
    """
    size, codes = len(units), np.asarray(units.codes)
    placed = row_order.in_order(codes, size, source_order(responses))
    new = row_order.anew(pattern, placed)
    found: dict[str, row_order.Signal | None] = {
        "late_keying": _late(responses, codes, size, paper),
        "regular_sitting": _regular(responses, codes, size, paper),
        "uniform_block": row_order.blocks(pattern, same, codes, size, placed=placed),
        "repeated_stretch": stretches.stretches(pattern, same, codes, size, placed=placed, new=new),
        "copied_row": duplicates.copied(responses, pattern, same, codes, size, placed),
        "zigzag": straightlining.drawn(few, pattern, codes, size, new),
    }
    return Evidence({kind: None if s is None else _marked(s, codes, size) for kind, s in found.items()})


def _marked(signal: row_order.Signal, codes: Array, size: int) -> row_order.Signal:
    """Keep the rows of units where the evidence is at least improbable by itself."""
    improbable = np.append(np.nan_to_num(signal.p, nan=1.0) < IMPROBABLE, False)
    return signal._replace(rows=signal.rows & improbable[np.minimum(codes, size)])


def source_order(responses: pd.DataFrame) -> Array | None:
    """Place of each row in the raw files, or None where that is not known."""
    if "source_row" not in responses.columns:
        return None
    row = responses["source_row"].to_numpy(dtype=np.int64)
    if "source_file" not in responses.columns:
        return np.asarray(row)

    file = _sorted_codes(responses["source_file"])
    return np.asarray(file.astype(np.int64) * (int(row.max(initial=0)) + 1) + row)


def _sorted_codes(names: pd.Series) -> Array:
    """A number for every name, in the order of the alphabet."""
    import pandas as pd

    if isinstance(names.dtype, pd.CategoricalDtype) and not names.isna().any():
        texts = [str(name) for name in names.cat.categories]
        rank = np.empty(len(texts), dtype=np.int64)
        rank[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
        return rank[names.cat.codes.to_numpy()]
    return np.asarray(pd.factorize(names.astype(str), sort=True)[0])


def _late(responses: pd.DataFrame, codes: Array, size: int, paper: Array | None) -> row_order.Signal | None:
    answered, entered = entry.times(responses, "answered_at"), entry.times(responses, "entered_at")
    if answered is None or entered is None:
        return None
    return entry_sessions.late_days(codes, size, _days(answered), _days(entered), paper)


def _days(times: pd.Series) -> Array:
    known = times.notna().to_numpy()
    out = np.full(len(times), -1, dtype=np.int64)
    out[known] = times[known].astype("datetime64[s]").astype("int64").to_numpy() // 86_400
    return out


def _regular(
    responses: pd.DataFrame, codes: Array, size: int, paper: Array | None
) -> row_order.Signal | None:
    entered, answered = entry.times(responses, "entered_at"), entry.times(responses, "answered_at")
    clock = answered if entered is None else entered if answered is None else entered.fillna(answered)
    if clock is None:
        return None
    # A date without a time of day says nothing about pace.
    clock = clock.mask(clock == clock.dt.normalize())
    known = clock.notna().to_numpy()
    if not known.any():
        return None
    seconds = np.full(len(clock), np.nan)
    seconds[known] = clock[known].astype("datetime64[ms]").astype("int64").to_numpy() / 1e3
    return entry_sessions.regular(codes, size, seconds, paper)


def _spans(unit: Array, day: Array, wanted: Array) -> Array:
    """First and last day of the rows of each wanted unit, as an interval of ISO dates."""
    out = []
    for u in wanted:
        mine = day[unit == u]
        mine = mine[~np.isnat(mine)]
        out.append(f"{mine.min()}/{mine.max()}" if len(mine) else "")
    return np.array(out, dtype=object)


class Verdicts(NamedTuple):
    """One verdict a unit: Holm-adjusted p, whether it needs an explanation, and the kinds that do.

    ``text`` is `ASK`, `USUAL`, `CANNOT` or "" (too few rows, not a unit); ``reason`` says why a unit
    cannot be judged; ``unjudged`` has, for each kind, why it could not be judged in each unit.
    """

    p: Array
    adjusted: Array
    asked: Array
    kinds: list[tuple[str, ...]]
    text: Array
    reason: Array
    unjudged: dict[str, Array]


def verdicts(found: Evidence, rows: Array, judged: Array) -> Verdicts:
    """Combine the evidence of each unit, with error control over units.

    Parameters
    ----------
    found : Evidence
    rows : ndarray of int
        Rows of each unit; fewer than `FEWEST` carry no verdict.
    judged : ndarray of bool
        Units that can be asked: listed ones. Rows without a unit are nobody's.

    Returns
    -------
    Verdicts
        A unit that is not asked cannot be judged where a batch is nearly all there is, or where no
        kind but the zigzag could be tested.

    Examples
    --------
    >>> signal = row_order.Signal(np.array([1e-9, 0.2]), np.zeros(0, dtype=bool))
    >>> v = verdicts(Evidence({"uniform_block": signal}), np.array([50, 50]), np.array([True, True]))
    >>> v.asked.tolist(), v.kinds, v.text.tolist()
    ([True, False], [('uniform_block',), ()], ['needs-explaining', 'nothing-unusual'])
    """
    size = len(rows)
    tested = {kind: signal for kind, signal in found.signals.items() if signal is not None}
    kinds = list(tested)
    each = np.array([signal.p for signal in tested.values()]).reshape(len(kinds), size)
    why = {kind: _why(found.signals[kind], size) for kind in kinds}
    known = ~np.isnan(each)
    seen = np.array([why[kind] != NOTHING_SEEN for kind in kinds]).reshape(len(kinds), size)
    share = np.array([SHARES[kind] for kind in kinds]).reshape(-1, 1)
    tried = np.maximum((share * (known & seen)).sum(axis=0), 1e-12)
    usable = known.any(axis=0) & (rows >= FEWEST) & judged
    smallest = np.where(known, each, np.inf).min(axis=0, initial=np.inf)
    p = np.full(size, np.nan)
    weighed = np.where(known & seen, each * tried / share, np.inf).min(axis=0, initial=np.inf)
    p[usable] = np.minimum(weighed[usable], 1)
    adjusted = holm(p)
    with np.errstate(invalid="ignore"):
        asked = (adjusted < LEVEL) & (smallest < IMPROBABLE)
        told = known & (each < IMPROBABLE) & asked
    named: list[tuple[str, ...]] = [()] * size
    for u in np.flatnonzero(asked):
        named[u] = tuple(kind for j, kind in enumerate(kinds) if told[j, u])
    unjudged = {kind: np.where(known[j], "", why[kind]) for j, kind in enumerate(kinds)}
    reason = _main_reason(unjudged, known, kinds, size)
    can = (rows >= FEWEST) & judged
    reason = np.where(can & ~asked, reason, "").astype(object)
    text = choose([(~can, ""), (asked, ASK), (reason != "", CANNOT), (can, USUAL)], size)
    return Verdicts(p, adjusted, asked, named, text, reason, unjudged)


def _why(signal: row_order.Signal | None, size: int) -> Array:
    """Reasons of a kind; a signal that gives none lacked rows where it gives no p."""
    if signal is None or signal.reason is None:
        p = np.full(size, np.nan) if signal is None else signal.p
        return np.where(np.isnan(p), "too-few", "").astype(object)
    return signal.reason


def _main_reason(unjudged: dict[str, Array], known: Array, kinds: list[str], size: int) -> Array:
    """Why a unit as a whole cannot be judged, else ``""``."""
    weighty = np.array([kind in WEIGHTY for kind in kinds], dtype=bool)
    none = ~known[weighty].any(axis=0) if weighty.any() else np.ones(size, dtype=bool)
    reasons = [unjudged[kind] for kind in kinds]
    batch = [unjudged[kind] == WHY[0] for kind in ("late_keying", "regular_sitting") if kind in unjudged]
    conditions = [(np.any(batch, axis=0) if batch else np.zeros(size, dtype=bool), WHY[0])]
    for code in WHY:
        here = np.any([r == code for r in reasons], axis=0) if reasons else np.zeros(size, dtype=bool)
        conditions.append((none & here, code))
    return choose([*conditions, (none, "not-asked")], size)


def _judged(v: Verdicts, size: int) -> Array:
    """Kinds that were judged in each unit, comma-joined; "" for units without a verdict."""
    kinds = list(v.unjudged)
    bits = np.zeros(size, dtype=np.int64)
    for j, kind in enumerate(kinds):
        bits += ((v.unjudged[kind] == "") & (v.text != "")).astype(np.int64) << j
    texts = {b: ",".join(k for j, k in enumerate(kinds) if b >> j & 1) for b in np.unique(bits).tolist()}
    return np.array([texts[b] for b in bits.tolist()], dtype=object)


def emit(blocks: Blocks, found: Evidence, units: Groups, judged: Array, days: Array) -> None:
    """Add the verdict of each unit and the evidence of each kind to the table.

    ``integrity_verdict``: 1 and ``needs-explaining``, 0 and ``nothing-unusual``, or NaN and
    ``cannot-judge`` with the reason; p over the kinds, p_adjusted over the units, and in ``other``
    the kinds that are improbable, in ``group`` those that were judged. Every page reads this row.
    In scope ``city`` its numerator is the
    number of units asked, its denominator of those judged; method ``cannot-judge`` counts those that
    cannot be judged, of all with rows enough.
    ``integrity_evidence``: for each kind (``method``) seen in a unit the rows it rests on, the p
    value by itself, and in ``group`` the first and last day of those rows (``2022-03-28/2022-03-29``).
    ``integrity_unjudged``: a kind (``method``) that could not be judged in a unit, with the reason.
    """
    size = len(units)
    n = np.bincount(units.codes, minlength=size + 1)[:size]
    names = np.array(units.ids, dtype=object)
    v = verdicts(found, n, judged)
    cannot = v.text == CANNOT
    asked = np.where((v.text == "") | cannot, np.nan, v.asked.astype(float))
    reason = choose([(n == 0, "no-data"), (~judged, "excluded"), (n < FEWEST, "too-few")], size)
    blocks.add(
        "unit", "integrity_verdict", np.arange(size), unit=names, estimate=asked, n=n, p=v.p,
        p_adjusted=v.adjusted, text=v.text, method="bonferroni-holm", reason=np.where(cannot, v.reason, reason),
        other=np.array([",".join(kinds) for kinds in v.kinds], dtype=object), group=_judged(v, size),
    )  # fmt: skip
    for kind, signal in found.signals.items():
        if signal is None:
            continue
        count = np.bincount(units.codes[signal.rows], minlength=size + 1)[:size]
        seen = np.flatnonzero((count > 0) & (n > 0))
        blocks.add(
            "unit", "integrity_evidence", seen, unit=names[seen], estimate=count[seen] / n[seen],
            numerator=count[seen], denominator=n[seen], n=n[seen], p=signal.p[seen], method=kind,
            text=np.array(["yes" if kind in v.kinds[u] else "no" for u in seen], dtype=object),
            group=_spans(units.codes[signal.rows], days[signal.rows], seen),
        )  # fmt: skip
        lacking = np.flatnonzero((v.unjudged[kind] != "") & (v.text != ""))
        blocks.add(
            "unit", "integrity_unjudged", lacking, unit=names[lacking], n=n[lacking], method=kind,
            reason=v.unjudged[kind][lacking],
        )  # fmt: skip
    # The city: how many units were judged and how many are asked.
    usable, open_ = (v.text != "") & ~cannot, int((v.text != "").sum())
    blocks.add(
        "city", "integrity_verdict", np.array([0]), estimate=float(v.asked.sum()), method="bonferroni-holm",
        numerator=int(v.asked.sum()), denominator=int(usable.sum()), n=int(n[judged].sum()),
    )  # fmt: skip
    blocks.add(
        "city", "integrity_verdict", np.array([0]), estimate=float(cannot.sum()), method=CANNOT,
        numerator=int(cannot.sum()), denominator=open_, n=int(n[judged].sum()),
    )  # fmt: skip
