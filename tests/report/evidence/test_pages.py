"""Pages for evaluators: every figure is that of the tables, what nobody said is not given, the hidden stay hidden."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import rules, steps
from pipeline import survey as surveys
from pipeline.office.pages import evidence as pages
from pipeline.office.pages import put
from pipeline.report.data.city import open_city
from pipeline.report.evidence import city as city_page
from pipeline.report.evidence import duties, levels
from pipeline.report.evidence import unit as unit_page
from pipeline.report.evidence.known import Known
from pipeline.survey import evidence
from pipeline.words import Words
from tests.report.unit.test_followup import BEFORE, BEFORE_UNITS, OWN, compute
from tests.support import small_city

LANGS = ("id", "en")
GIVEN = """publication:
  - {medium: website, date: 2024-12-04, address: "https://kota.contoh.invalid/skm", shows: [method, process, result]}
  - {medium: print, what: "Papan <b>loket</b>", date: 2024-12-05, place: Loket, shows: [method, process, result]}
  - {medium: social-media}
complaints:
  - {channel: "Loket <script>alert(1)</script>", place: Lantai 1}
  - {channel: Situs, address: "https://pengaduan.contoh.invalid"}
execution:
  - {what: Laporan pelaksanaan 2023, units: [dinas-b]}
ombudsman: {score: "84,2", category: Hijau, year: 2024, source: angka rekaan}
stated: {principles: Petugas survei bukan petugas loket.}
"""
EXTERNAL = (
    "unit,ombudsman_score,complaints_received,complaints_solved,source\ndinas-a,80.5,12,9,angka rekaan\n"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of follow-up, figures from outside, reports of two units, and what the office gives."""
    root = small_city.build(tmp_path_factory.mktemp("evidence"))
    before, raw = root / "data/raw/2023", root / "data/raw/2024"
    before.mkdir()
    (before / "survey.yml").write_text("title: SKM 2023\nreport_date: 2023-12-01\n")
    (before / "units.csv").write_text(BEFORE_UNITS)
    (before / "follow-up.csv").write_text(BEFORE)
    (raw / "follow-up.csv").write_text(OWN)
    (raw / "external.csv").write_text(EXTERNAL)
    (raw / "evidence.yml").write_text(GIVEN)
    compute(root)
    data = steps.open_answers("2024", root)
    steps.save(data, outside=steps.outside(data))
    for unit in ("dinas-a", "dinas-b"):
        page = root / "reports/2024/public/units" / unit / "report.html"
        page.parent.mkdir(parents=True)
        page.write_text("x")
    return root


def known(root: Path, unit: str, lang: str = "id", given: evidence.Given | None = None) -> Known:
    survey = surveys.load(root, "2024")
    made = frozenset(pages.files(survey))
    return pages.know(survey, unit, lang, given or evidence.read(survey), made, pages.plans_of(survey))


def every(root: Path, lang: str = "id") -> list[Known]:
    return [known(root, unit.id, lang) for unit in surveys.load(root, "2024").units]


def table(shown: list[Any], key: str) -> Any:
    from pipeline import blocks

    return next(
        block
        for block in blocks.group(shown).blocks
        if getattr(block, "key", "") == key and hasattr(block, "rows")
    )


def text(shown: list[Any]) -> str:
    return "\n".join(small_city.as_json(block) for block in shown)


