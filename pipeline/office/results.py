"""The result files of a survey: machine-readable, described, with uncertainty in every row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, rules, standings
from pipeline import results as tidy
from pipeline.office import codebook, safe, sheets, summary, unit_file
from pipeline.office.city import Results, open_results, title
from pipeline.office.sheets import Head, Sheet
from pipeline.results import store
from pipeline.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

#: Modules whose rows are published, in the order of the file.
PUBLISHED = (
    "index", "sampling", "profile", "integrity", "priorities",
    "reliability", "validity", "comparison", "ranking", "verdicts",
)  # fmt: skip
#: Rows about two units are too many for a public table and invite a league table.
LEFT_OUT_SCOPES = ("pair",)
COLUMNS = ("module", *tidy.COLUMNS)
#: Most rows of results.csv: no spreadsheet opens more. Above, it holds the main statistics and
#: results.parquet holds every row.
MOST_ROWS = 1_000_000
MAIN = (
    "n", "n_valid", "ikm", "letter", "certainty", "margin", "nrr", "required", "population", "alpha",
    "units_counted", "units_for_information",
)  # fmt: skip

#: Columns of the sheet of units, with the decimals that show (None: text).
UNIT_COLUMNS: tuple[tuple[str, int | None], ...] = (
    ("unit", None), ("name", None), ("type", None), ("parent", None), ("population", 0),
    ("n_valid", 0), ("required", 0), ("ikm", 2), ("lower", 2), ("upper", 2), ("letter", None),
    ("certainty", None), ("confidence", 4), ("sign", None), ("lowest_item", None), ("difference", 2),
    ("difference_lower", 2), ("difference_upper", 2), ("p_adjusted", 4), ("versus", None), ("unusual", None),
    ("alpha", 3),
)  # fmt: skip


#: Columns of the sheet of units whose codes are written in words.
WORDED = ("certainty", "versus", "unusual")


def write(survey: Survey | str, lang: str = "id", root: Path | str | None = None) -> list[Path]:
    """Write the result files into ``public/``: ``results.csv``, ``.xlsx``, ``.sav``, ``.metadata.json``, the codebook.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey, or its name under ``data/raw``.
    lang : str
        Language of labels and descriptions; column names and codes of ``results.csv`` are English in both.
    root : Path, optional
        Where ``data/raw`` lies, when a name is given.

    Returns
    -------
    list of Path
        The files, ``results.csv``, ``results.xlsx`` and ``results.metadata.json`` first.
    """
    found = open_results(survey, root)
    public = Path(found.survey.public)
    csv, book, about, everything = (
        public / f"results.{kind}" for kind in ("csv", "xlsx", "metadata.json", "parquet")
    )
    whole = sum(len(found.table(module)) for module in PUBLISHED) <= MOST_ROWS
    count, total, statistics, begun = 0, 0, set(), False
    with ExitStack() as stack:
        text = stack.enter_context(store.replacing(csv))
        table = None if whole else _Parquet(stack.enter_context(store.replacing(everything)))
        for rows in _published(found):
            total += len(rows)
            statistics |= set(rows["statistic"].unique())
            if table is not None:
                table.add(rows)
                rows = rows[rows["statistic"].isin(MAIN) & (rows["service"] == "")]
            escaped(rows).to_csv(
                text, index=False, lineterminator="\n", encoding="utf-8", na_rep="",
                mode="a" if begun else "w", header=not begun,
            )  # fmt: skip
            count, begun = count + len(rows), True
        if not begun:
            published(found).to_csv(text, index=False, lineterminator="\n", encoding="utf-8", na_rep="")
        if table is not None:
            table.close()
    if whole:
        everything.unlink(missing_ok=True)
    made = list(_sheets(found, lang, sorted(statistics)))
    sheets.write(book, made, title=title(found.survey, lang), subject=found.rule.short)
    more = [
        unit_file.write(public / unit_file.FILE, found, lang),
        codebook.write(public / codebook.FILE, found, lang, described_columns(), statistics),
    ]
    described = metadata(found, lang, count, sorted(statistics), total, [sheet.name for sheet in made])
    with store.replacing(about) as aside:
        written = json.dumps(described, ensure_ascii=False, indent=2)
        aside.write_text(written + "\n", encoding="utf-8", newline="\n")
    return [csv, book, about, *more] if whole else [csv, book, about, everything, *more]


class _Parquet:
    """All rows of a large survey, one module after the other, without holding them together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer: Any = None

    def add(self, rows: pd.DataFrame) -> None:
        """Write the rows of one module."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(rows, preserve_index=False)
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self.writer.write_table(table, row_group_size=100_000)

    def close(self) -> None:
        """Finish the file."""
        if self.writer is not None:
            self.writer.close()


def published(found: Results) -> pd.DataFrame:
    """Return every row that may be published, the module in the first column."""
    import pandas as pd

    parts = list(_published(found))
    if not parts:
        return tidy.empty().assign(module="")[list(COLUMNS)]
    return pd.concat(parts, ignore_index=True)


def _published(found: Results) -> Iterator[pd.DataFrame]:
    for module in PUBLISHED:
        rows = found.public(module)
        rows = rows[~rows["scope"].isin(LEFT_OUT_SCOPES)]
        if len(rows):
            yield rows.assign(module=module)[list(COLUMNS)]


def escaped(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with every text cell safe for a spreadsheet, one call per distinct text."""
    rows = rows.copy()
    for column in ("module", *tidy.TEXT_COLUMNS):
        texts = {value: safe.text(value) for value in rows[column].unique()}
        if any(key != value for key, value in texts.items()):
            rows[column] = rows[column].map(texts)
    return rows


