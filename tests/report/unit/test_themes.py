"""What page one says that users wrote about an unsur: how many, from five on, and one text that names nobody."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import report
from pipeline.report.unit import suggestions
from pipeline.report.unit.themes import Spoken, of_unsur
from tests.support import small_city

Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("city"))


@pytest.fixture
def opened(city: Path, tmp_path: Path) -> Opened:
    """A unit of the made-up city whose first respondents wrote these texts, and no others."""

    def made(texts: list[str], unit: str = "dinas-b", lang: str = "id") -> Any:
        root = tmp_path / "root"
        if not root.exists():
            shutil.copytree(city, root)
        path = root / "data" / "processed" / "2024" / "responses.parquet"
        frame = pd.read_parquet(path)
        own = frame.index[frame["unit"] == unit]
        frame["suggestion"] = None
        frame.loc[own[: len(texts)], "suggestion"] = texts
        frame.to_parquet(path, index=False)
        return report.open_unit("2024", unit, lang=lang, root=root)

    return made


def headings(u: Any) -> list[str]:
    return [b.plain_text() for b in walk(report.suggestions(u)) if b.kind_name == "heading"]


def walk(block: Any) -> Any:
    yield block
    for child in getattr(block, "blocks", ()):
        yield from walk(child)


def test_from_five_people_on_they_are_counted_and_below_only_that_they_are_fewer(opened: Opened):
    u = opened(["Antrean terlalu lama"] * 4 + ["Mohon tambah loket"] + ["Toilet kurang bersih"] * 4)
    assert of_unsur(u, "U3") == Spoken(5, 2, False, "Antrean terlalu lama")
    assert of_unsur(u, "U9") == Spoken(0, 0, True, "Toilet kurang bersih")
    assert of_unsur(u, "U1") == Spoken()
    assert headings(u) == [
        "Waktu pelayanan (5 orang, 2 tulisan berbeda)", "Sarana dan prasarana (kurang dari 5 orang)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Antre lama, hubungi 081234567890", "Pak Lurah bikin antre lama", "Antre lama, petugas goblok",
        "antre", "antre lama " * 20, "<script>alert(1)</script> antre lama", "antre di loket Wayan lama sekali",
    ],
)  # fmt: skip
def test_a_text_that_points_to_somebody_insults_or_is_no_sentence_is_counted_and_not_quoted(
    opened: Opened, text: str
):
    said = of_unsur(opened([text] * 6), "U3")
    assert said.people == 6
    assert said.quote == ""


def test_one_who_asks_is_quoted_before_many_who_praise_and_one_unsur_before_several(opened: Opened):
    u = opened(["Petugas cepat tanggap"] * 9 + ["Mohon petugas lebih ramah"])
    assert of_unsur(u, "U7").quote == "Mohon petugas lebih ramah"
    u = opened(["Antrean lama, toilet kurang bersih"] * 3 + ["Toilet kurang terawat bersih"] * 3)
    assert of_unsur(u, "U9").quote == "Toilet kurang terawat bersih"


def test_the_quote_does_not_depend_on_who_came_first(opened: Opened):
    texts = [
        "Antrean terlalu lama",
        "Tolong loket ditambah",
        "Nomor antrean kurang jelas",
        "Waktu tunggu lama",
    ] * 2
    assert of_unsur(opened(texts), "U3") == of_unsur(opened(texts[::-1]), "U3")


@pytest.mark.parametrize(("unit", "n"), [("kel-tiga", 3), ("kel-kosong", 0)])
def test_of_a_unit_without_a_page_nothing_is_said(opened: Opened, unit: str, n: int):
    assert of_unsur(opened(["Antrean terlalu lama"] * n, unit), "U3") == Spoken()


def test_a_text_of_several_unsur_is_printed_once_and_counted_in_each(opened: Opened):
    u = opened(["Antrean lama, parkir sempit, biaya mahal"] * 5)
    assert headings(u) == ["Waktu pelayanan (5 orang, 1 tulisan berbeda)"]
    (listed,) = [b for b in walk(report.suggestions(u)) if b.kind_name == "bullets"]
    assert listed.plain_text().strip("•- \n") == (
        "“Antrean lama, parkir sempit, biaya mahal” (×5) (juga: Biaya/tarif dan Sarana dan prasarana)"
    )
    assert [of_unsur(u, item).people for item in ("U3", "U4", "U9")] == [5, 5, 5]


def test_no_count_below_five_of_a_theme_stands_in_the_table(opened: Opened):
    u = opened(["Antrean lama"] * 7 + ["Parkir sempit"] * 4 + ["WC bau"] * 2)
    (table,) = [b for b in walk(report.suggestions(u)) if b.kind_name == "table"]
    assert table.rows == (("Antrean dan waktu tunggu", "Waktu pelayanan", "7", "1"),)
    assert table.caption == "Paling banyak ditulis: Antrean dan waktu tunggu (7 orang)"
    assert "masing-masing ditulis kurang dari 5 orang: Parkir dan Toilet dan kebersihan" in " ".join(
        b.plain_text() for b in walk(report.suggestions(u)) if b.kind_name == "prose"
    )


def test_both_languages_print_the_same_suggestions_in_the_same_order(opened: Opened) -> None:
    """Of more than are printed, two languages would otherwise print two samples; what is masked has a word in each."""
    texts = [f"Tolong tambah loket nomor {n}" for n in range(12)] + ["Hubungi saya di 0812-3456-7890 ya"]
    indonesian, english = (suggestions.collect(opened(texts, lang=lang)).distinct for lang in ("id", "en"))
    assert any("[masked]" in said.text for said in english)
    assert [said.text for said in indonesian] == [
        said.text.replace("[masked]", "[disamarkan]") for said in english
    ]
