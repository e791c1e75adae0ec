"""Tables that unit and city share: where results were published, ways to complain, documents, photos, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.official.annex import published
from pipeline.survey.evidence import FOLDER, Entry, Given, Publication

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.survey.definition import Definition
    from pipeline.words import Words


def published_on(w: Words, survey: Survey, found: Sequence[Publication]) -> Iterator[Any]:
    """Yield the kinds of media, the publications on them, their addresses and photos."""
    yield kinds(w, found)
    if found:
        yield publications(w, survey.definition, found)
    listed = [(medium(w, one), one) for one in found]
    if (pairs := addresses(w, ((what, one.address) for what, one in listed))) is not None:
        yield pairs
    yield from photos(w, survey, listed)


def medium(w: Words, one: Publication) -> str:
    """What a medium is called."""
    return str(w(f"evidence.medium.{one.medium}"))


def publications(w: Words, definition: Definition, found: Sequence[Publication]) -> Any:
    """Table of the publications."""
    rows = [
        [
            medium(w, one), definition.text(one.what, w.lang) or w("evidence.not_given"),
            w.date(one.date) if one.date else w("evidence.not_given"),
            w.join([w(f"evidence.shows.{part}") for part in one.shows]) or w("evidence.not_given"),
            seen(w, definition, one),
        ]
        for one in found
    ]  # fmt: skip
    columns = blocks.columns(
        w, medium=("evidence.col.medium", "1.3fr"), what=("evidence.col.what", "1.6fr"),
        date=("evidence.col.date", ""), shows=("evidence.col.shows", "1.3fr"),
        seen=("evidence.col.seen", "1.3fr"),
    )  # fmt: skip
    return blocks.table(
        columns, rows, caption=w("evidence.publication.caption"), key="publication",
        note=w("evidence.publication.note"), compact=True,
    )  # fmt: skip


def seen(w: Words, definition: Definition, one: Entry) -> str:
    """Where an entry can be seen: its place, that there is an address below, that there is a photo below."""
    told = [definition.text(one.place, w.lang)] if one.place else []
    told += [str(w("evidence.seen.address"))] if one.address else []
    told += [str(w("evidence.seen.photo"))] if one.photo else []
    return "; ".join(told) or str(w("evidence.not_given"))


def addresses(w: Words, pairs: Iterable[tuple[str, str]]) -> Any:
    """List of addresses, each with what it is; None without any."""
    listed: list[list[Any]] = [
        [f"{what}: ", blocks.link(address, address)] for what, address in pairs if address
    ]
    return blocks.bullets(listed) if listed else None


def channels(w: Words, definition: Definition, given: Given, unit: str = "") -> Any:
    """Table of the ways to complain, and their addresses; a sentence where none is given."""
    found = given.complaints(unit)
    if not found:
        return blocks.prose(w("evidence.complaints.none"))
    rows = [[definition.text(one.channel, w.lang), seen(w, definition, one)] for one in found]
    table = blocks.table(
        blocks.columns(w, channel=("evidence.col.channel", "1.4fr"), seen=("evidence.col.seen", "2fr")),
        rows, caption=w("evidence.complaints.caption"), key="complaints",
    )  # fmt: skip
    pairs = ((definition.text(one.channel, w.lang), one.address) for one in found)
    return blocks.group(table, addresses(w, pairs))


def photos(w: Words, survey: Survey, named: Iterable[tuple[str, Entry]], key: str = "seen") -> list[Any]:
    """The photos of entries, made small and without what they say of place, time and camera."""
    made, definition = [], survey.definition
    for at, (what, one) in enumerate(((what, one) for what, one in named if one.photo), 1):
        path = survey.raw / FOLDER / one.photo
        changed = path.stat().st_mtime_ns if path.exists() else 0
        jpeg, size = _small(path, path.relative_to(survey.root).as_posix(), changed)
        day = f", {w.date(one.date)}" if one.date else ""
        made.append(
            blocks.photo(jpeg, size, key=f"{key}-{at}", caption=f"{what}{day}",
                         alt=definition.text(one.alt, w.lang))
        )  # fmt: skip
    return made


@lru_cache(maxsize=32)
def _small(path: Path, named: str, changed: int) -> tuple[bytes, tuple[int, int]]:
    """A photo made small once: one of all units stands on every page, in every language."""
    return published(path, named)


def kinds(w: Words, found: Sequence[Publication]) -> Any:
    """Sentence that counts the kinds of media that are given, out of those of the rubric."""
    rubric = rules.conduct()
    if not found:
        return blocks.prose(w("evidence.publication.no_kinds"))
    named = {rubric.kind(one.medium) for one in found}
    names = [kind.name[w.lang] for kind in rubric.kinds if kind.code in named]
    return blocks.prose(
        w("evidence.publication.kinds", count=w.integer(len(names)), all=w.integer(len(rubric.kinds)),
          names=w.join(names))
    )  # fmt: skip
