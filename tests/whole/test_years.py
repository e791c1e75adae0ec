"""The years of the small demo city (`city` in conftest) side by side, as a stranger would run them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from pipeline import results, survey
from tests.whole.conftest import skm

#: Told of in one go: an office, a clinic asked in another way, a unit that is new, one below five.
ONLY = ("dinas-kesehatan", "puskesmas-mawar", "kelurahan-pena")


def text(path: Path) -> str:
    """What a reader of a page sees."""
    page = re.sub(r"<(style|script).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def printed(row) -> str:
    """A change as a sentence writes it: the word says the direction of up and down."""
    value = abs(row.estimate) if row.text in ("up", "down") else row.estimate
    return f"{value:.2f}".replace(".", ",").replace("-", "−")


def test_the_earlier_surveys_were_read_and_only_read(city):
    assert "earlier surveys brought up to date" in (city / "out.txt").read_text(encoding="utf-8")
    for name in ("2023", "2024"):
        assert (city / "data/processed" / name / "index.parquet").is_file()
        assert not (city / "reports" / name / "public").exists()


def test_page_one_says_the_change_that_the_table_carries_or_why_there_is_none(city):
    table = pd.read_parquet(city / "data/processed/2025/trend.parquet")
    pages = {unit: text(city / f"reports/2025/public/units/{unit}/report.html") for unit in ONLY}
    row = results.pick(
        table, scope="unit", unit="dinas-kesehatan", statistic="change", method="bh", other="2024"
    ).iloc[0]
    said = printed(row)
    word = {"up": "naik", "down": "turun", "unchanged": "tetap", "cannot-tell": "belum dapat dipastikan"}[
        row.text
    ]
    assert f"{said} poin" in pages["dinas-kesehatan"]
    assert word in pages["dinas-kesehatan"]
    # The clinics were asked at a kiosk this year: nothing is subtracted, and the sentence says why.
    assert "tidak disandingkan dengan 2024: cara survei berubah" in pages["puskesmas-mawar"]
    assert "Garis terputus antara 2023 dan 2024: kalimat pertanyaan (U6) berubah" in pages["dinas-kesehatan"]


def test_every_page_draws_the_printed_year_and_portal_and_overview_tell_the_citys_change(city):
    public = city / "reports/2025/public"
    for page in (
        public / "units/kelurahan-pena/report.html",
        public / "overview.html",
        public / "index.html",
    ):
        assert ">2022<" in page.read_text(encoding="utf-8"), page
    table = pd.read_parquet(city / "data/processed/2025/trend.parquet")
    row = results.pick(table, scope="city", statistic="change", method="mean-of-units", other="2024").iloc[0]
    number = printed(row)
    for page in (public / "overview.html", public / "index.html"):
        assert number in text(page)


def test_nothing_is_left_to_do_and_it_verifies(city):
    more = [part for unit in ONLY for part in ("--only", unit)]
    assert "3 up to date" in skm(city, "run", *more).stdout
    told = skm(city, "why", "2025", "kelurahan-pena").stdout
    assert "up to date" in told
    made = json.loads((city / "reports/2025/run.json").read_text(encoding="utf-8"))
    assert set(made["earlier"]["2024"]) == {"responses.parquet", "index.parquet", "raw files"}
    done = skm(city, "verify", "2025", "--units", "1")
    assert done.returncode == 0, done.stdout


def test_a_broken_earlier_survey_is_told_everywhere_and_the_rest_is_done(city):
    found = survey.load(city, "2023")
    path = found.raw / "survey.yml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good + "mode: telepati\n", encoding="utf-8")
    try:
        done = skm(city, "run", "--only", "kelurahan-pena", "--format", "html")
    finally:
        path.write_text(good, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "earlier survey 2023 is not compared with, it cannot be used" in done.stdout
    assert "Survei terdahulu 2023 tidak dapat dipakai" in text(city / "reports/2025/internal/validation.html")
    page = text(city / "reports/2025/public/units/kelurahan-pena/report.html")
    assert "Survei terdahulu yang tidak dibaca" in page
    assert "2023 (berkas survei itu tidak dapat dipakai)" in page
