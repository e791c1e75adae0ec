"""The processing form and the poster say what the report says, hide what it hides, and fit their page."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2 as pdfium
import pytest

from pipeline import report, steps
from pipeline import survey as surveys
from pipeline.office.printed import form, letterhead, poster
from pipeline.render import RenderError, drawn
from pipeline.render.theme import theme
from pipeline.report.data.unit import UnitReport, open_unit
from pipeline.words import Words, narrative
from pipeline.words.lookup import flat, load
from tests.layout import paper as layout
from tests.support import small_city

DAY = dt.date(2024, 8, 3)
#: Names that break careless layouts.
NAMES = {
    "90 letters": "Unit Pelaksana Teknis Daerah Pengelolaan Persampahan dan Pertamanan Wilayah Utara Barat D",
    "one word": "Unit" + "pelaksana" * 10,
    "arabic": "مكتب الخدمات الصحية والسكان في مدينة المثال",
    "javanese": "ꦏꦤ꧀ꦠꦺꦴꦂꦏꦼꦕꦩꦠꦤ꧀ꦔꦮꦶ ꦏꦧꦸꦥꦠꦺꦤ꧀ꦔꦮꦶ",
    "emoji": "Puskesmas 😀👩‍👩‍👧 Mawar 🌹",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("foreign"), scale=(1, 5))


def opened(root: Path, unit: str, lang: str = "en") -> UnitReport:
    return open_unit("2024", unit, lang, root)


def sheets(root: Path, unit: str) -> dict[str, Any]:
    found = form.content(opened(root, unit))
    assert found is not None
    return found


def answered(page: dict[str, Any]) -> list[list[str]]:
    return [row[1:] for sheet in page["sheets"] for row in sheet["rows"]]


# -- the form ----------------------------------------------------------------------------


def test_the_form_prints_the_rows_of_the_annex_in_their_order_twenty_five_a_sheet(city: Path) -> None:
    page = sheets(city, "dinas-a")
    annex = [b for b in report.answers(opened(city, "dinas-a")).blocks if b.kind_name == "table"]
    assert answered(page) == [list(row[1:]) for row in annex[0].rows]
    assert [len(sheet["rows"]) for sheet in page["sheets"]] == [25, 25, 25, 25, 20]
    assert page["sheets"][-1]["number"] == "Sheet 5 of 5"
    assert [row[0] for row in page["sheets"][1]["rows"]][:2] == ["26", "27"]


def test_sums_means_weights_and_index_of_the_form_are_exact_and_those_of_the_tables(city: Path) -> None:
    page, w = sheets(city, "dinas-b"), Words("en")
    rows = answered(page)
    index = pd.read_parquet(city / "data/processed/2024/index.parquet")
    mine = index[(index.unit == "dinas-b") & (index.scope == "unit") & (index.service == "")]
    nrr = mine[mine.statistic == "nrr"].set_index("item")
    total, filled, means, weight, weighted = page["sheets"][-1]["lines"]
    exact = []
    for at, code in enumerate(page["sheets"][-1]["codes"], 1):
        values = [int(row[at - 1]) for row in rows if row[at - 1]]
        assert (total[at], filled[at]) == (str(sum(values)), str(len(values)))
        assert (sum(values), len(values)) == (nrr.numerator[code], nrr.denominator[code])
        assert means[at] == w.number(Fraction(sum(values), len(values)), 3)
        assert weight[at] == "1/9"
        assert weighted[at] == w.number(Fraction(sum(values), 9 * len(values)), 3)
        assert sum(int(sheet["sub"][at]) for sheet in page["sheets"]) == sum(values)
        exact.append(Fraction(sum(values), 9 * len(values)))
    assert int(filled[8]) == 56  # four did not answer U8: they are no zero
    assert [line[1] for line in page["ends"][:2]] == [w.number(sum(exact), 4), w.number(25 * sum(exact))]
    assert page["ends"][1][1] == w.number(float(mine[mine.statistic == "ikm"].estimate.iloc[0]))


def test_the_form_says_which_weights_were_used_and_what_the_printed_ones_give(city: Path) -> None:
    legend = " ".join(sheets(city, "dinas-a")["legend"])
    assert (
        "The exact weight is used, 1/9 for each element; the regulation prints it rounded, 0.111 and 0.11."
        in legend
    )
    assert re.search(r"With the printed weights? (the value is|0\.11)", legend)


def test_the_poster_says_plain_mean_only_where_every_element_weighs_the_same(
    city: Path, tmp_path: Path
) -> None:
    def small_print(root: Path, lang: str) -> str:
        return " ".join(poster.content(opened(root, "dinas-a", lang))["notes"])

    assert "weight" not in small_print(city, "en")
    own = Path(shutil.copytree(city, tmp_path / "own"))
    definition = own / "data/raw/2024/survey.yml"
    weights = ", ".join(f"U{n}: {2 if n == 3 else 1}/10" for n in range(1, 10))
    said = f"indicators:\n- units: [dinas-a]\n  items: {{{weights}}}\n"
    definition.write_text(definition.read_text(encoding="utf-8") + said, encoding="utf-8")
    assert "each element with the weight set for this unit" in small_print(own, "en")
    assert "bobot yang ditetapkan untuk unit ini" in small_print(own, "id")


def test_a_letter_that_printed_weights_would_change_is_told_on_the_form(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.words.verdicts import Printed

    monkeypatch.setattr(form.verdicts, "printed", lambda u: [Printed("0.11", 87.6, "B", 88.4, "A")])
    legend = " ".join(sheets(city, "dinas-a")["legend"])
    assert (
        "With the printed weight 0.11 the value is 87.60, letter B; with the exact weight 88.40, letter A."
        in legend
    )


@pytest.mark.parametrize("unit", ["kel-tiga", "kel-tetap", "kel-kosong"])
def test_where_no_answer_may_be_printed_there_is_no_form(city: Path, unit: str) -> None:
    assert form.content(opened(city, unit)) is None


def test_there_is_no_form_where_the_definition_leaves_the_annex_out(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "city")
    path = root / "data/raw/2024/survey.yml"
    path.write_text(path.read_text("utf-8") + "annex: false\n", encoding="utf-8")
    assert form.write(surveys.load(root, "2024"), "dinas-a") is None
    assert not list(root.rglob("form*.pdf"))


def test_a_form_of_another_scale_has_no_letters(foreign: Path) -> None:
    page = sheets(foreign, "dinas-a")
    assert page["letters"] is None
    assert len(page["ends"]) == 2
    assert "IKM" not in page["title"]


def test_the_form_is_the_same_file_again_and_a_page_a_sheet(city: Path) -> None:
    page = sheets(city, "dinas-a")
    made = drawn.page("form", page, DAY)
    assert made == drawn.page("form", page, DAY)
    text = [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(made)]
    assert 5 <= len(text) <= 6
    assert all("Sheet" in shown for shown in text[:5])


# -- the poster --------------------------------------------------------------------------


def content(root: Path, unit: str, lang: str = "en") -> dict[str, Any]:
    found = poster.content(opened(root, unit, lang))
    assert found is not None
    return found


def outside(made: bytes) -> Iterator[tuple[str, float, float]]:
    """Letters of a page that stand beyond its margins."""
    page = pdfium.PdfDocument(made)[0]
    wide, high = page.get_size()
    margin = 0.9 * 15 / 210 * wide
    text = page.get_textpage()
    for at in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(at)
        if right > left and not (left > margin and right < wide - margin and bottom > 0 and top < high):
            yield text.get_text_range(at, 1), left, bottom


def test_the_poster_has_every_field_of_the_regulation_with_the_numbers_of_the_report(city: Path) -> None:
    u, w = opened(city, "dinas-a"), Words("en")
    found = content(city, "dinas-a")
    assert u.ikm is not None
    assert found["value"] == w.number(u.ikm.estimate)
    assert (found["letter"], found["letter_name"]) == (u.letter, w.label("letter", u.letter))
    assert w.interval(u.ikm.lower, u.ikm.upper) in found["interval"]
    labels = [field["label"] for field in found["fields"]]
    assert labels == ["Name of service", "Respondents", "Sex", "Education", "Survey period"]
    assert found["fields"][1]["text"] == "120 people"
    assert found["fields"][4]["text"] == "15 July – 3 August 2024"
    assert (found["unit"], found["period"], found["above"]) == (
        "Dinas <A> & Co",
        "Year 2024",
        "Kota Contoh",
    )
    assert found["value"] in found["alt"]
    assert "120 people" in found["alt"]


def test_counts_of_a_poster_are_those_of_the_table_of_respondents(city: Path) -> None:
    table = next(b for b in report.respondents(opened(city, "dinas-a")).blocks if b.kind_name == "table")
    printed = {(row[1], f"{row[2]} people") for row in table.rows}
    for field in content(city, "dinas-a")["fields"][2:4]:
        assert {tuple(pair) for pair in field["counts"]} <= printed
        assert sum(int(count.split()[0]) for _, count in field["counts"]) == 120
    assert all("S3" not in name for name, _ in content(city, "dinas-a")["fields"][3]["counts"])  # two people


def test_small_counts_stand_on_the_poster_only_where_the_definition_says_full(
    city: Path, tmp_path: Path
) -> None:
    merged = dict(content(city, "dinas-a")["fields"][3]["counts"])
    assert "S3" not in " ".join(merged)
    root = shutil.copytree(city, tmp_path / "city")
    path = root / "data/raw/2024/survey.yml"
    path.write_text(path.read_text("utf-8") + "poster_counts: full\n", encoding="utf-8")
    data = steps.open_answers("2024", root)
    steps.save(data, profile=steps.profile(data))
    told = content(root, "dinas-a")["fields"][3]["counts"]
    assert [count for name, count in told if "S3" in name or "Doct" in name] == ["2 people"]


@pytest.mark.parametrize("unit", ["kel-tiga", "kel-kosong"])
def test_a_unit_that_may_not_be_shown_gets_no_poster(city: Path, unit: str) -> None:
    assert poster.content(opened(city, unit)) is None
    assert poster.write(surveys.load(city, "2024"), unit) == []


def test_a_unit_for_information_carries_its_caution_on_the_poster(city: Path) -> None:
    assert "For information only" in content(city, "kel-kecil")["cautions"][0]
    assert content(city, "dinas-a")["cautions"] == []


def test_a_poster_of_identical_answers_has_number_and_letter_and_no_interval(city: Path) -> None:
    found = content(city, "kel-tetap")
    assert (found["value"], found["letter"], found["interval"]) == ("100.00", "A", "")
    assert "All respondents gave the same answers" in found["cautions"][0]
    assert found["cautions"][0] in found["alt"]


def test_a_trait_of_which_all_categories_are_merged_is_not_listed(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"sex": [("other", 8.0, 1.0)], "education": [("missing", 8.0, None)]}
    monkeypatch.setattr(poster, "categories", lambda u, trait: told[trait])
    fields = content(city, "dinas-a")["fields"]
    assert [(field["text"], field["counts"]) for field in fields[2:4]] == [
        ("Not shown: its groups are too small", []), ("Not recorded", []),
    ]  # fmt: skip


def test_a_poster_of_another_scale_has_no_letter_and_is_not_called_ikm(foreign: Path) -> None:
    found = content(foreign, "dinas-a")
    assert (found["letter"], found["strip"], found["rule"]) == ("", None, "")
    assert "IKM" not in f"{found['title']} {found['label']} {found['alt'].split(':')[0]}"
    assert "14/2017" in found["cautions"][0]


def test_a_poster_of_synthetic_data_says_so_also_in_its_alt_text(city: Path) -> None:
    found = content(city, "dinas-a", "id")
    assert found["synthetic"].startswith("DATA SINTETIS")
    assert found["alt"].startswith(found["synthetic"])
    text = pdfium.PdfDocument(drawn.page("poster", {**found, "paper": poster.A4}, DAY))[0].get_textpage()
    assert "DATA SINTETIS" in text.get_text_bounded()


def test_a_poster_is_one_page_of_each_size_and_the_same_file_again(city: Path, tmp_path: Path) -> None:
    u = opened(city, "dinas-a")
    found = content(city, "dinas-a")
    first = {f"{stem}.{suffix}": made for stem, suffix, made in poster.sheets(u, found)}
    assert first == {f"{stem}.{suffix}": made for stem, suffix, made in poster.sheets(u, found)}
    sizes = {}
    for name, made in first.items():
        if name.endswith("pdf"):
            document = pdfium.PdfDocument(made)
            assert len(document) == 1
            sizes[name] = tuple(round(side * 25.4 / 72) for side in document[0].get_size())
            assert b"pdfuaid" in made or b"ua-1" in made or made[:5] == b"%PDF-"
        else:
            assert b"iTXtDescription" in made[:80]
            sizes[name] = tuple(int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
    assert sizes == {
        "poster.pdf": (210, 297), "poster-a3.pdf": (297, 420), "poster.png": (1240, 1754),
        "poster-social.png": (1080, 1350),
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_names_of_any_script_stand_on_the_poster_whole(city: Path, name: str) -> None:
    u = opened(city, "kel-kecil", "id")
    found = {**content(city, "kel-kecil", "id"), "unit": name, "letter": "C", "letter_name": "Kurang baik"}
    found["fields"][0]["text"] = ", ".join([NAMES["90 letters"]] * 4)
    for paper in (poster.A4, poster.SOCIAL):
        made = drawn.page("poster", {**found, "paper": paper}, letterhead.date(u))
        assert len(pdfium.PdfDocument(made)) == 1
        assert list(outside(made)) == []
        text = pdfium.PdfDocument(made)[0].get_textpage().get_text_bounded()
        assert set(re.findall(r"\w", name)) <= set(text) | set(re.findall(r"\w", text))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_letter_and_its_name_stand_on_one_line(city: Path, lang: str) -> None:
    found = content(city, "dinas-a", lang)
    found["letter"], found["letter_name"] = "C", Words(lang).label("letter", "C")
    found["fields"] = found["fields"][:2]  # the more room, the larger everything is
    for paper in (poster.A4, poster.A3, poster.SOCIAL):
        text = pdfium.PdfDocument(drawn.page("poster", {**found, "paper": paper}, DAY))[0].get_textpage()
        search, lines = text.search(found["letter_name"]), []
        while place := search.get_next():
            lines.append(text.count_rects(*place))
        assert lines == [1, 1]  # beside the number, and on the scale


def test_an_agency_and_the_kind_of_region_stand_under_the_name(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "city")
    survey, units = root / "data/raw/2024/survey.yml", root / "data/raw/2024/units.csv"
    survey.write_text(
        survey.read_text("utf-8").replace("city: Kota Contoh", "city: Jepara\nregion_kind: regency")
    )
    rows = units.read_text("utf-8").splitlines()
    rows = [
        f"{row},{'parent' if at == 0 else 'dinas-b' if row.startswith('kel-baik') else ''}"
        for at, row in enumerate(rows)
    ]
    units.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert content(root, "kel-baik", "id")["above"] == "Dinas B · Kabupaten Jepara"
    assert content(root, "dinas-b", "en")["above"] == "Jepara Regency"


def test_a_poster_that_cannot_hold_its_text_fails_rather_than_cut_it(city: Path) -> None:
    found = content(city, "dinas-a")
    found["fields"][0]["text"] = f"{NAMES['90 letters']}, " * 40
    with pytest.raises(RenderError, match="does not hold its text"):
        drawn.page("poster", {**found, "paper": poster.A4}, DAY)


def test_colours_of_the_sheets_are_those_of_the_reports(city: Path) -> None:
    for name in ("form", "poster"):
        source = (drawn.TEMPLATES / f"{name}.typ").read_text("utf-8")
        assert not re.findall(r'rgb\("#', source)
    assert theme()["light"]["accent"]


def test_a_second_language_has_a_file_of_its_own(city: Path, tmp_path: Path) -> None:
    survey = surveys.load(city, "2024").reported_in(tmp_path)
    written = poster.write(survey, "dinas-b", "en", plain=False)
    assert [path.name for path in written] == [
        "poster.en.pdf", "poster-a3.en.pdf", "poster.en.png", "poster-social.en.png",
    ]  # fmt: skip
    path = form.write(survey, "dinas-b", "en", plain=False)
    assert path is not None
    assert path.name == "form.en.pdf"
    files = [one for one in (*written, path) if one.suffix == ".pdf"]
    assert [said for one in files for said in layout.wrong(one)] == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_word_of_the_sheets_claims_what_only_a_verdict_may_say(lang: str) -> None:
    texts = flat(load(lang, "printed"))
    texts.pop("poster.plea")  # the regulation's own words: what the unit means to do, no finding
    for key, text in texts.items():
        assert narrative.unearned(text, lang) == [], key
