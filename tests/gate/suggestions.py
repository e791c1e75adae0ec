"""Who wrote a suggestion, counted again from the answers and from the list that is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pandas as pd

from pipeline import themes
from tests.gate.context import Context, Facts, Failure
from tests.gate.pool import Pool
from tests.gate.values import numbers

SECTION = re.compile(r"saran|suggest")
_WROTE = re.compile(r"^([\d.,]+)(?: (?:dari|of) [\d.,]+)? (?:responden|respondents?) (?:menulis|wrote)")
_HOLD = re.compile(r"([\d.,]+) (?:berisi saran|holds? a suggestion)")
#: Behind the closing mark: the text itself may hold anything.
_TIMES = re.compile(r"[”\"] \(×([\d.,]+)\)(?: \((?:juga|also): [^”\"]*\))?$")


def wrote(context: Context) -> int | None:
    """Respondents of the unit who left something in the field of suggestions."""
    frame = context.facts.by_unit.get(context.unit)
    if frame is None or "suggestion" not in frame:
        return None
    return int(frame["suggestion"].astype("string").fillna("").str.strip().ne("").sum())


def printed(context: Context) -> list[int]:
    """How often each printed suggestion was written."""
    lang = context.page.lang
    rows = [p for p in context.page.of("bullet") if SECTION.search(p.section) and p.text[:1] in "“\"'"]
    found = [_TIMES.search(p.text) for p in rows]
    return [int(numbers(m.group(1), lang)[0].value) if m else 1 for m in found]


def texts(facts: Facts, unit: str) -> pd.Series:
    """What the unit's respondents wrote, blanks drawn together; those who wrote nothing left out."""
    frame = facts.by_unit.get(unit)
    if frame is None or "suggestion" not in frame:
        return pd.Series([], dtype=str)
    found = frame["suggestion"].astype("string").fillna("").str.split().str.join(" ")
    return found[found.ne("")].astype(str)


@cache
def by_theme(facts: Facts, unit: str) -> dict[tuple[str, str], tuple[int, int]]:
    """People and different texts by theme, by unsur and by kind of text without content, counted here again.

    What a text speaks of is the package's answer, held against labels by its own tests; who wrote it is not.
    """
    said = texts(facts, unit)
    found: dict[tuple[str, str], set[tuple[object, str]]] = {}
    model = themes.built_in()
    for who, text in said.items():
        (judged,) = themes.judge(pd.Series([text]), model).to_dict("records")
        keys = [("theme", t) for t in judged["themes"]] + [("unsur", i) for i in judged["unsur"]]
        for key in [*keys, *([("kind", judged["kind"])] if judged["kind"] else [])]:
            found.setdefault(key, set()).add((who, text.casefold().rstrip(" .!")))
    return {key: (len(rows), len({text for _, text in rows})) for key, rows in found.items()}


def pool(context: Context) -> Pool:
    """The numbers a section of suggestions may hold: a theme's only where five people or more wrote about it."""
    people, times = wrote(context) or 0, printed(context)
    counted = by_theme(context.facts, context.unit)
    told = [n for (what, _), pair in counted.items() if what != "kind" and pair[0] >= 5 for n in pair]
    told += [pair[0] for (what, _), pair in counted.items() if what == "kind"]
    return Pool(
        [people, sum(times), people - sum(times), len(times), context.n, len(context.answers), 2, 5, *told]
    )


def about(context: Context, item: str) -> Pool:
    """How many wrote about an unsur, where that may be told."""
    people, _ = by_theme(context.facts, context.unit).get(("unsur", item), (0, 0))
    return Pool([people] if people >= 5 else [])


def _quoted(context: Context) -> Iterator[Failure]:
    """A quotation on page one that nobody of the unit wrote, or that was not written about its unsur."""
    where, written = (
        f"{context.page.name}.{context.page.lang}",
        [_bare(t) for t in texts(context.facts, context.unit)],
    )
    for passage in context.page.of("bullet"):
        code = re.match(r"[A-Z]\w*\d+\b", passage.text)
        for quote in re.findall(r"“([^”]*)”", passage.text) if code else []:
            spoken = themes.judge(pd.Series([quote]), themes.built_in())["unsur"][0]
            if _bare(quote) not in written or code.group(0) not in spoken:  # type: ignore[union-attr]
                yield Failure("quotation-nobody-wrote", where, passage.text, quote)


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(" .!")


@cache
def of_city(facts: Facts) -> Pool:
    """The numbers an overview may say of suggestions: people by theme over the units of the city's index.

    Of each theme those of units where five and more wrote; the others only where they are two units' and five.
    """
    model = themes.built_in()
    rows = facts.rows(scope="unit", statistic="n_valid")
    sizes = rows[rows["service"] == ""].groupby("unit")["estimate"].max()
    required = facts.rows(scope="unit", statistic="required").groupby("unit")["estimate"].max()
    needed = required.reindex(sizes.index).fillna(30).clip(upper=30)
    units = sizes.index[(sizes >= needed) & (sizes >= 5)]
    if facts.rows(scope="city", statistic="units_counted")["estimate"].max() > len(units):
        units = sizes.index[sizes >= 5]
    wrote, found = 0, pd.DataFrame(columns=["unit", "theme"])
    for unit in units:
        said = texts(facts, str(unit))
        wrote += len(said)
        own = themes.judge(said, model)[["themes"]].explode("themes").dropna()
        found = pd.concat([found, own.assign(unit=unit).rename(columns={"themes": "theme"})])
    told = [wrote, len(units), 2, 5]
    for _, mine in found.groupby("theme"):
        counts = mine.groupby("unit").size()
        rest = counts[counts < 5]
        more = rest.sum() if len(rest) >= 2 and rest.sum() >= 5 else 0
        told += [int(counts[counts >= 5].sum() + more), int((counts >= 5).sum())]
    return Pool(told)


def check(context: Context) -> Iterator[Failure]:
    """Counts of those who wrote that are none of people, and quotations of what nobody wrote."""
    yield from _quoted(context)
    people, times = wrote(context), printed(context)
    if people is None:
        return
    for passage in context.page.of("sentence"):
        for pattern, expected in ((_WROTE, people), (_HOLD, sum(times) if times else None)):
            match = pattern.search(passage.text)
            if (
                match
                and expected is not None
                and numbers(match.group(1), context.page.lang)[0].value != expected
            ):
                yield Failure("suggestions-counted-by-text", f"{context.page.name}.{context.page.lang}", passage.text,
                              f"{expected} respondents")  # fmt: skip
