"""Follow-up over two years: what was promised and done, this year's plan, the city's view, what it re-makes."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import report, results, steps
from pipeline import survey as surveys
from pipeline.report import overview
from pipeline.report.data import digests
from pipeline.report.unit.followup import due
from pipeline.report.unit.priorities import plan
from pipeline.steps.followup import followup
from tests.report.unit.test_sections import find, plain
from tests.support import small_city
from tests.support.small_city import as_json, opened

HEAD = "id,unit,unsur,action,owner,due,status,done,evidence\n"
#: One unit has another id a year before; kel-tiga has three answers, so nothing of it is told.
BEFORE_UNITS = (
    "id,name,aliases\ndinas-a,Dinas <A> & Co,\nlama-b,Dinas B lama,Dinas B\n"
    "kel-tiga,Kelurahan Tiga,\nkel-baik,Kelurahan Baik,\nkel-tetap,Kelurahan Tetap,\n"
)
BEFORE = HEAD + (
    "1,dinas-a,U3,Tambah loket <b>pagi</b>,Kepala Seksi,2024-03-01,selesai,2024-02-01,Foto loket\n"
    "2,dinas-a,U9,Perbaiki ruang tunggu,Siti Aminah,2024-06-01,sedang berjalan,,\n"
    "3,dinas-a,U8,Buka saluran pengaduan,Sekretariat,2025-06-01,direncanakan,,\n"
    "1,lama-b,U1,Pasang persyaratan,Sekretariat,2024-02-01,selesai,2024-01-20,Foto\n"
    "1,kel-tetap,U9,Cat ruang tunggu,Sekretariat,2024-12-01,berjalan,,\n"
    "1,kel-tiga,U2,tindakan-unit-tiga,Sekretariat,2024-02-01,planned,,\n"
)
OWN = HEAD + (
    "a,dinas-a,U3,Catat waktu setiap berkas,Kepala Seksi,2025-03-01,direncanakan,,\n"
    "b,dinas-a,U1,Ringkas persyaratan,Sekretariat,30/9/2025,berjalan,,\n"
    "d,dinas-a,U2,Ringkas alur,Sekretariat,,dibatalkan,,\n"
    "c,dinas-tidak-ada,U1,x,,,,,\n"
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_city.build(tmp_path_factory.mktemp("city"))
    before = root / "data/raw/2023"
    before.mkdir()
    (before / "survey.yml").write_text("title: SKM 2023\nreport_date: 2023-12-01\n")
    (before / "units.csv").write_text(BEFORE_UNITS)
    (before / "follow-up.csv").write_text(BEFORE)
    (root / "data/raw/2024/follow-up.csv").write_text(OWN)
    compute(root)
    return root


def compute(root: Path) -> None:
    data = steps.open_answers("2024", root)
    steps.save(data, followup=followup(data))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_section_opens_with_what_was_promised_done_and_late(city: Path, lang: str) -> None:
    page = report.followed(opened(city, "dinas-a", lang))
    promised, rubric = find(page, "table")
    assert [(row[0], row[2]) for row in promised.rows] == [
        ("1", "sudah" if lang == "id" else "yes"), ("2", "belum" if lang == "id" else "not yet"),
        ("3", "belum" if lang == "id" else "not yet"),
    ]  # fmt: skip
    # Judged on the last day of the survey's fieldwork, 3 August 2024: 63 days after the first of June.
    assert "63" in promised.rows[1][3]
    assert promised.rows[0][4] == "Foto loket"
    assert [row[2] for row in rubric.rows] == ["3", "–"]
    said = plain(page)
    assert ("Dari 3 rencana" if lang == "id" else "survey 2023: 3") in said
    assert "33" in said


def test_what_is_all_done_has_months_and_both_scores_under_whatever_id_the_unit_had(city: Path) -> None:
    u = opened(city, "dinas-b")
    rubric = find(report.followed(u), "table")[1]
    assert rubric.rows[0][1:] == (u.words.percent(1), "5")
    assert rubric.rows[1][1:] == ("1,6 bulan setelah laporan terbit", "4")
    said = plain(report.followed(u))
    assert "Dari 1 rencana tindak lanjut survei 2023: 1 selesai (100\u00a0%)." in said
    # What there is none of is not counted as nought; that nothing is done is said.
    assert "belum selesai" not in said.split(".")[0]
    assert "0 selesai (0\u00a0%) dan 1 belum selesai" in plain(report.followed(opened(city, "kel-tetap")))


def test_a_unit_that_planned_nothing_is_told_so_and_one_that_was_not_listed_has_no_section(
    city: Path,
) -> None:
    assert "tidak tercatat rencana" in plain(report.followed(opened(city, "kel-baik")))
    assert not report.followed(opened(city, "dinas-c")).blocks


def test_where_all_answered_alike_the_plan_is_accounted_for_all_the_same(city: Path) -> None:
    u = opened(city, "kel-tetap")
    assert u.kind == "alike"
    assert "sedang berjalan, tenggat 1 Desember 2024" in plain(report.followed(u))


def test_the_plan_is_the_units_own_and_proposals_stand_for_the_lowest_it_leaves_out(city: Path) -> None:
    u = opened(city, "dinas-a")
    (lowest, _, planned) = find(report.priorities(u), "table")
    own = [row for row in planned.rows if row[5] != "usulan"]
    assert [(row[1], row[3], row[5]) for row in own] == [
        ("U3 Waktu pelayanan", "1 Maret 2025", "direncanakan"), ("U1 Persyaratan", "30 September 2025", "berjalan"),
        ("U2 Prosedur", "–", "dibatalkan"),
    ]  # fmt: skip
    proposed = {row[1].split()[0] for row in planned.rows if row[5] == "usulan"}
    # U2 is among the lowest, and what was planned for it was given up.
    assert proposed == {row[1] for row in lowest.rows} - {"U3", "U1"} >= {"U2"}
    assert all(row[4] == "ditetapkan unit" for row in planned.rows if row[5] == "usulan")
    assert due(u) == date(2025, 9, 30)


def test_without_a_plan_of_its_own_all_rows_are_proposals_and_nothing_is_due(city: Path) -> None:
    u = opened(city, "dinas-b")
    assert due(u) is None
    planned = find(report.priorities(u), "table")[-1]
    assert {row[5] for row in planned.rows} == {"usulan"}
    assert plan(u, []) is None


def test_names_are_masked_and_texts_escaped_in_what_is_stored_and_printed(city: Path) -> None:
    table = results.pick(steps_table(city), statistic=["owner", "action"])
    assert "Aminah" not in " ".join(table["text"])
    page = as_json(report.followed(opened(city, "dinas-a")))
    assert "Tambah loket <b>pagi</b>" in page  # text of a block: every renderer escapes it


def steps_table(root: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(root / "data/processed/2024/followup.parquet")


def test_of_a_unit_below_five_answers_nothing_is_told_and_the_sums_are_of_those_shown(city: Path) -> None:
    table = steps_table(city)
    assert "kel-tiga" not in set(table["unit"])
    assert "tindakan-unit-tiga" not in set(table["text"])
    for plan_of in ("", "2023"):
        rows = results.pick(table, statistic="planned", other=plan_of)
        whole = rows.loc[rows["scope"] == "city", "estimate"].item()
        assert whole == rows.loc[rows["scope"] == "unit", "estimate"].sum()


def test_a_row_that_does_not_count_is_in_the_table_for_the_office_with_its_hint(city: Path) -> None:
    (row,) = results.rows_of(results.pick(steps_table(city), statistic="not_read", other=""))
    assert 'follow-up.csv, row 5, column "unit"' in row.text
    assert row.scope == "surveys"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_city_lists_who_is_late_first_and_counts_agree_with_the_units(city: Path, lang: str) -> None:
    whole = overview.open_city("2024", lang=lang, root=city)
    w, page = whole.words, overview.followup(whole)
    (table,) = find(page, "table")
    assert [row[0] for row in table.rows] == ["Dinas <A> & Co", "Kelurahan Tetap", "Dinas B"]
    assert table.rows[0][1:6] == ("3", "1", "1", "0", w.percent(1 / 3))
    assert table.rows[2][6:] == ("5", w.number(1.6, 1))
    assert ("3 dari 4 unit" if lang == "id" else "3 of 4 units") in plain(page)


def test_no_plan_anywhere_makes_no_section_and_no_sentence(tmp_path: Path, city: Path) -> None:
    root = tmp_path / "bare"
    shutil.copytree(city, root)
    shutil.rmtree(root / "data/raw/2023")
    (root / "data/raw/2024/follow-up.csv").unlink()
    compute(root)
    assert not overview.followup(overview.open_city("2024", root=root)).blocks
    assert not report.followed(opened(root, "dinas-a")).blocks
    assert len(steps_table(root)) == 0


def test_a_changed_plan_changes_what_its_unit_reads_and_nothing_of_the_others(
    tmp_path: Path, city: Path
) -> None:
    root = tmp_path / "changed"
    shutil.copytree(city, root)
    survey = surveys.load(root, "2024")
    first = digests.of_rows(survey)
    for name, old, new in (
        ("2024", "2025-03-01", "2025-04-01"),
        ("2023", "Perbaiki ruang tunggu", "Ganti kursi"),
    ):
        path = root / "data/raw" / name / "follow-up.csv"
        path.write_text(path.read_text().replace(old, new))
        compute(root)
        after = digests.of_rows(survey)
        changed = {unit for unit in first["units"] if first["units"][unit] != after["units"][unit]}
        assert changed == {"dinas-a"}
        assert (after["shared"], after["groups"]) == (first["shared"], first["groups"])
        first = after
