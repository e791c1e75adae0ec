"""When the results were released, whom to ask, under which licence, and what was corrected: as the definition says."""

from __future__ import annotations

from typing import Any

from pipeline import blocks
from pipeline.report.base.foreign import given
from pipeline.report.data.city import CityReport, parts


def release(city: CityReport) -> Any:
    """Return what the definition says of the release; what it does not say is left out."""
    w, definition = city.words, city.survey.definition
    told, contact = definition.release, definition.contact
    said: list[Any] = []
    if definition.conducted_by:
        who = w.join([name for name in (definition.conducted_by, definition.partner) if name])
        said.append(parts(w, "story.release.by", who=who))
    day = told.date or definition.report_date
    if day:
        said.append(parts(w, "story.release.date", date=w.date(day)))
    if following := given(city.survey, told.next, city.lang):
        said.append(parts(w, "story.release.next", next=following))
    if any((contact.name, contact.email, contact.phone, contact.address, contact.url)):
        said.append(_contact(city))
    if told.licence:
        said.append(parts(w, "story.release.licence", licence=told.licence))
    made: list[Any] = [blocks.bullets(said)] if day or len(said) > 1 else []
    return blocks.group(*made, *_corrections(city))


def _contact(city: CityReport) -> list[Any]:
    w, contact = city.words, city.survey.definition.contact
    ways: list[Any] = [contact.name] if contact.name else []
    if contact.email:
        ways.append(blocks.link(contact.email, f"mailto:{contact.email}"))
    ways += [text for text in (contact.phone, contact.address) if text]
    if contact.url:
        safe = contact.url.startswith(("https://", "http://"))
        ways.append(blocks.link(contact.url, contact.url) if safe else contact.url)
    made = parts(w, "story.release.contact")
    for at, way in enumerate(ways):
        made += [", " if at else " ", way]
    return made


def _corrections(city: CityReport) -> list[Any]:
    w, definition = city.words, city.survey.definition
    found = sorted(definition.release.corrections, key=lambda one: one.date, reverse=True)
    if not found:
        return []
    return [
        blocks.table(
            columns=blocks.columns(
                w, date=("story.release.col_date", ""), what=("story.release.col_what", "4fr")
            ),
            rows=[[w.date(one.date), given(city.survey, one.what, city.lang)] for one in found],
            caption=w("story.release.corrections"), key="corrections",
        )
    ]  # fmt: skip
