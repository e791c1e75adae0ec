"""The page of one unit for its evaluator: what is shown, with its figure and where it stands, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks, rules
from pipeline.report.base.from_outside import U8, unit_figures
from pipeline.report.data.unit import estimate
from pipeline.report.evidence import duties, shown
from pipeline.report.evidence.known import REGULATION, Known
from pipeline.report.evidence.levels import INDICATORS, Level, levels
from pipeline.report.unit import followup, headline
from pipeline.report.unit import lowest_verdicts as low
from pipeline.report.unit.actions import actions
from pipeline.report.unit.head import period, report_date
from pipeline.report.unit.priorities import channel_first

if TYPE_CHECKING:
    from pipeline.words import Words


def page(known: Known) -> list[Any]:
    """Return the blocks of the page; of a unit below five answers nothing but their number."""
    u, w = known.u, known.u.words
    made: list[Any] = [opening(known), blocks.notice(w("evidence.honest"), kind="info")]
    if not known.told:
        made.append(blocks.prose(_few(known)))
        if known.empty:
            made.append(blocks.prose(levels(known)["6"].sentence(w)))
        return made
    found = levels(known)
    made += [headline.number(u), *headline.cautions(u), *channel_first(u)]
    made.append(blocks.heading(w("evidence.summary.heading"), key="proposed"))
    made.append(summary(w, u.lang, list(found.values())))
    for indicator in ("6", "7"):
        made += _indicator(known, found[indicator])
    made += _follow_up(known, found["8"], found["9"])
    made += _complaints(known)
    made += [blocks.heading(w("evidence.duties.heading"), key="duties"), duty_table(known)]
    return made


def opening(known: Known) -> Any:
    """Title, unit, period and date of the page."""
    u, w = known.u, known.u.words
    definition = u.survey.definition
    title = definition.text(definition.title, u.lang)
    return blocks.document(
        title=u.name, kicker=w("evidence.kicker", rubric=rules.conduct().short, period=period(u)), lang=u.lang,
        survey=title, unit=u.name, city=definition.city, period=period(u), date=report_date(u),
        footer=w("evidence.footer", unit=u.name, period=u.survey.period), data_hash=u.data_hash,
        version=f"skm-pipeline {__version__}", synthetic=bool(definition.synthetic), renamed=w.renamed,
        kind="evidence",
    )  # fmt: skip


def _few(known: Known) -> str:
    u, w = known.u, known.u.words
    if known.empty:
        return str(w("evidence.empty"))
    return str(w("evidence.few", n=w.integer(u.n_valid), least=w.integer(rules.PRIVATE_BELOW)))


def summary(w: Words, lang: str, found: list[Level]) -> Any:
    """Table of the indicators: the level the data propose, and how many things are missing."""
    names = indicator_names(lang)
    rows = [
        [f"{level.indicator} {names[level.indicator]}", level.written(w), w.integer(len(level.missing))]
        for level in found
    ]
    return blocks.table(
        blocks.columns(
            w, indicator=("evidence.col.indicator", "3fr"), level="evidence.col.level",
            missing="evidence.col.missing",
        ),
        rows, caption=w("evidence.summary.caption"), key="levels", note=w("evidence.summary.note"),
    )  # fmt: skip


def indicator_names(lang: str) -> dict[str, str]:
    """What each indicator is called."""
    conduct, follow = rules.conduct(), rules.follow_up()
    texts = (conduct.conduct_name, conduct.media_name, follow.share_name, follow.speed_name)
    return {indicator: text[lang] for indicator, text in zip(INDICATORS, texts, strict=True)}


def _indicator(known: Known, level: Level) -> Iterator[Any]:
    """Yield heading, proposal, evidence and gaps of indicator 6 or 7."""
    w = known.u.words
    yield blocks.heading(_title(known, level), key=f"indicator-{level.indicator}")
    yield blocks.prose(level.sentence(w))
    if level.indicator == "6":
        yield evidence_table(known)
    elif known.publication is not None:
        yield from shown.published_on(w, known.u.survey, known.publication)
    yield from gaps(w, level)


def _title(known: Known, *found: Level) -> str:
    names = indicator_names(known.u.lang)
    w = known.u.words
    return str(
        w(f"evidence.heading{'_both' if len(found) > 1 else ''}", numbers=w.join([level.indicator for level in found]),
          names=w.join([names[level.indicator] for level in found]))
    )  # fmt: skip


def gaps(w: Words, *found: Level) -> Iterator[Any]:
    """Yield what is missing, as a list; that nothing is, where nothing is."""
    told = [missing.said(w) for level in found for missing in level.missing]
    if not told:
        yield blocks.prose(w("evidence.nothing_missing"), style="note")
        return
    yield blocks.heading(w("evidence.missing.heading"), level=3, key=f"missing-{found[0].indicator}")
    yield blocks.bullets(told)


def evidence_table(known: Known) -> Any:
    """Table of what is shown for indicator 6: the figure, and the page where it stands."""
    u, w = known.u, known.u.words
    report = w("evidence.where.report") if known.page("report.html") else w("evidence.where.none")
    definition = w("evidence.where.definition")
    files = {name: known.page(file) for name, file in PAGES.items()}
    made = w.join([w(f"evidence.file.{name}") for name, path in files.items() if path])
    rows = [
        [w("evidence.shown.period"), period(u), definition],
        *_by_rule(known, report, definition),
        [w("evidence.shown.people"), _people(known), report],
        [w("evidence.shown.report"), made or w("evidence.where.none"), report],
        [w("evidence.shown.publication"), _stated(known), w("evidence.where.office")],
        [w("evidence.shown.follow_up"), _done(known), report],
    ]
    return blocks.table(
        blocks.columns(
            w, what=("evidence.col.evidence", "2fr"), figure=("evidence.col.figure", "1.6fr"),
            where=("evidence.col.where", "1.6fr"),
        ),
        rows, caption=w("evidence.shown.caption"), key="shown",
    )  # fmt: skip


def _by_rule(known: Known, report: str, definition: str) -> list[list[str]]:
    """The regulation and how many of its unsur were asked; nothing of a questionnaire that is not the regulation's."""
    u, w = known.u, known.u.words
    if u.foreign:
        return []
    codes = rules.load(REGULATION).codes
    asked = w("evidence.of", part=w.integer(len(known.asked)), all=w.integer(len(codes)))
    return [[w("evidence.shown.rule"), u.rule.short, definition], [w("evidence.shown.unsur"), asked, report]]


