"""Answers outside the scale: the share is told first, by code, with a line to paste that works."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from pipeline.words.problems import said
from tests.support.raw_surveys import CODES, balance, cleaned, wide

SCALE = "scale: {min: 1, max: 5}\n"


def survey(codes: dict[str, float], rows: int = 40, low: int = 1, high: int = 5) -> str:
    """Answers of a declared scale, a share of them replaced by codes that are none of it."""
    draw = np.random.default_rng(7)
    cells = draw.integers(low, high + 1, (rows, 9)).astype(str).astype(object)
    flat = cells.reshape(-1)
    places = draw.permutation(len(flat))
    begin = 0
    for code, share in codes.items():
        end = begin + round(share * len(flat))
        flat[places[begin:end]] = code
        begin = end
    return wide(*[[i, "a", *row] for i, row in enumerate(cells)])


def pasted(hint: str) -> str:
    return hint[hint.index("values: {") :]


@pytest.mark.parametrize(
    ("codes", "values"),
    [
        ({"6": 0.2, "0": 0.11}, {"6": "not-applicable", "0": "missing"}),
        ({"99": 0.08}, {"99": "not-applicable"}),
        ({"9.0": 0.07}, {"9": "not-applicable"}),
        ({"-9": 0.06}, {"-9": "missing"}),
        ({"8": 0.04, "9": 0.03}, {"8": "not-applicable", "9": "not-applicable"}),
        ({"6": 0.03}, {"6": "not-applicable"}),
    ],
)
@pytest.mark.parametrize(
    "before", ["", pytest.param("values: {answers: {entah: missing}}\n", marks=pytest.mark.full)]
)
def test_frequent_codes_outside_the_scale_are_asked_about_first(
    tmp_path: Path, codes: dict[str, float], values: dict[str, str], before: str
):
    files = {"a.csv": survey(codes)}
    made = cleaned(tmp_path, files, SCALE + before)
    first = made.problems[0]
    lost = sum(round(share * 360) for share in codes.values())
    assert first.what.startswith(
        f"{lost} of 360 answers ({round(100 * lost / 360)} %) are outside the scale 1-5"
    )
    assert first.loss == (lost > 0.05 * 360)
    assert "did not apply" in first.hint
    line = pasted(first.hint)
    told = yaml.safe_load(line)["values"]["answers"]
    assert {code: told[code] for code in values} == values
    again = cleaned(tmp_path / "2", files, SCALE + line + "\n")
    assert not [p for p in again.problems if "outside the scale" in p.what]
    statuses = [str(s) for code in CODES for s in again.responses[f"{code}__status"]]
    assert statuses.count("invalid") == 0
    assert statuses.count("not-applicable") + statuses.count("missing") == lost
    balance(made)
    balance(again)


def test_a_slip_of_the_keyboard_is_no_code(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": survey({"44": 0.006, "55": 0.003})}, SCALE)
    assert not made.problems
    assert int((made.ledger["reason"] == "out-of-range").sum()) == 3


def test_more_than_half_outside_the_scale_is_no_survey(tmp_path: Path):
    from pipeline.intake import IntakeError

    with pytest.raises(IntakeError, match="outside the scale 1-5"):
        cleaned(tmp_path, {"a.csv": survey({"7": 0.6})}, SCALE)


def test_each_code_and_its_items_are_named_and_nothing_of_it_is_masked(tmp_path: Path):
    what = cleaned(tmp_path, {"a.csv": survey({"6": 0.2, "0": 0.11, "9": 0.02})}, SCALE).problems[0].what
    assert "6 (72 times, as in U" in what
    assert ", 0 (40 times, as in U" in what
    assert ", 9 (7 times, as in U" in what
    assert "<" not in what
    assert "6 (72 kali, seperti pada U" in said("id", "what", what)
    assert "others" not in said("id", "what", what)


def test_what_unmatched_leaves_out_is_told_when_it_is_much(tmp_path: Path):
    text = survey({"entah": 0.2})
    made = cleaned(tmp_path, {"a.csv": text}, SCALE + "unmatched: missing\n")
    assert (
        made.problems[0].what
        == "72 of 360 answers (20 %) are no options and do not count, as `unmatched:` says"
    )
    assert not made.problems[0].loss
