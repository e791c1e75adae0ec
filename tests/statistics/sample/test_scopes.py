"""One population per published scope (R23): what a hidden unit's people said changes nothing published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline import results, steps
from pipeline.report import overview
from pipeline.statistics.importance import table as importance
from pipeline.statistics.index import table as index
from pipeline.statistics.psychometrics.correlation import association
from pipeline.statistics.psychometrics.factor import table as factors
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from pipeline.statistics.psychometrics.response import table as response
from pipeline.statistics.sample import profile, scopes
from pipeline.steps import files
from pipeline.steps.sets import tells_of_one
from tests.support import small_city

#: Units of each survey: type, parent, people served, answers of this year and of the year before.
UNITS = {
    "besar": ("dinas", "", 900, 70, 60),
    "cabang": ("dinas", "besar", 300, 45, 4),
    "bagian": ("dinas", "besar", 60, 3, 35),
    "sedang": ("kelurahan", "", 400, 40, 40),
    "tepi": ("kelurahan", "", 500, 12, 0),
    "seorang": ("kelurahan", "sedang", 90, 1, 31),
    "berempat": ("kelurahan", "", 90, 4, 2),
    "lain": ("pasar", "", 250, 33, 33),
}
FEW = ("bagian", "seorang", "berempat")
ITEMS = [*small_city.ITEMS, "sq.R1", "sq.R2"]
MODULES = (
    "index", "sampling", "profile", "integrity", "priorities", "instruments", "constructs", "reliability", "validity",
    "factors", "association", "invariance", "comparison", "ranking", "city", "outside", "adjustment", "equity",
    "importance",
)  # fmt: skip
MORE = """instruments:
  sq:
    scale: {min: 1, max: 5}
    items: {R1: {question: Petugas tanggap}, R2: {question: Petugas ramah}}
    paired: exp
