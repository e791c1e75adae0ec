"""What every code of the result files means: columns, statistics, reasons, unsur with their options, verdicts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline import results as tidy
from pipeline.office import safe
from pipeline.office.city import Results
from pipeline.office.sheets import Head, Sheet
from pipeline.results import store
from pipeline.survey.asked import as_asked
from pipeline.words import Words

#: Words of verdicts and scopes, by the column in which they stand.
VERDICTS = {
    "versus": ("above", "below", "equivalent", "undecided"),
    "unusual": ("high", "low", "usual", "unreliable"),
    "scope": ("unit", "service", "type", "parent", "city", "set", "surveys"),
}
FILE = "codebook.csv"


def entries(
    found: Results, lang: str, columns: Iterable[str], statistics: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield kind, code and meaning of everything that the result files call by a code.

    Parameters
    ----------
    found : Results
    lang : str
    columns : iterable of str
        Names of columns.
    statistics : iterable of str
        Statistics that occur in the files.
    """
    w = found.words(lang)

    def kind(name: str) -> str:
        return w(f"office.codebook.kind.{name}")

    yield from ((kind("column"), name, w(f"office.column.{name}")) for name in columns)
    yield from ((kind("statistic"), name, statistic(w, name)) for name in sorted(statistics))
    yield from ((kind("reason"), code, w.label("reason", code)) for code in tidy.REASONS)
    for item in found.context.items:
        yield from _item(found, item, lang)
    if not found.foreign:
        for letter in sorted(found.rule.letters, key=lambda grade: grade.lower, reverse=True):
            yield kind("letter"), letter.letter, letter.name[lang]
        for name in ("firm", "leaning", "border", "census"):
            yield kind("certainty"), name, w.label("certainty", name)
    for name in ("x", "E"):
        yield kind("sign"), name, w(f"office.sign.{name}").partition(": ")[2]
    for group, words in VERDICTS.items():
        yield from ((kind(group), name, w(f"office.codebook.{group}.{name}")) for name in words)


def statistic(w: Words, name: str) -> str:
    """What a statistic is called; a category of certainty by its letter where there is no name of its own."""
    return w(f"office.statistic.{name}") if w.has(f"office.statistic.{name}") else name


def worded(w: Words, column: str, code: str) -> str:
    """A code of a result table in the words of a file's language; one without words as it is.

    Examples
    --------
    >>> worded(Words("en"), "versus", "undecided"), worded(Words("en"), "method", "holm")
    ('cannot be told apart yet', 'holm')
    """
    if not code:
        return code
    if column == "statistic":
        return statistic(w, code)
    if column in ("reason", "certainty"):
        return w.label(column, code)
    key = f"office.codebook.{column}.{code}"
    return w(key) if w.has(key) else code


def _item(found: Results, item: str, lang: str) -> Iterator[tuple[str, str, str]]:
    """One item: its name, its question, and its options by score."""
    w, asked = found.words(lang), as_asked(found.survey, item)
    yield w("office.codebook.kind.item"), item, found.context.name(item, lang, short=False)
    if asked is None:
        return
    if asked.question[lang] != item.rpartition(".")[2]:  # an item without a text is called by its code
        yield w("office.codebook.kind.question"), item, asked.question[lang]
    for score, text in sorted(asked.texts.items()):
        yield (
            w("office.codebook.kind.option"),
            w("office.codebook.option", item=item, score=score),
            text[lang],
        )


def heads(w: Words) -> list[Head]:
    """Heads of the codebook."""
    return [Head(w(f"office.codebook.{name}")) for name in ("what", "code", "meaning")]


def sheet(found: Results, lang: str, columns: Iterable[str], statistics: Iterable[str]) -> Sheet:
    """The codebook as a sheet of the survey's workbook."""
    w = found.words(lang)
    notes = [w("office.codebook.note"), w("office.note_csv")]
    return Sheet(w("office.codebook.name"), heads(w), list(entries(found, lang, columns, statistics)), notes)


def write(path: Path, found: Results, lang: str, columns: Iterable[str], statistics: Iterable[str]) -> Path:
    """Write ``codebook.csv``; texts that a spreadsheet would run stay texts."""
    with (
        store.replacing(path) as aside,
        aside.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        out = csv.writer(file, lineterminator="\n")
        out.writerow([head.label for head in heads(found.words(lang))])
        out.writerows([safe.text(cell) for cell in row] for row in entries(found, lang, columns, statistics))
    return path
