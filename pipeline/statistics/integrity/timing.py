"""When rows were answered and keyed in: midnight stamps, bursts, bulk entry, duplicate rows.

None of these proves anything. Paper forms keyed in one evening look like bulk entry; a busy
counter looks like a burst. They are shown, with the index without them, and excluded by nobody
but the reader (R10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.statistics.integrity.runs import by_group

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

Array = np.ndarray

#: Seconds after the unit's previous row within which a row is part of a burst.
BURST_SECONDS = 60
#: A bulk day holds at least this many rows and this share of the unit's rows, and this many
#: times the unit's median other day.
BULK_ROWS, BULK_SHARE, BULK_TIMES = 20, 0.25, 3
#: A smaller share is enough where most of the day's rows were answered on other days.
BULK_LATE_SHARE = 0.10
#: What must agree, beside the answers, before two rows look like one respondent.
PROFILE = ("service", "sex", "age", "age_band", "education", "occupation", "disability")


def times(responses: pd.DataFrame, column: str) -> pd.Series | None:
    """A time column as naive timestamps, or None where there is none."""
    import pandas as pd

    if column not in responses.columns:
        return None
    values = pd.to_datetime(responses[column], errors="coerce")
    if getattr(values.dt, "tz", None) is not None:
        values = values.dt.tz_localize(None)
    values = values.reset_index(drop=True)
    return values if values.notna().any() else None


def _at_midnight(values: pd.Series) -> Array:
    return (values.notna() & (values == values.dt.normalize())).to_numpy()


def midnight(responses: pd.DataFrame) -> Array | None:
    """Rows stamped exactly 00:00:00, in data that otherwise record the time of day.

    Returns
    -------
    ndarray of bool, or None
        None where no time is recorded, or dates only.
    """
    stamp = times(responses, "answered_at")
    if stamp is None:
        return None
    at = _at_midnight(stamp)
    return at if at.sum() < stamp.notna().sum() else None


def outside_period(responses: pd.DataFrame, start: dt.date | None, end: dt.date | None) -> Array | None:
    """Rows answered on a day outside the fieldwork; None where no time or no period is stated."""
    import pandas as pd

    stamp = times(responses, "answered_at")
    if stamp is None or (start is None and end is None):
        return None
    day = stamp.dt.normalize()
    out = np.zeros(len(stamp), dtype=bool)
    if start is not None:
        out |= (day < pd.Timestamp(start)).to_numpy()
    if end is not None:
        out |= (day > pd.Timestamp(end)).to_numpy()
    return out


def clock_days(responses: pd.DataFrame) -> Array:
    """Day each row was entered, else answered, as datetime64[D]; NaT where neither is recorded."""
    entered, answered = times(responses, "entered_at"), times(responses, "answered_at")
    clock = answered if entered is None else entered if answered is None else entered.fillna(answered)
    if clock is None:
        return np.full(len(responses), np.datetime64("NaT", "D"))
    return np.asarray(clock.to_numpy().astype("datetime64[D]"))


def _clock(responses: pd.DataFrame) -> pd.Series | None:
    """Best time of day of each row: when answered, else when entered."""
    stamp, entered = times(responses, "answered_at"), times(responses, "entered_at")
    if stamp is not None:
        stamp = stamp.mask(_at_midnight(stamp))
        if entered is not None:
            stamp = stamp.fillna(entered)
        return stamp if stamp.notna().any() else None
    return entered


def seconds_since_previous(responses: pd.DataFrame, codes: Array) -> Array | None:
    """Seconds since the previous row of the same group; NaN for the first and for rows without time."""
    clock = _clock(responses)
    if clock is None:
        return None
    known = np.flatnonzero(clock.notna().to_numpy())
    stamp = clock.iloc[known].astype("datetime64[ns]").astype("int64").to_numpy()
    group = np.asarray(codes)[known]
    # Whole milliseconds where there is nothing finer: their span fits one number with the group.
    placed = by_group(group, stamp if (stamp % 1_000_000).any() else stamp // 1_000_000)
    order = known[placed]
    gap = np.full(len(codes), np.nan)
    if len(order) > 1:
        difference = np.diff((stamp / 1e9)[placed])
        same = group[placed][1:] == group[placed][:-1]
        gap[order[1:]] = np.where(same, difference, np.nan)
    return gap


def burst(responses: pd.DataFrame, codes: Array, seconds: float = BURST_SECONDS) -> Array | None:
    """Rows within ``seconds`` of the unit's previous row; None where no time is recorded."""
    gap = seconds_since_previous(responses, codes)
    if gap is None:
        return None
    with np.errstate(invalid="ignore"):
        return gap <= seconds


