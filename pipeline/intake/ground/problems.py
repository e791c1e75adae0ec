"""What could not be used, said so that the person who keeps the files can repair it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.survey.errors import ProblemsError
from pipeline.survey.identity.persons import mask, shown

#: A larger share lost than this is told first and is no success; beyond the second nothing is published.
LARGE, TOO_LARGE = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a raw file: where, what, and what to do.

    ``fatal`` means that the file (or sheet) was not used at all; the others were. Where some of many
    answers, rows or dates were not used, ``lost`` and ``of`` say how many: up to a twentieth that is one
    more thing to look at, beyond it a *loss*, which is told before anything else and ends in exit code 1,
    and beyond half the survey is not read at all, unless ``may_stop`` is false.

    Examples
    --------
    >>> few, many = (Problem("was set aside", lost=n, of=100) for n in (5, 6))
    >>> few.loss, many.loss, many.fatal, many.stops
    (False, True, False, False)
    >>> Problem("was set aside", lost=51, of=100).stops
    True
    """

    what: str
    hint: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    unit: str = ""
    fatal: bool = True
    lost: int = 0
    of: int = 0
    may_stop: bool = True
    #: Told before everything else although nothing is wrong with a file: nobody should have to find it.
    first: bool = False

    def __post_init__(self) -> None:
        """Mask: what is said about a file may quote its cells, headers, sheets and its own name."""
        if self.of:
            object.__setattr__(self, "fatal", False)  # the rest of it was used
        for name in ("what", "hint", "column"):
            object.__setattr__(self, name, mask(getattr(self, name)))
        for name in ("file", "sheet"):
            object.__setattr__(self, name, shown(getattr(self, name)))

    @property
    def loss(self) -> bool:
        """Whether so much was lost that it is told first, and that no run calls it done."""
        return self.lost > LARGE * self.of

    @property
    def stops(self) -> bool:
        """Whether more than half was lost: what is left is no survey."""
        return self.may_stop and self.loss and self.lost > TOO_LARGE * self.of

    @property
    def where(self) -> str:
        """The place, as a person would say it."""
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f'column "{self.column}"')
        if self.unit:
            parts.append(f'unit "{self.unit}"')
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class IntakeError(ProblemsError[Problem]):
    """No raw file of the survey can be used, or rows would have been lost.

    Examples
    --------
    >>> print(IntakeError([Problem("is empty", file="a.csv"), Problem("is locked", file="b.xlsx")]))
    a.csv: is empty
    b.xlsx: is locked
    """

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        super().__init__(problems, Problem)


class Refused(Exception):
    """One file cannot be read as it is; caught per file and recorded as a problem."""

    def __init__(self, what: str, hint: str = "", *, row: int | None = None, column: str = "") -> None:
        super().__init__(what)
        self.what, self.hint, self.row, self.column = what, hint, row, column

    def problem(self, file: str, sheet: str = "") -> Problem:
        """Return the problem for a file and sheet."""
        return Problem(self.what, self.hint, file, sheet, self.row, self.column)
