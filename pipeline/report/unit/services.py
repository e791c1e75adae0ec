"""The index of every service: with n, interval and the signs x and E (R5, R6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import blocks, rules
from pipeline.blocks import style
from pipeline.report.base.figure_text import fit_apart
from pipeline.report.base.section import reading, say, section
from pipeline.report.data.unit import Measured, estimate, limit, whole
from pipeline.report.unit.dot_plot import ALONE_MM, NAMES_MM, Dot, dots
from pipeline.rules import TESTED_FROM
from pipeline.survey import UNKNOWN_UNIT
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: More services than this are listed in the table only.
DRAWN = 30


@dataclass(frozen=True)
class Service(Measured):
    """One service's row."""

    letter: str
    #: Against the unit's other services: above, below, undecided, or "" where it is not compared.
    word: str = ""
    difference: float | None = None
    low: float | None = None
    high: float | None = None


@section("services")
def services(u: UnitReport) -> Any:
    """Show the index of every service of the unit."""
    w, found = u.words, listed(u)
    if not found:
        return say(w, "unit.services.none")
    if len(found) == 1 and found[0].n >= u.n_valid:
        return say(w, "unit.services.one", name=found[0].name)
    drawn = [s for s in found if s.value is not None]
    figure = None
    if 2 <= len(drawn) <= DRAWN:
        figure = blocks.figure(
            draw(u, drawn), key="services-figure", title=title(u, found),
            caption=w("unit.services.figure_caption"),
            alt=alt(u, drawn), reading=reading(w, "unit.services"), narrow=draw(u, drawn, 90),
        )  # fmt: skip
    return blocks.group(say(w, "unit.services.lead"), verdict(u, found), figure, table(u, found))


def verdict(u: UnitReport, found: list[Service]) -> Any:
    """Say which services stand out from the unit's others, by the test in the table (R14)."""
    w = u.words
    compared = [s for s in found if s.word]
    if not compared:
        return say(w, "unit.services.not_compared", smallest=w.integer(TESTED_FROM))
    sentences = []
    for word in ("below", "above"):
        names = [
            w("unit.services.apart", name=s.name, difference=w.number(abs(s.difference or 0.0)))
            for s in compared if s.word == word
        ]  # fmt: skip
        if names:
            sentences.append(say(w, f"narrative.service.{word}.sentence", names=w.join(names)))
    rest = [s for s in compared if s.word == "undecided"]
    if rest:
        key = "undecided" if sentences else "none_apart"
        sentences.append(say(w, f"unit.services.{key}", count=w.integer(len(rest))))
    return blocks.group(*sentences)


def title(u: UnitReport, found: list[Service]) -> str:
    """Say above the figure which service was shown apart from the others, the lower ones first."""
    w = u.words
    compared = [s for s in found if s.word]
    for word in ("below", "above"):
        names = [s.name for s in compared if s.word == word]
        if names:
            return w(f"narrative.service.{word}.title", names=w.join(names))
    return w(f"pageone.title.services.{'none-apart' if compared else 'not-compared'}")


def listed(u: UnitReport) -> list[Service]:
    """Services with respondents, lowest value first, those without a printable value last."""
    letters = {row.service: row.text for row in u.rows("index", "letter", scope="service", item="")}
    counts = {}
    for row in u.rows("index", "n_valid", scope="service", item=""):
        number = estimate(row)
        counts[row.service] = int(number) if number is not None else whole(row.n) or 0
    tests = {row.service: row for row in u.rows("comparison", "service_difference", scope="service")}
    indices = u.rows("index", "ikm", scope="service", item="")
    found = []
    for row in indices:
        n = counts.get(row.service, whole(row.n) or 0)
        sign = u.context.sign(n, u.unit.services.get(row.service))
        # A second service is hidden where the unit's index would give the small one away.
        sign = rules.PRIVACY if row.reason == "suppressed" else sign
        shown = sign != rules.PRIVACY and estimate(row) is not None
        lower, upper = (limit(row.lower), limit(row.upper)) if shown else (None, None)
        found.append(
            Service(
                name=service_name(u, row.service), n=n, sign=sign,
                value=float(row.estimate) if shown else None,
                lower=None if lower is None else max(u.floor, lower),
                upper=None if upper is None else min(100.0, upper),
                letter=str(letters.get(row.service, "")) if shown and not u.foreign else "",
                **compared(tests.get(row.service), shown),
            )
        )  # fmt: skip
    for name in sorted(set(counts) - {row.service for row in indices}):
        found.append(Service(service_name(u, name), counts[name], rules.PRIVACY, None, None, None, ""))
    return sorted(found, key=lambda s: (s.value is None, s.value or 0.0, s.name))


