"""A trace as an internal page, by the blocks and the exporter of every other page, and the list of such pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks
from pipeline.results import store
from pipeline.trace import text
from pipeline.trace.model import CITY, INDEX, Trace
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.survey import Survey

#: Folder below ``internal/``. No run writes there, and what a run lists and hashes leaves it out.
FOLDER = "trace"
#: Page that lists the others.
LIST = "index.html"


def write(survey: Survey, trace: Trace, w: Words) -> Path:
    """Write the page of a trace, and the list of all pages that are there.

    Parameters
    ----------
    survey : Survey
    trace : Trace
    w : Words

    Returns
    -------
    Path
        ``internal/trace/<unit>-<item>.html``.
    """
    folder = Path(survey.internal) / FOLDER
    path = folder / f"{file_name(trace.slug, trace.item)}.html"
    shown = [block for block in body(trace, w) if block is not None]
    store.write_text(path, render(survey, w, page_title(trace, w), shown, trace.rule))
    listed = [blocks.group(*listing(survey, folder, w))]
    store.write_text(folder / LIST, render(survey, w, w("trace.listing.title"), listed, trace.rule))
    return path


def file_name(slug: str, item: str) -> str:
    """Name of a page without its ending: nothing but letters, digits, dots, hyphens.

    Examples
    --------
    >>> file_name("dinas-a", "U1"), file_name("dinas-a", "mutu.p1")
    ('dinas-a-U1', 'dinas-a-mutu.p1')
    """
    return f"{slug}-{re.sub(r'[^A-Za-z0-9._-]+', '-', item)}"


def page_title(trace: Trace, w: Words) -> str:
    """Title of the page."""
    return w("trace.title", item=text.name(trace, w), unit=trace.name)


def render(survey: Survey, w: Words, title: str, made: Sequence[Any], rule: str) -> str:
    """Blocks as one self-contained HTML page."""
    from pipeline.render.exporters import to_html  # late: nobody who wants JSON waits for it

    definition = survey.definition
    document = blocks.document(
        title=title, kicker=w("trace.kicker", survey=definition.text(definition.title, w.lang), rule=rule),
        lang=w.lang, survey=survey.name, city=definition.city, footer=w("trace.footer", survey=survey.name),
        data_hash=str(survey.digest)[:12], version=f"skm-pipeline {__version__}",
        synthetic=bool(definition.synthetic), kind="trace",
    )  # fmt: skip
    outputs = [
        {"output_type": "display_data", "data": {blocks.MIME: block.to_json()}} for block in (document, *made)
    ]
    return to_html({"cells": [{"cell_type": "code", "metadata": {}, "source": "", "outputs": outputs}]})


def body(trace: Trace, w: Words) -> Iterator[Any]:
    """Yield the blocks of a trace, the answer first; None for a table without rows."""
    first, *more = text.private(trace, w)
    yield blocks.notice(first, kind="privacy", title=w("trace.private_title"))
    for said in more:
        yield blocks.notice(said, kind="caution")
    yield _prose(text.lead(trace, w), "lead")
    yield _prose(text.verdict(trace, w))
    yield _facts(trace, w)
    yield blocks.heading(w("trace.where.heading"), key="where")
    yield _table(w, "where", ("file", "place"), text.where(trace, w)) or blocks.prose(w("trace.where.none"))
    if rows := text.steps(trace, w):
        yield blocks.heading(w("trace.steps.heading"), key="steps")
        yield _table(w, "steps", ("step", "how", "result"), rows, wide="how")
        yield from (blocks.prose(said, style="note") for said in text.notes(trace, w))
    yield from _city(trace, w) if trace.members else _unit(trace, w)


def _facts(trace: Trace, w: Words) -> Any:
    if trace.members:
        found = [(w.integer(len(trace.members)), "units"), (w.integer(trace.respondents), "people")]
    elif trace.item == INDEX:
        found = [(w.integer(trace.respondents), "respondents")]
    else:
        item = trace.items[0]
        found = [(w.integer(item.total), "total"), (w.integer(item.n), "n")]
        found.append((w.integer(trace.respondents), "respondents"))
    if trace.service:
        found = [(value, "service" if name == "respondents" else name) for value, name in found]
    return blocks.facts([blocks.fact(value, w(f"trace.fact.{name}")) for value, name in found])


def _unit(trace: Trace, w: Words) -> Iterator[Any]:
    """What stands behind a unit's number."""
    if trace.item == INDEX:
        numeric = ("total", "n", "nrr", "weight", "weighted", "row")
        columns = ("code", "name", *numeric)
        yield blocks.heading(w("trace.items.heading"), key="items")
        yield _table(w, "items", columns, [text.item_row(item, w) for item in trace.items], numeric=numeric)
        yield from _others(trace, w, "legacy", w("trace.legacy.note"))
    else:
        yield blocks.heading(w("trace.counts.heading"), key="counts")
        yield _table(
            w,
            "counts",
            ("score", "count", "share"),
            text.counts(trace.items[0], w),
            numeric=("count", "share"),
        )
        found = [text.label(one, w) for one in trace.labels]
        yield _table(w, "labels", ("text", "score", "how", "count"), found, numeric=("count",), wide="text")
    yield from _rows(trace, w)
    yield from _aside(trace, w)
    yield from _sources(trace, w)
    yield from _by_hand(trace, w)
    for problem in trace.problems:
        yield blocks.notice(text.problem(problem, w), kind="caution")


