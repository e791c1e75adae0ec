"""Questions and options as a survey printed them, where its own list of questions came with the answers.

An app's export holds the table of its questions: what was asked stands there, whatever the regulation asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.rules import Rule

#: How the audit of answers begins to call a row of such a list.
LISTED = "lookup-"


def printed(mapping: pd.DataFrame, rule: Rule) -> dict[str, dict[str, Any]]:
    """Return question and options of each unsur that a list of questions words otherwise than the regulation.

    Parameters
    ----------
    mapping : DataFrame
        The audit of answers (``Intake.mapping``).
    rule : Rule

    Returns
    -------
    dict
        By unsur ``question``, and ``options`` with a text for each score, lowest first; either only where the
        list has one text for it, and another than the regulation's.

    Examples
    --------
    >>> import pandas as pd
    >>> from pipeline import rules
    >>> words = ["Selalu mahal", "Kadang mahal", "Murah", "Gratis"]
    >>> listed = {"item": "U4", "how": "lookup-label", "question": "Biaya", "text": words, "code": list("1234")}
    >>> printed(pd.DataFrame(listed), rules.load("14/2017"))
    {'U4': {'question': 'Biaya', 'options': ['Selalu mahal', 'Kadang mahal', 'Murah', 'Gratis']}}
    """
    rows = mapping[mapping["how"].astype(str).str.startswith(LISTED)]
    listed = rows[["item", "question", "text", "code"]].astype(object)
    found: dict[str, dict[str, Any]] = {}
    for unsur in rule.unsur:
        mine = listed[listed["item"].astype(str) == unsur.code]
        asked = sorted({" ".join(str(text).split()) for text in mine["question"].dropna()} - {""})
        said: dict[str, Any] = {}
        if len(asked) == 1 and fold(asked[0]) != fold(unsur.question["id"]):
            said["question"] = asked[0]
        texts: dict[int, set[str]] = {}
        for text, code in zip(mine["text"], mine["code"], strict=True):
            if str(code).isdecimal():
                texts.setdefault(int(code), set()).add(" ".join(str(text).split()))
        options = [next(iter(texts.get(option.score, {""}))) for option in unsur.options]
        one_each = all(len(texts.get(option.score, ())) == 1 for option in unsur.options)
        if one_each and [fold(one) for one in options] != [fold(o.text["id"]) for o in unsur.options]:
            said["options"] = options
        if said:
            found[unsur.code] = said
    return found
