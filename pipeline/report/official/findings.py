"""Results as official reports list them: respondents, index, services by unsur, strengths, plan, trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base.section import say, told
from pipeline.report.data.unit import estimate
from pipeline.report.official.part import own, part, within
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit import verdicts
from pipeline.report.unit.change import change
from pipeline.report.unit.headline import cautions, exactly, limits, number
from pipeline.report.unit.items import item_letter
from pipeline.report.unit.lowest_items import code, which_first
from pipeline.report.unit.plan import plan
from pipeline.report.unit.priorities import channel_first
from pipeline.report.unit.respondents import TRAITS, lines, profile_table, stated
from pipeline.report.unit.services import listed, service_name
from pipeline.report.unit.suggestions import spoken
from pipeline.report.unit.suggestions import suggestions as written
from pipeline.words import lowest as words
from pipeline.words import narrative
from pipeline.words.formats import NOTHING
from pipeline.words.verdicts import Element

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Strengths, and weaknesses, that are listed.
LISTED = 3


@part
def respondents(u: UnitReport) -> Any:
    """Table of the respondents by trait and by service, as evaluators know it; small cells as everywhere (R6)."""
    w, rows, at = u.words, [], 0
    for trait in TRAITS:
        if not (found := stated(u, trait)):
            continue
        at += 1
        rows += [
            [w.integer(at) if place == 0 else "", *line] for place, line in enumerate(lines(u, trait, found))
        ]
    rows += of_services(u, at + 1)
    if not rows:
        return say(w, "unit.respondents.none")
    columns = blocks.columns(
        w, no="official.col_no", trait=("official.respondents.col_trait", "1.4fr"),
        category=("official.respondents.col_category", "2fr"), n="official.respondents.col_n",
        share="official.respondents.col_share",
    )  # fmt: skip
    lead = say(w, "official.respondents.lead", n=w.integer(u.n))
    return blocks.group(lead, profile_table(u, columns, rows))


def of_services(u: UnitReport, at: int) -> list[list[str]]:
    """Rows of valid answers by service; of a small one only that it is small."""
    found = listed(u)
    if len(found) < 2:
        return []
    w, rows = u.words, []
    shown = sorted(found, key=lambda s: (-s.n, s.name))
    for place, service in enumerate(shown):
        rows.append([
            w.integer(at) if place == 0 else "", w("official.respondents.service") if place == 0 else "", service.name,
            w.integer(service.n), w.percent(service.n / u.n, 1) if u.n else NOTHING,
        ])  # fmt: skip
    return rows


@part
def index(u: UnitReport) -> Any:
    """Say the unit's index with letter and certainty, list every unsur converted to 100, and draw them."""
    if u.ikm is None or not u.items:
        return [*cautions(u), number(u)]
    return [
        *beside(u), by_item(u),
        within(which_first(u)),
    ]  # fmt: skip


def beside(u: UnitReport) -> list[Any]:
    """The index with what a reader must know beside it: cautions, certainty, a complaint channel that is missing."""
    said = told(narrative.certainty(u.words, verdicts.certainty(u)))
    return [*cautions(u), number(u), *channel_first(u), said, told(*limits(u))]


def by_item(u: UnitReport) -> Any:
    """Table of every unsur: number, name, value on the scale of 100, letter; the index below."""
    w = u.words
    nrr = u.by_item("index", "nrr")
    columns = blocks.columns(
        w, no="official.col_no", unsur=("unit.unsur.col_name", "1fr"), value="official.index.col_value",
        letter=("unit.unsur.col_letter", ""),
    )  # fmt: skip
    rows = [
        [w.integer(at), f"{code(item)} {u.item_name(item, short=False)}", w.number(low.item_value(u, item)),
         item_letter(u, nrr[item])]
        for at, item in enumerate(u.items, 1)
    ]  # fmt: skip
    last = ["", w("unit.unsur.total"), w.number(exactly(u.ikm)), u.letter]
    if u.foreign:
        columns, rows, last = columns[:-1], [row[:-1] for row in rows], last[:-1]
    return blocks.table(
        columns, rows, caption=w("official.index.caption"), key="index", footer_rows=[last],
        note=w("official.index.note" if not u.foreign else "unit.unsur.note_foreign", factor=w.number(u.factor, 0)),
        row_header=False,
    )  # fmt: skip


@part
def services(u: UnitReport) -> Any:
    """Table of every service: answers, each unsur converted to 100, its index and letter; the unit's below."""
    w = u.words
    if u.ikm is None or not u.items:
        return [*cautions(u), number(u)]
    found = by_service(u)
    table = service_table(u, found) if found else [say(w, "unit.services.none"), by_item(u)]
    return [*beside(u), table, within(which_first(u))]


