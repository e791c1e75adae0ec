"""skm new, check and run for questionnaires that are not the regulation's, with nothing edited between."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_scales import SCALES, Scale, holds, scores, sent
from test_new_survey import run

from pipeline import intake, survey


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
