"""Page one of a unit's report decides, in few words, and each of its words is a verdict's (R14 to R18, R22)."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

from pipeline import report
from pipeline.render import to_pdf
from pipeline.report.data.kind import WHOLE
from pipeline.report.data.unit import UnitReport
from pipeline.report.unit import act_on, lowest_verdicts
from pipeline.report.unit.themes import Spoken
from pipeline.results import Row
from pipeline.words import LANGUAGES, Words, page_one
from pipeline.words.verdicts import Change, Target
from tests.gate import reading
from tests.report.unit.test_sections import find, plain
from tests.support import small_city
from tests.support.report_sample import cell, markdown, notebook
from tests.support.small_city import opened

UNITS = (*small_city.SIZES, "kel-kosong")
NAN = float("nan")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city.build(tmp_path_factory.mktemp("city"))


def running(page: Any) -> list[str]:
    """Texts of page one's paragraphs, notices and points."""
    return [b.plain_text() for kind in ("prose", "notice", "bullets") for b in find(page, kind)]


def facts(u: UnitReport) -> dict[str, tuple[str, str]]:
    return {f.label: (f.value, f.note) for block in find(report.summary(u), "facts") for f in block.facts}


def with_rows(u: UnitReport, module: str, *rows: Row, without: tuple[str, ...] = ()) -> UnitReport:
    """The same unit with other rows of a table."""
    kept = [row for row in u.tables.get(module, ()) if row.statistic not in without]
    return replace(u, tables={**u.tables, module: [*kept, *rows]})


def row(u: UnitReport, statistic: str, estimate: float, **columns: Any) -> Row:
    blank = Row("unit", u.unit.id, "", "", "", "", statistic, estimate, NAN, NAN, None, None, "", None, NAN, NAN, NAN,
                "", "")  # fmt: skip
    return blank._replace(**columns)


def with_target(u: UnitReport, word: str, gap: float, reason: str = "") -> UnitReport:
    told = row(u, "target", NAN if reason else 0.5, other="80.00", text=word, reason=reason)
    return with_rows(
        u, "city", told, row(u, "target_gap", gap, other="80.00"), without=("target", "target_gap")
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("unit", UNITS)
def test_page_one_is_short_on_every_page(city: Path, unit: str, lang: str):
    page = report.summary(opened(city, unit, lang))
    assert sum(len(reading.words(text)) for text in running(page)) <= reading.MOST_WORDS


def test_the_report_counts_words_as_the_gate_does():
    text = "U3 Tarif/biaya (68,81): naik 3,08 poin; orang-orang menulis “antre” 12 kali."
    assert act_on.count(text) == len(reading.words(text)) == 8
    assert act_on.MOST_WORDS == reading.MOST_WORDS


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("word", "gap"), [("above", 3.0), ("below", -3.0), ("undecided", 3.0), ("undecided", -3.0)]
)
def test_a_target_is_reached_where_its_test_says_so_and_never_by_the_figure_alone(
    city: Path, word: str, gap: float, lang: str
):
    u = with_target(opened(city, "dinas-a", lang), word, gap)
    w = u.words
    value, note = facts(u)[w("pageone.target.label", target=w.number(80))]
    assert value == w(f"narrative.reached.{word}")
    assert w.number(gap) in note


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verdict_that_leaves_open_what_the_interval_seems_to_decide_says_that_all_units_were_tested(
    lang: str,
):
    w = Words(lang)
    told = w("pageone.together")
    near = Target(88.31, "undecided", 1.08, lower=88.48, upper=90.26)
    assert told in page_one.target(w, near)[2]
    assert told not in page_one.target(w, replace(near, lower=88.2))[2]
    assert told not in page_one.target(w, replace(near, relation="above"))[2]
    change = Change("unit", "2024", "cannot-tell", 1.74, 0.08, 3.41, 2.5, shared=9, items=9)
    assert told in page_one.moved(w, change)[2]
    assert told not in page_one.moved(w, replace(change, lower=-0.1))[2]


def test_a_unit_for_information_has_no_verdict_on_its_target_even_where_its_row_holds_one(city: Path):
    u = with_target(opened(city, "kel-kecil"), "below", -5.0)
    assert u.sign == "E"
    assert facts(u)["target 80,00"][0] == "tidak dinilai"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_one_of_a_unit_for_information_holds_its_figure_and_gives_the_reason_once(city: Path, lang: str):
    u = with_target(opened(city, "kel-kecil", lang), "", -5.0, reason="for-information")
    w = u.words
    value, note = facts(u)[w("pageone.target.label", target=w.number(80))]
    assert (value, note) == (w("narrative.reached.none"), w("pageone.information"))
    change = Change("unit", "2023", "", reason="for-information")
    assert page_one.moved(w, change)[2] == w("pageone.information")
    title = w("unit.which_first.caption").partition(":")[0]
    sections = markdown(
        "## " + ("Unsur mana yang didahulukan?" if lang == "id" else "Which element comes first?")
    )
    parts = [cell(report.head(u)), cell(report.summary(u)), sections, cell(report.which_first(u))]
    first = PdfReader(io.BytesIO(to_pdf(notebook(*parts)))).pages[0].extract_text()
    assert title.split()[0] in first
    assert ("Gambar 1" if lang == "id" else "Figure 1") in first


