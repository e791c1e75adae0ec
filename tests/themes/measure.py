"""How well the themes of the package find what people labelled: ``python -m tests.themes.measure`` prints the table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from pipeline import themes

FILE = Path(__file__).with_name("labelled.csv")
#: Which lines the keywords were made with, and which not: see README.md.
PARTS = ("tune", "held-out", "hard", "blind")
NOT_THEMES = (*themes.JUNK, themes.OTHER)


def labelled() -> pd.DataFrame:
    """Lines with what was found and what was labelled, as sets."""
    lines = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    judged = themes.judge(lines["text"], themes.built_in())
    found = [
        set(judged.at[i, "themes"]) or {judged.at[i, "kind"]} if i in judged.index else {"none"}
        for i in lines.index
    ]
    return lines.assign(want=[set(text.split(";")) for text in lines["labels"]], found=found)


def counted(lines: pd.DataFrame) -> dict[str, tuple[int, int, int]]:
    """Per label: found and right, found and wrong, missed."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for want, found in zip(lines["want"], lines["found"]):
        right.update(want & found)
        wrong.update(found - want)
        missed.update(want - found)
    names = [*themes.built_in().file.themes, *NOT_THEMES]
    return {name: (right[name], wrong[name], missed[name]) for name in names}


def precision_and_recall(lines: pd.DataFrame, *, of_themes: bool = True) -> tuple[float, float]:
    """Precision and recall over all themes (else over the kinds of texts without one)."""
    rows = [row for name, row in counted(lines).items() if (name not in NOT_THEMES) == of_themes]
    right, wrong, missed = (sum(column) for column in zip(*rows))
    return right / (right + wrong), right / (right + missed)


def table() -> str:
    """Precision and recall per part, then per theme over all parts, as lines of Markdown."""
    lines = labelled()
    out = ["| lines | how many | precision of themes | recall of themes |", "|---|---|---|---|"]
    for part in (*PARTS, "all"):
        mine = lines if part == "all" else lines[lines["part"] == part]
        precision, recall = precision_and_recall(mine)
        out.append(f"| {part} | {len(mine)} | {precision:.3f} | {recall:.3f} |")
    out += ["", "| label | right | wrong | missed | precision | recall |", "|---|---|---|---|---|---|"]
    for name, (right, wrong, missed) in counted(lines).items():
        precision = f"{right / (right + wrong):.2f}" if right + wrong else "–"
        recall = f"{right / (right + missed):.2f}" if right + missed else "–"
        out.append(f"| {name} | {right} | {wrong} | {missed} | {precision} | {recall} |")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    print(table(), end="")
