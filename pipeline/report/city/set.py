"""What the overview of a named set says about the set itself: which units, their targets and deadlines."""

from __future__ import annotations

from typing import Any

from pipeline import blocks
from pipeline.report.data.city import CityReport, say
from pipeline.words.formats import NOTHING


def set_title(city: CityReport) -> str:
    """Title of a set's overview; empty for the whole city."""
    return city.words("set.title", set=city.part.name, city=city.place) if city.part else ""


def set_footer(city: CityReport) -> str:
    """Footer of a set's pages; empty for the whole city."""
    if city.part is None:
        return ""
    key = "set.footer_foreign" if city.foreign else "set.footer"
    return city.words(key, city=city.place, survey=city.survey.name, set=city.part.name)


def about_set(city: CityReport) -> list[Any]:
    """Return what the set is and what cannot be said of it; nothing for the whole city."""
    part, w = city.part, city.words
    if part is None:
        return []
    made = [
        say(
            w, "set.about", set=part.name, units=w.integer(len(city.survey.units)),
            listed=w.integer(part.listed),
        )
    ]  # fmt: skip
    if not city.standings["n_valid"].sum():
        made.append(say(w, "set.no_answers"))
    elif len(city.ranked) < 2:
        made.append(say(w, "set.few", ranked=w.integer(len(city.ranked))))
    if part.withheld:
        names = w.join(w(f"set.attribute.{name}") for name in part.withheld)
        made.append(say(w, "set.withheld", attributes=names, style="note"))
    if part.bare:
        made.append(say(w, "set.bare", style="note"))
    return [*made, *_members(city)]


def _members(city: CityReport) -> list[Any]:
    """Units with their target and deadline, where any is declared."""
    w, whole = city.words, city.survey.definition.target
    targets = {unit.id: unit.target or whole for unit in city.survey.units}
    deadlines = {unit.id: unit.deadline for unit in city.survey.units}
    if not any(targets.values()) and not any(deadlines.values()):
        return []
    counts = dict(zip(city.standings["unit"], city.standings["n_valid"]))
    return [
        blocks.table(
            columns=blocks.columns(
                w, unit=("overview.col_unit", ""), n="overview.col_valid", target="set.col_target",
                deadline=("set.col_deadline", ""),
            ),
            rows=[
                [
                    unit.name,
                    w.integer(counts.get(unit.id, 0)),
                    w.number(targets[unit.id]) if targets[unit.id] else NOTHING,
                    w.date(deadlines[unit.id]) if deadlines[unit.id] else NOTHING,
                ]
                for unit in city.survey.units
            ],
            caption=w("set.members_caption"), note=w("set.members_note"), key="set-units",
        )
    ]  # fmt: skip