def stored(root: Path, module: str) -> pd.DataFrame:
    frame = pd.read_parquet(root / "data/processed/2024" / f"{module}.parquet")
    for column in ("group", "item", "service", "other", "unit", "statistic", "text"):
        frame[column] = frame[column].astype("string").fillna("")
    return frame


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_of_the_citys_table_is_that_of_the_result_tables(root: Path, lang: str) -> None:
    w, found = Words(lang), every(root, lang)
    page = city_page.page(
        open_city(surveys.load(root, "2024"), lang), found, evidence.read(surveys.load(root, "2024"))
    )
    rows = {row[0]: row for row in table(page, "units").rows}
    index = stored(root, "index").query("scope == 'unit' and item == '' and service == '' and group == ''")
    plan = stored(root, "followup").query("scope == 'unit' and group == '' and other == '2023'")

    def of(frame: pd.DataFrame, unit: str, statistic: str) -> float:
        one = frame[(frame["unit"] == unit) & (frame["statistic"] == statistic)]["estimate"]
        return float(one.iloc[0]) if len(one) else float("nan")

    told = 0
    for one in found:
        row = rows[one.u.name]
        assert row[7] == w.integer(of(index, one.u.unit.id, "n_valid") if one.u.n_valid else 0)
        if not one.told:
            continue
        told += 1
        assert row[9] == w.number(of(index, one.u.unit.id, "ikm"))
        assert row[11] == rules.sign(one.u.n_valid, one.u.required)
        for place, statistic in ((3, "pekppp_8"), (4, "pekppp_9")):
            value = of(plan, one.u.unit.id, statistic)
            assert row[place] == (w.integer(value) if value == value else "–")
        share, months = (of(plan, one.u.unit.id, name) for name in ("percent_done", "months_to_close"))
        assert row[5:7] == ((w.percent(share / 100) if share == share else "–"),
                           (w.number(months, 1) if months == months else "–"))  # fmt: skip
    assert told == 6


def test_the_citys_counts_are_those_of_the_units_pages(root: Path) -> None:
    found = every(root)
    page = city_page.page(
        open_city(surveys.load(root, "2024"), "id"), found, evidence.read(surveys.load(root, "2024"))
    )
    own = [levels.levels(one) for one in found]
    assert any(one.empty for one in found)
    for row, indicator in zip(table(page, "levels").rows, levels.INDICATORS, strict=True):
        level = [one[indicator] for one in own if indicator in one]
        assert [int(cell) for cell in row[1:7]] == [
            sum(x.known and x.low == p for x in level) for p in range(6)
        ]
        assert int(row[7]) == sum(x.low is not None and x.low != x.high for x in level)
        assert int(row[8]) == sum(x.low is None for x in level)
    w = Words("id")
    for row in table(page, "missing-list").rows:
        codes = [
            m.code
            for one in own
            if row[0] in one
            for m in one[row[0]].missing
            if w(f"evidence.cause.{m.code}") == row[1]
        ]
        assert int(row[2]) == len(codes) > 0
    # What a unit lacks that nobody answered stands there too.
    assert {m.code for one in own for level in one.values() for m in level.missing} >= {"answers"}
    assert w("evidence.cause.answers") in {row[1] for row in table(page, "missing-list").rows}
    states = [duties.states(one) for one in found if one.told]
    for at, row in enumerate(table(page, "duty-list").rows):
        assert [int(cell) for cell in row[1:6]] == [
            sum(one[at].state == state for one in states) for state in duties.STATES
        ]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("unit", ["kel-tiga", "kel-kosong"])
def test_of_a_hidden_unit_nothing_but_the_number_of_answers_is_told(root: Path, unit: str, lang: str) -> None:
    one = known(root, unit, lang)
    page = unit_page.page(one)
    assert {block.kind_name for block in page} == {"document", "notice", "prose"}
    said = " ".join(block.plain_text() for block in page[2:])
    allowed = {"3", "5"} if unit == "kel-tiga" else {"6", "0"}
    assert set(re.findall(r"\d+", said)) == allowed
    assert small_city.SECRET not in text(page)
    assert "tindakan-unit-tiga" not in text(page)


def test_no_page_holds_a_word_of_a_hidden_unit_nor_open_markup(root: Path) -> None:
    written = pages.write(surveys.load(root, "2024"), languages=["id", "en"])
    assert len(written) == 2 * (8 + 1)
    for path in written:
        said = path.read_text(encoding="utf-8")
        assert "tindakan-unit-tiga" not in said
        assert "<script>alert" not in said
        assert "<b>loket</b>" not in said
        assert "Dinas <A>" not in said
    city = (root / "reports/2024/internal/evidence.html").read_text(encoding="utf-8")
    assert 'href="evidence/dinas-a.html"' in city
    unit = (root / "reports/2024/internal/evidence/dinas-a.html").read_text(encoding="utf-8")
    assert 'href="../../public/units/dinas-a/report.html"' in unit


