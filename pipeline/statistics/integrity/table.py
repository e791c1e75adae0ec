"""Doubtful rows, and whether the index or its letter depends on them (R10).

Nothing is excluded. Every flag is counted per unit; the index without the flagged rows stands
beside the index, and ``letter_changes`` says when the letter depends on them. Whether a unit needs
an explanation is a verdict about the whole unit (`doubt_tests`); a flag on a row accuses nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import rules
from pipeline.statistics.data.counting import level_counts
from pipeline.statistics.data.item_weights import foreign_to, item_lists
from pipeline.statistics.data.levels import UNKNOWN, Groups, Levels, aligned, groups, levels
from pipeline.statistics.data.rows import Blocks, choose
from pipeline.statistics.data.summary import summarise
from pipeline.statistics.integrity import (
    careless,
    interviewers,
    sensitivity,
    straightlining,
)
from pipeline.statistics.integrity import (
    tests as doubt_tests,
)
from pipeline.statistics.integrity import (
    timing as entry,
)
from pipeline.statistics.sample.headline import populations

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray

#: Flags of rows. ``any`` joins those of how rows were entered; an opinion is not a reason.
FLAGS = (
    "straightline",
    "mahalanobis",
    "person_total",
    "duplicate_row",
    "midnight",
    "burst",
    "bulk_entry",
    "outside_period",
)
ENTRY_FLAGS = ("duplicate_row", "midnight", "burst", "bulk_entry", "outside_period")
#: What typing in a pile of paper looks like: no question where the definition says paper.
KEYED_FLAGS = ("midnight", "burst", "bulk_entry")
#: Forms on paper that were keyed in a batch, as is expected of paper: counted, never doubted.
EXPECTED = "paper_batch"
#: Flags for which the index is computed again without the rows.
SENSITIVITY = ("straightline", *ENTRY_FLAGS, "any")
#: First and last day of the fieldwork; None: not stated.
Period = tuple[dt.date | None, dt.date | None]


def item_columns(responses: pd.DataFrame) -> list[str]:
    """Item columns of a responses frame: those with a ``__status`` column, else U1, U2, ..."""
    named = [c for c in responses.columns if f"{c}__status" in responses.columns]
    usual = [c for c in responses.columns if str(c)[:1] == "U" and str(c)[1:].isdigit()]
    return [c for c in named or usual if not str(c).endswith(("_exp", "_imp"))]


def flags(
    responses: pd.DataFrame,
    answers: pd.DataFrame | None = None,
    by: Any = None,
    *,
    scale: Sequence[int] = (1, 4),
    period: Period = (None, None),
    mode: str = "",
) -> pd.DataFrame:
    """Which rows raise a question, one boolean column a flag.

    Parameters
    ----------
    responses : DataFrame
        Rows with ``unit``, ``answered_at``, ``entered_at`` and profile columns where recorded.
    answers : DataFrame, optional
        Item columns; by default those of ``responses``.
    by : array-like, optional
        Unit of each row; by default the column ``unit``.
    scale : (int, int)
    period : (date or None, date or None)
        Rows answered on other days are flagged ``outside_period``.
    mode : str
        How the survey was taken, for rows that do not say (column ``mode``). Forms on paper
        (`tests.PAPER`) are keyed in afterwards: how that was done is no question.

    Returns
    -------
    DataFrame
        Index of ``responses``, columns `FLAGS`, `tests.KINDS` and ``any`` (how a row was
        entered, or one of the kinds). A flag that cannot be judged (no time
        recorded) is False everywhere and listed in ``frame.attrs["not_recorded"]``.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"U1": [4, 3], "U2": [4, 2]})
    >>> flags(rows).straightline.tolist()
    [True, False]
    """
    items = responses[item_columns(responses)] if answers is None else answers
    lv = levels(items, scale)
    unit = responses["unit"] if by is None and "unit" in responses.columns else by
    of = groups(aligned(responses, unit), len(responses))
    return _flags(responses, items, lv, of, careless.patterns(lv), period, mode)[0]


def _flags(
    responses: pd.DataFrame,
    answers: pd.DataFrame,
    lv: Levels,
    units: Groups,
    distinct: tuple[Levels, Array, Array],
    period: Period,
    mode: str,
) -> tuple[pd.DataFrame, doubt_tests.Evidence]:
    import pandas as pd

    few, times, pattern = distinct
    codes = units.codes
    same = careless.straightline(few)[pattern]
    cut = careless.mahalanobis_cut(max(len(lv.items), 1))
    with np.errstate(invalid="ignore"):
        found: dict[str, Array | None] = {
            "straightline": same,
            "mahalanobis": (careless.mahalanobis(few, times) > cut)[pattern],
            "person_total": _against_the_unit(few, pattern, codes),
            "duplicate_row": entry.duplicate_row(responses, answers, codes),
            "midnight": entry.midnight(responses),
            "burst": entry.burst(responses, codes),
            "bulk_entry": entry.bulk_entry(responses, codes),
            "outside_period": entry.outside_period(responses, *period),
        }
    paper = doubt_tests.on_paper(responses, mode)
    evidence = doubt_tests.evidence(responses, lv, few, pattern, same, units, paper)
    batch, expected = found["bulk_entry"], np.zeros(len(responses), dtype=bool)
    if paper is not None:
        expected = paper if batch is None else paper & batch
        for name in KEYED_FLAGS:
            rows = found[name]
            found[name] = None if rows is None else rows & ~paper
    nothing = np.zeros(len(responses), dtype=bool)
    frame = pd.DataFrame({k: nothing if v is None else v for k, v in found.items()}, index=responses.index)
    for kind in doubt_tests.KINDS:
        rows = evidence.rows(kind)
        frame[kind] = nothing if rows is None else rows
    frame["any"] = frame[[*ENTRY_FLAGS, *doubt_tests.KINDS]].any(axis=1)
    frame[EXPECTED] = expected if batch is not None else nothing
    frame.attrs["not_recorded"] = [name for name, value in found.items() if value is None]
    return frame, evidence


def _against_the_unit(few: Levels, pattern: Array, unit: Array) -> Array:
    """Rows whose answers run against the profile of everybody else in their unit."""
    import pandas as pd

    # Rows of one unit that are alike are looked at once.
    place, pairs = pd.factorize(unit.astype(np.int64) * max(1, len(few.codes)) + pattern)
    of_unit, of_pattern = np.divmod(np.asarray(pairs), max(1, len(few.codes)))
    rows = Levels(few.codes[of_pattern], few.items, few.low, few.high)
    times = np.bincount(place, minlength=len(pairs)).astype(float)
    against = careless.person_total(rows, times, of_unit) < 0
    return np.asarray(against[place])


def table(
    responses: pd.DataFrame,
    answers: pd.DataFrame,
    by: Any = None,
    *,
    listed: Sequence[str] | None = None,
    rule: str | rules.Rule = "14/2017",
    scale: Sequence[int] = (1, 4),
    items: Mapping[str, Mapping[str, Fraction]] | None = None,
    survey: str = "",
    confidence: float = 0.95,
    period: Period = (None, None),
    mode: str = "",
    population: Mapping[str, int] | None = None,
    headline: str = "mean-of-units",
) -> pd.DataFrame:
    """Count the flags of every unit and compute the index without the flagged rows.

    Parameters
    ----------
    responses, answers, by, period, mode
        As in `flags`.
    listed, rule, scale, items, survey, confidence, population, headline
        As in `index.table`.

    Returns
    -------
    DataFrame
        Per unit and city: the share of flagged rows for each flag (``numerator`` of
        ``denominator``), ``straightline_expected`` (method ``independent``: the share that
        independent answers with the unit's own distribution would give; ``beta-binomial``: with
        the unit's own correlation too), the means ``longstring`` and ``irv``, ``flag_rank`` (of how
        many units, `denominator`, the flag's share is at least as large, `numerator`),
        ``paper_batch`` (forms that the definition says were on paper and that were keyed in a batch:
        expected, in no flag), ``interviewer_icc``, ``ikm_without_flagged`` (method = flag; ``text`` its
        letter; ``n`` the rows left), ``ikm_of_flagged`` (the same of the flagged rows alone) and ``letter_changes``
        (text ``yes``/``no``, ``other`` the letter without). ``integrity_verdict`` and
        ``integrity_evidence`` are described in `tests.emit`.

    Notes
    -----
    Row measures are checked against R (careless 1.2.2).
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    lv = levels(answers, scale)
    unit = responses["unit"] if by is None and "unit" in responses.columns else by
    units = groups(aligned(responses, unit), len(responses), listed)
    foreign = foreign_to(lv, law, items)
    lists = item_lists(units.ids, lv.items, items, law)
    distinct = careless.patterns(lv)
    raised, evidence = _flags(responses, answers, lv, units, distinct, period, mode)
    blocks = Blocks(survey, confidence)
    few, _, pattern = distinct
    long, spread = careless.longstring(few).astype(float)[pattern], careless.irv(few)[pattern]
    register = set(units.ids if listed is None else listed)
    city = np.array([u != UNKNOWN and u in register for u in units.ids], dtype=bool)
    factor = rules.factor((lv.low, lv.high))
    before = summarise(lv, units, lists, factor, complete_rows=False)
    # The city's shares are of the people its index is of (R23).
    people = populations(units.ids, population)
    within = sensitivity.headline(before, city, people, law, headline)
    whole = Groups(np.where(np.append(within, False)[units.codes], 0, 1).astype(np.int32), ("",))
    absent = set(raised.attrs["not_recorded"])
    counts = level_counts(lv, units.codes, len(units))
    sums = straightlining.sums(few, pattern, units.codes, len(units))
    for scope, grouped in (("unit", units), ("city", whole)):
        if scope == "city" and unit is None:
            continue
        names = {"unit": np.array(grouped.ids, dtype=object)}
        _shares(blocks, scope, grouped, raised, absent, names)
        _means(blocks, scope, grouped, {"longstring": long, "irv": spread}, names)
        together = scope == "city"
        _expected(
            blocks, scope, counts[within].sum(0, keepdims=True) if together else counts,
            sums.only(within).all() if together else sums,
            np.bincount(grouped.codes, minlength=len(grouped) + 1), names,
        )  # fmt: skip
    doubt_tests.emit(blocks, evidence, units, city, entry.clock_days(responses))
    _ranks(blocks, units, raised, absent, city)
    interviewers.emit(blocks, responses, lv, units)
    flagged = {flag: raised[flag].to_numpy() for flag in SENSITIVITY if flag not in absent}
    sensitivity.emit(
        blocks, lv, units, flagged, before, lists=lists, law=law, foreign=foreign, listed=city, people=people,
        of_city=unit is not None, headline_way=headline,
    )  # fmt: skip
    return blocks.frame()


def _shares(
    blocks: Blocks,
    scope: str,
    grouped: Groups,
    raised: pd.DataFrame,
    absent: set[str],
    names: dict[str, Array],
) -> None:
    size = len(grouped)
    n = np.bincount(grouped.codes, minlength=size + 1)[:size]
    for flag in (*FLAGS, "any", EXPECTED):
        rows = raised[flag].to_numpy()
        count = np.bincount(grouped.codes[rows], minlength=size + 1)[:size]
        missing = flag in absent
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(missing, np.nan, count / n)
        blocks.add(
            scope, flag, np.arange(size), estimate=share, n=n, numerator=None if missing else count,
            denominator=n, reason=choose([(n == 0, "no-data"), (missing, "not-asked")], size), **names,
        )  # fmt: skip


def _means(
    blocks: Blocks, scope: str, grouped: Groups, values: dict[str, Array], names: dict[str, Array]
) -> None:
    size = len(grouped)
    for name, value in values.items():
        known = ~np.isnan(value)
        codes = grouped.codes[known]
        n = np.bincount(codes, minlength=size + 1)[:size]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.bincount(codes, weights=value[known], minlength=size + 1)[:size] / n
        blocks.add(
            scope, name, np.arange(size), estimate=mean, n=n, method="mean",
            reason=choose([(n == 0, "no-data")], size), **names,
        )  # fmt: skip


def _expected(
    blocks: Blocks, scope: str, counts: Array, sums: straightlining.Sums, rows: Array, names: dict[str, Array]
) -> None:
    """Straight lines that would come about by chance: sum over answers of the product over items."""
    size, items, width = counts.shape
    product = np.ones((size, width - 1))
    asked = np.zeros(size, dtype=np.int64)
    for j in range(items):
        seen = counts[:, j, 1:]
        n = seen.sum(1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            product *= np.where(n > 0, seen / n, 1.0)
        asked += n[:, 0] > 0
    rows = rows[:size]
    blocks.add(
        scope, "straightline_expected", np.arange(size), method="independent", n=rows,
        estimate=np.where(asked > 1, product.sum(1), np.nan),
        reason=choose([(rows == 0, "no-data"), (asked <= 1, "few-items")], size), **names,
    )  # fmt: skip
    together = straightlining.likely(sums, items)
    lacking = [(rows == 0, "no-data"), (asked <= 1, "few-items"), (np.isnan(together), "too-few")]
    blocks.add(
        scope, "straightline_expected", np.arange(size), method="beta-binomial", n=rows,
        estimate=together, reason=choose(lacking, size), **names,
    )  # fmt: skip


def _ranks(blocks: Blocks, units: Groups, raised: pd.DataFrame, absent: set[str], city: Array) -> None:
    """How many of the units have at least as large a share of each flag as this one."""
    size = len(units)
    n = np.bincount(units.codes, minlength=size + 1)[:size]
    names = np.array(units.ids, dtype=object)
    judged = city & (n >= doubt_tests.FEWEST)
    for flag in ("straightline", "any"):
        if flag in absent or not judged.any():
            continue
        count = np.bincount(units.codes[raised[flag].to_numpy()], minlength=size + 1)[:size]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = count / n
        others = np.sort(share[judged])
        at_least = judged.sum() - np.searchsorted(others, share - 1e-12, side="left")
        seen = np.flatnonzero(judged & (count > 0))
        blocks.add(
            "unit", "flag_rank", seen, unit=names[seen], estimate=at_least[seen].astype(float), method=flag,
            numerator=at_least[seen], denominator=int(judged.sum()), n=n[seen],
        )  # fmt: skip
