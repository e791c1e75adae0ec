"""The portal: one page that leads to everything public of a survey, without a server.

Self-contained (no outside address), readable without JavaScript; a small script adds
search, a filter and sorting. It links only to files under ``public/`` that exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import results, standings
from pipeline.office import (
    downloads,
    portal_difference,
    portal_filters,
    portal_letters,
    portal_plan,
    portal_target,
    portal_years,
    template,
)
from pipeline.office.city import Results, open_results, title
from pipeline.render import tokens
from pipeline.render.html_names import marked
from pipeline.results import store
from pipeline.survey import sets
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.survey import Survey

#: Files of a unit that the portal offers, in order: name and label key.
UNIT_FILES = (
    ("report.html", "html"), ("report.pdf", "pdf"), ("report.docx", "docx"),
    ("form.pdf", "form"), ("poster.pdf", "poster"), ("poster-a3.pdf", "poster_a3"), ("poster.png", "poster_png"),
    ("poster-social.png", "poster_social"), ("data.xlsx", "data"),
)  # fmt: skip
FIRST = "index.html"
#: Files that are written anew in every language; of the others one serves all.
PAGES = ("report", "overview", "annex", "brief", "slides")
#: Units on one page: what a browser shows, searches and sorts at once, in some 400 kB.
PAGE = 300
#: Files of the whole survey.
CITY_FILES = (
    ("overview.html", "overview_html"), ("overview.pdf", "overview_pdf"),
    ("annex.html", "annex_html"), ("annex.pdf", "annex_pdf"),
    ("overview.docx", "overview_docx"),
    ("brief.pdf", "brief"), ("slides.html", "slides"),
    ("results.csv", "results_csv"), ("results.xlsx", "results_xlsx"), ("results.sav", "results_sav"),
    ("codebook.csv", "codebook"),
    ("results.parquet", "results_parquet"), ("results.metadata.json", "results_metadata"),
)  # fmt: skip


def write(
    survey: Survey | str,
    lang: str = "id",
    failed: Iterable[str] | Mapping[str, str] = (),
    root: Path | str | None = None,
    more: Sequence[str] = (),
) -> Path:
    """Write ``reports/<survey>/public/index.html``, and everything public in one file beside it.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey, or its name under ``data/raw``.
    lang : str
        ``id`` or ``en``.
    failed : iterable of unit ids, or mapping of unit id to reason
        Units whose report could not be made in this run: listed as such and not linked,
        whatever an earlier run left behind.
    root : Path, optional
        Where ``data/raw`` lies, when a name is given.
    more : sequence of str
        Further languages; each gets a page of its own, ``index.<lang>.html``.

    Returns
    -------
    Path
        The page.
    """
    found = open_results(survey, root, modules=("index", "sampling", "priorities"))
    public, broken = Path(found.survey.public), set(failed)
    sites = [
        Site(one, f".{one}" if one != lang else "", (lang, *more)) for one in dict.fromkeys((lang, *more))
    ]
    packed = downloads.offered(found.survey, broken)
    written = set()
    for site in sites:
        for name, html in pages(found, site, broken, packed=packed):
            with store.replacing(public / name) as aside:
                aside.write_text(html, encoding="utf-8", newline="\n")
            written.add(name)
    for old in (*public.glob("index-*.html"), *public.glob("index.*.html")):  # an earlier list was longer
        if old.name not in written:
            old.unlink()
    if packed:
        inside = {name: html for site in sites for name, html in pages(found, site, broken)}
        downloads.write(found.survey, inside, broken)
    else:
        (public / downloads.NAME).unlink(missing_ok=True)
    return public / FIRST


@dataclass(frozen=True)
class Site:
    """The portal in one language: what its files' names carry, and the languages that there are, the first first."""

    lang: str
    mark: str = ""
    languages: tuple[str, ...] = ()

    def address(self, number: int = 1) -> str:
        """Name of a page.

        Examples
        --------
        >>> Site("id").address(), Site("en", ".en").address(2)
        ('index.html', 'index.en-2.html')
        """
        return f"index{self.mark}{f'-{number}' if number > 1 else ''}.html"

    def named(self, name: str) -> str:
        """Name of a report's file in this language.

        Examples
        --------
        >>> Site("en", ".en").named("report.pdf")
        'report.en.pdf'
        """
        stem, dot, ending = name.partition(".")
        return f"{stem}{self.mark}{dot}{ending}"

    @property
    def others(self) -> list[tuple[str, str]]:
        """The other languages with the address of their first page."""
        first = self.languages[0] if self.languages else self.lang
        return [
            (one, Site(one, f".{one}" if one != first else "").address())
            for one in dict.fromkeys(self.languages)
            if one != self.lang
        ]


