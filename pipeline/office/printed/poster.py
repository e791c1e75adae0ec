"""The poster of the regulation (its table of how an index is published): one page for the counter, one for a phone.

Every number is that of the first page of the unit's report and of its table of respondents; nothing is
counted here. Who is in a category of fewer than five stands with others, as in every public table (R6),
unless the definition says ``poster_counts: full``. A unit of which only the number of answers may be told
gets no poster.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import rules
from pipeline.office.printed import letterhead
from pipeline.office.printed.form import weights_of
from pipeline.render import drawn
from pipeline.render.strip import strip
from pipeline.report.base.at_random import how_drawn
from pipeline.report.data.kind import ALIKE, WHOLE
from pipeline.report.data.unit import open_unit
from pipeline.report.unit import headline
from pipeline.report.unit.head import fieldwork
from pipeline.report.unit.respondents import MISSING, categories
from pipeline.words.groups import category

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport
    from pipeline.survey import Survey

#: What the regulation's poster tells of the respondents.
TRAITS = ("sex", "education")
#: Letters within which services are named; of the others it is told how many they are.
NAMED = 200
#: Millimetres of each sheet, and how much larger than A4 everything on it is.
A4 = {"width": 210.0, "height": 297.0, "scale": 1.0}
A3 = {"width": 297.0, "height": 420.0, "scale": math.sqrt(2)}
#: The upright picture of social media, 1080 by 1350 pixels.
SOCIAL = {"width": 1080 / 72 * 25.4, "height": 1350 / 72 * 25.4, "scale": 1.9}
#: Pixels an inch of the pictures.
PPI, SOCIAL_PPI = 150.0, 72.0


def write(survey: Survey, unit: str, lang: str = "id", *, plain: bool = True) -> list[Path]:
    """Write a unit's poster: A4 and A3 as PDF, A4 and the upright picture as PNG.

    Parameters
    ----------
    survey, unit, lang, plain
        As in `form.write`.

    Returns
    -------
    list of Path
        The files; none for a unit of which only the number of answers may be told, or that has no index.
    """
    opened = open_unit(survey, unit, lang)
    found = content(opened)
    if found is None:
        return []
    put = letterhead.put
    return [
        put(survey, unit, lang, plain, stem, suffix, made) for stem, suffix, made in sheets(opened, found)
    ]


def sheets(u: UnitReport, found: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    """Yield stem, suffix and bytes of each sheet of a poster."""
    day, alt = letterhead.date(u), found["alt"]
    yield "poster", "pdf", drawn.page("poster", {**found, "paper": A4}, day)
    yield "poster-a3", "pdf", drawn.page("poster", {**found, "paper": A3}, day)
    yield "poster", "png", drawn.picture("poster", {**found, "paper": A4}, day, PPI, alt)
    yield "poster-social", "png", drawn.picture("poster", {**found, "paper": SOCIAL}, day, SOCIAL_PPI, alt)


def content(u: UnitReport) -> dict[str, Any] | None:
    """Return what a poster says, or None where there may be none."""
    if u.kind not in (WHOLE, ALIKE) or u.sign == rules.PRIVACY or u.ikm is None:
        return None
    w = u.words
    number = headline.number(u).to_json()
    fields = list(_fields(u))
    made = {
        **letterhead.facts(u),
        "synthetic": w("printed.poster.synthetic") if u.survey.definition.synthetic else "",
        "title": w("printed.poster.title_foreign" if u.foreign else "printed.poster.title"),
        "label": w("printed.poster.label_foreign" if u.foreign else "printed.poster.label"),
        "value": number["value"],
        "letter": number.get("letter", ""),
        "letter_name": number.get("letter_name", ""),
        "letter_label": w("printed.poster.letter"),
        "interval": number.get("interval", ""),
        "strip": _strip(number, u.lang),
        "strip_alt": number.get("alt", ""),
        "fields": fields,
        "cautions": _cautions(u),
        "thanks": w("printed.poster.thanks"),
        "plea": w("printed.poster.plea"),
        "notes": _notes(u, bool(number.get("interval"))),
    }
    made["alt"] = w(
        "printed.poster.alt", title=made["title"], unit=u.name, period=made["period"],
        value=_value(made), people=fields[1]["text"],
    )  # fmt: skip
    made["alt"] = " ".join([made["synthetic"], made["alt"], *made["cautions"]]).strip()
    return made


def _value(made: dict[str, Any]) -> str:
    letter = " · ".join(part for part in (made["letter"], made["letter_name"]) if part)
    return ", ".join(part for part in (made["value"], letter, made["interval"]) if part)


def _fields(u: UnitReport) -> Iterator[dict[str, Any]]:
    """Yield the fields of the regulation's poster: label, and a text or counts."""
    w = u.words
    yield {"label": w("printed.poster.service"), "text": _services(u), "counts": []}
    people = w("printed.poster.people", n=w.integer(u.n))
    if u.n_valid != u.n:
        people = w("printed.poster.people_valid", n=w.integer(u.n), valid=w.integer(u.n_valid))
    yield {"label": w("printed.poster.respondents"), "text": people, "counts": []}
    for trait in TRAITS:
        yield {"label": w(f"printed.poster.{trait}"), **_counts(u, trait)}
    yield {"label": w("printed.poster.fieldwork"), "text": _fieldwork(u), "counts": []}


