"""The annex of answers: from ten on, as the definition says, without an unsur that is not shown; the office has all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline import report
from pipeline import survey as surveys
from pipeline.cli import publish
from pipeline.words import Words
from tests.support import small_city

EIGHT, TWELVE = "kel-kosong", "kel-kecil"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city with a unit of eight, and one of sixty of whom three answered U4."""
    root = small_city.build(tmp_path_factory.mktemp("city"))
    path = root / "data/processed/2024/responses.parquet"
    frame = pd.read_parquet(path)
    eight = frame[frame["unit"] == "dinas-a"].head(8).assign(unit=EIGHT)
    few = frame.index[frame["unit"] == "dinas-b"][3:]
    frame.loc[few, "U4"] = pd.NA
    frame.loc[few, "U4__status"] = "missing"
    frame = pd.concat([frame, eight]).sort_values("unit", kind="stable", ignore_index=True)
    frame.to_parquet(path, index=False)
    small_city.compute(root, "2024")
    return root


def annex(root: Path, unit: str) -> tuple[str, list[Any]]:
    page = report.answers(report.open_unit("2024", unit, lang="en", root=root))
    return small_city.as_json(page), [b for b in page.blocks if b.kind_name == "table"]


def test_below_ten_answers_no_row_is_printed_and_the_page_says_from_when_on(city: Path) -> None:
    text, tables = annex(city, EIGHT)
    assert "at least 10 valid answers" in text
    assert not tables
    assert len(annex(city, TWELVE)[1][0].rows) == 12


def test_the_definition_can_leave_the_annex_out(city: Path, tmp_path: Path) -> None:
    import shutil

    root = shutil.copytree(city, tmp_path / "city")
    path = root / "data/raw/2024/survey.yml"
    path.write_text(path.read_text("utf-8") + "annex: false\n", encoding="utf-8")
    text, tables = annex(root, "dinas-a")
    assert "not part of this report" in text
    assert not tables
    publish.write_rows(surveys.load(root, "2024"), "dinas-a", "id", first="id")
    assert next(root.rglob("internal/units/dinas-a/rows.xlsx")).is_file()


def test_an_unsur_that_few_answered_has_no_column_and_neither_have_those_beside_it(city: Path) -> None:
    unit = report.open_unit("2024", "dinas-b", lang="en", root=city)
    frame = pd.read_parquet(unit.survey.processed / "responses.parquet")
    mine = frame.loc[frame["unit"] == "dinas-b", small_city.ITEMS].astype(float)
    hidden = [item for item in small_city.ITEMS if item not in unit.items]
    # U8 is what fewest answered of the others; between them there is room for one step up and one down.
    assert {"U4", "U8"} <= set(hidden)
    beside = mine[[item for item in hidden if item != "U4"]].mean()
    assert min((4 - beside).sum(), (beside - 1).sum()) >= 1
    assert min((4 - beside[:-1]).sum(), (beside[:-1] - 1).sum()) < 1 or len(beside) == 1
    _, (table,) = annex(city, "dinas-b")
    assert [column.key for column in table.columns] == ["no", *unit.items]


def test_the_office_has_every_answer_of_every_unit_and_the_lines_of_the_form(city: Path) -> None:
    survey = surveys.load(city, "2024")
    frame = pd.read_parquet(survey.processed / "responses.parquet")
    for unit in ("kel-tiga", EIGHT, "dinas-b"):
        publish.write_rows(survey, unit, "id", first="id")
        book = openpyxl.load_workbook(survey.internal / "units" / unit / "rows.xlsx", read_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        mine = frame[frame["unit"] == unit]
        answers = [
            tuple(None if pd.isna(v) else int(v) for v in row) for row in mine[small_city.ITEMS].to_numpy()
        ]
        assert [tuple(row[3:]) for row in rows[1 : len(mine) + 1]] == answers
        sums, filled, means, weighted = (row[3:] for row in rows[len(mine) + 1 : len(mine) + 5])
        assert list(sums) == mine[small_city.ITEMS].sum().tolist()
        assert list(filled) == mine[small_city.ITEMS].notna().sum().tolist()
        assert [round(m / 9, 9) for m in means] == [round(v, 9) for v in weighted]
    publish.write_rows(survey, "unknown", "id", first="id")
    assert not (survey.internal / "units" / "unknown").exists()
    assert not list(Path(survey.public).rglob("rows.xlsx"))


def test_the_weights_of_the_form_are_those_of_the_index_where_an_unsur_is_not_shown(city: Path) -> None:
    unit = report.open_unit("2024", "dinas-b", lang="en", root=city)
    nrr = unit.by_item("index", "nrr")
    assert len(unit.items) < len(nrr) == 9
    _, (table,) = annex(city, "dinas-b")
    weighted = [cell.strip() for cell in table.footer_rows[3][1:]]
    assert weighted == [f"{float(nrr[item].estimate) / 9:.3f}" for item in unit.items]


def weighted_lines(root: Path, unit: str) -> tuple[list[float], list[float]]:
    """NRR and weighted NRR of the office's form."""
    survey = surveys.load(root, "2024")
    publish.write_rows(survey, unit, "id", first="id")
    book = openpyxl.load_workbook(survey.internal / "units" / unit / "rows.xlsx", read_only=True)
    named = {row[1]: list(row[3:]) for row in book.worksheets[0].iter_rows(values_only=True)}
    return named[Words("id")("office.rows.nrr")], named[Words("id")("office.rows.weighted")]


@pytest.mark.parametrize("own", [False, True], ids=["eight unsur", "a questionnaire of one's own"])
def test_the_lines_of_the_form_weigh_the_items_as_the_index_does(tmp_path: Path, own: bool) -> None:
    root = small_city.build(tmp_path)
    path = root / "data/processed/2024/responses.parquet"
    frame = pd.read_parquet(path)
    if own:
        names = {item: f"sq.R{n}" for n, item in enumerate(small_city.ITEMS[:4], 1)}
        gone = [c for c in frame if c.removesuffix("__status") in small_city.ITEMS[4:]]
        frame = frame.drop(columns=gone).rename(
            columns=lambda c: (
                c.replace(c[:2], names[c[:2]]) if c[:2] in names and c[2:] in ("", "__status") else c
            )
        )
        listed = ", ".join(f"R{n}: {{label: Butir {n}}}" for n in range(1, 5))
        said = root / "data/raw/2024/survey.yml"
        text = said.read_text("utf-8").replace("order: form\n", "")
        said.write_text(
            text + f"instruments: {{sq: {{title: Mutu, items: {{{listed}}}}}}}\n", encoding="utf-8"
        )
    else:
        frame.loc[:, "U9"] = pd.NA
        frame["U9__status"] = "missing"
    frame.to_parquet(path, index=False)
    small_city.compute(root, "2024", "index")
    for unit in ("dinas-a", "kel-tiga"):  # of the second nothing but a count is told elsewhere
        means, weighted = weighted_lines(root, unit)
        of = 4 if own else 8
        assert len(means) == of
        assert weighted == pytest.approx([mean / of for mean in means])
