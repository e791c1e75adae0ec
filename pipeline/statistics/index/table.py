"""The satisfaction index (IKM) of every unit, service, type, agency and of the city.

R1 exact weights, R2 available answers with Hall's interval, R3 letter from the exact fraction,
R5 unit and city index, R11 scale, R12 own indicators, R13 certainty of the letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import rules
from pipeline.statistics.data.eligibility import apart
from pipeline.statistics.data.item_weights import ItemLists, foreign_to, item_lists
from pipeline.statistics.data.levels import (
    UNKNOWN,
    Groups,
    Levels,
    ScaleError,
    aligned,
    groups,
    levels,
    with_items,
)
from pipeline.statistics.data.rows import Blocks
from pipeline.statistics.data.summary import summarise, valid_rows
from pipeline.statistics.index import aggregate
from pipeline.statistics.index.published import Published, from_counts, from_nrr
from pipeline.statistics.index.rows import Grouping, emit_group, emit_items
from pipeline.statistics.sample.finite_population import is_census
from pipeline.statistics.sample.headline import populations

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HEADLINES", "Published", "ScaleError", "from_counts", "from_nrr", "table"]

#: How a city's headline can be made (R5); the first is the default.
HEADLINES = aggregate.METHODS


def table(
    answers: pd.DataFrame,
    by: Any = None,
    *,
    service: Any = None,
    agencies: Mapping[str, Sequence[str]] | None = None,
    types: Mapping[str, str] | None = None,
    population: Mapping[str, int] | None = None,
    listed: Sequence[str] | None = None,
    rule: str | rules.Rule = "14/2017",
    scale: Sequence[int] = (1, 4),
    items: Mapping[str, Mapping[str, Fraction]] | None = None,
    headline: str = "mean-of-units",
    survey: str = "",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Index, letters, certainty and item values for all units at once.

    Formula: IKM = 25 x sum over items of weight x NRR, NRR = sum of the answers to an item /
    number who answered it; exact integers throughout. Source: PermenPANRB 14/2017, Lampiran I
    (p. 18-19, 29). Intervals: Hall's t on linearised scores (see `hall`), t for items, Wilson for
    shares. Checked against R (survey, own scripts) on 14 data sets and 16 published results.

    Parameters
    ----------
    answers : DataFrame
        One column an item, missing = no answer. All columns are items unless ``items`` is given.
    by : array-like, optional
        Unit of each row; None makes one unit ``""`` and no city rows. Blank = ``unknown``.
    service : array-like, optional
        Service of each row: adds scope ``service``.
    agencies : mapping of parent id to the ids of its units, optional
        Adds scope ``parent`` (the id in ``unit``): the parent's own answers and those of all
        units below it, as the caller lists them. A unit may stand in several agencies, one
        inside the other, and is counted once in each.
    types : mapping of unit id to type, optional
        Adds scope ``type`` (the name in ``group``).
    population : mapping of unit id to number of service users, optional
        For the finite population correction of everything that describes a unit or the city (R19), for
        which units are for information only (R6), and for the population-weighted city index.
    listed : sequence of str, optional
        Units of the register: those without answers are shown, others stay out of the city.
    rule : str or Rule
        The regulation.
    scale : (int, int)
        Lowest and highest answer. Another scale than the rule's has factor 100/max and no letter.
    items : mapping of unit id to mapping of item to weight, optional
        Own indicators (R12), weights as Fractions or strings that sum to exactly 1. Units not
        named use the rule's unsur.
    headline : str
        Which city index comes first: one of `HEADLINES`.
    survey : str
        Name of the survey, copied into every row.
    confidence : float
        Two-sided confidence of the intervals.

    Returns
    -------
    DataFrame
        Tidy rows; statistics ``n``, ``n_valid``, ``n_complete``, ``ikm``, ``letter``,
        ``certainty_A``.., ``certainty``, ``n_to_settle``, ``margin`` (half the width of the interval of
        ``ikm``), ``standard_error``, ``ikm_complete``, ``ikm_legacy``, ``ikm_shared`` (to compare units
        on: the one without finite population correction), and per item ``nrr``, ``nrr_weighted``,
        ``top_box``, ``bottom_2``, ``share_1``.., ``sd``, ``skewness``, ``ceiling``, ``floor``.
        The city's ``ikm`` rows differ in ``method``; the headline comes first and says so in
        ``text``.

    Raises
    ------
    ScaleError
        If an answer is not on the scale (R11).
    ValueError
        If the headline is not known, or labels and rows differ in number.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"U1": [4, 3, 4], "U2": [3, 3, None]})
    >>> rows = table(answers, ["a", "a", "a"])
    >>> float(rows[(rows.scope == "unit") & (rows.statistic == "ikm")].estimate.iloc[0].round(4))
    83.3333
    """
    if headline not in HEADLINES:
        raise ValueError(f"no city index is called {headline!r}; known: {', '.join(HEADLINES)}")
    law = rules.load(rule) if isinstance(rule, str) else rule
    lv = levels(with_items(answers, items), scale)
    foreign = foreign_to(lv, law, items)
    factor = rules.factor((lv.low, lv.high))
    units = groups(aligned(answers, by), len(answers), listed)
    lists = item_lists(units.ids, lv.items, items, law)
    blocks = Blocks(survey, confidence)

    unit_summary = summarise(lv, units, lists, factor)
    names = np.array(units.ids, dtype=object)
    known = populations(units.ids, population)
    own = Grouping("unit", unit_summary, law, foreign, {"unit": names}, known, full=True)
    emit_group(blocks, own)
    emit_items(blocks, own)
    if service is not None:
        whole = is_census(unit_summary.valid, known)
        _services(blocks, lv, units, lists, factor, law, foreign, aligned(answers, service), whole)
    if by is None:
        return blocks.frame()

    register = None if listed is None else set(listed)
    in_register = np.array(
        [u != UNKNOWN and (register is None or u in register) for u in units.ids], dtype=bool
    )
    city = aggregate.City(
        blocks,
        lv,
        units,
        unit_summary,
        lists,
        factor,
        law,
        foreign,
        known,
        in_register,
        types or {},
        headline,
    )
    if not lists.uniform(np.arange(len(units))):
        city.shared_by_unit()
    if types:
        city.groups_of_units("type", types)
    for membership in apart(agencies or {}):
        city.groups_of_units("parent", membership)
    city.whole()
    return blocks.frame()


