"""What a docstring says of parameters and attributes is what the code has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "pipeline"
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def listed(doc: str, section: str) -> list[str]:
    """Names that a section of a numpydoc docstring lists."""
    found = re.search(rf"^{section}\n-+\n(.*?)(?=\n\n[A-Z]\w+\n-+|\Z)", doc, re.S | re.M)
    heads = [line for line in found[1].splitlines() if line and line[0] != " "] if found else []
    names = [name.strip().lstrip("*") for head in heads for name in head.split(" : ")[0].split(",")]
    return [name for name in names if name.isidentifier()]


def taken(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Names that a function takes."""
    given = function.args
    every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    return [one.arg for one in every if one is not None and one.arg not in ("self", "cls")]


def held(owner: ast.ClassDef) -> set[str]:
    """Names of the fields, methods and attributes of a class."""
    named = {
        node.target.id
        for node in owner.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    for function in (node for node in owner.body if isinstance(node, FUNCTION)):
        named |= {function.name, *(taken(function) if function.name == "__init__" else ())}
        named |= {
            node.attr
            for node in ast.walk(function)
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        }
    return named


def untrue(text: str) -> list[str]:
    """Parameters that are described and not taken, or taken and not described beside those that are."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTION):
            said, have = listed(ast.get_docstring(node) or "", "Parameters"), taken(node)
            if said and sorted(said) != sorted(have):
                found.append(f"{node.name}: says {said}, takes {have}")
        elif isinstance(node, ast.ClassDef) and not node.bases:
            doc = ast.get_docstring(node) or ""
            said = [*listed(doc, "Parameters"), *listed(doc, "Attributes")]
            found += [f"{node.name}: has no {name}" for name in said if name not in held(node)]
    return found


def test_docstrings_describe_the_parameters_there_are():
    wrong = {
        path.name: found
        for path in PACKAGE.rglob("*.py")
        if (found := untrue(path.read_text(encoding="utf-8")))
    }
    assert wrong == {}


def test_a_parameter_that_is_not_there_or_not_described_is_found():
    text = (
        'def f(a, b):\n    """Do.\n\n    Parameters\n    ----------\n    a : int\n    c : int\n    """\n'
        'class C:\n    """Hold.\n\n    Attributes\n    ----------\n    x, y : int\n    """\n\n    x: int\n'
    )
    assert untrue(text) == ["f: says ['a', 'c'], takes ['a', 'b']", "C: has no y"]
