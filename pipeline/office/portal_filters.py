"""What the list of units on the portal can be narrowed to: groups of choices, each a property of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import rules

if TYPE_CHECKING:
    from pipeline.words import Words

#: Properties of a row, in the order in which their groups stand.
GROUPS = ("kind", "letter", "sure", "target", "sample", "plan")
#: Order of the choices of a group; others stand in the order of the alphabet.
ORDER = {
    "letter": ("A", "B", "C", "D"),
    "sure": ("firm", "leaning", "border", "census"),
    "target": ("above", "undecided", "below"),
    "sample": ("enough", "information", "few", "none"),
    "plan": ("late", "kept"),
}


def keys(row: Any, certainty: str, target: str, plan: str = "") -> dict[str, str]:
    """Properties of a unit, by group; empty where it has none.

    Parameters
    ----------
    row : Standing
    certainty : str
        Code of the certainty that the page prints of it, or empty.
    target : str
        Word of its target's verdict, or empty.
    plan : str
        Whether it is late with its follow-up (``late``, ``kept``), or empty.
    """
    if row.n_valid < 1:
        sample = "none"
    else:
        sample = {rules.PRIVACY: "few", rules.INFORMATION: "information"}.get(row.sign, "enough")
    own = {"letter": row.letter, "sure": certainty, "target": target, "sample": sample, "plan": plan}
    return {"kind": row.type, **own}


def groups(units: list[dict[str, Any]], w: Words) -> list[dict[str, Any]]:
    """Groups that tell the listed units apart, each with its name and its choices.

    A group of one choice, or whose every unit has the same, would narrow nothing and is left out.
    """
    made = []
    for group in GROUPS:
        found = {unit["keys"][group] for unit in units}
        values = sorted(found - {""}, key=lambda value: _place(group, value))
        if len(found) < 2 or not values:
            continue
        choices = [{"value": value, "label": _label(group, value, w)} for value in values]
        made.append({"key": group, "label": w(f"portal.filter.{group}.label"), "choices": choices})
    return made


def _label(group: str, value: str, w: Words) -> str:
    """Say a choice in the words that stand in the list, where those are a verdict."""
    if group in ("kind", "letter"):
        return value
    return w(f"narrative.reached.{value}" if group == "target" else f"portal.filter.{group}.{value}")


def _place(group: str, value: str) -> tuple[int, str]:
    known = ORDER.get(group, ())
    return (known.index(value) if value in known else len(known), value.casefold())
