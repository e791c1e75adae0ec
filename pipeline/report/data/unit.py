"""One unit's slice of a survey: what the sections of its report read, loaded once.

Only the rows a section may print are ever loaded: below five valid answers the answers
themselves stay on disk and every number but the count is dropped here (R6), so that no
section, figure or alt text can leak it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import rules, themes
from pipeline.report.data.kind import ALIKE, UNLISTED, kind_of
from pipeline.report.data.slices import groups, read_ledger, read_responses, read_tables
from pipeline.results import Row
from pipeline.standings.years import Years
from pipeline.survey import UNKNOWN_UNIT, Unit, find_root, load, newest
from pipeline.survey.context import Context, Opened
from pipeline.words import Words, said_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey, Unit


@dataclass(frozen=True)
class Measured:
    """Somebody's index with its interval, as far as it may be shown; none beside the sign ``x``."""

    name: str
    n: int
    sign: str
    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Peer(Measured):
    """One unit of the type, as far as a comparison shows it."""

    unit: str

    @classmethod
    def of(cls, unit: str, name: str, rows: Mapping[tuple[str, str], Row]) -> Peer:
        """Pick a unit's numbers from rows by unit and statistic; a sign ``x`` blanks them."""
        n = int(estimate(rows.get((unit, "n_valid"))) or 0)
        sign = rules.sign(n, estimate(rows.get((unit, "required"))))
        row = rows.get((unit, "ikm"))
        if row is None or sign == rules.PRIVACY or estimate(row) is None:
            return cls(name, n, sign, None, None, None, unit)
        return cls(name, n, sign, row.estimate, limit(row.lower), limit(row.upper), unit)


