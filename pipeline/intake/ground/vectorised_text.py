"""Questions about many distinct texts at once, for columns in which nearly every text is its own.

Ids, time stamps and suggestions do not repeat: asking each text by a Python function costs more
than everything else about its row. The functions here give exactly what the function for one
text gives, and hand to it whatever is out of the ordinary. Every pattern is plain ASCII, for
which the engines of Python and of Arrow agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipeline.survey.text import fold

#: Below this many distinct texts the function for one text is quick enough.
MANY = 1000


def arrow(values: Sequence[str] | np.ndarray) -> Any:
    """Return texts as an Arrow array."""
    import pyarrow as pa

    return pa.array(values, pa.large_string())


def content(texts: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return where each text of an Arrow array begins among its bytes (one more: the end), and the bytes."""
    _, places, data = texts.buffers()
    if not len(texts):
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    starts = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return starts, np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)


def matching(values: Sequence[str] | np.ndarray, pattern: str) -> np.ndarray:
    """Return which texts hold a pattern that both engines read alike.

    Examples
    --------
    >>> matching(["a1", "b"], "[0-9]").tolist()
    [True, False]
    """
    import pyarrow.compute as pc

    found = pc.match_substring_regex(arrow(values), pattern=pattern)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def ask(
    values: np.ndarray, function: Callable[[str], bool], among: str | Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return ``function`` of every text, called only among those that can be meant.

    ``among`` is a pattern, or says of every text whether it is among them; ``function`` must be
    False for all others.

    Examples
    --------
    >>> ask(np.array(["Total", "17"], dtype=object), str.isalpha, "^[A-Za-z]").tolist()
    [True, False]
    """
    if len(values) < MANY:
        return np.array([bool(function(value)) for value in values], dtype=bool)
    out = matching(values, among) if isinstance(among, str) else among(values)
    for place in np.flatnonzero(out):
        out[place] = bool(function(values[place]))
    return out


def with_words(values: Sequence[str] | np.ndarray, wanted: Callable[[str], bool]) -> np.ndarray:
    """Return which texts hold a word of ASCII letters, in lower case, for which ``wanted`` is true.

    ``wanted`` is asked once per distinct word: suggestions are many, their vocabulary is small.

    Examples
    --------
    >>> with_words(["Terima kasih Siti", "baik"], {"siti"}.__contains__).tolist()
    [True, False]
    """
    import pyarrow.compute as pc

    split = pc.split_pattern_regex(pc.ascii_lower(arrow(values)), pattern="[^a-z]+")
    words = split.flatten().dictionary_encode()
    good = np.array([wanted(word) for word in words.dictionary.to_pylist()], dtype=bool)
    out = np.zeros(len(values), dtype=bool)
    if len(good):
        parents = np.asarray(pc.list_parent_indices(split))
        out[parents[good[np.asarray(words.indices)]]] = True
    return out


def letter_first(values: np.ndarray) -> np.ndarray:
    """Return which texts begin with a letter of ASCII or with anything beyond ASCII.

    Examples
    --------
    >>> letter_first(np.array(["a1", "1a", "", "\u00e91", " b"], dtype=object)).tolist()
    [True, False, False, True, False]
    """
    starts, data = content(arrow(values))
    out = np.zeros(len(values), dtype=bool)
    at = np.flatnonzero(starts[1:] > starts[:-1])
    first = data[starts[at]]
    lower = first | np.uint8(0x20)  # a capital is its small letter without this bit
    out[at] = (first >= 0x80) | ((lower >= ord("a")) & (lower <= ord("z")))
    return out


def folded(values: np.ndarray) -> list[str]:
    """Return `fold` of every text.

    Examples
    --------
    >>> folded(np.array(["K-0017", " Caf\u00c9"] * 600, dtype=object))[:2]
    ['k 0017', 'caf\u00e9']
    """
    import pyarrow.compute as pc

    if len(values) < MANY:
        return [fold(value) for value in values]
    texts = arrow(values)
    lower = pc.ascii_lower(texts)
    plain = pc.ascii_trim(
        pc.replace_substring_regex(lower, pattern="[^a-z0-9]+", replacement=" "), characters=" "
    )
    out: list[str] = plain.to_pylist()
    if (content(texts)[1] >= 0x80).any():
        for place in np.flatnonzero(matching(values, r"[^\x00-\x7F]")):
            out[place] = fold(values[place])
    return out


def untrimmed(values: Any) -> np.ndarray:
    """Return which of an Arrow array's texts may have blanks around them."""
    starts, data = content(values)
    out = np.zeros(len(values), dtype=bool)
    at = np.flatnonzero(starts[1:] > starts[:-1])
    for place in (starts[at], starts[at + 1] - 1):
        edge = data[place]
        out[at] |= (edge < ord("!")) | (edge > ord("~"))
    return out


def iso_moments(values: np.ndarray) -> np.ndarray:
    """Return the moments of texts like ``2025-08-04 08:01:46`` or ``2025-08-04``; NaT for all others.

    What is no date of the calendar, or no time of the day, is NaT as well.

    Examples
    --------
    >>> iso_moments(np.array(["2024-02-29 23:59:59", "2023-02-29", "5 Mei 2024"], dtype=object)).tolist()
    [datetime.datetime(2024, 2, 29, 23, 59, 59), None, None]
    """
    out = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[s]")
    if not len(values):
        return out
    texts = arrow(values)
    starts, data = content(texts)
    sizes = np.diff(starts)
    for size in (10, 19):
        at = np.flatnonzero(sizes == size)
        if len(at):
            out[at] = _fixed(data, starts[at], size)
    return out


def _fixed(data: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """Moments of texts of one length in bytes, read off their characters."""
    first, last = int(starts[0]), int(starts[-1]) + size
    if last - first == size * len(starts):  # one after the other
        chars = np.ascontiguousarray(data[first:last].reshape(-1, size).T)
    else:
        chars = np.stack([data[starts + place] for place in range(size)])
    # Below "0" the difference wraps round: what is no digit is above nine.
    plain = chars - np.uint8(ord("0"))
    places = [0, 1, 2, 3, 5, 6, 8, 9] + ([11, 12, 14, 15, 17, 18] if size == 19 else [])
    good = (plain[places] <= 9).all(axis=0)
    good &= (chars[4] == ord("-")) & (chars[7] == ord("-"))
    year = plain[0].astype(np.int32) * 1000 + plain[1] * np.int32(100) + plain[2] * np.int32(10) + plain[3]
    month, day = plain[5] * np.uint8(10) + plain[6], plain[8] * np.uint8(10) + plain[9]
    good &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    moment, real = _days(year, month, day, good)
    good &= real
    if size == 19:
        good &= ((chars[10] == ord(" ")) | (chars[10] == ord("T"))) & (chars[13] == ord(":"))
        good &= chars[16] == ord(":")
        hour, minute = plain[11] * np.uint8(10) + plain[12], plain[14] * np.uint8(10) + plain[15]
        second = plain[17] * np.uint8(10) + plain[18]
        good &= (hour < 24) & (minute < 60) & (second < 60)
        moment = moment + (hour * np.int32(3600) + minute * np.int32(60) + second)
    moment[~good] = np.datetime64("NaT")
    return moment


def _days(
    year: np.ndarray, month: np.ndarray, day: np.ndarray, good: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Midnight of each day, and whether its month has it; days are few, so each is made once."""
    code = (year * 12 + month - 1) * 32 + day
    low = int(code[good].min()) if good.any() else 0
    code = np.where(good, code - low, 0)
    known = np.flatnonzero(np.bincount(code))
    months, days = np.divmod(known + low, 32)
    first = (months - 1970 * 12).astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    moments = np.full(int(known[-1]) + 1, np.datetime64("NaT"), dtype="datetime64[s]")
    moments[known] = (first.astype("datetime64[D]") + (days - 1)).astype("datetime64[s]")
    real = np.zeros(len(moments), dtype=bool)
    real[known] = days <= length
    return moments[code], real[code]
