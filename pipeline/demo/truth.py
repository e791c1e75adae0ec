"""What is true of the fictitious city, stored beside the surveys and never read by them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from pipeline.demo import city, dirt
from pipeline.demo.model import ITEMS, Sample, true_index
from pipeline.results.csvfile import as_csv

COLUMNS = (
    "survey", "unit", "type", "population", "sample", "latent", "change", "ikm", "ikm_equal",
    *(f"nrr_{item}" for item in ITEMS),
)  # fmt: skip


class Dirt(NamedTuple):
    """How often one kind of dirt was put into one table, or done by the people of one unit."""

    survey: int
    file: str
    sheet: str
    unit: str
    kind: str
    times: int


def table(samples: Mapping[int, Sequence[Sample]], levels: Mapping[int, Mapping[str, float]]) -> bytes:
    """One row per year and unit: population, sample, latent level, change of it, true index and NRR.

    ``ikm`` uses the unit's own weights, ``ikm_equal`` equal ones; they differ for one unit.
    """
    rows = []
    years = sorted(samples)
    for number, year in enumerate(years):
        for sample in samples[year]:
            truth = true_index(sample.population_counts)
            unit = sample.unit
            own = truth["ikm"]
            if year >= 2025 and unit.id == city.WEIGHTED:
                own = float(25 * sum(Fraction(w) * Fraction(truth[i]) for i, w in city.WEIGHTS.items()))
            before = levels[years[number - 1]].get(unit.id) if number else None
            level = levels[year][unit.id]
            change = "" if before is None else f"{level - before:.6f}"
            rows.append(
                [year, unit.id, unit.type, int(sample.population_counts[0].sum()), len(sample.times),
                 f"{level:.6f}", change, f"{own:.6f}", f"{truth['ikm']:.6f}", *(f"{truth[i]:.6f}" for i in ITEMS)]
            )  # fmt: skip
    return as_csv(COLUMNS, rows)


def dirt_table(counts: Iterable[Dirt]) -> bytes:
    """Every kind of dirt put into every file or done by a unit's people, and what should note it."""
    kinds = {name: kind.reasons for name, kind in dirt.KINDS.items()} | dirt.BEHAVIOUR
    rows = [(*row, "; ".join(kinds.get(row.kind, ()))) for row in sorted(counts)]
    return as_csv(("survey", "file", "sheet", "unit", "kind", "count", "reasons"), rows)


def document(
    seed: int, years: Sequence[int], units: int, respondents: int, special: Mapping[str, Any]
) -> bytes:
    """How the city was drawn, and which units play a special part."""
    content = {
        "synthetic": True,
        "seed": seed,
        "years": list(years),
        "units": units,
        "respondents": respondents,
        "special": dict(special),
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