def _services(u: UnitReport) -> str:
    w = u.words
    names = [row.service for row in u.rows("index", "n", scope="service", item="") if row.service]
    if not names:
        return w("printed.poster.service_all")
    ends = list(accumulate(len(name) + 2 for name in names))
    named = max(1, sum(end <= NAMED for end in ends))
    if named < len(names):
        more = w("printed.poster.service_more", count=w.integer(len(names) - named))
        return w.join([*names[:named], more])
    return w.join(names)


def _counts(u: UnitReport, trait: str) -> dict[str, Any]:
    """Each category of a trait with its people, as the table of respondents has them, or why there are none."""
    w, found = u.words, categories(u, trait)
    codes = [code for code, _, _ in found if code != MISSING]
    if codes in ([], ["other"]):
        return {"text": w("printed.poster.small" if codes else "printed.poster.not_asked"), "counts": []}
    counts = [
        [
            category(w, trait, code),
            w("printed.poster.hidden") if count is None else w("printed.poster.people", n=w.integer(count)),
        ]
        for code, count, _ in found
    ]
    return {"text": "", "counts": counts}


def _fieldwork(u: UnitReport) -> str:
    start, end = fieldwork(u)
    return u.words.date_range(start, end) if start or end else letterhead.facts(u)["period"]


def _strip(number: dict[str, Any], lang: str) -> dict[str, Any] | None:
    found = strip(number, lang)
    return None if found is None else found.to_typst()


def _cautions(u: UnitReport) -> list[str]:
    """What must stand beside the number: too few answers, another scale, an unsur that nobody answered."""
    told = []
    if u.kind == ALIKE:
        census = u.population is not None and u.n_valid >= u.population
        told.append(u.words("printed.poster.alike_census" if census else "printed.poster.alike"))
    for notice in headline.cautions(u):
        data = notice.to_json()
        text = "".join(part["text"] for part in data["parts"])
        told.append(f"{data['title']}. {text}" if data.get("title") else text)
    return told


def _notes(u: UnitReport, interval: bool) -> list[str]:
    """The small print: the rule, how respondents came, what the interval takes for granted."""
    w, told = u.words, []
    if not u.foreign:
        key = "rule_own" if len(set(weights_of(u).values())) > 1 else "rule"
        told.append(w(f"printed.poster.{key}", rule=u.rule.short, factor=w.number(u.factor, 0)))
    if interval and u.ikm is not None and u.ikm.reason != "census":
        told.append(w(f"printed.poster.{how_drawn(u.survey.definition.sampling)}"))
    return told
