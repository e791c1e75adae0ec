"""What changed since earlier surveys: slopes with breaks, a verdict per unit, what can be compared (R15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.overview_data import MOST_ROWS, NOTHING, CityReport, first_rows, fit, known, say
from pipeline.survey import period_key
from pipeline.words import narrative
from pipeline.words.verdicts import Change

if TYPE_CHECKING:
    import pandas as pd

#: More units than this and the table lists only those whose verdict is up or down.
MOST_LISTED, MOST_NAMED = 120, 14
ORDER = {"up": 0, "down": 1, "unchanged": 2, "cannot-tell": 3}


def trend(city: CityReport) -> Any:
    """Return the city's change, the slopes of all units, the verdict of each, and the comparability card."""
    w, table = city.words, city.table("trend")
    earlier = surveys(table)
    if not earlier:
        return blocks.group(say(w, "compare.trend_none"))
    last = latest(table, earlier)
    made: list[Any] = [blocks.prose(*marked(narrative.change(w, verdict(city, last))))]
    made.append(_part(city, last))
    rows = changes(city, last)
    counts = {word: int((rows["text"] == word).sum()) for word in ORDER}
    if sum(counts.values()):
        made.append(
            say(w, "compare.trend_counts", survey=last, units=w.integer(sum(counts.values())),
                up=w.integer(counts["up"]), down=w.integer(counts["down"]),
                unchanged=w.integer(counts["unchanged"]), unknown=w.integer(counts["cannot-tell"]),
                margin=w.number(margin(city), 1))
        )  # fmt: skip
    lines = histories(city, earlier)
    if len(lines) >= 1:
        made.append(
            blocks.figure(
                draw(city, earlier, lines, rows), key="slopes", caption=w("compare.trend_caption"),
                alt=alt(city, earlier, lines, rows, last), narrow=draw(city, earlier, lines, rows, narrow=True),
                note=w("compare.trend_note"),
                reading=[(w(f"overview.reading.{part}"), w(f"compare.trend_reading.{part}"))
                         for part in ("shown", "good", "attention", "do")],
            )
        )  # fmt: skip
    if sum(counts.values()):
        made.append(verdict_table(city, rows, last))
    made.append(card(city, table, earlier))
    return blocks.group(*made)


def _part(city: CityReport, survey: str) -> Any:
    """Say on how many units the city's change rests, where not on all."""
    rows = results.pick(city.table("trend"), scope="city", statistic="change", other=survey, group="")
    row = next(rows.itertuples(), None)
    if row is None or not known(row.numerator) or row.numerator in (0, row.denominator):
        return None
    w = city.words
    return say(w, "compare.trend_part", part=w.integer(row.numerator), units=w.integer(row.denominator))


def marked(runs: list[tuple[str, bool]]) -> list[Any]:
    """Turn runs into pieces of prose."""
    return [blocks.strong(text) if bold else text for text, bold in runs]


def surveys(table: pd.DataFrame) -> list[str]:
    """Earlier surveys the table knows, oldest first."""
    rows = results.pick(table, scope="surveys", statistic="comparability", item="", unit="")
    return sorted(rows["other"].unique(), key=period_key)


def comparable(table: pd.DataFrame, survey: str) -> bool:
    """Whether a survey may be held against the present one."""
    rows = results.pick(table, scope="surveys", statistic="comparability", item="", unit="", other=survey)
    return bool((rows["estimate"] == 1).all())


def latest(table: pd.DataFrame, earlier: list[str]) -> str:
    """The newest earlier survey that can be compared by its answers, else the newest at all."""
    tested = set(results.pick(table, statistic="change", method="bh", scope="unit")["other"])
    usable = [name for name in earlier if name in tested and comparable(table, name)]
    return (usable or earlier)[-1]


def margin(city: CityReport) -> float:
    """Index points within which a change counts as none."""
    return float(city.survey.definition.margin)


