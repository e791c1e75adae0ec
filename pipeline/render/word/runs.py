"""Text in Word's XML: runs, paragraphs, fields, links; the only door through which text enters a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from zlib import crc32

from pipeline.render.word.styles import LOCALES

#: Letters that are written from right to left; Word orders them by a mark on the run.
_RTL = re.compile(r"([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?:[\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]*"
                  r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])?)")  # fmt: skip
#: Characters that Word takes in the name of a bookmark.
LONGEST = 40
_LOOKS = {"strong": "<w:b/><w:bCs/>", "em": "<w:i/><w:iCs/>", "code": '<w:rStyle w:val="Code"/>'}


def attribute(text: str) -> str:
    """Text inside quotes."""
    return escape(text, quote=True).replace("\n", " ")


def run(text: str, looks: str = "", lang: str = "") -> str:
    """Write a run of text, or several where the direction of writing changes; ``lang`` where it is not the document's.

    Examples
    --------
    >>> run("a < b")
    '<w:r><w:t xml:space="preserve">a &lt; b</w:t></w:r>'
    """
    out = []
    for place, piece in enumerate(_RTL.split(text)):
        if piece:
            spoken = f'<w:lang w:val="{LOCALES.get(lang, lang)}"/>' if lang else ""
            inside = looks + ("<w:rtl/>" if place % 2 else "") + spoken
            properties = f"<w:rPr>{inside}</w:rPr>" if inside else ""
            lines = (
                f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in piece.split("\n")
            )
            out.append(f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>")
    return "".join(out)


def looks(marks: Sequence[str], colour: str = "") -> str:
    """Properties of a run for the marks of a part; a style comes before everything else, as the schema wants."""
    known = sorted((mark for mark in marks if mark in _LOOKS), key=lambda mark: mark != "code")
    return "".join(_LOOKS[mark] for mark in known) + (f'<w:color w:val="{colour}"/>' if colour else "")


def paragraph(content: str, style: str = "", more: str = "") -> str:
    """Write a paragraph of ready runs.

    Parameters
    ----------
    content
        Runs.
    style
        Id of a paragraph style; empty means the normal one.
    more
        Further properties, in the schema's order.
    """
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + more
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def field(instruction: str, shown: str, looks: str = "") -> str:
    """Write a field with what it shows until Word works it out again."""
    return f'<w:fldSimple w:instr=" {attribute(instruction)} ">{run(shown, looks)}</w:fldSimple>'


def bookmark(name: str, number: int, content: str) -> str:
    """Put a bookmark around runs; Word takes 40 characters of letters, digits and underscores."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{mark(name)}"/>{content}<w:bookmarkEnd w:id="{number}"/>'
    )


def mark(anchor: str) -> str:
    """Name of a bookmark for an anchor; a long one ends in its checksum, so that no two are the same.

    Examples
    --------
    >>> mark("unsur"), mark("unsur-mana-yang-didahulukan-dan-mengapa-begitu")
    ('_unsur', '_unsur_mana_yang_didahulukan_da_a37a9015')
    """
    name = f"_{anchor.replace('-', '_')}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9]}_{crc32(name.encode()):08x}"


def link(anchor: str, content: str) -> str:
    """Link to a bookmark of the same document."""
    return f'<w:hyperlink w:anchor="{mark(anchor)}" w:history="1">{content}</w:hyperlink>'
