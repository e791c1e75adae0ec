"""Where everything of a survey lies, and the survey itself."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from pipeline import rules
from pipeline.survey import units as _units
from pipeline.survey.codes import UNKNOWN_UNIT
from pipeline.survey.definition import Definition, Scale
from pipeline.survey.errors import Problem, SurveyError, did_you_mean
from pipeline.survey.outside import Outside
from pipeline.survey.period import months, opening
from pipeline.survey.text import fold
from pipeline.survey.themes import ThemeFile
from pipeline.survey.units import Unit

RAW = Path("data/raw")
PROCESSED = Path("data/processed")
REPORTS = Path("reports")

_NAME = re.compile(r"^[0-9]{4}(?:-[a-z0-9]+)*$|^[a-z0-9]+(?:-[a-z0-9]+)*$")


#: Properties of a survey that follow from its units alone.
_DERIVED = ("_by_id", "_slugs", "_near", "spellings")


@dataclass(frozen=True)
class Survey:
    """One survey: its definition, its units, and the folders that belong to it.

    ``reports_in`` takes the place of ``reports/<name>`` while files are made that someone
    else moves into place.
    """

    name: str
    root: Path
    definition: Definition
    units: tuple[Unit, ...]
    digest: str
    outside: tuple[Outside, ...] = ()
    #: Themes of suggestions where the survey has its own, merged with the package's; None where it has none.
    themes: ThemeFile | None = None
    reports_in: Path | None = None

    @property
    def raw(self) -> Path:
        """Folder of the definition and the raw files."""
        return self.root / RAW / self.name

    @property
    def processed(self) -> Path:
        """Folder of the answers and the result tables."""
        return self.root / PROCESSED / self.name

    @property
    def reports(self) -> Path:
        """Folder of everything made for readers."""
        return self.reports_in or self.root / REPORTS / self.name

    @property
    def public(self) -> Path:
        """Reports that may be published."""
        return self.reports / "public"

    @property
    def internal(self) -> Path:
        """Reports for the office only."""
        return self.reports / "internal"

    @property
    def period(self) -> str:
        """The period, from the definition or the folder's name."""
        return self.definition.period or self.name

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last year that the period names, else the folder; ``Semester I 2025`` names one as well."""
        for text in (self.definition.period, self.name):
            if found := re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text):
                return int(min(found)), int(max(found))
        return None

    @cached_property
    def item_order(self) -> dict[str, int]:
        """Place of every item: the regulation's unsur first, then each questionnaire's as the definition lists them."""
        own = (f"{name}.{code}" for name, made in self.definition.instruments.items() for code in made.items)
        return {item: place for place, item in enumerate([*rules.load(self.definition.rule).codes, *own])}

    @property
    def scale(self) -> Scale:
        """The scale of the regulation's items."""
        return self.definition.scale or Scale()

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _slugs(self) -> dict[str, str]:
        return {unit.id: _units.slug(unit.id) for unit in self.units}

    @cached_property
    def _near(self) -> dict[str, str]:
        return {}

    def reported_in(self, folder: Path) -> Survey:
        """Return this survey with its reports in another folder; what was derived of its units is kept."""
        moved = replace(self, reports_in=folder)
        moved.__dict__.update({k: self.__dict__[k] for k in _DERIVED if k in self.__dict__})
        return moved

    def near(self, text: str) -> str:
        """Return the hint at the listed unit whose name is close to a text; asked once a text.

        With thousands of units the search costs more than reading thousands of rows.
        """
        if text not in self._near:
            names = {s: u.id for u in self.units for s in (u.id, u.name, *u.aliases)}
            self._near[text] = did_you_mean(text, names, cutoff=0.75)
        return self._near[text]

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every folded id, name and alias, and the id it stands for."""
        return {fold(s): u.id for u in self.units for s in (*u.aliases, u.name, u.id) if fold(s)}

    def unit(self, unit_id: str) -> Unit:
        """Return the unit with this id (also its name or an alias)."""
        found = self._by_id.get(unit_id) or self._by_id.get(self.spellings.get(fold(unit_id), ""))
        if found is None:
            raise SurveyError([self._no_unit(unit_id)])
        return found

    def slug(self, unit_id: str) -> str:
        """Return the folder name of a unit; the group of unlisted units has one too."""
        if unit_id == UNKNOWN_UNIT:
            return f"{UNKNOWN_UNIT}-unit" if UNKNOWN_UNIT in self._slugs.values() else UNKNOWN_UNIT
        return self._slugs.get(unit_id) or self._slugs[self.unit(unit_id).id]

    def select(self, patterns: Sequence[str] | str | None = None, limit: int | None = None) -> list[str]:
        """Return the ids that patterns choose, in the order of units.csv.

        Parameters
        ----------
        patterns : sequence of str, optional
            Ids, names, aliases, globs (``puskesmas-*``) or sets (``@uji-2023``); commas
            separate several. None means all.
        limit : int, optional
            Keep the first so many.

        Raises
        ------
        SurveyError
            If a pattern chooses nothing; the message suggests the closest.
        """
        if patterns is None:
            chosen = set(self._by_id)
        else:
            words = [patterns] if isinstance(patterns, str) else list(patterns)
            chosen, problems = set(), []
            for word in words:
                found = self._match(word)
                if not found and "," in word:
                    parts = [part.strip() for part in word.split(",") if part.strip()]
                    found = set()
                    for part in parts:
                        hit = self._match(part)
                        found |= hit
                        if not hit:
                            problems.append(self._no_unit(part))
                elif not found:
                    problems.append(self._no_unit(word))
                chosen |= found
            if problems:
                raise SurveyError(problems)
        ids = [unit.id for unit in self.units if unit.id in chosen]
        return ids if limit is None else ids[: max(limit, 0)]

    def _match(self, word: str) -> set[str]:
        if word.startswith("@"):
            return {unit.id for unit in self.units if word[1:] in unit.sets}
        if word in self._by_id:
            return {word}
        if fold(word) in self.spellings:
            return {self.spellings[fold(word)]}
        if any(sign in word for sign in "*?["):
            return {u.id for u in self.units if fnmatch.fnmatchcase(u.id.casefold(), word.casefold())}
        return set()

    def _no_unit(self, word: str) -> Problem:
        shown = f"{(RAW / self.name).as_posix()}/units.csv"
        if word.startswith("@"):
            sets = sorted({s for unit in self.units for s in unit.sets})
            hint = did_you_mean(word[1:], sets) or f"sets are {', '.join(sets) or 'none'}"
            return Problem(f'no unit is in the set "{word[1:]}"', file=shown, hint=hint)
        names = {s: u.id for u in self.units for s in (u.id, u.name, *u.aliases)}
        return Problem(f'there is no unit "{word}"', file=shown, hint=did_you_mean(word, names))

    def weights(self, unit_id: str) -> dict[str, Fraction] | None:
        """Return the items and exact weights of a unit's own index; None: the regulation's nine."""
        return self._own_weights.get(unit_id)

    @cached_property
    def own_lists(self) -> frozenset[str]:
        """Units with an index of their own items and weights (R12)."""
        return frozenset(self._own_weights)

    def item_weights(self, unit_id: str, asked: Collection[str]) -> dict[str, Fraction]:
        """Return the exact weight of each item of a unit's index: its own (R12), else equal ones (R1).

        Parameters
        ----------
        unit_id : str
        asked : collection of str
            The items of the index of a unit without a list of its own.
        """
        return self.weights(unit_id) or {item: Fraction(1, len(asked)) for item in asked}

    @cached_property
    def _own_weights(self) -> dict[str, dict[str, Fraction]]:
        # Each entry selects once: asked per unit, a large city would be searched once a unit.
        found: dict[str, dict[str, Fraction]] = {}
        for entry in self.definition.indicators:
            weights = entry.weights()
            for unit_id in self.select(entry.units):
                found.setdefault(unit_id, weights)
        return found


def valid_name(name: str) -> bool:
    """Whether a folder of this name can be a survey.

    Examples
    --------
    >>> valid_name("2024-tw3"), valid_name("../2024")
    (True, False)
    """
    return bool(_NAME.match(name))


def find_root(start: Path | str | None = None) -> Path:
    """Return the closest folder, upwards from ``start``, that holds ``data/raw``."""
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / RAW).is_dir():
            return folder
    raise SurveyError(
        [
            Problem(
                "there is no data/raw here or above",
                file=str(here),
                hint="give the folder with --root; skm new or skm demo begins one",
            )
        ]
    )


def period_key(name: str) -> tuple[int, int, int, str]:
    """Sort key of a survey's folder name: by the end of its period, shorter periods first.

    Examples
    --------
    >>> sorted(["2024", "2024-s1", "2024-tw3", "2023-internal"], key=period_key)
    ['2023-internal', '2024-s1', '2024-tw3', '2024']
    """
    found = opening(name)
    if not found:
        return (0, 0, 0, name)
    first, length = months(found)
    return (int(found["year"]), first + length - 1, length, name)


def surveys(root: Path | str) -> list[str]:
    """Return the names of all surveys under a root, oldest period first."""
    folder = Path(root) / RAW
    if not folder.is_dir():
        return []
    names = [p.name for p in folder.iterdir() if (p / "survey.yml").is_file()]
    return sorted(names, key=period_key)


def newest(root: Path | str) -> str:
    """Return the name of the newest survey under a root."""
    names = surveys(root)
    if not names:
        raise SurveyError(
            [Problem("holds no survey", file=str(Path(root) / RAW),
                     hint="a survey is a folder with survey.yml and units.csv; skm new makes one")]
        )  # fmt: skip
    return names[-1]