def _people(known: Known) -> str:
    u, w = known.u, known.u.words
    if u.required is None:
        return str(w("evidence.of_unknown", part=w.integer(u.n_valid)))
    return str(w("evidence.of", part=w.integer(u.n_valid), all=w.integer(u.required)))


#: Files of a unit that an evaluator may be shown.
PAGES = {
    "html": "report.html",
    "pdf": "report.pdf",
    "form": "form.pdf",
    "poster": "poster.pdf",
    "data": "data.xlsx",
}


def _stated(known: Known) -> str:
    w = known.u.words
    return str(w("evidence.not_given") if known.publication is None else w.integer(len(known.publication)))


def _done(known: Known) -> str:
    w, planned = known.u.words, known.count("planned")
    if not planned:
        return str(w("evidence.no_plan"))
    return str(w("evidence.of", part=w.integer(known.count("done")), all=w.integer(planned)))


def _follow_up(known: Known, share: Level, speed: Level) -> Iterator[Any]:
    """Yield what became of the plan: per cent, months, each action, documents, and the levels of both indicators."""
    u, w = known.u, known.u.words
    yield blocks.heading(_title(known, share, speed), key="indicator-8")
    yield blocks.prose(f"{share.sentence(w)} {speed.sentence(w)}")
    if u.items and low.all_equal(u):  # a plan begins with the lowest: here there is none
        yield blocks.prose(w("evidence.all_equal"))
    if known.count("planned"):
        if not known.plan_of:
            yield blocks.prose(w("evidence.own_plan"), style="note")
        yield from followup.counted(u, known.plan_of)
        yield measures(known)
        yield followup.table(u, known.plan_of, actions(u, known.plan_of))
    documents = known.given.execution(u.unit.id)
    if documents:
        text = u.survey.definition.text
        yield blocks.prose(w("evidence.execution.lead"))
        yield blocks.bullets([_document(known, text(one.what, u.lang), one) for one in documents])
        named = [(text(one.what, u.lang), one) for one in documents]
        yield from shown.photos(w, u.survey, named, key="executed")
    yield from gaps(w, share, speed)


