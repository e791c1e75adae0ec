"""Verdicts on the scale itself: do the items go together, is there one dimension, what was refused.

They are made from result rows by ``pipeline.report.base.scale_verdicts`` and worded by ``pipeline.words.scale``.
A cut-off is a convention, never a proof: each verdict therefore also knows whether its interval
settles the matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: A reliability from which units' means are usually said to be apart.
APART = 0.90
#: Conventional cut of alpha and omega for comparing groups.
RELIABLE = 0.70
#: From here on answers practically repeat one another.
REPEATING = 0.995
#: An item-rest correlation from here on shows that the item goes with the others.
ITEM_REST = 0.30
#: Conventional cuts of KMO and the word each earns (lower bound, word).
KMO_WORDS = ((0.80, "good"), (0.70, "fair"), (0.60, "limited"), (0.50, "poor"), (-9.0, "unfit"))
#: Conventional cut-offs of fit, made for normal answers: CFI from, RMSEA and SRMR up to.
CFI, RMSEA, SRMR = 0.95, 0.06, 0.08
#: From this share of highest answers on an item hardly separates respondents.
CEILING = 0.85
#: Standardised loadings below this say that the item shares less than a sixth of its variance.
LOADING = 0.40
#: From this gain in Nagelkerke's R2 by the unit an item works differently (Jodoin and Gierl 2001).
DIF = 0.035


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha with what can be said of it (R9)."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    items: int = 9
    reason: str = ""
    #: Items proposed for reversal from the signs of the first component, as printed, and alpha by it.
    against: tuple[str, ...] = ()
    turned: float | None = None
    #: Items everybody answered alike, and alpha of the others.
    constant: tuple[str, ...] = ()
    fewer: float | None = None
    #: Why there is no interval beside the number (R21); "" where there is one.
    no_interval: str = ""
    #: Whether it is of answers inside the units, and then alpha over all respondents together (R20).
    inside: bool = False
    pooled: float | None = None

    @property
    def kind(self) -> str:
        """Return none, ceiling, negative, repeating or word."""
        if self.value is None:
            return "ceiling" if self.reason == "no-variance" else "none"
        if self.value < 0:
            return "negative"
        return "repeating" if self.value >= REPEATING else "word"

    @property
    def settled(self) -> str:
        """Return reached, missed or open: what the interval says about 0.70; "" without an interval."""
        if self.value is None or self.lower is None or self.upper is None:
            return ""
        if self.lower >= RELIABLE:
            return "reached"
        return "missed" if self.upper < RELIABLE else "open"


@dataclass(frozen=True)
class Omega:
    """Reliability by the one-factor model, and of the ordinal answers."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""
    categorical: float | None = None
    categorical_reason: str = ""
    ordinal_alpha: float | None = None
    #: Inside the units; the ordinal forms are then of all respondents together.
    inside: bool = False


@dataclass(frozen=True)
class ItemFit:
    """One item against the sum of the others; ``name`` as printed."""

    item: str
    name: str
    rest: float | None
    lower: float | None = None
    upper: float | None = None
    total: float | None = None
    fact: bool = False
    constant: bool = False
    #: Why there is no interval beside the correlation.
    no_interval: str = ""

    @property
    def weak(self) -> bool:
        """Whether the item-rest correlation misses 0.30."""
        return self.rest is not None and self.rest < ITEM_REST

    @property
    def against(self) -> bool:
        """Whether it surely runs against the others: no fact explains that."""
        return self.upper is not None and self.upper < 0

    @property
    def expected(self) -> bool:
        """Whether a fact explains that it hardly goes with the others, or does not vary at all."""
        return self.fact and not self.against and (self.weak or self.constant)

    @property
    def open(self) -> bool:
        """Whether its interval holds 0.30, so that these answers do not settle it."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower < ITEM_REST <= self.upper


@dataclass(frozen=True)
class Items:
    """Every item, and the published practice beside the one that decides."""

    fits: tuple[ItemFit, ...]
    n: int | None = None
    #: Critical value "r tabel", two-sided.
    critical: float | None = None
    #: Whether they are of answers inside the units.
    inside: bool = False

    @property
    def judged(self) -> tuple[ItemFit, ...]:
        """Items that have a correlation with the rest."""
        return tuple(fit for fit in self.fits if fit.rest is not None)

    @property
    def noise(self) -> float:
        """Item-total correlation that unrelated items have on average: 1/sqrt(k)."""
        return float(len(self.judged) ** -0.5) if self.judged else float("nan")

    @property
    def passing(self) -> int:
        """Items above "r tabel" by their item-total correlation."""
        if self.critical is None:
            return 0
        return sum(fit.total is not None and fit.total > self.critical for fit in self.judged)


@dataclass(frozen=True)
class Factorability:
    """Do the items share enough: KMO and Bartlett."""

    kmo: float | None
    n: int | None = None
    items: int = 9
    reason: str = ""
    chisq: float | None = None
    df: float | None = None
    p: float | None = None
    left_out: tuple[str, ...] = ()
    inside: bool = False

    @property
    def word(self) -> str:
        """Return the conventional word of KMO, or "" without one."""
        return "" if self.kmo is None else next(word for cut, word in KMO_WORDS if self.kmo >= cut)

    @property
    def needed(self) -> int:
        """Complete answers that factor statistics need: max(30, 5 per item)."""
        return max(30, 5 * self.items)


@dataclass(frozen=True)
class Dimensions:
    """How many things parallel analysis counts."""

    pearson: int | None
    ordinal: int | None = None
    #: Whether the count is of answers inside the units, where there is no ordinal one.
    inside: bool = False

    @property
    def several(self) -> bool:
        """Whether either count is more than one."""
        return any((count or 0) > 1 for count in (self.pearson, self.ordinal))


@dataclass(frozen=True)
class Fit:
    """The indices of one model under one correction."""

    cfi: float
    rmsea: float
    lower: float | None = None
    upper: float | None = None
    srmr: float | None = None

    @property
    def within(self) -> bool:
        """Whether every known index lies within its conventional cut-off."""
        return self.cfi >= CFI and self.rmsea <= RMSEA and (self.srmr is None or self.srmr <= SRMR)


@dataclass(frozen=True)
class Model:
    """The one-factor model: ordinal where the answers allow it, else of the answers as numbers."""

    n: int | None = None
    scaled: Fit | None = None
    robust: Fit | None = None
    ordinal: bool = False
    #: Why there is no model at all, and why no ordinal one.
    reason: str = ""
    ordinal_reason: str = ""
    min_eigenvalue: float | None = None
    weak: tuple[str, ...] = ()
    heywood: tuple[str, ...] = ()
    #: Items whose loading is surely negative: one factor describes them, their plain sum does not.
    opposed: tuple[str, ...] = ()
    inside: bool = False

    @property
    def kind(self) -> str:
        """Return none, within, mixed or outside."""
        fits = [fit for fit in (self.scaled, self.robust) if fit is not None]
        if not fits:
            return "none"
        good = [fit.within for fit in fits]
        return "within" if all(good) else "mixed" if any(good) else "outside"


@dataclass(frozen=True)
class Ceiling:
    """How far the answers pile up at the highest category."""

    over: tuple[str, ...] = ()
    items: int = 9
    total: bool = False  # everybody gave the highest answer to everything that was asked
    share: float | None = None  # mean share of highest answers
    #: Share of respondents who gave the highest answer to everything, where that is many.
    full: float | None = None

    @property
    def strong(self) -> bool:
        """Whether most items hardly separate respondents."""
        return self.total or 2 * len(self.over) > self.items


@dataclass(frozen=True)
class Precision:
    """Error of one respondent's index, in index points."""

    sem: float
    smallest: float | None = None


