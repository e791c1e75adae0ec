"""Headers of two rows, where the second only says what kind of answer the first asks for.

SurveyMonkey writes the question into the first row and, below it, "Response" or the row of a matrix;
the question of a matrix stands once, above its first column. Both rows become one.
"""

from __future__ import annotations

from pipeline.intake.columns import headerrow
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.coded import Coded, compact
from pipeline.intake.values.items import ItemSet, position
from pipeline.survey.entries import FileEntry
from pipeline.survey.text import fold

#: What the second row says of a column, in place of a header of its own.
_KIND = {
    "response", "responses", "open ended response", "open response", "answer", "answers", "value", "text", "choice",
    "respons", "respon", "jawaban", "tanggapan", "isian", "jawaban terbuka", "tanggapan terbuka", "respons terbuka",
    "jawaban bebas", "teks", "isi", "jawaban responden", "pilihan", "other please specify", "lainnya sebutkan",
    "comment", "komentar", "numeric response", "date time",
}  # fmt: skip


#: What recognised cells add up to in a row of headers, and fewer cells than any such row has.
ENOUGH, FEW = 6.0, 3


def joined(table: RawTable, row: int, entry: FileEntry, items: ItemSet) -> int:
    """Make one header of two rows, if these are two; returns its row.

    Examples
    --------
    >>> from pipeline.intake.values.items import ItemSet, position
    >>> from pipeline.intake.files.table import from_rows
    >>> items = ItemSet("x", 1, 4, {}, {}, {"persyaratan": "U1"})
    >>> rows = [["Unit", "Pendapat Anda", ""], ["Response", "Persyaratan", "Biaya"], ["a", "3", "3"]]
    >>> table = from_rows("a.csv", "", rows)
    >>> joined(table, 1, FileEntry(path=["a.csv"]), items), table.row(1)
    (1, ['Unit', 'Persyaratan', 'Pendapat Anda [Biaya]'])
    """
    for upper, lower in ((row - 1, row), (row, row + 1)):
        if upper < 0 or lower >= table.height:
            continue
        above, below = table.row(upper), table.row(lower)
        wanted = headerrow.named(entry)
        twice = all(_known(cells, wanted, items) for cells in (above, below))
        if _kinds(above, below) or (twice and not _same(above, below)):
            made = _one(above, below, wanted, items)
            table.columns = [_with(c, lower, text) for c, text in zip(table.columns, made)]
            return lower
    return row


def _known(cells: list[str], wanted: set[str], items: ItemSet) -> bool:
    """Whether a row is a header by itself: codes above questions, or below them."""
    return sum(map(bool, cells)) > FEW and headerrow.weigh(cells, wanted, items) >= ENOUGH


def _same(above: list[str], below: list[str]) -> bool:
    """Whether a header only stands twice."""
    return [fold(cell) for cell in above] == [fold(cell) for cell in below]


def _kinds(above: list[str], below: list[str]) -> bool:
    """Whether a row says of at least one column only what kind of answer it holds, and is no answer itself."""
    told = [(a, b) for a, b in zip(above, below) if b]
    kinds = sum(fold(b) in _KIND for _, b in told)
    # Under a header of its own a second row says only the kind; else it names the rows of a matrix.
    return (
        kinds > 0
        and all(fold(b) in _KIND or not any(c.isdigit() for c in b[:1]) for _, b in told)
        and (kinds == len(told) or any(not a for a, _ in told))
    )


def _one(above: list[str], below: list[str], wanted: set[str], items: ItemSet) -> list[str]:
    out, question = [], ""
    for upper, lower in zip(above, below):
        question = upper or question
        if not lower or (fold(lower) in _KIND and upper):
            out.append(upper or lower)
        elif headerrow.weigh([lower], wanted, items) >= 2 and position(lower) is None:
            out.append(lower)
        elif upper and headerrow.weigh([upper], wanted, items) > 0:
            out.append(upper)
        else:
            out.append(f"{question} [{lower}]" if question and fold(lower) not in _KIND else lower)
    return out


def _with(column: Coded, row: int, text: str) -> Coded:
    if str(column.values[column.codes[row]]) == text:
        return column
    codes = column.codes.copy()
    codes[row] = len(column.values)
    return compact(codes, [*map(str, column.values), text])
