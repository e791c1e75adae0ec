"""Questionnaires of one's own, from raw file to result tables to what the reports say of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import intake, rules, steps
from pipeline import report as unit_report
from pipeline.report import overview
from pipeline.report.city import lowest as overview_lowest
from pipeline.results import pick
from pipeline.survey import SurveyError
from tests.support.raw_surveys import CODES, LABELS, csv, make

UNITS = "id,name,type,population\na,Dinas A,dinas,\nb,Dinas B,dinas,\nrs,RSUD C,rsud,\n"
#: Result tables of 2-index and of 4-compare, as the notebooks compute them.
MODULES = ("index", "instruments", "sampling", "profile", "integrity", "priorities", "comparison", "ranking")


def run(root: Path, files: dict[str, str], definition: str) -> steps.Answers:
    """Raw files in, result tables out."""
    survey = make(root, files, definition, units=UNITS)
    steps.keep(survey, intake.clean(survey))
    data = steps.open_answers("2024", root, everything=True)
    for module in MODULES:
        steps.save(data, **{module: getattr(steps, module)(data)})
    return data


def answers(n: int, columns: int, seed: int, top: int = 4) -> list[list[int]]:
    draw = np.random.default_rng(seed)
    return [[int(v) for v in draw.integers(max(1, top - 2), top + 1, columns)] for _ in range(n)]


def report(data: steps.Answers, unit: str, lang: str = "id") -> str:
    """Everything the unit's report says of its unsur and questionnaires."""
    u = unit_report.open_unit(data.survey, unit, lang=lang)
    return "\n".join(
        s(u).plain_text() for s in (unit_report.summary, unit_report.unsur, unit_report.comparison)
    )


def city(data: steps.Answers, lang: str = "id") -> str:
    c = overview.open_city(data.survey, lang=lang)
    return "\n".join(s(c).plain_text() for s in (overview.summary, overview.ranking, overview.units))


# added unsur, unequal weights, items asked only of some --------------------------------------------------

OWN = """title: Uji
order: form
instruments:
  rs:
    title: Layanan rumah sakit
    items:
      aman: {label: Keselamatan pasien}
      rujuk: {label: Kemudahan rujukan}
      obat: {label: Ketersediaan obat}
indicators:
- units: rs
  items: {U1: '1/10', U2: '1/10', U3: '2/10', U5: '1/10', U6: '1/10', U7: '1/10', U8: '1/20', U9: '1/20',
          rs.aman: '1/10', rs.rujuk: '1/20', rs.obat: '1/20'}
files:
- {path: a.csv}
- {path: rs.csv, instrument: [skm, rs]}
"""


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> tuple[steps.Answers, list[list[object]]]:
    rows = answers(40, 11, 3)
    # Referral is asked only of those who were referred: the others say that it does not apply.
    told: list[list[object]] = [
        [*row[:9], "tidak berlaku" if n % 2 else row[9], row[10]] for n, row in enumerate(rows)
    ]
    labels = [*LABELS[:3], *LABELS[4:], "Keselamatan pasien", "Kemudahan rujukan", "Ketersediaan obat"]
    files = {
        "a.csv": csv(["unit", *LABELS], *[["ab"[n % 2], *row] for n, row in enumerate(answers(80, 9, 1))]),
        "rs.csv": csv(["unit", *labels], *[["rs", *row] for row in told]),
    }
    return run(tmp_path_factory.mktemp("hospital"), files, OWN), told


def test_an_index_of_eleven_indicators_is_exact_by_its_own_weights(hospital):
    data, told = hospital
    weights = ["1/10", "1/10", "2/10", "1/10", "1/10", "1/10", "1/20", "1/20", "1/10", "1/20", "1/20"]
    from fractions import Fraction

    value = Fraction(0)
    for column, weight in enumerate(weights):
        said = [row[column] for row in told if isinstance(row[column], int)]
        value += Fraction(weight) * Fraction(sum(said), len(said))
    row = pick(data.index, scope="unit", unit="rs", statistic="ikm").iloc[0]
    assert Fraction(int(row.numerator), int(row.denominator)) == 25 * value


def test_what_does_not_apply_is_not_missing(hospital):
    data, _ = hospital
    status = data.responses.loc[data.responses["unit"] == "rs", "rs.rujuk__status"]
    assert status.value_counts().loc[["answered", "not-applicable"]].tolist() == [20, 20]
    nrr = pick(data.index, scope="unit", unit="rs", statistic="nrr", item="rs.rujuk").iloc[0]
    assert nrr["n"] == 20


