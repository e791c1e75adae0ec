"""One file per unit: what it would cost beside what a run keeps today (``docs/one-file-per-unit.md``).

    python -m benchmarks.unit_files --units 3000 --respondents 1200000

The large city of ``skm demo`` is cleaned and its tables are computed; then ``4-compare`` is timed in a process of
its own, and so is the writing of everything that each unit's report reads, in several forms: its rows of every
table, and its answers. What is read of its peers and of the ledger is left out: that could only make it dearer.
Figures are CPU and wall seconds, and bytes and blocks on the disk. Written to ``benchmarks/unit_files.json``,
where other sizes stay.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather
import pyarrow.parquet as pq

from pipeline import steps
from pipeline.report.data import digests, slices
from pipeline.results import Row
from pipeline.run.hashes import of_json

from .measuring import ROOT, keep, kept, shell, skm

YEAR = "2025"
#: Units whose rows are held as plain text at a time: the words of a whole country do not fit in memory.
BLOCK = 2_000
#: What each process does before the one that is timed, and that one itself.
STAGES = {
    "clean": "from pipeline import intake; steps.keep(survey, intake.clean(survey))",
    "tables": "index instruments sampling profile integrity priorities reliability validity factors association "
    "constructs",
    "compare": "comparison ranking city outside adjustment trend equity importance verdicts",
}
#: A unit's rows and its answers.
Pieces = dict[str, pa.Table]
Cut = Callable[[], Iterator[tuple[str, Pieces]]]


def took(work: Callable[[], Any]) -> dict[str, float]:
    """CPU and wall seconds of a piece of work."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {"cpu": round(time.process_time() - cpu, 2), "wall": round(time.perf_counter() - wall, 2)}


def stage(root: Path, name: str) -> dict[str, float]:
    """Do a stage in a process of its own, start-up included."""
    work = STAGES[name]
    if name != "clean":
        work = f"data = steps.open_answers({YEAR!r}, root)\n" + "\n".join(
            f"steps.save(data, {table}=steps.{table}(data))" for table in work.split()
        )
    begin = f"from pathlib import Path\nfrom pipeline import steps\nroot = Path({str(root)!r})\n"
    begin += f"survey = steps.open_survey({YEAR!r}, root)\n"
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    done = shell(sys.executable, "-c", begin + work, cwd=root, env={**os.environ, "PYTHONPATH": path})
    return {"cpu": round(done.cpu, 2), "wall": round(done.wall, 2)}


# -- everything about each unit, from the tables ------------------------------------------


@dataclass
class Source:
    """A stored table, and which of its rows are of which unit."""

    module: str
    table: pa.Table
    order: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, module: str, table: pa.Table, units: pa.Array) -> Source:
        """Put the rows in the order of units; rows of no unit are left out."""
        place = pc.index_in(table["unit"].cast(pa.string()), units).fill_null(len(units)).to_numpy()
        ends = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(units) + 1))])
        return cls(module, table, np.argsort(place, kind="stable"), ends)

    def block(self, first: int, last: int) -> tuple[pa.Table, np.ndarray]:
        """Rows of some units in their order, and how many each has."""
        rows = plain(self.table.take(pa.array(self.order[self.ends[first] : self.ends[last]])))
        if self.module:
            rows = rows.append_column("module", pa.array([self.module] * len(rows)))
        return rows, np.diff(self.ends[first : last + 1])


def plain(table: pa.Table) -> pa.Table:
    """Dictionaries undone: a unit's few rows would each carry the words of the whole city."""
    kinds = {f.name: f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in table.schema}
    return table.cast(pa.schema(list(kinds.items())))


def sources(processed: Path, units: list[str]) -> dict[str, list[Source]]:
    """Result rows of every module a report reads, and the answers."""
    listed, found = pa.array(units), []
    for module in slices.MODULES:
        path = processed / f"{module}.parquet"
        if path.is_file():
            found.append(Source.of(module, pq.read_table(path, columns=list(Row._fields)), listed))
    path = processed / slices.ANSWERS_FILE
    stored = pq.read_table(path, columns=slices.answer_columns(pq.read_schema(path).names, ""))
    return {"rows": found, "answers": [Source.of("", stored, listed)]}


