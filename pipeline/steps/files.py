"""Where result tables land: suppressed first, written aside, then put in place whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipeline.results import rows_of, store
from pipeline.statistics.sample import scopes
from pipeline.survey import UNKNOWN_UNIT

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers
    from pipeline.survey import Survey


#: A table of more rows than this is stored in groups of so many rows: what a reader of one unit takes together.
LARGE, ROWS_A_GROUP = 30_000, 10_000
#: Columns by which readers look for rows: only of these the ends of each group are stored.
SOUGHT = ["unit", "scope", "statistic", "item"]
#: A large table in which a unit stands at more places than this on average is stored in the order of units.
PLACES = 8
#: Read by ``skm status``.
TARGETS_FILE = "targets.json"


def save(data: Answers, **tables: pd.DataFrame) -> None:
    """Leave out what must not be seen, then write each table.

    Nothing that reads these files afterwards (reports, workbooks, portal) ever sees a
    number that must not be shown.
    """
    for name, table in tables.items():
        write(data.survey, name, arranged(shown(data, name, table)))


def arranged(kept: pd.DataFrame) -> pd.DataFrame:
    """A table as it is stored: rows numbered anew, those of a unit together where there are very many.

    So a report of a large city reads a few groups, not the table.
    """
    if len(kept) > LARGE and _places(kept["unit"]) > PLACES:
        kept = kept.sort_values("unit", kind="stable")
    return kept.reset_index(drop=True)


def write(survey: Survey, name: str, kept: pd.DataFrame) -> None:
    """Write a table that may be seen, and of the city's the targets for ``skm status``."""
    with store.replacing(survey.processed / f"{name}.parquet") as path:
        group = ROWS_A_GROUP if len(kept) > LARGE else max(len(kept), 1)
        kept.to_parquet(path, index=False, row_group_size=group, write_statistics=SOUGHT)
    if name == "city":
        store.write_text(survey.processed / TARGETS_FILE, _targets(kept) + "\n")


def shown(data: Answers, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """What may be seen of a result table (R6).

    Nothing but the count of fewer than five people, of a group that answered alike nothing that
    tells the answers of its members, and of rows that name no listed unit only how many they are.
    """
    # late: only what is asked for is loaded
    from pipeline.statistics.disclosure import alike
    from pipeline.statistics.disclosure import suppression as disclosure

    kept = scopes.told(alike.left(table, [UNKNOWN_UNIT]), data.shown.hidden)
    kept = disclosure.suppress(kept)
    kept = disclosure.hide_items(kept, data.hidden_items)
    return alike.withhold(kept, data.alike, name)


def _places(unit: pd.Series) -> float:
    """At how many places a unit's rows stand, on average.

    Examples
    --------
    >>> import pandas as pd
    >>> _places(pd.Series(list("aabbab"))), _places(pd.Series(["a", "a"]))
    (2.0, 1.0)
    """
    import pandas as pd

    codes, units = pd.factorize(unit)
    return float(1 + (codes[1:] != codes[:-1]).sum()) / max(len(units), 1)


def _targets(city: pd.DataFrame) -> str:
    """Each unit against its target, for those who may not open a table (``skm status``)."""
    rows = city[(city["scope"] == "unit") & (city["statistic"] == "target")]
    found = {
        str(row.unit): {"target": str(row.other), "verdict": str(row.text), "reason": str(row.reason)}
        for row in rows_of(rows)
    }
    return json.dumps(found, ensure_ascii=False)
