"""Last survey's value of every unsur: what that survey tells, never more, and nothing of an unsur that is another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import report, results, steps
from pipeline.report.data.unit import open_unit
from pipeline.report.official.previous import previous
from pipeline.steps.files import shown
from tests.support import small_city

Frame = pd.DataFrame


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_city.build(tmp_path_factory.mktemp("then"), "2024")
    raw = root / "data" / "raw" / "2023"
    shutil.copytree(root / "data" / "raw" / "2024", raw)
    (raw / "survey.yml").write_text(
        (raw / "survey.yml").read_text().replace('period: "2024"', 'period: "2023"'), encoding="utf-8"
    )
    processed = root / "data" / "processed" / "2023"
    processed.mkdir()
    small_city.responses(seed=8).to_parquet(processed / "responses.parquet", index=False)
    return root


def of(years: Path, name: str, change: Callable[[Frame], Frame] = lambda rows: rows) -> Any:
    data = steps.open_answers(name, years)
    return replace(data, responses=change(data.responses.copy()).reset_index(drop=True))


def then(now: Any, *before: Any) -> Frame:
    """What the table of change tells of earlier unsur, as it is stored."""
    rows = shown(now, "trend", steps.trend(now, list(before)))
    return rows[rows["statistic"] == "nrr_then"]


def told(data: Any) -> dict[tuple[str, str], float]:
    """Means of unsur that a survey publishes of its units."""
    rows = results.pick(shown(data, "index", data.index), scope="unit", statistic="nrr", service="", group="")
    rows = rows[rows["estimate"].notna()]
    return dict(zip(zip(rows["unit"], rows["item"]), rows["estimate"]))


def values(rows: Frame) -> dict[tuple[str, str], float]:
    rows = rows[rows["estimate"].notna()]
    return dict(zip(zip(rows["unit"], rows["item"]), rows["estimate"]))


def test_every_unsur_has_the_value_that_the_earlier_survey_tells(years: Path) -> None:
    now, before = of(years, "2024"), of(years, "2023")
    found, published = values(then(now, before)), told(before)
    assert {unit for unit, _ in found} == {"dinas-a", "dinas-b", "dinas-c", "kel-kecil", "kel-baik"}
    assert len([1 for unit, _ in found if unit == "dinas-a"]) == 9
    assert found.items() <= published.items()


def hide_few(rows: Frame) -> Frame:
    """Three people of one unit answered U5, and one unit is small now: no value may be had of either."""
    here = rows.index[rows["unit"] == "dinas-c"]
    rows.loc[here[3:], "U5"] = pd.NA
    rows.loc[here[3:], "U5__status"] = "missing"
    small = rows.index[rows["unit"] == "kel-baik"]
    return rows.drop(small[4:])


def test_what_the_earlier_survey_hides_is_hidden_though_its_own_table_was_never_stored(years: Path) -> None:
    now, before = of(years, "2024"), of(years, "2023", hide_few)
    assert not (before.survey.processed / "index.parquet").exists()
    found, published = values(then(now, before)), told(before)
    assert found.items() <= published.items()
    assert ("dinas-c", "U5") not in found
    lost = {item for item in (f"U{k}" for k in range(1, 10)) if ("dinas-c", item) not in found}
    assert len(lost) > 1  # one alone would follow from the index of then, which is the mean of all
    assert not {unit for unit, _ in found} & {"kel-baik", "kel-tiga", "kel-tetap", "unknown"}


def test_of_a_unit_hidden_now_nothing_of_then_is_told(years: Path) -> None:
    now, before = of(years, "2024", hide_few), of(years, "2023")
    rows = then(now, before)
    assert not set(rows["unit"]) & {"kel-baik", "kel-tiga", "unknown"}
    assert ("dinas-c", "U5") not in values(rows)


def test_of_a_unit_that_answers_alike_now_nothing_of_then_is_told(years: Path) -> None:
    now = of(years, "2024")
    before = of(years, "2023", lambda rows: rows.assign(U1=rows["U1"].where(rows["unit"] != "kel-tetap", 3)))
    assert "kel-tetap" not in {unit for unit, _ in values(then(now, before))}


def test_what_hidden_people_answered_changes_no_row(years: Path) -> None:
    now = of(years, "2024")

    def other(rows: Frame) -> Frame:
        return rows.assign(U2=rows["U2"].where(~rows["unit"].isin(["kel-tiga", "unknown"]), 1))

    pd.testing.assert_frame_equal(then(now, of(years, "2023")), then(now, of(years, "2023", other)))


def definition(data: Any, **changed: Any) -> Any:
    return replace(
        data, survey=replace(data.survey, definition=data.survey.definition.model_copy(update=changed))
    )


def test_an_unsur_asked_in_other_words_has_the_reason_instead_of_a_value(years: Path) -> None:
    now = definition(of(years, "2024"), wording={"U3": {"id": "Seberapa cepat?", "en": "How fast?"}})
    rows = then(now, of(years, "2023"))
    assert {item for _, item in values(rows)} == {f"U{k}" for k in (1, 2, 4, 5, 6, 7, 8, 9)}
    left = rows[(rows["item"] == "U3") & (rows["unit"] != "kel-tetap")]
    assert set(left["reason"]) == {"not-comparable"}
    assert set(left["text"]) == {"wording"}


def test_another_rule_has_other_unsur_under_the_same_codes(years: Path) -> None:
    before = definition(of(years, "2023"), rule="16/2014")
    rows = then(of(years, "2024"), before)
    assert values(rows) == {}
    assert all("rule" in text for text in rows.loc[rows["unit"] != "kel-tetap", "text"])


def test_another_mode_leaves_the_record_of_then(years: Path) -> None:
    before = of(years, "2023", lambda rows: rows.assign(mode="web"))
    assert len(values(then(of(years, "2024"), before))) == 45


def test_only_the_newest_survey_that_a_unit_was_in_is_told(years: Path) -> None:
    now, newer = of(years, "2024"), of(years, "2023", lambda rows: rows[rows["unit"] != "dinas-b"])
    older = of(years, "2023")
    older = replace(older, survey=replace(older.survey, name="2022"))
    rows = then(now, older, newer)
    assert set(rows.loc[rows["unit"] == "dinas-a", "other"]) == {"2023"}
    assert set(rows.loc[rows["unit"] == "dinas-b", "other"]) == {"2022"}


def test_where_the_newest_survey_hides_a_unit_the_one_before_is_told(years: Path) -> None:
    newer, older = of(years, "2023", hide_few), of(years, "2023")
    older = replace(older, survey=replace(older.survey, name="2022"))
    rows = then(of(years, "2024"), older, newer)
    rows = rows[rows["estimate"].notna()]
    assert set(rows.loc[rows["unit"] == "kel-baik", "other"]) == {"2022"}


# --- the table of the official report ---------------------------------------------------------------


def page(years: Path, now: Any, *before: Any, lang: str = "id") -> Any:
    steps.save(now, trend=steps.trend(now, list(before)))
    return previous(open_unit(replace(now.survey), "dinas-a", lang))


def table_of(block: Any) -> Any:
    return next((b for b in block.blocks if getattr(b, "key", "") == "previous-unsur"), None)


@pytest.mark.parametrize(("lang", "said"), [("id", "kalimat pertanyaan berubah"), ("en", "wording changed")])
def test_the_report_lists_every_unsur_of_then_beside_now(years: Path, lang: str, said: str) -> None:
    now = definition(of(years, "2024"), wording={"U3": {"id": "Seberapa cepat?", "en": "How fast?"}})
    before = of(years, "2023")
    table = table_of(page(years, now, before, lang=lang))
    own = open_unit(now.survey, "dinas-a", lang)
    assert [c.label for c in table.columns][2:] == ["2023", "2024"]
    assert len(table.rows) == 9
    published, w = told(before), own.words
    for row, item in zip(table.rows, own.items, strict=True):
        assert row[2] == (said if item == "U3" else w.number(published["dinas-a", item] * 25)), item
    assert table.footer_rows[0][3] == w.number(own.ikm.estimate)


def test_where_the_rule_changed_the_report_says_so_and_has_no_table(years: Path) -> None:
    block = page(years, of(years, "2024"), definition(of(years, "2023"), rule="16/2014"))
    assert table_of(block) is None
    assert "tidak disandingkan dengan survei ini: peraturan berubah" in block.plain_text()


def test_where_the_mode_changed_the_figures_stand_side_by_side_as_a_record(years: Path) -> None:
    block = page(years, of(years, "2024"), of(years, "2023", lambda rows: rows.assign(mode="web")))
    assert "tidak disandingkan" in table_of(block).note
    assert report.change(open_unit(of(years, "2024").survey, "dinas-a")).plain_text()
