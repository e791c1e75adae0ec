"""What changed since earlier surveys: slopes with breaks, a verdict per unit, what can be compared (R15).

The lines are drawn by matplotlib as one path: `seaborn.lineplot` draws unit by unit, 414 ms against 111 for 48 units.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit_apart, text_mm
from pipeline.report.base.years_alike import caution, finding
from pipeline.report.city import titles
from pipeline.report.city.counts import counts_of
from pipeline.report.data.city import MOST_ROWS, CityReport, absent, first_rows, known, say
from pipeline.standings.years import STATISTICS, Line, Point, Years, words_of
from pipeline.words import narrative
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

#: More units than this and the table lists only those whose verdict is up or down.
MOST_LISTED, MOST_NAMED, MOST_GAPS = 120, 14, 5
#: Letters that fit between two surveys of the figure.
ROOM = 28
ORDER = {"up": 0, "down": 1, "unchanged": 2, "cannot-tell": 3}


#: So many units that went up, and so many that went down, are listed where not all are.
MOVED = 8


def trend(city: CityReport) -> Any:
    """Return the city's change, the lines of all units, and those that went up or down."""
    w, known_years = city.words, years(city)
    if not known_years.earlier:
        return blocks.group(absent(city, "compare.trend_none"), unread(city))
    last = latest(city)
    rows = changes(city, last)
    asked = city.first("trend", scope="surveys", statistic="year_invariance")
    made: list[Any] = [*changed(city), caution(w, asked, city.survey.name, last), unread(city)]
    lines = lines_of(city)
    if lines:
        made.append(
            blocks.figure(
                draw(city, lines, rows), key="slopes", caption=w("compare.trend_caption"),
                title=titles.moved(city, known_years, last),
                alt=alt(city, lines, rows, last), narrow=draw(city, lines, rows, narrow=True),
                note=" ".join([w("compare.trend_note", survey=last), *notes(city, lines)]),
                reading=[(w(f"overview.reading.{part}"), w(f"compare.trend_reading.{part}"))
                         for part in ("shown", "good", "attention", "do")],
            )
        )  # fmt: skip
    moved = rows[rows["text"].isin(["up", "down"])]
    if len(moved):
        made.append(verdict_table(city, farthest(moved), last, of=len(moved)))
    return blocks.group(*made)


def farthest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the units that went up and down the farthest."""
    rows = rows.sort_values(["estimate", "unit"], ascending=[False, True], kind="stable")
    kept = [*rows[rows["text"] == "up"].index[:MOVED], *rows[rows["text"] == "down"].index[-MOVED:]]
    return rows.loc[kept]


def changes_of_units(city: CityReport) -> Any:
    """Return the verdict on the change of each unit, and the comparability card."""
    known_years = years(city)
    if not known_years.earlier:
        return blocks.group(absent(city, "compare.trend_none"), unread(city))
    last = latest(city)
    rows = changes(city, last)
    table = verdict_table(city, rows, last) if len(rows) else None
    asked = city.first("trend", scope="surveys", statistic="year_invariance")
    alike = finding(city.words, asked, city.survey.name)
    return blocks.group(table, alike, card(city, city.table("trend"), known_years.earlier))


def years(city: CityReport) -> Years:
    """The units and the city in earlier surveys; units that may not be shown are left out."""
    made = city.__dict__.get("_years")
    if made is None:
        table = city.table("trend")
        shown = table["unit"].isin({"", *city.ranked["unit"]}) & table["statistic"].isin(STATISTICS)
        made = Years(results.rows_of(table[shown]), city.survey.name, float(city.survey.definition.margin))
        city.__dict__["_years"] = made
    return made


def latest(city: CityReport) -> str:
    """The survey that changes are told against: of the city, else of its units."""
    known_years = years(city)
    return known_years.against("") or known_years.earlier[-1]


def changed(city: CityReport) -> list[Any]:
    """Say the city's change, what it rests on, and how many units changed; page one, too."""
    w, known_years = city.words, years(city)
    if not known_years.earlier:
        return []
    last = latest(city)
    passed = [
        w.runs("narrative.change.skipped", survey=one.survey, kinds=words_of(w, one))
        for one in known_years.skipped("", last)
    ]
    runs = narrative.joined(narrative.change(w, known_years.change("", last)), *passed)
    made: list[Any] = [blocks.prose(*marked(runs)), _part(city, last)]
    rows = changes(city, last)
    counts = counts_of(rows["text"], ORDER)
    if sum(counts.values()):
        made.append(
            say(w, "compare.trend_counts", survey=last, units=w.integer(sum(counts.values())),
                up=w.integer(counts["up"]), down=w.integer(counts["down"]),
                unchanged=w.integer(counts["unchanged"]), unknown=w.integer(counts["cannot-tell"]),
                margin=w.number(known_years.margin, 1))
        )  # fmt: skip
    return made


