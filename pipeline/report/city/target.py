"""Which units surely reach the target, and what the choice of the city's headline does (R5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results
from pipeline.report.base.figure_text import fit_apart, text_mm
from pipeline.report.base.foreign import around, given
from pipeline.report.base.forest import Estimate, beside, forest, heading
from pipeline.report.base.signed import signed
from pipeline.report.city import titles
from pipeline.report.city.counts import counts_of
from pipeline.report.city.ranking import unlined
from pipeline.report.data.city import CityReport, absent, known, parts
from pipeline.standings import targets
from pipeline.standings.targets import WORDS
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

#: More units than this and the figure shows the two ends of each group only.
MOST_DRAWN, ENDS = 60, 8
#: Height a page has for the figure above its reading aid and note.
TALL_MM = 205.0


def target(city: CityReport) -> Any:
    """Return the target's verdicts, then the city's index by every way of weighting."""
    made = reached(city)
    # Where nothing is measured against a target and units cannot be compared, page one has said it all.
    return blocks.group(*made, *([] if city.few and not city.survey.definition.target else weightings(city)))


def reached(city: CityReport) -> list[Any]:
    """Say who is surely below, undecided, surely above, and draw index and interval against the target."""
    w, rows = city.words, judged(city)
    if not len(rows):
        return [absent(city, "compare.target_none")]
    counts = counts_of(rows["text"], WORDS)
    made: list[Any] = [blocks.prose(*said) for said in (of_city(city), counted(city)) if said]
    drawn = chosen(city, rows)
    cut = w("compare.target_ends", ends=w.integer(ENDS))
    made.append(
        blocks.figure(
            draw(city, drawn), key="target", caption=w("compare.target_caption"), alt=alt(city, rows, counts),
            title=titles.targets(city, rows["text"]),
            narrow=draw(city, drawn, narrow=True),
            note=" ".join([w("compare.target_note"), *([cut] if len(drawn) < len(rows) else []), *unlined(city)]),
            reading=[(w(f"overview.reading.{part}"), w(f"compare.target_reading.{part}"))
                     for part in ("shown", "good", "attention", "do")],
        )
    )  # fmt: skip
    return made


def judged(city: CityReport) -> pd.DataFrame:
    """Rows of the compared units that a target is held against."""
    return targets.of_units(city.table("city"), city.ranked)


def of_city(city: CityReport) -> list[Any]:
    """Whether the city reaches its target, as its row says; nothing without a target."""
    w, whole = city.words, city.first("city", scope="city", statistic="target")
    if whole is None or not whole.text or not len(judged(city)):
        return []
    source = given(city.survey, city.survey.definition.target_source, city.lang)
    return parts(
        w, f"compare.target_city_{whole.text}", target=points(w, whole.other),
        source=around(" (", source, ")") if source else "",
        value=w.number(targets.goal(whole.other) + gap(whole)), interval=w.interval(whole.lower, whole.upper),
    )  # fmt: skip


def counted(city: CityReport) -> list[Any]:
    """How many units surely reach the target, surely do not, and the undecided; nothing without a target."""
    w, rows = city.words, judged(city)
    if not len(rows):
        return []
    as_printed = city.first("city", scope="city", statistic="reached")
    return parts(
        w, "compare.target_units", units=w.integer(len(rows)), reached=w.integer(known_int(as_printed)),
        **{word: w.integer(n) for word, n in counts_of(rows["text"], WORDS).items()},
    )  # fmt: skip


def gap(row: Any) -> float:
    """The exact distance to the target."""
    return float(row.numerator) / float(row.denominator)


def known_int(row: Any) -> int:
    """A count of the table, 0 where it has none."""
    return int(row.numerator) if row is not None and known(row.numerator) else 0


def points(w: Any, text: str) -> str:
    """Write a target as the reader's language writes numbers."""
    return str(w.number(targets.goal(text)))