def _rows(trace: Trace, w: Words) -> Iterator[Any]:
    """One table a column of a file, so that the numbers have room on a telephone, too."""
    if not trace.places:
        return
    yield blocks.heading(w("trace.rows.heading"), key="rows")
    yield blocks.prose(
        w("trace.rows.note"), *([f" {w('trace.rows.note_long')}"] if trace.long else []), style="note"
    )
    cells = [text.place(one, w) for one in trace.places]
    if trace.item == INDEX:
        rows = [[", ".join(filter(None, row[:2])), *row[5:]] for row in cells]
        yield _table(
            w,
            "rows",
            ("file", "count", "rows"),
            rows,
            numeric=("count",),
            wide="rows",
            caption="caption_index",
        )
        return
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    for row in cells:
        groups.setdefault(tuple(row[:4]), []).append(row[4:])
    for at, ((file, sheet, column, header), rows) in enumerate(groups.items(), 1):
        caption = w("trace.rows.caption", file=file, sheet=_in_sheet(sheet, w), column=column)
        columns = ("score", "count", "rows")
        made = _table(w, "rows", columns, rows, numeric=("count",), wide="rows", said=caption, note=header)
        yield blocks.rekeyed(made, f"-{at}")


def _in_sheet(sheet: str, w: Words) -> str:
    """The sheet in a sentence; empty where the file has none."""
    return f", {w('trace.rows.sheet')} {sheet}" if sheet else ""


def _aside(trace: Trace, w: Words) -> Iterator[Any]:
    yield blocks.heading(w("trace.aside.heading"), key="aside")
    cells = [text.aside(one, w) for one in trace.aside]
    numeric, note = ("count", "ledger"), w("trace.aside.note")
    yield _table(w, "aside", text.ASIDE, cells, numeric=numeric, wide="rows", note=note) or blocks.prose(
        w("trace.aside.none_service" if trace.service else "trace.aside.none")
    )


def _sources(trace: Trace, w: Words) -> Iterator[Any]:
    yield blocks.heading(w("trace.sources.heading"), key="sources")
    cells = [text.sources(item, w) for item in trace.items]
    yield _table(w, "sources", text.SOURCES, cells, numeric=text.SOURCES[1:5], note=w("trace.sources.note"))


