"""Whom to cite and under which licence: what the definition says, and what its author must still decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

import pipeline
from pipeline.office.city import title as titled

if TYPE_CHECKING:
    from pipeline.survey import Survey

UNDECIDED = "TO DECIDE"
#: Licences by which results are usually given, as SPDX calls them, with the address of their text.
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}


def spdx(licence: str) -> str:
    """A licence as SPDX calls it; ``""`` where it is none of the usual.

    Examples
    --------
    >>> spdx("CC BY 4.0"), spdx("cc-by-sa 4.0"), spdx("as the city says")
    ('CC-BY-4.0', 'CC-BY-SA-4.0', '')
    """
    plain = re.sub(r"[^a-z0-9]+", "", licence.casefold())
    return next((name for name in LICENCES if re.sub(r"[^a-z0-9]+", "", name.casefold()) == plain), "")


def title(survey: Survey, lang: str = "en") -> str:
    """Title of the package."""
    kind = {"en": "Replication package", "id": "Paket replikasi"}[lang]
    return f"{kind}: {titled(survey, lang)}"


def authors(survey: Survey) -> list[str]:
    """Who carried the survey out, and with whom; empty where the definition does not say."""
    return [name for name in (survey.definition.conducted_by, survey.definition.partner) if name]


def published_on(survey: Survey) -> str:
    """The day of release, else the latest day that the definition states, else the period: never today."""
    stated = survey.definition
    if stated.release.date or stated.report_date:
        return str(stated.release.date or stated.report_date)
    days = [day for day in (stated.fieldwork.extracted, stated.fieldwork.end) if day]
    years = survey.years
    return str(max(days)) if days else str(years[1]) if years else ""


def cff(survey: Survey) -> bytes:
    """``CITATION.cff`` of the package (Citation File Format 1.2.0)."""
    stated = survey.definition
    made: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use these results, please cite the survey and the software that computed them.",
        "type": "dataset",
        "title": title(survey),
        "authors": [{"name": name} for name in authors(survey) or [UNDECIDED]],
    }
    if stated.release.date or stated.report_date:
        made["date-released"] = str(stated.release.date or stated.report_date)
    if known := spdx(stated.release.licence):
        made["license"] = known
    if stated.contact.email:
        made["contact"] = [
            {"name": stated.contact.name or stated.conducted_by or UNDECIDED, "email": stated.contact.email}
        ]
    made["references"] = [{
        "type": "software", "title": "skm-pipeline", "version": pipeline.__version__,
        "authors": [{"name": "The skm-pipeline authors"}], "license": "BSD-3-Clause",
    }]  # fmt: skip
    text: str = yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


def licence_text(survey: Survey, software: str) -> bytes:
    """``LICENSE.txt``: of the results as the definition says, of the software its own."""
    stated = survey.definition.release.licence
    results = (
        stated
        or f"{UNDECIDED}: under which licence results and definition may be used (release: licence: in survey.yml)"
    )
    address = LICENCES.get(spdx(stated), "")
    parts = [
        "Results, definition and documents of this package", "", results, *([address] if address else []), "",
        "Software (code/)", "", software.strip(), "",
    ]  # fmt: skip
    return "\n".join(parts).encode()
