"""Raw files as they come: encodings, delimiters, workbooks, titles, bad files among good ones."""

from __future__ import annotations

import datetime as dt
import io
import os
import stat
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline import intake
from pipeline.intake.files import csvfile, workbook
from pipeline.intake.files.csvfile import decode, find_delimiter, read_csv
from pipeline.intake.files.table import letter
from pipeline.intake.rows.unit_names import unit_from_name
from tests.support.raw_surveys import LABELS, THREES, balance, cleaned, csv, make, reasons, wide

HEADER = ["unit", *LABELS]


def book(sheets: dict[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def said(made: intake.Intake) -> str:
    return "\n".join(map(str, made.problems))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, delimiter: str):
    text = csv(["Saran", *HEADER], ["café ½", "a", *THREES], ["naïve", "b", *THREES], delimiter=delimiter)
    made = cleaned(tmp_path, {"a.csv": text.encode(encoding)})
    assert made.responses["suggestion"].tolist() == ["café ½", "naïve"]


def test_a_stated_encoding_that_is_wrong_is_said(tmp_path: Path):
    definition = "files:\n- {path: a.csv, encoding: ascii}\n"
    with pytest.raises(intake.IntakeError, match=r"a.csv: is not ascii"):
        cleaned(tmp_path, {"a.csv": csv(["Saran", *HEADER], ["é", "a", *THREES])}, definition)


def test_commas_in_decimals_do_not_hide_the_semicolon():
    assert find_delimiter("a;b;c\r\n1,5;2,5;x, y\r\n3,5;4;z\r\n") == ";"


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path):
    text = (
        csv(["Saran", *HEADER], ['"dua\r\nbaris"', "a", *THREES]) + "\r\n" + csv(['"a ""b"""', "b", *THREES])
    )
    made = cleaned(tmp_path, {"a.csv": text})
    assert made.responses["source_row"].tolist() == [2, 4]
    assert made.responses["suggestion"].tolist() == ["dua\r\nbaris", 'a "b"']


