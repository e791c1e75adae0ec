"""One opened survey: what its definition and the items that were asked decide, decided once.

Statistics, reports, office and steps all need the scale of the index, its factor, whether it is the
regulation's, what its items are called and which of them state a fact, which units there are, and what
so many answers of a unit allow (R6). They hold a `Context` and read it here, so that no two of them can
disagree. The statistics know no survey: they are handed these as plain values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from pipeline import rules
from pipeline.survey.agencies import agencies
from pipeline.survey.folder import Survey

#: What 1-clean learned of the questionnaire; lies beside the answers.
ASKED_FILE = "questionnaire.json"


@dataclass(frozen=True)
class Context:
    """One opened survey.

    Parameters
    ----------
    survey : Survey
        The definition with its units.
    answered : tuple of str
        Items that somebody answered. The items of the index table say the same: what is decided here
        of its own result is what it was.
    hidden : frozenset of str
        Units that are left out of the list, as their answers are too few to be shown.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey
    >>> definition = Definition(title="x", scale={"min": 1, "max": 5})
    >>> opened = Context(Survey("2024", Path(), definition, (), ""), ("U1", "U2"))
    >>> opened.scale, opened.factor, opened.floor, opened.foreign, opened.name("U1", "en")
    ((1, 5), 20.0, 20.0, True, 'Requirements')
    >>> opened.sign(29), opened.sign(24, population=25)
    ('E', '')
    """

    survey: Survey
    answered: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of_index(cls, survey: Survey, items: Iterable[str]) -> Context:
        """Open a survey whose index is made of these items, in whatever order a table lists them."""
        return cls(survey, tuple(sorted({item for item in items if item}, key=cls(survey).place)))

    # the regulation and the scale --------------------------------------------------------
    @cached_property
    def rule(self) -> rules.Rule:
        """The regulation of this survey."""
        return rules.load(self.survey.definition.rule)

    def scale_of(self, item: str) -> tuple[int, int]:
        """Lowest and highest answer of an item: its instrument's, else the survey's."""
        instrument = self.survey.definition.instruments.get(item.rpartition(".")[0])
        scale = (instrument.scale if instrument else None) or self.survey.scale
        return (scale.min, scale.max)

    @cached_property
    def scale(self) -> tuple[int, int]:
        """The scale of this survey's index: the survey's own where any item has it."""
        own = (self.survey.scale.min, self.survey.scale.max)
        scales = [self.scale_of(item) for item in self.main]
        return own if own in scales or not scales else scales[0]

    @cached_property
    def foreign(self) -> bool:
        """Whether the index is none of the regulation's, so that it gets no letter (R11)."""
        return rules.foreign(self.rule, self.scale, self.items, self._weighed)

    @property
    def decreed(self) -> bool:
        """Whether all that makes the index is the regulation's: its unsur, on its scale (R9)."""
        return not self.foreign and set(self.items) <= set(self.rule.codes)

    @cached_property
    def factor(self) -> float:
        """From an unsur's mean to its value on the scale that ends at 100: 25, or 100/max on another scale."""
        return float(rules.factor(self.scale))

    @cached_property
    def floor(self) -> float:
        """Lowest possible index: 25 on the scale 1-4."""
        return self.factor * self.scale[0]

    def bands(self, lang: str) -> list[tuple[str, str, float, float]]:
        """Letter bands ``(letter, name, lower, upper)``, lowest first; none on a foreign scale.

        A band ends where the next begins: the printed gaps (88,30 to 88,31) exist only between
        rounded values.
        """
        if self.foreign:
            return []
        grades = sorted(self.rule.letters, key=lambda grade: grade.lower)
        tops = [float(grade.lower) for grade in grades[1:]] + [100.0]
        return [(g.letter, g.name[lang], float(g.lower), top) for g, top in zip(grades, tops, strict=True)]

    # items --------------------------------------------------------------------------------
    @cached_property
    def main(self) -> tuple[str, ...]:
        """Items of the survey's own index: the regulation's, and what ``indicators:`` adds to them.

        A questionnaire that is neither has an index of its own (`instruments`). Where neither
        was asked, the first questionnaire that the definition lists makes the index.
        """
        named = {item for entry in self.survey.definition.indicators for item in entry.items}
        chosen = tuple(item for item in self.answered if item in self.rule.codes or item in named)
        if chosen or not self.answered:
            return chosen
        asked = {item.rpartition(".")[0] for item in self.answered}
        declared = [name for name in self.survey.definition.instruments if name in asked]
        first = next(iter(declared), self.answered[0].rpartition(".")[0])
        return tuple(item for item in self.answered if item.rpartition(".")[0] == first)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Items of the index: those on :attr:`scale`; another scale, or an overall judgement, is never mixed in."""
        overall = self.survey.definition.overall
        return tuple(item for item in self.main if self.scale_of(item) == self.scale and item != overall)

    @cached_property
    def instruments(self) -> dict[str, list[str]]:
        """Items of each questionnaire that has an index of its own beside the survey's."""
        found: dict[str, list[str]] = {}
        for item in self.answered:
            if item not in self.items and "." in item and item != self.survey.definition.overall:
                found.setdefault(item.rpartition(".")[0], []).append(item)
        return found

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Items whose options, as this survey asked them, state a fact; where that is not known, by the rule (R18)."""
        path = self.survey.processed / ASKED_FILE
        if path.is_file():
            return tuple(json.loads(path.read_text(encoding="utf-8"))["states_fact"])
        return tuple(unsur.code for unsur in self.rule.unsur if unsur.states_fact)

    def name(self, item: str, lang: str, *, short: bool = True) -> str:
        """Name of an unsur by the rule, of an indicator of one's own by the definition, else its code."""
        if item in self.rule.codes:
            unsur = self.rule.get(item)
            return (unsur.short if short else unsur.name)[lang]
        instrument, _, code = item.partition(".")
        own = self.survey.definition.instruments.get(instrument)
        found = own.items.get(code) if own else None
        text = self.survey.definition.text(found.label or found.question, lang) if found else ""
        return text or item

    def place(self, item: str) -> tuple[int, tuple[str, int, str]]:
        """Sort key of an item: the regulation's order, then that of the definition, then by name."""
        order = self.survey.item_order
        return order.get(item, len(order)), numbered(item)

    # units --------------------------------------------------------------------------------
    @cached_property
    def weights(self) -> Mapping[str, Mapping[str, Fraction]] | None:
        """Items and exact weights of units that do not use the regulation's nine (R12)."""
        found = {u.id: w for u in self.survey.units if (w := self.survey.weights(u.id))}
        return found or None

    @cached_property
    def _weighed(self) -> frozenset[str]:
        return frozenset(item for entry in self.survey.definition.indicators for item in entry.items)

    @property
    def listed(self) -> list[str]:
        """Ids of units.csv, in its order, without units of which only the number is told."""
        return [unit.id for unit in self.survey.units if unit.id not in self.hidden]

    @property
    def population(self) -> dict[str, int]:
        """Number of service users of each unit that states it."""
        return {u.id: u.population for u in self.survey.units if u.population is not None}

    @property
    def agencies(self) -> dict[str, tuple[str, ...]]:
        """Each parent with all units of its agency, itself among them."""
        return agencies(self.survey.units)

    @property
    def types(self) -> dict[str, str]:
        """Type of each unit that has one."""
        return {u.id: u.type for u in self.survey.units if u.type}

    # how many are enough --------------------------------------------------------------------
    def required(self, population: int | None) -> int | None:
        """Answers that the regulation asks for of so many service users (R7)."""
        return rules.required(population, self.rule)

    def sign(self, valid: float, population: int | None = None) -> str:
        """Return ``x`` (privacy), ``E`` (for information only) or nothing for so many valid answers (R6)."""
        return rules.sign(valid, self.required(population))

    def left_out(self, valid: Mapping[str, float]) -> dict[str, str]:
        """Units without part in inference, with the reason, from the valid answers of each.

        Rows of units that are not listed are nobody's; a unit for information only (R6) is shown, not compared.
        """
        users, listed = self.population, set(self.listed)
        few = {unit: "for-information" for unit, n in valid.items() if self.sign(n, users.get(unit))}
        return few | {unit: "excluded" for unit in valid if unit not in listed}


