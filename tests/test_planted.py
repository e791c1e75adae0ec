"""A thousand invented identities in every place and form: none is in a byte that the intake or a run writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import PLACES, Search, planted
from planted_survey import DEFINITION, UNITS, raw_files
from raw_surveys import make, reasons

from pipeline import intake
from pipeline.intake.identity import mask_header
from pipeline.survey.persons import shown


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