def unread(city: CityReport) -> Any:
    """Name the earlier surveys that are there and were not read."""
    w, found = city.words, years(city).unread
    if not found:
        return None
    names = [f"{name} ({w.label('reason', reason)})" for name, reason in found.items()]
    return say(w, "compare.years.unread", style="note", surveys=w.join(names))


def _part(city: CityReport, survey: str) -> Any:
    """Say on how many units the city's change rests, where not on all."""
    rows = results.pick(city.table("trend"), scope="city", statistic="change", other=survey, group="")
    row = next(results.rows_of(rows), None)
    if row is None or not known(row.numerator) or row.numerator in (0, row.denominator):
        return None
    w = city.words
    return say(w, "compare.trend_part", part=w.integer(row.numerator), units=w.integer(row.denominator))


def marked(runs: list[tuple[str, bool]]) -> list[Any]:
    """Turn runs into pieces of prose."""
    return [blocks.strong(text) if bold else text for text, bold in runs]


def changes(city: CityReport, survey: str) -> pd.DataFrame:
    """Change rows of the units that may be shown, against one survey."""
    rows = results.pick(city.table("trend"), scope="unit", statistic="change", method="bh", other=survey)
    return rows[rows["unit"].isin(set(city.ranked["unit"])) & (rows["text"] != "")]


def lines_of(city: CityReport) -> dict[str, Line]:
    """Line of each unit ("" the city) that an earlier survey knows, the present survey included."""
    ranked, known_years = city.ranked, years(city)
    now = {
        unit: Point(city.survey.name, value)
        for unit, value in zip(ranked["unit"], ranked["ikm"], strict=True)
    }
    if city.headline is not None:
        now[""] = Point(city.survey.name, city.headline.estimate)
    found = {unit: known_years.line(unit, point) for unit, point in now.items()}
    return {u: line for u, line in found.items() if sum(p.value is not None for p in line.points) > 1}


def notes(city: CityReport, lines: dict[str, Line]) -> list[str]:
    """Where all lines are broken and by what, how many units' are broken, how many have a gap."""
    w, made = city.words, []
    whole = years(city).breaks("")
    for one in whole:
        kinds = words_of(w, one, city.code)
        made.append(w("compare.years.break", before=one.before, after=one.after, kinds=kinds))
    single = Counter(
        (one.before, one.after, one.kinds) for unit, line in lines.items() if unit
        for one in line.breaks if one not in whole
    )  # fmt: skip
    for (before, after, changed_), count in sorted(single.items()):
        said = w.join([w(f"compare.kind.{kind}") for kind in changed_])
        made.append(
            w("compare.trend_break_units", before=before, after=after, kinds=said, units=w.integer(count))
        )
    gaps = [unit for unit, line in lines.items() if unit and line.gaps]
    if gaps:
        names = w.join([f"{city.names.get(u, u)} ({w.join(lines[u].gaps)})" for u in gaps[:MOST_GAPS]])
        rest = len(gaps) - MOST_GAPS
        key = "compare.trend_gaps_more" if rest > 0 else "compare.trend_gaps"
        made.append(w(key, units=names, more=w.integer(max(rest, 0))))
    return made


