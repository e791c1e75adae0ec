"""The report of one unit: every section for units of every awkward kind, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import report
from pipeline.report.unit import services as unit_services
from pipeline.words import Words, narrative
from tests.support import small_city
from tests.support.small_city import ITEMS, as_json, opened

UNITS = (*small_city.SIZES, "kel-kosong")
SECTIONS = report.UNIT_SECTIONS
#: Sections that are empty, heading and all, where a survey has nothing of the kind (test_followup.py).
WHERE_THERE_IS_SOMETHING = ("followed",)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def five_point(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("five"), scale=(1, 5))


def section(name: str, u: Any) -> Any:
    return getattr(report, name)(u)


def all_text(u: Any, *leave_out: str) -> str:
    return "\n".join(as_json(section(name, u)) for name in SECTIONS if name not in leave_out)


def walk(block: Any) -> Iterator[Any]:
    yield block
    for child in getattr(block, "blocks", ()):
        yield from walk(child)


def find(block: Any, kind: str) -> list[Any]:
    return [b for b in walk(block) if b.kind_name == kind]


def plain(block: Any) -> str:
    return " ".join(b.plain_text() for b in walk(block))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("unit", UNITS)
def test_every_section_says_something_about_every_unit(city: Path, unit: str, lang: str):
    u = opened(city, unit, lang)
    for name in SECTIONS:
        block = section(name, u)
        if (u.kind != "whole" or name in WHERE_THERE_IS_SOMETHING) and not getattr(block, "blocks", True):
            continue  # a short page has no sections that say "not shown" one by one
        assert as_json(block), name
        assert list(walk(block)), name
        bundle = block._repr_mimebundle_()
        assert bundle["text/plain"]
        assert bundle["text/html"]


def test_the_first_page_shows_the_exact_index_and_its_letter(city: Path):
    frame = small_city.responses()
    mine = frame[frame["unit"] == "dinas-a"][ITEMS].astype(float)
    u = opened(city, "dinas-a")
    page = report.summary(u)
    (number,) = find(page, "headline")
    assert number.value == Words("id").number(25 * mine.mean().mean())
    assert number.letter == "B"
    assert number.letter_name == "Baik"
    assert number.value in number.alt
    (facts,) = find(page, "facts")
    sample = facts.facts[-1]
    assert (sample.label, sample.value) == ("responden sah", "120")
    assert "269" in sample.note
    assert "Waktu pelayanan" in plain(find(page, "bullets")[0]).splitlines()[0]


def test_the_document_carries_language_date_hash_and_the_synthetic_mark(city: Path):
    (document,) = find(report.head(opened(city, "dinas-a", "en")), "document")
    assert document.lang == "en"
    assert document.title == "Dinas <A> & Co"
    assert document.date == "2024-08-03"
    assert document.synthetic
    assert "15 July – 3 August 2024" in document.kicker
    assert len(document.data_hash) == 12


def test_a_table_of_unsur_counts_only_those_who_answered(city: Path):
    (table,) = find(report.unsur(opened(city, "dinas-b")), "table")
    rows = {row[0]: row for row in table.rows}
    assert rows["U8"][2] == "56"
    assert rows["U1"][2] == "60"
    assert rows["U4"][4] == "0,00"
    assert "56 dari 60 kuesioner menjawab semua unsur" in plain(report.unsur(opened(city, "dinas-b")))


def test_the_annex_ends_in_the_published_index_and_names_nobody(city: Path):
    u = opened(city, "dinas-b")
    page = report.answers(u)
    (table,) = find(page, "table")
    assert len(table.rows) == 60
    frame = small_city.responses()
    mine = frame[frame["unit"] == "dinas-b"]
    assert table.footer_rows[0][1:] == tuple(str(int(mine[item].sum())) for item in ITEMS)
    assert find(report.summary(u), "headline")[0].value in plain(page)
    shown = as_json(page)
    for private in ("male", "Laki-laki", "SMA", "swasta", "2024-07", "Layanan umum", "08:"):
        assert private not in shown
    blanks = sum(cell == "" for row in table.rows for cell in row)
    assert blanks == 4


def test_the_order_of_the_annex_does_not_depend_on_who_came_first():
    from pipeline.standings.annex import shuffled

    rows = [(i % 4, i % 3) for i in range(50)]
    assert shuffled(rows) == shuffled(rows[::-1])
    assert shuffled(rows) != sorted(rows)
    assert sorted(shuffled(rows)) == sorted(rows)


def test_many_equal_answers_are_printed_once_with_their_count(city: Path, monkeypatch: pytest.MonkeyPatch):
    from pipeline.standings import annex

    monkeypatch.setattr(annex, "ROWS", 10)
    (table,) = find(report.answers(opened(city, "dinas-b")), "table")
    assert sum(int(row[-1]) for row in table.rows) == 60
    assert len({row[1:-1] for row in table.rows}) == len(table.rows)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_three_respondents_leave_nothing_but_their_number(city: Path, lang: str):
    frame = small_city.responses()
    mine = frame[frame["unit"] == "kel-tiga"][ITEMS].astype(float)
    u = opened(city, "kel-tiga", lang)
    w = u.words
    shown = all_text(u, "method")
    assert small_city.SECRET not in shown
    secrets = {w.number(25 * mine.mean().mean()), *(w.number(m, 3) for m in mine.mean())}
    secrets |= {w.number(25 * m) for m in mine.mean()} | {w.number(s) for s in mine.std(ddof=1)}
    for secret in secrets - {w.number(0), w.number(25), w.number(100), w.number(1)}:
        assert secret not in shown, secret
    assert "3" in plain(report.summary(u))
    for kind in ("headline", "figure", "facts"):
        assert not find(report.summary(u), kind)
    assert not [b for name in SECTIONS for b in find(section(name, u), "figure")]
    assert not len(u.responses)
    assert not u.rows("index", "ikm")


def test_a_service_of_three_is_hidden_and_so_is_the_one_that_would_give_it_away(city: Path):
    frame = small_city.responses()
    mine = frame[frame["unit"] == "dinas-a"]
    u = opened(city, "dinas-a")
    shown = all_text(u, "answers")
    means = mine.groupby("service")[ITEMS].mean().astype(float)
    (table,) = find(report.services(u), "table")
    rows = {row[0]: row for row in table.rows}
    for service in ("Langka", "Akta <b>"):
        value = Words("id").number(25 * means.loc[service].mean())
        assert value not in shown
        assert rows[service][-1] == "x"
        assert rows[service][2] == "–"
    assert rows["Langka"][1] == "3"
    assert rows["KTP"][2] == Words("id").number(25 * means.loc["KTP"].mean())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_services_are_told_apart_by_a_test_and_never_by_their_intervals(city: Path, lang: str):
    u = opened(city, "kel-baik", lang)
    words = {row.service: row.text for row in u.rows("comparison", "service_difference", scope="service")}
    assert any(words.values()), "no service of the sample is compared"
    page = report.services(u)
    (table,) = find(page, "table")
    keys = [c.key for c in table.columns]
    told = {"": "–"} | {word: unit_services.word_of(u, word) for word in ("above", "below", "undecided")}
    for row in table.rows:
        assert row[keys.index("word")] == told[words.get(row[0], "")]
    for overlapping in ("saling menutupi", "selangnya terpisah", "verlapping", "interval is apart"):
        assert overlapping not in plain(page)
    assert "30" in plain(report.services(opened(city, "dinas-a", lang)))  # one service is left to compare


def test_a_unit_without_data_gets_a_short_report(city: Path):
    u = opened(city, "kel-kosong")
    assert "Tidak ada data" in plain(report.summary(u))
    assert sum(len(find(section(name, u), "figure")) for name in SECTIONS) == 0
    assert len(all_text(u)) < 12_000


def test_a_unit_where_all_answer_alike_is_explained_not_tested(city: Path):
    u = opened(city, "kel-tetap")
    page = report.summary(u)
    assert find(page, "headline")[0].value == "100,00"
    assert "Semua yang menjawab memilih jawaban yang sama pada setiap unsur" in plain(page)
    assert not find(page, "figure")
    assert not report.consistency(u).blocks


def test_a_unit_for_information_is_cautioned_and_not_compared(city: Path):
    u = opened(city, "kel-kecil")
    assert u.sign == "E"
    assert next(n.kind for n in find(report.summary(u), "notice")) == "caution"
    assert find(report.summary(u), "headline")
    assert not find(report.comparison(u), "figure")
    assert "tidak ikut dalam perbandingan" in plain(report.comparison(u))
    others = opened(city, "kel-baik")
    assert "Kelurahan Kecil" not in as_json(report.comparison(others))


def test_rows_of_no_listed_unit_get_a_report_of_their_own(city: Path):
    u = opened(city, "unknown")
    assert u.n_valid == small_city.SIZES["unknown"]
    assert "tidak menyebut unit yang ada dalam daftar unit" in plain(report.summary(u))
    assert not report.comparison(u).blocks


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_foreign_scale_has_no_letter_and_says_so(five_point: Path, lang: str):
    u = opened(five_point, "dinas-a", lang)
    page = report.summary(u)
    (number,) = find(page, "headline")
    assert number.letter == number.chip == ""
    assert not number.bands
    assert "PermenPANRB 14/2017" in plain(find(page, "notice")[0])
    assert [c.key for c in find(report.unsur(u), "table")[0].columns][-1] == "interval"
    assert "Krejcie" in plain(report.conduct(u))
    assert "certainty" not in as_json(report.method(u)) or lang == "id"
    for name in SECTIONS:
        section(name, u)


def test_comparison_highlights_the_unit_and_prints_no_rank(city: Path):
    u = opened(city, "dinas-a")
    (figure,) = find(report.comparison(u), "figure")
    assert "Dinas <A> & Co" in figure.alt
    assert "3 unit" in figure.alt
    assert figure.alt != figure.caption
    for lang in ("id", "en"):
        said = plain(report.comparison(opened(city, "dinas-a", lang))).lower()
        assert not re.search(r"peringkat (ke-)?\d|rank(ed)? \d", said)


def test_the_three_lowest_are_listed_with_marks_and_a_plan_of_proposals(city: Path):
    page = report.priorities(opened(city, "dinas-a"))
    lowest, pairs, plan = find(page, "table")
    assert len(pairs.rows) >= 6
    assert len(lowest.rows) == 3
    assert lowest.rows[0][1] == "U3"
    assert all(row[4] for row in lowest.rows)
    proposed = [row[1].split()[0] for row in plan.rows]
    assert list(dict.fromkeys(proposed)) == [row[1] for row in lowest.rows]
    assert {row[5] for row in plan.rows} == {"usulan"}
    assert "Usulan" in plan.caption


def test_what_was_flagged_is_counted_and_nothing_removed(city: Path):
    page = report.doubts(opened(city, "dinas-b"))
    ledger = next(t for t in find(page, "table") if t.key == "ledger")
    assert ledger.rows == (("ditandai", "tidak semua unsur dijawab", "2"),)
    assert report.open_unit("2024", "dinas-b", root=opened(city, "dinas-b").survey.root).n_valid == 60


def test_suggestions_are_printed_as_written_without_numbers_and_addresses(city: Path):
    page = report.suggestions(opened(city, "dinas-a"))
    shown = plain(page)
    assert "<script>alert(1)</script> terlalu lama" in shown
    assert "0812" not in shown
    assert "budi@contoh.id" not in shown
    assert "“Tambah kursi” (×2)" in shown
    headings = [block.plain_text() for block in find(page, "heading")]
    assert headings == ["Waktu pelayanan (kurang dari 5 orang)", "Sarana dan prasarana (kurang dari 5 orang)",
                        "Lainnya (kurang dari 5 orang)"]  # fmt: skip
    assert "“tidak ada”\n" not in shown
    assert "Tidak ada saran" in plain(report.suggestions(opened(city, "dinas-b")))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_who_wrote_is_counted_in_people_and_different_texts_are_counted_apart(city: Path, lang: str):
    # Five wrote: two of them the same, one "tidak ada".
    u = opened(city, "dinas-a", lang)
    lead, many = (b.plain_text() for b in report.suggestions(u).blocks[:2])
    assert [int(n) for n in re.findall(r"\d+", lead)] == [5, 120, 4, 1]
    assert next(int(n) for n in re.findall(r"\d+", many)) == 3


def test_the_table_of_themes_is_titled_with_what_most_people_wrote(city: Path):
    u = opened(city, "dinas-a")
    written = ["Tambah kursi di ruang tunggu"] * 7 + ["Petugas kurang ramah"] * 5
    texts = [*written, *[None] * (len(u.responses) - len(written))]
    u = replace(u, responses=u.responses.assign(suggestion=pd.Series(texts, dtype=object)))
    (table,) = [b for b in report.suggestions(u).blocks if getattr(b, "key", "") == "themes"]
    assert table.rows[0][2] == "7"
    assert table.caption == f"Paling banyak ditulis: {table.rows[0][0]} (7 orang)"


def test_of_more_suggestions_than_are_printed_both_numbers_are_told(
    city: Path, monkeypatch: pytest.MonkeyPatch
):
    from pipeline.report.unit import suggestions

    monkeypatch.setattr(suggestions, "PRINTED", 2)
    page = report.suggestions(opened(city, "dinas-a"))
    assert sum(len(listed.items) for listed in find(page, "bullets")) == 2
    assert "Saran yang berbeda ada 3; 2 di antaranya" in plain(page)
    assert "5 dari 120 responden menulis sesuatu: 4 berisi saran" in plain(page)


def test_text_from_respondents_and_unit_names_never_becomes_markup(city: Path):
    u = opened(city, "dinas-a")
    for name in ("head", "suggestions", "services", "comparison"):
        html = section(name, u)._repr_html_()
        assert "<script>alert" not in html
        assert "Akta <b>" not in html
        assert "Dinas <A>" not in html


def test_figures_of_two_units_differ_and_of_one_unit_are_the_same_bytes(city: Path):
    for name in ("which_first", "consistency", "comparison"):
        first, again = (find(section(name, opened(city, "dinas-a")), "figure")[0] for _ in range(2))
        other = find(section(name, opened(city, "dinas-c")), "figure")[0]
        assert first.svg == again.svg
        assert first.narrow == again.narrow
        assert first.svg != other.svg
        assert first.alt != other.alt


def test_every_figure_has_a_key_numbers_in_its_alt_text_and_a_way_to_read_it(city: Path):
    keys: list[str] = []
    for name in SECTIONS:
        for block in walk(section(name, opened(city, "dinas-a"))):
            if block.kind_name in ("figure", "table", "formula"):
                keys.append(block.key)
            if block.kind_name == "figure":
                assert re.search(r"\d", block.alt)
                assert block.alt != block.caption
                assert len(block.reading) == 4
                wide = float(re.search(r'width="([\d.]+)', block.svg)[1])
                assert block.narrow or wide < 380
    assert len(keys) == len(set(keys))


def test_the_english_report_has_no_indonesian_sentences(city: Path):
    shown = all_text(opened(city, "dinas-a", "en"), "conduct", "method", "suggestions")
    assert not re.search(r"\b(yang|dengan|tidak|unsur|jawaban|huruf)\b", re.sub(r'"key": "[^"]*"', "", shown))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("unit", ["dinas-a", "dinas-b", "kel-baik", "kel-tetap"])
def test_no_printed_sentence_claims_more_than_its_verdict(city: Path, unit: str, lang: str):
    u = opened(city, unit, lang)
    for name in ("summary", "unsur", "consistency", "priorities", "doubts"):
        for block in walk(section(name, u)):
            if block.kind_name == "prose":
                said = block.plain_text()
                assert narrative.unearned(said, lang, ["lowest.clearly-lower"]) == [], said


def test_the_letter_that_a_printed_weight_would_change_is_said(tmp_path: Path):
    # 88.89 is A with exact weights and, times 0.99, B with the printed 0.11.
    frame = small_city.responses()
    mine = (frame["unit"] == "kel-baik").to_numpy()
    values = np.array([4, 4, 3, 4, 3, 4, 4, 3, 3])
    for item, value in zip(ITEMS, values):
        frame.loc[mine, item] = value
    # One answers otherwise, one point down and one up: the index stays, and not all answer alike.
    frame.loc[frame.index[mine][0], ["U1", "U3"]] = [3, 4]
    root = small_city.build(tmp_path)
    processed = root / "data" / "processed" / "2024"
    frame.to_parquet(processed / "responses.parquet", index=False)
    small_city.compute(root, "2024")
    said = plain(report.unsur(opened(root, "kel-baik")))
    assert "Dengan bobot cetak 0,11 nilainya 88,00, huruf B; dengan bobot tepat 88,89, huruf A" in said
    assert "hurufnya B, bukan A" in plain(report.summary(opened(root, "kel-baik")))


def test_an_item_nobody_answered_leaves_the_index_undefined_and_says_why(tmp_path: Path):
    frame = small_city.responses()
    frame["U9"] = frame["U9"].where(frame["unit"] != "dinas-c", pd.NA)
    root = small_city.build(tmp_path)
    frame.to_parquet(root / "data" / "processed" / "2024" / "responses.parquet", index=False)
    small_city.compute(root, "2024")
    u = opened(root, "dinas-c")
    assert not find(report.summary(u), "headline")
    assert "Indeks tidak dihitung" in plain(report.summary(u))
    for name in SECTIONS:
        section(name, u)


def test_opening_without_names_takes_the_newest_survey_and_a_unit_with_answers(city: Path):
    u = report.open_unit(root=city)
    assert u.survey.name == "2024"
    assert u.unit.id == "dinas-a"


def test_a_section_can_carry_its_own_heading(city: Path):
    u = opened(city, "dinas-a")
    (heading,) = [h for h in find(report.conduct(u, heading=True), "heading") if h.level == 2]
    assert heading.text == "Bagaimana survei ini dilakukan?"
    assert not find(report.conduct(u), "heading")


def test_an_unknown_name_of_a_section_is_an_attribute_error():
    with pytest.raises(AttributeError, match="sumary"):
        report.sumary  # noqa: B018


def test_importing_the_package_of_reports_is_light():
    import subprocess
    import sys

    heavy = ("pandas", "matplotlib", "seaborn")
    code = f"import sys, pipeline.report; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("unit", ["dinas-a", "kel-tiga", "kel-kosong", "kel-tetap", "unknown"])
def test_a_whole_report_is_made_as_html_and_as_pdf(city: Path, unit: str):
    import datetime as dt

    from nbformat import v4

    from pipeline import render

    u = opened(city, unit)
    cells = []
    for name in SECTIONS:
        block = section(name, u) if name in ("head", "summary") else getattr(report, name)(u, heading=True)
        cell = v4.new_code_cell(f"report.{name}(u)")
        cell.outputs = [v4.new_output("execute_result", data=block._repr_mimebundle_(), execution_count=1)]
        cells.append(cell)
    notebook = v4.new_notebook(cells=cells)
    html = render.to_html(notebook)
    assert "<script>alert" not in html
    assert "report.summary(u)" not in html
    assert len(html) < 300_000
    assert render.to_pdf(notebook, timestamp=dt.date(2024, 8, 3))[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("sampling", "random"),
    [
        ("", False),
        ("Setiap pengguna yang datang diminta mengisi; bukan sampel acak.", False),
        ("accidental sampling", False),
        ("non-random", False),
        ("nonprobability sampling", False),
        ("non-probability quota", False),
        ("acak sederhana dari daftar pemohon", True),
        ("Stratified random sample of applicants", True),
        ("sensus", True),
    ],
)
def test_a_sample_is_called_random_only_where_the_definition_says_so(city: Path, sampling: str, random: bool):
    from dataclasses import replace

    from pipeline.report.base.at_random import at_random

    u = opened(city, "dinas-a")
    definition = u.survey.definition.model_copy(update={"sampling": sampling})
    changed = replace(u, survey=replace(u.survey, definition=definition))
    assert at_random(sampling) is random
    said = "tidak ditarik secara acak" if sampling else "Tidak dicatat apakah responden ditarik secara acak"
    assert (said in plain(report.conduct(changed))) is not random


def test_a_refused_figure_has_the_reason_that_stands_elsewhere_in_its_table(city):
    few = Words("en").label("reason", "too-few")
    assert supported_reason(city, "dinas-a", "kmo_polychoric") == few
    assert supported_reason(city, "kel-kecil", "omega") == few
    assert not report.consistency(opened(city, "kel-tetap", "en")).blocks


def supported_reason(city: Path, unit: str, name: str) -> str:
    """Why a unit has no such figure, as its report says it; empty when it has one."""
    tables = [t for t in find(report.consistency(opened(city, unit, "en")), "table") if t.key == "supported"]
    found = {row[0]: row[3] for table in tables for row in table.rows}
    return found.get(Words("en")(f"unit.supported.{name}"), "")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_per_cent_of_a_trait_is_of_those_known_and_a_kind_of_disability_needs_one(
    city: Path, monkeypatch: pytest.MonkeyPatch, lang: str
):
    from pipeline.report.unit import respondents

    told = {
        "sex": [("female", 30.0, 0.6), ("male", 20.0, 0.4), ("missing", 10.0, None)],
        "disability": [("yes", 9.0, 0.15), ("no", 51.0, 0.85)],
        "disability_kind": [("none", 51.0, 1.0), ("missing", 9.0, None)],
    }
    monkeypatch.setattr(respondents, "categories", lambda u, trait: told.get(trait, []))
    u = opened(city, "dinas-b", lang)
    (table,) = [b for b in report.respondents(u).blocks if getattr(b, "key", "") == "respondents"]
    assert [row[0] for row in table.rows if row[0]] == [
        u.words(f"unit.respondents.{trait}") for trait in ("sex", "disability")
    ]
    assert {"id": "dari yang diketahui", "en": "of those known"}[lang] in table.note
    told["disability_kind"][1:] = [("physical", 9.0, 0.15)]
    assert respondents.stated(u, "disability_kind") == told["disability_kind"]
