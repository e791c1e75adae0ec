"""The tables of the psychometric chapter: items, reliability, fit, invariance, and every refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.base.scale_verdicts import by_item, city_rows, first, omega_row, pools
from pipeline.report.data.city import CityReport
from pipeline.report.data.unit import estimate
from pipeline.words.formats import NOTHING
from pipeline.words.scale_verdicts import ITEM_REST, LOADING

if TYPE_CHECKING:
    from collections.abc import Sequence


#: Models in the order they are shown, with the method whose SRMR belongs to each.
SHOWN = (
    ("mlr-within", "ml-within"), ("mlr-robust-within", ""), ("ml", "ml"), ("mlr", ""), ("mlr-robust", ""),
    ("wlsmv-scaled", "wlsmv"),    ("wlsmv-robust", ""),
)  # fmt: skip
#: Coefficients over all respondents: key of the name, statistic, method ("" for its only one), decimals.
POOLED = (
    ("alpha_within", "alpha_within", "jackknife", 3), ("omega_within", "omega_within", "", 3),
    ("sem_within", "sem_within", "", 2), ("alpha", "alpha", "jackknife", 3),
    ("alpha_pairwise", "alpha", "pairwise", 3), ("alpha_std", "alpha_std", "", 3), ("lambda2", "lambda2", "", 3),
    ("lambda6", "lambda6", "", 3), ("omega", "omega", "", 3), ("omega_observed", "omega", "ml-observed", 3),
    ("omega_categorical", "omega_categorical", "wlsmv", 3),
    ("omega_categorical_observed", "omega_categorical", "wlsmv-observed", 3),
    ("alpha_ordinal", "alpha_ordinal", "", 3), ("split_half_horst", "split_half_horst", "", 3),
    ("split_half_flanagan", "split_half_flanagan", "", 3), ("split_half_min", "split_half_min", "", 3),
    ("split_half_mean", "split_half_mean", "", 3), ("split_half_max", "split_half_max", "", 3),
    ("mean_r", "mean_r", "", 3), ("sem", "sem", "", 2), ("smallest_difference", "smallest_difference", "", 2),
    ("icc2", "icc2", "", 3),
)  # fmt: skip
#: Levels of invariance, in the order they are tested.
LEVELS = ("configural", "thresholds", "metric", "scalar", "strict")


def number(city: CityReport, row: Any, digits: int = 2) -> str:
    """The estimate of a row as printed, or a dash."""
    return city.words.number(row.estimate, digits) if estimate(row) is not None else NOTHING


def items(city: CityReport) -> Any:
    """Every element in one table: how it was answered and how it goes with the others."""
    w, rows = city.words, city_rows(city)
    inside = pools(rows)
    end, ml = ("_within", "mlr-within") if inside else ("", "ml")
    rest = by_item(rows, "validity", f"item_rest{end}")
    names = [item for item in city.items if item in rest] or sorted(rest, key=city.place_of)
    if not names:
        return None
    mean, pooled_rest = by_item(rows, "index", "nrr"), by_item(rows, "validity", "item_rest")
    pooled = by_item(rows, "index", "nrr", method="pooled")
    found = {
        "sd": by_item(rows, "index", "sd"),
        "dropped": by_item(rows, "reliability", f"alpha_if_dropped{end}"),
        "msa": by_item(rows, "validity", f"kmo_item{end}"),
        "loading_ml": by_item(rows, "factors", "loading", method=ml),
        "loading_wlsmv": by_item(rows, "factors", "loading", method="wlsmv"),
    }
    top = by_item(rows, "index", "ceiling")
    levels = _levels(city)
    shares = [by_item(rows, "index", level) for level in levels]
    cells, accents = [], []
    for place, item in enumerate(names):
        cells.append({
            "unsur": f"{city.code(item)} {city.item_name(item)}",
            "mean": number(city, pooled.get(item) or mean.get(item)),
            "shares": _percent(w, [share.get(item) for share in shares]),
            "ceiling": _percent(w, [top.get(item)]),
            "rest": number(city, rest[item]),
            **({"rest_pooled": number(city, pooled_rest.get(item))} if inside else {}),
            **{key: number(city, column.get(item)) for key, column in found.items()},
        })  # fmt: skip
        # A verdict on pooled units is what is inside them (R20).
        loadings = ("loading_ml",) if inside else ("loading_ml", "loading_wlsmv")
        judged = [
            ("rest", rest[item], ITEM_REST),
            *((key, found[key].get(item), LOADING) for key in loadings),
        ]
        accents += [
            (place, key) for key, row, least in judged if (r := estimate(row)) is not None and r < least
        ]
    about = "_inside" if inside else ""
    rests = ("rest", "rest_pooled") if inside else ("rest",)
    headings = ("mean", "sd", "shares", "ceiling", *rests, "dropped", "msa", "loading_ml", "loading_wlsmv")
    return blocks.table(
        columns=[
            blocks.column("unsur", w("overview.col_unsur"), width="3fr"),
            *(blocks.column(name, w(f"psychometrics.col.{name}"), numeric=True) for name in headings),
        ],
        rows=cells, caption=w("psychometrics.items_caption"), key="psychometric-items", compact=True,
        note=w(f"psychometrics.items_note{about}", most=levels[-1][6:] if levels else "4", cut=w.number(ITEM_REST)),
        accent_cells=accents,
    )  # fmt: skip


def _levels(city: CityReport) -> list[str]:
    """Names of the shares of each answer, from the lowest answer on."""
    names = {str(name) for name in city.table("index")["statistic"] if str(name).startswith("share_")}
    return sorted(names, key=lambda name: int(name[6:]))


def _percent(w: Any, rows: Sequence[Any]) -> str:
    """Write shares as whole percent, none of them where one is unknown."""
    known = [r for row in rows if (r := estimate(row)) is not None]
    return (
        "·".join(w.integer(round(100 * r)) for r in known) if known and len(known) == len(rows) else NOTHING
    )


def ranged(city: CityReport, rows: Sequence[Any]) -> dict[str, str]:
    """Smallest and largest estimate of rows of single elements, each with its element; {} without any."""
    known = sorted((r, row.item) for row in rows if (r := estimate(row)) is not None)
    if not known:
        return {}
    w, (least, weakest), (most, strongest) = city.words, known[0], known[-1]
    return {
        "least": w.number(least), "weakest": city.code(weakest), "most": w.number(most),
        "strongest": city.code(strongest),
    }  # fmt: skip


def item_tables(city: CityReport) -> Any:
    """The published practice beside the one that decides: "r tabel" on both sides, Spearman's item-rest."""
    w, rows = city.words, city_rows(city)
    two, one = (first(rows, "validity", "r_table", method=m) for m in ("two-sided", "one-sided"))
    total = by_item(rows, "validity", "item_total").values()
    ranks = ranged(city, list(by_item(rows, "validity", "item_rest_spearman").values()))
    if estimate(two) is None or estimate(one) is None or not ranks:
        return None
    known = [r for row in total if (r := estimate(row)) is not None]
    return blocks.prose(
        w("psychometrics.item_tables", n=w.integer(two.n), two=w.number(two.estimate, 3),
          one=w.number(one.estimate, 3), passing=w.integer(sum(r > two.estimate for r in known)),
          k=w.integer(len(known)), **ranks),
        style="note",
    )  # fmt: skip


