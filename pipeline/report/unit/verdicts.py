"""From result rows to the verdicts that sentences rest on (R13, R16, R18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.data.unit import estimate, limit, whole
from pipeline.standings import targets
from pipeline.words.verdicts import (
    Certainty,
    Consistency,
    Doubt,
    Evidence,
    Integrity,
    Position,
    Printed,
    Sample,
    Target,
)

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Flags about how a row was entered, in the order they are told.
ENTRY_FLAGS = ("bulk_entry", "midnight", "burst", "duplicate_row", "outside_period")
#: Kinds of evidence, in the order they are told (as `statistics.integrity.tests`).
KINDS = ("late_keying", "regular_sitting", "uniform_block", "repeated_stretch", "copied_row", "zigzag")


def certainty(u: UnitReport) -> Certainty:
    """How sure the published letter is."""
    if u.foreign:
        return Certainty("", "", reason="foreign-scale")
    if u.sign == "E":
        # As on the portal and in the city's report: a first impression is neither firm nor leaning (R6).
        return Certainty(u.letter, "", reason="for-information")
    row, settle = u.first("index", "certainty"), u.value("index", "n_to_settle")
    if row is None:
        return Certainty(u.letter, "", reason="not-estimable")
    confidence = estimate(row)
    if confidence is None or not row.text:
        return Certainty(u.letter, "", reason=row.reason or "not-estimable")
    return Certainty(
        u.letter, str(row.text), confidence, None if settle is None else int(settle),
        reason="census" if row.reason == "census" else "", population=u.population,
    )  # fmt: skip


def sample(u: UnitReport) -> Sample:
    """Valid answers against the required sample."""
    return Sample(u.n_valid, u.required, u.population)


def consistency(u: UnitReport) -> Consistency:
    """Cronbach's alpha of this unit's own answers."""
    row = u.first("reliability", "alpha", method="jackknife")
    alpha = estimate(row)
    if row is None or alpha is None:
        return Consistency(
            None, items=len(u.items), reason=row.reason if row is not None else "not-estimable"
        )
    return Consistency(alpha, limit(row.lower), limit(row.upper), len(u.items))


def doubt(u: UnitReport) -> Doubt:
    """The index with and without flagged answers."""
    without = u.first("integrity", "ikm_without_flagged", method="any")
    letter = str(without.text) if without is not None else ""
    return Doubt(flagged_count(u), u.n_valid, u.letter, estimate(without), letter)


def integrity(u: UnitReport) -> Integrity:
    """Whether the way this unit's answers came in needs an explanation, and what was seen.

    The verdict is that of `statistics.integrity.tests`, which every page reads; nothing is decided here.
    """
    row, rank = u.first("integrity", "integrity_verdict"), u.first("integrity", "flag_rank", method="any")
    status = (
        "too-few" if row is None else str(row.text) or ("excluded" if row.reason == "excluded" else "too-few")
    )
    seen = []
    for e in u.rows("integrity", "integrity_evidence"):
        first, _, last = str(e.group).partition("/")
        if e.text == "yes" and whole(e.numerator):
            seen.append(Evidence(str(e.method), whole(e.numerator) or 0, first, last))
    judged = tuple(kind for kind in str(row.group).split(",") if kind) if row is not None else ()
    told = {str(r.method): str(r.reason) for r in u.rows("integrity", "integrity_unjudged")}
    lacking = {kind: told.get(kind, "not-asked") for kind in KINDS if kind not in judged}
    return Integrity(
        status, tuple(seen), u.n, flagged_count(u),
        None if rank is None else whole(rank.numerator), (whole(rank.denominator) or 0) if rank is not None else 0,
        u.value("integrity", "ikm_of_flagged", method="any"),
        estimate(u.first("integrity", "ikm_without_flagged", method="any")),
        tuple((name, rows) for name in ENTRY_FLAGS if (rows := _rows_with(u, name))),
        str(row.reason) if row is not None and status == "cannot-judge" else "",
        judged, tuple(lacking.items()), _rows_with(u, "paper_batch"),
    )  # fmt: skip


def _rows_with(u: UnitReport, flag: str) -> int:
    row = u.first("integrity", flag)
    return 0 if row is None else whole(row.numerator) or 0


def flagged_count(u: UnitReport) -> int:
    """Answers doubted for the way they were entered; uniform answers alone are no doubt (R10)."""
    row = u.first("integrity", "any")
    return 0 if row is None else whole(row.numerator) or 0


def printed(u: UnitReport) -> list[Printed]:
    """The index by the regulation's printed weights beside the exact one (R1)."""
    if u.foreign or u.ikm is None:
        return []
    made = []
    for row in u.rows("index", "ikm_legacy", item="", service=""):
        if estimate(row) is None:
            continue
        mark = str(row.text)
        if mark:
            made.append(Printed(str(row.method), float(row.estimate), mark, float(u.ikm.estimate), u.letter))
    return sorted(made, key=lambda p: p.weight)


def position(u: UnitReport) -> Position:
    """This unit against the others of its type, or of the city where its type is small (R14)."""
    row = u.first("verdicts", "difference")
    if row is None:
        return Position("city", "", reason="few-units")
    among = "type" if row.group else "city"
    if estimate(row) is None or not row.text:
        return Position(among, "", reason=row.reason or "few-units")
    judged = next(iter(u.wider("verdicts", "flagged", method="holm")), None)
    gap, same = u.first("verdicts", "unusual"), u.first("verdicts", "equivalence")
    margin = None
    if same is not None and same.denominator and same.numerator is not None:
        margin = same.numerator / same.denominator
    unusual = "" if gap is None else str(gap.text) or ("unreliable" if gap.reason == "unreliable" else "")
    return Position(
        among, str(row.text), float(row.estimate), limit(row.lower), limit(row.upper),
        (whole(judged.denominator) or 0) if judged is not None else 0, margin, unusual,
        None if gap is None else limit(gap.upper),
    )  # fmt: skip


def target(u: UnitReport) -> Target | None:
    """Whether the unit's index reaches its target, as the city's page decides; None where no target is set."""
    row = u.first("city", "target")
    if row is None:
        return None
    relation = targets.relation(row.text, u.sign) if estimate(row) is not None else ""
    own = u.ikm
    lower, upper = (limit(own.lower), limit(own.upper)) if own is not None else (None, None)
    return Target(
        targets.goal(row.other), relation, u.value("city", "target_gap"), str(row.reason), lower, upper
    )