def _by_hand(trace: Trace, w: Words) -> Iterator[Any]:
    """What an evaluator does with a spreadsheet to find the same number."""
    if not trace.items:
        return
    yield blocks.heading(w("trace.hand.heading"), key="hand")
    if trace.item == INDEX:
        factor = w.number(float(trace.factor), 2).rstrip("0").rstrip(",.")
        first = f"{trace.items[0].code} --service '{trace.service}'" if trace.service else trace.items[0].code
        said = {"survey": trace.survey, "unit": trace.unit, "first": first, "factor": factor}
        yield blocks.prose(w("trace.hand.index", **said))
        return
    item = trace.items[0]
    opened = dict.fromkeys((one.file, one.sheet, one.column, one.header) for one in trace.places)
    points = []
    for file, sheet, column, header in opened:
        name, tab = text.file_and_sheet(file, sheet)
        where = _in_sheet(tab, w)
        points.append(w("trace.hand.steps", file=name, sheet=where, column=column, header=header))
    shared = "trace.hand.shared_service" if trace.service else "trace.hand.shared"
    points += [w(shared), w("trace.hand.count")]
    if item.mean is not None:
        nrr = text.decimal(item.mean, w, text.MEAN)
        points.append(w("trace.hand.result", total=item.total, n=item.n, nrr=nrr))
    yield blocks.bullets(points, ordered=True)


def _city(trace: Trace, w: Words) -> Iterator[Any]:
    yield blocks.heading(w("trace.units.heading"), key="units")
    cells = [
        [
            one.name,
            w.integer(one.n),
            text.decimal(one.exact, w, 2 if trace.item == INDEX else text.MEAN),
            text.decimal(one.exact, w, text.LONG),
        ]
        for one in trace.members
    ]
    yield _table(w, "units", ("unit", "n", "index", "exact"), cells, numeric=("n", "index", "exact"))
    left = [[name, text.left(why, w)] for _, name, why in trace.left_out]
    yield _table(w, "left", ("unit", "reason"), left, shared="units")
    yield from _others(trace, w, "others", "")


def _others(trace: Trace, w: Words, part: str, note: str) -> Iterator[Any]:
    if trace.legacy:
        cells = [text.other(one, trace, w) for one in trace.legacy]
        yield blocks.heading(w(f"trace.{part}.heading"), key=part)
        names = ("weight", "value", "letter")
        yield _table(w, part, names, cells, numeric=("value",), shared="legacy", note=note)


def _table(
    w: Words, part: str, names: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[str] = (),
    wide: str = "", caption: str = "caption", said: str = "", note: str = "", shared: str = "",
) -> Any:  # fmt: skip
    """A table whose heads are words of its part (or of ``shared``), without columns in which nothing stands.

    ``said`` takes the place of the caption of its part. None without rows.
    """
    if not rows:
        return None
    kept = [at for at in range(len(names)) if any(row[at] for row in rows)]
    columns = []
    for name in (names[at] for at in kept):
        label = text.head(w, part, name, shared)
        columns.append(blocks.column(name, label, name in numeric, "4fr" if name == wide else None))
    cells = [[row[at] for at in kept] for row in rows]
    return blocks.table(
        columns, cells, caption=said or w(f"trace.{part}.{caption}"), key=f"trace-{part}", note=note
    )


def listing(survey: Survey, folder: Path, w: Words) -> Iterator[Any]:
    """Yield the list of the pages that are in the folder, units in the order of units.csv."""
    names = {survey.slug(unit.id): unit.name for unit in survey.units}
    names = {CITY.lower(): survey.definition.city or survey.name} | names
    found: dict[str, list[Any]] = {}
    for path in sorted(folder.glob("*.html")):
        # The longest slug: one unit's may begin another's.
        slug = max((s for s in names if path.stem.startswith(f"{s}-")), key=len, default="")
        if slug:
            found.setdefault(slug, []).append(blocks.link(path.stem.removeprefix(f"{slug}-"), path.name))
    yield blocks.notice(w("trace.private"), kind="privacy", title=w("trace.private_title"))
    lines = [[f"{names[slug]}: ", *_spaced(found[slug])] for slug in names if slug in found]
    yield blocks.bullets(lines)


def _spaced(links: Sequence[Any]) -> list[Any]:
    return [part for link in links for part in (link, " ")][:-1]


def _prose(runs: Sequence[tuple[str, bool]], style: str = "body") -> Any:
    return blocks.prose(*(blocks.strong(piece) if bold else piece for piece, bold in runs), style=style)
