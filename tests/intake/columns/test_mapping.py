"""Re-keying by meaning: headers, texts, letters, mixtures; never by position alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import intake
from pipeline.intake.values import profile
from pipeline.intake.values.identity import is_identity_header, mask
from pipeline.intake.values.items import official, position
from tests.support.raw_surveys import (
    CODES,
    LABELS,
    THREES,
    balance,
    cleaned,
    csv,
    make,
    reasons,
    wide,
)

POSITIONAL = ["unit", *[f"Q{n}" for n in range(1, 10)]]
LEAVE_OUT = "unmatched: missing\n"
UNIT = "files:\n- path: '*.csv'\n"


def scores(made: intake.Intake) -> list[list[int]]:
    return made.responses[CODES].astype(object).where(made.responses[CODES].notna(), None).values.tolist()


def problem(made: intake.Intake) -> str:
    return "\n".join(map(str, made.problems))


def refusal(root: Path, files: dict[str, str], definition: str = "") -> str:
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(root, files, definition)
    return str(caught.value)


def test_a_bare_number_without_order_is_refused_with_both_readings(tmp_path: Path):
    text = refusal(tmp_path, {"a.csv": csv(POSITIONAL, ["a", *THREES])})
    assert 'order: form reads "Q8" = U8' in text
    assert 'order: questionnaire reads "Q8" = U9' in text
    assert "state `order: form` or `order: questionnaire`" in text


@pytest.mark.parametrize(("order", "eight", "nine"), [("form", 1, 2), ("questionnaire", 2, 1)])
def test_a_stated_order_decides_what_a_bare_number_means(tmp_path: Path, order: str, eight: int, nine: int):
    made = cleaned(tmp_path, {"a.csv": csv(POSITIONAL, ["a", *[3] * 7, 1, 2])}, f"order: {order}\n")
    assert made.responses.loc[0, ["U8", "U9"]].tolist() == [eight, nine]


def test_the_option_texts_decide_where_no_order_is_stated(tmp_path: Path):
    row = ["a", *[3] * 7, "Sangat baik", "Dikelola dengan baik"]
    made = cleaned(tmp_path, {"a.csv": csv(POSITIONAL, row, ["a", *[3] * 7, "Cukup", "Tidak ada"])})
    assert made.responses[["U8", "U9"]].values.tolist() == [[4, 4], [1, 2]]
    assert (made.columns.loc[made.columns["field"] == "U9", "header"] == "Q8").all()


def test_texts_that_contradict_the_stated_order_are_refused(tmp_path: Path):
    row = ["a", *[3] * 7, "Cukup", "Tidak ada"]
    assert "the answers under" in refusal(tmp_path, {"a.csv": csv(POSITIONAL, row)}, "order: form\n")


def test_two_files_may_have_two_orders(tmp_path: Path):
    files = {
        "1.csv": csv(POSITIONAL, ["a", *[3] * 7, "Cukup", "Tidak ada"]),
        "2.csv": csv(POSITIONAL, ["b", *[3] * 7, "Tidak ada", "Cukup"]),
    }
    made = cleaned(tmp_path, files)
    assert made.responses[["U8", "U9"]].values.tolist() == [[1, 2], [1, 2]]


def test_a_label_wins_over_the_number_beside_it(tmp_path: Path):
    header = ["unit", *LABELS[:7], "U8 (Sarana & Prasarana)", "U9 (Pengaduan)"]
    made = cleaned(tmp_path, {"a.csv": csv(header, ["a", *[3] * 7, 4, 1])})
    assert made.responses.loc[0, ["U8", "U9"]].tolist() == [1, 4]


def test_official_questions_are_recognised_with_number_and_case(tmp_path: Path):
    items = official(make(tmp_path, {}))
    for number, (code, question) in enumerate(items.shown.items(), start=1):
        assert items.match(f"{number}. {question.upper()} ?") == (code, "question")


def test_only_a_bare_code_is_a_position():
    assert [position(h) for h in ("U8", "q_08", "unsur 8", "8", "U8 (Sarana)", "usia", "U123")] == [
        8, 8, 8, 8, None, None, None,
    ]  # fmt: skip


def test_an_explicit_column_wins_and_a_misspelt_one_is_pointed_out(tmp_path: Path):
    header = ["unit", *LABELS[:3], "Tarif parkir", *LABELS[4:]]
    made = cleaned(tmp_path, {"a.csv": csv(header, ["a", *THREES])}, UNIT + "  columns: {U4: Tarif parkir}\n")
    assert scores(made) == [THREES]
    text = refusal(
        tmp_path / "2", {"a.csv": csv(header, ["a", *THREES])}, UNIT + "  columns: {U4: Tarip parkir}\n"
    )
    assert 'did you mean "Tarif parkir"?' in text
    text = refusal(
        tmp_path / "3", {"a.csv": csv(header, ["a", *THREES])}, UNIT + "  columns: {U44: Tarif parkir}\n"
    )
    assert 'did you mean "U4"?' in text


def test_two_columns_for_one_unsur_are_refused(tmp_path: Path):
    header = ["unit", *LABELS, "Prosedur pelayanan"]
    text = refusal(tmp_path, {"a.csv": csv(header, ["a", *THREES, 3])})
    assert '"Prosedur" (C) and "Prosedur pelayanan" (K) both mean U2' in text


def test_texts_are_read_per_unsur_and_not_by_one_table(tmp_path: Path):
    row = [
        "Sangat sesuai", "mudah ", "KURANG CEPAT", "Sangat mahal", "Sesuai", "Tidak kompeten",
        "sopan  dan ramah", "Tidak ada", "Cukup",
    ]  # fmt: skip
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", *row])})
    assert scores(made) == [[4, 3, 2, 1, 3, 1, 3, 1, 2]]


def test_letters_scores_and_mixtures_mean_the_same(tmp_path: Path):
    rows = [
        [1, "a", *["b"] * 9],
        [2, "a", *["2.0"] * 9],
        [3, "a", "b. Kurang sesuai", "(b) kurang mudah", '"b. Kurang cepat, 2"', "2 = Cukup mahal",
         "Kurang sesuai (2)", "B", "b)", "2. Ada tetapi tidak berfungsi", "b - Cukup"],
    ]  # fmt: skip
    made = cleaned(tmp_path, {"a.csv": wide(*rows)})
    assert scores(made) == [[2] * 9] * 3
    assert not len(made.ledger)


def test_parts_of_an_answer_that_disagree_are_not_read(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", "b. Sesuai", *THREES[1:]])}, LEAVE_OUT)
    assert reasons(made) == {"contradictory-answer": 1}
    assert scores(made)[0][0] is None
    assert made.responses.loc[0, "U1__status"] == "invalid"


def test_a_surveys_own_values_come_first(tmp_path: Path):
    definition = "values:\n  U1: {lumayan: 2, BPJS: not-applicable, kosong sekali: missing}\n"
    rows = [[n, "a", text, *THREES[1:]] for n, text in enumerate(["Lumayan", "bpjs", "kosong sekali"])]
    made = cleaned(tmp_path, {"a.csv": wide(*rows)}, definition)
    assert made.responses["U1__status"].tolist() == ["answered", "not-applicable", "missing"]
    assert reasons(made) == {"not-applicable": 1, "placeholder": 1, "incomplete": 1}
    balance(made)


def test_option_texts_of_another_unsur_are_pointed_out(tmp_path: Path):
    rows = [[n, "a", "Sangat cepat", *THREES[1:]] for n in range(4)]
    made = cleaned(tmp_path, {"a.csv": wide(*rows)}, LEAVE_OUT)
    assert "4 answers are no options of U1" in problem(made)
    assert "They are options of U3" in problem(made)
    assert not any(p.fatal for p in made.problems)


def test_a_five_point_file_is_refused_until_the_scale_is_declared(tmp_path: Path):
    files = {"a.csv": wide(*[[n, "a", *[5] * 9] for n in range(3)])}
    assert "this is not the scale 1-4" in refusal(tmp_path, files)
    made = cleaned(tmp_path / "2", files, "scale: {min: 1, max: 5}\n")
    assert scores(made) == [[5] * 9] * 3


def test_letters_follow_the_options_that_the_form_printed(tmp_path: Path):
    items = "id,soal,p,q,r,s\n1,Biaya/tarif,Gratis,Murah,Cukup mahal,Sangat mahal\n"
    definition = (
        "lookups:\n- {field: item, path: soal.csv, key: id, text: soal, options: [p, q, r, s]}\n"
        "files:\n- {path: a.csv, role: answers}\n"
    )
    answers = csv(["id responden", "unit", "item", "jawaban"], ["x", "a", 1, "a"], ["y", "a", 1, "d"])
    made = cleaned(tmp_path, {"soal.csv": items, "a.csv": answers}, definition)
    assert made.responses["U4"].tolist() == [4, 1]
    assert "options-by-meaning" in set(made.mapping["reading"])


def test_options_that_contradict_their_place_are_refused(tmp_path: Path):
    items = "id,soal,p,q,r,s\n1,Biaya/tarif,Gratis,Murah,Entah,Sangat mahal\n"
    definition = (
        "lookups:\n- {field: item, path: soal.csv, key: id, text: soal, options: [p, q, r, s]}\n"
        "files:\n- {path: a.csv, role: answers}\n"
    )
    answers = csv(["id responden", "unit", "item", "jawaban"], ["x", "a", 1, "a"])
    assert "do not stand in the order" in refusal(tmp_path, {"soal.csv": items, "a.csv": answers}, definition)


def test_own_items_are_named_by_their_instrument_and_pairs_by_suffix(tmp_path: Path):
    definition = (
        "instruments:\n  mutu:\n    scale: {min: 1, max: 5}\n    paired: exp\n"
        "    items: {p1: {label: Ruang bersih}, p2: {question: Apakah dokter datang tepat waktu}}\n"
        "files:\n- path: a.csv\n  instrument: mutu\n  columns: {p1_exp: Harapan 1, p2_exp: Harapan 2}\n"
    )
    header = ["unit", "Ruang bersih", "Harapan 1", "2. Apakah dokter datang tepat waktu?", "Harapan 2"]
    made = cleaned(tmp_path, {"a.csv": csv(header, ["a", 4, 5, 3, 5])}, definition)
    assert made.responses.loc[0, ["mutu.p1", "mutu.p1_exp", "mutu.p2", "mutu.p2_exp"]].tolist() == [
        4,
        5,
        3,
        5,
    ]
    assert "U1" not in made.responses


def test_one_file_may_hold_the_nine_unsur_and_items_of_ones_own(tmp_path: Path):
    definition = (
        "instruments:\n  rs:\n    items: {aman: {label: Keselamatan pasien}}\n"
        "indicators:\n- {units: a, items: [U1, U2, rs.aman]}\n"
        "files:\n- {path: a.csv, instrument: [skm, rs]}\n- {path: b.csv}\n"
    )
    files = {
        "a.csv": csv(["unit", *LABELS, "Keselamatan pasien"], ["a", *THREES, 4]),
        "b.csv": csv(["unit", *LABELS], ["b", *THREES]),
    }
    made = cleaned(tmp_path, files, definition)
    assert made.responses["rs.aman__status"].tolist() == ["answered", "not-applicable"]
    assert made.responses[["U1", "rs.aman"]].iloc[0].tolist() == [3, 4]
    assert made.responses["instrument"].tolist() == ["skm+rs", "skm"]
    balance(made)


def test_a_unsur_that_was_not_asked_is_not_applicable_and_said(tmp_path: Path):
    header = ["unit", *LABELS[:3], *LABELS[4:]]
    made = cleaned(tmp_path, {"a.csv": csv(header, ["a", *[3] * 8])})
    assert made.responses.loc[0, "U4__status"] == "not-applicable"
    assert "has no column for U4" in problem(made)
    assert "incomplete" not in reasons(made)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("sex", "L", "male"), ("sex", "Perempuan", "female"), ("sex", "female", "female"),
        ("education", "SLTA/SMA", "sma"), ("education", "D1-D2-D3", "diploma"), ("education", "d. S1", "s1"),
        ("education", "S2 Keatas", "s2"), ("education", "SD Kebawah", "sd"), ("occupation", "Petani ", "petani"),
        ("occupation", "WIRASWASTA", "wirausaha"), ("occupation", "PNS/TNI/POLRI", "pns-tni-polri"),
        ("occupation", "Lainnya (sebutkan)", "other"), ("disability", "Tidak", "no"), ("mode", "QR code", "online"),
    ],
)  # fmt: skip
def test_profiles_are_brought_to_codes(field: str, text: str, code: str):
    assert profile.category(field, text, {}) == (code, "")


def test_every_code_reads_as_itself():
    from pipeline.survey import CATEGORIES

    for field in profile.FIELDS:
        for code in CATEGORIES[field]:
            assert profile.category(field, code, {}) == (code, "")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("NIK saya 3374061205900001", "NIK saya <nik>"),
        ("wa 0812 3456 7890 ya", "wa <phone> ya"),
        ("+62-812-3456-789", "<phone>"),
        ("kirim ke budi.s@contoh.co.id", "kirim ke <email>"),
        ("lihat https://contoh.id/a?b", "lihat <url>"),
        ("nama saya Budi Santoso", "nama saya <name>"),
        ("Pak Budi ramah", "Pak <name> ramah"),
        ("Bu Dokter ramah", "Bu Dokter ramah"),
        ("antri 2 jam dari jam 08.00 sampai 10.30", "antri 2 jam dari jam 08.00 sampai 10.30"),
        ("biaya 150.000 tahun 2024", "biaya 150.000 tahun 2024"),
    ],
)
def test_identity_is_masked_and_the_rest_is_left_alone(text: str, masked: str):
    assert mask(text) == masked


def test_headers_of_identity_are_told_from_headers_of_offices():
    assert all(
        map(is_identity_header, ["Nama", "NAMA LENGKAP", "No. HP/WA", "NIK", "E-mail", "Alamat rumah"])
    )
    assert not any(map(is_identity_header, ["Nama Puskesmas", "Nama Kelurahan/Kecamatan", "Unit", "Namibia"]))


def test_an_office_under_a_header_like_a_name_is_the_unit(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": csv(["Nama", *LABELS], ["Dinas A", *THREES], ["dinas b", *THREES])})
    assert made.responses["unit"].tolist() == ["a", "b"]
