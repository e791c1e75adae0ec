"""Write down the questionnaires that are not the regulation's: ``instruments:`` and ``facets:`` of a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.intake.propose.questionnaires.blocks import OwnItem, OwnScale, source
from pipeline.intake.propose.yamltext import note, quoted
from pipeline.intake.values.identity import mask, mask_header
from pipeline.survey.text import fold

if TYPE_CHECKING:
    from pipeline.intake.propose.looks import Look

#: What the scale of an own questionnaire is said to be; never of the regulation.
_FOREIGN = (
    "  # Not the nine unsur of PermenPANRB 14/2017: an index of its own, 100/{high} times the mean of its items,",
    "  # without a letter. Items that ask the other way round (a high answer is bad) cannot be told from the file:",
    "  # turn their answers under `values:` of the survey, e.g. values: {{{first}: {{'1': {high}, '{high}': 1}}}}.",
)


def united(looks: Iterable[Look]) -> list[OwnScale]:
    """Return the questionnaires of all tables, each once, however many tables ask it.

    Tables that share half of their items ask one questionnaire; what only some of them ask is added to it.
    The questionnaires of the tables themselves are renamed to match.
    """
    made: list[OwnScale] = []
    looks = list(looks)
    files: set[str] = set()
    for look in looks:
        for own in look.own:
            mine = {_key(item) for item in own.items}
            for known in made:
                theirs = {_key(item) for item in known.items}
                same = (known.low, known.high, bool(known.options), known.paired) == (
                    own.low, own.high, bool(own.options), own.paired
                )  # fmt: skip
                if same and 2 * len(mine & theirs) >= min(len(mine), len(theirs)):
                    _join(known, own)
                    break
            else:
                if look.file in files and look.sheet and look.own[0] is own:
                    _doubt(own, "another sheet of the workbook asks other questions: its rows count as other"
                           " people; if they are the same people, put both on one sheet, side by side")  # fmt: skip
                own.name = _free(own.name, [known.name for known in made])
                made.append(_copy(own))
        files |= {look.file} if look.own else set()
    # What most people answered comes first: of it is the index of the survey.
    made.sort(key=lambda own: -sum(item.filled for item in own.items))
    names = dict(zip((own.name for own in made), sorted((own.name for own in made), key=_number)))
    for own in [*made, *(own for look in looks for own in look.own)]:
        own.name = names[own.name]
    return made


def _number(name: str) -> int:
    return int(name.rpartition("-")[2]) if "-" in name else 1


def _doubt(own: OwnScale, text: str) -> None:
    if text not in own.doubts:
        own.doubts.append(text)


def _key(item: OwnItem) -> str:
    return " ".join((item.question or item.header).casefold().split())


def _copy(own: OwnScale) -> OwnScale:
    return replace(
        own, items=list(own.items), texts=dict(own.texts), values=dict(own.values), doubts=list(own.doubts)
    )


def _free(name: str, taken: Sequence[str]) -> str:
    base, number = name.split("-")[0], 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


def _join(known: OwnScale, own: OwnScale) -> None:
    """Add to a questionnaire what another table asks of it, and give the table's items its codes."""
    own.name = known.name
    by_key = {_key(item): item for item in known.items}
    taken = {item.code for item in known.items}
    for item in own.items:
        first = by_key.get(_key(item))
        if first is not None:
            item.code, item.facet = first.code, first.facet or item.facet
            continue
        base, number = item.code, 2
        while item.code in taken:
            item.code, number = f"{base}_{number}", number + 1
        taken.add(item.code)
        known.items.append(item)
    known.texts |= {text: score for text, score in own.texts.items() if text not in known.options}
    for text, (code, count, why) in own.values.items():
        before = known.values.get(text)
        known.values[text] = (code, count + (before[1] if before else 0), why)
    known.doubts += [doubt for doubt in own.doubts if doubt not in known.doubts]


def instruments(owns: Sequence[OwnScale]) -> list[str]:
    """Return the lines of ``instruments:`` and ``facets:``."""
    if not owns:
        return []
    out = ["", "instruments:"]
    for own in owns:
        out += [f"  {own.name}:", *_scale(own)]
        out += ["    items:", *(line for item in own.items for line in _item(item))]
    return out + _facets(owns)


