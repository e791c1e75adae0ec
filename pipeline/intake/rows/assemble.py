"""From blocks to responses.parquet: one row per used respondent, sorted by unit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pipeline import rules
from pipeline.intake.account.ledger import category
from pipeline.intake.ground.coded import Coded, compact, constant, stack
from pipeline.intake.rows.wide import Block
from pipeline.intake.values.answers import ANSWERED, NOT_APPLICABLE, STATUS_NAMES
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.codes import CATEGORIES, STATUS, STATUSES

if TYPE_CHECKING:
    import pandas as pd

CODED = ("sex", "age_band", "education", "occupation", "disability", "disability_kind", "mode")
LEADING = (
    "respondent", "source_file", "source_row", "answer_rows", "instrument", "unit", "unit_raw", "service",
    "answered_at", "entered_at", "sex", "age", "age_band", "education", "occupation", "disability",
    "disability_kind", "mode", "executor", "interviewer", "weight",
)  # fmt: skip


def item_codes(survey: Survey, blocks: Sequence[Block]) -> list[str]:
    """Return every item column: those of each questionnaire that was used."""
    codes: dict[str, None] = {}
    for block in blocks:
        codes.update(dict.fromkeys(block.items.codes))
    if not codes:
        codes = dict.fromkeys(rules.load(survey.definition.rule).codes)
    return list(codes)


def responses(blocks: Sequence[Block], survey: Survey) -> pd.DataFrame:
    """Return all used respondents, numbered anew, sorted by unit as units.csv lists them."""
    import pandas as pd

    codes = item_codes(survey, blocks)
    blocks = [block for block in blocks if len(block)]
    units = [unit.id for unit in survey.units] + [UNKNOWN_UNIT]
    place = {unit: number for number, unit in enumerate(units)}
    unit = np.concatenate(
        [_coded(b, "unit").map(lambda text: place[text], np.int32) for b in blocks] or [np.zeros(0, np.int32)]
    )
    order = np.argsort(unit, kind="stable")

    def item(code: str) -> tuple[object, object]:
        score, status = _item(blocks, code)
        score, status = score[order], status[order]
        return (
            pd.arrays.IntegerArray(score, status != ANSWERED),
            pd.Categorical.from_codes(_STATUS[status], categories=pd.Index(STATUSES)),
        )

    makers = _makers(blocks, order, pd.Categorical.from_codes(unit[order], categories=pd.Index(units)))
    # Most of the work is numpy's and Arrow's, which let other threads run meanwhile.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        asked = {code: pool.submit(item, code) for code in codes}
        last = pool.submit(lambda: _strings(_text(blocks, "suggestion", order), empty=None))
        first = {name: pool.submit(make) for name, make in makers.items()}
        data = {name: first[name].result() for name in LEADING}
        for code, made in asked.items():
            data[code], data[f"{code}{STATUS}"] = made.result()
        data["suggestion"] = last.result()
    return pd.DataFrame(data)


def _makers(
    blocks: Sequence[Block], order: np.ndarray, unit: pd.Categorical[str]
) -> dict[str, Callable[[], object]]:
    """Return what makes each column about the respondent, in the order of the units."""
    import pandas as pd

    total = len(order)
    text = partial(_text, blocks, order=order)

    def number(name: str, dtype: str) -> np.ndarray:
        parts = [np.asarray(b.fields[name]) for b in blocks]
        return np.concatenate(parts or [np.zeros(0, dtype)]).astype(dtype)[order]

    def files() -> object:
        return category(stack([b.files for b in blocks] or [constant("", 0)]).take(order))

    def source_rows() -> object:
        rows = np.concatenate([b.rows for b in blocks] or [np.zeros(0, np.int64)])
        return rows.astype(np.int32)[order]

    def answer_rows() -> object:
        if all(b.answer_rows is None for b in blocks):
            return _strings(constant("", total))
        ranges = [np.full(len(b), "", object) if b.answer_rows is None else b.answer_rows for b in blocks]
        return pd.Series(np.concatenate(ranges)[order], dtype="str")

    def instruments() -> object:
        names = [constant(b.items.name, len(b)) for b in blocks]
        return category(stack(names or [constant("", 0)]).take(order))

    def ages() -> object:
        age = number("age", "int16")
        return pd.arrays.IntegerArray(age, age < 0)

    def weights() -> object:
        weight = number("weight", "float64")
        return pd.arrays.FloatingArray(weight, np.isnan(weight))

    return {
        "respondent": lambda: np.arange(1, total + 1, dtype=np.int32),
        "source_file": files,
        "source_row": source_rows,
        "answer_rows": answer_rows,
        "instrument": instruments,
        "unit": lambda: unit,
        **{name: partial(lambda n: _nullable(text(n)), name) for name in ("unit_raw", "service")},
        **{name: partial(number, name, "datetime64[ms]") for name in ("answered_at", "entered_at")},
        **{name: partial(lambda n: _fixed(text(n), CATEGORIES[n]), name) for name in CODED},
        "age": ages,
        "executor": lambda: _nullable(text("executor")),
        "interviewer": lambda: _nullable(pseudonyms(text("interviewer"))),
        "weight": weights,
    }


def _text(blocks: Sequence[Block], name: str, order: np.ndarray) -> Coded:
    return stack([_coded(b, name) for b in blocks] or [constant("", 0)]).take(order)


_STATUS = np.array([STATUSES.index(name) for name in STATUS_NAMES], dtype=np.int8)


def _coded(block: Block, name: str) -> Coded:
    value = block.fields.get(name)
    return value if isinstance(value, Coded) else constant("", len(block))


def _item(blocks: Sequence[Block], code: str) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and statuses; who was not asked has "not applicable"."""
    scores, statuses = [np.zeros(0, np.int8)], [np.zeros(0, np.int8)]
    for block in blocks:
        asked = code in block.scores
        scores.append(block.scores[code] if asked else np.zeros(len(block), np.int8))
        statuses.append(block.statuses[code] if asked else np.full(len(block), NOT_APPLICABLE, np.int8))
    return np.concatenate(scores), np.concatenate(statuses)


def _fixed(column: Coded, codes: Sequence[str]) -> pd.Categorical[str]:
    import pandas as pd

    place = {code: number for number, code in enumerate(codes)}
    return pd.Categorical.from_codes(
        column.map(lambda text: place.get(text, -1), np.int8), categories=pd.Index(codes)
    )


def _nullable(column: Coded) -> pd.Categorical[str]:
    made = category(column)
    return made.remove_categories([""]) if "" in made.categories else made


def _strings(column: Coded, empty: str | None = "") -> pd.Series:
    """Return the text of every row as pandas stores text, made from the distinct values."""
    import pandas as pd
    import pyarrow as pa

    values = pa.array([str(text) or empty for text in column.values], pa.large_string())
    taken = values.take(pa.array(column.codes)) if len(column) else values[:0]
    return pd.Series(pd.array(taken, dtype="str"))


def pseudonyms(column: Coded) -> Coded:
    """Replace interviewers by numbers in order of appearance; names never leave the intake."""
    used, first = np.unique(column.codes, return_index=True)
    names: dict[str, str] = {}
    for code in used[np.argsort(first)]:
        text = str(column.values[code])
        if text:
            names.setdefault(text, f"I{len(names) + 1:03d}")
    return compact(column.codes, [names.get(str(value), "") for value in column.values])
