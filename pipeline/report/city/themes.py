"""What people of the whole city wrote about: themes of their suggestions, counted in people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline import blocks, themes
from pipeline.report.base.theme_table import theme_table
from pipeline.report.data.city import CityReport, absent, say
from pipeline.results.matching import ANSWERS_FILE

#: More suggestions than this are not read for a page: of a very large survey each unit's report tells its own.
MOST_TEXTS = 200_000


def suggestions(city: CityReport) -> Any:
    """Count people by theme over the units of the city's index; nothing of a set, whose rest it would tell."""
    w = city.words
    if city.part is not None:
        return blocks.group()
    texts = written(city)
    if texts is None:
        return absent(city, "overview.themes_many")
    model = themes.of_survey(city.survey)
    counted = themes.over_units(texts, model)
    if not counted:
        return absent(city, "overview.themes_none")
    columns = blocks.columns(
        w, theme=("overview.themes_col_theme", "2fr"), unsur=("overview.themes_col_unsur", "2fr"),
        people="overview.themes_col_people", units="overview.themes_col_units",
    )  # fmt: skip
    table = theme_table(city, model, counted, columns, "overview.themes_caption", "overview.themes_note")
    lead = say(w, "overview.themes_lead", people=w.integer(len(texts)), units=w.integer(len(city.counted)))
    return blocks.group(lead, table)


def written(city: CityReport) -> list[tuple[str, str]] | None:
    """Unit and text of everybody who wrote something, in units of the city's index; None where they are too many."""
    import pandas as pd
    import pyarrow.parquet as pq

    path = Path(city.survey.processed) / ANSWERS_FILE
    if not path.is_file() or "suggestion" not in pq.read_schema(path).names:
        return []
    frame = pd.read_parquet(path, columns=["unit", "suggestion"])
    frame = frame[frame["unit"].isin(set(city.counted["unit"])) & frame["suggestion"].notna()]
    if len(frame) > MOST_TEXTS:
        return None
    texts = frame["suggestion"].astype(str).str.strip()
    return list(zip(frame["unit"].astype(str)[texts != ""], texts[texts != ""]))
