"""Names in another language than the page's, marked for a screen reader: units have the names their office gives them.

Sentences, cells, headings and lists hold such names in many places, so the finished page is gone through once. Pages
in the survey's own language are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

#: What is not read aloud as text (drawings have a text of their own), and where no element may stand.
_SILENT = ("head", "svg", "math", "code", "script", "style", "option")
_PIECES = re.compile(rf"(<(?:{'|'.join(_SILENT)})[\s>].*?</(?:{'|'.join(_SILENT)})>|<[^>]+>)", re.S)


def marked(page: str, names: Iterable[str], lang: str) -> str:
    """Mark each of some names with its language wherever a page says it.

    Parameters
    ----------
    page : str
        A finished page.
    names : iterable of str
        As people write them.
    lang : str
        The language of the names.

    Examples
    --------
    >>> marked('<p title="Dinas A">Dinas A & Dinas AB</p><svg><text>Dinas A</text></svg>', ["Dinas A"], "id")
    '<p title="Dinas A"><bdi lang="id">Dinas A</bdi> & Dinas AB</p><svg><text>Dinas A</text></svg>'
    """
    written = sorted({escape(name) for name in names if name.strip()}, key=lambda name: (-len(name), name))
    if not written:
        return page
    said = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, written))})(?!\w)")
    pieces = _PIECES.split(page)
    # Every second piece is an element or a drawing.
    pieces[::2] = [said.sub(rf'<bdi lang="{lang}">\g<0></bdi>', text) for text in pieces[::2]]
    return "".join(pieces)
