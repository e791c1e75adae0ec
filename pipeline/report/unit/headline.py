"""What the first page of a unit's report says of its index: number, limits, sample, cautions.

Whole reports and short pages say it with the same functions.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base import unanswered
from pipeline.report.data.kind import ALIKE
from pipeline.report.data.unit import limit, whole
from pipeline.report.unit import verdicts
from pipeline.words import doubt, page_one
from pipeline.words.narrative import Runs

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


def cautions(u: UnitReport) -> list[Any]:
    """Notices that limit how the whole report may be read."""
    w, made = u.words, []
    if u.sign == rules.INFORMATION:
        need = rules.enough(u.required)
        text = w("unit.summary.information", n=w.integer(u.n_valid), need=w.integer(need))
        made.append(blocks.notice(text, kind="caution", title=w("unit.summary.information_title")))
    if u.foreign:
        low, high = u.scale
        text = w("unit.summary.foreign", low=low, high=high, factor=w.number(u.factor))
        made.append(blocks.notice(text, kind="caution", title=w("unit.summary.foreign_title")))
    return made + unanswered.of_unit(u)


def number(u: UnitReport) -> Any:
    """Return the index with its interval, letter, certainty and place on the scale."""
    w, row = u.words, u.ikm
    if row is None:
        return undefined(u)
    verdict = verdicts.certainty(u)
    chip = ""
    if verdict.level:
        word = w.label("certainty", verdict.level)
        chip = w("unit.summary.chip", confidence=w.confidence(verdict.confidence), word=word)
    if verdict.reason == "census":
        chip = w.label("certainty", "census")
    lower, upper = printed_limits(u, row)
    interval = w("unit.summary.interval", interval=w.interval(lower, upper)) if lower is not None else ""
    if row.reason == "census":
        interval = w("unit.summary.interval_census")
    name = u.rule.letter_named(u.letter).name[u.lang] if u.letter else ""
    value = w.number(exactly(row))
    said = w("unit.summary.letter_alt", letter=u.letter, name=name) if name else w("unit.summary.no_letter")
    alt = w("unit.summary.number_alt", value=value, letter=said, interval=interval or w("common.none"))
    if not interval and u.kind == ALIKE:
        alt = w("short.number_alt", value=value, letter=said)
    bands = [blocks.band(*b, tick=w.number(b[2])) for b in u.bands]
    return blocks.headline(
        value=value,
        label=w("unit.summary.index") if not u.foreign else w("unit.summary.foreign_index"),
        interval=interval,
        letter=u.letter,
        letter_name=name,
        chip=chip,
        bands=bands,
        estimate=row.estimate,
        lower=lower,
        upper=upper,
        alt=alt if bands else "",
    )


def undefined(u: UnitReport) -> Any:
    """Say why there are answers but no index."""
    row = u.first("index", "ikm")
    reason = u.words.label("reason", row.reason if row is not None and row.reason else "no-data")
    return blocks.notice(u.words("unit.summary.no_index", reason=reason), kind="caution")


def exactly(row: Any) -> Fraction | float:
    """Return the index as its exact fraction when the row carries one, so that it is rounded once."""
    top, bottom = whole(row.numerator), whole(row.denominator)
    # Fractions too large for 64 bits are not stored; then the float is all there is.
    return Fraction(top, bottom) if top is not None and bottom else float(row.estimate)


def printed_limits(u: UnitReport, row: Any) -> tuple[float | None, float | None]:
    """Limits of an index as printed: clipped to what the scale allows (R2)."""
    lower, upper = limit(row.lower), limit(row.upper)
    if lower is None or upper is None:
        return None, None
    return u.within(lower, upper)


def limits(u: UnitReport) -> list[Runs]:
    """Say what limits the letter: other weights (R1), a verdict that needs explaining, doubted answers (R22)."""
    w, integrity, flagged = u.words, verdicts.integrity(u), verdicts.doubt(u)
    said = [doubt.status(w, integrity)] if integrity.status == "needs-explaining" else []
    if flagged.status == "depends":
        said.append(w.runs("pageone.doubt.depends", without=flagged.letter_without))
    return [*page_one.weights(w, verdicts.printed(u)), *said]
