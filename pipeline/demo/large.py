"""A city, or a whole country, of any size: written file by file, in bounded memory.

The small demo draws every user of every unit and types up each questionnaire by itself. Here
only the people who answered are drawn, a file of some two hundred units at a time, and the
cells of a file are made column by column. The model of the answers is that of the small demo.

The files differ as those of real offices do: scores under bare codes, letters behind
semicolons, and option texts under the questions of a form; rows stand in order of time, not of
units; and a few of each thousand rows carry a fault.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.demo import city, definition, folder, model, people, wording
from pipeline.demo.city import DemoUnit
from pipeline.demo.layouts import Raw, order_of
from pipeline.demo.model import ITEMS, stream

if TYPE_CHECKING:
    import pyarrow as pa

#: Units whose answers lie in one file, and the most rows drawn at a time.
UNITS_A_FILE = 200
YEAR = 2025

#: Name of the files, delimiter, encoding, and how answers are written, of each kind of file.
KINDS = (
    ("skor", ",", "utf-8", "score"),
    ("huruf", ";", "cp1252", "letter"),
    ("formulir", ",", "utf-8", "text"),
)
#: Share of rows with each fault; together about one row in a hundred.
BLANK, RARE = 0.012, 0.0004
WRITES, FREE = 0.27, 0.05


def write_large(
    root: Path, *, units: int = 30_000, respondents: int = 12_000_000, year: int = YEAR, seed: int = 14_2017
) -> list[str]:
    """Write one survey of many units under ``root``.

    Parameters
    ----------
    root : Path
        ``data/raw/<year>/`` is written below it.
    units : int
        Number of units; above the catalogue's 48 they are numbered kelurahan.
    respondents : int
        Questionnaires of all units together (met to within a few per cent).
    year, seed : int
        The same seed gives the same bytes.

    Returns
    -------
    list of str
        The one survey's name.

    Raises
    ------
    folder.DemoError
        If the folder holds files that the demo did not write, or that were changed since.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     write_large(Path(place), units=60, respondents=600)
    ['2025']
    """
    everyone = city.units(units)
    levels = model.levels(everyone, seed)
    sizes = _sizes(everyone, year, respondents, seed)
    raw, target = Raw(year), root / "data" / "raw" / str(year)
    for name, _, _, style in KINDS:
        raw.entries.append({"path": f"{name}-*.csv", "mode": "online" if style == "text" else "self-paper"})
    small = {
        "survey.yml": definition.survey_yml(year, raw, everyone),
        "units.csv": definition.units_csv(everyone, year),
    }
    kept = folder.Kept(target)
    for name, content in small.items():
        kept.put(name, [content])
    for number, first in enumerate(range(0, len(everyone), UNITS_A_FILE)):
        part = everyone[first : first + UNITS_A_FILE]
        name, delimiter, encoding, style = KINDS[number % len(KINDS)]
        table = _table(part, sizes[first : first + len(part)], levels, number, style, year, seed)
        kept.put(f"{name}-{number + 1:04d}.csv", _bytes(table, delimiter, encoding))
    kept.done()
    return [str(year)]


def _sizes(units: Sequence[DemoUnit], year: int, respondents: int, seed: int) -> np.ndarray:
    fixed = np.array([u.fixed.get(year, -1) for u in units])
    weight = np.array([u.weight for u in units]) * stream(seed, "sizes", year).uniform(0.88, 1.10, len(units))
    free = fixed < 0
    left = max(respondents - int(fixed[~free].sum()), 0)
    drawn = np.maximum(np.rint(weight * left / max(weight[free].sum(), 1e-9)), 1)
    return np.where(free, drawn, fixed).astype(np.int64)


def _table(
    units: Sequence[DemoUnit],
    sizes: np.ndarray,
    levels: dict[str, float],
    number: int,
    style: str,
    year: int,
    seed: int,
) -> pa.Table:
    """One file's cells, as text."""
    import pyarrow as pa

    rng = stream(seed, "file", number, year)
    owner = np.repeat(np.arange(len(units)), sizes)
    profile = _profiles(rng, units, sizes)
    scores = _scores(rng, units, owner, profile, levels, seed)
    when, clock = _moments(rng, len(owner), year)
    order = np.lexsort((clock, when))
    owner, scores, when, clock = owner[order], scores[order], when[order], clock[order]
    profile = {name: values[order] for name, values in profile.items()}
    size = len(owner)

    def some(share: float = RARE) -> np.ndarray:
        return np.flatnonzero(rng.random(size) < share)

    columns: dict[str, Any] = {}
    ids = np.arange(1, size + 1)
    days = [d.strftime("%Y-%m-%d") for d in _days(year)]
    seconds = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86_400)]
    stamps = _join(_take(days, when), " ", _take(seconds, clock))
    names = [u.name if style == "text" else (u.aliases or (u.name,))[0] for u in units]
    services = sorted({s for u in units for s in u.services})
    place = {s: i for i, s in enumerate(services)}
    offered = [[place[s] for s in u.services] for u in units]
    first = np.cumsum([0, *map(len, offered)])[:-1]
    service = np.concatenate([np.array(o) for o in offered])[first[owner] + profile["service"]]
    words = {"score": wording.OFFICE, "letter": wording.SHORT, "text": wording.FORMAL}[style]
    if style != "text":
        columns["ID Kuesioner"] = _join(pa.scalar(f"{number + 1}-"), "", pa.array(ids).cast(pa.string()))
    columns["Cap waktu" if style == "text" else "Tanggal Survei"] = _swap(stamps, some(), "0000-00-00")
    columns["Unit Layanan"] = _swap(_take(names, owner), some(RARE / 2), "Kantor Tanpa Nama")
    columns["Jenis Layanan"] = _take(services, service)
    columns["Jenis Kelamin"] = _take(list(words.sex.values()), (profile["sex"] == "female").astype(int))
    ages = pa.array(profile["age"]).cast(pa.string())
    columns["Usia"] = _swap(ages, some(), "352")
    for name, field, spoken in (
        ("Pendidikan", "education", words.education),
        ("Pekerjaan", "occupation", words.occupation),
    ):
        codes = list(spoken)
        at = np.searchsorted(sorted(codes), profile[field])
        columns[name] = _take([spoken[c] for c in sorted(codes)], at)
    nobody = rng.random(size) < RARE
    blank = (rng.random((size, len(ITEMS))) < BLANK) | nobody[:, None]
    for j, item in enumerate(wording.order(order_of(year))):
        k = ITEMS.index(item)
        cells = _take(
            ["", *(_answer(item, s, style) for s in range(1, 5))], np.where(blank[:, k], 0, scores[:, k])
        )
        cells = _swap(cells, some(RARE / 2), "5" if style != "text" else "Lumayan")
        columns[wording.question(item) if style == "text" else f"U{j + 1}"] = cells
    columns["Saran"] = _suggestions(rng, scores, size)
    table = pa.table(columns)
    # Somebody pressed "send" twice, or keyed a sheet in again.
    again = some() if style != "text" else np.zeros(0, dtype=np.int64)
    return table.take(np.sort(np.concatenate([np.arange(size), again])))


