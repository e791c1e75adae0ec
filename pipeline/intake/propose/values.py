"""Write down what texts may mean that are no option of their unsur: places and degrees as a guess."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.intake.propose.yamltext import note, quoted
from pipeline.intake.values.items import ItemSet
from pipeline.intake.values.proposed_values import guessed, proposed

if TYPE_CHECKING:
    from pipeline.intake.propose.looks import Look


def values(looks: list[Look], items: ItemSet) -> list[str]:
    """Propose what unknown texts mean: places and degrees as a guess; the others only as a question."""
    unknown: dict[str, Counter[str]] = {}
    for look in looks:
        for seen in look.columns:
            if "." in seen.column.field:
                continue  # a questionnaire of one's own says so with its items
            for text, count, _ in seen.unknown:
                unknown.setdefault(seen.column.field, Counter())[text] += count
    if not unknown:
        return []
    codes = guessed({text for texts in unknown.values() for text in texts})
    out = ["", "# Answers that are no option of their unsur: they are counted only as this says."]
    rest: dict[str, dict[str, int]] = {
        item: {text: n for text, n in texts.most_common(40) if text not in codes}
        for item, texts in unknown.items()
    }
    made = proposed({item: texts for item, texts in rest.items() if texts}, items.readers)
    if codes:
        pairs = ", ".join(f"{quoted(text)}: {quoted(code)}" for text, code in codes.items())
        out += ["values:", f"  answers: {{{pairs}}}    # guess, by place or degree: look at the form"]
    elif made:
        out += ["# Look at each, then take away the # of these lines.", "# values:"]
    if codes and "answers" in made:
        # One key may stand only once: texts nobody can guess are proposed item by item.
        made = {
            item: {text: made["answers"].get(text) or made.get(item, {})[text] for text in texts}
            for item, texts in rest.items()
            if texts
        }
    for name, texts in made.items():
        counts = ", ".join(f"{sum(rest[i].get(t, 0) for i in rest if name in (i, 'answers'))}" for t in texts)
        pairs = ", ".join(f"{quoted(note(text, 120))}: {code}" for text, code in texts.items())
        out.append(f"  # {name}: {{{pairs}}}    # {counts} answers")
    return out
