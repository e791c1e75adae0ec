"""One unit's slice of a survey: what the sections of its report read, loaded once.

Only the rows a section may print are ever loaded: below five valid answers the answers
themselves stay on disk and every number but the count is dropped here (R6), so that no
section, figure or alt text can leak it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import results, rules, standings
from pipeline.report.unit_slices import read_ledger, read_responses, read_tables
from pipeline.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey, Unit

PRIVATE_BELOW = standings.PRIVATE_BELOW


@dataclass(frozen=True)
class UnitReport:
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
        Tidy result tables by module name: this unit's rows and those it is compared with.
    responses : DataFrame
        This unit's own answers; empty below five.
    ledger : DataFrame
        What was changed, set aside or doubted in this unit's files.
    """

    survey: Survey
    unit: Unit
    lang: str
    tables: Mapping[str, pd.DataFrame]
    responses: pd.DataFrame = field(repr=False)
    ledger: pd.DataFrame = field(repr=False)

    @cached_property
    def words(self) -> Words:
        """Strings and number formats of the report's language."""
        return Words(self.lang)

    @cached_property
    def rule(self) -> rules.Rule:
        """The regulation the survey follows."""
        return rules.load(self.survey.definition.rule)

    @cached_property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest answer."""
        scale = self.survey.definition.scale
        return (int(scale.min), int(scale.max)) if scale else self.rule.scale

    @property
    def foreign(self) -> bool:
        """Whether the scale is not the regulation's (R11): then there is no letter."""
        return self.scale != tuple(self.rule.scale)

    @property
    def factor(self) -> float:
        """From an unsur's mean to its value on the scale that ends at 100."""
        return 100.0 / self.scale[1] if self.foreign else float(self.rule.factor)

    # rows ----------------------------------------------------------------------------
    def table(self, module: str) -> pd.DataFrame:
        """Rows of one statistics module; empty when it was not made."""
        found = self.tables.get(module)
        return results.empty() if found is None else found

    def rows(self, module: str, **where: Any) -> pd.DataFrame:
        """This unit's own rows of a module (scope unit unless another is given)."""
        return results.pick(self.table(module), **{"scope": "unit", "unit": self.unit.id, **where})

    def first(self, module: str, statistic: str, **where: Any) -> Any:
        """First own row of a statistic about the whole unit (or the given item), or None."""
        found = self.rows(module, statistic=statistic, **{"item": "", "service": "", **where})
        return next(iter(found.itertuples()), None)

    def value(self, module: str, statistic: str, **where: Any) -> float | None:
        """Estimate of a statistic, or None when there is none."""
        return estimate(self.first(module, statistic, **where))

    def by_item(self, module: str, statistic: str, **where: Any) -> dict[str, Any]:
        """Rows of a statistic by item."""
        found = self.rows(module, statistic=statistic, **{"service": "", **where})
        return {row.item: row for row in found.itertuples() if row.item}

    # who and how many ------------------------------------------------------------------
    @cached_property
    def peers(self) -> pd.DataFrame:
        """This unit and the units of its type, one row each (see ``standings``)."""
        listed = [u for u in self.survey.units if u.type == self.unit.type or u.id == self.unit.id]
        if self.unit.id not in {u.id for u in listed}:
            listed.append(self.unit)
        return standings.table(listed, self.tables)

    @cached_property
    def standing(self) -> Any:
        """This unit's row of the standings."""
        found = self.peers[self.peers["unit"] == self.unit.id]
        return next(found.itertuples())

    @property
    def n(self) -> int:
        """Questionnaires received and kept."""
        return _count(self.standing.n)

    @property
    def n_valid(self) -> int:
        """Questionnaires that answered at least one unsur."""
        return _count(self.standing.n_valid)

    @property
    def required(self) -> int | None:
        """Respondents the regulation asks for, when the population is known."""
        from pipeline.statistics.sampling import required

        need = self.standing.required
        # Suppression blanks it below five answers, but it says nothing about who answered.
        return required(self.population, self.rule) if need != need else int(need)

    @property
    def population(self) -> int | None:
        """Service users of the period, when known."""
        return self.unit.population

    @property
    def sign(self) -> str:
        """Return ``0`` without data, ``x`` below five, ``E`` for information only, else nothing."""
        if self.n_valid == 0:
            return "0"
        return "x" if self.n_valid < PRIVATE_BELOW else str(self.standing.sign)

    # the index -------------------------------------------------------------------------
    @cached_property
    def ikm(self) -> Any:
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
        if self.foreign:
            return []
        grades = sorted(self.rule.letters, key=lambda grade: grade.lower)
        tops = [float(g.lower) for g in grades[1:]] + [100.0]
        return [(g.letter, g.name[self.lang], float(g.lower), top) for g, top in zip(grades, tops)]

    # items -----------------------------------------------------------------------------
    @cached_property
    def items(self) -> list[str]:
        """Items that this unit asked and somebody answered, in the order of the form."""
        answered = [item for item, row in self.by_item("index", "nrr").items() if estimate(row) is not None]
        order = {code: place for place, code in enumerate(self.rule.codes)}
        return sorted(answered, key=lambda item: (order.get(item, len(order)), len(item), item))

    def item_name(self, item: str, short: bool = True) -> str:
        """Name of an unsur in the report's language, else its code."""
        if item in self.rule.codes:
            unsur = self.rule.get(item)
            return (unsur.short if short else unsur.name)[self.lang]
        instrument, _, code = item.partition(".")
        own = self.survey.definition.instruments.get(instrument)
        found = own.items.get(code) if own else None
        text = self.survey.definition.text(found.label or found.question, self.lang) if found else ""
        return text or item

    @property
    def name(self) -> str:
        """The unit's name as the reader knows it."""
        return self.unit.name

    @cached_property
    def data_hash(self) -> str:
        """Short hash of this unit's result rows: reports with the same hash show the same numbers."""
        digest = hashlib.sha256(self.survey.digest.encode())
        for module in sorted(self.tables):
            mine = self.rows(module).to_csv(index=False, lineterminator="\n", float_format="%.10g")
            digest.update(f"{module}\n{mine}".encode())
        return digest.hexdigest()[:12]


