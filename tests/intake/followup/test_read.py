"""``follow-up.csv``: what counts, what is told of a row that does not, and what is carried into the next survey."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.intake.followup.carry import carry
from pipeline.intake.followup.read import Plan, read
from pipeline.survey import renew
from tests.support.raw_surveys import make

UNITS = "id,name,aliases\npkm-mawar,Puskesmas Mawar,PKM Mawar\ndinkes,Dinas Kesehatan,Dinkes\n"
HEAD = "id,unit,unsur,action,owner,due,status,done,evidence\n"


def plan(root: Path, text: str | bytes, units: str = UNITS) -> Plan:
    return read(make(root, {"follow-up.csv": text}, units=units))


def test_a_survey_without_the_file_has_no_plan_and_nothing_is_said(tmp_path: Path) -> None:
    assert read(make(tmp_path, {}, units=UNITS)) == Plan()


def test_headers_states_and_days_are_understood_as_offices_write_them(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        "No;Nama unit;Prioritas unsur;Rencana tindak lanjut;Penanggung jawab;Tenggat;Status;Tanggal selesai;Bukti\n"
        "1;PKM MAWAR;U3 Waktu penyelesaian;Tambah loket;Kepala Tata Usaha;30/6/2025;Sudah selesai;2025-05-01;Foto\n"
        "2;dinkes;Sarana dan Prasarana;Perbaiki ruang;Sekretariat;5 Maret 2025;Sedang berjalan;;\n"
        "3;Dinas Kesehatan;;Umumkan tarif;;;dropped;;\n"
        "4;dinkes;U8;Buka saluran;;01.02.2025;;;\n",
    )
    assert found.problems == ()
    assert [(a.unit, a.unsur, a.status, a.due, a.done) for a in found.actions] == [
        ("pkm-mawar", "U3", "done", date(2025, 6, 30), date(2025, 5, 1)),
        ("dinkes", "U9", "in-progress", date(2025, 3, 5), None),
        ("dinkes", "", "dropped", None, None),
        ("dinkes", "U8", "planned", date(2025, 2, 1), None),
    ]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("1,Puskesmas Mawr,U3,x,,,,,", "unit", 'no unit "Puskesmas Mawr"'),
        ("1,,U3,x,,,,,", "unit", "names no unit"),
        ("1,dinkes,Waktu Penyelesain,x,,,,,", "unsur", "no unsur"),
        ("1,dinkes,U3 Sarana dan prasarana,x,,,,,", "unsur", "no unsur"),
        ("1,dinkes,8,x,,,,,", "unsur", "no unsur"),
        ("1,dinkes,U3,,,,,,", "action", "says nothing"),
        ("1,dinkes,U3,x,,segera,,,", "due", '"segera" is no day'),
        ("1,dinkes,U3,x,,6/30/2025,,,", "due", "is no day"),
        ("1,dinkes,U3,x,,,slesai,,", "status", "is no status"),
        ("1,dinkes,U3,x,,,planned,2025-01-01,", "done", "a status that says it is not"),
        ("ada,dinkes,U3,x,,,,,", "id", "stands in row 2, too"),
        ("1,dinkes,U3,x,,,,,,,lebih", "", "more cells than there are columns"),
    ],
)
def test_a_bad_row_is_one_sentence_with_row_and_column_and_the_others_count(
    tmp_path: Path, row: str, column: str, said: str
) -> None:
    good = "ada,dinkes,U9,Perbaiki ruang tunggu,Sekretariat,2025-03-01,planned,,\n"
    found = plan(tmp_path, HEAD + good + row + "\n" + good.replace("ada", "lain"))
    assert [action.id for action in found.actions] == ["ada", "lain"]
    (problem,) = found.problems
    assert (problem.file, problem.row, problem.column) == ("follow-up.csv", 3, column)
    assert said in problem.what
    assert problem.hint
    assert not problem.fatal


def test_a_misspelt_unit_unsur_or_state_is_answered_with_the_nearest(tmp_path: Path) -> None:
    rows = "1,Puskesmas Mawr,U3,x,,,,,\n2,dinkes,Waktu Penyelesain,x,,,,,\n3,dinkes,U3,x,,,slesai,,\n"
    hints = [problem.hint for problem in plan(tmp_path, HEAD + rows).problems]
    assert hints == [
        'did you mean "Puskesmas Mawar"?', 'did you mean "waktu penyelesaian"?', 'did you mean "selesai"?',
    ]  # fmt: skip


def test_a_person_in_charge_is_masked_and_said_and_a_role_stands(tmp_path: Path) -> None:
    rows = (
        "1,dinkes,U3,x,Siti Aminah,,,,\n2,dinkes,U3,hubungi Pak Sarkawi,Kepala Seksi Pelayanan,,,,\n"
        "3,dinkes,U3,x,Sekretariat 0812-3456-7890,,,,NIK 3374065205900001\n"
    )
    found = plan(tmp_path, HEAD + rows)
    assert [a.owner for a in found.actions] == ["<name>", "Kepala Seksi Pelayanan", "Sekretariat <phone>"]
    assert [p.row for p in found.problems] == [2, 4]
    everything = repr(found)
    for secret in ("Aminah", "Sarkawi", "7890", "3374065205900001"):
        assert secret not in everything


def test_hostile_texts_stay_text_on_one_line_and_end_somewhere(tmp_path: Path) -> None:
    rows = "1,dinkes,,\"=cmd|'/C calc'!A0\n<script>alert(1)</script>\",,,,,\n"
    rows += "2,dinkes,,aman\u202e\u200bdi\x07 sini,,,,,\n"
    rows += f"3,dinkes,,{'panjang ' * 5000},,,,,\n"
    first, second, third = plan(tmp_path, HEAD + rows).actions
    assert first.action == "=cmd|'/C calc'!A0 <script>alert(1)</script>"
    assert second.action == "amandi sini"
    assert len(third.action) < 410


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "unit\ndinkes\n", b"\xff\xfe\x00\x01" * 50])
def test_what_is_no_plan_is_refused_in_a_sentence_and_crashes_nothing(
    tmp_path: Path, text: str | bytes
) -> None:
    found = plan(tmp_path, text)
    assert found.there
    assert found.actions == ()
    assert any(problem.fatal for problem in found.problems)


def test_a_folder_or_a_broken_link_in_its_place_is_said(tmp_path: Path) -> None:
    survey = make(tmp_path, {}, units=UNITS)
    (survey.raw / "follow-up.csv").mkdir()
    assert "is a folder" in read(survey).problems[0].what
    (survey.raw / "follow-up.csv").rmdir()
    (survey.raw / "follow-up.csv").symlink_to(tmp_path / "nowhere")
    assert "no such file" in read(survey).problems[0].what


def test_open_actions_are_carried_into_the_next_survey_and_read_the_same(tmp_path: Path) -> None:
    rows = (
        "1,dinkes,U3,Tambah loket,Sekretariat,30/6/2024,sedang berjalan,,Foto\n"
        "2,dinkes,U9,Perbaiki ruang,,,selesai,2024-05-01,\n"
        "3,pkm-mawar,,=1+1,,,direncanakan,,\n4,pkm-mawar,,x,,,batal,,\n"
    )
    old = make(tmp_path, {"follow-up.csv": HEAD + rows}, units=UNITS)
    written = renew.renew(old, "2025")
    path = carry(old, written[0].parent)
    assert path is not None
    again = read(make(tmp_path, {}, units=UNITS, name="2025"))
    assert [(a.id, a.unit, a.action, a.due, a.status) for a in again.actions] == [
        ("1", "dinkes", "Tambah loket", date(2024, 6, 30), "in-progress"),
        ("3", "pkm-mawar", "'=1+1", None, "planned"),
    ]
    assert all(not action.evidence for action in again.actions)


def test_a_plan_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    old = make(tmp_path, {"follow-up.csv": HEAD + "1,dinkes,U3,x,,,,,\n"}, units=UNITS)
    folder = tmp_path / "data/raw/2025"
    folder.mkdir()
    (folder / "follow-up.csv").write_text("milik kantor")
    assert carry(old, folder) is None
    assert (folder / "follow-up.csv").read_text() == "milik kantor"


def test_a_survey_of_one_unit_need_not_name_it(tmp_path: Path) -> None:
    found = plan(tmp_path, "rencana,status\nTambah loket,selesai\n", units="id,name\nsatu,Kantor Satu\n")
    assert [(a.unit, a.status, a.id) for a in found.actions] == [("satu", "done", "#2")]