def test_a_unit_that_was_not_judged_has_no_target_reached(city: Path):
    u = with_target(opened(city, "dinas-a"), "", 5.0, reason="too-few")
    value, note = facts(u)["target 80,00"]
    assert value == "tidak dinilai"
    assert note == Words("id").label("reason", "too-few")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_of_how_sure_the_letter_is_of_a_unit_for_information(city: Path, lang: str):
    units = [u for u in (opened(city, unit, lang) for unit in UNITS) if u.sign == "E" and u.kind == WHOLE]
    assert units
    for u in units:
        (number,) = find(report.summary(u), "headline")
        assert number.letter
        assert not number.chip
        said = plain(report.summary(u))
        name = u.words.label("letter", u.letter).lower()
        assert u.words("narrative.certainty.information", name=name, letter=u.letter) in said
        assert not [
            word for word in ("firm", "leaning", "border") if u.words.label("certainty", word) in said
        ]


def test_without_a_target_nothing_is_said_of_one(city: Path):
    u = with_rows(opened(city, "dinas-a"), "city", without=("target", "target_gap"))
    assert not [label for label in facts(u) if "target" in label]


def test_alpha_and_counts_of_marks_are_not_on_page_one(city: Path):
    for unit in ("dinas-a", "dinas-b", "kel-kecil", "kel-baik"):
        said = plain(report.summary(opened(city, unit)))
        for word in ("alfa", "Cronbach", "cara masuknya", "bertanda", "diragukan"):
            assert word not in said


def test_a_verdict_that_needs_explaining_is_said_in_one_sentence(city: Path):
    u = opened(city, "dinas-a")
    verdict = row(u, "integrity_verdict", 0.0, text="needs-explaining", group="late_keying")
    u = with_rows(u, "integrity", verdict, without=("integrity_verdict",))
    (said,) = [text for text in running(report.summary(u)) if "perlu dijelaskan" in text]
    assert said.endswith(" Cara masuknya jawaban unit ini perlu dijelaskan oleh unit.")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sampling", ["acak sistematis", "responden yang datang ke loket", ""])
def test_page_one_says_whether_the_respondents_are_a_random_sample(city: Path, sampling: str, lang: str):
    u = opened(city, "dinas-a", lang)
    definition = u.survey.definition.model_copy(update={"sampling": sampling})
    u = replace(u, survey=replace(u.survey, definition=definition))
    page = " ".join(running(report.summary(u)))
    words = {"random": "acak sistematis", "convenience": "responden yang datang ke loket", "unrecorded": ""}
    assert [key for key in words if u.words(f"pageone.sample.{key}") in page] == [
        key for key, given in words.items() if given == sampling
    ]


def writing(u: UnitReport, texts: list[str]) -> UnitReport:
    frame = u.responses.copy()
    frame["suggestion"] = pd.Series(texts + [None] * (len(frame) - len(texts)), dtype=object)
    return replace(u, responses=frame)


def test_an_unsur_to_act_on_has_what_users_wrote_about_it(city: Path):
    u = writing(opened(city, "dinas-a"), ["Antrean terlalu lama"] * 6)
    (points,) = find(report.summary(u), "bullets")
    (first, *others) = points.plain_text().splitlines()
    assert first.endswith("6 responden menulis tentang ini: “Antrean terlalu lama”")
    assert not [line for line in others if "menulis" in line]
    assert "Paling banyak ditulis" in find(report.suggestions(u), "table")[0].caption


def test_one_sentence_is_not_quoted_under_two_unsur(city: Path, monkeypatch: pytest.MonkeyPatch):
    u = opened(city, "dinas-a")
    monkeypatch.setattr(
        act_on.themes, "of_unsur", lambda u, item: Spoken(6, 1, False, "Antrean terlalu lama")
    )
    (points,) = find(report.summary(u), "bullets")
    assert points.plain_text().count("6 responden menulis tentang ini") == 3
    assert points.plain_text().count("Antrean terlalu lama") == 1


def marked(block: Any, lang: str) -> set[str]:
    """Texts of a section that carry a language of their own."""
    found = {p.text for b in find(block, "prose") + find(block, "notice") for p in b.parts if p.lang == lang}
    found |= {p.text for b in find(block, "bullets") for item in b.items for p in item if p.lang == lang}
    return found | {t.rows[r][at] for t in find(block, "table") for r, at, code in t.langs if code == lang}


