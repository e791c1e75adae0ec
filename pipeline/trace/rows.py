"""Which raw rows a number rests on, how their answers are written, and which rows and cells do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.results.matching import matching
from pipeline.trace.model import INDEX, Aside, Label, Place

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.intake import Cells
    from pipeline.survey import Survey


def labels(cells: Cells) -> list[Label]:
    """Every way an answer is written in the rows that were used, the lowest answer first."""
    used = cells.answers[cells.answers["state"] == "used"]
    columns = (used[name].tolist() for name in ("text", "score", "status", "reading"))
    counted = Counter(zip(*columns, strict=True))
    made = [
        Label(text, score if isinstance(score, int) else None, status, reading, count)
        for (text, score, status, reading), count in counted.items()
    ]
    return sorted(made, key=lambda one: (one.score is None, one.score or 0, one.status, -one.count, one.text))


def places(answers: pd.DataFrame, cells: Cells, code: str) -> list[Place]:
    """Rows by file and answer; of an index those of the questionnaires, and of answers that stand apart."""
    if code == INDEX:
        return _questionnaires(answers, cells)
    used = cells.answers[(cells.answers["state"] == "used") & cells.answers["score"].notna()]
    found: dict[tuple[str, str, str, str, int], list[int]] = {}
    columns = ("source_file", "sheet", "column", "header", "score", "source_row")
    for *key, row in zip(*(used[name].tolist() for name in columns), strict=True):
        found.setdefault(tuple(key), []).append(row)
    return [Place(*key, tuple(sorted(set(at)))) for key, at in sorted(found.items())]


def _questionnaires(answers: pd.DataFrame, cells: Cells) -> list[Place]:
    """Rows of the respondents by file, then those of their answers in files of their own."""
    used = cells.answers[cells.answers["state"] == "used"]
    tabs = dict(zip(used["source_file"], used["sheet"], strict=True))
    found: dict[str, set[int]] = {}
    for file, row in zip(answers["source_file"].astype(str), answers["source_row"].tolist(), strict=True):
        found.setdefault(file, set()).add(int(row))
    apart = used[~used["source_file"].isin(list(found))]
    for file, row in zip(apart["source_file"], apart["source_row"].tolist(), strict=True):
        found.setdefault(str(file), set()).add(int(row))
    return [Place(file, tabs.get(file, ""), "", "", None, tuple(sorted(at))) for file, at in found.items()]


def aside(survey: Survey, cells: Cells, items: Collection[str]) -> list[Aside]:
    """What does not count: whole rows, and cells of rows that do; each held against the run's ledger."""
    entered = _ledger(survey, {*cells.aside["source_file"], *cells.answers["source_file"]})
    found: list[Aside] = []
    rows = cells.aside
    if items:  # a row that holds one answer concerns its own item
        bare = {item.removesuffix("_exp").removesuffix("_imp") for item in items}
        rows = rows[(rows["item"] == "") | rows["item"].isin(bare)]
    keys = ["source_file", "sheet", "role", "why", "known"]
    for (file, sheet, role, why, known), part in rows.groupby(keys, observed=True):
        there = _in_ledger(part, str(file), str(why), entered)
        found.append(
            Aside("row", str(why), str(file), str(sheet), str(role), *_what(part), bool(known), there)
        )
    lost = cells.answers[(cells.answers["state"] == "used") & cells.answers["score"].isna()]
    lost = lost[(lost["text"] != "") | (lost["reading"] == "conflicting-answers")]
    for (file, sheet, why), part in lost.groupby(["source_file", "sheet", "reading"], observed=True):
        there = _in_ledger(part, str(file), str(why), entered)
        found.append(Aside("cell", str(why), str(file), str(sheet), "", *_what(part), in_ledger=there))
    return found


def _what(part: pd.DataFrame) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The numbers of the rows, and what stood in their cells, each text once."""
    rows = tuple(int(row) for row in part["source_row"])
    return rows, tuple(dict.fromkeys(str(text) for text in part["text"])) if "text" in part else ()


def _in_ledger(part: pd.DataFrame, file: str, why: str, entered: frozenset[Any]) -> int:
    """How many of the rows the run's ledger has for that reason."""
    return sum((file, int(row), why) in entered for row in part["source_row"])


def _ledger(survey: Survey, files: Collection[str]) -> frozenset[tuple[str, int, str]]:
    """File, row and reason of every entry of the run's ledger about these files."""
    path = Path(survey.processed) / "ledger.parquet"
    if not path.is_file():
        return frozenset()
    names = ("source_file", "source_row", "reason")
    table = matching(path, [[("source_file", "in", sorted(files))]], names)
    return frozenset(zip(*(table[name].to_pylist() for name in names), strict=True))
