"""Units in merged cells and titles, blocks of answers below one another, headers of two rows."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline import intake, survey
from pipeline.cli import main
from tests.support.office_files import ods
from tests.support.raw_surveys import LABELS, balance, cleaned, csv
from tests.support.shapes import book
from tests.support.sheet_fixture import (
    BLANK,
    EIGHT,
    HEAD,
    MEANS,
    NAMES,
    UNITS,
    block,
    by_unit,
    merge,
    merged_rows,
    read,
)


def test_a_unit_in_a_merged_cell_holds_for_all_rows_it_covers(tmp_path: Path):
    made = read(tmp_path, merged_rows(), change=merge("A2:A8", "A9:A13"))
    assert by_unit(made) == EIGHT
    assert not made.problems


def test_merged_units_below_titles_and_headers_of_two_rows_and_with_sums_are_filled(tmp_path: Path):
    rows = [
        ["REKAPITULASI SKM 2024"],
        [],
        ["Unit layanan", "No", "Unsur", *[None] * 8],
        [None, None, *LABELS],
    ]
    rows += [*merged_rows()[1:8], ["Jumlah", None, *[sum(s[u] for s in EIGHT["apel"]) for u in range(9)]]]
    rows += merged_rows()[8:]
    made = read(
        tmp_path, rows, change=merge("A1:K1", "A3:A4", "B3:B4", "C3:K3", "A5:A11", "A13:A17", "A12:B12")
    )
    assert by_unit(made) == EIGHT


def test_merged_cells_of_open_document_are_filled_and_a_merged_number_among_answers_is_not(tmp_path: Path):
    content = ods({"Data": merged_rows()})
    source, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            text = source.read(info)
            for name, rows in (("Dinas Apel", 7), ("Dinas Belimbing", 5)):
                old = f'<table:table-cell office:value-type="string"><text:p>{name}</text:p>'.encode()
                text = text.replace(
                    old, old.replace(b"-cell ", b'-cell table:number-rows-spanned="%d" ' % rows)
                )
            target.writestr(info, text)
    made = cleaned(tmp_path, {"a.ods": out.getvalue()}, units=UNITS)
    balance(made)
    assert by_unit(made) == EIGHT
    rows = merged_rows()
    rows[2][4] = None
    kept = read(tmp_path / "x", rows, change=merge("A2:A8", "A9:A13", "E2:E3"))
    assert kept.responses["U3"].isna().sum() == 1


def test_blanks_below_a_unit_are_asked_about_in_a_text_file_and_filled_when_the_definition_says_so(
    tmp_path: Path,
):
    content = csv(*[["" if cell is None else cell for cell in row] for row in merged_rows()])
    asked = cleaned(tmp_path, {"a.csv": content}, units=UNITS)
    assert (asked.responses["unit"] == "unknown").sum() == 10
    assert any("fill_down: true" in p.hint for p in asked.problems)
    assert [p.lost for p in asked.problems if p.loss] == [10]
    filled = "files:\n- {path: a.csv, unit: {column: Unit layanan, fill_down: true}}\n"
    made = cleaned(tmp_path / "b", {"a.csv": content}, filled, units=UNITS)
    assert by_unit(made) == EIGHT
    assert not made.problems


STACKED = {
    "labelled": ("UNIT LAYANAN: DINAS APEL", "UNIT LAYANAN: DINAS BELIMBING"),
    "plain": ("Dinas Apel", "Dinas Belimbing"),
    "in a sentence": ("Rekap SKM Dinas Apel Tahun 2024", "Rekap SKM Dinas Belimbing Tahun 2024"),
    "english": ("Service unit - Dinas Apel", "Service unit - Dinas Belimbing"),
}


@pytest.mark.parametrize("way", list(STACKED))
@pytest.mark.parametrize("gap", [0, 1, 2])
def test_blocks_below_one_another_take_the_unit_of_their_titles(tmp_path: Path, way: str, gap: int):
    first, second = STACKED[way]
    sums = [["Jumlah", *[sum(s[u] for s in EIGHT[unit]) for u in range(9)]] for unit in EIGHT]
    rows = [
        [first],
        HEAD,
        *block("apel"),
        *sums[: gap % 2],
        *[BLANK] * gap,
        [second],
        HEAD,
        *block("belimbing"),
    ]
    assert by_unit(read(tmp_path, rows)) == EIGHT


def test_a_title_in_two_cells_and_blocks_with_other_columns_are_read_by_their_own_headers(tmp_path: Path):
    order = [8, 0, 1, 2, 3, 4, 5, 6, 7]
    rows = [
        ["Unit layanan", "Dinas Apel"], BLANK, HEAD, *block("apel"), BLANK,
        ["Unit layanan", "Dinas Belimbing"], BLANK,
        [None, "Usia", *[LABELS[i] for i in order]],
        *[[None, 30, *[s[i] for i in order]] for s in EIGHT["belimbing"]],
    ]  # fmt: skip
    made = read(tmp_path, rows)
    assert by_unit(made) == EIGHT
    assert made.responses["age"].notna().sum() == 5


def test_titles_between_rows_under_one_header_name_the_unit_of_what_follows(tmp_path: Path):
    rows = [
        ["REKAP SKM"],
        HEAD,
        ["Dinas Apel"],
        *block("apel"),
        ["Dinas Belimbing"],
        *block("belimbing", start=8),
    ]
    assert by_unit(read(tmp_path, rows)) == EIGHT
    noted = [HEAD, ["Dinas Apel"], *block("apel")[:3], ["Catatan: hujan"], *block("apel")[3:], ["Dinas Belimbing"],
             *block("belimbing")]  # fmt: skip
    assert by_unit(read(tmp_path / "noted", noted)) == EIGHT


def test_a_header_repeated_on_every_page_begins_no_other_unit(tmp_path: Path):
    rows = [["Unit: Dinas Apel"], HEAD, *block("apel")[:4], BLANK, HEAD, *block("apel")[4:]]
    assert by_unit(read(tmp_path, rows)) == {"apel": EIGHT["apel"]}


def test_titles_that_name_no_listed_unit_are_told_and_not_guessed(tmp_path: Path):
    rows = [
        ["Unit: Dinas Ceri"],
        HEAD,
        *block("apel"),
        BLANK,
        ["Unit: Dinas Durian"],
        HEAD,
        *block("belimbing"),
    ]
    made = read(tmp_path, rows)
    assert set(by_unit(made)) == {"unknown"}
    assert any(p.loss and "12 of 12 respondents belong to no listed unit" in p.what for p in made.problems)
    assert '"Dinas Ceri", "Dinas Durian"' in next(p.hint for p in made.problems if p.loss)


@pytest.mark.parametrize("word", ["Response", "Respons", "Jawaban"])
@pytest.mark.parametrize("matrix", [True, False])
def test_a_second_header_row_that_says_response_belongs_to_the_first(tmp_path: Path, word: str, matrix: bool):
    question = ["Bagaimana pendapat Saudara tentang pelayanan kami?", *[""] * 8]
    upper = [
        "Respondent ID",
        "Email Address",
        "Unit layanan",
        "Jenis kelamin",
        *(question if matrix else LABELS),
        "Saran",
    ]
    lower = ["", "", word, word, *(LABELS if matrix else [word] * 9), "Open-Ended Response"]
    rows = [
        [100 + i, "x@contoh.id", NAMES[u], "Perempuan", *s, "Baik"]
        for u in EIGHT
        for i, s in enumerate(EIGHT[u])
    ]
    made = cleaned(tmp_path, {"a.csv": csv(upper, lower, *rows)}, units=UNITS)
    balance(made)
    assert by_unit(made) == EIGHT
    assert (made.responses["sex"] == "female").all()
    assert (made.responses["suggestion"] == "Baik").all()
    assert "x@contoh.id" not in made.responses.to_csv()


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    return int(done.value.code or 0)


def test_units_in_titles_are_proposed_and_units_in_blanks_are_asked(tmp_path: Path, capsys):
    rows = [
        ["UNIT: DINAS APEL"],
        HEAD,
        *block("apel"),
        BLANK,
        ["UNIT: DINAS BELIMBING"],
        HEAD,
        *block("belimbing"),
    ]
    (tmp_path / "a.xlsx").write_bytes(book({"Data": rows}))
    assert (
        run("new", "2025", "--from-file", str(tmp_path / "a.xlsx"), "--root", str(tmp_path / "r"), "-q") == 0
    )
    made = survey.load(tmp_path / "r", "2025")
    assert [unit.name for unit in made.units] == ["DINAS APEL", "DINAS BELIMBING"]
    assert list(by_unit(intake.clean(made)).values()) == list(EIGHT.values())
    content = csv(*[["" if cell is None else cell for cell in row] for row in merged_rows()])
    (tmp_path / "b.csv").write_text(content, encoding="utf-8")
    capsys.readouterr()
    assert run("new", "2026", "--from-file", str(tmp_path / "b.csv"), "--root", str(tmp_path / "r")) == 0
    assert "to decide: the unit" in capsys.readouterr().out
    path = tmp_path / "r" / "data" / "raw" / "2026" / "survey.yml"
    text = path.read_text(encoding="utf-8")
    assert re.search(r"# TO DECIDE: .*Unit layanan", text)
    path.write_text(text.replace("    # unit: {column", "    unit: {column"), encoding="utf-8")
    assert list(by_unit(intake.clean(survey.load(tmp_path / "r", "2026"))).values()) == list(EIGHT.values())


@pytest.mark.parametrize("codes_first", [True, False])
def test_codes_and_questions_in_two_header_rows_are_one_header(tmp_path: Path, codes_first: bool):
    codes, labels = ["id", "unit", *[f"u{n}" for n in range(1, 10)]], ["ID", "Unit layanan", *LABELS]
    heads = [codes, labels] if codes_first else [labels, codes]
    rows = [[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]
    assert by_unit(read(tmp_path, [*heads, *rows])) == EIGHT


def test_a_third_header_row_of_import_ids_is_no_respondent(tmp_path: Path):
    codes = ["StartDate", "Q1", *[f"Q2_{n}" for n in range(1, 10)]]
    labels = ["Start Date", "Unit layanan", *[f"Pendapat - {label}" for label in LABELS]]
    rows = [["2024-03-05 10:00:00", NAMES[u], *s] for u in EIGHT for s in EIGHT[u]]
    made = read(tmp_path, [codes, labels, [f'{{"ImportId":"QID{n}"}}' for n in range(11)], *rows])
    assert by_unit(made) == EIGHT


def test_several_lines_above_each_block_name_its_unit_by_the_line_that_differs(tmp_path: Path):
    def above(name: str) -> list[list[Any]]:
        return [["PEMERINTAH KOTA"], [name], ["Periode Januari 2024"], HEAD]

    rows = [*above("DINAS APEL"), *block("apel"), BLANK, *above("DINAS BELIMBING"), *block("belimbing")]
    assert by_unit(read(tmp_path, rows)) == EIGHT
    (tmp_path / "b.xlsx").write_bytes(book({"Data": rows}))
    assert (
        run("new", "2025", "--from-file", str(tmp_path / "b.xlsx"), "--root", str(tmp_path / "r"), "-q") == 0
    )
    assert [u.name for u in survey.load(tmp_path / "r", "2025").units] == ["DINAS APEL", "DINAS BELIMBING"]


def test_blocks_of_three_pages_with_other_columns_keep_the_units_of_their_titles(tmp_path: Path):
    second = [["No", "Jenis Kelamin", *LABELS], *[[n, "L", *s] for n, *s in block("apel")[4:]]]
    rows = [
        ["Dinas Apel"],
        HEAD,
        *block("apel")[:4],
        BLANK,
        ["Dinas Apel"],
        *second,
        BLANK,
        ["Dinas Belimbing"],
        HEAD,
    ]
    made = read(tmp_path, [*rows, *block("belimbing")])
    assert by_unit(made) == EIGHT
    assert (made.responses["sex"] == "male").sum() == 3


def test_a_remark_in_the_middle_of_a_titled_table_is_no_unit(tmp_path: Path):
    rows = [["REKAP SKM"], HEAD, *block("apel"), ["Catatan: sesi siang"], *block("belimbing", start=8)]
    (tmp_path / "b.xlsx").write_bytes(book({"Data": rows}))
    assert (
        run("new", "2025", "--from-file", str(tmp_path / "b.xlsx"), "--root", str(tmp_path / "r"), "-q") == 0
    )
    made = survey.load(tmp_path / "r", "2025")
    assert [unit.id for unit in made.units] == ["b"]
    assert len(intake.clean(made).responses) == 12


def test_the_processing_form_of_the_regulation_is_read_with_everything_below_it(tmp_path: Path):
    mean = MEANS["apel"]
    rows = [
        ["PENGOLAHAN INDEKS KEPUASAN MASYARAKAT"], ["UNIT PELAYANAN : Dinas Apel"], BLANK,
        ["No. Resp", "Nilai unsur pelayanan"], [None, *[f"U{n}" for n in range(1, 10)]], *block("apel"),
        ["\u03a3 Nilai /Unsur", *[sum(s[u] for s in EIGHT["apel"]) for u in range(9)]], ["NRR / Unsur", *mean],
        ["NRR tertbg/ unsur", *[round(m * 0.11, 3) for m in mean], "*)", round(sum(mean) * 0.11, 2)],
        ["IKM Unit pelayanan", *[None] * 8, "**)", 77.5], BLANK, ["Keterangan :"],
        ["- U1 s.d. U9", " Unsur-Unsur pelayanan"], ["- NRR", " Nilai rata-rata"], ["*)", " Jumlah NRR tertimbang"],
        ["No.", "UNSUR PELAYANAN", "NILAI RATA-RATA"], ["U1", "Persyaratan", 3.2], ["U2", "Prosedur", 3.1],
    ]  # fmt: skip
    assert by_unit(read(tmp_path, rows, "order: form\n")) == {"apel": EIGHT["apel"]}
