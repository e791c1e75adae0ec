"""Joins go by values, questions by their texts; what a join or a lookup loses is said before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import intake
from pipeline import survey as surveys
from tests.support.raw_surveys import LABELS, THREES, balance, cleaned, csv, make, reasons, wide

#: Scores of unsur 1-9 of fifteen people: all different, so that a wrong join shows.
SCORES = [[1 + (3 * p + 2 * u + p * u) % 4 for u in range(9)] for p in range(15)]
FILES = "files:\n- {path: orang.csv, role: respondents}\n- {path: jawaban.csv, role: answers}\n"


def told(made: intake.Intake, loss: bool | None = None) -> str:
    return "\n".join(str(p) for p in made.problems if loss is None or p.loss is loss)


def people(header: str, ids: Sequence[object], **more: Sequence[object]) -> str:
    names = [*header.split(","), "unit", "usia", *more]
    rows = zip(*(ids if isinstance(ids[0], list) else [ids]), *([["a", "b"][i % 2] for i in range(15)],),
               range(20, 35), *more.values())  # fmt: skip
    return csv(names, *rows)


def answers(header: str, ids: Sequence[object], labels: Sequence[object] = LABELS, first: int = 1) -> str:
    """One answer a row: its own number, the respondent's id, the question, the score."""
    rows = [[ids[p], labels[u], SCORES[p][u]] for p in range(15) for u in range(len(labels))]
    return csv(header.split(","), *[[first + n, *row] for n, row in enumerate(rows)])


def right(made: intake.Intake) -> None:
    """Every score is that of its person: told by age, which only the respondents' table has."""
    found = made.responses.set_index("age").sort_index()[[f"U{n}" for n in range(1, 10)]]
    assert found.index.tolist() == list(range(20, 35))
    assert found.to_numpy().tolist() == SCORES
    balance(made)


BIO = [100 + 7 * p for p in range(15)]
COUNT = list(range(1, 16))
WRONG_NAMES = {
    "the number of the questionnaire is that of the answer": (
        people("id_bio,no_responden", [BIO, COUNT]), answers("id_kuesioner,id_bio,id_pertanyaan,jawaban", BIO)),
    "an id that numbers the answers": (
        people("id_bio,id", [BIO, COUNT]), answers("id,id_bio,soal,nilai", BIO)),
    "nothing is called like a respondent in the people's table": (
        people("kode,id", [BIO, list(range(501, 516))]), answers("id,kode_orang,soal,nilai", BIO)),
    "both keys run from one, and the name they share decides": (
        people("id_bio,no_responden", [COUNT[::-1], COUNT]), answers("id_kuesioner,id_bio,soal,jawaban", COUNT[::-1])),
    "ids of text beside numbers of rows": (
        people("uuid,kode_tamu", [COUNT, [f"T-{b}" for b in BIO]]),
        answers("id,kode_tamu,soal,nilai", [f"T-{b}" for b in BIO], first=1000)),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_NAMES)
def test_tables_are_joined_by_the_columns_whose_values_fit_whatever_they_are_called(
    tmp_path: Path, case: str
):
    orang, jawaban = WRONG_NAMES[case]
    made = cleaned(tmp_path, {"orang.csv": orang, "jawaban.csv": jawaban}, FILES)
    right(made)
    assert "was joined by the column" in told(made, loss=False)
    assert not told(made, loss=True)


