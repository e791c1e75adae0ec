"""How much there is to read on page one, and in what words: counted on finished pages, as a reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tests.gate.context import Context, Failure
from tests.gate.page import Page, Passage, sentences
from tests.words import plain

#: Running text of page one: paragraphs, notices and points of a list, users' own words among them. Not counted:
#: headings, the large number with its letter, the tiles (each has its own bound), tables, figures with what
#: explains them, and what stands above the title or at the foot of a page.
RUNNING = ("sentence", "bullet", "note")
MOST_WORDS, MOST_IN_A_TILE = 120, 18
#: Words of a sentence on page one: the longest, and the mean of a page.
LONGEST, MEAN = 30, 16.0
#: Passages whose words are the project's own: cells of tables hold names that others gave.
WORDED = ("sentence", "bullet", "fact", "note", "caption", "reading", "title", "alt")
THEIRS = ("answers", "versions", "files", "names", "profile")
_REFERENCE = re.compile(r"\((?:19|20)\d\d\)\.")
_WORD = re.compile(r"[^\W_]*[^\W\d_][^\W_]*(?:[-/'’][^\W_]+)*")


def words(text: str) -> list[str]:
    """Words of a text: runs of letters and digits that hold a letter; numbers alone are none.

    >>> words("Tarif/biaya naik 3,08 poin (U4) sejak 2024.")
    ['Tarif/biaya', 'naik', 'poin', 'U4', 'sejak']
    """
    return _WORD.findall(text)


def running(page: Page) -> list[Passage]:
    """Passages of page one that are running text."""
    front = [p for p in page.front if not page.chapters or not p.section]  # a title page says little
    after = next((place for place, p in enumerate(front) if p.kind == "title"), 0)
    return [p for p in front[after:] if p.kind in RUNNING and not p.place and "skm-pipeline" not in p.text]


def lengths(passages: Sequence[Passage]) -> list[int]:
    """Words of every sentence; a point of a list ends like one."""
    return [len(words(s)) for p in passages for s in sentences(p.text)]


def _plain(page: Page) -> Iterator[Failure]:
    """Words of the list beside the locale files; what users wrote and names of units are theirs."""
    for passage in page.of(*WORDED):
        if passage.place not in THEIRS and not _REFERENCE.search(passage.text):
            for word, say in plain.found(passage.said, page.lang):
                yield Failure(
                    "word-no-office-says", f"{page.name}.{page.lang}", passage.text, f"{word}: {say}"
                )


def check(context: Context) -> Iterator[Failure]:
    """Words that no office says, and a page one of a unit's report that is too long to be read at once."""
    page = context.page
    if page.kind in ("unit", "overview", "portal"):
        yield from _plain(page)
    if page.kind != "unit":
        return
    found = running(page)
    where, count = f"{page.name}.{page.lang}", sum(len(words(p.text)) for p in found)
    if count > MOST_WORDS:
        yield Failure("page-one-too-long", where, found[0].text, f"{count} words of {MOST_WORDS}")
    for tile in page.of("fact"):
        if len(words(tile.text)) > MOST_IN_A_TILE:
            yield Failure("page-one-too-long", where, tile.text, f"{MOST_IN_A_TILE} words fit a tile")
    long = lengths(found)
    if long and (max(long) > LONGEST or sum(long) / len(long) > MEAN):
        text = max((p.text for p in found), key=lambda t: len(words(t)))
        mean = f"mean {sum(long) / len(long):.1f}"
        yield Failure("sentence-too-long-on-page-one", where, text, f"{max(long)} words, {mean}")
