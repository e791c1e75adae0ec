"""Write the demo: three years of a fictitious city (and a printed one before), or a tiny one for fast tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.demo import (
    city,
    definition,
    dirt,
    evidence,
    folder,
    followup,
    layouts,
    model,
    records,
    sheets,
    truth,
)
from pipeline.demo.city import DemoUnit
from pipeline.demo.model import Sample

TRUTH = Path("data/demo-truth")
RAW = Path("data/raw")
SEED = 14_2017


@dataclass
class _Year:
    files: dict[str, bytes]
    samples: list[Sample]
    dirt: list[truth.Dirt]


def _year(
    year: int, units: Sequence[DemoUnit], sizes: Mapping[str, int], levels: Mapping[str, float], seed: int
) -> _Year:
    behaviour: Counter[tuple[str, str]] = Counter()
    samples, answers = [], {}
    for unit in units:
        sample = model.sample(unit, year, levels[unit.id], sizes[unit.id], seed)
        log: Counter[str] = Counter()
        answers[unit.id] = records.records(sample, seed, log)
        for kind, count in log.items():
            behaviour[unit.id, kind] += count
        samples.append(sample)
    raw = layouts.build(year, units, answers)
    small = {u.id for u in units if sizes[u.id] < 30}
    done: list[truth.Dirt] = []
    by_path: dict[str, list[sheets.Sheet]] = {}
    for sheet in raw.sheets:
        _protect(sheet, small)
        for kind, count in dirt.soil(sheet, seed).items():
            done.append(truth.Dirt(year, sheet.path, sheet.name, "", kind, count))
        by_path.setdefault(sheet.path, []).append(sheet)
    done += [
        truth.Dirt(year, "", "", unit, kind, count) for (unit, kind), count in behaviour.items() if count
    ]
    files = {path: sheets.file_bytes(path, tables) for path, tables in by_path.items()}
    files["survey.yml"] = definition.survey_yml(year, raw, units)
    files["units.csv"] = definition.units_csv(units, year)
    files["services.csv"] = definition.services_csv(units)
    files["external.csv"] = definition.external_csv(units, levels, seed)
    return _Year(files, samples, done)


def _protect(sheet: sheets.Sheet, small: set[str]) -> None:
    # Units with few answers play a part in the demo: no row of theirs is sent elsewhere.
    column = sheet.column("unit")
    if column is not None:
        sheet.touched |= {(row, column) for row, owner in enumerate(sheet.owners) if owner in small}


def _save(
    root: Path,
    made: Mapping[int, _Year],
    levels: Mapping[int, Mapping[str, float]],
    document: bytes,
    printed: Mapping[str, Mapping[str, bytes]] | None = None,
) -> list[str]:
    facts = {
        "truth.csv": truth.table({y: m.samples for y, m in made.items()}, levels),
        "dirt.csv": truth.dirt_table([row for m in made.values() for row in m.dirt]),
        "truth.json": document,
    }
    # Refuse before anything is written, so that a refusal leaves every folder as it was.
    surveys = {**(printed or {}), **{str(year): content.files for year, content in made.items()}}
    for place in (*(root / RAW / name for name in surveys), root / TRUTH):
        folder.check(place)
    for name, files in surveys.items():
        folder.place(root / RAW / name, files)
    folder.place(root / TRUTH, facts)
    return [str(year) for year in made]


def _special(units: Sequence[DemoUnit]) -> dict[str, object]:
    here = {u.id for u in units}
    roles = {
        "too_few": city.TOO_FEW, "silent": city.SILENT, "silent_2024": city.SILENT_BEFORE,
        "census": city.CENSUS, "no_population": city.NO_POPULATION, "bulk_entry": city.BULK_ENTRY,
        "straight_lines": city.STRAIGHT_LINES, "midnight": city.MIDNIGHT, "constant": city.CONSTANT,
        "new_2025": city.NEW_UNIT, "own_weights_2025": city.WEIGHTED,
    }  # fmt: skip
    return {
        **{role: unit for role, unit in roles.items() if unit in here},
        "no_channel": [u for u in city.NO_CHANNEL if u in here],
        "constant_fee": [u for u in city.CONSTANT_FEE if u in here],
    }


def write(
    root: Path,
    *,
    years: Sequence[int] = (2023, 2024, 2025),
    units: int = 48,
    respondents: int = 250,
    seed: int = SEED,
) -> list[str]:
    """Write the surveys of a fictitious city under ``root``, with the truth beside them.

    Parameters
    ----------
    root : Path
        ``data/raw/<year>/`` and ``data/demo-truth/`` are written below it.
    years : sequence of int
    units : int
        Up to 48 have names of their own; more are numbered kelurahan.
    respondents : int
        Mean number of questionnaires a unit.
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    list of str
        Names of the surveys, oldest first.

    Raises
    ------
    folder.DemoError
        If a folder holds files that the demo did not write, or that were changed since.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write(Path(place), years=(2025,), units=3, respondents=10)
    ['2025']
    """
    everyone = city.units(units)
    levels = model.level_by_year(everyone, years, seed)
    made = {}
    for year in sorted(years):
        listed = tuple(u for u in everyone if u.id != city.NEW_UNIT or year >= 2025 or len(everyone) == 1)
        scale = model.size_scale(listed, year, respondents, seed)
        sizes = {u.id: model.sample_size(u, year, respondents, seed, scale) for u in listed}
        made[year] = _year(year, listed, sizes, levels[year], seed)
        if year >= followup.FIRST_YEAR:
            made[year].files["follow-up.csv"] = followup.plans(listed, year, sorted(years), seed)
        if year == max(years):
            made[year].files["evidence.yml"] = evidence.evidence_yml(year, [unit.id for unit in listed])
    facts = truth.document(seed, sorted(years), units, respondents, _special(everyone))
    return _save(Path(root), made, levels, facts, _printed(made, seed))


def _printed(made: Mapping[int, _Year], seed: int) -> dict[str, dict[str, bytes]]:
    """The survey before the first, of which only the printed indices are left; none but before 2023."""
    if min(made) != 2023:
        return {}
    true = {s.unit.id: model.true_index(s.population_counts)["ikm"] for s in made[2023].samples}
    return {"2022": {"published.csv": definition.published_csv(true, seed)}}


#: The tiny city: one workbook, one kiosk, one online form with three special units.
SMALL = ("dinas-kesehatan", "puskesmas-mawar", "kelurahan-pena", city.TOO_FEW, city.SILENT, city.CONSTANT)


def write_small(root: Path, *, year: int = 2025, respondents: int = 40, seed: int = SEED) -> list[str]:
    """Write a tiny survey (6 units, one year) with every kind of dirt and special unit.

    Parameters
    ----------
    root : Path
    year : int
    respondents : int
        Questionnaires of each of the three ordinary units.
    seed : int

    Returns
    -------
    list of str
        The one survey's name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write_small(Path(place))
    ['2025']
    """
    by_id = {u.id: u for u in city.CATALOGUE}
    chosen = [by_id[name] for name in SMALL]
    listed = [replace(u, parent=u.parent if u.parent in SMALL else "") for u in chosen]
    levels = {year: model.levels(listed, seed)}
    sizes = {u.id: u.fixed.get(year, respondents) for u in listed}
    made = {year: _year(year, listed, sizes, levels[year], seed)}
    facts = truth.document(seed, [year], len(listed), respondents, _special(listed))
    return _save(Path(root), made, levels, facts)
