"""The real surveys: every figure of their description, and nothing lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import intake
from tests.support.outside import real_surveys
from tests.support.raw_surveys import CODES, balance, real, reasons

real_surveys()

GIANYAR = [3.4478, 3.6119, 3.3433, 2.9751, 3.3980, 3.4129, 3.3980, 3.8060, 3.5124]


@pytest.fixture(scope="module")
def jepara(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> intake.Intake:
    return intake.clean(real(tmp_path_factory.mktemp("jepara"), "skm-jepara-mpp", real_data))


@pytest.mark.parametrize("kind", ["teks", "skor"])
def test_gianyar_has_its_means_from_texts_and_from_scores(tmp_path: Path, real_data: Path, kind: str):
    made = intake.clean(real(tmp_path, f"skm-polres-gianyar/2020-{kind}", real_data))
    assert made.responses[CODES].astype(float).mean().round(4).tolist() == GIANYAR
    assert len(made.responses) == 201
    assert not len(made.ledger)
    assert not made.problems
    balance(made)


def test_gianyar_is_the_same_from_texts_and_from_scores(tmp_path: Path, real_data: Path):
    texts = intake.clean(real(tmp_path / "t", "skm-polres-gianyar/2020-teks", real_data))
    scores = intake.clean(real(tmp_path / "s", "skm-polres-gianyar/2020-skor", real_data))
    columns = [*CODES, "sex", "age", "education", "occupation", "answered_at"]
    assert texts.responses[columns].equals(scores.responses[columns])


def test_jepara_accounts_for_every_row_and_answer(jepara: intake.Intake):
    counts = jepara.counts.set_index("role")
    assert counts.loc["respondents", "read"] == 2555
    assert counts.loc["answers", "read"] == jepara.answers_read == 21_484
    balance(jepara)


def test_jepara_shows_its_duplicates_orphans_and_empty_ids(jepara: intake.Intake):
    found = reasons(jepara)
    assert found["duplicate-answer"] == 45
    assert found["orphan-answer"] == 24  # of 4 ids
    assert found["no-respondent-id"] == 16
    # 116 ids without answers: 115 of them, and the blank id
    assert found["no-answers"] == 115
    assert found["duplicate-respondent"] + found["id-reused"] == 2555 - 2516 - 15
    assert len(jepara.responses) == 2404 - 4
    # 82 of 2,404 answered ids are incomplete; three of those are orphans, who are set aside
    assert found["incomplete"] == 79
    assert found["impossible-age"] == 3
    assert found["after-extraction"] == 3


def test_jepara_keeps_unlisted_counters_inside_unknown(jepara: intake.Intake, real_data: Path):
    import csv

    with (real_data / "skm-jepara-mpp" / "9unsur_responden.csv").open(encoding="utf-8", newline="") as handle:
        raw = [row["loket"] for row in csv.DictReader(handle)]
    listed = {str(n) for n in range(1, 23)}
    assert sum(code not in listed and code != "" for code in raw) == 351
    assert raw.count("") == 123
    unit = jepara.responses["unit"].astype(str)
    assert unit[unit != "unknown"].nunique() == 21
    unlisted = jepara.responses.loc[unit == "unknown", "unit_raw"].dropna().astype(str)
    assert set(unlisted) <= set(raw) - listed
    entries = jepara.ledger
    set_aside = entries[(entries["role"] == "respondents") & entries["action"].isin(["merged", "excluded"])]
    gone = [raw[row - 2] for row in set_aside["source_row"]]
    found = reasons(jepara)
    assert found["unknown-unit"] + sum(code not in listed and code != "" for code in gone) == 351
    assert found["no-unit"] + gone.count("") == 123


def test_jepara_shows_midnight_stamps_and_late_keying(jepara: intake.Intake):
    answered = jepara.responses["answered_at"].dropna()
    # 1,940 people who answered have a midnight stamp; three of those lie after the data's end
    assert (answered == answered.dt.normalize()).sum() == 1940 - 3
    keyed = jepara.responses["entered_at"].dropna().dt.strftime("%Y-%m-%d")
    assert keyed.isin(["2022-03-28", "2022-03-29"]).sum() > 1800


def test_jepara_letters_follow_the_options_printed_on_its_form(jepara: intake.Intake):
    audit = jepara.mapping
    assert set(audit.loc[audit["how"].astype(str).str.startswith("lookup"), "reading"]) == {
        "options-by-meaning"
    }
    asked = audit[audit["how"] == "lookup-label"].drop_duplicates("item").set_index("item")["question"]
    assert asked["U8"] == "Penanganan pengaduan"
    assert asked["U9"] == "Sarana dan prasarana"


def test_servqual_is_read_on_its_own_scale_and_in_pairs(tmp_path: Path, real_data: Path):
    made = intake.clean(real(tmp_path, "servqual-rs-poli", real_data))
    balance(made)
    assert made.responses["unit"].value_counts().loc[lambda s: s > 0].tolist() == [30] * 8
    perceived = [f"servqual.p{n:02d}" for n in range(1, 16)]
    expected = [f"{code}_exp" for code in perceived]
    assert round(made.responses[perceived].astype(float).stack().mean(), 4) == 4.3497
    assert round(made.responses[expected].astype(float).stack().mean(), 4) == 4.8633
    same = made.responses[expected].astype(float).nunique(axis=1) == 1
    assert same.sum() == 176
    assert reasons(made) == {"no-answers": 2}
