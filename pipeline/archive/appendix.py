"""The data appendix: every variable with its meaning, its values and how often each occurs.

Counts are those of the result tables, where what must not be shown is suppressed already; here no count of
one to four stands either, nor one that would tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import standings
from pipeline.results import csvfile, rows_of
from pipeline.rules import PRIVATE_BELOW
from pipeline.rules.datafile import parse
from pipeline.survey.asked import as_asked
from pipeline.survey.codes import STATUS

if TYPE_CHECKING:
    from pipeline.office.city import Results

TEMPLATES = Path(__file__).resolve().parent / "templates"
COLUMNS = ("variable", "meaning", "values", "value", "label", "count", "note")
HIDDEN = "withheld"
LANG = "en"


@dataclass(frozen=True)
class Line:
    """One value of one variable, or a variable without listed values."""

    variable: str
    meaning: str
    values: str
    value: str = ""
    label: str = ""
    count: str = ""
    note: str = ""


@lru_cache(maxsize=1)
def described() -> dict[str, dict[str, str]]:
    """Variables of the cleaned answers, but for the items: meaning, kind of values, whether given and why not."""
    text = (TEMPLATES / "variables.yml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = parse(text)
    said = {True: "yes", False: "no"}
    return {name: {k: said.get(v, v) for k, v in about.items()} for name, about in found.items()}


def counted(counts: Sequence[int]) -> list[str]:
    """Counts as they are printed: none of one to four, and none that would follow from the others' sum.

    Examples
    --------
    >>> counted([0, 3, 40, 57]), counted([2, 3, 95]), counted([0, 60])
    (['0', 'withheld', 'withheld', '57'], ['withheld', 'withheld', '95'], ['0', '60'])
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < PRIVATE_BELOW}
    if hidden and (len(hidden) == 1 or sum(counts[place] for place in hidden) < PRIVATE_BELOW):
        rest = [p for p, count in enumerate(counts) if p not in hidden and count]
        hidden |= set(sorted(rest, key=lambda p: counts[p])[:1])
    return [HIDDEN if place in hidden else str(count) for place, count in enumerate(counts)]


def lines(found: Results, columns: Iterable[str]) -> Iterator[Line]:
    """Yield the appendix: items first, then what else the cleaned answers hold.

    Parameters
    ----------
    found : Results
    columns : iterable of str
        Columns of the cleaned answers.
    """
    names = list(columns)
    for item in found.context.items:
        if item in names:
            yield from _item(found, item)
    for name in names:
        if name.endswith(STATUS):
            about = f"How {name.removesuffix(STATUS)} was answered"
            yield Line(name, about, "answered, missing, not-applicable, invalid", note="not in microdata")
        elif name in described():
            yield from _variable(found, name)


def _item(found: Results, item: str) -> Iterator[Line]:
    low, high = found.context.scale_of(item)
    asked, meaning = as_asked(found.survey, item), found.context.name(item, LANG, short=False)
    if asked and asked.question[LANG] != meaning:
        meaning += f': "{asked.question[LANG]}"'
    levels = list(range(low, high + 1))
    rows = found.table("index")
    rows = rows[(rows["scope"] == "city") & (rows["item"] == item) & (rows["group"] == "")]
    shares = {row.statistic: row for row in rows_of(rows[rows["statistic"].str.startswith("share_")])}
    at = [shares.get(f"share_{level}") for level in levels]
    values = f"whole number {low} to {high}; empty: no answer"
    numerators = [row.numerator for row in at if row is not None and row.numerator is not None]
    if len(numerators) < len(levels):
        yield Line(item, meaning, values, note="no counts are published of it")
        return
    told = counted(numerators)
    for level, count in zip(levels, told, strict=True):
        label = asked.texts[level][LANG] if asked and level in asked.texts else ""
        yield Line(item, meaning, values, str(level), label, count, "people of the units of the city's index")


def _variable(found: Results, name: str) -> Iterator[Line]:
    about, w = described()[name], found.words(LANG)
    note = {"yes": "in microdata", "new": f"in microdata: {about['why']}"}.get(
        about["given"], f"not in microdata: {about['why']}"
    )
    rows = found.table("profile")
    rows = rows[
        (rows["scope"] == "city")
        & (rows["item"] == name)
        & (rows["statistic"] == "count")
        & (rows["other"] == "")
    ]
    told = [(row.group, int(row.estimate)) for row in rows_of(rows) if row.estimate == row.estimate]
    if name == "unit":
        told = [
            (row.unit, int(row.n_valid)) for row in standings.rows_of(found.standings) if row.n_valid >= 1
        ]
    if not told or name == "service":
        yield Line(name, about["meaning"], about["values"], note=note)
        return
    for (value, _), count in zip(told, counted([count for _, count in told]), strict=True):
        label = found.survey.unit(value).name if name == "unit" else str(w.label(name, value))
        yield Line(name, about["meaning"], about["values"], value, label, count, note)


def as_csv(told: Iterable[Line]) -> bytes:
    """The appendix for programs."""
    return csvfile.as_csv(COLUMNS, ([getattr(line, column) for column in COLUMNS] for line in told))


def as_bytes(told: Sequence[Line], title: str) -> bytes:
    """The appendix for people, in Markdown: a section a variable."""
    parts = [f"# Data appendix: {title}", ""]
    parts += [
        "Counts are of respondents, as published; a count of one to four is withheld, with the next smallest where",
        "it would follow from the others. Machine-readable: `data-appendix.csv`. What the codes of the result tables",
        "mean: `results/public/codebook.csv`.", "",
    ]  # fmt: skip
    last = ""
    for line in told:
        if line.variable != last:
            last = line.variable
            parts += [
                "",
                f"## {line.variable}",
                "",
                f"{line.meaning}. Values: {line.values}. {_upper(line.note)}.",
                "",
            ]
            if line.value:
                parts += ["| value | meaning | count |", "|---|---|---:|"]
        if line.value:
            parts.append(f"| {_cell(line.value)} | {_cell(line.label)} | {line.count} |")
    return ("\n".join(parts) + "\n").encode()


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    """A text inside a table of Markdown: no bar ends the cell, no line the row."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
