"""Guess what columns are by nothing but their content.

"Sangat cepat" is an answer about time whatever its header says. Several unsur share their
options ("sesuai"): these are told apart only where the columns stand in an order of the
regulation. All of it is a guess, and is proposed, never used without being written down.
"""

from __future__ import annotations

import re

import numpy as np

from pipeline.intake.columns.fields import looks_like_dates
from pipeline.intake.columns.headers import Column, Header
from pipeline.intake.files.table import RawTable
from pipeline.intake.values.items import ItemSet
from pipeline.survey.text import fold

#: How a column was found that is only guessed.
GUESSES = ("options", "options-and-order", "content-guess", "dates-guess")
#: A unit column repeats its values; more than this many different ones are no list of units.
MOST_UNITS = 2000
#: Words of a header under which units stand, beside those a run recognises by itself.
_UNIT_WORDS = re.compile(
    r"\b(?:unit|opd|skpd|instansi|dinas|perangkat daerah|badan|kantor|loket|gerai|poli|puskesmas|kelurahan"
    r"|kecamatan|desa|agency|office|counter)\b"
)
_PARTS = re.compile(
    r"\b(?:lokasi|poliklinik|instalasi|cabang|ruang|ruangan|rawat|bangsal|rs|rsud|rumah sakit|klinik"
    r"|sekolah|fakultas|prodi|program studi"
    r"|bidang"
    r"|bagian|divisi|departemen|upt|uptd|satker|wilayah|kabupaten|kota|provinsi|tempat|branch|department|faculty|school"
    r"|site|facility|hospital|clinic|ward|division|location|region|district)\b"
)
#: Share of a column's answers that must be options of an unsur.
ENOUGH = 0.9


def by_options(table: RawTable, header: Header, items: ItemSet) -> tuple[Column, ...]:
    """Return the columns with those filled in that their answers tell.

    Examples
    --------
    >>> from pipeline.survey import Definition, FileEntry, Survey
    >>> from pipeline.intake.columns import headers
    >>> from pipeline.intake.values import items
    >>> from pipeline.intake.files.table import from_rows
    >>> from pathlib import Path
    >>> survey = Survey("x", Path(), Definition(title="x"), (), "")
    >>> nine = items.itemset(survey, ())
    >>> rows = [["G01Q02", "Usia", "JK"], ["Sangat cepat", "31", "L"], ["Cepat", "40", "P"]]
    >>> found = headers.resolve(from_rows("a.csv", "", rows), FileEntry(path=["a"]), nine, None)
    >>> by_options(from_rows("a.csv", "", rows), found, nine)[0].field
    'U3'
    """
    below = np.arange(header.row + 1, table.height)
    taken = {column.field for column in header.columns if column.field}
    fits: dict[int, list[str]] = {}
    for column in header.columns:
        if column.field or column.how not in ("not-used",):
            continue
        counts = table.columns[column.index].take(below).used()
        total = sum(counts.values())
        if not total or len(counts) > 12:
            continue
        fits[column.index] = [
            code
            for code, reader in items.readers.items()
            if code not in taken
            and reader.official
            and sum(n for t, n in counts.items() if fold(t) in reader.official) >= ENOUGH * total
        ]
    told = {index: codes[0] for index, codes in fits.items() if len(codes) == 1}
    told = {index: code for index, code in told.items() if list(told.values()).count(code) == 1}
    shared = [index for index, codes in fits.items() if codes]
    placed = _in_order(items, {index: fits[index] for index in shared}, taken)
    columns = []
    for column in header.columns:
        code, how = told.get(column.index, ""), "options"
        if column.index in placed and (not code or placed[column.index] == code):
            code, how = placed[column.index], how if code else "options-and-order"
        columns.append(Column(column.index, column.header, code, how) if code else column)
    return tuple(columns)


def _in_order(items: ItemSet, fits: dict[int, list[str]], taken: set[str]) -> dict[int, str]:
    """Return the one way in which the columns follow an order of the regulation, if there is one."""
    ways = []
    for codes in items.orders.values():
        left = [code for code in codes if code not in taken]
        if len(left) == len(fits) and all(code in fits[i] for i, code in zip(sorted(fits), left)):
            way = dict(zip(sorted(fits), left))
            if way not in ways:
                ways.append(way)
    return ways[0] if len(ways) == 1 else {}


def with_unit(
    table: RawTable, header: Header, columns: tuple[Column, ...], wide: bool = False
) -> tuple[Column, ...]:
    """Take for the unit a column that is called like one and repeats its values.

    ``wide``: also under words for parts of an office or a school, which own questionnaires compare.
    """
    if any(column.field == "unit" for column in columns):
        return columns
    below = slice(header.row + 1, table.height)
    words = (_UNIT_WORDS, _PARTS) if wide else (_UNIT_WORDS,)
    for place, column in [
        (p, c) for pattern in words for p, c in enumerate(columns) if pattern.search(fold(c.header))
    ]:
        if column.field or column.how != "not-used":
            continue
        counts = table.columns[column.index].take(below).used()
        if counts and 2 * len(counts) <= sum(counts.values()) and len(counts) <= MOST_UNITS:
            taken = Column(column.index, column.header, "unit", "content-guess")
            return (*columns[:place], taken, *columns[place + 1 :])
    return columns


def with_dates(table: RawTable, header: Header, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Take a column of dates for the time of answering, where none is called so."""
    if any(column.field in ("answered_at", "entered_at") for column in columns):
        return columns
    below = slice(header.row + 1, table.height)
    for place, column in enumerate(columns):
        if column.how == "not-used" and looks_like_dates(table.columns[column.index].take(below)):
            taken = Column(column.index, column.header, "answered_at", "dates-guess")
            return (*columns[:place], taken, *columns[place + 1 :])
    return columns
