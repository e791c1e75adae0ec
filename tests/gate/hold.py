"""Everything the gate asks of a finished survey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.gate import (
    claims,
    columns,
    exported,
    libraries,
    pdf,
    reading,
    rules,
    sample_table,
    schedule,
    suggestions,
    sums,
    trace,
    words,
)
from tests.gate.context import Context, Facts, Failure
from tests.gate.page import Page
from tests.gate.pools import Pools
from tests.gate.survey_files import Finished


def hold(finished: Finished, pages: Iterable[Page] | None = None) -> Iterator[Failure]:
    """Hold the pages of a survey against its tables and against each other."""
    facts = Facts(finished)
    read = finished.pages() if pages is None else pages
    yield from hold_pages(facts, (Context(facts, page) for page in read))


def hold_pages(facts: Facts, contexts: Iterable[Context]) -> Iterator[Failure]:
    """Hold pages against the facts of their survey and against each other."""
    made: list[claims.Claim] = []
    pools, vectors = Pools(facts), columns.Vectors(facts)
    for context in contexts:
        for part in (rules, words, sums, suggestions, libraries, reading, sample_table, schedule):
            yield from part.check(context)
        yield from trace.check(context, pools)
        yield from columns.check(context, vectors)
        yield from pdf.check(context.page)
        made += claims.claims(context)
    yield from claims.agree([*made, *exported.claims(facts.finished)])
    yield from claims.true(made, facts)
