"""``skm new`` from an export of a database: roles, keys, tables of codes and units, told by their values."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline import intake
from pipeline import survey as surveys
from pipeline.cli import commands as cli
from tests.intake.files.test_sqlfile import DIALECTS
from tests.support.raw_surveys import LABELS, balance, csv

SCORES = [[1 + (2 * p + u + p * u) % 4 for u in range(9)] for p in range(24)]
#: Their ids are in no order, as in a database from which rows were deleted.
BIO = random.Random(5).sample(range(100, 400), 24)
UNITS = [[n, f"Dinas {letter}"] for n, letter in enumerate("ABC", 1)]
DAYS = [f"2024-03-{1 + p % 28:02d} 09:{p:02d}:17" for p in range(24)]
Tables = dict[str, str]


def person(p: int) -> list[object]:
    return [BIO[p], p + 1, "LP"[p % 2], 20 + p, DAYS[p], 1 + p % 3, f"Orang {p}"]


def everyone(header: str) -> str:
    return csv(header.split(","), *[person(p) for p in range(24)])


def every(header: str, row: Callable[[int, int, int], Sequence[object]]) -> str:
    rows = [row(n, *divmod(n, 9)) for n in range(24 * 9)]
    return csv(header.split(","), *rows)


def asked(header: str = "id_pertanyaan,isi", first: int = 1, **change: str) -> str:
    return csv(
        header.split(","), *[[first + n, change.get(f"q{n + 1}", label)] for n, label in enumerate(LABELS)]
    )


def everything_in_one() -> Tables:
    """Answers that carry the profile themselves; beside them tables of id and name."""
    return {
        "tb_jawaban.csv": every("id_jawaban,id_pertanyaan,point_jawaban,jkel,tgl_responden,id_instansi",
                                lambda n, p, u: [BIO[p], 1 + u, SCORES[p][u], "LP"[p % 2], DAYS[p], 1 + p % 3]),
        "tb_instansi.csv": csv(["id", "nama"], *UNITS), "tb_pertanyaan.csv": asked("id,nama"),
    }  # fmt: skip


def no_key_at_all() -> Tables:
    """Every answer has a number of its own: only moment and unit together tell respondents apart."""
    made = everything_in_one()
    made["tb_jawaban.csv"] = every(
        "id_jawaban,id_pertanyaan,point_jawaban,jkel,tgl_responden,id_instansi",
        lambda n, p, u: [n + 1, 1 + u, SCORES[p][u], "L", DAYS[p - p % 2], 1 + p % 2],
    )
    return made


def two_tables() -> Tables:
    return {
        "responden.csv": everyone("id_bio,no_responden,jenis_kelamin,umur,tgl_isi,id_unit,nama"),
        "jawaban.csv": every("id_kuesioner,id_bio,id_pertanyaan,jawaban",
                             lambda n, p, u: [n + 1, BIO[p], 1 + u, SCORES[p][u]]),
        "unit.csv": csv(["id_unit", "nama_unit"], *UNITS), "pertanyaan.csv": asked(),
    }  # fmt: skip


def letters() -> Tables:
    """Letters that mean the options of each question, and questions whose keys are not their numbers."""
    made = two_tables()
    options = [["Tidak", "Kurang", "Cukup", "Sangat"]] * 9
    rows = [[40 + n, f'"{label}"', *[f"{o} {n}" for o in options[n]]] for n, label in enumerate(LABELS)]
    made["pertanyaan.csv"] = csv(["id", "soal", "a", "b", "c", "d"], *rows)
    made["jawaban.csv"] = every(
        "id,bio_id,soal_id,pilihan", lambda n, p, u: [n, BIO[p], 40 + u, "abcd"[SCORES[p][u] - 1]]
    )
    return made


def texts_for_questions() -> Tables:
    made = two_tables()
    made["jawaban.csv"] = every(
        "no,id_responden,unsur,nilai", lambda n, p, u: [n, BIO[p], f'"{LABELS[u]}"', SCORES[p][u]]
    )
    del made["pertanyaan.csv"]
    return made


def english() -> Tables:
    return {
        "visitors.csv": everyone("id,seq,gender,age,created_at,office_id,name"),
        "responses.csv": every("id,visitor_id,question_id,score",
                               lambda n, p, u: [9000 + n, BIO[p], 70 + u, SCORES[p][u]]),
        "offices.csv": csv(["id", "name"], *UNITS), "questions.csv": asked("id,question", first=70),
    }  # fmt: skip


def zeros() -> Tables:
    """The same key as text in one table and as number in the other; codes of units likewise."""
    made = two_tables()
    made["unit.csv"] = csv(["kode_unit", "nama"], *[[f"{n:03d}", name] for n, name in UNITS])
    made["jawaban.csv"] = every(
        "id,id_bio,id_soal,nilai", lambda n, p, u: [n, f"{BIO[p]:06d}", 1 + u, f"{SCORES[p][u]}"]
    )
    return made


def decoys() -> Tables:
    """Other tables of id and name, users with passwords, and numbers that happen to fit."""
    made = two_tables()
    made["agama.csv"] = csv(["id", "nama"], [1, "Satu"], [2, "Dua"], [3, "Tiga"])
    made["users.csv"] = csv(
        ["id", "username", "password"], [1, "admin", "rahasia-sekali"], [2, "op", "rahasia-juga"]
    )
    made["log.csv"] = csv(["id", "aksi", "waktu"], *[[n, "login", DAYS[0]] for n in range(1, 60)])
    return made


def options() -> Tables:
    """Answers that are ids of options, whose scores stand in a table of their own."""
    made = two_tables()
    listed = [[10 * u + s, 1 + u, f"pilihan {s}", s] for u in range(9) for s in range(1, 5)]
    made["opsi.csv"] = csv(["id", "id_soal", "teks", "nilai"], *listed)
    made["jawaban.csv"] = every("id,id_bio,id_soal,id_jawaban",
                                lambda n, p, u: [n, BIO[p], 1 + u, 10 * u + SCORES[p][u]])  # fmt: skip
    return made


def profile_as_questions() -> Tables:
    """Age and sex are asked like the unsur: their answers are none."""
    made = two_tables()
    made["pertanyaan.csv"] += "20,Usia (Tahun)\r\n21,Jenis Kelamin\r\n"
    made["jawaban.csv"] += "".join(f"{900 + p},{BIO[p]},{20 + k},0\r\n" for p in range(24) for k in (0, 1))
    return made


def suggestions() -> Tables:
    made = two_tables()
    made["saran.csv"] = csv(
        ["id_saran", "id_bio", "saran"], *[[p, BIO[p], f"usul nomor {p}"] for p in range(0, 24, 2)]
    )
    return made


EXPORTS = {f.__name__: f for f in (everything_in_one, two_tables, letters, texts_for_questions, english, zeros,
                                   decoys, options, profile_as_questions, suggestions)}  # fmt: skip


def new(root: Path, files: Tables, source: str = "ekspor") -> tuple[int | None, str]:
    folder = root / source
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    (root / "data" / "raw").mkdir(parents=True, exist_ok=True)
    try:
        cli.main(["new", "2024", "--from-file", str(folder), "--root", str(root)])
    except SystemExit as stop:
        code = stop.code
    written = root / "data/raw/2024/survey.yml"
    return code, written.read_text(encoding="utf-8") if written.exists() else ""


def right(root: Path, scores: list[list[int]] = SCORES) -> intake.Intake:
    """What was proposed is read without an edit, and every answer is its person's, every person their unit's."""
    made = intake.clean(surveys.load(root, "2024"))
    balance(made)
    found = made.responses
    assert sorted(found[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist()) == sorted(scores)
    units = {tuple(row): f"dinas-{'abc'[p % 3]}" for p, row in enumerate(scores)}
    shared = [tuple(row) for row in scores if [tuple(r) for r in scores].count(tuple(row)) > 1]
    for row, unit in zip(found[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist(), found["unit"]):
        assert tuple(row) in shared or units[tuple(row)] == unit
    assert found["unit"].astype(str).value_counts().to_dict() == {f"dinas-{letter}": 8 for letter in "abc"}
    assert found["sex"].astype(str).value_counts().to_dict() == {"male": 12, "female": 12}
    return made


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_a_database_is_proposed_so_that_it_is_read_right_without_an_edit(
    tmp_path: Path, name: str
):
    code, text = new(tmp_path, EXPORTS[name]())
    assert code == 0
    assert "TO DECIDE" not in text
    made = right(tmp_path)
    assert not [str(p) for p in made.problems if p.fatal or p.loss]
    if name == "suggestions":
        assert made.responses["suggestion"].str.startswith("usul").sum() == 12
    if name == "decoys":
        assert "# Tables that are not read: agama.csv, log.csv, users.csv" in text
        assert "rahasia" not in text
        assert not (tmp_path / "data/raw/2024/users.csv").exists()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dump_is_proposed_and_read_without_an_edit(tmp_path: Path, dialect: str):
    code, text = new(tmp_path, {"dump.sql": DIALECTS[dialect]()})
    assert code == 0
    assert "sheet: 'jawaban'" in text
    assert "Tables that are not read: dump.sql#users" in text
    assert "rahasia" not in text
    made = intake.clean(surveys.load(tmp_path, "2024"))
    assert len(made.responses) == 8
    assert set(made.responses["unit"]) == {"dinas-a", "dinas-b"}
    assert (made.responses[[f"U{n}__status" for n in range(1, 10)]] == "answered").all(axis=None)
    assert not [str(p) for p in made.problems if p.fatal or p.loss]


def test_where_no_column_is_the_respondent_two_together_are_a_guess_that_is_said(tmp_path: Path):
    code, text = new(tmp_path, no_key_at_all())
    assert code == 0
    assert "respondent: 'tgl_responden + id_instansi'    # guess" in text
    assert "is this one person each?" in text
    made = intake.clean(surveys.load(tmp_path, "2024"))
    assert len(made.responses) == 24


def test_questions_that_are_no_unsur_are_asked_with_a_line_to_paste(tmp_path: Path):
    made = two_tables()
    made["pertanyaan.csv"] = asked(q5="Kesusaian hasil yang diteriman")
    code, text = new(tmp_path, made)
    assert code == 0
    assert "TO DECIDE: the texts of these questions are no unsur" in text
    assert "# means: {'5': U5}" in text
    read = intake.clean(surveys.load(tmp_path, "2024"))
    assert any(p.loss and "24 of 216 answers set aside" in p.what for p in read.problems)
    pasted = text.replace("text: 'isi'}", "text: 'isi', means: {'5': U5}}")
    (tmp_path / "data/raw/2024/survey.yml").write_text(pasted, encoding="utf-8")
    right(tmp_path)


def test_two_questions_that_read_as_one_unsur_are_asked(tmp_path: Path):
    made = two_tables()
    made["pertanyaan.csv"] = asked(q5="Kecepatan waktu layanan")
    _, text = new(tmp_path, made)
    assert "# TO DECIDE: the questions 3, 5 read as U3" in text
    with pytest.raises(intake.IntakeError, match="both mean U3"):
        intake.clean(surveys.load(tmp_path, "2024"))


def test_bare_numbers_of_questions_are_asked_for_their_order(tmp_path: Path):
    made = two_tables()
    del made["pertanyaan.csv"]
    code, text = new(tmp_path, made)
    assert code == 0
    assert "# order: questionnaire" in text
    with pytest.raises(intake.IntakeError, match="does not say which unsur"):
        intake.clean(surveys.load(tmp_path, "2024"))
    (tmp_path / "data/raw/2024/survey.yml").write_text(
        text.replace("# order: form", "order: form"), encoding="utf-8"
    )
    right(tmp_path)


def test_another_scale_of_an_export_is_asked_and_never_switched_on(tmp_path: Path):
    made = two_tables()
    made["jawaban.csv"] = every(
        "id,id_bio,id_pertanyaan,nilai", lambda n, p, u: [n, BIO[p], 1 + u, SCORES[p][u] + 1]
    )
    code, text = new(tmp_path, made)
    assert code == 0
    assert "# scale: {min: 1, max: 5}" in text
    with pytest.raises(intake.IntakeError, match="this is not the scale"):
        intake.clean(surveys.load(tmp_path, "2024"))


def test_questions_that_are_not_the_regulations_become_a_questionnaire_that_is_read_without_an_edit(
    tmp_path: Path,
):
    questions = [f"Dokter dan perawat memberi penjelasan nomor {n} dengan ramah" for n in range(1, 13)]
    scores = [[1 + (p + 3 * u + p * u) % 5 for u in range(12)] for p in range(24)]
    rows = [[12 * p + u, BIO[p], 30 + u, scores[p][u], 5] for p in range(24) for u in range(12)]
    files = {
        "responden.csv": everyone("id_bio,no_responden,jenis_kelamin,umur,tgl_isi,id_unit,nama"),
        "nilai.csv": csv(["id_nilai", "id_bio", "id_sub", "nilai_persepsi", "nilai_harapan"], *rows),
        "sub.csv": csv(["id_sub", "nama_sub"], *[[30 + n, text] for n, text in enumerate(questions)]),
        "unit.csv": csv(["id_unit", "nama_unit"], *UNITS),
    }
    code, text = new(tmp_path, files)
    assert code == 0
    assert "not the unsur of PermenPANRB 14/2017" in text
    assert "paired: exp" in text
    made = intake.clean(surveys.load(tmp_path, "2024"))
    balance(made)
    names = [f"kuesioner.p{n:02d}" for n in range(1, 13)]
    assert sorted(made.responses[names].to_numpy().tolist()) == sorted(scores)
    assert (made.responses[[f"{name}_exp" for name in names]] == 5).all(axis=None)
    assert not [str(p) for p in made.problems if p.fatal or p.loss or p.first]


def test_codes_of_units_that_no_table_lists_are_asked_and_make_no_units(tmp_path: Path):
    made = two_tables()
    made["unit.csv"] = csv(["id_unit", "nama_unit"], *UNITS[:2])
    code, text = new(tmp_path, made)
    assert code == 0
    assert "# TO DECIDE: rows with these codes are in no unit" in text
    assert "#   3 (8)" in text
    assert [unit.id for unit in surveys.load(tmp_path, "2024").units] == ["dinas-a", "dinas-b"]
