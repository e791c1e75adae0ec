"""Sentences from verdicts (R16): the only place where prose about results is made.

Every function takes verdict objects and returns runs ``(text, is_strong)``; the wording
itself lives in ``locale/<lang>/narrative.yml``, one group of keys per verdict. Words that
claim a direction or a rank (``naik``, ``lebih baik``, ``terbaik``) may stand only in the
groups whose verdict carries the claim; ``unearned`` finds them anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.words.lookup import Words
from pipeline.words.verdicts import (
    Certainty,
    Change,
    Element,
    Position,
    Printed,
    Sample,
)

Runs = list[tuple[str, bool]]

#: Words that claim something, and the groups of ``narrative.yml`` whose verdict carries them.
CLAIMS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "id": (
        (r"\b(?:me)?naik\b|\bmeningkat\w*|\bpeningkatan\b|\bmembaik\b", ("change.up", "moved.up")),
        (r"\bturun\b|\bmenurun\w*|\bpenurunan\b|\bmemburuk\b", ("change.down", "moved.down")),
        (r"\bterbaik\b|\bterburuk\b|\bjuara\b|\bunggul\b", ("rank.separated",)),
        (
            r"\blebih (?:baik|tinggi|unggul)\b|\bdi atas\b",
            ("position.above", "position.far-above", "service.above", "stands.above"),
        ),
        (
            r"\blebih (?:buruk|rendah)\b|\bdi bawah\b",
            (
                "position.below",
                "position.far-below",
                "service.below",
                "stands.below",
                "lowest.clearly-lower",
                "lowest.partly-lower",
            ),
        ),
        (r"\bsignifikan\b|\bmenyebabkan\b|\bberpengaruh\b|\bkarena itu\b", ()),
    ),
    "en": (
        (r"\bros?e[sn]?\b|\bimprov\w+|\bincreas\w+|\bwent up\b", ("change.up", "moved.up")),
        (r"\bfell\b|\bdeclin\w+|\bdecreas\w+|\bworsen\w*|\bwent down\b", ("change.down", "moved.down")),
        (r"\bbest\b|\bworst\b|\bwinner\b|\boutperform\w*", ("rank.separated",)),
        (
            r"\bbetter\b|\bhigher than\b|\babove\b",
            ("position.above", "position.far-above", "service.above", "stands.above"),
        ),
        (
            r"\bworse\b|\blower than\b|\bbelow\b",
            (
                "position.below",
                "position.far-below",
                "service.below",
                "stands.below",
                "lowest.clearly-lower",
                "lowest.partly-lower",
            ),
        ),
        (r"\bsignificant\w*|\bcaus\w+|\bbecause of\b", ()),
    ),
}


def unearned(text: str, lang: str, earned: Sequence[str] = ()) -> list[str]:
    """Return the claiming words of a text that none of the earned verdicts carries.

    Parameters
    ----------
    text : str
        A sentence, or a template of one.
    lang : str
        ``"id"`` or ``"en"``.
    earned : sequence of str
        Verdicts that stand behind the text, e.g. ``["position.above"]``.

    Examples
    --------
    >>> unearned("Nilainya naik.", "id"), unearned("Nilainya naik.", "id", ["change.up"])
    (['naik'], [])
    """
    found: list[str] = []
    for pattern, carriers in CLAIMS[lang]:
        if not set(carriers) & set(earned):
            found += [match.group(0) for match in re.finditer(pattern, text, re.IGNORECASE)]
    return found


def joined(*sentences: Runs) -> Runs:
    """Set sentences one after another with a blank between them."""
    runs: Runs = []
    for sentence in sentences:
        if sentence and runs:
            runs.append((" ", False))
        runs.extend(sentence)
    return runs


def certainty(w: Words, verdict: Certainty) -> Runs:
    """Say what users think in the words of the letter, and how sure the letter is."""
    name = w.label("letter", verdict.letter).lower()
    if verdict.reason == "for-information":  # page one says why above it
        return w.runs("narrative.certainty.information", letter=verdict.letter, name=name)
    if not verdict.level:
        key = "narrative.certainty.none" if verdict.letter else "narrative.certainty.no-letter"
        reason = w.label("reason", verdict.reason) if verdict.reason else w("common.unknown")
        return w.runs(key, letter=verdict.letter, name=name, reason=reason)
    if verdict.reason == "census":
        return w.runs("narrative.certainty.census", letter=verdict.letter, name=name)
    share = w.confidence(verdict.confidence)
    runs = w.runs(f"narrative.certainty.{verdict.level}", letter=verdict.letter, name=name, confidence=share)
    if verdict.level != "firm" and verdict.n_to_settle:
        everybody = verdict.n_to_settle == verdict.population
        key = "narrative.certainty.settle-all" if everybody else "narrative.certainty.settle"
        more = w.runs(key, n=w.integer(verdict.n_to_settle))
        return joined(runs, more)
    return runs


def sample(w: Words, verdict: Sample) -> Runs:
    """Set the valid answers beside the required sample."""
    values = {
        "valid": w.integer(verdict.valid),
        "required": w.integer(verdict.required),
        "population": w.integer(verdict.population),
        "missing": w.integer(max(0, (verdict.required or 0) - verdict.valid)),
    }
    return w.runs(f"narrative.sample.{verdict.status}", **values)


def printed(w: Words, verdicts: Sequence[Printed]) -> Runs:
    """Say that the exact weight was used, and whether a printed weight changes the letter."""
    runs = w.runs("narrative.weight.exact")
    differing = [v for v in verdicts if v.differs]
    if not verdicts:
        return runs
    if not differing:
        point = w("narrative.point")
        values = w.join([f"{w.number(v.value)} ({v.weight.replace('.', point)})" for v in verdicts])
        return joined(runs, w.runs("narrative.weight.same", values=values, letter=verdicts[0].exact_letter))
    for v in differing:
        more = w.runs(
            "narrative.weight.differs",
            weight=v.weight.replace(".", w("narrative.point")),
            value=w.number(v.value),
            letter=v.letter,
            exact=w.number(v.exact_value),
            exact_letter=v.exact_letter,
        )
        runs = joined(runs, more)
    return runs


def position(w: Words, verdict: Position, size: bool = True) -> Runs:
    """Say what the difference from the others shows, then (``size``) whether such a gap is out of the ordinary."""
    group = w(f"narrative.position.group.{verdict.group}")
    if not verdict.relation:
        reason = w.label("reason", verdict.reason or "few-units")
        return w.runs("narrative.position.none", group=group, reason=reason)
    runs = w.runs(
        f"narrative.position.{verdict.relation}",
        group=group,
        difference=w.number(verdict.difference),
        interval=w.interval(verdict.lower, verdict.upper),
        margin=w.number(verdict.margin, 1),
        units=w.integer(verdict.units),
    )
    return joined(runs, unusual(w, verdict)) if size else runs


def unusual(w: Words, verdict: Position) -> Runs:
    """Say whether a gap of this size is out of the ordinary in this city."""
    if not verdict.unusual:
        return []
    return w.runs(f"narrative.position.unusual.{verdict.unusual}", reach=w.number(verdict.reach))


def named(w: Words, element: Element) -> str:
    """Write an unsur with its value: ``persyaratan (86,19)``."""
    return f"{inside_sentence(element.name)} ({element.value})"


def inside_sentence(name: str) -> str:
    """Write a name in lower case, unless it holds an acronym."""
    return name.lower() if _plain(name) else name


def _plain(name: str) -> bool:
    """Say whether a name may be written in lower case inside a sentence (no acronyms)."""
    return not any(len(word) > 1 and word.isupper() for word in re.split(r"\W+", name))


def change(w: Words, verdict: Change, brief: bool = False) -> Runs:
    """Say what changed since an earlier survey, and what that is worth; briefly, without the unsur it rests on."""
    who = w(f"narrative.change.who.{verdict.scope}")
    if not verdict.relation and verdict.kinds:
        kinds = w.join([w(f"compare.kind.{kind}") for kind in verdict.kinds])
        return w.runs("narrative.change.broken", who=who, survey=verdict.survey, kinds=kinds)
    if not verdict.relation:
        reason = w.label("reason", verdict.reason or "not-comparable")
        return w.runs("narrative.change.none", who=who, survey=verdict.survey, reason=reason)
    difference = verdict.difference
    if difference is not None and verdict.relation in ("up", "down"):
        difference = abs(difference)  # the word says the direction
    said = w.runs(
        f"narrative.change.{verdict.relation}",
        who=who,
        survey=verdict.survey,
        difference=w.number(difference),
        interval=w.interval(verdict.lower, verdict.upper),
        margin=w.number(verdict.margin, 1),
    )
    if verdict.small:
        said = joined(said, w.runs("narrative.change.small", margin=w.number(verdict.margin, 1)))
    if brief or verdict.shared == verdict.items:
        return said
    values = {"shared": w.integer(verdict.shared), "items": w.integer(verdict.items)}
    return joined(said, w.runs("narrative.change.shared", **values))