def minres(city: CityReport) -> Any:
    """What exploratory factor analysis with one factor leaves in common, by kind of correlation."""
    w, rows = city.words, city_rows(city)
    told = []
    for method in ("pearson", "polychoric"):
        found = list(by_item(rows, "validity", "communality", method=method).values())
        common = [h for row in found if (h := estimate(row)) is not None]
        if common:
            share = w.percent(sum(common) / len(common))
            named = w(f"psychometrics.in_method.{method}")
            told.append(w("psychometrics.minres_part", method=named, share=share, **ranged(city, found)))
    return blocks.prose(w("psychometrics.minres", parts="; ".join(told)), style="note") if told else None


def rank_pairs(city: CityReport) -> Any:
    """Range of Spearman's and Kendall's correlations of every two elements."""
    w, rows = city.words, city_rows(city)
    found = {
        name: sorted((row for row in rows("association", name) if estimate(row) is not None),
                     key=lambda row: (row.estimate, row.item, row.other))
        for name in ("spearman", "kendall")
    }  # fmt: skip
    if not all(found.values()):
        return None
    rho, tau = found["spearman"], found["kendall"]

    def pair(row: Any) -> str:
        return f"{city.code(row.item)}–{city.code(row.other)}"

    return blocks.prose(
        w("psychometrics.rank_pairs", rho_low=w.number(rho[0].estimate), rho_high=w.number(rho[-1].estimate),
          tau_low=w.number(tau[0].estimate), tau_high=w.number(tau[-1].estimate), weakest=pair(tau[0]),
          strongest=pair(tau[-1])),
        style="note",
    )  # fmt: skip


