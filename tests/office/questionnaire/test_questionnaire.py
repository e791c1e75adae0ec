"""The questionnaire and the forms made from it: what they say, that they are valid, and that nothing can run."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pytest

from pipeline import intake
from pipeline.intake.values import profile
from pipeline.office.questionnaire import changes, files, google, keyed, paper, xlsform
from pipeline.office.questionnaire.build import Form, build
from pipeline.survey import Survey, load
from pipeline.survey.asked import asked, wordings
from tests.intake.test_filled_forms import OWN, UNITS
from tests.layout import printed
from tests.support.called import skm
from tests.support.raw_surveys import make

HOSTILE = """title: '=HYPERLINK("http://x";"klik")'
instruments:
  jahat:
    scale: {min: 1, max: 3}
    options: ['=1+1', '"); hapus(); ("', '</script><b>${unit}']
    items:
      a: {question: '=cmd|calc'}
      b: {question: '#let x = "]" \\ $ ${U1_persyaratan}'}
"""


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return make(tmp_path, {}, "city: Kota Contoh\nregion_kind: city\n", units=UNITS, name="2026")


@pytest.fixture
def own(tmp_path: Path) -> Form:
    return build(make(tmp_path, {}, OWN, units=UNITS, name="2026"))


def text_of(pdf: bytes) -> tuple[str, int]:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()), len(pages)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_nine_stand_on_one_page_in_the_order_of_the_printed_questionnaire(survey: Survey, lang: str):
    form = build(survey, "b")
    text, pages = text_of(paper.write(form, lang))
    assert pages == 1
    places = [text.index(question.title[lang][-24:]) for question in form.questions if question.asked]
    assert places == sorted(places)
    assert [q.field for q in form.questions if q.asked][-2:] == ["U9", "U8"]
    assert "Dinas B" in text
    assert "d. Gratis" in text or "d. Free of charge" in text


def test_the_order_that_the_definition_states_is_the_printed_one(tmp_path: Path):
    form = build(make(tmp_path, {}, "order: form\n", units=UNITS))
    assert [q.field for q in form.questions if q.asked][-2:] == ["U8", "U9"]


def test_an_own_questionnaire_is_printed_with_its_scales_and_its_second_answers(own: Form):
    text, pages = text_of(paper.write(own, "id"))
    assert pages == 2
    assert "Mutu layanan (harapan): U9 Sarana dan Prasarana" in text
    assert "0 = sangat tidak puas; 10 = sangat puas" in text
    assert "Bagaimana kecakapan petugas, menurut Saudara?" in text
    assert "d. Tanpa bayar" in text
    assert "sangat tidak setuju" in text


def test_where_the_worst_answer_is_no_1_the_values_are_printed_instead_of_letters(tmp_path: Path):
    scale = "scale: {min: 0, max: 2}, options: [buruk, cukup, baik], items: {a: {question: Rapi}}"
    form = build(make(tmp_path, {}, f"instruments: {{x: {{{scale}}}}}\n", units=UNITS))
    text, _ = text_of(paper.write(form, "id"))
    assert "0. buruk" in text
    assert "a. buruk" not in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_gate_on_printed_pages_finds_nothing(own: Form, tmp_path: Path, lang: str):
    path = tmp_path / "questionnaire.pdf"
    path.write_bytes(paper.write(own, lang))
    assert list(printed.wrong(path)) == []


def test_a_question_of_a_thousand_letters_and_forty_units_still_give_a_sheet(tmp_path: Path):
    units = "id,name\n" + "".join(f"u{n},Kantor Pelayanan Nomor {n}\n" for n in range(40))
    form = build(make(tmp_path, {}, f"wording: {{U1: '{'Panjang sekali ' * 70}'}}\n", units=units))
    text, pages = text_of(paper.write(form, "id"))
    assert text.count("Panjang sekali") == 70
    assert pages <= 2


def test_the_paper_is_tagged_and_titled_in_its_language(survey: Survey):
    reader = pypdf.PdfReader(io.BytesIO(paper.write(build(survey), "en")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert "Questionnaire" in reader.metadata.title


def test_the_same_definition_gives_the_same_bytes(own: Form, tmp_path: Path):
    first, second = (files.write(own, ["id", "en"], tmp_path / name) for name in ("one", "two"))
    assert [path.name for path in first] == [
        "xlsform.xlsx", "questionnaire.pdf", "entry.xlsx", "google-forms.md", "google-forms.gs",
        "questionnaire.en.pdf", "entry.en.xlsx", "google-forms.en.md", "google-forms.en.gs",
    ]  # fmt: skip
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("definition", ["", OWN], ids=["nine", "own"])
@pytest.mark.parametrize("unit", ["", "b"])
def test_pyxform_takes_the_xlsform_without_a_warning(tmp_path: Path, definition: str, unit: str):
    from pyxform.xls2xform import convert

    listed = {"services.csv": "unit,service\na,KTP\nb,Izin\nb,Akta\n"} if not definition else {}
    form = build(make(tmp_path, listed, definition, units=UNITS, name="2026"), unit)
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsform.write(form, ["id", "en"]))
    made = convert(xlsform=str(path), validate=False)
    assert made.warnings == []
    for head in ("label::Bahasa Indonesia (id)", "label::English (en)"):
        assert head in {cell.value for cell in openpyxl.load_workbook(path)["survey"][1]}
    for question in form.questions:
        assert f"/{question.name}" in made.xform


def test_every_column_of_the_workbook_has_its_list_and_nothing_computes(own: Form):
    made = keyed.write(own, "id")
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert sheet.freeze_panes == "B2"
    ruled = {str(rule.sqref).split(":")[0][:-1]: rule for rule in sheet.data_validations.dataValidation}
    for at, question in enumerate(keyed.columns(own), 2):
        letter = openpyxl.utils.get_column_letter(at)
        assert (letter in ruled) == (question.kind not in ("text", "long")), question.field
        if question.asked:
            assert ruled[letter].formula1 == '"' + ",".join(c.value for c in question.choices) + '"'
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets" in name)


def test_hostile_texts_stay_texts_everywhere(tmp_path: Path):
    form = build(make(tmp_path, {}, HOSTILE, units='id,name\na,"=1+1, \'}"\nb,<script>\n'))
    for made in (keyed.write(form, "id"), xlsform.write(form, ["id"])):
        book = openpyxl.load_workbook(io.BytesIO(made))
        cells = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not any(str(cell.value).startswith(("=", "+", "@")) for cell in cells)
    survey = xlsform.sheets(form, ["id"])["survey"]
    labels = [row.get("label::Bahasa Indonesia (id)", "") for row in survey]
    assert not any("${" in label for label in labels)
    script = google.script(form, "id")
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', script)
    assert all(isinstance(json.loads(text), str) for text in strings)
    assert "hapus" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", script)
    assert "</script>" not in script
    assert "cmd|calc" in text_of(paper.write(form, "id"))[0]


def test_the_script_is_javascript_where_node_is_there_to_tell(own: Form, tmp_path: Path):
    import shutil

    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    path = tmp_path / "forms.js"
    path.write_text(google.script(own, "id"), encoding="utf-8")
    assert subprocess.run([node, "--check", str(path)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_answer_about_the_person_that_a_form_offers_is_read_as_what_it_is(tmp_path: Path, lang: str):
    definition = "adjust_for: [disability, mode]\nvalues: {disability_kind: {tuli: sensory}}\n"
    form = build(make(tmp_path, {}, definition, units=UNITS))
    asked_of = [q for q in form.questions if q.field in profile.FIELDS]
    assert len(asked_of) == 6
    for question in asked_of:
        for choice in question.choices:
            for text in (choice.value, choice.label[lang]):
                assert profile.category(question.field, text, {}) == (choice.value, ""), text


def test_options_of_ones_own_are_read_and_break_the_line(tmp_path: Path):
    old = make(tmp_path, {}, "", units=UNITS, name="2025")
    new = make(
        tmp_path, {}, "options: {U9: [Kotor, Cukup, Bersih, Bersih sekali]}\nwording: {U6: Mampukah petugas}\n"
        "mode: online\n", units=UNITS, name="2026",
    )  # fmt: skip
    assert wordings(new)["U9"] != wordings(old)["U9"]
    lines = {line.item: line for line in changes.compare(new, old).lines}
    assert lines["U9"].changed == ("options",)
    assert lines["U6"].changed == ("question",)
    assert {line.means for line in lines.values()} == {"compared", "left-out"}
    assert {item for item, line in lines.items() if line.means == "left-out"} == {"U6", "U9"}
    assert next(one for one in asked(new) if one.item == "U9").texts[3]["id"] == "Bersih"


def test_what_changed_for_the_whole_survey_is_said_of_every_item(tmp_path: Path):
    old = make(tmp_path, {}, "mode: self-paper\n", units=UNITS, name="2025")
    new = make(tmp_path, {}, "mode: online\norder: form\n", units=UNITS, name="2026")
    made = changes.compare(new, old)
    assert made.whole == ("mode",)
    assert {line.means for line in made.lines} == {"nothing"}
    assert "mode: self-paper in 2025, online in 2026" in "\n".join(changes.lines(made))


def test_an_overall_judgement_is_beside_the_index_also_of_a_questionnaire_of_one_s_own(tmp_path: Path):
    definition = """title: Uji
