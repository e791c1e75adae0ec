"""A trace as rows of text in a reader's language: what the terminal and the page both print."""

from __future__ import annotations

from fractions import Fraction

from pipeline import rules
from pipeline.intake.ground.problems import Problem
from pipeline.survey.text import fold
from pipeline.trace.model import INDEX, UNTOLD, Aside, Item, Label, Place, Published, Trace
from pipeline.trace.ranges import ranges
from pipeline.words import Words
from pipeline.words.problems import said

#: Decimals of a mean, of a weighted mean, and of an exact number that is written out.
MEAN, WEIGHTED, LONG = 4, 6, 12
#: Columns of the rows that `aside` and `sources` return.
ASIDE = ("what", "reason", "file", "count", "rows", "values", "ledger")
SOURCES = ("item", "raw", "answers", "table", "csv", "same")
#: A fraction with a longer denominator says nothing to anybody; its decimals stand alone.
LONGEST = 10**24


def fraction(value: Fraction) -> str:
    """A fraction as it is.

    Examples
    --------
    >>> fraction(Fraction(766, 210)), fraction(Fraction(4))
    ('383/105', '4')
    """
    return str(value)


def decimal(value: Fraction, w: Words, digits: int) -> str:
    """A fraction as a decimal number, rounded half up by whole numbers."""
    return w.number(rules.round_half_up(value, digits), digits)


def name(trace: Trace, w: Words) -> str:
    """What is traced: code and name, or the index."""
    if trace.item == INDEX:
        return w("trace.index")
    # An indicator without a name is called by its code.
    same = fold(trace.item_name) == fold(trace.item)
    return trace.item if same else f"{trace.item} {trace.item_name}"


def head(w: Words, part: str, name: str, shared: str = "") -> str:
    """Head of a column: the words of its part, or of another that it shares them with."""
    key = f"trace.{part}.{name}"
    return w(key if w.has(key) else f"trace.{shared}.{name}")


def lead(trace: Trace, w: Words) -> list[tuple[str, bool]]:
    """The published number in one sentence, and whether everything agrees in another."""
    stored = trace.published
    if stored is None:
        return w.runs("trace.no_row")
    if not stored.told:
        return w.runs("trace.not_told", reason=w.label("reason", stored.reason))
    if trace.item != INDEX:
        return w.runs("trace.lead", value=f"NRR {w.number(stored.value, MEAN)}")
    if not trace.letter:
        return w.runs("trace.lead_foreign", value=w.number(stored.value))
    return w.runs("trace.lead_index", value=w.number(stored.value), letter=trace.letter)


def verdict(trace: Trace, w: Words) -> list[tuple[str, bool]]:
    """Whether everything that can be held against one another is the same."""
    if trace.members:
        if trace.exact is None:
            return w.runs("trace.not_simple", method=w(f"overview.city_method.{trace.method}"))
        return w.runs("trace.agrees_city" if trace.agrees else "trace.differs")
    if not trace.agrees:
        return w.runs("trace.differs")
    if any(item.nrr is not None and item.nrr.told for item in trace.items):
        return w.runs("trace.agrees")
    # Of a small unit the index may be told and none of its means.
    return w.runs("trace.agrees_index" if trace.follows else "trace.agrees_hidden")


def where(trace: Trace, w: Words) -> list[list[str]]:
    """Files and places of the published number: what was looked for in a page was found there."""
    rows = []
    stored = trace.published
    if stored is not None and stored.csv_row:
        rows.append(["public/results.csv", w("trace.where.row", row=stored.csv_row)])
    if stored is not None and stored.told:
        rows += [[page, _printed(value, w)] for page, value in trace.pages]
    return rows


def _printed(value: str | None, w: Words) -> str:
    if value is None:
        return w("trace.where.unread")
    return w("trace.where.printed", value=value) if value else w("trace.where.absent")


def steps(trace: Trace, w: Words) -> list[list[str]]:
    """The computation: step, computation, result."""
    if trace.members:
        return _city_steps(trace, w) if trace.exact is not None else []
    return _index_steps(trace, w) if trace.item == INDEX else _item_steps(trace, trace.items[0], w)


