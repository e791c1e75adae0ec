"""A score in whatever characters it was typed; SPSS labels at the ends only; texts that are no option."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline import intake
from pipeline.intake.files.spss import parse
from pipeline.intake.ground.plaintext import bare
from pipeline.intake.values.answers import ANSWERED, ItemReader
from pipeline.intake.values.proposed_values import guessed
from tests.support.raw_surveys import CODES, THREES, balance, cleaned, csv, wide

READER = ItemReader("U1", 1, 4, {"tidak baik": 1, "kurang baik": 2, "baik": 3, "sangat baik": 4})

FOURS = [
    "4", "4.0", "4,00", "4.00", "4 ", " 4", "\u00a04", "4\u202f", "\u200b4", "4\ufeff", "\u20604", "\uff14",
    "'4", "\u20194", '"4"', "`4", "04", "+4", "4.", "4)", "(4)", "[4]", "4;", "\u2463", "4 (Sangat Baik)",
    "4(Sangat Baik)", "4 [Sangat Baik]", "Sangat Baik (4)", "Sangat Baik(4)", "Sangat Baik [4]",
    "4. Sangat Baik", "4.Sangat Baik", "4) Sangat Baik", "4=Sangat Baik", "4 = Sangat Baik", "4=",
    "4 - Sangat Baik", "4 \u2013 Sangat Baik", "4\u2014Sangat Baik", "4: Sangat Baik", "4 Sangat Baik",
    "Sangat Baik 4", "Sangat Baik = 4", "Sangat Baik, 4", "4/Sangat Baik", "4 | Sangat Baik",
    "Sangat\u00a0Baik", "Sangat&nbsp;Baik", "&nbsp;4", "Sangat\u200b Baik", "San\u00adgat Baik",
    "SANGAT BAIK", "\u201cSangat Baik\u201d", "Skor 4", "4 bintang", "Nilai: 4", "4/4", "\u200e4",
]  # fmt: skip
STOPPED = [
    "4 (Tidak Baik)", "Tidak Baik (4)", "4. Baik", "3 = Sangat Baik", "4 - Kurang Baik", "3/4", "4 4 3",
    "4 (Sangat Puas)", "4 Agustus", "4 kali", "empat", "4 (bukan baik)", "4,5", "5", "5 (Sangat Baik)",
    "-4", "44", "4e1",
]  # fmt: skip


@pytest.mark.parametrize("text", FOURS)
def test_a_four_is_a_four_however_it_was_typed(text: str):
    reading = READER.read(text)
    assert (reading.status, reading.score) == (ANSWERED, 4)


@pytest.mark.parametrize("text", STOPPED)
def test_what_contradicts_itself_or_is_unknown_is_never_a_score(text: str):
    assert READER.read(text).status != ANSWERED


def test_a_code_outside_the_scale_is_found_under_values_with_decimals_too():
    reader = ItemReader("U1", 1, 5, values={"6": "not-applicable"})
    assert [reader.read(text).reason for text in ("6", "6.0", "6,00", " 6")] == ["not-applicable"] * 4


def test_bare_text_keeps_what_is_seen():
    assert bare("a&b; c") == "a&b; c"
    assert bare("Rp 5.000 \u2013 Rp 10.000") == "Rp 5.000 - Rp 10.000"


def sav(path: Path, labels: dict[str, dict[float, str]], columns: dict[str, list[object]]) -> Path:
    import pandas as pd
    import pyreadstat

    pyreadstat.write_sav(pd.DataFrame(columns), str(path), variable_value_labels=labels)
    return path


ENDS = [
    {1: "Sangat tidak puas", 4: "Sangat puas"},
    {1: "Tidak puas", 4: "Puas"},
    {1: "Sangat buruk", 4: "Sangat baik"},
    {1: "Very dissatisfied", 4: "Very satisfied"},
    {1: "Rendah", 4: "Tinggi"},
    {1: "Sangat tidak puas", 4: "Sangat puas", 9: "Tidak tahu"},
]


@pytest.mark.parametrize("labels", ENDS)
def test_spss_scales_with_labels_at_the_ends_only_count_as_stored(tmp_path: Path, labels: dict[float, str]):
    names = [f"U{n}" for n in range(1, 10)]
    columns: dict[str, list[object]] = {"unit": ["a"] * 4, **{name: [1, 2, 3, 4] for name in names}}
    columns["U3"] = [1, 4, 4, 4]  # nobody chose a value between: read like its neighbours
    path = sav(tmp_path / "a.sav", dict.fromkeys(names, labels), columns)
    table = parse(path, "a.sav")
    place = table.names.index("U1")
    assert [table.row(n)[place] for n in range(1, 5)] == ["1", "2", "3", "4"]
    assert [table.row(n)[table.names.index("U3")] for n in range(1, 5)] == ["1", "4", "4", "4"]
    assert [note.what for note in table.notes if "label only the ends" in note.what]
    if labels is not ENDS[0]:
        return
    made = cleaned(tmp_path, {"a.sav": path.read_bytes()}, "order: form\n")
    assert made.responses["U1"].tolist() == [1, 2, 3, 4]
    assert [p.what for p in made.problems if "label only the ends" in p.what]
    balance(made)


def test_a_scale_whose_lowest_number_is_the_best_answer_is_never_read_as_stored(tmp_path: Path):
    names = [f"U{n}" for n in range(1, 10)]
    labels = {1: "Sangat puas", 4: "Sangat tidak puas"}
    columns: dict[str, list[object]] = {"unit": ["a"] * 4, **{name: [1, 2, 3, 4] for name in names}}
    path = sav(tmp_path / "a.sav", dict.fromkeys(names, labels), columns)
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, {"a.sav": path.read_bytes()}, "order: form\n")
    assert '2 on a scale from 1 "Sangat puas" to 4 "Sangat tidak puas"' in str(caught.value)


def test_labels_of_codes_stay_labels(tmp_path: Path):
    path = sav(
        tmp_path / "a.sav",
        {"sex": {1: "Laki-laki", 2: "Perempuan"}, "unit": {101: "Dinas A", 205: "Dinas B"},
         "work": {1: "PNS", 2: "Swasta", 7: "Lainnya"}},
        {"sex": [1, 2, 3], "unit": [101, 205, 150], "work": [1, 5, 7]},
    )  # fmt: skip
    table = parse(path, "a.sav")
    assert [table.row(n) for n in (1, 2, 3)] == [
        ["Laki-laki", "Dinas A", "PNS"], ["Perempuan", "Dinas B", "5"], ["3", "150", "Lainnya"],
    ]  # fmt: skip


PUAS = ["Sangat tidak puas", "Tidak puas banget ya", "Puas sekali", "Sangat puas sekali"]


def pasted(text: str) -> str:
    (line,) = {line[line.index("values: {") :] for line in text.splitlines() if "values: {" in line}
    return line


@pytest.mark.parametrize(
    "options",
    [
        ["STP", "TP", "P", "SP"],
        ["Sangat tidak memadai", "Tidak memadai", "Memadai", "Sangat memadai"],
        ["Very unhappy", "Unhappy", "Happy", "Very happy"],
        ['Kata "ok": ya', "Boleh, lumayan", "{Oke}", "100% #1"],
        ["yes", "no", "null-ish", "~"],
    ],
)
@pytest.mark.parametrize(
    "before", ["", "values: {answers: {entah: missing}, education: {Pesantren: other}}\n"]
)
def test_nine_refusals_of_one_kind_are_one_and_its_block_works_when_pasted(
    tmp_path: Path, options: list[str], before: str
):
    cells = ['"' + text.replace('"', '""') + '"' for text in options]
    rows = [[i, "a", *[cells[(i + u) % 4] for u in range(9)]] for i in range(8)]
    files = {"a.csv": wide(*rows)}
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, files, before)
    text = str(caught.value)
    assert len(caught.value.problems) == 1
    assert f"no options of {', '.join(CODES)}" in text
    line = pasted(text)
    values = yaml.safe_load(line)["values"]
    assert set(values) == ({"answers", "education"} if before else {"answers"})
    made = cleaned(tmp_path / "2", files, line + "\n")
    assert len(made.responses) + int((made.ledger["reason"] == "all-blank").sum()) == 8
    balance(made)


def test_texts_of_one_unsur_only_stand_under_it_in_the_same_block(tmp_path: Path):
    rows = [[i, "a", *["lumayan"] * 8, "sumpek" if i else 3] for i in range(4)]
    with pytest.raises(intake.IntakeError) as caught:
        cleaned(tmp_path, {"a.csv": wide(*rows)})
    assert len(caught.value.problems) == 2
    values = yaml.safe_load(pasted(str(caught.value)))["values"]
    assert set(values["answers"]) == {"lumayan", "sumpek"}
    made = cleaned(
        tmp_path / "2", {"a.csv": wide(*rows, [9, "a", *THREES])}, pasted(str(caught.value)) + "\n"
    )
    assert made.responses["U1"].dropna().tolist() == [3]


@pytest.mark.parametrize(
    ("texts", "scores"),
    [
        (["tidak puas", "kurang puas", "puas", "sangat puas"], "1234"),
        (["sangat tidak puas", "tidak puas", "puas", "sangat puas"], "1234"),
        (["sangat tidak puas", "sangat puas"], "14"),
        (["tidak layak", "kurang layak", "cukup layak", "sangat layak"], "1234"),
        (["strongly disagree", "disagree", "agree", "strongly agree"], "1234"),
        (["Very dissatisfied", "Dissatisfied", "Satisfied", "Very satisfied"], "1234"),
        (["sangat tidak puas", "tidak puas", "kurang puas", "puas", "sangat puas"], ""),
        (["sangat lambat", "lambat"], ""),
    ],
)
def test_degrees_of_a_word_are_proposed_by_their_place(texts: list[str], scores: str):
    assert [guessed(texts).get(text, "") for text in texts] == (list(scores) or [""] * len(texts))


def test_a_proposal_writes_each_key_of_values_once(tmp_path: Path):
    from pipeline.intake.propose.proposal import propose
    from pipeline.intake.propose.write import lines
    from pipeline.intake.values.items import itemset
    from pipeline.survey import Definition, Survey

    rows = [["a", *["aduhai" if (i + u) % 3 else "wadidaw" for u in range(8)], "sumpek"] for i in range(6)]
    header = ["unit", *wide([]).splitlines()[0].split(",")[2:]]
    (tmp_path / "a.csv").write_text(csv(header, *rows), encoding="utf-8")
    items = itemset(Survey("2025", tmp_path, Definition(title="x"), (), ""), ())
    written = lines(propose(tmp_path / "a.csv"), "2025", items)
    at = written.index("# values:")
    taken = [line.replace("# ", "", 1) for line in written[at:] if line.startswith(("# values", "  # "))]
    made = cleaned(tmp_path / "2", {"a.csv": csv(header, *rows)}, "\n".join([*written[:at], *taken]) + "\n")
    assert len(made.mapping[made.mapping["text"] == "aduhai"]) == 8
