"""From result rows to the verdicts on the scale (R9, R16): the same for one unit and for the whole city."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.report.data.unit import estimate, limit, whole
from pipeline.words.scale_verdicts import (
    CEILING,
    LOADING,
    Agreement,
    Alpha,
    Ceiling,
    Dif,
    Dimensions,
    Factorability,
    Fit,
    Invariance,
    ItemFit,
    Items,
    Model,
    Omega,
    Precision,
    Scale,
)

if TYPE_CHECKING:
    from pipeline.report.data.city import CityReport
    from pipeline.report.data.unit import UnitReport

#: Rows of a module's statistic that match: ``UnitReport.rows``, ``UnitReport.wider`` or `city_rows`.
Rows = Callable[..., Sequence[Any]]


def city_rows(city: CityReport) -> Rows:
    """Rows about all respondents together."""

    def rows(module: str, statistic: str, **where: str) -> list[Any]:
        wanted = {"scope": "city", "service": "", "group": "", **where}
        return list(results.rows_of(results.pick(city.table(module), statistic=statistic, **wanted)))

    return rows


def unit_scale(u: UnitReport) -> Scale:
    """Verdicts on the scale from one unit's own answers."""
    return of(
        u.rows, u.items, lambda item: f"{short(item)} {u.item_name(item)}", "unit", u.context.decreed, u.states_fact,
        int(u.scale[1]),
    )  # fmt: skip


def city_scale(city: CityReport) -> Scale:
    """Verdicts on the scale from all respondents together."""
    rows = city_rows(city)
    items = sorted_items(rows, city.items)
    made = of(
        rows,
        items,
        lambda item: f"{city.code(item)} {city.item_name(item)}",
        "city",
        city.context.decreed,
        city.context.facts,
        city.top,
    )
    return replace(made, invariance=invariance(city))


def sorted_items(rows: Rows, order: Sequence[str]) -> list[str]:
    """Items that have an item-rest row, in the report's order."""
    there = {row.item for row in rows("validity", "item_rest")} - {""}
    return [item for item in order if item in there] or sorted(there)


def short(item: str) -> str:
    """Code of an item without its instrument."""
    return item.rpartition(".")[2]


def of(
    rows: Rows, items: Sequence[str], name: Callable[[str], str], scope: str, decreed: bool,
    facts: Collection[str] = (), top: int = 4,
) -> Scale:  # fmt: skip
    """Make the verdicts.

    Parameters
    ----------
    rows : callable
        Rows of ``(module, statistic, **columns)`` about whom the verdicts are.
    items : sequence of str
        Items, in the order of the form.
    name : callable
        From an item to how it is printed.
    scope : str
        ``unit`` or ``city``.
    decreed : bool
        Whether the items are the regulation's own.
    facts : collection of str
        Items whose options state a fact rather than an opinion (R18).
    top : int
        Highest answer of the scale.
    """

    def names(text: str) -> tuple[str, ...]:
        return tuple(name(item) for item in str(text).split(",") if item.strip() in items)

    inside = scope == "city" and pools(rows)
    fits = item_fits(rows, items, name, facts, inside)
    vary = [fit for fit in fits.fits if not fit.constant]
    a = alpha(rows, items, names, inside)
    piled = ceiling(rows, items, name, a)
    return Scale(
        scope=scope, n=a.n, items=len(items), decreed=decreed, alpha=a, fits=fits, top=top,
        omega=omega(rows, inside), factorability=factorability(rows, names, vary, inside),
        dimensions=dimensions(rows, inside), model=model(rows, name, inside), ceiling=piled,
        precision=precision(rows, inside), icc2=estimate(first(rows, "reliability", "icc2")),
        icc2_items=tuple((name(item), row.estimate) for item, row in by_item(rows, "reliability", "icc2").items()
                         if item in items and estimate(row) is not None),
        agreement=agreement(rows, items, name) if inside else None,
        dif=dif(rows, name, facts) if scope == "city" else None,
    )  # fmt: skip


def pools(rows: Rows) -> bool:
    """Whether several units are taken together, so that verdicts rest on what is inside them (R20)."""
    row = first(rows, "reliability", "alpha_within", method="jackknife")
    return row is not None and (whole(row.denominator) or 0) >= 2


def first(rows: Rows, module: str, statistic: str, **where: str) -> Any:
    """First matching row, or None."""
    return next(iter(rows(module, statistic, **{"item": "", **where})), None)


def by_item(rows: Rows, module: str, statistic: str, **where: str) -> dict[str, Any]:
    """First matching row of each item."""
    found: dict[str, Any] = {}
    for row in rows(module, statistic, **where):
        if row.item:
            found.setdefault(row.item, row)
    return found


