"""The real surveys, from raw file to report: the numbers that are known of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def real(real_data) -> Path:
    done = subprocess.run([sys.executable, "-m", "tests.real"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build" / "real"


def tables(root: Path, slug: str, survey: str) -> dict[str, pd.DataFrame]:
    folder = root / slug / "data" / "processed" / survey
    return {p.stem: pd.read_parquet(p) for p in folder.glob("*.parquet")}


def one(table: pd.DataFrame, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    return table.iloc[0]


@pytest.mark.parametrize("survey", ["2020-teks", "2020-skor"])
def test_gianyar_from_option_texts_and_from_scores_gives_the_known_numbers(real, survey):
    found = tables(real, "skm-polres-gianyar", survey)
    unit = found["index"].query("scope == 'unit' and service == ''")
    ikm = one(unit, statistic="ikm")
    assert ikm.estimate == pytest.approx(85.8485351022664, abs=1e-10)
    assert ikm.lower == pytest.approx(84.948317511382, abs=1e-9)
    assert one(unit, statistic="letter").text == "B"
    assert one(unit, statistic="nrr", item="U8").estimate == pytest.approx(3.80597014925373, abs=1e-12)
    assert one(unit, statistic="nrr", item="U9").estimate == pytest.approx(3.51243781094527, abs=1e-12)
    alpha = (
        found["reliability"]
        .query("scope == 'unit' and statistic == 'alpha' and method == 'jackknife'")
        .iloc[0]
    )
    assert alpha.estimate == pytest.approx(0.728639535917496, abs=1e-10)
    rest = found["validity"].query("scope == 'unit' and statistic == 'item_rest' and item == 'U4'").iloc[0]
    assert rest.estimate == pytest.approx(-0.0135650500902961, abs=1e-10)


def test_jepara_accounts_for_every_row_and_reports_every_counter(real):
    found = tables(real, "skm-jepara-mpp", "2021-mpp")
    counts = found["intake"]
    assert (
        counts["read"] == counts["used"] + counts["merged"] + counts["excluded"] + counts["not_data"]
    ).all()
    assert counts.set_index("role").loc["respondents", "read"].sum() == 2555
    public = real / "skm-jepara-mpp/reports/2021-mpp/public/units"
    assert len(list(public.glob("*/report.pdf"))) == 23  # 22 counters, one without data, and the unlisted
    html = (public / "unknown" / "report.html").read_text(encoding="utf-8")
    assert "Bukan laporan sebuah unit" in html


def test_a_scale_of_one_to_five_gets_no_letter_and_is_never_multiplied_by_25(real):
    found = tables(real, "servqual-rs-poli", "2017-04-servqual")
    index = found["index"]
    assert (index[index.statistic == "letter"].text == "").all()
    pooled = index.query("scope == 'city' and statistic == 'ikm' and method == 'pooled' and item == ''").iloc[
        0
    ]
    assert pooled.estimate == pytest.approx(4.3497 * 20, abs=2e-3)
    alpha = (
        found["reliability"]
        .query("scope == 'city' and statistic == 'alpha' and method == 'jackknife'")
        .iloc[0]
    )
    assert alpha.estimate == pytest.approx(0.9130, abs=5e-5)