adjust_for: [sex, age]
target: '80'
"""


def draw(rng, sizes, whole=True):
    """Answers of some units as intake writes them; not ``whole``: anything that may stand there."""
    n = sum(sizes.values())
    rows = pd.DataFrame({"unit": np.repeat(list(sizes), list(sizes.values()))})
    level = rng.normal(0, 0.7, n)
    for item in small_city.ITEMS:
        value = (
            np.clip(np.rint(3.3 + level + rng.normal(0, 0.6, n)), 1, 4) if whole else rng.integers(1, 5, n)
        )
        column = pd.array(value.astype(int), dtype="Int8")
        if item != "U1":  # one answer stays, so that the number of people does
            column[rng.random(n) < (0.02 if whole else 0.4)] = pd.NA
        rows[item] = column
    for item in ("sq.R1", "sq.R2", "sq.R1_exp", "sq.R2_exp"):
        column = pd.array(rng.integers(1, 6, n), dtype="Int8")
        if item != "sq.R1":
            column[rng.random(n) < 0.2] = pd.NA
        rows[item] = column

    def any_of(*names, gap=0.05):
        names = names if whole else (*names, "other")
        value = rng.choice(np.array(names, dtype=object), n)
        value[rng.random(n) < (gap if whole else 0.5)] = None
        return value

    rows["service"] = any_of("loket", "daring", gap=0)
    rows["sex"], rows["education"] = any_of("male", "female"), any_of("sma", "s1", "smp")
    rows["occupation"], rows["disability"] = any_of("swasta", "pns"), any_of("no", "yes")
    rows["mode"] = any_of("online", "self-paper", gap=0)
    rows["executor"] = "" if whole else any_of("lembaga lain")
    rows["interviewer"] = "" if whole else any_of("p1", "p2")
    rows["age"] = pd.array(rng.integers(18, 70, n), dtype="Int16")
    rows["age_band"] = np.where(rows["age"] < 40, "17-39", "40+")
    rows["suggestion"] = None if whole else any_of("Antre lama")
    moment = pd.Timestamp("2024-07-15 08:00") + pd.to_timedelta(rng.integers(0, 40_000, n), unit="min")
    rows["answered_at"] = rows["entered_at"] = moment
    rows["weight"], rows["instrument"], rows["unit_raw"] = np.nan, "", rows["unit"]
    return rows


def write(root, name, rows):
    raw, processed = root / "data/raw" / name, root / "data/processed" / name
    raw.mkdir(parents=True, exist_ok=True)
    processed.mkdir(parents=True, exist_ok=True)
    text = small_city.SURVEY.format(more=MORE).replace('"2024"', f'"{name}"').replace("2024-", f"{name}-")
    (raw / "survey.yml").write_text(text, encoding="utf-8")
    lines = ["id,name,type,parent,population,sets"]
    for unit, (kind, parent, people, *_) in UNITS.items():
        sets = "bersama" if unit == "lain" else "bersama;kurang-satu"
        lines.append(f"{unit},Unit {unit},{kind},{parent},{people},{sets}")
    (raw / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = rows.sort_values("unit", kind="stable", ignore_index=True)
    rows.insert(0, "respondent", range(1, len(rows) + 1))
    rows["source_file"], rows["source_row"] = "jawaban.xlsx", range(2, len(rows) + 2)
    for item in (c for c in rows.columns if c in ITEMS or c.endswith("_exp")):
        rows[f"{item}__status"] = np.where(rows[item].isna(), "missing", "answered")
    rows.to_parquet(processed / "responses.parquet", index=False)


def sizes(place, units=UNITS):
    return {u: UNITS[u][3 + place] for u in units if UNITS[u][3 + place]}


def city(root, hidden_seed, modules=MODULES):
    """Two years; what the people of units below five answered is drawn by ``hidden_seed``."""
    for place, name in ((1, "2023"), (0, "2024")):
        few = {u: n for u, n in sizes(place).items() if n < 5}
        rest = {u: n for u, n in sizes(place).items() if n >= 5}
        parts = [draw(np.random.default_rng(place), rest)]
        parts.append(draw(np.random.default_rng([hidden_seed, place]), few, whole=False))
        write(root, name, pd.concat(parts, ignore_index=True))
    data = steps.open_answers("2024", root)
    steps.save(steps.open_answers("2023", root), index=steps.index(steps.open_answers("2023", root)))
    made = {name: files.shown(data, name, getattr(steps, name)(data)) for name in modules}
    trend = steps.trend(data)
    made["trend"] = files.shown(data, "trend", trend)
    made["verdicts"] = files.shown(data, "verdicts", steps.verdicts(data, trend))
    return Made(made, data)


class Made(dict):
    """Tables by module, and the answers they are of."""

    def __init__(self, tables, data):
        super().__init__(tables)
        self.data = data


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return city(tmp_path_factory.mktemp("first"), 1)


def test_what_people_of_a_hidden_unit_answered_changes_no_published_row(made, tmp_path):
    other = city(tmp_path, 2)
    for name, table in made.items():
        pd.testing.assert_frame_equal(table, other[name], check_categorical=False, obj=name)


@pytest.mark.full
def test_neither_does_it_change_the_overview_of_a_set(made, tmp_path):
    other = city(tmp_path, 3, ())
    mine, theirs = (steps.named_set("2024", "bersama", of.data.survey.root).tables for of in (made, other))
    for name, table in mine.items():
        pd.testing.assert_frame_equal(table, theirs[name], check_categorical=False, obj=name)


def test_of_a_hidden_unit_nothing_but_counts_is_told(made):
    for name, table in made.items():
        rows = table[table["unit"].isin(FEW) & table["estimate"].notna()]
        allowed = {
            "n",
            "n_valid",
            "population",
            "required",
            "required_krejcie_morgan",
            "required_slovin",
            "shortfall",
        }
        if name == "trend":  # an earlier year in which enough had answered
            rows = rows[rows["statistic"] != "ikm_then"]
        assert set(rows["statistic"]) <= allowed, name


def test_every_figure_of_the_city_is_that_of_the_people_of_its_index_alone(made):
    """Each module again, on the rows of the city's units and nobody else."""
    data = made.data.shown
    assert data.scopes.city == {"besar", "cabang", "sedang", "lain"}
    rows = data.by.isin(data.scopes.city)
    frame, by = data.frame[rows], data.by[rows]
    again = {
        "reliability": reliability.table(frame, by, survey="2024"),
        "validity": validity.table(frame, by, highest=4, survey="2024"),
        "factors": results.concat(
            [factors.table(frame, by, survey="2024"), response.table(data.common[rows], survey="2024")]
        ),
        "association": association.table(frame, by, frequencies=True, survey="2024"),
        "profile": profile.table(data.responses[rows], by, full=False, survey="2024"),
        "importance": importance.table(frame, by, states_fact=["U4", "U8"], survey="2024"),
    }
    for name, table in again.items():
        mine = [t[t["scope"] == "city"].reset_index(drop=True) for t in (made[name], table)]
        assert len(mine[0]) > 5, name
        pd.testing.assert_frame_equal(*mine, obj=name)
    people = results.pick(made["index"], scope="city", statistic="units_counted").iloc[0]
    assert (people.n, people.numerator, people.denominator) == (int(rows.sum()), 4, 8)
    for name in ("ikm", "n_valid"):
        pooled = results.pick(made["index"], scope="city", statistic=name, method="pooled", item="")
        assert pooled["n"].tolist() == [people.n]
    shares = results.pick(made["integrity"], scope="city", statistic="straightline")
    assert shares["n"].tolist() == [people.n]
    gaps = results.pick(made["equity"], scope="city", statistic="gap", item="sex")
    assert gaps["n"].max() < people.n


