"""Read SPSS files: the labels of variables become headers, the labels of values the cells.

The number of a row is the case number SPSS shows. What a value means is its label, not its
number: 1 may be the best answer as well as the worst (only a scale whose ends alone are labelled is read as
stored, see `spss_ends`). A value the file declares missing is
read as a filler (see `answers.is_placeholder`), so that the ledger names it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.intake.files import spss_ends, subprocess_reader
from pipeline.intake.files.table import RawTable
from pipeline.intake.files.workbook import cell_text
from pipeline.intake.ground.coded import Coded, compact
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.values.answers import DECLARED_MISSING

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".sav", ".zsav", ".por")


def read_spss(path: Path, file: str, encoding: str | None = None) -> RawTable:
    """Read an SPSS file into a table of text, the labels of variables in its first row.

    The library that reads the format is written in C and dies of some damaged files (found by fuzzing: a
    segmentation fault). It works in a process of its own, so that only that one file is lost.

    Raises
    ------
    Refused
        If it is no SPSS file, or is protected by a password.
    """
    with tempfile.TemporaryDirectory(prefix="skm-spss-") as folder:
        out = Path(folder) / "table.npz"
        home = str(Path(__file__).resolve().parents[3])
        more = os.pathsep + os.environ["PYTHONPATH"] if os.environ.get("PYTHONPATH") else ""
        command = [sys.executable, "-m", "pipeline.intake.files.spss", str(path), str(out), encoding or ""]
        command.append(str(os.getpid()))
        seconds = subprocess_reader.patience(path)
        try:
            done = subprocess.run(
                command, capture_output=True, env={**os.environ, "PYTHONPATH": home + more}, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            raise Refused(
                f"was not read within {seconds} seconds", "save it again in SPSS or PSPP, or export it as CSV"
            ) from None
        if done.returncode or not out.is_file():
            raise Refused(
                "is damaged: the reader of SPSS files broke off",
                "save it again in SPSS or PSPP, or export it as CSV",
            )
        with np.load(out, allow_pickle=False) as kept:
            told = json.loads(str(kept["told"]))
            if "what" in told:
                raise Refused(told["what"], told["hint"])
            columns = []
            for number, texts in enumerate(told["values"]):
                values = np.empty(len(texts), dtype=object)
                values[:] = texts
                columns.append(Coded(kept[f"codes{number}"], values))
    if not columns:
        return RawTable(file, "", [])
    table = RawTable(file, "", columns, first=0, names=tuple(told["names"]), headed=True)
    table.notes += [Problem(what, hint, fatal=False, first=True) for what, hint in told["notes"]]
    return table


def main(arguments: list[str]) -> None:
    """Read a file in this process and leave the table, or why there is none, in another."""
    path, out, encoding, parent = arguments
    subprocess_reader.end_with(int(parent), 2 * subprocess_reader.patience(Path(path)))
    told: dict[str, Any]
    codes: dict[str, np.ndarray] = {}
    try:
        table = parse(Path(path), "", encoding or None)
        told = {
            "names": list(table.names),
            "values": [list(map(str, c.values)) for c in table.columns],
            "notes": [[note.what, note.hint] for note in table.notes],
        }
        codes = {f"codes{number}": column.codes for number, column in enumerate(table.columns)}
    except Refused as error:
        told = {"what": error.what, "hint": error.hint}
    with Path(out).open("wb") as handle:
        # No column is called "allow_pickle", which mypy thinks of.
        np.savez(handle, told=np.array(json.dumps(told)), **codes)  # type: ignore[arg-type]


def parse(path: Path, file: str, encoding: str | None = None) -> RawTable:
    """Read an SPSS file in this process."""
    import pyreadstat

    if path.stat().st_size == 0:
        return RawTable(file, "", [])
    if path.open("rb").read(8).startswith(b"PK\x03\x04"):
        raise Refused("is a workbook that is named like an SPSS file", "rename it to .xlsx")
    portable = path.suffix.lower() == ".por"
    if portable and encoding:
        raise Refused(
            "is a portable SPSS file, for which no `encoding` can be stated",
            "leave it out, or save it as .sav",
        )
    try:
        if portable:
            frame, meta = pyreadstat.read_por(str(path))
        else:
            frame, meta = pyreadstat.read_sav(str(path), encoding=encoding, user_missing=True)
    except UnicodeDecodeError:
        raise Refused("holds text in another encoding", "say which: `encoding: cp1252`") from None
    except Exception as error:
        # The reader has one class of errors for everything, and no list of them.
        short = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
        raise Refused(
            f"is not an SPSS file that can be read ({short})",
            "save it again in SPSS or PSPP (without a password), or export it as CSV",
        ) from None
    names = [str(name) for name in frame.columns]
    labels = meta.column_names_to_labels or {}
    ends = spss_ends.find(frame, names, meta.variable_value_labels, meta)
    # By place: a damaged file may have two variables of one name, or one that is no text.
    columns = [
        _column(frame.iloc[:, place], name, str(labels.get(name) or name), meta, ends.get(name))
        for place, name in enumerate(names)
    ]
    table = RawTable(file, "", columns, first=0, names=tuple(names), headed=True)
    table.notes += spss_ends.told(ends)
    return table


def _column(
    series: pd.Series, name: str, header: str, meta: Any, ends: spss_ends.Ends | None = None
) -> Coded:
    """Return a variable as text, each distinct value brought to text once, its header first."""
    import pandas as pd

    codes, uniques = pd.factorize(series)
    values = meta.variable_value_labels.get(name) or {}
    ranges = (getattr(meta, "missing_ranges", None) or {}).get(name) or []
    texts = [_text(value, values, ranges, ends) for value in uniques]
    return compact(
        np.concatenate([[len(texts)], np.where(codes < 0, len(texts) + 1, codes)]).astype(np.int32),
        [*texts, " ".join(header.split()), ""],
    )


def _text(
    value: Any, labels: dict[Any, str], ranges: list[dict[str, Any]], ends: spss_ends.Ends | None
) -> str:
    plain = value.item() if hasattr(value, "item") else value
    label = str(labels.get(plain, "")).strip()
    if any(_within(plain, span) for span in ranges):
        return f"{DECLARED_MISSING} {cell_text(plain)} {label}".strip()
    if ends is not None and (not label or plain in ends.labels):
        return ends.text(cell_text(plain).strip())
    return label or cell_text(plain).strip()


def _within(value: Any, span: dict[str, Any]) -> bool:
    try:
        return bool(span["lo"] <= value <= span["hi"])
    except TypeError:
        return str(value) == str(span["lo"])


if __name__ == "__main__":
    main(sys.argv[1:])
