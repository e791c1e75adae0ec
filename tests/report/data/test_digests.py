"""A report's key holds exactly the rows it reads: compared with what the report really reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from pipeline import survey as surveys
from pipeline.report.data import digests
from pipeline.report.data.slices import read_ledger, read_responses, read_tables
from pipeline.report.data.unit import open_unit
from pipeline.run.hashes import Hashes
from pipeline.run.keys import Keys
from pipeline.run.plan import Options
from tests.support import small_city

UNITS = [
    "dinas-a",
    "dinas-b",
    "dinas-c",
    "kel-tiga",
    "kel-tetap",
    "kel-kecil",
    "kel-kosong",
    "kel-baik",
    "unknown",
]


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("city"))


def keys_of(root: Path) -> dict[str, dict[str, str]]:
    """Parts of each unit's key."""
    survey = surveys.load(root, "2024")
    keys = Keys(survey, Options(rows=digests.of_rows), root, Hashes(root))
    found = {**digests.of_rows(survey), "tables": ""}
    return {u: dict(keys.unit({"id": u, "slug": u, "name": u, "n": 1}, found).parts) for u in UNITS}


def read_by(root: Path) -> dict[str, str]:
    """Everything each unit's report reads, as text."""
    survey = surveys.load(root, "2024")
    types = {u.id: u.type for u in survey.units}
    found = {}
    for unit in UNITS:
        peers = [u for u in types if unit in types and types[u] == types[unit]]
        answers = read_responses(survey.processed, unit)
        found[unit] = (
            repr(open_unit(survey, unit).states_fact)
            + repr(read_tables(survey.processed, unit, peers))
            + answers.to_csv()
            + read_ledger(survey.processed, answers).to_csv()
        )
    return found


CHANGES = {
    "a peer's index": (
        "index",
        {"unit": "dinas-b", "statistic": "ikm", "scope": "unit", "item": ""},
        "estimate",
    ),
    "an item's mean": ("index", {"unit": "dinas-b", "statistic": "nrr", "item": "U2"}, "estimate"),
    "a required sample": (
        "sampling",
        {"unit": "kel-baik", "statistic": "required"},
        "estimate",
    ),
    "a profile": ("profile", {"unit": "dinas-a"}, "estimate"),
    "a test against the rest": ("comparison", {"unit": "kel-baik"}, "p"),
    "the city's index": ("index", {"scope": "city", "statistic": "ikm"}, "estimate"),
    "reliability": ("reliability", {"unit": "dinas-c"}, "estimate"),
    "an unlisted unit": ("index", {"unit": "unknown"}, "estimate"),
    "an answer": ("responses", {"unit": "dinas-c"}, "U5"),
    "a ledger line": ("ledger", {"reason": "incomplete"}, "reason"),
}


@pytest.fixture(scope="module")
def before(city: Path) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Keys and what is read before anything is changed."""
    return keys_of(city), read_by(city)


@contextmanager
def put_back(path: Path) -> Iterator[None]:
    """Put a file back as it was, or take it away where there was none."""
    original = path.read_bytes() if path.is_file() else None
    try:
        yield
    finally:
        path.unlink() if original is None else path.write_bytes(original)


def changed(
    city: Path, before: tuple[dict[str, dict[str, str]], dict[str, str]]
) -> tuple[set[str], set[str]]:
    """Units whose key is another than before, and units of which something that is read is."""
    keys, read = keys_of(city), read_by(city)
    return {u for u in UNITS if before[0][u] != keys[u]}, {u for u in UNITS if before[1][u] != read[u]}


def test_what_the_options_state_changes_the_key_of_every_unit(city, before):
    path = city / "data" / "processed" / "2024" / "questionnaire.json"
    with put_back(path):
        path.write_text(json.dumps({"states_fact": ["U1"]}), "utf-8")
        by_key, by_reading = changed(city, before)
    assert by_key == by_reading == set(UNITS)


def test_what_no_report_reads_of_a_person_changes_no_key(city, before):
    path = city / "data" / "processed" / "2024" / "responses.parquet"
    frame = pd.read_parquet(path)
    for column in ("sex", "education", "U5__status"):
        frame[column] = "other"
    with put_back(path):
        frame.to_parquet(path, index=False)
        by_key, by_reading = changed(city, before)
    assert by_key == by_reading == set()


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_changes_the_key_of_exactly_the_units_that_read_it(city, before, change):
    table, where, column = CHANGES[change]
    path = city / "data" / "processed" / "2024" / f"{table}.parquet"
    frame = pd.read_parquet(path)
    chosen = pd.Series(True, index=frame.index)
    for name, value in where.items():
        chosen &= frame[name].astype(str) == value
    row = frame.index[chosen][-1]
    if column == "reason":
        frame.loc[row, column] = "other"
    elif column == "U5":
        frame.loc[row, column] = 1 if frame.loc[row, column] != 1 else 2
    else:
        frame.loc[row, column] = 0.123456
    with put_back(path):
        frame.to_parquet(path, index=False)
        by_key, by_reading = changed(city, before)
    assert by_reading
    assert by_key == by_reading


def test_the_same_tables_give_the_same_digests(city):
    survey = surveys.load(city, "2024")
    assert json.dumps(digests.of_rows(survey), sort_keys=True) == json.dumps(
        digests.of_rows(survey), sort_keys=True
    )
