"""A survey opened for the stage notebooks: its cleaned answers and what its definition says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import intake, rules
from pipeline import survey as surveys
from pipeline.results import store
from pipeline.statistics.sample import scopes
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.asked import spoken
from pipeline.survey.codes import STATUS
from pipeline.survey.context import ASKED_FILE, Context, Opened

if TYPE_CHECKING:
    from fractions import Fraction

    import pandas as pd

    from pipeline.intake import Intake
    from pipeline.statistics.disclosure.alike import Alike
    from pipeline.statistics.sample.scopes import Scopes

UNITS_FILE = "units.json"
#: Confidence of intervals where none is asked for.
USUAL = 0.95
#: What stood in the cells, which no statistic reads: over millions of rows it is most of the reading.
TEXTS = ("suggestion", "answer_rows", "unit_raw")


def open_survey(survey: str = "", root: str | Path = "") -> Survey:
    """The survey of that name; empty means the newest, found from here upwards.

    Examples
    --------
    >>> open_survey("2024", "/nowhere")
    Traceback (most recent call last):
    ...
    pipeline.survey.errors.SurveyError: data/raw: there is no survey "2024"
      hint: there is none yet: skm new SURVEY --from-file FILES proposes one from raw files, skm demo writes an example
    """
    folder = Path(root) if root else surveys.find_root()
    return surveys.load(folder, str(survey) or surveys.newest(folder))  # papermill's -p makes 2025 a number


def keep(survey: Survey, cleaned: Intake, processed: str | Path = "") -> None:
    """Write what intake made (answers, ledger, counts) and the list of units.

    Parameters
    ----------
    survey : Survey
    cleaned : Intake
    processed : str or Path
        Another folder than ``data/processed/<survey>``, for a check that must not touch it.
    """
    folder = Path(processed) if processed else survey.processed
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(intake.write, cleaned, survey, folder)
        listed = json.dumps(unit_list(survey, cleaned.responses), ensure_ascii=False, indent=1)
        written.result()
    store.write_text(folder / UNITS_FILE, listed + "\n")
    store.write_text(
        folder / ASKED_FILE, json.dumps(_questionnaire(survey, cleaned), ensure_ascii=False) + "\n"
    )


def _questionnaire(survey: Survey, cleaned: Intake) -> dict[str, Any]:
    """What the answers told of how they were asked: which unsur state a fact, and questions that a list worded."""
    rule = rules.load(survey.definition.rule)
    stated = {
        item: [spoken(text)["id"] for text in texts] for item, texts in survey.definition.options.items()
    }
    found: dict[str, Any] = {"states_fact": intake.fact_items(cleaned.mapping, rule, stated)}
    printed = intake.printed(cleaned.mapping, rule)
    return {**found, **({"printed": printed} if printed else {})}


def unit_list(survey: Survey, responses: pd.DataFrame) -> list[dict[str, Any]]:
    """Units in the order of units.csv with their number of respondents; unknown ones last."""
    from pipeline.survey import near  # late: only what is asked for is loaded

    counts, opened = responses["unit"].value_counts(), Context(survey)
    listed: list[dict[str, Any]] = [
        {
            "id": unit.id,
            "slug": survey.slug(unit.id),
            "name": unit.name,
            "n": int(counts.get(unit.id, 0)),
            "required": opened.required(unit.population),
        }
        for unit in survey.units
    ]
    if n := int(counts.get(UNKNOWN_UNIT, 0)):
        slug = survey.slug(UNKNOWN_UNIT)
        pairs = near.unlisted(intake.unlisted_names(responses), survey.units)
        listed.append({"id": UNKNOWN_UNIT, "slug": slug, "name": UNKNOWN_UNIT, "n": n, "required": None,
                       "near": [near.sentence(pair)[0] for pair in pairs]})  # fmt: skip
    return listed


@dataclass(frozen=True)
class Answers(Opened):
    """The cleaned answers of one survey and what its definition says about them."""

    survey: Survey
    responses: pd.DataFrame
    #: Item columns whose answers have a status; None: as the columns of `responses` say.
    with_status: tuple[str, ...] | None = None
    #: Whether these are all units of the survey: what was printed of the whole city is of no part of it.
    whole: bool = True
    #: Whether these are the answers that count already: nobody's of a unit too small to be shown.
    settled: bool = False
    #: Units whose answers are not among these, as they are too few to be shown (R6).
    hidden: frozenset[str] = frozenset()

    @cached_property
    def shown(self) -> Answers:
        """The answers behind all that is published: without units of which only the number is told (R23).

        What the other units' people answered is taken from here by every module, so that nothing
        but counts of people depends on the answers of such a unit: not a figure, nor which items
        there are, nor how many stated their age.
        """
        if self.settled:
            return self
        # Which units are too small is counted over whatever anybody answered.
        out = replace(self, settled=True).scopes.hidden
        gone = self.by.isin(out)
        rows = self.responses[~gone].reset_index(drop=True) if gone.any() else self.responses
        return replace(self, responses=rows, settled=True, hidden=out)

    @cached_property
    def scopes(self) -> Scopes:
        """The units whose people are the city's, each type's and each agency's (R23)."""
        if not self.settled:
            return self.shown.scopes
        found = scopes.find(
            self.frame, self.labels, listed=self.listed, types=self.types, agencies=self.agencies,
            population=self.population, items=self.weights, rule=self.rule, scale=self.scale,
            headline=self.survey.definition.headline,
        )  # fmt: skip
        return replace(found, hidden=found.hidden | self.hidden)

    def scopes_of(self, items: list[str]) -> Scopes:
        """The same for a questionnaire with an index of its own: it has a city of its own (R23)."""
        asked = self.responses[items].notna().any(axis=1)
        return scopes.find(
            self.responses.loc[asked, items], self.by[asked], listed=self.listed, types=self.types,
            population=self.population, rule=self.survey.definition.rule, scale=self.scale_of(items[0]),
        )  # fmt: skip

    @cached_property
    def answered(self) -> list[str]:
        """Item columns that somebody answered; not the expectation or importance of a pair."""
        if not self.settled and (found := self.shown.answered):
            return found
        columns = self.with_status
        if columns is None:
            columns = _with_status(self.responses.columns)
        return [c for c in columns if not c.endswith(("_exp", "_imp")) and self.responses[c].notna().any()]

    @cached_property
    def context(self) -> Context:
        """What the definition and the items answered decide; the statistics are handed its values."""
        return Context(self.survey, tuple(self.answered), self.hidden)

    def scale_of(self, item: str) -> tuple[int, int]:
        """Lowest and highest answer of an item."""
        return self.context.scale_of(item)

    @property
    def items(self) -> list[str]:
        """Items of the index."""
        return list(self.context.items)

    @property
    def instruments(self) -> dict[str, list[str]]:
        """Items of each questionnaire that has an index of its own beside the survey's."""
        return self.context.instruments

    @cached_property
    def shared(self) -> list[str]:
        """Items that every unit taking part in comparisons asks (R12); all where none is shared."""
        own, usual = self.weights or {}, [item for item in self.items if item in self.rule.codes]
        units = [unit for unit in self.answering if unit not in self.left_out]
        lists = [set(own.get(unit, usual or self.items)) for unit in units]
        common = [item for item in self.items if all(item in asked for asked in lists)]
        return common or self.items

    @property
    def states_fact(self) -> tuple[str, ...]:
        """Items whose options state a fact."""
        return self.context.facts

    @property
    def frame(self) -> pd.DataFrame:
        """Answers only: one row per respondent, one column per item."""
        return self.responses[self.items]

    @property
    def common(self) -> pd.DataFrame:
        """The answers on which units are compared: the items they all ask."""
        return self.responses[self.shared]

    @cached_property
    def by(self) -> pd.Series:
        """Unit of each respondent: text, however often it repeats stored once."""
        return _text(self.responses["unit"])

    @cached_property
    def answering(self) -> list[str]:
        """Units somebody answered about, each once."""
        return _text(self.labels.drop_duplicates()).tolist()

    @property
    def labels(self) -> pd.Series:
        """Unit of each respondent to group by: as it is stored, without a text for every row."""
        return self.responses["unit"]

    @property
    def service_labels(self) -> pd.Series:
        """Service of each respondent to group by, as it is stored; none or blank where not stated."""
        return self.responses["service"]

    @cached_property
    def service(self) -> pd.Series:
        """Service of each respondent, empty where not stated."""
        return _text(self.responses["service"])

    @property
    def weights(self) -> Mapping[str, Mapping[str, Fraction]] | None:
        """Items and exact weights of units that do not use the regulation's nine."""
        return self.context.weights

    @property
    def listed(self) -> list[str]:
        """Ids of units.csv."""
        return self.context.listed

    @property
    def population(self) -> dict[str, int]:
        """Number of service users of each unit that states it."""
        return self.context.population

    @property
    def agencies(self) -> dict[str, tuple[str, ...]]:
        """Each parent with all units of its agency, itself among them."""
        return self.context.agencies

    @property
    def types(self) -> dict[str, str]:
        """Type of each unit that has one."""
        return self.context.types

    @property
    def weighed(self) -> dict[str, Any]:
        """What every table is told that weighs items and counts users: rule, scale, weights, units, users."""
        return {
            "population": self.population, "listed": self.listed, "rule": self.survey.definition.rule,
            "scale": self.scale, "items": self.weights, "survey": self.survey.name,
        }  # fmt: skip

    @cached_property
    def index(self) -> pd.DataFrame:
        """The index table, computed once."""
        return self.index_at(USUAL)

    def index_at(self, confidence: float) -> pd.DataFrame:
        """Compute the index table with intervals of a confidence of one's own."""
        # late: only what is asked for is loaded
        from pipeline.statistics.index import table as module

        return module.table(
            self.frame,
            self.labels,
            service=self.service_labels,
            agencies=self.agencies,
            types=self.types,
            headline=self.survey.definition.headline,
            confidence=confidence,
            **self.weighed,
        )

    @cached_property
    def index_shown(self) -> pd.DataFrame:
        """The index table without units of which only the number is told."""
        return self.index[~self.index["unit"].isin(self.shown.hidden)]

    @cached_property
    def alike(self) -> Alike:
        """Units, services and wider groups in which everybody gave the same answers."""
        from pipeline.statistics.disclosure import alike  # late: only what is asked for is loaded

        who = self.scopes
        above = {"type": who.types, "parent": who.parents, "city": {"": who.city}}
        return alike.find(self.frame, self.labels, self.service_labels, above)

    @cached_property
    def beside_city(self) -> dict[str, str]:
        """Units whose people are not those of the city's index, with the reason."""
        city = self.scopes.city
        return {unit: self.left_out.get(unit, "excluded") for unit in self.answering if unit not in city}

    @cached_property
    def hidden_items(self) -> frozenset[tuple[str, str]]:
        """Unsur of units that no table tells: fewer than five answered them, or they stand beside such (R6)."""
        # late: only what is asked for is loaded
        from pipeline.statistics.disclosure import suppression as disclosure

        return disclosure.hidden_items(self.index_shown, self.scale)

    @cached_property
    def left_out(self) -> dict[str, str]:
        """Units without part in inference, with the reason: see `Context.left_out`."""
        # late: only what is asked for is loaded
        from pipeline.statistics.index import table as index

        valid = index.valid(
            self.frame, self.labels, listed=self.listed, rule=self.rule, scale=self.scale, items=self.weights
        )
        return self.context.left_out(valid)