@dataclass(frozen=True)
class Dif:
    """Items that units of the same level answer differently."""

    flagged: tuple[str, ...] = ()
    tested: int = 0
    largest: float | None = None
    #: Kendall's tau-b of the order of units with and without these items.
    agreement: float | None = None
    #: Units that leave their 95 % joint rank range without these items, and units compared.
    moved: int | None = None
    units: int | None = None
    #: Those of the flagged that state a fact.
    facts: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Agreement:
    """Items that some units answer against the others and other units with them."""

    #: Name as printed, units that answer it against the other items, units judged.
    opposed: tuple[tuple[str, int, int], ...] = ()
    judged: int = 0


@dataclass(frozen=True)
class Invariance:
    """Whether groups of respondents can be compared: the highest level that holds."""

    group: str  # sex, mode, ... or unit
    level: str = ""  # none | configural | thresholds | metric | scalar | strict
    ordinal: bool = True
    groups: tuple[str, ...] = ()
    n: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Scale:
    """Everything that is known about the scale of one unit, or of all respondents together."""

    scope: str  # unit | city
    n: int | None
    items: int
    decreed: bool
    alpha: Alpha
    fits: Items
    #: Highest answer of the scale.
    top: int = 4
    omega: Omega | None = None
    factorability: Factorability | None = None
    dimensions: Dimensions | None = None
    model: Model | None = None
    ceiling: Ceiling = field(default_factory=Ceiling)
    precision: Precision | None = None
    icc2: float | None = None
    #: Reliability of the units' means of each item: name as printed, value.
    icc2_items: tuple[tuple[str, float], ...] = ()
    agreement: Agreement | None = None
    dif: Dif | None = None
    invariance: tuple[Invariance, ...] = ()

    @property
    def repeated(self) -> tuple[str, ...]:
        """Items left out of the factor statistics because they repeat another, as printed."""
        if self.factorability is None or self.factorability.reason:
            return ()
        constant = {fit.name for fit in self.fits.fits if fit.constant}
        return tuple(name for name in self.factorability.left_out if name not in constant)

    @property
    def excellent(self) -> bool:
        """Whether every figure that could be computed reaches its usual threshold."""
        return (
            self.alpha.kind == "word"
            and self.alpha.settled == "reached"
            and bool(self.fits.judged)
            and not any(fit.weak or fit.constant for fit in self.fits.fits)
            and self.factorability is not None
            and self.factorability.word in ("good", "fair")
            and not self.repeated
            and (self.dimensions is None or {self.dimensions.pearson, self.dimensions.ordinal} <= {1, None})
            and self.model is not None
            and self.model.kind == "within"
            and not (self.model.weak or self.model.heywood or self.model.opposed)
            and not (self.ceiling.strong or self.ceiling.full is not None)
            and (self.icc2 is None or self.icc2 >= APART)
            and not (self.agreement and self.agreement.opposed)
            and not (self.dif and self.dif.flagged)
            and all(v.level in ("scalar", "strict", "") for v in self.invariance)
        )
