"""skm new, check and run for questionnaires that are not the regulation's, with nothing edited between."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import intake, survey
from pipeline.intake.ground.problems import Refused
from pipeline.intake.propose import start
from pipeline.intake.values import likert
from pipeline.survey.text import fold
from tests.intake.propose.test_start import run
from tests.support.own_scales import (
    PEOPLE,
    SCALES,
    SETUJU,
    Scale,
    book,
    holds,
    questions,
    scores,
    sent,
    table,
    text,
)


@pytest.mark.parametrize("scale", [s for s in SCALES if not s.heavy], ids=lambda s: s.name)
def test_a_questionnaire_of_ones_own_is_proposed_and_read_untouched(tmp_path: Path, scale: Scale):
    holds(tmp_path, scale)


def proposed(tmp_path: Path, name: str) -> survey.Survey:
    """The survey that `skm new` makes of a fixture."""
    fixture = next(scale for scale in SCALES if scale.name == name)
    assert (
        run("new", "2024", "--from-file", str(sent(tmp_path, fixture)), "--root", str(tmp_path / "r"), "-q")
        == 0
    )
    return survey.load(tmp_path / "r", "2024")


def test_statements_on_a_sheet_of_their_own_become_the_questions(tmp_path: Path):
    items = proposed(tmp_path, "two-sheets").definition.instruments["kuesioner"].items
    assert items["K1_1"].question.startswith("Menurut Anda, ruang tunggu bersih")
    assert len({item.question for item in items.values()}) == 20


def test_what_is_expected_is_read_beside_what_was_found_and_is_no_item(tmp_path: Path):
    loaded = proposed(tmp_path, "found-and-expected")
    assert loaded.definition.instruments["kuesioner"].paired == "exp"
    frame = intake.clean(loaded).responses
    wanted = scores(8, seed=2)
    got = frame.sort_values("source_row")[[f"kuesioner.q{n:02d}_exp" for n in range(1, 9)]]
    assert got.astype(int).values.tolist() == wanted


def test_facets_are_named_as_the_headers_name_them(tmp_path: Path):
    facets = proposed(tmp_path, "merged-headers").definition.facets
    assert list(facets) == ["Keandalan", "Empati", "Bukti fisik"]
    assert [len(items) for items in facets.values()] == [4, 4, 4]


def test_answers_are_the_ones_that_were_given_whatever_says_them(tmp_path: Path):
    for name, items, high in (
        ("short-words", 18, 5),
        ("a-word-for-every-question", 8, 4),
        ("four-short-words", 10, 4),
    ):
        root = tmp_path / name
        root.mkdir()
        frame = intake.clean(proposed(root, name)).responses.sort_values("source_row")
        own = [c for c in frame if c.startswith("kuesioner.") and not c.endswith("__status")]
        assert frame[own].astype(int).values.tolist() == scores(items, high), name


def written(tmp_path: Path, rows: list[list[object]], name: str = "a.csv") -> tuple[survey.Survey, list[str]]:
    """What is proposed of one table, and what the terminal says of it."""
    text(tmp_path / name, rows)
    _, told = start.from_file(tmp_path / "r", "2024", tmp_path / name)
    return survey.load(tmp_path / "r", "2024"), told


def scored(loaded: survey.Survey) -> list[list[int]]:
    frame = intake.clean(loaded).responses.sort_values("source_row")
    own = [c for c in frame if c.startswith("kuesioner.") and not c.endswith("__status")]
    return [[int(v) for v in row] for row in frame[own].values.tolist()]


def test_a_scale_of_seven_beside_one_of_five_is_a_questionnaire_of_its_own(tmp_path: Path):
    head = [*[f"A{n}" for n in range(1, 9)], *[f"B{n}" for n in range(1, 6)]]
    rows = [[*a, *b] for a, b in zip(scores(8), scores(5, 7, seed=4))]
    made = written(tmp_path, table(head, rows))[0].definition.instruments
    assert [(len(i.items), i.scale.max) for i in made.values()] == [(8, 5), (5, 7)]


def test_one_question_from_nought_to_ten_does_not_stretch_the_scale_of_the_others(tmp_path: Path):
    head = [*questions(8), "Seberapa besar kemungkinan Anda menyarankan kami (0-10)"]
    rows = [[*a, *b] for a, b in zip(scores(8), scores(1, 10, low=0, seed=4))]
    loaded, _ = written(tmp_path, table(head, rows))
    assert loaded.definition.instruments["kuesioner"].scale.max == 5
    assert "one column of a scale of its own" in (loaded.raw / "survey.yml").read_text(encoding="utf-8")


def test_words_decide_where_numbers_run_the_other_way(tmp_path: Path):
    rows = [[f"{6 - v} - {SETUJU[v - 1]}" for v in row] for row in scores(6)]
    loaded, _ = written(tmp_path, table(questions(6), rows))
    assert scored(loaded) == scores(6)


def test_a_short_form_beside_the_words_is_read_with_them(tmp_path: Path):
    words = (
        "Sangat Tidak Setuju (STS)",
        "Tidak Setuju (TS)",
        "Kurang Setuju (KS)",
        "Setuju (S)",
        "Sangat Setuju (SS)",
    )
    loaded, _ = written(tmp_path, table(questions(6), [[words[v - 1] for v in row] for row in scores(6)]))
    assert scored(loaded) == scores(6)


def test_ten_questions_without_headers_are_not_the_nine(tmp_path: Path):
    loaded, _ = written(tmp_path, scores(10, 4, people=48))
    assert scored(loaded) == scores(10, 4, people=48)


def test_more_than_nine_numbered_questions_ask_for_no_order(tmp_path: Path):
    _, told = written(tmp_path, table([f"Pertanyaan {n}" for n in range(1, 15)], scores(14)))
    assert not [line for line in told if "order:" in line]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([40 + n for n in range(60)], "columns of points or counts"),
        (["Ya", "Tidak"] * 30, "columns of yes and no"),
    ],
)
def test_what_is_no_answer_scale_is_refused_with_what_it_is(tmp_path: Path, answers: list[object], why: str):
    rows = table(questions(6), [[answers[(n + k) % 60] for k in range(6)] for n in range(60)])
    with pytest.raises(Refused, match=why):
        written(tmp_path, rows)


def test_a_column_that_may_name_the_unit_is_asked_about(tmp_path: Path):
    rows = table(questions(6), scores(6), ("Jenjang", "JK", "Usia"))
    _, told = written(tmp_path, rows)
    assert any(
        'does "Jenjang" (Poli Anggrek; Poli Bakung; Poli Cempaka) name the unit?' in line for line in told
    )


def test_units_asked_different_questions_have_an_index_each(tmp_path: Path):
    definition = proposed(tmp_path, "a-folder-of-two-questionnaires").definition
    assert [(entry.units, len(entry.items)) for entry in definition.indicators] == [
        (["dinas-satu"], 13),
        (["dinas-dua"], 7),
    ]


def test_two_sheets_of_other_questions_keep_their_rows_apart_and_that_is_asked(tmp_path: Path):
    sheets = {
        s: table([f"{s[0]}{n}" for n in range(1, 7)], scores(6, seed=k))
        for k, s in enumerate(("Kinerja", "Lain"))
    }
    book(tmp_path / "a.xlsx", sheets)
    _, told = start.from_file(tmp_path / "r", "2024", tmp_path / "a.xlsx")
    assert any("if they are the same people" in line for line in told)
    made = intake.clean(survey.load(tmp_path / "r", "2024"))
    assert len(made.responses) == 2 * PEOPLE
    assert made.counts["source_file"].nunique() == 2


def test_the_check_says_how_much_is_set_aside(tmp_path: Path):
    made = intake.clean(proposed(tmp_path, "public-codes"))
    assert any("do not count, as `values:` of their questionnaire says: 6" in p.what for p in made.problems)


@pytest.mark.parametrize(
    ("texts", "levels"),
    [
        ("SS S N TS STS", 5), ("SS S KS TS STS", 5), ("SS S TS STS", 4), ("SS S KS TS", 4), ("SP P CP TP STP", 5),
        ("SB B C K SK", 5), ("SA A N D SD", 5), ("selalu,sering,jarang,tidak pernah", 4),
        ("very satisfied,satisfied,neutral,dissatisfied,very dissatisfied", 5),
        ("not at all helpful,slightly helpful,moderately helpful,very helpful,extremely helpful", 5),
        ("sangat buruk,buruk,cukup,baik,sangat baik", 5), ("ya,tidak", 0), ("laki laki,perempuan", 0), ("sma,s1,d3", 0),
    ],
)  # fmt: skip
def test_a_scale_is_told_by_its_words(texts: str, levels: int):
    found = likert.find(fold(text) for text in (texts.split(",") if "," in texts else texts.split()))
    assert (len(found.levels) if found else 0) == levels
