"""Tables below and beside the answers: more answers, or none; never people by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline import intake
from tests.support.raw_surveys import LABELS, balance, cleaned, csv
from tests.support.shapes import SCORES, book
from tests.support.sheet_fixture import (
    BLANK,
    EIGHT,
    HEAD,
    MEANS,
    NAMES,
    UNITS,
    block,
    by_unit,
    read,
)

OTHERS: dict[str, list[list[Any]]] = {
    "recap with the same words": [["Unit", *LABELS], *[[NAMES[u], *m] for u, m in MEANS.items()]],
    "recap under its own header": [["No", "Unit layanan", "Jumlah", "IKM"], [1, "A", 7, 76.4], [2, "B", 5, 74.4]],
    "key of scores": [["Nilai", "Mutu", "Kinerja"], ["1", "D", "Tidak baik"], [2, "C", "Kurang"], [3, "B", "Baik"]],
    "names of unsur": [["Kode", "Unsur"], *[[f"U{n}", label] for n, label in enumerate(LABELS, start=1)]],
    "signature": [[*[None] * 7, "Mengetahui,"], [*[None] * 7, "Kepala Dinas"], BLANK, [*[None] * 7, "NIP. 19700101"]],
    "notes": [["Keterangan:"], ["1 = tidak baik"], ["4 = sangat baik"]],
}  # fmt: skip


@pytest.mark.parametrize("what", list(OTHERS))
def test_what_stands_below_the_answers_is_never_turned_into_people(tmp_path: Path, what: str):
    head = ["No", "Unit", *LABELS]
    rows = [
        head,
        *[[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])],
        BLANK,
        *OTHERS[what],
    ]
    made = read(tmp_path, rows, "unmatched: missing\n")
    assert by_unit(made) == EIGHT
    assert made.counts["not_data"].sum() + made.counts["excluded"].sum() == 1 + len(OTHERS[what])
    if what not in ("signature", "notes"):
        assert [p.row for p in made.problems if "another table begins" in p.what] == [15]


def test_answers_below_a_header_in_other_words_are_a_loss_that_is_told(tmp_path: Path):
    head = ["No", "Unit", *LABELS]
    people = [[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]
    unknown = ["Urutan", "Tempat", *[f"Hal {c}" for c in "abcdefghi"]]
    made = read(tmp_path, [head, *people[:7], BLANK, unknown, *people[7:]])
    assert len(made.responses) == 7
    assert [(p.row, p.lost) for p in made.problems if p.loss] == [(10, 5)]


def beside(left: Sequence[Sequence[Any]], right: Sequence[Sequence[Any]], gap: int = 1) -> list[list[Any]]:
    width = max(map(len, left))
    height = max(len(left), len(right))
    pad = [*left, *[[]] * (height - len(left))]
    return [
        [*row, *[None] * (width - len(row) + gap), *(right[i] if i < len(right) else [])]
        for i, row in enumerate(pad)
    ]


def test_a_table_beside_the_answers_is_left_out_and_named(tmp_path: Path):
    head = ["No", "Unit", *LABELS]
    people = [head, *[[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]]
    recap = [["Rekap unit", "Jumlah", *LABELS], *[[NAMES[u], len(EIGHT[u]), *m] for u, m in MEANS.items()]]
    short = [["Unit", "IKM"], ["Dinas Apel", 76.4], ["Dinas Belimbing", 74.4]]
    key = [["Nilai", "Arti"], *[[n, f"arti {n}"] for n in range(1, 20)]]
    for place, rows in enumerate(
        (beside(people, recap), beside(recap, people, 2), beside(people, short), beside(people, key))
    ):
        made = read(tmp_path / str(place), rows)
        assert by_unit(made) == EIGHT, place
        assert sum("another table beside the answers" in p.what for p in made.problems) == 1


def test_columns_of_the_same_people_after_an_empty_one_are_read(tmp_path: Path):
    profile = [["No", "Unit"], *[[i + 1, NAMES[u]] for u in EIGHT for i, _ in enumerate(EIGHT[u])]]
    answers = [LABELS, *[s for u in EIGHT for s in EIGHT[u]]]
    said = [["Saran"], *[["Tambah kursi"] if i % 4 == 0 else [None] for i in range(12)]]
    made = read(tmp_path, beside(beside(profile, answers), said))
    assert by_unit(made) == EIGHT
    assert not made.problems


def test_two_tables_of_answers_beside_one_another_are_refused_by_name(tmp_path: Path):
    rows = beside([HEAD, *block("apel")], [HEAD, *block("belimbing")])
    with pytest.raises(intake.IntakeError, match="two tables of answers beside one another"):
        read(tmp_path, rows)


def test_two_tables_of_answers_beside_one_another_are_read_where_titles_name_their_units(tmp_path: Path):
    rows = beside(
        [["Dinas Apel"], HEAD, *block("apel")], [["Unit: Dinas Belimbing"], HEAD, *block("belimbing")]
    )
    made = read(tmp_path, rows)
    assert by_unit(made) == EIGHT
    assert sorted(made.responses["source_file"].astype(str).unique()) == ["a.xlsx", "a.xlsx (columns L to U)"]


@pytest.mark.parametrize("header", [True, False])
def test_counts_of_each_answer_below_the_table_are_no_respondents(tmp_path: Path, header: bool):
    people = [[i + 1, NAMES[u], *s] for u in EIGHT for i, s in enumerate(EIGHT[u])]
    counts = [[t, None, *[sum(p[2 + u] == v for p in people) for u in range(9)]]
              for v, t in ((4, "Sangat baik"), (3, "Baik"), (2, "Kurang"), (1, "Tidak"))]  # fmt: skip
    between = [BLANK, ["Rekap frekuensi"], ["Jawaban", None, *LABELS]] if header else []
    made = read(tmp_path, [["No", "Unit", *LABELS], *people, *between, *counts])
    assert by_unit(made) == EIGHT


def test_a_second_table_below_respondents_of_a_long_export_is_no_person(tmp_path: Path):
    people = [[i + 1, NAMES[u]] for u in EIGHT for i, _ in enumerate(EIGHT[u])]
    people = [[n, name] for n, (_, name) in enumerate(people, start=1)]
    answers = [[n, label, s[u]] for n, s in enumerate(SCORES, start=1) for u, label in enumerate(LABELS)]
    sheet = [["id responden", "unit"], *people, BLANK, ["Kode unit", "Nama unit"], ["a", "Dinas Apel"]]
    files = {"p.xlsx": book({"D": sheet}), "j.csv": csv(["id responden", "item", "jawaban"], *answers)}
    definition = "files:\n- {path: p.xlsx, role: respondents}\n- {path: j.csv, role: answers}\n"
    made = cleaned(tmp_path, files, definition, units=UNITS)
    balance(made)
    assert len(made.responses) == 12
    assert [p.row for p in made.problems] == [15]


def test_a_column_of_times_is_not_read_as_answers_about_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pipeline.intake.values.answers import ItemReader

    asked: list[str] = []
    whole = ItemReader.read
    monkeypatch.setattr(ItemReader, "read", lambda self, text: (asked.append(text), whole(self, text))[1])
    rows = [
        [f"2025-03-{1 + n % 28:02d} 08:{n // 28:02d}:11", "Dinas Apel", *EIGHT["apel"][0]] for n in range(900)
    ]
    head = ["Waktu", "Unit", *(label.replace(",", "") for label in LABELS)]
    made = cleaned(tmp_path, {"a.csv": csv(head, *rows)}, "title: A\n", units=UNITS)
    assert len(made.responses) == 900
    assert len(asked) < 100
