"""Formulas as MathML, by the converter that the reports use: no script and no network is needed to read them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from pipeline.render.math import to_mathml, to_spoken


def inline(self: Any, node: nodes.Element) -> None:
    """Write a formula within a line."""
    self.body.append(to_mathml(node.astext(), to_spoken(node.astext(), "en"), block=False))
    raise nodes.SkipNode


def block(self: Any, node: nodes.Element) -> None:
    """Write a formula on a line of its own."""
    self.body.append(f'<div class="math">{to_mathml(node.astext(), to_spoken(node.astext(), "en"))}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True}
