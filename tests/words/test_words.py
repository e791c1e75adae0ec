"""Two languages say the same things, numbers are written as readers write them, claims need verdicts."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

import pytest

from pipeline.report.unit.respondents import TRAITS
from pipeline.results import REASONS
from pipeline.words import LANGUAGES, MissingWord, Words, doubt, narrative, page_one, said_of
from pipeline.words.lookup import areas, flat, load
from pipeline.words.verdicts import Certainty, Change, Doubt, Element, Position, Printed, Sample, Target

OWN_AREAS = ("common", "doubt", "labels", "narrative", "unit")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


def text(runs: narrative.Runs) -> str:
    return "".join(piece for piece, _ in runs)


def test_both_languages_have_the_same_areas():
    assert areas("id") == areas("en")


@pytest.mark.parametrize("area", areas("id"))
def test_both_languages_have_the_same_keys_and_placeholders(area):
    indonesian, english = flat(load("id", area)), flat(load("en", area))
    assert sorted(indonesian) == sorted(english)
    for key, string in indonesian.items():
        assert placeholders(string) == placeholders(english[key]), f"{area}.{key}"
        assert string.strip(), f"{area}.{key} is empty in id"
        assert english[key].strip(), f"{area}.{key} is empty in en"
        assert string.count("**") % 2 == english[key].count("**") % 2 == 0, f"{area}.{key}"


def test_no_sentence_of_a_unit_report_claims_what_its_verdict_does_not_carry():
    for lang in LANGUAGES:
        for key, string in flat(load(lang, "narrative")).items():
            parts = key.split(".")
            earned = [".".join(parts[:2]), parts[0]]
            assert narrative.unearned(string, lang, earned) == [], f"{lang} {key}: {string}"
        for key, string in flat(load(lang, "unit")).items():
            assert narrative.unearned(string, lang) == [], f"{lang} unit.{key}: {string}"
        for area in ("doubt", "pageone"):
            for key, string in flat(load(lang, area)).items():
                assert narrative.unearned(string, lang) == [], f"{lang} {area}.{key}: {string}"


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("id", "Nilainya naik dibanding tahun lalu."),
        ("id", "Unit ini terbaik."),
        ("id", "Layanan A lebih baik."),
        ("id", "Nilainya meningkat tajam"),
        ("en", "The value improved."),
        ("en", "the best unit"),
        ("en", "It scored higher than others"),
    ],
)
def test_a_claim_without_a_verdict_is_found(lang, sentence):
    assert narrative.unearned(sentence, lang)


def test_a_claim_with_its_verdict_is_allowed():
    assert narrative.unearned("jelas lebih rendah", "id", ["lowest.clearly-lower"]) == []
    assert narrative.unearned("jelas lebih rendah", "id", ["lowest.not-distinguishable"])


def test_a_missing_key_names_key_and_language_and_suggests_the_nearest():
    with pytest.raises(MissingWord, match=r"narrative\.highst.*'en'.*narrative\.highest"):
        Words("en")("narrative.highst")
    with pytest.raises(KeyError):
        Words("id")("nothing.here")
    with pytest.raises(KeyError):
        Words("id")("narrative.certainty")


def test_whether_there_is_a_word_is_said_without_looking_for_the_nearest(monkeypatch):
    def no_search(*_):
        raise AssertionError("nobody asked which key was meant")

    monkeypatch.setattr(Words, "_hint", no_search)
    plain, own = Words("en"), said_of("en", ["a.1"], ["U1"], foreign=True)
    for words in (plain, own):
        assert words.has("narrative.highest.named")
        assert not words.has("narrative.highst")
        assert not words.has("narrative.certainty")
        assert not words.has("nothing.here")
    assert own.has("portal.ikm")


def test_a_missing_value_names_the_placeholder():
    with pytest.raises(MissingWord, match="names"):
        Words("id")("narrative.highest.named")


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="fr"):
        Words("fr")


def test_braces_and_stars_in_a_value_stay_text():
    w = Words("id")
    runs = w.runs("narrative.highest.named", names="{x} **tebal**")
    assert runs == [("Menurut angkanya saja, nilai terbesar ada pada {x} **tebal**.", False)]


def test_numbers_follow_the_language():
    indonesian, english = Words("id"), Words("en")
    assert indonesian.number(86.214) == "86,21"
    assert english.number(86.214) == "86.21"
    assert indonesian.integer(1234567) == "1.234.567"
    assert english.integer(1234567) == "1,234,567"
    assert indonesian.percent(0.285, 1) == "28,5\u00a0%"
    assert english.percent(0.285, 1) == "28.5%"
    assert indonesian.interval(84.951, 86.77) == "84,95 – 86,77"


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (88.305, 2, "88,31"),
        (76.605, 2, "76,61"),
        (2.675, 2, "2,68"),
        (Fraction(17661, 200), 2, "88,31"),
        (Fraction(1, 3), 4, "0,3333"),
        (-0.001, 2, "0,00"),
        (-0.014, 2, "\u22120,01"),
        (float("nan"), 2, "–"),
        (float("inf"), 2, "–"),
        (None, 2, "–"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
    ],
)
def test_rounding_is_half_up_and_absence_is_a_dash(value, digits, written):
    assert Words("id").number(value, digits) == written


def test_a_p_value_is_never_printed_as_zero():
    assert Words("id").p(1e-9) == "< 0,001"
    assert Words("en").p(0.0234) == "0.023"
    assert Words("en").p(float("nan")) == "–"


def test_dates_and_periods_repeat_nothing():
    w = Words("id")
    assert w.date(dt.date(2020, 8, 3)) == "3 Agustus 2020"
    assert w.date_range(dt.date(2020, 7, 15), dt.date(2020, 8, 3)) == "15 Juli – 3 Agustus 2020"
    assert w.date_range("2020-07-15", "2020-07-20") == "15 – 20 Juli 2020"
    assert w.date_range("2019-12-30", "2020-01-02") == "30 Desember 2019 – 2 Januari 2020"
    assert w.date_range(None, "2020-01-02") == "2 Januari 2020"
    assert Words("en").date("2020-08-03") == "3 August 2020"


def test_lists_are_joined_as_sentences_join_them():
    assert Words("id").join(["a", "b", "c"]) == "a, b, dan c"
    assert Words("en").join(["a", "b", "c"]) == "a, b and c"
    assert Words("id").join(["a", "b"]) == "a dan b"
    assert Words("id").join([]) == ""


def test_names_that_hold_a_comma_do_not_read_as_several_names():
    units = ["Dinas Sosial", "Dinas Koperasi, Usaha Mikro, dan Perdagangan", "Dinas Pendidikan"]
    assert Words("id").join(units) == "; ".join(units[:2]) + "; dan Dinas Pendidikan"
    assert Words("en").join(units[:2]) == units[0] + "; and " + units[1]


def test_an_english_sentence_counts_one_as_one():
    w = Words("en")
    assert w("overview.too_few_to_judge", count=1) == "1 unit has fewer than ten answers and is not judged."
    assert (
        w("overview.too_few_to_judge", count="2") == "2 units have fewer than ten answers and are not judged."
    )
    assert text(w.runs("overview.left_out_lead", count="1", listed="48")).startswith(
        "1 of 48 units takes no part"
    )


def test_an_unknown_code_is_shown_as_it_is_and_a_missing_one_says_so():
    assert Words("id").label("education", "sma") == "SMA"
    assert Words("id").label("education", "paket-c") == "paket-c"
    assert Words("en").label("education", None) == "not stated"


def test_every_category_code_and_reason_has_a_label():
    survey = pytest.importorskip("pipeline.survey.codes")
    for lang in LANGUAGES:
        labels = load(lang, "labels")
        for reason in REASONS:
            assert reason in labels["reason"], reason
        ledger = pytest.importorskip("pipeline.intake.ground.reasons")
        assert set(ledger.REASONS) <= set(labels["ledger"])
        for kind, codes in survey.CATEGORIES.items():
            assert set(codes) <= set(labels[kind]), (kind, set(codes) - set(labels[kind]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_verdict_has_a_sentence_that_claims_only_what_it_carries(lang):
    w = Words(lang)
    for level in ("firm", "leaning", "border", ""):
        said = text(narrative.certainty(w, Certainty("B", level, 0.9, 300, "no-variance")))
        assert "B" in said
        assert narrative.unearned(said, lang) == []
    assert text(narrative.certainty(w, Certainty("", "", reason="foreign-scale")))
    lower = ("clearly-lower", "partly-lower")
    # What is denied stands where it could be claimed.
    denied = {"not-distinguishable": "lowest.clearly-lower"}
    for mark in (*lower, "not-distinguishable", "states-a-fact", "not-tested", ""):
        for item in ("U4", "U8", "U1"):
            named = ("e", "f", "g", "h") if mark in lower else ()
            one = Element(item, "Nama", "80,00", mark, named)
            said = text(page_one.act_item(w, one, item, ["U1", "U2", "U3", "U5"]))
            said += page_one.lowest_title(w, [one], ["U1", "U2", "U3", "U5"])
            assert narrative.unearned(said, lang, [denied.get(mark, f"lowest.{mark}")]) == []
            if mark in lower:
                assert "4" in said
                assert "U1, U2, U3, U5" in said
            elif mark != "not-distinguishable":
                assert narrative.unearned(said, lang) == []
    for s in (Sample(30), Sample(30, 40, 100), Sample(50, 40, 100), Sample(9, 8, 9), Sample(12, 8, 9)):
        assert w.integer(s.valid) in text(narrative.sample(w, s))
    some = Doubt(3, 20, "B", 80.0, "B"), Doubt(3, 20, "B", 70.0, "C"), Doubt(20, 20, "B")
    for d in (Doubt(0, 20, "B"), *some):
        assert text(doubt.without(w, d))
    for relation in ("above", "below", "equivalent", "undecided", ""):
        for size in ("high", "low", "usual", "unreliable", ""):
            said = text(narrative.position(w, Position("city", relation, 1.0, -0.5, 2.5, 12, 2.5, size, 6.0)))
            assert narrative.unearned(said, lang, [f"position.{relation}"]) == []
            # The number has the sign of its interval.
            if relation:
                minus = text(
                    narrative.position(w, Position("city", relation, -1.5, -2.5, -0.5, 12, 2.5, size, 6.0))
                )
                assert w.number(-1.5) in minus
                assert narrative.unearned(
                    " ".join(page_one.stands(w, Position("type", relation, 1.0))), lang, [f"stands.{relation}"]
                ) == []  # fmt: skip
            # Shown equivalent is said of nothing else than what a test of equivalence showed (R14).
            assert (("setara" in said) or ("equivalent" in said)) == (relation == "equivalent")
    for relation in ("up", "down", "unchanged", "cannot-tell", "published", ""):
        said = text(narrative.change(w, Change("unit", "2024", relation, -1.0, -2.0, 0.5, 2.5)))
        assert narrative.unearned(said, lang, [f"change.{relation}"]) == []
        if relation not in ("up", "down"):
            assert narrative.unearned(said, lang) == []
        one = Change("unit", "2024", relation, -1.0, -2.0, 0.5, 2.5)
        short = " ".join([*page_one.moved(w, one), page_one.moved_title(w, one)])
        assert narrative.unearned(short, lang, [f"moved.{relation}"]) == []
        assert "2024" in short
    words = {
        r: page_one.target(w, Target(88.31, r, 0.5, "excluded"))[0]
        for r in ("above", "below", "undecided", "")
    }
    assert len(set(words.values())) == 4


def test_the_letter_that_depends_on_the_printed_weight_is_said():
    w = Words("id")
    exact = {"exact_value": 88.90, "exact_letter": "A"}
    differing = [Printed("0.11", 88.01, "B", **exact), Printed("0.111", 88.81, "A", **exact)]
    said = text(narrative.printed(w, differing))
    assert "0,11 nilainya 88,01, huruf B" in said
    assert "0,111" not in said
    assert "tetap A" in text(narrative.printed(w, differing[1:]))


def test_importing_words_is_light():
    import subprocess
    import sys

    heavy = ("pandas", "babel", "yaml", "numpy")
    code = f"import sys, pipeline.words; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_letters_are_called_what_the_regulation_calls_them():
    from pipeline import rules

    for lang in LANGUAGES:
        for grade in rules.load("14/2017").letters:
            assert Words(lang).label("letter", grade.letter) == grade.name[lang]


def test_numbers_are_written_as_babel_writes_them():
    import random
    from decimal import Decimal

    from babel.numbers import format_decimal

    from pipeline.words import formats

    chance = random.Random(7)
    values = [0, -0.0, 0.005, -0.005, 999.995, 1e15, -1234567.891, Decimal("1e-9"), 10**20]
    values += [chance.uniform(-1, 1) * 10 ** chance.randint(-6, 12) for _ in range(300)]
    for value in values:
        for digits in (0, 1, 2, 4):
            rounded = formats.decimal(value, digits)
            pattern = "#,##0" + ("." + "0" * digits if digits else "")
            for lang, locale in formats.LOCALES.items():
                theirs = format_decimal(rounded, format=pattern, locale=locale).replace("-", formats.MINUS)
                assert formats.number(value, lang, digits) == theirs


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("file", ["foreign", "own"])
def test_what_is_said_instead_exists_and_fills_no_more_than_what_it_replaces(lang, file):
    for key, string in flat(load(lang, file)).items():
        area, _, rest = key.partition(".")
        assert placeholders(string) <= placeholders(flat(load(lang, area))[rest]), f"{lang} {key}"
        assert area != "unit" or narrative.unearned(string, lang) == [], f"{lang} {key}"


def test_a_questionnaire_of_ones_own_has_items_and_no_unsur():
    words = said_of("id", ["mutu.a"], ["U1"], foreign=True)
    assert words("unit.unsur.col_name") == "butir"
    assert "bidang" not in words("unit.which_first.good")
    assert said_of("id", ["U1", "mutu.a"], ["U1"], foreign=True)("unit.unsur.col_name") == "unsur"
    assert words.label("reason", "foreign-scale") == "bukan kuesioner dan skala peraturan"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_that_is_written_small_inside_a_sentence_holds_no_abbreviation(lang):
    w = Words(lang)
    keys = [f"compare.target_word.{word}" for word in ("above", "below", "undecided")]
    keys += [f"compare.attribute.{name}" for name in load(lang, "compare")["attribute"]]
    keys += [f"unit.respondents.{name}" for name in TRAITS]
    lowered = [w(key) for key in keys] + [w.label("letter", letter) for letter in "ABCD"]
    assert [text for text in lowered if re.search(r"\b[A-Z]{2,}\b", text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_wherever_the_sign_e_is_explained_by_what_is_required_thirty_is_named(lang):
    """Most units have fewer answers than required and no E: only below thirty does too few mean for information."""
    said = {f"{area}.{key}": string for area in areas(lang) for key, string in flat(load(lang, area)).items()}
    explained = {key: string for key, string in said.items() if re.search(r"\bE: |\(E\)", string)}
    needs = re.compile(r"\bE: [^.]*(required|diperlukan)|(required|dibutuhkan)[^.]*\(E\)")
    of_one_unit = {"trace.information"}
    wrong = [key for key, string in explained.items() if needs.search(string) and "30" not in string]
    assert set(wrong) <= of_one_unit
    assert len(explained) > 10


@pytest.mark.parametrize(("lang", "five"), [("id", "lima"), ("en", "five")])
def test_not_everything_that_is_hidden_has_fewer_than_five_answers(lang, five):
    """A service of ten is hidden beside one of four, and an unsur of a service below ten: the words fit them too."""
    w = Words(lang)
    assert five not in w.label("reason", "suppressed")
    assert five in w("unit.services.note")
    assert {"id": "selisih", "en": "difference"}[lang] in w("unit.services.note").split("E:")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", [
    "compare.trend_table_note", "compare.unit.gaps_lead", "compare.equity_table_note", "compare.equity_note",
    "notebook.figure.trend.change.caption", "notebook.figure.equity.gap.caption",
])  # fmt: skip
def test_beside_a_p_adjusted_for_many_tests_an_interval_is_said_to_be_its_own(key, lang):
    # An interval may leave out nought where the test of all units together decides nothing, and both stand there.
    found = flat(load(lang, key.partition(".")[0]))[key.partition(".")[2]]
    own = {
        "id": "tanpa koreksi|belum dikoreksi|selang 95 % tidak",
        "en": "not adjusted|not Holm-adjusted|interval is not",
    }
    assert re.search(r"95 ?%", found)
    assert re.search(own[lang], found), found
