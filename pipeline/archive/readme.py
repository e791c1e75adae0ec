"""``README.md`` and ``README.id.md`` of a package, in the template of the Social Science Data Editors.

Filled from the definition and the results; what neither says is marked ``TO DECIDE`` (``BELUM DIPUTUSKAN``), never
made up. The English one is what a deposit asks for; who holds the survey's reports reads Indonesian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline
from pipeline.office.city import title as titled
from pipeline.rules.datafile import parse
from pipeline.run import arithmetic

from . import citation, exhibits, wheel

if TYPE_CHECKING:
    from pipeline.office.city import Results

TEMPLATES = Path(__file__).resolve().parent / "templates"
#: The README of each language, and what marks a place that only its author can fill.
FILES = {"en": "README.md", "id": "README.id.md"}
UNDECIDED = {"en": citation.UNDECIDED, "id": "BELUM DIPUTUSKAN"}
FILE = FILES["en"]
LANG = "en"
#: Seconds a listed unit may take on two cores, everything included: the bar of the project's own benchmark (a city of
#: 48 units in two minutes), by which the class of time is told; no run is timed for a document.
SECONDS_A_UNIT = 120 / 48
#: Classes of time of the template, by their upper end in minutes.
TIMES = ((10, "less than 10 minutes"), (60, "10 to 60 minutes"), (120, "1 to 2 hours"), (480, "2 to 8 hours"),
         (1440, "8 to 24 hours"))  # fmt: skip


@dataclass(frozen=True)
class Given:
    """What a README tells of besides the survey itself.

    Attributes
    ----------
    made : mapping
        ``run.json``.
    files : mapping
        Files of the package so far.
    from_tables : sequence of str
        Files that come out of the result tables again.
    missing : sequence of str
        Those of them that were not the bytes that the run had published.
    absent : sequence of (file, hash, why)
        What the run read and the package does not hold.
    calls : sequence of str
        Sections left out of executed notebooks.
    microdata : mapping or None
        Rows, units and agreement of the anonymised answers.
    """

    made: Mapping[str, Any]
    files: Mapping[str, bytes]
    from_tables: Sequence[str]
    missing: Sequence[str]
    absent: Sequence[tuple[str, str, str]]
    calls: Sequence[str]
    microdata: Mapping[str, Any] | None = None


def asked(made: Mapping[str, Any]) -> dict[str, str]:
    """What decided the order of sums in a run; where nothing was asked for, with the kernels that were chosen here."""
    recorded: dict[str, str] = dict(made["arithmetic"])
    chosen = "" if arithmetic.CHOICE in recorded else arithmetic.core()
    return {**recorded, **({arithmetic.CHOICE: chosen} if chosen else {})}


@lru_cache(maxsize=1)
def indonesian() -> dict[str, str]:
    """The Indonesian counterpart of every text that a README's lists have in English."""
    text = (TEMPLATES / "id.yml").read_text(encoding="utf-8")
    found: dict[str, str] = parse(text)
    return found


def said(text: str, lang: str) -> str:
    """A text of a list in a language.

    Examples
    --------
    >>> said("computed", "id"), said("computed", "en")
    ('hasil hitung', 'computed')
    """
    return indonesian()[text] if lang == "id" else text


