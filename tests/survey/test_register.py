"""A register that cannot be weighed to is refused with what is wrong and what there is instead."""

from __future__ import annotations

import pytest

from pipeline.survey.register import Register


@pytest.mark.parametrize(
    ("margins", "says"),
    [
        ({"sex": {"male": 1, "lainnya": 3}}, "no category 'lainnya'; they are male, female"),
        ({"sex": {"male": 1, "femal": 3}}, "no category 'femal'; did you mean"),
        ({"sex": {"male": 5}}, "needs two categories with users"),
        (
            {"sex": {"male": 5, "female": 5}, "service": {"a": 40, "b": 60}},
            "do not sum to one number of users",
        ),
    ],
)
def test_what_is_wrong_with_a_register_is_said_with_what_there_is(margins, says):
    with pytest.raises(ValueError, match="raking") as refused:
        Register(units={"dinas-a": margins})
    assert says in str(refused.value)


def test_a_register_of_two_characteristics_of_one_number_of_users_is_taken():
    taken = Register(units={"a": {"sex": {"male": 49, "female": 51}, "service": {"x": 60, "y": 40}}})
    assert taken.units["a"]["service"] == {"x": 60, "y": 40}
