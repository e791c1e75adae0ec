"""Libraries a page names as having computed it, held against what the code imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.gate.context import Context, Failure

#: The parts of a page that say what computed it.
_COMPUTED = re.compile(r"^(Perhitungan|Dihitung dengan|Computed with|Computation)\b")
_NAMED = re.compile(r"([A-Za-z][\w-]+) \d+(?:\.\d+)+")
#: Not libraries: the language, and the package itself.
OWN = {"python", "skm-pipeline"}


@cache
def imported() -> frozenset[str]:
    """Top-level names the package imports."""
    source = Path(__file__).parents[2] / "pipeline"
    out: set[str] = set()
    for path in source.rglob("*.py"):
        for node in _statements(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                out |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                out.add(node.module.split(".")[0])
    return frozenset(out)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement below a node; imports are statements, and to look into expressions takes seconds."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        found = getattr(node, part, None)
        for inner in found if isinstance(found, list) else ():
            yield inner
            yield from _statements(inner)


def check(context: Context) -> Iterator[Failure]:
    """Libraries that are named and compute nothing here."""
    for passage in context.page.passages:
        if passage.kind == "row" and passage.place == "versions":
            named = [passage.label] if re.fullmatch(r"\d+(\.\d+)+\S*", passage.cells[-1]) else []
        elif _COMPUTED.search(passage.text):
            named = _NAMED.findall(passage.text)
        else:
            continue
        for name in named:
            if name.lower() not in OWN and name.lower().replace("-", "_") not in imported():
                yield Failure("library-named-that-computes-nothing", f"{context.page.name}.{context.page.lang}",
                              passage.text, name)  # fmt: skip
