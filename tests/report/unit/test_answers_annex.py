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