class Opened:
    """What holds a `Context` is read by these short names: answers, pages and result files alike."""

    @property
    def context(self) -> Context:
        """The opened survey."""
        raise NotImplementedError

    @property
    def rule(self) -> rules.Rule:
        """The regulation of the survey."""
        return self.context.rule

    @property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest answer of the index's items."""
        return self.context.scale

    @property
    def factor(self) -> float:
        """From an unsur's mean to its value on the scale that ends at 100."""
        return self.context.factor

    @property
    def foreign(self) -> bool:
        """Whether the index is none of the regulation's (R11): then there is no letter."""
        return self.context.foreign

    @property
    def floor(self) -> float:
        """Lowest possible index."""
        return self.context.floor

    def within(self, lower: float, upper: float, item: str = "") -> tuple[float, float]:
        """Limits of an index, or of the mean of an item's answers, as printed: on its scale (R2); NaN stays."""
        lowest, highest = self.context.scale_of(item) if item else (self.floor, 100.0)
        return (
            lower if lower != lower else max(float(lowest), lower),
            upper if upper != upper else min(float(highest), upper),
        )


def numbered(item: str) -> tuple[str, int, str]:
    """Sort key that puts U10 after U9.

    Examples
    --------
    >>> sorted(["U10", "U2"], key=numbered)
    ['U2', 'U10']
    """
    head = item.rstrip("0123456789")
    digits = item[len(head) :]
    return head, int(digits) if digits else 0, item
