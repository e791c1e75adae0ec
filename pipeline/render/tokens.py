"""The theme as CSS: colours of light and dark, letter bands, and the typeface within the page.

Reports and portal begin with the same lines, so that they look like one house.
"""

from __future__ import annotations

import base64
from functools import cache

from pipeline.render.theme import FONTS, theme


@cache
def css() -> str:
    """Return the font faces and the custom properties of both colour schemes (built once a process).

    Examples
    --------
    >>> "--accent:#0f6b78;" in css(), css().count("@font-face")
    (True, 2)
    """
    tokens = theme()

    def variables(name: str) -> str:
        return "".join(f"--{key}:{value};" for key, value in tokens[name].items())

    bands = "".join(f"--band-{k.lower()}:{v};" for k, v in tokens["bands"].items())
    faces = "".join(
        f"@font-face{{font-family:Inter;font-style:normal;font-weight:{weight};font-display:block;"
        f"src:url(data:font/woff2;base64,{_font(weight)}) format('woff2')}}"
        for weight in (400, 600)
    )
    current = tokens["bands-current"]
    root = f":root{{{variables('light')}{bands}--band-current:{current};color-scheme:light dark}}"
    # Dark tokens are for screens; paper stays paper.
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{variables('dark')}}}}}"
    return faces + root + dark


def _font(weight: int) -> str:
    return base64.b64encode((FONTS / f"inter-{weight}.woff2").read_bytes()).decode("ascii")
