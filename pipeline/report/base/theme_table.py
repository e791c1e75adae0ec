"""The table of themes that suggestions speak of: a row a theme, with its unsur and how many people wrote of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks, themes

if TYPE_CHECKING:
    from pipeline.report.data.city import CityReport
    from pipeline.report.data.unit import UnitReport


def theme_table(
    page: UnitReport | CityReport,
    model: themes.Model,
    counted: Mapping[str, tuple[int, int]],
    columns: Sequence[blocks.Column],
    caption: str,
    note: str,
) -> Any:
    """List themes with their two counts; the caption names those that most people wrote about.

    Parameters
    ----------
    page : UnitReport or CityReport
    model : Model
        The themes of the survey.
    counted : mapping
        By theme: people, and what the last column counts.
    columns : sequence of Column
        Theme, unsur, people, and that other count.
    caption, note : str
        Keys of their words.
    """
    w = page.words
    rows = [
        [model.name(name, page.lang), page.item_name(model.unsur(name)), w.integer(people), w.integer(other)]
        for name, (people, other) in counted.items()
    ]
    names, most = themes.leading(counted)
    first = w.join([model.name(name, page.lang) for name in names])
    return blocks.table(
        columns, rows, caption=w(caption, themes=first, people=w.integer(most)), key="themes", note=w(note)
    )
