"""What a stage notebook works with: answers that are seen, and tables that are computed from them by name.

Each method computes one table from a DataFrame of answers, with its parameters in sight, and returns what
may be seen of it. What was computed stays in memory: the displays of the notebook take it from here, and
:meth:`Tables.save` writes it at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.steps import compare, tables, waves
from pipeline.steps.constructs import constructs
from pipeline.steps.files import arranged, shown, write
from pipeline.steps.followup import followup
from pipeline.steps.instruments import instruments
from pipeline.steps.outside import outside
from pipeline.steps.tables import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.steps.answers import Answers


class Tables:
    """The result tables of one survey, each computed by the method of its name.

    Parameters
    ----------
    opened : Answers
        The survey's definition and its cleaned answers (`open_answers`).

    Attributes
    ----------
    told : mapping of str to DataFrame
        The tables computed so far as they may be seen: what fewer than five people stand behind, and
        whatever would give it away, is blank (R6). Reports, workbooks and the portal read the same.

    Notes
    -----
    Every method takes ``answers`` first: one row per respondent, the columns of
    ``data/processed/<survey>/responses.parquet``. All of them, or the rows that are of interest:
    ``tables.reliability(answers[answers["sex"] == "female"])``. Only tables of all answers are saved.
    Scale, items, weights, units and who is counted in the city are those of the definition.
    """

    def __init__(self, opened: Answers) -> None:
        self._opened = opened
        self._parts: list[tuple[pd.DataFrame, Answers]] = [(opened.responses, opened)]
        self._computed: dict[str, pd.DataFrame] = {}
        self.told: dict[str, pd.DataFrame] = {}

    def _of(self, answers: pd.DataFrame) -> Answers:
        """The opened survey with these rows: the same object for the same frame, so that nothing is found twice."""
        for frame, part in self._parts:
            if frame is answers:
                return part
        part = replace(self._opened, responses=answers.reset_index(drop=True), whole=False)
        self._parts = [self._parts[0], (answers, part)]
        return part

    def _told(
        self, name: str, function: Callable[..., pd.DataFrame], answers: pd.DataFrame, **options: Any
    ) -> pd.DataFrame:
        data = self._of(answers)
        computed = function(data, **options)
        kept = arranged(shown(data, name, computed))
        if data is self._opened:
            self._computed[name], self.told[name] = computed, kept
        return kept

    def save(self, **named: pd.DataFrame) -> None:
        """Write tables to ``data/processed/<survey>``, as they may be seen.

        Raises
        ------
        ValueError
            For a table that is not the last one computed of all answers under that name: what reports
            read must be of the whole survey.

        Examples
        --------
        >>> tables.save(reliability=reliability)  # doctest: +SKIP
        """
        for name, table in named.items():
            if self.told.get(name) is not table:
                raise ValueError(
                    f"{name} was not computed of all answers by tables.{name}(answers); only such tables are saved"
                )
        for name, table in named.items():
            write(self._opened.survey, name, table)

    # -- 2-index -------------------------------------------------------------------------

    def index(self, answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
        """NRR, index, letter and certainty of every unit, service, agency, type and the city.

        Index = 25 x mean over the items of (sum of the answers / number who answered); `confidence` of the
        intervals. See `pipeline.statistics.index.table`.
        """
        return self._told("index", tables.index, answers, confidence=confidence)

    def instruments(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Index of every questionnaire beside the survey's own; empty where there is none."""
        return self._told("instruments", instruments, answers)

    def sampling(self, answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
        """Required (Krejcie and Morgan) and achieved sample of every unit, and the margin of its index."""
        return self._told("sampling", tables.sampling, answers, confidence=confidence)

    def profile(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Who answered: counts and shares by characteristic; small categories are merged (R6)."""
        return self._told("profile", tables.profile, answers)

    def integrity(self, answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
        """Signs of answers in doubt, tested against chance, and whether a letter depends on them."""
        return self._told("integrity", tables.integrity, answers, confidence=confidence)

    def priorities(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Items of each unit from the lowest, each with whether it is lower than the next ones."""
        return self._told("priorities", tables.priorities, answers)

    # -- 3-reliability -------------------------------------------------------------------

    def reliability(
        self, answers: pd.DataFrame, *, confidence: float = 0.95, models: bool | None = None
    ) -> pd.DataFrame:
        """Cronbach's alpha with its interval, Guttman's lambdas, halves and omega, per unit and together.

        alpha = k/(k-1) (1 - sum of the items' variances / variance of their sum). `models`: omega of every
        unit (True), of none, or where at most 500 units have answers enough (None). See
        `pipeline.statistics.psychometrics.reliability.table`.
        """
        return self._told("reliability", tables.reliability, answers, confidence=confidence, models=models)

    def validity(
        self,
        answers: pd.DataFrame,
        *,
        confidence: float = 0.95,
        draws: int = 200,
        models: bool | None = None,
    ) -> pd.DataFrame:
        """How each item goes with the others (item-rest r), KMO, Bartlett, eigenvalues and their chance level.

        `draws` of the parallel analysis; `models` as in `reliability`.
        See `pipeline.statistics.psychometrics.items.validity`.
        """
        return self._told(
            "validity", tables.validity, answers, confidence=confidence, draws=draws, models=models
        )

    def factors(
        self, answers: pd.DataFrame, *, confidence: float = 0.95, units: bool | None = None
    ) -> pd.DataFrame:
        """One-factor models: loadings, fit (CFI, RMSEA, SRMR), AVE and CR; of every unit where `units`."""
        return self._told("factors", tables.factors, answers, confidence=confidence, units=units)

    def invariance(self, answers: pd.DataFrame, *, groups: Sequence[str] = GROUPS) -> pd.DataFrame:
        """Whether `groups` of respondents, and units, give the items the same meaning."""
        return self._told("invariance", tables.invariance, answers, groups=groups)

    def association(
        self,
        answers: pd.DataFrame,
        *,
        confidence: float = 0.95,
        frequencies: bool = True,
        kendall_by_unit: bool = False,
    ) -> pd.DataFrame:
        """Rank correlations of every two items (Spearman, Kendall) and their crossed tables (`frequencies`)."""
        return self._told(
            "association", tables.association, answers, confidence=confidence, frequencies=frequencies,
            kendall_by_unit=kendall_by_unit,
        )  # fmt: skip

    def constructs(self, answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
        """The same of every other questionnaire and of each facet declared in the definition (R12)."""
        return self._told("constructs", constructs, answers, confidence=confidence)

    # -- 4-compare -----------------------------------------------------------------------

    def comparison(
        self, answers: pd.DataFrame, *, confidence: float = 0.95, across: bool = True
    ) -> pd.DataFrame:
        """Tests between units (Kruskal-Wallis, Welch) and of every two (Games-Howell; `across` types, too)."""
        return self._told("comparison", compare.comparison, answers, confidence=confidence, across=across)

    def ranking(self, answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
        """Means drawn to the centre, the ranks each unit may have, and the limits of a funnel."""
        return self._told("ranking", compare.ranking, answers, confidence=confidence)

    def city(self, answers: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
        """The city by three weightings, and units against the definition's target."""
        return self._told("city", compare.city, answers, confidence=confidence)

    def outside(self, answers: pd.DataFrame) -> pd.DataFrame:
        """Figures of others about the same units, and the other survey of the period."""
        return self._told("outside", outside, answers)

    def followup(self, answers: pd.DataFrame) -> pd.DataFrame:
        """What became of each unit's plan for follow-up (`follow-up.csv`): this survey's, and the last one's.

        Of the answers only which units may be shown. See `pipeline.statistics.followup.table`.
        """
        return self._told("followup", followup, answers)

    def adjustment(
        self, answers: pd.DataFrame, *, attributes: Sequence[str] | None = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Unit means as if all had the same respondents in these `attributes` (the definition's by default)."""
        return self._told(
            "adjustment", compare.adjustment, answers, attributes=attributes, confidence=confidence
        )

    def trend(
        self, answers: pd.DataFrame, *, margin: float | None = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Change against every earlier survey, where the two are comparable; within `margin` it is none."""
        return self._told("trend", waves.trend, answers, margin=margin, confidence=confidence)

    def equity(
        self,
        answers: pd.DataFrame,
        *,
        attributes: Sequence[str] | None = None,
        margin: float | None = None,
        confidence: float = 0.95,
    ) -> pd.DataFrame:
        """Gaps between groups of respondents, in the city and in each unit."""
        return self._told(
            "equity", compare.equity, answers, attributes=attributes, margin=margin, confidence=confidence
        )

    def importance(
        self, answers: pd.DataFrame, *, draws: int | None = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Which items go with the others; `draws` of the bootstrap (1000 by default); gaps to expectations."""
        return self._told("importance", compare.importance, answers, draws=draws, confidence=confidence)

    def verdicts(
        self,
        answers: pd.DataFrame,
        trend: pd.DataFrame | None = None,
        *,
        margin: float | None = None,
        confidence: float = 0.95,
    ) -> pd.DataFrame:
        """What may be said of each unit: above, below, alike or undecided; changed or not (of `trend`)."""
        # The verdicts rest on the table as it was computed, and are themselves blanked where they must be.
        whole = self._computed.get("trend") if trend is self.told.get("trend") else trend
        return self._told(
            "verdicts", compare.verdicts, answers, trend=whole, margin=margin, confidence=confidence
        )
