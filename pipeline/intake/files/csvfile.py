"""Read delimited text: find out encoding and delimiter, keep every row number exact."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.files import arrowcsv
from pipeline.intake.files.table import RawTable, from_rows
from pipeline.intake.ground.coded import Coded, compact
from pipeline.intake.ground.problems import Refused

if TYPE_CHECKING:
    import pandas as pd

#: Larger files take the compiled parser; smaller ones are faster without its set-up.
FAST_ABOVE = 2_000_000
MAX_BYTES = 8_000_000_000
#: What a spreadsheet can hold, and what a line with so many cells may be long.
MAX_COLUMNS, MAX_LINE = 16_384, 16_000_000
DELIMITERS = ",;\t|"
_SEP = re.compile(r"^\ufeff?\"?sep=(.)\"?\r?\n", re.I)


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding it is in.

    Order of evidence: byte order mark, NUL bytes (UTF-16), valid UTF-8, else Windows-1252,
    which is what spreadsheets in Indonesia save when they do not save UTF-8.

    Examples
    --------
    >>> decode("caf\u00e9".encode("cp1252"))
    ('café', 'cp1252')
    """
    if encoding:
        try:
            return raw.decode(encoding), encoding
        except LookupError:
            raise Refused(f'there is no encoding called "{encoding}"', "try utf-8 or cp1252") from None
        except UnicodeDecodeError as error:
            raise Refused(
                f"is not {encoding}: byte {error.start} cannot be read",
                "leave `encoding` out to have it found out",
            ) from None
    if raw.startswith(b"\xef\xbb\xbf"):
        candidates = ["utf-8-sig"]
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        head = raw[:4000]
        candidates = ["utf-8", "cp1252", "latin-1"]
        if head.count(0) > len(head) // 4:
            candidates = ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    for candidate in candidates:
        try:
            return raw.decode(candidate), candidate
        except UnicodeDecodeError:
            continue
    raise Refused(f"is not text in {candidates[0]}", "save it again as CSV UTF-8")


def find_delimiter(text: str) -> str:
    """Return the delimiter under which most of the first rows have the same, largest width.

    Examples
    --------
    >>> find_delimiter('a;b;c\\n1,5;2;3\\n')
    ';'
    """
    sample = text[:50_000]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths: Counter[int] = Counter()
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                widths[len(cells)] += 1
                if number >= 60:
                    break
        except csv.Error:
            continue
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda pair: (pair[1], pair[0]))
        score = (count, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_csv(path: Path, file: str, *, encoding: str | None = None, delimiter: str | None = None) -> RawTable:
    """Read a delimited text file into a table of text cells.

    Raises
    ------
    Refused
        If it is no text, or so broken that rows cannot be told apart.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Refused("is larger than 8 GB", "split it by unit")
    if _long_line(path):
        raise Refused(
            f"has a line of more than {MAX_LINE // 1_000_000} MB: it is no table",
            "export the table again, one respondent per line",
        )
    raw = path.read_bytes()
    text, _ = decode(raw, encoding)
    del raw
    if "\0" in text:
        text = text.replace("\0", "")
    first = 1
    directive = _SEP.match(text)
    if directive:
        # Excel's own hint about the delimiter: a spreadsheet shows no row for it.
        delimiter = delimiter or directive[1]
        text = text[directive.end() :]
    text = text.removeprefix("\ufeff")
    mark = delimiter or find_delimiter(text)
    if len(text) > FAST_ABOVE:
        table = _fast(text, file, mark, first)
        if table is not None:
            return table
    return _plain(text, file, mark, first)


def _long_line(path: Path) -> bool:
    """Whether a line is longer than any table's: found without holding the file in memory."""
    if path.stat().st_size <= MAX_LINE:
        return False
    length = 0
    with path.open("rb") as handle:
        while part := handle.read(1 << 20):
            last = max(part.rfind(b"\n"), part.rfind(b"\r"))
            length = len(part) - last - 1 if last >= 0 else length + len(part)
            if length > MAX_LINE:
                return True
    return False


def _plain(text: str, file: str, delimiter: str, first: int) -> RawTable:
    csv.field_size_limit(1_000_000)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise Refused(
                    f"has {len(row):,} columns, more than a spreadsheet can hold ({MAX_COLUMNS:,})",
                    "is it a table? save it again, one respondent per line",
                    row=len(rows) + first,
                )
            rows.append(row)
    except csv.Error as error:
        raise Refused(
            f"cannot be split into cells ({error})",
            "a cell may hold an unclosed quotation mark; save the file again from a spreadsheet",
            row=len(rows) + first,
        ) from None
    if rows and len(rows[-1]) == 1 and "\n" in rows[-1][0] and len(rows[-1][0]) > 100_000:
        raise Refused("a quotation mark is never closed", "remove it", row=len(rows))
    return from_rows(file, "", rows, first)


def _fast(text: str, file: str, delimiter: str, first: int) -> RawTable | None:
    """Parse with Arrow, else with pandas; None where rows are ragged, which only the plain parser keeps."""
    import pandas as pd

    if text.count(delimiter, 0, text.find("\n") if "\n" in text else None) >= MAX_COLUMNS:
        return None
    columns = arrowcsv.parse(text, delimiter)
    if columns is not None:
        return RawTable(file, "", columns, first)
    head = csv.reader(io.StringIO(text[:400_000], newline=""), delimiter=delimiter)
    width = max((len(row) for row, _ in zip(head, range(300))), default=0)
    if width > MAX_COLUMNS:
        return None
    try:
        frame = pd.read_csv(
            io.StringIO(text, newline=""),
            header=None,
            names=list(range(width)),
            index_col=False,
            dtype="category",
            sep=delimiter,
            na_filter=False,
            skip_blank_lines=False,
            engine="c",
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError):
        return None
    return RawTable(file, "", [_coded(frame[name]) for name in frame.columns], first)


def _coded(column: pd.Series) -> Coded:
    codes = np.asarray(column.cat.codes, dtype=np.int32)
    texts = column.cat.categories.astype(object).tolist()
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(texts), codes).astype(np.int32)
        texts.append("")
    if any(text != text.strip() for text in texts):
        return compact(codes, [text.strip() for text in texts])
    values = np.empty(len(texts), dtype=object)
    values[:] = texts
    return Coded(codes, values)
