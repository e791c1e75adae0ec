"""Sheets as people fill them: units in merged cells and titles, several tables, headers of two rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from office_files import ods
from raw_surveys import LABELS, balance, cleaned, csv
from shapes import SCORES, book

from pipeline import intake, survey
from pipeline.cli import main

UNITS = "id,name,aliases\napel,Dinas Apel,\nbelimbing,Dinas Belimbing,\n"
EIGHT = {"apel": SCORES[:7], "belimbing": SCORES[7:]}
NAMES = {"apel": "Dinas Apel", "belimbing": "Dinas Belimbing"}
BLANK: list[Any] = []


def read(
    tmp_path: Path, rows: Sequence[Sequence[Any]], definition: str = "", change: Any = None
) -> intake.Intake:
    """Read a sheet as a workbook; rows and answers are conserved."""
    made = cleaned(tmp_path, {"a.xlsx": book({"Data": rows}, change)}, definition, units=UNITS)
    balance(made)
    return made


def by_unit(made: intake.Intake) -> dict[str, list[list[int]]]:
    frame = made.responses.sort_values("source_row")
    return {
        str(unit): part[[f"U{u}" for u in range(1, 10)]].astype(int).values.tolist()
        for unit, part in frame.groupby("unit", observed=True)
    }


def block(unit: str, *, start: int = 1) -> list[list[Any]]:
    return [[start + i, *scores] for i, scores in enumerate(EIGHT[unit])]


HEAD = ["No", *LABELS]
MEANS = {
    unit: [round(sum(s[u] for s in rows) / len(rows), 2) for u in range(9)] for unit, rows in EIGHT.items()
}


def merged_rows() -> list[list[Any]]:
    rows = [["Unit layanan", "No", *LABELS]]
    for unit, name in NAMES.items():
        rows += [[name if i == 0 else None, i + 1, *s] for i, s in enumerate(EIGHT[unit])]
    return rows


def merge(*cells: str) -> Any:
    def change(made: Any) -> None:
        for place in cells:
            made["Data"].merge_cells(place)

    return change


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


OTHERS: dict[str, list[list[Any]]] = {
    "recap with the same words": [["Unit", *LABELS], *[[NAMES[u], *m] for u, m in MEANS.items()]],
    "recap under its own header": [["No", "Unit layanan", "Jumlah", "IKM"], [1, "A", 7, 76.4], [2, "B", 5, 74.4]],
    "key of scores": [["Nilai", "Mutu", "Kinerja"], ["1", "D", "Tidak baik"], [2, "C", "Kurang"], [3, "B", "Baik"]],
    "names of unsur": [["Kode", "Unsur"], *[[f"U{n}", label] for n, label in enumerate(LABELS, start=1)]],
    "signature": [[*[None] * 7, "Mengetahui,"], [*[None] * 7, "Kepala Dinas"], BLANK, [*[None] * 7, "NIP. 19700101"]],
    "notes": [["Keterangan:"], ["1 = tidak baik"], ["4 = sangat baik"]],
}  # fmt: skip


@pytest.mark.parametrize("what", list(OTHERS))
def test_what_stands_below_the_answers_is_never_turned_into_people(tmp_path: Path, what: str):
    head = ["No", "Unit", *LABELS]
    rows = [
        head,
        *[[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])],
        BLANK,
        *OTHERS[what],
    ]
    made = read(tmp_path, rows, "unmatched: missing\n")
    assert by_unit(made) == EIGHT
    assert made.counts["not_data"].sum() + made.counts["excluded"].sum() == 1 + len(OTHERS[what])
    if what not in ("signature", "notes"):
        assert [p.row for p in made.problems if "another table begins" in p.what] == [15]


def test_answers_below_a_header_in_other_words_are_a_loss_that_is_told(tmp_path: Path):
    head = ["No", "Unit", *LABELS]
    people = [[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]
    unknown = ["Urutan", "Tempat", *[f"Hal {c}" for c in "abcdefghi"]]
    made = read(tmp_path, [head, *people[:7], BLANK, unknown, *people[7:]])
    assert len(made.responses) == 7
    assert [(p.row, p.lost) for p in made.problems if p.loss] == [(10, 5)]


def beside(left: Sequence[Sequence[Any]], right: Sequence[Sequence[Any]], gap: int = 1) -> list[list[Any]]:
    width = max(map(len, left))
    height = max(len(left), len(right))
    pad = [*left, *[[]] * (height - len(left))]
    return [
        [*row, *[None] * (width - len(row) + gap), *(right[i] if i < len(right) else [])]
        for i, row in enumerate(pad)
    ]


def test_a_table_beside_the_answers_is_left_out_and_named(tmp_path: Path):
    head = ["No", "Unit", *LABELS]
    people = [head, *[[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]]
    recap = [["Rekap unit", "Jumlah", *LABELS], *[[NAMES[u], len(EIGHT[u]), *m] for u, m in MEANS.items()]]
    short = [["Unit", "IKM"], ["Dinas Apel", 76.4], ["Dinas Belimbing", 74.4]]
    key = [["Nilai", "Arti"], *[[n, f"arti {n}"] for n in range(1, 20)]]
    for place, rows in enumerate(
        (beside(people, recap), beside(recap, people, 2), beside(people, short), beside(people, key))
    ):
        made = read(tmp_path / str(place), rows)
        assert by_unit(made) == EIGHT, place
        assert sum("another table beside the answers" in p.what for p in made.problems) == 1


def test_columns_of_the_same_people_after_an_empty_one_are_read(tmp_path: Path):
    profile = [["No", "Unit"], *[[i + 1, NAMES[u]] for u in EIGHT for i, _ in enumerate(EIGHT[u])]]
    answers = [LABELS, *[s for u in EIGHT for s in EIGHT[u]]]
    said = [["Saran"], *[["Tambah kursi"] if i % 4 == 0 else [None] for i in range(12)]]
    made = read(tmp_path, beside(beside(profile, answers), said))
    assert by_unit(made) == EIGHT
    assert not made.problems


def test_two_tables_of_answers_beside_one_another_are_refused_by_name(tmp_path: Path):
    rows = beside([HEAD, *block("apel")], [HEAD, *block("belimbing")])
    with pytest.raises(intake.IntakeError, match="two tables of answers beside one another"):
        read(tmp_path, rows)


def test_two_tables_of_answers_beside_one_another_are_read_where_titles_name_their_units(tmp_path: Path):
    rows = beside(
        [["Dinas Apel"], HEAD, *block("apel")], [["Unit: Dinas Belimbing"], HEAD, *block("belimbing")]
    )
    made = read(tmp_path, rows)
    assert by_unit(made) == EIGHT
    assert sorted(made.responses["source_file"].astype(str).unique()) == ["a.xlsx", "a.xlsx (columns L to U)"]


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


@pytest.mark.parametrize("header", [True, False])
def test_counts_of_each_answer_below_the_table_are_no_respondents(tmp_path: Path, header: bool):
    people = [[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]
    counts = [[t, None, *[sum(p[2 + u] == v for p in people) for u in range(9)]]
              for v, t in ((4, "Sangat baik"), (3, "Baik"), (2, "Kurang"), (1, "Tidak"))]  # fmt: skip
    between = [BLANK, ["Rekap frekuensi"], ["Jawaban", None, *LABELS]] if header else []
    made = read(tmp_path, [["No", "Unit", *LABELS], *people, *between, *counts])
    assert by_unit(made) == EIGHT


def test_a_second_table_below_respondents_of_a_long_export_is_no_person(tmp_path: Path):
    people = [[i + 1, NAMES[u]] for u in EIGHT for i, _ in enumerate(EIGHT[u])]
    people = [[n, name] for n, (_, name) in enumerate(people, start=1)]
    answers = [[n, label, s[u]] for n, s in enumerate(SCORES, start=1) for u, label in enumerate(LABELS)]
    sheet = [["id responden", "unit"], *people, BLANK, ["Kode unit", "Nama unit"], ["a", "Dinas Apel"]]
    files = {"p.xlsx": book({"D": sheet}), "j.csv": csv(["id responden", "item", "jawaban"], *answers)}
    definition = "files:\n- {path: p.xlsx, role: respondents}\n- {path: j.csv, role: answers}\n"
    made = cleaned(tmp_path, files, definition, units=UNITS)
    balance(made)
    assert len(made.responses) == 12
    assert [p.row for p in made.problems] == [15]