def test_excels_own_hint_about_the_delimiter_is_obeyed(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": "sep=;\r\n" + csv(HEADER, ["a", *THREES], delimiter=";")})
    assert len(made.responses) == 1


def test_both_csv_parsers_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.csv"
    path.write_text('x,"y\nz",\n\n1,"a ""b""", c \nshort\n', encoding="utf-8", newline="")
    plain = read_csv(path, "a.csv")
    monkeypatch.setattr(csvfile, "FAST_ABOVE", 0)
    fast = read_csv(path, "a.csv")
    assert [plain.row(i) for i in range(plain.height)] == [fast.row(i) for i in range(fast.height)]
    path.write_text("a,b\n1,2,3\n", encoding="utf-8")
    assert read_csv(path, "a.csv").row(1) == ["1", "2", "3"], "a ragged row falls back to the plain parser"


def test_ragged_and_empty_columns_do_no_harm(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": csv([*HEADER, "", ""], ["a", *THREES], ["b", *THREES, "", "", "x"])})
    assert len(made.responses) == 2


def test_a_workbook_is_read_with_titles_above_and_totals_below(tmp_path: Path):
    rows = [
        ["REKAPITULASI SKM TAHUN 2024"], [], ["Dinas A"], ["No", *HEADER, "Tanggal", "Usia"],
        [1, "a", *THREES, dt.datetime(2024, 3, 5, 8, 30), 30.0], [2, "b", *[4.0] * 9, dt.date(2024, 3, 6), 41],
        [None], ["Jumlah", None, *[7] * 9], ["NRR", None, *[3.5] * 9],
    ]  # fmt: skip
    made = cleaned(tmp_path, {"a.xlsx": book({"Data": rows})})
    assert made.responses["source_row"].tolist() == [5, 6]
    assert made.responses["age"].tolist() == [30, 41]
    assert made.responses["answered_at"].astype(str).tolist() == [
        "2024-03-05 08:30:00",
        "2024-03-06 00:00:00",
    ]
    assert made.counts[["read", "used", "not_data"]].values.tolist() == [[8, 2, 6]]
    balance(made)


def test_headers_over_two_rows_are_read_together(tmp_path: Path):
    rows = [["No", "Unit", "Nilai unsur pelayanan", *[None] * 8], [None, None, *LABELS], [1, "a", *THREES]]
    made = cleaned(tmp_path, {"a.xlsx": book({"Data": rows})})
    assert made.responses["unit"].tolist() == ["a"]


def test_every_fitting_sheet_is_read_and_the_sheet_can_name_the_unit(tmp_path: Path):
    sheets = {"Dinas A": [LABELS, THREES], "b": [LABELS, THREES, THREES], "Petunjuk": [["Isi dengan huruf"]]}
    made = cleaned(tmp_path, {"a.xlsx": book(sheets)}, "files:\n- {path: a.xlsx, unit: {sheet: true}}\n")
    assert made.responses["unit"].tolist() == ["a", "b", "b"]
    assert set(made.counts["source_file"]) == {"a.xlsx#Dinas A", "a.xlsx#b"}
    assert "sheet-not-read" in set(made.columns["how"])
    assert not made.problems


def test_a_sheet_is_chosen_by_name_number_or_pattern_and_a_wrong_one_is_said(tmp_path: Path):
    content = {"a.xlsx": book({"Lama": [HEADER, ["a", *THREES]], "Baru": [HEADER, ["b", *THREES]]})}
    for choice in ("Baru", "2", "'ba*'"):
        made = cleaned(
            tmp_path / choice.strip("'*"), content, f"files:\n- {{path: a.xlsx, sheet: {choice}}}\n"
        )
        assert made.responses["unit"].tolist() == ["b"]
    with pytest.raises(intake.IntakeError, match='did you mean "Baru"'):
        cleaned(tmp_path / "x", content, "files:\n- {path: a.xlsx, sheet: Bara}\n")


@pytest.mark.parametrize(
    ("source", "units"),
    [
        ("{file: true}", ["a", "b"]), ("{file: 'skm_{unit}_2024'}", ["a", "b"]),
        ("{column: Kantor}", ["b", "a"]), ("{constant: DA}", ["a", "a"]), ("b", ["b", "b"]),
    ],
)  # fmt: skip
def test_the_unit_comes_from_a_column_a_constant_or_the_file(tmp_path: Path, source: str, units: list[str]):
    stem = "skm_{}_2024.csv" if "skm_" in source else "{}.csv"
    files = {
        "in/" + stem.format("a"): csv(["Kantor", *LABELS], ["b", *THREES]),
        "in/" + stem.format("b"): csv(["Kantor", *LABELS], ["a", *[4] * 9]),
    }
    made = cleaned(tmp_path, files, f"files:\n- path: in/*.csv\n  unit: {source}\n")
    by_file = made.responses.sort_values("source_file")["unit"].astype(str).tolist()
    assert by_file == units


def test_a_unit_is_cut_out_of_a_file_name():
    assert unit_from_name("in/SKM_Dinas A_2024.xlsx", "skm_{unit}_2024", False) == "Dinas A"
    assert unit_from_name("in/x/a.csv", "", False) == "a"
    assert unit_from_name("a.xlsx#Poli", "", True) == "Poli"


def test_one_bad_file_never_stops_the_others(tmp_path: Path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    files = {
        "baik.csv": wide([1, "a", *THREES]), "rusak.xlsx": b"PK\x03\x04 not a workbook", "kosong.csv": b"",
        "sandi.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "bom.xlsx": bomb.getvalue(),
        "samaran.csv": book({"x": [HEADER, ["a", *THREES]]}), "lain.csv": "a,b\r\n1,2\r\n", "urutan.csv": csv(
            ["unit", *[f"U{n}" for n in range(1, 10)]], ["a", *THREES]),
    }  # fmt: skip
    made = cleaned(tmp_path, files)
    assert len(made.responses) == 2
    bad = {p.file for p in made.problems if p.fatal}
    # A workbook that is named like a text is a workbook.
    assert bad == set(files) - {"baik.csv", "samaran.csv"}
    assert "no survey needs" in said(made)
    assert all(p.hint or p.what == "is empty" for p in made.problems if p.fatal)


def test_a_survey_without_a_usable_file_is_refused_with_every_reason(tmp_path: Path):
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, {"x.csv": "a,b\r\n1,2\r\n", "y.csv": b""})
    assert {p.file for p in caught.value.problems} == {"x.csv", "y.csv"}
    with pytest.raises(intake.IntakeError, match="there is no raw file"):
        cleaned(tmp_path / "empty", {})


def test_a_missing_file_is_said_with_what_is_there(tmp_path: Path):
    files = {"jawaban.csv": wide([1, "a", *THREES])}
    with pytest.raises(intake.IntakeError, match=r'did you mean "jawaban\.csv"'):
        cleaned(tmp_path, files, "files:\n- path: jawabn.csv\n")
    made = cleaned(tmp_path / "2", files, "files:\n- path: '*.csv'\n- {path: x.xlsx, optional: true}\n")
    assert not made.problems


def test_kinds_of_files_that_cannot_be_read_are_refused_with_advice(tmp_path: Path):
    files = {"a.csv": wide([1, "a", *THREES]), "b.sav": b"$FL2", "c.pdf": b"%PDF"}
    made = cleaned(tmp_path, files, "files:\n- path: ['*.csv', '*.sav', '*.pdf']\n")
    assert "b.sav: is not an SPSS file that can be read" in said(made)
    assert "export it as CSV, XLSX or SAV" in said(made)


def test_office_lock_files_and_our_own_tables_are_no_answers(tmp_path: Path):
    files = {
        "a.csv": wide([1, "a", *THREES]),
        "~$a.xlsx": b"x",
        "external.csv": "unit,source\r\na,Ombudsman\r\n",
    }
    made = cleaned(tmp_path, files)
    assert not made.problems


def test_a_workbook_with_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "MAX_CELLS", 5)
    with pytest.raises(intake.IntakeError, match="too many cells"):
        cleaned(tmp_path, {"a.xlsx": book({"x": [HEADER, ["a", *THREES]]})})


def test_long_tables_read_questions_as_item_ids(tmp_path: Path):
    answers = csv(["id responden", "unit", "pertanyaan", "jawaban"],
                  *[["r1", "a", label, 3] for label in LABELS], ["r2", "b", "Waktu pelayanan", "Cepat"])  # fmt: skip
    made = cleaned(tmp_path, {"a.csv": answers}, "files:\n- {path: a.csv, role: answers}\n")
    assert made.responses["answer_rows"].tolist() == ["2-10", "11"]
    assert made.responses["U3"].tolist() == [3, 3]
    assert reasons(made) == {"incomplete": 1}


def test_bare_item_numbers_of_a_long_table_need_an_order_too(tmp_path: Path):
    answers = csv(["id responden", "unit", "item", "jawaban"], *[["r", "a", n, 3] for n in range(1, 10)])
    files = {"a.csv": answers}
    with pytest.raises(intake.IntakeError, match="does not say which unsur"):
        cleaned(tmp_path, files, "files:\n- {path: a.csv, role: answers}\n")
    texts = csv(
        ["id responden", "unit", "item", "jawaban"], ["r", "a", 8, "Cukup"], ["r", "a", 9, "Tidak ada"]
    )
    made = cleaned(tmp_path / "2", {"a.csv": texts}, "files:\n- {path: a.csv, role: answers}\n")
    assert made.responses.loc[0, ["U8", "U9"]].tolist() == [1, 2]


def test_somebody_who_rated_two_units_counts_at_each(tmp_path: Path):
    files = {
        "orang.csv": csv(["id responden", "usia"], ["r", 30]),
        "a.csv": csv(["id responden", "unit", "item", "jawaban"], ["r", "a", "U1", 3], ["r", "b", "U1", 4]),
    }
    definition = "files:\n- {path: orang.csv, role: respondents}\n- {path: a.csv, role: answers}\n"
    made = cleaned(tmp_path, files, definition)
    assert made.responses[["unit", "U1", "age"]].astype(object).values.tolist() == [
        ["a", 3, 30],
        ["b", 4, 30],
    ]
    assert "no-unit" not in reasons(made)
    balance(made)


def test_codes_are_looked_up_in_their_tables(tmp_path: Path):
    files = {
        "loket.csv": "kode,nama\r\n7,Dinas A\r\n", "didik.csv": "k,t\r\n3,SLTA/SMA\r\n",
        "a.csv": wide([1, 7, 3, *THREES], extra=["Pendidikan"]),
    }  # fmt: skip
    definition = (
        "files:\n- path: a.csv\nlookups:\n- {field: unit, path: loket.csv, key: kode, text: nama}\n"
        "- {field: education, path: didik.csv, key: k, text: t}\n"
    )
    made = cleaned(tmp_path, files, definition)
    assert made.responses[["unit", "education"]].astype(object).values.tolist() == [["a", "sma"]]
    broken = cleaned(tmp_path / "2", files, definition.replace("key: kode", "key: kod"))
    assert 'did you mean "kode"?' in said(broken)


def test_tables_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    survey = make(tmp_path, {"a.csv": wide([1, "a", *THREES], [2, "zz", 5, *THREES[1:]])})
    made = intake.clean(survey)
    paths = intake.write(made, survey)
    assert {p.stem for p in paths} == {
        "responses",
        "ledger",
        "intake",
        "columns",
        "facts",
        "mapping",
        "problems",
        "privacy",
    }
    back = pd.read_parquet(survey.processed / "responses.parquet")
    pd.testing.assert_frame_equal(back, made.responses, check_dtype=False, check_categorical=False)
    assert back["U1"].dtype == "Int8"
    first = {p.name: p.read_bytes() for p in paths}
    intake.write(intake.clean(survey), survey)
    assert first == {p.name: p.read_bytes() for p in paths}, "the same input gives the same bytes"
    if os.name == "posix":
        assert stat.S_IMODE(paths[0].stat().st_mode) & 0o400

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(OSError, match="No space"):
        intake.write(made, survey)
    assert first == {p.name: p.read_bytes() for p in paths}
    assert not [p for p in survey.processed.iterdir() if p.suffix == ".part"]


def test_letters_and_decoding_of_odd_input():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert decode(b"\x81abc")[1] == "latin-1"


def test_respondents_without_a_table_of_answers_are_said(tmp_path: Path):
    files = {"orang.csv": csv(["id responden", "usia"], ["r", 30]), "a.csv": wide([1, "a", *THREES])}
    made = cleaned(tmp_path, files, "files:\n- {path: orang.csv, role: respondents}\n- {path: a.csv}\n")
    assert "no table of answers shares its respondents" in said(made)
    balance(made)


def test_a_table_that_names_no_unit_is_said_once(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": csv(["Nama", *LABELS], ["Siti", *THREES], ["Budi", *THREES])})
    assert "no column names the unit (dropped as identity: Nama)" in said(made)
    assert (made.responses["unit"] == "unknown").all()