def _scale(own: OwnScale) -> list[str]:
    first = f"{own.name}.{own.items[0].code}"
    out = [f"  {line.format(high=own.high, first=first)}" for line in _FOREIGN]
    number = own.name.rpartition("-")[2] if "-" in own.name else ""
    out.append(
        f"    title: {{id: {quoted(f'Kuesioner {number}'.strip())}, en: {quoted(f'Questionnaire {number}'.strip())}}}"
    )
    out += [f"    # TO DECIDE: {note(doubt, 400)}" for doubt in own.doubts]
    out.append(f"    scale: {{min: {own.low}, max: {own.high}}}")
    if own.paired:
        what = "expected" if own.paired == "exp" else "important"
        out.append(
            f"    paired: {own.paired}    # every item is asked twice; what is {what} is no part of the index"
        )
    if own.options:
        out.append(f"    options: [{', '.join(quoted(text) for text in own.options)}]    # lowest first")
    if own.texts:
        pairs = ", ".join(f"{quoted(text)}: {score}" for text, score in own.texts.items())
        out.append(f"    synonyms: {{{pairs}}}")
    shown = {text: told for text, told in own.values.items() if mask(text) == text}
    if any(code in ("missing", "not-applicable") for code, _, _ in shown.values()):
        out += [
            "    # TO DECIDE: are these no answers (not applicable, not used, left blank), or steps of the scale?",
            "    # Until then they count as no answer. A step is deleted here, and `scale:` made to hold it; what does",
            "    # not apply to a person is `not-applicable`.",
        ]
    if shown:
        out.append("    values:")
        for text, (code, count, why) in sorted(shown.items(), key=lambda pair: (-pair[1][1], pair[0])):
            told = f"{count} answers" + (
                f"; {note(why, 120)}" if why else "; the words decide, not the number"
            )
            out.append(f"      {quoted(text)}: {quoted(code)}    # {told}")
    return out


def _item(item: OwnItem) -> list[str]:
    made = source(item)
    parts = [f"question: {quoted(mask_header(made['question']))}"] if "question" in made else []
    if "source" in made:
        parts.append(f"source: [{quoted(made['source'][0])}]")
    share = f"{item.fits} of {item.filled} answers fit"
    return [f"      {quoted(item.code)}: {{{', '.join(parts)}}}    # {share}"]


def _facets(owns: Sequence[OwnScale]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for own in owns:
        for item in own.items:
            if item.facet:
                groups.setdefault(item.facet, []).append(f"{own.name}.{item.code}")
    whole = [{f"{own.name}.{item.code}" for item in own.items} for own in owns]
    # A facet that is a whole questionnaire says nothing that the questionnaire does not.
    groups = {name: items for name, items in groups.items() if len(items) >= 2 and set(items) not in whole}
    if len(groups) < 2:
        return []
    out = ["", "# Facets, as the headers group the items.", "facets:"]
    for name, items in groups.items():
        out.append(f"  {quoted(name)}: [{', '.join(quoted(item) for item in items)}]")
    return out


def indicators(looks: Sequence[Look], ids: Mapping[str, str]) -> list[str]:
    """Return ``indicators:`` where units are asked different questionnaires: each has the index of its own."""
    asked: dict[str, dict[str, OwnScale]] = {}
    for look in looks:
        for text in look.units:
            if fold(text) in ids and look.own:
                asked.setdefault(ids[fold(text)], {}).update({own.name: own for own in look.own})
    names = {name for owns in asked.values() for name in owns}
    scales = {(own.low, own.high) for owns in asked.values() for own in owns.values()}
    alone = all(len(owns) == 1 for owns in asked.values())
    if any(look.skm for look in looks) or len(names) < 2 or len(scales) > 1 or not alone:
        return []
    whole = {own.name: own for own in united(looks)}
    out = ["", "# Units are asked different questionnaires: the index of each is that of its own."]
    out.append("indicators:")
    for name in sorted(names, key=_number):
        units = ", ".join(quoted(unit) for unit, owns in asked.items() if name in owns)
        listed = ", ".join(quoted(f"{name}.{item.code}") for item in whole[name].items)
        out += [f"  - units: [{units}]", f"    items: [{listed}]"]
    return out


def told(owns: Sequence[OwnScale]) -> list[str]:
    """Return what the terminal shows of them: items, scale, facets, what is left to decide."""
    out = []
    for own in owns:
        names = {item.facet for item in own.items if item.facet}
        groups = f" in {len(names)} facets" if len(names) >= 2 else ""
        out.append(
            f"items found: {len(own.items)}{groups}, answers {own.low}-{own.high}: not the unsur of PermenPANRB"
            f" 14/2017, so an index of its own, without a letter ({own.name} under instruments)"
        )
        out += [f"to decide: {note(doubt, 300)}" for doubt in own.doubts]
        aside = [(text, count) for text, (code, count, _) in own.values.items() if code == "missing"]
        if aside:
            listed = ", ".join(
                f"{note(text, 40)} ({count})" for text, count in sorted(aside, key=lambda a: -a[1])[:6]
            )
            out.append(
                f"to decide: no answers, or steps of the scale? counted as no answer until then: {listed}"
            )
    return out
