"""What is said of the lowest and the highest unsur is what the table of tests says (R18)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import survey as surveys
from pipeline.report.data.unit import UnitReport
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit import priorities as page
from pipeline.report.unit.act_on import act_on
from pipeline.report.unit.lowest_items import lower_codes, lowest_title
from pipeline.results import Row
from pipeline.statistics.index import priorities
from pipeline.statistics.index import table as index
from pipeline.words import LANGUAGES, Words
from pipeline.words import page_one as words
from tests.report.unit.test_sections import find, plain
from tests.support import small_city

ITEMS = small_city.ITEMS
FACTS = ("U4", "U8")
CLAIM = {
    "id": re.compile(r"jelas lebih rendah daripada (.*)$"),
    "en": re.compile(r"clearly lower than (.*)$"),
}


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = tmp_path_factory.mktemp("lowest")
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text(small_city.SURVEY.format(more=""), encoding="utf-8")
    (raw / "units.csv").write_text(small_city.UNITS, encoding="utf-8")
    (root / "data" / "processed" / "2024").mkdir(parents=True)
    return surveys.load(root, "2024")


def opened(survey: Any, answers: pd.DataFrame, lang: str = "id") -> UnitReport:
    """A unit of these answers, with the rows that sentences read."""
    by = ["dinas-a"] * len(answers)
    tables = {
        name: [Row(*row) for row in made[list(Row._fields)].itertuples(index=False, name=None)]
        for name, made in (("index", index.table(answers, by)), ("priorities", priorities.table(answers, by)))
    }
    return UnitReport(survey, survey.unit("dinas-a"), lang, tables, pd.DataFrame(), pd.DataFrame())


def answers(seed: int, n: int = 120) -> pd.DataFrame:
    """Items with differences from none to large, some of them exactly equal."""
    rng = np.random.default_rng(seed)
    person = rng.normal(0, 0.5, n)
    shift = rng.choice([-0.9, -0.5, -0.15, 0, 0, 0.1], len(ITEMS))
    made = {
        item: np.clip(np.rint(3.1 + shift[j] + person + rng.normal(0, 0.6, n)), 1, 4).astype(int)
        for j, item in enumerate(ITEMS)
    }
    if seed % 3 == 0:
        made["U5"] = rng.permutation(made["U6"])
    return pd.DataFrame(made)


def spoken(runs: Any) -> str:
    return "".join(text for text, _ in runs)


def listed(u: UnitReport) -> str:
    """What page one says of the lowest unsur."""
    return " ".join(plain(block) for block in act_on(u, ()) if block)


def claimed(said: str, lang: str, u: UnitReport, item: str) -> set[str]:
    """Read back from a sentence the unsur that it names as higher."""
    found = CLAIM[lang].search(said)
    if not found:
        return set()
    codes = set(re.findall(r"U\d", found.group(1)))
    if codes:
        assert int(re.search(r"\d+", found.group(1)).group(0)) == len(codes)
        return codes
    names = {u.item_name(i).lower(): i for i in ITEMS if i not in FACTS and i != item}
    return {code for name, code in names.items() if re.search(rf"\b{re.escape(name)}\b", found.group(1))}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_the_lowest_are_the_rows_of_the_table(survey: Any, lang: str) -> None:
    kinds = set()
    for seed in range(24):
        u = opened(survey, answers(seed), lang)
        table = u.rows("priorities", "lower_than")
        shown = {(r.item, r.other) for r in table if r.text == "clearly-lower"}
        assert all(r.p_adjusted < 0.05 for r in table if r.text == "clearly-lower")
        for e in low.lowest(u):
            kinds.add(e.mark)
            said = spoken(words.act_item(u.words, e, e.item, lower_codes(u, e)))
            expected = {other for item, other in shown if item == e.item} if e.item not in FACTS else set()
            assert claimed(said, lang, u, e.item) == expected, said
    assert kinds >= {"clearly-lower", "partly-lower", "not-distinguishable", "states-a-fact"}


def test_the_printed_pairs_are_every_pair_of_the_lowest_with_the_p_their_word_comes_from(survey: Any) -> None:
    w = Words("id")
    for seed in range(6):
        u = opened(survey, answers(seed))
        tables = {t.key: t for t in find(page.priorities(u), "table")}
        opinions = [e.item for e in low.lowest(u) if e.item not in FACTS]
        expected = [r for r in u.rows("priorities", "lower_than") if {r.item, r.other} & set(opinions)]
        assert len(tables["lowest-pairs"].rows) == len(expected)
        found = {
            frozenset((row[0].split()[0], row[1].split()[0])): row for row in tables["lowest-pairs"].rows
        }
        for r in expected:
            row = found[frozenset((r.item, r.other))]
            assert row[4] == w.p(r.p_adjusted)
            assert (row[5] == "jelas lebih rendah") == (r.p_adjusted < 0.05)


def test_where_all_unsur_are_equal_there_is_no_lowest_and_no_plan(survey: Any) -> None:
    u = opened(survey, pd.DataFrame({item: [3, 4] * 30 for item in ITEMS}))
    made = page.priorities(u)
    assert low.lowest(u) == low.highest(u) == []
    assert not find(made, "table")
    assert "tidak ada unsur terendah" in plain(made)
    assert "persis sama" in listed(u)
    assert "persis sama" in lowest_title(u)


def test_ties_at_the_bottom_and_at_the_top_are_called_ties(survey: Any) -> None:
    x = pd.DataFrame({item: [3, 3, 3, 4] * 30 for item in ITEMS})
    x["U2"], x["U7"] = [2, 3, 3, 3] * 30, [3, 3, 2, 3] * 30
    x["U5"], x["U9"] = [4, 4, 4, 3] * 30, [3, 4, 4, 4] * 30
    u = opened(survey, x)
    said = listed(u)
    assert "Bernilai persis sama: prosedur, perilaku pelaksana." in said
    assert "persis sama (93,75)" in spoken(page.highest_said(u))
    assert lowest_title(u) == "Nilai terendah pada prosedur dan perilaku pelaksana"
    # The third of the lowest is one of five of the same value: it is no more than the others.
    assert "5 unsur" in said


def test_a_fact_is_cautioned_at_the_top_as_at_the_bottom(survey: Any) -> None:
    x = pd.DataFrame({item: [3, 3, 4, 3] * 30 for item in ITEMS})
    x["U4"], x["U8"], x["U1"] = [4, 4, 4, 4] * 30, [2, 2, 3, 2] * 30, [3, 3, 3, 2] * 30
    u = opened(survey, x)
    assert "bukan prestasi" in spoken(page.highest_said(u))
    assert "fakta tentang saluran pengaduan, bukan kepuasan" in listed(u)
    assert "menyatakan fakta" in lowest_title(u)


def test_a_unit_where_half_find_no_channel_reads_of_it_first(survey: Any) -> None:
    x = answers(1)
    x["U8"] = [1] * 60 + [4] * 60
    u = opened(survey, x)
    first = find(page.priorities(u), "prose")[0]
    assert "60 dari 120 responden" in first.plain_text()
    assert "tidak ada saluran pengaduan" in first.plain_text()
    plan = {t.key: t for t in find(page.priorities(u), "table")}["plan"]
    assert plan.rows[0][1].startswith("U8")
    x.loc[0, "U8"] = 2
    assert page.channel_first(opened(survey, x)) == []


def test_nothing_is_said_of_tests_below_thirty_respondents(survey: Any) -> None:
    u = opened(survey, answers(2, 25))
    assert {e.mark for e in low.lowest(u)} <= {"not-tested", "states-a-fact"}
    assert "jelas" not in listed(u) + lowest_title(u)
    assert "Tidak diuji (respondennya kurang dari 30)" in listed(u)
    assert "lowest-pairs" not in {t.key for t in find(page.priorities(u), "table")}


def test_the_summary_of_a_unit_opens_its_meaning_with_the_missing_channel(
    survey: Any, tmp_path: Path
) -> None:
    from pipeline.report import summary

    x = answers(1)
    x["U8"] = [1] * 100 + [4] * 20
    said = plain(summary(opened(survey, x)))
    assert said.index("tidak ada saluran pengaduan") < said.index("Responden menilai")
