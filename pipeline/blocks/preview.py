"""How blocks look in JupyterLab: plain, readable HTML, everything escaped. Reports never use it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pipeline.blocks import numbers, text
from pipeline.blocks.base import Part, html_preview
from pipeline.blocks.figure import Figure
from pipeline.blocks.photo import Photo
from pipeline.blocks.style import ACCENT, HAIRLINE, MUTED, WARM

_TAGS = {"strong": "strong", "em": "em", "code": "code", "ref": "em"}


def inline(values: Iterable[Part]) -> str:
    """Escaped HTML of running text."""
    out = []
    for part in values:
        body = escape(part.text)
        if part.mark == "link":
            body = f'<a href="{escape(part.href)}">{body}</a>'
        elif part.mark in _TAGS:
            body = f"<{_TAGS[part.mark]}>{body}</{_TAGS[part.mark]}>"
        out.append(body)
    return "".join(out)


@html_preview.register
def _document(block: text.Document) -> str:
    kicker = f'<p style="color:{MUTED};letter-spacing:.06em">{escape(block.kicker)}</p>'
    return f"{kicker}<h1>{escape(block.title)}</h1>"


@html_preview.register
def _prose(block: text.Prose) -> str:
    look = "" if block.style == "body" else f' style="color:{MUTED}"'
    return f"<p{look}>{inline(block.parts)}</p>"


@html_preview.register
def _heading(block: text.Heading) -> str:
    lead = f'<p style="color:{MUTED}">{escape(block.lead)}</p>' if block.lead else ""
    return f"<h{block.level}>{escape(block.text)}</h{block.level}>{lead}"


@html_preview.register
def _bullets(block: text.Bullets) -> str:
    tag = "ol" if block.ordered else "ul"
    return f"<{tag}>" + "".join(f"<li>{inline(item)}</li>" for item in block.items) + f"</{tag}>"


@html_preview.register
def _notice(block: text.Notice) -> str:
    title = f"<strong>{escape(block.title)}</strong> " if block.title else ""
    edge = WARM if block.kind in ("caution", "synthetic") else ACCENT
    return f'<p style="border-left:3px solid {edge};padding-left:.8em">{title}{inline(block.parts)}</p>'


@html_preview.register
def _formula(block: text.Formula) -> str:
    # JupyterLab typesets $$...$$ in HTML output itself.
    return f'<p aria-label="{escape(block.spoken)}">$${escape(block.latex)}$$</p>'


@html_preview.register
def _headline(block: numbers.Headline) -> str:
    letter = f"{block.letter} · {block.letter_name}" if block.letter else ""
    return (
        f'<p><span style="font-size:2.6em;font-weight:600;color:{ACCENT}">{escape(block.value)}</span> '
        f"<strong>{escape(letter)}</strong> {escape(block.chip)}<br>"
        f'<span style="color:{MUTED}">{escape(block.label)} {escape(block.interval)}</span></p>'
    )


@html_preview.register
def _facts(block: numbers.Facts) -> str:
    cells = "".join(
        f'<td style="vertical-align:top;text-align:left"><strong>{escape(f.value)}</strong><br>'
        f'{escape(f.label)}<br><span style="color:{MUTED}">{escape(f.note)}</span></td>'
        for f in block.facts
    )
    return f'<table role="presentation"><tr>{cells}</tr></table>'


@html_preview.register
def _table(block: numbers.Table) -> str:
    aligns = ["right" if c.numeric else "left" for c in block.columns]
    head = "".join(
        f'<th scope="col" style="text-align:{a}">{escape(c.label)}</th>'
        for c, a in zip(block.columns, aligns, strict=True)
    )
    body = []
    for row in (*block.rows, *block.footer_rows):
        cells = [
            f'<th scope="row" style="text-align:{a}">{escape(v)}</th>' if i == 0 and block.row_header
            else f'<td style="text-align:{a}">{escape(v)}</td>'
            for i, (v, a) in enumerate(zip(row, aligns, strict=True))
        ]  # fmt: skip
        body.append("<tr>" + "".join(cells) + "</tr>")
    note = f'<p style="color:{MUTED}">{escape(block.note)}</p>' if block.note else ""
    return (
        f'<table style="border-bottom:1px solid {HAIRLINE}"><caption>{escape(block.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{note}"
    )


@html_preview.register
def _figure(block: Figure) -> str:
    title = f"<strong>{escape(block.title)}</strong><br>" if block.title else ""
    reading = "".join(f"<br><strong>{escape(r.label)}</strong> {escape(r.text)}" for r in block.reading)
    # A white card keeps the drawing legible in a dark JupyterLab.
    return (
        f'<figure style="margin:0"><figcaption>{title}{escape(block.caption)}</figcaption>'
        f'<div role="img" aria-label="{escape(block.alt)}" style="background:#fff;max-width:60em">'
        f"{block.svg}</div><small>{escape(block.note)}{reading}</small></figure>"
    )


@html_preview.register
def _photo(block: Photo) -> str:
    return (
        f'<figure style="margin:0"><figcaption>{escape(block.caption)}</figcaption>'
        f'<img alt="{escape(block.alt)}" style="max-width:40em" src="data:image/jpeg;base64,{block.jpeg}"></figure>'
    )


@html_preview.register
def _group(block: text.Group) -> str:
    return "".join(html_preview(b) for b in block.blocks)


@html_preview.register
def _pagebreak(block: text.PageBreak) -> str:
    return f'<hr style="border-top:1px dashed {HAIRLINE}">'
