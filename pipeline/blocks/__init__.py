"""What a notebook displays: blocks of text, numbers, tables and figures that every exporter understands.

A cell ends in a block, as in `table([...], rows, caption="...", key="...")`. Text is plain; the exporters
escape it. Numbers that are read arrive formatted in the report's language. Nothing here knows a survey or a page.

Examples
--------
>>> from pipeline.blocks import prose, strong
>>> bundle = prose("Huruf ", strong("B"), ".")._repr_mimebundle_()
>>> bundle["application/vnd.skm.block+json"]["parts"]
[{'text': 'Huruf '}, {'text': 'B', 'mark': 'strong'}, {'text': '.'}]
"""

from pipeline.blocks import preview as _preview  # noqa: F401 - registers how each kind looks in a notebook
from pipeline.blocks import style
from pipeline.blocks.base import (
    MIME,
    Block,
    Part,
    code,
    em,
    link,
    page,
    parts,
    plain,
    ref,
    strong,
)
from pipeline.blocks.errors import BlockError
from pipeline.blocks.figure import Figure, Reading, figure
from pipeline.blocks.numbers import (
    Band,
    Column,
    Fact,
    Facts,
    Headline,
    Table,
    band,
    column,
    columns,
    fact,
    facts,
    headline,
    table,
)
from pipeline.blocks.photo import Photo, photo
from pipeline.blocks.signing import Signature, signature
from pipeline.blocks.stored import from_json
from pipeline.blocks.text import (
    Bullets,
    Contents,
    Document,
    Formula,
    Group,
    Heading,
    Notice,
    PageBreak,
    Prose,
    bullets,
    contents,
    document,
    formula,
    group,
    heading,
    notice,
    pagebreak,
    prose,
    rekeyed,
)
from pipeline.blocks.written import written

__all__ = [
    "MIME", "Band", "Block", "BlockError", "Bullets", "Column", "Contents", "Document", "Fact", "Facts",
    "Figure", "Formula", "Group", "Heading", "Headline", "Notice", "PageBreak", "Part", "Photo", "Prose",
    "Reading", "Signature", "Table", "band", "bullets", "code", "column", "columns", "contents", "document", "em",
    "fact", "facts", "figure", "formula", "from_json", "group", "heading", "headline", "link", "notice", "page",
    "pagebreak", "parts", "photo", "plain", "prose", "ref", "rekeyed", "signature", "strong", "style", "table",
    "written",
]  # fmt: skip
