"""Units that get a short page: all answered alike, too few answers, none, rows of no listed unit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat import v4

from pipeline import render, report, results, steps
from pipeline.office import portal, workbook
from pipeline.office import results as office_results
from pipeline.office.city import open_results
from pipeline.render import content
from pipeline.statistics.disclosure import alike
from tests.support import small_city
from tests.support.small_city import ITEMS, as_json, opened

NOTEBOOK = Path(__file__).resolve().parents[3] / "notebooks" / "5-unit-report.ipynb"
#: Page, unit of the made-up city.
SHORT = {"alike": "kel-tetap", "few": "kel-tiga", "empty": "kel-kosong", "unlisted": "unknown"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up city; the pattern of the unit that answers alike is 4 but for one unsur."""
    root = small_city.build(tmp_path_factory.mktemp("city"))
    path = root / "data" / "processed" / "2024" / "responses.parquet"
    frame = pd.read_parquet(path)
    frame.loc[frame["unit"] == "kel-tetap", "U3"] = 3
    frame.loc[frame["unit"] == "unknown", "unit_raw"] = ["Kelurahn Baik"] * 3 + ["Budi Santoso"] * 3 + [None]
    frame["unit_raw"] = frame["unit_raw"].astype("category")  # as intake writes repeated text
    frame.to_parquet(path, index=False)
    small_city.compute(root, "2024")
    return root


def table(root: Path, module: str) -> pd.DataFrame:
    return pd.read_parquet(root / "data" / "processed" / "2024" / f"{module}.parquet")


def executed(u: Any) -> Any:
    """The notebook as it looks after a run: its own headings, and what each cell displays."""
    nb = nbformat.read(NOTEBOOK, as_version=4)
    for cell in nb.cells:
        source = cell.source if cell.cell_type == "code" else ""
        if source.startswith("report."):
            block = getattr(report, source.split("(")[0].removeprefix("report."))(u)
            data = block._repr_mimebundle_()
            cell.outputs = [v4.new_output("execute_result", data=data, execution_count=1)]
        elif source.startswith("from") or "parameters" in cell.metadata.get("tags", []):
            cell.outputs = []
    return nb


def _plain(cell: Any) -> Any:
    return None if cell is pd.NA else cell


def printed(u: Any) -> str:
    """Everything a reader of the unit's page sees."""
    return "\n".join(as_json(getattr(report, name)(u)) for name in report.UNIT_SECTIONS)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", SHORT)
def test_a_short_page_has_no_section_that_only_says_not_shown(city: Path, kind: str, lang: str):
    u = opened(city, SHORT[kind], lang)
    assert u.kind == kind
    page = content.read(executed(u))
    headings = [block["text"] for block in page.headings()]
    assert len(headings) <= 4, headings
    shown = json.dumps(page.blocks, ensure_ascii=False)
    for empty in ("Tidak ditampilkan: kurang", "Not shown: fewer", "±", "Rencana tindak lanjut (RTL)", '"plan"',
                  "Apa artinya bagi pimpinan", "What it means for the head", "alfa", "alpha"):  # fmt: skip
        assert empty not in shown, empty
    assert render.to_pdf(executed(u))[:5] == b"%PDF-"
    assert len(render.to_html(executed(u))) < 80_000


def test_a_heading_whose_section_shows_nothing_is_not_printed_and_others_are(city: Path):
    nb = executed(opened(city, "kel-baik"))
    headings = [block["text"] for block in content.read(nb).headings()]
    for cell in nb.cells:
        title = "".join(cell.source).removeprefix("## ")
        if cell.cell_type == "markdown" and "internal" not in cell.metadata.get("tags", []):
            # Nothing was promised after an earlier survey: there is none.
            assert (title in headings) == (cell.id != "ask-followed")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_unit_that_answered_alike_prints_count_index_letter_and_the_sentence_only(city: Path, lang: str):
    u = opened(city, "kel-tetap", lang)
    (number,) = [b for b in report.summary(u).blocks if b.kind_name == "headline"]
    assert number.value == u.words.number(25 * 35 / 9)
    assert (number.letter, number.interval, number.chip, number.lower) == ("A", "", "", None)
    shown = printed(u)
    assert u.words("short.alike.private") in shown
    # No value of an unsur, in no form: 75,00 and 3,000 would tell what each of the forty answered.
    for secret in (u.words.number(75), u.words.number(3, 3), u.words.number(4, 3), "U3"):
        assert secret not in shown, secret
    assert not [c for c in u.responses.columns if c in ITEMS or c.endswith("__status")]