def verdict(city: CityReport, survey: str) -> Change:
    """The city's change against one survey, as a verdict to write from."""
    rows = results.pick(city.table("trend"), scope="city", statistic="change", other=survey, group="")
    row = next(rows.itertuples(), None)
    if row is None or row.estimate != row.estimate:
        return Change("city", survey, "", reason=str(row.reason) if row is not None else "no-data")
    if row.method == "published":
        return Change("city", survey, "published", row.estimate)
    return Change("city", survey, str(row.text), row.estimate, row.lower, row.upper, margin(city))


def changes(city: CityReport, survey: str) -> pd.DataFrame:
    """Change rows of the units that may be shown, against one survey."""
    rows = results.pick(city.table("trend"), scope="unit", statistic="change", method="bh", other=survey)
    return rows[rows["unit"].isin(set(city.ranked["unit"])) & (rows["text"] != "")]


def histories(city: CityReport, earlier: list[str]) -> dict[str, dict[str, float]]:
    """Indices by unit ("" the city) and survey, the present one included."""
    table = results.pick(city.table("trend"), statistic="ikm_then")
    shown = set(city.ranked["unit"])
    found: dict[str, dict[str, float]] = {}
    for row in table.itertuples():
        unit = "" if row.scope == "city" else row.unit
        if row.estimate == row.estimate and (unit in shown or not unit):
            found.setdefault(unit, {})[row.other] = row.estimate
    now = dict(zip(city.ranked["unit"], city.ranked["ikm"]))
    if city.headline is not None:
        now[""] = city.headline.estimate
    return {unit: {**points, city.survey.name: now[unit]} for unit, points in found.items() if unit in now}


