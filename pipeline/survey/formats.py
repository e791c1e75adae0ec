"""What a report can be made as, in the order in which it is listed."""

from __future__ import annotations

from typing import Literal, get_args

#: A page, the same to print, the same to edit; the regulation's processing form; the poster for the counter.
Format = Literal["html", "pdf", "docx", "form", "poster"]
FORMATS: tuple[Format, ...] = get_args(Format)
#: Made from the executed notebook; the others are drawn from the tables.
PAGES: tuple[Format, ...] = ("html", "pdf", "docx")
#: What is made where nobody says anything.
USUAL: tuple[Format, ...] = ("html", "pdf")