files: [{path: a.csv, instrument: umum}]
overall: umum.puas
instruments: {umum: {title: Umum, items: {ramah: {label: Ramah}, puas: {label: Puas}}}}
"""
    old = make(tmp_path, {}, definition, units=UNITS, name="2025")
    new = make(tmp_path, {}, definition, units=UNITS, name="2026")
    means = {line.item: line.means for line in changes.compare(new, old).lines}
    assert means == {"umum.ramah": "compared", "umum.puas": "beside"}


def test_answers_in_words_that_the_earlier_definition_does_not_state_are_told(tmp_path: Path):
    kinds = ["Tidak wajar", "Kurang wajar", "Wajar", "Sangat wajar"]
    rows = "".join(f"{n},a,{kinds[n % 4]},{'Gratis' if n % 2 else 3}\n" for n in range(24))
    old = make(
        tmp_path, {"a.csv": "id responden,unit,Biaya/tarif,Sarana dan prasarana\n" + rows.replace("Gratis", "Baik")},
        units=UNITS, name="2025",
    )  # fmt: skip
    new = make(tmp_path, {}, units=UNITS, name="2026")
    assert changes.compare(new, old).answered == {}
    intake.write(intake.clean(old), old)
    made = changes.compare(new, old)
    assert made.answered == {"U4": "Tidak wajar / Kurang wajar / Wajar / Sangat wajar"}
    assert "U4: most answers of 2025 are in other words" in "\n".join(changes.lines(made))
    assert b"Tidak wajar / Kurang wajar" in changes.table(made)


def test_a_wrong_number_of_options_is_an_error(tmp_path: Path):
    with pytest.raises(Exception, match="U9 lists 3 texts, the scale has 4 steps"):
        make(tmp_path, {}, "options: {U9: [a, b, c]}\n", units=UNITS)


def test_a_year_is_renewed_edited_compared_and_its_forms_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {}, "title: SKM 2025\nperiod: 2025\n", units=UNITS, name="2025")
    assert skm("new", "2026", "--from", "2025", "--root", tmp_path) == 0
    path = tmp_path / "data/raw/2026/survey.yml"
    path.write_text(path.read_text() + "wording: {U6: Mampukah petugas}\n")
    capsys.readouterr()
    assert skm("new", "2026", "--compare", "--root", tmp_path) == 0
    said = capsys.readouterr().out
    assert "U6 Kompetensi pelaksana: question" in said
    assert "2026  Mampukah petugas" in said
    assert "left out of the change" in said
    assert "as it was: U1, U2, U3, U4, U5, U7, U9, U8: compared" in said
    assert skm("form", "2026", "--root", tmp_path) == 0
    said = capsys.readouterr().out
    assert "wrote reports/2026/forms/questionnaire.pdf" in said
    assert "U6 Kompetensi pelaksana: question" in said
    rows = (
        (tmp_path / "reports/2026/forms/changes-from-2025.csv").read_text(encoding="utf-8-sig").splitlines()
    )
    assert len(rows) == 10
    assert skm("form", "2026", "Dinas B", "--root", tmp_path, "-q") == 0
    assert (tmp_path / "reports/2026/forms/units/b/entry.xlsx").is_file()


def test_the_forms_of_every_unit_are_written_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make(tmp_path, {}, "", units=UNITS, name="2026")
    assert skm("form", "2026", "--each", "--root", tmp_path, "--out", tmp_path / "cetak") == 0
    assert "wrote the same for 2 units" in capsys.readouterr().out
    found = sorted(
        path.relative_to(tmp_path / "cetak").as_posix() for path in tmp_path.glob("cetak/**/*.pdf")
    )
    assert found == ["questionnaire.pdf", "units/a/questionnaire.pdf", "units/b/questionnaire.pdf"]
    assert "Dinas B" in text_of((tmp_path / "cetak/units/b/questionnaire.pdf").read_bytes())[0]
    assert skm("form", "2026", "b", "--each", "--root", tmp_path) == 2


def test_forms_are_never_written_among_the_raw_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survey = make(tmp_path, {}, "", units=UNITS, name="2026")
    assert skm("form", "2026", "--root", tmp_path, "--out", survey.raw / "forms") == 2
    assert "forms are no answers" in capsys.readouterr().err
    assert skm("form", "2026", "--lang", "jv", "--root", tmp_path) == 2
    assert skm("form", "2026", "Dinas C", "--root", tmp_path) == 2
    assert not (survey.raw / "forms").exists()
    assert load(tmp_path, "2026").digest == survey.digest
