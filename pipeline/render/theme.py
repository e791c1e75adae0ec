"""Colours, sizes and the exporters' own few words, in both languages.

The values live in `theme.json`, which the figures read too: a report and its figures cannot drift apart.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
TEMPLATES = HERE / "templates"

# Words that no block carries because they belong to the page, not to the content.
WORDS: dict[str, dict[str, str]] = {
    "id": {
        "figure": "Gambar", "table": "Tabel", "formula": "Rumus", "contents": "Daftar isi",
        "skip": "Lewati ke isi", "synthetic-title": "Data sintetis",
        "synthetic": "Laporan ini dibuat dari data simulasi dan bukan hasil survei sungguhan.",
        "empty": "Tidak ada baris.", "scroll-table": "Tabel, dapat digeser ke samping",
        "scroll-figure": "Gambar, dapat digeser ke samping", "data": "data", "facts": "Fakta utama",
        "caution": "Perhatian", "privacy": "Privasi", "info": "Catatan", "page": "Halaman",
        "annotations": "Cara membaca gambar", "beside": "Halaman dan berkas lain", "to-home": "Semua unit",
        "to-pdf": "PDF", "to-docx": "Word", "to-data": "Data (Excel)", "to-annex": "Lampiran teknis",
        "to-overview": "Gambaran umum", "continued": "{table}, lanjutan",
    },
    "en": {
        "figure": "Figure", "table": "Table", "formula": "Formula", "contents": "Contents",
        "skip": "Skip to content", "synthetic-title": "Synthetic data",
        "synthetic": "This report was made from simulated data and is not the result of a real survey.",
        "empty": "No rows.", "scroll-table": "Table, scrolls sideways",
        "scroll-figure": "Figure, scrolls sideways", "data": "data", "facts": "Key facts",
        "caution": "Caution", "privacy": "Privacy", "info": "Note", "page": "Page",
        "annotations": "How to read the figure", "beside": "Other pages and files", "to-home": "All units",
        "to-pdf": "PDF", "to-docx": "Word", "to-data": "Data (Excel)", "to-annex": "Technical annex",
        "to-overview": "Overview", "continued": "{table}, continued",
    },
}  # fmt: skip


class RenderError(ValueError):
    """A notebook that cannot be turned into a report, with the cell and what to do about it."""


@cache
def theme() -> dict[str, Any]:
    """Read the theme file (once a process)."""
    data: dict[str, Any] = json.loads((HERE / "theme.json").read_text("utf-8"))
    return data


def colours() -> dict[str, Any]:
    """Return what every Typst template draws with: colours, those of letters, the family of type."""
    look = theme()
    return {
        "colours": look["light"], "bands": look["bands"], "band-current": look["bands-current"],
        "family": look["family"],
    }  # fmt: skip


def words(lang: str) -> dict[str, str]:
    """Exporters' words in a language; Indonesian for any other code."""
    return WORDS.get(lang, WORDS["id"])
