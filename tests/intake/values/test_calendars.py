"""Dates: one calendar per form, told by its files, the fieldwork, AM and PM; cells a spreadsheet exchanged."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest

from pipeline import intake
from tests.support.raw_surveys import LABELS, THREES, balance, csv, reasons
from tests.support.raw_surveys import cleaned as cleaned_as

DAYS = [dt.datetime(2025, 6, n, 9, n) for n in (2, 4, 5, 9, 11, 12, 13, 16, 18, 20, 23, 24)]
MARCH = [dt.datetime(2025, 3, n, 9, n) for n in (1, 2, 4, 5, 6, 10)]
LATE = [dt.datetime(2025, 3, n, 9, n) for n in (13, 14, 20, 25)]
US, ID = "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S"


def cleaned(root: Path, files: dict[str, str | bytes], definition: str = "") -> intake.Intake:
    return cleaned_as(root, files, definition, name="2025")


def moments(made: intake.Intake) -> list[dt.datetime]:
    return sorted(made.responses["answered_at"].dt.to_pydatetime().tolist())


def file(days: list[dt.datetime], how: str, header: str = "Timestamp") -> str:
    return csv(["unit", header, *LABELS], *[["a", day.strftime(how), *THREES] for day in days])


def workbook(cells: list[object], header: str = "Timestamp", kind: str = "xlsx") -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["unit", header, *LABELS])
    for cell in cells:
        sheet.append(["a", cell, *THREES])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened_elsewhere(days: list[dt.datetime], text: str) -> list[object]:
    """What a spreadsheet of the other calendar makes of texts: cells of what it can read, exchanged."""
    return [
        day.replace(month=day.day, day=day.month) if day.day <= 12 else day.strftime(text) for day in days
    ]


@pytest.mark.parametrize("text", [ID, US, "%d-%m-%Y %H.%M", "%d.%m.%Y"])
@pytest.mark.parametrize("definition", ["", "fieldwork: {start: 2025-06-01, end: 2025-06-30}\n"])
def test_cells_that_a_spreadsheet_exchanged_are_exchanged_back_and_said_once(
    tmp_path: Path, text: str, definition: str
):
    made = cleaned(tmp_path, {"a.xlsx": workbook(opened_elsewhere(DAYS, text))}, definition)
    assert {m.date() for m in moments(made)} == {day.date() for day in DAYS}
    assert reasons(made) == {"exchanged-date": 6}
    (said,) = made.problems
    assert (said.column, said.fatal) == ("Timestamp", False)
    assert said.what.startswith("6 different date cells have days up to 12 only beside texts such as")
    assert "exchanged back" in said.what
    balance(made)


def test_a_csv_saved_from_such_a_sheet_is_the_same_case(tmp_path: Path):
    cells = [c if isinstance(c, str) else c.isoformat(" ") for c in opened_elsewhere(DAYS, ID)]
    made = cleaned(
        tmp_path, {"a.csv": csv(["unit", "Timestamp", *LABELS], *[["a", c, *THREES] for c in cells])}
    )
    assert moments(made) == DAYS


def test_only_exchanged_cells_are_told_by_the_fieldwork(tmp_path: Path):
    early = [dt.datetime(2025, 6, n, 8) for n in (2, 3, 4, 9, 10, 11, 12)]
    files = {"a.xlsx": workbook(opened_elsewhere(early, ID))}
    made = cleaned(tmp_path, files, "fieldwork: {start: 2025-06-01, end: 2025-06-30}\n")
    assert moments(made) == early
    assert reasons(made) == {"exchanged-date": 7}
    silent = cleaned(tmp_path / "2", files)
    assert reasons(silent) == {}


def test_few_cells_are_told_by_the_months_of_the_texts(tmp_path: Path):
    few = [DAYS[0], DAYS[2], DAYS[7], DAYS[9]]
    made = cleaned(tmp_path, {"a.xlsx": workbook(opened_elsewhere(few, ID))})
    assert moments(made) == few


@pytest.mark.parametrize("cells", [
    DAYS,  # plain date cells
    [day.strftime(ID) for day in DAYS],  # plain texts
    [*DAYS[:6], "20 Juni 2025", "23 Juni 2025"],  # cells and texts that name the month
    [DAYS[0], DAYS[8], *[day.strftime(ID) for day in DAYS[6:]]],  # a cell with a day above 12
    [DAYS[0], "13/06/2025", "02/06/2025"],  # a text with a day up to 12
])  # fmt: skip
def test_cells_that_nobody_exchanged_stay(tmp_path: Path, cells: list[object]):
    made = cleaned(tmp_path, {"a.xlsx": workbook(cells)})
    assert all(m.month == 6 for m in moments(made))
    assert reasons(made) == {}
    assert not made.problems


def test_a_mix_too_small_to_tell_is_said_and_left(tmp_path: Path):
    cells: list[object] = [dt.datetime(2025, 2, 6), "13/06/2025"]
    made = cleaned(tmp_path, {"a.xlsx": workbook(cells)})
    assert moments(made)[0] == dt.datetime(2025, 2, 6)
    assert "they are read as they stand" in made.problems[0].what


def test_the_definition_ends_all_guessing(tmp_path: Path):
    definition = "files:\n- {path: a.xlsx, dates: day-first}\n"
    made = cleaned(tmp_path, {"a.xlsx": workbook(opened_elsewhere(DAYS, ID))}, definition)
    assert moments(made)[0] == dt.datetime(2025, 2, 6, 9, 2)
    assert not made.problems
    stated = cleaned(
        tmp_path / "2", {"a.csv": file(MARCH, US)}, "files:\n- {path: a.csv, dates: month-first}\n"
    )
    assert moments(stated) == MARCH


#: What shows that 3/4/2025 is a day of March: other files, the definition.
TOLD = {
    "a sibling before it": ({"a.csv": (LATE, US), "b.csv": (MARCH, US)}, ""),
    "a sibling after it": ({"a.csv": (MARCH, US), "b.csv": (LATE, US)}, ""),
    "fieldwork": ({"a.csv": (MARCH, US)}, "fieldwork: {start: 2025-03-01, end: 2025-03-31}\n"),
    "a quarter": ({"a.csv": (MARCH, US)}, "period: 2025-tw1\n"),
    "a month": ({"a.csv": (MARCH, US)}, "period: 2025-03\n"),
    "AM and PM": ({"a.csv": (MARCH, "%m/%d/%Y %I:%M:%S %p")}, ""),
    "a narrow blank before PM": ({"a.csv": (MARCH, "%m/%d/%Y %I:%M\u202f%p")}, ""),
    "two digits of the year": ({"a.csv": (MARCH, "%m/%d/%y %H:%M")}, "period: 2025-tw1\n"),
}


@pytest.mark.parametrize("name", TOLD)
def test_days_up_to_twelve_follow_the_calendar_of_their_form(tmp_path: Path, name: str):
    files, definition = TOLD[name]
    made = cleaned(tmp_path, {f: file(*what) for f, what in files.items()}, definition)
    assert {m.date() for m in moments(made)} == {day.date() for days, _ in files.values() for day in days}
    assert not reasons(made)
    (said,) = made.problems
    assert "are read with the month first, " in said.what


def test_the_same_holds_day_first(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": file(LATE, ID), "b.csv": file(MARCH, ID)})
    assert moments(made) == sorted([*LATE, *MARCH])
    assert not made.problems
    made = cleaned(
        tmp_path / "2", {"b.csv": file(MARCH, ID)}, "fieldwork: {start: 2025-03-01, end: 2025-03-31}\n"
    )
    assert moments(made) == MARCH
    assert not made.problems


def test_another_form_is_no_sibling(tmp_path: Path):
    other = file(LATE, US).replace("Timestamp", "Cap waktu")
    made = cleaned(tmp_path, {"a.csv": other, "b.csv": file(MARCH, ID)})
    assert moments(made) == sorted([*LATE, *MARCH])
    (said,) = made.problems
    assert "no date shows whether the day or the month stands first" in said.what
    assert "dates: day-first" in said.hint


def test_siblings_that_contradict_one_another_leave_it_open(tmp_path: Path):
    made = cleaned(tmp_path, {"a.csv": file(LATE, US), "b.csv": file(LATE, ID), "c.csv": file(MARCH, ID)})
    assert moments(made) == sorted([*LATE, *LATE, *MARCH])
    assert [p.file for p in made.problems if "no date shows" in p.what] == ["c.csv"]


def test_one_column_of_two_calendars_is_said_once(tmp_path: Path):
    rows = [["a", day.strftime(ID if i % 2 else US), *THREES] for i, day in enumerate(LATE * 2)]
    made = cleaned(tmp_path, {"a.csv": csv(["unit", "Timestamp", *LABELS], *rows)})
    (said,) = [p for p in made.problems if "the month first" in p.what]
    assert (
        said.what
        == "2 different dates have the day first (14/03) and 2 the month first (03/13): read with the day first"
    )
    assert reasons(made) == {"impossible-date": 4}


def test_dates_of_another_year_are_said_and_counted(tmp_path: Path):
    days = [*DAYS, dt.datetime(2024, 6, 3), dt.datetime(2052, 6, 3), dt.datetime(2024, 6, 5)]
    files = {"a.csv": file(days, "%Y-%m-%d %H:%M:%S")}
    made = cleaned(tmp_path, files, "period: 2025\n")
    (said,) = made.problems
    assert said.what == "3 of 15 dates are not in 2025 but elsewhere: 2 in 2024, 1 in 2052"
    spanning = cleaned(tmp_path / "2", {"a.csv": file([*DAYS, dt.datetime(2024, 12, 30)], "%Y-%m-%d")},
                       "period: 2025\nfieldwork: {start: 2024-12-01, end: 2025-06-30}\n")  # fmt: skip
    assert not spanning.problems


def test_many_unreadable_dates_are_said_once_per_column(tmp_path: Path):
    rows = [["a", "kemarin sore" if i % 2 else "2025-06-02", *THREES] for i in range(12)]
    made = cleaned(tmp_path, {"a.csv": csv(["unit", "Tanggal", *LABELS], *rows)}, "period: 2025\n")
    (said,) = made.problems
    assert said.what == '6 of 12 dates cannot be read: "kemarin sore" (6)'
    assert said.column == "Tanggal"


def test_a_proposal_gives_the_span_of_the_calendar_it_found(tmp_path: Path):
    from pipeline.intake.propose.proposal import propose

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(file(LATE, US), encoding="utf-8")
    (tmp_path / "in" / "b.csv").write_text(file(MARCH, US), encoding="utf-8")
    looks = propose(tmp_path / "in", "2025").looks
    assert [(look.first, look.last) for look in looks] == [
        ("2025-03-13", "2025-03-25"),
        ("2025-03-01", "2025-03-10"),
    ]
    (tmp_path / "c.xlsx").write_bytes(workbook(opened_elsewhere(DAYS, ID)))
    (look,) = propose(tmp_path / "c.xlsx", "2025").looks
    assert (look.first, look.last) == ("2025-06-02", "2025-06-24")


def test_tables_of_respondents_keep_each_its_own_calendar(tmp_path: Path):
    people = lambda first, days, how: csv(  # noqa: E731
        ["id responden", "unit", "tanggal"],
        *[[first + i, "a", day.strftime(how)] for i, day in enumerate(days)],
    )
    answers = [
        [i, code, 3] for i in (*range(1, 5), *range(11, 15)) for code in [f"U{n}" for n in range(1, 10)]
    ]
    files = {
        "r1.csv": people(1, LATE, ID),
        "r2.csv": people(11, LATE, US),
        "j.csv": csv(["id responden", "item", "jawaban"], *answers),
    }
    definition = (
        "order: form\nfiles:\n- {path: 'r*.csv', role: respondents, join: x}\n"
        "- {path: j.csv, role: answers, join: x}\n"
    )
    made = cleaned(tmp_path, files, definition)
    assert moments(made) == sorted([*LATE, *LATE])
    assert not reasons(made)


def test_an_opendocument_sheet_is_the_same_case(tmp_path: Path):
    from tests.support import office_files

    cells = [str(cell) for cell in opened_elsewhere(DAYS, ID)]
    rows: list[list[object]] = [["unit", "Timestamp", *LABELS], *[["a", cell, *THREES] for cell in cells]]
    made = cleaned(tmp_path, {"a.ods": office_files.ods({"Data": rows})})
    assert moments(made) == DAYS


def test_a_period_in_words_tells_its_year_as_well(tmp_path: Path):
    files = {"a.csv": file([*DAYS, dt.datetime(2052, 6, 3)], "%Y-%m-%d %H:%M:%S")}
    (said,) = cleaned(tmp_path, files, "period: Semester I 2025\n").problems
    assert said.what == "1 of 13 dates are not in 2025 but elsewhere: 1 in 2052"
