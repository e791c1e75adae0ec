"""What in a text is no result: dates, codes, citations; and the numbers that rules and methods fix."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tests.gate.context import load
from tests.gate.pool import Pool
from tests.gate.values import Number, numbers


@cache
def constants() -> tuple[re.Pattern[str], Pool]:
    """What is taken out before numbers are read, and the numbers that need no row."""
    data: dict[str, Any] = load("constants.yml")  # type: ignore[assignment]
    values = [float(v) for some in data["values"].values() for v in some]
    return re.compile("|".join(data["strip"])), Pool(values)


def results_of(text: str, lang: str) -> list[Number]:
    """Numbers of a text that claim to be results."""
    return numbers(constants()[0].sub(" ", text), lang)
