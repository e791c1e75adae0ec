"""What is known of the real surveys, which may not be redistributed: this file is skipped where they are absent."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import intake, report, results, rules, steps, survey
from pipeline.cli import main
from pipeline.statistics.data.levels import levels
from pipeline.statistics.importance import table as importance
from pipeline.statistics.index import table as index
from pipeline.statistics.integrity import careless
from pipeline.statistics.integrity import table as integrity
from pipeline.statistics.integrity import timing as entry
from pipeline.statistics.psychometrics.items import validity
from pipeline.statistics.psychometrics.reliability import table as reliability
from tests.report.unit.test_sections import plain
from tests.statistics.index.test_published import NAMED
from tests.support.index_samples import ITEMS, exact, one
from tests.support.outside import real_surveys
from tests.support.raw_surveys import CODES, real

real_surveys()


def test_the_police_office_of_gianyar_has_the_index_it_published(real_data: Path) -> None:
    x = pd.read_csv(real_data / "skm-polres-gianyar" / "wide_skor.csv")[ITEMS]
    table = index.table(x)
    assert round(one(table, scope="unit", statistic="ikm").estimate, 4) == 85.8485
    assert one(table, scope="unit", statistic="letter").text == "B"
    assert one(table, scope="unit", statistic="certainty").text == "firm"
    legacy = one(table, scope="unit", statistic="ikm_legacy", method="0.11")
    assert rules.round_half_up(exact(legacy), 4) == rules.round_half_up(Fraction("84.99004975"), 4)


def test_gianyar_has_the_published_alpha_and_its_tariff_does_not_go_with_the_rest(real_data: Path) -> None:
    x = pd.read_csv(real_data / "skm-polres-gianyar" / "wide_skor.csv")[ITEMS]
    assert round(one(reliability.table(x), statistic="alpha", method="jackknife").estimate, 4) == 0.7286
    # Weak, not the other way round.
    assert results.pick(reliability.table(x), statistic="alpha", method="reversed").empty
    tariff = one(validity.table(x), statistic="item_rest", item="U4")
    assert round(tariff.estimate, 3) == -0.014
    # Nearly everybody gave U4 the same answer: how sure that is, so few others do not say.
    assert np.isnan(tariff.lower)
    assert tariff.reason == "interval-alike"


def test_the_police_office_of_gianyar_shows_what_is_known_of_it(real_data: Path) -> None:
    x = pd.read_csv(real_data / "skm-polres-gianyar" / "wide_skor.csv")
    assert careless.straightline(levels(x[ITEMS])).sum() == 5
    assert x[ITEMS].duplicated().sum() == 108


def test_the_public_service_mall_shows_its_rows_keyed_in_two_days(real_data: Path) -> None:
    folder = real_data / "skm-jepara-mpp"
    people_ = pd.read_csv(folder / "9unsur_responden.csv", dtype=str)
    long = pd.read_csv(folder / "9unsur_hasil_long.csv", dtype=str).drop_duplicates(
        ["id_responden", "id_soal"]
    )
    wide = long.assign(score=long.jawaban.map(dict(zip("abcd", (1, 2, 3, 4), strict=True))))
    wide = wide.pivot_table(index="id_responden", columns="id_soal", values="score", aggfunc="first")
    people_ = (
        people_.dropna(subset=["id_responden"]).drop_duplicates("id_responden").set_index("id_responden")
    )
    rows = wide.join(people_, how="inner").reset_index()
    rows = rows.assign(
        unit=rows.loket, answered_at=rows.created_date, entered_at=rows.waktu_input_dari_uniqid
    )
    found = integrity.flags(rows, rows[ITEMS].astype("Int8"), rows.unit)
    keyed = (
        pd.to_datetime(rows.entered_at, errors="coerce")
        .dt.strftime("%Y-%m-%d")
        .isin(["2022-03-28", "2022-03-29"])
    )
    assert keyed.sum() > 1800
    assert found.bulk_entry[keyed].mean() > 0.9
    score = rows[ITEMS].mean(axis=1) * 25
    assert score[found.bulk_entry].mean() > score[~found.bulk_entry].mean() + 5
    assert found.midnight.sum() > 1500
    assert entry.BURST_SECONDS == 60


def made(tmp_path: Path, folder: str, data: Path) -> tuple[Path, pd.DataFrame]:
    survey = real(tmp_path, folder, data)
    steps.keep(survey, intake.clean(survey))
    answers = steps.open_answers(survey.name, survey.root)
    tables = {m: getattr(steps, m)(answers) for m in ("index", "sampling", "profile", "integrity")}
    steps.save(answers, **tables)
    return survey.root, tables["integrity"]


def test_the_police_office_of_gianyar_is_not_accused(tmp_path: Path, real_data: Path) -> None:
    for kind in ("teks", "skor"):
        _, table = made(tmp_path / kind, f"skm-polres-gianyar/2020-{kind}", real_data)
        (row,) = results.pick(table, scope="unit", statistic="integrity_verdict").itertuples()
        assert row.text == "nothing-unusual"
        assert row.p_adjusted > 0.05


def test_jepara_reads_like_what_is_known_of_it(tmp_path: Path, real_data: Path) -> None:
    root, table = made(tmp_path, "skm-jepara-mpp", real_data)
    verdict = results.pick(table, scope="unit", statistic="integrity_verdict").set_index("unit")
    asked = verdict[verdict.text == "needs-explaining"]
    assert {"loket-01", "loket-21", "loket-22"} <= set(asked.index)
    assert asked.other.str.contains("late_keying").all()
    late = results.pick(table, scope="unit", statistic="integrity_evidence", method="late_keying", text="yes")
    assert set(late.group) == {"2022-03-28/2022-03-29"}
    assert late.numerator.sum() > 1500
    # Rows of no unit are nobody's: nothing is judged of them.
    assert "unknown" not in verdict.index
    said = plain(report.doubts(report.open_unit(unit="loket-22", root=root, lang="en")))
    for sentence in (
        "622 of 664 answers were keyed in at once (28 \u2013 29 March 2022)",
        "recorded exactly at midnight (622)", "The index of the flagged answers is 97.93; that of the others is 91.76",
        "paper forms keyed in late or something else cannot be told", "the letter stays A",
    ):  # fmt: skip
        assert sentence in said, sentence
    # A counter all of whose forms were keyed on those days is not cleared, it cannot be judged.
    said = plain(report.doubts(report.open_unit(unit="loket-02", root=root, lang="en")))
    assert "cannot be judged" in said
    assert "not enough others to compare with" in said


def test_the_real_police_survey_needs_no_decision(tmp_path: Path, real_data: Path, capsys):
    source = real_data / "skm-polres-gianyar" / "wide_teks.csv"
    with pytest.raises(SystemExit) as done:
        main(["new", "2020", "--from-file", str(source), "--root", str(tmp_path)])
    assert done.value.code == 0
    assert "to decide" not in capsys.readouterr().out
    frame = intake.clean(survey.load(tmp_path, "2020")).responses
    # The questionnaire's order: what the file calls U8 is the facilities, in canonical codes U9.
    means = [round(float(frame[code].mean()), 4) for code in CODES]
    assert means == [3.4478, 3.6119, 3.3433, 2.9751, 3.3980, 3.4129, 3.3980, 3.8060, 3.5124]


def test_the_120_published_gaps_of_a_hospital_are_reproduced(real_data):
    folder = real_data / "servqual-rs-poli"
    rows = pd.read_csv(folder / "nilai_survei.csv")
    wide = rows.pivot_table(index=["ID_RESPONDEN", "ID_POLI"], columns="ID_SUB",
                            values=["NILAI_PERSEPSI", "NILAI_HARAPAN"])  # fmt: skip
    seen, wanted = (
        wide[name].rename(columns=str).reset_index(drop=True) for name in ("NILAI_PERSEPSI", "NILAI_HARAPAN")
    )
    by = wide.index.get_level_values("ID_POLI").astype(str).to_numpy()
    table = importance.table(seen, by, expectations=wanted, draws=2)
    published = json.loads((folder / "published_gap.json").read_text())
    assert len(published) == 120
    for row in published:
        where = {"scope": "unit", "unit": str(row["poli"]), "item": str(row["item"])}
        found = {
            s: results.pick(table, statistic=s, **where).iloc[0] for s in ("gap", "perception", "expectation")
        }
        assert found["gap"].n == row["n"]
        assert round(found["gap"].estimate, 4) == pytest.approx(row["gap_hitung"], abs=1.01e-4)
        # Means were rounded before they were subtracted and printed.
        assert found["gap"].estimate == pytest.approx(row["gap_cetak"], abs=0.0101)
        assert found["perception"].estimate == pytest.approx(row["persepsi_cetak"], abs=0.00501)
        assert found["expectation"].estimate == pytest.approx(row["harapan_cetak"], abs=0.00501)


def test_the_committed_facts_are_those_of_the_collection(real_data: Path) -> None:
    source = {r["id"]: r for r in json.loads((real_data / "published_ikm.json").read_text(encoding="utf-8"))}
    assert set(source) == set(NAMED)
    for name, case in NAMED.items():
        assert source[name]["sums_printed"] == case["sums"]
        assert Decimal(str(source[name]["ikm_printed"])) == Decimal(case["ikm"])


def test_a_published_frequency_table_gives_91_48_where_90_56_was_printed(real_data: Path) -> None:
    path = real_data / "agregat-terbit" / "kemenag_sulbar_tw3_distribusi.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    counts = {row["unsur"]: {score: int(row[f"n{score}"]) for score in (1, 2, 3, 4)} for row in rows}
    assert index.from_counts(counts).rounded() == Decimal("91.48")
