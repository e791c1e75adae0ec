"""Named sets of units (``sets`` in units.csv): which there are, which a run makes an overview of.

A set's overview is made when it is asked for (``--only @uji-2023``), and from then on kept up to
date by every run of all units. A survey whose sets nobody asks for costs nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.survey import Survey, slug

#: Folder of the sets' overviews under ``public``, and their prefix in the ledger.
FOLDER, PREFIX = "sets", "set:"


@dataclass(frozen=True)
class NamedSet:
    """A set of units, and the folder its overview lies in.

    Attributes
    ----------
    name : str
        As units.csv writes it, without the ``@``.
    units : tuple of str
        Ids, in the order of units.csv.
    """

    name: str
    units: tuple[str, ...]

    @property
    def label(self) -> str:
        """As it is asked for: no unit's id may hold an ``@``."""
        return f"@{self.name}"

    @property
    def work(self) -> str:
        """Its name in the ledger."""
        return PREFIX + self.name

    @property
    def slug(self) -> str:
        """Name of its folder: a name that is not one already carries a hash, so that no two share it.

        Examples
        --------
        >>> NamedSet("uji-2023", ()).slug, NamedSet("../../Uji", ()).slug
        ('uji-2023', 'uji-99f45ab4')
        """
        plain = slug(self.name)
        if plain == self.name:
            return plain
        return f"{plain[:51].rstrip('-')}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"


def declared(survey: Survey) -> list[NamedSet]:
    """Every set that units.csv names, sorted by name."""
    found: dict[str, list[str]] = {}
    for unit in survey.units:
        for name in dict.fromkeys(unit.sets):
            found.setdefault(name, []).append(unit.id)
    return [NamedSet(name, tuple(found[name])) for name in sorted(found)]


def find(survey: Survey, label: str) -> NamedSet | None:
    """The set of this label (``@uji-2023``), or None."""
    return next((one for one in declared(survey) if one.label == label), None)


def wanted(survey: Survey, only: Sequence[str], made: Iterable[str]) -> list[NamedSet]:
    """The sets a run makes an overview of.

    Parameters
    ----------
    survey : Survey
    only : sequence of str
        What the run is restricted to. Empty: every set in `made`.
    made : iterable of str
        Names in the ledger of the sets made before.
    """
    known = {one.label: one for one in declared(survey)}
    if not only:
        before = set(made)
        return [one for one in known.values() if one.work in before]
    words = [part for word in only for part in ([word] if word in known else word.split(","))]
    return [known[word] for word in dict.fromkeys(w.strip() for w in words) if word in known]
