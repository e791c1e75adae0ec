"""What a trace says, held against sums of the raw file that know nothing of the pipeline."""

from __future__ import annotations

import ast
import csv
import random
import string
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from pipeline import demo, survey
from pipeline.trace.follow import trace
from pipeline.trace.model import Trace
from tests.support.outside import outside
from tests.support.raw_surveys import CODES, real
from tests.support.traced import ran, small
from tests.trace import by_hand

#: Lower bounds of the letters in PermenPANRB 14/2017.
BOUNDS = (("A", Fraction("88.31")), ("B", Fraction("76.61")), ("C", Fraction("65")), ("D", Fraction("25")))


def index_of(found: by_hand.Found, unit: str) -> tuple[Fraction, str]:
    """Index and letter from nine equal weights, rounded half up."""
    means = [Fraction(sum(a), len(a)) for a in (found[unit, item] for item in CODES)]
    exact = 25 * sum(means) / 9
    rounded = Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)
    return exact, next(letter for letter, bound in BOUNDS if rounded >= bound)


def holds(made: Trace, found: by_hand.Found, equal: bool) -> None:
    """Hold one trace against the sums by hand: sum, number, mean, index, letter, and what was published."""
    for item in made.items:
        answers = found.get((made.unit, item.code), [])
        assert (item.total, item.n) == (sum(answers), len(answers)), (made.unit, item.code)
        assert item.counts == {score: answers.count(score) for score in range(1, 5)}
        if item.nrr is not None and item.nrr.told:
            assert item.nrr.value == sum(answers) / len(answers)
    assert made.agrees
    if made.item == "IKM" and equal:
        assert (made.exact, made.letter) == index_of(found, made.unit)
        if made.published is not None and made.published.told:
            assert made.published.value == pytest.approx(float(made.exact), abs=1e-12)


def cell(path: Path, column: str, row: int) -> object:
    """One cell of a raw file, as a person finds it by its letter and its number."""
    at = 0
    for sign in column:
        at = at * 26 + string.ascii_uppercase.index(sign) + 1
    if path.suffix == ".xlsx":
        return openpyxl.load_workbook(path, data_only=True).worksheets[0].cell(row, at).value
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[row - 1][at - 1]


def test_sums_by_hand_know_nothing_of_the_pipeline():
    tree = ast.parse(Path(by_hand.__file__).read_text(encoding="utf-8"))
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
    assert {name.split(".")[0] for name in names} == {
        "__future__", "csv", "re", "collections", "pathlib", "openpyxl"
    }  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    return small(tmp_path_factory.mktemp("city"))


@pytest.mark.parametrize(
    "pair",
    [("dinas-kesehatan", "U3"), ("puskesmas-mawar", "U8"), ("kelurahan-pena", "U9"), ("kelurahan-sapu", "U1"),
     ("dinas-kesehatan", "IKM"), ("puskesmas-mawar", "IKM"), ("kelurahan-pena", "IKM")],
)  # fmt: skip
def test_a_trace_agrees_with_the_raw_file_summed_by_hand(city: survey.Survey, pair: tuple[str, str]):
    holds(trace(city, *pair), by_hand.demo(city.raw), equal=True)


@pytest.mark.parametrize(
    ("unit", "item", "read"),
    [("dinas-kesehatan", "U2", by_hand.numbered), ("puskesmas-mawar", "U5", by_hand.lettered),
     ("kelurahan-pena", "U4", by_hand.worded)],
)  # fmt: skip
def test_every_row_that_a_trace_names_holds_the_answer_it_says(city: survey.Survey, unit, item, read):
    made = trace(city, unit, item)
    places = [(place, row) for place in made.places for row in place.rows]
    assert len(places) == made.items[0].n > 20
    for place, row in random.Random(7).sample(places, 15):
        assert read(item, cell(city.raw / place.file, place.column, row)) == place.score, (place.file, row)


@pytest.mark.full
def test_two_hundred_traces_of_demo_gianyar_and_jepara_agree_with_the_raw_files(tmp_path: Path):
    demo.write(tmp_path / "demo")
    surveys = {"demo": (ran(survey.load(tmp_path / "demo", "2025")), by_hand.demo)}
    data = Path(str(outside("SKM_REAL_DATA", "data"))) if _there() else None
    if data is not None:
        for name, slug, read in (
            ("gianyar", "skm-polres-gianyar/2020-teks", by_hand.gianyar),
            ("jepara", "skm-jepara-mpp", by_hand.jepara),
        ):
            surveys[name] = (ran(real(tmp_path / name, slug, data)), read)
    answers = {name: read(opened.raw) for name, (opened, read) in surveys.items()}
    pairs = sorted(
        (name, unit, item)
        for name, found in answers.items()
        for unit in {unit for unit, _ in found if unit}
        for item in (*CODES, "IKM")
        if item == "IKM" or (unit, item) in found
    )
    # All ten of the one unit of Gianyar, where it is there; the others by chance.
    chosen = [pair for pair in pairs if pair[0] == "gianyar"]
    chosen += random.Random(22).sample([pair for pair in pairs if pair not in chosen], 200 - len(chosen))
    for name, unit, item in chosen:
        opened, _ = surveys[name]
        holds(trace(opened, unit, item), answers[name], equal=unit not in opened.own_lists)
    assert len(chosen) == 200
    the_worked_example_is_true(surveys["demo"][0])


def the_worked_example_is_true(city: survey.Survey) -> None:
    """Hold the numbers of docs/trace.md against the demo city's own workbook."""
    text = (Path(__file__).parents[2] / "docs" / "trace.md").read_text(encoding="utf-8")
    item = trace(city, "dinas-kesehatan", "U3").items[0]
    mean = round(item.total / item.n, 4)
    assert f"{item.total} / {item.n} = {mean}" in text
    assert " + ".join(f"{score} x {item.counts[score]}" for score in (2, 3, 4)) in text
    path = city.raw / "opd" / "dinas-kesehatan.xlsx"
    book = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    row = {str(line[0].value): line for line in book.iter_rows()}
    office = row["Jumlah"][11].value
    assert f"{office} and {row['NRR'][11].value}" in text
    twice = [
        row for one in trace(city, "dinas-kesehatan", "U3").aside if one.kind == "row" for row in one.rows
    ]
    assert twice == [219, 39]
    assert "row 39" in text and "row 219" in text  # noqa: PT018 - one sentence
    assert f"(a {book['L39'].value})" in text
    assert book["L118"].value == 0
    assert office - item.total == 4


def _there() -> bool:
    try:
        outside("SKM_REAL_DATA", "data")
    except pytest.skip.Exception:
        return False
    return True
