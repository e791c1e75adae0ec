"""What a proposed definition asks: the scale, where few rows tell it; the unit of rows below a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.intake.sheets.sumwords import listed
from pipeline.survey.identity.persons import mask, shown

if TYPE_CHECKING:
    from pipeline.intake.propose.looks import Look


def scale_open(looks: Sequence[Look]) -> bool:
    """Whether numbers above the regulation's scale stand in so few rows that a person must say what they are."""
    high = [look for look in looks if look.above.high > 4]
    return bool(high) and not any(look.above.told for look in high)


def scale(looks: Sequence[Look]) -> list[str]:
    """Propose another scale where many rows tell it; ask where only one or two do."""
    high = max((look.above.high for look in looks if look.above.told), default=0)
    if high > 4:
        return [
            "",
            f"# Answers go up to {high}: not the regulation's 1-4. Such a survey gets no letter, and is never x 25.",
            f"scale: {{min: 1, max: {high}}}",
        ]
    if not scale_open(looks):
        return []
    first = next(look for look in looks if look.above.high > 4)
    place = f"{shown(first.file)}{f', sheet {shown(first.sheet)}' if first.sheet else ''}"
    return [
        "",
        f"# TO DECIDE: {place}, {listed(first.above.rows)}: numbers up to {first.above.high}, above the"
        " regulation's 1-4.",
        "# Are these rows sums or means? Then delete them: they are no respondents. Did the questionnaire use another",
        "# scale? Then say so, without the #; such a survey gets no letter, and is never x 25.",
        f"# scale: {{min: 1, max: {first.above.high}}}",
    ]


def unit_down(looks: Sequence[Look], quoted: Callable[[str], str]) -> list[str]:
    """Ask whether the name of a unit holds for the empty cells below it; ``quoted`` makes a text YAML."""
    header = next((look.down for look in looks if look.down), "")
    if not header:
        return []
    name = quoted(mask(header))
    return [
        f"    # TO DECIDE: the column {name} names each unit once, above empty cells.",
        "    # Were these merged cells, so that a name holds for the rows below? Then keep this line, without the #:",
        f"    # unit: {{column: {name}, fill_down: true}}",
    ]
