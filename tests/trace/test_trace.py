"""What a trace shows, what it refuses, and that nobody publishes it."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline import intake, steps, survey
from pipeline.cli import main
from pipeline.office import downloads, portal, results
from pipeline.run import manifest
from pipeline.run.hashes import Hashes
from pipeline.trace import lines, page, text
from pipeline.trace.follow import trace, words
from pipeline.trace.model import Published
from pipeline.words import Words
from tests.support.raw_surveys import CODES, THREES, csv, make, wide
from tests.support.raw_surveys import LABELS as NINE
from tests.support.traced import ran, small


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    return small(tmp_path_factory.mktemp("city"))


def command(city: survey.Survey, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["trace", city.name, *arguments, "--root", str(city.root)])
    return int(ended.value.code or 0)


# what it says --------------------------------------------------------------------------------
def test_everything_set_aside_stands_in_the_ledger_under_the_same_reason(city):
    for unit in ("dinas-kesehatan", "puskesmas-mawar", "kelurahan-pena"):
        made = trace(city, unit, "IKM")
        assert made.aside
        for one in made.aside:
            assert one.in_ledger == one.count, (unit, one)


def test_respondents_are_those_with_an_answer_and_those_with_a_reason_for_none(city):
    made = trace(city, "puskesmas-mawar", "U8")
    (item,) = made.items
    assert item.n + sum(item.gaps.values()) == made.respondents
    assert sum(label.count for label in made.labels if label.score is not None) == item.n


def test_an_answer_of_nobody_is_given_to_no_unit_and_said_so(city):
    orphans = [one for one in trace(city, "puskesmas-mawar", "IKM").aside if one.reason == "orphan-answer"]
    assert orphans
    assert not any(one.known for one in orphans)


def test_the_row_of_results_csv_is_the_one_a_spreadsheet_shows(city):
    made = trace(city, "kelurahan-pena", "U9")
    line = (city.public / "results.csv").read_text(encoding="utf-8").splitlines()[made.published.csv_row - 1]
    assert ",kelurahan-pena," in line
    assert ",U9,,nrr," in line
    assert f",{made.items[0].total},{made.items[0].n}," in line


def test_an_index_shows_the_letters_the_printed_weights_would_give(city):
    made = trace(city, "dinas-kesehatan", "IKM")
    assert {one.method for one in made.legacy} == {"0.11", "0.111"}
    shown = {lang: [text.other(one, made, Words(lang))[0] for one in made.legacy] for lang in ("id", "en")}
    assert shown == {"id": ["0,11", "0,111"], "en": ["0.11", "0.111"]}
    assert [letter for letter, _, _ in made.bounds] == ["A", "B", "C", "D"]


def test_the_city_s_index_is_the_mean_of_the_units_listed_and_those_left_out_say_why(city):
    made = trace(city, "CITY", "IKM")
    assert made.follows
    assert len(made.members) + len(made.left_out) == len(city.units)
    why = {unit: reason for unit, _, reason in made.left_out}
    assert (why["kelurahan-sapu"], why["kelurahan-topi"]) == ("suppressed", "no-data")


def test_the_city_s_mean_of_an_unsur_is_that_of_the_units_listed(city):
    made = trace(city, "CITY", "U3")
    assert made.follows
    assert made.published.csv_row
    assert {one.exact for one in made.members} == {
        trace(city, one.unit, "U3").exact for one in made.members
    }  # fmt: skip


def test_a_unit_of_which_only_the_number_is_published_says_so_first(city):
    made = trace(city, "kelurahan-sapu", "U1")
    assert (made.sign, made.published) == ("x", None)
    said = "\n".join(lines.as_text(made, Words("en")))
    assert "fewer than five valid answers" in said
    assert "No result table tells them" in said


def test_a_unit_whose_index_is_published_and_no_mean_is_not_said_to_be_in_no_table(tmp_path):
    opened = ran(make(tmp_path, {"a.csv": wide(*([f"r{n}", "a", *THREES] for n in range(8)))}))
    made = trace(opened, "a", "IKM")
    assert made.published.told
    assert made.published.csv_row
    assert not any(item.nrr.told for item in made.items)
    said = "\n".join(lines.as_text(made, Words("en")))
    assert "the published index follows from them" in said
    assert "No result table tells them" not in said


def test_files_and_notes_are_never_cut(tmp_path):
    name = "dinas-penanaman-modal-dan-pelayanan-terpadu-satu-pintu"
    answers = wide(*([f"r{n}", name, *THREES] for n in range(8)))
    units = f"id,name\n{name},Dinas Panjang\n"
    opened = ran(make(tmp_path, {f"{name}-tahun-ini.csv": answers}, units=units))
    for ending in ("report.html", "report.pdf"):
        (opened.public / "units" / name).mkdir(parents=True, exist_ok=True)
        (opened.public / "units" / name / ending).write_text("75,00")
    said = list(lines.as_text(trace(opened, name, "IKM"), Words("id")))
    for whole in ("/report.html ", "/report.pdf ", f"{name}-tahun-ini.csv"):
        assert any(whole in line for line in said), whole
    city = trace(opened, "CITY", "IKM")
    other = Published("ikm", float("nan"), None, None, None, method="pooled", reason="one-unit-apart")
    told = list(lines.as_text(replace(city, legacy=[other]), Words("en")))
    assert any(line.endswith(Words("en").label("reason", "one-unit-apart")) for line in told)


@pytest.mark.parametrize("unit", ["city", "Kota", "Kota Contoh"])
@pytest.mark.parametrize("item", ["IKM", "headline", "letter", "huruf"])
def test_the_city_and_its_letter_are_found_by_the_names_people_use(city, unit, item):
    made = trace(city, unit, item)
    assert (made.unit, made.item) == ("CITY", "IKM")
    assert any(step[0] == "letter" and step[2] == made.letter for step in text.steps(made, Words("en")))


@pytest.mark.parametrize(
    ("item", "said"), [("U1", "tidak ada di tabel hasil"), ("IKM", "tidak diterbitkan: tidak ada jawaban")]
)
def test_a_unit_that_nobody_answered_for_has_a_page_without_a_number(city, item, said):
    made = trace(city, "kelurahan-topi", item)
    assert (made.respondents, made.exact, made.follows) == (0, None, None)
    assert page.write(city, made, Words("id")).is_file()
    assert said in "\n".join(lines.as_text(made, Words("id")))


def test_a_raw_file_that_was_changed_since_the_run_is_found(tmp_path):
    opened = small(tmp_path)
    path = opened.raw / "puskesmas" / "jawaban.csv"
    text = path.read_text(encoding="utf-8")
    unit = next(
        line.split(",")[0] for line in (opened.raw / "puskesmas" / "responden.csv").open() if "mawar" in line
    )
    path.write_text(re.sub(rf"(?m)^({unit},U1,)[a-d]\s*$", r"\1a", text), encoding="utf-8")
    made = trace(opened, "puskesmas-mawar", "U1")
    assert not made.agrees
    assert command(opened, "puskesmas-mawar", "U1") == 1


@pytest.mark.parametrize(("lang", "says"), [("id", "berkasnya tidak ada."), ("en", "there is no such file.")])
def test_a_raw_file_that_is_gone_is_said_in_one_line_of_the_language(tmp_path, capsys, lang, says):
    opened = small(tmp_path)
    (opened.raw / "puskesmas" / "jawaban.csv").unlink()
    assert command(opened, "puskesmas-mawar", "U1", "--lang", lang) == 1
    lines_of = [line for line in capsys.readouterr().out.splitlines() if "jawaban.csv: " in line]
    assert len(lines_of) == 1
    assert says in lines_of[0]
    assert "\ufffd" not in lines_of[0]
    assert "hint:" not in lines_of[0]
    made = json.loads(lines.as_json(trace(opened, "puskesmas-mawar", "U1")))
    assert made["problems"][0].startswith("puskesmas/jawaban.csv: there is no such file")


def test_sheets_are_named_where_a_workbook_has_several_and_where_it_has_one(city, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("a", "b"):
        sheet = book.create_sheet(name)
        sheet.append(["No", *(f"{n}. {label}" for n, label in enumerate(LABELS, 1))])
        for number in range(1, 9):
            sheet.append([number, *THREES])
    (tmp_path / "kept.xlsx").parent.mkdir(exist_ok=True)
    book.save(tmp_path / "kept.xlsx")
    data = (tmp_path / "kept.xlsx").read_bytes()
    opened = ran(make(tmp_path, {"all.xlsx": data}, "files: [{path: all.xlsx, unit: {sheet: true}}]\n"))
    (place,) = trace(opened, "b", "U1").places
    assert (place.sheet, place.rows) == ("b", tuple(range(2, 10)))
    assert {place.sheet for place in trace(city, "dinas-kesehatan", "U1").places} == {"Rekap"}


LABELS = (
    "Persyaratan", "Prosedur", "Waktu pelayanan", "Biaya/tarif", "Produk layanan", "Kompetensi pelaksana",
    "Perilaku pelaksana", "Penanganan pengaduan", "Sarana dan prasarana",
)  # fmt: skip


def test_rows_of_two_files_of_answers_are_told_apart(tmp_path):
    people = csv(["id", "unit"], *([f"r{n}", "a"] for n in range(12)))
    head = ["id", "item", "jawaban"]
    parts = {
        f"jawaban-{part}.csv": csv(
            head, *([f"r{6 * part + n}", code, 4 - part] for n in range(6) for code in CODES)
        )
        for part in (0, 1)
    }
    definition = (
        "order: form\nfiles:\n  - {path: orang.csv, role: respondents, columns: {respondent: id, unit: unit}}\n"
        "  - {path: 'jawaban-*.csv', role: answers, columns: {respondent: id, item: item, answer: jawaban}}\n"
    )
    opened = ran(make(tmp_path, {"orang.csv": people, **parts}, definition))
    made = trace(opened, "a", "U2")
    assert made.agrees
    assert {(p.file, p.score): len(p.rows) for p in made.places} == {
        ("jawaban-0.csv", 4): 6, ("jawaban-1.csv", 3): 6
    }  # fmt: skip
    assert made.places[0].rows == made.places[1].rows  # the same numbers in another file


OWN = """title: Uji
files: [{path: a.csv, instrument: mutu, columns: {unit: unit, p1: Ramah, p2: Cepat}}]
instruments: {mutu: {title: Mutu, scale: {min: 1, max: 5}, items: {p1: {label: Ramah}, p2: {label: Cepat}}}}
"""


def test_a_questionnaire_of_one_s_own_has_its_scale_its_factor_and_no_letter(tmp_path):
    rows = [[f"r{n}", "a", 5 - n % 3, 4] for n in range(12)]
    opened = ran(make(tmp_path, {"a.csv": csv(["id", "unit", "Ramah", "Cepat"], *rows)}, OWN))
    made = trace(opened, "a", "IKM")
    assert (made.factor, made.letter, [item.code for item in made.items]) == (20, "", ["mutu.p1", "mutu.p2"])
    assert made.exact == 20 * (Fraction(48, 12) + Fraction(48, 12)) / 2
    assert made.follows
    said = "\n".join(lines.as_text(made, words(opened, made, "id")))
    assert "Butir pembentuk indeks" in said
    assert "unsur" not in said.lower()
    city = trace(opened, "CITY", "IKM")
    assert page.write(opened, city, words(opened, city, "id")).is_file()  # nobody is left out of it


BESIDE = """title: Uji
files: [{path: a.csv, instrument: [skm, mutu], columns: {unit: unit, p1: Ramah, p2: Cepat}}]
instruments: {mutu: {title: Mutu, scale: {min: 1, max: 5}, items: {p1: {label: Ramah}, p2: {label: Cepat}}}}
"""


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """A survey with a questionnaire of its own beside the regulation's."""
    rows = [[f"r{n}", "a", *([3 + n % 2] * 9), 5 - n % 3, 4] for n in range(12)]
    text = csv(["id responden", "unit", *NINE, "Ramah", "Cepat"], *rows)
    opened = make(tmp_path_factory.mktemp("beside"), {"a.csv": text}, BESIDE)
    steps.keep(opened, intake.clean(opened))
    answers = steps.open_answers(opened.name, opened.root)
    steps.save(answers, index=steps.index(answers), instruments=steps.instruments(answers))
    results.write(opened)
    return opened


