"""Verdicts where there is room for a few words only: the tiles of page one, and the titles of figures.

The words that claim something are in ``narrative.yml`` under the verdict that carries them (R16); the
labels and numbers beside them are in ``pageone.yml``.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.words.lookup import Words
from pipeline.words.lowest import MOST_NAMED
from pipeline.words.narrative import Runs, inside_sentence
from pipeline.words.verdicts import Change, Element, Position, Printed, Target

#: What a tile says: the verdict, below it what it is about, and the numbers that go with it.
Tile = tuple[str, str, str]

#: More unsur than this are counted and told by their codes, which the figure below spells out.
NAMED_IN_FULL = 2
#: A name of more words is a question of its own: in a sentence its code stands for it.
MOST_OF_A_NAME = 5
#: What is said once of all unsur that carry a mark.
REST = (
    ("not-distinguishable", "narrative.lowest.clearly-lower.not"),
    ("not-tested", "pageone.act.not-tested"),
)


def target(w: Words, verdict: Target) -> Tile:
    """Say whether the target is reached; the distance stands beside, never instead.

    Examples
    --------
    >>> target(Words("en"), Target(88.31, "undecided", 0.2))
    ('cannot be told yet', 'target 88.31', 'difference 0.20 points')
    """
    label = w("pageone.target.label", target=w.number(verdict.goal))
    note = w("pageone.target.note", gap=w.number(verdict.gap)) if verdict.gap is not None else ""
    if verdict.strict:
        note += f"; {w('pageone.together')}"
    if not verdict.relation:
        note = _why(w, verdict.reason) if verdict.reason else ""
    return w(f"narrative.reached.{verdict.relation or 'none'}"), label, note


def _why(w: Words, reason: str) -> str:
    """A reason in a tile: what the caution at the head of the page has said of the whole unit is not said again."""
    return w("pageone.information") if reason == "for-information" else w.label("reason", reason)


def moved(w: Words, verdict: Change) -> Tile:
    """Say what changed since an earlier survey (R15); what cannot be compared gets no number."""
    kind = _kind(verdict)
    difference = _size(w, verdict)
    label = w(f"pageone.moved.label.{kind}", survey=verdict.survey)
    return w(f"narrative.moved.{kind}.tile", difference=difference), label, _moved_note(w, verdict, kind)


def _moved_note(w: Words, verdict: Change, kind: str) -> str:
    """The numbers of a change, and what it rests on."""
    if kind == "broken":
        return w("pageone.moved.kinds", kinds=w.join([w(f"compare.kind.{k}") for k in verdict.kinds]))
    if kind == "none":
        return _why(w, verdict.reason or "not-comparable")
    difference, margin = w.number(verdict.difference), w.number(verdict.margin, 1)
    if kind == "published":
        return w("pageone.moved.printed", difference=difference)
    interval = w.interval(verdict.lower, verdict.upper)
    if kind == "unchanged":
        said = [w("pageone.moved.inside", difference=difference, margin=margin)]
    elif kind == "cannot-tell":
        said = [w("pageone.moved.gap", difference=difference, interval=interval)]
    else:
        said = [w("pageone.moved.interval", interval=interval)]
    if verdict.small:
        said.append(w("pageone.moved.small", margin=margin))
    if verdict.strict:
        said.append(w("pageone.together"))
    if verdict.shared != verdict.items:
        said.append(w("pageone.moved.shared", shared=w.integer(verdict.shared)))
    return "; ".join(said)


def moved_title(w: Words, verdict: Change) -> str:
    """Say above a figure of several surveys what changed."""
    kinds = w.join([w(f"compare.kind.{kind}") for kind in verdict.kinds])
    said = w(
        f"narrative.moved.{_kind(verdict)}.title", survey=verdict.survey, difference=_size(w, verdict),
        kinds=kinds, who=w(f"narrative.moved.who.{verdict.scope}"),
    )  # fmt: skip
    if verdict.relation and verdict.shared != verdict.items:
        said = f"{said} ({w('pageone.moved.shared', shared=w.integer(verdict.shared))})"
    return said[:1].upper() + said[1:]


def _kind(verdict: Change) -> str:
    return verdict.relation or ("broken" if verdict.kinds else "none")


def _size(w: Words, verdict: Change) -> str:
    """A difference without its sign: the word beside it says the direction."""
    return w.number(abs(verdict.difference)) if verdict.difference is not None else ""


def stands(w: Words, verdict: Position) -> Tile:
    """Say the difference from the other units in the words of R14."""
    group = w(f"narrative.position.group.{verdict.group}")
    label = w(f"pageone.stands.label.{verdict.relation}", group=group)
    note = w("pageone.stands.note", difference=w.number(verdict.difference))
    return w(f"narrative.stands.{verdict.relation}.tile"), label, note


def stands_title(w: Words, verdict: Position) -> str:
    """Say above a figure of units where this one stands."""
    group = w(f"narrative.position.group.{verdict.group}")
    return w(f"narrative.stands.{verdict.relation or 'none'}.title", group=group)


def weights(w: Words, verdicts: Sequence[Printed]) -> list[Runs]:
    """Say that printed weights would give another letter (R1): one sentence for all that give the same.

    Examples
    --------
    >>> said = weights(Words("en"), [Printed("0.11", 87.5, "B", 88.4, "A"), Printed("0.111", 88.2, "B", 88.4, "A")])
    >>> said[0][0][0]
    'With the printed weight 0.11 or 0.111 the letter is B, not A.'
    """
    by_letter: dict[tuple[str, str], list[str]] = {}
    for one in verdicts:
        if one.differs:
            known = by_letter.setdefault((one.letter, one.exact_letter), [])
            known.append(one.weight.replace(".", w("narrative.point")))
    return [
        w.runs("pageone.weight", weight=f" {w('common.or')} ".join(known), letter=letter, exact=exact)
        for (letter, exact), known in by_letter.items()
    ]


# the unsur to act on ---------------------------------------------------------------------------
def act_lead(w: Words, count: int) -> str:
    """Say above the list what it holds, and why."""
    return w(f"pageone.act.lead.{ {1: 'one', 2: 'two', 3: 'three'}.get(count, 'some') }")


def act_item(w: Words, element: Element, code: str, codes: Sequence[str]) -> Runs:
    """Name one unsur with what its tests allow: which ones it is lower than, or that it states a fact (R18).

    Parameters
    ----------
    w : Words
    element : Element
    code : str
        Its own code, as the figure below has it.
    codes : sequence of str
        Codes of the unsur that it was shown to be lower than.
    """
    values = {"code": code, "name": element.name, "value": element.value}
    if element.mark == "states-a-fact":
        key = f"pageone.act.fact.{element.item}"
        return w.runs(key if w.has(key) else "pageone.act.fact.other", **values)
    if element.lower:
        return w.runs(f"narrative.lowest.{element.mark}.item", **values, lower=lower_than(w, element, codes))
    return w.runs("pageone.act.plain", **values)


def lower_than(w: Words, element: Element, codes: Sequence[str]) -> str:
    """Name the unsur that one was shown to be lower than: two in full, more as a count with their codes."""
    if len(element.lower) <= NAMED_IN_FULL:
        return w.join(list(element.lower))
    return w("pageone.act.others", count=w.integer(len(codes)), codes=", ".join(codes))


def act_rest(w: Words, elements: Sequence[Element]) -> list[Runs]:
    """Say once of all unsur that were not told apart, or not tested, that it is so."""
    said = []
    for mark, key in REST:
        names = [called(e) for e in elements if e.mark == mark]
        if names:
            said.append(w.runs(key, names=", ".join(names)))
    return said


def called(element: Element) -> str:
    """Name an unsur within a sentence: by the code of the list where its name is a whole question.

    Examples
    --------
    >>> called(Element("U3", "Waktu pelayanan", "80,00"))
    'waktu pelayanan'
    >>> called(Element("rs.R7", "Apakah petugas datang segera setelah dipanggil pasien", "80,00"))
    'R7'
    """
    if len(element.name.split()) > MOST_OF_A_NAME:
        return element.item.rpartition(".")[2]
    return inside_sentence(element.name)


def act_tie(w: Words, group: Sequence[Element], listed: Sequence[Element]) -> Runs:
    """Say that unsur have exactly one value; of many only the listed are named."""
    if len(group) <= MOST_NAMED:
        return w.runs("pageone.act.tie", names=", ".join(map(called, group)))
    chosen = {e.item for e in listed}
    names = ", ".join(called(e) for e in group if e.item in chosen)
    return w.runs("pageone.act.tie-many", count=w.integer(len(group)), names=names)


def lowest_title(w: Words, elements: Sequence[Element], codes: Sequence[str]) -> str:
    """Say above the figure of all unsur what is known of the lowest one, and of those of exactly its value.

    Parameters
    ----------
    w : Words
    elements : sequence of Element
        The lowest unsur and those of exactly its value; none where all are equal.
    codes : sequence of str
        Codes of the unsur that the lowest one was shown to be lower than.
    """
    if not elements:
        return w("pageone.title.lowest.all-equal")
    first = elements[0]
    if first.lower and len(elements) == 1:
        return w(f"narrative.lowest.{first.mark}.title", name=first.name, lower=lower_than(w, first, codes))
    names = w.join([inside_sentence(e.name) for e in elements])
    if all(e.mark == "states-a-fact" for e in elements):
        return w("pageone.title.lowest.fact", names=names)
    undecided = len(elements) == 1 and first.mark == "not-distinguishable"
    return w(
        "narrative.lowest.clearly-lower.not_title" if undecided else "pageone.title.lowest.plain", names=names
    )
