"""What is wrong with the printed reports of a finished survey: one gate of all rules that paper is held to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.layout import accessible, printed, printed_cells, printed_marks, tree


def files(public: Path) -> list[Path]:
    """Every printed file of a finished survey."""
    return sorted(public.rglob("*.pdf"))


def wrong(path: Path) -> Iterator[str]:
    """What is wrong with a printed file, and with what its page shows, in words."""
    pages = printed.sheets(path)
    found = list(printed.faults(pages))
    for number, page in enumerate(pages, 1):
        found += [(number, f"a mark under the text {text!r}") for text in printed_marks.over_marks(page)]
        found += [(number, f"a cell of {said}") for said in printed_cells.folded(page)]
    for number, said in sorted(found):
        yield f"{path.name}, page {number}: {said}"
    yield from accessible.wrong(path)
    page = path.with_suffix(".html")
    if page.is_file():
        for said in tree.faults(tree.of_page(page.read_text(encoding="utf-8"))):
            yield f"{path.name}: {said}"


def faults(public: Path) -> list[str]:
    """What is wrong with all printed files of a finished survey."""
    return [f"{path.relative_to(public).parent}: {said}" for path in files(public) for said in wrong(path)]