def pages(
    found: Results, site: Site | str, failed: set[str], *, packed: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield name and HTML of each page: one, or by the alphabet where units are many."""
    site = Site(site) if isinstance(site, str) else site
    rows = list(standings.rows_of(found.standings))
    parts = [rows]
    if len(rows) > PAGE:
        rows = sorted(rows, key=lambda row: (str(row.name).casefold(), row.unit))
        parts = [rows[first : first + PAGE] for first in range(0, len(rows), PAGE)]
    listed = [
        {"address": site.address(number), "number": number, "first": part[0].name, "last": part[-1].name}
        for number, part in enumerate(parts, 1)
        if part
    ]
    render = _renderer(found, site, len(rows), listed, packed)
    w = found.words(site.lang)
    home = found.survey.definition.languages[0]
    for number, part in enumerate(parts, 1):
        page = render([_unit(found, row, w, failed, site) for row in part], number)
        yield site.address(number), page if site.lang == home else marked(page, [r.name for r in part], home)


def _renderer(
    found: Results, site: Site, total: int, listed: list[dict[str, Any]], packed: bool
) -> Callable[[list[dict[str, Any]], int], str]:
    """Return what makes a page of some units; all that the pages share is made once."""
    w, definition = found.words(site.lang), found.survey.definition
    shared = {
        "t": lambda key, **values: w(f"portal.{key}", **values),
        "lang": site.lang,
        "others": site.others,
        "title": title(found.survey, site.lang),
        "city": definition.city,
        "survey": found.survey.name,
        "period": _period(found, w),
        "rule": found.rule.short,
        "conducted_by": definition.conducted_by,
        "partner": definition.partner,
        "synthetic": definition.synthetic,
        "foreign": found.foreign,
        "headline": _headline(found, w),
        "target": portal_target.city(found, w),
        "change": portal_years.city(found, w),
        "has_differences": bool(portal_difference.verdicts(found)),
        "has_years": portal_years.years(found) is not None,
        "has_targets": bool(portal_target.verdicts(found)),
        "unknown": _unknown(found, w, site),
        "files": _city_files(found, site, packed),
        "total": w.integer(total),
        "pages": listed if len(listed) > 1 else [],
        "letters": _letters(found, site.lang),
        "css": tokens.css() + f":root{{--scale:{portal_letters.scale(found)}}}" + template.text("portal.css"),
        "script": template.text("portal.js"),
    }
    page = template.page("portal.html")

    def render(units: list[dict[str, Any]], number: int) -> str:
        first = number == 1
        return page.render(
            **shared, units=units, number=number, groups=portal_filters.groups(units, w),
            sets=_sets(found, site) if first else [],
            distribution=portal_letters.distribution(found, w, site.lang) if first else None,
        )  # fmt: skip

    return render


def _period(found: Results, w: Words) -> str:
    fieldwork = found.survey.definition.fieldwork
    if fieldwork.start or fieldwork.end:
        return w.date_range(fieldwork.start, fieldwork.end)
    return str(found.survey.period)


def _files(public: Path, folder: str, names: Iterable[tuple[str, str]], site: Site) -> list[tuple[str, str]]:
    """Return label key and relative address of the files that exist, in the page's language where there is one."""
    made = []
    for name, key in names:
        choices = (site.named(name), name) if name.split(".")[0] not in PAGES else (site.named(name),)
        address = next((folder + one for one in choices if (public / folder / one).is_file()), "")
        if address:
            made.append((key, address))
    return made


def _city_files(found: Results, site: Site, packed: bool) -> list[tuple[str, str]]:
    """Files of the whole survey, and the one with everything in it."""
    listed = _files(Path(found.survey.public), "", CITY_FILES, site)
    return [*listed, ("all", downloads.NAME)] if packed else listed


def _sets(found: Results, site: Site) -> list[dict[str, Any]]:
    """Sets of units that have an overview: name, number of units, and its files."""
    public = Path(found.survey.public)
    listed = []
    for part in sets.declared(found.survey):
        names = (
            ("overview.html", "html"),
            ("overview.pdf", "pdf"),
            ("annex.html", "annex"),
            ("overview.docx", "docx"),
        )
        if files := _files(public, f"{sets.FOLDER}/{part.slug}/", names, site):
            listed.append({"name": part.name, "units": len(part.units), "files": files})
    return listed


def _unit(found: Results, row: Any, w: Words, failed: set[str], site: Site) -> dict[str, Any]:
    """One line of the table: what is printed, and what it is sorted by."""
    public = Path(found.survey.public)
    broken = row.unit in failed
    files = [] if broken else _files(public, f"units/{found.survey.slug(row.unit)}/", UNIT_FILES, site)
    main = next((address for key, address in files if key in ("html", "pdf")), "")
    has_index = row.ikm == row.ikm
    if broken:
        state = "failed"
    elif row.n_valid < 1:
        state = "no_data"
    elif row.sign == "x":
        state = "few"
    elif not main:
        state = "no_report"
    else:
        state = ""
    known = row.required == row.required
    sure = standings.confidence_words(w, row.confidence) if row.confidence == row.confidence else ""
    code = row.certainty
    if code and row.reason == "census":
        code, sure = "census", ""
    certainty = w("short.same") if standings.alike(row) else w.label("certainty", code) if code else ""
    shown = has_index and row.sign != "x"
    target = portal_target.unit(found, row.unit, w) if shown else None
    return {
        "id": row.unit,
        "name": row.name,
        "type": row.type,
        "main": main,
        "files": files,
        "state": state,
        "sign": row.sign if row.n_valid >= 1 else "",
        "n": w.integer(row.n_valid),
        "n_key": f"{row.n_valid:.0f}",
        "required": w.integer(row.required) if known else "",
        "ikm": w.number(row.ikm) if has_index else "",
        "ikm_key": f"{row.ikm:.6f}" if has_index else "",
        "interval": interval(w, row),
        "letter": row.letter,
        "certainty": f"{certainty} ({sure})" if certainty and sure else certainty,
        "against": portal_difference.unit(found, row.unit, w) if shown else None,
        "change": portal_years.unit(found, row.unit, w) if shown else None,
        "target": target,
        "lowest": _lowest(found, row, w, site.lang) if shown else "",
        "strip": portal_letters.strip(found, row),
        "slug": found.survey.slug(row.unit),
        "keys": portal_filters.keys(
            row, code, target["key"] if target else "", portal_plan.states(found).get(row.unit, "")
        ),
    }


def interval(w: Words, row: Any) -> str:
    """A unit's interval; of a census none, as in its report: the word beside the letter says that all answered.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from pipeline.words import Words
    >>> row = SimpleNamespace(lower=88.0, upper=90.0, reason="")
    >>> interval(Words("en"), row), interval(Words("en"), SimpleNamespace(**{**vars(row), "reason": "census"}))
    ('88.00 – 90.00', '')
    """
    return w.interval(row.lower, row.upper) if row.lower == row.lower and row.reason != "census" else ""


def _lowest(found: Results, row: Any, w: Words, lang: str) -> str:
    """Names of the unsur of the lowest value; none where every unsur has it."""
    codes = [code for code in str(row.lowest_item).split(",") if code]
    if not codes or len(codes) == len(found.context.items) > 1:
        return ""
    return w.join([f"{code.rpartition('.')[2]} {found.context.name(code, lang)}" for code in codes])


def _unknown(found: Results, w: Words, site: Site) -> dict[str, str] | None:
    """Rows that name no listed unit: their number, and the report about them when there is one."""
    table = found.table("index")
    rows = table[(table["scope"] == "unit") & (table["unit"] == standings.UNKNOWN)]
    rows = rows[(rows["statistic"] == "n") & (rows["item"] == "")]
    count = float(rows["estimate"].sum())
    if not count > 0:
        return None
    name = f"units/{standings.UNKNOWN}/{site.named('report.html')}"
    address = name if (found.survey.public / name).is_file() else ""
    return {"n": w.integer(count), "address": address}


def _headline(found: Results, w: Words) -> dict[str, Any] | None:
    """The city's index, interval and letter; none when there is none."""
    table = found.table("index")
    rows = table[(table["scope"] == "city") & (table["item"] == "") & (table["service"] == "")]
    rows = rows[rows["group"] == ""]
    indices = rows[rows["statistic"] == "ikm"]
    chosen = indices[indices["text"] == "headline"]
    row = next(results.rows_of(chosen if len(chosen) else indices), None)
    if row is None or row.estimate != row.estimate:
        return None
    same = rows[rows["method"] == row.method]
    letter = next(iter(same.loc[same["statistic"] == "letter", "text"]), "")
    key = f"overview.city_method.{row.method}"
    return {
        "value": w.number(row.estimate),
        "interval": w.interval(row.lower, row.upper) if row.lower == row.lower else "",
        "letter": letter,
        "letter_name": w.label("letter", letter) if letter else "",
        "method": w(key) if w.has(key) else str(row.method),
        "census": row.reason == "census",
        "counted": _counted(found, w),
    }


def _counted(found: Results, w: Words) -> str:
    """How many of the listed units the headline is made of, and whether it is for information only."""
    counted = standings.counted_units(found.table("index"))
    if counted is None:
        return ""
    left = counted.left_out(len(found.private))
    key = "information" if counted.information else "left" if left else "all"
    return w(
        f"portal.counted_{key}", kinds=standings.left_out_words(w, left), units=w.integer(counted.units),
        listed=w.integer(counted.listed),
        only=w.integer(counted.only), people=w.integer(counted.people), valid=w.integer(counted.valid),
    )  # fmt: skip


def _letters(found: Results, lang: str) -> list[tuple[str, str, str]]:
    """Letters of the rule with name and printed bounds, best first; none on a foreign scale."""
    if found.foreign:
        return []
    w = found.words(lang)
    return [
        (letter.letter, letter.name[lang], f"{w.number(letter.lower)}–{w.number(letter.upper)}")
        for letter in found.rule.letters
    ]