def test_an_item_of_a_questionnaire_with_an_index_of_its_own_is_found_where_it_is_published(beside):
    made = trace(beside, "a", "mutu.p1")
    assert (made.published.statistic, made.published.numerator, made.published.denominator) == ("nrr", 48, 12)
    assert made.follows
    assert made.published.csv_row is None  # results.csv holds no other questionnaire
    index = trace(beside, "a", "IKM")  # the other questionnaire's is not taken for it
    assert index.published.value == 87.5
    assert index.follows


@pytest.mark.parametrize(("unit", "item", "said"), [
    ("a", "mutu", '"mutu" is a questionnaire with an index of its own, which is not traced'),
    ("a", "Mutu", "trace its items: mutu.p1, mutu.p2"),
    ("CITY", "mutu.p1", "is not traced"),
])  # fmt: skip
def test_the_index_of_another_questionnaire_is_refused_with_what_can_be_traced(
    beside, capsys, unit, item, said
):
    assert command(beside, unit, item) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "a trace follows the index (IKM)" in told


def test_a_list_of_one_s_own_on_the_regulation_s_scale_has_an_index_and_no_ikm(tmp_path):
    rows = [[f"r{n}", "a", 4 - n % 3, 3] for n in range(12)]
    survey = make(
        tmp_path, {"a.csv": csv(["id", "unit", "Ramah", "Cepat"], *rows)}, OWN.replace("max: 5", "max: 4")
    )
    opened = ran(survey)
    made = trace(opened, "a", "IKM")
    assert (made.factor, made.letter, made.foreign) == (25, "", True)
    assert words(opened, made, "id")("common.index") == "Indeks"
    assert trace(opened, "CITY", "IKM").foreign


