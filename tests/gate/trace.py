"""Every number of a page must come from somewhere: a row it can be about, the definition, a rule, a sum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.gate import sample_table, schedule, suggestions
from tests.gate.constants import constants, results_of
from tests.gate.context import Context, Facts, Failure, load
from tests.gate.page import Passage
from tests.gate.pool import Pool
from tests.gate.pools import Pools
from tests.gate.values import Number

#: Tables of answers as given, of versions, of the limits of the letters, of the regulation's samples: not results.
NOT_RESULTS = {"answers", "versions", "letters-limits", sample_table.PLACE, schedule.PLACE}
#: Headings and labels that say a column or a row holds percent.
_SHARES = re.compile(r"%|persen|percent")
READ = ("head", "fact", "sentence", "row", "alt", "caption", "bullet", "note", "reading")


def check(context: Context, pools: Pools) -> Iterator[Failure]:
    """Numbers of a page that nothing explains."""
    for passage in context.page.of(*READ):
        if passage.place in NOT_RESULTS or _quoted(passage):
            continue
        found = results_of(passage.said, context.page.lang)
        if not found:
            continue
        sources = _sources(context, pools, passage)
        shares = bool(_SHARES.search(" | ".join((*passage.heads, passage.text))))
        open_ = [n for n in found if not _known(n, sources, shares, context.facts)]
        open_ = [n for n in open_ if not _derived(n, found, open_)]
        for number in open_:
            yield Failure("number-from-nowhere", f"{context.page.name}.{context.page.lang}", passage.text,
                          f"{number.text.strip()} ({passage.place or passage.section})")  # fmt: skip


def _quoted(passage: Passage) -> bool:
    """Suggestions and references are printed as they were written elsewhere."""
    return passage.kind == "bullet" and (
        passage.text[:1] in "“\"'" or bool(re.search(r"\((19|20)\d\d\)\.", passage.text))
    )


def _sources(context: Context, pools: Pools, passage: Passage) -> list[Pool]:
    """What a passage's numbers may come from: constants (in prose), the definition, counts, then result rows."""
    facts = context.facts
    if passage.place == "themes":
        return [suggestions.pool(context) if context.unit else suggestions.of_city(facts)]
    prose = passage.kind != "row" or passage.place in ("letters", "alpha-bins")
    base = [constants()[1] if prose else Pool([]), pools.defined]
    base.append(pools.counts if not context.unit or prose else Pool([]))
    # Rows of a result table as its file has them name units by their ids.
    ids = {unit: unit for unit in facts.names.values()} if passage.place.startswith("rows-") else {}
    called = {**ids, **facts.names}
    named = [called[c] for c in passage.cells[:3] if c in called]
    if not named and not prose:
        named = [u for name, u in facts.names.items() if passage.label.startswith(name)][:1]
    if not prose:
        own = re.match(r"([A-Z]\d+)\b", passage.label)
        if own and own.group(1) in facts.items:
            return [
                *base,
                pools.row(context.unit, own.group(1)),
                pools.row("", own.group(1)),
                pools.over_units,
            ]
        pair = [pools.between(*named[:2])] if len(named) == 2 else []
        return [
            *base,
            *(pools.of(u) for u in named or [context.unit]),
            *pair,
            *([] if named else [pools.of("")]),
        ]
    items = tuple(i for i in re.findall(r"\b[A-Z]\d+\b", passage.said) if i in facts.items)
    modules = _modules(passage.section)
    named = [u for name, u in facts.names.items() if name in passage.text][:12]
    figure = [pools.index] if passage.kind == "alt" or passage.place or not context.unit else []
    if context.unit and passage.kind == "bullet" and items:
        base.append(suggestions.about(context, items[0]))
    if context.unit and suggestions.SECTION.search(passage.section):
        return [*base, suggestions.pool(context)]
    if context.page.kind == "overview" and suggestions.SECTION.search(passage.section):
        return [*base, suggestions.of_city(facts)]
    units = dict.fromkeys([context.unit, *named])
    return [*base, *(pools.of(u, items, modules) for u in units), pools.of("", items, modules), *figure]


@cache
def _modules(section: str) -> tuple[str, ...]:
    """Result tables a section's sentences can rest on; none for any."""
    for entry in load("sections.yml"):
        if re.search(entry["section"], section):
            return tuple(entry["modules"])
    return ()


def _known(number: Number, sources: list[Pool], shares: bool, facts: Facts) -> bool:
    percent = number.percent or shares
    whole = number.decimals == 0 and not percent
    if number.bound and constants()[1].near(number.value, 0.0):
        return True
    for sign in (1, -1):
        value = sign * number.value
        if any(p.near(value, number.half, whole) for p in sources):
            return True
        if percent and any(p.near(value / 100, number.half / 100) for p in sources[1:]):
            return True
        if number.percent and any(p.near(1 - value / 100, number.half / 100) for p in sources[3:]):
            return True
    if (
        number.decimals >= 2
        and facts.floor <= number.value <= 100
        and any(p.near(number.value / facts.factor, number.half / facts.factor) for p in sources[3:])
    ):
        return True
    # The mean of a questionnaire of one's own stands beside its index.
    least = 3 if facts.factor == 25 else 2
    return number.decimals >= least and any(
        p.near(number.value * facts.factor, number.half * facts.factor) for p in sources[3:]
    )


def _derived(number: Number, found: list[Number], unexplained: list[Number]) -> bool:
    """A sum or difference of two explained numbers of the same passage."""
    known = [n.value for n in found if n not in unexplained]
    return any(
        abs(abs(a + s * b) - abs(number.value)) <= number.half * 3
        for i, a in enumerate(known)
        for b in known[:i]
        for s in (1, -1)
    )