def alpha(
    rows: Rows, items: Sequence[str], names: Callable[[str], tuple[str, ...]], inside: bool = False
) -> Alpha:
    """Cronbach's alpha, and what is particular about it."""
    pooled = first(rows, "reliability", "alpha", method="jackknife")
    pooled = pooled or first(rows, "reliability", "alpha", method="")
    statistic = "alpha_within" if inside else "alpha"
    row = first(rows, "reliability", statistic, method="jackknife") if inside else pooled
    if row is None:
        return Alpha(None, items=len(items), reason="not-estimable")
    value = estimate(row)
    turned = first(rows, "reliability", statistic, method="reversed")
    fewer = None if inside else first(rows, "reliability", "alpha", method="varying-items")
    return Alpha(
        value, limit(row.lower), limit(row.upper), whole(row.n), len(items), str(row.reason),
        names(turned.text) if turned is not None else (), estimate(turned),
        names(fewer.text) if fewer is not None else (), estimate(fewer),
        str(row.reason) if value is not None else "", inside, estimate(pooled) if inside else None,
    )  # fmt: skip


def item_fits(
    rows: Rows, items: Sequence[str], name: Callable[[str], str], facts: Collection[str], inside: bool = False
) -> Items:
    """Item-rest and item-total correlations."""
    rest = by_item(rows, "validity", "item_rest_within" if inside else "item_rest")
    total = by_item(rows, "validity", "item_total")
    fits = []
    for item in items:
        row, whole_sum = rest.get(item), total.get(item)
        fits.append(
            ItemFit(
                item, name(item), estimate(row), limit(row.lower) if row else None,
                limit(row.upper) if row else None, estimate(whole_sum), item in facts,
                whole_sum is not None and whole_sum.reason == "no-variance",
                str(row.reason) if row is not None and estimate(row) is not None else "",
            )
        )  # fmt: skip
    critical = first(rows, "validity", "r_table", method="two-sided")
    n = whole(critical.n) if critical is not None else next((whole(row.n) for row in rest.values()), None)
    return Items(tuple(fits), n, estimate(critical), inside)


def agreement(rows: Rows, items: Sequence[str], name: Callable[[str], str]) -> Agreement | None:
    """Items that some units answer against the others, and other units with them."""
    found = by_item(rows, "validity", "units_opposed")
    judged = [whole(row.denominator) or 0 for row in found.values() if estimate(row) is not None]
    if not judged:
        return None
    opposed = [found[item] for item in items if item in found and found[item].text == "opposed"]
    return Agreement(
        tuple((name(row.item), whole(row.numerator) or 0, whole(row.denominator) or 0) for row in opposed),
        max(judged),
    )


def omega_row(rows: Rows) -> Any:
    """Omega with its robust interval where there is one: the normal one is too short under a ceiling."""
    robust = first(rows, "reliability", "omega", method="mlr")
    return first(rows, "reliability", "omega", method="ml") if robust is None else robust


def omega(rows: Rows, inside: bool = False) -> Omega | None:
    """Omega, categorical omega and ordinal alpha."""
    row = first(rows, "reliability", "omega_within") if inside else omega_row(rows)
    if row is None:
        return None
    categorical = first(rows, "reliability", "omega_categorical", method="wlsmv")
    ordinal = first(rows, "reliability", "alpha_ordinal")
    reason = "" if categorical is None else str(categorical.reason)
    return Omega(estimate(row), limit(row.lower), limit(row.upper), str(row.reason), estimate(categorical),
                 reason, estimate(ordinal), inside)  # fmt: skip


def factorability(
    rows: Rows, names: Callable[[str], tuple[str, ...]], vary: Sequence[ItemFit], inside: bool = False
) -> Factorability | None:
    """KMO and Bartlett, or why there are none."""
    end = "_within" if inside else ""
    row, test = first(rows, "validity", f"kmo{end}"), first(rows, "validity", f"bartlett{end}")
    if row is None:
        return None
    reason = str(row.reason)
    left = names(row.text)
    if reason == "singular":
        left = tuple(fit.name for fit in vary if fit.name in left) or left
    return Factorability(
        estimate(row), whole(row.n), len(vary), reason, estimate(test),
        limit(test.df) if test is not None else None, limit(test.p) if test is not None else None, left, inside,
    )  # fmt: skip


def dimensions(rows: Rows, inside: bool = False) -> Dimensions | None:
    """What parallel analysis counts."""
    counts = [
        estimate(first(rows, "validity", "factors_parallel", method=method))
        for method in (("within",) if inside else ("pearson", "polychoric"))
    ]
    known = [None if count is None else int(count) for count in counts]
    return None if known[0] is None else Dimensions(known[0], known[1] if len(known) > 1 else None, inside)


def fit(rows: Rows, method: str, residual: str) -> Fit | None:
    """Indices of one model, or None when it has none."""
    cfi, rmsea = (first(rows, "factors", name, method=method) for name in ("cfi", "rmsea"))
    if estimate(cfi) is None or estimate(rmsea) is None:
        return None
    srmr = first(rows, "factors", "srmr", method=residual)
    return Fit(cfi.estimate, rmsea.estimate, limit(rmsea.lower), limit(rmsea.upper), estimate(srmr))


