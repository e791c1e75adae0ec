"""What respondents wrote: their own words, without what could identify them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.section import say, section
from pipeline.report.data.kind import ALIKE, WHOLE
from pipeline.report.unit.answers_annex import shuffled

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

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
_TOKEN = re.compile(r"<(nik|nip|phone|email|url|account|name|number|plate|address|date)>")


@dataclass(frozen=True)
class Written:
    """What respondents wrote.

    Attributes
    ----------
    distinct : list of (text, int)
        Different suggestions, masked and shuffled, with how many respondents wrote each.
    trivial : int
        Respondents who wrote something that says nothing, such as "none" or "good".
    """

    distinct: list[tuple[str, int]]
    trivial: int

    @property
    def suggesting(self) -> int:
        """Respondents whose text holds a suggestion."""
        return sum(count for _, count in self.distinct)

    @property
    def people(self) -> int:
        """Respondents who wrote anything at all."""
        return self.suggesting + self.trivial


@section("suggestions", kinds=(WHOLE, ALIKE))
def suggestions(u: UnitReport) -> Any:
    """Print suggestions verbatim, masked, in an order that says nothing about who wrote them."""
    w, found = u.words, collect(u)
    printed = found.distinct[:PRINTED]
    if u.kind == ALIKE and not printed:
        return None
    if not found.people:
        return say(w, "unit.suggestions.none")
    lead = say(
        w, "unit.suggestions.lead", people=w.integer(found.people), n=w.integer(u.n),
        trivial=w.integer(found.trivial), suggesting=w.integer(found.suggesting),
    )  # fmt: skip
    if not printed:
        return lead
    key = (
        "unit.suggestions.printed" if len(printed) == len(found.distinct) else "unit.suggestions.printed_part"
    )
    many = say(w, key, distinct=w.integer(len(found.distinct)), printed=w.integer(len(printed)))
    note = say(w, "unit.suggestions.note", style="note")
    return blocks.group(lead, many, blocks.bullets([quoted(text, count) for text, count in printed]), note)


def collect(u: UnitReport) -> Written:
    """Sort what respondents wrote into different suggestions and texts that say nothing."""
    if "suggestion" not in u.responses:
        return Written([], 0)
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
    return Written(shuffled(sorted((text, count) for text, count in seen.values())), trivial)


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
