"""What the city's pages read: the survey, its result tables, and one row per unit.

Opening reads the parquet files of the survey once; every section afterwards only picks
rows. A missing file is an empty table: a section then says so instead of failing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline import blocks, results, rules, standings
from pipeline.survey import find_root, newest
from pipeline.survey import load as load_survey
from pipeline.survey.context import Context, Opened
from pipeline.words import Words, said_of
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

#: A table of more rows than this shows the first few only: nobody reads a hundred pages of them, and
#: the portal and the result files hold every row.
MOST_ROWS, FIRST_ROWS = 600, 100


def first_rows(w: Words, cells: list[list[str]], note: str = "") -> tuple[list[list[str]], str]:
    """Return the rows that a table prints and its note, which says so when some are not printed.

    Examples
    --------
    >>> rows, note = first_rows(Words("en"), [["a"]] * 700, "One row a unit.")
    >>> len(rows), note
    (100, 'One row a unit. The first 100 of 700 rows; all of them are in the portal and in the result files.')
    """
    if len(cells) <= MOST_ROWS:
        return cells, note
    cut = w("overview.first_rows", shown=w.integer(FIRST_ROWS), all=w.integer(len(cells)))
    return cells[:FIRST_ROWS], f"{note} {cut}".strip()


class SetTables(Protocol):
    """What is needed of a named set that was computed by itself."""

    @property
    def name(self) -> str:
        """The set, as units.csv names it."""

    @property
    def survey(self) -> Survey:
        """The definition with the set's units only."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Result tables by module name, suppressed."""

    @property
    def listed(self) -> int:
        """Units of the whole survey."""

    @property
    def withheld(self) -> tuple[str, ...]:
        """Attributes of respondents that are not compared."""

    @property
    def bare(self) -> bool:
        """Whether nothing but the index is told of all respondents together."""


@dataclass(frozen=True)
class CityReport(Opened):
    """Everything the sections about a whole city need.

    Parameters
    ----------
    survey : Survey
        The loaded definition with its units.
    lang : str
        ``id`` or ``en``.
    tables : mapping
        Tidy result tables by module name.
    intake : DataFrame or None
        Rows read, used, merged and excluded per source file.
    data_hash : str
        Short hash of the data, printed in the footer.
    part : SetTables or None
        The named set these pages are about; None is the whole city.
    """

    survey: Survey
    lang: str
    tables: Mapping[str, pd.DataFrame]
    intake: pd.DataFrame | None = None
    ledger: pd.DataFrame | None = field(default=None, repr=False)
    data_hash: str = ""
    part: SetTables | None = None

    @cached_property
    def words(self) -> Words:
        """Strings and number formats of the report's language, as they are said of such an index."""
        return said_of(self.lang, self.items, self.rule.codes, self.foreign, self.part is not None)

    @cached_property
    def context(self) -> Context:
        """What the definition and the items of the index decide."""
        rows = self.table("index")
        return Context.of_index(self.survey, rows.loc[rows["statistic"] == "nrr", "item"].unique())

    def table(self, module: str) -> pd.DataFrame:
        """Result table of a module; empty when it was not made."""
        found = self.tables.get(module)
        return results.empty() if found is None else found

    @cached_property
    def standings(self) -> pd.DataFrame:
        """One row per listed unit."""
        return standings.table(self.survey.units, self.tables, self.floor)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """Units that have an index to compare (no sign), highest first, ties by name."""
        rows = self.standings[self.standings["sign"].eq("") & self.standings["ikm"].notna()]
        return rows.sort_values(["ikm", "name"], ascending=[False, True], kind="stable")

    @property
    def counted(self) -> pd.DataFrame:
        """Units whose people are the city's: those to compare, or all with an index where they make the headline."""
        made_of = standings.counted_units(self.table("index"))
        return self.shown if made_of is not None and made_of.units > len(self.ranked) else self.ranked

    @property
    def few(self) -> bool:
        """Whether there are not even two units to compare, as far as anything was computed."""
        return len(self.ranked) < 2 and len(self.table("index")) > 0

    @cached_property
    def shown(self) -> pd.DataFrame:
        """Units whose index may be printed, highest first."""
        rows = self.standings[self.standings["ikm"].notna()]
        return rows.sort_values(["ikm", "name"], ascending=[False, True], kind="stable")

    @cached_property
    def city(self) -> pd.DataFrame:
        """Rows of the index table about the whole city; the headline's rows come first."""
        return results.pick(self.table("index"), scope="city", service="", group="")

    @cached_property
    def headline(self) -> Any:
        """Row of the city's headline index, or None."""
        rows = self.city[(self.city["statistic"] == "ikm") & (self.city["item"] == "")]
        chosen = rows[rows["text"] == "headline"]
        return next(results.rows_of(chosen if len(chosen) else rows), None)

    @cached_property
    def names(self) -> dict[str, str]:
        """Unit names by id."""
        return {unit.id: unit.name for unit in self.survey.units}

    @cached_property
    def bands(self) -> list[tuple[str, str, float, float]]:
        """Letter bands ``(letter, name, lower, upper)``, lowest first; none on a foreign scale."""
        return self.context.bands(self.lang)

    @property
    def top(self) -> int:
        """Highest answer of the index's scale."""
        return self.scale[1]

    @cached_property
    def items(self) -> list[str]:
        """Items that have a value for the city or any unit, in canonical order."""
        return list(self.context.items)

    def place_of(self, item: str) -> tuple[int, tuple[str, int, str]]:
        """Sort key of an item."""
        return self.context.place(item)

    def item_name(self, item: str) -> str:
        """Name of an unsur in the report's language, else its code."""
        return self.context.name(item, self.lang)

    @cached_property
    def codes(self) -> dict[str, str]:
        """Code of each item as printed: without its instrument where no two then look alike."""
        short = {item: item.rpartition(".")[2] for item in self.items}
        return short if len(set(short.values())) == len(short) else {item: item for item in short}

    def code(self, item: str) -> str:
        """Code of an item as printed."""
        return self.codes.get(item, item)

    @cached_property
    def place(self) -> str:
        """What the pages are about: the city, else the survey's title."""
        definition = self.survey.definition
        return definition.city or definition.text(definition.title, self.lang)

    def first(self, module: str, **where: Any) -> Any:
        """First row of a module's table that matches, or None."""
        return next(results.rows_of(results.pick(self.table(module), **where)), None)