def test_the_same_data_give_the_same_bytes_and_pages_of_old_units_go(root: Path) -> None:
    survey = surveys.load(root, "2024")
    first = {path: path.read_bytes() for path in pages.write(survey, languages=["id"])}
    old = survey.internal / "evidence" / "unit-lama.html"
    old.write_text("x")
    assert {path: path.read_bytes() for path in pages.write(survey, languages=["id"])} == first
    assert not old.exists()
    only = pages.write(survey, units=["dinas-a"], languages=["id"])
    assert [path.name for path in only] == ["dinas-a.html"]
    assert (survey.internal / "evidence" / "dinas-b.html").is_file()


@pytest.mark.parametrize("lang", LANGS)
def test_what_nobody_gives_is_not_given_and_proposes_no_level(root: Path, lang: str) -> None:
    survey = surveys.load(root, "2024")
    nothing = evidence.Given(survey, evidence.Evidence())
    one = known(root, "dinas-a", lang, nothing)
    found = levels.levels(one)
    assert (found["7"].low, found["7"].high) == (None, None)
    assert [missing.code for missing in found["7"].missing] == ["publication"]
    assert "–" in found["7"].written(one.u.words)
    state = {state.duty.id: state.state for state in duties.states(one)}
    assert (state["published"], state["principles"], state["team"]) == (
        "not-given", "cannot-know", "not-given",
    )  # fmt: skip
    page = text(unit_page.page(one))
    assert Words(lang)("evidence.complaints.none") in page
    assert "contoh.invalid" not in page


def test_an_entry_without_evidence_only_may_count(root: Path) -> None:
    found = levels.levels(known(root, "dinas-a"))["7"]
    assert (found.low, found.high) == (2, 3)
    assert "antara tingkat 2 dan tingkat 3" in found.sentence(Words("id"))
    assert "between level 2 and level 3" in found.sentence(Words("en"))


def test_that_nothing_was_published_can_be_stated(root: Path) -> None:
    survey = surveys.load(root, "2024")
    none = evidence.Given(survey, evidence.Evidence(publication=[]))
    one = known(root, "dinas-a", given=none)
    found = levels.levels(one)
    assert (found["7"].low, found["7"].high) == (0, 0)
    assert found["6"].high == 2
    assert {s.duty.id: s.state for s in duties.states(one)}["published"] == "not-met"


def test_a_level_is_proposed_and_its_words_never_award_it(root: Path) -> None:
    for lang in LANGS:
        for one in every(root, lang):
            for level in levels.levels(one).values():
                said = level.sentence(Words(lang))
                assert re.search(r"akan berada|tidak mengusulkan|would (be|lie)|propose no", said)


def test_one_indicator_is_one_in_its_heading_and_two_are_two(root: Path) -> None:
    page = text(unit_page.page(known(root, "dinas-b", "en")))
    assert re.findall(r'"(Indicators? [0-9 and]+): ', page) == [
        "Indicator 6",
        "Indicator 7",
        "Indicators 8 and 9",
    ]


def test_a_duty_is_met_only_by_data_and_never_by_what_the_office_says(root: Path) -> None:
    decides = {duty.id: duty.decides for duty in rules.duties()}
    for one in every(root):
        if one.told:
            for state in duties.states(one):
                if state.state == duties.MET:
                    assert decides[state.duty.id] == "data", state.duty.id
                if state.state == duties.STATED:
                    assert decides[state.duty.id] != "data", state.duty.id


def test_the_number_of_respondents_decides_its_duty_and_no_population_means_nobody_knows(root: Path) -> None:
    state = {
        unit: {s.duty.id: s for s in duties.states(known(root, unit))}
        for unit in ("dinas-a", "dinas-c", "kel-baik")
    }
    assert state["dinas-a"]["size"].state == "not-met"  # 120 answers, 269 are required of 900 users
    assert (
        state["dinas-a"]["size"].reason(Words("id")) == "Jawaban sah 120, diperlukan 269 untuk 900 pengguna."
    )
    assert state["dinas-c"]["size"].state == "cannot-know"
    assert state["dinas-a"]["unsur"].state == state["kel-baik"]["unsur"].state == "met"


def test_a_plan_has_to_begin_with_the_lowest_unsur(root: Path) -> None:
    state = {s.duty.id: s for s in duties.states(known(root, "dinas-a"))}["plan"]
    assert state.state == "met"  # U3 is the lowest of the small city, and planned
    assert {s.duty.id: s.state for s in duties.states(known(root, "dinas-b"))}["plan"] == "not-met"