def draw(city: CityReport, lines: dict[str, Line], rows: pd.DataFrame, narrow: bool = False) -> Any:
    """Draw a line per unit over the surveys; only what has a verdict stands out."""
    style, w = blocks.style, city.words
    names = years(city).drawn
    width, right = (85.0, 24.0) if narrow else (style.TEXT_WIDTH_MM, 52.0)
    height = 96.0
    fig = style.figure(width, height)
    axes = style.axes_mm(fig, 12, 11, width - 14 - right, height - 17)
    style.bare(axes, keep=("bottom",))
    word = dict(zip(rows["unit"], rows["text"]))
    labels: list[tuple[float, str, str, bool]] = []
    looks = {"": (style.INK, 1.8, "-"), "up": (style.ACCENT, 1.2, "-"), "down": (style.WARM, 1.2, (0, (4, 1.5))),
             "other": (style.GREY, 0.5, "-")}  # fmt: skip
    groups: dict[str, list[Line]] = {look: [] for look in ("other", "down", "up", "")}
    for unit, line in lines.items():
        look = "" if not unit else word[unit] if word.get(unit) in ("up", "down") else "other"
        groups[look].append(line)
        if look != "other":
            name = city.names.get(unit, unit) if unit else w("overview.city_row")
            value = line.points[-1].value or 0.0
            labels.append((value, name, looks[look][0], not unit))
    for look, members in groups.items():
        _plot(axes, members, *looks[look], 1.8 if look == "other" else 3.6)
    for one in years(city).breaks(""):
        at = (names.index(one.before) + names.index(one.after)) / 2
        axes.axvline(at, color=style.MUTED, lw=0.8, ls=(0, (2, 2)))
        if not narrow:
            said = words_of(w, one, city.code)
            axes.text(at, 1.01, said if len(said) <= ROOM else w("compare.years.several"),
                      transform=axes.get_xaxis_transform(), ha="center", va="bottom", color=style.MUTED)  # fmt: skip
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


def _plot(axes: Any, members: list[Line], colour: str, thick: float, dash: Any, size: float) -> None:
    """Draw lines of one look at once: what is connected, then filled points, then printed ones hollow."""
    across: list[float] = []
    up: list[float] = []
    for line in members:
        for run in line.runs:
            across += [*(line.place(point.survey) for point in run), float("nan")]
            up += [*(point.value or 0.0 for point in run), float("nan")]
    if not across:
        return
    axes.plot(across, up, color=colour, lw=thick, ls=dash, solid_capstyle="round")
    for printed in (False, True):
        at = [(line.place(p.survey), p.value) for line in members for p in line.points
              if p.value is not None and p.printed is printed]  # fmt: skip
        if at:
            axes.plot(
                *zip(*at), "o", mec=colour, mfc="white" if printed else colour, mew=0.6, ms=size, ls="none"
            )


def _ends(
    city: CityReport, axes: Any, labels: list[tuple[float, str, str, bool]], tall: float, room: float
) -> None:
    """Write names and values at the right end, pushed apart so that none covers another; only a name is cut."""
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
    numbers = [f" {city.words.number(value)}" for value, *_ in keep]
    names = fit_apart([name for _, name, *_ in keep], room - 3 - max(map(text_mm, numbers), default=0.0))
    texts = [name + number for name, number in zip(names, numbers, strict=True)]
    for text, (_, _, colour, bold), y in zip(texts, keep, heights):
        axes.annotate(
            text, (axes.get_xlim()[1], y), xytext=(4, 0), textcoords="offset points", va="center",
            color=colour, weight=600 if bold else 400, annotation_clip=False,
        )  # fmt: skip


