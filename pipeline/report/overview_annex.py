"""The rest of the overview: types and parents, doubtful answers, where the data come from, method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.overview_data import NOTHING, CityReport, known, parts, say, unknown_rows
from pipeline.report.stages_tables import intake_sums, intake_table

if TYPE_CHECKING:
    import pandas as pd

#: At most this many units are named in a table of exceptions.
NAMED = 40


def groups(city: CityReport) -> Any:
    """Return the index per type of unit and per parent agency (with the units below it)."""
    w = city.words
    made = [_group_table(city, "type"), _group_table(city, "parent")]
    made = [block for block in made if block is not None]
    if not made:
        return blocks.group(say(w, "overview.groups_none"))
    return blocks.group(say(w, "overview.groups_lead", style="note"), *made)


def _group_table(city: CityReport, scope: str) -> Any:
    w = city.words
    rows = results.pick(city.table("index"), scope=scope, item="", service="")
    rows = rows.assign(name=rows["group"].where(rows["group"] != "", rows["unit"]))
    # The first method of a group is its headline: the mean of a type's units, an agency pooled.
    index = rows[rows["statistic"] == "ikm"].drop_duplicates("name")
    if len(index) < (2 if scope == "type" else 1):
        return None
    way = dict(zip(index["name"], index["method"]))
    same = rows[(rows["statistic"] == "letter") & (rows["method"] == rows["name"].map(way))]
    letters = dict(zip(same["name"], same["text"]))
    members = _members(city, scope)
    cells = []
    for row in index.sort_values("name").itertuples():
        value = w.number(row.estimate) if row.estimate == row.estimate else w.label("reason", row.reason)
        units = members.get(row.name)
        cells.append([
            city.names.get(row.name, row.name),
            w.integer(units) if units else NOTHING,
            w.integer(row.n) if known(row.n) else NOTHING,
            value,
            w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
            letters.get(row.name) or NOTHING,
        ])  # fmt: skip
    return blocks.table(
        columns=[
            blocks.column("name", w(f"overview.col_{scope}"), width="3fr"),
            blocks.column("units", w("overview.col_units"), numeric=True),
            blocks.column("n", w("overview.col_valid"), numeric=True),
            blocks.column("ikm", w("common.index"), numeric=True),
            blocks.column("interval", w("overview.col_interval"), numeric=True),
            blocks.column("letter", w("overview.col_letter")),
        ],
        rows=cells, caption=w(f"overview.{scope}_caption"), key=f"by-{scope}",
        note=w(f"overview.{scope}_note"),
    )  # fmt: skip


def _members(city: CityReport, scope: str) -> dict[str, int]:
    """Number of listed units per type, or per parent (the parent itself counts)."""
    found: dict[str, int] = {}
    for unit in city.survey.units:
        key = unit.type if scope == "type" else unit.parent
        if key:
            found[key] = found.get(key, 0) + 1
    if scope == "parent":
        found = {key: count + (1 if key in city.names else 0) for key, count in found.items()}
    return found


def integrity(city: CityReport) -> Any:
    """Return how many answers are doubted and whether any letter depends on them (R10)."""
    w, table = city.words, results.pick(city.table("integrity"), item="", service="", group="")
    if not len(table):
        return blocks.group(say(w, "overview.integrity_none"))
    made: list[Any] = [say(w, "overview.integrity_lead")]
    cells = []
    for flag in ("straightline", "burst", "midnight", "duplicate_row", "bulk_entry"):
        rows = table[(table["statistic"] == flag) & (table["scope"] == "unit")]
        if not len(rows):
            continue
        rows, total = rows[rows["n"].notna()], 0.0
        counted = [_flagged(row) for row in rows.itertuples()]
        total = sum(count for count in counted if count == count)
        units = sum(1 for count in counted if count >= 1)
        n = float(rows["n"].sum())
        cells.append([
            w.label("flag", flag), w.integer(total),
            w.percent(total / n, 1) if n else NOTHING, w.integer(units),
        ])  # fmt: skip
    if cells:
        made.append(
            blocks.table(
                columns=[
                    blocks.column("flag", w("overview.col_flag"), width="3fr"),
                    blocks.column("rows", w("overview.col_rows"), numeric=True),
                    blocks.column("share", w("overview.col_percent"), numeric=True),
                    blocks.column("units", w("overview.col_units"), numeric=True),
                ],
                rows=cells, caption=w("overview.flags_caption"), key="flags",
                note=w("overview.flags_note"),
            )
        )  # fmt: skip
    made.append(_pooled_without(city, table))
    made.append(_sensitive(city, table))
    return blocks.group(*made)


def _flagged(row: Any) -> float:
    """Rows a flag hits: the numerator when given, else share times n (a share is at most 1)."""
    if known(row.numerator):
        return float(row.numerator)
    if row.estimate != row.estimate:
        return float("nan")
    return float(row.estimate * row.n) if row.estimate <= 1 else float(row.estimate)


#: What is left out in turn: all answers with any flag, and those that answer all unsur alike.
#: Identical answers are shown apart, because by themselves they are no evidence (R10).
LEFT_OUT = ("any", "straightline")


def _sensitive(city: CityReport, table: pd.DataFrame) -> Any:
    """Units whose letter changes without the flagged answers, with both values."""
    w = city.words
    changes = table[(table["statistic"] == "letter_changes") & (table["scope"] == "unit")]
    changes = changes[changes["method"].isin([*LEFT_OUT, ""]) & changes["estimate"].notna()]
    if not len(changes):
        return None
    yes = {(row.unit, row.method) for row in changes.itertuples() if row.estimate == 1}
    without = table[(table["statistic"] == "ikm_without_flagged") & (table["scope"] == "unit")]
    value = {(row.unit, row.method): row for row in without.itertuples()}
    cells = []
    for row in city.shown.itertuples():
        for way in ("", *LEFT_OUT):
            if (row.unit, way) not in yes:
                continue
            other = value.get((row.unit, way))
            cells.append([
                row.name, w(f"overview.left_out_way.{way or 'any'}"), w.number(row.ikm),
                row.letter or NOTHING, w.number(other.estimate) if other is not None else NOTHING,
                (other.text if other is not None else "") or NOTHING,
            ])  # fmt: skip
    if not cells:
        return say(w, "overview.sensitive_none", units=w.integer(changes["unit"].nunique()))
    count = len({unit for unit, _ in yes} & set(city.shown["unit"]))
    return blocks.table(
        columns=[
            blocks.column("unit", w("overview.col_unit"), width="2fr"),
            blocks.column("way", w("overview.col_left_out"), width="2fr"),
            blocks.column("ikm", w("common.index"), numeric=True),
            blocks.column("letter", w("overview.col_letter")),
            blocks.column("without", w("overview.col_without"), numeric=True),
            blocks.column("other", w("overview.col_letter_without")),
        ],
        rows=cells[:NAMED], caption=w("overview.sensitive_caption"), key="letter-depends",
        note=w("overview.sensitive_note", count=w.integer(count)),
    )  # fmt: skip


def _pooled_without(city: CityReport, table: pd.DataFrame) -> Any:
    """What the flagged answers do to the index of all respondents together."""
    w = city.words
    rows = table[(table["statistic"] == "ikm_without_flagged") & (table["scope"] == "city")]
    row = next(rows[rows["method"] == "any"].itertuples(), None)
    whole = city.city[(city.city["statistic"] == "ikm") & (city.city["method"] == "pooled")]
    whole = whole[(whole["item"] == "") & whole["estimate"].notna()]
    if row is None or row.estimate != row.estimate or not len(whole):
        return None
    return say(
        w, "overview.pooled_without", all=w.number(whole.iloc[0]["estimate"]),
        without=w.number(row.estimate),
    )  # fmt: skip


def intake(city: CityReport) -> Any:
    """Return where the data come from: rows read, used, merged, set aside; unknown units."""
    w = city.words
    if city.intake is None or not len(city.intake):
        return blocks.group(say(w, "overview.intake_none"))
    sums = intake_sums(city.intake)
    made: list[Any] = [
        say(w, "overview.intake_lead", **{key: w.integer(value) for key, value in sums.items()}),
        intake_table(w, city.intake),
    ]
    unknown = unknown_rows(city)
    if unknown:
        made.append(say(w, "overview.unknown", n=w.integer(unknown)))
    return blocks.group(*made)


def method(city: CityReport) -> Any:
    """Return the method annex: what was computed, by which formula, under which rule."""
    from pipeline import __version__, rules

    w = city.words
    rule = rules.load(city.survey.definition.rule)
    k = len(city.items) or len(rule.unsur)
    if city.foreign:
        made: list[Any] = [
            blocks.notice(
                *parts(
                    w, "overview.method_scale", factor=w.number(city.factor, 0 if city.factor % 1 == 0 else 2)
                ),
                kind="caution",
            )
        ]
        factor = r"\frac{100}{m}"
    else:
        made = [say(w, "overview.method_rule", rule=rule.title[city.lang], unsur=w.integer(k))]
        factor = "25"
    spoken = "overview.spoken_ikm_foreign" if city.foreign else "overview.spoken_ikm"
    made += [
        blocks.formula(
            r"\mathrm{NRR}_j = \frac{1}{n_j}\sum_{i=1}^{n_j} x_{ij}",
            w("overview.spoken_nrr"), key="f-nrr", caption=w("overview.caption_nrr"),
        ),
        blocks.formula(
            rf"\mathrm{{IKM}} = {factor} \cdot \frac{{1}}{{k}}\sum_{{j=1}}^{{k}} \mathrm{{NRR}}_j",
            w(spoken), key="f-ikm", caption=w("overview.caption_ikm", k=w.integer(k)),
        ),
        blocks.formula(
            r"\mathrm{IKM}_{\mathrm{kota}} = \frac{1}{U}\sum_{u=1}^{U} \mathrm{IKM}_u",
            w("overview.spoken_city"), key="f-city", caption=w("overview.caption_city"),
        ),
        blocks.bullets([parts(w, f"overview.method_points.{key}") for key in (
            "interval", "certainty", "versus", "required", "few", "missing", "doubt", "weights",
        ) if not (city.foreign and key in ("certainty", "weights"))]),
        say(w, "overview.method_sample", style="note"),
        say(
            w, "overview.method_versions", version=__version__, survey=city.survey.name,
            hash=city.data_hash[:12] or NOTHING, rule=rule.short, style="note",
        ),
    ]  # fmt: skip
    return blocks.group(*made)
