"""Counts that pages print, counted again from the answers by other code, and held against the text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import report
from pipeline.report import overview
from pipeline.words import Words
from tests.support import small_city
from tests.support.small_city import ITEMS, opened

W = Words("id")
#: Texts that say nothing; written here again, not read from the report's own list.
SAYS_NOTHING = {"tidak ada", "baik", "sudah baik", "cukup", "bagus", "nihil", "-", "puas", "mantap", "ok"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up city with many who wrote, some of them the same, some nothing at all."""
    made = small_city.build(tmp_path_factory.mktemp("city"))
    path = made / "data" / "processed" / "2024" / "responses.parquet"
    frame = pd.read_parquet(path)
    told = [
        "Tambah kursi",
        "tambah kursi.",
        "tidak ada",
        "Baik",
        "Antre lama",
        "Antre  lama!",
        "",
        None,
        None,
    ]
    own = frame["unit"].isin(["dinas-b", "kel-baik", "kel-kecil"])
    frame.loc[own, "suggestion"] = [told[i % len(told)] for i in range(int(own.sum()))]
    frame.to_parquet(path, index=False)
    small_city.compute(made, "2024")
    return made


@pytest.fixture(scope="module")
def answers(root: Path) -> pd.DataFrame:
    return pd.read_parquet(root / "data" / "processed" / "2024" / "responses.parquet")


def walk(block: Any) -> Any:
    yield block
    for child in getattr(block, "blocks", ()):
        yield from walk(child)


def text(block: Any) -> str:
    return " ".join(b.plain_text() for b in walk(block))


def table(block: Any, key: str) -> Any:
    return next(b for b in walk(block) if b.kind_name == "table" and b.key == key)


def valid(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame[ITEMS].notna().any(axis=1)]


def whole(frame: pd.DataFrame) -> list[str]:
    """Units with a whole page: five or more, not all alike, listed."""
    sizes = valid(frame).groupby("unit").size()
    alike = [u for u, part in frame.groupby("unit") if (part[ITEMS].nunique() <= 1).all()]
    return [u for u in sizes.index if sizes[u] >= 5 and u not in alike and u != "unknown"]


def test_each_unit_counts_questionnaires_and_valid_answers_as_the_answers_do(
    root: Path, answers: pd.DataFrame
):
    for unit in whole(answers):
        mine, u = answers[answers["unit"] == unit], opened(root, unit)
        rows = {row[0]: row[1] for row in table(report.conduct(u), "conduct").rows}
        assert rows[W("unit.conduct.received")] == W.integer(len(mine))
        assert rows[W("unit.conduct.valid")] == W.integer(len(valid(mine)))
        (facts,) = [b for b in walk(report.summary(u)) if b.kind_name == "facts"]
        assert facts.facts[-1].value == W.integer(len(valid(mine)))


def test_each_unsur_counts_those_who_answered_it_and_its_shares_are_theirs(root: Path, answers: pd.DataFrame):
    for unit in whole(answers):
        mine = answers[answers["unit"] == unit]
        found = table(report.unsur(opened(root, unit)), "unsur")
        place = {column.key: i for i, column in enumerate(found.columns)}
        assert len(found.rows) == 9
        for row in found.rows:
            given = mine[row[place["item"]]].dropna()
            assert row[place["n"]] == W.integer(len(given))
            assert row[place["nrr"]] == W.number(given.sum() / len(given), 3)
            for level in range(1, 5):
                assert row[place[f"s{level}"]] == W.number(100 * (given == level).mean(), 0)
        assert found.footer_rows[0][place["n"]] == W.integer(len(valid(mine)))


def test_the_annex_holds_every_valid_questionnaire_once(root: Path, answers: pd.DataFrame):
    for unit in whole(answers):
        mine = valid(answers[answers["unit"] == unit])
        found = table(report.answers(opened(root, unit)), "answers")
        assert len(found.rows) == len(mine)
        assert found.footer_rows[1][1:] == tuple(W.integer(mine[item].notna().sum()) for item in ITEMS)
        printed = sorted(tuple(row[1:]) for row in found.rows)
        told = mine[ITEMS].astype(object).where(mine[ITEMS].notna(), "")
        assert printed == sorted(tuple(map(str, row)) for row in told.itertuples(index=False))