def apart(city: CityReport, earlier: list[str]) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Surveys that cannot be held against the present one (what changed), and (unit, survey) likewise."""
    w, table = (
        city.words,
        results.pick(city.table("trend"), scope="surveys", statistic="comparability", item=""),
    )
    whole, single = {}, set()
    for row in table.itertuples():
        if row.unit:
            single.add((row.unit, row.other))
        elif row.estimate != 1:
            whole[row.other] = w.join([w(f"compare.kind.{kind}") for kind in row.text.split(",") if kind])
    return whole, single


def draw(
    city: CityReport, earlier: list[str], lines: dict[str, dict[str, float]], rows: pd.DataFrame,
    narrow: bool = False,
) -> Any:  # fmt: skip
    """Draw a line per unit over the surveys; only what has a verdict stands out."""
    style, w = blocks.style, city.words
    names = [*earlier, city.survey.name]
    place = {name: at for at, name in enumerate(names)}
    width, right = (85.0, 24.0) if narrow else (style.TEXT_WIDTH_MM, 52.0)
    height = 96.0
    fig = style.figure(width, height)
    axes = style.axes_mm(fig, 12, 11, width - 14 - right, height - 17)
    style.bare(axes, keep=("bottom",))
    word = dict(zip(rows["unit"], rows["text"]))
    whole, single = apart(city, earlier)
    labels: list[tuple[float, str, str, bool]] = []
    order = sorted(lines, key=lambda unit: (unit == "", word.get(unit) in ("up", "down")))
    for unit in order:
        moved = word.get(unit) in ("up", "down")
        colour = (
            style.INK
            if not unit
            else style.ACCENT
            if word.get(unit) == "up"
            else style.WARM
            if moved
            else style.GREY
        )
        thick = 1.8 if not unit else 1.2 if moved else 0.5
        dash: Any = (0, (4, 1.5)) if word.get(unit) == "down" and unit else "-"
        points = sorted((place[name], name, value) for name, value in lines[unit].items() if name in place)
        held = [(x, y) for x, name, y in points if name not in whole and (unit, name) not in single]
        axes.plot(*zip(*held), color=colour, lw=thick, ls=dash, solid_capstyle="round")
        size = 3.6 if moved or not unit else 1.8
        axes.plot(*zip(*held), "o", color=colour, ms=size, ls="none")
        if loose := [(x, y) for x, name, y in points if (x, y) not in held]:
            axes.plot(*zip(*loose), "o", mec=colour, mfc="white", mew=0.6, ms=size, ls="none")
        if moved or not unit:
            name = city.names.get(unit, unit) if unit else w("overview.city_row")
            labels.append((points[-1][2], f"{name} {w.number(points[-1][2])}", colour, not unit))
    for name, told in whole.items():
        axes.text(place[name], 1.01, w("compare.trend_apart", what=told), transform=axes.get_xaxis_transform(),
                  ha="center" if place[name] else "left", va="bottom", color=style.MUTED)  # fmt: skip
    axes.set_xlim(-0.15, len(names) - 1 + 0.05)
    axes.set_xticks(range(len(names)), names)
    low, high = axes.get_ylim()
    span = max(high - low, 4.0)
    axes.set_ylim(low - 0.02 * span, min(100.5, high + 0.02 * span) if high <= 100 else high)
    _ends(city, axes, labels, height - 17, right)
    low, high = axes.get_ylim()
    ticks = [t for t in range(25, 101, 5) if low <= t <= high]
    axes.set_yticks(ticks, [w.integer(t) for t in ticks])
    axes.tick_params(axis="y", left=False)
    return fig


def _ends(
    city: CityReport, axes: Any, labels: list[tuple[float, str, str, bool]], tall: float, room: float
) -> None:
    """Write names at the right end, pushed apart so that none covers another."""
    low, high = axes.get_ylim()
    step = (high - low) * 3.1 / tall
    keep = sorted(labels, key=lambda label: (not label[3], -abs(label[0] - (low + high) / 2)))[:MOST_NAMED]
    keep.sort(key=lambda label: label[0])
    heights: list[float] = []
    for value, *_ in keep:
        heights.append(max(value, heights[-1] + step) if heights else value)
    over = heights[-1] - high if heights else 0.0
    if over > 0:
        heights = [h - over for h in heights]
    for at in range(len(heights) - 2, -1, -1):
        heights[at] = min(heights[at], heights[at + 1] - step)
    for (_, text, colour, bold), y in zip(keep, heights):
        axes.annotate(
            fit(text, room - 3), (axes.get_xlim()[1], y), xytext=(4, 0), textcoords="offset points", va="center",
            color=colour, weight=600 if bold else 400, annotation_clip=False,
        )  # fmt: skip


def alt(
    city: CityReport, earlier: list[str], lines: dict[str, dict[str, float]], rows: pd.DataFrame, last: str
) -> str:
    """Say the figure's numbers: the surveys, the city then and now, the verdicts."""
    w, mine = city.words, lines.get("", {})
    said = w(
        "compare.trend_alt",
        units=w.integer(sum(1 for unit in lines if unit)),
        surveys=w.join([*earlier, city.survey.name]),
    )
    if mine:
        told = [f"{name} {w.number(mine[name])}" for name in [*earlier, city.survey.name] if name in mine]
        said += " " + w("compare.trend_alt_city", values=w.join(told))
    counts = {key: w.integer((rows["text"] == key).sum()) for key in ("up", "down", "unchanged")}
    return said + " " + w("compare.trend_alt_counts", survey=last, **counts)


