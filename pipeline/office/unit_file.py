"""``results.sav``: a row a unit for SPSS, R and Stata, with labels of variables and of values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import results
from pipeline.office.city import Results, title
from pipeline.results import store
from pipeline.words import Words

if TYPE_CHECKING:
    import pandas as pd

FILE = "results.sav"
#: Columns of the standings that are words: each word gets a number, and the number a label.
CODED = ("letter", "certainty", "sign", "versus", "unusual")
NUMBERS = (
    "population", "n_valid", "required", "ikm", "lower", "upper", "confidence", "difference", "difference_lower",
    "difference_upper", "p_adjusted", "alpha",
)  # fmt: skip
TEXTS = ("unit", "name", "type", "parent")
#: Where the file says when it was made, and what it says instead: the same tables give the same bytes.
_MADE_AT, _MADE = 92, b"01 Jan 0000:00:00"


def write(path: Path, found: Results, lang: str) -> Path:
    """Write the units with their index, verdicts and NRR; what is hidden of a unit is missing here as well.

    Parameters
    ----------
    path : Path
    found : Results
    lang : str
        Language of the labels; names of variables are the codes of the other files.
    """
    import pyreadstat

    table, labels, values = frame(found, lang)
    with store.replacing(path) as aside:
        pyreadstat.write_sav(
            table, str(aside), file_label=title(found.survey, lang)[:60],
            column_labels=[labels[str(column)] for column in table],
            variable_value_labels=values,
            variable_measure={**dict.fromkeys(TEXTS, "nominal"), **dict.fromkeys(CODED, "ordinal")},
        )  # fmt: skip
        raw = bytearray(aside.read_bytes())
        raw[_MADE_AT : _MADE_AT + len(_MADE)] = _MADE
        aside.write_bytes(raw)
    return path


def frame(
    found: Results, lang: str
) -> tuple[pd.DataFrame, dict[str, str], dict[str, dict[int | float, str]]]:
    """Return the table, the label of each column, and the labels of the coded ones' values."""
    import pandas as pd

    w, units = found.words(lang), found.standings
    index = results.pick(found.public("index"), scope="unit", statistic="nrr", service="", group="")
    table = pd.DataFrame(
        {name: units[name].fillna("").astype(str) for name in TEXTS}
        | {name: pd.to_numeric(units[name]).astype(float) for name in NUMBERS}
    )
    labels = {str(name): w(f"office.column.{name}") for name in table}
    values: dict[str, dict[int | float, str]] = {}
    for name, words in coded(found, w, lang).items():
        numbers = {word: number for number, word in enumerate(words, 1)}
        table[name] = units[name].map(numbers).astype(float)
        labels[name] = w(f"office.column.{name}")
        values[name] = {number: words[word] for word, number in numbers.items()}
    for item in found.context.items:
        own = index[index["item"] == item].set_index("unit")["estimate"]
        column = "nrr_" + item.replace(".", "_").replace("-", "_")
        table[column] = units["unit"].map(own).astype(float)
        labels[column] = f"NRR: {found.context.name(item, lang, short=False)}"
    return table, labels, values


def coded(found: Results, w: Words, lang: str) -> Mapping[str, Mapping[str, str]]:
    """Words of each coded column with their labels, the lowest first."""
    letters = sorted(found.rule.letters, key=lambda grade: grade.lower)
    return {
        "letter": {}
        if found.foreign
        else {grade.letter: f"{grade.letter}: {grade.name[lang]}" for grade in letters},
        "certainty": {name: w.label("certainty", name) for name in ("border", "leaning", "firm", "census")},
        "sign": {name: w(f"office.sign.{name}") for name in ("x", "E")},
        "versus": {
            n: w(f"office.codebook.versus.{n}") for n in ("below", "undecided", "equivalent", "above")
        },
        "unusual": {n: w(f"office.codebook.unusual.{n}") for n in ("low", "usual", "high", "unreliable")},
    }
