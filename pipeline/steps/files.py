"""Where result tables land: suppressed first, written aside, then put in place whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers


def save(data: Answers, **tables: pd.DataFrame) -> None:
    """Suppress what fewer than five people stand behind, then write each table.

    Nothing that reads these files afterwards (reports, workbooks, portal) ever sees a
    number that must not be shown.
    """
    from pipeline.statistics import disclosure

    for name, table in tables.items():
        path = data.survey.processed / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        os.close(handle)
        disclosure.suppress(table).to_parquet(aside, index=False)
        Path(aside).replace(path)


def write_text(path: Path, text: str) -> None:
    """Write a small text file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    Path(aside).replace(path)