def verdict_table(city: CityReport, rows: pd.DataFrame, last: str) -> Any:
    """List then, now, change, verdict and letters of every unit."""
    w, table = city.words, city.table("trend")
    then = {
        r.unit: r.estimate
        for r in results.pick(table, scope="unit", statistic="ikm_then", other=last).itertuples()
    }
    letter = {
        r.unit: r
        for r in results.pick(table, scope="unit", statistic="letter_change", other=last).itertuples()
    }
    mixed = {
        r.unit: r
        for r in results.pick(table, scope="unit", statistic="change_adjusted", other=last).itertuples()
    }
    now = dict(zip(city.ranked["unit"], city.ranked["ikm"]))
    rows = rows.assign(place=rows["text"].map(ORDER)).sort_values(
        ["place", "estimate", "unit"], ascending=[True, False, True]
    )
    cutoff = len(rows) > MOST_LISTED
    if cutoff:
        rows = rows[rows["text"].isin(["up", "down"])]
    if len(rows) > MOST_ROWS:  # only the first will be printed: the largest changes either way
        rows = rows.sort_values("estimate", key=abs, ascending=False, kind="stable")
    cells = []
    for row in rows.itertuples():
        changed, held = letter.get(row.unit), mixed.get(row.unit)
        old = then.get(row.unit, float("nan"))
        cells.append([
            city.names.get(row.unit, row.unit), w.number(old) if known(old) else NOTHING, w.number(now[row.unit]),
            w.number(row.estimate), w.interval(row.lower, row.upper),
            w.number(held.estimate) if held is not None and known(held.estimate) else NOTHING,
            w(f"compare.change.{row.text}"), letters(changed),
        ])  # fmt: skip
    note = w("compare.trend_table_note", margin=w.number(margin(city), 1))
    printed, told = first_rows(w, cells, note + (" " + w("compare.trend_table_cut") if cutoff else ""))
    return blocks.table(
        columns=[
            blocks.column("unit", w("overview.col_unit"), width="3fr"),
            blocks.column("then", last, numeric=True),
            blocks.column("now", city.survey.name, numeric=True),
            blocks.column("change", w("compare.col_change"), numeric=True),
            blocks.column("interval", w("overview.col_interval"), numeric=True),
            blocks.column("adjusted", w("compare.col_change_adjusted"), numeric=True),
            blocks.column("word", w("stages.col_verdict")),
            blocks.column("letter", w("overview.col_letter")),
        ],
        rows=printed, caption=w("compare.trend_table", survey=last), key="changes", compact=True, note=told,
    )  # fmt: skip


def letters(row: Any) -> str:
    """Write letters then and now, ``B`` where they are the same."""
    if row is None or not row.text:
        return NOTHING
    old, _, new = str(row.text).partition(">")
    return old if old == new else f"{old} → {new}"


def _able(w: Any, whole: bool, apart: int) -> str:
    """Say yes, no, or yes but for so many units."""
    if not whole:
        return str(w("compare.card_no"))
    return str(w("compare.card_but", units=w.integer(apart)) if apart else w("compare.card_yes"))


def card(city: CityReport, table: pd.DataFrame, earlier: list[str]) -> Any:
    """Say of each earlier survey, and of items asked otherwise, what can be compared and what is not known."""
    w = city.words
    cells = []
    for name in earlier:
        rows = results.pick(table, scope="surveys", statistic="comparability", other=name)
        whole = next(rows[(rows["item"] == "") & (rows["unit"] == "")].itertuples())
        apart = int((rows["unit"] != "").sum())
        items = [
            city.code(r.item) for r in rows[rows["item"] != ""].itertuples() if "wording" in r.text.split(",")
        ]
        printed = bool(len(results.pick(table, statistic="ikm_then", other=name, method="published")))
        cells.append([
            name, _able(w, whole.estimate == 1, apart),
            w.join([w(f"compare.kind.{k}") for k in whole.text.split(",") if k]) or NOTHING,
            w.join(items) if items else NOTHING,
            w.join([w(f"compare.kind.{k}") for k in whole.method.split(",") if k]) or NOTHING,
            w("compare.card_printed" if printed else "compare.card_rows"),
        ])  # fmt: skip
    return blocks.table(
        columns=[
            blocks.column("survey", w("compare.col_survey")),
            blocks.column("able", w("compare.col_comparable")),
            blocks.column("changed", w("compare.col_changed"), width="2fr"),
            blocks.column("items", w("compare.col_reworded")),
            blocks.column("silent", w("compare.col_unstated"), width="2fr"),
            blocks.column("source", w("compare.col_source"), width="1.5fr"),
        ],
        rows=cells, caption=w("compare.card_caption"), key="comparability", note=w("compare.card_note"), compact=True,
    )  # fmt: skip
