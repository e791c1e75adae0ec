"""The mapping audit: per file and item, which header, which texts, read as what, how often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.ground.coded import Coded
from pipeline.intake.ground.problems import Problem
from pipeline.intake.rows import people
from pipeline.intake.rows.long import ANSWER_COLUMNS
from pipeline.intake.rows.lookups import Lookups
from pipeline.intake.rows.typed_table import TypedTable
from pipeline.intake.values.answers import ANSWERED, STATUS_NAMES, UNMATCHED, ItemReader, Reading
from pipeline.intake.values.identity import mask, mask_cell, mask_header
from pipeline.intake.values.items import strangers
from pipeline.intake.values.profile import FIELDS
from pipeline.intake.values.wording import nearest
from pipeline.survey import Survey
from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source_file", "instrument", "item", "header", "how", "question", "label", "text", "code", "reading",
    "nearest", "doubt", "count",
)  # fmt: skip


def answer_texts(made: TypedTable) -> list[dict[str, object]]:
    """Return what every distinct answer of a body was read as, per file and item."""
    rows: list[dict[str, object]] = []
    if made.role == "wide":
        for code in made.item_fields:
            rows += _count(made, code, made.columns[code], np.arange(len(made)), made.headers[code])
    elif made.role == "answers":
        item = made.columns["item"]
        for name, suffix in ANSWER_COLUMNS.items():
            if name not in made.columns:
                continue
            for number, code in enumerate(item.values):
                at = np.flatnonzero(item.codes == number)
                full = f"{code}{suffix}"
                if full in made.items.readers and len(at):
                    rows += _count(made, full, made.columns[name].take(at), at, made.headers[name])
    return rows


def _count(made: TypedTable, code: str, raw: Coded, at: np.ndarray, header: str) -> list[dict[str, object]]:
    width = max(len(raw.values), 1)
    counts = np.bincount(made.files.codes[at].astype(np.int64) * width + raw.codes)
    pairs = np.flatnonzero(counts)
    counts = counts[pairs]
    reader = made.items.readers[code]
    rows: list[dict[str, object]] = []
    # By file, then by text: the order must not depend on which files were read together.
    found = zip(pairs.tolist(), counts.tolist())
    for pair, count in sorted(found, key=lambda p: (p[0] // width, raw.values[p[0] % width])):
        text = str(raw.values[pair % width])
        if not text:
            continue
        reading = reader.read(text)
        rows.append(
            {
                "source_file": made.files.values[pair // width], "instrument": made.items.name, "item": code,
                "header": mask_header(header), "how": "answer", "question": made.items.shown.get(code, ""),
                "text": mask_cell(text)[:120],
                "code": str(reading.score) if reading.status == ANSWERED else STATUS_NAMES[reading.status],
                "reading": reading.how if reading.status == ANSWERED else reading.reason,
                "nearest": mask(reading.option or _nearest(reading, text, reader)),
                "doubt": strangers(text, code, made.items), "count": int(count),
                "unmatched": reader.unmatched,
            }
        )  # fmt: skip
    return rows


def in_order(rows: list[dict[str, object]], items: Iterable[str]) -> list[dict[str, object]]:
    """Return rows of several blocks as those of one: item by item, files in order."""
    place = {code: number for number, code in enumerate(items)}
    return sorted(rows, key=lambda row: place[str(row["item"])])


def profile_texts(made: TypedTable, survey: Survey, lookups: Lookups) -> list[dict[str, object]]:
    """Return what every distinct text about the respondents was read as; free text is kept here."""
    rows: list[dict[str, object]] = []
    files = {str(name) for name in made.files.values}
    for name, column, read in people.profile_texts(made, survey, lookups):
        for text, count, (code, reason) in zip(column.values, column.present(), read):
            if text and count:
                rows.append(
                    {
                        "source_file": next(iter(files)) if len(files) == 1 else "", "instrument": "", "item": name,
                        "header": mask_header(made.headers[name]), "how": "profile", "text": mask_cell(str(text))[:120],
                        "code": code, "reading": reason or "text", "count": int(count),
                    }
                )  # fmt: skip
    return rows


def added_up(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return one row per text about the respondents, whatever files and blocks it came from."""
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for row in rows:
        key = tuple(str(row[name]) for name in ("item", "header", "text", "code", "reading"))
        known = found.setdefault(key, {**row, "count": 0})
        known["count"] = int(str(known["count"])) + int(str(row["count"]))
        if known["source_file"] != row["source_file"]:
            known["source_file"] = ""
    place = {name: number for number, name in enumerate(FIELDS)}
    return sorted(
        found.values(), key=lambda row: (place[str(row["item"])], str(row["header"]), str(row["text"]))
    )


def _nearest(reading: Reading, text: str, reader: ItemReader) -> str:
    if reading.reason not in UNMATCHED and reading.reason != "excluded-answer":
        return ""
    return "; ".join(nearest(fold(text), reader.texts))


def foreign_lists(rows: Iterable[dict[str, object]]) -> list[Problem]:
    """Return a sentence for every item under which the options of another unsur stand.

    A form may print "tidak cepat ... sangat cepat" under the question about requirements. Where
    such texts are read at all, their scores are right; whether they answer the question is not.
    """
    total: dict[tuple[str, str], int] = {}
    strange: dict[tuple[str, str], dict[str, None]] = {}
    lists: dict[tuple[str, str], set[str] | None] = {}
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        lookup = str(row["how"]).startswith("lookup-")
        if not row["text"] or (
            not lookup and row["reading"] in ("letter", "score", "placeholder", "out-of-range")
        ):
            continue
        key = (str(row["source_file"]), str(row["item"]))
        weight = 1 if lookup else int(str(row["count"]))
        total[key] = total.get(key, 0) + weight
        if not row["doubt"]:
            continue
        counted[key] = counted.get(key, 0) + weight
        strange.setdefault(key, {})[str(row["text"])] = None
        theirs = set(str(row["doubt"]).split(", "))
        known = lists.get(key)
        lists[key] = theirs if known is None else known & theirs
    problems = []
    for key, texts in strange.items():
        if len(texts) < 2 or 2 * counted[key] < total[key]:
            continue
        whose = ", ".join(sorted(lists[key] or ())) or "other unsur"
        problems.append(
            Problem(
                f"under {key[1]} stand the options of {whose}: {', '.join(list(texts)[:4])}",
                "check whether the form printed the wrong option list, or the column is another unsur",
                file=key[0], fatal=False,
            )
        )  # fmt: skip
    return problems


def columns_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return what every column of every file was read as, and what told so."""
    import pandas as pd

    names = ("source_file", "instrument", "header", "field", "how", "question")
    table = pd.DataFrame(rows, columns=list(names))
    for name in names:
        table[name] = table[name].astype(object).where(table[name].notna(), "").astype(str).astype("category")
    return table


def facts_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return what the workbooks say of the survey itself."""
    import pandas as pd

    names = ("source_file", "row", "fact", "label", "value")
    table = pd.DataFrame(rows, columns=list(names))
    for name in names:
        table[name] = table[name].astype("int64" if name == "row" else "str")
    return table


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return what every distinct answer was read as."""
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in COLUMNS[:-1]:
        table[name] = table[name].astype(object).where(table[name].notna(), "").astype(str).astype("category")
    table["count"] = pd.to_numeric(table["count"]).fillna(0).astype("int64")
    return table
