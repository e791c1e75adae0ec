"""How the survey was done: who asked whom, how many were needed, what was set aside (R7, R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base.at_random import how_drawn
from pipeline.report.base.foreign import given, theirs
from pipeline.report.base.section import say, section, told
from pipeline.report.data.kind import LISTED, WHOLE
from pipeline.report.data.unit import estimate
from pipeline.report.unit import verdicts
from pipeline.report.unit.design import design
from pipeline.report.unit.head import period
from pipeline.words import narrative
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@section("conduct", kinds=LISTED)
def conduct(u: UnitReport) -> Any:
    """Say who conducted the survey, when, how, with how many, and what that allows."""
    made = [said_sample(u), facts_table(u)]
    if u.kind == WHOLE:  # the others print no interval to speak of
        made += [precision(u), modes(u), *design(u), convenience(u)]
    note = given(u.survey, u.survey.definition.notes, u.lang)
    if note:
        made.append(blocks.prose(note, style="note"))
    return blocks.group(made)


def said_sample(u: UnitReport) -> Any:
    """Return the sentence on sample adequacy."""
    if u.sign == "0":
        return say(u.words, "unit.no_answers")
    return told(narrative.sample(u.words, verdicts.sample(u)))


def facts_table(u: UnitReport) -> Any:
    """Table of the facts an evaluator looks for."""
    w, d = u.words, u.survey.definition
    rule_key = "unit.conduct.rule_value_foreign" if u.foreign else "unit.conduct.rule_value"
    by = d.conducted_by or w("unit.conduct.not_recorded")
    if d.partner:
        by = w("unit.conduct.with_partner", by=by, partner=d.partner)
    rows = [
        [w("unit.conduct.title"), given(u.survey, d.title, u.lang)],
        [w("unit.conduct.by"), by],
        [w("unit.conduct.period"), period(u)],
        [w("unit.conduct.mode"), mode_words(u)],
        [w("unit.conduct.sampling"), theirs(u.survey, d.sampling, u.lang) or w("unit.conduct.not_recorded")],
        [w("unit.conduct.rule"), w(rule_key, rule=u.rule.short, low=u.scale[0], high=u.scale[1],
                                   count=w.integer(asked(u)))],
        [w("unit.conduct.population"), w.integer(u.population) if u.population is not None
         else w("unit.conduct.not_recorded")],
        [w("unit.conduct.required"), w.integer(u.required) if u.required is not None else NOTHING],
        [w("unit.conduct.received"), w.integer(u.n)],
        [w("unit.conduct.valid"), w.integer(u.n_valid)],
    ]  # fmt: skip
    return blocks.table(
        blocks.columns(w, what=("unit.conduct.col_what", "auto"), value=("unit.conduct.col_value", "1fr")),
        rows, caption=w("unit.conduct.caption"), key="conduct", note=_note(u),
    )  # fmt: skip


def _note(u: UnitReport) -> str:
    """What counts as valid, and how many the rule asks for: a formula, or a fixed number."""
    sample = u.rule.sample
    if sample.method != "fixed":
        return u.words("unit.conduct.note")
    return u.words("unit.conduct.note_fixed", rule=u.rule.short, minimum=u.words.integer(sample.minimum))


def asked(u: UnitReport) -> int:
    """How many items the unit asked, as far as its answers or the regulation tell."""
    return len(u.items) or len(u.by_item("index", "nrr")) or len(u.rule.codes)


def mode_words(u: UnitReport) -> str:
    """How answers were collected, in words: what the answers themselves say, else the definition."""
    w = u.words
    if "mode" in u.responses:
        used = [str(code) for code in u.responses["mode"].dropna().unique() if str(code)]
        if used:
            return w.join(sorted(w.label("mode", code) for code in used))
    given = u.survey.definition.mode
    return w.label("mode", given) if given else w("unit.conduct.not_recorded")


def precision(u: UnitReport) -> Any:
    """Say the achieved margin of the index: Krejcie and Morgan speak of a proportion."""
    w, row = u.words, u.first("index", "margin")
    margin = None if row is None else estimate(row)
    if row is None or margin is None:
        return None
    # The sample's sentence says that of a census nothing is left to chance.
    if row.reason == "census":
        return say(w, "unit.conduct.margin_census")
    key = (
        "margin_over"
        if row.reason == "population-smaller"
        else "margin_fpc"
        if row.method == "fpc"
        else "margin"
    )
    return say(w, f"unit.conduct.{key}", margin=w.number(margin))


def modes(u: UnitReport) -> Any:
    """Show modes of collection apart where there are several large enough (R17)."""
    rows = u.rows("profile", "count", item="mode", other="")
    shown = [(row.group, estimate(row)) for row in rows if (estimate(row) or 0) >= rules.PRIVATE_BELOW]
    if len(shown) < 2:
        return None
    w = u.words
    listed = [f"{w.label('mode', code)} {w.integer(count)}" for code, count in shown]
    return say(w, "unit.conduct.modes", modes=w.join(listed))


def convenience(u: UnitReport) -> Any:
    """Say whether the intervals speak of a random sample (R17)."""
    return say(u.words, f"unit.conduct.{how_drawn(u.survey.definition.sampling)}", style="note")