def service_table(u: UnitReport, found: list[list[str]]) -> Any:
    """Lay the services out; below them the unit's own mean, and letter, of every unsur."""
    w, nrr = u.words, u.by_item("index", "nrr")
    columns = [
        *blocks.columns(w, no="official.col_no", service=("unit.services.col_service", "1fr"), n="common.n"),
        *(blocks.column(item, code(item), numeric=True) for item in u.items),
        blocks.column("index", w("common.index"), numeric=True),
        *([] if u.foreign else [blocks.column("letter", w("unit.unsur.col_letter"))]),
    ]
    means = [w.number(low.item_value(u, item)) for item in u.items]
    total = [
        "",
        w("official.services.total"),
        w.integer(u.n_valid),
        *means,
        w.number(exactly(u.ikm)),
        u.letter,
    ]
    letters = [
        "",
        w("official.services.letters"),
        "",
        *(item_letter(u, nrr[item]) for item in u.items),
        "",
        u.letter,
    ]
    below = [total[: len(columns)]] if u.foreign else [total, letters]
    return blocks.table(
        columns, [[w.integer(at), *cells][: len(columns)] for at, cells in enumerate(found, 1)],
        caption=w("official.services.caption"), key="services", footer_rows=below, row_header=False,
        note=w("official.services.note", factor=w.number(u.factor, 0)),
    )  # fmt: skip


def by_service(u: UnitReport) -> list[list[str]]:
    """Cells of every service, in the order of their names; what is too small stays hidden (R6)."""
    w = u.words
    values = {(row.service, row.item): row for row in u.rows("index", "nrr", scope="service")}
    shown = {service.name: service for service in listed(u)}
    named = {
        row.service: service_name(u, row.service)
        for row in u.rows("index", "n_valid", scope="service", item="")
    }
    rows = []
    for service, name in sorted(named.items(), key=lambda pair: pair[1]):
        one = shown[name]
        cells = [w.integer(one.n)]
        for item in u.items:
            row = values.get((service, item))
            value = estimate(row) if one.value is not None else None
            cells.append(w.number(value * u.factor) if value is not None else hidden(u, one.value, row))
        letter = f"{one.letter} ({one.sign})" if one.letter and one.sign else one.letter or NOTHING
        rows.append(
            [name, *cells, w.number(one.value) if one.value is not None else w("unit.hidden"), letter]
        )
    return rows


def hidden(u: UnitReport, index: float | None, row: Any) -> str:
    """Why a service has no value of an unsur: it is hidden, or nobody answered that unsur."""
    if index is None or (row is not None and row.reason in ("suppressed", "privacy")):
        return str(u.words("unit.hidden"))
    return NOTHING


@part
def strengths(u: UnitReport) -> Any:
    """List the highest and the lowest unsur with what their tests allow, and what respondents wrote (R18)."""
    w = u.words
    if not u.items:
        return say(w, "unit.no_answers")
    best, worst = low.highest(u, LISTED), low.lowest(u, LISTED)
    return [
        *own(u, "analysis"),
        *channel_first(u),
        listing(u, worst, "lowest") if worst else told(words.all_equal(w)),
        told(*(words.tie(w, group, worst) for group in low.equal_groups(u, worst))),
        told(words.highest(w, best, low.equal_groups(u, best))),
        listing(u, best, "highest") if best else None,
        blocks.heading(w("official.strengths.said"), level=4, key="said"),
        within(written(u)),
    ]


def listing(u: UnitReport, found: Sequence[Element], which: str) -> Any:
    """Table of some unsur: value, letter, who wrote about it (R6), and of the lowest what was tested."""
    w, nrr = u.words, u.by_item("index", "nrr")
    asked = bool(len(u.judged))
    columns = [
        *blocks.columns(
            w, no="official.col_no", unsur=("unit.unsur.col_name", "1.4fr"), value="unit.unsur.col_value"
        ),
        *([] if u.foreign else [blocks.column("letter", w("unit.unsur.col_letter"))]),
        *([blocks.column("wrote", w("official.strengths.col_wrote"), numeric=True)] if asked else []),
        *([blocks.column("mark", w("unit.priorities.col_mark"), width="2fr")] if which == "lowest" else []),
    ]
    rows = [
        {"no": w.integer(at), "unsur": f"{code(e.item)} {e.name}", "value": e.value,
         "letter": item_letter(u, nrr[e.item]), "mark": words.cell(w, e), "wrote": wrote(u, e.item) if asked else ""}
        for at, e in enumerate(found, 1)
    ]  # fmt: skip
    return blocks.table(
        columns, [{c.key: row[c.key] for c in columns} for row in rows], caption=w(f"official.strengths.{which}"),
        key=which, row_header=False, note=w("official.strengths.note", least=rules.PRIVATE_BELOW) if asked else "",
    )  # fmt: skip


def wrote(u: UnitReport, item: str) -> str:
    """How many people wrote about an unsur; of fewer than five only that they are fewer (R6)."""
    people, _ = spoken(u, item)
    return u.words.integer(people) if people >= rules.PRIVATE_BELOW else f"< {rules.PRIVATE_BELOW}"


@part
def follow_up(u: UnitReport) -> Any:
    """Return the follow-up plan, after what the office itself says of how it was made."""
    w = u.words
    if not u.items:
        return say(w, "unit.no_answers")
    found = low.lowest(u, LISTED)
    if not found and not channel_first(u):
        return [*own(u, "follow-up"), told(words.all_equal(w))]
    return [*own(u, "follow-up"), say(w, "official.follow_up.lead", rule=u.rule.short), plan(u, found)]


@part
def trend(u: UnitReport) -> Any:
    """Say what changed, draw and list the index of up to five surveys, broken where it must be (R8, R15)."""
    return within(change(u))
