"""Verdicts a sentence may rest on. Each says what was found, never how to say it.

``narrative`` words them; nothing else may make a claim about results (R16). They are made
from result tables by the reports, so that a sentence and a table can never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Conventional cuts of Cronbach's alpha and the word each earns (lower bound, word).
ALPHA_WORDS = ((0.90, "very-high"), (0.80, "good"), (0.70, "fair"), (0.60, "limited"), (-9.0, "low"))


@dataclass(frozen=True)
class Certainty:
    """How sure the published letter is (R13)."""

    letter: str
    level: str  # firm | leaning | border | "" when there is no verdict
    confidence: float | None = None
    n_to_settle: int | None = None
    reason: str = ""  # why there is no verdict; "census": nothing is left to chance
    population: int | None = None


@dataclass(frozen=True)
class Element:
    """One unsur with its value and, among the lowest, what its tests say (R18)."""

    item: str
    name: str
    value: str
    #: clearly-lower | partly-lower | not-distinguishable | states-a-fact | not-tested | "" no verdict
    mark: str = ""
    #: Opinions it was shown to be lower than, each by its own test.
    lower: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """Whether an index reaches the target that was set for it, by the test over all units (R5)."""

    goal: float
    relation: str  # above | below | undecided | "" without a verdict
    gap: float | None = None
    reason: str = ""
    lower: float | None = None  # the unit's own interval, which is not what decides
    upper: float | None = None

    @property
    def strict(self) -> bool:
        """Whether nothing is decided although the unit's own interval leaves the target out."""
        if self.relation != "undecided" or self.lower is None or self.upper is None:
            return False
        return not self.lower <= self.goal <= self.upper


@dataclass(frozen=True)
class Channel:
    """How many say that there is no complaint channel, where that is half or more (R18)."""

    item: str
    name: str
    count: int
    n: int


@dataclass(frozen=True)
class Sample:
    """Valid answers against the required sample (R7)."""

    valid: int
    required: int | None = None
    population: int | None = None

    @property
    def status(self) -> str:
        """Return enough, short, census, over or unknown."""
        if self.population is None or self.required is None:
            return "unknown"
        if self.valid > self.population:
            return "over"
        if self.valid == self.population:
            return "census"
        return "enough" if self.valid >= self.required else "short"


@dataclass(frozen=True)
class Consistency:
    """Cronbach's alpha with its interval (R9)."""

    alpha: float | None
    lower: float | None = None
    upper: float | None = None
    items: int = 9
    reason: str = ""

    @property
    def word(self) -> str:
        """Return the conventional word of the alpha, or "" without one."""
        if self.alpha is None:
            return ""
        return next(word for cut, word in ALPHA_WORDS if self.alpha >= cut)


@dataclass(frozen=True)
class Doubt:
    """The index with and without flagged answers (R10)."""

    flagged: int
    valid: int
    letter: str = ""
    value_without: float | None = None
    letter_without: str = ""

    @property
    def status(self) -> str:
        """Return none, unknown, depends or stays."""
        if self.flagged == 0:
            return "none"
        if self.value_without is None:
            return "unknown"
        return "stays" if self.letter == self.letter_without else "depends"


@dataclass(frozen=True)
class Evidence:
    """One kind of evidence about how a unit's rows came about."""

    kind: str  # late_keying | regular_sitting | uniform_block | repeated_stretch | copied_row | zigzag
    rows: int
    first: str = ""  # ISO day of the first of these rows, "" where no time is recorded
    last: str = ""


@dataclass(frozen=True)
class Integrity:
    """Whether a unit needs an explanation, by tests with error control over all units (R10).

    This is the only verdict that asks a unit anything. It names what is improbable for honest
    work and never says why it happened; flags on rows have no part in it.
    """

    status: str  # needs-explaining | nothing-unusual | cannot-judge | too-few | excluded
    evidence: tuple[Evidence, ...] = ()
    valid: int = 0
    flagged: int = 0
    #: Units with at least this share of flagged rows (this one too), of those judged.
    at_least: int | None = None
    units: int = 0
    value_flagged: float | None = None
    value_without: float | None = None
    #: Flags of rows and how many carry each, for those that any row carries.
    flags: tuple[tuple[str, int], ...] = ()
    #: Why the unit cannot be judged; the kinds of evidence that were judged; those that were not, and why.
    reason: str = ""
    judged: tuple[str, ...] = ()
    unjudged: tuple[tuple[str, str], ...] = ()
    #: Forms that the definition says were on paper and that were keyed in together: expected.
    paper: int = 0


@dataclass(frozen=True)
class Printed:
    """The index by the exact weight beside one printed weight (R1)."""

    weight: str
    value: float
    letter: str
    exact_value: float
    exact_letter: str

    @property
    def differs(self) -> bool:
        """Say whether the printed weight gives another letter."""
        return self.letter != self.exact_letter


@dataclass(frozen=True)
class Position:
    """This unit against the other units of a group, and whether the gap is out of the ordinary (R14)."""

    group: str  # city | type
    relation: str  # above | below | equivalent | undecided | "" without a verdict
    difference: float | None = None
    lower: float | None = None  # limits at the level that decided
    upper: float | None = None
    units: int = 0  # judged together
    margin: float | None = None
    unusual: str = ""  # high | low | usual | unreliable | "" without a verdict
    reach: float | None = None  # gap up to which it is ordinary
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """A change against an earlier survey (R15)."""

    scope: str  # unit | city
    survey: str
    relation: str  # up | down | unchanged | cannot-tell | published | "" when not comparable
    difference: float | None = None
    lower: float | None = None
    upper: float | None = None
    margin: float | None = None
    reason: str = ""
    kinds: tuple[str, ...] = ()  # what changed, where that forbids a comparison
    shared: int = 0  # items the change rests on, of those both surveys asked
    items: int = 0

    @property
    def small(self) -> bool:
        """Whether a change that is shown is shown to be smaller than the margin, too."""
        if self.relation not in ("up", "down") or None in (self.lower, self.upper, self.margin):
            return False
        return max(abs(self.lower or 0.0), abs(self.upper or 0.0)) < (self.margin or 0.0)

    @property
    def strict(self) -> bool:
        """Whether nothing is decided although its own interval leaves out no change."""
        return self.relation == "cannot-tell" and not (self.lower or 0.0) <= 0.0 <= (self.upper or 0.0)
