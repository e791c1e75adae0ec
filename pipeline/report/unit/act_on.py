"""The unsur to act on, as page one lists them: what was tested, what users wrote, what is due (R18)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.foreign import theirs
from pipeline.report.base.section import runs_to_parts, told
from pipeline.report.unit import actions, themes
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.lowest_items import code, lower_codes
from pipeline.words import lowest as words
from pipeline.words import page_one
from pipeline.words.narrative import Runs

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.words.verdicts import Element

#: Running text that page one may hold: what users wrote is quoted as far as it leaves room.
MOST_WORDS = 120
#: Longer quotations are only counted.
MOST_QUOTED = 14
_RUNNING = ("prose", "notice", "bullets")
_WORD = re.compile(r"[^\W_]*[^\W\d_][^\W_]*(?:[-/'’][^\W_]+)*")


def act_on(u: UnitReport, before: Iterable[Any]) -> list[Any]:
    """List the lowest unsur, then say once what was not told apart, what is a tie, and what is due.

    Parameters
    ----------
    u : UnitReport
    before : iterable of blocks
        What page one says above, which decides how much room is left for quotations.
    """
    w, found = u.words, low.lowest(u)
    if len(u.items) < 2:
        return []
    if not found:
        return [told(words.all_equal(w))]
    lead = blocks.prose(page_one.act_lead(w, len(found)))
    ties = [page_one.act_tie(w, group, found) for group in low.equal_groups(u, found)]
    after = told(*page_one.act_rest(w, found), *ties, *planned(u, found))
    items = [page_one.act_item(w, e, code(e.item), lower_codes(u, e)) for e in found]
    room = MOST_WORDS - running([*before, lead, after, blocks.bullets([runs_to_parts(i) for i in items])])
    quoted: set[str] = set()
    for place, e in enumerate(found):
        more = written(u, e.item, quoted)
        if more and (size := count("".join(text for text, _ in more))) <= room:
            room -= size
            items[place] = [*items[place], *more]
    return [lead, blocks.bullets([runs_to_parts(item) for item in items], ordered=True), after]


def planned(u: UnitReport, found: Iterable[Element]) -> list[Runs]:
    """The last deadline of the unit's own plan, and which of the listed unsur it leaves out; or that there is none."""
    w, day = u.words, actions.due(u)
    own = {one.unsur for one in actions.kept(actions.actions(u))}
    if not own and not day:
        return [w.runs("pageone.act.no-plan")]
    left = [code(e.item) for e in found if e.item not in own] if own else []
    said = [w.runs("pageone.act.due", date=w.date(day))] if day else []
    return [*said, w.runs("pageone.act.unplanned", codes=w.join(left))] if left else said


def written(u: UnitReport, item: str, quoted: set[str]) -> Runs:
    """What users themselves wrote about an unsur: how many, and one sentence of theirs that was not `quoted` yet."""
    w, said = u.words, themes.of_unsur(u, item)
    fit = count(said.quote) <= MOST_QUOTED and said.quote not in quoted
    quote = theirs(u.survey, said.quote if fit else "", u.lang)
    quoted.add(said.quote)
    if said.people:
        key = "quoted" if quote else "written"
        return w.runs(f"pageone.act.{key}", n=w.count("common.respondents", said.people), quote=quote)
    return w.runs("pageone.act.said", quote=quote) if quote else []


def running(made: Iterable[Any]) -> int:
    """Words of the running text of blocks: paragraphs, notices and points of lists."""
    return sum(count(block.plain_text()) for block in made if block and block.kind_name in _RUNNING)


def count(text: str) -> int:
    """Words of a text; numbers alone are none.

    Examples
    --------
    >>> count("Tarif naik 3,08 poin (U4) sejak 2024.")
    5
    """
    return len(_WORD.findall(text))