@pytest.mark.parametrize(
    ("headline", "counted"),
    [
        ("mean-of-units", {"a", "b", "d", "e"}),
        ("shared-unsur", {"a", "b", "d", "e"}),
        ("mean-of-all-units", {"a", "b", "d", "e", "f", "g"}),
        ("pooled", {"a", "b", "d", "e", "f", "g"}),
        ("population-weighted", {"a", "b", "f"}),
    ],
)
def test_a_city_has_the_people_of_the_headline_its_definition_chooses(headline, counted):
    sizes = {"a": 40, "b": 35, "c": 4, "d": 31, "e": 30, "f": 8, "g": 9, "elsewhere": 50}
    by = np.repeat(list(sizes), list(sizes.values()))
    answers = pd.DataFrame(np.random.default_rng(5).integers(1, 5, (len(by), 3)), columns=["U1", "U2", "U3"])
    how = {"listed": list("abcdefg"), "population": {"a": 900, "b": 800, "f": 500}, "headline": headline}
    found = scopes.find(answers, by, **how)
    assert found.city == counted
    assert found.hidden == {"c", "elsewhere"}
    table = index.table(answers, by, **how)
    row = results.pick(table, scope="city", statistic="units_counted").iloc[0]
    assert (row.numerator, row.n) == (len(counted), sum(sizes[unit] for unit in counted))
    told = results.pick(table, scope="city", statistic="units", item="").set_index("method")["estimate"]
    assert told[headline] == len(counted)
    if headline != "population-weighted":  # its units are no part of the others'
        assert all(abs(n - len(counted)) != 1 for n in told), "two figures that differ by one unit"


def test_a_type_of_small_units_only_takes_all_with_five_answers_and_the_city_does_not():
    by = np.repeat(list("abcd"), [40, 35, 8, 3])
    answers = pd.DataFrame({"U1": [4, 3] * 43})
    kinds = {"a": "dinas", "b": "dinas", "c": "desa", "d": "desa"}
    found = scopes.find(answers, by, types=kinds, agencies={"a": ["a", "c", "d"]})
    assert found.types == {"dinas": {"a", "b"}, "desa": {"c"}}
    assert (found.city, found.parents) == ({"a", "b"}, {"a": {"a", "c"}})


@pytest.mark.parametrize(
    ("published", "another", "bare"),
    [
        (["abcdef"], "abcdef", False),  # the same people again
        (["abcdef"], "abcde", True),
        (["abcdef"], "abcd", False),
        (["abcdef"], "a", True),  # a set of one unit
        (["abcdef", "abc"], "de", True),  # the city less both
        (["abcdef", "abcd"], "abce", False),  # d and e, never one of them
        (["abcdef", "abcd", "cdef"], "abef", False),
        (["abcdef", "abc", "cde"], "ade", False),
        (["abcdef", "abcd", "def"], "abcef", True),
        (["abcde"], "", False),
    ],
)
def test_a_set_that_would_leave_one_unit_bare_is_found_however_many_overviews_are_needed(
    published, another, bare
):
    assert scopes.tells_one(published, another) is bare