def test_units_are_compared_only_on_the_unsur_they_share(hospital):
    data, _ = hospital
    assert data.shared == [code for code in CODES if code != "U4"]
    scores = data.responses.loc[data.responses["unit"] == "rs", data.shared].astype(float).mean(axis=1) * 25
    shrunken = pick(steps.ranking(data), scope="unit", unit="rs", group="")
    own = pick(data.index, scope="unit", unit="rs", statistic="ikm_shared").iloc[0]
    assert own["estimate"] == pytest.approx(scores.mean())
    assert len(shrunken)
    versus = pick(steps.verdicts(data), scope="unit", unit="rs", statistic="difference").iloc[0]
    rest = [
        (
            data.responses.loc[data.responses["unit"] == unit, data.shared].astype(float).mean(axis=1) * 25
        ).mean()
        for unit in ("a", "b")
    ]
    assert versus["estimate"] == pytest.approx(scores.mean() - sum(rest) / 2)


def test_the_reports_say_how_many_unsur_are_shared(hospital):
    data, _ = hospital
    text = report(data, "rs")
    assert "memakai 11 indikator dengan bobot sendiri" in text
    assert "hanya memakai 8 unsur yang ditanyakan semua unit" in text
    assert "dari 11 unsur unit ini" in text
    assert "hanya memakai 8 dari 12 unsur" in city(data)
    assert "only on the 8 elements that all of them ask" in report(data, "a", "en")


def test_a_unit_with_a_list_of_its_own_is_placed_among_the_others_by_the_shared_unsur(hospital):
    data, _ = hospital
    made = pick(steps.verdicts(data), scope="unit", unit="rs").set_index("statistic")
    # Three units say nothing of an ordinary spread, but each can be held against the two others.
    assert (made.at["unusual", "n"], made.at["unusual", "reason"]) == (40, "few-units")
    assert (made.at["difference", "n"], made.at["difference", "reason"]) == (40, "")


def test_the_formula_and_the_lowest_unsur_are_those_of_the_list_in_use(hospital):
    data, _ = hospital
    formulas = [
        unit_report.method(unit_report.open_unit(data.survey, unit, lang="id")).plain_text()
        for unit in ("rs", "a")
    ]
    assert "bobot w sendiri" in formulas[0]
    assert "1/k untuk k unsur" not in formulas[0]
    assert "1/k untuk k unsur" in formulas[1]
    text = report(data, "rs")
    assert "20 dari 40 kuesioner menjawab semua unsur" in text
    # What one unit alone asks cannot be the city's lowest.
    lowest = overview_lowest.lowest_items(overview.open_city(data.survey, lang="id"))
    assert lowest is not None
    assert set(lowest[0]) <= set(data.shared)
    # Codes that are words stand upright over narrow columns.
    assert "rotate(-90" in str(
        overview.heatmap(overview.open_city(data.survey, lang="id"))._repr_mimebundle_()
    )


def test_weights_that_do_not_sum_to_one_are_refused(tmp_path: Path):
    with pytest.raises(SurveyError, match="not to exactly 1"):
        make(tmp_path, {}, OWN.replace("U3: '2/10'", "U3: '2/11'"), units=UNITS)


# several instruments: SPKP and SPAK beside SKM -----------------------------------------------------------

BESIDE = """title: Uji
order: form
instruments:
  spak: {rule: spak}
  spkp: {rule: spkp}
files:
- {path: a.csv, instrument: [skm, spak, spkp]}
"""


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> tuple[steps.Answers, pd.DataFrame]:
    spak = [text.id for text in rules.index_rule("spak").items.values()]
    spkp = [f"spkp.{code}" for code in rules.index_rule("spkp").items]
    header = ["unit", *LABELS, *spak, *spkp]
    rows = [["ab"[n % 2], *row] for n, row in enumerate(answers(80, 24, 5))]
    rows += [["rs", *row] for row in answers(4, 24, 6)]
    for row in rows:
        row[10:20] = [4 if n % 9 else 3 for n in range(10)]
    data = run(tmp_path_factory.mktemp("beside"), {"a.csv": csv(header, *rows)}, BESIDE)
    return data, pd.DataFrame(rows, columns=header)


def test_other_questionnaires_have_an_index_of_their_own_and_are_no_part_of_the_ikm(beside):
    data, raw = beside
    mine = raw[raw["unit"] == "a"]
    assert data.items == CODES
    ikm = pick(data.index, scope="unit", unit="a", statistic="ikm").iloc[0]
    assert ikm["estimate"] == pytest.approx(25 * mine[list(LABELS)].astype(float).to_numpy().mean())
    table = steps.instruments(data)
    for name, columns in (("spak", slice(10, 20)), ("spkp", slice(20, 25))):
        row = pick(table, scope="unit", unit="a", statistic="ikm", group=name).iloc[0]
        assert row["estimate"] == pytest.approx(25 * mine.iloc[:, columns].astype(float).to_numpy().mean())
    assert not set(table["statistic"]) & {"letter", "certainty", "ikm_legacy"}