def _sheets(found: Results, lang: str, statistics: Sequence[str]) -> Iterator[Sheet]:
    """Yield the sheets: the city, its units as a chart, units, unsur, wider scopes, codebook; one language in all."""
    w, table = found.words(lang), found.standings

    def head(name: str, digits: int | None = None, numeric: bool = False) -> Head:
        return Head(w(f"office.short.{name}"), numeric or digits is not None, digits)

    yield summary.city(found, w, lang)
    drawn = summary.units(found, w)
    if drawn is not None:
        yield drawn
    names = [name for name, _ in UNIT_COLUMNS]
    heads = [head(name, digits) for name, digits in UNIT_COLUMNS]
    cells = [
        [codebook.worded(w, name, str(v or "")) for v in table[name]]
        if name in WORDED
        else table[name].tolist()
        for name in names
    ]
    yield Sheet(w("office.sheets.units"), heads, zip(*cells, strict=True), [w("office.note_signs")])
    index = found.public("index")
    index = index[index["group"] == ""]
    items = index[(index["scope"] == "unit") & (index["statistic"] == "nrr") & (index["item"] != "")]
    items = items[items["service"] == ""]
    named = {unit.id: unit.name for unit in found.survey.units}
    labels = {item: found.context.name(item, lang) for item in items["item"].unique()}
    yield Sheet(
        w("office.sheets.unsur"),
        [
            head("unit"), head("name"), head("item"), head("item_name"), head("n", 0), head("nrr", 4),
            head("lower", 4), head("upper", 4), head("value", 2),
        ],
        (
            (
                row.unit, named.get(row.unit, row.unit), row.item, labels[row.item], row.n, row.estimate,
                *found.within(row.lower, row.upper, row.item), row.estimate * found.factor,
            )
            for row in tidy.rows_of(items.head(sheets.MOST_ROWS))
        ),
    )  # fmt: skip
    yield _wider(index, head, w)
    yield codebook.sheet(found, lang, described_columns(), statistics)


def _wider(index: pd.DataFrame, head: Callable[..., Head], w: Words) -> Sheet:
    """Rows about the city, types and agencies; ``group`` is the name of a type."""
    columns = (
        "scope", "unit", "group", "item", "statistic", "estimate", "lower", "upper", "text", "n", "method", "reason",
    )  # fmt: skip
    numeric = {"estimate", "lower", "upper", "n"}
    plain = index[index["scope"].isin(["city", "type", "parent"])][list(columns)].astype(object)
    plain = plain.where(plain.notna(), None)
    for name in ("scope", "statistic", "reason"):
        said = {code: codebook.worded(w, name, str(code)) for code in plain[name].unique()}
        plain[name] = plain[name].map(said)
    heads = [head(name, numeric=name in numeric) for name in columns]
    return Sheet(w("office.sheets.city"), heads, plain.itertuples(index=False, name=None))