def model(rows: Rows, name: Callable[[str], str], inside: bool = False) -> Model | None:
    """The ordinal one-factor model, else that of the answers as numbers, else why there is none.

    Inside units there is the model of the answers as numbers only.
    """
    plain = first(rows, "factors", "chisq", method="ml-within" if inside else "ml")
    ordinal: Any = None if inside else first(rows, "factors", "chisq", method="wlsmv")
    if plain is None and ordinal is None:
        return None
    use = estimate(ordinal) is not None
    plain_method = "mlr" if estimate(first(rows, "factors", "cfi", method="mlr-within")) is not None else "ml"
    method = "wlsmv" if use else "mlr"
    if inside:
        scaled = fit(rows, f"{plain_method}-within", "ml-within")
        robust = fit(rows, "mlr-robust-within", "ml-within") if scaled else None
        loadings = by_item(rows, "factors", "loading", method=f"{plain_method}-within") if scaled else {}
    else:
        scaled = fit(rows, "wlsmv-scaled" if use else "mlr", "wlsmv" if use else "ml")
        robust = fit(rows, f"{method}-robust", "wlsmv" if use else "ml") if scaled else None
        loadings = by_item(rows, "factors", "loading", method=method) if scaled else {}
    low = [row for row in loadings.values() if estimate(row) is not None and row.estimate < LOADING]
    least = None if inside else first(rows, "factors", "min_eigenvalue")
    opposed = [row for row in low if (limit(row.upper) or 0.0) < 0]
    return Model(
        whole((ordinal if use else plain or ordinal).n), scaled, robust, use and scaled is not None,
        "" if plain is None or scaled else str(plain.reason) or "not-estimable",
        "" if ordinal is None else str(ordinal.reason), estimate(least), tuple(name(row.item) for row in low),
        tuple(name(row.item) for row in loadings.values() if row.text == "heywood"),
        tuple(name(row.item) for row in opposed), inside,
    )  # fmt: skip


def ceiling(rows: Rows, items: Sequence[str], name: Callable[[str], str], a: Alpha) -> Ceiling:
    """Items at whose highest answer nearly everybody is."""
    top = by_item(rows, "index", "ceiling")
    shares = {item: top[item].estimate for item in items if item in top and estimate(top[item]) is not None}
    over = tuple(name(item) for item, share in shares.items() if share >= CEILING)
    mean = sum(shares.values()) / len(shares) if shares else None
    full = first(rows, "validity", "ceiling_total")
    high = full is not None and bool(full.text)
    return Ceiling(over, len(items), a.kind == "ceiling", mean, estimate(full) if high else None)


def precision(rows: Rows, inside: bool = False) -> Precision | None:
    """Error of measurement of one respondent's index."""
    end = "_within" if inside else ""
    sem = estimate(first(rows, "reliability", f"sem{end}"))
    if sem is None:
        return None
    return Precision(sem, estimate(first(rows, "reliability", f"smallest_difference{end}")))


def dif(rows: Rows, name: Callable[[str], str], facts: Collection[str] = ()) -> Dif | None:
    """Items that units of one level answer differently, over the units of the city."""
    tested = by_item(rows, "invariance", "dif_r2", method="nagelkerke-adjusted")
    if not tested:
        refused = first(rows, "invariance", "dif_r2")
        return None if refused is None else Dif(reason=str(refused.reason) or "not-estimable")
    judged = [row for row in tested.values() if estimate(row) is not None]
    if not judged:
        return Dif(reason=str(next(iter(tested.values())).reason))
    flagged = tuple(name(row.item) for row in judged if row.text)
    # These rows name the items left out in `item`.
    tau = next(iter(rows("invariance", "rank_tau")), None)
    shift = next(iter(rows("invariance", "rank_shift_largest")), None)
    return Dif(
        flagged, len(judged), max(row.estimate for row in judged), estimate(tau),
        whole(shift.numerator) if shift is not None else None,
        whole(shift.denominator) if shift is not None else None,
        tuple(name(row.item) for row in judged if row.text and row.item in facts),
    )  # fmt: skip


def invariance(city: CityReport) -> tuple[Invariance, ...]:
    """The highest level that holds for each way to group the respondents; the ordinal model first."""
    table = results.pick(city.table("invariance"), scope="city")
    table = table[table["group"] != ""]
    found = []
    for group in dict.fromkeys(table["group"]):
        mine = table[table["group"] == group]
        levels = {row.method: row for row in results.rows_of(results.pick(mine, statistic="invariance"))}
        row = levels.get("wlsmv-scaled") or levels.get("ml")
        if row is not None and estimate(row) is not None:
            # The level stands in the text of its row; the groups in that of the models' rows.
            model = next(results.rows_of(results.pick(mine, statistic="configural", method=row.method)), None)
            names = tuple(str(model.text).split(",")) if model is not None else ()
            found.append(Invariance(group, str(row.text), row.method != "ml", names, whole(row.n)))
            continue
        refused = next(
            (r for r in results.rows_of(results.pick(mine, statistic="configural")) if r.reason), None
        )
        if refused is not None:
            found.append(Invariance(group, reason=str(refused.reason)))
    return tuple(found)