def test_a_set_of_all_units_but_one_is_bare_and_one_of_all_is_not(made):
    assert tells_of_one(made.data, "kurang-satu")
    assert not tells_of_one(made.data, "bersama")


@pytest.mark.full
def test_a_set_that_lacks_one_unit_of_the_city_tells_nothing_of_all_its_people_together(made):
    part = steps.named_set("2024", "kurang-satu", made.data.survey.root)
    assert part.bare
    for name in ("association", "reliability", "validity", "equity", "importance", "integrity"):
        assert not len(results.pick(part.tables[name], scope="city")), name
    assert len(results.pick(part.tables["index"], scope="city", statistic="ikm"))
    page = overview.open_city("2024", "id", made.data.survey.root, part=part)
    assert "angka satu unit saja" in small_city.as_json(overview.summary(page))


def rows_of(few, **shown):
    """Answers of units below five, drawn from a seed, beside those of others."""

    def drawn(seed):
        parts = [draw(np.random.default_rng(1), shown)] if shown else []
        return pd.concat(
            [*parts, draw(np.random.default_rng([seed, 7]), few, whole=False)], ignore_index=True
        )

    return drawn


def asked_alone(rows):
    """Only people of small units answer U9, and say how old they are and whether they are disabled."""
    rest = ~rows["unit"].isin(FEW)
    rows.loc[rest, "U9"] = pd.NA
    rows.loc[rest, ["disability", "age_band"]] = None
    return rows


def with_rows_of_no_unit(rows):
    extra = draw(np.random.default_rng(int(rows["U2"].fillna(0).sum())), {"unknown": 9}, whole=False)
    return pd.concat([rows, extra], ignore_index=True)


SITUATIONS = {
    "all hidden": (rows_of({"bagian": 3, "berempat": 4}), "", None),
    "one shown": (rows_of({"bagian": 3, "seorang": 1}, besar=40), "", None),
    "two for information": (rows_of({"bagian": 4, "berempat": 4}, besar=6, sedang=6), "", None),
    "all with five make the headline": (
        rows_of({"seorang": 1}, besar=40, cabang=35, tepi=9, lain=8), "headline: mean-of-all-units\n", None,
    ),
    "a list of unsur of its own": (
        rows_of({"berempat": 4}, besar=40, cabang=35),
        "indicators:\n  - {units: [berempat], items: {U1: '1/2', sq.R1: '1/2'}}\n", None,
    ),
    "full counts": (rows_of({"berempat": 4}, besar=40, cabang=35), "poster_counts: full\n", None),
    "asked of few alone": (rows_of({"berempat": 4, "bagian": 3}, besar=40, cabang=35), "", asked_alone),
    "rows of no unit": (rows_of({"berempat": 4}, besar=40, cabang=35), "", with_rows_of_no_unit),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize(
    "modules",
    [("index", "profile", "association", "importance"), pytest.param(MODULES, marks=pytest.mark.full)],
)
def test_in_every_situation_a_hidden_unit_moves_no_published_row(situation, modules, tmp_path, monkeypatch):
    drawn, more, changed = SITUATIONS[situation]
    monkeypatch.setattr(f"{__name__}.MORE", MORE + more)
    found = []
    for seed in (1, 2):
        rows = drawn(seed)
        write(tmp_path / str(seed), "2024", rows if changed is None else changed(rows))
        data = steps.open_answers("2024", tmp_path / str(seed))
        found.append({name: files.shown(data, name, getattr(steps, name)(data)) for name in modules})
    for name, table in found[0].items():
        kept = [
            t[~t["statistic"].isin(["n", "n_valid"])].reset_index(drop=True) for t in (table, found[1][name])
        ]
        pd.testing.assert_frame_equal(*kept, obj=name)
