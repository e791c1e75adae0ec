"""What respondents wrote: counted by theme, and their own words without what could identify them.

Each text stands once, under the first unsur that it speaks of (`pipeline.themes`). How many people speak of an
unsur or a theme is told from five on: below, only that they are fewer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline import blocks, themes
from pipeline.report.base.foreign import theirs
from pipeline.report.base.section import say, section
from pipeline.report.base.theme_table import theme_table
from pipeline.report.data.kind import ALIKE, WHOLE
from pipeline.rules import PRIVATE_BELOW
from pipeline.standings.annex import shuffled

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: More suggestions than this are counted, not printed.
PRINTED = 60
LONGEST = 400

# A second lock behind the intake's: long digit strings and addresses never leave the house.
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[\s.\-]?\d){7,}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Stands for what is masked until the order is made: in two languages the same texts are printed in the same order.
_HIDDEN = "<masked>"
_TOKEN = re.compile(r"<(nik|nip|phone|email|url|account|name|number|plate|address|date)>")


@dataclass(frozen=True)
class Said:
    """One suggestion as it is printed.

    Attributes
    ----------
    text : str
        Masked.
    count : int
        Respondents who wrote it.
    unsur : tuple of str
        Items that it speaks of, in the order of the form.
    """

    text: str
    count: int
    unsur: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """What respondents wrote.

    Attributes
    ----------
    distinct : list of Said
        Different suggestions, masked and shuffled.
    empty : dict of str to int
        Respondents who wrote something that says nothing, by kind, such as "none" or "praise".
    """

    distinct: list[Said]
    empty: dict[str, int] = field(default_factory=dict)

    @property
    def trivial(self) -> int:
        """Respondents who wrote something that says nothing."""
        return sum(self.empty.values())

    @property
    def suggesting(self) -> int:
        """Respondents whose text holds a suggestion."""
        return sum(said.count for said in self.distinct)

    @property
    def people(self) -> int:
        """Respondents who wrote anything at all."""
        return self.suggesting + self.trivial


@section("suggestions", kinds=(WHOLE, ALIKE))
def suggestions(u: UnitReport) -> Any:
    """Print suggestions verbatim, masked, under the unsur they speak of, in an order that says nothing of who wrote."""
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
        return blocks.group(lead, without_content(u, found))
    key = (
        "unit.suggestions.printed" if len(printed) == len(found.distinct) else "unit.suggestions.printed_part"
    )
    many = say(w, key, distinct=w.integer(len(found.distinct)), printed=w.integer(len(printed)))
    note = say(w, "unit.suggestions.note", style="note")
    texts = [under(u, printed, item) for item in places(u, printed)]
    return blocks.group(lead, many, without_content(u, found), of_themes(u), *texts, note)


def without_content(u: UnitReport, found: Written) -> Any:
    """Say of which kinds the texts without content are; None where there are none."""
    w = u.words
    kinds = [
        w(f"unit.suggestions.empty.{kind}", n=w.integer(count))
        for kind, count in found.empty.items()
        if count
    ]
    return say(w, "unit.suggestions.without_content", kinds=w.join(kinds)) if kinds else None


def of_themes(u: UnitReport) -> Any:
    """Count people and texts of every theme of which five or more wrote; name the others."""
    w, model = u.words, themes.of_survey(u.survey)
    counted = {name: tally for name, tally in themes.of_themes(u.judged).items() if name != themes.OTHER}
    shown = {name: tally for name, tally in counted.items() if tally.people >= PRIVATE_BELOW}
    few = [model.name(name, u.lang) for name in counted if name not in shown]
    rest = None
    if few:
        key = "unit.suggestions.few_themes" if shown else "unit.suggestions.only_few"
        rest = say(w, key, themes=w.join(sorted(few)), least=PRIVATE_BELOW)
    if not shown:
        return rest
    columns = blocks.columns(
        w, theme=("unit.suggestions.col_theme", "2fr"), unsur=("unit.suggestions.col_unsur", "2fr"),
        people="unit.suggestions.col_people", texts="unit.suggestions.col_texts",
    )  # fmt: skip
    table = theme_table(u, model, shown, columns, "unit.suggestions.caption", "unit.suggestions.themes_note")
    return blocks.group(table, rest)


def places(u: UnitReport, printed: list[Said]) -> list[str]:
    """Items under which a text stands, in the order of the form; empty for the texts of none."""
    order = u.survey.item_order
    first = {said.unsur[0] for said in printed if said.unsur}
    found = sorted(first, key=lambda item: (order.get(item, len(order)), item))
    return [*found, *([""] if any(not said.unsur for said in printed) else [])]


def under(u: UnitReport, printed: list[Said], item: str) -> Any:
    """The texts that stand under one item, with how many people speak of it in all."""
    w = u.words
    mine = [said for said in printed if said.unsur[:1] == ((item,) if item else ())]
    people, texts = spoken(u, item)
    count = w("unit.suggestions.few", least=PRIVATE_BELOW)
    if people >= PRIVATE_BELOW:
        count = w("unit.suggestions.counted", people=w.integer(people), texts=w.integer(texts))
    title = u.item_name(item) if item else w("unit.suggestions.other")
    return blocks.group(
        blocks.heading(f"{title} ({count})", level=3),
        blocks.bullets([quoted(u, said, item) for said in mine]),
    )


def spoken(u: UnitReport, item: str) -> themes.Tally:
    """People and different texts that speak of an item; of no item at all where it is empty."""
    found = themes.of_items(u.judged).get(item) if item else themes.of_themes(u.judged).get(themes.OTHER)
    return found or themes.Tally(0, 0)


def collect(u: UnitReport) -> Written:
    """Sort what respondents wrote into different suggestions and texts that say nothing."""
    judged = u.judged
    if not len(judged):
        return Written([])
    seen: dict[str, list[Any]] = {}
    for raw, kind, unsur in judged[["text", "kind", "unsur"]].itertuples(index=False, name=None):
        if kind:
            continue
        text = mask(raw)
        entry = seen.setdefault(themes.same(text), [text, 0, unsur])
        entry[1] += 1
    # Put in order before the seed is made: whoever came first does not decide.
    ordered = shuffled(sorted(tuple(entry) for entry in seen.values()))
    hidden = f"[{u.words('unit.suggestions.masked')}]"
    distinct = [Said(text.replace(_HIDDEN, hidden), count, unsur) for text, count, unsur in ordered]
    return Written(distinct, themes.of_junk(judged))


def mask(text: str) -> str:
    """Mask what identifies a person, in no language yet, and cut what is too long to print.

    The intake has masked already; this is a second lock.

    Examples
    --------
    >>> mask("Hubungi 0812-3456-7890 ya")
    'Hubungi <masked> ya'
    """
    for found in (_TOKEN, _EMAIL, _NUMBER):
        text = found.sub(_HIDDEN, text)
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def quoted(u: UnitReport, said: Said, item: str = "") -> list[str]:
    """Quote a suggestion in its language, with how many wrote the same and what else it speaks of."""
    others = [u.item_name(other) for other in said.unsur if other != item]
    also = " " + u.words("unit.suggestions.also", unsur=u.words.join(others)) if others else ""
    text, more = f"“{said.text}”", (f" (×{said.count})" if said.count > 1 else "") + also
    spoken = theirs(u.survey, text, u.lang)
    return [spoken, more] if spoken is not text else [text + more]
