"""Which texts say something, and of which unsur they speak: words counted, no opinion judged.

A text speaks of a theme when one of the theme's keywords fits its words. Whether it praises or complains is
not asked: there is no score of sentiment. The same texts always give the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.themes.model import EXCLUDE, UNLESS_NEGATED, Model, fits
from pipeline.themes.tokens import Word

if TYPE_CHECKING:
    import pandas as pd

#: Kinds of texts that say nothing of the service.
NONE, PRAISE, NOISE, TEST = JUNK = ("none", "praise", "noise", "test")
#: A text that says something and fits no theme.
OTHER = "other"
#: How far before a keyword a word of negation reaches.
_REACH = 3
#: Keys that somebody ran along; shorter pieces are parts of real words.
_RUN = 4


def judge(texts: pd.Series, model: Model) -> pd.DataFrame:
    """Judge every text: whether it says something, and of which themes it speaks.

    Parameters
    ----------
    texts : Series of str
        As they were written; missing and blank ones are left out.
    model : Model

    Returns
    -------
    DataFrame
        Columns ``text`` (blanks drawn together), ``kind`` (one of `JUNK`, else empty), ``themes`` and ``unsur``
        (tuples in the order of the list of themes; `OTHER` alone where none fits, and then no unsur), with the
        index of the texts.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline.themes.model import built_in
    >>> said = pd.Series(["Antrenya lama bgt", "tdk ada", "Mantap!", "asdfgh", "kapan bansos cair", None])
    >>> found = judge(said, built_in())
    >>> found["kind"].tolist()
    ['', 'none', 'praise', 'noise', '']
    >>> found["themes"].tolist()[0], found["unsur"].tolist()[0], found["themes"].tolist()[4]
    (('antrean',), ('U3',), ('other',))
    """
    import pandas as pd

    plain = texts.dropna().astype(str).map(lambda text: " ".join(text.split()))
    plain = plain[plain != ""]
    seen = {text: one(text, model) for text in plain.unique()}
    judged = [seen[text] for text in plain]
    order = list(dict.fromkeys(theme.unsur for theme in model.file.themes.values()))
    spoken = [
        tuple(sorted({model.unsur(t) for t in themes if t != OTHER}, key=order.index)) for _, themes in judged
    ]
    return pd.DataFrame(
        {"text": plain, "kind": [kind for kind, _ in judged], "themes": [themes for _, themes in judged],
         "unsur": spoken}, index=plain.index,
    )  # fmt: skip


def one(text: str, model: Model) -> tuple[str, tuple[str, ...]]:
    """Judge one text: its kind when it says nothing, and its themes.

    Examples
    --------
    >>> from pipeline.themes.model import built_in
    >>> one("Petugas ramah, tapi parkirnya sempit", built_in())
    ('', ('sikap', 'parkir'))
    >>> one("tidak ada keluhan", built_in()), one("keluhan tidak ditanggapi", built_in())
    (('none', ()), ('', ('pengaduan',)))
    """
    words = model.words(text)
    if not any(any(c.isalpha() for c in word.spelled) for word in words):
        return NONE, ()
    known = [model.known(word.spelled) for word in words]
    themes = spoken(words, known, model)
    if themes:
        return "", themes
    kind = nothing(words, known, model)
    return (kind, ()) if kind else ("", (OTHER,))


def spoken(words: list[Word], known: list[frozenset[str]], model: Model) -> tuple[str, ...]:
    """Themes of which a text speaks, in the order of the list."""
    counted: dict[str, list[tuple[int, ...]]] = {}
    excluded: dict[str, set[int]] = {}
    denied = negated(words, model)
    for at in range(len(words)):
        for first in known[at]:
            for find in model.index.get(first, ()):
                for places in fits(find, at, words, known):
                    if find.way == EXCLUDE:
                        excluded.setdefault(find.theme, set()).update(places)
                    elif find.way != UNLESS_NEGATED or not denied.intersection(places):
                        counted.setdefault(find.theme, []).append(places)
    return tuple(
        theme
        for theme in model.file.themes
        if any(not excluded.get(theme, set()).intersection(places) for places in counted.get(theme, ()))
    )


def negated(words: list[Word], model: Model) -> set[int]:
    """Places behind a word of negation, as far as it reaches within its clause."""
    found: set[int] = set()
    for at, word in enumerate(words):
        if word.spelled in model.file.negation:
            behind = range(at + 1, min(len(words), at + 1 + _REACH))
            found |= {place for place in behind if words[place].clause == word.clause}
    return found


def nothing(words: list[Word], known: list[frozenset[str]], model: Model) -> str:
    """Say in which way a text of no theme says nothing; empty when it does say something.

    A text is of a kind when it holds a word of that kind, and no word but of that kind and fillers. A word of
    negation is none of praise: "kurang baik" is no praise, and says too little to be anything else.
    """
    vocabulary = model.nothing
    for kind in (TEST, NONE, PRAISE):
        own, filler = vocabulary[kind], vocabulary["filler"]
        if kind == NONE:
            own = own | frozenset(model.file.negation)
        if any(forms & own for forms in known) and all(forms & (own | filler) for forms in known):
            return kind
    if all(run_along(word.spelled, vocabulary["keyboard"]) for word in words):
        return NOISE
    return NONE if all(forms & vocabulary["filler"] for forms in known) else ""


def run_along(word: str, rows: Iterable[str]) -> bool:
    """Whether a word is keys that were hit without a meaning: no vowel, one letter, or a run along a row of keys.

    Examples
    --------
    >>> rows = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    >>> [run_along(word, rows) for word in ("asdfgh", "fghfgh", "h", "dgdtd", "antre", "sdh")]
    [True, True, True, True, False, False]
    """
    if len(set(word)) <= 1 or re.fullmatch(r"(\w{1,4})\1+", word):
        return True
    if len(word) >= _RUN and not re.search(r"[aeiou\W\d]", word) and word.isascii():
        return True
    pieces = [word[i : i + _RUN] for i in range(len(word) - _RUN + 1)]
    return any(piece in row or piece in row[::-1] for piece in pieces for row in rows)