def alt(city: CityReport, lines: dict[str, Line], rows: pd.DataFrame, last: str) -> str:
    """Say the figure's numbers: the surveys, the city in each, breaks and gaps, the verdicts."""
    w, mine = city.words, lines.get("")
    said = w(
        "compare.trend_alt",
        units=w.integer(sum(1 for unit in lines if unit)),
        surveys=w.join(years(city).drawn),
    )
    if mine:
        told = [f"{p.survey} {w.number(p.value)}" for p in mine.points if p.value is not None]
        said += " " + w("compare.trend_alt_city", values=w.join(told))
    counts = {key: w.integer((rows["text"] == key).sum()) for key in ("up", "down", "unchanged")}
    return " ".join([said, *notes(city, lines), w("compare.trend_alt_counts", survey=last, **counts)])


def verdict_table(city: CityReport, rows: pd.DataFrame, last: str, of: int = 0) -> Any:
    """List then, now, change, verdict and letters of every unit, or of some ``of`` those that moved."""
    w, table = city.words, city.table("trend")
    then = {
        r.unit: r.estimate
        for r in results.rows_of(results.pick(table, scope="unit", statistic="ikm_then", other=last))
    }
    letter = {
        r.unit: r
        for r in results.rows_of(results.pick(table, scope="unit", statistic="letter_change", other=last))
    }
    mixed = {
        r.unit: r
        for r in results.rows_of(results.pick(table, scope="unit", statistic="change_adjusted", other=last))
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
    for row in results.rows_of(rows):
        changed, held = letter.get(row.unit), mixed.get(row.unit)
        old = then.get(row.unit, float("nan"))
        cells.append([
            city.names.get(row.unit, row.unit), w.number(old) if known(old) else NOTHING, w.number(now[row.unit]),
            w.number(row.estimate), w.interval(row.lower, row.upper),
            w.number(held.estimate) if held is not None and known(held.estimate) else NOTHING,
            w(f"compare.change.{row.text}"), letters(changed),
        ])  # fmt: skip
    note = w("compare.trend_table_note", margin=w.number(years(city).margin, 1))
    if of > len(rows):
        note += " " + w("story.moved_cut", shown=w.integer(len(rows)), all=w.integer(of))
    printed, told = first_rows(w, cells, note + (" " + w("compare.trend_table_cut") if cutoff else ""))
    caption = w("story.moved", survey=last) if of else w("compare.trend_table", survey=last)
    return blocks.table(
        columns=[
            blocks.column("unit", w("overview.col_unit"), width="3fr"),
            blocks.column("then", last, numeric=True),
            blocks.column("now", city.survey.name, numeric=True),
            *blocks.columns(
                w, change="compare.col_change", interval="overview.col_interval",
                adjusted="compare.col_change_adjusted", word=("stages.col_verdict", ""),
                letter=("overview.col_letter", ""),
            ),
        ],
        rows=printed, caption=caption, key="changes", compact=True, note=told,
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
        whole = next(results.rows_of(rows[(rows["item"] == "") & (rows["unit"] == "")]))
        apart = int((rows["unit"] != "").sum())
        _, left = years(city).items(name)
        items = [city.code(item) for item in left] if whole.estimate == 1 else []
        printed = bool(len(results.pick(table, statistic="ikm_then", other=name, method="published")))
        cells.append([
            name, _able(w, whole.estimate == 1, apart),
            w.join([w(f"compare.kind.{k}") for k in whole.text.split(",") if k]) or NOTHING,
            w.join(items) if items else NOTHING,
            w.join([w(f"compare.kind.{k}") for k in whole.method.split(",") if k]) or NOTHING,
            w("compare.card_printed" if printed else "compare.card_rows"),
        ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, survey=("compare.col_survey", ""), able=("compare.col_comparable", ""),
            changed=("compare.col_changed", "2fr"), items=("compare.col_reworded", ""),
            silent=("compare.col_unstated", "2fr"), source=("compare.col_source", "1.5fr"),
        ),
        rows=cells, caption=w("compare.card_caption"), key="comparability", note=w("compare.card_note"), compact=True,
    )  # fmt: skip
