"""How each year's offices kept their answers: one function per kind of file.

2025 mixes three shapes: an online form (question texts as headers, option texts as answers),
one workbook per agency (scores, a title above and totals below), and a kiosk's two long
tables (letters). 2024 has bare codes in the order of the questionnaire, where 8 is sarana;
2023 in the order of the processing form, where 8 is pengaduan. Each file comes with the
entry that tells the reader how to read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.demo import wording
from pipeline.demo.city import DemoUnit
from pipeline.demo.model import ITEMS, fieldwork
from pipeline.demo.records import Record
from pipeline.demo.sheets import Sheet

#: A kiosk reports an answer that does not apply in these words.
NOT_APPLICABLE = "Tidak berlaku"


@dataclass
class Raw:
    """The raw files of one year: tables, and the entries of ``files:`` in ``survey.yml``."""

    year: int
    sheets: list[Sheet] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)

    def add(self, sheets: Sequence[Sheet], **entry: Any) -> None:
        """Add tables and the entry that reads them; nothing when no unit has rows."""
        if sheets:
            self.sheets += sheets
            self.entries.append(entry)


def _answer(value: Any, item: str, style: str) -> Any:
    if value is None:
        return None
    if value == "na":
        return NOT_APPLICABLE
    if style == "text":
        return wording.option(item, value)
    if style == "lettered":
        return f"{'abcd'[value - 1]}. {wording.option(item, value)}"
    return "abcd"[value - 1] if style == "letter" else value


def _identity(role: str, number: int) -> str:
    # Nobody's: no such prefix, no such domain, and 99 is no province.
    return {
        "name": f"Responden {number:04d}",
        "phone": f"0810000{number:05d}",
        "email": f"responden{number:04d}@contoh.invalid",
        "nik": f"99999900{number:08d}",
    }[role]


def _cell(
    role: str,
    record: Record,
    number: int,
    prefix: str,
    style: str,
    words: wording.Words,
    names: Mapping[str, str],
) -> Any:
    if role in ("name", "phone", "email", "nik"):
        return _identity(role, number)
    if role == "respondent":
        return f"{prefix}{number:05d}" if prefix else number
    if role in ITEMS:
        return _answer(record[role], role, style)
    if role == "unit":
        return names[record["unit"]]
    if role in ("sex", "education", "occupation"):
        return getattr(words, role)[record[role]]
    if role == "disability":
        return "Ya" if record[role] == "yes" else "Tidak"
    if role == "interviewer":
        return f"Petugas {record[role]:02d}"
    return record[role]


def sheet(
    path: str,
    columns: Sequence[tuple[str, str]],
    records: Sequence[Record],
    style: str,
    names: Mapping[str, str],
    *,
    words: wording.Words = wording.FORMAL,
    prefix: str = "",
    date: Callable[[dt.datetime], Any] | None = None,
    start: int = 1,
    **more: Any,
) -> Sheet:
    """Build a table from questionnaires: ``columns`` pairs the role of a column with its header.

    Examples
    --------
    >>> sheet("a.csv", [("U1", "U1")], [{"unit": "x", "U1": 3}], "letter", {}, year=2025).rows
    [['c']]
    """
    rows = []
    for number, record in enumerate(records, start):
        row = [_cell(role, record, number, prefix, style, words, names) for role, _ in columns]
        if date is not None:
            row = [date(value) if isinstance(value, dt.datetime) else value for value in row]
        rows.append(row)
    return Sheet(
        path=path,
        roles=[role for role, _ in columns],
        headers=[header for _, header in columns],
        rows=rows,
        owners=[record["unit"] for record in records],
        style=style,
        **more,
    )


def _split(
    units: Sequence[DemoUnit], records: Mapping[str, list[Record]], *kinds: str
) -> list[tuple[DemoUnit, list[Record]]]:
    # Units of the given types that have questionnaires; no kinds: all.
    return [(u, records[u.id]) for u in units if (not kinds or u.type in kinds) and records.get(u.id)]


def _joined(parts: Sequence[tuple[DemoUnit, list[Record]]]) -> list[Record]:
    return sorted((r for _, rows in parts for r in rows), key=lambda r: (r["answered_at"], r["unit"]))


_VILLAGE = ("kelurahan", "kecamatan")
_CLINIC = ("puskesmas",)


def _offices(units: Sequence[DemoUnit]) -> tuple[str, ...]:
    return tuple(sorted({u.type for u in units} - {*_VILLAGE, *_CLINIC})) or ("-",)


_HEADERS = (
    lambda i, item: f"U{i} {wording.short(item)}",
    lambda i, item: f"{i}. {wording.label(item)}",
    lambda i, item: f"{wording.short(item)} (U{i})",
)


def _workbook(unit: DemoUnit, rows: list[Record], year: int, variant: int) -> Sheet:
    head = _HEADERS[variant % len(_HEADERS)]
    columns = [
        ("respondent", "No. Responden"), ("answered_at", "Tanggal Survei"), ("entered_at", "Tanggal Entri"),
        ("interviewer", "Petugas"), ("service", "Jenis Layanan"), ("sex", ("Jenis Kelamin", "JK", "L/P")[variant % 3]),
        ("age", ("Umur", "Usia", "Usia (tahun)")[variant % 3]),
        ("education", ("Pendidikan", "Pendidikan Terakhir", "Pendidikan")[variant % 3]), ("occupation", "Pekerjaan"),
        *((item, head(i, item)) for i, item in enumerate(wording.order("form"), 1)),
        ("suggestion", ("Saran", "Saran/Masukan", "Kritik dan Saran")[variant % 3]),
    ]  # fmt: skip
    table = sheet(
        f"opd/{unit.id}.xlsx", columns, rows, "score", {},
        words=(wording.SHORT, wording.OFFICE)[variant % 2], year=year, name="Rekap",
    )  # fmt: skip
    table.above = [
        ["REKAPITULASI KUESIONER SURVEI KEPUASAN MASYARAKAT"],
        [unit.name.upper()],
        [f"Periode: {fieldwork(year)[0]:%d/%m/%Y} s.d. {fieldwork(year)[1]:%d/%m/%Y}"],
        [],
    ][: 2 + variant % 3]
    table.below = _totals(table)
    return table


def _totals(table: Sheet) -> list[list[Any]]:
    # Sum, NRR and weighted NRR, as every recapitulation sheet has them under the last row.
    sums: list[Any] = [None] * len(table.roles)
    means, weighted = list(sums), list(sums)
    sums[0], means[0], weighted[0] = "Jumlah", "NRR", "NRR tertimbang"
    for column in table.items():
        values = [row[column] for row in table.rows if isinstance(row[column], int)]
        if values:
            sums[column] = sum(values)
            means[column] = round(sum(values) / len(values), 3)
            weighted[column] = round(sum(values) / len(values) * 0.111, 3)
    return [sums, means, weighted]


def year_2025(units: Sequence[DemoUnit], records: Mapping[str, list[Record]], year: int = 2025) -> Raw:
    """Give an online form, workbooks per agency, and a kiosk's long tables."""
    raw = Raw(year)
    names = {u.id: u.name for u in units}
    online = _joined(_split(units, records, *_VILLAGE))
    form = [
        ("answered_at", "Timestamp"), ("name", "Nama Lengkap"), ("phone", "Nomor HP/WhatsApp"),
        ("unit", "Nama Kelurahan/Kecamatan"), ("service", "Jenis layanan yang diterima"), ("sex", "Jenis Kelamin"),
        ("age", "Usia"), ("education", "Pendidikan Terakhir"), ("occupation", "Pekerjaan Utama"),
        ("disability", "Apakah Anda penyandang disabilitas?"),
        *((item, wording.question(item)) for item in wording.order("questionnaire")),
        ("suggestion", "Saran dan masukan"),
    ]  # fmt: skip
    if online:
        table = sheet("formulir-daring.csv", form, online, "text", names, year=year,
                      date=lambda t: t.strftime("%Y/%m/%d %H:%M:%S"))  # fmt: skip
        raw.add(
            [table], path="formulir-daring.csv", columns={"unit": "Nama Kelurahan/Kecamatan"}, mode="online"
        )
    books = [
        _workbook(u, rows, year, i) for i, (u, rows) in enumerate(_split(units, records, *_offices(units)))
    ]
    raw.add(
        books, path="opd/*.xlsx", unit={"file": True}, columns={"interviewer": "Petugas"}, mode="self-paper"
    )
    _kiosk(raw, units, records)
    return raw


