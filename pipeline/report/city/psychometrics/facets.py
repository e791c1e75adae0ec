"""Whether answers tell declared facets apart: the heterotrait-monotrait ratios (HTMT, HTMT2)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from pipeline import blocks
from pipeline.report.base.scale_verdicts import city_rows
from pipeline.report.city.psychometrics.tables import number
from pipeline.report.data.city import CityReport
from pipeline.report.data.unit import estimate
from pipeline.words.formats import NOTHING

#: From here on two facets are usually said not to be told apart.
APART = 0.85


def facets(city: CityReport) -> Any:
    """Every pair of declared facets by both ratios on both correlations; nothing where none is declared.

    HTMT is the mean correlation between the items of two facets over the geometric mean of the
    mean correlations within them; HTMT2 takes geometric means throughout. Formulas and sources:
    `pipeline.statistics.psychometrics.factor.htmt`.
    """
    declared = city.survey.definition.facets
    if len(declared) < 2:
        return None
    w, rows = city.words, city_rows(city)
    found = {
        (row.item, row.other, name, row.method): row
        for name in ("htmt", "htmt2")
        for row in rows("factors", name)
    }
    if not found:
        return blocks.prose(w("psychometrics.facets.none"))
    kinds = [(name, method) for method in ("polychoric", "pearson") for name in ("htmt2", "htmt")]
    cells, close = [], []
    for a, b in combinations(declared, 2):
        of_pair = [found.get((a, b, *kind)) for kind in kinds]
        cells.append(
            [f"{a} · {b}", *(number(city, row, 3) if row is not None else NOTHING for row in of_pair)]
        )
        first = estimate(of_pair[0]) if of_pair[0] is not None else None
        if first is not None and first >= APART:
            close.append(f"{a} · {b}")
    lists = "; ".join(
        f"{name}: {w.join([city.code(item) for item in items])}" for name, items in declared.items()
    )
    key = "close" if close else "apart"
    return blocks.group(
        blocks.prose(w(f"psychometrics.facets.{key}", pairs=w.join(close), cut=w.number(APART))),
        blocks.table(
            columns=[
                blocks.column("pair", w("psychometrics.facets.pair"), width="3fr"),
                *(
                    blocks.column(f"{name}-{method}", w(f"psychometrics.facets.{name}_{method}"), numeric=True)
                    for name, method in kinds
                ),
            ],
            rows=cells, caption=w("psychometrics.facets.caption"), key="psychometric-facets",
            note=w("psychometrics.facets.note", lists=lists),
        ),
    )  # fmt: skip
