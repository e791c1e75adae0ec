"""The rubric of PEKPPP indicators 6 and 7, and the duties, as data: every case, and what is not known."""

from __future__ import annotations

from itertools import product

import pytest

from pipeline import rules

NEEDS = ("done", "conforms", "non_electronic", "electronic", "followed_up")


def by_hand(facts: dict[str, bool]) -> int:
    """Indicator 6 as the question bank words it, written out once more."""
    if not facts["done"]:
        return 0
    if not facts["conforms"]:
        return 1
    if not facts["non_electronic"]:
        return 2
    if not facts["electronic"]:
        return 3
    return 5 if facts["followed_up"] else 4


@pytest.mark.parametrize("values", list(product([True, False], repeat=5)))
def test_every_combination_of_facts_has_the_score_of_the_question_bank(values: tuple[bool, ...]) -> None:
    facts = dict(zip(NEEDS, values, strict=True))
    assert rules.conduct().conduct(facts) == (by_hand(facts), by_hand(facts))


@pytest.mark.parametrize("unknown", NEEDS)
def test_what_is_not_known_makes_a_span_from_without_it_to_with_it(unknown: str) -> None:
    for values in product([True, False], repeat=4):
        facts = dict(zip([name for name in NEEDS if name != unknown], values, strict=True))
        low, high = rules.conduct().conduct({**facts, unknown: None})
        assert (low, high) == (by_hand({**facts, unknown: False}), by_hand({**facts, unknown: True}))


def test_several_media_of_one_kind_count_once_and_more_than_four_kinds_score_five() -> None:
    rubric = rules.conduct()
    assert rubric.media(["billboard", "videotron"]) == (1, 1)
    assert rubric.media(["print", "electronic", "social-media", "website"]) == (4, 4)
    assert rubric.media(rubric.named) == (5, 5)
    with pytest.raises(rules.RuleError):
        rubric.kind("radio")


def test_the_rubric_says_of_itself_that_it_was_not_verified() -> None:
    assert rules.conduct().verified is False
    assert rules.conduct().id == rules.follow_up().id


def test_every_duty_says_where_it_stands_and_what_can_show_it() -> None:
    found = rules.duties()
    assert len({duty.id for duty in found}) == len(found)
    for duty in found:
        for lang in ("id", "en"):
            assert duty.where[lang]
            assert duty.text[lang].endswith(".")
