"""The two printed pages: the result in figures, and the press text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipeline import blocks
from pipeline.report.base import unanswered
from pipeline.report.brief.press import press
from pipeline.report.brief.ribbon import NAMED, TALL_MM, named_mm, ribbon
from pipeline.report.city.head import document, titled
from pipeline.report.city.headline import for_information, headline
from pipeline.report.city.items import leading
from pipeline.report.city.lagging import often, untold
from pipeline.report.city.letters import letters
from pipeline.report.data.city import CityReport, say

#: Millimetres that the map of unsur has on the first page, of each of its rows, and of a notice.
ROOM_MM, ROW_MM, NOTICE_MM = 37.0, 7.0, 24.0
#: Fewer rows than this are no map; the sentence above it says as much.
FEWEST = 3


def pages(city: CityReport, less: int = 0) -> list[Any]:
    """Return the document and its blocks: page one in figures, then the press text on page two.

    Parameters
    ----------
    city : CityReport
        As `open_city` opens it.
    less : int
        Rows fewer in the map of unsur: for whoever saw that page one was not enough.
    """
    w = city.words
    return [
        document(city, titled(city), "brief"),
        *inside(result(city, less)),
        blocks.pagebreak(),
        blocks.heading(w("brief.press"), level=2, key="press"),
        *inside(press(city)),
    ]


def result(city: CityReport, less: int = 0) -> list[Any]:
    """Return page one: index, letters, all units, what lags most often; what is not there is left out."""
    row = city.headline
    if row is None or row.estimate != row.estimate:
        return [say(city.words, "overview.no_index", style="lead")]
    notices = [*unanswered.of_city(city), *for_information(city)]
    held, units = inside([letters(city)]), ribbon(city)
    rows = room(len(notices), bool(held), len(city.ranked)) - less
    map_ = often(city, rows) if rows >= FEWEST else None
    if map_ is not None:
        last: Any = bare(map_, note=untold(city, rows))
    else:
        last = blocks.prose(*leading(city)) if len(city.ranked) > 1 else None
    return [*notices, headline(city, row), *map(bare, inside([*held, units])), *inside([last])]


def room(notices: int, letters: bool, units: int) -> int:
    """How many unsur the map may list so that everything stays on one page.

    Examples
    --------
    >>> room(0, True, 43), room(1, True, 43), room(0, False, 43)
    (5, 1, 9)
    """
    left = ROOM_MM - NOTICE_MM * notices - (max(0.0, named_mm(units) - TALL_MM) if units <= NAMED else 0.0)
    return int(min(9.0, (left + (0.0 if letters else 50.0)) // ROW_MM))


def bare(block: Any, note: str = "") -> Any:
    """A figure without its reading aid: a page to hand out has no room for more than the note it needs."""
    return replace(block, reading=(), note=note) if isinstance(block, blocks.Figure) else block


def inside(shown: Iterable[Any]) -> list[Any]:
    """Blocks one by one, without the groups that sections return them in."""
    made: list[Any] = []
    for block in shown:
        if isinstance(block, blocks.Group):
            made += inside(block.blocks)
        elif block is not None:
            made.append(block)
    return made