def valid(
    answers: pd.DataFrame,
    by: Any,
    *,
    listed: Sequence[str] | None = None,
    rule: str | rules.Rule = "14/2017",
    scale: Sequence[int] = (1, 4),
    items: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, int]:
    """Valid answers of every unit: ``n_valid`` of `table`, counted without the rest of it.

    Parameters
    ----------
    answers, by, listed, rule, scale, items
        As in `table`.

    Examples
    --------
    >>> import pandas as pd
    >>> valid(pd.DataFrame({"U1": [4, None, 2], "U2": [3, None, None]}), ["a", "a", "b"])
    {'a': 1, 'b': 1}
    """
    law = rules.load(rule) if isinstance(rule, str) else rule
    lv = levels(with_items(answers, items), scale)
    units = groups(aligned(answers, by), len(answers), listed)
    counted = valid_rows(lv, units, item_lists(units.ids, lv.items, items, law))
    return dict(zip(map(str, units.ids), counted.tolist(), strict=True))


def _services(
    blocks: Blocks,
    lv: Levels,
    units: Groups,
    lists: ItemLists,
    factor: Fraction,
    law: rules.Rule,
    foreign: bool,
    service: Any,
    census: np.ndarray,
) -> None:
    """Each service's own index beside its unit's (R5); all users of a census are those of its services."""
    kinds = groups(service, len(units.codes))
    pair = units.codes.astype(np.int64) * (len(kinds) + 1) + kinds.codes
    found, codes = np.unique(pair, return_inverse=True)
    of_unit, of_kind = found // (len(kinds) + 1), found % (len(kinds) + 1)
    # A unit that names no service at all has one row set already: its own.
    blank = np.array([kind == UNKNOWN for kind in kinds.ids], dtype=bool)[of_kind]
    named = np.bincount(of_unit[~blank], minlength=len(units)) > 0
    shown = named[of_unit]
    renumber = np.where(shown, np.cumsum(shown) - 1, shown.sum())
    codes, of_unit, of_kind = renumber[codes], of_unit[shown], of_kind[shown]
    if not len(of_unit):
        return
    grouped = Groups(codes.astype(np.int32), tuple(str(i) for i in range(len(of_unit))))
    summary = summarise(lv, grouped, lists.take(of_unit), factor)
    labels = {
        "unit": np.array(units.ids, dtype=object)[of_unit],
        "service": np.array(kinds.ids, dtype=object)[of_kind],
    }
    people = np.where(census[of_unit], summary.valid.astype(float), np.nan)
    own = Grouping("service", summary, law, foreign, labels, people, full=False)
    emit_group(blocks, own)
    emit_items(blocks, own)
