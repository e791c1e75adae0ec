"""Sums and means among the answers are no respondents, whatever they are called, and tell no scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline import intake, survey
from pipeline.cli import main
from tests.support.raw_surveys import LABELS, balance, cleaned, csv, make
from tests.support.shapes import book

RNG = np.random.default_rng(20240601)
#: Columns beside the answers, and what they say of person i.
LAYOUTS: dict[str, tuple[list[str], Callable[[int], list[Any]]]] = {
    "number and unit": (["No", "Unit"], lambda i: [i + 1, "a"]),
    "unit": (["Unit"], lambda i: ["a"]),
    "number": (["No"], lambda i: [i + 1]),
    "profile": (["No", "Unit", "Jenis Kelamin", "Usia"], lambda i: [i + 1, "a", "LP"[i % 2], 20 + i]),
    "id": (["Responden", "Unit"], lambda i: [f"R{i + 1:02d}", "a"]),
    "nothing": ([], lambda i: []),
}
KINDS: dict[str, Callable[[np.ndarray], Any]] = {
    "sum": lambda a: a.sum(0),
    "mean": lambda a: a.mean(0),
    "mean, one decimal": lambda a: a.mean(0).round(1),
    "mean, cut off": lambda a: np.floor(a.mean(0) * 100) / 100,
    "weighted": lambda a: (a.mean(0) * 0.11).round(3),
    "ninth": lambda a: (a.mean(0) / 9).round(3),
    "index": lambda a: (a.mean(0) * 25).round(2),
    "number": lambda a: np.full(9, len(a)),
    "percent": lambda a: [f"{v:.1f}%" for v in a.mean(0) * 25],
}


def line(answers: np.ndarray, kind: str, head: Sequence[str], label: str, comma: bool = False) -> list[str]:
    """Return a row of sums as an office writes it."""
    cells = [
        str(int(v)) if not isinstance(v, str) and float(v).is_integer() else str(v)
        for v in KINDS[kind](answers)
    ]
    front = [label, *[""] * (len(head) - 1)] if head else []
    return [*front, *[cell.replace(".", ",") if comma else cell for cell in cells]]


def people(n: int, layout: str) -> tuple[np.ndarray, list[list[Any]]]:
    answers = RNG.integers(2, 5, (n, 9))
    return answers, [[*LAYOUTS[layout][1](i), *answers[i].tolist()] for i in range(n)]


def read(tmp_path: Path, layout: str, rows: Sequence[Sequence[Any]]) -> intake.Intake:
    head = LAYOUTS[layout][0]
    definition = "" if "Unit" in head else "files:\n- {path: a.csv, unit: a}\n"
    made = cleaned(tmp_path, {"a.csv": csv([*head, *LABELS], *rows, delimiter=";")}, definition)
    balance(made)
    return made


def totals(made: intake.Intake) -> list[int]:
    return [len(made.responses), *(int(made.responses[f"U{u}"].sum()) for u in range(1, 10))]


NAMES = ["Nilai/Unsur", "\u03a3 Nilai / Unsur", "", "NRR", "Total Score", "Rata2", "\u2211"]


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_a_row_of_sums_or_means_is_no_respondent_whatever_it_is_called(tmp_path: Path, layout: str):
    head = LAYOUTS[layout][0]
    ways = (
        ["sum"],
        ["sum", "mean", "weighted"],
        ["mean, cut off"],
        ["index"],
        ["percent"],
        ["ninth"],
        ["mean"],
    )
    for place, kinds in enumerate(ways):
        answers, rows = people(3 if place % 2 else 12, layout)
        label = NAMES[(place + len(layout)) % len(NAMES)]
        lines = [line(answers, kind, head, label, comma=place % 2 == 0) for kind in kinds]
        made = read(tmp_path / str(place), layout, [*rows, *lines])
        assert totals(made) == [len(answers), *answers.sum(0)], (layout, label, kinds)


@pytest.mark.parametrize(("n", "label"), [(1, "Nilai/unsur"), (2, "\u03a3"), (2, "Jml per unsur")])
def test_of_one_or_two_respondents_the_label_decides(tmp_path: Path, n: int, label: str):
    for place, layout in enumerate(name for name in LAYOUTS if name != "nothing"):
        rows = [[*LAYOUTS[layout][1](i), *[2] * 9] for i in range(n)]
        answers = np.full((n, 9), 2)
        last = line(answers, "sum", LAYOUTS[layout][0], label)
        assert totals(read(tmp_path / str(place), layout, [*rows, last])) == [n, *[2 * n] * 9], layout


def test_where_arithmetic_cannot_tell_a_respondent_is_kept_and_the_row_is_named(tmp_path: Path):
    made = read(tmp_path, "number", [[1, *[3, 2, 4, 3, 3, 2, 4, 3, 3]], ["", *[3, 2, 4, 3, 3, 2, 4, 3, 3]]])
    assert len(made.responses) == 2
    assert [(p.row, "is the sum of every column" in p.what) for p in made.problems] == [(3, True)]


@pytest.mark.parametrize(("layout", "label"), [
    ("number and unit", "Sub total"), ("unit", ""), ("number", "Halaman 1: nilai"), ("profile", "")
])  # fmt: skip
def test_subtotals_inside_the_table_and_their_sum_are_no_respondents(tmp_path: Path, layout: str, label: str):
    head = LAYOUTS[layout][0]
    answers, rows = people(12, layout)
    made = []
    for part in (slice(0, 5), slice(5, 9), slice(9, 12)):
        made += [
            *rows[part],
            line(answers[part], "sum", head, label),
            line(answers[part], "mean", head, label),
        ]
    made += [line(answers, "sum", head, label), line(answers, "mean", head, label)]
    read_ = read(tmp_path, layout, made)
    assert totals(read_) == [12, *answers.sum(0)]
    assert read_.counts["not_data"].tolist() == [8]


def test_sums_on_top_of_the_answers_are_no_respondents(tmp_path: Path):
    for place, (layout, kind) in enumerate(
        (a, b) for a in ("number", "profile", "nothing") for b in ("sum", "mean")
    ):
        answers, rows = people(12, layout)
        top = line(answers, kind, LAYOUTS[layout][0], "")
        assert totals(read(tmp_path / str(place), layout, [top, *rows])) == [12, *answers.sum(0)]


def test_the_means_of_each_unit_at_the_end_are_no_respondents(tmp_path: Path):
    answers, rows = people(12, "number and unit")
    for i, row in enumerate(rows):
        row[1] = "ab"[i % 2]
    ends = [[13 + k, "ab"[k], *answers[k::2].mean(0).round(2)] for k in (0, 1)]
    assert totals(read(tmp_path, "number and unit", [*rows, *ends])) == [12, *answers.sum(0)]


def test_formulas_as_text_and_a_sum_that_is_wrong_in_one_column_are_no_respondents(tmp_path: Path):
    answers, rows = people(12, "number")
    wrong = line(answers, "sum", ["No"], "Nilai")
    wrong[4] = str(int(wrong[4]) + 1)
    formulas = ["", *[f"=SUM({c}2:{c}13)" for c in "BCDEFGHIJ"]]
    made = read(tmp_path, "number", [*rows, formulas, wrong])
    assert totals(made) == [12, *answers.sum(0)]
    assert any("not every column agrees" in p.what and p.row == 15 for p in made.problems)


def test_respondents_who_answer_alike_or_by_another_scale_are_never_taken_for_sums(tmp_path: Path):
    for place, value in enumerate((1, 2, 3, 4)):
        rows = [[i + 1, "a", *[value] * 9] for i in range(6)]
        assert len(read(tmp_path / str(place), "number and unit", rows).responses) == 6
    five = "scale: {min: 1, max: 5}\n"
    for place in range(4):
        answers = RNG.integers(1, 6, (8, 9))
        answers[-1] = answers[:-1].max(0)
        rows = [[i + 1, "a", *answers[i].tolist()] for i in range(8)]
        files = {"a.csv": csv(["No", "Unit", *LABELS], *rows)}
        assert len(cleaned(tmp_path / f"five{place}", files, five).responses) == 8


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    return int(done.value.code or 0)


def proposed(tmp_path: Path, name: str, content: bytes) -> tuple[survey.Survey, str]:
    (tmp_path / name).write_bytes(content)
    assert run("new", "2025", "--from-file", str(tmp_path / name), "--root", str(tmp_path / "r"), "-q") == 0
    made = survey.load(tmp_path / "r", "2025")
    return made, (made.raw / "survey.yml").read_text(encoding="utf-8")


def test_the_processing_form_of_six_and_of_two_people_gives_their_index_without_another_scale(tmp_path: Path):
    answers, rows = people(6, "number")
    two = [[n, *[2] * 9] for n in (1, 2)]
    sheets = {
        "Dinas Apel": [["No", *LABELS], *rows, ["Nilai/unsur", *answers.sum(0).tolist()]],
        "Dinas Belimbing": [["No", *LABELS], *two, ["Nilai/unsur", *[4] * 9]],
    }
    made, text = proposed(tmp_path, "skm.xlsx", book(sheets))
    assert "scale" not in text
    frame = intake.clean(made).responses
    assert frame["unit"].astype(str).value_counts().to_dict() == {"dinas-apel": 6, "dinas-belimbing": 2}


def test_a_scale_is_asked_when_one_row_tells_it_and_the_row_is_named(tmp_path: Path):
    _, rows = people(6, "number and unit")
    strange = [7, "a", *[18, 17, 19, 11, 19, 22, 19, 9, 18]]
    content = csv(["No", "Unit", *LABELS], *rows, strange)
    made, text = proposed(tmp_path, "a.csv", content.encode())
    assert "# TO DECIDE: a.csv, row 8: numbers up to 22" in text
    assert made.definition.scale is None
    with pytest.raises(intake.IntakeError, match=r"row 8 alone: 9 numbers above 4 \(up to 22\)"):
        intake.clean(made)


def test_a_declared_scale_that_only_a_row_of_sums_reaches_is_refused(tmp_path: Path):
    answers, rows = people(6, "number")
    content = csv(["No", *LABELS], *rows, ["Nilai/unsur", *answers.sum(0)])
    definition = f"scale: {{min: 1, max: {answers.sum(0).max()}}}\nfiles:\n- {{path: a.csv, unit: a}}\n"
    with pytest.raises(intake.IntakeError, match="a row of sums is no scale"):
        cleaned(tmp_path, {"a.csv": content}, definition)
    made = make(tmp_path, {"a.csv": content}, "files:\n- {path: a.csv, unit: a}\n")
    assert totals(intake.clean(made)) == [6, *answers.sum(0)]
