"""Write the tree of a formula as Typst math. Text enters as string literals, everything else by a fixed list."""

from __future__ import annotations

from pipeline.render.literal import literal
from pipeline.render.math.latex import Node, parse

_ACCENT = {"bar": "overline", "hat": "hat", "tilde": "tilde", "dot": "dot", "vec": "arrow",
           "underline": "underline"}  # fmt: skip
# Characters with a meaning in Typst math; everything else of the operator list stands for itself.
_ESCAPED = set("()[]{}|,;:$#&_^/\\'\"*%~<>-!.=@`")


def to_typst(latex: str) -> str:
    r"""Turn LaTeX into the inside of a Typst equation.

    Examples
    --------
    >>> to_typst(r"\frac{1}{n}")
    'frac(1,n)'
    """
    return _write(parse(latex)).strip()


def _write(node: Node) -> str:
    kind = node[0]
    if kind == "row":
        return " ".join(filter(None, (_write(child) for child in node[1])))
    if kind == "num":
        return node[1] if node[1].isdigit() else f"#{literal(node[1])}"
    if kind == "id":
        return node[1] if len(node[1]) == 1 and node[1].isalpha() else f"#{literal(node[1])}"
    if kind == "fn":
        limits = "true" if node[1] in ("max", "min", "lim", "sup", "inf") else "false"
        return f"#math.op({literal(node[1])}, limits: {limits})"
    if kind == "op":
        return "".join(f"\\{c}" if c in _ESCAPED else c for c in node[1])
    if kind == "big":
        return str(node[1])
    if kind == "text":
        return f"#{literal(node[1])}"
    if kind == "space":
        return f"#h({node[1]:g}em)" if node[1] else ""
    if kind == "frac":
        return f"frac({_write(node[1])},{_write(node[2])})"
    if kind == "binom":
        return f"binom({_write(node[1])},{_write(node[2])})"
    if kind == "sqrt":
        if node[2] is None:
            return f"sqrt({_write(node[1])})"
        return f"root({_write(node[2])},{_write(node[1])})"
    if kind == "accent":
        return f"{_ACCENT[node[1]]}({_write(node[2])})"
    if kind == "bold":
        return f"bold({_write(node[1])})"
    if kind == "fence":
        left, right = (_write(("op", side)) if side else "" for side in (node[1], node[3]))
        return f"lr({left} {_write(node[2])} {right})"
    if kind == "script":
        _, base, sub, sup = node
        # A scripted row is wrapped so that the script belongs to all of it.
        body = _write(base) if base[0] != "row" else f"#box($ {_write(base)} $)" if base[1] else '#""'
        limits = ", ".join(
            f"{side}: {_write(part)}" for side, part in (("b", sub), ("t", sup)) if part is not None
        )
        return f"attach({body}, {limits})"
    if kind == "cases":
        return "cases(" + ",".join(" & ".join(_write(c) for c in row) for row in node[1]) + ")"
    if kind == "aligned":
        return " \\ ".join(" & ".join(_write(c) for c in row) for row in node[1])
    raise TypeError(f"unknown node {kind!r}")
