"""What identifies a person: recognised by header and by content, masked wherever it was typed, never written."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pipeline import intake
from pipeline.intake.ground.coded import encode
from pipeline.intake.values.identity import identity_content, is_identity_header, mask
from pipeline.survey.identity.persons import is_person, shown
from tests.support.plants import EMAILS, NIKS, NIPS, PEOPLE, PHONES, PLATES, SECRETS, STREETS, leaks
from tests.support.raw_surveys import LABELS, THREES, cleaned, csv, make


@pytest.mark.parametrize("secret", [*PEOPLE, *NIKS, *NIPS, *PHONES, *EMAILS, *STREETS, *PLATES])
def test_a_secret_is_found_before_it_is_masked_and_not_after(secret: str):
    said = f"tolong hubungi {secret} besok"
    assert any(pattern.search(said) for pattern in SECRETS)
    assert not any(pattern.search(mask(said)) for pattern in SECRETS)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("name", PEOPLE), ("nik", NIKS), ("nip", NIPS), ("phone", PHONES[:3]), ("email", EMAILS), ("address", STREETS),
        ("plate", PLATES), ("nik", [n[:6] + " " + n[6:12] + " " + n[12:] for n in NIKS]),
        ("phone", [p[1:] for p in ("081234567890", "085600001111", "081322223333")]),
        ("", ["Sangat Baik", "Baik", "Kurang Baik"]), ("", ["Poli Gigi", "RSUD Ahmad Yani", "Loket 3", "KTP"]),
        ("", ["Kelurahan Sri Rejeki", "Desa Suparman Jaya", "SMP Kartini", "Kantor Camat Siti"]),
    ],
)  # fmt: skip
def test_a_column_is_known_by_what_it_holds(kind: str, cells: list[str]):
    assert identity_content(encode(list(cells))) == kind


@pytest.mark.parametrize(
    "header",
    [
        "Siapa nama Anda?",
        "Tuliskan nama lengkap",
        "No. KTP",
        "Plat Nomor",
        "NIP",
        "Nama Ibu Kandung",
        "Isian nama",
    ],
)
def test_headers_that_ask_for_identity_are_known(header: str):
    assert is_identity_header(header)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("terima kasih siti aminah", "terima kasih <name>"),
        ("PAK BUDI SANTOSO RAMAH", "PAK <name> RAMAH"),
        ("Sdr. Wayan dan mbak Rina melayani", "Sdr. <name> dan mbak <name> melayani"),
        ("jalan ahmad yani macet, RSUD Kartini bersih", "jalan ahmad yani macet, RSUD Kartini bersih"),
        ("sejak tanggal 05-08-2024 pukul 09.30", "sejak tanggal 05-08-2024 pukul 09.30"),
        ("biaya Rp1.250.000.000 tahun 2024", "biaya Rp1.250.000.000 tahun 2024"),
        ("Ibu Rumah Tangga, Bapak Camat, Pak RT", "Ibu Rumah Tangga, Bapak Camat, Pak RT"),
        ("perda 3 tahun 2024 pasal 12 ayat 1", "perda 3 tahun 2024 pasal 12 ayat 1"),
        ("2024-07-15 08:00:00", "2024-07-15 08:00:00"),
        ("nomor 1234567890123456 dan 198504122010011003", "nomor <number> dan <nip>"),
    ],
)
def test_names_and_numbers_are_masked_and_nothing_else(text: str, masked: str):
    assert mask(text) == masked


def test_no_text_that_the_program_itself_says_is_taken_for_a_person():
    import yaml

    root = Path(intake.__file__).parent.parent
    said: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                walk(part)
        elif isinstance(value, str):
            said.append(value)

    for path in [*root.glob("words/locale/*/*.yml"), *root.glob("rules/*.yml")]:
        walk(yaml.safe_load(path.read_text("utf-8")))
    assert len(said) > 3000
    assert [text for text in said if mask(text) != text or is_person(text)] == []


def test_a_file_is_shown_by_a_name_that_identifies_nobody():
    assert shown("opd/3374065205900001_siti.xlsx") == "opd/<nik> <name>.xlsx"
    assert shown("SKM_Puskesmas_Siti_2024.xlsx") == "SKM_Puskesmas_Siti_2024.xlsx"


HEADER = [
    "id responden", "unit", "Jenis Layanan", "Usia", "Jenis Kelamin", "Pendidikan", "Pekerjaan", "Tanggal",
    "Petugas", "Bobot", "Saran", *LABELS, "Isian 3", "Kolom X", "Nama", "E-mail", "Isian 4", "Isian 5", "Lain",
    NIKS[5],
]  # fmt: skip


def planted() -> dict[str, str | bytes]:
    """Raw files with a secret in every kind of place: columns, wrong columns, headers, sheet and file names."""
    secrets = [*PEOPLE, *NIKS, *PHONES, *EMAILS, *NIPS, *STREETS, *PLATES]
    good = ["KTP", 30, "L", "SMA", "PNS", "2024-07-20", "Petugas 1", 1, "Baik", *THREES]
    rows: list[list[object]] = []
    for number, secret in enumerate(secrets):
        # One row with the secret in one field after another, so that every reader of a field sees every kind.
        for place in range(len(good) + 1):
            row: list[object] = [secret if place == 0 else f"r{number}-{place}", "a", *good]
            if place:
                row[place + 1] = f"kata {secret} ya" if place == 9 else secret
            if place == 3:
                row[1] = secret
            who = number % 6
            row += [
                PEOPLE[who],
                NIKS[who],
                PEOPLE[who],
                EMAILS[who],
                STREETS[who],
                PHONES[who % 3],
                PLATES[who],
                "x",
            ]
            rows.append([f'"{cell}"' for cell in row])
    book = openpyxl.Workbook()
    book.active.title = NIKS[0]
    for name in (NIKS[0], "Bambang Wirjosaputro", "Catatan"):
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        sheet.append(["id responden", "unit", "Jenis Layanan", "Saran", *LABELS])
        sheet.append([PHONES[0], "b", PEOPLE[1], f"Pak {PEOPLE[0]}", *THREES])
        sheet.append([PHONES[1], PEOPLE[2], "Loket", "nomor saya " + PHONES[0], *THREES[:-1], PEOPLE[4]])
    data = io.BytesIO()
    book.save(data)
    return {
        "a.csv": csv([f'"{h}"' for h in HEADER], *rows),
        f"jawaban {NIKS[1]}.xlsx": data.getvalue(),
        f"jawaban {NIKS[2]}.xlsx": data.getvalue().replace(b"PK\x05\x06", b"PK\x05\x06"),
        f"unit-{PEOPLE[0]}.csv": csv(["unit", *LABELS], ["b", *THREES], ["b", *THREES[:-1], 2]),
        f"{PHONES[0]} tanpa judul.csv": csv(PEOPLE, NIKS, PHONES, EMAILS),
        f"{EMAILS[0]}.csv": b"",
        f"{PEOPLE[4]}.xlsx": b"PK\x03\x04 not a workbook",
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, intake.Intake]:
    root = tmp_path_factory.mktemp("rahasia")
    survey = make(root, planted(), "unmatched: missing\n")
    done = intake.clean(survey)
    intake.write(done, survey)
    (survey.processed / "said.txt").write_text("\n".join(map(str, done.problems)), encoding="utf-8")
    return root, done


def test_nothing_planted_anywhere_is_in_what_the_intake_writes_or_says(made):
    root, done = made
    searched = leaks(root / "data/raw")
    for pattern in SECRETS:
        assert any(found.endswith(f": {pattern.pattern}") for found in searched)
    assert any("xlsx" in found for found in searched)
    assert leaks(root / "data/processed") == []
    assert len(done.responses) > 700


def test_planted_columns_are_dropped_by_header_and_by_content(made):
    _, done = made
    dropped = done.privacy[done.privacy["told_by"].astype(str) != "cell"]
    first = dropped[dropped["source_file"].astype(str) == "a.csv"].set_index("header")
    assert dict(first["told_by"].astype(str)) == {
        "Isian 3": "content", "Kolom X": "content", "Nama": "content", "E-mail": "content", "Isian 4": "content",
        "Isian 5": "content", "Lain": "content",
    }  # fmt: skip
    assert dict(first["kind"].astype(str)) == {
        "Isian 3": "name", "Kolom X": "nik", "Nama": "name", "E-mail": "email", "Isian 4": "address",
        "Isian 5": "phone", "Lain": "plate",
    }  # fmt: skip
    assert (first["cells"] > 700).all()


def test_files_and_sheets_named_after_people_are_shown_apart(made):
    _, done = made
    names = set(done.counts["source_file"])
    assert "jawaban <nik>.xlsx#<nik>" in names
    assert {"jawaban <nik>.xlsx (2)#<nik>", "jawaban <nik>.xlsx#<name>"} <= names
    used = done.responses.groupby("source_file", observed=True).size()
    assert used["jawaban <nik>.xlsx#<nik>"] == 2


def test_a_refusal_does_not_quote_the_row_it_could_not_read(tmp_path: Path):
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, {"x.csv": csv(["Xyzzy Qwert", "Plugh Zork"], ["a", "b"])})
    assert "Xyzzy" not in str(caught.value)
    assert "row 1 has 2 filled cells" in str(caught.value)


def test_a_file_named_after_a_person_can_still_name_its_unit(tmp_path: Path):
    files = {"dinas-a 3374065205900001.csv": csv(LABELS, THREES)}
    done = cleaned(tmp_path, files, "files: [{path: '*.csv', unit: {file: '{unit} *'}}]\n")
    assert done.responses["unit"].tolist() == ["a"]
    assert set(done.responses["source_file"]) == {"dinas-a <nik>.csv"}


@pytest.mark.full
def test_nothing_planted_is_in_any_byte_of_a_whole_run(tmp_path: Path, project_root: Path):
    """Reports, portal, workbooks, tables, manifest, ledger and everything the terminal shows."""
    import subprocess
    import sys

    survey = make(tmp_path, planted(), "unmatched: missing\n")
    said = ""
    for arguments in (("check", "--privacy"), ("run",), ("status",), ("verify", "--units", "1")):
        command = [
            sys.executable,
            "-m",
            "pipeline.cli",
            arguments[0],
            "2024",
            *arguments[1:],
            "--root",
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project_root, timeout=900)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr[-3000:]
        # Three of the planted files cannot be read; a run and a check name them and exit 1.
        expected = 1 if arguments[0] in ("run", "check") else 0
        assert done.returncode == expected, done.stdout + done.stderr
        said += done.stdout + done.stderr
    assert "dropped by its content (nik)" in said
    assert [s.pattern for s in SECRETS if s.search(said)] == []
    assert (survey.public / "units" / "a" / "report.pdf").is_file()
    assert leaks(survey.processed, survey.reports) == []
