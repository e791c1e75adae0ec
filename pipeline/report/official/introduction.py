"""First chapter: why the survey is made, on what basis, to what end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.foreign import given
from pipeline.report.base.section import say
from pipeline.report.official.part import own, part
from pipeline.report.unit.head import period

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: The rule whose duties, aims and uses are told; of others only their name is.
TOLD = 2017
AIMS = ("aim_a", "aim_b", "aim_c", "aim_d")
USES = ("use_a", "use_b", "use_c", "use_d", "use_e", "use_f")


@part
def background(u: UnitReport) -> Any:
    """Print the office's own background, then what the regulation asks for and what this report is of."""
    w = u.words
    duty = "duty" if u.rule.year == TOLD else "duty_other"
    return [
        *own(u, "background"),
        say(w, f"official.background.{duty}", rule=u.rule.short),
        say(w, "official.background.report", unit=u.name, period=period(u)),
    ]


@part
def legal_basis(u: UnitReport) -> Any:
    """List what the survey follows: the rule of its numbers, and what the office names."""
    d = u.survey.definition
    named = [u.rule.title[u.lang], *(given(u.survey, text, u.lang) for text in d.legal_basis)]
    return [say(u.words, "official.legal_basis.lead"), blocks.bullets(dict.fromkeys(named), ordered=True)]


@part
def purpose(u: UnitReport) -> Any:
    """Print the office's own purpose, then aims and uses as far as the regulation names them."""
    w, made = u.words, own(u, "purpose")
    made.append(say(w, "official.purpose.lead", unit=u.name))
    if u.rule.year != TOLD:
        return made
    for key, points in (("aims", AIMS), ("uses", USES)):
        made.append(say(w, f"official.purpose.{key}", rule=u.rule.short))
        made.append(blocks.bullets([w(f"official.purpose.{name}") for name in points], lettered=True))
    return made
