"""The demo's plans for follow-up: two years, every state, read without a bad row, and what is open goes on."""

from __future__ import annotations

import pytest

from pipeline import demo, survey
from pipeline.demo import city, followup
from pipeline.intake.followup.read import Plan, read


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    root = tmp_path_factory.mktemp("demo")
    names = demo.write(root, years=(2023, 2024, 2025), units=14, respondents=6)
    return {name: read(survey.load(root, name)) for name in names}


def test_the_first_year_has_no_plan_and_the_others_are_read_whole(plans: dict[str, Plan]) -> None:
    assert not plans["2023"].there
    for year in ("2024", "2025"):
        assert plans[year].problems == ()
        assert plans[year].actions


def test_the_year_before_shows_what_was_done_late_and_dropped(plans: dict[str, Plan]) -> None:
    actions = plans["2024"].actions
    assert {action.status for action in actions} == {"planned", "in-progress", "done", "dropped"}
    late = [action for action in actions if action.late(followup.report_date(2025))]
    assert late
    assert any(action.open and action not in late for action in actions)
    for action in actions:
        assert (action.done is not None) == (action.status == "done")
        assert action.done is None or followup.report_date(2024) < action.done < followup.report_date(2025)


def test_what_is_open_of_it_is_in_the_plan_of_the_next_year(plans: dict[str, Plan]) -> None:
    carried = {(a.unit, a.unsur) for a in plans["2024"].actions if a.open}
    assert carried <= {(a.unit, a.unsur) for a in plans["2025"].actions}
    assert all(a.open for a in plans["2025"].actions)
    assert not any(a.late(followup.report_date(2025)) for a in plans["2025"].actions)


def test_the_same_seed_gives_the_same_plan_and_another_another() -> None:
    one, same, other = (followup.plans(city.CATALOGUE, 2024, [2024, 2025], seed) for seed in (1, 1, 2))
    assert one == same != other
