"""What the intake sets aside, changes or doubts; nothing is lost and nothing invented."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline import intake
from pipeline.intake import REASONS
from pipeline.intake.account.ledger import Ledger
from pipeline.intake.values import dates, profile
from pipeline.report.stages.clean import ACTIONS
from tests.support import shapes
from tests.support.raw_surveys import LABELS, THREES, balance, cleaned, csv, make, reasons, wide

LONG = """
files:
- {path: responden.csv, role: respondents}
- {path: jawaban.csv, role: answers}
- {path: saran.csv, role: suggestions, optional: true}
"""
PEOPLE = ["id responden", "unit", "usia"]
ANSWERS = ["id responden", "item", "jawaban"]


def long(
    root: Path,
    people: list[list[object]],
    answers: list[list[object]],
    said: list[list[object]] | None = None,
    more: str = "",
):
    files = {"responden.csv": csv(PEOPLE, *people), "jawaban.csv": csv(ANSWERS, *answers)}
    if said is not None:
        files["saran.csv"] = csv(["id responden", "saran"], *said)
    return cleaned(root, files, LONG + more)


def test_a_blank_answer_is_never_counted_as_zero(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", "", *THREES[1:]])})
    assert made.responses.loc[0, "U1__status"] == "missing"
    assert pd.isna(made.responses.loc[0, "U1"])
    assert made.ledger[["reason", "action", "column"]].values.tolist() == [["incomplete", "flagged", "U1"]]
    balance(made)


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("5", "invalid", "out-of-range"), ("0", "invalid", "out-of-range"), ("-1", "invalid", "out-of-range"),
        ("3.5", "invalid", "out-of-range"), ("e", "invalid", "out-of-range"),
        ("lumayan", "invalid", "unreadable-answer"), ("-", "missing", "placeholder"),
        ("N/A", "not-applicable", "not-applicable"), ("null", "missing", "placeholder"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_answer_is_told_why(tmp_path: Path, text: str, status: str, reason: str):
    made = cleaned(
        tmp_path, {"a.csv": wide([1, "a", *THREES], [2, "a", text, *THREES[1:]])}, "unmatched: missing\n"
    )
    assert made.responses.loc[1, "U1__status"] == status
    entry = made.ledger[made.ledger["reason"] == reason].iloc[0]
    assert (entry["source_row"], entry["column"], entry["value"], entry["cells"]) == (
        3,
        "Persyaratan",
        text,
        1,
    )
    assert entry["action"] == REASONS[reason].action
    balance(made)


def test_rows_that_are_no_respondents_are_not_data(tmp_path: Path):
    text = (
        "Rekap SKM 2024\r\n\r\n"
        + csv(["No", "unit", *LABELS], [1, "a", *THREES], ["No", "unit", *LABELS], ["", "", *[""] * 9])
        + csv([2, "a", *THREES], [3, "", *[""] * 9], ["Jumlah", "", *[6] * 9], ["", "NRR", *[3] * 9])
        + "Keterangan: 1 = tidak baik\r\n"
    )
    made = cleaned(tmp_path, {"a.csv": text})
    assert made.responses["source_row"].tolist() == [4, 7]
    assert made.counts[["read", "used", "not_data"]].values.tolist() == [[10, 2, 8]]
    balance(made)


def test_a_row_without_any_answer_is_excluded(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", *THREES], [2, "a", *["-"] * 9], [3, "b", *[""] * 9])})
    assert len(made.responses) == 1
    assert reasons(made) == {"all-blank": 2}
    balance(made)


def test_identical_rows_of_one_id_are_merged_and_different_ones_flagged(tmp_path: Path):
    rows = [["r1", "a", *THREES], ["r1", "a", *THREES], ["r2", "a", *THREES], ["R2", "a", *[4] * 9]]
    made = cleaned(tmp_path, {"a.csv": wide(*rows)})
    assert len(made.responses) == 3
    assert reasons(made) == {"duplicate-row": 1, "duplicate-id": 2}
    assert set(made.ledger["value"]) == {""}, "an id may be a NIK and is never shown"
    balance(made)


def test_equal_answers_without_an_id_are_no_duplicates(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": csv(["unit", *LABELS], ["a", *THREES], ["a", *THREES])})
    assert len(made.responses) == 2


@pytest.mark.parametrize("below", ["", "," * 10 + "\r\n" + "," * 10 + "\r\n"], ids=["nothing", "empty rows"])
def test_a_file_of_headers_alone_is_told_and_the_others_are_read(tmp_path: Path, below: str):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", *THREES]), "b.csv": wide() + below})
    assert len(made.responses) == 1
    (told,) = [p for p in made.problems if "no answers below" in p.what]
    assert (told.file, told.fatal) == ("b.csv", False)
    balance(made)


def test_a_file_delivered_twice_is_counted_once(tmp_path: Path):
    text = wide([1, "a", *THREES], [2, "a", *THREES])
    made = cleaned(tmp_path, {"a.csv": text, "a (1).csv": text})
    assert len(made.responses) == 2
    assert reasons(made) == {"same-file": 2}
    assert "same file as" in str(made.problems[0])
    balance(made)


@pytest.mark.parametrize(
    ("text", "years", "reason"),
    [
        ("25", 25, ""), ("25 tahun", 25, ""), ("25,0", 25, ""), ("-41", -1, "impossible-age"),
        ("352", -1, "impossible-age"), ("4", -1, "impossible-age"), ("5", 5, ""), ("110", 110, ""),
        ("111", -1, "impossible-age"), ("tua", -1, "unreadable-age"), ("20-40", -1, "unreadable-age"),
    ],
)  # fmt: skip
def test_ages_are_years_or_a_reason(text: str, years: int, reason: str):
    assert (profile.age(text).years, profile.age(text).reason) == (years, reason)


def test_an_impossible_age_is_set_missing_and_the_row_is_used(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", 352, *THREES], [2, "a", 6, *THREES], extra=["Usia"])})
    assert made.responses["age"].isna().tolist() == [True, False]
    assert made.responses["age_band"].astype(object).tolist()[1] == "<17"
    assert reasons(made) == {"impossible-age": 1}


def test_age_and_education_that_do_not_fit_are_flagged_not_changed(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", 8, "S1", *THREES], extra=["Usia", "Pendidikan"])})
    assert reasons(made) == {"implausible-profile": 1}
    assert made.responses.loc[0, "age"] == 8


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-03-05", "2024-03-05 00:00:00"), ("05/03/2024", "2024-03-05 00:00:00"),
        ("5-3-24 08.30", "2024-03-05 08:30:00"), ("5 Maret 2024", "2024-03-05 00:00:00"),
        ("Selasa, 05 Mar 2024", "2024-03-05 00:00:00"), ("2024-03-05T08:30:15Z", "2024-03-05 08:30:15"),
        ("3/5/2024 8:30:15 PM", "2024-05-03 20:30:15"), ("45356", "2024-03-05 00:00:00"),
        ("45356.5", "2024-03-05 12:00:00"), ("2024/03/05 8:30:01 AM GMT+7", "2024-03-05 08:30:01"),
    ],
)  # fmt: skip
def test_dates_are_read_as_indonesians_write_them(text: str, iso: str):
    assert str(dates.parse(text)[0]) == iso


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0000-00-00", "impossible-date"), ("1900-01-01", "impossible-date"), ("31/02/2024", "impossible-date"),
        ("2024-13-01", "impossible-date"), ("kemarin", "unreadable-date"), ("12", "unreadable-date"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_have_a_reason(text: str, reason: str):
    assert dates.parse(text) == (None, reason)


def test_dates_are_held_against_fieldwork_and_extraction(tmp_path: Path):
    definition = "fieldwork: {start: 2024-01-10, end: 2024-01-20, extracted: 2024-02-01}\n"
    days = [
        "2024-01-10",
        "2024-01-20 23:59:00",
        "2024-01-21",
        "2024-02-01 08:00:00",
        "2024-02-02",
        "0000-00-00",
        "x y",
    ]
    rows = [[n, "a", day, *THREES] for n, day in enumerate(days)]
    made = cleaned(tmp_path, {"a.csv": wide(*rows, extra=["Tanggal"])}, definition)
    assert reasons(made) == {
        "outside-fieldwork": 2, "after-extraction": 1, "impossible-date": 1, "unreadable-date": 1,
    }  # fmt: skip
    assert made.responses["answered_at"].isna().sum() == 3


def test_slashed_dates_are_month_first_only_where_nothing_else_is_possible(tmp_path: Path):
    rows = [[1, "a", "1/31/2024 10:00:00", *THREES], [2, "a", "2/3/2024 10:00:00", *THREES]]
    made = cleaned(tmp_path, {"a.csv": wide(*rows, extra=["Timestamp"])})
    assert made.responses["answered_at"].dt.month.tolist() == [1, 2]


def test_units_are_found_by_id_name_and_alias_and_the_rest_stay_as_unknown(tmp_path: Path):
    names = ["a", "DINAS  B", "da", "Dinas C", "", "-"]
    made = cleaned(tmp_path, {"a.csv": wide(*[[n, name, *THREES] for n, name in enumerate(names)])})
    assert made.responses["unit"].tolist() == ["a", "a", "b", "unknown", "unknown", "unknown"]
    assert reasons(made) == {"unknown-unit": 1, "no-unit": 2, "rare-service": 1}
    lost = made.responses[made.responses["unit"] == "unknown"]
    assert lost["unit_raw"].astype(object).fillna("").tolist() == ["Dinas C", "", ""]
    assert lost["service"].astype(object).fillna("").tolist() == ["lainnya", "", ""]


def test_services_take_the_listed_spelling_and_strangers_are_flagged(tmp_path: Path):
    files = {
        "services.csv": "unit,service,aliases,population\na,KTP,e-KTP,\n",
        "a.csv": wide(*[[n, u, s, *THREES] for n, (u, s) in enumerate(
            [("a", "ktp"), ("a", "E KTP"), ("a", "SIM"), ("b", "izin"), *[("b", "Izin")] * 4])],
            extra=["Jenis layanan"]),
    }  # fmt: skip
    made = cleaned(tmp_path, files)
    assert made.responses["service"].tolist() == ["KTP", "KTP", "lainnya", *["Izin"] * 5]
    assert reasons(made) == {"unknown-service": 1, "rare-service": 1}


def test_unknown_categories_are_other_or_missing_and_written_down(tmp_path: Path):
    rows = [[1, "a", "Ojek", "?", *THREES], [2, "a", "null", "banci", *THREES]]
    made = cleaned(tmp_path, {"a.csv": wide(*rows, extra=["Pekerjaan", "Jenis kelamin"])})
    assert made.responses["occupation"].astype(object).tolist()[0] == "other"
    assert made.responses["sex"].isna().all()
    assert reasons(made) == {"other-category": 1, "placeholder": 2, "unreadable-category": 1}


def test_weights_must_be_positive_numbers(tmp_path: Path):
    made = cleaned(
        tmp_path, {"a.csv": wide([1, "a", '"1,5"', *THREES], [2, "a", "-1", *THREES], extra=["Bobot"])}
    )
    assert made.responses["weight"].tolist()[0] == 1.5
    assert reasons(made) == {"unreadable-weight": 1}


def test_identity_never_gets_past_the_intake(tmp_path: Path):
    header = ["Nama", "NIK", "Telepon kantor", "Surveyor", "Saran"]
    row = ["Siti Aminah", "3374061205900001", "081234567890", "Budi", "hubungi 081234567891"]
    made = cleaned(tmp_path, {"a.csv": wide(*[[f"33740612059000{n:02d}", "a", *row, *THREES] for n in range(4)],
                                            extra=header)})  # fmt: skip
    everything = " ".join(
        table.astype(str).to_csv() for table in (made.responses, made.ledger, made.columns, made.mapping)
    )
    for secret in ("Siti", "33740612059", "08123", "Budi"):
        assert secret not in everything
    assert made.responses["suggestion"].tolist() == ["hubungi <phone>"] * 4
    assert set(made.responses["interviewer"]) == {"I001"}
    assert reasons(made)["masked-identity"] == 4
    assert {"Nama", "NIK", "Telepon kantor"} == set(
        made.columns.loc[made.columns["how"] == "identity", "header"]
    )


def test_long_tables_are_joined_and_everything_odd_is_accounted_for(tmp_path: Path):
    people = [
        ["p1", "a", 30], ["p2", "a", 40], ["p2", "a", 40], ["p3", "b", 20], ["p3", "b", 60], ["", "a", 1],
        ["p4", "a", 33],
    ]  # fmt: skip
    answers = [
        *[["p1", f"U{n}", 3] for n in range(1, 8)],
        ["p1", "U1", 3],  # said twice: merged
        ["p2", "U1", 3], ["p2", "U1", 4],  # contradicts itself
        ["p2", "U2", ""],  # blank
        ["p3", "U2", "d"], ["p3", "U99", 3],  # no such item
        ["p9", "U1", 2],  # nobody
        ["", "U1", 2],
    ]  # fmt: skip
    said = [
        ["p1", "bagus"],
        ["p1", "bagus"],
        ["p1", "terus"],
        ["p9", "x y"],
        ["p2", "-"],
        ["p3", "081234567890"],
    ]
    made = long(tmp_path, people, answers, said)
    assert reasons(made) == {
        "duplicate-respondent": 1, "id-reused": 1, "no-respondent-id": 2, "no-answers": 1, "duplicate-answer": 1,
        "conflicting-answers": 1, "duplicate-of-conflict": 1, "blank-answer": 1, "unknown-item": 1,
        "orphan-answer": 1, "duplicate-suggestion": 1, "orphan-suggestion": 1, "placeholder": 1,
        "masked-identity": 1, "incomplete": 3,
    }  # fmt: skip
    assert made.responses["answer_rows"].tolist() == ["2-8", "10, 12", "13"]
    assert made.responses.loc[1, "U1__status"] == "invalid"
    assert made.responses["age"].tolist() == [30, 40, 20]
    assert made.responses.loc[0, "suggestion"] == "bagus\nterus"
    balance(made)


def test_every_reason_is_documented_with_a_known_action():
    assert all(reason.action in ACTIONS and len(reason.sentence) > 15 for reason in REASONS.values())


def test_every_reason_is_exercised_by_these_tests():
    names = ("rows/test_clean", "columns/test_mapping", "values/test_wordings", "values/test_profile",
             "test_shapes", "rows/test_joins", "values/test_exportmarks", "values/test_calendars")  # fmt: skip
    folder = Path(__file__).parents[1]
    source = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in names)
    source += Path(shapes.__file__).read_text(encoding="utf-8")
    assert not [code for code in REASONS if f'"{code}"' not in source]


CELLS = st.sampled_from(
    ["1", "2", "3", "4", "", "", "5", "0", "c", "d", "e", "Sesuai", "Sangat mahal", "-", "b. Kurang sesuai, 2",
     "b. Sesuai", "N/A", "lumayan", "Sesuia", " 3 ", "3,0", "Jumlah", "tes"]
)  # fmt: skip
IDS = st.sampled_from(["", "1", "2", "3", "x", "X"])
WIDE = st.lists(
    st.tuples(
        IDS, st.sampled_from(["a", "b", "zz", ""]), st.sampled_from(["", "20", "999", "Total"]), *[CELLS] * 9
    ),
    max_size=14,
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


#: What the definition does with answers that are no option, short of stopping.
GO_ON = st.sampled_from(["unmatched: missing\n", "unmatched: exclude\n"])


@FEW
@given(WIDE, GO_ON)
@example([("1", "a", "20", *"11115555e")], "unmatched: missing\n")
def test_no_row_and_no_answer_of_a_dirty_wide_table_is_lost(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch, rows, go_on
):
    # However much is set aside must be accounted for; that too much stops the run is another test.
    monkeypatch.setattr("pipeline.intake.ground.problems.TOO_LARGE", 1.0)
    root = tmp_path_factory.mktemp("wide")
    quoted = [[f'"{cell}"' for cell in row] for row in rows]
    made = cleaned(root, {"a.csv": wide(*quoted, extra=["Usia"])}, "scale: {min: 1, max: 4}\n" + go_on)
    balance(made)
    assert made.counts["read"].sum() == len(rows)


@FEW
@given(
    st.lists(st.tuples(IDS, st.sampled_from(["a", "b", ""]), st.sampled_from(["20", "30", ""])), max_size=8),
    st.lists(
        st.tuples(IDS, st.sampled_from(["U1", "1", "Prosedur", "U99", ""]), CELLS), min_size=1, max_size=20
    ),
    st.lists(st.tuples(IDS, st.sampled_from(["", "baik", "-", "budi@contoh.id"])), max_size=6),
    GO_ON,
)
def test_no_row_and_no_answer_of_dirty_long_tables_is_lost(
    tmp_path_factory, monkeypatch, people, answers, said, go_on
):
    # However much is set aside must be accounted for; that too much stops the run is another test.
    monkeypatch.setattr("pipeline.intake.ground.problems.TOO_LARGE", 1.0)
    root = tmp_path_factory.mktemp("long")
    quoted = [[f'"{cell}"' for cell in row] for row in answers]
    # A declared scale: three fives would otherwise refuse the file, which is another test.
    made = long(root, people, quoted, said, "scale: {min: 1, max: 4}\n" + go_on)
    balance(made)


def test_a_lost_answer_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    survey = make(tmp_path, {"a.csv": wide([1, "a", 5, *THREES[1:]])})
    whole = Ledger.frame
    monkeypatch.setattr(Ledger, "frame", lambda self: whole(self).iloc[:0])
    with pytest.raises(intake.IntakeError, match="answers were read"):
        intake.clean(survey)
