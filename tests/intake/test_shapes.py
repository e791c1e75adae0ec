"""Every shape that offices send gives the same answers, and loses none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline import intake
from tests.support.raw_surveys import CODES, balance, make
from tests.support.shapes import AGE, EDUCATION, SAID, SCORES, SEX, SHAPES, UNIT, WORK, Shape

TOLD = {
    "sex": [{"L": "male", "P": "female"}[s] for s in SEX],
    "age": AGE,
    "education": [{"D3": "diploma"}.get(e, e.lower()) for e in EDUCATION],
    "occupation": [{"Lainnya": "other"}.get(work, work.lower()) for work in WORK],
    "suggestion": SAID,
    "service": ["KTP" if u == "a" else "Izin" for u in UNIT],
}  # fmt: skip


def read(root: Path, shape: Shape) -> intake.Intake:
    survey = make(root, {}, shape.definition, units=shape.units)
    shape.write(survey.raw)
    return intake.clean(survey)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)
def test_a_shape_gives_the_answers_that_were_given_and_loses_none(tmp_path: Path, shape: Shape):
    made = read(tmp_path, shape)
    balance(made)
    frame = made.responses
    assert len(frame) == 12
    frame = frame.sort_values(["unit", "source_file", "source_row"]).reset_index(drop=True)
    spoiled = set(shape.spoiled)
    got = [
        [None if (i, u + 1) in spoiled else int(frame.loc[i, code]) for u, code in enumerate(CODES)]
        for i in range(12)
    ]
    assert got == [
        [None if (i, u + 1) in spoiled else score for u, score in enumerate(scores)]
        for i, scores in enumerate(SCORES)
    ]
    assert all(pd.isna(frame.loc[i, f"U{u}"]) for i, u in spoiled)
    assert frame["unit"].astype(str).tolist() == UNIT
    for name in shape.fields:
        column = frame[name].astype(object).where(frame[name].notna(), "")
        assert column.tolist() == TOLD[name], name
    reasons = made.ledger["reason"].astype(str).value_counts().to_dict()
    assert reasons == {k: n for k, n in shape.ledger.items() if n}
    said = [str(problem) for problem in made.problems]
    assert len(said) == len(shape.said), said
    for part in shape.said:
        assert any(part in sentence for sentence in said), (part, said)
    if shape.not_data:
        assert tuple(made.counts.sort_values("source_file")["not_data"]) == shape.not_data
