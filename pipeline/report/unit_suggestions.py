"""What respondents wrote: their own words, without what could identify them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.section import say, section
from pipeline.report.unit_answers import shuffled

if TYPE_CHECKING:
    from pipeline.report.unit import UnitReport

#: More suggestions than this are counted, not printed.
PRINTED = 60
LONGEST = 400

_EMPTY = re.compile(
    r"^[\W\d_]*$|^(?:tidak ada|tdk ada|tidak|tdk|nihil|kosong|belum ada|ga ada|gak ada|nggak ada|none|no|nil"
    r"|ok|oke|good|mantap|baik|sudah baik|cukup|cukup baik|bagus|sudah bagus|puas|sangat baik|sangat puas)[\W_]*$",
    re.IGNORECASE,
)
# A second lock behind the intake's: long digit strings and addresses never leave the house.
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[\s.\-]?\d){7,}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TOKEN = re.compile(r"<(nik|phone|email|url|account|name|number|plate|address)>")


@section("suggestions")
def suggestions(u: UnitReport) -> Any:
    """Print suggestions verbatim, masked, in an order that says nothing about who wrote them."""
    w, written, trivial = u.words, *collect(u)
    if not written and not trivial:
        return say(w, "unit.suggestions.none")
    printed = written[:PRINTED]
    lead = say(w, "unit.suggestions.lead", written=w.integer(len(written) + trivial), trivial=w.integer(trivial),
               printed=w.integer(len(printed)))  # fmt: skip
    if not printed:
        return lead
    note = say(w, "unit.suggestions.note", style="note")
    return blocks.group(lead, blocks.bullets([quoted(text, count) for text, count in printed]), note)


def collect(u: UnitReport) -> tuple[list[tuple[str, int]], int]:
    """Return distinct suggestions with how often each was written, and how many say nothing."""
    if "suggestion" not in u.responses:
        return [], 0
    seen: dict[str, list[Any]] = {}
    trivial = 0
    for raw in u.responses["suggestion"].dropna().astype(str):
        text = " ".join(raw.split())
        if not text:
            continue
        if _EMPTY.match(text):
            trivial += 1
            continue
        text = mask(u, text)
        entry = seen.setdefault(text.casefold().rstrip(" .!"), [text, 0])
        entry[1] += 1
    listed = sorted((text, count) for text, count in seen.values())
    return shuffled(listed), trivial


def mask(u: UnitReport, text: str) -> str:
    """Mask what identifies a person, and cut what is too long to print.

    The intake has masked already; this is a second lock.
    """
    hidden = u.words("unit.suggestions.masked")
    text = _TOKEN.sub(f"[{hidden}]", text)
    text = _EMAIL.sub(f"[{hidden}]", text)
    text = _NUMBER.sub(f"[{hidden}]", text)
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def quoted(text: str, count: int) -> str:
    """Quote a suggestion, with how many wrote the same."""
    return f"“{text}”" + (f" (×{count})" if count > 1 else "")
