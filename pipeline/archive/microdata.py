"""The answers of respondents as they may leave the house, in a form that a run reads.

What a unit's public annex of answers may print is what is given, and nothing else (`standings.annex`,
docs/privacy.md): rows of units with ten valid answers or more, only of unsur whose value is shown, shuffled by
their own content, without profile, service, time, file, mode or text. Each unit's rows are taken from the very
function that prints its annex, so that the file cannot say more than the pages do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from pipeline.report.data.unit import build
from pipeline.report.unit.answers_annex import printable
from pipeline.results import csvfile
from pipeline.run.keys import DEFINITION_FILES
from pipeline.standings.annex import LEAST
from pipeline.survey.asked import printed
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.yamlfile import read as read_yaml

if TYPE_CHECKING:
    from pipeline.survey import Survey

ANSWERS_FILE = "answers.csv"
#: Headers of the file beside the items.
NUMBER, UNIT = "respondent", "unit"
#: What of a definition is about raw files, about persons, or about pages that are not made of the anonymised answers.
_DROPPED = (
    "files", "lookups", "values", "unmatched", "marks", "order", "photos", "signature", "team", "formats",
    "template", "languages", "contact",
)  # fmt: skip
#: Said behind the title, so that every page made of these answers says what they are.
SUFFIX = {"id": "jawaban tanpa identitas", "en": "anonymised answers"}


class Unsafe(Exception):
    """The answers cannot be given away; says why in one sentence."""


@dataclass(frozen=True)
class UnitRows:
    """What is given of one unit.

    Attributes
    ----------
    unit : str
    valid : int
        Valid answers of the unit, as its report says.
    items : tuple of str
        Items that have a column.
    rows : tuple of tuple of str
        A row a questionnaire, shuffled; a blank is no answer.
    why_none : str
        Why nothing is given; empty where something is.
    hidden : tuple of str
        Items of the index without a column, since their value is not shown.
    """

    unit: str
    valid: int
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    why_none: str = ""
    hidden: tuple[str, ...] = ()


def collected(survey: Survey) -> list[UnitRows]:
    """What may be given of each listed unit.

    Raises
    ------
    Unsafe
        If the definition keeps the annex of answers back, or no unit has enough answers.
    """
    if not survey.definition.annex:
        raise Unsafe("the definition says annex: false: answers per respondent are not given away")
    found = [_of_unit(survey, unit) for unit in survey.units]
    if not any(unit.rows for unit in found):
        raise Unsafe(f"no unit has {LEAST} valid answers whose rows may be shown")
    for unit in found:
        _check(survey, unit)
    return found


def _of_unit(survey: Survey, unit: Any) -> UnitRows:
    report = build(survey, unit, "en", survey.processed)
    valid = report.n_valid
    if valid < LEAST:
        why = "no valid answers" if valid == 0 else f"fewer than {LEAST} valid answers"
        return UnitRows(unit.id, valid, why_none=why)
    items, rows = printable(report)
    if not rows:
        return UnitRows(unit.id, valid, why_none="its report shows no rows (all answered alike, or no index)")
    asked = report.by_item("index", "nrr")
    return UnitRows(
        unit.id, valid, tuple(items), tuple(rows), hidden=tuple(i for i in asked if i not in items)
    )


def _check(survey: Survey, unit: UnitRows) -> None:
    """A second lock: numbers of the scale only, and no group of fewer than ten."""
    if unit.rows and len(unit.rows) < LEAST:
        raise Unsafe(f"{unit.unit}: {len(unit.rows)} rows are fewer than {LEAST}")
    for row in unit.rows:
        for cell in row:
            if cell and not cell.isdecimal():
                raise Unsafe(f"{unit.unit}: an answer is no number of the scale")


def columns(given: Sequence[UnitRows], order: Sequence[str]) -> list[str]:
    """Items of any unit, in the order of the index."""
    there = {item for unit in given for item in unit.items}
    return [item for item in order if item in there]


def table(given: Sequence[UnitRows], items: Sequence[str]) -> bytes:
    """``answers.csv``: number, unit, items. Units in the order of the list, rows shuffled, numbered anew.

    Examples
    --------
    >>> print(table([UnitRows("a", 1, ("U2",), (("4",),))], ["U1", "U2"]).decode(), end="")
    respondent,unit,U1,U2
    1,a,,4
    """
    rows: list[list[object]] = []
    for unit in given:
        place = {item: at for at, item in enumerate(unit.items)}
        for row in unit.rows:
            rows.append([len(rows) + 1, unit.unit, *(row[place[i]] if i in place else "" for i in items)])
    return csvfile.as_csv([NUMBER, UNIT, *items], rows)


def definition(survey: Survey, items: Sequence[str]) -> bytes:
    """``survey.yml`` of the anonymised answers: the same questionnaire, rule and margins, another file.

    Of the original's languages the first is kept: the pages are made to be compared, not to be read by all.
    """
    path = survey.raw / "survey.yml"
    content, _ = read_yaml(path, path.name)
    made = {key: value for key, value in content.items() if key not in _DROPPED}
    made["title"] = _titled(made["title"])
    made["period"] = str(survey.period)
    made["order"] = "form"
    made["languages"] = [survey.definition.languages[0]]
    made["formats"] = ["html"]
    made["files"] = [_file(items)]
    made |= _asked(survey, items, made)
    text = yaml.safe_dump(made, allow_unicode=True, sort_keys=True, width=100)
    return f"# Made by skm archive from the definition of {survey.name}; see README.md.\n{text}".encode()


def _asked(survey: Survey, items: Sequence[str], made: Mapping[str, Any]) -> dict[str, Any]:
    """Questions and options that a list beside the answers told: it is not given, so the definition states them."""
    found: dict[str, Any] = {}
    listed = {item: told for item, told in printed(survey).items() if item in items}
    for key, part in (("wording", "question"), ("options", "options")):
        told = {item: texts[part] for item, texts in listed.items() if part in texts} | made.get(key, {})
        if told:
            found[key] = told
    return found


def _titled(title: Any) -> Any:
    if isinstance(title, dict):
        return {lang: f"{text} ({SUFFIX.get(lang, SUFFIX['en'])})" for lang, text in title.items()}
    return f"{title} ({SUFFIX['id']})"


def _file(items: Sequence[str]) -> dict[str, Any]:
    instruments = dict.fromkeys(item.rpartition(".")[0] or OFFICIAL for item in items)
    entry: dict[str, Any] = {
        "path": ANSWERS_FILE,
        "columns": {NUMBER: NUMBER, UNIT: UNIT, **{item: item for item in items}},
    }
    if list(instruments) != [OFFICIAL]:
        entry["instrument"] = list(instruments)
    return entry


def folder(survey: Survey, given: Sequence[UnitRows], order: Sequence[str]) -> dict[str, bytes]:
    """Files of the raw folder of the anonymised survey, by name."""
    items = columns(given, order)
    found = {"survey.yml": definition(survey, items), ANSWERS_FILE: table(given, items)}
    for name in DEFINITION_FILES[1:]:
        path = survey.raw / name
        if path.is_file():
            found[name] = path.read_bytes()
    return found
