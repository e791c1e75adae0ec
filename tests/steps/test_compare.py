"""What 4-compare writes: two surveys of one small city through the definitions, suppressed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from pipeline import results, steps
from tests.support import small_city


@pytest.fixture(scope="module")
def two_years(tmp_path_factory):
    root = small_city.build(tmp_path_factory.mktemp("years"), "2024")
    raw = root / "data" / "raw" / "2023"
    raw.mkdir()
    definition = (root / "data" / "raw" / "2024" / "survey.yml").read_text()
    more = 'published: [{period: "2020", ikm: "81,20"}, {period: "2020", unit: dinas-a, ikm: "80,10"}]\n'
    (root / "data" / "raw" / "2024" / "survey.yml").write_text(definition + more)
    (raw / "survey.yml").write_text(definition.replace('period: "2024"', 'period: "2023"'))
    (raw / "units.csv").write_text(small_city.UNITS)
    processed = root / "data" / "processed" / "2023"
    processed.mkdir()
    small_city.responses(seed=8).to_parquet(processed / "responses.parquet", index=False)
    return root


def test_a_unit_for_information_takes_no_rank_and_says_why(two_years):
    table = steps.ranking(steps.open_answers("2024", two_years))
    rows = results.pick(table, statistic="rank_low", group="").set_index("unit")
    assert rows.at["kel-kecil", "reason"] == "for-information"
    assert not {"unknown", "kel-tiga"} & set(rows.index)  # nobody's, and too few to be anybody's to see
    assert rows.at["dinas-a", "estimate"] >= 1


def test_the_change_is_against_the_survey_before_and_against_what_was_printed(two_years):
    data = steps.open_answers("2024", two_years)
    assert [a.survey.name for a in steps.earlier_answers(data)] == ["2023"]
    table = steps.trend(data)
    assert set(table["other"]) == {"2023", "2020"}
    city = results.pick(table, scope="city", statistic="change", other="2023").iloc[0]
    assert city.text in {"up", "down", "unchanged", "cannot-tell"}
    printed = results.pick(table, unit="dinas-a", statistic="change", other="2020").iloc[0]
    assert (printed.method, printed.text) == ("published", "cannot-tell")


def test_another_mode_breaks_the_series(two_years):
    data = steps.open_answers("2024", two_years)
    before = steps.open_answers("2023", two_years)
    other = replace(before, responses=before.responses.assign(mode="web"))
    table = steps.trend(data, [other])
    rows = results.pick(table, statistic="change", other="2023")
    assert set(rows["reason"]) == {"not-comparable"}


def test_an_earlier_survey_that_is_not_cleaned_is_no_survey_to_compare_with(two_years):
    assert steps.earlier_answers(steps.open_answers("2023", two_years)) == []
    assert len(steps.trend(steps.open_answers("2023", two_years))) == 0


def test_verdicts_gather_letters_bands_and_changes(two_years):
    data = steps.open_answers("2024", two_years)
    table = steps.verdicts(data, steps.trend(data))
    axes = {"difference", "equivalence", "unusual", "detectable_difference", "flagged"}
    assert {"certainty", "change", "pairs_separated", "rankable"} | axes <= set(table["statistic"])
    assert (table["estimate"].isna() <= (table["reason"] != "")).all()


def test_what_is_saved_tells_nothing_of_the_unit_of_three(two_years):
    data = steps.open_answers("2024", two_years)
    steps.save(data, ranking=steps.ranking(data), trend=steps.trend(data), equity=steps.equity(data))
    for name in ("ranking", "trend", "equity"):
        saved = pd.read_parquet(data.survey.processed / f"{name}.parquet")
        assert saved[saved["unit"] == "kel-tiga"]["estimate"].isna().all(), name


def test_importance_is_of_the_units_that_take_part(two_years):
    data = steps.open_answers("2024", two_years)
    table = steps.importance(data)
    rows = results.pick(table, statistic="share_of_variance")
    assert rows["estimate"].sum() == pytest.approx(1)
    assert rows["n"].iloc[0] <= sum(small_city.SIZES.values()) - small_city.SIZES["unknown"]
    assert set(results.pick(table, statistic="quadrant")["method"]) == {"derived"}


def test_units_are_adjusted_for_what_they_cannot_influence(two_years):
    table = steps.adjustment(steps.open_answers("2024", two_years))
    assert set(results.pick(table, statistic="coefficient")["item"]) == {"sex", "age", "education"}
    rows = results.pick(table, statistic="adjusted").set_index("unit")
    assert "unknown" not in rows.index
    assert 25 <= rows.at["dinas-a", "estimate"] <= 100


def test_an_overall_judgement_is_no_part_of_the_index_and_importance_is_measured_on_it(tmp_path):
    import numpy as np
    import pandas as pd

    from pipeline import results, steps
    from pipeline import survey as surveys
    from pipeline.steps.answers import Answers

    raw = tmp_path / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "units.csv").write_text("id,name\na,Dinas Satu\nb,Dinas Dua\n", encoding="utf-8")
    (raw / "survey.yml").write_text(
        "title: Contoh\noverall: umum.puas\ninstruments:\n  umum:\n    title: Umum\n    items:\n"
        "      puas: {question: Secara umum puas}\n",
        encoding="utf-8",
    )
    survey = surveys.load(tmp_path, "2024")
    random = np.random.default_rng(4)
    answers = pd.DataFrame({f"U{j}": random.integers(2, 5, 200) for j in range(1, 10)})
    answers["umum.puas"] = np.clip(answers["U7"] + random.integers(-1, 1, 200), 1, 4)
    frame = answers.assign(unit=["a", "b"] * 100, service="", **{f"{c}__status": "answered" for c in answers})
    data = Answers(survey, frame)
    assert "umum.puas" not in data.items
    made = steps.importance(data)
    lmg = results.pick(made, statistic="lmg").set_index("item")["estimate"]
    assert lmg.idxmax() == "U7"
    assert abs(lmg.sum() - results.pick(made, statistic="r2")["estimate"].iloc[0]) < 1e-9


def test_an_overall_judgement_that_nobody_defined_is_refused(tmp_path):
    import pytest

    from pipeline import survey as surveys

    raw = tmp_path / "data" / "raw" / "2024"
    raw.mkdir(parents=True)
    (raw / "units.csv").write_text("id,name\na,Dinas Satu\n", encoding="utf-8")
    (raw / "survey.yml").write_text("title: Contoh\noverall: umum.puas\n", encoding="utf-8")
    with pytest.raises(surveys.SurveyError, match="not an item of an instrument"):
        surveys.load(tmp_path, "2024")
