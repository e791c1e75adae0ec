"""``evidence.yml`` of the demo: where results were published, ways to complain, the Ombudsman; all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Any

import yaml

from pipeline.demo import city
from pipeline.demo.followup import report_date


def evidence_yml(year: int, units: Sequence[str]) -> bytes:
    """``evidence.yml`` of a year: four kinds of media, one of them without evidence; only of units that there are.

    Examples
    --------
    >>> evidence_yml(2025, ["puskesmas-mawar"]).decode().splitlines()[0]
    '# Data sintetis / synthetic data: docs/evidence.md says what stands here.'
    """
    day, whole = report_date(year), ["method", "process", "result"]
    content: dict[str, Any] = {
        "publication": [
            {"medium": "website", "what": {"id": "Halaman SKM kota", "en": "The city's page of the survey"},
             "date": day.replace(day=8), "address": f"https://kota.contoh.invalid/skm/{year}", "shows": [*whole]},
            {"medium": "print", "what": {"id": "Papan di ruang pelayanan", "en": "Board in the service room"},
             "date": day.replace(day=9), "place": {"id": "Ruang pelayanan unit", "en": "Service room of the unit"},
             "shows": [*whole]},
            {"medium": "electronic", "what": {"id": "Layar ruang tunggu", "en": "Screen in the waiting room"},
             "date": day.replace(day=10), "place": {"id": "Ruang tunggu", "en": "Waiting room"},
             "shows": [*whole], "units": ["puskesmas-*"]},
            {"medium": "social-media", "what": {"id": "Akun media sosial unit", "en": "The unit's account"},
             "units": ["kelurahan-*"]},
        ],
        "complaints": [
            {"channel": {"id": "Loket pengaduan", "en": "Complaints desk"},
             "place": {"id": "Ruang pelayanan unit", "en": "Service room of the unit"}},
            {"channel": {"id": "Situs pengaduan kota", "en": "The city's complaints site"},
             "address": "https://pengaduan.contoh.invalid"},
        ],
        "execution": [
            {"what": {"id": f"Laporan pelaksanaan tindak lanjut {year - 1}",
                      "en": f"Report on the follow-up of {year - 1}"},
             "date": day.replace(day=1), "place": city.OFFICE, "units": ["puskesmas-*"]},
        ],
        "ombudsman": {
            "score": "84.20", "category": {"id": "Opini tinggi (rekaan)", "en": "High opinion (invented)"},
            "year": year, "source": {"id": "angka rekaan", "en": "an invented figure"},
        },
    }  # fmt: skip
    for key in ("publication", "execution"):
        content[key] = [entry for entry in content[key] if _of_any(entry, units)]
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return f"# Data sintetis / synthetic data: docs/evidence.md says what stands here.\n{text}".encode()


def _of_any(entry: dict[str, Any], units: Sequence[str]) -> bool:
    """Whether an entry is of all units, or of some that there are."""
    return all(any(fnmatch(unit, pattern) for unit in units) for pattern in entry.get("units", []))