def test_a_profile_adds_up_to_the_questionnaires_of_the_unit(root: Path, answers: pd.DataFrame):
    for unit in whole(answers):
        mine = answers[answers["unit"] == unit]
        found = table(report.respondents(opened(root, unit)), "respondents")
        sums: dict[str, int] = {}
        trait = ""
        for row in found.rows:
            trait = row[0] or trait
            sums[trait] = sums.get(trait, 0) + int(row[2].replace(".", ""))
        assert set(sums.values()) == {len(mine)}, sums
        men, women = ((mine["sex"] == sex).sum() for sex in ("male", "female"))
        if min(men, women) >= 5:  # else the two are merged
            assert [row[2] for row in found.rows if row[1] == W.label("sex", "male")] == [W.integer(men)]


def test_services_of_a_unit_add_up_to_its_valid_answers(root: Path, answers: pd.DataFrame):
    mine = valid(answers[answers["unit"] == "dinas-a"])
    found = table(report.services(opened(root, "dinas-a")), "services")
    counted = {row[0]: row[1] for row in found.rows}
    assert counted == {name: W.integer(n) for name, n in mine["service"].value_counts().items()}


def test_people_who_wrote_are_counted_and_not_their_texts(root: Path, answers: pd.DataFrame):
    for unit in whole(answers):
        mine = answers.loc[answers["unit"] == unit, "suggestion"].fillna("").str.strip()
        wrote = mine[mine != ""]
        nothing = wrote[wrote.str.casefold().str.strip(" .!").isin(SAYS_NOTHING)]
        said = wrote.drop(nothing.index)
        different = said.str.casefold().str.split().str.join(" ").str.rstrip(" .!").nunique()
        page = text(report.suggestions(opened(root, unit)))
        if not len(wrote):
            assert W("unit.suggestions.none") in page
            continue
        assert (
            f"{len(wrote)} dari {(answers['unit'] == unit).sum()} responden menulis sesuatu: "
            f"{len(said)} berisi saran, {len(nothing)} tanpa isi"
        ) in page, unit
        assert f"Saran yang berbeda ada {different}" in page
        listed = [b for b in walk(report.suggestions(opened(root, unit))) if b.kind_name == "bullets"]
        assert sum(len(b.items) for b in listed) == different, "each text stands once"
        times = [int(n) for b in listed for n in re.findall(r"\(×(\d+)\)", b.plain_text())]
        assert sum(times) + (different - len(times)) == len(said)


def test_flags_are_counted_in_questionnaires(root: Path, answers: pd.DataFrame):
    label = W.label("flag", "straightline")
    for unit in whole(answers):
        mine = valid(answers[answers["unit"] == unit])
        same = ((mine[ITEMS].nunique(axis=1) == 1) & mine[ITEMS].notna().all(axis=1)).sum()
        rows = [row for row in table(report.doubts(opened(root, unit)), "flags").rows if row[0] == label]
        assert [row[2] for row in rows] == [W.integer(same)], unit


def test_the_overview_counts_units_and_people_as_the_answers_do(root: Path, answers: pd.DataFrame):
    city = overview.open_city("2024", root=root)
    listed = valid(answers[answers["unit"] != "unknown"])
    sizes = listed.groupby("unit").size()
    found = table(overview.units(city), "units")
    place = {column.key: i for i, column in enumerate(found.columns)}
    counted = {row[place["unit"]]: row[place["n"]] for row in found.rows}
    names = {unit.name: unit.id for unit in city.survey.units}
    assert counted == {name: W.integer(sizes.get(unit, 0)) for name, unit in names.items()}
    (facts,) = [b for b in walk(overview.summary(city)) if b.kind_name == "facts"]
    people = next(fact for fact in facts.facts if fact.label == W("overview.fact_valid"))
    assert people.value == W.integer(len(listed))
    assert f"{W.integer((answers['unit'] == 'unknown').sum())} baris" in text(overview.left_out(city))
    signs = dict(zip(city.standings["unit"], city.standings["sign"]))
    kinds = {unit.id: unit.type for unit in city.survey.units}
    for row in table(overview.groups(city), "by-type").rows:
        mine = {unit: n for unit, n in sizes.items() if kinds[str(unit)] == row[0] and not signs[str(unit)]}
        assert row[1].split()[0] == str(len(mine)), row
        assert row[2] == W.integer(sum(mine.values())), row


def test_letters_are_counted_once_each_and_every_row_adds_up(root: Path):
    city = overview.open_city("2024", root=root)
    found = table(overview.alternatives_of(city), "letters")
    for row in (*found.rows, *found.footer_rows):
        assert int(row[1]) == sum(map(int, row[2:])), row  # the unit of equal answers has no certainty
    assert found.columns[-1].label == W("overview.col_no_certainty")
    assert found.footer_rows[0][-1] == "1"
