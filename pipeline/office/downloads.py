"""Everything public of a survey in one file, for a USB stick or an e-mail: the same bytes every time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.office import packed, safe
from pipeline.results import store

if TYPE_CHECKING:
    from pipeline.survey import Survey

NAME = "all.zip"
#: More than this is no download any more; the files are still there one by one.
MOST_UNITS, MOST_BYTES = 500, 500_000_000
#: Packed already: packing them again takes time and saves nothing.
PACKED = (".pdf", ".xlsx", ".docx", ".png", ".jpg", ".parquet", ".sav")


def files(survey: Survey, failed: Collection[str] = ()) -> dict[str, Path]:
    """Public files by address, but the portal's own pages, and reports that failed now and are there from before."""
    public = Path(survey.public)
    old = tuple(f"units/{survey.slug(unit)}/" for unit in failed)
    found = {p.relative_to(public).as_posix(): p for p in sorted(public.rglob("*")) if p.is_file()}
    own = [name for name in found if name == NAME or ("/" not in name and name.startswith("index"))]
    return {
        name: path for name, path in found.items() if name not in own and not (old and name.startswith(old))
    }


def offered(survey: Survey, failed: Collection[str] = ()) -> bool:
    """Whether the portal offers one file with everything: not of a country, and not of nothing."""
    if len(survey.units) > MOST_UNITS:
        return False
    sizes = [path.stat().st_size for path in files(survey, failed).values()]
    return 0 < sum(sizes) <= MOST_BYTES


def write(survey: Survey, pages: Mapping[str, str], failed: Collection[str] = ()) -> Path:
    """Write ``public/all.zip`` with every public file, and the portal's own pages as they are given.

    Parameters
    ----------
    survey : Survey
    pages : mapping of address to HTML
        The portal for inside the file, which does not offer the file itself.
    failed : collection of unit ids
        Units whose files are left out.

    Returns
    -------
    Path
    """
    path, kept = Path(survey.public) / NAME, files(survey, failed)
    contents = (
        (f"{survey.name}/{name}", pages[name].encode("utf-8") if name in pages else kept[name].read_bytes())
        for name in sorted({*kept, *pages})
    )
    with store.replacing(path) as aside:
        packed.write(aside, contents, safe.CREATED.timetuple()[:6], PACKED)
    return path
