"""The templates of the office's own pages; what they are filled with is escaped unless it is markup."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "templates"


def text(name: str) -> str:
    """Return what stands in a file beside the templates: style, script."""
    return (FOLDER / name).read_text("utf-8")


@cache
def page(name: str) -> Any:
    """Return a template by the name of its file; a value that it asks for and is not given is an error."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    ).get_template(name)  # fmt: skip