def chosen(city: CityReport, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order they are drawn: surely below, undecided, surely above; by distance."""
    gaps = {
        r.unit: r
        for r in results.rows_of(results.pick(city.table("city"), scope="unit", statistic="target_gap"))
    }
    rows = rows.assign(
        place=rows["text"].map({word: at for at, word in enumerate(WORDS)}),
        distance=[gaps[u].estimate if u in gaps else float("nan") for u in rows["unit"]],
        low=[gaps[u].lower if u in gaps else float("nan") for u in rows["unit"]],
        high=[gaps[u].upper if u in gaps else float("nan") for u in rows["unit"]],
    ).sort_values(["place", "distance", "unit"], kind="stable")
    if len(rows) <= MOST_DRAWN:
        return rows
    ends = rows.groupby("place", sort=True)
    return rows.loc[ends.head(ENDS).index.union(ends.tail(ENDS).index)].sort_values(
        ["place", "distance", "unit"]
    )


def draw(city: CityReport, rows: pd.DataFrame, narrow: bool = False) -> Any:
    """Draw the distance to the target with its interval, grouped by verdict."""
    style, w = blocks.style, city.words
    width, names = (85.0, 34.0) if narrow else (style.TEXT_WIDTH_MM, 62.0)
    right = 14.0
    present = [word for word in WORDS if (rows["text"] == word).any()]
    lines = len(rows) + 1.6 * len(present)
    height = min(3.6 * lines, (style.TALLEST_MM if narrow else TALL_MM) - 9)
    fig = style.figure(width, height + 9)
    axes = style.axes_mm(fig, names, 8, width - names - right, height)
    style.bare(axes)
    at, drawn = 0.0, []
    called = dict(zip(rows["unit"], fit_apart([city.names.get(u, u) for u in rows["unit"]], names - 3)))
    for word in present:
        heading(axes, at + 0.35, w(f"compare.target_word.{word}"), names, width - names - right)
        at += 1.4
        mine = rows[rows["text"] == word]
        for unit, distance, lower, upper in zip(mine["unit"], mine["distance"], mine["low"], mine["high"]):
            colour = style.GREY if word == "undecided" else style.INK
            drawn.append(Estimate(at, distance, lower, upper, colour, hollow=word == "below"))
            beside(axes, at, called[unit], signed(w, distance))
            at += 1
        at += 0.2
    forest(axes, drawn)
    axes.axvline(0, color=style.INK, lw=0.8)
    axes.set_ylim(at - 0.5, -0.6)
    axes.set_yticks([])
    low, high = axes.get_xlim()
    marks = [m for m in (-20, -10, -5, 0, 5, 10) if low <= m <= high]
    said = {m: signed(w, m, 0) if m else str(w("compare.target_line")) for m in marks}
    mm = (width - names - right) / (high - low)
    # Numbers that would run into the word for the target are left out.
    near = [m for m in marks if m and abs(m) * mm < (text_mm(said[m]) + text_mm(said.get(0, ""))) / 2 + 1]
    marks = [m for m in marks if m not in near]
    axes.set_xticks(marks, [said[m] for m in marks])
    return fig


def alt(city: CityReport, rows: pd.DataFrame, counts: dict[str, int]) -> str:
    """Say the counts and who is surely below."""
    w = city.words
    said = w("compare.target_alt", units=w.integer(len(rows)), **{k: w.integer(v) for k, v in counts.items()})
    below = [city.names.get(u, u) for u in rows.loc[rows["text"] == "below", "unit"]][:12]
    return said + (" " + w("compare.target_alt_below", names=w.join(below)) if below else "")


def _effect(w: Any, row: Any, moved: Any) -> str:
    """Write what a way of weighting would add to the headline."""
    if row.text == "headline":
        return str(w("compare.headline_mark"))
    return NOTHING if moved is None else signed(w, moved.estimate, 2)


def weightings(city: CityReport) -> list[Any]:
    """Return the city's index by three weightings with design-based intervals."""
    w = city.words
    rows = results.pick(city.table("city"), scope="city", statistic="ikm_design")
    if not len(rows):
        return []
    effect = {
        r.method: r for r in results.rows_of(results.pick(city.table("city"), statistic="headline_effect"))
    }
    cells = []
    for row in results.rows_of(rows.sort_values(["method", "other"], kind="stable")):
        moved = effect.get(row.method)
        name = w(f"overview.city_method.{row.method}")
        cells.append([
            name,
            w.number(row.estimate) if known(row.estimate) else NOTHING,
            w.interval(row.lower, row.upper) if known(row.lower) else NOTHING,
            _effect(w, row, moved),
            moved.text.replace(">", " → ") if moved is not None and moved.text else NOTHING,
            "" if known(row.estimate) else w.label("reason", row.reason),
        ])  # fmt: skip
    return [
        blocks.table(
            columns=blocks.columns(
                w, method=("overview.col_method", "2.4fr"), ikm="overview.col_index",
                interval="overview.col_interval", effect="compare.col_effect",
                letter=("compare.col_letter_effect", ""), reason=("compare.col_remark", ""),
            ),
            rows=cells, caption=w("compare.weightings_caption"), key="weightings", note=w("compare.weightings_note"),
            compact=True,
        )
    ]  # fmt: skip
