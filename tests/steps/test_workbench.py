"""What a stage notebook works with: tables by name from answers one sees, told in memory, saved as before."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline import results, steps
from tests.support import small_city

#: What of the small city takes no second to compute.
NAMES = ("index", "sampling", "integrity", "reliability", "association", "comparison", "verdicts")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    return steps.open_answers("2024", small_city.build(tmp_path_factory.mktemp("workbench")))


@pytest.fixture(scope="module")
def tables(opened):
    made = steps.Tables(opened)
    for name in NAMES:
        getattr(made, name)(opened.responses)
    return made


def test_a_table_is_saved_byte_for_byte_as_the_step_by_itself_saves_it(opened, tables):
    for name in NAMES:
        tables.save(**{name: tables.told[name]})
        mine = (opened.survey.processed / f"{name}.parquet").read_bytes()
        steps.save(opened, **{name: getattr(steps, name)(opened)})
        assert (opened.survey.processed / f"{name}.parquet").read_bytes() == mine, name


def test_what_displays_take_from_memory_is_what_the_file_would_give_them(opened, tables):
    for name in NAMES:
        tables.save(**{name: tables.told[name]})
        stored = pd.read_parquet(opened.survey.processed / f"{name}.parquet")
        pd.testing.assert_frame_equal(tables.told[name], stored)


def test_what_is_shown_in_a_notebook_hides_what_too_few_stand_behind(opened, tables):
    raw = results.pick(steps.index(opened), scope="unit", unit="kel-tiga", statistic="ikm", item="")
    told = results.pick(tables.told["index"], scope="unit", unit="kel-tiga", statistic="ikm", item="")
    assert raw["estimate"].notna().all()
    assert told["estimate"].isna().all()


def test_hiding_what_is_hidden_hides_nothing_more(opened, tables):
    for name in NAMES:
        twice = steps.files.shown(opened, name, tables.told[name])
        pd.testing.assert_frame_equal(twice.reset_index(drop=True), tables.told[name])


def test_a_table_of_some_answers_is_of_those_and_is_never_saved(opened):
    made = steps.Tables(opened)
    answers = opened.responses
    whole = made.reliability(answers)
    some = made.reliability(answers[answers["unit"] != "dinas-b"])
    assert "dinas-b" in set(whole["unit"])
    assert "dinas-b" not in set(some["unit"])
    assert made.told["reliability"] is whole
    with pytest.raises(ValueError, match="reliability was not computed of all answers"):
        made.save(reliability=some)


def test_a_parameter_in_the_call_changes_the_table(opened):
    made = steps.Tables(opened)
    wide, narrow = (made.reliability(opened.responses, confidence=c) for c in (0.95, 0.5))
    rows = [
        results.pick(t, unit="dinas-a", statistic="alpha", method="jackknife").iloc[0] for t in (wide, narrow)
    ]
    assert rows[0].estimate == rows[1].estimate
    assert rows[0].lower < rows[1].lower < rows[1].upper < rows[0].upper


def test_verdicts_rest_on_the_trend_as_it_was_computed(opened):
    made = steps.Tables(opened)
    trend = made.trend(opened.responses)
    mine = made.verdicts(opened.responses, trend)
    alone = steps.verdicts(opened, steps.trend(opened))
    pd.testing.assert_frame_equal(mine, steps.files.shown(opened, "verdicts", alone).reset_index(drop=True))
