"""From an executed notebook of blocks to HTML, PDF and Word.

The exporters read markdown cells and the structured form of blocks only; see `pipeline.render.content`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.render.theme import RenderError

if TYPE_CHECKING:
    from pipeline.render.exporters import to_docx, to_html, to_pdf

__all__ = ["RenderError", "to_docx", "to_html", "to_pdf"]


def __getattr__(name: str) -> Any:
    if name in ("to_docx", "to_html", "to_pdf"):
        # late: who only catches RenderError need not wait a tenth of a second for nbconvert
        from pipeline.render import exporters

        return getattr(exporters, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
