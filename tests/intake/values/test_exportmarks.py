"""What an export says of its own rows is counted and said, and the definition decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.survey import SurveyError
from tests.support.raw_surveys import CODES, LABELS, balance, cleaned, csv, make, reasons

SCORES = [[1 + (3 * i + u + i * u) % 4 for u in range(9)] for i in range(8)]
#: System, kind, columns it adds, and their cells for a row that is marked (else for all others).
SIBLINGS = {
    "kobo": ("rejected", ["_id", "_validation_status"], ["Not Approved"], ["Approved"]),
    "kobo uid": ("rejected", ["_validation_status"], ["validation_status_not_approved"], [""]),
    "odk central": ("rejected", ["ReviewState"], ["rejected"], ["approved"]),
    "odk central path": ("rejected", ["__system/reviewState"], ["rejected"], [""]),
    "surveycto": ("rejected", ["review_status"], ["REJECTED"], ["APPROVED"]),
    "kobo as json": ("rejected", ["_validation_status.label"], ["Not Approved"], ["Approved"]),
    "a plain status": ("rejected", ["Status"], ["Ditolak"], ["Diterima"]),
    "an office": ("rejected", ["Status Verifikasi"], ["Ditolak"], ["Disetujui"]),
    "qualtrics": ("test", ["Status"], ["Survey Preview"], ["IP Address"]),
    "qualtrics spam": ("test", ["Status"], ["Spam"], ["IP Address"]),
    "qualtrics codes": ("test", ["Progress", "Finished", "Status"], ["100", "1", "1"], ["100", "1", "0"]),
    "qualtrics channel": ("test", ["DistributionChannel"], ["preview"], ["anonymous"]),
    "surveymonkey": ("test", ["Collector Name"], ["Web Link (test)"], ["Web Link 1"]),
    "a flag": ("test", ["is_test"], ["1"], ["0"]),
    "an office's trial": ("test", ["Status"], ["Uji coba"], ["Menikah"]),
    "limesurvey": ("incomplete", ["Last page", "Date submitted"], ["2", ""], ["3", "2025-06-02 10:00:00"]),
    "limesurvey codes": ("incomplete", ["submitdate", "seed"], ["", "9"], ["2025-06-02 10:00:00", "9"]),
    "limesurvey pages": ("incomplete", ["lastpage"], ["1"], ["3"]),
    "qualtrics finished": ("incomplete", ["Progress", "Finished"], ["55", "False"], ["100", "True"]),
    "qualtrics progress": ("incomplete", ["Progress"], ["55"], ["100"]),
    "surveymonkey status": ("incomplete", ["Response Status"], ["Partial"], ["Completed"]),
    "redcap": ("incomplete", ["skm_complete"], ["0"], ["2"]),
    "an office's status": ("incomplete", ["Status pengisian"], ["Belum selesai"], ["Selesai"]),
}

#: The reasons in the ledger of a row that counts, and of one that is left out.
REASONS = {
    "rejected": ("marked-rejected", "rejected-submission"),
    "test": ("marked-test", "test-submission"),
    "incomplete": ("marked-incomplete", "incomplete-submission"),
}


def table(name: str, marked: tuple[int, ...] = (2, 5)) -> str:
    _, names, yes, no = SIBLINGS[name]
    header = ["unit", *LABELS, *names]
    rows = []
    for i, scores in enumerate(SCORES):
        cells = yes if i in marked else no
        rows.append(["a", *scores, *([1000 + i] if "_id" in names else []), *cells])
    return csv(header, *rows)


#: One of each system in the quick tier; the others differ in names only.
QUICK = (
    "kobo",
    "odk central path",
    "qualtrics codes",
    "surveymonkey",
    "limesurvey",
    "qualtrics finished",
    "redcap",
)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.full) for name in SIBLINGS]
)
def test_a_marked_row_counts_and_is_said_until_the_definition_leaves_it_out(tmp_path: Path, name: str):
    kind = SIBLINGS[name][0]
    made = cleaned(tmp_path, {"a.csv": table(name)})
    assert len(made.responses) == 8
    assert reasons(made) == {REASONS[kind][0]: 2}
    said = [p for p in made.problems if "2 of 8 rows" in p.what]
    assert len(said) == 1
    assert "they count" in said[0].what
    assert said[0].hint.endswith(f"marks: {{{kind}: exclude}}")
    left = cleaned(tmp_path / "2", {"a.csv": table(name)}, f"marks: {{{kind}: exclude}}\n")
    assert left.responses[CODES].astype(int).values.tolist() == [
        s for i, s in enumerate(SCORES) if i not in (2, 5)
    ]
    assert reasons(left) == {REASONS[kind][1]: 2}
    assert left.ledger["source_row"].tolist() == [4, 7]
    balance(left)


@pytest.mark.parametrize("name", ["_uuid", "meta/instanceID", "instanceID", "KEY"])
def test_the_same_answers_under_one_submission_id_are_one_submission(tmp_path: Path, name: str):
    header = ["unit", *LABELS, "_id", name, "_index"]
    rows = [["a", *SCORES[i], 1000 + i, f"uuid:{i}", i + 1] for i in range(6)]
    rows += [["a", *SCORES[4], 2000, "uuid:4", 7], ["a", *SCORES[0], 2001, "uuid:5", 8]]
    files = {"a.csv": csv(header, *rows)}
    made = cleaned(tmp_path, files)
    assert len(made.responses) == 7
    assert reasons(made) == {"same-submission": 1, "shared-submission-id": 3}
    (said,) = made.problems
    assert said.what.startswith("4 rows share the id of their submission")
    assert "1 of them say again" in said.what
    balance(made)
    kept = cleaned(tmp_path / "2", files, "marks: {duplicate_id: keep}\n")
    assert len(kept.responses) == 8
    assert reasons(kept) == {"shared-submission-id": 4}


def test_the_id_of_the_form_and_ordinary_words_mark_nothing(tmp_path: Path):
    header = ["unit", "Status", "Collector Name", "_uuid", "Kanal", *LABELS]
    rows = [["a", ["Menikah", "Lajang"][i % 2], "Loket 1", "form-1", "web", *SCORES[i]] for i in range(8)]
    made = cleaned(tmp_path, {"a.csv": csv(header, *rows)})
    assert len(made.responses) == 8
    assert not [p for p in made.problems if "rows" in p.what]


def test_marks_of_many_files_are_one_sentence(tmp_path: Path):
    files = {f"{n}.csv": table("kobo uid", (n,)) for n in range(1, 5)}
    made = cleaned(tmp_path, files)
    (said,) = made.problems
    assert said.what.startswith("4 of 32 rows were rejected")


def test_a_mark_that_does_not_exist_is_an_error(tmp_path: Path):
    with pytest.raises(SurveyError, match="rejected"):
        make(tmp_path, {}, "marks: {rejekted: exclude}\n")


def test_the_check_says_it_on_the_terminal_with_a_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from pipeline.cli import main

    make(tmp_path, {"a.csv": table("kobo")})
    with pytest.raises(SystemExit) as done:
        main(["check", "2024", "--root", str(tmp_path)])
    told = capsys.readouterr().out
    assert not done.value.code
    assert '2 of 8 rows were rejected by the office ("Not Approved"): they count' in told
    assert "marks: {rejected: exclude}" in told