def _item_steps(trace: Trace, item: Item, w: Words) -> list[list[str]]:
    given = item.counts
    said = [
        [w("trace.steps.total"), " + ".join(f"{score}×{n}" for score, n in given.items()), str(item.total)],
        [w("trace.steps.n"), " + ".join(str(n) for n in given.values()), str(item.n)],
    ]
    if item.mean is None:
        return said
    factor = fraction(trace.factor)
    said += [
        [w("trace.steps.nrr"), f"{item.total} ÷ {item.n}", decimal(item.mean, w, MEAN)],
        [w("trace.steps.value"), f"{item.total} ÷ {item.n} × {factor}", decimal(item.mean * trace.factor, w, 2)],
    ]  # fmt: skip
    if item.weight is not None:
        weighted = decimal(item.mean * item.weight, w, WEIGHTED)
        said.append(
            [w("trace.steps.weighted"), f"{item.total} ÷ {item.n} × {fraction(item.weight)}", weighted]
        )
    return said


def _index_steps(trace: Trace, w: Words) -> list[list[str]]:
    if trace.exact is None:
        return []
    terms = " + ".join(
        f"{item.total}/{item.n}×{fraction(item.weight)}" for item in trace.items if item.weight is not None
    )
    total = trace.exact / trace.factor
    return [
        [w("trace.steps.weights"), terms, decimal(total, w, LONG)],
        [w("trace.steps.index"), f"{fraction(trace.factor)} × {decimal(total, w, LONG)}", _exact(trace.exact, w)],
        *_letter_steps(trace, w),
    ]  # fmt: skip


def _exact(value: Fraction, w: Words) -> str:
    """A fraction where it can be read, else its decimals."""
    return fraction(value) if value.denominator <= LONGEST else decimal(value, w, LONG)


def _letter_steps(trace: Trace, w: Words) -> list[list[str]]:
    if trace.exact is None:
        return []
    rounded = decimal(trace.exact, w, 2)
    said = [
        [w("trace.steps.decimal"), "", decimal(trace.exact, w, LONG)],
        [w("trace.steps.rounded"), decimal(trace.exact, w, LONG), rounded],
    ]
    mine = next((bound for bound in trace.bounds if bound[0] == trace.letter), None)
    if mine is not None:
        lowest = mine == trace.bounds[-1]
        letter, called, bound = mine
        key = "trace.steps.lowest" if lowest else "trace.steps.compare"
        values = {} if lowest else {"bound": w.number(float(bound))}
        said.append(
            [w("trace.steps.letter"), w(key, value=rounded, letter=letter, name=called, **values), letter]
        )
    return said


def _city_steps(trace: Trace, w: Words) -> list[list[str]]:
    total = sum((one.exact for one in trace.members), Fraction(0))
    written, units = decimal(total, w, LONG), len(trace.members)
    said = [
        [w("trace.steps.sum_units" if trace.item == INDEX else "trace.steps.sum_means"), "", written],
        [w("trace.steps.mean_units"), f"{written} ÷ {units}", decimal(total / units, w, LONG)],
    ]
    if trace.item == INDEX:
        return [*said, *_letter_steps(trace, w)[1:]]
    how = f"{decimal(total / units, w, LONG)} × {fraction(trace.factor)}"
    return [*said, [w("trace.steps.value"), how, decimal(total / units * trace.factor, w, 2)]]


def counts(item: Item, w: Words) -> list[list[str]]:
    """Answers by score, then who has none, then all respondents."""
    everyone = item.n + sum(item.gaps.values())
    rows = [
        [str(score), w.integer(n), w.percent(Fraction(n, item.n), 1) if item.n else ""]
        for score, n in item.counts.items()
    ]
    rows += [[w(f"trace.counts.{gap}"), w.integer(n), ""] for gap, n in item.gaps.items()]
    return [*rows, [w("trace.counts.total"), w.integer(everyone), ""]]


def label(one: Label, w: Words) -> list[str]:
    """One way of writing an answer."""
    score = w("trace.labels.none") if one.score is None else str(one.score)
    return [one.text or w("trace.labels.blank"), score, reading(one.reading, w), w.integer(one.count)]


def reading(code: str, w: Words) -> str:
    """Words for how an answer was told, or why it could not be."""
    for key in (f"trace.reading.{code}", f"stages.reason.{code}"):
        if w.has(key):
            return w(key)
    return code


def place(one: Place, w: Words, most: int = 0) -> list[str]:
    """One file with its rows: file, sheet, column, heading, answer, number, rows."""
    score = "" if one.score is None else str(one.score)
    found = [*file_and_sheet(one.file, one.sheet), one.column, one.header, score]
    return [*found, w.integer(len(one.rows)), ranges(one.rows, most)]


