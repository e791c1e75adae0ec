"""The rest of the overview: types and parents, where the data come from, method."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline import __version__, blocks, results
from pipeline.report.base.intake_table import intake_sums, intake_table
from pipeline.report.base.own_weights import named
from pipeline.report.city.headline import for_information
from pipeline.report.data.city import CityReport, absent, known, parts, say, unknown_rows
from pipeline.survey import agencies
from pipeline.words import Words
from pipeline.words.formats import NOTHING


def groups(city: CityReport) -> Any:
    """Return the index per type of unit and per parent agency (with the units below it)."""
    w = city.words
    made = [_group_table(city, "type"), _group_table(city, "parent")]
    made = [block for block in made if block is not None]
    if not made:
        return absent(city, "overview.groups_none")
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
    units = rows[rows["statistic"] == "units"].drop_duplicates("name")
    counted = dict(zip(units["name"], units["estimate"]))
    members = _members(city, scope)
    cells = []
    for row in results.rows_of(index.sort_values("name")):
        name = row.group or row.unit
        value = w.number(row.estimate) if row.estimate == row.estimate else w.label("reason", row.reason)
        cells.append([
            city.names.get(name, name),
            _made_of(w, counted.get(name), members.get(name)),
            w.integer(row.n) if known(row.n) else NOTHING,
            value,
            w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
            letters.get(name) or NOTHING,
        ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, name=(f"overview.col_{scope}", "3fr"), units="overview.col_units", n="overview.col_valid",
            ikm="common.index", interval="overview.col_interval", letter=("overview.col_letter", ""),
        ),
        rows=cells, caption=w(f"overview.{scope}_caption"), key=f"by-{scope}",
        note=w(f"overview.{scope}_note"),
    )  # fmt: skip


def _made_of(w: Words, counted: float | None, listed: int | None) -> str:
    """How many units a group's index is made of, and of how many listed ones where some have none."""
    if counted is None or not known(counted):
        return NOTHING
    if listed is None or int(counted) == listed:
        return w.integer(int(counted))
    return str(w("overview.units_counted", units=w.integer(int(counted)), listed=w.integer(listed)))


def _members(city: CityReport, scope: str) -> dict[str, int]:
    """Number of listed units per type, or per agency: the parent with everything below it."""
    if scope == "parent":
        return {head: len(units) for head, units in agencies(city.survey.units).items()}
    return dict(Counter(unit.type for unit in city.survey.units if unit.type))


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
    w = city.words
    rule = city.rule
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
        if names := named(city.survey, w):
            made.append(say(w, "overview.method_rule_own", names=names))
        factor = "25"
    name = w("common.index")
    which = "all" if for_information(city) else "city"
    spoken = "overview.spoken_ikm_foreign" if city.foreign else "overview.spoken_ikm"
    made += [
        blocks.formula(
            r"\mathrm{NRR}_j = \frac{1}{n_j}\sum_{i=1}^{n_j} x_{ij}",
            w("overview.spoken_nrr"), key="f-nrr", caption=w("overview.caption_nrr"),
        ),
        blocks.formula(
            rf"\mathrm{{{name}}} = {factor} \cdot \frac{{1}}{{k}}\sum_{{j=1}}^{{k}} \mathrm{{NRR}}_j",
            w(spoken), key="f-ikm", caption=w("overview.caption_ikm", k=w.integer(k)),
        ),
        blocks.formula(
            rf"\mathrm{{{name}}}_{{\mathrm{{{w('overview.formula_scope')}}}}} = "
            rf"\frac{{1}}{{U}}\sum_{{u=1}}^{{U}} \mathrm{{{name}}}_u",
            w("overview.spoken_city"), key="f-city", caption=w(f"overview.caption_{which}"),
        ),
        blocks.bullets([parts(w, f"overview.method_points.{key}") for key in _points(city)]),
        say(w, "overview.method_sample", style="note"),
        say(
            w, "overview.method_versions", version=__version__, survey=city.survey.name,
            hash=city.data_hash[:12] or NOTHING, rule=rule.short, style="note",
        ),
    ]  # fmt: skip
    return blocks.group(*made)


def _points(city: CityReport) -> list[str]:
    """What the method says of each decision; a foreign scale has no letters and no printed weights."""
    if city.foreign:
        return ["interval", "users_foreign", "versus", "required", "few", "missing", "doubt"]
    return ["interval", "users", "certainty", "versus", "required", "few", "missing", "doubt", "weights"]
