"""Identifying data of nobody, to be planted everywhere; and a search for it in every byte that was written.

The people do not exist. Every name holds a word that the list of names knows or stands behind a title.
"""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

PEOPLE = (
    "Siti Aminah Kusumawardhani", "Bambang Wirjosaputro", "Ni Luh Ayu Kertanegari", "H. Suparman Djojonegoro, S.Pd",
    "Tiur Simanjuntak", "Zulkifli Hasibuan",
)  # fmt: skip
NIKS = (
    "3374065205900001",
    "3320011207850002",
    "5171014408950003",
    "3374061209700004",
    "1271026611880005",
    "1371020305920006",
)
PHONES = (
    "081234567890",
    "+62 812-9876-5432",
    "62-857-4321-0987",
    "0291-591234",
    "0813.2222.3333",
    "085600001111",
)
EMAILS = tuple(f"rahasia{n}@contoh-surel.co.id" for n in range(6))
NIPS = tuple(f"19850412201001100{n}" for n in range(6))
STREETS = tuple(f"Jl. Kenanga Tersembunyi No. {n} RT 03/RW 02" for n in range(1, 7))
PLATES = ("K 4821 QX", "H 7733 ZY", "DK 9182 QZ", "B 6614 XQJ", "BK 5527 QY", "AD 8391 XZ")

#: What must not be found, as text: parts that no other text of the project holds.
SECRETS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        "kusumawardhani", "wirjosaputro", "kertanegari", "djojonegoro", r"tiur\W+siman", r"zulkifli\W+hasib",
        *(r"[ .-]?".join(nik) for nik in NIKS), *(r"[ .-]?".join(nip) for nip in NIPS),
        r"[ .-]*".join("81234567890"), r"[ .-]*".join("81298765432"), r"[ .-]*".join("85743210987"),
        r"[ .-]*".join("0291591234"), r"[ .-]*".join("81322223333"), r"[ .-]*".join("85600001111"),
        "rahasia[0-9]@", "contoh-surel", "kenanga tersembunyi", *(p.replace(" ", "[ -]?") for p in PLATES),
    )
)  # fmt: skip


def texts(path: Path) -> Iterator[str]:
    """Everything a file says, also within archives, tables, databases and pages."""
    data = path.read_bytes()
    yield path.name
    yield from _inside(path.suffix, data, path)


def _inside(suffix: str, data: bytes, path: Path | None = None) -> Iterator[str]:
    yield data.decode("utf-8", "replace")
    yield data.decode("utf-16-le", "replace")
    if suffix == ".parquet":
        import pandas as pd

        table = pd.read_parquet(io.BytesIO(data))
        yield " ".join(map(str, table.columns))
        for name in table:
            column = table[name]
            yield "\n".join(map(str, column.cat.categories if hasattr(column, "cat") else column.unique()))
    elif suffix == ".pdf":
        from pypdf import PdfReader

        reader = PdfReader(io.BytesIO(data))
        yield str(reader.metadata)
        for page in reader.pages:
            yield page.extract_text()
    elif suffix == ".sqlite" and path:
        with sqlite3.connect(path) as base:
            yield "\n".join(base.iterdump())
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield member
                yield from _inside(Path(member).suffix, archive.read(member))


def leaks(*folders: Path) -> list[str]:
    """Every place under folders where a planted secret is found: file and which secret."""
    found = []
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            for text in texts(path):
                found += [f"{path.relative_to(folder)}: {s.pattern}" for s in SECRETS if s.search(text)]
    return found