def file_and_sheet(file: str, sheet: str) -> tuple[str, str]:
    """The file and the sheet of a source, whose name holds the sheet where there are several.

    Examples
    --------
    >>> file_and_sheet("a.xlsx#Data", "Data"), file_and_sheet("a.xlsx", "Rekap"), file_and_sheet("a.csv", "")
    (('a.xlsx', 'Data'), ('a.xlsx', 'Rekap'), ('a.csv', ''))
    """
    return (file.removesuffix(f"#{sheet}") if sheet else file), sheet


def aside(one: Aside, w: Words, most: int = 0) -> list[str]:
    """Rows or answers set aside for one reason in one file."""
    what = w(f"trace.aside.{one.kind if one.known else 'unknown'}")
    values = "; ".join(one.values[:5]) + ("; …" if len(one.values) > 5 else "")
    found = [what, reading(one.reason, w), one.file, w.integer(one.count), ranges(one.rows, most)]
    return [*found, values, w.integer(one.in_ledger)]


def sources(item: Item, w: Words) -> list[str]:
    """Sum and number of one item by every source, and whether all are the same; empty where a source has none."""
    found = [f"{item.raw_total}/{item.raw_n}", f"{item.total}/{item.n}", "", ""]
    stored = item.nrr
    if stored is not None and stored.told:
        found[2] = f"{stored.numerator}/{stored.denominator}"
        found[3] = "/".join(stored.csv_pair) if stored.csv_row else ""
    return [item.code, *found, w("common.yes" if item.agrees else "common.no")]


def item_row(item: Item, w: Words) -> list[str]:
    """One unsur of the index."""
    mean = item.mean
    weighted = "" if mean is None or item.weight is None else decimal(mean * item.weight, w, WEIGHTED)
    row = str(item.nrr.csv_row) if item.nrr is not None and item.nrr.csv_row else ""
    return [
        item.code, item.name, w.integer(item.total), w.integer(item.n),
        "" if mean is None else decimal(mean, w, MEAN), "" if item.weight is None else fraction(item.weight),
        weighted, row,
    ]  # fmt: skip


def other(one: Published, trace: Trace, w: Words) -> list[str]:
    """The index computed in another way: how, value, letter or the reason why it is not told."""
    how = w(f"overview.city_method.{one.method}") if trace.members else weight(one.method, w)
    if not one.told:
        return [how, "", w.label("reason", one.reason)]
    digits = 2 if trace.item == INDEX else MEAN
    return [how, w.number(one.value, digits), one.text if not trace.members else ""]


def problem(one: Problem, w: Words) -> str:
    """What is wrong with a raw file and what to do, in one line of the page's language.

    Examples
    --------
    >>> from pipeline.intake.ground.problems import Problem
    >>> from pipeline.words import Words
    >>> problem(Problem("there is no such file", file="a.csv"), Words("id"))
    'Sebuah berkas tidak dapat dibaca ulang: a.csv: berkasnya tidak ada.'
    """
    where = [one.file, w("stages.where.sheet", value=one.sheet) if one.sheet else ""]
    what, hint = said(w.lang, "what", one.what), said(w.lang, "hint", one.hint)
    hint = f" {hint[:1].upper()}{hint[1:]}." if hint else ""
    return w("trace.problem", problem=f"{', '.join(filter(None, where))}: {what}.{hint}")


def weight(printed: str, w: Words) -> str:
    """A weight with the digits that the regulation prints, in the language's own writing.

    Examples
    --------
    >>> from pipeline.words import Words
    >>> weight("0.111", Words("id")), weight("0.11", Words("en"))
    ('0,111', '0.11')
    """
    return w.number(float(printed), len(printed.partition(".")[2]))


def left(why: str, w: Words) -> str:
    """Why a unit is not in the city's number."""
    return w("trace.left.untold") if why == UNTOLD else w.label("reason", why)


def private(trace: Trace, w: Words) -> list[str]:
    """What must be said first: that this is not for publication, and that the unit is small."""
    said = [w("trace.private")]
    if trace.sign == rules.PRIVACY:
        said.append(w("trace.hidden_service" if trace.service else "trace.hidden"))
    elif trace.sign == rules.INFORMATION:
        said.append(w("trace.information"))
    return said


def notes(trace: Trace, w: Words) -> list[str]:
    """What holds for the whole computation."""
    if trace.members:
        return []
    said = [w("trace.steps.note")]
    if trace.factor != 25:
        said.append(w("trace.steps.note_own", factor=w.number(float(trace.factor), 2)))
    if not trace.equal_weights:
        said.append(w("trace.steps.note_weights"))
    return said
