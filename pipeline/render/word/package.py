"""The parts of a Word document in one zip: the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from pipeline.render.word.runs import attribute
from pipeline.render.word.styles import HEAD

#: The first moment a zip can tell; the day of the document stands in its properties.
DATE = (1980, 1, 1, 0, 0, 0)
DIGITS = "1"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering", "settings": "settings",
          "footer1": "footer"}  # fmt: skip


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Zip the parts, types first, the others by name, none with a date of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            about = zipfile.ZipInfo(name, DATE)
            about.compress_type, about.external_attr, about.create_system = (
                zipfile.ZIP_DEFLATED,
                0o600 << 16,
                3,
            )
            archive.writestr(about, parts[name])
    return out.getvalue()


def types() -> str:
    """Write `[Content_Types].xml`."""
    over = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in _PARTS.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="jpg" ContentType="image/jpeg"/>'
        f'{over}<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def relations() -> str:
    """Write `_rels/.rels`."""
    return _relations(
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )


def document_relations(pictures: Sequence[str], links: Mapping[str, str]) -> str:
    """Write `word/_rels/document.xml.rels`: own parts, pictures by the name of their file, links by their id."""
    own = "".join(
        f'<Relationship Id="r{name}" Type="{_OFFICE}/{name.rstrip(DIGITS)}" Target="{name}.xml"/>'
        for name in _PARTS
        if name != "document"
    )
    own += "".join(
        f'<Relationship Id="picture{n}" Type="{_OFFICE}/image" Target="media/{name}"/>'
        for n, name in enumerate(pictures, 1)
    )
    own += "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}/hyperlink" Target="{attribute(href)}" TargetMode="External"/>'
        for href, id in links.items()
    )
    return _relations(own)


def _relations(inside: str) -> str:
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def properties(title: str, author: str, description: str, locale: str, day: str) -> str:
    """Write `docProps/core.xml`; the day is the document's, never today's."""
    moment = f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>' if day else ""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{attribute(title)}</dc:title><dc:creator>{attribute(author)}</dc:creator>"
        f"<dc:description>{attribute(description)}</dc:description><dc:language>{locale}</dc:language>{moment}"
        "</cp:coreProperties>"
    )