@dataclass(frozen=True)
class UnitReport(Opened):
    """Everything the sections about one unit need.

    Parameters
    ----------
    survey : Survey
        The loaded definition with its units.
    unit : Unit
        The unit; rows without a listed unit form the unit ``unknown``.
    lang : str
        ``id`` or ``en``.
    tables : mapping
        Rows of the result tables by module name: this unit's and those it is compared with.
    responses : DataFrame
        This unit's own answers; empty below five.
    ledger : DataFrame
        What was changed, set aside or doubted in this unit's files.
    """

    survey: Survey
    unit: Unit
    lang: str
    tables: Mapping[str, Sequence[Row]]
    responses: pd.DataFrame = field(repr=False)
    ledger: pd.DataFrame = field(repr=False)

    @cached_property
    def words(self) -> Words:
        """Strings and number formats of the report's language, as they are said of such an index."""
        # Also where nothing may be shown: which items there are tells nobody's answers.
        return said_of(self.lang, self.context.items, self.rule.codes, self.foreign)

    @cached_property
    def context(self) -> Context:
        """What the definition and the items of the index decide: those this unit was asked, else the city's."""
        own = self.by_item("index", "nrr")
        items = own or [row.item for row in self.wider("index", "nrr") if row.item]
        return Context.of_index(self.survey, items)

    @property
    def states_fact(self) -> tuple[str, ...]:
        """Items whose options, as this survey asked them, state a fact rather than an opinion."""
        return self.context.facts

    # rows ----------------------------------------------------------------------------
    @cached_property
    def _own(self) -> dict[tuple[str, str], list[Row]]:
        """This unit's own rows by module and statistic."""
        found: dict[tuple[str, str], list[Row]] = {}
        for module, rows in self.tables.items():
            for row in rows:
                if row.unit == self.unit.id:
                    found.setdefault((module, row.statistic), []).append(row)
        return found

    def rows(self, module: str, statistic: str, **where: str) -> list[Row]:
        """This unit's own rows of a statistic (scope unit unless another is given).

        Parameters
        ----------
        module, statistic : str
            Result table and statistic.
        **where : str
            Values of other columns, e.g. ``item="U1"``.
        """
        return matching(self._own.get((module, statistic), ()), {"scope": "unit", **where})

    def wider(self, module: str, statistic: str, **where: str) -> list[Row]:
        """Rows about the whole city (or another scope that is given)."""
        rows = [row for row in self.tables.get(module, ()) if row.statistic == statistic]
        return matching(rows, {"scope": "city", **where})

    def first(self, module: str, statistic: str, **where: str) -> Row | None:
        """First own row of a statistic about the whole unit (or the given item), or None."""
        return next(iter(self.rows(module, statistic, **{"item": "", "service": "", **where})), None)

    def value(self, module: str, statistic: str, **where: str) -> float | None:
        """Estimate of a statistic, or None when there is none."""
        return estimate(self.first(module, statistic, **where))

    def by_item(self, module: str, statistic: str, **where: str) -> dict[str, Row]:
        """Rows of a statistic by item."""
        return {row.item: row for row in self.rows(module, statistic, **{"service": "", **where}) if row.item}

    # who and how many ------------------------------------------------------------------
    @cached_property
    def peers(self) -> list[Peer]:
        """This unit and the units of its type that were read, highest value first, ties by name."""
        found: dict[tuple[str, str], Row] = {}
        for module in ("index", "sampling"):
            for row in self.tables.get(module, ()):
                if row.scope == "unit" and not (row.item or row.service or row.group):
                    found.setdefault((row.unit, row.statistic), row)
        read = {unit for unit, _ in found}
        listed = [u for u in self.survey.units if u.type == self.unit.type and u.id in read]
        peers = [Peer.of(u.id, u.name, found) for u in listed]
        return sorted(peers, key=lambda peer: (-(peer.value or 0.0), peer.name))

    @cached_property
    def n(self) -> int:
        """Questionnaires received and kept."""
        return int(self.value("index", "n") or 0)

    @cached_property
    def n_valid(self) -> int:
        """Questionnaires that answered at least one unsur."""
        return int(self.value("index", "n_valid") or 0)

    @cached_property
    def required(self) -> int | None:
        """Respondents the regulation asks for, when the population is known."""
        return self.context.required(self.population)

    @property
    def population(self) -> int | None:
        """Service users of the period, when known."""
        return self.unit.population

    @property
    def sign(self) -> str:
        """Return ``0`` without data, ``x`` below five, ``E`` for information only, else nothing."""
        if self.n_valid == 0:
            return "0"
        return rules.sign(self.n_valid, self.required)

    @cached_property
    def kind(self) -> str:
        """What sort of page this is: one of ``report.data.kind.KINDS``."""
        return kind_of(self.unit.id, self.n_valid, list(self.by_item("index", "nrr").values()))

    # the index -------------------------------------------------------------------------
    @cached_property
    def ikm(self) -> Row | None:
        """Row of the unit's index, or None."""
        row = self.first("index", "ikm")
        return row if estimate(row) is not None else None

    @property
    def letter(self) -> str:
        """The published letter; empty on a foreign scale and below five answers."""
        row = self.first("index", "letter")
        return "" if row is None or self.foreign else str(row.text)

    @cached_property
    def bands(self) -> list[tuple[str, str, float, float]]:
        """Letter bands ``(letter, name, lower, upper)``, lowest first; none on a foreign scale."""
        return self.context.bands(self.lang)

    @cached_property
    def years(self) -> Years:
        """This unit and the city in earlier surveys."""
        rows = self.tables.get("trend", ())
        return Years(rows, self.survey.name, float(self.survey.definition.margin))

    # items -----------------------------------------------------------------------------
    @cached_property
    def items(self) -> list[str]:
        """Items that this unit asked and somebody answered, in the order of the form."""
        answered = [item for item, row in self.by_item("index", "nrr").items() if estimate(row) is not None]
        return sorted(answered, key=self.context.place)

    def item_name(self, item: str, short: bool = True) -> str:
        """Name of an unsur in the report's language, else its code."""
        return self.context.name(item, self.lang, short=short)

    @property
    def name(self) -> str:
        """The unit's name as the reader knows it."""
        return self.unit.name

    @cached_property
    def judged(self) -> pd.DataFrame:
        """What respondents wrote, a row a person: whether it says something, and of what (`pipeline.themes`)."""
        import pandas as pd

        none = pd.Series([], dtype=object)
        texts = self.responses.get("suggestion", none)
        return themes.judge(texts, themes.of_survey(self.survey))

    @cached_property
    def data_hash(self) -> str:
        """Short hash of this unit's result rows: reports with the same hash show the same numbers."""
        digest = hashlib.sha256(self.survey.digest.encode())
        for key in sorted(self._own):
            lines = (
                "|".join([f"{v:.10g}" if isinstance(v, float) else str(v) for v in row])
                for row in self._own[key]
            )
            digest.update(f"{key!r}{''.join(lines)}".encode())
        return digest.hexdigest()[:12]


