"""Which texts may be quoted alone: not those that point to a person, insult, or are no plain sentence."""

from __future__ import annotations

import re

from pipeline.themes.model import Model

#: Anything a reader would stumble over, or that could be a number of somebody.
_ODD = re.compile(r"[<>{}\[\]\\=@#$^*_~|\"“”]|\d{3,}|[^\x00-\u024f\u2010-\u2027]")
#: A capital inside a sentence: mostly a name.
_NAME = re.compile(r"(?<=[a-z0-9,;:] )[A-Z][a-z]+")


def asks(text: str, model: Model) -> bool:
    """Whether a text asks for something, by its words: of two that could be quoted that one is.

    Examples
    --------
    >>> from pipeline.themes.model import built_in
    >>> asks("Mohon petugas tidak bermain HP", built_in()), asks("Petugasnya ramah", built_in())
    (True, False)
    """
    wanted = set(model.file.asks)
    return any(wanted & model.known(word.spelled) for word in model.words(text))


def fit_to_quote(text: str, model: Model) -> bool:
    """Whether a text can stand alone on a page: plain letters, nobody named or pointed at, no insult.

    Examples
    --------
    >>> from pipeline.themes.model import built_in
    >>> [fit_to_quote(t, built_in()) for t in ("Antrean terlalu lama", "Pak Made judes", "petugas goblok", "<b>x")]
    [True, False, False, False]
    """
    if _ODD.search(text) or _NAME.search(text):
        return False
    words = [word.spelled for word in model.words(text)]
    return not any(model.file.nothing.unquotable & model.known(word) for word in words)
