"""Tables whose answers stand once more in another table, one after the other: told, not taken away (R10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.intake.ground.problems import Problem
from pipeline.survey.codes import STATUS

if TYPE_CHECKING:
    import pandas as pd

#: Rows by which another place is looked for; shorter tables may well resemble a part of another one.
SHORTEST = 10
#: Told where so few such coincidences or fewer are to be expected in the survey if people answer independently.
EXPECTED = 1e-3
#: So many pairs are told; of more the rest is counted.
MOST = 20
#: An odd number that spreads the bits of what is added to it (Knuth's multiplicative hashing).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Repeat(NamedTuple):
    """A table, its respondents, and the first and last row of another one that has the same answers."""

    table: str
    n: int
    other: str
    first: int
    last: int


def said(responses: pd.DataFrame) -> list[Problem]:
    """Say which tables another one repeats: an export of May in that of June, a sheet copied, another unit's file.

    Parameters
    ----------
    responses : DataFrame
        All used respondents: ``source_file``, ``source_row``, and the items with their states.

    Returns
    -------
    list of Problem
        None of them fatal; both tables count, as equal answers alone prove nothing (R10).
    """
    found = repeats(responses)
    told = [_problem(one) for one in found[:MOST]]
    if len(found) > MOST:
        told.append(
            Problem(
                f"{len(found) - MOST} more tables repeat the answers of others",
                "mend those that are named, then look again", fatal=False, first=True,
            )
        )  # fmt: skip
    return told


def _problem(one: Repeat) -> Problem:
    file, _, sheet = one.table.partition("#")
    return Problem(
        f"its {one.n} respondents answered one after the other as rows {one.first} to {one.last} of {one.other} did,"
        " and both are counted",
        "if one is a copy, take it away; if it should be another unit's or month's, put that one's own here",
        file=file, sheet=sheet, fatal=False, first=True,
    )  # fmt: skip


def repeats(responses: pd.DataFrame) -> list[Repeat]:
    """Find the tables all of whose answers stand in another, in the same order and nothing between them.

    A pair is found where independent people would hardly ever give it: with p_i the share of the answers of
    row i among all respondents, places x tables x prod p_i must not exceed `EXPECTED`. Where nearly everybody
    answers alike, nothing is found.

    Parameters
    ----------
    responses : DataFrame
        As `said` takes it.

    Returns
    -------
    list of Repeat
        In the order of the tables; of two tables that are alike the later one.

    Examples
    --------
    >>> import pandas as pd
    >>> score = [1, 2, 3, 4, 4, 3, 2, 1, 3, 1, 2, 2]
    >>> may = pd.DataFrame({"source_file": "may.csv", "source_row": range(2, 14), "U1": score, "U1__status": "answered",
    ...                     "U2": score[::-1], "U2__status": "answered"})
    >>> june = pd.concat([may.assign(source_file="june.csv"), may.assign(source_file="june.csv", source_row=99, U1=4)])
    >>> repeats(pd.concat([may, june]))
    [Repeat(table='may.csv', n=12, other='june.csv', first=2, last=13)]
    """
    files = responses["source_file"].astype("category").cat
    row = responses["source_row"].to_numpy(dtype=np.int64)
    order = np.lexsort((row, files.codes.to_numpy()))
    table, row = files.codes.to_numpy()[order], row[order]
    if len(table) < 2 * SHORTEST or table[0] == table[-1]:
        return []
    answers = _hashes(responses)[order]
    begins = np.flatnonzero(np.r_[True, table[1:] != table[:-1]])
    ends = np.r_[begins[1:], len(table)]
    rare = _log_shares(answers)
    names = files.categories
    found: dict[int, Repeat] = {}
    for one, place in _candidates(answers, table, begins, ends):
        begin, end = begins[one], ends[one]
        other = int(np.searchsorted(begins, place, side="right")) - 1
        last = place + end - begin
        if last > ends[other] or (answers[begin:end] != answers[place:last]).any():
            continue
        same = end - begin == ends[other] - begins[other]
        chance = rare[begin:end].sum() + np.log(len(table)) + np.log(len(begins))
        if chance <= np.log(EXPECTED) and not (same and one < other):
            repeat = Repeat(str(names[table[begin]]), int(end - begin), str(names[table[place]]), int(row[place]),
                            int(row[last - 1]))  # fmt: skip
            found.setdefault(one, repeat)
    return [found[one] for one in sorted(found)]


def _hashes(responses: pd.DataFrame) -> np.ndarray:
    """One number for all answers of each respondent; what was not answered counts as 0."""
    codes = [name for name in responses.columns if f"{name}{STATUS}" in responses.columns]
    made = np.zeros(len(responses), dtype=np.uint64)
    for code in codes:
        score = responses[code].to_numpy(dtype=float, na_value=0).astype(np.uint64)
        made = (made ^ score + np.uint64(1)) * _SPREAD
        made ^= made >> np.uint64(29)
    return made


def _log_shares(answers: np.ndarray) -> np.ndarray:
    """Logarithm of the share of respondents who gave the same answers, of each respondent."""
    _, codes, counts = np.unique(answers, return_inverse=True, return_counts=True)
    shares: np.ndarray = np.log(counts / len(answers))[codes]
    return shares


def _candidates(
    answers: np.ndarray, table: np.ndarray, begins: np.ndarray, ends: np.ndarray
) -> list[tuple[int, int]]:
    """Pairs of a table and a place in another one where its first answers stand."""
    n = len(answers) - SHORTEST + 1
    window = np.zeros(n, dtype=np.uint64)
    for step in range(SHORTEST):
        window = (window + answers[step : step + n]) * _SPREAD
    inside = table[:n] == table[SHORTEST - 1 :]
    long = np.flatnonzero(ends - begins >= SHORTEST)
    # A table that begins with people who all answered alike would be looked for everywhere.
    several = np.array(
        [len(np.unique(answers[begins[k] : begins[k] + SHORTEST])) > 2 for k in long], dtype=bool
    )
    long = long[several]
    sought: dict[int, list[int]] = {}
    for one in long:
        sought.setdefault(int(window[begins[one]]), []).append(int(one))
    places = np.flatnonzero(inside & np.isin(window, window[begins[long]]))
    return [
        (one, int(place))
        for place in places
        for one in sought[int(window[place])]
        if table[place] != table[begins[one]]
    ]
