"""What stands below what: an agency is a unit with everything under it, however many levels down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.survey.errors import Problem
from pipeline.survey.units import Unit

#: City, agency, office, branch, counter: a list that goes deeper than this is a mistake.
MOST_LEVELS = 12


def agencies(units: Iterable[Unit]) -> dict[str, tuple[str, ...]]:
    """Return each parent with all units of its agency: itself, its children, theirs, and so on.

    Every unit stands once in an agency, in the order of the list; it may stand in several
    agencies, one inside the other. A unit without others below it is no agency.

    Parameters
    ----------
    units : iterable of Unit
        A list without circles (see `circles`); what points round in one is counted once.

    Examples
    --------
    >>> city = [Unit("kota", "Kota"), Unit("dinas", "Dinas", parent="kota"), Unit("pkm", "PKM", parent="dinas")]
    >>> agencies(city)
    {'kota': ('kota', 'dinas', 'pkm'), 'dinas': ('dinas', 'pkm')}
    """
    units = list(units)
    parents = {unit.id: unit.parent for unit in units}
    found: dict[str, list[str]] = {unit.id: [] for unit in units}
    for unit in units:
        for above in (unit.id, *_above(unit.id, parents)):
            if above in found:
                found[above].append(unit.id)
    heads = {unit.parent for unit in units if unit.parent and unit.parent != unit.id}
    return {head: tuple(members) for head, members in found.items() if head in heads}


def _above(unit: str, parents: Mapping[str, str]) -> list[str]:
    """Parent, its parent and so on; ends where a circle closes or after the most levels."""
    chain: list[str] = []
    at = parents.get(unit, "")
    while at and at != unit and at not in chain and len(chain) <= MOST_LEVELS:
        chain.append(at)
        at = parents.get(at, "")
    return chain


def circles(units: Iterable[Unit], shown: str) -> list[Problem]:
    """Return one sentence for each circle of parents, and one for a list that goes too deep."""
    parents = {unit.id: unit.parent for unit in units if unit.parent}
    problems: list[Problem] = []
    done: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        at = start
        while at in parents and at not in path and at not in done:
            path[at] = None
            at = parents[at]
        if at in path:
            walked = list(path)
            round_ = walked[walked.index(at) :]
            problems.append(_circle(round_, shown))
        done.update(path)
    if not problems:
        deep = next((u for u in parents if len(_above(u, parents)) > MOST_LEVELS), "")
        if deep:
            what = f'"{deep}" stands more than {MOST_LEVELS} levels below the top'
            hint = "name as its parent the agency it reports to"
            problems.append(Problem(what, file=shown, key="parent", hint=hint))
    return problems


def _circle(members: list[str], shown: str) -> Problem:
    if len(members) == 1:
        return Problem(
            f'"{members[0]}" is its own parent', file=shown, key="parent", hint="leave its parent empty"
        )
    names = members[:6]
    walk = " -> ".join(f'"{name}"' for name in names)
    walk += f" -> ({len(members) - 6} more)" if len(members) > 6 else ""
    return Problem(
        f'these units are each other\'s parents, in a circle: {walk} -> "{members[0]}"',
        file=shown, key="parent", hint="leave the parent of the topmost of them empty",
    )  # fmt: skip
