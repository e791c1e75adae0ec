"""Write the tree of a formula as MathML, which browsers show and read aloud without scripts."""

from __future__ import annotations

from html import escape

from pipeline.render.math.latex import Node, parse

_ACCENT = {"bar": "¯", "hat": "^", "tilde": "~", "dot": "˙", "vec": "→", "underline": "_"}
# Brackets typed without \left are not stretched, as in LaTeX.
_FENCE = set("()[]{}|‖⌊⌋⌈⌉⟨⟩")


def to_mathml(latex: str, spoken: str = "", block: bool = True) -> str:
    r"""Turn LaTeX into a MathML element.

    Examples
    --------
    >>> to_mathml(r"x_1", block=False)
    '<math><msub><mi>x</mi><mn>1</mn></msub></math>'
    """
    body = _write(parse(latex))
    attributes = ' display="block"' if block else ""
    if spoken:
        attributes += f' alttext="{escape(spoken)}"'
    return f"<math{attributes}>{body}</math>"


def _row(node: Node | None) -> str:
    """Exactly one element, as scripts and fractions need."""
    if node is None:
        return "<mrow></mrow>"
    if node[0] == "row" and len(node[1]) != 1:
        return f"<mrow>{_write(node)}</mrow>"
    return _write(node)


def _write(node: Node) -> str:
    kind = node[0]
    if kind == "row":
        return "".join(_write(child) for child in node[1])
    if kind == "num":
        return f"<mn>{escape(node[1])}</mn>"
    if kind == "id":
        return f"<mi>{escape(node[1])}</mi>"
    if kind == "fn":
        return f'<mi mathvariant="normal">{escape(node[1])}</mi>'
    if kind == "op":
        stretch = ' stretchy="false"' if node[1] in _FENCE else ""
        return f"<mo{stretch}>{escape(node[1])}</mo>"
    if kind == "big":
        return f"<mo>{node[1]}</mo>"
    if kind == "text":
        text = escape(node[1])
        return f"<mtext>{text.replace(' ', '&#160;')}</mtext>"
    if kind == "space":
        return f'<mspace width="{node[1]:g}em"></mspace>' if node[1] else ""
    if kind == "frac":
        return f"<mfrac>{_row(node[1])}{_row(node[2])}</mfrac>"
    if kind == "binom":
        inner = f'<mfrac linethickness="0">{_row(node[1])}{_row(node[2])}</mfrac>'
        return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"
    if kind == "sqrt":
        return f"<msqrt>{_row(node[1])}</msqrt>" if node[2] is None else (
            f"<mroot>{_row(node[1])}{_row(node[2])}</mroot>"
        )  # fmt: skip
    if kind == "accent":
        tag, extra = ("munder", "accentunder") if node[1] == "underline" else ("mover", "accent")
        return f'<{tag} {extra}="true">{_row(node[2])}<mo>{_ACCENT[node[1]]}</mo></{tag}>'
    if kind == "bold":
        return f'<mrow style="font-weight:600">{_write(node[1])}</mrow>'
    if kind == "fence":
        left = f"<mo>{escape(node[1])}</mo>" if node[1] else ""
        right = f"<mo>{escape(node[3])}</mo>" if node[3] else ""
        return f"<mrow>{left}{_write(node[2])}{right}</mrow>"
    if kind == "script":
        return _script(node)
    if kind in ("cases", "aligned"):
        align = "left" if kind == "cases" else "right left"
        rows = "".join(
            "<mtr>" + "".join(f"<mtd>{_write(cell)}</mtd>" for cell in row) + "</mtr>" for row in node[1]
        )
        table = f'<mtable columnalign="{align}">{rows}</mtable>'
        return f"<mrow><mo>{{</mo>{table}</mrow>" if kind == "cases" else table
    raise TypeError(f"unknown node {kind!r}")


def _script(node: Node) -> str:
    _, base, sub, sup = node
    limits = base[0] == "big" or (base[0] == "fn" and base[1] in ("max", "min", "lim", "sup", "inf"))
    under, over, both = ("munder", "mover", "munderover") if limits else ("msub", "msup", "msubsup")
    if sub is not None and sup is not None:
        return f"<{both}>{_row(base)}{_row(sub)}{_row(sup)}</{both}>"
    tag, script = (under, sub) if sub is not None else (over, sup)
    return f"<{tag}>{_row(base)}{_row(script)}</{tag}>"
