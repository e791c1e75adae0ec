"""Last chapter: conclusion and advice out of verdicts, the office's closing words, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import runs_to_parts, say
from pipeline.report.official.part import own, part
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit import verdicts
from pipeline.report.unit.act_on import act_on
from pipeline.report.unit.change import changed
from pipeline.report.unit.headline import exactly
from pipeline.report.unit.priorities import highest_said
from pipeline.survey.official import NO_NIP, Signatory
from pipeline.words import narrative
from pipeline.words.lowest import channel

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


@part
def conclusion(u: UnitReport) -> Any:
    """State the results, each in the sentence of its verdict, then what the office concludes."""
    w, made = u.words, []
    if u.ikm is not None:
        name = u.rule.letter_named(u.letter).name[u.lang] if u.letter else ""
        key = "official.conclusion.index" if name else "official.conclusion.index_no_letter"
        made.append(w.runs(key, value=w.number(exactly(u.ikm)), letter=u.letter, name=name))
        made.append(narrative.certainty(w, verdicts.certainty(u)))
    made += [narrative.sample(w, verdicts.sample(u)), highest_said(u)]
    points = [runs_to_parts(runs) for runs in made if runs]
    compared = changed(u)
    if compared is not None:
        points.append(list(compared.parts))
    listed = blocks.bullets(points)
    return [listed, *act_on(u, [listed]), *own(u, "conclusion")]


@part
def suggestions(u: UnitReport) -> Any:
    """Say what the regulation puts first, then what the office advises."""
    w, missing, found = u.words, low.no_channel(u), low.lowest(u)
    names = w.join([narrative.inside_sentence(e.name) for e in found])
    made = [blocks.prose(*runs_to_parts(channel(w, missing)))] if missing is not None else []
    if found:
        made.append(say(w, "official.suggestions.first", rule=u.rule.short, names=names))
    if u.required is not None and u.n_valid < u.required:
        made.append(
            say(w, "official.suggestions.sample", required=w.integer(u.required), valid=w.integer(u.n_valid))
        )
    return [*made, *own(u, "suggestions")] or say(w, "official.suggestions.none")


@part
def closing(u: UnitReport) -> Any:
    """Print the office's closing words after saying what the numbers are about."""
    return [*own(u, "closing"), say(u.words, "official.closing.report", unit=u.name)]


@part
def signature(u: UnitReport) -> Any:
    """Leave room for the signature of whom the definition names; nothing where it names nobody."""
    given = u.survey.definition.signature
    if given is None:
        return None
    w, d, who = u.words, u.survey.definition, given.of(u.unit.id)
    signed = given.date or d.report_date
    day = w.date(signed) if signed else ""
    above = [", ".join(filter(None, (given.place, day))), d.text(who.office, u.lang)]
    below = [who.name, who.rank, numbered(who)]
    if not any(above + below):
        return None
    return blocks.signature(above, below)


def numbered(who: Signatory) -> str:
    """Write a civil servant's number in its groups.

    Examples
    --------
    >>> numbered(Signatory(nip="198002292005011003"))
    'NIP 19800229 200501 1 003'
    """
    n = who.nip or ""
    if not n:
        return ""
    return f"NIP {n[:8]} {n[8:14]} {n[14]} {n[15:]}" if n != NO_NIP else f"NIP {n}"
