"""Workbooks and result files: safe, private, described, the same bytes every time."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline import results as tidy
from pipeline import standings
from pipeline.office import results, safe, sheets, workbook
from pipeline.report.unit import respondents
from pipeline.results import store
from pipeline.survey import CATEGORIES
from pipeline.survey.codes import category_rank
from pipeline.words import Words
from pipeline.words.lookup import LANGUAGES, flat, load
from tests.support import small_city
from tests.support.city_fixture import make_city, make_survey, make_tables


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return make_city(tmp_path_factory.mktemp("city"), few=("unit-02",))


@pytest.mark.parametrize(
    "start", ["=1+1", "+62", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "  =cmd|'/c calc'!A0", "＝1"]
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert safe.text(start).startswith("'")


@pytest.mark.parametrize("plain", ["Dinas Kesehatan", "3-4", "a=b", "", "–", "−3"])
def test_harmless_text_stays_as_it_is(plain):
    assert safe.text(plain) == plain


def test_removing_a_control_character_does_not_uncover_a_formula():
    assert safe.text("\x01=1+1") == "'=1+1"


def test_a_file_that_could_not_be_finished_leaves_the_old_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def write_half():
        with store.replacing(path) as aside:
            aside.write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_unit_named_like_a_formula_cannot_run_in_the_workbook(tmp_path):
    path = sheets.write(
        tmp_path / "x.xlsx",
        [sheets.Sheet("=s/1", [sheets.Head("=a"), sheets.Head("n", True)], [("=1+1", 2), ("-x", "=2")])],
        title="t",
    )
    with zipfile.ZipFile(path) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in text
    page = openpyxl.load_workbook(path).active
    assert page["A2"].value == "'=1+1"
    assert page["B3"].value == "'=2"
    assert page["B2"].value == 2


def test_the_same_tables_give_the_same_workbook_bytes(city):
    first = workbook.write(city, "unit-01").read_bytes()
    assert workbook.write(city, "unit-01").read_bytes() == first


def test_the_same_tables_give_the_same_result_files(city):
    first = [path.read_bytes() for path in results.write(city)]
    assert [path.read_bytes() for path in results.write(city)] == first


def test_the_workbook_holds_the_tables_with_a_frozen_header_on_every_sheet(city):
    book = openpyxl.load_workbook(workbook.write(city, "unit-01", lang="en"))
    assert book.sheetnames == ["Summary", "Elements", "All numbers"]
    assert all(page.freeze_panes == "B2" for page in book)
    cells = {row[0].value: row[1].value or row[2].value for row in book["Summary"].iter_rows(min_row=2)}
    assert cells["unit"] == "Puskesmas Nomor 01"
    assert cells["valid respondents"] == 120
    codes = [row[0].value for row in book["Elements"].iter_rows(min_row=2, max_row=10)]
    assert codes == [f"U{k}" for k in range(1, 10)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_group_of_respondents_and_a_verdict_have_one_name_in_report_and_workbook(lang):
    w = Words(lang)
    assert workbook.category is respondents.category
    for kind in ("sex", "age_band", "education", "occupation", "disability", "disability_kind"):
        for code in (*CATEGORIES[kind], "other", "missing"):
            said = workbook.category(w, kind, code)
            assert said != code or w.has(f"labels.{kind}.{code}"), (kind, code)
    undecided = w("office.mark.not-distinguishable")
    assert undecided == w("narrative.lowest.clearly-lower.not_cell")


def test_groups_of_respondents_stand_in_the_order_of_the_questionnaire_with_the_merged_ones_last():
    found = ["other", "s1", "missing", "sd", "diploma"]
    ordered = sorted(found, key=lambda code: category_rank("education", code))
    assert ordered == ["sd", "diploma", "s1", "other", "missing"]
    assert sorted(["other", "56+", "17-25"], key=lambda code: category_rank("age_band", code))[-1] == "other"


def test_a_workbook_holds_no_row_of_a_respondent(city):
    book = openpyxl.load_workbook(workbook.write(city, "unit-01"))
    words = {str(cell.value).casefold() for page in book for row in page.iter_rows() for cell in row}
    assert not {"respondent", "source_row", "suggestion", "saran", "answered_at"} & words


def test_below_five_answers_the_workbook_holds_the_count_and_the_reason_only(city):
    book = openpyxl.load_workbook(workbook.write(city, "unit-02", lang="en"))
    assert book.sheetnames == ["Summary"]
    cells = {row[0].value: (row[1].value, row[2].value) for row in book["Summary"].iter_rows(min_row=2)}
    assert cells["valid respondents"] == (3, None)
    assert cells["index (IKM)"] == (None, None)
    assert cells["sign"][1].startswith("x:")


def test_a_unit_without_answers_says_so_in_its_workbook(city):
    book = openpyxl.load_workbook(workbook.write(city, "unit-11", lang="en"))
    values = [row[2].value for row in book["Summary"].iter_rows(min_row=2)]
    assert "no answers" in values


def test_result_files_are_described_column_by_column(city):
    table, book, about, *_ = results.write(city, lang="en")
    with table.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    described = json.loads(about.read_text("utf-8"))
    assert [c["name"] for c in described["files"][0]["columns"]] == header == list(results.COLUMNS)
    assert all(c["description"] for file in described["files"] for c in file["columns"])
    assert described["rule"]["id"] == "permenpanrb-14-2017"
    assert described["synthetic"] is True
    assert described["license"] is None
    assert len(described["units"]) == 12
    assert set(described["reasons"]) == set(tidy.REASONS)
    assert openpyxl.load_workbook(book).sheetnames == described["files"][1]["sheets"]


def test_every_published_index_carries_n_and_interval(city):
    table, *_ = results.write(city)
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["statistic"] == "ikm" and row["estimate"]]
    assert rows
    assert all(row["lower"] and row["upper"] and row["n"] for row in rows)


def test_no_number_of_a_hidden_unit_is_published_even_if_the_data_layer_forgot(tmp_path):
    survey = make_city(tmp_path, few=("unit-02",))
    path = survey.processed / "index.parquet"
    import pandas as pd

    table = pd.read_parquet(path)
    hidden = (table["unit"] == "unit-02") & (table["statistic"] == "ikm")
    table.loc[hidden, ["estimate", "reason"]] = [91.5, ""]
    table.to_parquet(path, index=False)
    files = results.write(survey)
    with files[0].open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit"] == "unit-02"]
    assert {row["statistic"] for row in rows} <= {"n", "n_valid"}
    page = openpyxl.load_workbook(files[1])["Unit"]
    names = [cell.value for cell in page[1]]
    row = next(r for r in page.iter_rows(min_row=2, values_only=True) if r[0] == "unit-02")
    assert row[names.index("IKM")] is None
    assert row[names.index("tanda")] == "x"


def test_pairs_of_units_are_not_published(city):
    survey = city
    table = tidy.frame(
        [{"scope": "pair", "unit": "unit-01", "other": "unit-03", "statistic": "dunn_z", "estimate": 2.0}]
    )
    found = results.Results(survey, {"comparison": table})
    assert not len(results.published(found))


def test_formulas_in_tables_are_escaped_in_the_csv():
    rows = tidy.frame([{"unit": "=1+1", "service": "+62", "estimate": -2.0}]).assign(module="index")
    out = results.escaped(rows)
    assert out.at[0, "unit"] == "'=1+1"
    assert out.at[0, "service"] == "'+62"
    assert out.at[0, "estimate"] == -2.0


def test_a_foreign_scale_has_values_of_100_over_max_and_no_letter(tmp_path):
    survey = make_city(tmp_path, foreign=True)
    _, book, about, *_ = results.write(survey)
    assert json.loads(about.read_text("utf-8"))["factor"] == 20.0
    page = openpyxl.load_workbook(book)["Unit"]
    place = [cell.value for cell in page[1]].index("huruf")
    assert all(row[place] is None for row in page.iter_rows(min_row=2, max_row=13, values_only=True))


def test_printed_limits_end_where_the_scale_does_and_the_table_keeps_them_as_computed(tmp_path):
    survey = make_survey(tmp_path)
    tables = make_tables(survey)
    index = tables["index"]
    row = index[(index["statistic"] == "ikm") & (index["scope"] == "unit") & (index["item"] == "")].index[0]
    index.loc[row, ["lower", "upper"]] = [24.1, 100.55]
    table = standings.table(survey.units, tables, 25.0).set_index("unit")
    assert table.loc[index.at[row, "unit"], ["lower", "upper"]].tolist() == [25.0, 100.0]
    assert index.at[row, "upper"] == 100.55


def test_the_workbooks_print_no_limit_of_an_unsur_or_a_service_beyond_the_scale(tmp_path):
    """A unit whose people gave nearly only fours: the interval as computed goes beyond four."""
    survey = make_city(tmp_path)
    file = survey.processed / "index.parquet"
    index = pd.read_parquet(file)
    beyond = index["statistic"].isin(["nrr", "ikm"]) & index["upper"].notna() & index["scope"].ne("city")
    items = beyond & index["item"].ne("")
    index.loc[items, ["lower", "upper"]] = [0.99, 4.0107]
    index.loc[beyond & ~items, ["lower", "upper"]] = [24.1, 100.55]
    index.to_parquet(file)
    _, book, *_ = results.write(survey, lang="en")
    pages = openpyxl.load_workbook(book)
    found = {}
    for page in (
        pages["Elements by unit"],
        openpyxl.load_workbook(workbook.write(survey, "unit-01", lang="en"))["Elements"],
    ):
        heads = [str(cell.value).casefold() for cell in page[1]]
        low, high = (next(n for n, head in enumerate(heads) if word in head) for word in ("lower", "upper"))
        limits = [
            (row[low], row[high])
            for row in page.iter_rows(min_row=2, values_only=True)
            if row[high] is not None
        ]
        found[page.title] = {pair for pair in limits if isinstance(pair[1], float | int)}
    assert len(found) == 2
    assert set().union(*found.values()) == {(1.0, 4.0)}
    kept = pd.read_csv(survey.public / "results.csv", low_memory=False)
    assert kept.loc[kept["statistic"].eq("nrr"), "upper"].eq(4.0107).any(), (
        "the table keeps what was computed"
    )


def test_standings_give_signs_for_privacy_and_quality_and_compare_neither(tmp_path):
    survey = make_survey(tmp_path)
    table = standings.table(survey.units, make_tables(survey, few=("unit-02",)), 25.0).set_index("unit")
    assert table.at["unit-02", "sign"] == "x"
    assert table.at["unit-12", "sign"] == "E"
    assert table.at["unit-01", "sign"] == ""
    assert table.at["unit-12", "versus"] == ""
    assert table.at["unit-02", "ikm"] != table.at["unit-02", "ikm"]
    compared = table[table["sign"] == ""]
    assert set(compared["versus"]) <= {"above", "below", "equivalent", "undecided"}
    assert set(compared["unusual"]) <= {"high", "low", "usual", "unreliable"}


def test_of_a_unit_for_information_no_result_file_says_how_sure_its_letter_is(tmp_path):
    survey = make_survey(tmp_path)
    tables = make_tables(survey)
    written = set(tables["index"].query("statistic == 'certainty'")["unit"])
    table = standings.table(survey.units, tables, 25.0).set_index("unit")
    informed = table[table["sign"] == "E"]
    assert len(informed)
    assert written.issuperset(informed.index), "there is something not to be said"
    assert set(informed["certainty"]) == {""}
    assert informed["confidence"].isna().all()
    assert informed["letter"].ne("").all()
    assert table.loc[table["sign"].eq("") & table["letter"].ne(""), "certainty"].ne("").all()


def test_results_csv_says_why_it_does_not_say_how_sure_the_letter_of_a_unit_for_information_is(tmp_path):
    survey = make_survey(tmp_path)
    index = make_tables(survey)["index"]
    sure = index["statistic"].isin(["certainty", "certainty_A", "n_to_settle"])
    of = index["unit"].eq("unit-12")
    assert index.loc[of & sure & index["statistic"].eq("certainty"), "estimate"].notna().any()
    told = standings.public(index, [], ["unit-12"])
    assert len(told) == len(index)
    assert told.loc[of & sure, "estimate"].isna().all()
    assert set(told.loc[of & index["statistic"].eq("certainty"), "text"]) == {""}
    assert set(told.loc[of & index["statistic"].eq("certainty"), "reason"]) == {"for-information"}
    pd.testing.assert_frame_equal(told[~(of & sure)], index[~(of & sure)])


def test_a_sheet_name_is_always_acceptable():
    taken: set[str] = set()
    names = [sheets.sheet_name(name, taken) for name in ("a/b", "a:b", "x" * 40, "x" * 40, "")]
    assert len({n.casefold() for n in names}) == 5
    assert all(0 < len(n) <= 31 for n in names)


def test_the_office_writes_only_under_public(city):
    written = [*results.write(city), workbook.write(city, "unit-01")]
    assert all(Path(city.public) in path.parents for path in written)


def test_more_rows_than_a_spreadsheet_opens_go_to_parquet_and_the_csv_keeps_the_main_ones(city, monkeypatch):
    whole = pd.read_csv(results.write(city)[0], low_memory=False)
    monkeypatch.setattr(results, "MOST_ROWS", 100)
    table, _, about, everything, *_ = results.write(city)
    short, rows = pd.read_csv(table, low_memory=False), pd.read_parquet(everything)
    assert len(rows) == len(whole)
    assert rows["estimate"].sum() == pytest.approx(whole["estimate"].sum(), rel=1e-12)
    wanted = whole[whole["statistic"].isin(results.MAIN) & whole["service"].isna()].reset_index(drop=True)
    assert len(wanted) > 10
    pd.testing.assert_frame_equal(short, wanted)
    files = {entry["name"]: entry for entry in json.loads(about.read_text("utf-8"))["files"]}
    assert files["results.csv"]["rows"] == len(short)
    assert files["results.parquet"]["rows"] == len(rows)
    monkeypatch.setattr(results, "MOST_ROWS", 1_000_000)
    results.write(city)
    assert not everything.exists()


def opened(path):
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize(("lang", "other"), [("id", "en"), ("en", "id")])
def test_every_sheet_and_head_of_a_file_is_in_one_language(city, lang, other):
    words, others = Words(lang), Words(other)
    # The same in both languages by nature: names, codes, signs.
    same = {
        words(f"office.{key}") for key in keys("office") if words(f"office.{key}") == others(f"office.{key}")
    }
    foreign = {others(f"office.{key}") for key in keys("office")} - same
    foreign -= {words(f"office.{key}") for key in keys("office")}
    books = [results.write(city, lang=lang)[1], workbook.write(city, "unit-01", lang=lang)]
    for book in map(opened, books):
        for page in book:
            told = [page.title, *(cell.value for cell in page[1])]
            assert not foreign & set(told), (page.title, foreign & set(told))
    units = opened(results.write(city, lang=lang)[1])[words("office.sheets.units")]
    place = [cell.value for cell in units[1]].index(words("office.short.versus"))
    said = {row[place] for row in units.iter_rows(min_row=2, max_row=13, values_only=True)} - {None}
    assert said
    assert said <= {
        words(f"office.codebook.versus.{n}") for n in ("above", "below", "equivalent", "undecided")
    }


def keys(area):
    return [key for key, text in flat(load("id", area)).items() if "{" not in text]


def test_the_codebook_explains_every_code_that_the_result_files_hold(city):
    table, *_ = results.write(city, lang="en")
    book = city.public / "codebook.csv"
    with book.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["kind", "code", "meaning"]
    said = {}
    for kind, code, meaning in rows[1:]:
        assert meaning.strip(), code
        said.setdefault(kind, {})[code] = meaning
    with table.open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    assert {row["statistic"] for row in published} <= set(said["statistic"])
    assert {row["reason"] for row in published} - {""} <= set(said["reason code"])
    assert set(published[0]) <= set(said["column"])
    assert {row["scope"] for row in published} <= set(said["scope"])
    assert {row["item"] for row in published} - {""} <= set(said["element"]) == set(said["question"])
    assert len(said["answer"]) == 4 * 9
    assert said["answer"]["U4 = 1"] == "Very expensive"
    assert {"A", "B", "C", "D"} == set(said["letter of quality"])
    sheet = opened(city.public / "results.xlsx")["Codebook"]
    assert [list(row) for row in sheet.iter_rows(min_row=2, max_row=len(rows), values_only=True)] == rows[1:]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_statistic_that_is_ever_published_has_a_name(tmp_path, lang):
    made = small_city.build(tmp_path)
    words = Words(lang)
    for module in results.PUBLISHED:
        table = pd.read_parquet(made / "data" / "processed" / "2024" / f"{module}.parquet")
        table = table[~table["scope"].isin(results.LEFT_OUT_SCOPES)]
        unnamed = [s for s in table["statistic"].unique() if not words.has(f"office.statistic.{s}")]
        assert not unnamed, module


def test_the_file_for_spss_has_labels_and_the_numbers_of_the_other_files_and_hides_what_they_hide(city):
    import pyreadstat

    path = next(p for p in results.write(city, lang="en") if p.suffix == ".sav")
    table, about = pyreadstat.read_sav(str(path), apply_value_formats=False)
    assert len(table) == 12
    assert about.file_label.startswith("Example satisfaction survey")
    assert all(about.column_names_to_labels.values())
    assert [text[0] for _, text in sorted(about.variable_value_labels["letter"].items())] == list("DCBA")
    table = table.set_index("unit")
    index = city.processed / "index.parquet"
    rows = pd.read_parquet(index)
    ikm = rows[(rows["statistic"] == "ikm") & (rows["scope"] == "unit") & (rows["item"] == "")].set_index(
        "unit"
    )
    for unit in ("unit-01", "unit-05", "unit-12"):
        assert table.at[unit, "ikm"] == ikm.at[unit, "estimate"]
        nrr = rows[(rows["statistic"] == "nrr") & (rows["unit"] == unit) & (rows["item"] == "U3")][
            "estimate"
        ].iloc[0]
        assert table.at[unit, "nrr_U3"] == nrr
    hidden = table.loc["unit-02"]
    assert hidden["n_valid"] == 3
    assert hidden["sign"] == 1.0
    assert hidden.drop(["name", "type", "parent", "population", "n_valid", "required", "sign"]).isna().all()


def test_the_citys_workbook_draws_every_shown_unit_with_its_interval(city):
    path = results.write(city, lang="en")[1]
    book = opened(path)
    assert book.sheetnames[:2] == ["City overview", "Index of units"]
    page = book["Index of units"]
    rows = [row for row in page.iter_rows(min_row=2, values_only=True) if isinstance(row[1], float)]
    signs = [row[-1] for row in rows]
    assert signs == [None] * 9 + ["E"], "what is for information only stands behind the others"
    assert rows[-1][0].endswith(" (E)")
    assert [row[1] for row in rows[:-1]] == sorted((row[1] for row in rows[:-1]), reverse=True)
    assert len(rows) == 10  # twelve units: one without answers, one of three
    for _, value, lower, upper, minus, plus, *_ in rows:
        assert (value - lower, upper - value) == pytest.approx((minus, plus), abs=1e-12)
    with zipfile.ZipFile(path) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert f"'Index of units'!$B$2:$B${1 + len(rows)}" in chart
    assert f"'Index of units'!$F$2:$F${1 + len(rows)}" in chart
    assert 'descr="Index of units' in drawing


def test_a_city_called_like_a_formula_is_no_formula_in_its_chart(tmp_path):
    survey = make_city(tmp_path)
    named = replace(survey, definition=survey.definition.model_copy(update={"city": "=1+1"}))
    with zipfile.ZipFile(results.write(named)[1]) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
        cells = b"".join(archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/sheet"))
    assert "<c:tx><c:strRef>" not in chart
    assert b"<f>" not in cells
