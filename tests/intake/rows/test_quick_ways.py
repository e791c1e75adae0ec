"""The quick ways of the intake give exactly what the plain ways give."""

from __future__ import annotations

import csv as plain_csv
import datetime as dt
import io
import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from pipeline import demo, intake, survey
from pipeline.intake.files import arrowcsv, csvfile
from pipeline.intake.ground import ordered_threads, vectorised_text
from pipeline.intake.ground.coded import Coded
from pipeline.intake.rows import chunks
from pipeline.intake.values import dates, identity
from pipeline.survey.text import fold
from tests.support import raw_surveys as raw

TEXT = st.text(
    st.sampled_from([*"aZ09 -.:;/@'\"()=\n\t\x1f", "\u00e9", "\u0130", "\u00a0", "\uff11", "\u01c5"]),
    max_size=12,
)
HARD = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def values_of(texts: list[str]) -> np.ndarray:
    values = np.empty(len(texts), dtype=object)
    values[:] = texts
    return values


@pytest.fixture(autouse=True)
def _always_quick(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vectorised_text, "MANY", 1)


def read_plainly(text: str, delimiter: str) -> list[list[str]]:
    rows = list(plain_csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = max(map(len, rows))
    return [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]


@HARD
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from(",;\t"))
def test_a_table_read_by_arrow_is_the_table_read_cell_by_cell(rows: list[list[str]], delimiter: str):
    buffer = io.StringIO(newline="")
    plain_csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    columns = arrowcsv.parse(buffer.getvalue(), delimiter)
    assert columns is not None
    assert [list(row) for row in zip(*(c.texts().tolist() for c in columns))] == read_plainly(
        buffer.getvalue(), delimiter
    )
    for column in columns:
        assert len(set(column.values)) == len(column.values)


PIECES = st.sampled_from(
    ["a\n", "b,a\n", ",x\n", "a", ",", '"', "\n", " ", '""', '","', '"\n"', "\u00e9", "\r\n", "\r"]
)


@HARD
@given(st.lists(PIECES, min_size=1, max_size=14))
def test_arrow_reads_broken_text_as_the_plain_reader_does_or_not_at_all(pieces: list[str]):
    text = "a,b\n" + "".join(pieces)
    columns = arrowcsv.parse(text, ",")
    if columns is not None:
        assert [list(row) for row in zip(*(c.texts().tolist() for c in columns))] == read_plainly(text, ",")


@HARD
@given(st.lists(TEXT, min_size=1, max_size=30))
def test_quick_answers_are_those_of_the_function_for_one_text(texts: list[str]):
    values = values_of(texts)
    assert vectorised_text.folded(values) == [fold(text) for text in texts]
    assert identity.masked(values) == [identity.mask(text) for text in texts]
    asked = vectorised_text.ask(values, lambda t: t[:1].isalpha(), vectorised_text.letter_first)
    assert asked.tolist() == [t[:1].isalpha() for t in texts]


WORDS = st.sampled_from(
    ["nama saya", "NAMA:", "a.n:", "An =", "saya bernama", "atas nama", "Pak", "bapak", "BPK.", "Ibu", "bu", "sdri.",
     "Mas", "mbak", "kak", "Budi", "Siti Aminah", "jl.", "Jalan", "Melati", "no. 3", "rt 2", "rw 3", "0812 3456 7890",
     "62", "(at)", "[at]", "@budi_s", "x.id", "www.x.id", "https://x", "AB 1234 CD", "1234567890123456", "\u00e9", "\n",
     "loket", "masuk", "pakai", "AN :", "sdr", "menunggu 45 menit", "B", "1234", "XYZ", "0", "+62", "(0812)", "3456",
     "-", "7890", ".", "gg", "Gang", "JLN", "Mawar", "RT.", "rt03/04", "rw", "2", "\x0b", "2024-02-29", "05-08-2024"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6), st.sampled_from([" ", "  ", "", "-", "."]))
def test_nothing_that_is_masked_escapes_the_quick_look(words: list[str], between: str):
    text = between.join(words)
    assert identity.masked(values_of([text, "baik"])) == [identity.mask(text), "baik"]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.datetimes(min_value=pd.Timestamp(1890, 1, 1).to_pydatetime()).map(
                lambda d: d.isoformat(" ")[:19]
            ),
            st.from_regex(r"\A[0-9]{4}-[0-3][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9])?\Z"),
            TEXT,
        ),
        min_size=1,
        max_size=20,
    )
)
def test_quick_dates_are_the_careful_ones(texts: list[str]):
    column = Coded(np.arange(len(texts), dtype=np.int32), values_of(texts))
    moments, reasons = dates.parse_column(column)
    for text, moment, reason in zip(texts, moments, reasons):
        want, why = dates.parse(text)
        assert reason == why
        assert moment.item() == want if want else np.isnat(moment)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dirty")
    demo.write_small(root)
    demo.write_large(root, units=120, respondents=3_000, year=2024)
    return root


