"""What a report can be made as, in the order in which it is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

#: A page, the same to print, the same to edit; the regulation's processing form; the poster for the counter;
#: two pages and slides about the city.
Format = Literal["html", "pdf", "docx", "form", "poster", "brief"]
FORMATS: tuple[Format, ...] = get_args(Format)
#: Made from the executed notebook; the others are drawn from the tables.
PAGES: tuple[Format, ...] = ("html", "pdf", "docx")
#: What is made where nobody says anything.
USUAL: tuple[Format, ...] = ("html", "pdf")
#: Made of the city alone: no report depends on them.
OF_CITY: tuple[Format, ...] = ("brief",)
#: Files of the brief, in any language.
BRIEF = ("brief*.pdf", "slides*.html")


def of_brief(public: Path) -> list[Path]:
    """Return the files of the brief that a folder holds."""
    return sorted(path for name in BRIEF for path in public.glob(name))
