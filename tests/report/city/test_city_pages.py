"""Pages of city and units say one thing about the users of the period, and of how many units (R5, R19)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import report, results, standings
from pipeline.office import portal
from pipeline.report import overview
from pipeline.report.city import ranking
from pipeline.words import LANGUAGES, Words
from tests.report.unit.test_sections import find
from tests.support import small_city
from tests.support.small_city import as_json, opened

WAYS = {"mean-of-units", "mean-of-all-units", "pooled", "population-weighted", "shared-unsur"}


def built(
    folder: Path, monkeypatch: pytest.MonkeyPatch, units: dict[str, str], sizes: dict[str, int]
) -> Path:
    text = small_city.UNITS
    for unit, people in units.items():
        text = re.sub(rf"(?m)^({unit},.*,)\d*$", rf"\g<1>{people}", text)
    monkeypatch.setattr(small_city, "UNITS", text)
    monkeypatch.setattr(small_city, "SIZES", {**small_city.SIZES, **sizes})
    return small_city.build(folder)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A census, a unit of which four of five users answered, and one with more answers than users."""
    with pytest.MonkeyPatch.context() as patch:
        people = {"dinas-b": "60", "dinas-a": "150", "kel-baik": "79"}
        return built(tmp_path_factory.mktemp("known"), patch, people, {})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three of four units have too few answers."""
    with pytest.MonkeyPatch.context() as patch:
        sizes = {"dinas-b": 9, "dinas-c": 8, "kel-tetap": 12, "kel-baik": 7}
        return built(tmp_path_factory.mktemp("small"), patch, {}, sizes)


def page(u: Any) -> str:
    return as_json(report.summary(u)) + as_json(report.conduct(u))


@pytest.mark.parametrize(
    ("lang", "said", "never"),
    [
        (
            "id",
            ("pasti (sensus)", "tidak ada kesalahan karena sampel", "huruf"),
            ("perbatasan", "condong", "±"),
        ),
        ("en", ("certain (census)", "no sampling error", "letter"), ("on the border", "leaning", "±")),
    ],
)
def test_a_census_is_certain_everywhere_on_its_page(known, lang, said, never):
    text = page(opened(known, "dinas-b", lang))
    for word in said:
        assert word in text
    for word in never:
        assert word not in text


def test_one_margin_interval_and_table_row_on_every_page(known):
    u = opened(known, "dinas-a")
    lower, upper = (float(u.ikm.lower), float(u.ikm.upper))
    half = u.words.number((upper - lower) / 2)
    assert f"±{half} poin" in as_json(report.conduct(u))
    assert "dengan koreksi populasi" in as_json(report.conduct(u))
    assert u.words.interval(lower, upper) in as_json(report.summary(u))
    city = overview.open_city("2024", "id", known)
    table = next(b for b in overview.adequacy(city).blocks if getattr(b, "key", "") == "adequacy")
    place = [c.key for c in table.columns].index("margin")
    assert {row[0]: row[place] for row in table.rows}["Dinas <A> & Co"] == half


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_drawn_without_a_line_is_named_with_the_reason(known, lang):
    city, w = overview.open_city("2024", lang, known), Words(lang)
    reasons = dict(zip(city.ranked["unit"], city.ranked["reason"], strict=True))
    assert {"census", "no-variance"} <= set(reasons.values())
    notes = [figure.note for figure in find(overview.strip(city), "figure")]
    for unit, reason in reasons.items():
        said = [w(f"overview.unlined.{reason}", units=city.names[unit])] if reason in ranking.UNLINED else []
        assert all(any(text in note for note in notes) for text in said), unit
    lacking = city.ranked.loc[
        city.ranked["lower"].isna() | (city.ranked["lower"] == city.ranked["upper"]), "reason"
    ]
    assert set(lacking) <= set(ranking.UNLINED)


def test_more_answers_than_users_are_not_corrected_and_the_page_says_so(known):
    text = as_json(report.conduct(opened(known, "kel-baik")))
    assert "tanpa koreksi populasi" in text
    assert "lebih banyak daripada pengguna" in text


def test_page_one_and_portal_say_how_many_units_count(known):
    city = overview.open_city("2024", "id", known)
    fact = as_json(overview.summary(city))
    # Five of eight: one nobody answered, one of three answers, one of twelve for information.
    assert (
        "dari 8 unit terdaftar; tidak ikut: 1 hanya sebagai informasi (E) dan 2 dengan kurang dari lima jawaban"
        in fact
    )
    assert (
        "5 dari 8 unit terdaftar dihitung, 345 dari 360 responden sah; "
        "tidak ikut: 1 hanya sebagai informasi (E) dan 2 dengan kurang dari lima jawaban" in html(known)
    )
    assert "Kurang dari separuh" not in fact


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_counts_people_of_one_base_and_says_who_stands_outside_it(known, lang):
    city, w = overview.open_city("2024", lang, known), Words(lang)
    counted = standings.counted_units(city.table("index"))
    # Seven of the 367 name no listed unit; of the 360 others fifteen are of units that are not counted.
    assert (counted.people, counted.valid, counted.elsewhere, counted.answered) == (345, 360, 7, 367)
    summary = overview.summary(city)
    text = " ".join(b.plain_text() for b in find(summary, "prose"))
    assert f"345 {'orang pada' if lang == 'id' else 'people in'}" in text
    assert (
        "dari 360 responden sah pada 8 unit" if lang == "id" else "of 360 valid respondents in 8 listed"
    ) in text
    assert ("7 responden sah tidak menyebut" if lang == "id" else "who name no listed unit: 7") in text
    (facts,) = find(summary, "facts")
    people = next(fact for fact in facts.facts if fact.label == w("overview.fact_valid"))
    assert people.value == "360"
    assert people.note.startswith("pada unit terdaftar" if lang == "id" else "in listed units")
    assert "367" not in text


def test_a_headline_of_units_for_information_says_so_on_page_one_and_portal(small):
    city = overview.open_city("2024", "id", small)
    text = as_json(overview.summary(city))
    assert "Kurang dari separuh unit mempunyai jawaban yang cukup" in text
    assert "hanya sebagai informasi: 6 dari 8 unit terdaftar dihitung" in html(small)
    # Of how many people it is, and nothing of how sure its letter is; nor of a unit for information.
    assert re.search(
        r"memuat jawaban .*?\d+ orang pada 6 unit.*?, dari \d+ responden sah pada 8 unit terdaftar", text
    )
    assert "gambaran awal" in text
    units = as_json(overview.units(city))
    for word in ("kokoh", "condong", "di perbatasan"):
        assert word not in text
        assert units.count(word) <= (city.ranked["certainty"] != "").sum()
    # All units with five answers are the headline then, not a way beside it.
    rows = results.pick(city.city, statistic="ikm", item="")
    assert "mean-of-all-units" not in set(rows["method"])


def test_the_tables_of_ways_on_two_pages_print_the_same_index_and_interval(known):
    from pipeline import steps

    data = steps.open_answers("2024", known)
    steps.save(data, city=steps.city(data))
    city = overview.open_city("2024", "id", known)
    first = next(b for b in overview.alternatives_of(city).blocks if getattr(b, "key", "") == "city-index")
    second = next(b for b in overview.target(city).blocks if getattr(b, "key", "") == "weightings")
    one = {row[0]: (row[2], row[3]) for row in first.rows}
    other = {row[0]: (row[1], row[2]) for row in second.rows}
    assert len(other) == 4
    for way, printed in other.items():
        assert one[way] == printed
    # dinas-c does not state its users, kel-kecil is for information: one unit more or less is not told.
    assert first.note.count("berbeda satu unit") == 2


def html(root: Path) -> str:
    from pipeline.office.city import open_results
    from pipeline.survey import load

    found = open_results(load(root, "2024"), root, modules=("index", "sampling"))
    return " ".join(re.sub(r"<[^>]+>", " ", next(portal.pages(found, "id", set()))[1]).split())


def test_the_foot_of_every_page_names_the_program_and_not_its_number_alone(small: Path) -> None:
    city = overview.open_city("2024", "id", small)
    pages = [overview.head(city), overview.annex_head(city), report.head(opened(small, "dinas-a"))]
    said = [found for made in pages for found in re.findall(r'"version": "([^"]*)"', as_json(made))]
    assert len(said) == 3
    assert all(re.fullmatch(r"skm-pipeline \d[\d.]*\w*", version) for version in said)