def test_the_report_that_held_the_plan_is_found_under_whatever_id_the_unit_had(root: Path) -> None:
    assert "before" in {m.code for m in levels.levels(known(root, "dinas-b"))["9"].missing}
    page = root / "reports/2023/public/units/lama-b/report.pdf"
    page.parent.mkdir(parents=True)
    page.write_text("x")
    one = known(root, "dinas-b")
    assert one.before == "2023/public/units/lama-b/report.pdf"
    assert "before" not in {m.code for m in levels.levels(one)["9"].missing}


def test_without_an_earlier_plan_the_surveys_own_is_counted_and_that_is_said(root: Path) -> None:
    survey = surveys.load(root, "2024")
    one = pages.know(survey, "dinas-a", "en", evidence.read(survey), frozenset(), "")
    assert one.count("planned") == 3
    assert Words("en")("evidence.own_plan") in text(unit_page.page(one))


def test_of_a_unit_where_all_answered_alike_no_unsur_is_told(root: Path) -> None:
    one = known(root, "kel-tetap")
    page = unit_page.page(one)
    assert one.all_unsur
    assert not any(block for block in page if getattr(block, "key", "") == "outside")
    assert one.u.words("evidence.duty.analysis.none") in text(page)


def test_figures_from_outside_stand_beside_u8_and_say_whose_they_are(root: Path) -> None:
    for lang in LANGS:
        w, one = Words(lang), known(root, "dinas-a", lang)
        page = unit_page.page(one)
        rows = dict(table(page, "outside").rows)
        assert rows[w("outside.ombudsman_score")] == w.number(80.5)
        assert rows[w("outside.complaints_received")] == "12"
        nrr = stored(root, "index").query(
            "unit == 'dinas-a' and statistic == 'nrr' and item == 'U8' and service == ''"
        )
        assert w.number(25 * float(nrr["estimate"].iloc[0])) in text(page)
        assert w("evidence.complaints.beside") in text(page)
        city = city_page.page(open_city(surveys.load(root, "2024"), lang), every(root, lang),
                              evidence.read(surveys.load(root, "2024")))  # fmt: skip
        assert dict(table(city, "ombudsman").rows)[w("outside.ombudsman_score")] == w.number(84.2)
        assert w("evidence.complaints.beside") in text(city)


def test_photos_of_publication_and_of_execution_stand_on_one_page(root: Path) -> None:
    from PIL import Image

    survey = surveys.load(root, "2024")
    folder = survey.raw / "evidence"
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (60, 40), "white").save(folder / "papan.jpg")
    seen = {"photo": "papan.jpg", "alt": "Papan <i>putih</i>", "date": "2024-12-05"}
    said = evidence.Evidence.model_validate(
        {"publication": [{"medium": "print", **seen}], "execution": [{"what": "Laporan", **seen}]}
    )
    page = unit_page.page(known(root, "dinas-a", given=evidence.Given(survey, said)))
    written = put.as_html(root / "photos.html", page).read_text(encoding="utf-8")
    assert written.count("data:image/jpeg;base64,") == 2
    assert "<i>putih</i>" not in written


def test_every_gap_has_its_sentence_and_its_cause_in_both_languages() -> None:
    source = (Path(levels.__file__)).read_text(encoding="utf-8")
    codes = {*re.findall(r'Missing\("(\w+)"', source), "non_electronic", "electronic"}
    assert len(codes) > 15
    for lang in LANGS:
        for code in codes:
            assert Words(lang).has(f"evidence.missing.{code}")
            assert Words(lang).has(f"evidence.cause.{code}")


@pytest.mark.full
def test_a_page_is_an_accessible_pdf_where_it_is_asked_for(root: Path) -> None:
    written = pages.write(
        surveys.load(root, "2024"), units=["dinas-a"], languages=["id"], formats=["html", "pdf"]
    )
    assert [path.suffix for path in written] == [".html", ".pdf"]
    data = written[1].read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"pdfuaid" in data
    written[0].unlink()
    assert pages.write(surveys.load(root, "2024"), units=["dinas-a"], languages=["id"], formats=["pdf"]) == [
        written[1]
    ]
    assert not written[0].exists()
