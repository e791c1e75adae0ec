"""A second column about the same question: the answers decide which one counts, or it is asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import intake, survey
from pipeline.cli import main
from tests.support.raw_surveys import CODES, LABELS, balance, cleaned, csv, make
from tests.support.shapes import OPTIONS

SCORES = [[1 + (3 * i + u + i * u) % 4 for u in range(9)] for i in range(12)]
REMARKS = ["", "antri lama", "sudah baik", "", "petugas ramah", "cepat"]


def seconds(i: int, u: int) -> object:
    return round(2.2 + 3.7 * u + i, 2)


def whole(i: int, u: int) -> object:
    return 3 + (5 * i + u) % 40


def remark(i: int, u: int) -> object:
    return REMARKS[(i + u) % 6]


def points(i: int, u: int) -> object:
    return 1 + (i + 2 * u) % 4  # fits the scale, and is not the answer


def zero(i: int, u: int) -> object:
    return 0


#: How a form calls the column beside a question, and what stands in it.
SIBLINGS: dict[str, tuple[str, Callable[[int, int], object]]] = {
    "msforms points": ("Points - {}", zero),
    "msforms points that fit": ("Points - {}", points),
    "msforms feedback": ("Feedback - {}", remark),
    "msforms in Indonesian": ("Poin - {}", points),
    "google quiz score": ("{} [Score]", lambda i, u: "1.00 / 1"),
    "google quiz feedback": ("{} [Feedback]", remark),
    "limesurvey question time": ("Question time: {}", seconds),
    "whole seconds": ("Question time: {}", whole),
    "limesurvey comment": ("{} [Komentar]", remark),
    "limesurvey comment in English": ("{} [comment]", remark),
    "limesurvey other": ("{} [Lainnya]", remark),
    "reasons": ("Alasan: {}", remark),
    "reasons for a value": ("Alasan Anda untuk nilai {}", remark),
    "reason behind": ("{} - Alasan", remark),
    "comment in brackets": ("Komentar [{}]", remark),
    "surveymonkey other": ("{} - Other (please specify)", remark),
    "remarks": ("Keterangan {}", remark),
    "qualtrics": ("{} - Page Submit", seconds),
    "duration": ("Durasi {}", seconds),
    "advice": ("Saran untuk {}", lambda i, u: ("baik", "", "sudah baik")[(i + u) % 3]),
    "limesurvey in Indonesian": ("Waktu pertanyaan: {}", seconds),
    "a comment on a comment": ("{} [Komentar]", lambda i, u: ("3", "4", "2")[(i + u) % 3]),
    "two in one": ("Catatan untuk {}", lambda i, u: (3, "", "baik")[(i + u) % 3]),
}


def beside(
    text: str, cell: Callable[[int, int], object], first: bool, labels: tuple[str, ...] = LABELS
) -> str:
    """A form with one more column per question, in front of it or behind it."""
    header, rows = ["Timestamp", "unit"], [["2024-06-03 09:00:00", "a"] for _ in SCORES]
    for u, label in enumerate(labels):
        pair = [text.format(label), label][:: 1 if first else -1]
        header += [f'"{name}"' for name in pair]
        for i, row in enumerate(rows):
            row += [str(cell(i, u)), SCORES[i][u]][:: 1 if first else -1]
    return csv(header, *rows)


def scores(made: intake.Intake) -> list[list[int]]:
    return made.responses[CODES].astype(int).values.tolist()


@pytest.mark.parametrize(
    "first", [pytest.param(False, id="behind"), pytest.param(True, id="in front", marks=pytest.mark.full)]
)
@pytest.mark.parametrize("name", SIBLINGS)
def test_what_a_form_writes_beside_a_question_is_no_answer(tmp_path: Path, name: str, first: bool):
    text, cell = SIBLINGS[name]
    made = cleaned(tmp_path, {"a.csv": beside(text, cell, first)})
    assert scores(made) == SCORES
    assert [p.what for p in made.problems] == []
    assert made.responses["suggestion"].isna().all()
    balance(made)


@pytest.mark.parametrize("glued", ["{}Time", "{}_comment", "{}comment", "{}_TEXT", "{}other", "{}_alasan"])
def test_names_of_variables_with_time_and_comment_glued_to_them_are_no_answers(tmp_path: Path, glued: str):
    labels = tuple(f"U{n}" for n in range(1, 10))
    files = {"a.csv": beside(glued, seconds if "Time" in glued else remark, False, labels)}
    assert scores(cleaned(tmp_path, files, "order: form\n")) == SCORES


@pytest.mark.parametrize(
    "names", [("U{}", "Nilai U{}"), ("U{}_label", "U{}"), ("Kode U{}", "U{}"), ("U{} (teks)", "Skor U{}")]
)
def test_of_a_text_and_its_score_one_counts_and_it_is_said(tmp_path: Path, names: tuple[str, str]):
    header, rows = ["unit"], [["a"] for _ in SCORES]
    for u in range(9):
        header += [name.format(u + 1) for name in names]
        for i, row in enumerate(rows):
            row += [OPTIONS[u][SCORES[i][u] - 1], SCORES[i][u]]
    made = cleaned(tmp_path, {"a.csv": csv(header, *rows)}, "order: form\n")
    assert scores(made) == SCORES
    said = [p for p in made.problems if "two columns hold the same answers to U1, U2" in p.what]
    assert len(said) == 1
    assert not said[0].fatal
    balance(made)


def test_where_the_texts_are_nobodys_options_the_scores_beside_them_count(tmp_path: Path):
    header, rows = ["unit"], [["a"] for _ in SCORES]
    for u in range(9):
        header += [f"U{u + 1}", f"Nilai U{u + 1}"]
        for i, row in enumerate(rows):
            row += [f"Opsi {'ABCD'[SCORES[i][u] - 1]}x", SCORES[i][u]]
    made = cleaned(tmp_path, {"a.csv": csv(header, *rows)}, "order: form\n")
    assert scores(made) == SCORES


def test_a_block_of_questions_in_two_languages_is_one_where_both_say_the_same(tmp_path: Path):
    english = ("Requirements", "Procedure", "Completion time", "Cost", "Product", "Staff competence",
               "Staff behaviour", "Handling of complaints", "Facilities")  # fmt: skip
    known = [name for name in english if survey_label(tmp_path, name)]
    assert len(known) >= 4
    header = ["unit", *LABELS, *known]
    rows = [["a", *SCORES[i], *(SCORES[i][english.index(name)] for name in known)] for i in range(12)]
    made = cleaned(tmp_path / "2", {"a.csv": csv(header, *rows)})
    assert scores(made) == SCORES


def survey_label(tmp_path: Path, name: str) -> bool:
    from pipeline.intake.values.items import official

    return official(make(tmp_path / "labels", {})).match(name) is not None


PAIRS = [("{}", "Harapan {}"), ("Kepuasan {}", "Kepentingan {}"), ("{} (kenyataan)", "{} (harapan)")]


@pytest.mark.parametrize("names", PAIRS)
def test_two_columns_that_fit_and_differ_are_asked_about_with_examples(
    tmp_path: Path, names: tuple[str, str]
):
    header, rows = ["unit"], [["a"] for _ in SCORES]
    for u, label in enumerate(LABELS):
        header += [name.format(label) for name in names]
        for i, row in enumerate(rows):
            row += [SCORES[i][u], 4 if (i + u) % 5 else 3]
    files = {"a.csv": csv(header, *rows)}
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, files)
    text = str(caught.value)
    assert f'"{header[1]}" (B) and "{header[2]}" (C) both mean U1 and differ in ' in text
    assert "(B: 1, 4, 3; C: 3, 4); the same for U2, U3" in text
    assert "columns: {U1: column B, U2: column D, " in text
    pasted = text[text.index("columns: {") :].splitlines()[0]
    made = cleaned(tmp_path / "2", files, f"files:\n- path: a.csv\n  {pasted}\n")
    assert scores(made) == SCORES


def new(tmp_path: Path, content: str) -> tuple[str, str]:
    """What `skm new` writes and the path of the survey's root."""
    (tmp_path / "sent").mkdir(parents=True)
    (tmp_path / "sent" / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["new", "2025", "--from-file", str(tmp_path / "sent" / "a.csv"), "--root", str(tmp_path / "r")])
    assert not done.value.code
    return (tmp_path / "r/data/raw/2025/survey.yml").read_text(encoding="utf-8"), str(tmp_path / "r")


