"""skm new: a definition from a file, from an older survey, or from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import intake, survey
from pipeline.cli import main
from pipeline.intake.propose.proposal import propose
from pipeline.intake.propose.write import quoted
from pipeline.intake.values.identity import mask
from pipeline.survey import SurveyError, renew
from tests.support.raw_surveys import CODES, LABELS, balance, csv, make
from tests.support.shapes import DAYS, OPTIONS, SCORES, SHAPES, UNIT, Shape, csv_text, text

#: Shapes that differ for a proposal, and the order a person has to decide where the file does not tell.
DECIDED = {
    "csv-utf-16-le-semicolon": "", "xlsx-titles-and-labelled-footers": "", "xlsx-merged-headers": "form",
    "xlsx-several-sheets": "", "google-forms": "", "google-forms-grid": "", "kobo-codes": "questionnaire",
    "kobo-labels": "", "limesurvey-codes": "form", "limesurvey-texts": "", "spss": "", "long-tables": "",
    "three-sheet-template": "", "ikmkoding": "form", "folder-per-unit": "", "csv-without-header": "form",
    "pipe-joined": "questionnaire", "json-in-a-cell": "",
}  # fmt: skip
CHOSEN = [shape for shape in SHAPES if shape.name in DECIDED]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    return int(done.value.code or 0)


def sent(tmp_path: Path, shape: Shape) -> Path:
    """Write the files of a shape into a folder of their own; a single file is handed over by itself."""
    folder = tmp_path / "sent"
    folder.mkdir()
    shape.write(folder)
    found = list(folder.iterdir())
    return found[0] if len(found) == 1 and found[0].is_file() else folder


@pytest.mark.parametrize("name", ["scan.pdf", "catatan", "rusak.xlsx"])
def test_a_file_that_cannot_be_read_is_named_once(tmp_path: Path, name: str, capsys):
    (tmp_path / name).write_bytes(b"%PDF-1.4 no table")
    assert run("new", "2024", "--from-file", str(tmp_path / name), "--root", str(tmp_path / "r")) == 3
    told = capsys.readouterr().err
    assert told.startswith(f"{name}: ")
    assert told.count(f"{name}: ") == 1
    assert not (tmp_path / "r" / "data" / "raw" / "2024").exists()


@pytest.mark.parametrize("shape", CHOSEN, ids=lambda s: s.name)
def test_a_definition_proposed_from_files_reads_them_right(tmp_path: Path, shape: Shape, capsys):
    source = sent(tmp_path, shape)
    assert run("new", "2024", "--from-file", str(source), "--root", str(tmp_path / "r")) == 0
    told = capsys.readouterr().out
    definition = tmp_path / "r" / "data" / "raw" / "2024" / "survey.yml"
    order = DECIDED[shape.name]
    assert ("to decide" in told) == bool(order), "what the files show is not asked"
    if order:
        with pytest.raises(intake.IntakeError, match="does not say which unsur"):
            intake.clean(survey.load(tmp_path / "r", "2024"))
        lines = definition.read_text(encoding="utf-8").replace(f"# order: {order}\n", f"order: {order}\n")
        # A cell that is no list is no answer, and a proposed definition decides nothing by itself.
        definition.write_text(lines + "\nunmatched: missing\n", encoding="utf-8")
    made = intake.clean(survey.load(tmp_path / "r", "2024"))
    balance(made)
    frame = made.responses.sort_values(["unit", "source_file", "source_row"]).reset_index(drop=True)
    spoiled = set(shape.spoiled)
    got = [
        [None if (i, u + 1) in spoiled else int(frame.loc[i, code]) for u, code in enumerate(CODES)]
        for i in range(12)
    ]
    wanted = [
        [None if (i, u + 1) in spoiled else s for u, s in enumerate(scores)]
        for i, scores in enumerate(SCORES)
    ]
    if shape.name != "csv-without-header":
        assert [unit[-1] for unit in frame["unit"].astype(str)] == UNIT
    assert got == wanted


def test_the_proposal_says_how_sure_it_is_and_by_what(tmp_path: Path, capsys):
    """Headers that say nothing: unsur by their options; those that share options by their order."""
    rows = [["G01Q01", *[f"G02Q{n:02d}" for n in range(1, 10)]]]
    rows += [[DAYS[i], *[text(i, u) for u in (1, 2, 3, 4, 5, 6, 7, 9, 8)]] for i in range(12)]
    (tmp_path / "a.csv").write_text(csv_text(rows), encoding="utf-8")
    assert run("new", "2024", "--from-file", str(tmp_path / "a.csv"), "--root", str(tmp_path / "r")) == 0
    assert "unsur found: 9 guess" in capsys.readouterr().out
    written = (tmp_path / "r/data/raw/2024/survey.yml").read_text(encoding="utf-8")
    assert (
        "U3: 'G02Q03'    # guess: U3 waktu penyelesaian <- G02Q03 (nothing but its answers; 12 of 12"
        in written
    )
    assert (
        "U5: 'G02Q05'    # guess: U5 produk spesifikasi jenis pelayanan <- G02Q05 (its answers, and its place"
        in written
    )
    assert "answered_at: 'G01Q01'    # guess" in written
    made = intake.clean(survey.load(tmp_path / "r", "2024"))
    assert made.responses[CODES].astype(int).values.tolist() == SCORES


def test_options_that_two_unsur_share_are_not_told_apart_without_an_order(tmp_path: Path):
    rows = [
        ["Tanggal", "Usia", "A", "B"],
        *[[DAYS[i], 30, OPTIONS[0][2], OPTIONS[1][i % 4]] for i in range(8)],
    ]
    (tmp_path / "a.csv").write_text(csv_text(rows), encoding="utf-8")
    fields = {seen.column.header: seen.column.field for seen in propose(tmp_path / "a.csv").looks[0].columns}
    assert fields == {"Tanggal": "answered_at", "Usia": "age", "A": "", "B": "U2"}


def test_another_scale_is_proposed_with_what_it_costs(tmp_path: Path):
    rows = [["Unit", "Persyaratan", "Prosedur", "Waktu pelayanan"]]
    rows += [["a", 5, 4, n % 5 + 1] for n in range(20)]
    (tmp_path / "a.csv").write_text(csv_text(rows), encoding="utf-8")
    assert (
        run("new", "2024", "--from-file", str(tmp_path / "a.csv"), "--root", str(tmp_path / "r"), "-q") == 0
    )
    assert survey.load(tmp_path / "r", "2024").definition.scale.max == 5


def test_nothing_is_overwritten_and_what_cannot_be_read_is_said(tmp_path: Path, capsys):
    make(tmp_path, {"a.csv": csv(["a"], [1])})
    (tmp_path / "b.csv").write_text("nama,kota\r\nSiti,Kudus\r\n", encoding="utf-8")
    assert run("new", "2024", "--from-file", str(tmp_path / "b.csv"), "--root", str(tmp_path)) == 2
    assert run("new", "2025", "--from-file", str(tmp_path / "b.csv"), "--root", str(tmp_path)) == 3
    assert run("new", "2025", "--from-file", str(tmp_path / "c.csv"), "--root", str(tmp_path)) == 3
    assert run("new", "../x", "--root", str(tmp_path)) == 2
    assert run("new", "2025", "--from", "2023", "--root", str(tmp_path)) == 2
    errors = capsys.readouterr().err
    assert "there is such a survey already" in errors
    assert "no row looks like headers" in errors
    assert "there is no such file" in errors
    assert not (tmp_path / "data" / "raw" / "2025").exists()


def test_hostile_headers_and_units_stay_text(tmp_path: Path):
    head = [
        "Unit\n!!python/object: x",
        "Persyaratan",
        "Prosedur",
        "Waktu: {a: [",
        "# order: form\nrule: 1",
        "Biaya",
    ]
    rows = [head, *[["=cmd|' /C calc'!A0", 3, 3, "x", "y", 4]] * 3, *[["Dinas 'A': [", 3, 3, "", "", 4]] * 3]
    (tmp_path / "a.csv").write_text(csv_text(rows), encoding="utf-8")
    assert (
        run("new", "2024", "--from-file", str(tmp_path / "a.csv"), "--root", str(tmp_path / "r"), "-q") == 0
    )
    loaded = survey.load(tmp_path / "r", "2024")
    assert [unit.name for unit in loaded.units] == ["cmd|' /C calc'!A0", "Dinas 'A': ["]
    assert loaded.definition.order is None
    assert intake.clean(loaded).responses["unit"].astype(str).value_counts().tolist() == [3, 3]


@pytest.mark.parametrize(
    "line", ["a: b", "'", '"\\', "# x", "- y", "{", "\u2028", "é ☃", "\x07", "yes", "1", ""]
)
def test_any_text_can_be_quoted(line: str):
    import yaml

    assert yaml.safe_load(f"x: {quoted(line)}")["x"] == line


def test_what_identifies_a_person_is_not_written_into_the_definition(tmp_path: Path):
    phone = "0812-3456-7890"
    rows = [
        ["Unit", "Persyaratan", "Prosedur", "Waktu", f"Hubungi {phone}"],
        *[["a", 3, f"telp {phone}", 3, ""]] * 4,
    ]
    (tmp_path / "a.csv").write_text(csv_text(rows), encoding="utf-8")
    assert (
        run("new", "2024", "--from-file", str(tmp_path / "a.csv"), "--root", str(tmp_path / "r"), "-q") == 0
    )
    written = (tmp_path / "r/data/raw/2024/survey.yml").read_text(encoding="utf-8")
    assert phone not in written
    assert mask(f"telp {phone}") in written


def test_a_new_period_keeps_the_questionnaire_and_drops_the_old_dates(tmp_path: Path):
    definition = (
        "# kept\ntitle:\n  id: SKM Kota 2024\n  en: Survey 2024\nperiod: 2024\nfieldwork:\n  start: 2024-02-01\n"
        "  end: 2024-03-01\nmode: online  # kept, too\nlookups:\n- {field: unit, path: kode.csv, key: k, text: t}\n"
    )
    old = make(tmp_path, {"a.csv": "x\r\n", "kode.csv": "k,t\r\n1,Dinas A\r\n"}, definition)
    written = renew.renew(old, "2025-s1")
    assert {path.name for path in written} == {"survey.yml", "units.csv", "kode.csv"}, "no answers are copied"
    new = survey.load(tmp_path, "2025-s1")
    assert new.definition.period == "2025-s1"
    assert new.definition.fieldwork.start is None
    assert new.definition.mode == "online"
    assert new.definition.text(new.definition.title) == "SKM Kota 2025-s1"
    content = written[0].read_text(encoding="utf-8")
    assert "# kept" in content
    assert "#   start: 2024-02-01" in content


def test_a_survey_from_nothing_can_be_loaded(tmp_path: Path):
    assert run("new", "2026", "--root", str(tmp_path), "-q") == 0
    assert survey.load(tmp_path, "2026").definition.period == "2026"
    with pytest.raises(SurveyError):
        renew.blank(tmp_path, "2026")


def test_a_proposal_says_what_no_file_tells_and_goes_on_in_the_folder_it_was_given(tmp_path: Path, capsys):
    scores = [[str(1 + (row + item) % 4) for item in range(9)] for row in range(6)]
    sent, root = tmp_path / "isian.csv", tmp_path / "kota kita"
    sent.write_text(csv(LABELS, *scores), encoding="utf-8")
    assert run("new", "2025", "--from-file", str(sent), "--root", str(root)) == 0
    said = capsys.readouterr().out
    assert "one for all; write its name in units.csv" in said
    assert said.splitlines()[-1] == f"next: read survey.yml, then: skm check 2025 --root '{root}'"
    proposed = (root / "data/raw/2025/survey.yml").read_text(encoding="utf-8")
    assert "# No dates are in the files." in proposed
    assert "# sampling: ..." in proposed
    assert survey.load(root, "2025").years == (2025, 2025)


def test_a_copy_of_a_file_is_told_and_is_no_unit(tmp_path: Path, capsys):
    texts = {name: csv_text([["No", *LABELS], *[[n, *SCORES[i]] for i, n in enumerate(range(at, at + 12))]])
             for name, at in (("Dinas A", 1), ("Dinas B", 21))}  # fmt: skip
    for name in ("Copy of Dinas A", "Dinas A", "Dinas A (1)", "Dinas B"):
        text = texts["Dinas B" if "B" in name else "Dinas A"]
        (tmp_path / "in" / f"{name}.csv").parent.mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.csv").write_text(text, encoding="utf-8")
    assert run("new", "2024", "--from-file", str(tmp_path / "in"), "--root", str(tmp_path / "r")) == 0
    said = capsys.readouterr().out
    assert "Copy of Dinas A.csv: is the same file as Dinas A.csv; its rows are counted once" in said
    assert "Dinas A (1).csv: is the same file as Dinas A.csv" in said
    assert "units: 2 (from the file names)" in said
    made = intake.clean(survey.load(tmp_path / "r", "2024"))
    assert made.responses["unit"].astype(str).value_counts().to_dict() == {"dinas-a": 12, "dinas-b": 12}


def test_one_content_in_the_folders_of_two_units_leaves_both_units(tmp_path: Path, capsys):
    text = csv_text([["No", *LABELS], *[[n, *SCORES[n]] for n in range(12)]])
    for name in ("dinas-a", "dinas-b"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "data.csv").write_text(text, encoding="utf-8")
    assert run("new", "2024", "--from-file", str(tmp_path / "in"), "--root", str(tmp_path / "r")) == 0
    assert "units: 2 (from the folders)" in capsys.readouterr().out
    made = intake.clean(survey.load(tmp_path / "r", "2024"))
    (told,) = [p for p in made.problems if "same file" in p.what]
    assert (told.file, told.first) == ("dinas-b/data.csv", True)
    assert told.hint.startswith("these are files of two units")
