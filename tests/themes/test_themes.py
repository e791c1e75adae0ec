"""Themes of suggestions: what keywords find, held against labelled lines, and a survey's own list."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest

from pipeline import rules, survey, themes
from pipeline.run.hashes import Hashes
from pipeline.run.keys import Keys
from pipeline.run.plan import Options
from pipeline.survey import yamlfile
from pipeline.survey.themes import FILE, ThemeFile
from pipeline.themes.judge import one
from tests.themes import measure

MODEL = themes.built_in()
DATA = Path(survey.__file__).with_name(FILE)


def found(text: str, model: themes.Model = MODEL) -> tuple[str, ...]:
    kind, names = one(text, model)
    return (kind,) if kind else names


@pytest.mark.parametrize("part", ["held-out", "blind"])
def test_of_the_themes_found_in_lines_that_the_keywords_were_not_made_with_most_are_right(part: str):
    lines = measure.labelled()
    precision, recall = measure.precision_and_recall(lines[lines["part"] == part])
    assert precision >= 0.85
    assert recall >= 0.70


def test_over_all_labelled_lines_precision_is_high_for_themes_and_for_texts_without_one():
    lines = measure.labelled()
    assert len(lines) >= 300
    assert measure.precision_and_recall(lines)[0] >= 0.85
    junk = lines["found"].map(lambda names: bool(names & set(themes.JUNK)))
    right = [want == got for want, got in zip(lines.loc[junk, "want"], lines.loc[junk, "found"])]
    assert sum(right) / len(right) >= 0.85


def test_every_theme_has_labelled_lines_and_finds_more_right_than_wrong():
    for name, (right, wrong, missed) in measure.counted(measure.labelled()).items():
        assert right + missed >= 5, name
        assert right > wrong, name


def test_the_note_beside_the_labelled_lines_holds_the_figures_of_today():
    note = Path(measure.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert measure.table() in note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mengantre", "antrean"), ("antreannya", "antrean"), ("ngantri", "antrean"), ("antri2", "antrean"),
        ("persyratan ribet", "syarat"), ("kursi-kursinya", "ruang"), ("petugasnya JUTEKKK", "sikap"),
    ],
)  # fmt: skip
def test_affixes_doubling_chat_spelling_and_one_slip_do_not_hide_a_word(text: str, expected: str):
    assert expected in found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tidak ada keluhan", "none"), ("blm ada komplain", "none"), ("keluhan saya diabaikan", "pengaduan"),
        ("ga ada tempat pengaduan", "pengaduan"), ("kurang baik", "other"), ("baik", "praise"),
    ],
)  # fmt: skip
def test_a_word_of_negation_counts_where_it_changes_what_is_spoken_of(text: str, expected: str):
    assert found(text) == (expected,)


def test_praise_and_complaint_of_one_thing_are_the_same_theme():
    assert found("petugasnya ramah") == found("petugasnya tidak ramah") == ("sikap",)


@pytest.mark.parametrize("text", ["ruang tunggu", "kursi roda", "saya dilarang masuk", "selama ini"])
def test_words_within_other_expressions_are_not_taken_for_themselves(text: str):
    assert not {"antrean", "biaya", "proses"} & set(found(text))


@pytest.mark.parametrize("text", ["", "   ", "...", "12345", "👍", "<phone>", "\x00"])
def test_a_text_without_a_word_says_nothing(text: str):
    assert found(text) == ("none",)


def test_another_script_is_no_noise():
    assert found("شكرا جزيلا على الخدمة") == ("other",)


def test_the_order_of_texts_changes_nothing():
    lines = measure.labelled()["text"]
    first = themes.judge(lines, MODEL)
    again = themes.judge(lines[::-1], MODEL).loc[first.index]
    pd.testing.assert_frame_equal(first, again)


def test_a_very_long_text_is_judged_in_the_time_of_its_words():
    begun = time.process_time()
    themes.judge(pd.Series(["lama antre " * 5_000, "x" * 50_000, "a-" * 20_000]), MODEL)
    assert time.process_time() - begun < 5


def test_people_and_different_texts_are_counted_apart_and_a_text_of_two_themes_in_both():
    said = pd.Series(["Toilet kotor", "toilet kotor.", "WC bau dan parkir sempit", "baik", None, "-"])
    judged = themes.judge(said, MODEL)
    assert themes.of_themes(judged) == {"kebersihan": (3, 2), "parkir": (1, 1)}
    assert themes.of_items(judged) == {"U9": (3, 2)}
    assert themes.of_junk(judged) == {"none": 1, "praise": 1, "noise": 0, "test": 0}


def test_the_list_of_the_package_says_no_key_twice_and_names_each_theme_in_both_languages():
    content, _ = yamlfile.read(DATA)
    assert ThemeFile.model_validate(content) == MODEL.file
    codes = set(rules.load("permenpanrb-14-2017").codes)
    for name, theme in MODEL.file.themes.items():
        assert set(theme.name) == {"id", "en"}, name
        assert theme.unsur in codes, name
    assert {theme.unsur for theme in MODEL.file.themes.values()} == codes


def test_no_keyword_stands_twice_in_a_theme():
    for name, theme in MODEL.file.themes.items():
        for way in ("words", "unless_negated", "exclude"):
            words = getattr(theme, way)
            assert len(words) == len(set(words)), (name, way, sorted(w for w in words if words.count(w) > 1))


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("Antrean terlalu lama", True), ("Kursi tunggu kurang banyak", True),
        ("petugas loket goblok", False), ("Pak camat tidak pernah ada", False), ("antre di loket Wayan lama", False),
        ("hubungi 081234", False), ("<b>antre</b>", False), ("antre lama 😡", False),
    ],
)  # fmt: skip
def test_only_a_plain_text_about_nobody_is_quoted_alone(text: str, fit: bool):
    assert themes.fit_to_quote(text, MODEL) is fit


# -- a survey's own list ----------------------------------------------------------------


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("themes")
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text("title: {id: Survei}\nfiles: [{path: '*.csv'}]\n", encoding="utf-8")
    (raw / "units.csv").write_text("id,name,type\ndinas-a,Dinas A,dinas\n", encoding="utf-8")
    return root


def own(city: Path, tmp_path: Path, text: str) -> survey.Survey:
    """The made-up city with a list of its own."""
    root = shutil.copytree(city, tmp_path / "root")
    (root / "data" / "raw" / "2024" / FILE).write_text(text, encoding="utf-8")
    return survey.load(root, "2024")


def test_a_survey_adds_keywords_and_themes_and_leaves_some_out(city: Path, tmp_path: Path):
    opened = own(city, tmp_path, (
        "drop: [parkir]\n"
        "spellings: {brp: berapa}\n"
        "themes:\n"
        "  biaya: {words: [setoran]}\n"
        "  perahu: {unsur: U9, name: {id: Perahu}, words: [perahu, dermaga]}\n"
    ))  # fmt: skip
    model = themes.of_survey(opened)
    assert found("dermaganya rusak", model) == ("perahu",)
    assert found("setoran naik", model) == ("biaya",)
    assert found("parkir", model) == ("other",)
    assert model.name("perahu", "en") == "Perahu"
    assert found("dermaganya rusak") == ("other",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "themes: {laut: {unsur: U12, name: {id: x}, words: [laut]}}",
            'themes.laut.unsur": there is no unsur "U12"',
        ),
        ("themes: {laut: {words: [laut]}}", "a new theme needs unsur, name and words"),
        ("themes:\n  biaya:\n    kata: [x]\n", 'line 3, key "themes.biaya.kata": there is no such key'),
        ("drop: [parkiran]", 'there is no theme "parkiran" to leave out\n  hint: did you mean "parkir"?'),
        ("themes: {biaya: {words: mahal}}", "must be a list, one keyword a line"),
        ("themes: {Biaya Baru: {words: [mahal]}}", "is no id of a theme"),
        ("themes: {biaya: {words: [x]}}", "is too short or too long for a keyword"),
        ("- a\n- b\n", "must be a list of keys and values"),
        ("themes: &a {}\nspellings: *a\n", "aliases"),
        ("themes: !!python/object:os.system {}", "is not valid YAML"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_in_one_sentence_with_its_place(
    city: Path, tmp_path: Path, text: str, said: str
):
    with pytest.raises(survey.SurveyError) as error:
        own(city, tmp_path, text)
    assert said in str(error.value)
    assert str(error.value).startswith("data/raw/2024/themes.yml")
    assert len(error.value.problems) == 1


def test_a_changed_list_makes_reports_again_and_no_stage(city: Path, tmp_path: Path):
    def works(opened: survey.Survey) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        keys = Keys(opened, Options(), Path("notebooks"), Hashes(opened.root))
        unit = {"id": "dinas-a", "slug": "dinas-a"}
        raw = {f"raw file {n}" for n in keys.raw() if n == FILE}
        stage = {k: v for k, v in keys.stage("1-clean", None).parts.items() if k in raw}  # type: ignore[arg-type]
        return keys.unit(unit, {"tables": ""}).parts, keys.common, stage

    unit, common, _ = works(survey.load(city, "2024"))
    changed = own(city, tmp_path, "themes: {biaya: {words: [setoran]}}")
    unit_after, common_after, stage = works(changed)
    assert common_after == common
    assert not stage
    assert {k for k in unit_after if unit_after[k] != unit.get(k)} == {"themes of suggestions"}
    (changed.raw / FILE).write_text("themes: {biaya: {words: [upeti]}}", encoding="utf-8")
    assert themes.of_survey(survey.load(changed.root, "2024")).file != themes.of_survey(changed).file
    assert works(changed)[0] != unit_after


def test_no_theme_is_a_score_of_sentiment():
    text = DATA.read_text(encoding="utf-8")
    assert not re.search(r"positi[fv]|negati[fv]e?:|sentiment|skor|score|polar", text)
