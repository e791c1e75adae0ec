"""What is entered into the forms of `skm form` is read with no mapping: every answer, fact and suggestion."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pipeline import intake
from pipeline.office.questionnaire import keyed
from pipeline.office.questionnaire.build import Form, build
from pipeline.survey import Survey
from tests.support import filled
from tests.support.raw_surveys import balance, make, reasons

UNITS = "id,name,aliases,population\na,Dinas A,DA,500\nb,Dinas B,,300\n"
OWN = """title: Uji
languages: [id, en]
mode: mixed
adjust_for: [sex, age, education, disability]
values: {disability_kind: {tuli: sensory}}
wording: {U6: "Bagaimana kecakapan petugas, menurut Saudara?"}
options: {U4: [Mahal sekali, Agak mahal, Wajar, Tanpa bayar]}
instruments:
  mutu:
    title: {id: Mutu layanan, en: Service quality}
    scale: {min: 1, max: 5}
    paired: exp
    options: [sangat tidak setuju, tidak setuju, netral, setuju, sangat setuju]
    items:
      p1: {question: {id: Ruang tunggu bersih/nyaman, en: The waiting room is clean}, group: U9}
      p2: {question: Petugas datang tepat waktu sesuai jadwal yang tertulis di papan pengumuman kantor, group: U9}
      p-3: {question: Petugas menjawab}
  umum:
    scale: {min: 0, max: 10}
    synonyms: {sangat tidak puas: 0, sangat puas: 10}
    items: {puas: {question: "Secara keseluruhan, seberapa puas Saudara?"}}
"""
#: Definitions whose `files:` speak of other files: forms that were filled in are read all the same.
ELSEWHERE = (
    OWN
    + "files: [{path: 'opd/*.xlsx', optional: true}, {path: lain.csv, instrument: mutu, optional: true}]\n"
)
KINDS = ("workbook", "names", "labels", "google")
SEPARATORS = {"names": "/", "labels": "/", "odk": "-", "colons": "::", "bare": ""}
#: Read by name, label or content, or said to be a column of the system: nothing that anybody has to look at.
KNOWN = {"name", "question", "label", "label-within", "id", "content", "system", "sheet-not-read"}


def put(survey: Survey, form: Form, persons: list[filled.Person], kind: str, lang: str) -> None:
    """Lay the filled form where the command says."""
    folder = survey.raw / "forms"
    folder.mkdir()
    if kind == "workbook":
        (folder / "entry.xlsx").write_bytes(filled.workbook(form, persons, lang))
    elif kind == "google":
        (folder / "Survei (Jawaban).csv").write_text(
            filled.google_export(form, persons, lang), encoding="utf-8"
        )
    else:
        text = filled.phone(form, persons, lang, labels=kind == "labels", between=SEPARATORS[kind])
        (folder / "skm - all versions.csv").write_text(text, encoding="utf-8-sig")


MADE = {
    "nine-all": ("", "", "id"), "nine-unit": ("", "b", "en"), "own-all": (OWN, "", "en"), "own-unit": (OWN, "b", "id"),
    "files-elsewhere": (ELSEWHERE, "", "id"),
}  # fmt: skip
CASES = [(name, kind) for name in MADE for kind in KINDS]
CASES += [("own-all", kind) for kind in ("odk", "colons", "bare")] + [("nine-unit", "odk")]


@pytest.mark.parametrize(("name", "kind"), CASES, ids=lambda text: text)
def test_what_is_filled_in_is_what_is_read(tmp_path: Path, name: str, kind: str):
    definition, unit, lang = MADE[name]
    survey = make(tmp_path, {}, definition, units=UNITS, name="2026")
    form = build(survey, unit)
    persons = filled.people(form, 30, seed=len(kind))
    put(survey, form, persons, kind, lang)
    made = intake.clean(survey)
    balance(made)
    assert filled.differences(form, persons, made, kind) == []
    assert [str(problem) for problem in made.problems] == []
    assert set(reasons(made)) <= {"incomplete"}
    assert set(made.columns["how"].astype(str)) <= KNOWN
    assert made.counts[["merged", "excluded"]].to_numpy().sum() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_services_of_the_list_come_out_as_they_are_listed(tmp_path: Path, kind: str):
    survey = make(
        tmp_path, {"services.csv": "unit,service\na,Kartu Keluarga (KK)\na,KTP-el\nb,Izin / usaha\nb,KTP-el\n"},
        units=UNITS, name="2026",
    )  # fmt: skip
    form = build(survey)
    persons = filled.people(form, 20)
    put(survey, form, persons, kind, "id")
    made = intake.clean(survey)
    assert filled.differences(form, persons, made, kind) == []
    assert set(made.responses["service"]) == {"Kartu Keluarga (KK)", "KTP-el", "Izin / usaha"}


#: What is chosen from is called like what is asked: an unsur, an item's code, a field.
ALIKE = (
    ("", "Penanganan pengaduan"), ("", "Umur"),
    ("instruments: {x: {scale: {min: 1, max: 4}, items: {s1: {question: Rapi}, sd: {question: Bersih}}}}\n", "KTP-el"),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(("definition", "service"), ALIKE, ids=lambda text: text[:20])
def test_the_list_of_choices_is_never_taken_for_answers(
    tmp_path: Path, definition: str, service: str, lang: str
):
    survey = make(
        tmp_path, {"services.csv": f"unit,service\na,{service}\na,Lain\nb,{service}\nb,Lain\n"}, definition,
        units=UNITS, name="2026",
    )  # fmt: skip
    form = build(survey)
    persons = filled.people(form, 12)
    put(survey, form, persons, "workbook", lang)
    made = intake.clean(survey)
    assert [str(problem) for problem in made.problems] == []
    assert filled.differences(form, persons, made, "workbook") == []
    assert set(made.columns["how"].astype(str)) <= KNOWN


def test_units_that_ask_another_list_are_asked_no_more_than_it(tmp_path: Path):
    survey = make(tmp_path, {}, "indicators: [{units: [b], items: [U1, U2, U9]}]\n", units=UNITS, name="2026")
    form = build(survey)
    asked = {question.field: question.units for question in form.questions if question.asked}
    assert asked["U1"] == ()
    assert asked["U4"] == ("a",)
    assert [q.field for q in build(survey, "b").questions if q.asked] == ["U1", "U2", "U9"]
    persons = filled.people(form, 20)
    put(survey, form, persons, "names", "id")
    assert filled.differences(form, persons, intake.clean(survey)) == []


def test_a_questionnaire_on_which_the_index_of_one_unit_rests_is_asked_there_only(tmp_path: Path):
    definition = (
        "instruments: {mutu: {scale: {min: 1, max: 4}, items: {a: {question: Ruang rapi}, b: {question: Tepat}}}}\n"
        "indicators: [{units: [b], items: [U1, mutu.a]}]\n"
    )
    survey = make(tmp_path, {}, definition, units=UNITS, name="2026")
    assert [q.field for q in build(survey, "a").questions if q.asked][-1] == "U8"
    assert [q.field for q in build(survey, "b").questions if q.asked] == ["U1", "mutu.a", "mutu.b"]
    form = build(survey)
    persons = filled.people(form, 20)
    put(survey, form, persons, "names", "id")
    assert filled.differences(form, persons, intake.clean(survey)) == []


TWICE = """title: Uji
instruments:
  datang:
    {scale: {min: 1, max: 5}, paired: imp, items: {a: {question: Petugas ramah}, b: {question: Biaya/tarif wajar}}}
  telepon: {scale: {min: 1, max: 5}, items: {a: {question: Petugas ramah}, c: {label: Antrean}}}