def _document(known: Known, what: str, one: Any) -> list[Any]:
    """One document of the execution: what, when, where."""
    w, definition = known.u.words, known.u.survey.definition
    told = [what, w.date(one.date) if one.date else w("evidence.execution.no_date")]
    told += [definition.text(one.place, w.lang)] if one.place else []
    line: list[Any] = ["; ".join(told)]
    return [*line, "; ", blocks.link(one.address, one.address)] if one.address else line


def measures(known: Known) -> Any:
    """Table of what the two indicators measure: per cent done, months, and the days they are counted from and to."""
    w = known.u.words
    share, months = known.plan("percent_done"), known.plan("months_to_close")
    judged = known.plan("judged_on")
    done, taken = estimate(share), estimate(months)
    rows = [
        [w("evidence.measure.plan"), known.plan_of or known.u.survey.name],
        [w("evidence.measure.share"), w.percent(done / 100) if done is not None else _why(w, share)],
        [w("evidence.measure.months"), w.number(taken, 1) if taken is not None else _why(w, months)],
    ]
    if taken is not None and months is not None and months.text:
        rows.append([w("evidence.measure.last"), w.date(months.text)])
    if judged is not None and judged.text:
        rows.append([w("evidence.measure.judged"), w.date(judged.text)])
    return blocks.table(
        blocks.columns(w, what=("evidence.col.evidence", "2fr"), figure=("evidence.col.figure", "2fr")),
        rows, caption=w("evidence.measure.caption"), key="measures", note=w("evidence.measure.note"),
    )  # fmt: skip


def _why(w: Words, row: Any) -> str:
    return (
        str(w.label("reason", row.reason)) if row is not None and row.reason else str(w("evidence.not_given"))
    )


def _complaints(known: Known) -> Iterator[Any]:
    """Yield what respondents say of U8, and beside it what others counted: never one measure."""
    u, w = known.u, known.u.words
    yield blocks.heading(w("evidence.complaints.heading"), key="complaints")
    row = u.first("index", "nrr", item=U8)
    if row is not None and (value := estimate(row)) is not None:
        yield blocks.prose(
            w(
                "evidence.complaints.u8",
                name=u.item_name(U8),
                value=w.number(value * u.factor),
                n=w.integer(row.n),
            )
        )
    found = unit_figures(u)
    yield found if found is not None else blocks.prose(w("evidence.complaints.no_figures"))
    yield blocks.prose(w("evidence.complaints.beside"), style="note")
    yield shown.channels(w, u.survey.definition, known.given, u.unit.id)


def duty_table(known: Known) -> Any:
    """Table of the duties of the regulation: where it asks it, what, how it stands, why."""
    w, lang = known.u.words, known.u.lang
    rows = [
        [one.duty.text[lang], w(f"evidence.state.{one.state}"), one.reason(w), one.duty.where[lang]]
        for one in duties.states(known)
    ]
    return blocks.table(
        blocks.columns(
            w, duty=("evidence.col.duty", "3fr"), state=("evidence.col.state", "1.3fr"),
            why=("evidence.col.why", "2.4fr"), place=("evidence.col.place", "1.2fr"),
        ),
        rows, caption=w("evidence.duties.caption"), key="duty-list", note=w("evidence.duties.note"), compact=True,
        row_header=False,
    )  # fmt: skip
