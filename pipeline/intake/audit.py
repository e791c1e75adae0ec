"""The mapping audit: per file and item, which header, which texts, read as what, how often."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.answers import ANSWERED, STATUS_NAMES, ItemReader
from pipeline.intake.bodies import Body
from pipeline.intake.coded import Coded
from pipeline.intake.identity import mask_cell, mask_header
from pipeline.intake.long import ANSWER_COLUMNS
from pipeline.intake.problems import Problem
from pipeline.survey.units import fold

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source_file", "instrument", "item", "header", "how", "question", "label", "text", "code", "reading", "count",
)  # fmt: skip


def answer_texts(made: Body) -> list[dict[str, object]]:
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


def _count(made: Body, code: str, raw: Coded, at: np.ndarray, header: str) -> list[dict[str, object]]:
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
                "reading": reading.how if reading.status == ANSWERED else reading.reason, "count": int(count),
            }
        )  # fmt: skip
    return rows


def in_order(rows: list[dict[str, object]], items: Iterable[str]) -> list[dict[str, object]]:
    """Return rows of several blocks as those of one: item by item, files in order."""
    place = {code: number for number, code in enumerate(items)}
    return sorted(rows, key=lambda row: place[str(row["item"])])


def unreadable(rows: Iterable[dict[str, object]], readers: dict[str, ItemReader]) -> list[Problem]:
    """Return one sentence per item whose answers could not be read, with the commonest texts."""
    found: dict[str, Counter[str]] = {}
    places: dict[str, dict[tuple[str, str], None]] = {}
    for row in rows:
        if row["reading"] in ("unreadable-answer", "contradictory-answer"):
            item = str(row["item"])
            found.setdefault(item, Counter())[str(row["text"])] += int(str(row["count"]))
            places.setdefault(item, {})[str(row["source_file"]), str(row["header"])] = None
    problems = []
    for item, texts in found.items():
        common = sorted(texts.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = ", ".join(f'"{text}" ({count})' for text, count in common[:5])
        what = f"{texts.total()} answers are no options of {item}: {shown}"
        others = [
            code
            for code, reader in readers.items()
            if code != item and all(reader.knows(text) for text in texts)
        ]
        if others:
            what += f"; they are options of {', '.join(others)}"
        where = list(places[item])
        if len(where) > 1:
            what += f" (in {len(where)} files)"
        problems.append(
            Problem(what, _advice(item, common, readers.get(item)), file=where[0][0], column=where[0][1],
                    fatal=False)
        )  # fmt: skip
    return problems


def _advice(item: str, common: list[tuple[str, int]], reader: ItemReader | None) -> str:
    """Say which score a misspelt option would have; never guess where none is close."""
    for text, _ in common:
        near = difflib.get_close_matches(fold(text), reader.texts, n=1, cutoff=0.8) if reader else []
        if near and reader:
            score = reader.texts[near[0]]
            return f'did you mean "{near[0]}"? then say so in survey.yml: values: {{{item}: {{"{text}": {score}}}}}'
    return f'if a text means a score, say so in survey.yml: values: {{{item}: {{"{common[0][0]}": <score>}}}}'


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
