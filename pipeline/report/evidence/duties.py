"""The duties of the regulation: met, not met, stated by the office, not given, or nothing that a program can know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline import rules
from pipeline import survey as surveys
from pipeline.report.data.unit import estimate
from pipeline.report.evidence.known import REGULATION, SCALE, Known
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.actions import MODULE, OWN, actions, kept
from pipeline.report.unit.conduct import mode_words
from pipeline.report.unit.head import period
from pipeline.survey.folder import period_key

if TYPE_CHECKING:
    from pipeline.rules import Duty
    from pipeline.words import Words

MET, NOT_MET, STATED, NOT_GIVEN, CANNOT_KNOW = STATES = (
    "met", "not-met", "stated", "not-given", "cannot-know",
)  # fmt: skip
#: Characteristics by which the regulation wants respondents compiled; a band stands for the age.
PROFILE = {
    "age": ("age_band", "age"),
    "sex": ("sex",),
    "education": ("education",),
    "occupation": ("occupation",),
}
#: Ways of collecting that the regulation names.
ALLOWED = ("face-to-face", "self-paper", "mail", "online", "kiosk")
#: Words for the parts of a team, as offices write them, and how many persons the regulation allows.
TEAM = {"steering": ("pengarah", "steering"), "head": ("ketua", "lead", "head"),
        "members": ("anggota", "surveyor", "member"), "secretariat": ("sekretariat", "secretariat")}  # fmt: skip
MOST = {"members": 5, "secretariat": 3}


@dataclass(frozen=True)
class State:
    """How one duty stands, and why: a key of the locale with its values, or what the office states."""

    duty: Duty
    state: str
    why: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    def reason(self, w: Words) -> str:
        """Why it stands so."""
        if self.text:
            return self.text
        return str(w(f"evidence.duty.{self.duty.id}.{self.why}", **self.values))


Found = tuple[str, str, dict[str, Any]]


def states(known: Known) -> list[State]:
    """How each duty stands in a unit of which more than the number of answers may be told."""
    found = []
    for duty in rules.duties():
        state, why, values = _CHECKS[duty.id](known)
        stated = known.given.said.stated.get(duty.id)
        if stated and state in (NOT_GIVEN, CANNOT_KNOW):
            said = known.u.survey.definition.text(stated, known.u.lang)
            found.append(State(duty, STATED, text=said))
        else:
            found.append(State(duty, state, why, values))
    return found


def _yearly(known: Known) -> Found:
    before = surveys.before(known.u.survey)
    values = {"period": period(known.u)}
    if not before:
        return CANNOT_KNOW, "alone", values
    last = before[-1]
    gap = period_key(known.u.survey.name)[0] - period_key(last)[0]
    return (MET if gap <= 1 else CANNOT_KNOW), "before" if gap <= 1 else "gap", {**values, "survey": last}


def _principles(known: Known) -> Found:
    return CANNOT_KNOW, "unknown", {}


def _executor(known: Known) -> Found:
    definition = known.u.survey.definition
    if not definition.conducted_by:
        return NOT_GIVEN, "none", {}
    values = {"by": definition.conducted_by, "partner": definition.partner}
    return (CANNOT_KNOW, "partner", values) if definition.partner else (STATED, "own", values)


def _team(known: Known) -> Found:
    team, text = known.u.survey.definition.team, known.u.survey.definition.text
    if not team:
        return NOT_GIVEN, "none", {}
    roles = [" ".join({text(one.role, "id"), text(one.role, "en")}).casefold() for one in team]
    count = {part: sum(any(word in role for word in names) for role in roles) for part, names in TEAM.items()}
    w = known.u.words
    values = {part: w.integer(number) for part, number in count.items()}
    too_many = any(count[part] > most for part, most in MOST.items())
    return (NOT_MET if too_many else STATED), "many" if too_many else "listed", values


def _unsur(known: Known) -> Found:
    w = known.u.words
    codes = rules.load(REGULATION).codes
    values = {"asked": w.integer(len(known.asked)), "all": w.integer(len(codes))}
    return (MET if known.all_unsur else NOT_MET), "asked", values


def _scale(known: Known) -> Found:
    lowest, highest = known.u.scale
    w = known.u.words
    values = {"low": w.integer(lowest), "high": w.integer(highest)}
    return (MET if (lowest, highest) == SCALE else NOT_MET), "scale", values


def _size(known: Known) -> Found:
    u, w = known.u, known.u.words
    if u.required is None:
        return CANNOT_KNOW, "unknown", {"n": w.integer(u.n_valid)}
    values = {
        "n": w.integer(u.n_valid),
        "required": w.integer(u.required),
        "population": w.integer(u.population),
    }
    return (MET if known.enough else NOT_MET), "counted", values


def _random(known: Known) -> Found:
    if known.random is None:
        return NOT_GIVEN, "none", {}
    values = {"sampling": known.u.survey.definition.sampling}
    return (STATED if known.random else NOT_MET), "said", values


def _technique(known: Known) -> Found:
    u = known.u
    used = set(u.responses["mode"].dropna().astype(str)) - {""} if "mode" in u.responses else set()
    used = used or ({u.survey.definition.mode} if u.survey.definition.mode else set())
    if not used:
        return NOT_GIVEN, "none", {}
    return (STATED if used <= set(ALLOWED) else CANNOT_KNOW), "used", {"modes": mode_words(u)}


def _calendar(known: Known) -> Found:
    schedule, w = known.u.survey.definition.schedule, known.u.words
    if not schedule:
        return NOT_GIVEN, "none", {}
    first, last = min(one.start for one in schedule), max(one.last for one in schedule)
    return STATED, "given", {"count": w.integer(len(schedule)), "period": w.date_range(first, last)}


def _profile(known: Known) -> Found:
    u, w = known.u, known.u.words
    there = {row.item for row in u.rows("profile", "count") if row.item}
    absent = [trait for trait, names in PROFILE.items() if not there & set(names)]
    if not absent:
        return MET, "all", {}
    return NOT_MET, "absent", {"names": w.join([w(f"evidence.trait.{trait}") for trait in absent])}


def _index(known: Known) -> Found:
    u = known.u
    if u.ikm is None:
        return NOT_MET, "none", {}
    return (MET, "letter", {}) if known.official and u.letter else (NOT_MET, "foreign", {})


def _analysis(known: Known) -> Found:
    one = any(estimate(row) is not None for row in known.u.by_item("index", "nrr").values())
    two = any(estimate(row) is not None for row in known.u.rows("association", "spearman"))
    return (MET, "both", {}) if one and two else (NOT_MET, "one" if one else "none", {})


def _report(known: Known) -> Found:
    made = known.page("report.html") or known.page("report.pdf")
    return (MET, "there", {}) if made else (NOT_MET, "none", {})


def _plan(known: Known) -> Found:
    u, w = known.u, known.u.words
    planned = u.first(MODULE, "planned", other=OWN, group="")
    if planned is None:
        return NOT_GIVEN, "none", {}
    own = kept(actions(u))
    if not own:
        return NOT_MET, "empty", {}
    lowest = low.lowest(u)
    values = {"count": w.integer(len(own))}
    if not lowest:
        return CANNOT_KNOW, "no_lowest", values
    values["names"] = w.join([element.name for element in lowest])
    held = {one.unsur for one in own} & {element.item for element in lowest}
    return (MET, "lowest", values) if held else (NOT_MET, "other", values)


def _published(known: Known) -> Found:
    w = known.u.words
    if not known.publication:
        return (NOT_GIVEN, "none", {}) if known.publication is None else (NOT_MET, "nowhere", {})
    documented = sum(one.documented for one in known.publication)
    values = {"count": w.integer(len(known.publication)), "documented": w.integer(documented)}
    return STATED, "given", values


_CHECKS: dict[str, Callable[[Known], Found]] = {
    "yearly": _yearly, "principles": _principles, "executor": _executor, "team": _team, "unsur": _unsur,
    "scale": _scale, "size": _size, "random": _random, "technique": _technique, "calendar": _calendar,
    "profile": _profile, "index": _index, "analysis": _analysis, "report": _report, "plan": _plan,
    "published": _published,
}  # fmt: skip
