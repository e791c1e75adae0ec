"""The stage notebooks' displays: they read as a document, counts first, examples few."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline import blocks, results
from pipeline.intake import REASONS
from pipeline.report import stages
from pipeline.report.base.intake_table import conserved, intake_sums
from pipeline.words import Words
from tests.support.city_fixture import ITEMS, make_city, make_survey

#: Those of a table that a notebook hands in are in ``test_excerpt``.
HANDED = ("counts", "histogram", "intervals", "people", "rows", "scatter", "strips")
DISPLAYS = [name for name in stages.__all__ if name not in ("StageReport", "open_stage", *HANDED)]


def intake_frame():
    return pd.DataFrame(
        [
            {"source_file": "opd/a.xlsx", "role": "wide", "read": 110, "used": 100, "merged": 2, "excluded": 3,
             "not_data": 5},
            {"source_file": "b.csv", "role": "respondents", "read": 50, "used": 50, "merged": 0, "excluded": 0,
             "not_data": 0},
            {"source_file": "b-answers.csv", "role": "answers", "read": 450, "used": 450, "merged": 0,
             "excluded": 0, "not_data": 0},
        ]
    )  # fmt: skip


def ledger_frame():
    rows = [
        {"source_file": "opd/a.xlsx", "source_row": k + 2, "column": "U3", "value": "5", "action": "set-missing",
         "reason": "out-of-range", "message": "the number is outside the scale"}
        for k in range(9)
    ]  # fmt: skip
    rows.append({"source_file": "opd/a.xlsx", "source_row": 40, "column": "", "value": "", "action": "excluded",
                 "reason": "all-blank", "message": "no unsur was answered"})  # fmt: skip
    rows.append({"source_file": "opd/a.xlsx", "source_row": 41, "column": "saran", "value": "hubungi <phone>",
                 "action": "rekeyed", "reason": "masked-identity", "message": ""})  # fmt: skip
    return pd.DataFrame(rows)


def columns_frame():
    base = {"instrument": "skm", "question": ""}
    rows = [
        {**base, "source_file": "opd/a.xlsx", "field": "U1", "header": "Persyaratan", "how": "label"},
        {**base, "source_file": "b.csv", "field": "U1", "header": "Persyaratan", "how": "label"},
        {**base, "source_file": "opd/a.xlsx", "field": "sex", "header": "JK", "how": "name"},
        {**base, "source_file": "opd/a.xlsx", "field": "", "header": "", "how": "identity"},
        {**base, "source_file": "opd/a.xlsx", "field": "", "header": "", "how": "identity"},
        {**base, "source_file": "opd/a.xlsx", "field": "", "header": "Warna", "how": "not-used"},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def mapping_frame():
    base = {"instrument": "", "question": "", "label": "", "text": "", "code": "", "reading": "", "nearest": "",
            "doubt": "", "count": 0}  # fmt: skip
    rows = [
        *(
            {**base, "source_file": "soal.csv", "item": "U2", "header": "2", "how": "lookup-label",
             "question": "Prosedur?", "text": text, "code": code}
            for text, code in (("Sulit", "1"), ("Mudah", "3"))
        ),
        {**base, "source_file": "opd/a.xlsx", "item": "U1", "header": "Persyaratan", "how": "answer",
         "text": "Sesuai", "code": "3", "reading": "text", "count": 60},
        {**base, "source_file": "b.csv", "item": "U1", "header": "Persyaratan", "how": "answer",
         "text": "Sesuai", "code": "3", "reading": "text", "count": 20},
        {**base, "source_file": "b.csv", "item": "U1", "header": "Persyaratan", "how": "answer",
         "text": "Mantap", "code": "invalid", "reading": "unreadable-answer", "nearest": "sangat sesuai", "count": 4},
        {**base, "source_file": "b.csv", "item": "U1", "header": "Persyaratan", "how": "answer",
         "text": "Sesuia", "code": "3", "reading": "typo", "nearest": "sesuai", "count": 1},
        {**base, "source_file": "b.csv", "item": "U1", "header": "Persyaratan", "how": "answer",
         "text": "Mudah", "code": "3", "reading": "text", "doubt": "U2", "count": 2},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def problems_frame():
    return pd.DataFrame(
        [
            {"unit": "", "file": "c.xlsx", "sheet": "1", "row": 3, "column": "Q8", "what": "is locked",
             "hint": "remove the password", "fatal": True},
            {"unit": "", "file": "b.csv", "sheet": "", "row": pd.NA, "column": "", "what": "4 answers are odd",
             "hint": "", "fatal": False},
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    survey = make_city(tmp_path_factory.mktemp("stage"), few=("unit-02",))
    folder = survey.processed
    intake_frame().to_parquet(folder / "intake.parquet")
    ledger_frame().to_parquet(folder / "ledger.parquet")
    mapping_frame().to_parquet(folder / "mapping.parquet")
    columns_frame().to_parquet(folder / "columns.parquet")
    problems_frame().to_parquet(folder / "problems.parquet")
    pd.DataFrame(
        {"unit": ["unit-01"] * 100 + ["unit-03"] * 44 + ["unknown"] * 6,
         "unit_raw": [""] * 144 + ["L9", "L9", "L9", "L7", "", ""]}
    ).to_parquet(folder / "responses.parquet")  # fmt: skip
    base = {"survey": "2024", "scope": "city"}
    profile = []
    for item, group, n in (
        ("sex", "male", 60),
        ("sex", "female", 80),
        ("sex", "missing", 10),
        ("education", "sma", 140),
    ):
        profile.append({**base, "statistic": "count", "item": item, "group": group, "estimate": n, "n": 140})
        if group != "missing":
            profile.append(
                {**base, "statistic": "share", "item": item, "group": group, "estimate": n / 140, "n": 140}
            )
    results.frame(profile).to_parquet(folder / "profile.parquet")
    pairs = [
        {**base, "statistic": "spearman", "item": a, "other": b, "estimate": 0.3 + 0.01 * k, "n": 140}
        for k, (a, b) in enumerate((a, b) for i, a in enumerate(ITEMS) for b in ITEMS[i + 1 :])
    ]
    results.frame(pairs).to_parquet(folder / "association.parquet")
    validity = pd.read_parquet(folder / "validity.parquet")
    more = [
        {**base, "statistic": "item_rest", "item": i, "estimate": 0.1 + k / 10, "n": 140}
        for k, i in enumerate(ITEMS)
    ]
    more += [
        {**base, "statistic": "kmo", "estimate": 0.91, "n": 140},
        {**base, "statistic": "bartlett", "estimate": 900.1, "df": 36, "p": 1e-9, "n": 140},
        {**base, "statistic": "eigenvalue", "other": "1", "estimate": 4.2, "n": 140},
    ]
    results.concat([validity, results.frame(more)]).to_parquet(folder / "validity.parquet")
    comparison = pd.read_parquet(folder / "comparison.parquet")
    dunn = [
        {"scope": "pair", "unit": "unit-03", "other": "unit-06", "group": "dinas", "statistic": "dunn_z",
         "estimate": -5.0, "p": 1e-6, "p_adjusted": 1e-5, "n": 300},
        {"scope": "pair", "unit": "unit-03", "other": "unit-09", "group": "dinas", "statistic": "dunn_z",
         "estimate": -1.0, "p": 0.3, "p_adjusted": 0.9, "n": 300},
        {"scope": "pair", "unit": "unit-02", "other": "unit-05", "group": "kelurahan", "statistic": "dunn_z",
         "estimate": 9.0, "p": 1e-9, "p_adjusted": 1e-9, "n": 150},
    ]  # fmt: skip
    results.concat([comparison, results.frame(dunn)]).to_parquet(folder / "comparison.parquet")
    return survey


@pytest.fixture(scope="module")
def stage(survey):
    return stages.open_stage(survey, "id")


def tables_of(block):
    parts = block.blocks if isinstance(block, blocks.Group) else [block]
    return {b.key: b for b in parts if isinstance(b, blocks.Table)}


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", DISPLAYS)
def test_every_display_says_something(survey, name, lang):
    block = getattr(stages, name)(stages.open_stage(survey, lang))
    assert block.plain_text().strip()
    assert "application/vnd.skm.block+json" in block._repr_mimebundle_()


@pytest.mark.parametrize("name", DISPLAYS)
def test_every_display_stands_before_anything_was_computed(tmp_path, name):
    assert getattr(stages, name)(stages.open_stage(make_survey(tmp_path, 2), "id")).plain_text().strip()


def test_rows_are_said_to_be_accounted_for_only_when_they_are():
    good, bad = intake_frame(), intake_frame()
    bad.loc[0, "used"] = 99
    assert conserved(good)
    assert not conserved(bad)


def test_totals_count_respondents_and_not_the_rows_of_answer_tables():
    assert intake_sums(intake_frame()) == {
        "read": 160, "used": 150, "merged": 2, "excluded": 3, "not_data": 5,
    }  # fmt: skip


def test_the_ledger_counts_every_entry_and_shows_at_most_five_examples_of_a_reason(stage):
    found = tables_of(stages.ledger(stage))
    counts = {row[1]: row[2] for row in found["ledger"].rows}
    assert counts["angka di luar skala"] == "9"
    assert sum(int(n) for n in counts.values()) == len(ledger_frame())
    assert sum(row[4] == "5" for row in found["examples"].rows) == 5
    assert found["ledger"].rows[0][0] == "disisihkan"


def test_every_reason_of_the_ledger_has_words_in_both_languages():
    for lang in ("id", "en"):
        w = Words(lang)
        assert [code for code in REASONS if not w.has(f"stages.reason.{code}")] == []


def test_the_audit_joins_files_and_puts_what_could_not_be_read_first(stage):
    found = tables_of(stages.mapping(stage))
    assert ("Persyaratan", "U1 Persyaratan", "label unsur", "2 berkas") in found["mapping"].rows
    assert not [row for row in found["mapping"].rows if "identity" in row]
    assert found["lookups"].rows == (("U2 Prosedur", "Prosedur?", "Sulit = 1; Mudah = 3", "soal.csv"),)
    texts = found["answer-texts"].rows
    assert texts[0][1:] == ("Mantap", "tidak terbaca", "mirip sangat sesuai", "4")
    assert ("U1 Persyaratan", "Sesuai", "3", "–", "80") in texts
    assert ("U1 Persyaratan", "Sesuia", "3", "salah ketik, dibaca “sesuai”", "1") in texts


def test_the_audit_shows_each_question_its_unsur_and_the_options_found(stage):
    rows = tables_of(stages.mapping(stage))["asked"].rows
    assert rows == (
        ("Persyaratan", "U1 Persyaratan",
         "Sesuai = 3; Mudah = 3; Sesuia = 3; Mantap = tidak terbaca; pilihan jawaban milik U2"),
    )  # fmt: skip


def test_a_dropped_column_is_named_with_what_told_so_and_what_to_do(stage, monkeypatch):
    dropped = {
        "source_file": "opd/a.xlsx",
        "column": "C",
        "header": "Isian",
        "kind": "phone",
        "told_by": "content",
    }
    rows = [dropped, {**dropped, "source_file": "b.csv"},
            {**dropped, "column": "D", "header": "Nama", "kind": "", "told_by": "header"},
            {**dropped, "header": "Saran", "told_by": "cell"}]  # fmt: skip
    table = pd.DataFrame(rows).assign(cells=4)
    read = type(stage).frame
    monkeypatch.setattr(
        type(stage), "frame", lambda self, name: table if name == "privacy" else read(self, name)
    )
    block = stages.privacy(stage)
    assert tables_of(block)["identity"].rows == (
        ("Isian", "C", "isinya (phone)", "2 berkas"), ("Nama", "D", "kepala kolomnya", "opd/a.xlsx"),
    )  # fmt: skip
    assert "3 kolom" in block.plain_text()
    assert "1 bagian" in block.plain_text()
    assert "columns:" in tables_of(block)["identity"].note


def test_without_the_table_of_identity_the_columns_are_still_counted(stage):
    assert "2 kolom" in stages.privacy(stage).plain_text()


def test_problems_say_where_what_and_what_to_do_the_fatal_ones_first(stage):
    text = stages.problems(stage).plain_text()
    assert "c.xlsx, lembar 1, baris 3, kolom “Q8”" in text
    assert "Remove the password" in text
    assert text.index("c.xlsx") < text.index("b.csv")


def test_problems_of_raw_files_are_told_in_the_language_of_the_page(tmp_path):
    problem = {"unit": "", "file": "b<i>.csv", "sheet": "Mei", "row": 1200, "column": "", "fatal": False,
               "what": 'has no sheet "<b>Juni"', "hint": "sheets are Mei, <script>"}  # fmt: skip
    cleaned = SimpleNamespace(problems=(SimpleNamespace(**problem),))
    survey = make_survey(tmp_path, 2)
    text = stages.problems(stages.open_stage(survey, "id", cleaned=cleaned)).plain_text()
    assert "b<i>.csv, lembar Mei, baris 1200: tidak mempunyai lembar “<b>Juni”. Lembar yang ada: Mei" in text
    assert "1 hal perlu diperiksa; semua berkas tetap dibaca." in text
    shown = str(
        stages.problems(stages.open_stage(survey, "id", cleaned=cleaned))._repr_mimebundle_()["text/html"]
    )
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    english = stages.problems(stages.open_stage(survey, "en", cleaned=cleaned)).plain_text()
    assert 'has no sheet "<b>Juni". Sheets are Mei' in english


SERVQUAL = """title: {id: Survei mutu poliklinik, en: Quality of clinics}
files: [{path: a.csv, instrument: servqual}]
instruments:
  servqual:
    {title: SERVQUAL, scale: {min: 1, max: 5}, paired: exp, items: {p01: {label: {id: Ruang bersih, en: Clean rooms}}}}