def same(one: intake.Intake, two: intake.Intake) -> None:
    for name in ("responses", "ledger", "counts", "columns", "mapping"):
        assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)
    assert one.problems == two.problems
    assert one.answers_read == two.answers_read


@pytest.mark.parametrize("name", ["2024", "2025"])
def test_blocks_of_any_size_read_side_by_side_make_the_same_answers_and_ledger(
    name: str, dirty: Path, monkeypatch: pytest.MonkeyPatch
):
    found = survey.load(dirty, name)
    monkeypatch.setattr(ordered_threads, "WORTH_IT", 1 << 60)
    monkeypatch.setattr(chunks, "ROWS", 1 << 60)
    monkeypatch.setattr(csvfile, "FAST_ABOVE", 1 << 60)
    monkeypatch.setattr(vectorised_text, "MANY", 1 << 60)
    plain = intake.clean(found)
    assert len(plain.responses) > 100
    assert len(plain.ledger) > 50
    monkeypatch.setattr(ordered_threads, "WORTH_IT", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr(chunks, "ROWS", 1)
    monkeypatch.setattr(csvfile, "FAST_ABOVE", 0)
    monkeypatch.setattr(vectorised_text, "MANY", 1)
    same(plain, intake.clean(found))


def test_a_service_gets_its_commonest_spelling_over_all_files_of_a_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chunks, "ROWS", 1)
    header = ["id responden", "unit", "layanan", *raw.LABELS]
    rows = lambda *services: [[i, "Dinas A", s, *raw.THREES] for i, s in enumerate(services)]  # noqa: E731
    files = {
        "a.csv": raw.csv(header, *rows("kartu keluarga")),
        "b.csv": raw.csv(header, *rows(*["Kartu Keluarga"] * 4)),  # fewer than five would be "lainnya"
    }
    made = raw.cleaned(tmp_path, files)
    assert made.responses["service"].tolist() == ["Kartu Keluarga"] * 5


def test_three_slips_among_letters_are_no_other_scale(tmp_path: Path):
    letters = [[i, "Dinas A", *"abcdabcda"] for i in range(40)]
    for row in letters[:3]:
        row[2] = "5"
    made = raw.cleaned(tmp_path, {"a.csv": raw.wide(*letters)})
    assert len(made.responses) == 40
    assert raw.reasons(made)["out-of-range"] == 3


def test_the_same_file_twice_is_counted_once_however_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ordered_threads, "WORTH_IT", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    text = raw.wide([1, "Dinas A", *raw.THREES], [2, "Dinas B", *raw.THREES])
    made = raw.cleaned(tmp_path, {"a.csv": text, "b.csv": text})
    assert len(made.responses) == 2
    assert raw.reasons(made)["same-file"] == 2


def test_stored_answers_are_the_answers_and_say_which_units_a_group_of_rows_holds(
    dirty: Path, tmp_path: Path
):
    import pyarrow.parquet as pq

    made = intake.clean(survey.load(dirty, "2024"))
    intake.write(made, survey.load(dirty, "2024"), tmp_path)
    path = tmp_path / "responses.parquet"
    # A column nobody filled comes back with categories of another kind, of which there are none.
    stored = pd.read_parquet(path)
    assert_frame_equal(stored, made.responses, check_exact=True, check_categorical=False, check_dtype=False)
    group = pq.read_metadata(path).row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert columns["unit"].statistics.has_min_max
    assert columns["U1"].statistics is None
    for name in ("respondent", "source_row", "answered_at"):
        assert "DELTA_BINARY_PACKED" in columns[name].encodings


@HARD
@given(st.lists(st.one_of(TEXT, st.text(max_size=4)), max_size=30))
def test_what_is_read_off_the_bytes_of_texts_is_what_the_texts_say(texts: list[str]):
    texts = [text for text in texts if not any("\ud800" <= c <= "\udfff" for c in text)]
    values = values_of(texts)
    starts = [bool(t) and (t[0] in string.ascii_letters or t[0] > "\x7f") for t in texts]
    assert vectorised_text.letter_first(values).tolist() == starts
    suspects = vectorised_text.untrimmed(vectorised_text.arrow(values))
    assert all(suspect or text == text.strip() for text, suspect in zip(texts, suspects))
    assert (
        vectorised_text.untrimmed(vectorised_text.arrow(values_of(["a", "U-1", "", "~!"]))).tolist()
        == [False] * 4
    )


@HARD
@given(
    st.lists(
        st.tuples(st.integers(1, 9999), st.integers(0, 14), st.integers(0, 33), st.integers(0, 25), st.integers(0, 61)),
        min_size=1, max_size=40,
    ),
    st.booleans(),
)  # fmt: skip
def test_quick_moments_are_those_of_the_calendar(parts: list[tuple[int, ...]], gap: bool):
    texts = [f"{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:59" for y, mo, d, h, mi in parts]
    if gap:  # not one after the other in memory
        texts.insert(len(texts) // 2, "x")
    for text, moment in zip(texts, vectorised_text.iso_moments(values_of(texts))):
        try:
            assert moment.item() == dt.datetime.fromisoformat(text)
        except ValueError:
            assert np.isnat(moment)