@pytest.mark.parametrize("name", ["msforms points", "whole seconds", "limesurvey comment", "reasons"])
def test_a_proposal_of_such_a_form_is_wide_and_reads_it_right(tmp_path: Path, name: str):
    written, root = new(tmp_path, beside(*SIBLINGS[name], False))
    assert "role:" not in written
    assert "TO DECIDE" not in written
    assert scores(intake.clean(survey.load(root, "2025"))) == SCORES


def test_a_proposal_asks_between_two_columns_and_keeps_both_in_view(tmp_path: Path):
    header, rows = ["unit"], [["a"] for _ in SCORES]
    for u, label in enumerate(LABELS):
        header += [label, f"Harapan {label}"]
        for i, row in enumerate(rows):
            row += [SCORES[i][u], 4 if (i + u) % 5 else 3]
    written, root = new(tmp_path, csv(header, *rows))
    assert "role:" not in written
    assert "TO DECIDE: two columns each could hold the answers to U1, U2, U3" in written
    assert "# U1: column B    # Persyaratan (e.g. 1; 4; 3)" in written
    assert "# U1: column C    # Harapan Persyaratan (e.g. 3; 4)" in written
    kept = [line for line in written.splitlines() if "Harapan" not in line]
    chosen = "\n".join(
        line.replace("# ", "", 1)
        if line.strip().startswith(("# columns:", "# U")) and "certain" not in line
        else line
        for line in kept
    )
    path = Path(root) / "data/raw/2025/survey.yml"
    path.write_text(chosen, encoding="utf-8")
    assert scores(intake.clean(survey.load(root, "2025"))) == SCORES