# services ------------------------------------------------------------------------------------
@pytest.mark.parametrize("unit", ["dinas-kesehatan", "puskesmas-mawar"])
def test_the_services_of_a_unit_are_its_rows_each_once(city, unit):
    whole = trace(city, unit, "U1")
    parts = [
        trace(city, unit, "U1", "id", name) for name in survey.load(city.root, "2025").unit(unit).services
    ]
    assert len(parts) > 2
    assert all(part.agrees and part.follows is not False for part in parts)
    assert sum(part.items[0].total for part in parts) == whole.items[0].total
    assert sum(part.items[0].raw_n for part in parts) == whole.items[0].n
    rows = [(at.file, row) for part in parts for at in part.places for row in at.rows]
    assert sorted(rows) == sorted((at.file, row) for at in whole.places for row in at.rows)


def test_every_row_of_a_service_says_so_in_the_raw_file(city):
    import openpyxl

    made = trace(city, "dinas-kesehatan", "IKM", "id", "sertifikat laik higiene")
    assert made.published.csv_row
    line = (city.public / "results.csv").read_text(encoding="utf-8").splitlines()[made.published.csv_row - 1]
    assert ",dinas-kesehatan,Sertifikat Laik Higiene,,,,ikm," in line
    (place,) = made.places
    sheet = openpyxl.load_workbook(city.raw / place.file, data_only=True)[place.sheet]
    said = {str(sheet.cell(row, at).value) for row in place.rows for at in range(1, sheet.max_column + 1)}
    named = {text.strip().lower() for text in said} & {name.lower() for name in city.unit(made.unit).services}
    assert named == {"sertifikat laik higiene"}