def described_columns() -> Sequence[str]:
    """Names of all columns that appear in the result files, each described in the locale files."""
    extra = [name for name, _ in UNIT_COLUMNS if name not in COLUMNS]
    return [*COLUMNS, *extra, "nrr", "value", "item_name"]


def _typed(column: str) -> str:
    if column in tidy.FLOAT_COLUMNS:
        return "number"
    return "integer" if column in tidy.INTEGER_COLUMNS else "string"


def metadata(
    found: Results,
    lang: str,
    rows: int,
    statistics: Sequence[str],
    total: int | None = None,
    sheet_names: Sequence[str] = (),
) -> dict[str, Any]:
    """Describe the result files: columns, survey, rule, units, licence, method.

    ``total`` is the number of rows where not all of them are in the CSV.
    ``statistics`` are the names that occur; only those with words in the locale file are
    described. The data licence is what the definition states; none stated is ``null``,
    which means that no right to reuse was given.
    """
    w, survey = found.words(lang), found.survey
    definition = survey.definition
    fieldwork = definition.fieldwork
    contact = {key: value for key, value in definition.contact.model_dump().items() if value}
    counted = standings.counted_units(found.table("index"))
    named = {s: w(f"office.statistic.{s}") for s in statistics if w.has(f"office.statistic.{s}")}
    return {
        "title": title(survey, lang),
        "language": lang,
        "survey": survey.name,
        "period": str(survey.period),
        "fieldwork": {
            "start": fieldwork.start.isoformat() if fieldwork.start else None,
            "end": fieldwork.end.isoformat() if fieldwork.end else None,
        },
        "city": definition.city,
        "conducted_by": definition.conducted_by,
        "partner": definition.partner,
        "mode": definition.mode,
        "sampling": definition.sampling,
        "synthetic": definition.synthetic,
        "license": getattr(definition, "license", None) or None,
        "contact": contact,
        "rule": {"id": found.rule.id, "short": found.rule.short, "title": found.rule.title[lang]},
        "scale": dict(zip(("min", "max"), found.scale)),
        "factor": found.factor,
        "headline": definition.headline,
        "headline_units": None if counted is None else {
            "counted": counted.units, "listed": counted.listed, "for_information": counted.only,
            "headline_for_information": counted.information, "respondents": counted.people,
            "answered": counted.answered,
        },
        "files": _files(w, rows, total, sheet_names),
        "text_cells": w("office.note_escape"),
        "statistics": named,
        "reasons": {code: w.label("reason", code) for code in tidy.REASONS},
        "signs": {"x": w("office.sign.x"), "E": w("office.sign.E")},
        "method": [w(f"office.method.{key}") for key in (
            "index", "city", "interval", "letter", "few", "sample",
        )],
        "thresholds": {
            "private_below": rules.PRIVATE_BELOW, "information_below": rules.INFORMATION_BELOW,
        },
        "units": [
            {
                "id": row.unit, "name": row.name, "type": row.type, "parent": row.parent,
                "folder": f"units/{survey.slug(row.unit)}/", "valid": int(row.n_valid), "sign": row.sign,
            }
            for row in standings.rows_of(found.standings)
        ],
        "definition_sha256": survey.digest,
        "software": {"name": "skm-pipeline", "version": __version__},
    }  # fmt: skip


def _files(w: Words, rows: int, total: int | None, sheet_names: Sequence[str]) -> list[dict[str, Any]]:
    """Each result file with its columns."""
    return [
        {
            "name": "results.csv", "encoding": "utf-8", "delimiter": ",", "decimal": ".", "rows": rows,
            "missing": "",
            "columns": [
                {"name": name, "type": _typed(name), "description": w(f"office.column.{name}")}
                for name in COLUMNS
            ],
        },
        {
            "name": "results.xlsx", "sheets": list(sheet_names),
            "columns": [
                {"name": w(f"office.short.{name}"), "code": name, "description": w(f"office.column.{name}")}
                for name, _ in UNIT_COLUMNS
            ],
        },
        {"name": unit_file.FILE, "description": w("office.file.sav"), "columns": []},
        {"name": codebook.FILE, "encoding": "utf-8-sig", "delimiter": ",", "description": w("office.file.codebook"),
         "columns": []},
        *([] if total in (None, rows) else [
            {"name": "results.parquet", "rows": total, "description": w("office.note_large", rows=w.integer(rows))}
        ]),
    ]  # fmt: skip
