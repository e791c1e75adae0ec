"""Levels of PEKPPP indicators 6 to 9 that the data propose, and what is missing for a higher one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline import rules
from pipeline.report.data.unit import estimate
from pipeline.report.evidence.known import REGULATION, Known
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.survey.evidence import Publication
    from pipeline.words import Words

INDICATORS = ("6", "7", "8", "9")


@dataclass(frozen=True)
class Missing:
    """One thing that is not shown: a key of the locale, and the numbers and names in its sentence."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def said(self, w: Words) -> str:
        """The sentence."""
        return str(w(f"evidence.missing.{self.code}", **self.values))


@dataclass(frozen=True)
class Level:
    """What the data propose for one indicator: a level, a span of levels, or a reason why none can be proposed."""

    indicator: str
    low: int | None
    high: int | None
    why: str
    missing: tuple[Missing, ...]

    @property
    def known(self) -> bool:
        """Whether exactly one level is proposed."""
        return self.low is not None and self.low == self.high

    def written(self, w: Words) -> str:
        """The level as a table has it."""
        if self.low is None or self.high is None:
            return NOTHING
        if self.known:
            return str(w.integer(self.low))
        return f"{w.integer(self.low)}–{w.integer(self.high)}"

    def sentence(self, w: Words) -> str:
        """What the data propose, as a sentence."""
        if self.low is None or self.high is None:
            return str(w("evidence.level.none", indicator=self.indicator, reason=self.why))
        key = "one" if self.known else "span"
        return str(
            w(
                f"evidence.level.{key}",
                indicator=self.indicator,
                low=w.integer(self.low),
                high=w.integer(self.high),
            )
        )


def levels(known: Known) -> dict[str, Level]:
    """Levels of a unit of which more than the number of answers may be told; of an empty one that of indicator 6."""
    if known.empty:
        low, high = rules.conduct().conduct(dict.fromkeys(FACTS, False))
        return {"6": Level("6", low, high, "", (Missing("answers"),))}
    if not known.told:
        return {}
    w = known.u.words
    return {
        "6": Level("6", *rules.conduct().conduct(facts(known)), "", tuple(_conduct(known))),
        "7": _media_level(known, w),
        "8": _scored(known, "8", tuple(_finished(known))),
        "9": _scored(known, "9", tuple(_soon(known))),
    }


#: What indicator 6 asks.
FACTS = ("done", "conforms", "non_electronic", "electronic", "followed_up")


def facts(known: Known) -> dict[str, bool | None]:
    """What indicator 6 asks, as far as it is known."""
    return {
        "done": known.u.n_valid > 0,
        "conforms": known.conforms,
        "non_electronic": known.published(electronic=False),
        "electronic": known.published(electronic=True),
        "followed_up": known.followed,
    }


def _media_level(known: Known, w: Words) -> Level:
    """Kinds of media that are stated; none is proposed where nothing was stated at all."""
    if known.publication is None:
        return Level("7", None, None, w("evidence.publication.unstated"), (Missing("publication"),))
    return Level("7", *rules.conduct().media(*known.media), "", tuple(_media(known, known.publication)))


def _scored(known: Known, indicator: str, missing: tuple[Missing, ...]) -> Level:
    """A level that the table of follow-up holds."""
    row = known.plan(f"pekppp_{indicator}")
    value = estimate(row)
    if value is None:
        reason = row.reason if row is not None and row.reason else "no-plan"
        return Level(indicator, None, None, known.u.words.label("reason", reason), missing)
    return Level(indicator, int(value), int(value), "", missing)


def _conduct(known: Known) -> Iterator[Missing]:
    u, w = known.u, known.u.words
    if not known.official:
        yield Missing("rule", {"rule": REGULATION})
    if not known.all_unsur and not u.foreign:
        yield Missing(
            "unsur",
            {"asked": w.integer(len(known.asked)), "all": w.integer(len(rules.load(REGULATION).codes))},
        )
    if known.enough is None:
        yield Missing("people_unknown")
    elif not known.enough:
        yield Missing("people", {"n": w.integer(u.n_valid), "required": w.integer(u.required)})
    if known.random is None:
        yield Missing("random_unknown")
    elif not known.random:
        yield Missing("random")
    if not known.page("report.html") and not known.page("report.pdf"):
        yield Missing("report")
    for kind, electronic in (("non_electronic", False), ("electronic", True)):
        if not known.published(electronic):
            yield Missing(kind)
    if not known.followed:
        yield Missing("follow_up")


def _media(known: Known, found: Sequence[Publication]) -> Iterator[Missing]:
    w, rubric = known.u.words, rules.conduct()
    named = {rubric.kind(one.medium) for one in found}
    if len(named) < rubric.most:
        absent = [kind.name[known.u.lang] for kind in rubric.kinds if kind.code not in named]
        yield Missing("kinds", {"names": w.join(absent)})
    if undocumented := sum(not one.documented for one in found):
        yield Missing("undocumented", {"count": w.integer(undocumented)})
    if partial := sum(set(one.shows) != set(rubric.shows) for one in found):
        yield Missing("shows", {"count": w.integer(partial)})


def _finished(known: Known) -> Iterator[Missing]:
    w = known.u.words
    planned, left, dropped = (known.count(name) or 0 for name in ("planned", "open", "dropped"))
    if not planned:
        yield Missing("plan")
        return
    if left:
        yield Missing("open", {"count": w.integer(left), "planned": w.integer(planned)})
    if dropped:
        yield Missing("dropped", {"count": w.integer(dropped), "planned": w.integer(planned)})
    if not known.given.execution(known.u.unit.id):
        yield Missing("execution")


def _soon(known: Known) -> Iterator[Missing]:
    if known.plan_of and not known.before:
        yield Missing("before", {"survey": known.plan_of})
    row = known.plan("pekppp_9")
    if row is not None and row.reason in ("no-report-date", "no-day-done"):
        yield Missing("days", {"reason": known.u.words.label("reason", row.reason)})
