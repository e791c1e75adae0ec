"""The report as research papers are built: abstract, methods, results, limits, references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import say, told
from pipeline.report.official.part import own, part, within
from pipeline.report.unit import verdicts
from pipeline.report.unit.change import change, changed
from pipeline.report.unit.comparison import comparison
from pipeline.report.unit.conduct import convenience, facts_table, mode_words, modes, precision
from pipeline.report.unit.consistency import consistency
from pipeline.report.unit.doubts import doubts
from pipeline.report.unit.head import period
from pipeline.report.unit.headline import cautions, exactly, number, printed_limits
from pipeline.report.unit.headline import limits as cautioned
from pipeline.report.unit.items import unsur
from pipeline.report.unit.lowest_items import lowest_title, which_first
from pipeline.report.unit.method import cited, computed
from pipeline.report.unit.priorities import channel_first
from pipeline.report.unit.respondents import respondents
from pipeline.report.unit.services import services
from pipeline.report.unit.tiles import sampled
from pipeline.words import narrative

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@part
def abstract(u: UnitReport) -> Any:
    """Print the office's own abstract, else what was asked, of how many, and what came out."""
    text = own(u, "abstract")
    if text:
        return [*channel_first(u), *text]
    w, row = u.words, u.ikm
    about = {"unit": u.name, "period": period(u), "n": w.integer(u.n_valid), "mode": mode_words(u)}
    made = [w.runs("official.abstract.asked", **about)]
    if row is not None:
        lower, upper = printed_limits(u, row)
        key = "index" if lower is not None else "index_alone"
        interval = w.interval(lower, upper) if lower is not None else ""
        made.append(w.runs(f"official.abstract.{key}", value=w.number(exactly(row)), interval=interval))
        made.append(narrative.certainty(w, verdicts.certainty(u)))
    compared = changed(u)
    lowest = blocks.prose(f"{lowest_title(u)}.") if len(u.items) > 1 else None
    return [*channel_first(u), told(*made), compared, lowest, told(sampled(u))]


@part
def methods(u: UnitReport) -> Any:
    """State design, sample, instrument and formulas."""
    return [*own(u, "method"), facts_table(u), told(narrative.sample(u.words, verdicts.sample(u))), precision(u),
            modes(u), within(computed(u))]  # fmt: skip


#: Results in the order of a paper, each under its small heading: key of the heading and sections.
RESULTS = (
    ("respondents", (respondents,)), ("index", (which_first, unsur)), ("services", (services,)),
    ("consistency", (consistency,)), ("comparison", (comparison,)), ("change", (change,)),
)  # fmt: skip


@part
def result(u: UnitReport) -> Any:
    """Show the results: index, respondents, unsur, services, consistency, comparison and change."""
    w, made = u.words, [*cautions(u), number(u)]
    for key, sections in RESULTS:
        found = [within(section(u)) for section in sections]
        if any(group.blocks for group in found):
            made += [blocks.heading(w(f"official.result.{key}"), level=3, key=f"result-{key}"), *found]
    return made


@part
def limits(u: UnitReport) -> Any:
    """Say what the results cannot show: no random sample, too few answers, doubts about how answers came in."""
    w = u.words
    return [
        *own(u, "limits"),
        convenience(u),
        told(*cautioned(u)),
        say(w, "official.limits.formative") if not u.foreign else None,
        within(doubts(u)),
    ]


@part
def references(u: UnitReport) -> Any:
    """List what is cited."""
    return cited(u)