def test_thresholds_are_told_by_the_interval_and_marked_unverified(beside):
    data, _ = beside
    found = pick(steps.instruments(data), scope="unit", unit="a", statistic="threshold")
    told = {(row.group, row.other): row.text for row in found.itertuples()}
    assert told[("spak", "3.60")] == "reached"
    assert told[("spkp", "3.60")] == "not-reached"
    assert set(found["method"]) == {"unverified"}
    assert not rules.index_rule("spak").verified
    assert not rules.index_rule("spkp").verified


def test_fewer_than_five_answers_show_no_index_of_any_questionnaire(beside):
    data, _ = beside
    saved = pd.read_parquet(data.survey.processed / "instruments.parquet")
    hidden = saved[(saved["unit"] == "rs") & ~saved["statistic"].isin(["n", "n_valid"])]
    assert hidden["estimate"].isna().all()
    assert set(hidden["text"]) == {""}
    assert "IPAK" not in report(data, "rs")


def test_the_reports_show_each_index_apart_and_what_is_not_verified(beside):
    data, _ = beside
    text = report(data, "a")
    assert "Indeks lain dari survei ini" in text
    assert "Indeks Persepsi Anti Korupsi (IPAK)" in text
    assert "tidak masuk ke IKM" in text
    assert "belum diverifikasi" in text
    assert "Seluruh selang indeks mencapai ambang 3,60" in text
    assert "SPAK" in city(data)
    assert "Tidak ada jawaban" not in text
    assert "have not been verified" in report(data, "a", "en")
    # The nine are the same for all units: nothing is said of shared unsur.
    assert "ditanyakan semua unit" not in text


def test_answers_to_the_ends_of_the_frequency_scale_are_read(tmp_path: Path):
    definition = "instruments:\n  spak: {rule: spak}\nfiles:\n- {path: a.csv, instrument: spak, unit: a}\n"
    survey = make(tmp_path, {"a.csv": csv(["Pungutan liar", "Percaloan"], ["Tidak pernah", "Sangat sering"])},
                  definition, units=UNITS)  # fmt: skip
    made = intake.clean(survey)
    assert made.responses[["spak.p5", "spak.p8"]].iloc[0].tolist() == [4, 1]


# SERVQUAL-type pairs, other scales, older rules ----------------------------------------------------------

PAIRED = """title: Uji
order: form
instruments:
  mutu:
    title: Mutu layanan
    scale: {min: 1, max: 5}
    paired: exp
    items: {p1: {label: Ruang bersih}, p2: {label: Dokter tepat waktu}}
files:
- {path: a.csv, instrument: [skm, mutu], columns: {p1_exp: Harapan 1, p2_exp: Harapan 2}}
"""


def test_pairs_beside_the_skm_give_gaps_on_their_own_scale_without_a_letter(tmp_path: Path):
    nine, pairs = answers(60, 9, 7), answers(60, 4, 8, top=5)
    header = ["unit", *LABELS, "Ruang bersih", "Harapan 1", "Dokter tepat waktu", "Harapan 2"]
    rows = [["ab"[n % 2], *nine[n], *pairs[n]] for n in range(60)]
    data = run(tmp_path, {"a.csv": csv(header, *rows)}, PAIRED)
    assert data.scale == (1, 4)
    assert data.items == CODES
    mine = np.array([row for n, row in enumerate(pairs) if n % 2 == 0], dtype=float)
    table = steps.instruments(data)
    index = pick(table, scope="unit", unit="a", statistic="ikm").iloc[0]
    assert index["estimate"] == pytest.approx(20 * mine[:, [0, 2]].mean())
    gap = pick(table, scope="unit", unit="a", statistic="gap", item="mutu.p1").iloc[0]
    assert gap["estimate"] == pytest.approx((mine[:, 0] - mine[:, 1]).mean())
    text = report(data, "a")
    assert "Mutu layanan" in text
    assert "konversi 20,00 per angka" in text
    assert "kesenjangan" in text


def test_units_that_only_weigh_the_same_unsur_differently_are_not_said_to_ask_others(tmp_path: Path):
    twice = ", ".join(f"{code}: '{2 if code == 'U3' else 1}/10'" for code in CODES)
    definition = (
        "title: Uji\norder: form\nindicators:\n- {units: a, items: {"
        + twice
        + "}}\nfiles:\n- {path: a.csv}\n"
    )
    rows = [["ab"[n % 2], *row] for n, row in enumerate(answers(60, 9, 5))]
    data = run(tmp_path, {"a.csv": csv(["unit", *LABELS], *rows)}, definition)
    own = pick(data.index, scope="unit", unit="a", statistic="ikm_shared").iloc[0]
    assert own["text"] == "weights"
    # A sentence about weights names the unit whose weights they are, on its own page and on others.
    name = next(unit.name for unit in data.survey.units if unit.id == "a")
    for text in (city(data), report(data, "a"), report(data, "b")):
        assert f"{name} memberi unsur" in text
        assert "tidak memakai daftar unsur yang sama" not in text
    assert f"Own weights are used by {name}" in city(data, "en")


