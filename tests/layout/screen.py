"""What is wrong with a finished page on a screen: one script, run in a browser, for each page and width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.chromium import show

WIDTHS = (390, 1280)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the rule, the page, the screen's width, the part of the page and what was seen."""

    rule: str
    page: str
    width: int
    part: str
    seen: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.page} at {self.width} px, {self.part}: {self.seen}"


@cache
def script() -> str:
    """Return the script of all rules."""
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def faults(browser: Any, path: Path, width: int, name: str = "") -> list[Fault]:
    """What is wrong with a page on a screen of this width."""
    show(browser, path, width)
    found = browser.execute_async_script(
        "const done = arguments[0]; document.fonts.ready.then(() => (() => {" + script() + "})())"
        ".then(done, error => done(String(error.stack)))"
    )
    if isinstance(found, str):
        raise AssertionError(f"{path}: {found}")
    return [Fault(rule, name or path.name, width, part, seen) for rule, part, seen in found]


def wrong(
    browser: Any, folder: Path, pages: Iterable[Path], widths: Iterable[int] = WIDTHS
) -> Iterator[Fault]:
    """What is wrong with pages of a folder."""
    for path in pages:
        for width in widths:
            yield from faults(browser, path, width, path.relative_to(folder).as_posix())


def counts(found: Iterable[Fault]) -> dict[tuple[str, int], int]:
    """How often each rule is broken, by width."""
    return dict(sorted(Counter((fault.rule, fault.width) for fault in found).items()))


def pages(folder: Path) -> list[Path]:
    """All pages of a survey's reports, public and internal."""
    return sorted(path for path in folder.rglob("*.html"))