def test_what_a_unit_that_answered_alike_answered_is_in_no_result_table(city: Path):
    for module in ("index", "sampling", "priorities", "reliability", "validity", "factors", "association",
                   "comparison", "ranking", "verdicts"):  # fmt: skip
        rows = table(city, module)
        mine = rows[(rows["unit"] == "kel-tetap") & (rows["item"] != "")]
        assert mine[["estimate", "lower", "upper"]].isna().all(axis=None), module
        assert mine[["numerator", "denominator"]].isna().all(axis=None), module
        assert (mine["text"] == "").all(), module
    index = results.pick(table(city, "index"), unit="kel-tetap", scope="unit")
    known = index[index["estimate"].notna()]
    assert set(known["statistic"]) <= {"n", "n_valid", "n_complete", "ikm", "ikm_legacy", "letter"}
    assert set(index[index["estimate"].isna()]["reason"]) == {"no-variance"}
    ikm = known[known["statistic"] == "ikm"].iloc[0]
    assert pd.isna(ikm.lower)
    assert pd.isna(ikm.upper)


def test_the_shape_of_the_one_row_that_all_gave_is_in_no_result_table(city: Path):
    rows = pd.read_parquet(city / "data" / "processed" / "2024" / "integrity.parquet")
    own = rows[rows["unit"] == SHORT["alike"]]
    told = own[own["estimate"].notna()]
    assert {"duplicate_row", "any"} <= set(told["statistic"]), "how its rows came about is told"
    shapes = own["statistic"].isin(alike.SHAPES) | own["method"].isin(alike.SHAPES)
    assert shapes.sum() >= len(alike.SHAPES)
    assert set(own.loc[shapes, "reason"]) == {"no-variance"}
    assert own.loc[shapes, ["estimate", "numerator", "denominator"]].isna().all(axis=None)
    others = rows[(rows["scope"] == "unit") & (rows["statistic"] == "irv") & (rows["unit"] != SHORT["alike"])]
    assert others["estimate"].notna().any()


def test_files_and_portal_tell_no_more_of_a_unit_that_answered_alike_than_its_page(city: Path):
    found = open_results("2024", city)
    rows = office_results.published(found)
    mine = rows[(rows["unit"] == "kel-tetap") & (rows["item"] != "") & (rows["module"] != "profile")]
    assert mine["estimate"].isna().all()
    own = open_results("2024", city, unit="kel-tetap")
    sheets = {sheet.name: list(sheet.rows) for sheet in workbook.unit_sheets(own, "kel-tetap", "id")}
    assert not [row for rows in sheets.values() for row in rows if {"U3", 3.0} <= set(map(_plain, row))]
    html = next(portal.pages(open_results("2024", city, modules=("index", "sampling")), "id", set()))[1]
    line = html[html.index("Kelurahan Tetap") :]
    line = line[: line.index("</tr>")]
    assert "semua menjawab sama" in line
    assert "97,22 – 97,22" not in line


def test_the_page_of_unlisted_rows_says_what_they_are_and_names_no_index(city: Path):
    u = opened(city, "unknown")
    assert u.name == "Jawaban tanpa unit terdaftar"
    shown = printed(u)
    assert "7 jawaban tidak menyebut unit yang ada dalam daftar unit" in shown
    assert "Kelurahn Baik" in shown
    assert "Budi Santoso" not in shown  # may be a person
    (names,) = [b for b in report.summary(u).blocks if getattr(b, "key", "") == "names"]
    assert [row[1] for row in names.rows] == ["3", "3", "1"]
    assert names.footer_rows[0][1] == "7"
    for module in ("index", "profile", "integrity", "reliability", "priorities"):
        rows = table(city, module)
        assert set(rows[rows["unit"] == "unknown"]["statistic"]) <= {"n", "n_valid"}, module


