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

from pipeline.survey.units import fold

#: Below this many distinct texts the function for one text is quick enough.
MANY = 1000
_PRINTABLE = r"^[!-~](?:[ -~]*[!-~])?$"


def arrow(values: Sequence[str] | np.ndarray) -> Any:
    """Return texts as an Arrow array."""
    import pyarrow as pa

    return pa.array(values, pa.large_string())


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


def ask(values: np.ndarray, function: Callable[[str], bool], among: str) -> np.ndarray:
    """Return ``function`` of every text, called only where the pattern ``among`` is found.

    ``function`` must be False wherever ``among`` is not found.

    Examples
    --------
    >>> ask(np.array(["Total", "17"], dtype=object), str.isalpha, "^[A-Za-z]").tolist()
    [True, False]
    """
    if len(values) < MANY:
        return np.array([bool(function(value)) for value in values], dtype=bool)
    out = matching(values, among)
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


#: What a text whose first letter is one must begin with, in any script.
LETTER_FIRST = r"^(?:[A-Za-z]|[^\x00-\x7F])"


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
    for place in np.flatnonzero(matching(values, r"[^\x00-\x7F]")):
        out[place] = fold(values[place])
    return out


def untrimmed(values: Any) -> np.ndarray:
    """Return which of an Arrow array's texts may have blanks around them."""
    import pyarrow.compute as pc

    plain = pc.match_substring_regex(values, pattern=_PRINTABLE)
    empty = pc.equal(pc.binary_length(values), 0)
    return ~np.asarray(pc.or_(plain, empty).to_numpy(zero_copy_only=False), dtype=bool)


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
    starts, content = (
        np.frombuffer(part, kind) for part, kind in zip(texts.buffers()[1:], (np.int64, np.uint8))
    )
    starts = starts[: len(values) + 1]
    sizes = np.diff(starts)
    for size in (10, 19):
        at = np.flatnonzero(sizes == size)
        if len(at):
            out[at] = _fixed(content, starts[at], size)
    return out


def _fixed(content: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """Moments of texts of one length in bytes, read off their characters."""
    chars = np.stack([content[starts + place] for place in range(size)])
    # Below "0" the difference wraps round: what is no digit is above nine.
    plain = chars - np.uint8(ord("0"))
    places = [0, 1, 2, 3, 5, 6, 8, 9] + ([11, 12, 14, 15, 17, 18] if size == 19 else [])
    good = (plain[places] <= 9).all(axis=0)
    good &= (chars[4] == ord("-")) & (chars[7] == ord("-"))
    digits = plain.astype(np.int32)
    year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    month, day = digits[5] * 10 + digits[6], digits[8] * 10 + digits[9]
    good &= (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(good, year, 2000) - 1970) * 12 + np.where(good, month, 1) - 1
    first = months.astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int32)
    good &= day <= length
    moment = (first.astype("datetime64[D]") + (np.where(good, day, 1) - 1)).astype("datetime64[s]")
    if size == 19:
        good &= ((chars[10] == ord(" ")) | (chars[10] == ord("T"))) & (chars[13] == ord(":"))
        good &= chars[16] == ord(":")
        hour, minute = digits[11] * 10 + digits[12], digits[14] * 10 + digits[15]
        second = digits[17] * 10 + digits[18]
        good &= (hour < 24) & (minute < 60) & (second < 60)
        moment = moment + np.where(good, hour * 3600 + minute * 60 + second, 0)
    moment[~good] = np.datetime64("NaT")
    return moment