"""


def test_a_page_is_headed_by_the_questionnaires_the_survey_holds(tmp_path):
    from tests.support.raw_surveys import make

    heads = {
        SERVQUAL: "Survei mutu poliklinik · survei 2024 · SERVQUAL",
        "title: Uji\ncity: Kota Uji\n": "Kota Uji · survei 2024 · PermenPANRB 14/2017",
        "title: Uji\ncity: Kota Uji\nscale: {min: 1, max: 5}\n":
            "Kota Uji · survei 2024 · unsur PermenPANRB 14/2017, skala 1–5",
        SERVQUAL.replace("instrument: servqual", "instrument: [skm, servqual]"):
            "Survei mutu poliklinik · survei 2024 · PermenPANRB 14/2017 dan SERVQUAL",
    }  # fmt: skip
    for number, (definition, kicker) in enumerate(heads.items()):
        survey = make(tmp_path / str(number), {"a.csv": "x"}, definition)
        head = stages.clean_head(stages.open_stage(survey, "id"))
        assert head.kicker == kicker
        assert "SKM" not in head.footer
    stage = stages.open_stage(make(tmp_path / "pair", {"a.csv": "x"}, SERVQUAL), "id")
    from pipeline.report.stages.columns import _field_name

    assert _field_name(stage, "servqual.p01") == "servqual.p01 Ruang bersih"
    assert _field_name(stage, "servqual.p01_exp") == "servqual.p01_exp Ruang bersih (harapan)"


def test_rows_of_unlisted_units_are_counted_and_their_codes_listed(stage):
    found = tables_of(stages.unit_counts(stage))
    rows = {row[0]: row[2] for row in found["unit-rows"].rows}
    assert rows["Puskesmas Nomor 01"] == "100"
    assert rows["tidak diketahui"] == "6"
    assert found["unlisted"].rows == (("L9", "3"), ("(kosong)", "2"), ("L7", "1"))
    # What names no code is no code.
    assert found["unlisted"].note.startswith("2 kode.")
    assert "2 baris tidak menyebut kode apa pun" in found["unlisted"].note


def test_the_displays_read_what_the_notebook_holds_when_nothing_is_saved(tmp_path):
    survey = make_survey(tmp_path, 2)
    problem = SimpleNamespace(
        unit="", file="x.csv", sheet="", row=None, column="", what="is empty", hint="", fatal=True
    )
    cleaned = SimpleNamespace(
        counts=intake_frame(),
        ledger=ledger_frame(),
        mapping=mapping_frame(),
        columns=columns_frame(),
        problems=(problem,),
    )
    stage = stages.open_stage(survey, "en", cleaned=cleaned)
    assert "x.csv: is empty" in stages.problems(stage).plain_text()
    assert "160" in stages.clean_summary(stage).plain_text()


def test_blanks_of_the_profile_come_last_and_have_no_share(stage):
    rows = tables_of(stages.profile_table(stage))["profile"].rows
    assert [row[1] for row in rows[:3]] == ["Laki-laki", "Perempuan", "tidak diisi"]
    assert rows[2][3] == "–"


def test_a_weak_unsur_is_named_with_the_reminder_that_it_is_never_dropped(stage):
    text = stages.validity_table(stage).plain_text()
    assert "U1 Persyaratan" in text
    assert "bukan alasan membuang" in text


def test_pairs_are_those_of_games_howell_among_units_that_may_be_compared(stage):
    found = tables_of(stages.pairs_table(stage))
    counts = results.pick(stage.city().table("verdicts"), statistic="pairs_separated", group="").iloc[0]
    whole = found["pairs"].rows[0]
    assert whole[1:3] == (str(counts["denominator"]), str(counts["numerator"]))
    shown = set(stage.city().ranked["name"])
    for first, second, difference, *_ in found["widest"].rows:
        assert {first, second} <= shown
        assert not difference.startswith("\u2212")


def test_the_verdict_of_a_unit_is_the_same_word_as_in_the_overview(stage):
    city = stage.city()
    word = dict(zip(city.ranked["name"], city.ranked["versus"]))
    size = dict(zip(city.ranked["name"], city.ranked["unusual"]))
    rows = tables_of(stages.versus_table(stage))["versus"].rows
    assert {row[0] for row in rows} == {name for name, said in word.items() if said}
    for row in rows:
        assert row[-2] == stage.words(f"compare.difference.{word[row[0]]}")
        assert row[-1] == stage.words(f"compare.unusual.{size[row[0]]}")