def estimate(row: Any) -> float | None:
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
    import pandas as pd

    return None if pd.isna(value) else int(value)


def limit(value: float) -> float | None:
    """Return an interval's limit, or None when there is none."""
    return None if value is None or value != value else float(value)


def _count(value: Any) -> int:
    return whole(value) or 0


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
    from pipeline.survey import UNKNOWN_UNIT, Unit, find_root, load, newest

    if isinstance(survey, str):
        folder = Path(root) if root else find_root()
        survey = load(folder, survey or newest(folder))
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
    listed = unit.id in {u.id for u in survey.units}
    peers = [u.id for u in survey.units if u.type == unit.type] if listed else []
    tables = read_tables(processed, unit.id, peers)
    report = UnitReport(survey, unit, lang, tables, _none(), _none())
    if report.n_valid < PRIVATE_BELOW:
        return UnitReport(survey, unit, lang, hide(tables, unit.id), _none(), _none())
    responses = read_responses(processed, unit.id)
    ledger = read_ledger(processed, responses, alone=len(survey.units) == 1)
    return UnitReport(survey, unit, lang, tables, responses, ledger)


def hide(tables: Mapping[str, pd.DataFrame], unit: str) -> dict[str, pd.DataFrame]:
    """Drop every number of a unit below five answers except how many there are."""
    kept = {}
    for module, table in tables.items():
        mine = table["unit"].eq(unit)
        count = table["statistic"].isin(["n", "n_valid", "required_krejcie_morgan"]) & table["item"].eq("")
        count &= table["service"].eq("") & table["group"].eq("")
        kept[module] = table[~mine | count]
    return kept


def _none() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()
