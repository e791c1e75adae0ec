"""The plan for follow-up (RTL): the unit's own actions, and proposals for the lowest unsur it has none for (R18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.actions import Planned, actions, kept
from pipeline.report.unit.lowest_items import code
from pipeline.words import narrative
from pipeline.words.formats import NOTHING
from pipeline.words.verdicts import Element

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Terms of the regulation, in its order; what is usual in each stands in ``words/locale/*/proposals.yml``.
HORIZONS = ("short", "medium", "long")


def plan(u: UnitReport, found: list[Element]) -> Any:
    """Return the plan: own actions first, then proposals, marked as such; a missing channel comes first.

    Parameters
    ----------
    u : UnitReport
    found : list of Element
        The lowest unsur (`lowest_verdicts.lowest`).
    """
    own = actions(u)
    planned = {one.unsur for one in kept(own)}
    asked = [(e.item, e.name) for e in lacking(u, found) if e.item not in planned]
    rows = [_own(u, one) for one in own] + [row for pair in asked for row in proposed(u, *pair)]
    if not rows:
        return None
    w = u.words
    numbered = [[w.integer(place), *row] for place, row in enumerate(rows, 1)]
    return blocks.table(
        blocks.columns(
            w, no="unit.priorities.col_no", unsur=("unit.priorities.col_unsur", "1.6fr"),
            program=("unit.priorities.col_program", "3.2fr"), when=("unit.priorities.col_when", "1.4fr"),
            who=("unit.priorities.col_who", "1.5fr"), status=("unit.priorities.col_status", "1.1fr"),
        ),
        numbered, caption=w(_caption(own, asked)), key="plan", note=note(u, found, own, asked),
        row_header=False, breakable=len(rows) > 6,
    )  # fmt: skip


def lacking(u: UnitReport, found: list[Element]) -> list[Element]:
    """Unsur that the plan has to hold: a complaint channel that half found missing, then the lowest."""
    missing = low.no_channel(u)
    if missing is None:
        return found
    return [low.element(u, missing.item), *(e for e in found if e.item != missing.item)]


def _caption(own: list[Planned], asked: list[tuple[str, str]]) -> str:
    kind = "_both" if own and asked else "_proposed" if asked else ""
    return f"unit.priorities.plan_caption{kind}"


def _own(u: UnitReport, one: Planned) -> list[str]:
    """One action of the unit's own plan as a row."""
    w = u.words
    name = f"{code(one.unsur)} {u.item_name(one.unsur)}" if one.unsur else NOTHING
    when = w.date(one.due) if one.due else NOTHING
    return [name, one.action, when, one.owner or NOTHING, w(f"unit.priorities.status.{one.status}")]


def proposed(u: UnitReport, item: str, name: str) -> list[list[str]]:
    """Usual actions for an unsur, one row a term, each called a proposal."""
    w, known = u.words, f"proposals.{u.rule.id}.{item}"
    # Of a regulation or questionnaire without a list of its own, what fits everything is proposed.
    group = known if w.has(f"{known}.short") else "proposals.other"
    return [
        [f"{code(item)} {name}", w(f"{group}.{term}"), w(f"unit.priorities.horizon.{term}"),
         w("unit.priorities.by_unit"), w("unit.priorities.proposal")]
        for term in HORIZONS if w.has(f"{group}.{term}")
    ]  # fmt: skip


def note(u: UnitReport, found: list[Element], own: list[Planned], asked: list[tuple[str, str]]) -> str:
    """Say whose the rows are, what a fact asks for, and that equal values have no order."""
    w = u.words
    said = [w("unit.priorities.plan_note")] if own else []
    if asked:
        said.append(w("unit.priorities.plan_note_proposed"))
        listed = {item for item, _ in asked}
        facts = [e for e in lacking(u, found) if e.item in listed and e.item in u.states_fact]
        if facts:
            names = w.join([f"{code(e.item)} {narrative.inside_sentence(e.name)}" for e in facts])
            said.append(w("unit.priorities.plan_note_fact", names=names))
        if low.equal_groups(u, found):
            said.append(w("unit.priorities.plan_note_tie"))
        said.append(w("unit.priorities.plan_horizons"))
    return " ".join(said)