def test_a_service_that_answered_alike_tells_no_unsur_of_any_service_of_its_unit(tmp_path: Path):
    root = small_city.build(tmp_path)
    path = root / "data" / "processed" / "2024" / "responses.parquet"
    frame = pd.read_parquet(path)
    akta = (frame["unit"] == "dinas-a") & (frame["service"] == "Akta <b>")
    frame.loc[akta, ITEMS] = 3
    frame.loc[(frame["unit"] == "dinas-a") & (frame["service"] == "Langka"), "service"] = "KTP"
    frame.to_parquet(path, index=False)
    small_city.compute(root, "2024", "index")
    index = results.pick(table(root, "index"), scope="service", unit="dinas-a")
    assert index[index["item"] != ""]["estimate"].isna().all()
    own = index[(index["statistic"] == "ikm")].set_index("service")
    assert own.estimate["Akta <b>"] == 75.0
    assert pd.isna(own.lower["Akta <b>"])
    assert own.lower["KTP"] < own.estimate["KTP"]
    unit = results.pick(table(root, "index"), scope="unit", unit="dinas-a", statistic="nrr")
    assert unit["estimate"].notna().all()


def test_a_type_and_a_city_of_such_units_only_tell_no_unsur_either(tmp_path: Path):
    root = small_city.build(tmp_path)
    path = root / "data" / "processed" / "2024" / "responses.parquet"
    frame = pd.read_parquet(path)
    for item in ITEMS:
        frame.loc[frame["unit"].str.startswith("kel-"), item] = 4
    frame.to_parquet(path, index=False)
    small_city.compute(root, "2024", "index")
    index = table(root, "index")
    village = results.pick(index, scope="type", group="kelurahan")
    assert village[village["item"] != ""]["estimate"].isna().all()
    assert results.pick(index, scope="type", group="dinas", statistic="nrr")["estimate"].notna().all()
    data = steps.open_answers("2024", root)
    # The unit of three is told nothing of but its number: it needs no second reason.
    assert data.alike.units == {"kel-tetap", "kel-kecil", "kel-baik"}
    assert data.alike.wider == {("type", "kelurahan")}


def test_missing_answers_do_not_make_people_differ_and_a_group_of_one_answer_is_alike():
    x = pd.DataFrame({"U1": [4, None, 4], "U2": [None, 3, 3]})
    assert alike.constant(x, ["a"] * 3) == {"a": 3}
    assert alike.constant(x.astype("Int8"), ["a"] * 3) == {"a": 3}
    assert alike.constant(pd.DataFrame({"U1": [None, None]}, dtype="float"), ["a", "a"]) == {}
    assert alike.find(x, pd.Series(["a"] * 3)).units == frozenset()  # below five nothing is told anyway


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_census_that_answered_alike_is_certain_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
):
    monkeypatch.setattr(small_city, "UNITS", small_city.UNITS.replace("kelurahan,120", "kelurahan,40"))
    root = small_city.build(tmp_path)
    u = opened(root, "kel-tetap", lang)
    assert u.kind == "alike"
    (number,) = [b for b in report.summary(u).blocks if b.kind_name == "headline"]
    assert (number.value, number.letter) == (u.words.number(100), "A")
    shown = printed(u)
    assert u.words("short.alike.census", population="40").split(":")[0] in shown
    assert u.words("short.alike.not_certain", n="40")[:30] not in shown
    assert u.words.label("reason", "no-variance") not in number.chip
    row = next(open_results("2024", root, unit="kel-tetap").standings.itertuples())
    assert row.certainty == "firm"