def test_facets_of_the_definition_reach_the_factor_models(tmp_path: Path):
    definition = (
        "title: Uji\norder: form\nfacets: {alur: [U1, U2, U3], petugas: [U6, U7]}\nfiles:\n- {path: a.csv}\n"
    )
    rows = [["a", *row] for row in answers(80, 9, 5)]
    survey = make(tmp_path, {"a.csv": csv(["unit", *LABELS], *rows)}, definition, units=UNITS)
    steps.keep(survey, intake.clean(survey))
    found = pick(steps.factors(steps.open_answers("2024", tmp_path)), scope="city", statistic="htmt")
    assert set(zip(found["item"], found["other"])) == {("alur", "petugas")}


def test_a_unit_that_was_not_asked_says_so_in_one_line_and_equal_weights_are_said_to_be_equal(tmp_path: Path):
    definition = PAIRED.replace("[skm, mutu],", "[skm, mutu], unit: a,").replace(
        "files:", "indicators:\n- {units: b, items: [U1, U2, U3, U5]}\nfiles:\n- {path: b.csv, unit: b}"
    )
    header = [*LABELS, "Ruang bersih", "Harapan 1", "Dokter tepat waktu", "Harapan 2"]
    files = {
        "a.csv": csv(header, *[[*n, *p] for n, p in zip(answers(40, 9, 7), answers(40, 4, 8, top=5))]),
        "b.csv": csv([*LABELS[:3], LABELS[4]], *answers(40, 4, 9)),
    }
    data = run(tmp_path, files, definition)
    assert "Tidak ada jawaban dari unit ini atas: Mutu layanan." in report(data, "b")
    assert "daftar 4 indikator sendiri dengan bobot yang sama, masing-masing 1/4" in report(data, "b")
    assert "Tidak ada jawaban dari unit ini atas" not in report(data, "a")


def test_another_scale_is_refused_and_once_declared_has_no_letter(tmp_path: Path):
    rows = [["ab"[n % 2], *row] for n, row in enumerate(answers(60, 9, 9, top=5))]
    files = {"a.csv": csv(["unit", *LABELS], *rows)}
    with pytest.raises(intake.IntakeError, match="this is not the scale 1-4"):
        run(tmp_path / "1", files, "order: form\n")
    data = run(tmp_path / "2", files, "order: form\nscale: {min: 1, max: 5}\n")
    letter = pick(data.index, scope="unit", unit="a", statistic="letter").iloc[0]
    assert (letter["text"], letter["reason"]) == ("", "foreign-scale")
    assert "tidak menurut PermenPANRB 14/2017, tanpa huruf mutu" in report(data, "a")
    head = unit_report.head(unit_report.open_unit(data.survey, "a", lang="id"))
    assert "bukan skala peraturan" in head.kicker
    assert "SKM" not in head.footer + head.kicker
    conduct = unit_report.conduct(unit_report.open_unit(data.survey, "a", lang="id")).plain_text()
    assert "bukan menurut PermenPANRB 14/2017; 9 butir, skala 1–5" in conduct


@pytest.mark.parametrize(
    ("name", "count", "letter", "now"), [("16/2014", 9, "B", "C"), ("25/2004", 14, "B", "C")]
)
def test_an_older_year_is_lettered_by_the_rule_of_its_time(
    tmp_path: Path, name: str, count: int, letter: str, now: str
):
    rule = rules.load(name)
    labels = [rule.get(code).name.id for code in rule.codes]
    assert len(labels) == count
    # All threes but a few fours: about 76, B until 2016 and C from 2017 on.
    rows = [["ab"[n % 2], *[4 if (n + place) % 25 == 0 else 3 for place in range(count)]] for n in range(80)]
    data = run(
        tmp_path, {"a.csv": csv(["unit", *[f'"{text}"' for text in labels]], *rows)}, f"rule: {name}\n"
    )
    assert data.items == list(rule.codes)
    row = pick(data.index, scope="unit", unit="a", statistic="ikm").iloc[0]
    shown = pick(data.index, scope="unit", unit="a", statistic="letter").iloc[0]
    assert shown["text"] == letter
    from fractions import Fraction

    assert rules.letter(Fraction(int(row.numerator), int(row.denominator)), rules.load("14/2017")) == now
    assert rule.short in unit_report.conduct(unit_report.open_unit(data.survey, "a")).plain_text()