def test_what_offices_and_respondents_wrote_keeps_its_language_in_an_english_report(city: Path):
    def of(lang: str) -> tuple[UnitReport, list[Any]]:
        u = writing(opened(city, "dinas-a", lang), ["Antrean terlalu lama"] * 6)
        told = {"unsur": "U3", "owner": "Kepala Seksi", "due": "2025-06-30", "status": "planned"}
        u = with_rows(u, "followup", row(u, "action", 1.0, group="a", text="Menambah loket"),
                      *(row(u, name, NAN, group="a", text=text) for name, text in told.items()))  # fmt: skip
        return u, [report.summary(u), report.suggestions(u), report.conduct(u), report.priorities(u)]

    u, sections = of("en")
    page_one, suggestions, conduct, plan = (marked(section, "id") for section in sections)
    assert page_one == {"Antrean terlalu lama"}
    assert suggestions == {"“Antrean terlalu lama”"}
    assert conduct == {u.survey.definition.sampling}
    assert plan == {"Menambah loket", "Kepala Seksi"}  # and none of the proposals, which are in English
    u, sections = of("id")
    assert not [text for section in sections for lang in LANGUAGES for text in marked(section, lang)]


def test_fewer_than_five_who_wrote_are_not_counted(city: Path):
    u = writing(opened(city, "dinas-a"), ["Antrean terlalu lama"] * 3)
    (points,) = find(report.summary(u), "bullets")
    assert points.plain_text().splitlines()[0].endswith(". Tertulis: “Antrean terlalu lama”")


@pytest.mark.parametrize(("lang", "said"), [("id", "30 Juni 2025"), ("en", "30 June 2025")])
def test_the_due_date_of_the_plan_is_said_where_the_unit_gave_one(city: Path, lang: str, said: str):
    u = opened(city, "dinas-a", lang)
    assert said not in plain(report.summary(u))
    planned = with_rows(u, "followup", row(u, "due_last", NAN, text="2025-06-30"))
    assert [text for text in running(report.summary(planned)) if text.endswith(f"{said}.")]


def test_an_unsur_that_the_plan_leaves_out_is_named_and_so_is_a_plan_that_is_none(city: Path):
    u = opened(city, "dinas-a")
    listed = [e.item for e in lowest_verdicts.lowest(u)]
    bare = "Rencana tindak lanjut unit ini belum dicatat."
    assert bare in plain(report.summary(u))
    one = row(u, "action", 1.0, group="a", text="Menambah loket")
    of = row(u, "unsur", NAN, group="a", text=listed[0])
    said = plain(report.summary(with_rows(u, "followup", one, of)))
    assert bare not in said
    assert f"Belum ada rencana untuk {' dan '.join(listed[1:])}." in said
    # What was given up is no plan.
    dropped = row(u, "status", NAN, group="a", text="dropped")
    assert bare in plain(report.summary(with_rows(u, "followup", one, of, dropped)))


def test_quotations_give_way_where_page_one_is_full(city: Path, monkeypatch: pytest.MonkeyPatch):
    u = writing(opened(city, "dinas-a"), ["Antrean terlalu lama"] * 6)
    bare = sum(act_on.count(text) for text in running(report.summary(opened(city, "dinas-a"))))
    monkeypatch.setattr(act_on, "MOST_WORDS", bare + 3)
    assert "Antrean" not in plain(report.summary(u))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("unit", ["dinas-a", "dinas-b", "kel-kecil", "kel-baik"])
def test_every_figure_states_a_finding_as_its_title(city: Path, unit: str, lang: str):
    u = opened(city, unit, lang)
    drawn = [f for name in report.UNIT_SECTIONS for f in find(getattr(report, name)(u), "figure")]
    assert drawn
    for figure in drawn:
        assert figure.title, figure.key
        assert not figure.title.endswith(("?", ".")), figure.title


STANDS = {
    "above": "nyata di atas", "below": "nyata di bawah", "equivalent": "ditunjukkan setara",
    "undecided": "belum dapat dibedakan",
}  # fmt: skip


@pytest.mark.parametrize("word", STANDS)
def test_tile_and_figure_of_units_say_the_verdict_of_the_row(city: Path, word: str):
    u = opened(city, "dinas-a")
    u = with_rows(u, "verdicts", row(u, "difference", 9.0, text=word), without=("difference",))
    (figure,) = find(report.comparison(u), "figure")
    told = [value for value, _ in facts(u).values()]
    assert [said for said in STANDS.values() if said in told] == [STANDS[word]]
    assert STANDS[word] in figure.title
