"""Answers for other programs: an SPSS file with labels, and a text file with the lines of R that read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.results import store

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers

#: Folder beside ``data`` and ``reports``; nobody publishes it.
FOLDER = "export"


def export(opened: Answers, answers: pd.DataFrame, name: str = "answers", lang: str = "id") -> list[Path]:
    """Write answers for SPSS and R: ``<name>.sav``, ``<name>.csv`` and ``<name>.R``, which reads the latter.

    Every row is a person: the files stay in the office.

    Parameters
    ----------
    opened : Answers
        The survey: gives the items their labels and their scale.
    answers : DataFrame
        Rows and columns of ``opened.responses`` to write.
    name : str
        Of the files, without an ending.
    lang : str
        Language of the labels.

    Returns
    -------
    list of Path
        The three files, in ``export/<survey>``.
    """
    import pyreadstat

    folder = opened.survey.root / FOLDER / opened.survey.name
    plain = answers.apply(_plain)
    items = [column for column in plain if column in opened.answered]
    labels = {item: opened.context.name(item, lang) for item in items}
    values: dict[str, dict[int | float, str]] = {
        item: {level: str(level) for level in levels} for item in items if (levels := _levels(opened, item))
    }
    paths = [folder / f"{name}.{ending}" for ending in ("sav", "csv", "R")]
    with store.replacing(paths[0]) as aside:
        pyreadstat.write_sav(
            plain, str(aside), column_labels=[labels.get(c, c) for c in plain],
            variable_value_labels=values, variable_measure=dict.fromkeys(items, "ordinal"),
        )  # fmt: skip
    with store.replacing(paths[1]) as aside:
        plain.to_csv(aside, index=False)
    store.write_text(paths[2], script(name, {item: _levels(opened, item) for item in items}))
    return paths


def script(name: str, scales: dict[str, list[int]]) -> str:
    """Lines of R that read the text file: answers become ordered factors.

    Examples
    --------
    >>> print(script("answers", {"U1": [1, 2]}))
    answers <- read.csv("answers.csv", check.names = FALSE, na.strings = "")
    answers[["U1"]] <- factor(answers[["U1"]], levels = c(1, 2), ordered = TRUE)
    <BLANKLINE>
    """
    lines = [f'answers <- read.csv("{name}.csv", check.names = FALSE, na.strings = "")']
    lines += [
        f'answers[["{item}"]] <- factor(answers[["{item}"]], levels = c({", ".join(map(str, levels))}), ordered = TRUE)'
        for item, levels in scales.items()
    ]
    return "\n".join(lines) + "\n"


def _levels(opened: Answers, item: str) -> list[int]:
    low, high = opened.scale_of(item)
    return list(range(low, high + 1))


def _plain(column: pd.Series) -> Any:
    """A column of numbers or texts only, as both programs know no other kinds."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype(float)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype(float)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.dt.strftime("%Y-%m-%d %H:%M:%S")
    return column.astype(object).where(column.notna(), "").astype(str)
