"""A notebook opened by a person: its cells run from above, in one namespace, with its own defaults."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def code(name: str) -> dict[str, str]:
    """Source of each code cell by its id."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


def run(cells: dict[str, str], space: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run cells and return what each displays: the value of its last expression, or None."""
    space = {"__name__": "__main__"} if space is None else space
    return {name: run_cell(source, space) for name, source in cells.items()}


def run_cell(source: str, space: dict[str, Any]) -> Any:
    """Run one cell as Jupyter does."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), space)
    return (
        eval(compile(ast.Expression(last.value), "cell", "eval"), space)
        if isinstance(last, ast.Expr)
        else None
    )
