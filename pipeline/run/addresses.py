"""What a page links to: the portal, its own other forms, the tables beside it, the reports of units.

Addresses are relative, so that the folder works wherever it is copied to, and only of files that are made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.survey import Survey
from pipeline.survey.formats import PAGES
from pipeline.survey.sets import NamedSet

from .plan import ANNEX, CITY, STEMS, Options, Subject, read_units

HOME = "index"
#: Files beside a unit's pages that its page offers, in order, with what each is called there.
OFFERED = {"data": "data.xlsx"}


@dataclass(frozen=True)
class Beside:
    """What there is beside the pages of one report.

    Attributes
    ----------
    up : str
        From the report's folder to that of the portal.
    forms : tuple of str
        In which the pages are made.
    files : tuple of str
        Names of what else lies in the folder.
    told : bool
        Whether these are the pages of a city or a set.
    names : mapping
        Slug to name of the units whose reports there are.
    reported : tuple of str
        Their pages, below the portal's folder.
    called : tuple of str
        Names of the units that the pages are about.
    spoken : str
        The language in which they are written.
    """

    up: str = ""
    forms: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    told: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    reported: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    spoken: str = ""

    def of(self, stem: str) -> dict[str, Any]:
        """What the page of this file stem links to: small links above it, and names of units.

        Examples
        --------
        >>> Beside("../../", ("html", "pdf"), ("data.xlsx",)).of("report.en")["nav"]
        [('home', '../../index.en.html'), ('pdf', 'report.en.pdf'), ('data', 'data.xlsx')]
        >>> Beside("", ("html",), told=True).of("overview")["nav"]
        [('home', 'index.html'), ('annex', 'annex.html')]
        """
        name, dot, language = stem.partition(".")
        mark = dot + language
        nav = [("home", f"{self.up}{HOME}{mark}.html")]
        if self.told:
            other = STEMS[ANNEX if name == STEMS[CITY] else CITY]
            nav.append((other, f"{other}{mark}.html"))
        nav += [(form, f"{stem}.{form}") for form in self.forms if form != "html"]
        for key, file in OFFERED.items():
            first, _, ending = file.partition(".")
            own = f"{first}{mark}.{ending}"
            nav += [(key, one) for one in dict.fromkeys((own, file)) if one in self.files][:1]
        links = self._links(mark)
        if self.told:
            links[f"{STEMS[ANNEX]}.html"] = f"{STEMS[ANNEX]}{mark}.html"
        return {"nav": nav, "links": links, "names": self.called, "spoken": self.spoken}

    def _links(self, mark: str) -> dict[str, str]:
        made = {path for path in self.reported if path.endswith(f"/report{mark}.html")}
        often = Counter(self.names.values())
        return {
            name: f"{self.up}units/{slug}/report{mark}.html"
            for slug, name in self.names.items()
            # Of two units of one name nobody knows which is meant.
            if often[name] == 1 and f"units/{slug}/report{mark}.html" in made
        }


def beside(
    survey: Survey,
    options: Options,
    unit: Subject,
    place: str,
    extras: Sequence[str],
    reported: Sequence[str],
) -> Beside:
    """What there is beside the pages of a unit's report, or of a set's or the city's (None).

    Parameters
    ----------
    survey, options
        Of the run.
    unit : mapping, NamedSet or None
    place : str
        Folder of the pages, below ``reports/<survey>``.
    extras : sequence of str
        What is made beside a unit's pages, below ``reports/<survey>``.
    reported : sequence of str
        Pages of units that there are, below the portal's folder.
    """
    told = unit is None or isinstance(unit, NamedSet)
    # A unit's page says of other units only what tables of all of them say: their names are no part of its state.
    called = (
        [one.name for one in survey.units]
        if told
        else [str(unit["name"])]
        if isinstance(unit, Mapping)
        else []
    )
    return Beside(
        up="" if unit is None else "../../",
        forms=tuple(f for f in PAGES if f in options.formats),
        files=tuple(name.removeprefix(f"{place}/") for name in extras if name.startswith(f"{place}/")),
        told=told,
        names={str(u["slug"]): str(u["name"]) for u in read_units(survey.processed)} if told else {},
        reported=tuple(reported) if told else (),
        called=tuple(called),
        spoken=str(survey.definition.languages[0]),
    )