def known(value: Any) -> bool:
    """Whether there is a number: not None, not NaN, not pandas' NA.

    Examples
    --------
    >>> known(3), known(float("nan")), known(None)
    (True, False, False)
    """
    import pandas as pd

    return not pd.isna(value)


def say(words: Words, key: str, style: str = "body", **values: Any) -> Any:
    """Return a paragraph from a locale key; ``**...**`` in the string becomes emphasis."""
    return blocks.prose(*parts(words, key, **values), style=style)


def absent(city: CityReport, key: str) -> Any:
    """Return what a section says that has nothing to show.

    Where fewer than two units can be compared that would be half of all sections: there it is
    nothing, the heading falls away with it, and `overview.left_out` says so once.
    """
    return blocks.group() if city.few else blocks.group(say(city.words, key))


def parts(words: Words, key: str, **values: Any) -> list[Any]:
    """Return the pieces of a filled locale string, the emphasised ones marked."""
    return [blocks.strong(text) if bold else text for text, bold in words.runs(key, **values)]


def read_tables(folder: Path, modules: Sequence[str] = standings.MODULES) -> dict[str, Any]:
    """Read the result tables that exist in a processed folder."""
    import pandas as pd

    return {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in modules
        if (folder / f"{name}.parquet").is_file()
    }


def optional(path: Path) -> pd.DataFrame | None:
    """Read a parquet file, or nothing when it does not exist."""
    import pandas as pd

    return pd.read_parquet(path) if path.is_file() else None


def sure_words(city: CityReport, row: Any) -> str:
    """Write the certainty of a unit's letter, or that all answered the same, as its own page does."""
    if standings.alike(row):
        return str(city.words("short.same"))
    if row.sign == rules.INFORMATION:  # for information only: neither firm nor leaning
        return NOTHING
    return certainty_words(city, row.certainty, row.confidence, row.reason)


