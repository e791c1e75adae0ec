"""A thousand invented identities in every place and form: none is in a byte that the intake or a run writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from pipeline import intake
from pipeline import survey as surveys
from pipeline.intake.ground.problems import Problem
from pipeline.intake.propose import start
from pipeline.intake.values.identity import mask_header
from pipeline.run import evidence, identities
from pipeline.survey.identity.persons import shown
from tests.support.planted import PLACES, Search, planted
from tests.support.planted_survey import DEFINITION, UNITS, raw_files
from tests.support.raw_surveys import LABELS, THREES, cleaned, csv, make, reasons, wide


def test_no_identity_of_any_form_at_any_place_is_in_what_the_intake_writes_or_says(tmp_path: Path):
    wanted = planted(300)
    assert len({one.form for one in wanted}) > 40
    assert {one.place for one in wanted} == set(PLACES)
    survey = make(tmp_path, raw_files(wanted), DEFINITION, units=UNITS)
    search = Search(wanted)
    # What the search does not find in the raw files it would not find anywhere.
    assert set(search.in_folders(survey.raw)) == set(wanted)
    done = intake.clean(survey)
    assert [str(p) for p in done.problems if p.fatal] == []
    assert reasons(done)["masked-identity"] > 5
    intake.write(done, survey)
    (survey.processed / "said.txt").write_text("\n".join(map(str, done.problems)), encoding="utf-8")
    assert search.in_folders(survey.processed) == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rekap pak_sarkawi.csv", "rekap pak <name>.csv"), ("Jl. Kenanga No. 12", "<address>"),
        ("K.6436.QX", "<plate>"), ("budisan gmail.com", "<email>"), ("t.me budisantun", "<url>"),
        ("Data milik Sitorus.xlsx", "Data milik <name>.xlsx"), ("ig budisantun 3.csv", "ig <account> 3.csv"),
        ("Januari 2024.xlsx", "Januari 2024.xlsx"), ("rekap.v2.csv", "rekap.v2.csv"), ("SKM 14.2017.xlsx",) * 2,
        ("Loket 1.2", "Loket 1.2"), ("opd/dinas-kesehatan_tw1.ods", "opd/dinas-kesehatan_tw1.ods"),
    ],
)  # fmt: skip
def test_a_dot_in_the_name_of_a_file_or_sheet_hides_nobody(name: str, said: str):
    assert shown(name) == said


@pytest.mark.parametrize(
    "header",
    [
        "Q7ART", "B12AB", "P3", "F1A", "X1_1", "Menurut Ibu Biaya layanan wajar?", "Apakah Bapak/Ibu Puas",
        "Saudara Mengetahui Prosedur", "Kak, seberapa mudah prosedurnya", "Dokter Gigi", "Petugas Pendaftaran",
    ],
)  # fmt: skip
def test_a_header_that_is_a_code_or_a_question_is_shown_as_it_is(header: str):
    assert mask_header(header) == header


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Nilai untuk pak sarkawi", "Nilai untuk pak <name>"), ("H 1234 XY", "<plate>"), ("H1234XY", "<plate>"),
        ("Kepuasan terhadap Siti Kertanegari", "Kepuasan terhadap <name>"), ("hub 0812-3456-7890", "hub <phone>"),
    ],
)  # fmt: skip
def test_a_header_that_names_somebody_is_masked(header: str, said: str):
    assert mask_header(header) == said


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("is the same file as nama/pak_sarkawi.csv; remove it", "is the same file as nama/pak <name>.csv; remove it"),
        ("the folder holds hasil_siti_aminah.xlsx, skm_2024.csv", "the folder holds <name>.xlsx, skm_2024.csv"),
        ('"id_responden" here, "tanggal_lahir" there', '"id_responden" here, "tanggal_lahir" there'),
    ],
)  # fmt: skip
def test_a_sentence_about_files_masks_names_joined_by_underscores(said: str, masked: str):
    assert Problem(said).what == masked


def services(tmp_path: Path, *rows: tuple[str, str], definition: str = "", **files: str) -> intake.Intake:
    """Clean a survey whose rows name a unit and a service."""
    table = wide(*[[n, unit, name, *THREES] for n, (unit, name) in enumerate(rows)], extra=["Jenis layanan"])
    told = {name.replace("_", "."): text for name, text in files.items()}
    return cleaned(tmp_path, {"a.csv": table, **told}, definition)


def test_a_service_that_few_name_and_nobody_lists_is_other_before_anything_is_published(tmp_path: Path):
    made = services(tmp_path, *[("a", "KTP")] * 5, ("a", "diurus zorvatmaja"), ("b", "Zorvatmaja"), ("b", ""))
    assert made.responses["service"].astype(object).fillna("").tolist() == [
        *["KTP"] * 5, "lainnya", "lainnya", "",
    ]  # fmt: skip
    entered = made.ledger[made.ledger["reason"] == "rare-service"]
    assert entered["source_row"].tolist() == [7, 8]
    assert set(entered["value"]) == {""}
    assert not any(
        "orvatmaja" in str(table.to_dict()) for table in (made.ledger, made.mapping, made.responses)
    )


def test_a_cell_of_a_service_that_held_identity_is_other_however_many_there_are(tmp_path: Path):
    made = services(tmp_path, *[("a", f"SIM hub 0812-3456-789{n}") for n in range(6)], *[("a", "KTP")] * 5)
    assert made.responses["service"].tolist() == [*["lainnya"] * 6, *["KTP"] * 5]
    entered = made.ledger[made.ledger["column"] == "service"]
    assert set(entered["reason"]) == {"masked-identity"}
    assert entered["value"].tolist() == ["<phone>"] * 6
    cells = made.privacy.set_index("kind").loc["phone", "cells"]
    assert cells == 6


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        # However it is spelt, and in whichever unit: five answers are no single person's words.
        ([("a", "Izin usaha"), ("a", "IZIN USAHA"), ("b", "izin-usaha"), ("b", "Izin usaha"), ("b", "izin usaha")], 5),
        ([("a", "Izin usaha")] * 4, 0),
    ],
)  # fmt: skip
def test_spellings_of_a_service_are_counted_together_over_the_units(tmp_path: Path, rows, kept: int):
    made = services(tmp_path, *rows)
    assert (made.responses["service"].astype(str) != "lainnya").sum() == kept


@pytest.mark.parametrize(
    ("definition", "files"),
    [
        ("", {"services_csv": "unit,service,aliases,population\na,Akta,SIM,\n"}),
        ("lookups: [{field: service, path: s.csv, key: k, text: t}]", {"s_csv": "k,t\nSIM,Akta\n"}),
    ],
)
def test_what_the_office_itself_lists_as_a_service_keeps_its_name(tmp_path: Path, definition: str, files):
    made = services(tmp_path, ("a", "SIM"), ("a", "SIM"), definition=definition, **files)
    assert set(made.responses["service"].astype(str)) <= {"Akta", "SIM"}


def test_a_service_that_a_file_is_said_to_be_about_keeps_its_name(tmp_path: Path):
    made = cleaned(
        tmp_path, {"a.csv": wide([1, "a", *THREES])}, "files: [{path: a.csv, service: Akta lahir}]"
    )
    assert made.responses["service"].tolist() == ["Akta lahir"]


COLUMNS = [
    ("Q7ART", ["1", "4", "3", "2"]), ("Alamat kantor mudah ditemukan", ["4", "3", "4", "1"]),
    ("WA layanan cepat dibalas", ["Setuju", "Sangat Setuju", "Tidak Setuju", "Setuju"]),
    ("Email dijawab", ["SS", "S", "TS", "STS"]), ("Foto petunjuk jelas", ["a", "b", "c", "d"]),
    ("Transportasi", ["Jalan kaki", "Jalan kaki", "Mobil", "Motor"]), ("Kode", ["B12AB", "H7X", "A1BC", "D12C"]),
    ("Tempat tinggal", ["Dusun", "Kampung", "Perumahan", "Dusun"]),
]  # fmt: skip


@pytest.mark.parametrize(("header", "cells"), COLUMNS)
def test_a_column_of_answers_or_codes_is_not_dropped_as_identity(
    tmp_path: Path, header: str, cells: list[str]
):
    rows = [["a", *THREES[:-1], n % 4 + 1, cell] for n, cell in enumerate(cells)]
    made = cleaned(tmp_path, {"a.csv": csv(["unit", *LABELS, header], *rows)})
    assert made.privacy[made.privacy["told_by"].astype(str) != "cell"].empty
    assert header in set(made.columns["header"].astype(str))


@pytest.mark.parametrize(
    ("header", "cells", "told_by"),
    [
        ("Isian 3", ["H 4821 QX", "AD 8391 XZ", "h-7733-zy", "B6614XQ"], "content"),
        ("Isian 4", ["Dusun Krajan", "Jl. Kenanga 5", "Gg Mawar 2", "RT 3 RW 2"], "content"),
        ("Alamat", ["Krajan", "Kluwung", "Kenanga", "Mawar"], "header"),
        ("No. HP", ["0812", "0813", "0815", "0816"], "header"),
        ("NIK", ["12", "34", "56", "78"], "header"),
    ],
)
def test_a_column_of_identity_is_dropped_and_said_with_header_and_why(tmp_path: Path, header, cells, told_by):
    rows = [["a", *THREES[:-1], n % 4 + 1, cell] for n, cell in enumerate(cells)]
    made = cleaned(tmp_path, {"a.csv": csv(["unit", *LABELS, header], *rows)})
    said = list(identities.dropped(made.privacy.to_dict("records")))
    assert said[0] == "1 column holds people's identity and was not read:"
    assert said[1].startswith(f'  column K "{header}" of a.csv: by its {told_by}')
    assert "columns:" in said[-1]


def test_what_a_failed_notebook_says_of_a_cell_is_masked():
    error = nbformat.v4.new_output(
        "error",
        ename="ValueError",
        evalue="bad cell 'pak sarkawi'",
        traceback=["\x1b[31mnik 3374065205900001"],
    )
    printed = nbformat.v4.new_output("stream", name="stderr", text="row 3: hubungi 0812-3456-7890\nrow 4: ok")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[error, printed])])
    evidence.mask_outputs(notebook)
    kept = nbformat.writes(notebook)
    assert not any(secret in kept for secret in ("sarkawi", "3374065205900001", "3456"))
    assert "row 4: ok" in kept


@pytest.mark.full
def test_no_identity_of_a_thousand_is_in_any_byte_of_a_whole_run(tmp_path: Path, project_root: Path):
    """Tables, pages, PDFs, workbooks, manifest, log, what the terminal shows, and what `skm new` proposes."""
    wanted = planted()
    assert len(wanted) > 1000
    survey = make(tmp_path, raw_files(wanted), DEFINITION, units=UNITS)
    search = Search(wanted)
    assert set(search.in_folders(survey.raw)) == set(wanted)
    heard = tmp_path / "heard"
    heard.mkdir()
    new = ("new", "2025", "--from-file", str(survey.raw))
    for number, arguments in enumerate(
        (("check", "2024", "--privacy"), ("run", "2024"), ("status", "2024"), ("why", "2024", "a"), new)
    ):
        command = [sys.executable, "-m", "pipeline.cli", *arguments, "--root", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project_root, timeout=1200)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr[-3000:]
        assert done.returncode in (0, 1), done.stderr[-3000:]
        (heard / f"{number}.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    assert (survey.public / "units" / "a" / "report.pdf").is_file()
    (heard / "units.csv").write_bytes((tmp_path / "data/raw/2025/units.csv").read_bytes())
    assert search.in_folders(survey.processed, survey.reports, heard) == {}


def test_questions_that_name_somebody_are_masked_in_what_is_proposed_of_an_own_questionnaire(tmp_path: Path):
    wanted = [one for one in planted() if one.place in ("header", "item header")]
    asked = [one.said if n % 2 else f"Apakah petugas {one.said} melayani?" for n, one in enumerate(wanted)]
    rows = [["abc"[n % 3], *(1 + (n * 7 + k * k) % 5 for k in range(len(asked)))] for n in range(40)]
    (tmp_path / "jawaban.csv").write_text(
        csv(*([f'"{cell}"' for cell in row] for row in [["unit", *asked], *rows])), encoding="utf-8"
    )
    start.from_file(tmp_path, "2024", tmp_path / "jawaban.csv")
    proposed = yaml.safe_load((tmp_path / "data/raw/2024/survey.yml").read_text(encoding="utf-8"))
    items = next(iter(proposed["instruments"].values()))["items"]
    said = " ".join(f"{code} {item.get('question', '')}\n" for code, item in items.items())
    search = Search(wanted)
    assert len(items) > 0.9 * len(wanted)
    assert list(search.in_text(said)) == []
    survey = surveys.load(tmp_path, "2024")
    intake.write(intake.clean(survey), survey)
    assert search.in_folders(survey.processed) == {}