def _profiles(
    rng: np.random.Generator, units: Sequence[DemoUnit], sizes: np.ndarray
) -> dict[str, np.ndarray]:
    """Draw the profiles of all units of one type and number of services at once."""
    total = int(sizes.sum())
    starts = np.cumsum(sizes) - sizes
    out: dict[str, np.ndarray] = {}
    groups: dict[tuple[str, tuple[float, ...]], list[int]] = {}
    for i, unit in enumerate(units):
        groups.setdefault((unit.type, tuple(unit.services.values())), []).append(i)
    for (kind, shares), members in groups.items():
        rows = np.concatenate([np.arange(starts[i], starts[i] + sizes[i]) for i in members])
        drawn = people.draw(rng, len(rows), kind, shares)
        for name in people.Profile.__dataclass_fields__:
            values = getattr(drawn, name)
            if name not in out:
                out[name] = np.zeros(total, dtype="U8" if values.dtype.kind == "U" else values.dtype)
            out[name][rows] = values
    # Longer words than the eight letters above would be cut.
    out["occupation"] = out["occupation"].astype("U12")
    return out


def _scores(
    rng: np.random.Generator,
    units: Sequence[DemoUnit],
    owner: np.ndarray,
    profile: dict[str, np.ndarray],
    levels: dict[str, float],
    seed: int,
) -> np.ndarray:
    level = np.array([levels[u.id] for u in units])
    offsets = np.array([model.offsets(u, seed) for u in units])
    person = level[owner] + 0.006 * (profile["age"] - 38)
    person = person - 0.10 * np.isin(profile["education"], ("s1", "s2", "s3"))
    factor = rng.standard_normal(len(owner))
    scores = np.empty((len(owner), len(ITEMS)), dtype=np.int8)
    for j in range(len(ITEMS)):
        latent = person * model.FOLLOWS[j] + offsets[owner, j] + model.LOADING[j] * factor
        latent += np.sqrt(1 - model.LOADING[j] ** 2) * rng.standard_normal(len(owner))
        if j == 8:
            latent -= 0.45 * profile["disability"]
        scores[:, j] = 1 + np.searchsorted(model.THRESHOLDS, latent)
    return scores


