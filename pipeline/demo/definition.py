"""The definition files of a demo survey: ``survey.yml``, ``units.csv``, ``services.csv``, ``external.csv``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import yaml

from pipeline import rules
from pipeline.demo import city
from pipeline.demo.city import DemoUnit
from pipeline.demo.dirt import LISTED_TYPOS
from pipeline.demo.followup import report_date
from pipeline.demo.layouts import Raw, order_of
from pipeline.demo.model import fieldwork
from pipeline.results.csvfile import as_csv

#: Index of the whole city in 2022, of which only the printed report is left.
PRINTED_CITY = "83.47"

_HEADER = """\
# Data sintetis: Kota Contoh tidak ada, dan tidak seorang pun menjawab survei ini.
# Synthetic data, written by `skm demo`. Every page made from it says so.
"""


def survey_yml(year: int, raw: Raw, units: Sequence[DemoUnit] = ()) -> bytes:
    """``survey.yml`` of a year; ``units`` decides whether the agency with its own weights is in.

    Examples
    --------
    >>> b"synthetic: true" in survey_yml(2025, Raw(2025))
    True
    """
    first, last = fieldwork(year)
    content: dict[str, Any] = {
        "title": {
            "id": f"Survei Kepuasan Masyarakat {city.CITY} {year}",
            "en": f"Public Satisfaction Survey of {city.CITY} {year}",
        },
        "period": str(year),
        "city": city.CITY,
        "region_kind": "city",
        "conducted_by": city.OFFICE,
        "partner": "Universitas Contoh",
        "rule": "14/2017",
        "order": order_of(year),
        "sampling": "Setiap pengguna yang datang pada masa survei diminta mengisi; bukan sampel acak.",
        "fieldwork": {"start": first, "end": last, "extracted": last.replace(month=11, day=28)},
        "report_date": report_date(year),
        "synthetic": True,
        "target": "88.31",
        "target_source": f"RPJMD {city.CITY} 2025-2029 (data sintetis)",
        "languages": ["id"],
        "contact": {"name": city.OFFICE, "email": "skm@contoh.invalid"},
        "release": {
            "next": {"id": f"Desember {year + 1}", "en": f"December {year + 1}"},
            "licence": "CC BY 4.0",
        },
        "files": raw.entries,
        # What the office has learnt about its typists; other typos are read where only one option
        # is near, and what is no option at all is left out of the item.
        "values": {item: {typo: str(score)} for item, (_, typo, score) in LISTED_TYPOS.items()},
        "unmatched": "missing",
    }
    if year >= 2025:
        content |= official(first, last)
    if year >= 2025 and any(u.id == city.WEIGHTED for u in units):
        content["indicators"] = [{"units": [city.WEIGHTED], "items": dict(city.WEIGHTS)}]
    if year == 2023:
        # Another wording of one unsur: against this year it is left out, and every line is broken.
        content["wording"] = {"U6": "Bagaimana menurut Saudara keahlian petugas di unit ini?"}
        content["published"] = [
            {"period": "2022", "ikm": PRINTED_CITY, "letter": "B", "rule": "14/2017",
             "source": f"Laporan SKM {city.CITY} 2022 (data sintetis)"},
        ]  # fmt: skip
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return (_HEADER + text).encode()


def official(first: dt.date, last: dt.date) -> dict[str, Any]:
    """What an official report names (``template: 2021`` or ``2025``): offices, no persons.

    Examples
    --------
    >>> official(dt.date(2025, 8, 4), dt.date(2025, 9, 19))["signature"]["nip"]
    '000000000000000000'
    """
    week = dt.timedelta(days=7)
    # Days are copied: what YAML writes twice it would write as an alias.
    return {
        "legal_basis": ["Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik"],
        "place": {"id": "Loket pelayanan setiap unit dan tautan daring", "en": "Counters of every unit, and online"},
        "team": [
            {"role": {"id": "pengarah", "en": "steering"}, "position": f"Sekretaris Daerah {city.CITY}"},
            {"role": {"id": "ketua", "en": "lead"}, "position": f"Kepala {city.OFFICE}"},
        ],
        "schedule": [
            {"activity": {"id": "Persiapan", "en": "Preparation"},
             "start": first - week, "end": first - dt.timedelta(3)},
            {"activity": {"id": "Pengumpulan jawaban", "en": "Collecting answers"},
             "start": first.replace(), "end": last.replace()},
            {"activity": {"id": "Pengolahan dan laporan", "en": "Processing and report"},
             "start": last + dt.timedelta(3), "end": last + 3 * week},
        ],
        "signature": {
            "place": city.CITY, "office": f"Kepala {city.OFFICE}", "nip": "0" * 18,
        },
    }  # fmt: skip


def published_csv(true: Mapping[str, float], seed: int) -> bytes:
    """``published.csv`` of the year before the first: what is left of a survey is what was printed of it.

    Parameters
    ----------
    true : mapping of unit to its true index in the first year
        The printed indices lie around them and have the printed city index as their mean.
    seed : int

    Examples
    --------
    >>> published_csv({"a": 80.0, "b": 84.0}, 1).decode().splitlines()[1][:10]
    '*,"83,47",'
    """
    draw = np.random.default_rng([seed, 2022])
    values = np.array([*true.values()]) + draw.normal(0, 1.1, len(true))
    values = np.minimum(values - values.mean() + float(PRINTED_CITY), 98.5)
    told = {"*": Decimal(PRINTED_CITY)} | {
        unit: Decimal(f"{value:.2f}") for unit, value in zip(true, values, strict=True)
    }
    rows = [
        [unit, f"{value:.2f}".replace(".", ","), "", rules.letter(value), "14/2017", "form", "self-paper",
         city.OFFICE, f"Laporan SKM {city.CITY} 2022 (data sintetis)"]
        for unit, value in told.items()
    ]  # fmt: skip
    return as_csv(("unit", "ikm", "n", "letter", "rule", "order", "mode", "executor", "source"), rows)


def units_csv(units: Sequence[DemoUnit], year: int) -> bytes:
    """``units.csv``: who is surveyed, under which names, for how many users.

    Examples
    --------
    >>> units_csv(city.units(1), 2025).decode().splitlines()[1].split(",")[0]
    'dinas-kesehatan'
    """
    rows = [
        [
            u.id, u.name, "; ".join(u.aliases), u.type, u.parent,
            "" if u.id == city.NO_POPULATION else u.population,
            "; ".join(u.sets), "yes" if u.basic_service else "no",
            "88.31" if "layanan-utama" in u.sets else "", f"{year}-12-12",
        ]
        for u in units
    ]  # fmt: skip
    header = (
        "id",
        "name",
        "aliases",
        "type",
        "parent",
        "population",
        "sets",
        "basic_service",
        "target",
        "deadline",
    )
    return as_csv(header, rows)


def services_csv(units: Sequence[DemoUnit]) -> bytes:
    """``services.csv``: users per service; the counts of a unit add up to its population.

    Examples
    --------
    >>> rows = services_csv(city.CATALOGUE[:1]).decode().splitlines()[1:]
    >>> sum(int(r.rsplit(",", 1)[1]) for r in rows)
    14200
    """
    rows: list[list[Any]] = []
    for u in units:
        known = u.id != city.NO_POPULATION
        counts = [round(u.population * share) for share in u.services.values()]
        counts[0] += u.population - sum(counts)
        rows += [[u.id, service, n if known else ""] for service, n in zip(u.services, counts)]
    return as_csv(("unit", "service", "population"), rows)


def external_csv(units: Sequence[DemoUnit], levels: Mapping[str, float], seed: int) -> bytes:
    """``external.csv``: invented figures from outside, loosely tied to each unit's true level.

    Basic services have a score of the Ombudsman; every unit has complaints in proportion to its
    users. A fifth of the units has no figures, as in life.
    """
    rows: list[list[Any]] = []
    for place, u in enumerate(units):
        draw = np.random.default_rng([seed, place])
        if place % 5 == 4:
            continue
        quality = levels[u.id] + draw.normal(0, 0.35)
        score = f"{min(99.0, max(35.0, 78 + 9 * quality + draw.normal(0, 3))):.2f}" if u.basic_service else ""
        received = max(0, round(u.population / 1000 * max(0.1, 1.2 - 0.5 * quality + draw.normal(0, 0.3))))
        solved = round(received * min(1.0, max(0.3, 0.8 + 0.08 * quality)))
        days = f"{max(1.0, 6 - 1.5 * quality + draw.normal(0, 1)):.1f}" if received else ""
        rows.append([u.id, score, received, solved, days, "angka rekaan"])
    header = (
        "unit",
        "ombudsman_score",
        "complaints_received",
        "complaints_solved",
        "complaint_days",
        "source",
    )
    return as_csv(header, rows)
