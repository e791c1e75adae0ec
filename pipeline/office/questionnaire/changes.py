"""What a survey asks otherwise than an earlier one, and what that means for the change between them (R8, R15).

The verdict is that of `statistics.trend.comparable`, by which the change itself is computed: the two cannot differ.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.office import safe
from pipeline.office.questionnaire.answered import other_words
from pipeline.statistics.trend.comparable import KINDS, Conditions, breaks, own_breaks
from pipeline.survey import Survey
from pipeline.survey.asked import Asked, asked, wordings
from pipeline.survey.context import Context

#: What is said of an item, by what became of it.
MEANS = {
    "compared": "compared: a change can be told",
    "left-out": "left out of the change, and the line over the years is broken there",
    "nothing": "nothing is compared: {kinds} changed for the whole survey",
    "new": "asked for the first time: no change can be told",
    "gone": "not asked any more",
    "beside": "no part of the index: no change is computed",
}
HEAD = (
    "item",
    "name",
    "question_then",
    "question_now",
    "options_then",
    "answers_then",
    "options_now",
    "changed",
    "trend",
)


@dataclass(frozen=True)
class Line:
    """One item, then and now.

    Attributes
    ----------
    changed : tuple of str
        ``question``, ``options``, ``place``, ``scale``; empty where all is as it was.
    means : str
        A key of `MEANS`.
    """

    item: str
    name: str
    then: Asked | None
    now: Asked | None
    changed: tuple[str, ...]
    means: str

    @property
    def same(self) -> bool:
        """Whether it is asked as it was."""
        return self.then is not None and self.now is not None and not self.changed


@dataclass(frozen=True)
class Comparison:
    """Two surveys' questionnaires, and what changed for the whole: rule, scale, mode, executor.

    ``answered`` are the words that answers of the earlier survey came in, where its definition states others.
    """

    now: Survey
    then: Survey
    lines: tuple[Line, ...]
    whole: tuple[str, ...]
    answered: Mapping[str, str]


def conditions(survey: Survey) -> Conditions:
    """How a survey is held, as its definition states it; what only the answers tell is not known yet."""
    definition = survey.definition
    return Conditions(
        rule=definition.rule, order=definition.order or "", scale=(survey.scale.min, survey.scale.max),
        mode=definition.mode, executor=definition.conducted_by.casefold(), wording=wordings(survey),
    )  # fmt: skip


def compare(now: Survey, then: Survey) -> Comparison:
    """Hold the questionnaire of a survey against that of an earlier one.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pipeline.survey import Definition, Survey
    >>> old = Survey("2025", Path(), Definition(title="x"), (), "")
    >>> new = Survey("2026", Path(), Definition(title="x", wording={"U6": "Mampukah petugas?"}), (), "")
    >>> [(line.item, line.changed, line.means) for line in compare(new, old).lines if not line.same]
    [('U6', ('question',), 'left-out')]
    """
    one, other = conditions(now), conditions(then)
    before, after = ({item.item: item for item in asked(survey)} for survey in (then, now))
    whole, index = breaks(one, other), _index(now, after)
    lines = []
    for code in dict.fromkeys((*after, *before)):
        old, new = before.get(code), after.get(code)
        own = own_breaks(code, one, other)
        changed = _changed(new, old) + (("place",) if "order" in own else ())
        means = _means(code, new, old, whole, own, index)
        label = next((item.label["id"] for item in (new, old) if item), "")
        lines.append(Line(code, label, old, new, changed, means))
    return Comparison(now, then, tuple(lines), whole, other_words(then))


def _index(survey: Survey, items: dict[str, Asked]) -> set[str]:
    """Return the items that a survey's index will be made of, if they are answered as they are asked."""
    return set(Context(survey, tuple(code for code, item in items.items() if not item.twin)).items)


def _changed(now: Asked | None, then: Asked | None) -> tuple[str, ...]:
    if now is None or then is None:
        return ()
    said = [("question", _plain(now.question["id"]) != _plain(then.question["id"]))]
    said.append(("options", _plain(options(now)) != _plain(options(then))))
    said.append(("scale", now.scale != then.scale))
    return tuple(name for name, differs in said if differs)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _means(
    code: str,
    now: Asked | None,
    then: Asked | None,
    whole: tuple[str, ...],
    own: tuple[str, ...],
    index: set[str],
) -> str:
    if now is None:
        return "gone"
    if then is None:
        return "new"
    if code not in index:
        return "beside"
    if whole:
        return "nothing"
    return "left-out" if own else "compared"


def options(item: Asked | None) -> str:
    """Write the options of an item on one line; numbers where it has no words.

    Examples
    --------
    >>> said = {1: {"id": "buruk", "en": "bad"}}
    >>> options(Asked("x.a", {}, {}, said, (1, 3))), options(None)
    ('1 buruk / 2 / 3', '')
    """
    if item is None:
        return ""
    if item.worded:
        return " / ".join(item.texts[score]["id"] for score in item.scores)
    return " / ".join(f"{score} {item.texts.get(score, {}).get('id', '')}".strip() for score in item.scores)


def text(made: Comparison, line: Line) -> str:
    """What a change means for the trend, in a sentence."""
    return MEANS[line.means].format(kinds=" and ".join(made.whole))


def table(made: Comparison) -> bytes:
    """Return the comparison as CSV: every item, then and now; a spreadsheet runs nothing of it."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(HEAD)
    for line in made.lines:
        questions = (item.question["id"] if item else "" for item in (line.then, line.now))
        told = made.answered.get(line.item, "")
        cells = (line.item, line.name, *questions, options(line.then), told, options(line.now),
                 ", ".join(line.changed) or ("same" if line.same else ""), text(made, line))  # fmt: skip
        rows.writerow([safe.text(cell) for cell in cells])
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def lines(made: Comparison) -> Iterator[str]:
    """Yield what the command line says: what changed for all, each item that changed, then those that did not."""
    now, then = made.now.name, made.then.name
    yield f"the questionnaire of {now} beside that of {then}:"
    one, other = conditions(made.now), conditions(made.then)
    for kind in KINDS:
        if kind in made.whole:
            yield f"  {kind}: {_shown(getattr(other, kind))} in {then}, {_shown(getattr(one, kind))} in {now}"
    for line in made.lines:
        if line.same:
            continue
        what = " and ".join(line.changed) or {"new": "new", "gone": "gone"}[line.means]
        yield f"  {line.item} {line.name}: {what}"
        if "question" in line.changed or not (line.then and line.now):
            yield from (
                f"    {name}  {item.question['id']}"
                for name, item in ((then, line.then), (now, line.now))
                if item
            )
        if "options" in line.changed:
            yield f"    {then}  {options(line.then)}"
            yield f"    {now}  {options(line.now)}"
        yield f"    {text(made, line)}"
    yield from _told(made)
    same: dict[str, list[str]] = {}
    for line in made.lines:
        if line.same:
            same.setdefault(text(made, line), []).append(line.item)
    for said, items in same.items():
        yield f"  as it was: {', '.join(items)}: {said}"


def _told(made: Comparison) -> Iterator[str]:
    """Yield the items whose earlier answers came in words that the earlier definition does not state."""
    asked_again = {line.item for line in made.lines if line.now and line.then}
    for item, words in made.answered.items():
        if item in asked_again:
            yield f"  {item}: most answers of {made.then.name} are in other words than its definition states: {words}"
    if asked_again & set(made.answered):
        yield (
            f"    if its form printed them, say so in {made.then.name}/survey.yml (options: code: [text, ...]): only"
            " then does the change allow for it"
        )


def _shown(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value) or "not stated"
