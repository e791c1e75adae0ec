"""Page one of the worst cases as pictures, kept beside this file: `python -m tests.layout.gallery` renews them.

HTML as a phone and a desk show it, PDF as it is printed; small and in few colours, enough to see that a page
has changed. What drew them is written beside them: another browser, or a machine with other fonts for other
scripts, draws letters a little differently, so its pictures are compared with none.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from pipeline.office import portal
from pipeline.render import html, pdf
from tests.layout import worst_cases
from tests.support import official
from tests.support.chromium import show, started
from tests.support.city_fixture import make_city

KEPT = Path(__file__).resolve().parent / "gallery"
#: Width of the screen, height that is looked at, and by how much the picture is made smaller.
SCREENS = ((390, 1500, 0.5), (1280, 1000, 0.4))
#: Points of a printed page to pixels.
PRINTED = 0.55
COLOURS = 24
#: A pixel counts as another one from this difference of a colour on, of 255, and so many of them may.
DIFFERS, TOLERANCE = 64, 0.005
MANY = 500
PDF_READER = metadata.version("pypdfium2")


@dataclass(frozen=True)
class Page:
    """A page of the gallery: its name, its HTML, and its PDF if it has one."""

    name: str
    html: Path
    pdf: bytes | None


def written(folder: Path) -> list[Page]:
    """Write all pages of the gallery below a folder, without a kernel."""
    root, made = worst_cases.write(folder / "cases"), []
    for case in worst_cases.CASES:
        made.append(_page(folder, case.id, official.report(root, "questions", case.id)))
    city = make_city(folder / "many", units=MANY)
    overview = official.page("6-overview", survey=city.name, lang="id", root=str(folder / "many"))
    made.append(_page(folder, "overview-500", overview))
    portal.write(city)
    made.append(Page("portal-500", city.public / "index.html", None))
    return made


def _page(folder: Path, name: str, report: Any) -> Page:
    path = folder / f"{name}.html"
    path.write_text(html.write(report), encoding="utf-8")
    return Page(name, path, pdf.compile_pdf(report).data)


def printed(pages: list[Page]) -> Iterator[tuple[str, Image.Image]]:
    """Page one of each PDF."""
    for page in pages:
        if page.pdf is not None:
            first = pypdfium2.PdfDocument(page.pdf)[0].render(scale=2 * PRINTED).to_pil()
            yield f"{page.name}-pdf", _small(first, 0.5)


def shown(browser: Any, pages: list[Page]) -> Iterator[tuple[str, Image.Image]]:
    """The beginning of each page on a phone and on a desk."""
    for page in pages:
        for width, high, scale in SCREENS:
            show(browser, page.html, width)
            browser.execute_async_script("const done = arguments[0]; document.fonts.ready.then(() => done())")
            clip = {"x": 0, "y": 0, "width": width, "height": high, "scale": 1}
            taken = browser.execute_cdp_cmd(
                "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
            )
            yield (
                f"{page.name}-{width}",
                _small(Image.open(io.BytesIO(base64.b64decode(taken["data"]))), scale),
            )


def _small(picture: Image.Image, scale: float) -> Image.Image:
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def share_changed(picture: Image.Image, kept: Image.Image) -> float:
    """Share of the pixels that are other ones than in the picture kept; 1 where the size is another."""
    if picture.size != kept.size:
        return 1.0
    apart = ImageChops.difference(picture.convert("RGB"), kept.convert("RGB"))
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[DIFFERS:]) / (picture.width * picture.height)


def kept(name: str) -> Image.Image:
    """A picture as it was kept."""
    with Image.open(KEPT / f"{name}.png") as picture:
        return picture.convert("RGB")


def versions(browser: Any) -> dict[str, Any]:
    """What draws the pictures here: the browser, and how wide the machine's own fonts draw other scripts."""
    browser.get("about:blank")
    letters = [case.name for case in worst_cases.CASES if not case.name.isascii()]
    wide = browser.execute_script(
        "const pen = document.createElement('canvas').getContext('2d'); pen.font = '40px system-ui, sans-serif';"
        "return arguments[0].map(text => Math.round(pen.measureText(text).width))",
        letters,
    )
    return {"chromium": browser.capabilities["browserVersion"], "fonts": wide, "pypdfium2": PDF_READER}


def drawn_by() -> dict[str, Any]:
    """What drew the pictures that are kept."""
    return dict(json.loads((KEPT / "drawn-by.json").read_text(encoding="utf-8")))


def renew() -> None:
    """Draw all pictures anew and say how large they are."""
    KEPT.mkdir(exist_ok=True)
    for old in KEPT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        browser = started(Path(work) / "profile")
        try:
            pages = written(Path(work))
            for name, picture in (*printed(pages), *shown(browser, pages)):
                few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
                few.save(KEPT / f"{name}.png", optimize=True)
            said = json.dumps(versions(browser), indent=1) + "\n"
            (KEPT / "drawn-by.json").write_text(said, encoding="utf-8")
        finally:
            browser.quit()
    sizes = [path.stat().st_size for path in KEPT.glob("*.png")]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    renew()
