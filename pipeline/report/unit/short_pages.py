"""The short pages: all answered alike, too few answers, none, and rows that name no listed unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.report.base.section import say, told
from pipeline.report.data.kind import ALIKE, FEW, UNLISTED
from pipeline.report.unit.headline import cautions, limits, number
from pipeline.report.unit.tiles import fact_sample
from pipeline.survey import near
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport


def short_page(u: UnitReport) -> Any:
    """Return the first page of a unit that gets no whole report."""
    if u.kind == ALIKE:
        return alike(u)
    if u.kind == UNLISTED:
        return unlisted(u)
    return few(u) if u.kind == FEW else empty(u)


def alike(u: UnitReport) -> Any:
    """Say that all answered the same, what follows from it, and what does not (R6, R13)."""
    w, census = u.words, u.population is not None and u.n_valid >= u.population
    numbers = {"n": w.integer(u.n_valid), "population": w.integer(u.population)}
    certain = "short.alike.census" if census else "short.alike.not_certain"
    return blocks.group(
        *cautions(u),
        number(u),
        blocks.facts([fact_sample(u)]),
        blocks.heading(w("short.alike.meaning"), key="meaning"),
        say(w, "short.alike.what", **numbers),
        say(w, certain, **numbers),
        say(w, "short.alike.private"),
        say(w, "short.alike.plan"),
        told(*limits(u)),
    )


def few(u: UnitReport) -> Any:
    """Say how many answered, and that nothing else may be shown."""
    w = u.words
    text = w("unit.summary.too_few", n=w.integer(u.n_valid))
    need = rules.enough(u.required)
    return blocks.group(
        blocks.notice(text, kind="privacy", title=w("unit.summary.too_few_title")),
        say(w, "short.few.do", need=w.integer(need)),
    )


def empty(u: UnitReport) -> Any:
    """Say that there is no answer, and what to look at."""
    w = u.words
    return blocks.notice(w("unit.summary.no_data"), kind="info", title=w("unit.summary.no_data_title"))


def unlisted(u: UnitReport) -> Any:
    """Say how many answers name no listed unit, which units they seem to mean, and what to do."""
    w = u.words
    return blocks.group(
        blocks.notice(w("short.unlisted.what", n=w.integer(u.n)), kind="caution",
                      title=w("short.unlisted.title")),
        names(u),
        files(u),
        blocks.heading(w("short.unlisted.do_heading"), key="do"),
        blocks.bullets([w(f"short.unlisted.{key}") for key in ("do_alias", "do_list", "do_leave")]),
    )  # fmt: skip


def names(u: UnitReport) -> Any:
    """List the names that look like a listed unit's; of the others only the number is told.

    What somebody wrote instead of a unit may be anything, a person's name among it.
    """
    if "unit_raw" not in u.responses:
        return None
    w = u.words
    written = u.responses["unit_raw"].astype(object).fillna("").astype(str)
    counts = written[written != ""].value_counts()
    found = near.unlisted({str(k): int(v) for k, v in counts.items()}, u.survey.units)
    rows = [[pair.name, w.integer(pair.rows), pair.like] for pair in found]
    blank, told = int((written == "").sum()), sum(pair.rows for pair in found)
    rest = len(written) - told - blank
    if rest:
        rows.append([w("short.unlisted.others"), w.integer(rest), NOTHING])
    if blank:
        rows.append([w("short.unlisted.blank"), w.integer(blank), NOTHING])
    return blocks.table(
        blocks.columns(
            w, name=("short.unlisted.col_name", "2fr"), n="short.unlisted.col_rows",
            like=("short.unlisted.col_like", "2fr"),
        ),
        rows, caption=w("short.unlisted.names_caption"), key="names", note=w("short.unlisted.names_note"),
        footer_rows=[[w("short.unlisted.total"), w.integer(len(written)), ""]],
    )  # fmt: skip


def files(u: UnitReport) -> Any:
    """Count the rows by the file they stand in."""
    if "source_file" not in u.responses:
        return None
    w, counts = u.words, u.responses["source_file"].astype(str).value_counts()
    rows = [[name, w.integer(count)] for name, count in sorted(counts.items())]
    return blocks.table(
        blocks.columns(w, file=("short.unlisted.col_file", "2fr"), n="short.unlisted.col_rows"),
        rows, caption=w("short.unlisted.files_caption"), key="files",
    )  # fmt: skip
