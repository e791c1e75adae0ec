"""The titles of a city's figures: a finding where rows carry a verdict, numbers that claim nothing where not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import blocks, results
from pipeline.report import overview
from pipeline.report.city import titles
from pipeline.report.city.psychometrics import methods
from pipeline.words import Words, page_one
from pipeline.words.verdicts import Change
from tests.support import cells
from tests.support.city_fixture import make_city, make_survey

SECTIONS = [
    found.split("(")[0].removeprefix("overview.")
    for name in ("6-overview", "6-annex")
    for found in cells.code(name).values()
    if found.startswith("overview.") and found.endswith("(city)")
]
LANGUAGES = ("id", "en")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_city(tmp_path_factory.mktemp("titles"), units=12, few=("unit-02",))


def figures(city: Any) -> list[Any]:
    made = [
        b for name in dict.fromkeys(SECTIONS) for b in getattr(getattr(overview, name)(city), "blocks", ())
    ]
    return [b for b in made if isinstance(b, blocks.Figure)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_of_a_city_states_a_finding_as_its_title(survey: Any, lang: str) -> None:
    drawn = figures(overview.open_city(survey, lang))
    assert {
        "letters-held",
        "ranking-1",
        "targets-by-type",
        "lagging",
        "slopes",
        "funnel",
        "equity",
        "pairs",
    } <= {f.key for f in drawn}
    for figure in drawn:
        assert figure.title, figure.key
        assert not figure.title.endswith(("?", ".")), figure.title
        assert figure.title != figure.caption, figure.key


def test_a_unit_shown_above_or_below_is_counted_in_the_title_and_no_other(survey: Any) -> None:
    city = overview.open_city(survey, "id")
    ranked = city.ranked.copy()
    ranked["versus"] = ["above", "below", *["undecided"] * (len(ranked) - 2)]
    city.__dict__["ranked"] = ranked
    assert titles.differ(city) == f"Dari {len(ranked)} unit, 1 nyata di atas dan 1 nyata di bawah unit lain"
    ranked["versus"] = "undecided"
    assert "nyata" not in titles.differ(city)
    assert "belum satu pun dapat dibedakan" in titles.differ(city)
    ranked["versus"] = ["equivalent", "equivalent", *["undecided"] * (len(ranked) - 2)]
    assert titles.differ(city) == f"Dari {len(ranked)} unit, 2 ditunjukkan setara dengan unit lain"
    ranked["versus"] = ""
    said = titles.differ(city)
    assert said.startswith(f"Indeks {len(ranked)} unit: ")
    assert city.words.number(ranked["ikm"].min()) in said
    assert city.words.number(ranked["ikm"].max()) in said


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["below", "below", "above"], "Dari 3 unit, 2 pasti belum mencapai target dan 1 pasti mencapai"),
        (["undecided", "above", "above"], "Dari 3 unit, 2 pasti mencapai target"),
        (["undecided", "below"], "Dari 2 unit, 1 pasti belum mencapai target"),
        (["undecided"] * 4, "Apakah target tercapai belum dapat dipastikan untuk 4 unit"),
    ],
)
def test_only_what_is_sure_of_the_target_is_counted(survey: Any, verdicts: list[str], said: str) -> None:
    assert titles.targets(overview.open_city(survey, "id"), pd.Series(verdicts)) == said


def test_a_gap_is_called_unusual_only_where_one_is(survey: Any) -> None:
    city = overview.open_city(survey, "en")
    said = {tuple(words): titles.gaps(city, pd.Series(words)) for words in (["usual"] * 3, ["usual", "low"])}
    assert said["usual", "usual", "usual"] == "The gaps of all 3 units are usual in this city"
    assert said["usual", "low"] == "The gaps of 1 of 2 units are unusually low"


def test_what_lags_is_clearly_lower_only_where_that_was_shown(survey: Any) -> None:
    city = overview.open_city(survey, "id")
    table = pd.DataFrame({"clear": [0, 0], "low": [4, 4]}, index=["U3", "U9"])
    assert titles.lagging(city, table).startswith(
        "Paling sering di antara tiga terendah: U3 dan U9, di 4 dari"
    )
    table.loc["U9", "clear"] = 2
    assert titles.lagging(city, table).startswith(
        f"Paling sering jelas lebih rendah: U9 {city.item_name('U9')}, di 2"
    )


def test_a_group_is_named_below_others_only_where_its_row_says_so(survey: Any) -> None:
    city = overview.open_city(survey, "id")
    rows = [
        {"scope": "city", "statistic": "gap", "item": "sex", "group": g, "text": "undecided"}
        for g in ("male", "female")
    ]
    assert (
        titles.groups(city, results.frame(rows))
        == "Belum ada kelompok yang ditunjukkan berbeda dari kelompok lain"
    )
    rows[0]["text"] = "below"
    said = titles.groups(city, results.frame(rows))
    assert said == f"Nyata di bawah kelompok lain: jenis kelamin {city.words.label('sex', 'male')}"


@pytest.mark.parametrize("relation", ["up", "down", "unchanged", "cannot-tell", "published", ""])
@pytest.mark.parametrize(("lang", "who"), [("id", "indeks kota"), ("en", "the index of the city")])
def test_the_change_of_a_city_is_said_of_the_city(survey: Any, relation: str, lang: str, who: str) -> None:
    w = overview.open_city(survey, lang).words
    said = page_one.moved_title(w, Change("city", "2023", relation, 1.5, 0.5, 2.5, 2.0))
    assert ("naik" in said or "went up" in said) == (relation == "up")
    assert ("turun" in said or "went down" in said) == (relation == "down")
    assert relation == "published" or who in said.lower()
    assert said[0].isupper()


@pytest.mark.parametrize(("lang", "told"), [("id", "(atas 7 unsur)"), ("en", "(on 7 elements)")])
def test_a_change_on_some_elements_only_says_so_where_the_figure_shows_whole_indices(
    lang: str, told: str
) -> None:
    whole = Change("unit", "2024", "down", -5.23, -6.99, -3.48, 2.5, shared=9, items=9)
    assert told not in page_one.moved_title(Words(lang), whole)
    assert page_one.moved_title(Words(lang), replace(whole, shared=7)).endswith(told)
    # Without a verdict there is no number that could rest on anything.
    assert told not in page_one.moved_title(Words(lang), replace(whole, relation="", shared=7))


def test_a_tie_for_the_smallest_value_counts_for_each_and_equal_values_for_none() -> None:
    units = {"a": {"U1": 80.0, "U2": 80.0, "U3": 90.0}, "b": {"U1": 70.0, "U2": 70.0, "U3": 70.0}}
    assert titles.smallest(units) == {"U1": 1, "U2": 1}


def test_a_city_without_any_verdict_still_has_titles_that_claim_nothing(tmp_path: Path) -> None:
    city = overview.open_city(make_city(tmp_path, units=12), "id")
    bare = replace(city, tables={name: city.table(name) for name in ("index", "sampling")})
    for figure in figures(bare):
        assert figure.title
        for word in ("nyata", "naik", "turun", "luar biasa", "setara", "pasti mencapai"):
            assert word not in figure.title, figure.title


def test_the_survey_of_nobody_has_no_title_at_all(tmp_path: Path) -> None:
    assert figures(overview.open_city(make_survey(tmp_path), "id")) == []


def test_the_words_in_a_formula_are_of_the_reader_s_language(survey: Any) -> None:
    """Names such as NRR and cor are read in any language; "tabel" and "kota" are not English."""

    def words(lang: str) -> list[set[str]]:
        city = overview.open_city(survey, lang)
        made = [*overview.method(city).blocks, *methods.formulas(city)]
        return [
            set(re.findall(r"mathrm\{([a-z]+)\}", b.latex)) for b in made if isinstance(b, blocks.Formula)
        ]

    for indonesian, english in zip(words("id"), words("en"), strict=True):
        assert not indonesian & english - {"cor", "var", "cov"}
