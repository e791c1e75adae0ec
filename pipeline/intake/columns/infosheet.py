"""The sheets of an office's template that describe the survey: Info_Umum, Waktu_Pelaksanaan.

They are lists of parameter and value, not answers. What they say of the unit, the period and
the number of users is shown beside what the definition says; the unit is used where nothing
else names it. Names and numbers of officials are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import encode
from pipeline.intake.ground.problems import Problem
from pipeline.intake.values import dates
from pipeline.intake.values.identity import is_identity_header, mask
from pipeline.survey import Survey
from pipeline.survey.text import fold

#: What a parameter (folded) means: the first pattern that fits, in this order.
_MEANS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("identity", r"\bnip\b|\bnik\b|penanggung jawab|kepala|pejabat|nama (?:ketua|petugas|pimpinan)|telepon|email"),
        ("published", r"(?:tren|trend|nilai|hasil|ikm|skm|indeks).*\b(?:19|20)\d{2}\b"),
        ("population", r"\bpopulasi\b|jumlah (?:pengguna|pemohon|penerima|pengunjung)|\bpopulation\b"),
        ("sub_unit", r"\bupt\b|\buptd\b|nama upt"),
        ("unit", r"nama (?:dinas|opd|skpd|instansi|unit|perangkat daerah|badan|kantor)|^(?:unit|opd|instansi)\b"),
        ("forum", r"\bfkp\b|forum konsultasi publik"),
        ("service", r"(?:jenis|nama) (?:layanan|pelayanan)"),
        ("year", r"\btahun\b|^year$"),
        ("period", r"\bperiode\b|semester|triwulan|\bperiod\b"),
        ("sample", r"\bsampel\b|jumlah responden"),
        ("method", r"\bmetode\b|teknik"),
    )
)  # fmt: skip
_COLLECTING = re.compile(r"pengumpulan|pelaksanaan survei|pengisian|penyebaran|lapangan")
_HEADS = {
    "parameter",
    "keterangan",
    "uraian",
    "kegiatan",
    "isi",
    "isi data",
    "nilai",
    "no",
    "waktu",
    "tanggal",
}
_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[-/ ](?:\d{1,2}|[A-Za-z]{3,9})[-/ ]\d{4}|\d{1,2} [A-Za-z]{3,9}(?! \d{4})|\d{1,2}"
)
#: Longer sheets are no list of parameters.
MOST_ROWS = 80


@dataclass(frozen=True)
class Fact:
    """One thing a sheet says of the survey: what it means, in which words, and where."""

    name: str
    label: str
    value: str
    row: int


def read(table: RawTable) -> list[Fact]:
    """Return what a sheet of parameters says; empty when it is no such sheet.

    Examples
    --------
    >>> rows = [["Parameter", "Isi Data"], ["Nama Dinas", "Dinas A"], ["Populasi (N)", "1.200"]]
    >>> from pipeline.intake.files.table import from_rows
    >>> [(fact.name, fact.value) for fact in read(from_rows("a.xlsx", "Info_Umum", rows))]
    [('unit', 'Dinas A'), ('population', '1200')]
    """
    facts: list[Fact] = []
    pairs = 0
    if table.height > MOST_ROWS:
        return []
    for index in range(table.height):
        cells = [cell for cell in table.row(index) if cell]
        if cells and cells[0].rstrip(".").isdigit():
            cells = cells[1:]
        if len(cells) < 2 or fold(cells[0]) in _HEADS:
            continue
        label, value = cells[0], " - ".join(cells[1:])
        if len(cells) > 4 or len(label) > 120:
            return []
        pairs += 1
        name = _meaning(label, value)
        if name != "identity":
            facts.append(Fact(name, label, _plain(name, value), int(table.rows[index])))
    known = sum(fact.name != "other" for fact in facts)
    return facts if known >= 2 or (known and 2 * known >= pairs) else []


def _meaning(label: str, value: str) -> str:
    folded = fold(label)
    found = next((name for name, pattern in _MEANS if pattern.search(folded)), "other")
    if found == "identity" or is_identity_header(label):
        return "identity"
    if found in ("other", "year", "period") and _COLLECTING.search(folded) and len(days(value)) >= 1:
        return "fieldwork"
    if found == "other" and days(value):
        return "date"
    return found


def _plain(name: str, value: str) -> str:
    if name == "population":
        digits = re.sub(r"(?<=\d)[.,\s](?=\d{3}\b)", "", value)
        match = re.search(r"\d+", digits)
        return match[0] if match else mask(value)
    return mask(value)[:200]


def days(text: str) -> list[str]:
    """Return the days a text names, in ISO form; a day without a year takes the next one's.

    Examples
    --------
    >>> days("3 - 28 Juni 2024"), days("2024-03-01 s.d. 2024-03-29")
    (['2024-06-03', '2024-06-28'], ['2024-03-01', '2024-03-29'])
    """
    found: list[str] = []
    month_year = ""
    for piece in reversed(_DAY.findall(text)):
        whole = piece
        if re.fullmatch(r"\d{1,2}", piece):
            whole = f"{piece} {month_year}"
        elif not re.search(r"\d{4}", piece):
            whole = f"{piece} {month_year.rsplit(' ', 1)[-1]}"
        moment, _ = dates.parse(whole.strip())
        if moment is None:
            continue
        named = re.fullmatch(r"\d{1,2} ([A-Za-z]+ \d{4})", whole)
        month_year = named[1] if named else month_year
        found.insert(0, moment.date().isoformat())
    return found


def unit_named(facts: Sequence[Fact], spellings: Mapping[str, str]) -> str:
    """Return the unit a workbook names: one that is listed, else the section (UPT), else the agency."""
    named = [f.value for kind in ("sub_unit", "unit") for f in facts if f.name == kind]
    named = [text for text in named if fold(text)]
    return next((text for text in named if fold(text) in spellings), named[0] if named else "")


def add_unit(table: RawTable, row: int, named: str) -> None:
    """Give every row of answers the unit its workbook names, as a further column."""
    if named:
        cells = [""] * (row + 1) + [named] * (table.height - row - 1)
        if row >= 0:
            cells[row] = "unit"
        table.columns = [*table.columns, encode(cells)]
        table.names = (*table.names, "") if table.names else ()


def doubts(facts: Sequence[Fact], survey: Survey, file: str) -> list[Problem]:
    """Return where a workbook and the definition of the survey disagree about the survey."""
    found: list[Problem] = []
    unit = survey.spellings.get(fold(unit_named(facts, survey.spellings)), "")
    listed = next((u for u in survey.units if u.id == unit), None)
    for fact in facts:
        if fact.name == "population" and fact.value.isdigit() and listed is not None:
            said = "none" if listed.population is None else f"{listed.population}"
            if said != fact.value:
                found.append(
                    Problem(
                        f"says that {fact.value} people used {listed.name}; units.csv says {said}, and counts",
                        f"if the workbook is right, write population {fact.value} into units.csv",
                        file=file, row=fact.row, fatal=False,
                    )
                )  # fmt: skip
        period = survey.definition.period or survey.name
        years = re.findall(r"\b(?:19|20)\d{2}\b", fact.value)
        if fact.name in ("year", "period") and years and not any(year in period for year in years):
            found.append(
                Problem(
                    f'says "{fact.label}: {fact.value}", but the survey is {period}',
                    "is this the right file?", file=file, row=fact.row, fatal=False,
                )
            )  # fmt: skip
    return found
