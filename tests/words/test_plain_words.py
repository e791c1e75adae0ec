"""The locale files say things as an office says them, and one thing by one word."""

from __future__ import annotations

import pytest

from pipeline.words import LANGUAGES, Words
from pipeline.words.lookup import areas, flat, load
from tests.gate import reading
from tests.gate.page import sentences
from tests.words import plain

#: What an office reads: unit reports, city report, portal.
READ = [area for area in areas("id") if area not in ("problems", "notebook", "stages")]
#: Words of a sentence: no template of a unit's or a city's page is longer.
LONGEST = 50


@pytest.mark.parametrize("area", areas("id"))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_locale_file_says_what_an_office_does_not(lang: str, area: str):
    wrong = {
        key: list(plain.found(text, lang, area))
        for key, text in flat(load(lang, area)).items()
        if any(plain.found(text, lang, area))
    }
    assert wrong == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said_instead_is_not_on_the_list_itself(lang: str):
    for entry in plain.entries(lang):
        assert not list(plain.found(entry.say, lang)), entry.say


def test_a_word_on_the_list_is_found():
    assert list(plain.found("Keserempakan, bukan mutu", "id")) == [("Keserempakan", "sejalan, keselarasan")]
    assert list(plain.found("0 unit sejenis tidak ditampilkan", "id"))
    assert list(plain.found("belum dapat dibedakan dari 6 unsur lain", "id"))
    assert not list(plain.found("belum dapat dibedakan dari unit-unit lain", "id"))


@pytest.mark.parametrize("area", READ)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_too_long_to_be_read_at_once(lang: str, area: str):
    long = {
        key: one
        for key, text in flat(load(lang, area)).items() if not key.endswith("spoken")
        for one in sentences(text) if len(reading.words(one)) > LONGEST
    }  # fmt: skip
    assert long == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_of_page_one_are_short(lang: str):
    lengths = [len(reading.words(text)) for text in flat(load(lang, "pageone")).values()]
    assert max(lengths) <= 16
    assert sum(lengths) / len(lengths) <= 8


def test_words_of_both_languages_are_read():
    assert {Words(lang).lang for lang in LANGUAGES} == {"id", "en"}
    assert all(plain.entries(lang) for lang in LANGUAGES)
