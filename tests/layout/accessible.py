"""What of PDF/UA-1 a program can test without veraPDF: tags, language, titles, alt texts, headers, fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader

#: Fonts that need no file of their own do not exist in PDF/UA; a composite font's file belongs to its descendant.
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def elements(reader: PdfReader) -> Iterator[Any]:
    """Elements of the structure tree, in reading order."""
    queue = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while queue:
        node = queue.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            queue.extend(reversed(node))
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                queue.append(node["/K"])


def wrong(path: Path) -> Iterator[str]:
    """What a program finds wrong with a file's accessibility, in words."""
    reader = PdfReader(path)
    root = reader.trailer["/Root"]
    for said, holds in (
        ("not marked as tagged", bool(root.get("/MarkInfo", {}).get("/Marked"))),
        ("no structure tree", "/StructTreeRoot" in root),
        ("no language", bool(root.get("/Lang"))),
        ("title not displayed", bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"))),
        ("no title", bool(reader.metadata and reader.metadata.title)),
        ("a form of XFA", "/XFA" not in root.get("/AcroForm", {})),
        ("a script", "/JavaScript" not in root.get("/Names", {})),
        ("no PDF/UA identifier", bool(re.search(rb"pdfuaid:part\D{1,3}1", root["/Metadata"].get_data()))
         if "/Metadata" in root else False),
    ):  # fmt: skip
        if not holds:
            yield f"{path.name}: {said}"
    if "/StructTreeRoot" in root:
        yield from (f"{path.name}: {said}" for said in _elements_wrong(elements(reader)))
    for number, page in enumerate(reader.pages, 1):
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"{path.name}, page {number}: links are not in the order of the structure"
        yield from (f"{path.name}, page {number}: {said}" for said in _fonts_wrong(page))


def _elements_wrong(found: Iterator[Any]) -> Iterator[str]:
    level = 0
    for element in found:
        kind = element["/S"]
        if (
            kind in ("/Figure", "/Formula")
            and not str(element.get("/Alt") or element.get("/ActualText") or "").strip()
        ):
            yield f"a {kind[1:].lower()} without alt text"
        if kind == "/TH" and "/Scope" not in _attributes(element):
            yield "a header cell without scope"
        if kind in ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6"):
            now = int(kind[2])
            if now > level + 1:
                yield f"a heading of level {now} after level {level}"
            level = now


def _attributes(element: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    given = element.get("/A", [])
    given = given.get_object() if hasattr(given, "get_object") else given
    for one in given if isinstance(given, list) else [given]:
        made |= one.get_object() if hasattr(one, "get_object") else one
    return made


def _fonts_wrong(page: Any) -> Iterator[str]:
    for font in page.get("/Resources", {}).get("/Font", {}).values():
        font = font.get_object()
        for one in font.get("/DescendantFonts", [font]):
            one = one.get_object()
            told = one.get("/FontDescriptor", {})
            if one.get("/Subtype") != "/Type3" and not any(name in told for name in _FILES):
                yield f"the font {one.get('/BaseFont')} is not embedded"
        if "/ToUnicode" not in font and font.get("/Subtype") in ("/Type0", "/Type3"):
            yield f"the font {font.get('/BaseFont')} does not say which letters it has"