NAMED = ["Kecil"] * 3 + ["Besar"] * 31 + ["Pojok"] * 4 + ["Sudut"] * 4


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A unit with a listed service of three people, and two of four that only answers name."""
    rows = [[f"r{n}", "a", name, *([3 + n % 2] * 9)] for n, name in enumerate(NAMED)]
    files = {
        "a.csv": wide(*rows, extra=["Jenis layanan"]), "services.csv": "unit,service\na,Kecil\na,Besar\nb,Lain\n"
    }  # fmt: skip
    return ran(make(tmp_path_factory.mktemp("served"), files))


def test_of_a_service_of_few_nothing_is_published_and_its_page_says_so(served):
    made = trace(served, "a", "IKM", "id", "kecil")
    assert (made.sign, made.respondents, made.published.told, made.agrees) == ("x", 3, False, True)
    w = words(served, made, "id")
    assert "Layanan ini memiliki kurang dari lima jawaban sah" in "\n".join(lines.as_text(made, w))
    path = page.write(served, made, w)
    assert path.name == "a-kecil-IKM.html"
    told = path.read_text(encoding="utf-8")
    assert "responden layanan ini" in told
    assert "U1 --service" in told


def test_services_that_are_put_together_are_followed_back_to_the_names_in_the_raw_file(served):
    made = trace(served, "a", "U1", "id", "lainnya")
    assert made.agrees
    assert sorted(row for place in made.places for row in place.rows) == list(range(36, 44))
    with pytest.raises(survey.SurveyError, match="its services are Besar, Kecil, lainnya"):
        trace(served, "a", "U1", "id", "Pojok")


@pytest.mark.parametrize(
    ("unit", "service", "said"),
    [
        ("dinas-kesehatan", "Sertifikat Laik", 'did you mean "Sertifikat Laik Higiene"?'),
        ("dinas-kesehatan", "Foto", "its services are Izin Praktik Tenaga Kesehatan, "),
        ("CITY", "Poli Umum", "name the unit that offers it"),
    ],
)
def test_a_service_that_is_not_there_is_one_sentence_with_those_that_are(city, capsys, unit, service, said):
    assert command(city, unit, "IKM", "--service", service) == 2
    assert said in capsys.readouterr().err


# what it refuses -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "item", "said"),
    [
        ("puskesmas-mawr", "U1", 'there is no unit "puskesmas-mawr"'),
        ("puskesmas-mawar", "U12", 'no unsur or indicator "U12"'),
        ("puskesmas-mawar", "Waktu pelayana", 'did you mean "Waktu pelayanan"?'),
        ("@uji-2025", "IKM", '"uji-2025" is a set; numbers of a set are not traced'),
        ("@uji-205", "IKM", 'no unit is in the set "uji-205"'),
        (
            "Poli Umum",
            "U1",
            'hint: name the unit that offers it, then the item: puskesmas-mawar IKM --service "Poli Umum"',
        ),
        ("puskesmas", "U1", "numbers of a type are not traced"),
        ("puskesmas-mawar", "margin", '"margin" is a published statistic that no trace follows'),
        ("puskesmas-mawar", "IKM_LEGACY", "a trace follows the index (IKM) and means of unsur"),
        ("unknown", "IKM", "no published number"),
        ("CITY", "U10", 'the city has no unsur or indicator "U10"'),
    ],
)
def test_what_is_not_there_is_one_sentence_with_the_nearest_name(city, capsys, unit, item, said):
    assert command(city, unit, item) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "hint: " in told
    assert "Traceback" not in told


def test_a_survey_that_was_not_run_says_what_to_do(tmp_path, capsys):
    opened = make(tmp_path, {"a.csv": wide(["r1", "a", *THREES])})
    assert command(opened, "a", "U1") == 2
    assert "run: skm run 2024" in capsys.readouterr().err


# the terminal, and programs ------------------------------------------------------------------
def test_the_command_prints_the_formula_and_names_the_page(city, capsys):
    assert command(city, "Dinas Kesehatan", "u3", "--lang", "en") == 0
    told = capsys.readouterr().out
    made = trace(city, "dinas-kesehatan", "U3", "en").items[0]
    assert f"{made.total} ÷ {made.n}" in told
    assert "internal/trace/dinas-kesehatan-U3.html" in told
    assert (city.internal / "trace" / "dinas-kesehatan-U3.html").is_file()


def test_all_rows_are_printed_where_they_are_asked_for(city, capsys):
    command(city, "kelurahan-pena", "U1")
    few = capsys.readouterr().out
    command(city, "kelurahan-pena", "U1", "--rows")
    every = capsys.readouterr().out
    assert "…" in few
    assert "…" not in every
    for place in trace(city, "kelurahan-pena", "U1").places:
        assert re.search(rf"\b{place.rows[-1]}\b", every)


def test_json_holds_every_row_and_no_page_is_written(city, capsys):
    assert command(city, "kelurahan-pena", "U7", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["agrees"] is True
    assert sum(len(place["rows"]) for place in told["places"]) == told["items"][0]["n"]
    assert not (city.internal / "trace" / "kelurahan-pena-U7.html").exists()


# hostile text, identity, and what must not leave the house -----------------------------------
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    rows = [[f"081234567{n:03d}", "a", *THREES] for n in range(12)]
    rows[0][2], rows[1][2], rows[2][2] = HOSTILE, "3\x1b[31m", "3201234567890001"
    text = wide(*[[f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows])
    return ran(make(tmp_path_factory.mktemp("hostile"), {"a.csv": text}, "unmatched: missing\n"))


def test_raw_text_is_escaped_on_the_page_and_moves_no_cursor_of_a_terminal(hostile):
    made = trace(hostile, "a", "U1")
    assert any(HOSTILE[:8] in label.text for label in made.labels)
    text = page.write(hostile, made, Words("id")).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\x1b" not in text
    assert "\x1b" not in "\n".join(lines.as_text(made, Words("id"), rows=True))


def test_nothing_that_identifies_a_person_is_in_a_trace(hostile):
    made = trace(hostile, "a", "U1")
    told = [
        lines.as_json(made), *lines.as_text(made, Words("id"), rows=True),
        page.write(hostile, made, Words("id")).read_text(encoding="utf-8"),
    ]  # fmt: skip
    assert not any("3201234567890001" in text or "081234567" in text for text in told)
    assert any("<number>" in text for text in told)  # what stood there instead


def test_a_page_says_that_it_is_not_for_publication_and_is_the_same_bytes_twice(city):
    made = trace(city, "kelurahan-pena", "U2", "en")
    first = page.write(city, made, Words("en"))
    before = first.read_bytes()
    assert b"Not for publication" in before
    assert page.write(city, trace(city, "kelurahan-pena", "U2", "en"), Words("en")).read_bytes() == before
    assert str(city.root).encode() not in before
    assert b"kelurahan-pena-U2.html" in (first.parent / "index.html").read_bytes()


def test_no_public_file_holds_or_links_to_a_trace(city):
    page.write(city, trace(city, "kelurahan-pena", "U2"), Words("id"))
    portal.write(city, lang="id")
    assert not [name for name in downloads.files(city) if "trace" in name]
    packed = zipfile.ZipFile(city.public / "all.zip")
    assert not [name for name in packed.namelist() if "trace" in name or "internal" in name]
    for path in city.public.rglob("*.html"):
        assert "trace/" not in path.read_text(encoding="utf-8")


def test_pages_that_a_command_makes_are_no_part_of_what_a_run_wrote(tmp_path):
    opened = make(tmp_path, {"a.csv": wide(["r1", "a", *THREES])})
    commands = ("trace/a-U1.html", "status.html", "status.en.html", "evidence/a.html", "evidence.pdf")
    for name in (*commands, "validation.html"):
        path = opened.internal / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert list(manifest.pages(opened, Hashes(opened.reports))) == ["internal/validation.html"]
    assert list(manifest.pages(opened, Hashes(Path(opened.root)))) == [
        "reports/2024/internal/validation.html"
    ]
