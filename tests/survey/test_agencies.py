"""What stands below what: agencies of several levels, none counted twice, none left out."""

from __future__ import annotations

import pandas as pd

from pipeline import results
from pipeline import survey as surveys
from pipeline.report import overview
from pipeline.report.city import annex as overview_annex
from pipeline.statistics.index import table as index
from pipeline.survey.agencies import MOST_LEVELS, circles
from pipeline.survey.units import Unit
from tests.support.city_fixture import make_survey
from tests.support.index_samples import exact, made_up, one

#: Three levels on one side, two on the other; the city itself and the district have answers of their own.
PARENTS = {
    "kota": "",
    "dinas": "kota",
    "pkm-1": "dinas",
    "pkm-2": "dinas",
    "pustu": "pkm-2",
    "kec": "kota",
    "lain": "",
}
UNITS = [Unit(id=name, name=name, parent=parent) for name, parent in PARENTS.items()]
SIZES = {"kota": 6, "dinas": 0, "pkm-1": 20, "pkm-2": 15, "pustu": 10, "kec": 12, "lain": 9}


def test_an_agency_is_the_parent_and_everything_below_it_at_uneven_depth() -> None:
    assert surveys.agencies(UNITS) == {
        "kota": ("kota", "dinas", "pkm-1", "pkm-2", "pustu", "kec"),
        "dinas": ("dinas", "pkm-1", "pkm-2", "pustu"),
        "pkm-2": ("pkm-2", "pustu"),
    }
    assert surveys.agencies(reversed(UNITS)).keys() == {"kota", "dinas", "pkm-2"}


def test_parents_in_a_circle_are_told_once_and_never_followed_for_ever() -> None:
    round_ = [Unit("a", "A", parent="b"), Unit("b", "B", parent="a"), Unit("c", "C", parent="a")]
    problem, *more = circles(round_, "units.csv")
    assert more == []
    assert 'in a circle: "a" -> "b" -> "a"' in problem.what
    assert problem.hint == "leave the parent of the topmost of them empty"
    assert sorted(surveys.agencies(round_)["a"]) == ["a", "b", "c"]


def test_a_chain_without_end_is_refused_in_one_sentence() -> None:
    chain = [Unit(f"u{k}", f"U{k}", parent=f"u{k - 1}" if k else "") for k in range(MOST_LEVELS + 2)]
    assert [p.what for p in circles(chain, "units.csv")] == [
        f'"u{MOST_LEVELS + 1}" stands more than {MOST_LEVELS} levels below the top'
    ]
    assert circles(chain[:-1], "units.csv") == []


def answers() -> tuple[pd.DataFrame, list[str]]:
    by = [unit for unit, n in SIZES.items() for _ in range(n)]
    return made_up(len(by), seed=3), by


def test_the_index_of_an_agency_pools_each_respondent_below_it_exactly_once() -> None:
    x, by = answers()
    table = index.table(x, by, agencies=surveys.agencies(UNITS), listed=list(PARENTS))
    for head, units in surveys.agencies(UNITS).items():
        rows = x[[unit in units for unit in by]]
        pooled = one(table, scope="parent", unit=head, statistic="ikm", method="pooled")
        alone = one(index.table(rows), scope="unit", statistic="ikm")
        assert (pooled.n, exact(pooled)) == (len(rows), exact(alone)), head
        counted = one(table, scope="parent", unit=head, statistic="units")
        assert counted.estimate == sum(SIZES[unit] > 0 for unit in units)
    assert set(results.pick(table, scope="parent").unit) == set(surveys.agencies(UNITS))


def test_each_row_of_the_overview_says_how_many_units_it_is_made_of(tmp_path) -> None:
    survey = make_survey(tmp_path, 2)
    listed = survey.raw / "units.csv"
    listed.write_text("id,name,parent\n" + "".join(f"{u.id},Nama {u.id},{u.parent}\n" for u in UNITS))
    survey = surveys.load(tmp_path, "2024")
    survey.processed.mkdir(parents=True)
    x, by = answers()
    table = index.table(x, by, agencies=surveys.agencies(UNITS), listed=list(PARENTS))
    table.to_parquet(survey.processed / "index.parquet")
    group = overview_annex.groups(overview.open_city(survey, "id"))
    rows = next(b for b in group.blocks if getattr(b, "key", "") == "by-parent").rows
    assert {row[0]: (row[1], row[2]) for row in rows} == {
        "Nama dinas": ("3 dari 4", "45"), "Nama kota": ("5 dari 6", "63"), "Nama pkm-2": ("2", "25"),
    }  # fmt: skip
