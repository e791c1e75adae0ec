"""Write a report as one HTML file that needs nothing else: no script, no outside address, fonts within."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from pipeline.render import tokens
from pipeline.render.characters import Cleaner
from pipeline.render.content import Report
from pipeline.render.html_floats import figure, photo, table
from pipeline.render.html_names import marked
from pipeline.render.math import to_mathml, to_spoken
from pipeline.render.strip import strip
from pipeline.render.theme import TEMPLATES, RenderError, words

Block = dict[str, Any]
_TAGS = {"strong": "strong", "em": "em", "code": "code"}


@cache
def stylesheet() -> str:
    """CSS with the theme's tokens and the embedded fonts (built once a process)."""
    sheet = (TEMPLATES / "report.css").read_text("utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    sheet = re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", sheet))
    return tokens.css() + sheet


@cache
def _page() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(
        "report.html.j2"
    )


@dataclass(frozen=True)
class Around:
    """What lies beside a page, by relative address: a notebook does not know which files are made of it.

    Attributes
    ----------
    nav : sequence of (word, address)
        Small links above the title; `theme.WORDS` says what each is called.
    links : mapping
        Name of a unit to its report: in a table's column ``unit`` such a name is a link. And name of a page of
        the portal (``annex.html``) to that page in this one's language.
    names : sequence of str
        Of units, which are marked on a page in another language than that they are written in.
    spoken : str
        The language of the names.
    """

    nav: Sequence[tuple[str, str]] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[str] = ()
    spoken: str = ""


def write(report: Report, cleaner: Cleaner | None = None, around: Around | None = None) -> str:
    """Write the report as HTML text."""
    return _Writer(report, cleaner or Cleaner(covered=False), around or Around()).page()