def write(found: Results, given: Given, lang: str = LANG) -> bytes:
    """Return the README in a language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Markdown, not HTML: what could end a table's cell or a code span is escaped in `plain`.
    loader = FileSystemLoader(TEMPLATES)
    home = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    facts = {**_survey(found, lang), **_software(found, given, lang), **_lists(found, given, lang)}
    template = home.get_template(f"{FILES[lang]}.j2")
    text = template.render(**facts, undecided=[])
    places = [""] * text.count(UNDECIDED[lang])
    return template.render(**facts, undecided=places).encode()


def plain(text: str, lang: str = LANG) -> str:
    """A text of the definition inside Markdown: one line, nothing that marks up or ends a cell.

    Examples
    --------
    >>> plain("a | b\\n<i>"), plain("")
    ('a \\\\| b &lt;i&gt;', 'TO DECIDE')
    """
    line = " ".join(text.split()) or UNDECIDED[lang]
    for sign in "\\`[]|":
        line = line.replace(sign, "\\" + sign)
    return line.replace("<", "&lt;").replace(">", "&gt;")


def _survey(found: Results, lang: str) -> dict[str, Any]:
    stated, survey, w = found.survey.definition, found.survey, found.words(lang)
    title = titled(survey, lang)
    holder = plain(stated.conducted_by, lang)
    contact = ", ".join(part for part in (stated.contact.name, stated.contact.email) if part)
    # Of files that were filled in otherwise than the rest, each says so itself.
    modes = dict.fromkeys(mode for mode in (stated.mode, *(file.mode for file in stated.files)) if mode)
    asked_by = ", ".join(w.label("mode", mode) for mode in modes)
    work, with_data = stated.fieldwork, found.standings[found.standings["n_valid"] >= 1]
    to = {"en": "to", "id": "sampai"}[lang]
    dates = f"{work.start} {to} {work.end}" if work.start and work.end else ""
    head = next(
        iter(found.table("index").query("scope == 'city' and statistic == 'n_valid' and item == ''")["n"]), 0
    )
    # The count of the city holds those who named no listed unit, too.
    respondents = int(with_data["n_valid"].sum())
    return {
        "title": plain(citation.title(survey, lang), lang), "survey_title": plain(title, lang), "name": survey.name,
        "city": plain(stated.city) if stated.city else "", "period": plain(survey.period, lang), "fieldwork": dates,
        "conducted_by": holder, "partner": plain(stated.partner) if stated.partner else "", "rule": found.rule.short,
        "rule_title": found.rule.title, "sampling": plain(stated.sampling, lang), "mode": plain(asked_by, lang),
        "synthetic": stated.synthetic, "licence": plain(stated.release.licence, lang), "holder": holder,
        "contact": plain(contact) if contact else "", "respondents": w.integer(respondents), "units": len(survey.units),
        "nowhere": w.integer(int(head) - respondents) if head > respondents else "",
        "units_with": len(with_data), "outside": bool(survey.outside),
        "cite": f"{holder} ({plain(survey.period, lang)})",
        "cite_full": f"{holder} ({plain(survey.period, lang)}). {plain(title, lang)}. Dataset.",
    }  # fmt: skip


def _software(found: Results, given: Given, lang: str) -> dict[str, Any]:
    versions = given.made["versions"]
    minutes = len(found.survey.units) * SECONDS_A_UNIT * len(given.made["languages"]) / 60
    size = sum(len(content) for content in given.files.values()) / 1_000_000
    return {
        "python": versions["python"], "version": pipeline.__version__, "wheel": wheel.filename(),
        "package": given.made["package"][:16], "platform": given.made["platform"],
        "libraries": [f"{n} {v}" for n, v in versions.items() if n not in ("python", "skm-pipeline")],
        "core": ", ".join(f"{name}={value}" for name, value in asked(given.made).items()),
        "runtime": said(next((told for most, told in TIMES if minutes < most), "more than a day"), lang),
        "storage": max(1, round(size)),
    }  # fmt: skip


def _lists(found: Results, given: Given, lang: str) -> dict[str, Any]:
    template = found.survey.definition.template
    shipped = wheel.notebooks()
    return {
        "from_tables": [f"`{name}`" for name in given.from_tables], "missing": list(given.missing),
        "microdata": given.microdata,
        "absent": [(name, sha, said(why, lang)) for name, sha, why in given.absent],
        "calls": [f"`{call}`" for call in given.calls],
        "earlier": sorted(given.made.get("earlier", {})), "datasets": _datasets(given.files, lang),
        "programs": [one._replace(title=said(one.title, lang)) for one in exhibits.programs(shipped)],
        "exhibits": [_exhibit(one, lang) for one in exhibits.exhibits(shipped, template, lang)],
    }  # fmt: skip


def _exhibit(one: exhibits.Exhibit, lang: str) -> exhibits.Exhibit:
    here = one.output.startswith("results/")
    return one._replace(needs=said(one.needs, lang), output=one.output if here else said(one.output, lang))


#: What each kind of data file of a package is, by the beginning of its name.
_KINDS = (
    ("survey/data/raw/", "the office", "definition of the survey"),
    ("survey/data/processed/", "computed", "result table; columns in the codebook"),
    ("results/public/results", "computed", "published numbers"),
    ("results/public/codebook", "computed", "meaning of every code"),
    ("appendix/data-appendix.csv", "computed", "variables, values, counts"),
    ("microdata/data/raw/", "respondents, anonymised", "answers and their definition"),
    ("microdata/disclosure.csv", "computed", "disclosure risk, a row a unit"),
    ("microdata/agreement.csv", "computed", "published numbers that come out again"),
)
_DATA = (".csv", ".parquet", ".xlsx", ".sav", ".yml", ".json")


def _datasets(files: Mapping[str, bytes], lang: str) -> list[dict[str, str]]:
    return [
        {"file": name, "source": said(source, lang), "notes": said(notes, lang), "given": said("Yes", lang)}
        for name in sorted(files)
        for beginning, source, notes in _KINDS
        if name.startswith(beginning) and name.endswith(_DATA)
    ]
