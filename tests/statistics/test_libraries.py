"""What a library offers and the statistics do themselves has its reason in the module, and the library in a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent / "pipeline" / "statistics"
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py"))
#: What stands in the head of a module that does itself what a library offers.
OURS = re.compile(r"(?:\bOurs,|\b(?:is|are) ours\b).*", re.S)


def reasons() -> dict[str, str]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        head = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if reason := OURS.search(head):
            found[path.relative_to(ROOT).as_posix()] = reason[0]
    return found


@pytest.mark.parametrize(("module", "reason"), reasons().items())
def test_what_we_do_ourselves_is_held_against_the_library_it_names(module: str, reason: str):
    named = [name.split(".")[-1] for name in re.findall(r"``([A-Za-z_.]+)", reason)]
    assert named, f"{module} names no library"
    assert any(re.search(rf"\b{name}\(", TESTS) for name in named), f"no test calls any of {named}"


def test_reasons_are_found():
    assert len(reasons()) >= 18
