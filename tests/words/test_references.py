"""The literature is one checked file: nothing cited is missing, nothing listed is uncited."""

from __future__ import annotations

import re
import string

import pytest

from pipeline.report.city.psychometrics import methods
from pipeline.report.unit import method
from pipeline.words import LANGUAGES, Words
from pipeline.words.lookup import flat, load
from pipeline.words.references import BadReference, cite, library, listed, parse

#: What a sentence of the paragraph may name beside the literature.
NUMBERS = {
    "survey", "units", "n", "k", "mode", "factor", "alpha", "alpha_interval", "alpha_pooled",
    "omega", "omega_interval", "categorical",
    "rest_low", "rest_high", "kmo", "chisq", "df", "p", "pearson", "polychoric", "cfi", "rmsea", "rmsea_interval",
    "srmr", "robust_cfi", "robust_rmsea", "tested", "flagged", "version", "rule", "sampling", "others",
    "piled", "python", "packages", "seed", "hash",
}  # fmt: skip


def named(lang: str) -> set[str]:
    """Placeholders of the paragraph's sentences."""
    found: set[str] = set()
    for text in flat(load(lang, "psychometrics")["methods"]).values():
        found |= {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return found


def test_every_key_a_report_cites_is_in_the_file():
    books = library()
    assert set(method.CITED) <= set(books)
    for lang in LANGUAGES:
        assert named(lang) - NUMBERS <= set(books), lang


def test_every_entry_of_the_file_is_cited_in_both_languages():
    for lang in LANGUAGES:
        assert set(library()) == (named(lang) - NUMBERS) | set(method.CITED), lang


def test_the_sentences_find_their_own_entries():
    keys = list(load("en", "psychometrics")["methods"])
    keys.remove("lead")
    assert set(methods.cited(Words("en"), keys)) == named("en") - NUMBERS


@pytest.mark.parametrize("key", sorted(library()))
def test_an_entry_is_complete_and_well_formed(key: str):
    book = library()[key]
    fields = book.fields
    assert re.fullmatch(r"(18|19|20)\d\d", fields["year"])
    assert key.endswith(fields["year"])
    for author in book.authors:
        assert author == "Kementerian PANRB" or re.fullmatch(r"[A-Z][\w'-]+, (?:[A-Z]\. ?)+", author), author
    if book.kind == "article":
        assert re.fullmatch(r"\d+", fields["volume"])
        first, last = fields["pages"].split("--")
        assert int(first) <= int(last)
    if "doi" in fields:
        assert re.fullmatch(r"10\.\d{4,9}/[^\s{}]+", fields["doi"])
    assert fields["title"][0].isupper() or fields["title"].startswith("lavaan")
    assert not re.search(r"[{}\\$]", book.full)


def test_an_entry_without_a_doi_is_a_known_one_and_says_what_is_not_confirmed():
    books = library()
    without = {key for key, book in books.items() if "doi" not in book.fields}
    unconfirmed = {key for key, book in books.items() if "not confirmed" in book.fields.get("note", "")}
    assert without == {"permenpanrb2017", "mcdonald1999", "bartlett1951", "hall1992", "horst1951"}
    assert unconfirmed == {"hall1992", "horst1951"}


def test_no_two_entries_are_the_same_work():
    books = library().values()
    assert len({book.fields["title"].casefold() for book in books}) == len(books)
    dois = [book.fields["doi"] for book in books if "doi" in book.fields]
    assert len(set(dois)) == len(dois)


def test_a_list_is_in_the_order_of_authors_and_holds_each_work_once():
    found = listed(["cronbach1951", "bonett2002", "cronbach1951"])
    assert [line.split(",")[0] for line in found] == ["Bonett", "Cronbach"]
    assert found[1] == (
        "Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16, 297–334. "
        "https://doi.org/10.1007/BF02310555"
    )
    assert cite("green2009") == "Green & Yang, 2009"
    with pytest.raises(KeyError):
        listed(["nobody1900"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@article{a1999,\n  author = {A, B.}, title = {T}, year = {1999},\n}", "journal"),
        ("@video{a1999,\n  author = {A, B.},\n}", "kind"),
        ("@misc{a1999,\n  author = {A, B.}, title = {T}, year = 1999,\n}", "no year"),
        ("@misc{a1999,\n  author = {A, B.}, title = {T}, year = {1999},\n}\nloose text", "loose text"),
        ("@misc{a,\n  author = {A}, title = {T}, year = {1},\n}\n@misc{a,\n  author = {A}, title = {T}, year = {1},\n}",
         "twice"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_cited_is_refused_by_name(text: str, why: str):
    with pytest.raises(BadReference, match=why):
        parse(text)