def _kiosk(raw: Raw, units: Sequence[DemoUnit], records: Mapping[str, list[Record]]) -> None:
    rows = _joined(_split(units, records, *_CLINIC))
    if not rows:
        return
    people = sheet(
        "puskesmas/responden.csv",
        [("respondent", "id_responden"), ("unit", "unit"), ("service", "layanan"), ("answered_at", "waktu"),
         ("sex", "jenis_kelamin"), ("age", "umur"), ("education", "pendidikan"), ("occupation", "pekerjaan"),
         ("nik", "nik"), ("email", "email"), ("suggestion", "saran")],
        rows, "letter", {u.id: u.id for u in units}, words=wording.SHORT, prefix="KS", year=raw.year,
    )  # fmt: skip
    long: list[list[Any]] = []
    owners: list[str] = []
    for person, record in zip(people.rows, rows):
        for item in wording.order("form"):
            if record[item] is not None:
                long.append([person[0], item, _answer(record[item], item, "letter")])
                owners.append(record["unit"])
    answers = Sheet(
        "puskesmas/jawaban.csv", ["respondent", "item", "answer"], ["id_responden", "unsur", "jawaban"],
        long, owners, "letter", raw.year,
    )  # fmt: skip
    raw.add([people], path="puskesmas/responden.csv", role="respondents", join="kios", mode="kiosk")
    raw.add([answers], path="puskesmas/jawaban.csv", role="answers", join="kios")