def _text(column: pd.Series) -> pd.Series:
    """A column of categories as one of text, blank where there is none."""
    import pandas as pd

    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(object).fillna("").astype(str)
    codes = column.cat.codes.to_numpy()
    names = pd.array([*map(str, column.cat.categories), ""], dtype="str")
    return pd.Series(names.take(codes % len(names)), index=column.index, name=column.name)


def _with_status(columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(c.removesuffix(STATUS) for c in columns if c.endswith(STATUS))


def open_answers(survey: str = "", root: str | Path = "", *, everything: bool = False) -> Answers:
    """The cleaned answers of a survey (what ``1-clean`` wrote).

    Parameters
    ----------
    survey, root
        As in `open_survey`.
    everything : bool
        With the columns that no statistic reads: `TEXTS` and the items' statuses.

    Raises
    ------
    FileNotFoundError
        If ``1-clean`` has not run yet.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = open_survey(survey, root)
    path = found.processed / "responses.parquet"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: run 1-clean first (skm run {found.name})")
    stored = pq.read_metadata(path)
    names = stored.schema.to_arrow_schema().names
    read = [c for c in names if everything or not (c in TEXTS or c.endswith(STATUS))]
    rows = pd.read_parquet(path, columns=read)
    # What Arrow holds for later, the decoded pages of a file already read, goes back to the system.
    pa.default_memory_pool().release_unused()
    return Answers(found, rows, _with_status(names))
