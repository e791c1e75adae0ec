"""What is true of the fictitious city, stored beside the surveys and never read by them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.demo.model import ITEMS, Sample, true_index

COLUMNS = (
    "survey", "unit", "type", "population", "sample", "latent", "change", "ikm", *(f"nrr_{i}" for i in ITEMS)
)  # fmt: skip


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def table(samples: Mapping[int, Sequence[Sample]], levels: Mapping[int, Mapping[str, float]]) -> bytes:
    """One row per year and unit: population, sample, latent level, change of it, true index and NRR."""
    rows = []
    years = sorted(samples)
    for number, year in enumerate(years):
        for sample in samples[year]:
            truth = true_index(sample.population_counts)
            unit = sample.unit
            before = levels[years[number - 1]].get(unit.id) if number else None
            level = levels[year][unit.id]
            change = "" if before is None else f"{level - before:.6f}"
            rows.append(
                [year, unit.id, unit.type, int(sample.population_counts[0].sum()), len(sample.times),
                 f"{level:.6f}", change, f"{truth['ikm']:.6f}", *(f"{truth[i]:.6f}" for i in ITEMS)]
            )  # fmt: skip
    return _csv(COLUMNS, rows)


def dirt_table(counts: Iterable[tuple[int, str, str, str, int]]) -> bytes:
    """Every kind of dirt put into every file: survey, file, sheet, kind, count."""
    return _csv(("survey", "file", "sheet", "kind", "count"), sorted(counts))


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
