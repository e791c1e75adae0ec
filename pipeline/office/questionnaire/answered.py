"""In which words the answers of a survey came, where they are others than its definition says were printed.

A definition that states no options means the regulation's. Where the form printed others, only the answers
know, and a comparison of two definitions would call the same what was asked otherwise.
"""

from __future__ import annotations

from collections import defaultdict

from pipeline.survey import Survey
from pipeline.survey.asked import Asked, asked
from pipeline.survey.text import fold

FILE = "mapping.parquet"
#: A wording that fewer answers have is a slip or a person, no printed option.
FEWEST = 5


def other_words(survey: Survey) -> dict[str, str]:
    """Return the options by item that most worded answers came in, where the definition states others.

    Read from what the last run wrote; empty where there was none, or where answers are scores or letters only.
    """
    path = survey.processed / FILE
    if not path.is_file():
        return {}
    import pandas as pd  # late: only where an earlier run left answers

    table = pd.read_parquet(path, columns=["item", "how", "reading", "text", "code", "count"])
    table = table[(table["how"] == "answer") & (table["reading"] == "text")]
    counts: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    texts = [table[name].astype(str).tolist() for name in ("item", "code", "text")]
    for item, code, text, n in zip(*texts, table["count"].astype(int).tolist(), strict=True):
        counts[item][int(code)][" ".join(text.split())] += n
    found = {one.item: _told(one, counts[one.item]) for one in asked(survey) if one.item in counts}
    return {item: said for item, said in found.items() if said}


def _told(one: Asked, by_score: dict[int, dict[str, int]]) -> str:
    """Return the words that answers came in, lowest first; nothing where most are those of the definition."""
    stated = {score: {fold(text) for text in words.values()} for score, words in one.texts.items()}
    seen = [(score, text, n) for score, texts in by_score.items() for text, n in texts.items()]
    total = sum(n for *_, n in seen)
    known = sum(n for score, text, n in seen if fold(text) in stated.get(score, set()))
    if 2 * known >= total:
        return ""
    shown = []
    for score in one.scores:
        text, n = max(by_score.get(score, {"": 0}).items(), key=lambda pair: (pair[1], pair[0]))
        shown.append(text if n >= FEWEST else "?")
    return " / ".join(shown) if set(shown) - {"?"} else ""
