"""Whether two surveys use the questions alike: the note on a change, and what the annex says of it (R15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.base.section import say

if TYPE_CHECKING:
    from pipeline.results import Row
    from pipeline.words import Words


def caution(w: Words, row: Row | None, now: str, survey: str) -> Any:
    """Say that a change cannot be told apart from a change in answering; nothing where it can, or was not tested."""
    if row is None or row.other != survey or row.text != "otherwise":
        return None
    return say(w, "design.years_otherwise", now=now, then=row.other, n=w.integer(row.n),
               level=w(f"psychometrics.level.{row.group}"))  # fmt: skip


def finding(w: Words, row: Row | None, now: str) -> Any:
    """Say what the test found, or why there was none; nothing where no earlier survey can be compared."""
    if row is None:
        return None
    if row.text == "alike":
        return say(w, "design.years_alike", now=now, then=row.other, n=w.integer(row.n))
    if row.text:
        return caution(w, row, now, row.other)
    return say(w, "design.years_unknown", style="note", now=now, then=row.other,
               reason=w.label("reason", row.reason))  # fmt: skip