def certainty_words(city: CityReport, word: str, confidence: float, reason: str = "") -> str:
    """Write a letter's certainty: the word and the confidence it rests on; of a census it is known."""
    if not word:
        return NOTHING
    w = city.words
    if reason == "census":
        return w.label("certainty", "census")
    share = f"\u00a0({standings.confidence_words(w, confidence)})" if confidence == confidence else ""
    return f"{w.label('certainty', word)}{share}"


def unknown_rows(city: CityReport) -> int:
    """Rows whose unit is in no list: counted, never ranked."""
    rows = city.table("index")
    rows = rows[(rows["unit"] == "unknown") & (rows["statistic"] == "n") & (rows["scope"] == "unit")]
    rows = rows[(rows["item"] == "") & (rows["service"] == "")]
    if not len(rows):
        return 0
    row = next(results.rows_of(rows))
    return int(row.estimate) if row.estimate == row.estimate else row.n or 0


def shown_sign(row: Any) -> str:
    """Sign of a unit as printed: a unit nobody answered has nothing to protect."""
    return str(row.sign) if row.n_valid >= 1 else ""


def open_city(
    survey: Survey | str,
    lang: str = "id",
    root: Path | str | None = None,
    folder: Path | str | None = None,
    part: SetTables | None = None,
    modules: Sequence[str] = standings.MODULES,
) -> CityReport:
    """Open what the overview of a survey reads.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey or the name of its folder under ``data/raw``; empty means the newest.
    lang : str
        ``id`` or ``en``.
    root : Path, optional
        The folder with ``data/raw``; found upward from the current folder by default.
    folder : Path, optional
        Another folder of result tables than ``data/processed/<survey>``.
    part : SetTables, optional
        A named set computed by itself (`steps.named_set`): the overview is of its units only.
    modules : sequence of str
        The tables to read: a stage's page reads none that a later stage makes.

    Returns
    -------
    CityReport

    Raises
    ------
    SurveyError
        When there is no such survey or its definition cannot be used.
    """
    if part is not None:
        # Of what was read, nothing is known per set.
        return CityReport(part.survey, lang, part.tables, data_hash=str(part.survey.digest)[:12], part=part)
    loaded = load(survey, root)
    folder = Path(folder) if folder else Path(loaded.processed)
    return CityReport(
        survey=loaded,
        lang=lang,
        tables=read_tables(folder, modules),
        intake=optional(folder / "intake.parquet"),
        ledger=optional(folder / "ledger.parquet"),
        data_hash=str(loaded.digest)[:12],
    )


def load(survey: Survey | str, root: Path | str | None = None) -> Survey:
    """Return the survey itself, loading it by name when a name is given."""
    if not isinstance(survey, str | int):  # papermill's -p turns 2025 into a number
        return survey

    folder = Path(root) if root else find_root()
    return load_survey(folder, str(survey) or newest(folder))


def city_items(city: CityReport) -> dict[str, float]:
    """Return the city's value per unsur on 25-100: the tidy city row, else the mean over units."""
    rows = city.city[(city.city["statistic"] == "nrr") & (city.city["item"] != "")]
    if len(rows):
        method = rows["method"].iloc[0]
        rows = rows[rows["method"] == method]
        values = {row.item: city.factor * row.estimate for row in results.rows_of(rows)}
    else:
        wide = unit_items(city)
        values = {str(item): float(mean) for item, mean in wide.mean().items()} if len(wide) else {}
    return {item: values[item] for item in sorted(values, key=city.place_of)}


def unit_items(city: CityReport, units: list[str] | None = None) -> pd.DataFrame:
    """Return units (rows, highest index first) by unsur (columns): values on 25-100."""
    rows = results.pick(city.table("index"), scope="unit", statistic="nrr", service="", group="")
    rows = rows[rows["item"] != ""]
    shown = list(city.shown["unit"]) if units is None else units
    wide = rows.pivot_table(index="unit", columns="item", values="estimate", aggfunc="first")
    wide = wide.reindex([unit for unit in shown if unit in wide.index])
    # An unsur without any number has no column.
    items: list[str] = sorted(set(rows["item"]) & set(wide.columns), key=city.place_of)
    return (wide[items] * city.factor).astype(float)