def test_ticks_of_a_question_with_several_answers_are_no_second_column(tmp_path: Path):
    header = ["unit", "Layanan yang diterima", "Layanan yang diterima/KTP", "Layanan yang diterima/KK",
              *[f"Penilaian/{label}" for label in LABELS]]  # fmt: skip
    rows = [["a", "KTP KK" if i % 2 else "KTP", 1, i % 2, *SCORES[i]] for i in range(12)]
    made = cleaned(tmp_path, {"a.csv": csv(header, *rows)})
    assert scores(made) == SCORES
    hows = dict(zip(made.columns["header"].astype(str), made.columns["how"].astype(str)))
    assert hows["Layanan yang diterima/KTP"] == hows["Layanan yang diterima/KK"] == "beside"


def test_the_hint_names_a_column_whose_answers_fit(tmp_path: Path):
    header = ["unit", "Nomor antrian loket", "Catatan petugas", "Butir penutup", *LABELS[:8]]
    rows = [["a", 100 + i, REMARKS[i % 6], SCORES[i][8], *SCORES[i][:8]] for i in range(12)]
    made = cleaned(tmp_path, {"a.csv": csv(header, *rows)})
    (said,) = [p for p in made.problems if "has no column for U9" in p.what]
    assert "U9: 'Butir penutup'" in said.hint


def test_branches_of_a_form_are_still_one_column(tmp_path: Path):
    header = ["unit", *LABELS, *LABELS]
    rows = [
        ["a", *(SCORES[i] if i % 2 else [""] * 9), *([""] * 9 if i % 2 else SCORES[i])] for i in range(12)
    ]
    assert scores(cleaned(tmp_path, {"a.csv": csv(header, *rows)})) == SCORES


WORDS = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"]


@pytest.mark.parametrize(
    "name", ["msforms points that fit", "whole seconds", "limesurvey comment", "google quiz score"]
)
def test_what_stands_beside_the_questions_of_ones_own_is_no_item_either(tmp_path: Path, name: str):
    text, cell = SIBLINGS[name]
    header, rows = ["Unit layanan"], [["Dinas A"] for _ in range(24)]
    draw = random.Random(5)
    answers = [[draw.randint(1, 5) for _ in WORDS] for _ in range(24)]
    for u, word in enumerate(WORDS):
        header += [
            f"Bagaimana pendapat Anda tentang hal {word}?",
            text.format(f"Bagaimana pendapat Anda tentang hal {word}?"),
        ]
        for i, row in enumerate(rows):
            row += [answers[i][u], cell(i, u)]
    _, root = new(tmp_path, csv(header, *rows))
    made = intake.clean(survey.load(root, "2025"))
    items = [name.removesuffix("__status") for name in made.responses if name.endswith("__status")]
    assert made.responses[items].astype(int).values.tolist() == answers
