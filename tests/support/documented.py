"""Commands that README and docs tell a reader to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PROMPT = re.compile(r"^(?: {4})?(?:\$ )?((?:skm|make|python -m pipeline) .+)$")


def pages() -> list[Path]:
    """README in both languages, and every page of the documentation."""
    return [*sorted(ROOT.glob("README*.md")), ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(text: str) -> Iterator[str]:
    """Lines of code: indented by four after an empty line, or fenced."""
    fenced, before, code = False, "", False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield line.strip()
        else:
            code = line.startswith("    ") and (code or not before.strip())
            if code:
                yield line
        before = line


def commands(page: Path) -> Iterator[list[str]]:
    """Words of every command on a page, without what explains it: two blanks or a number sign away."""
    for line in blocks(page.read_text(encoding="utf-8")):
        if found := _PROMPT.match(line):
            yield shlex.split(re.split(r"\s{2,}|\s#", found.group(1))[0])


def mentioned(page: Path) -> Iterator[list[str]]:
    """Words of commands that a sentence names: `skm why`."""
    for found in re.findall(r"`(skm [a-z][^`]*)`", page.read_text(encoding="utf-8")):
        yield shlex.split(re.split(r"\\?\|", found)[0].replace("\n", " "))
