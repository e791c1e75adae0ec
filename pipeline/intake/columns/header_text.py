"""What a header cell may say: the text itself, the row of a grid, the last step of a path.

Forms write more into a header than the question. A grid of Google Forms or LimeSurvey puts the
row into brackets (``Penilaian [Persyaratan]``, ``SKM[U1]``), KoboToolbox the groups in front
(``profil/jenis_kelamin``), a table of two header rows numbers under one merged cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.intake.files.table import RawTable, letter
from pipeline.intake.ground.coded import Coded, compact
from pipeline.survey.text import fold

_ROW = re.compile(r"\[([^\[\]]+)\]\s*$")
#: Groups of our own XLSForm, before whichever sign a server puts between a group and its question.
_GROUP = re.compile(r"^skm\w*(?:::|[-:.])(.+)$", re.I)
_NUMBERED = re.compile(r"unsur|pertanyaan|soal|indikator|aspek|butir|nilai|skor")
_COLUMN = re.compile(r"^(?:kolom|column)\s+([A-Za-z]{1,3})$", re.I)
#: Fewer consecutive numbers than this under one cell are no list of items.
ENOUGH = 4


def candidates(header: str) -> list[str]:
    """Return the texts of a header that may name a column, the whole one first.

    Examples
    --------
    >>> candidates("Penilaian [Persyaratan]"), candidates("profil/jenis_kelamin")
    (['Penilaian [Persyaratan]', 'Persyaratan'], ['profil/jenis_kelamin', 'jenis_kelamin'])
    >>> candidates("skm/Biaya/tarif")
    ['skm/Biaya/tarif', 'Biaya/tarif', 'tarif']
    >>> candidates("skm_profil-sex")
    ['skm_profil-sex', 'sex']
    """
    texts = [header]
    match = _ROW.search(header)
    if match:
        texts.append(match[1].strip())
    # A question may hold a slash itself: every step of the path may be where it begins.
    steps = header.split("/")
    if match := _GROUP.match(header):
        texts.append(match[1].strip())
    texts += [text for at in range(1, len(steps)) if (text := "/".join(steps[at:]).strip())]
    return texts


def numbers_below(table: RawTable, row: int) -> bool:
    """Whether the row under a header only numbers the items below one merged cell of it."""
    if row + 1 >= table.height:
        return False
    upper, lower = table.row(row), table.row(row + 1)
    filled = [(index, cell) for index, cell in enumerate(lower) if cell]
    if [cell for _, cell in filled] != [str(n) for n in range(1, len(filled) + 1)]:
        return False
    # Numbers under every header are the line that only counts columns, see `counts_columns`.
    own = sum(bool(upper[index]) for index, _ in filled)
    return len(filled) >= ENOUGH and own <= 1 and bool(_NUMBERED.search(fold(_spanning(upper, filled[0][0]))))


def _spanning(cells: Sequence[str], index: int) -> str:
    """Return the cell that covers a place: itself, else the next one to the left."""
    return next((cells[i] for i in range(index, -1, -1) if cells[i]), "")


def texts(table: RawTable, row: int) -> list[str]:
    """Return the header cells of a row; where one is empty, the cell above it (merged cells)."""
    if row < 0:
        return [f"column {letter(index)}" for index in range(table.width)]
    cells = table.row(row)
    bare = [bool(cell) and cell.isdigit() for cell in cells]
    for above in range(row - 1, max(row - 3, -1), -1):
        upper = table.row(above)
        if not any(upper):
            break
        if sum(bool(c) for c in upper) < 2:
            continue
        if sum(bare) >= ENOUGH:
            cells = [
                f"unsur {cell}" if bare[i] and _NUMBERED.search(fold(_spanning(upper, i))) else cell
                for i, cell in enumerate(cells)
            ]
        cells = [
            # What stands above an empty column is part of a title, not its header.
            cell or (upper[index] if upper[index] and table.columns[index].filled()[row + 1 :].any() else "")
            for index, cell in enumerate(cells)
        ]
    return [" ".join(cell.split()) for cell in cells]


def counts_columns(cells: Sequence[str]) -> bool:
    """Whether a row only counts the columns: (1) (2) (3) ... as official tables print it.

    Examples
    --------
    >>> counts_columns(["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]), counts_columns(list("333333"))
    (True, False)
    """
    numbers = [cell.strip("() ") for cell in cells if cell]
    return len(numbers) >= 6 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def import_ids(cells: Sequence[str]) -> bool:
    """Whether a row holds the ids that Qualtrics writes below its headers.

    Examples
    --------
    >>> import_ids(['{"ImportId":"QID1"}', '{"ImportId":"QID2"}']), import_ids(["3", "4"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    return len(filled) >= 2 and all(re.match(r'\s*\{\s*"?ImportId', cell, re.I) for cell in filled)


def locate(spellings: list[str], headers: list[str], names: Sequence[str] = ()) -> list[int]:
    """Return the columns a definition means: by header, by second name, or by "column C".

    More than one place is the caller's to refuse.
    """
    folded = [fold(header) for header in headers]
    for spelling in spellings:
        wanted, plain = fold(spelling), " ".join(spelling.split())
        for hits in (
            [i for i, header in enumerate(headers) if header == plain],
            [i for i, header in enumerate(folded) if header and header == wanted],
            [i for i, name in enumerate(names) if name and fold(name) == wanted],
        ):
            if hits:
                return hits
        match = _COLUMN.match(plain)
        if match:
            return [i for i in range(len(headers)) if letter(i) == match[1].upper()]
    return []


def apart(columns: Sequence[Coded]) -> bool:
    """Whether no row fills more than one of several columns: one question asked on several pages."""
    filled = np.zeros(len(columns[0]), dtype=np.int32)
    for column in columns:
        filled += column.filled()
    return not len(filled) or int(filled.max()) <= 1


def joined(columns: Sequence[Coded]) -> Coded:
    """Return one column of several that never fill the same row.

    Examples
    --------
    >>> from pipeline.intake.ground.coded import encode
    >>> joined([encode(["a", ""]), encode(["", "b"])]).texts().tolist()
    ['a', 'b']
    """
    values: list[str] = [""]
    codes = np.zeros(len(columns[0]), dtype=np.int32)
    for column in columns:
        there = column.filled()
        codes[there] = column.codes[there] + len(values)
        values += [str(value) for value in column.values]
    return compact(codes, values)