def pieces(found: dict[str, list[Source]], units: list[str]) -> Iterator[tuple[str, Pieces]]:
    """Each unit with its result rows and its answers."""
    for first in range(0, len(units), BLOCK):
        last = min(first + BLOCK, len(units))
        made = {}
        for kind, tables in found.items():
            parts, counts = zip(*(source.block(first, last) for source in tables))
            whole = pa.concat_tables(parts, promote_options="permissive")
            if len(parts) > 1:
                place = np.concatenate([np.repeat(np.arange(last - first), count) for count in counts])
                whole = whole.take(pa.array(np.argsort(place, kind="stable")))
            ends = np.concatenate([[0], np.cumsum(np.sum(counts, axis=0))])
            made[kind] = (whole.combine_chunks(), ends)
        for number, unit in enumerate(units[first:last]):
            yield unit, {k: t.slice(e[number], e[number + 1] - e[number]) for k, (t, e) in made.items()}


# -- the forms ----------------------------------------------------------------------------


def one_file(cut: Cut, folder: Path, ending: str, put: Callable[[pa.Table, str], Any]) -> None:
    """One file a unit: columns of rows and of answers, empty where they do not apply."""
    folder.mkdir(parents=True)
    for unit, found in cut():
        put(pa.concat_tables(list(found.values()), promote_options="permissive"), f"{folder}/{unit}.{ending}")


def two_files(cut: Cut, folder: Path) -> None:
    """One file for a unit's rows, one for its answers."""
    folder.mkdir(parents=True)
    for unit, found in cut():
        for kind, table in found.items():
            pq.write_table(table, f"{folder}/{unit}.{kind}.parquet")


def database(cut: Cut, path: Path) -> None:
    """One database, a table for rows and one for answers, found by unit."""
    base = sqlite3.connect(path)
    base.execute("pragma journal_mode = off")
    base.execute("pragma synchronous = off")
    for number, (_, found) in enumerate(cut()):
        for kind, table in found.items():
            names = table.schema.names
            if not number:
                base.execute(f"create table {kind} ({', '.join(json.dumps(name) for name in names)})")
                base.execute(f"create index {kind}_unit on {kind} (unit)")
            rows = zip(*(column.to_pylist() for column in table.columns))
            base.executemany(f"insert into {kind} values ({','.join('?' * len(names))})", rows)
    base.commit()
    base.close()


FORMS: dict[str, Callable[[Cut, Path], None]] = {
    "parquet": partial(one_file, ending="parquet", put=pq.write_table),
    "parquet, rows and answers apart": two_files,
    "feather": partial(one_file, ending="arrow", put=partial(feather.write_feather, compression="uncompressed")),
    "feather, zstd": partial(one_file, ending="arrow", put=partial(feather.write_feather, compression="zstd")),
    "sqlite": database,
}  # fmt: skip


# -- measuring ----------------------------------------------------------------------------


def usage(path: Path) -> dict[str, float]:
    """Files, and their bytes and blocks on the disk in millions of bytes."""
    stats = [f.stat() for f in ([path] if path.is_file() else path.iterdir())]
    return {
        "files": len(stats),
        "mb": round(sum(s.st_size for s in stats) / 1e6, 1),
        "disk_mb": round(sum(s.st_blocks * 512 for s in stats) / 1e6, 1),
    }


def hashed(path: Path) -> None:
    """Hash every file, as a run with nothing to do does of every table once."""
    for entry in path.iterdir() if path.is_dir() else [path]:
        hashlib.sha256(entry.read_bytes()).hexdigest()


def read_again(text: str) -> None:
    """What a run with nothing to do does with the digests of today."""
    of_json(json.loads(text))


def form(name: str, cut: Cut, folder: Path) -> dict[str, Any]:
    """What one form takes: to write, on the disk, and to hash for a run with nothing to do."""
    path = folder / "made"
    found: dict[str, Any] = {"write": took(lambda: FORMS[name](cut, path))}
    found |= {**usage(path), "hash": took(lambda: hashed(path))}
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
    return found


