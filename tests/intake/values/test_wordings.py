"""Every wording seen on forms: read as it is meant, or refused; never read as something else."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline import intake, rules
from pipeline.intake.values import wording
from pipeline.intake.values.answers import ANSWERED, INVALID, ItemReader
from pipeline.intake.values.items import ItemSet, itemset
from pipeline.survey.text import fold
from tests.support.raw_surveys import (
    CODES,
    LABELS,
    THREES,
    balance,
    cleaned,
    csv,
    make,
    reasons,
    wide,
)

SEEN = yaml.safe_load((Path(__file__).parents[2] / "wordings" / "seen.yml").read_text(encoding="utf-8"))


def seen() -> list[tuple[str, str, object]]:
    rows = [
        (code, text, score) for code, texts in SEEN["official"].items() for score, text in enumerate(texts, 1)
    ]
    rows += [(code, text, score) for code in CODES for score, text in enumerate(SEEN["general"], 1)]
    rows += [
        (row["unsur"], text, score) for row in SEEN["lists"] for score, text in enumerate(row["options"], 1)
    ]
    return rows + [tuple(row) for row in SEEN["single"]]


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> ItemSet:
    return itemset(make(tmp_path_factory.mktemp("official"), {}), [])


@pytest.mark.parametrize(("code", "text", "score"), seen())
def test_every_wording_seen_is_read_as_meant_or_refused(items: ItemSet, code: str, text: str, score: object):
    reading = items.readers[code].read(text)
    if score == "refused":
        assert reading.status == INVALID
    else:
        assert (reading.status, reading.score) == (ANSWERED, score)


def test_the_rule_has_the_official_list_as_its_own():
    rule = rules.load("14/2017")
    for code, texts in SEEN["official"].items():
        assert [rule.get(code).option(score).text.id for score in range(1, 5)] == texts


@pytest.mark.parametrize("name", rules.names())
def test_no_option_is_a_slip_of_the_pen_away_from_one_of_another_score(tmp_path: Path, name: str):
    items = itemset(make(tmp_path, {}, f"rule: {name}\n"), [])
    for reader in items.readers.values():
        for text, score in reader.plain_texts.items():
            for other, value in reader.plain_texts.items():
                assert value == score or wording.distance(text, other) is None, (
                    f"{reader.code}: {text} / {other}"
                )


LETTERS = string.ascii_lowercase


@st.composite
def slipped(draw: st.DrawFn, text: str) -> str:
    """A text with one or two slips of the pen anywhere in it, blanks included."""
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["put in", "leave out", "change", "swap"]))
        letter = draw(st.sampled_from([*LETTERS, " "]))
        if kind == "put in":
            text = text[:at] + letter + text[at:]
        elif kind == "leave out":
            text = text[:at] + text[at + 1 :]
        elif kind == "change":
            text = text[:at] + letter + text[at + 1 :]
        else:
            text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return text


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_slip_of_the_pen_never_becomes_another_score(items: ItemSet, data: st.DataObject):
    reader = items.readers[data.draw(st.sampled_from(sorted(items.readers)))]
    text = data.draw(st.sampled_from(sorted(reader.texts)))
    reading = reader.read(data.draw(slipped(text)))
    if reading.status == ANSWERED and reading.how != "letter":
        assert reading.score == reader.texts[text]


WORDS = st.text(alphabet="abdeiknrstu", min_size=2, max_size=9)
OPTION = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(OPTION, min_size=2, max_size=5, unique_by=fold), st.data())
def test_a_slip_never_crosses_in_option_lists_of_ones_own_either(options: list[str], data: st.DataObject):
    texts = {fold(text): score for score, text in enumerate(options, 1)}
    reader = ItemReader("x", 1, len(options), texts)
    meant = data.draw(st.sampled_from(sorted(texts)))
    # Letters within words: words put in or run together are refused by the number of words.
    typed = data.draw(slipped(meant))
    assume(fold(typed) not in texts and wording.plain(fold(typed)) not in reader.plain_texts)
    near = wording.distance(wording.plain(fold(typed)), wording.plain(meant))
    reading = reader.read(typed)
    if near is not None and reading.how == "typo":
        assert reading.score == texts[meant]


def test_a_misspelt_option_is_read_and_entered_and_shown(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": wide([1, "a", "Sesuia", "a. Tdak mudah", *THREES[2:]])})
    assert made.responses.loc[0, ["U1", "U2"]].tolist() == [3, 1]
    assert reasons(made) == {"misspelt-answer": 2}
    entry = made.ledger.iloc[0]
    assert (entry["action"], entry["value"], entry["cells"]) == ("rekeyed", "Sesuia", 0)
    assert entry["message"].endswith('U1, read as "sesuai" = 3')
    shown = made.mapping[made.mapping["reading"] == "typo"].set_index("text")
    assert shown.loc["Sesuia", ["code", "nearest"]].tolist() == ["3", "sesuai"]
    balance(made)


def test_a_misspelt_option_of_a_long_table_is_entered_too(tmp_path: Path):
    rows = [["p1", "Persyaratan", "Sesuia"], ["p1", "Prosedur", "Mudah"], ["p2", "Persyaratan", "Sesuai"]]
    definition = "files:\n- {path: a.csv, role: answers, unit: a}\n"
    made = cleaned(tmp_path, {"a.csv": csv(["id responden", "item", "jawaban"], *rows)}, definition)
    assert made.responses["U1"].tolist() == [3, 3]
    entry = made.ledger[made.ledger["reason"] == "misspelt-answer"].iloc[0]
    assert (entry["source_row"], entry["value"]) == (2, "Sesuia")
    assert entry["message"].endswith('U1, read as "sesuai" = 3')
    balance(made)


UNKNOWN = [[1, "a", "Lumayan", *THREES[1:]], [2, "a", "lumayan", *THREES[1:]], [3, "b", "Ssi", *THREES[1:]]]


def test_answers_that_are_no_option_stop_the_run_with_count_and_candidates(tmp_path: Path):
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, {"a.csv": wide(*UNKNOWN, [4, "a", 3, "mudah sekali", *THREES[2:]])})
    text = str(caught.value)
    assert 'a.csv, column "Persyaratan": 3 answers are no options of U1' in text
    assert '"Lumayan" (1)' in text
    assert '"Ssi" (1), like ' in text
    assert '1 answer is no option of U2: "mudah sekali" (1), like "mudah" = 3' in text
    assert 'values: {U1: {"' in text
    assert "unmatched: missing" in text


@pytest.mark.parametrize(
    ("definition", "status", "rows"),
    [
        ("unmatched: missing\n", ["invalid", "invalid", "invalid"], 3),
        ("values: {U1: {lumayan: 2, Ssi: missing}}\n", ["answered", "answered", "missing"], 3),
        ("values: {U1: {lumayan: 2, Ssi: exclude}}\n", ["answered", "answered"], 2),
        ("values: {U1: {lumayan: not-applicable}}\nunmatched: exclude\n", ["not-applicable"] * 2, 2),
    ],
)
def test_the_definition_says_what_becomes_of_them(
    tmp_path: Path, definition: str, status: list[str], rows: int
):
    made = cleaned(tmp_path, {"a.csv": wide(*UNKNOWN)}, definition)
    assert made.responses["U1__status"].tolist() == status
    assert reasons(made).get("excluded-answer", 0) == 3 - rows
    balance(made)


def test_a_file_may_decide_otherwise_than_the_survey(tmp_path: Path):
    definition = "unmatched: missing\nfiles:\n- {path: a.csv, unmatched: stop}\n"
    with pytest.raises(intake.IntakeError, match="no options of U1"):
        cleaned(tmp_path, {"a.csv": wide(*UNKNOWN)}, definition)


def test_a_questionnaire_excluded_from_a_long_table_goes_as_a_whole(tmp_path: Path):
    definition = (
        "unmatched: exclude\nfiles:\n- {path: r.csv, role: respondents}\n- {path: a.csv, role: answers}\n"
    )
    answers = [["p1", "U1", 3], ["p1", "U2", "entah"], ["p2", "U1", 4], ["p2", "U2", 4]]
    files = {
        "r.csv": csv(["id responden", "unit"], ["p1", "a"], ["p2", "b"]),
        "a.csv": csv(["id responden", "item", "jawaban"], *answers),
    }
    made = cleaned(tmp_path, files, definition)
    assert made.responses["unit"].tolist() == ["b"]
    assert reasons(made)["excluded-answer"] == 3  # two answers and their respondent
    balance(made)


def test_the_options_of_another_unsur_are_flagged_where_they_stand(tmp_path: Path):
    rows = [
        [n, "a", *THREES[:3], text, *THREES[4:]]
        for n, text in enumerate(["Tidak Sesuai", "Sesuai", "sesuai"])
    ]
    made = cleaned(tmp_path, {"a.csv": wide(*rows)})
    assert made.responses["U4"].tolist() == [1, 3, 3]
    told = "\n".join(map(str, made.problems))
    assert "under U4 stand the options of U1, U5: Sesuai, Tidak Sesuai" in told
    flagged = made.mapping[made.mapping["item"] == "U4"]
    assert set(flagged["doubt"]) == {"U1, U5"}


def test_a_scale_that_fits_any_question_is_not_flagged(tmp_path: Path):
    rows = [
        [n, "a", *[text] * 9] for n, text in enumerate(["Baik", "Sangat baik", "Tidak baik", "Kurang baik"])
    ]
    made = cleaned(tmp_path, {"a.csv": wide(*rows)})
    assert not made.problems
    assert set(made.mapping["doubt"]) == {""}


ASKED = (
    "order: form\nlookups:\n- {field: item, path: soal.csv, key: id, text: soal, label: label, options: [p, q, r, s]}\n"
    "files:\n- {path: a.csv, role: answers}\n"
)
ANSWER = csv(["id responden", "unit", "item", "jawaban"], ["x", "a", 7, "d"])


def test_a_label_that_denies_the_question_is_flagged_and_the_question_counts(tmp_path: Path):
    question = "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan"
    table = csv(
        ["id", "soal", "label", "p", "q", "r", "s"], [7, question, "Perilaku", *SEEN["official"]["U8"]]
    )
    made = cleaned(tmp_path, {"soal.csv": table, "a.csv": ANSWER}, ASKED)
    assert made.responses.loc[0, "U8"] == 4
    told = "\n".join(map(str, made.problems))
    assert 'is U8, but its label "Perilaku" is U7: the question counts' in told
    assert set(made.mapping.loc[made.mapping["how"] == "lookup-question", "doubt"]) == {"label:U7"}


def test_the_option_list_of_another_unsur_under_a_question_of_a_table_is_flagged(tmp_path: Path):
    table = csv(["id", "soal", "label", "p", "q", "r", "s"], [7, "Biaya/tarif", "", *SEEN["official"]["U1"]])
    made = cleaned(tmp_path, {"soal.csv": table, "a.csv": ANSWER}, ASKED)
    assert made.responses.loc[0, "U4"] == 4
    assert "under U4 stand the options of U1, U5" in "\n".join(map(str, made.problems))


@pytest.mark.parametrize(
    "options",
    [["Senang sekali", "Senang", "Biasa", "Sedih"], ["Sangat puas", "Puas", "Kurang puas", "Tidak puas"]],
)
def test_unknown_options_that_do_not_begin_with_the_worst_are_refused(tmp_path: Path, options: list[str]):
    table = csv(["id", "soal", "label", "p", "q", "r", "s"], [7, "Biaya/tarif", "", *options])
    with pytest.raises(intake.IntakeError, match="do not stand in the order"):
        cleaned(tmp_path, {"soal.csv": table, "a.csv": ANSWER}, ASKED)


def test_the_audit_shows_question_options_unsur_and_scores(tmp_path: Path):
    rows = [[1, "a", *[SEEN["official"][code][3] for code in CODES]]]
    made = cleaned(tmp_path, {"a.csv": csv(["id responden", "unit", *LABELS], *rows)})
    shown = made.mapping[made.mapping["how"] == "answer"]
    assert shown["item"].tolist() == CODES
    assert set(shown["code"]) == {"4"}
    assert shown.loc[shown["item"] == "U9", ["question", "text"]].values.tolist() == [
        ["Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana", "Sangat baik"]
    ]


def test_importance_is_answered_in_its_own_words(tmp_path: Path):
    definition = (
        "instruments:\n  ipa:\n    paired: imp\n    items: {p1: {label: Ruang bersih}}\n"
        "files:\n- path: a.csv\n  instrument: ipa\n  columns: {p1_imp: Kepentingan}\n"
    )
    rows = [["a", 3, "Sangat penting"], ["a", 2, "Tidak penting"]]
    made = cleaned(tmp_path, {"a.csv": csv(["unit", "Ruang bersih", "Kepentingan"], *rows)}, definition)
    assert made.responses["ipa.p1_imp"].tolist() == [4, 1]