def _days(year: int) -> list[dt.date]:
    start, end = model.fieldwork(year)
    every = [start + dt.timedelta(days=i) for i in range((end - start).days + 1)]
    return [day for day in every if day.weekday() < 5]


def _moments(rng: np.random.Generator, size: int, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Day (its place among the working days) and second of the day of each answer."""
    day = rng.integers(0, len(_days(year)), size)
    return day, (8 * 3600 + rng.beta(1.6, 2.1, size) * (8 * 3600 - 60)).astype(np.int64)


def _answer(item: str, score: int, style: str) -> str:
    if style == "text":
        return wording.option(item, score)
    return "abcd"[score - 1] if style == "letter" else str(score)


def _suggestions(rng: np.random.Generator, scores: np.ndarray, size: int) -> Any:
    """Mostly empty; complaints follow the lowest answer; some words nobody else used."""
    pools = [people.PRAISE, *people.COMPLAINT.values()]
    texts = ["", *(text for pool in pools for text in pool)]
    first = 1 + np.cumsum([0, *map(len, pools)])[:-1]
    unhappy = scores.min(axis=1) <= 2
    pool = np.where(unhappy, scores.argmin(axis=1) + 1, 0)
    pick = first[pool] + rng.integers(0, 1 << 30, size) % np.array([len(p) for p in pools])[pool]
    writes = rng.random(size) < WRITES
    said = _take(texts, np.where(writes, pick, 0))
    own = np.flatnonzero(writes & (rng.random(size) < FREE / WRITES))
    numbers = rng.integers(1, 999, len(own))
    minutes = rng.integers(5, 240, len(own))
    free = [f"Nomor antrean {a}, menunggu {b} menit" for a, b in zip(numbers.tolist(), minutes.tolist())]
    # Nobody's: there is no such prefix.
    for i in range(0, len(free), 97):
        free[i] = f"Tolong hubungi 0810000{i % 100_000:05d}"
    return _swap(said, own, free)


def _take(values: Sequence[str], at: np.ndarray) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string()).take(pa.array(at))


def _join(first: Any, between: str, second: Any) -> Any:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(first, second, between)


def _swap(column: Any, at: np.ndarray, text: str | Sequence[str]) -> Any:
    """Put other texts into some cells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(at):
        return column
    mask = np.zeros(len(column), dtype=bool)
    mask[at] = True
    other = pa.array([text] * len(at) if isinstance(text, str) else list(text), pa.string())
    return pc.replace_with_mask(column, pa.array(mask), other)


def _bytes(table: pa.Table, delimiter: str, encoding: str) -> Iterator[bytes]:
    """Write the cells, some thousand rows at a time."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    header = io.StringIO(newline="")
    csv.writer(header, delimiter=delimiter, lineterminator="\n").writerow(table.column_names)
    yield header.getvalue().encode(encoding)
    options = arrow.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="needed")
    for batch in table.to_batches(max_chunksize=50_000):
        sink = pa.BufferOutputStream()
        arrow.write_csv(batch, sink, options)
        content = sink.getvalue().to_pybytes()
        yield content if encoding == "utf-8" else content.decode().encode(encoding)
