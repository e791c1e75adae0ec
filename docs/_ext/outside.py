"""Pages that stand outside `docs/` (README, CONTRIBUTING, CHANGELOG) as pages of the site, and links to them."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
#: Files of the repository's top that are pages, by the page they become.
PAGES = {
    "CONTRIBUTING.md": "generated/contributing.md",
    "CHANGELOG.md": "generated/changelog.md",
    "tests/oracle/README.md": "generated/oracle.md",
    "benchmarks/results.md": "generated/benchmarks.md",
}
_UP = re.compile(r"\]\(\.\./([^)#]+)(#[^)]*)?\)")


def write(app: Sphinx) -> None:
    """Copy them before anything is read; their links into `docs/` become links beside."""
    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        text = re.sub(r"\]\((\.\./)?docs/", "](../", text).replace(
            "](tests/oracle/README.md)", "](oracle.md)"
        )
        put(Path(app.srcdir) / page, text)


def put(target: Path, text: str) -> None:
    """Write a page where it differs: what stays as it was is not read anew by the next build."""
    target.parent.mkdir(exist_ok=True)
    if not target.is_file() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")


def link(app: Sphinx, docname: str, source: list[str]) -> None:
    """A link out of `docs/` to a file that is a page of the site leads to that page."""

    def place(found: re.Match[str]) -> str:
        name, part = found.group(1), found.group(2) or ""
        return f"]({PAGES[name]}{part})" if name in PAGES else found.group(0)

    source[0] = _UP.sub(place, source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both."""
    app.connect("builder-inited", write)
    app.connect("source-read", link)
    return {"parallel_read_safe": True}