def year_2024(units: Sequence[DemoUnit], records: Mapping[str, list[Record]], year: int = 2024) -> Raw:
    """Bare codes in the order of the questionnaire: in this year 8 means sarana."""
    raw = Raw(year)
    names = {u.id: u.name for u in units}
    order = wording.order("questionnaire")
    offices = _joined(_split(units, records, *_offices(units)))
    profile = [("sex", "JK"), ("age", "Umur"), ("education", "Pendidikan"), ("occupation", "Pekerjaan")]
    if offices:
        columns = [
            ("respondent", "ID Kuesioner"), ("unit", "Perangkat Daerah"), ("service", "Layanan"),
            ("answered_at", "Tanggal Survei"), ("entered_at", "Tanggal Entri"), ("interviewer", "Petugas"), *profile,
            *((item, f"U{i}") for i, item in enumerate(order, 1)), ("suggestion", "Saran"),
        ]  # fmt: skip
        table = sheet(
            "opd-2024.xlsx", columns, offices, "score", names, words=wording.OFFICE, prefix="K", year=year
        )
        raw.add([table], path="opd-2024.xlsx", columns={"interviewer": "Petugas"}, mode="self-paper")
    village = _joined(_split(units, records, *_VILLAGE))
    if village:
        columns = [
            ("respondent", "Kode Responden"), ("unit", "Unit Layanan"), ("service", "Layanan"),
            ("answered_at", "Tanggal"), *profile, *((item, f"Q{i}") for i, item in enumerate(order, 1)),
            ("suggestion", "Saran"),
        ]  # fmt: skip
        table = sheet(
            "kelurahan-2024.csv", columns, village, "letter", names, words=wording.SHORT, prefix="V", year=year,
            delimiter=";", encoding="cp1252", date=lambda t: t.strftime("%d/%m/%Y %H:%M"),
        )  # fmt: skip
        raw.add([table], path="kelurahan-2024.csv", mode="online")
    clinics = [
        sheet(
            "puskesmas-2024.xlsx",
            [("respondent", "No. Responden"), ("service", "Poli"), ("answered_at", "Tanggal"), *profile,
             *((item, wording.label(item)) for item in order), ("suggestion", "Saran")],
            rows, "lettered", {}, year=year, name=u.name[:31],
        )
        for u, rows in _split(units, records, *_CLINIC)
    ]  # fmt: skip
    raw.add(
        clinics, path="puskesmas-2024.xlsx", sheet="*", unit={"sheet": True}, columns={"service": "Poli"},
        mode="self-paper",
    )  # fmt: skip
    return raw


def year_2023(units: Sequence[DemoUnit], records: Mapping[str, list[Record]], year: int = 2023) -> Raw:
    """Bare codes in the order of the processing form: in this year 8 means pengaduan."""
    raw = Raw(year)
    names = {u.id: (u.aliases[0] if u.aliases else u.name) for u in units}
    order = wording.order("form")
    kinds = (*_offices(units), *_VILLAGE)
    rows = _joined(_split(units, records, *kinds))
    if rows:
        columns = [
            ("respondent", "id"), ("unit", "Unit"), ("service", "Jenis Layanan"), ("answered_at", "Tanggal"),
            ("sex", "Jenis Kelamin"), ("age", "Usia"), ("education", "Pendidikan"), ("occupation", "Pekerjaan"),
            *((item, f"U{i}") for i, item in enumerate(order, 1)), ("suggestion", "Saran"),
        ]  # fmt: skip
        table = sheet("skm-2023.csv", columns, rows, "score", names, words=wording.SHORT, prefix="R", year=year,
                      encoding="utf-8-sig", date=lambda t: t.strftime("%d-%m-%Y"))  # fmt: skip
        raw.add([table], path="skm-2023.csv", mode="self-paper")
    clinics = _joined(_split(units, records, *_CLINIC))
    if clinics:
        columns = [
            ("respondent", "No. Responden"), ("unit", "Nama Puskesmas"), ("service", "Poli"),
            ("answered_at", "Tanggal"),
            ("sex", "Jenis Kelamin"), ("age", "Umur"), ("education", "Pendidikan"), ("occupation", "Pekerjaan"),
            *((item, wording.short(item)) for item in order), ("suggestion", "Saran"),
        ]  # fmt: skip
        table = sheet(
            "puskesmas-2023.xlsx", columns, clinics, "text", {u.id: u.name for u in units}, year=year
        )
        headers = {"unit": "Nama Puskesmas", "service": "Poli"}
        raw.add([table], path="puskesmas-2023.xlsx", columns=headers, mode="self-paper")
    return raw


def order_of(year: int) -> str:
    """Return which of the regulation's two orders the bare codes of a year follow."""
    return "questionnaire" if year % 2 == 0 else "form"


def build(year: int, units: Sequence[DemoUnit], records: Mapping[str, list[Record]]) -> Raw:
    """Tables and entries of a year; years outside 2023-2025 reuse the shapes in turn.

    Examples
    --------
    >>> build(2025, (), {}).sheets
    []
    """
    if year % 2 == 0:
        return year_2024(units, records, year)
    return year_2023(units, records, year) if year == 2023 else year_2025(units, records, year)
