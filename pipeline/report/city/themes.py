"""What people of the whole city wrote about: themes of their suggestions, counted in people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline import blocks, themes
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
    rows = [
        [model.name(name, city.lang), city.item_name(model.unsur(name)), w.integer(people), w.integer(units)]
        for name, (people, units) in counted.items()
    ]
    columns = blocks.columns(
        w, theme=("overview.themes_col_theme", "2fr"), unsur=("overview.themes_col_unsur", "2fr"),
        people="overview.themes_col_people", units="overview.themes_col_units",
    )  # fmt: skip
    names, most = themes.leading(counted)
    first = [model.name(name, city.lang) for name in names]
    table = blocks.table(
        columns, rows, key="themes", note=w("overview.themes_note"),
        caption=w("overview.themes_caption", themes=w.join(first), people=w.integer(most)),
    )  # fmt: skip
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
