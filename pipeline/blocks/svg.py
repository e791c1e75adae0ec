"""Make an SVG small, safe and the same everywhere: matplotlib writes four times what a reader needs."""

from __future__ import annotations

import re

from pipeline.blocks.errors import BlockError

_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_DROP = (
    re.compile(r"<\?xml.*?\?>", re.S),
    re.compile(r"<!DOCTYPE.*?>", re.S),
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"<metadata>.*?</metadata>", re.S),
    # Matplotlib's own sheet is "*{...}": inlined in a page it would restyle the whole page.
    re.compile(r"<defs>\s*<style[^>]*>\*\{[^}]*\}</style>\s*</defs>"),
)
_FORBIDDEN = re.compile(
    r"<\s*(script|foreignObject|iframe|image|style|animate|set)\b|\son\w+\s*=|javascript:|@import"
    r"|(?:href|src)\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)",
    re.I,
)
_NAMESPACE = re.compile(r'\sxmlns(:\w+)?="[^"]*"')
_TAG = re.compile(r"<[^>]+>")
_FAMILY = re.compile(r"font-family: 'Inter'[^;\"]*;\s*|font: ([^;\"]*?)'Inter'[^;\"]*")
_USED = re.compile(r"(?:href=[\"']|url\()#([^\"')]+)")
_ID = re.compile(r' id="([^"]*)"')
_IDLE_TURN = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
_PATH = re.compile(r' d="([^"]*)"')
_STYLE = re.compile(r' style="([^"]*)"')
_ROOT_STYLE = ' style="font-family:Inter;font-size:7.5px;stroke-linejoin:round;stroke-linecap:butt"'
_ROOT_SIZE = re.compile(r'(?<=style=")font-size:\s*7\.5px;\s*')


def clean_svg(svg: str) -> str:
    """Strip what differs between machines or is not needed, and refuse what could load or run.

    Parameters
    ----------
    svg
        SVG text; text elements stay text, coordinates keep two decimals.

    Raises
    ------
    BlockError
        When the SVG holds a script, a style sheet, an event handler, a picture or an outside address.

    Examples
    --------
    >>> clean_svg('<svg width="9" height="9" style=""><g><g><path d="M 1.2345 2 L 3 4"/></g></g></svg>')
    '<svg width="9" height="9" style=""><path d="M1.23 2L3 4"/></svg>'
    """
    for pattern in _DROP:
        svg = pattern.sub("", svg)
    svg = svg.strip()
    if not svg.startswith("<svg"):
        raise BlockError("a figure's SVG must start with <svg")
    tags = _NAMESPACE.sub("", "".join(_TAG.findall(svg)))
    found = _FORBIDDEN.search(tags)
    if found:
        raise BlockError(f"a figure's SVG may not contain {found.group()!r}")
    used = set(_USED.findall(tags))
    ours = " style=" not in svg[: svg.find(">")]

    def one(match: re.Match[str]) -> str:
        # Inside tags only: text such as "0.1234" is content.
        tag = match.group()
        if "." in tag:
            tag = _NUMBER.sub(_round, tag)
        if " id=" in tag:
            tag = _ID.sub(lambda m: m.group() if m.group(1) in used else "", tag)
        return _shrink(tag, ours)

    svg = _TAG.sub(one, svg)
    # SVG folds runs of spaces; labels such as "Biaya/tarif  U4" mean theirs.
    svg = re.sub(r"(?<=>)[^<>]*\S[^<>]*(?=<)", lambda m: m.group().replace("  ", " \u00a0"), svg)
    return _without_idle_groups(re.sub(r">\s+<(?!/?tspan)", "><", svg))


def _round(match: re.Match[str]) -> str:
    text = f"{float(match.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _shrink(tag: str, ours: bool) -> str:
    """Shorten one tag; with `ours`, family and size are said once, on the root."""
    if tag.startswith("<svg"):
        return f"{tag[:-1]}{_ROOT_STYLE}>" if ours else tag
    if "\n" in tag:
        tag = re.sub(r"\s*\n\s*", " ", tag)
    if "rotate" in tag:
        tag = _IDLE_TURN.sub("", tag)
    if tag.startswith("</"):
        return tag
    if tag.startswith("<text"):
        tag = _FAMILY.sub(_family, tag)
        tag = _ROOT_SIZE.sub("", tag) if ours else tag
    tag = _STYLE.sub(_tight_style, tag)
    return _PATH.sub(_tight_path, tag)


def _tight_style(match: re.Match[str]) -> str:
    return ' style="' + re.sub(r"([:;]) +", r"\1", match.group(1)).strip("; ") + '"'


def _tight_path(match: re.Match[str]) -> str:
    return ' d="' + re.sub(r" ?([A-Za-z]) ?", r"\1", match.group(1)).strip() + '"'


def _family(match: re.Match[str]) -> str:
    return f"font: {match.group(1)}Inter" if match.group(1) else ""


def _without_idle_groups(svg: str) -> str:
    """Drop groups that carry nothing: half of matplotlib's elements."""
    out: list[str] = []
    kept: list[bool] = []
    at = 0
    for match in _TAG.finditer(svg):
        out.append(svg[at : match.start()])
        at = match.end()
        tag = match.group()
        if re.fullmatch(r"<g\s*/>", tag):
            continue
        if tag.startswith(("<g>", "<g ")) and not tag.endswith("/>"):
            kept.append(tag != "<g>")
            if not kept[-1]:
                continue
        elif tag == "</g>" and kept and not kept.pop():
            continue
        out.append(tag)
    return "".join(out) + svg[at:]