def bulk_entry(responses: pd.DataFrame, codes: Array) -> Array | None:
    """Rows keyed on a day that holds an outlying share of the unit's rows.

    A day of at least 20 rows is bulk when it holds a quarter of the unit's rows and three times
    the rows of the unit's median other day, or when it holds a tenth of them and most were
    answered on another day. One-day fieldwork, answered and entered the same day, is not.

    Returns
    -------
    ndarray of bool, or None
        None where neither ``entered_at`` nor ``answered_at`` is recorded.
    """
    import pandas as pd

    entered, stamp = times(responses, "entered_at"), times(responses, "answered_at")
    clock = entered if entered is not None else stamp
    if clock is None:
        return None
    day = clock.dt.normalize()
    other = np.zeros(len(codes), dtype=bool)
    if entered is not None and stamp is not None:
        answered = stamp.dt.normalize()
        other = (answered.notna() & day.notna() & (answered != day)).to_numpy()
    frame = pd.DataFrame({"unit": codes, "day": day, "other": other})
    days = frame.dropna(subset=["day"]).groupby(["unit", "day"], sort=False).other.agg(["size", "sum"])
    if not len(days):
        return np.zeros(len(codes), dtype=bool)
    by_unit = days["size"].groupby(level="unit")
    total = by_unit.transform("sum")
    # The median of the unit's days, the largest left out: one huge day must not raise its own bar.
    largest = by_unit.rank(method="first", ascending=False) == 1
    median = days["size"].mask(largest).groupby(level="unit").transform("median")
    share = days["size"] / total
    outlying = (share >= BULK_SHARE) & (days["size"] >= BULK_TIMES * median)
    late = (share >= BULK_LATE_SHARE) & (days["sum"] > days["size"] / 2)
    bulk = days[(days["size"] >= BULK_ROWS) & (outlying | late)].index
    rows = pd.MultiIndex.from_arrays([frame.unit, frame.day])
    return rows.isin(bulk) if len(bulk) else np.zeros(len(codes), dtype=bool)


def duplicate_row(responses: pd.DataFrame, answers: pd.DataFrame, codes: Array) -> Array | None:
    """Rows that repeat an earlier row of the unit in answers, profile, service and time.

    Identical answers alone are no evidence: with nine four-point items more than half of honest
    rows repeat another row's answers. Without a time or any profile nothing is flagged.

    Returns
    -------
    ndarray of bool, or None
        True for the second and later copies; None where time or profile is not recorded.
    """
    import pandas as pd

    stamp = times(responses, "answered_at")
    known = [c for c in PROFILE if c in responses.columns and responses[c].notna().any()]
    if stamp is None or not set(known) - {"service"}:
        return None
    # Only rows of one unit and moment can be alike; a hash of each part is taken of those.
    at = np.flatnonzero(stamp.notna().to_numpy())
    moment = stamp.to_numpy()[at].view(np.int64)
    group = np.asarray(codes)[at].astype(np.int64)
    moment = moment - moment.min()
    span = int(moment.max()) + 1
    if (int(group.max()) + 1) * span >= 2**62:
        moment = pd.factorize(moment)[0].astype(np.int64)
        span = len(at)
    key = group * span + moment
    again = pd.Series(key).duplicated(keep=False).to_numpy()
    at, key = at[again], key[again]
    parts = {"moment": key, "answers": pd.util.hash_pandas_object(answers.iloc[at], index=False).to_numpy()}
    parts["profile"] = pd.util.hash_pandas_object(responses[known].iloc[at], index=False).to_numpy()
    copies = np.zeros(len(codes), dtype=bool)
    copies[at] = pd.DataFrame(parts).duplicated(keep="first").to_numpy()
    return copies
