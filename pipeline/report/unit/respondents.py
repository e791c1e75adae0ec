"""Who answered: the marginal profile, small categories merged (R6), and gaps between groups large enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.margin import margin_words
from pipeline.report.base.section import say, section
from pipeline.report.data.kind import ALIKE, WHOLE
from pipeline.report.data.unit import estimate
from pipeline.survey.codes import category_rank
from pipeline.words.formats import NOTHING
from pipeline.words.groups import category

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: What a profile lists, in this order.
TRAITS = ("sex", "age_band", "education", "occupation", "disability", "disability_kind")
MISSING = "missing"
#: Which disability: of those who have none it says what the question before it said.
KIND, NO_KIND = "disability_kind", ("none", "other", MISSING)


@section("respondents", kinds=(WHOLE, ALIKE))
def respondents(u: UnitReport) -> Any:
    """Show the profile of the respondents: counts and shares per category."""
    if u.kind == ALIKE and not any(telling(u, trait) for trait in TRAITS):
        return None
    w, rows = u.words, []
    unasked = []
    for trait in TRAITS:
        if found := stated(u, trait):
            rows += lines(u, trait, found)
        elif trait != KIND:  # part of the question before it
            unasked.append(w(f"unit.respondents.{trait}").lower())
    if not rows:
        return say(w, "unit.respondents.none")
    columns = blocks.columns(
        w, trait=("unit.respondents.col_trait", ""), category=("unit.respondents.col_category", "1fr"),
        n="unit.respondents.col_n", share="unit.respondents.col_share",
    )  # fmt: skip
    table = profile_table(u, columns, rows)
    more = say(w, "unit.respondents.unasked", traits=w.join(unasked), style="note") if unasked else None
    compared = gaps(u) if u.kind == WHOLE else None
    return blocks.group(say(w, "unit.respondents.lead"), table, more, compared)


def profile_table(u: UnitReport, columns: Sequence[blocks.Column], rows: list[list[str]]) -> Any:
    """Set rows of `lines` below the headings of a page."""
    w = u.words
    return blocks.table(
        columns, rows, caption=w("unit.respondents.caption", n=w.integer(u.n)), key="respondents",
        note=w("unit.respondents.note"), row_header=False,
    )  # fmt: skip


def lines(u: UnitReport, trait: str, found: list[tuple[str, float | None, float | None]]) -> list[list[str]]:
    """A trait's rows: its name in the first, category, count and share; what is hidden says so."""
    w, hidden = u.words, u.words("unit.hidden")
    rows = []
    for place, (code, count, share) in enumerate(found):
        name = w(f"unit.respondents.{trait}") if place == 0 else ""
        part = w.percent(share, 1) if share is not None else NOTHING if code == MISSING else hidden
        rows.append([name, category(w, trait, code), w.integer(count) if count is not None else hidden, part])
    return rows


def stated(u: UnitReport, trait: str) -> list[tuple[str, float | None, float | None]]:
    """Categories of a trait as `categories` has them; none where nobody stated it, or no kind of disability is told."""
    found = categories(u, trait)
    silent = NO_KIND if trait == KIND else (MISSING,)
    return found if any(code not in silent for code, _, _ in found) else []


def telling(u: UnitReport, trait: str) -> bool:
    """Whether more is known of a trait than that all are in one merged category."""
    found = [code for code, count, _ in categories(u, trait) if code != MISSING and count]
    return len(found) > 1


def categories(u: UnitReport, trait: str) -> list[tuple[str, float | None, float | None]]:
    """Categories of a trait with count and share, in the order of the questionnaire."""
    shares = {r.group: estimate(r) for r in u.rows("profile", "share", item=trait, other="")}
    counts = u.rows("profile", "count", item=trait, other="")
    found = [(str(r.group), estimate(r), shares.get(r.group)) for r in counts]
    return sorted(found, key=lambda c: (category_rank(trait, c[0]), c[0]))


def gaps(u: UnitReport) -> Any:
    """List the gaps between groups of respondents that are large enough in this unit."""
    w = u.words
    rows = [r for r in u.rows("equity", "gap") if estimate(r) is not None]
    if not rows or u.sign:
        return say(w, "unit.respondents.not_compared", style="note")
    cells = [
        [f"{w('compare.attribute.' + r.item)}: {w.label(r.item, r.group)}", w.integer(r.n), w.number(r.estimate),
         w.interval(r.lower, r.upper), w.p(r.p_adjusted), w(f"compare.difference.{r.text}")]
        for r in rows
    ]  # fmt: skip
    return blocks.group(
        say(w, "compare.unit.gaps_lead"),
        blocks.table(
            blocks.columns(
                w, group=("compare.col_people", "3fr"), n="overview.col_n", gap="compare.col_gap_rest",
                interval="overview.col_interval", p="compare.col_p_holm", word=("stages.col_verdict", ""),
            ),
            cells, caption=w("compare.unit.gaps_caption"), key="gaps", note=margin_words(w, u.context), compact=True,
        ),
    )  # fmt: skip
