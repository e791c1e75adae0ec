"""What changed since earlier surveys, and between groups of citizens in this unit (R8, R15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.margin import margin_words
from pipeline.report.section import say, section, told
from pipeline.report.unit import estimate, limit
from pipeline.survey import period_key
from pipeline.words import narrative
from pipeline.words.verdicts import Change

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport
    from pipeline.report.unit_slices import Row


@section("change")
def change(u: UnitReport) -> Any:
    """Say what changed against the newest comparable survey, and list the unit's indices by survey."""
    w = u.words
    then = sorted(u.rows("trend", "ikm_then", item="", service=""), key=lambda row: period_key(row.other))
    then = [row for row in then if estimate(row) is not None]
    if not then or u.ikm is None:
        return blocks.group(say(w, "compare.unit.change_none"), gaps(u))
    last = newest(u, then)
    return blocks.group(
        told(narrative.change(w, verdict(u, last))),
        letters(u, last),
        adjusted(u, last),
        table(u, then),
        gaps(u),
    )


def newest(u: UnitReport, then: list[Row]) -> str:
    """The newest earlier survey with a verdict for this unit, else the newest at all."""
    decided = [row.other for row in then if verdict(u, row.other).relation]
    return (decided or [row.other for row in then])[-1]


def verdict(u: UnitReport, survey: str) -> Change:
    """This unit's change against one survey, as a verdict to write from."""
    rows = u.rows("trend", "change", other=survey)
    row = next((r for r in rows if r.method in ("bh", "published")), None)
    value = estimate(row)
    if row is None or value is None:
        return Change("unit", survey, "", reason=row.reason if row is not None else "no-data")
    if row.method == "published":
        return Change("unit", survey, "published", value)
    margin = float(u.survey.definition.margin)
    return Change("unit", survey, str(row.text), value, limit(row.lower), limit(row.upper), margin)


def letters(u: UnitReport, survey: str) -> Any:
    """Say both letters and how sure it is that they differ, where they do."""
    row = next(iter(u.rows("trend", "letter_change", other=survey)), None)
    confidence = estimate(row)
    if row is None or confidence is None:
        return None
    old, _, new = str(row.text).partition(">")
    w = u.words
    return (
        say(w, "compare.unit.letters", then=old, now=new, confidence=w.percent(confidence))
        if old != new
        else None
    )


def adjusted(u: UnitReport, survey: str) -> Any:
    """Say the change at equal mix of respondents."""
    row = next(iter(u.rows("trend", "change_adjusted", other=survey)), None)
    value = estimate(row)
    mix = estimate(next(iter(u.rows("trend", "change_mix", other=survey)), None))
    if row is None or value is None or mix is None:
        return None
    w = u.words
    return say(w, "compare.unit.adjusted", style="note", value=w.number(value), mix=w.number(mix),
               interval=w.interval(row.lower, row.upper))  # fmt: skip


def table(u: UnitReport, then: list[Row]) -> Any:
    """List the unit's index of every survey with letter, n, and whether it can be compared."""
    w = u.words
    rows = [[r.other, w.number(r.estimate), interval(u, r), str(r.text) or w("common.none"),
             w.integer(r.n) if r.n is not None else w("common.none"), able(u, r.other)] for r in then]  # fmt: skip
    own = u.ikm
    if own is not None:
        rows.append([u.survey.name, w.number(own.estimate), interval(u, own), u.letter or w("common.none"),
                     w.integer(u.n_valid), w("common.none")])  # fmt: skip
    return blocks.table(
        [blocks.column("survey", w("compare.col_survey")),
         blocks.column("index", w("compare.unit.col_index"), numeric=True),
         blocks.column("interval", w("overview.col_interval"), numeric=True),
         blocks.column("letter", w("overview.col_letter")),
         blocks.column("n", w("overview.col_n"), numeric=True),
         blocks.column("able", w("compare.col_comparable"), width="2fr")],
        rows, caption=w("compare.unit.history_caption"), key="history", note=w("compare.unit.history_note"),
        strong_rows=[len(rows) - 1],
    )  # fmt: skip


def interval(u: UnitReport, row: Any) -> str:
    """Write an interval, clipped at the end of the scale, or a dash."""
    lower, upper = limit(row.lower), limit(row.upper)
    return (
        u.words("common.none")
        if lower is None or upper is None
        else u.words.interval(lower, min(100.0, upper))
    )


def able(u: UnitReport, survey: str) -> str:
    """Say whether a survey can be held against the present one, and what changed where not."""
    w = u.words
    rows = u.wider("trend", "comparability", scope="surveys", item="", other=survey)
    changed = [kind for r in rows if r.unit in ("", u.unit.id) for kind in str(r.text).split(",") if kind]
    if changed:
        return f"{w('compare.card_no')}: {w.join([w(f'compare.kind.{kind}') for kind in dict.fromkeys(changed)])}"
    printed = any(r.method == "published" for r in u.rows("trend", "ikm_then", other=survey))
    return str(w("compare.card_printed" if printed else "compare.card_yes"))


def gaps(u: UnitReport) -> Any:
    """List the gaps between groups of respondents that are large enough in this unit."""
    w = u.words
    rows = [r for r in u.rows("equity", "gap") if estimate(r) is not None]
    if not rows or u.sign:
        return None
    cells = [
        [f"{w('compare.attribute.' + r.item)}: {w.label(r.item, r.group)}", w.integer(r.n), w.number(r.estimate),
         w.interval(r.lower, r.upper), w.p(r.p_adjusted), w(f"compare.difference.{r.text}")]
        for r in rows
    ]  # fmt: skip
    return blocks.group(
        say(w, "compare.unit.gaps_lead", margin=margin_words(w, u.survey)),
        blocks.table(
            [blocks.column("group", w("compare.col_people"), width="3fr"),
             blocks.column("n", w("overview.col_n"), numeric=True),
             blocks.column("gap", w("compare.col_gap_rest"), numeric=True),
             blocks.column("interval", w("overview.col_interval"), numeric=True),
             blocks.column("p", w("compare.col_p_holm"), numeric=True),
             blocks.column("word", w("stages.col_verdict"))],
            cells, caption=w("compare.unit.gaps_caption"), key="gaps", compact=True,
        ),
    )  # fmt: skip