def compared(row: Any, shown: bool) -> dict[str, Any]:
    """Word and difference of a service that was tested, nothing of one that was not."""
    if row is None or not shown or not row.text:
        return {}
    return {
        "word": str(row.text), "difference": estimate(row), "low": limit(row.lower), "high": limit(row.upper),
    }  # fmt: skip


def service_name(u: UnitReport, name: str) -> str:
    """Return the name of a service; rows that name none say so."""
    if name == UNKNOWN_UNIT:  # rows of unlisted units stand under their code; these have none
        return u.words("unit.services.no_code")
    return name or u.words("unit.services.unnamed")


def table(u: UnitReport, found: list[Service]) -> Any:
    """Table of services with n, index, interval, letter and sign."""
    w = u.words
    columns = blocks.columns(
        w, service=("unit.services.col_service", "1fr"), n="common.n", value="common.index",
        interval="unit.unsur.col_interval",
    )  # fmt: skip
    if not u.foreign:
        columns.append(blocks.column("letter", w("unit.unsur.col_letter")))
    tested = any(s.word for s in found)
    if tested:
        columns.append(blocks.column("difference", w("unit.services.col_difference"), numeric=True))
        columns.append(blocks.column("word", w("unit.services.col_word")))
    columns.append(blocks.column("sign", w("unit.services.col_sign")))
    rows = []
    for s in found:
        cells = {
            "service": s.name, "n": w.integer(s.n), "value": w.number(s.value),
            "interval": w.interval(s.lower, s.upper) if s.lower is not None else NOTHING,
            "letter": s.letter or NOTHING, "sign": s.sign, **against(u, s),
        }  # fmt: skip
        rows.append({c.key: cells[c.key] for c in columns})
    note = w("unit.services.note")
    if tested:
        note += " " + w("unit.services.note_tested", smallest=w.integer(TESTED_FROM))
    return blocks.table(columns, rows, caption=w("unit.services.caption"), key="services", note=note)


def against(u: UnitReport, s: Service) -> dict[str, str]:
    """Cells of a service against the others: the word stands only where its test does."""
    w = u.words
    if not s.word or s.difference is None:
        return {"difference": NOTHING, "word": NOTHING}
    interval = w.interval(s.low, s.high)
    return {
        "difference": f"{w.number(s.difference)} ({interval})",
        "word": word_of(u, s.word),
    }


def word_of(u: UnitReport, word: str) -> str:
    """Return the verdict's word in the table; a direction only where the verdict carries it."""
    return u.words(
        "unit.services.undecided_word" if word == "undecided" else f"narrative.service.{word}.word"
    )


def draw(u: UnitReport, rows: list[Service], width: float = style.TEXT_WIDTH_MM) -> Any:
    """Draw value and interval of every service over the letter bands."""
    w, names = u.words, fit_apart([s.name for s in rows], NAMES_MM if width > 120 else ALONE_MM)
    return dots(
        u,
        [Dot(name, s.value or 0.0, s.lower, s.upper, f"n = {w.integer(s.n)}", faint=s.sign == rules.INFORMATION)
         for s, name in zip(rows, names, strict=True)],
        width=width,
    )  # fmt: skip


def alt(u: UnitReport, rows: list[Service]) -> str:
    """Say the figure's numbers in words."""
    w = u.words
    lines = [
        w("unit.services.alt_row", name=s.name, value=w.number(s.value), n=w.integer(s.n),
          interval=w.interval(s.lower, s.upper) if s.lower is not None else w("common.none"))
        for s in rows
    ]  # fmt: skip
    return w("unit.services.alt", count=w.integer(len(rows))) + " " + "; ".join(lines) + "."