class _Writer:
    def __init__(self, report: Report, cleaner: Cleaner, around: Around) -> None:
        self.report, self.around = report, around
        self.clean = cleaner
        self.words = words(report.lang)
        self.contents: list[tuple[int, str, str]] = []

    def text(self, value: object) -> str:
        said = str(value)
        # The answers of an annex are thousands of digits: there is nothing in them to clean or to escape.
        return said if said.isdecimal() and said.isascii() else escape(self.clean(said))

    def page(self) -> str:
        from markupsafe import Markup

        body = self.sections(self.report.blocks)
        document = {k: self.clean(v) if isinstance(v, str) else v for k, v in self.report.document.items()}
        # Both are this module's own markup: every piece of text in them went through `text`.
        css, main = Markup(stylesheet()), Markup(body)  # noqa: S704
        made = str(_page().render(
            doc=document, words=self.words, css=css, body=main, contents=self.contents,
            footer=self.clean(self.report.footer()), nav=self.around.nav,
        ))  # fmt: skip
        if self.around.spoken in ("", self.report.lang):
            return made
        return marked(made, map(self.clean, self.around.names), self.around.spoken)

    def sections(self, blocks: Iterable[Block]) -> str:
        """Write the blocks, each level-2 heading opening a section named by it."""
        out: list[str] = []
        opened = False
        for block in blocks:
            if block["type"] == "heading" and block["level"] == 2:
                out.append("</section>" if opened else "")
                out.append(f'<section aria-labelledby="{block["anchor"]}">')
                opened = True
            out.append(self.block(block))
        out.append("</section>" if opened else "")
        return "".join(out)

    def block(self, block: Block) -> str:
        writer: Callable[[Block], str] | None = getattr(self, f"write_{block['type']}", None)
        if writer is None:
            raise RenderError(f"HTML has no form for a block of the type {block['type']!r}")
        return writer(block)

    def inline(self, parts: Iterable[dict[str, str]]) -> str:
        out = []
        for part in parts:
            marks = part.get("mark", "").split()
            if "break" in marks:
                out.append("<br>")
            elif "math" in marks:
                spoken = to_spoken(part["text"], self.report.lang)
                out.append(to_mathml(part["text"], spoken, block=False))
            elif "ref" in marks:
                label, anchor = self.report.reference(part["text"])
                out.append(f'<a class="ref" href="#{anchor}">{escape(label)}</a>')
            else:
                body = self.text(part["text"])
                for mark in reversed(marks):
                    if mark in _TAGS:
                        body = f"<{_TAGS[mark]}>{body}</{_TAGS[mark]}>"
                if "link" in marks and part.get("href"):
                    body = f'<a href="{self.text(part["href"])}" rel="noreferrer">{body}</a>'
                if "page" in marks and (address := self.other_page(part.get("href", ""))):
                    body = f'<a href="{self.text(address)}">{body}</a>'
                if part.get("lang"):
                    body = f'<span lang="{self.text(part["lang"])}">{body}</span>'
                out.append(body)
        return "".join(out)

    def write_prose(self, block: Block) -> str:
        style = block.get("style", "body")
        cls = "" if style == "body" else f' class="{style}"'
        return f"<p{cls}>{self.inline(block['parts'])}</p>"

    def write_heading(self, block: Block) -> str:
        level, anchor = block["level"], block["anchor"]
        text = self.inline(block["parts"]) if block.get("parts") else self.text(block["text"])
        if level <= 3:
            self.contents.append((level, anchor, self.clean(block["text"])))
        lead = f'<p class="lead">{self.text(block["lead"])}</p>' if block.get("lead") else ""
        return f'<h{level} id="{anchor}">{text}</h{level}>{lead}'

    def write_bullets(self, block: Block) -> str:
        tag = "ol" if block.get("ordered") else "ul"
        items = []
        for item in block["items"]:
            # Blocks give plain parts, markdown gives parts with what is nested below them.
            nested = isinstance(item, dict)
            below = "".join(self.block(b) for b in item["blocks"]) if nested else ""
            items.append(f"<li>{self.inline(item['parts'] if nested else item)}{below}</li>")
        kind = ' type="a"' if block.get("lettered") else ""
        return f"<{tag}{kind}>{''.join(items)}</{tag}>"

    def write_quote(self, block: Block) -> str:
        return f"<blockquote>{''.join(self.block(b) for b in block['blocks'])}</blockquote>"

    def write_listing(self, block: Block) -> str:
        lines = "\n".join(self.text(line) for line in block["text"].split("\n"))
        return f'<pre tabindex="0"><code>{lines}</code></pre>'

    def write_notice(self, block: Block) -> str:
        kind = block["kind"]
        title = block.get("title") or self.words["synthetic-title" if kind == "synthetic" else kind]
        return (
            f'<aside class="notice {kind}" aria-label="{self.text(title)}">'
            f"<p><strong>{self.text(title)}.</strong> {self.inline(block['parts'])}</p></aside>"
        )

    def write_pagebreak(self, block: Block) -> str:
        return '<div class="break"></div>'

    def write_contents(self, block: Block) -> str:
        return ""

    def write_formula(self, block: Block) -> str:
        spoken = block.get("spoken") or to_spoken(block["latex"], self.report.lang)
        anchor = f' id="{block["anchor"]}"' if block.get("anchor") else ""
        caption = ""
        if block.get("anchor"):
            number = f"{self.words['formula']} {block['number']}"
            rest = f" · {self.text(block['caption'])}" if block.get("caption") else ""
            caption = f"<figcaption>{number}{rest}</figcaption>"
        elif block.get("caption"):
            caption = f"<figcaption>{self.text(block['caption'])}</figcaption>"
        math = to_mathml(block["latex"], self.clean(spoken))
        label = self.text(spoken)
        return f'<figure class="formula"{anchor}><div class="scroll" tabindex="0" role="region" aria-label="{label}">{math}</div>{caption}</figure>'  # noqa: E501

    def write_headline(self, block: Block) -> str:
        letter = (
            f"{self.text(block['letter'])} · {self.text(block['letter_name'])}" if block.get("letter") else ""
        )
        chip = f' <span class="chip">{self.text(block["chip"])}</span>' if block.get("chip") else ""
        below = " · ".join(self.text(block[k]) for k in ("label", "interval") if block.get(k))
        right = f'<p class="letter"><strong>{letter}</strong>{chip}</p>' if letter or chip else ""
        return (
            f'<div class="headline"><p class="index"><span class="value">{self.text(block["value"])}</span>'
            f'<span class="under">{below}</span></p><div class="where">{right}{self.strip(block)}</div></div>'
        )

    def strip(self, block: Block) -> str:
        drawn = strip(block, self.report.lang)
        if drawn is None:
            return ""
        cells = []
        for s in drawn.segments:
            on = " on" if s.current else ""
            shade = s.letter.lower() if s.letter in "ABCD" else "other"
            cells.append(
                f'<span class="band{on}" style="width:{s.width:g}%"><span>{self.text(s.tick)}</span>'
                f'<i style="background:var(--band-{"current" if s.current else shade})"></i>'
                f"<span><b>{self.text(s.letter)}</b> {self.text(s.name)}</span></span>"
            )
        marks = ""
        if drawn.lower is not None and drawn.upper is not None:
            marks += (
                f'<i class="range" style="left:{drawn.lower:g}%;width:{drawn.upper - drawn.lower:.2f}%"></i>'
            )
        if drawn.dot is not None:
            marks += f'<i class="dot" style="left:{drawn.dot:g}%"></i>'
        return (
            f'<div class="strip" role="img" aria-label="{self.text(block["alt"])}">'
            f"{''.join(cells)}{marks}</div>"
        )

    def write_facts(self, block: Block) -> str:
        items = "".join(
            f"<li><strong>{self.text(f['value'])}</strong><span>{self.text(f['label'])}</span>"
            + (f"<small>{self.text(f['note'])}</small>" if f.get("note") else "")
            + "</li>"
            for f in block["facts"]
        )
        return f'<ul class="facts" aria-label="{escape(self.words["facts"])}">{items}</ul>'

    def link(self, name: str) -> str:
        """Address of the unit's report; empty where there is none."""
        return self.around.links.get(name, "")

    def other_page(self, address: str) -> str:
        """Where a page of the portal lies beside this one, and the place in it; empty where it is not made."""
        name, mark, place = address.partition("#")
        found = self.link(name)
        return f"{found}{mark}{place}" if found else ""

    def write_table(self, block: Block) -> str:
        return table(block, self)

    def write_figure(self, block: Block) -> str:
        return figure(block, self)

    def write_signature(self, block: Block) -> str:
        above, below = ("<br>".join(self.text(line) for line in block[part]) for part in ("above", "below"))
        return f'<div class="signature"><p>{above}</p><p>{below}</p></div>'

    def write_photo(self, block: Block) -> str:
        return photo(block, self)


def sections(report: Report, cleaner: Cleaner | None = None) -> str:
    """Write the report's blocks as HTML, a section for each heading of level 2; without the page around them."""
    return _Writer(report, cleaner or Cleaner(covered=False), Around()).sections(report.blocks)
