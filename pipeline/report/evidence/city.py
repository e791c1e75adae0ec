"""The page of the whole city for its evaluator: every unit's levels, what is missing and where, duties counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks, rules
from pipeline.report.base.from_outside import U8, city_outside
from pipeline.report.city import followup
from pipeline.report.data.city import CityReport, city_items, first_rows
from pipeline.report.data.unit import estimate
from pipeline.report.evidence import duties, shown
from pipeline.report.evidence.known import Known
from pipeline.report.evidence.levels import INDICATORS, Level, levels
from pipeline.report.evidence.unit import indicator_names
from pipeline.report.unit.head import period, report_date
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.survey.evidence import Given
    from pipeline.words import Words

#: Units that a cause names before the others are counted.
NAMED = 6


def page(city: CityReport, units: Sequence[Known], given: Given) -> list[Any]:
    """Return the blocks of the page.

    Parameters
    ----------
    city : CityReport
    units : sequence of Known
        Every listed unit, in the order of the list.
    given : Given
    """
    w = city.words
    found = {known.u.unit.id: levels(known) for known in units}
    told = [known for known in units if known.told]
    made: list[Any] = [opening(city, units), blocks.notice(w("evidence.honest"), kind="info")]
    made.append(
        blocks.prose(w("evidence.city.lead", units=w.integer(len(told)), listed=w.integer(len(units))))
    )
    made.append(blocks.heading(w("evidence.summary.heading"), key="proposed"))
    made += [unit_table(w, units, found), counts(w, city.lang, list(found.values()))]
    made += _missing(w, units, found)
    made += _publication(city, given)
    made += _follow_up(city)
    made += _complaints(city, given)
    made += _duties(w, city.lang, told)
    return made


def opening(city: CityReport, units: Sequence[Known]) -> Any:
    """Title, period and date of the page."""
    w, definition = city.words, city.survey.definition
    title = definition.text(definition.title, city.lang)
    day = units[0].u if units else None
    return blocks.document(
        title=city.place, kicker=w("evidence.kicker", rubric=rules.conduct().short,
                                   period=period(day) if day else city.survey.period),
        lang=city.lang, survey=title, city=definition.city, date=report_date(day) if day else "",
        footer=w("evidence.footer", unit=city.place, period=city.survey.period), data_hash=city.data_hash,
        version=f"skm-pipeline {__version__}", synthetic=bool(definition.synthetic), renamed=w.renamed,
        kind="evidence",
    )  # fmt: skip


#: Columns of the table of units behind the levels, and those of them that hold no number.
BESIDE, WORDY = ("share", "months", "n", "required", "ikm", "letter", "sign"), ("letter", "sign")


def unit_table(w: Words, units: Sequence[Known], found: Mapping[str, Mapping[str, Level]]) -> Any:
    """A row a unit: the level of each indicator, per cent done and months, answers, index; on a phone levels first."""
    cells = [
        [known.u.name, *_levels(w, known, found[known.u.unit.id]), *_beside(w, known)] for known in units
    ]
    cells, note = first_rows(w, cells, w("evidence.city.note", least=w.integer(rules.PRIVATE_BELOW)))
    columns = [blocks.column("unit", w("evidence.col.unit"), width="2.6fr")]
    columns += [blocks.column(f"i{n}", n, numeric=True) for n in INDICATORS]
    columns += [blocks.column(name, w(f"evidence.col.{name}"), numeric=name not in WORDY) for name in BESIDE]
    return blocks.table(
        columns, cells, caption=w("evidence.city.caption"), key="units", note=note, compact=True,
    )  # fmt: skip


def _levels(w: Words, known: Known, own: Mapping[str, Level]) -> list[str]:
    """The four levels of a unit, then per cent done and months; a dash where nothing is told."""
    written = [own[indicator].written(w) if indicator in own else NOTHING for indicator in INDICATORS]
    if not known.told:
        return [*written, NOTHING, NOTHING]
    share, months = estimate(known.plan("percent_done")), estimate(known.plan("months_to_close"))
    written.append(w.percent(share / 100) if share is not None else NOTHING)
    return [*written, w.number(months, 1) if months is not None else NOTHING]


def _beside(w: Words, known: Known) -> list[str]:
    """Answers, those required, index, letter and sign of a unit."""
    u = known.u
    answers = [w.integer(u.n_valid), w.integer(u.required) if u.required is not None else NOTHING]
    if not known.told:
        return [*answers, NOTHING, NOTHING, u.sign if u.n_valid else ""]
    return [*answers, w.number(u.ikm.estimate) if u.ikm is not None else NOTHING, u.letter or NOTHING, u.sign]


def counts(w: Words, lang: str, found: Sequence[Mapping[str, Level]]) -> Any:
    """How many units the data propose each level for."""
    names, rows = indicator_names(lang), []
    for indicator in INDICATORS:
        # Of a unit that nobody answered the first is known, of a hidden one none is told: as in the table above.
        own = [levels[indicator] for levels in found if indicator in levels]
        of_level = [sum(level.known and level.low == points for level in own) for points in range(6)]
        span = sum(level.low is not None and not level.known for level in own)
        none = sum(level.low is None for level in own)
        rows.append([f"{indicator} {names[indicator]}", *(w.integer(n) for n in (*of_level, span, none))])
    columns = [blocks.column("indicator", w("evidence.col.indicator"), width="3fr")]
    columns += [blocks.column(f"l{points}", w.integer(points), numeric=True) for points in range(6)]
    columns += [blocks.column(name, w(f"evidence.col.{name}"), numeric=True) for name in ("span", "none")]
    return blocks.table(
        columns, rows, caption=w("evidence.city.levels"), key="levels", note=w("evidence.summary.note"), compact=True,
    )  # fmt: skip


def _missing(w: Words, units: Sequence[Known], found: Mapping[str, Mapping[str, Level]]) -> Iterator[Any]:
    """Yield what is missing, by cause: how many units, and the first of them; nothing of a hidden unit."""
    told = [known.u.name for known in units if known.told]
    names: dict[tuple[str, str], list[str]] = {}
    for known in units:
        for indicator, level in found[known.u.unit.id].items():
            for missing in level.missing:
                names.setdefault((indicator, missing.code), []).append(known.u.name)
    yield blocks.heading(w("evidence.missing.heading"), key="missing")
    if not names:
        yield blocks.prose(w("evidence.nothing_missing"))
        return
    listed = sorted(names.items(), key=lambda one: (one[0][0], -len(one[1])))
    rows = [
        [indicator, w(f"evidence.cause.{code}"), w.integer(len(own)), _first(w, own, told)]
        for (indicator, code), own in listed
    ]
    yield blocks.table(
        blocks.columns(
            w, indicator="evidence.col.number", cause=("evidence.col.cause", "3fr"),
            count="evidence.col.units", names=("evidence.col.which", "3fr"),
        ),
        rows, caption=w("evidence.city.missing"), key="missing-list", compact=True, row_header=False,
    )  # fmt: skip


def _first(w: Words, names: Sequence[str], told: Sequence[str]) -> str:
    """The first names, and how many more there are; that it is all this page tells of, where it is."""
    if names == told and len(told) > 1:
        return str(w("evidence.city.all_units", count=w.integer(len(told))))
    if len(names) <= NAMED:
        return ", ".join(names)
    return str(w("evidence.city.more", names=", ".join(names[:NAMED]), count=w.integer(len(names) - NAMED)))


def _publication(city: CityReport, given: Given) -> Iterator[Any]:
    """Yield every publication that the office gives, with its addresses and photos."""
    w, found = city.words, given.publication()
    yield blocks.heading(w("evidence.publication.heading"), key="publication")
    if not given.states_publication:
        yield blocks.prose(w("evidence.publication.none"))
        return
    yield from shown.published_on(w, city.survey, found)


def _follow_up(city: CityReport) -> Iterator[Any]:
    w, found = city.words, followup.read(city)
    yield blocks.heading(w("evidence.city.follow_up"), key="follow-up")
    if found is None:
        yield blocks.prose(w("evidence.city.no_plan"))
        return
    survey, whole, _ = found
    yield from followup.said(city, whole, survey).blocks


def _complaints(city: CityReport, given: Given) -> Iterator[Any]:
    """Yield the city's U8, and beside it what the Ombudsman and the registers say: never one measure."""
    w, definition = city.words, city.survey.definition
    yield blocks.heading(w("evidence.complaints.heading"), key="complaints")
    value = city_items(city).get(U8)
    ombudsman = given.said.ombudsman
    rows = (
        [[w("evidence.ombudsman.u8", name=city.item_name(U8)), w.number(value)]] if value is not None else []
    )
    if ombudsman is not None:
        rows.append([w("outside.ombudsman_score"), w.number(ombudsman.score)])
        if ombudsman.category:
            rows.append([w("evidence.ombudsman.category"), definition.text(ombudsman.category, city.lang)])
        if ombudsman.year:
            rows.append([w("evidence.ombudsman.year"), ombudsman.year])
        note = w("unit.outside.source", source=definition.text(ombudsman.source, city.lang))
        yield blocks.table(
            blocks.columns(w, what=("evidence.col.evidence", "2fr"), figure="evidence.col.figure"),
            rows, caption=w("evidence.ombudsman.caption"), key="ombudsman", note=note,
        )  # fmt: skip
    else:
        yield blocks.prose(w("evidence.ombudsman.none"))
    yield blocks.prose(w("evidence.complaints.beside"), style="note")
    if len(city.table("outside")):
        yield city_outside(city)
    yield shown.channels(w, definition, given)


def _duties(w: Words, lang: str, units: Sequence[Known]) -> Iterator[Any]:
    """Yield how many units meet each duty, as far as a program can know."""
    yield blocks.heading(w("evidence.duties.heading"), key="duties")
    found = [duties.states(known) for known in units]
    rows = []
    for at, duty in enumerate(rules.duties()):
        count = {state: sum(own[at].state == state for own in found) for state in duties.STATES}
        rows.append(
            [duty.text[lang], *(w.integer(count[state]) for state in duties.STATES), duty.where[lang]]
        )
    columns = [blocks.column("duty", w("evidence.col.duty"), width="3fr")]
    columns += [blocks.column(state, w(f"evidence.state.{state}"), numeric=True) for state in duties.STATES]
    columns.append(blocks.column("place", w("evidence.col.place"), width="1.2fr"))
    yield blocks.table(
        columns, rows, caption=w("evidence.duties.city_caption"), key="duty-list",
        note=w("evidence.duties.note"), compact=True,
    )  # fmt: skip