def matching(rows: Iterable[Row], where: Mapping[str, str]) -> list[Row]:
    """Return the rows whose columns have the given values."""
    if not where:
        return list(rows)
    # A few hundred small questions a report: the values are taken and compared all at once.
    pick = attrgetter(*where)
    wanted: Any = tuple(where.values()) if len(where) > 1 else next(iter(where.values()))
    return [row for row in rows if pick(row) == wanted]


def estimate(row: Row | None) -> float | None:
    """Return the estimate of a row, or None when the row is absent or carries a reason instead."""
    if row is None or row.estimate != row.estimate:
        return None
    return float(row.estimate)


def whole(value: Any) -> int | None:
    """Return a nullable integer of a result row as an int, or None when it is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> whole(pd.NA) is None, whole(3)
    (True, 3)
    """
    if value is None or isinstance(value, int):
        return value
    import pandas as pd

    return None if pd.isna(value) else int(value)


def limit(value: float | None) -> float | None:
    """Return an interval's limit, or None when there is none."""
    return None if value is None or value != value else float(value)


def open_unit(
    survey: Survey | str = "", unit: str = "", lang: str = "id", root: Path | str | None = None
) -> UnitReport:
    """Open what the report of one unit reads.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey, or the name of its folder under ``data/raw``; empty means the newest.
    unit : str
        Id (or name, or alias) of the unit; ``unknown`` for rows without a listed unit; empty
        means the first listed unit with answers.
    lang : str
        ``id`` or ``en``.
    root : Path, optional
        The folder with ``data/raw``; found upward from the current folder by default.

    Returns
    -------
    UnitReport

    Raises
    ------
    SurveyError
        When there is no such survey or unit.
    """
    if isinstance(survey, str | int):  # papermill's -p turns 2025 into a number
        folder = Path(root) if root else find_root()
        survey = load(folder, str(survey) or newest(folder))
    processed = Path(survey.processed)
    if unit == UNKNOWN_UNIT:
        own = Unit(id=UNKNOWN_UNIT, name=Words(lang)("unit.unknown_name"))
    else:
        own = survey.unit(unit or first_with_answers(survey, processed))
    return build(survey, own, lang, processed)


def first_with_answers(survey: Survey, processed: Path) -> str:
    """Return the first listed unit that has answers; the first listed when none has."""
    import pandas as pd

    path = processed / "responses.parquet"
    found = set(pd.read_parquet(path, columns=["unit"])["unit"].astype(str)) if path.is_file() else set()
    return next((u.id for u in survey.units if u.id in found), survey.units[0].id)


def build(survey: Survey, unit: Unit, lang: str, processed: Path) -> UnitReport:
    """Read one unit's slices and drop what may not be shown."""
    peers = groups(survey).get(unit.type, [])
    tables = read_tables(processed, unit.id, peers if unit.id in peers else [])
    report = UnitReport(survey, unit, lang, tables, _none(), _none())
    if report.n_valid < rules.PRIVATE_BELOW and report.kind != UNLISTED:
        return UnitReport(survey, unit, lang, hide(tables, unit.id), _none(), _none())
    if report.kind in (ALIKE, UNLISTED):
        told = read_responses(processed, unit.id, items=False)
        return UnitReport(survey, unit, lang, tables, told, _none())
    responses = read_responses(processed, unit.id)
    ledger = read_ledger(processed, responses, alone=len(survey.units) == 1)
    return UnitReport(survey, unit, lang, tables, responses, ledger)


def hide(tables: Mapping[str, Sequence[Row]], unit: str) -> dict[str, list[Row]]:
    """Drop every number of a unit below five answers except how many there are."""

    def kept(row: Row) -> bool:
        counts = row.statistic in ("n", "n_valid") and not (row.item or row.service or row.group)
        return row.unit != unit or counts

    return {module: [row for row in rows if kept(row)] for module, rows in tables.items()}


def _none() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()
