"""Write the tree of a formula as Word's own mathematics, which can be edited and is read aloud."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from pipeline.render.math.latex import Node, parse

_ACCENT = {"bar": "\u0305", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7"}
_LIMITS = ("max", "min", "lim", "sup", "inf")


def to_omml(latex: str) -> str:
    r"""Turn LaTeX into an `m:oMath` element.

    Examples
    --------
    >>> to_omml("x")
    '<m:oMath><m:r><m:t xml:space="preserve">x</m:t></m:r></m:oMath>'
    """
    return f"<m:oMath>{_write(parse(latex))}</m:oMath>"


def _text(text: str, style: str = "") -> str:
    kind = f'<m:rPr><m:sty m:val="{style}"/></m:rPr>' if style else ""
    return f'<m:r>{kind}<m:t xml:space="preserve">{escape(text, quote=False)}</m:t></m:r>' if text else ""


def _in(tag: str, node: Node | None) -> str:
    return f"<m:{tag}>{_write(node) if node is not None else ''}</m:{tag}>"


def _row(node: Node) -> str:
    return "".join(_write(child) for child in node[1])


def _frac(node: Node) -> str:
    return f"<m:f>{_in('num', node[1])}{_in('den', node[2])}</m:f>"


def _binom(node: Node) -> str:
    bare = '<m:fPr><m:type m:val="noBar"/></m:fPr>'
    return _fenced("(", f"<m:f>{bare}{_in('num', node[1])}{_in('den', node[2])}</m:f>", ")")


def _sqrt(node: Node) -> str:
    hide = "" if node[2] is not None else '<m:radPr><m:degHide m:val="1"/></m:radPr>'
    return f"<m:rad>{hide}{_in('deg', node[2])}{_in('e', node[1])}</m:rad>"


def _accent(node: Node) -> str:
    if node[1] == "underline":
        return f'<m:bar><m:barPr><m:pos m:val="bot"/></m:barPr>{_in("e", node[2])}</m:bar>'
    if node[1] == "bar":
        return f'<m:bar><m:barPr><m:pos m:val="top"/></m:barPr>{_in("e", node[2])}</m:bar>'
    return f'<m:acc><m:accPr><m:chr m:val="{_ACCENT[node[1]]}"/></m:accPr>{_in("e", node[2])}</m:acc>'


def _fenced(left: str, inside: str, right: str) -> str:
    ends = f'<m:begChr m:val="{escape(left)}"/><m:endChr m:val="{escape(right)}"/>'
    return f"<m:d><m:dPr>{ends}</m:dPr><m:e>{inside}</m:e></m:d>"


def _script(node: Node) -> str:
    _, base, sub, sup = node
    if base[0] == "big" or (base[0] == "fn" and base[1] in _LIMITS):
        made = _write(base)
        if sub is not None:
            made = f"<m:limLow><m:e>{made}</m:e>{_in('lim', sub)}</m:limLow>"
        return made if sup is None else f"<m:limUpp><m:e>{made}</m:e>{_in('lim', sup)}</m:limUpp>"
    if sub is not None and sup is not None:
        return f"<m:sSubSup>{_in('e', base)}{_in('sub', sub)}{_in('sup', sup)}</m:sSubSup>"
    if sub is not None:
        return f"<m:sSub>{_in('e', base)}{_in('sub', sub)}</m:sSub>"
    return f"<m:sSup>{_in('e', base)}{_in('sup', sup)}</m:sSup>"


def _lines(node: Node) -> str:
    rows = "".join(f"<m:e>{''.join(_write(cell) for cell in row)}</m:e>" for row in node[1])
    array = f"<m:eqArr>{rows}</m:eqArr>"
    return _fenced("{", array, "") if node[0] == "cases" else array


_WRITERS: dict[str, Callable[[Any], str]] = {
    "row": _row, "frac": _frac, "binom": _binom, "sqrt": _sqrt, "accent": _accent, "script": _script,
    "cases": _lines, "aligned": _lines,
    "num": lambda node: _text(node[1]), "id": lambda node: _text(node[1]), "op": lambda node: _text(node[1]),
    "fn": lambda node: _text(node[1], "p"), "text": lambda node: _text(node[1], "p"),
    "big": lambda node: _text(node[1], "p"), "space": lambda node: _text(" ") if node[1] else "",
    "bold": lambda node: _write(node[1]),
    "fence": lambda node: _fenced(node[1], _write(node[2]), node[3]),
}  # fmt: skip


def _write(node: Node) -> str:
    writer = _WRITERS.get(node[0])
    if writer is None:
        raise TypeError(f"unknown node {node[0]!r}")
    return writer(node)