def measure(root: Path, forms: list[str]) -> dict[str, Any]:
    """Stage 4, the digests of today, and each form."""
    survey = steps.open_survey(YEAR, root)
    units = [unit.id for unit in survey.units]
    made: dict[str, Any] = {"units": len(units), "load": round(os.getloadavg()[0], 1)}
    made["4-compare"] = stage(root, "compare")
    text = ""

    def today() -> None:
        nonlocal text
        text = json.dumps(digests.of_rows(survey), sort_keys=True)

    made["digests"] = {**took(today), "mb": round(len(text) / 1e6, 1), "read": took(lambda: read_again(text))}

    def cut() -> Iterator[tuple[str, Pieces]]:
        return pieces(sources(survey.processed, units), units)

    made["cut"] = took(lambda: sum(1 for _ in cut()))
    made["forms"] = {}
    with tempfile.TemporaryDirectory(dir=root) as folder:
        for name in forms:
            made["forms"][name] = form(name, cut, Path(folder))
            print(len(units), name, json.dumps(made["forms"][name]), flush=True)
    return made


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    loads = ", ".join(str(size["load"]) for size in made["sizes"])
    text = [
        "## One file per unit",
        "",
        "What it would cost to write all that a unit's report reads to a file of its own, beside what is kept today",
        "([why it is not done](../docs/one-file-per-unit.md)). CPU seconds; `4-compare` with start-up; the forms with",
        "the cutting. Hashing, or reading the hashes of today, is what a run with nothing to do would add; the files",
        f"lay in memory. The machine was busy with other work (load {loads}): read the shares only.",
        "",
        "| units | answers | what | CPU s | of `4-compare` | files | MB | on disk | CPU s to hash or read |",
        "|---:|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for size in made["sizes"]:
        whole = size["4-compare"]["cpu"]

        def row(what: str, cpu: float, *more: str, size: dict[str, Any] = size, whole: float = whole) -> str:
            cells = [
                f"{size['units']:,}",
                f"{size['respondents']:,}",
                what,
                f"{cpu:.1f}",
                f"{cpu / whole:.0%}",
            ]
            return f"| {' | '.join([*cells, *more, *[''] * (4 - len(more))])} |"

        text.append(row("`4-compare`", whole))
        today = size["digests"]
        kept_today = ("1", f"{today['mb']:,.1f}", "", f"{today['read']['cpu']:.2f}")
        text.append(row("today: hashes of what each report reads", today["cpu"], *kept_today))
        text.append(row("cut out, written nowhere", size["cut"]["cpu"]))
        for name, found in size["forms"].items():
            about = (f"{found['files']:,}", *(f"{found[key]:,.1f}" for key in ("mb", "disk_mb")))
            text.append(row(name, found["write"]["cpu"], *about, f"{found['hash']['cpu']:.2f}"))
    return [*text, ""]


def main() -> None:
    """Make the city where there is none, measure, and keep the figures beside those of other sizes."""
    given = argparse.ArgumentParser(prog="python -m benchmarks.unit_files", description=__doc__)
    given.add_argument("--units", type=int, default=3_000)
    given.add_argument("--respondents", type=int, default=1_200_000)
    given.add_argument("--root", type=Path, default=ROOT / "build" / "unit-files")
    given.add_argument("--forms", default=";".join(FORMS), help="names with ; between")
    asked = given.parse_args()
    root = asked.root / str(asked.units)
    if not (root / "data" / "processed" / YEAR / "index.parquet").is_file():
        root.mkdir(parents=True, exist_ok=True)
        skm(
            "demo",
            "--root",
            root,
            "--units",
            str(asked.units),
            "--respondents",
            str(asked.respondents),
            cwd=root,
        )
        stage(root, "clean")
        stage(root, "tables")
    size = {"respondents": asked.respondents, **measure(root, asked.forms.split(";"))}
    others = [s for s in (kept("unit_files") or {"sizes": []})["sizes"] if s["units"] != size["units"]]
    keep("unit_files", {"sizes": sorted([*others, size], key=lambda s: s["units"])})


if __name__ == "__main__":
    main()
