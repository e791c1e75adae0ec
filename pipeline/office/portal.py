"""The portal: one page that leads to everything public of a survey, without a server.

Self-contained (no outside address), readable without JavaScript; a small script adds
search, a filter and sorting. It links only to files under ``public/`` that exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import results, standings
from pipeline.office import portal_difference, portal_years
from pipeline.office.city import Results, open_results, title
from pipeline.results import store
from pipeline.survey import sets
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.survey import Survey

TEMPLATES = Path(__file__).resolve().parent / "templates"

#: Files of a unit that the portal offers, in order: name and label key.
UNIT_FILES = (
    ("report.html", "html"), ("report.pdf", "pdf"), ("report.docx", "docx"),
    ("form.pdf", "form"), ("poster.pdf", "poster"), ("poster-a3.pdf", "poster_a3"), ("poster.png", "poster_png"),
    ("poster-social.png", "poster_social"), ("data.xlsx", "data"),
)  # fmt: skip
FIRST = "index.html"
#: Units on one page: what a browser shows, searches and sorts at once, in under 400 kB.
PAGE = 500
#: Files of the whole survey.
CITY_FILES = (
    ("overview.html", "overview_html"), ("overview.pdf", "overview_pdf"),
    ("results.csv", "results_csv"), ("results.xlsx", "results_xlsx"),
    ("results.parquet", "results_parquet"), ("results.metadata.json", "results_metadata"),
)  # fmt: skip


def write(
    survey: Survey | str,
    lang: str = "id",
    failed: Iterable[str] | Mapping[str, str] = (),
    root: Path | str | None = None,
) -> Path:
    """Write ``reports/<survey>/public/index.html``.

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

    Returns
    -------
    Path
        The page.
    """
    found = open_results(survey, root, modules=("index", "sampling"))
    public = Path(found.survey.public)
    written = set()
    for name, html in pages(found, lang, set(failed)):
        with store.replacing(public / name) as aside:
            aside.write_text(html, encoding="utf-8", newline="\n")
        written.add(name)
    for old in public.glob("index-*.html"):  # an earlier list was longer
        if old.name not in written:
            old.unlink()
    return public / FIRST


def pages(found: Results, lang: str, failed: set[str]) -> Iterator[tuple[str, str]]:
    """Yield name and HTML of each page: one, or by the alphabet where units are many."""
    rows = list(standings.rows_of(found.standings))
    parts = [rows]
    if len(rows) > PAGE:
        rows = sorted(rows, key=lambda row: (str(row.name).casefold(), row.unit))
        parts = [rows[first : first + PAGE] for first in range(0, len(rows), PAGE)]
    listed = [
        {"address": FIRST if number == 0 else f"index-{number + 1}.html", "number": number + 1,
         "first": part[0].name, "last": part[-1].name}
        for number, part in enumerate(parts)
        if part
    ]  # fmt: skip
    render = _renderer(found, lang, len(rows), listed)
    for number, part in enumerate(parts):
        name = listed[number]["address"] if listed else FIRST
        yield str(name), render([_unit(found, row, found.words(lang), failed) for row in part], number + 1)


def _renderer(
    found: Results, lang: str, total: int, listed: list[dict[str, Any]]
) -> Callable[[list[dict[str, Any]], int], str]:
    """Return what makes a page of some units; all that the pages share is made once."""
    import jinja2

    w, definition = found.words(lang), found.survey.definition
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    fieldwork = definition.fieldwork
    period = (
        w.date_range(fieldwork.start, fieldwork.end)
        if fieldwork.start or fieldwork.end
        else str(found.survey.period)
    )
    template, types = (
        environment.get_template("portal.html"),
        sorted({u.type for u in found.survey.units if u.type}),
    )
    return lambda units, number: template.render(
        t=lambda key, **values: w(f"portal.{key}", **values),
        lang=lang,
        title=title(found.survey, lang),
        city=definition.city,
        survey=found.survey.name,
        period=period,
        rule=found.rule.short,
        conducted_by=definition.conducted_by,
        partner=definition.partner,
        synthetic=definition.synthetic,
        foreign=found.foreign,
        headline=_headline(found, w),
        change=portal_years.city(found, w),
        has_differences=bool(portal_difference.verdicts(found)),
        has_years=portal_years.years(found) is not None,
        unknown=_unknown(found, w),
        files=_files(Path(found.survey.public), "", CITY_FILES),
        sets=_sets(found) if number == 1 else [],
        units=units,
        total=w.integer(total),
        pages=listed if len(listed) > 1 else [],
        number=number,
        types=[name for name in types if any(unit["type"] == name for unit in units)],
        letters=_letters(found, lang),
        css=(TEMPLATES / "portal.css").read_text("utf-8"),
        script=(TEMPLATES / "portal.js").read_text("utf-8"),
    )


def _files(public: Path, folder: str, names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return label key and relative address of the files that exist."""
    return [(key, folder + name) for name, key in names if (public / folder / name).is_file()]


def _sets(found: Results) -> list[dict[str, Any]]:
    """Sets of units that have an overview: name, number of units, and its files."""
    public = Path(found.survey.public)
    listed = []
    for part in sets.declared(found.survey):
        names = (("overview.html", "html"), ("overview.pdf", "pdf"))
        if files := _files(public, f"{sets.FOLDER}/{part.slug}/", names):
            listed.append({"name": part.name, "units": len(part.units), "files": files})
    return listed


def _unit(found: Results, row: Any, w: Words, failed: set[str]) -> dict[str, Any]:
    """One line of the table: what is printed, and what it is sorted by."""
    public = Path(found.survey.public)
    broken = row.unit in failed
    files = [] if broken else _files(public, f"units/{found.survey.slug(row.unit)}/", UNIT_FILES)
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
    # Of a unit for information only nothing is said of certainty.
    certainty = w.label("certainty", row.certainty) if row.certainty and row.sign != "E" else ""
    shown = has_index and row.sign != "x"
    if standings.alike(row):
        certainty = w("short.same")
    elif certainty and row.reason == "census":
        certainty, sure = w.label("certainty", "census"), ""
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
        "interval": w.interval(row.lower, row.upper) if row.lower == row.lower else "",
        "letter": row.letter,
        "certainty": f"{certainty} ({sure})" if certainty and sure else certainty,
        "against": portal_difference.unit(found, row.unit, w) if shown else None,
        "change": portal_years.unit(found, row.unit, w) if shown else None,
    }


def _unknown(found: Results, w: Words) -> dict[str, str] | None:
    """Rows that name no listed unit: their number, and the report about them when there is one."""
    table = found.table("index")
    rows = table[(table["scope"] == "unit") & (table["unit"] == standings.UNKNOWN)]
    rows = rows[(rows["statistic"] == "n") & (rows["item"] == "")]
    count = float(rows["estimate"].sum())
    if not count > 0:
        return None
    folder = found.survey.public / "units" / standings.UNKNOWN
    address = f"units/{standings.UNKNOWN}/report.html" if (folder / "report.html").is_file() else ""
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
    key = "information" if counted.information else "left" if counted.only else "all"
    return w(
        f"portal.counted_{key}", units=w.integer(counted.units), listed=w.integer(counted.listed),
        only=w.integer(counted.only), people=w.integer(counted.people), answered=w.integer(counted.answered),
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
