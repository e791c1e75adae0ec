"""What changed, on the portal: the city's sentence and line over the years, and a verdict for each unit (R15)."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline.office.city import kept
from pipeline.results import Row
from pipeline.results.matching import matching
from pipeline.standings.years import (
    STATISTICS,
    TESTED,
    Line,
    Point,
    Years,
    alt,
    broken,
    shown_breaks,
    words_of,
)
from pipeline.words import narrative
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words

#: Size of the drawing, and of the room around it.
WIDE, HIGH, EDGE, TOP, FOOT = 560.0, 154.0, 34.0, 30.0, 24.0
#: Letters over a break: largest size that `portal.css` gives them (a phone's), their foot, and how wide one is at most.
LETTERS, BESIDE, LETTER = 15.0, 15.0, 0.56


@kept
def years(found: Results) -> Years | None:
    """The surveys before, read once; None where there is none."""
    path = Path(found.survey.processed) / "trend.parquet"
    if not path.is_file():
        return None
    unit = ("scope", "==", "unit")
    rows = matching(
        path,
        [[("scope", "in", ["city", "surveys"])], [unit, ("statistic", "==", "ikm_then")],
         [unit, ("statistic", "==", "change"), ("method", "in", ["bh", "published"])]],
        Row._fields,
    ).to_pandas()  # fmt: skip
    rows = rows[rows["statistic"].isin(STATISTICS) & ~rows["unit"].isin(found.private)]
    made = Years(results.rows_of(rows), found.survey.name, float(found.survey.definition.margin))
    return made if made.earlier else None


def city(found: Results, w: Words) -> dict[str, Any] | None:
    """The city's change in a sentence, and its line over the years."""
    known = years(found)
    if known is None:
        return None
    last = known.against("") or known.earlier[-1]
    passed = [
        w.runs("narrative.change.skipped", survey=one.survey, kinds=words_of(w, one))
        for one in known.skipped("", last)
    ]
    said = narrative.joined(narrative.change(w, known.change("", last)), *passed)
    table = found.table("index")
    rows = table[(table["scope"] == "city") & (table["statistic"] == "ikm") & (table["text"] == "headline")]
    row = next(results.rows_of(rows[(rows["item"] == "") & (rows["group"] == "")]), None)
    if row is None or row.estimate != row.estimate:
        return {"said": said, "svg": "", "note": ""}
    line = known.line("", Point(found.survey.name, row.estimate, row.lower, row.upper))
    enough = sum(point.value is not None for point in line.points) > 1
    return {"said": said, "svg": drawing(w, line) if enough else "", "note": " ".join(broken(w, line))}


def unit(found: Results, unit_id: str, w: Words) -> dict[str, str] | None:
    """A unit's verdict with its difference, or why there is none; None where no earlier survey knows it."""
    known = years(found)
    last = known.against(unit_id) if known else ""
    if known is None or not last:
        return None
    one = known.change(unit_id, last)
    if one.relation in TESTED:
        size = one.difference or 0.0
        value = w.number(abs(size) if one.relation in ("up", "down") else size)  # the word says the direction
        return {"key": f"{size:.6f}", "word": w(f"compare.change.{one.relation}"), "value": value,
                "note": w("portal.change_since", survey=last)}  # fmt: skip
    if one.relation == "published":
        return {"key": "", "word": w.number(one.difference), "value": "",
                "note": w("portal.change_printed", survey=last)}  # fmt: skip
    if one.kinds:
        note = w("portal.change_broken", survey=last, kinds=words_of(w, one))
    else:
        note = w("portal.change_reason", survey=last, reason=w.label("reason", one.reason or "no-data"))
    return {"key": "", "word": NOTHING, "value": "", "note": note}


def drawing(w: Words, line: Line) -> str:
    """The line as SVG in the colours of the page, with its numbers as alternative text."""
    values = [
        v for p in line.points if p.value is not None for v in (p.value, p.lower, p.upper) if v is not None
    ]
    low, high = min(values) - 1, max(values) + 1
    step = (WIDE - 2 * EDGE) / max(len(line.points) - 1, 1)

    def at(place: float, value: float) -> tuple[float, float]:
        return EDGE + place * step, TOP + (high - value) / (high - low) * (HIGH - TOP - FOOT)

    said = escape(alt(w, line), quote=True)
    made = [f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" role="img" aria-label="{said}">']
    free = 0.0
    for one in shown_breaks(line):
        x, _ = at((line.place(one.before) + line.place(one.after)) / 2, low)
        made.append(f'<path class="broken" d="M{x:.1f} {TOP - 8:g}V{HIGH - FOOT:g}"/>')
        what = words_of(w, one)
        half = len(what) * LETTERS * LETTER / 2
        middle = max(half, min(x, WIDE - half))
        if free <= middle - half and middle + half <= WIDE:  # else the caption alone says what broke
            made.append(f'<text x="{middle:.1f}" y="{BESIDE:g}" class="what">{escape(what)}</text>')
            free = middle + half + LETTERS
    for run in line.runs:
        places = [at(line.place(p.survey), p.value or 0.0) for p in run]
        made.append(f'<path class="line" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>')
    for place, point in enumerate(line.points):
        x, _ = at(place, low)
        made.append(f'<text x="{x:.1f}" y="{HIGH - 6:g}">{escape(point.survey)}</text>')
        if point.value is None:
            continue
        _, y = at(place, point.value)
        look = "printed" if point.printed else "point"
        made.append(f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        made.append(f'<text x="{x:.1f}" y="{y - 9:.1f}" class="value">{w.number(point.value)}</text>')
    return "".join(made) + "</svg>"
