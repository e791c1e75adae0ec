"""How many units and people a city's headline is made of."""

from __future__ import annotations

import pytest

from pipeline import results, standings


@pytest.mark.parametrize(
    ("headline", "units", "people"), [("mean-of-units", 43, 11_849), ("mean-of-all-units", 46, 11_898)]
)
def test_the_people_of_a_city_s_index_are_those_of_the_units_it_is_made_of(
    headline: str, units: int, people: int
):
    city = {"scope": "city", "item": "", "service": "", "group": ""}
    ways = {"mean-of-units": (43, 11_849), "mean-of-all-units": (46, 11_898)}
    rows = [
        {**city, "statistic": "units_counted", "estimate": 43, "numerator": 43, "denominator": 48, "n": 11_849,
         "method": "mean-of-units"},
        {**city, "statistic": "units_for_information", "estimate": 3, "method": "mean-of-units"},
        {**city, "statistic": "n_valid", "estimate": 11_916, "method": ""},
        {"scope": "unit", "unit": standings.UNKNOWN, "statistic": "n_valid", "estimate": 15},
    ]  # fmt: skip
    for method, (of, n) in ways.items():
        text = "headline" if method == headline else ""
        rows.append({**city, "statistic": "ikm", "estimate": 85.0, "method": method, "text": text})
        rows.append({**city, "statistic": "units", "estimate": of, "n": n, "method": method})
    counted = standings.counted_units(results.frame(rows))
    assert counted is not None
    assert (counted.units, counted.people) == (units, people)
    assert (counted.listed, counted.answered, counted.elsewhere, counted.valid) == (48, 11_916, 15, 11_901)