"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "definition", [TWICE, "instruments: {spkp: {rule: spkp}, spak: {rule: spak}}\n"], ids=["twice", "spkp"]
)
def test_questions_that_are_called_alike_are_columns_of_their_own(tmp_path: Path, definition: str, kind: str):
    survey = make(tmp_path, {}, definition, units=UNITS, name="2026")
    form = build(survey)
    persons = filled.people(form, 20)
    put(survey, form, persons, kind, "id")
    made = intake.clean(survey)
    assert filled.differences(form, persons, made) == []
    assert [str(problem) for problem in made.problems] == []


@pytest.mark.parametrize("unit", ["", "b"])
def test_mistakes_in_the_workbook_end_as_lines_of_the_ledger_and_one_sentence(tmp_path: Path, unit: str):
    survey = make(tmp_path, {}, "unmatched: missing\n", units=UNITS, name="2026")
    form = build(survey, unit)
    persons = filled.people(form, 30)
    book = openpyxl.load_workbook(io.BytesIO(filled.workbook(form, persons)))
    sheet, top = book.worksheets[0], 2 if unit else 1
    place = {sheet.cell(top, at).value: at for at in range(1, sheet.max_column + 1)}
    sheet.cell(top + 3, place["1. Persyaratan"], 7)
    sheet.cell(top + 4, place["2. Prosedur"], "sesukanya")
    sheet.cell(top + 5, place["Pendidikan terakhir"], "Kursus kilat")
    sheet.cell(top + 6, place["Usia (tahun)"], 430)
    for column in range(2, sheet.max_column + 1):
        sheet.cell(top + 8, column).value = None
        if column > 2:
            sheet.cell(top + 9, column).value = None
    (survey.raw / "forms").mkdir()
    book.save(survey.raw / "forms" / "entry.xlsx")
    made = intake.clean(survey)
    balance(made)
    ledger = made.ledger[made.ledger["reason"] != "incomplete"].sort_values("source_row")
    assert ledger[["source_row", "reason"]].values.tolist() == [
        [top + 3, "out-of-range"], [top + 4, "unreadable-answer"], [top + 5, "other-category"],
        [top + 6, "impossible-age"], [top + 9, "all-blank"],
    ]  # fmt: skip
    # The empty row is no questionnaire; the one with a day only is, and says why it does not count.
    assert len(made.responses) == 28
    assert len(made.problems) == 1
    assert 'column "2. Prosedur": 1 answer is no option of U2: "sesukanya" (1)' in str(made.problems[0])


def test_rows_that_are_only_numbered_are_nobody(tmp_path: Path):
    survey = make(tmp_path, {}, units=UNITS, name="2026")
    form = build(survey, "b")
    (survey.raw / "forms").mkdir()
    (survey.raw / "forms" / "entry.xlsx").write_bytes(filled.workbook(form, filled.people(form, 5)))
    made = intake.clean(survey)
    counts = made.counts.iloc[0]
    # The row with the unit's name stands above the header, and is none of the people either.
    assert (counts["used"], counts["excluded"], counts["not_data"]) == (5, 0, counts["read"] - 5)
    assert len(keyed.columns(form)) == 1 + len(form.questions)
