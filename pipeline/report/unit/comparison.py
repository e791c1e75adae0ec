"""Where the unit stands: beside the units of its type, each with its interval (R6, R14).

Never a bare league table: a rank is printed only as a range, units for information only take
no part, and the sentence comes from the adjusted test of this unit against the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.figure_text import fit_apart
from pipeline.report.base.margin import margin_words
from pipeline.report.base.section import reading, say, section, told
from pipeline.report.data.slices import MOST_PEERS
from pipeline.report.data.unit import Peer, estimate, whole
from pipeline.report.unit import verdicts
from pipeline.report.unit.dot_plot import ALONE_MM, NAMES_MM, Dot, dots
from pipeline.words import narrative, page_one

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: More units than this are not drawn by name; only the nearest are.
DRAWN = 40


@section("comparison")
def comparison(u: UnitReport) -> Any:
    """Compare the unit with the mean of the others and with the units of its type."""
    w = u.words
    if u.sign == "E":
        return say(w, "unit.comparison.information", n=w.integer(u.n_valid))
    if len(u.survey.units) < 2:
        return say(w, "unit.comparison.alone")
    made = [against(u), rank(u), city(u)]
    if sum(1 for other in u.survey.units if other.type == u.unit.type) > MOST_PEERS:
        made.append(say(w, "unit.comparison.many", most=w.integer(MOST_PEERS)))
        return blocks.group(made)
    rows = others(u)
    if len(rows) < 2:
        made.append(say(w, "unit.comparison.no_peers"))
        return blocks.group(made)
    drawn = nearest(u, rows)
    made.append(
        blocks.figure(
            draw(u, drawn), key="peers", title=page_one.stands_title(w, verdicts.position(u)),
            caption=caption(u, rows, drawn), alt=alt(u, drawn),
            note=note(u), reading=reading(w, "unit.comparison"),
            narrow=draw(u, drawn, 90),
        )
    )  # fmt: skip
    return blocks.group(made)


def against(u: UnitReport) -> Any:
    """Say where the unit stands against the others, and what difference its answers could show."""
    w, found = u.words, verdicts.position(u)
    said = told(narrative.position(w, found))
    if not found.relation:
        return said
    made = [said]
    least = u.first("verdicts", "detectable_difference")
    if least is not None and estimate(least) is not None:
        made.append(say(w, "compare.detectable", n=w.integer(whole(least.n) or u.n_valid), up=w.number(least.upper, 1),
                        down=w.number(-least.lower, 1)))  # fmt: skip
    made.append(say(w, "compare.axes", margin=margin_words(w, u.context), style="note"))
    return blocks.group(*made)


def rank(u: UnitReport) -> Any:
    """Say the rank as a range, where it was computed and units can be put in an order at all."""
    if any(row.text == "low" for row in u.wider("ranking", "rankability", group="")):
        return None
    row, high = u.first("ranking", "rank_low", group=""), u.value("ranking", "rank_high", group="")
    low = estimate(row)
    if row is None or low is None or high is None:
        return None
    w = u.words
    units = whole(row.denominator) or len(u.survey.units)
    return say(w, "unit.comparison.rank", low=w.integer(low), high=w.integer(high), units=w.integer(units))


def city(u: UnitReport) -> Any:
    """Set the city's index beside the unit's, as a fact about two numbers."""
    rows = [row for row in u.wider("index", "ikm", item="", service="") if estimate(row) is not None]
    if not rows or u.ikm is None:
        return None
    wanted = [row for row in rows if row.method == u.survey.definition.headline]
    row = (wanted or rows)[0]
    w = u.words
    interval = w.interval(row.lower, row.upper) if row.lower == row.lower else w("common.none")
    key = f"unit.comparison.method.{row.method}"
    method = w(key) if w.has(key) else str(row.method)
    return say(w, "unit.comparison.city", value=w.number(row.estimate), interval=interval, method=method,
               index=w.number(u.ikm.estimate))  # fmt: skip


def others(u: UnitReport) -> list[Peer]:
    """Units of this type that take part in a comparison, this one included, by value."""
    return [peer for peer in u.peers if not peer.sign and peer.value is not None]


def left_out(u: UnitReport) -> int:
    """Units of this type that take no part: for information only, too few, no data."""
    return len(u.peers) - len(others(u))


def note(u: UnitReport) -> str:
    """Say how the figure is read, and how many units of the type are not in it."""
    w, left = u.words, left_out(u)
    said = [w("unit.comparison.note")]
    if left:
        said.append(w("unit.comparison.left", units=w.count("common.units", left)))
    return " ".join(said)


def nearest(u: UnitReport, rows: list[Peer]) -> list[Peer]:
    """Of many units, the ones around this one; all when they fit a page."""
    if len(rows) <= DRAWN:
        return rows
    place = next((i for i, row in enumerate(rows) if row.unit == u.unit.id), 0)
    start = max(0, min(place - DRAWN // 2, len(rows) - DRAWN))
    return rows[start : start + DRAWN]


def caption(u: UnitReport, rows: list[Peer], drawn: list[Peer]) -> str:
    """Say what is drawn, and of how many."""
    w = u.words
    kind = u.unit.type or w("unit.comparison.any_type")
    key = "unit.comparison.caption" if len(drawn) == len(rows) else "unit.comparison.caption_part"
    return w(key, type=kind, units=w.integer(len(rows)), drawn=w.integer(len(drawn)))


def mean_of(rows: list[Peer]) -> float:
    """Simple mean of the units' indices."""
    return sum(row.value or 0.0 for row in rows) / len(rows)


def draw(u: UnitReport, rows: list[Peer], width: float = 170.0) -> Any:
    """Draw the units with their intervals, this one highlighted."""
    w = u.words
    mean = mean_of(others(u))
    names = fit_apart([r.name for r in rows], NAMES_MM if width > 120 else ALONE_MM)
    listed = [
        Dot(
            name, r.value or 0.0, r.lower, clean(r.upper), f"n = {w.integer(r.n)}", strong=r.unit == u.unit.id
        )
        for r, name in zip(rows, names, strict=True)
    ]
    label = w("unit.comparison.mean", value=w.number(mean))
    row_mm = 5.0 if len(listed) <= 20 else 4.2
    return dots(u, listed, width, line=mean, line_label=label, row_mm=row_mm)


def clean(upper: float | None) -> float | None:
    """Clip an upper limit at the end of the scale."""
    return None if upper is None else min(100.0, upper)


def alt(u: UnitReport, rows: list[Peer]) -> str:
    """Say the figure's numbers in words: this unit, the ends, the mean."""
    w = u.words
    own = next((r for r in rows if r.unit == u.unit.id), None)
    values = [r.value or 0.0 for r in rows]
    parts = [
        w("unit.comparison.alt", units=w.integer(len(rows)), low=w.number(min(values)), high=w.number(max(values)),
          mean=w.number(mean_of(others(u))))
    ]  # fmt: skip
    if own is not None:
        interval = w.interval(own.lower, clean(own.upper)) if own.lower is not None else w("common.none")
        parts.append(
            w("unit.comparison.alt_own", name=u.name, value=w.number(own.value), interval=interval)
        )  # fmt: skip
    return " ".join(parts)
