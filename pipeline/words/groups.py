"""What a group of respondents is called."""

from __future__ import annotations

from pipeline.words.lookup import Words


def category(w: Words, trait: str, code: str) -> str:
    """Return a category's label; merged groups are not the answer "other", which a way of answering has.

    Examples
    --------
    >>> [category(Words("en"), trait, "other") for trait in ("occupation", "mode")]
    ['Other and small groups', 'another way']
    """
    if code == "missing":
        return w("labels.missing")
    merged = code == "other" and trait != "mode"
    return w("unit.respondents.merged") if merged else w.label(trait, code)
