"""The disclosure report: what is given of respondents, what is not and why, and what can be found out from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.results import csvfile
from pipeline.survey.codes import STATUS

from .appendix import described

if TYPE_CHECKING:
    from .microdata import UnitRows

#: From this share of equal answers on, an unsur says of nearly everybody of a unit what they answered.
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class UnitRisk:
    """What the rows of one unit tell to who knows something.

    Attributes
    ----------
    unit : str
    rows : int
        How many rows: the group in which everybody hides who is known to have come.
    unique : int
        Rows that nobody else of the unit shares: found by who knows all answers but one.
    alike : tuple of str
        Items to which at least `NEARLY_ALL` of the rows give one answer.
    """

    unit: str
    rows: int
    unique: int
    alike: tuple[str, ...]


def of_unit(unit: UnitRows) -> UnitRisk:
    """Count what the rows of one unit tell.

    Examples
    --------
    >>> from pipeline.archive.microdata import UnitRows
    >>> of_unit(UnitRows("a", 3, ("U1", "U2"), (("4", "3"), ("4", "3"), ("4", "1"))))
    UnitRisk(unit='a', rows=3, unique=1, alike=('U1',))
    """
    patterns = Counter(unit.rows)
    alike = []
    for place, item in enumerate(unit.items):
        given = Counter(row[place] for row in unit.rows if row[place])
        if given and max(given.values()) >= NEARLY_ALL * sum(given.values()):
            alike.append(item)
    unique = sum(count == 1 for count in patterns.values())
    return UnitRisk(unit.unit, len(unit.rows), unique, tuple(alike))


def dropped(columns: Sequence[str]) -> list[tuple[str, str]]:
    """Variables of the cleaned answers that are not given, each with the reason."""
    known = described()
    return [
        (name, known[name]["why"])
        for name in columns
        if not name.endswith(STATUS) and known.get(name, {}).get("given") == "no"
    ]


def as_csv(given: Sequence[UnitRows]) -> bytes:
    """A row a unit, for programs: rows given, unique rows, items alike, items hidden, reason."""
    columns = ("unit", "rows_given", "unique_rows", "items_nearly_all_alike", "items_hidden", "why_none")
    rows = (
        (unit.unit, risk.rows, risk.unique, " ".join(risk.alike), " ".join(unit.hidden), unit.why_none)
        for unit, risk in zip(given, map(of_unit, given), strict=True)
    )
    return csvfile.as_csv(columns, rows)


def as_bytes(
    given: Sequence[UnitRows], columns: Sequence[str], title: str, earlier: Sequence[str] = ()
) -> bytes:
    """The report for people, in Markdown."""
    risks = [of_unit(unit) for unit in given if unit.rows]
    rows, unique = sum(risk.rows for risk in risks), sum(risk.unique for risk in risks)
    least = min(risks, key=lambda risk: risk.rows)
    parts = [
        f"# Disclosure report: {title}", "",
        "The file `data/raw/*/answers.csv` beside this report holds the rows that the public annexes of answers of",
        "the units' reports print, and nothing else: both are written by the same function. The rules are those of",
        "the project's `docs/privacy.md`.", "",
        "## What is given", "",
        f"- {rows} questionnaires of {len(risks)} of {len(given)} listed units: a number, the unit, and the answers.",
        "- Rows of a unit are shuffled by their own content and numbered anew: place and number say nothing.",
        "- A blank is no answer; whether somebody skipped an item or found it not applicable is not told.",
        "", "## What is left out, and why", "",
        *(f"- `{name}`: {why}." for name, why in dropped(columns)),
        "- questionnaires that name no listed unit: they belong to no result.", *_earlier(earlier), "",
        *_left_out(given), "",
        "## k-anonymity", "",
        "The only characteristic that a stranger can know of somebody and that the file holds is the unit (its type",
        f"and agency follow from it). The smallest group that shares it has **k = {least.rows}** rows.",
        "",
        "| rows of the unit | units |", "|---|---:|",
        *(f"| {label} | {count} |" for label, count in _sizes(risks)), "",
        "## What answers themselves tell", "",
        f"- {unique} of {rows} rows ({unique / rows:.0%}) are unlike every other row of their unit. Who knows that",
        "  somebody came, and several of the answers, may find the row and read the rest. Nothing else is in it.",
        f"- {sum(bool(risk.alike) for risk in risks)} units have items that at least {NEARLY_ALL:.0%} of the rows",
        "  answer alike (`disclosure.csv` names them): of nearly everybody there it is known what they answered. The",
        "  shares in the published results say the same.",
        "", "Nothing was coarsened: the answers are steps of a short scale, and no profile is given that could be.", "",
    ]  # fmt: skip
    return "\n".join(parts).encode()


def _earlier(names: Sequence[str]) -> list[str]:
    """What is said of earlier surveys, where this one is held against any."""
    if not names:
        return []
    return [
        f"- answers of earlier surveys ({', '.join(names)}), against which changes are measured: the file holds",
        "  those of one survey, and no change between surveys comes out of them.",
    ]


def _left_out(given: Sequence[UnitRows]) -> list[str]:
    reasons = Counter(unit.why_none for unit in given if unit.why_none)
    lines = [f"- {why}: {count}." for why, count in sorted(reasons.items())]
    hidden = Counter(item for unit in given if unit.rows for item in unit.hidden)
    if hidden:
        told = ", ".join(f"{item} in {count} units" for item, count in sorted(hidden.items()))
        lines.append(f"- columns of items whose value is not published of a unit: {told}.")
    return ["Units without rows, by reason:", "", *lines] if lines else []


def _sizes(risks: Sequence[UnitRisk]) -> list[tuple[str, int]]:
    bounds = ((10, 19), (20, 29), (30, 49), (50, 99), (100, 199))
    found = [(f"{low} to {high}", sum(low <= r.rows <= high for r in risks)) for low, high in bounds]
    found.append(("200 and more", sum(r.rows >= 200 for r in risks)))
    return [(label, count) for label, count in found if count]
