"""Whoever opens a survey says the same of its units: sign, answers required, lowest possible index (R6, R7, R11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import report, rules, steps
from pipeline import survey as surveys
from pipeline.office import portal
from pipeline.office.city import open_results
from pipeline.report import overview
from pipeline.report.city import spread
from pipeline.report.unit import headline
from pipeline.report.unit import services as unit_services

#: Service users and valid answers. Of 25 users the decree of 2004 asks all, Krejcie and Morgan 24.
UNITS = {
    "nearly-all": (25, 24), "all": (25, 25), "large": (220, 40), "not-known": (None, 29), "enough": (None, 30),
    "nobody-served": (0, 12), "tiny": (25, 4),
}  # fmt: skip
SIGNS = {
    "14/2017": {"nearly-all": "", "all": "", "large": "", "not-known": "E", "enough": "", "nobody-served": "E",
                "tiny": "x"},
    "25/2004": {"nearly-all": "E", "all": "", "large": "", "not-known": "E", "enough": "", "nobody-served": "E",
                "tiny": "x"},
}  # fmt: skip
REQUIRED = {
    "14/2017": {"nearly-all": 24, "all": 24, "large": 140, "not-known": None, "enough": None,
                "nobody-served": None, "tiny": 24},
    "25/2004": {"nearly-all": 25, "all": 25, "large": 150, "not-known": 150, "enough": 150,
                "nobody-served": 150, "tiny": 25},
}  # fmt: skip


def build(root: Path, rule: str, scale: tuple[int, int] = (1, 4)) -> Any:
    """A survey whose units are near every limit, cleaned and computed as the stage notebook of the index does."""
    raw = root / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    low, high = scale
    (raw / "survey.yml").write_text(
        f"title: Survei contoh\ncity: Kota Contoh\nrule: {rule}\nsynthetic: true\norder: form\n"
        f"scale: {{min: {low}, max: {high}}}\n",
        encoding="utf-8",
    )
    lines = [f"{u},Unit {u},dinas,{'' if users is None else users}" for u, (users, _) in UNITS.items()]
    (raw / "units.csv").write_text("\n".join(["id,name,type,population", *lines, ""]), encoding="utf-8")
    (raw / "services.csv").write_text("unit,service,population\nlarge,Loket,25\n", encoding="utf-8")
    found = surveys.load(root, "2024")
    found.processed.mkdir(parents=True)
    answers(rule, scale).to_parquet(found.processed / "responses.parquet", index=False)
    data = steps.open_answers("2024", root)
    for module in ("index", "sampling"):
        steps.save(data, **{module: getattr(steps, module)(data)})
    return data


def answers(rule: str, scale: tuple[int, int]) -> pd.DataFrame:
    """One row a respondent; of the large unit 24 came for the service that 25 people use."""
    draw = np.random.default_rng(4)
    items = rules.load(rule).codes
    unit = np.repeat(list(UNITS), [n for _, n in UNITS.values()])
    rows = pd.DataFrame({"unit": unit, "service": ""})
    large = rows.index[rows["unit"] == "large"]
    rows.loc[large[:24], "service"] = "Loket"
    rows.loc[large[24:], "service"] = "Lainnya"
    for item in items:
        rows[item] = pd.array(draw.integers(scale[0], scale[1] + 1, len(rows)), dtype="Int8")
        rows[f"{item}__status"] = "answered"
    rows["source_file"], rows["source_row"] = "jawaban.csv", range(2, len(rows) + 2)
    rows["suggestion"], rows["mode"], rows["answered_at"] = None, "self-paper", pd.Timestamp("2024-07-15")
    return rows


@pytest.fixture(scope="module", params=list(SIGNS))
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    return request.param, build(tmp_path_factory.mktemp("city"), request.param)


def test_every_reader_of_a_unit_shows_the_sign_its_rule_gives_it(opened: tuple[str, Any]):
    rule, data = opened
    wanted = SIGNS[rule]
    root = data.survey.root
    units = {name: report.open_unit("2024", name, root=root) for name in UNITS}
    city, office = overview.open_city("2024", root=root), open_results("2024", root)
    assert {name: u.sign for name, u in units.items()} == wanted
    assert {p.unit: p.sign for p in units["large"].peers} == wanted
    assert dict(zip(city.standings["unit"], city.standings["sign"])) == wanted
    assert dict(zip(office.standings["unit"], office.standings["sign"])) == wanted
    page = {
        row.unit: portal._unit(office, row, office.words("id"), set(), portal.Site("id"))
        for row in office.standings.itertuples()
    }
    assert {name: shown["sign"] for name, shown in page.items()} == wanted
    assert data.left_out == {name: "for-information" for name, sign in wanted.items() if sign}


def test_every_reader_asks_for_as_many_answers_as_the_rule_does(opened: tuple[str, Any]):
    rule, data = opened
    wanted = REQUIRED[rule]
    root = data.survey.root
    assert {name: report.open_unit("2024", name, root=root).required for name in UNITS} == wanted
    told = open_results("2024", root).standings.set_index("unit")["required"]
    assert {name: None if told[name] != told[name] else int(told[name]) for name in UNITS} == wanted
    # What `skm status` shows.
    listed = {entry["id"]: entry["required"] for entry in steps.unit_list(data.survey, data.responses)}
    assert listed == wanted


def test_a_service_needs_as_many_answers_as_a_unit_with_its_users_does(opened: tuple[str, Any]):
    rule, data = opened
    u = report.open_unit("2024", "large", root=data.survey.root)
    signs = {s.name: s.sign for s in unit_services.listed(u)}
    assert signs["Loket"] == SIGNS[rule]["nearly-all"]


def test_no_limit_is_printed_below_the_lowest_possible_index(tmp_path: Path):
    data = build(tmp_path, "14/2017", (1, 5))
    frame = pd.read_parquet(data.survey.processed / "index.parquet")
    mine = (frame["unit"] == "large") & (frame["statistic"] == "ikm") & (frame["service"] == "")
    frame.loc[mine, "lower"] = 12.0  # the interval as computed may pass the end of the scale (R2)
    frame.to_parquet(data.survey.processed / "index.parquet", index=False)
    u = report.open_unit("2024", "large", root=tmp_path)
    told = open_results("2024", tmp_path).standings.set_index("unit").loc["large"]
    assert headline.printed_limits(u, u.ikm)[0] == 20.0
    assert told["lower"] == 20.0


OWN = "instruments:\n  poli: {title: Poli, scale: {min: 1, max: %d}, items: {a: {label: Ramah}, b: {label: Bersih}}}\n"
#: Definition, items that were asked; scale, whether foreign, whether all of it is the regulation's.
ASKED = {
    "the-regulation-s": ("", ["U1", "U2"], (1, 4), False, True),
    "five-answers": ("scale: {min: 1, max: 5}\n", ["U1", "U2"], (1, 5), True, False),
    "own": (OWN % 4, ["poli.a", "poli.b"], (1, 4), True, False),
    "own-with-five-answers": (OWN % 5, ["poli.a", "poli.b"], (1, 5), True, False),
    "own-list": (
        OWN % 4 + "indicators: [{units: large, items: [U1, poli.a]}]\n",
        ["U1", "U2", "poli.a"],
        (1, 4),
        False,
        False,
    ),
}


@pytest.mark.parametrize("asked", ASKED)
def test_whatever_holds_an_opened_survey_decides_its_scale_letters_and_names_alike(
    tmp_path: Path, asked: str
):
    more, items, scale, foreign, decreed = ASKED[asked]
    raw = tmp_path / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text(
        f"title: Survei contoh\nrule: 14/2017\norder: form\n{more}", encoding="utf-8"
    )
    lines = [f"{u},Unit {u},dinas,{'' if users is None else users}" for u, (users, _) in UNITS.items()]
    (raw / "units.csv").write_text("\n".join(["id,name,type,population", *lines, ""]), encoding="utf-8")
    found = surveys.load(tmp_path, "2024")
    found.processed.mkdir(parents=True)
    rows = answers("14/2017", scale)
    rows = rows.drop(columns=[c for c in rows if c.startswith("U")])
    for place, item in enumerate(items):
        rows[item] = pd.array(
            [scale[0] + (i * 7 + place) % (scale[1]) for i in range(len(rows))], dtype="Int8"
        )
        rows[f"{item}__status"] = "answered"
    rows.to_parquet(found.processed / "responses.parquet", index=False)
    data = steps.open_answers("2024", tmp_path)
    steps.save(data, index=steps.index(data), sampling=steps.sampling(data))
    city, office = overview.open_city("2024", root=tmp_path), open_results("2024", tmp_path)
    # Also of units that have no page but the one that says how few they are.
    units = [report.open_unit("2024", name, root=tmp_path) for name in UNITS]
    for held in (data, city, office, *units):
        opened = held.context
        assert (opened.scale, opened.foreign) == (scale, foreign)
        # A unit beside one with a list of its own is asked nothing but the regulation's unsur.
        assert opened.decreed == (decreed or (asked == "own-list" and "poli.a" not in opened.items))
        assert opened.factor == pytest.approx(100 / scale[1])
        assert bool(opened.bands("id")) is not foreign
        assert opened.facts == data.states_fact
        assert [opened.name(item, "id") for item in items] == [city.item_name(item) for item in items]
    for _, _, told in spread.shares(city):
        assert (len(told), sum(told)) == (scale[1] - scale[0] + 1, pytest.approx(1.0))
    letters = pd.read_parquet(found.processed / "index.parquet").query(
        "scope == 'unit' and statistic == 'letter'"
    )
    assert letters["text"].ne("").any() == (not foreign)
