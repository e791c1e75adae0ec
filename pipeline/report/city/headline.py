"""The city's index on the first page: how it is made, of how many units, and what other ways would say (R5)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pipeline import blocks, results, standings
from pipeline.report.data.city import CityReport, certainty_words, known, parts, say
from pipeline.words.formats import NOTHING


def letter_of(city: CityReport, method: str) -> tuple[str, str, float, str]:
    """Letter of a way to make the city's index, the word for its certainty, the confidence, the reason.

    An index for information only has no word: a first impression is neither firm nor leaning.
    """
    rows = city.city[(city.city["item"] == "") & (city.city["method"] == method)]
    letter = next(iter(rows.loc[rows["statistic"] == "letter", "text"]), "")
    row = next(results.rows_of(rows[rows["statistic"] == "certainty"]), None)
    counted = standings.counted_units(city.table("index"))
    if row is None or (counted is not None and counted.information):
        return str(letter), "", float("nan"), ""
    return str(letter), str(row.text), float(row.estimate), str(row.reason)


def method_name(city: CityReport, method: str) -> str:
    """Name of a way to make the city's index, in words."""
    key = f"overview.city_method.{method}"
    return city.words(key) if city.words.has(key) else method


def exactly(row: Any) -> Fraction | float:
    """The index as its exact fraction where the row carries one, so that it is rounded once."""
    whole = known(row.numerator) and known(row.denominator)
    return Fraction(int(row.numerator), int(row.denominator)) if whole else float(row.estimate)


def headline(city: CityReport, row: Any) -> Any:
    """Return the city's index with interval, letter, certainty and place on the scale."""
    w = city.words
    letter, word, confidence, reason = letter_of(city, row.method)
    label = w("overview.headline_label", method=method_name(city, row.method))
    interval = w("overview.interval", interval=w.interval(row.lower, row.upper)) if known(row.lower) else ""
    chip = ""
    if word:
        share = standings.confidence_words(w, confidence, 1)
        chip = w("overview.chip", confidence=share, word=w.label("certainty", word))
    if reason == "census":
        interval, chip = w("overview.interval_census"), w.label("certainty", "census") if word else ""
    name = w.label("letter", letter) if letter else w("overview.no_letter")
    value = w.number(exactly(row))
    alt = w(
        "overview.headline_alt", value=value, interval=interval or w.label("reason", row.reason),
        letter=f"{letter} {name}".strip(),
    )  # fmt: skip
    return blocks.headline(
        value=value, label=label, interval=interval, letter=letter, letter_name=name, chip=chip,
        bands=city.bands, estimate=row.estimate, lower=row.lower if known(row.lower) else None,
        upper=row.upper if known(row.upper) else None, alt=alt,
    )  # fmt: skip


def for_information(city: CityReport) -> list[Any]:
    """The notice on a headline that rests on units for information only."""
    counted, w = standings.counted_units(city.table("index")), city.words
    if counted is None or not counted.information:
        return []
    text = w("overview.information", units=w.integer(counted.units), only=w.integer(counted.only))
    return [blocks.notice(text, kind="caution", title=w("overview.information_title"))]


def rests_on(city: CityReport) -> list[Any]:
    """Of how many people and units the index is, of how many in the listed units, and who named none of these."""
    counted, w = standings.counted_units(city.table("index")), city.words
    if counted is None or counted.people >= counted.answered:
        return []
    said = parts(
        w, "overview.rests_on", people=w.integer(counted.people), valid=w.integer(counted.valid),
        units=w.integer(counted.units), listed=w.integer(counted.listed),
    )  # fmt: skip
    if counted.elsewhere:
        said += [" ", *parts(w, "overview.rests_on_elsewhere", n=w.integer(counted.elsewhere))]
    return [blocks.prose(*said)]


def units_fact(city: CityReport) -> Any:
    """The fact how many of the listed units the city's index is the mean of."""
    w, counted = city.words, standings.counted_units(city.table("index"))
    listed = len(city.standings)
    if counted is None:
        made = len(city.ranked) + int((city.shown["sign"] == "E").sum())
        counted = standings.Counted(made, listed, 0, information=False)
    left = counted.left_out(int((city.standings["sign"] == "x").sum()))
    key = "fact_units_left" if left else "fact_units_note"
    note = w(f"overview.{key}", listed=w.integer(listed), kinds=standings.left_out_words(w, left))
    return blocks.fact(w.integer(counted.units), w("overview.fact_units", n=counted.units), note)


def meaning(city: CityReport, row: Any) -> list[Any]:
    """What the index says: the letter in words, and how sure it is."""
    w = city.words
    letter, word, _, reason = letter_of(city, row.method)
    if letter and for_information(city):
        word = "information"
    if letter and word:
        word = "census" if reason == "census" else word
        return [
            say(w, f"overview.meaning_{word}", value=w.number(exactly(row)), letter=letter,
                name=w.label("letter", letter).lower(), method=method_name(city, row.method))
        ]  # fmt: skip
    return [] if city.bands else [say(w, "overview.meaning_foreign", value=w.number(exactly(row)))]


def same_as(row: Any, other: Any) -> bool:
    """Whether two ways give one index with one interval."""
    return (exactly(row), row.lower, row.upper) == (exactly(other), other.lower, other.upper)


def ways(city: CityReport) -> list[Any]:
    """Return the table of the city's index by every way to make it; none without an index."""
    w, rows = city.words, city.city[(city.city["statistic"] == "ikm") & (city.city["item"] == "")]
    of = city.city[(city.city["statistic"] == "units") & (city.city["item"] == "")]
    units = dict(zip(of["method"], of["estimate"], strict=True))
    main = city.headline
    cells: list[list[str]] = []
    strong, absent, same = [], [], []
    for row in results.rows_of(rows):
        letter, word, confidence, reason = letter_of(city, row.method)
        if main is not None and row.method == main.method:
            strong.append(len(cells))
        elif city.few and main is not None and same_as(row, main):
            same.append(method_name(city, row.method))
            continue
        if not known(row.estimate) and row.reason:
            absent.append(f"{method_name(city, row.method)}: {w.label('reason', row.reason)}")
        made_of = units.get(row.method)
        cells.append([
            method_name(city, row.method),
            NOTHING if made_of is None else w.integer(int(made_of)),
            w.number(exactly(row)) if known(row.estimate) else NOTHING,
            w.interval(row.lower, row.upper) if known(row.lower) else NOTHING,
            letter or NOTHING,
            certainty_words(city, word, confidence, reason),
        ])  # fmt: skip
    if not cells or (city.few and len(cells) == 1 and not absent):
        return []  # one way, or all of them the same: page one has said it
    if same:
        absent.append(w("overview.alternatives_same", methods=w.join(same)))
    return [
        blocks.table(
            columns=blocks.columns(
                w, method=("overview.col_method", "2.4fr"), units="overview.col_units",
                ikm="overview.col_index", interval="overview.col_interval",
                letter=("overview.col_letter", ""), certainty=("overview.col_certainty", ""),
            ),
            rows=cells, strong_rows=strong, key="city-index", caption=w("overview.alternatives_caption"),
            note=" ".join([w("overview.alternatives_note"), *(f"{text}." for text in absent)]),
        )
    ]  # fmt: skip
