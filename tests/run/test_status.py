"""``skm status``: target, deadline and basic services, what needs somebody first; nothing is computed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline import steps
from pipeline import survey as surveys
from pipeline.run import attention, status
from tests.support import small_city

TODAY = date(2024, 11, 20)
UNITS = """id,name,basic_service,target,deadline
jauh,Masih Jauh,no,,2025-03-01
sampai,Sampai Target,no,80,2024-11-10
dekat,Tenggat Dekat,no,,2024-11-25
lewat,Tenggat Lewat,no,,2024-11-01
dasar,Layanan Dasar Yang Namanya Panjang Sekali,yes,,
bawah,Di Bawah Target,no,95,
"""
READ = {
    "jauh": (40, 30),
    "sampai": (40, 30),
    "dekat": (10, 30),
    "lewat": (0, 30),
    "dasar": (12, 30),
    "bawah": (50, 30),
}
VERDICTS = {
    "sampai": {"target": "80", "verdict": "above", "reason": ""},
    "bawah": {"target": "95", "verdict": "below", "reason": ""},
    "jauh": {"target": "88.31", "verdict": "undecided", "reason": ""},
    "dasar": {"target": "88.31", "verdict": "", "reason": "for-information"},
    "dekat": {"target": "70", "verdict": "above", "reason": ""},
}


@pytest.fixture
def found(tmp_path: Path) -> surveys.Survey:
    raw = tmp_path / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "survey.yml").write_text("title: Uji\ntarget: '88.31'\n")
    (raw / "units.csv").write_text(UNITS)
    survey = surveys.load(tmp_path, "2024")
    survey.processed.mkdir(parents=True)
    units = [{"id": u, "slug": u, "name": u, "n": n, "required": r} for u, (n, r) in READ.items()]
    (survey.processed / "units.json").write_text(json.dumps(units))
    (survey.processed / attention.TARGETS_FILE).write_text(json.dumps(VERDICTS))
    for unit in READ:
        page = survey.public / "units" / unit / "report.html"
        page.parent.mkdir(parents=True)
        page.write_text("x")
    return survey


def test_what_needs_somebody_comes_first_and_says_why(found: surveys.Survey) -> None:
    rows = status.read(found, TODAY).rows
    assert [(row["unit"], row["causes"], row["attention"]) for row in rows] == [
        ("dekat", ["few-near"], ["deadline 2024-11-25 in 5 days: has 10 of 30 required answers"]),
        ("lewat", ["empty-passed"], ["deadline 2024-11-01 passed 19 days ago: has no answers"]),
        ("dasar", ["few"], ["basic service: has 12 of 30 required answers"]),
        ("bawah", ["below-target"], ["surely below its target of 95"]),
        ("jauh", [], []),
        ("sampai", [], []),
    ]


def test_a_target_is_reached_surely_or_not_or_cannot_be_told_and_an_old_verdict_is_none(
    found: surveys.Survey,
) -> None:
    rows = {
        row["unit"]: (row["target"], row["reaches"], row["reaches_reason"])
        for row in status.read(found, TODAY).rows
    }
    assert rows == {
        "sampai": ("80", "surely", ""),
        "bawah": ("95", "surely not", ""),
        "jauh": ("88.31", "cannot be told", ""),
        "dasar": ("88.31", "", "for-information"),
        "dekat": ("88.31", "", "not computed for this target"),
        "lewat": ("88.31", "", "not computed"),
    }


def test_a_passed_or_near_deadline_is_said_in_days(found: surveys.Survey) -> None:
    rows = {row["unit"]: (row["days_left"], row["deadline_state"]) for row in status.read(found, TODAY).rows}
    assert rows["lewat"] == (-19, "passed")
    assert rows["dekat"] == (5, "near")
    assert rows["jauh"] == (101, "")
    assert rows["dasar"] == (None, "")
    later = {row["unit"]: row["days_left"] for row in status.read(found, date(2024, 11, 25)).rows}
    assert later["dekat"] == 0


def test_saving_the_city_leaves_the_verdicts_for_those_who_open_no_table(tmp_path: Path) -> None:
    root = small_city.build(tmp_path)
    definition = root / "data" / "raw" / "2024" / "survey.yml"
    definition.write_text(definition.read_text() + "target: '60'\n")
    data = steps.open_answers("2024", root)
    table = steps.city(data)
    steps.save(data, city=table)
    written = attention.read_targets(data.survey.processed)
    judged = table[(table.scope == "unit") & (table.statistic == "target")]
    assert {u: (about["target"], about["verdict"]) for u, about in written.items()} == {
        row.unit: ("60", row.text) for row in judged.itertuples() if row.unit != "unknown"
    }  # rows of no listed unit are no unit that could reach a target
    assert written["dinas-a"]["verdict"] in attention.REACHES
    assert written["kel-tiga"]["verdict"] == ""