def ordinal_items(city: CityReport) -> Any:
    """Item-rest correlation and sampling adequacy of the polychoric matrix, in a sentence; None without one."""
    w, rows = city.words, city_rows(city)
    between = ranged(city, list(by_item(rows, "validity", "item_rest_polychoric").values()))
    adequacy = first(rows, "validity", "kmo_polychoric")
    if not between or estimate(adequacy) is None:
        return None
    text = w("psychometrics.ordinal_items", **between, kmo=number(city, adequacy))
    return blocks.prose(text, style="note")


def reliability(city: CityReport) -> Any:
    """Every coefficient inside the units and over all respondents: interval, n and what it answers."""
    w, table, inside = city.words, city.table("reliability"), pools(city_rows(city))
    asked = len(by_item(city_rows(city), "validity", "item_rest")) or len(city.items)
    values = {
        "top": w.integer(city.top),
        "longer": w.integer((asked + 1) // 2),
        "shorter": w.integer(asked // 2),
    }
    cells, bare = [], []
    for name, statistic, method, digits in POOLED:
        if name.endswith("_within") and not inside:
            continue
        if name == "omega":
            row = omega_row(city_rows(city))
        elif name == "alpha":
            row = next(results.rows_of(standings.alphas(table, "city")), None)
        else:
            where = {"method": method} if method else {}
            row = first(city_rows(city), "reliability", statistic, **where)
        if row is None:
            continue
        if estimate(row) is not None and row.reason:
            bare.append(str(row.reason))
        cells.append([
            w(f"stages.coefficient.{name}"),
            w.number(row.estimate, digits) if row.estimate == row.estimate else w.label("reason", row.reason),
            w.interval(row.lower, row.upper, digits) if row.lower == row.lower else NOTHING,
            w.integer(row.n) if row.n == row.n else NOTHING,
            w(f"stages.coefficient_means.{name}", **values),
        ])  # fmt: skip
    if not cells:
        return None
    told = [w("stages.pooled_note")] if inside else []
    told.append(w("stages.intervals_note"))
    if bare:
        reasons = w.join([w.label("reason", reason) for reason in dict.fromkeys(bare)])
        told.append(w("stages.no_interval_note", reasons=reasons))
    return blocks.table(
        columns=blocks.columns(
            w, coefficient=("stages.col_coefficient", "2fr"), value="overview.col_value",
            interval="overview.col_interval", n="overview.col_n", means=("overview.col_answers", "3fr"),
        ),
        rows=cells, caption=w("stages.pooled_caption"), key="pooled", compact=True, note=" ".join(told),
    )  # fmt: skip


def fit(city: CityReport) -> Any:
    """The one-factor model by every estimator and correction, then AVE, CR and the largest misfits."""
    w, rows = city.words, city_rows(city)
    cells = []
    for method, residual in SHOWN:
        found = {
            name: first(rows, "factors", name, method=method) for name in ("chisq", "cfi", "tli", "rmsea")
        }
        chisq, rmsea = found["chisq"], found["rmsea"]
        if estimate(rmsea) is None:
            continue
        srmr = first(rows, "factors", "srmr", method=residual) if residual else None
        cells.append([
            w(f"psychometrics.model.{method}"),
            f"{w.number(chisq.estimate, 1)} ({w.integer(chisq.df)})" if chisq is not None else NOTHING,
            w.p(chisq.p) if chisq is not None and chisq.p == chisq.p else NOTHING,
            number(city, found["cfi"], 3), number(city, found["tli"], 3), number(city, rmsea, 3),
            w.interval(rmsea.lower, rmsea.upper, 3), number(city, srmr, 3),
        ])  # fmt: skip
    if not cells:
        return None
    headings = ("chisq", "p", "cfi", "tli", "rmsea", "rmsea_interval", "srmr")
    ave, cr = (first(rows, "factors", name, method="wlsmv") for name in ("ave", "cr"))
    indices = rows("factors", "mi")
    pairs = w.join(f"{city.code(r.item)}–{city.code(r.other)} ({w.number(r.estimate, 1)})" for r in indices)
    return blocks.group(
        blocks.table(
            columns=[
                blocks.column("model", w("psychometrics.col.model"), width="3fr"),
                *(blocks.column(name, w(f"psychometrics.col.{name}"), numeric=True) for name in headings),
            ],
            rows=cells, caption=w("psychometrics.fit_caption"), key="psychometric-fit", compact=True,
            note=w("psychometrics.fit_note"),
        ),
        blocks.prose(w("psychometrics.convergent", ave=number(city, ave), cr=number(city, cr)))
        if ave is not None else None,
        blocks.prose(w("psychometrics.modification", pairs=pairs), style="note") if indices else None,
    )  # fmt: skip


def invariance(city: CityReport) -> Any:
    """What each step of equality costs between groups of respondents."""
    w, table = city.words, results.pick(city.table("invariance"), scope="city")
    table = table[table["group"] != ""]
    cells = []
    for group in dict.fromkeys(table["group"]):
        mine = table[table["group"] == group]
        methods = [
            m for m in ("wlsmv-scaled", "ml") if len(results.pick(mine, statistic="invariance", method=m))
        ]
        for level in LEVELS if methods else ():
            found = {
                r.other: r for r in results.rows_of(results.pick(mine, statistic=level, method=methods[0]))
            }
            if estimate(found.get("cfi")) is None:
                continue
            chisq, change = found.get("chisq"), found.get("chisq_change")
            cells.append([
                city.words.label("group", group) if not w.has(f"office.group.{group}")
                else w(f"office.group.{group}"),
                w(f"psychometrics.level.{level}"),
                f"{w.number(chisq.estimate, 1)} ({w.integer(chisq.df)})"
                if chisq is not None and estimate(chisq) is not None else NOTHING,
                number(city, found["cfi"], 3), number(city, found.get("cfi_change"), 3),
                number(city, found.get("rmsea"), 3), number(city, found.get("rmsea_change"), 3),
                w.p(change.p) if change is not None and change.p == change.p else NOTHING,
            ])  # fmt: skip
    if not cells:
        return None
    headings = ("chisq", "cfi", "cfi_change", "rmsea", "rmsea_change", "change_p")
    return blocks.table(
        columns=[
            *blocks.columns(
                w, group=("psychometrics.col.group", "2fr"), level=("psychometrics.col.level", "2fr")
            ),
            *(blocks.column(name, w(f"psychometrics.col.{name}"), numeric=True) for name in headings),
        ],
        rows=cells, caption=w("psychometrics.invariance_caption"), key="invariance", row_header=False,
        compact=True, note=w("psychometrics.invariance_note"),
    )  # fmt: skip


def dif(city: CityReport) -> Any:
    """Which elements units of the same level answer differently."""
    w, rows = city.words, city_rows(city)
    plain = by_item(rows, "invariance", "dif_r2", method="nagelkerke")
    less = by_item(rows, "invariance", "dif_r2", method="nagelkerke-adjusted")
    names = [item for item in city.items if item in less] or sorted(less, key=city.place_of)
    if not any(estimate(less[item]) is not None for item in names):
        return None
    cells, accents = [], []
    for place, item in enumerate(names):
        row = less[item]
        if row.text:
            accents.append((place, "verdict"))
        known = estimate(row) is not None
        cells.append([
            f"{city.code(item)} {city.item_name(item)}", number(city, plain.get(item), 3), number(city, row, 3),
            w.p(row.p_adjusted) if row.p_adjusted == row.p_adjusted else NOTHING,
            w(f"psychometrics.dif.{row.text or 'none'}") if known else w.label("reason", row.reason),
        ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, unsur=("overview.col_unsur", "3fr"), gain="psychometrics.col.gain",
            adjusted="psychometrics.col.adjusted", p="psychometrics.col.p_adjusted",
            verdict=("psychometrics.col.verdict", "2fr"),
        ),
        rows=cells, caption=w("psychometrics.dif_caption"), key="dif", accent_cells=accents, compact=True,
        note=w("psychometrics.dif_note"),
    )  # fmt: skip
