"""What 2-index and 3-reliability show beside the overview's own sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.correlation_map import NARROW_MM, correlation_map, square
from pipeline.report.base.parts import MOST_MAPPED, extremes
from pipeline.report.base.scale_verdicts import city_rows, first, pools
from pipeline.report.city import tests as overview_tests
from pipeline.report.city.psychometrics import constructs
from pipeline.report.city.psychometrics import tables as psychometric_tables
from pipeline.report.data.city import CityReport, say
from pipeline.report.data.stage import INDEX, RELIABILITY
from pipeline.survey import CATEGORIES
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.stage import StageReport

#: Attributes of respondents in the order a report lists them.
ATTRIBUTES = (
    "sex", "age_band", "education", "occupation", "disability", "disability_kind", "mode", "executor", "instrument",
)  # fmt: skip
#: Below this item-rest correlation an unsur is said not to go with the others.
ITEM_REST = 0.30
#: At most this many units are listed in full.
MOST_UNITS = 400


def profile_table(stage: StageReport) -> Any:
    """Return who answered: counts and shares over the whole city."""
    w, table = stage.words, stage.city(INDEX).table("profile")
    rows = results.pick(table, scope="city", statistic="count", other="")
    if not len(rows):
        return blocks.group(say(w, "stages.no_profile"))
    shares = {
        (row.item, row.group): row.estimate
        for row in results.rows_of(results.pick(table, scope="city", statistic="share", other=""))
    }
    known = [name for name in ATTRIBUTES if (rows["item"] == name).any()]
    cells = []
    for name in known:
        some = rows[rows["item"] == name]
        codes = sorted(some["group"], key=lambda code: (code == "missing", _place(name, code), code))
        count = dict(zip(some["group"], some["estimate"]))
        for number, code in enumerate(codes):
            label = w("labels.missing") if code == "missing" else w.label(name, code)
            if code == "other":
                label = w("unit.respondents.merged")
            share = shares.get((name, code), float("nan"))
            value = count[code]
            cells.append([
                w(f"office.group.{name}") if number == 0 else "", label,
                w.integer(value) if value == value else w.label("reason", "suppressed"),
                w.percent(share, 1) if share == share else NOTHING,
            ])  # fmt: skip
    return blocks.group(
        blocks.table(
            columns=blocks.columns(
                w, attribute=("stages.col_attribute", ""), category=("stages.col_category", "2fr"),
                count="stages.col_count", share="overview.col_percent",
            ),
            rows=cells, caption=w("stages.profile_caption"), key="profile", row_header=False,
            note=w("stages.profile_note"),
        )
    )  # fmt: skip


def _place(kind: str, code: str) -> int:
    order = CATEGORIES.get(kind, ())
    return order.index(code) if code in order else len(order)


def reliability_table(stage: StageReport) -> Any:
    """Return the spread of alpha over units, the pooled coefficients, and alpha per unit."""
    w, city = stage.words, stage.city(RELIABILITY)
    shown = overview_tests.alphas(city)
    if not len(shown):
        return blocks.group(overview_tests.reliability(city))
    cells = [
        [
            city.names.get(row.unit, row.unit), w.integer(row.n), w.number(row.estimate),
            w.interval(row.lower, row.upper) if row.lower == row.lower else NOTHING,
        ]
        for row in results.rows_of(shown.head(MOST_UNITS))
    ]  # fmt: skip
    return blocks.group(
        overview_tests.reliability(city),
        psychometric_tables.reliability(city),
        blocks.table(
            columns=blocks.columns(
                w, unit=("overview.col_unit", "3fr"), n="overview.col_n", alpha="overview.col_alpha",
                interval="overview.col_interval",
            ),
            rows=cells, caption=w("stages.alpha_caption"), key="alpha-units", compact=True,
            note=w("stages.alpha_note"),
        ),
    )  # fmt: skip


def constructs_table(stage: StageReport) -> Any:
    """Return every other questionnaire and declared facet: one table, then a chapter a questionnaire."""
    return constructs.chapters(stage.city(RELIABILITY))


def _pooled_items(table: pd.DataFrame, statistic: str) -> dict[str, Any]:
    rows = results.pick(table, scope="city", statistic=statistic, other="", group="")
    return {row.item: row for row in results.rows_of(rows[rows["item"] != ""])}


def validity_table(stage: StageReport) -> Any:
    """Return, per unsur, how it goes with the others: pooled, and in how many units it does not."""
    w, city = stage.words, stage.city(RELIABILITY)
    table = city.table("validity")
    inside = pools(city_rows(city))
    rest = _pooled_items(table, "item_rest_within" if inside else "item_rest")
    beside, total = _pooled_items(table, "item_rest"), _pooled_items(table, "item_total")
    units = results.pick(table, scope="unit", statistic="item_rest", group="")
    units = units[units["unit"].isin(set(city.ranked["unit"])) & units["estimate"].notna()]
    items = sorted(set(rest) | set(units["item"]), key=city.place_of)
    if not items:
        return blocks.group(say(w, "stages.no_validity"))
    dropped = _pooled_items(
        city.table("reliability"), "alpha_if_dropped_within" if inside else "alpha_if_dropped"
    )
    cells: list[list[str]] = []
    weak_items: list[str] = []
    accents: list[tuple[int, int | str]] = []
    for item in items:
        mine = units[units["item"] == item]["estimate"]
        weak = int((mine < ITEM_REST).sum())
        pooled = rest.get(item)
        if pooled is not None and pooled.estimate < ITEM_REST:
            weak_items.append(f"{city.code(item)} {city.item_name(item)}")
            accents.append((len(cells), "rest"))
        cells.append([
            f"{city.code(item)} {city.item_name(item)}", _number(w, pooled, 2),
            *([_number(w, beside.get(item), 2)] if inside else []), _number(w, total.get(item), 2),
            _number(w, dropped.get(item), 2), w.number(mine.median()) if len(mine) else NOTHING,
            w.integer(weak) if len(mine) else NOTHING, w.integer(len(mine)),
        ])  # fmt: skip
    end = "_inside" if inside else ""
    lead = (
        say(w, f"stages.validity_weak{end}", names=w.join(weak_items), cut=w.number(ITEM_REST))
        if weak_items
        else say(w, f"stages.validity_fine{end}", cut=w.number(ITEM_REST))
    )
    return blocks.group(
        lead,
        blocks.table(
            columns=[
                *blocks.columns(w, unsur=("overview.col_unsur", "3fr"), rest=f"stages.col_item_rest{end}"),
                *([blocks.column("rest_pooled", w("stages.col_item_rest_pooled"), numeric=True)] if inside else []),
                *blocks.columns(
                    w, total="stages.col_item_total", dropped="stages.col_dropped",
                    median="stages.col_median", weak="stages.col_weak", units="overview.col_units",
                ),
            ],
            rows=cells, caption=w("stages.validity_caption"), key="item-rest", accent_cells=accents,
            note=w("stages.validity_note", cut=w.number(ITEM_REST)),
        ),
        say(w, "scale.r9.own" if city.foreign else "scale.r9.decreed", style="note"),
    )  # fmt: skip


def _number(w: Any, row: Any, digits: int) -> str:
    return w.number(row.estimate, digits) if row is not None and row.estimate == row.estimate else NOTHING


def _inside_cells(city: CityReport) -> list[list[str]]:
    """KMO and Bartlett inside the units, where several are pooled."""
    w, rows = city.words, city_rows(city)
    kmo, test = first(rows, "validity", "kmo_within"), first(rows, "validity", "bartlett_within")
    if not pools(rows) or kmo is None or test is None or kmo.estimate != kmo.estimate:
        return []
    return [
        [w("stages.kmo_within"), w.number(kmo.estimate, 3), NOTHING, NOTHING, w("stages.kmo_means")],
        [
            w("stages.bartlett_within"), w.number(test.estimate, 1), w.integer(test.df), w.p(test.p),
            w("stages.bartlett_means"),
        ],
    ]  # fmt: skip


def _factors_lead(city: CityReport, pooled: Any) -> Any:
    """KMO in a sentence: inside the units where several are pooled, the pooled one beside it (R20)."""
    w, rows = city.words, city_rows(city)
    inside = first(rows, "validity", "kmo_within")
    if pools(rows) and inside is not None and inside.estimate == inside.estimate:
        return say(w, "stages.factors_lead_inside", kmo=w.number(inside.estimate), n=w.integer(inside.n),
                   pooled=w.number(pooled.estimate))  # fmt: skip
    return say(w, "stages.factors_lead", kmo=w.number(pooled.estimate), n=w.integer(pooled.n))


def factorability_table(stage: StageReport) -> Any:
    """Return KMO, Bartlett and the eigenvalues over all respondents."""
    w, city = stage.words, stage.city(RELIABILITY)
    table = results.pick(city.table("validity"), scope="city", group="")
    kmo = next(results.rows_of(table[(table["statistic"] == "kmo") & (table["item"] == "")]), None)
    bartlett = next(results.rows_of(table[table["statistic"] == "bartlett"]), None)
    if kmo is None or bartlett is None:
        return blocks.group(say(w, "stages.no_factors"))
    if kmo.estimate != kmo.estimate:
        return blocks.group(say(w, "stages.factors_refused", why=w.label("reason", kmo.reason)))
    cells = [
        *_inside_cells(city),
        ["KMO", w.number(kmo.estimate, 3), NOTHING, NOTHING, w("stages.kmo_means")],
        [
            "Bartlett χ²", w.number(bartlett.estimate, 1), w.integer(bartlett.df), w.p(bartlett.p),
            w("stages.bartlett_means"),
        ],
    ]  # fmt: skip
    values = table[(table["statistic"] == "eigenvalue") & table["estimate"].notna()]
    order = sorted(results.rows_of(values), key=lambda row: int(row.other or 0))
    for row in order:
        mean = w("stages.eigen_means") if row.other == "1" else ""
        cells.append(
            [w("stages.eigenvalue", place=row.other), w.number(row.estimate, 3), NOTHING, NOTHING, mean]
        )
    return blocks.group(
        _factors_lead(city, kmo),
        blocks.table(
            columns=blocks.columns(
                w, measure=("overview.col_test", "2fr"), value="overview.col_value", df="overview.col_df",
                p="overview.col_p", means=("overview.col_answers", "3fr"),
            ),
            rows=cells, caption=w("stages.factors_caption"), key="factors", note=w("stages.factors_note"),
        ),
    )  # fmt: skip


def association_table(stage: StageReport) -> Any:
    """Return Spearman's rho of unsur by unsur over all respondents, as heatmap and table."""
    w, city = stage.words, stage.city(RELIABILITY)
    rows = results.pick(city.table("association"), scope="city", statistic="spearman", group="")
    rows = rows[rows["estimate"].notna()]
    if not len(rows):
        return blocks.group(say(w, "stages.no_association"))
    items = sorted(set(rows["item"]) | set(rows["other"]), key=city.place_of)
    if len(items) > MOST_MAPPED:
        found = [(row.estimate, city.code(row.item), city.code(row.other)) for row in results.rows_of(rows)]
        return blocks.group(extremes(w, found, "association"))
    wide, codes = square(rows, items), [city.code(item) for item in items]
    names = [f"{code}  {city.item_name(item)}" for code, item in zip(codes, items, strict=True)]
    values = rows["estimate"].to_numpy()
    strongest, weakest = rows.iloc[int(values.argmax())], rows.iloc[int(values.argmin())]
    cells = [
        [
            f"{city.code(item)} {city.item_name(item)}",
            *(w.number(v) if v == v else NOTHING for v in wide.loc[item]),
        ]
        for item in items
    ]
    return blocks.group(
        say(
            w, "stages.association_lead", first=_pair(city, strongest),
            first_value=w.number(strongest["estimate"]), last=_pair(city, weakest),
            last_value=w.number(weakest["estimate"]),
        ),
        blocks.figure(
            correlation_map(w, wide, names, codes), key="association", caption=w("stages.association_caption"),
            narrow=correlation_map(w, wide, names, codes, NARROW_MM),
            alt=w(
                "stages.association_alt", items=w.integer(len(items)),
                low=w.number(rows["estimate"].min()), high=w.number(rows["estimate"].max()),
            ),
            note=w("stages.association_note"),
        ),
        blocks.table(
            columns=[
                blocks.column("unsur", w("overview.col_unsur"), width="2fr"),
                *(blocks.column(item, city.code(item), numeric=True) for item in items),
            ],
            rows=cells, caption=w("stages.association_table"), key="spearman", compact=True,
        ),
    )  # fmt: skip


def _pair(city: CityReport, row: pd.Series) -> str:
    return f"{city.code(row['item'])}–{city.code(row['other'])}"