WRITTEN = {
    "zeros in front": ([f"{n:03d}" for n in COUNT], COUNT),
    "decimals of a spreadsheet": (COUNT, [f"{n}.0" for n in COUNT]),
    "zeros against decimals": ([f"{n:05d}" for n in COUNT], [f"{n}.0" for n in COUNT]),
    "upper and lower case": ([f"r-{n}" for n in COUNT], [f"R-{n}" for n in COUNT]),
    "blanks and signs": ([f" R {n} " for n in COUNT], [f"r_{n}" for n in COUNT]),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_key_written_in_two_ways_is_one_key(tmp_path: Path, case: str):
    mine, theirs = WRITTEN[case]
    files = {
        "orang.csv": people("id responden", mine),
        "jawaban.csv": answers("no,id responden,soal,jawaban", theirs),
    }
    made = cleaned(tmp_path, files, FILES)
    right(made)
    assert not made.problems


def test_ids_that_only_zeros_tell_apart_stay_apart(tmp_path: Path):
    ids = ["1", "01", *[str(n) for n in range(3, 16)]]
    files = {
        "orang.csv": people("id responden", ids),
        "jawaban.csv": answers("no,id responden,soal,jawaban", ids),
    }
    made = cleaned(tmp_path, files, FILES)
    right(made)


@pytest.mark.parametrize(("gone", "ends"), [(0, ""), (1, "loss"), (7, "loss"), (8, "stop")])
def test_answers_without_their_respondent_are_said_first_and_beyond_half_stop(
    tmp_path: Path, gone: int, ends: str
):
    ids = [f"x{n}" if n <= gone else n for n in COUNT]
    files = {
        "orang.csv": people("id responden", COUNT),
        "jawaban.csv": answers("no,id responden,soal,jawaban", ids),
    }
    said = f"{9 * gone} of 135 answers set aside, because their respondent is not in orang.csv"
    if ends == "stop":
        with pytest.raises(intake.IntakeError, match=said):
            cleaned(tmp_path, files, FILES)
        return
    made = cleaned(tmp_path, files, FILES)
    balance(made)
    assert (said in told(made, loss=True)) is bool(ends)
    assert (
        f"{gone} of 15 respondents set aside, because no answer is theirs" in told(made, loss=True)
    ) is bool(ends)


def test_respondents_without_answers_are_said_and_never_stop(tmp_path: Path):
    some = csv(["id responden", "soal", "jawaban"],
               *[[p, label, 3] for p in range(1, 5) for label in LABELS])  # fmt: skip
    made = cleaned(tmp_path, {"orang.csv": people("id responden", COUNT), "jawaban.csv": some}, FILES)
    assert "11 of 15 respondents set aside, because no answer is theirs" in told(made, loss=True)
    assert len(made.responses) == 4


def test_a_stated_key_is_kept_and_its_loss_is_said_with_the_columns(tmp_path: Path):
    orang, jawaban = WRONG_NAMES["the number of the questionnaire is that of the answer"]
    stated = (
        "files:\n- {path: orang.csv, role: respondents, columns: {respondent: no_responden}}\n"
        "- {path: jawaban.csv, role: answers, columns: {respondent: id_kuesioner}}\n"
    )
    with pytest.raises(intake.IntakeError, match="it numbers the answers, not the respondents"):
        cleaned(tmp_path, {"orang.csv": orang, "jawaban.csv": jawaban}, stated)


def test_a_stated_key_that_fits_badly_is_answered_with_the_one_that_fits(tmp_path: Path):
    orang, jawaban = WRONG_NAMES["the number of the questionnaire is that of the answer"]
    stated = (
        "files:\n- {path: orang.csv, role: respondents, columns: {respondent: no_responden}}\n"
        "- {path: jawaban.csv, role: answers, columns: {respondent: id_bio}}\n"
    )
    with pytest.raises(intake.IntakeError, match="135 of 135 answers set aside, because") as caught:
        cleaned(tmp_path, {"orang.csv": orang, "jawaban.csv": jawaban}, stated)
    assert '"id_bio" here and "id_bio" there fit' in str(caught.value)


def test_answers_whose_only_id_numbers_them_are_no_respondents(tmp_path: Path):
    jawaban = answers("id,id_tamu,soal,nilai", BIO).replace("id,id_tamu", "id_kuesioner,tamu_id")
    with pytest.raises(intake.IntakeError, match='"id_kuesioner" is different in every row') as caught:
        cleaned(tmp_path, {"jawaban.csv": jawaban}, "files:\n- {path: jawaban.csv, role: answers, unit: a}\n")
    assert 'respondent: "tamu_id"' in str(caught.value)


def test_other_files_are_read_where_a_join_is_refused(tmp_path: Path):
    files = {"jawaban.csv": answers("id,kosong,soal,nilai", BIO), "lebar.csv": wide([1, "a", *THREES])}
    made = cleaned(
        tmp_path, files, "files:\n- {path: jawaban.csv, role: answers, unit: a}\n- path: lebar.csv\n"
    )
    assert len(made.responses) == 1
    assert "it numbers the answers" in told(made)


def test_two_ways_to_join_that_disagree_are_asked(tmp_path: Path):
    orang = people("kode_a,kode_b", [COUNT, COUNT[::-1]]).replace("kode_a", "id")
    orang = orang.replace("\r\n", "\r\n", 1).replace("id,", "no_formulir,id,", 1)
    lines = orang.split("\r\n")
    orang = "\r\n".join([lines[0], *[f"{900 + n},{line}" for n, line in enumerate(lines[1:]) if line], ""])
    jawaban = answers("nomor,kunci,soal,nilai", COUNT).replace("nomor,kunci", "id,kunci")
    with pytest.raises(intake.IntakeError, match="in several ways"):
        cleaned(tmp_path, {"orang.csv": orang, "jawaban.csv": jawaban}, FILES)


def test_suggestions_follow_the_key_of_the_respondents(tmp_path: Path):
    orang, jawaban = WRONG_NAMES["the number of the questionnaire is that of the answer"]
    saran = csv(["id", "id_bio", "saran"], *[[n, b, f"usul {b}"] for n, b in enumerate(BIO, 1)])
    made = cleaned(tmp_path, {"orang.csv": orang, "jawaban.csv": jawaban, "saran.csv": saran},
                   FILES + "- {path: saran.csv, role: suggestions}\n")  # fmt: skip
    right(made)
    assert made.responses.set_index("age")["suggestion"].tolist() != []
    assert dict(zip(made.responses["age"], made.responses["suggestion"])) == {
        20 + n: f"usul {b}" for n, b in enumerate(BIO)
    }


def test_a_number_that_begins_anew_in_every_unit_is_asked_for_and_two_columns_can_be_the_key(tmp_path: Path):
    orang = csv(["loket", "no", "unit", "usia"], *[[p % 3, p // 3, "a", 20 + p] for p in range(15)])
    rows = [[p % 3, p // 3, LABELS[u], SCORES[p][u]] for p in range(15) for u in range(9)]
    files = {"orang.csv": orang, "jawaban.csv": csv(["loket", "no", "soal", "jawaban"], *rows)}
    stated = FILES.replace("}", ", columns: {respondent: '%s'}}")
    with pytest.raises(
        intake.IntakeError, match="contradict another answer with the same question"
    ) as caught:
        cleaned(tmp_path, files, stated % ("no", "no"))
    assert '10 of 15 respondents set aside, because another respondent has the same "no"' in str(caught.value)
    assert "first column + second column" in str(caught.value)
    made = cleaned(tmp_path / "2", files, stated % ("loket + no", "loket + no"))
    right(made)
    assert not made.problems
    with pytest.raises(intake.IntakeError, match=r'there is no column "lokets \+ no"'):
        cleaned(tmp_path / "3", files, stated % ("lokets + no", "lokets + no"))


# questions -----------------------------------------------------------------------------------------

QUESTIONS = ["Persyaratan", "Prosedur", "Waktu pelayanan", "Biaya", "Produk layanan", "Kompetensi pelaksana",
             "Perilaku pelaksana", "Penanganan pengaduan", "Sarana dan prasarana"]  # fmt: skip
LOOKUP = "lookups:\n- {field: item, path: soal.csv, key: id, text: nama%s}\n"


def asked(
    root: Path, texts: dict[object, str], more: str = "", keys: Sequence[object] = (), order: str = ""
) -> intake.Intake:
    keys = list(keys) or list(texts)
    rows = [[f"r{p}", "a", key, SCORES[p][n % 9]] for p in range(15) for n, key in enumerate(keys)]
    files = {
        "jawaban.csv": csv(["id responden", "unit", "id pertanyaan", "jawaban"], *rows),
        "soal.csv": csv(["id", "nama"], *[[key, f'"{text}"'] for key, text in texts.items()]),
    }
    return cleaned(root, files, "files:\n- {path: jawaban.csv, role: answers}\n" + LOOKUP % more + order)


#: Keys that are not the numbers of their unsur: the text counts.
SHIFTED = dict(zip([1, 2, 3, 5, 6, 7, 8, 9, 10], QUESTIONS))


def test_the_number_of_a_question_never_beats_its_text(tmp_path: Path):
    made = asked(tmp_path, SHIFTED)
    assert made.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES
    assert not made.problems


MISSPELT = {**SHIFTED, 6: "Kesusaian hasil yang diteriman"}


def test_a_text_that_is_not_recognised_is_asked_and_proposed_and_no_other_unsur_takes_its_answers(
    tmp_path: Path,
):
    made = asked(tmp_path, MISSPELT)
    assert '15 of 135 answers set aside, because their question is no item: "6"' in told(made, loss=True)
    assert "means: {'6': U5}" in told(made, loss=True)
    assert "U5" not in made.responses or not (made.responses["U5__status"] == "answered").any()
    assert made.responses["U6"].tolist() == [row[5] for row in SCORES]
    balance(made)
    mended = asked(tmp_path / "2", MISSPELT, ", means: {'6': U5}")
    assert mended.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES
    assert not mended.problems


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        (5, "Biyaya/tarif", "U4"), (7, "Kompetnsi pelaksna", "U6"), (8, "Prilaku petugas", "U7"),
        (2, "Alur dan prosdur", "U2"), (10, "Fasilitas dan prasaran", "U9"), (3, "Kecepatn waktu layanan", "U3"),
        (9, "Tindak lanjut pengadunan", "U8"), (1, "Kelengkapan persyratan", "U1"),
    ],
)  # fmt: skip
def test_slips_in_the_table_of_questions_are_proposed_and_never_read_as_another(
    tmp_path: Path, key: int, text: str, code: str
):
    made = asked(tmp_path, {**SHIFTED, key: text})
    others = [f"U{n}" for n in range(1, 10) if f"U{n}" != code]
    assert made.responses[others].to_numpy().tolist() == [
        [s for n, s in enumerate(row, 1) if f"U{n}" != code] for row in SCORES
    ]
    if code in made.responses and (made.responses[f"{code}__status"] == "answered").any():
        assert made.responses[code].tolist() == [row[int(code[1]) - 1] for row in SCORES]
    else:
        assert f"'{key}': {code}" in told(made, loss=True)


def test_a_code_as_the_text_of_a_question_is_honoured(tmp_path: Path):
    texts = {30 + n: f"U{n}" for n in range(1, 10)}
    with pytest.raises(intake.IntakeError, match="does not say which unsur"):
        asked(tmp_path, texts)
    made = asked(tmp_path / "2", texts, order="order: form\n")
    assert made.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES


def test_two_questions_never_become_one_unsur(tmp_path: Path):
    with pytest.raises(intake.IntakeError) as caught:
        asked(tmp_path, {**SHIFTED, 6: "Kompetensi petugas"})
    assert '"6" (Kompetensi petugas) and "7" (Kompetensi pelaksana) both mean U6' in str(caught.value)


def test_copies_of_a_question_that_nobody_answered_twice_are_one(tmp_path: Path):
    rows = [[f"r{p}", "ab"[p % 2], u + 1 + 20 * (p % 2), SCORES[p][u]] for p in range(15) for u in range(9)]
    texts = [[n + 20 * copy, text] for copy in (0, 1) for n, text in enumerate(QUESTIONS, 1)]
    files = {"jawaban.csv": csv(["id responden", "unit", "id soal", "jawaban"], *rows),
             "soal.csv": csv(["id", "nama"], *texts)}  # fmt: skip
    definition = "files:\n- {path: jawaban.csv, role: answers}\n" + LOOKUP % ""
    made = cleaned(tmp_path, files, definition)
    assert sorted(made.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist()) == sorted(SCORES)
    assert told(made, loss=False).count("nobody answered both: read as one") == 9


def test_a_question_may_be_declared_to_be_no_item(tmp_path: Path):
    texts = {**SHIFTED, 20: "Usia", 21: "Apakah ada pungutan?"}
    made = asked(tmp_path, texts)
    assert "30 of 165 answers set aside" in told(made, loss=True)
    assert "'20': none" in told(made, loss=True)
    said = asked(tmp_path / "2", texts, ", means: {'20': none, '21': none}")
    assert not said.problems
    assert reasons(said) == {"other-question": 30}


@pytest.mark.parametrize(
    ("lines", "line", "what", "hint"),
    [
        ("values:\n  item: {'6': U5}\n", 3, "the texts of item are not read", "means: {'6': U5}"),
        ("values: {jawaban: {'6': U5}}\n", 2, "the texts of jawaban", "fields are U1"),
        ("values: {education: {a: sd}}\nfiles:\n- path: a.csv\n  values: {edukation: {a: sd}}\n", 5,
         "the texts of edukation", 'did you mean "education"?'),
        ("values: {answer: {ya: 4}}\n", 2, "the texts of answer", "such as U4"),
        ("lookups:\n- {field: units, path: a.csv, key: a, text: b}\n", 3, "nothing looks up units", '"unit"'),
        ("lookups:\n- {field: unit, path: a.csv, key: a, text: b, options: [c]}\n", 3, "only a table of questions",
         "leave it out"),
        ("lookups:\n- field: item\n  path: a.csv\n  key: a\n  text: b\n  means: {'20': U77}\n", 7,
         'says that "20" is "U77", which is no item', "did you mean"),
        ("lookups:\n- {field: item, path: a.csv, key: a, text: b, instrument: mutu}\n", 3, "no instrument mutu", "skm"),
    ],
)  # fmt: skip
def test_an_entry_of_the_definition_without_effect_is_an_error_with_line_and_suggestion(
    tmp_path: Path, lines: str, line: int, what: str, hint: str
):
    with pytest.raises(surveys.SurveyError) as caught:
        make(tmp_path, {"a.csv": wide([1, "a", *THREES])}, lines)
    problem = caught.value.problems[0]
    assert problem.line == line
    assert what in problem.what
    assert hint in problem.hint


def test_an_id_that_the_table_of_questions_does_not_list_is_no_place(tmp_path: Path):
    made = asked(tmp_path, {k: t for k, t in SHIFTED.items() if k != 8}, keys=list(SHIFTED))
    assert '"8", 15 answers' in told(made, loss=True)
    assert "U7" not in made.responses or not (made.responses["U7__status"] == "answered").any()


def test_keys_with_zeros_or_decimals_find_their_text(tmp_path: Path):
    made = asked(tmp_path, SHIFTED, keys=[f"{key}.0" for key in SHIFTED])
    assert made.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES
    made = asked(tmp_path / "2", {f"{key:02d}": text for key, text in SHIFTED.items()}, keys=list(SHIFTED))
    assert made.responses[[f"U{n}" for n in range(1, 10)]].to_numpy().tolist() == SCORES


def test_a_code_that_stands_for_two_texts_is_refused_with_both(tmp_path: Path):
    files = {"loket.csv": "kode,nama\r\n1,Dinas A\r\n1,Dinas B\r\n", "a.csv": wide([1, "1", *THREES])}
    definition = "files:\n- path: a.csv\nlookups:\n- {field: unit, path: loket.csv, key: kode, text: nama}\n"
    made = cleaned(tmp_path, files, definition)
    assert 'the code "1" stands for "Dinas A" and for "Dinas B"' in told(made)


def test_a_table_of_codes_may_have_a_title_and_unit_codes_zeros(tmp_path: Path):
    files = {"loket.csv": "Daftar loket,\r\n,\r\nkode,nama\r\n01,Dinas A\r\n02,Dinas B\r\n",
             "a.csv": wide([1, "1", *THREES], [2, "2.0", *THREES])}  # fmt: skip
    definition = "files:\n- path: a.csv\nlookups:\n- {field: unit, path: loket.csv, key: kode, text: nama}\n"
    made = cleaned(tmp_path, files, definition)
    assert sorted(made.responses["unit"]) == ["a", "b"]
