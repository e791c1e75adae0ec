"""A service unit as its survey lists it, and the safe name of its folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{i}" for p in ("com", "lpt") for i in range(10))}


@dataclass(frozen=True, slots=True)
class Unit:
    """One service unit as ``units.csv`` lists it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    type: str = ""
    parent: str = ""
    population: int | None = None
    services: Mapping[str, int | None] = field(default_factory=dict)
    service_aliases: Mapping[str, str] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    basic_service: bool = False
    target: str = ""
    deadline: str = ""


def slug(text: str) -> str:
    """Return a file-system-safe name: lower-case ASCII letters, digits and hyphens.

    Reserved Windows names get ``-unit`` appended; long ones are cut and carry a hash.

    Examples
    --------
    >>> slug("Puskesmas Tanjung/Utara"), slug("CON")
    ('puskesmas-tanjung-utara', 'con-unit')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not name:
        name = "unit-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    if name in _RESERVED:
        name += "-unit"
    if len(name) > 60:
        name = name[:51].rstrip("-") + "-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    return name
