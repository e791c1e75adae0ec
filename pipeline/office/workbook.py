"""The workbook of one unit: its tables as numbers, and its index in formulas from the answers on.

Of respondents it holds what the annex of the report holds, and nothing where that has no rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import results, rules, standings
from pipeline.office import codebook, recompute, sheets
from pipeline.office.city import Results, open_results, title
from pipeline.office.recompute import Recomputed
from pipeline.office.sheets import Formula, Head, Sheet
from pipeline.survey.codes import category_rank
from pipeline.words import Words
from pipeline.words.groups import category

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.survey import Survey

#: Item statistics of the sheet of unsur, with the decimals that show.
ITEM_STATISTICS = (
    ("sd", 2), ("share_1", 4), ("share_2", 4), ("share_3", 4), ("share_4", 4), ("top_box", 4),
    ("bottom_2", 4), ("item_rest", 3), ("alpha_if_dropped", 3),
)  # fmt: skip
#: Modules whose rows about the unit are listed in full on the last sheet.
LISTED = (
    "index", "sampling", "profile", "integrity", "priorities", "reliability", "validity", "comparison",
)  # fmt: skip


def write(survey: Survey | str, unit_id: str, lang: str = "id", root: Path | str | None = None) -> Path:
    """Write ``public/units/<slug>/data.xlsx`` of one unit.

    Parameters
    ----------
    survey : Survey or str
        A loaded survey, or its name under ``data/raw``.
    unit_id : str
        The unit.
    lang : str
        ``id`` or ``en``: language of sheet names, headers and notes.
    root : Path, optional
        Where ``data/raw`` lies, when a name is given.

    Returns
    -------
    Path
        The workbook. Below five valid answers it holds the count and the reason only.
    """
    found = open_results(survey, root, unit=unit_id)
    unit = found.survey.unit(unit_id)
    path = Path(found.survey.public) / "units" / found.survey.slug(unit.id) / "data.xlsx"
    return sheets.write(
        path, unit_sheets(found, unit.id, lang), title=f"{unit.name} · {title(found.survey, lang)}",
        subject=found.rule.short,
    )  # fmt: skip


def unit_sheets(found: Results, unit_id: str, lang: str) -> Iterator[Sheet]:
    """Yield the sheets of one unit's workbook."""
    w = found.words(lang)
    row = next(standings.rows_of(found.standings[found.standings["unit"] == unit_id]))
    private = row.sign == rules.PRIVACY
    made = Recomputed() if private else recompute.recomputed(found, unit_id, int(row.n_valid), lang)
    yield _summary(found, row, made, w, lang)
    if private:
        return
    for sheet in (
        _items(found, unit_id, made, w, lang),
        _services(found, unit_id, w),
        _profile(found, unit_id, w),
    ):
        if sheet is not None:
            yield sheet
    if made.lines:
        yield recompute.computation_sheet(found, made, w, lang)
        yield recompute.answers_sheet(made, w)
    yield _everything(found, unit_id, w)


def _live(made: Recomputed, cell: str, value: Any, w: Words, factor: str = "") -> Any:
    """The value of a cell as a formula that takes it from the computation, where that has it."""
    at = made.cells.get(cell)
    return Formula(f"='{recompute.names(w)[1]}'!{at}{factor}", value) if at else value


def _summary(found: Results, row: Any, made: Recomputed, w: Words, lang: str) -> Sheet:
    definition = found.survey.definition
    state = row.sign if row.n_valid >= 1 else "no_data"
    lines: list[tuple[str, Any]] = [
        ("unit", row.name),
        ("type", row.type),
        ("survey", title(found.survey, lang)),
        ("city", definition.city),
        ("period", found.survey.period),
        ("rule", found.rule.short),
        ("n_valid", row.n_valid),
        ("required", row.required),
        ("population", row.population),
        ("ikm", row.ikm),
        ("lower", row.lower),
        ("upper", row.upper),
        ("letter", row.letter),
        ("letter_name", w.label("letter", row.letter) if row.letter else ""),
        (
            "certainty",
            w.label("certainty", "census" if row.reason == "census" else row.certainty)
            if row.certainty
            else "",
        ),
        ("confidence", row.confidence),
        ("sign", w(f"office.sign.{state}") if state else ""),
    ]
    rows = []
    for key, value in lines:
        number = not isinstance(value, str)
        cell = {"ikm": "index", "letter": "letter"}.get(key, "")
        value = _live(made, cell, value, w)
        rows.append((w(f"office.row.{key}"), value if number else None, "" if number else value))
    notes = []
    if row.n_valid >= rules.PRIVATE_BELOW:
        notes.append(w(f"office.recompute.why.{made.why}" if made.why else "office.recompute.live"))
    notes += [w("office.note_interval"), w("office.note_sample")]
    if definition.synthetic:
        notes.insert(0, w("office.note_synthetic"))
    if found.foreign:
        notes.append(w("office.note_foreign"))
    heads = [
        Head(w("office.head.what")),
        Head(w("office.head.number"), numeric=True),
        Head(w("office.head.text")),
    ]
    return Sheet(w("office.sheet.summary"), heads, rows, notes)


def _items(found: Results, unit_id: str, made: Recomputed, w: Words, lang: str) -> Sheet | None:
    index = results.pick(found.public("index"), scope="unit", unit=unit_id, service="", group="")
    means = index[(index["statistic"] == "nrr") & (index["item"] != "")]
    if not len(means):
        return None
    others = {
        (row.item, row.statistic): row
        for module in ("index", "reliability", "validity")
        for row in results.rows_of(results.pick(found.public(module), scope="unit", unit=unit_id))
        if row.item and not row.service and not row.group and not row.other
    }
    order = results.pick(found.public("priorities"), scope="unit", unit=unit_id)
    ranks = {row.item: row for row in results.rows_of(results.pick(order, statistic="priority"))}
    shown = results.pick(order, statistic="lower_than", text="clearly-lower")
    higher = {str(item): w.join(list(names)) for item, names in shown.groupby("item")["other"]}
    heads = [
        Head(w("office.head.code")), Head(w("office.head.unsur")), Head(w("office.head.n"), True, 0),
        Head("NRR", True, 4), Head(w("office.head.lower"), True, 4), Head(w("office.head.upper"), True, 4),
        Head(w("office.head.value"), True, 2),
        *(Head(w(f"office.statistic.{name}"), True, digits) for name, digits in ITEM_STATISTICS),
        Head(w("office.head.rank"), True, 0), Head(w("office.head.mark")),
    ]  # fmt: skip
    rows, times = [], f"*{recompute.plain(found.factor)}"
    for row in results.rows_of(means):
        rank = ranks.get(row.item)
        mark = getattr(rank, "text", "")
        rows.append([
            row.item, found.context.name(row.item, lang), _live(made, f"n.{row.item}", row.n, w),
            _live(made, f"nrr.{row.item}", row.estimate, w), *found.within(row.lower, row.upper, row.item),
            _live(made, f"nrr.{row.item}", row.estimate * found.factor, w, times),
            *(getattr(others.get((row.item, name)), "estimate", None) for name, _ in ITEM_STATISTICS),
            getattr(rank, "estimate", None), w(f"office.mark.{mark}", lower=higher.get(row.item, "")) if mark else "",
        ])  # fmt: skip
    return Sheet(w("office.sheet.items"), heads, rows, [w("office.note_items")])


def _services(found: Results, unit_id: str, w: Words) -> Sheet | None:
    index = results.pick(found.public("index"), scope="service", unit=unit_id, item="", group="")
    rows = index[index["statistic"] == "ikm"]
    if not len(rows):
        return None
    letters = {row.service: row.text for row in results.rows_of(index[index["statistic"] == "letter"])}
    heads = [
        Head(w("office.head.service")), Head(w("office.head.n"), True, 0), Head(w("common.index"), True, 2),
        Head(w("office.head.lower"), True, 2), Head(w("office.head.upper"), True, 2),
        Head(w("office.row.letter")), Head(w("office.head.reason")),
    ]  # fmt: skip
    cells = [
        [
            row.service, row.n, row.estimate, *found.within(row.lower, row.upper), letters.get(row.service, ""),
            w.label("reason", row.reason) if row.reason else "",
        ]
        for row in results.rows_of(rows)
    ]  # fmt: skip
    return Sheet(w("office.sheet.services"), heads, cells, [w("office.note_services")])


def _profile(found: Results, unit_id: str, w: Words) -> Sheet | None:
    rows = results.pick(found.public("profile"), scope="unit", unit=unit_id, statistic="count", other="")
    if not len(rows):
        return None
    shares = {
        (row.item, row.group): row.estimate
        for row in results.rows_of(
            results.pick(found.public("profile"), scope="unit", unit=unit_id, statistic="share", other="")
        )
    }
    order = {kind: place for place, kind in enumerate(dict.fromkeys(rows["item"]))}
    heads = [
        Head(w("office.head.group")), Head(w("office.head.category")), Head(w("office.head.count"), True, 0),
        Head(w("office.head.share"), True, 4), Head(w("office.head.reason")),
    ]  # fmt: skip
    cells = []
    for row in sorted(
        results.rows_of(rows), key=lambda row: (order.get(row.item, 0), category_rank(row.item, row.group))
    ):
        kind = row.item
        cells.append([
            w(f"office.group.{kind}") if w.has(f"office.group.{kind}") else kind,
            category(w, kind, row.group), row.estimate,
            shares.get((kind, row.group)), w.label("reason", row.reason) if row.reason else "",
        ])  # fmt: skip
    return Sheet(w("office.sheet.profile"), heads, cells, [w("office.note_profile")])


def _everything(found: Results, unit_id: str, w: Words) -> Sheet:
    frames: list[tuple[str, pd.DataFrame]] = []
    for module in LISTED:
        rows = found.public(module)
        frames.append((module, rows[(rows["unit"] == unit_id) & (rows["scope"].isin(["unit", "service"]))]))
    return Sheet(
        w("office.sheet.everything"), tidy_heads(w, extra=True), list(tidy_rows(frames, w)),
        [w("office.note_everything")],
    )  # fmt: skip


def tidy_heads(w: Words, extra: bool = False) -> Sequence[Head]:
    """Heads of a sheet of tidy rows, in the language of the file; the codebook has the codes of the columns."""
    numeric = {*results.FLOAT_COLUMNS, *results.INTEGER_COLUMNS}
    heads = [Head(w(f"office.short.{column}"), column in numeric) for column in results.COLUMNS]
    return [Head(w("office.short.module")), *heads] if extra else heads


#: Columns of tidy rows whose codes are written in the words of the file's language; the others stay codes.
WORDED = ("scope", "statistic", "reason")


def tidy_rows(frames: Sequence[tuple[str, pd.DataFrame]], w: Words) -> Iterator[list[Any]]:
    """Yield the cells of tidy rows, the module first; what is missing stays an empty cell."""
    said: dict[tuple[str, str], str] = {}

    def words(column: str, codes: list[str]) -> list[str]:
        for code in set(codes):
            said.setdefault((column, code), codebook.worded(w, column, code))
        return [said[column, code] for code in codes]

    for module, rows in frames:
        columns = [rows[column].tolist() for column in results.COLUMNS]
        columns = [words(c, v) if c in WORDED else v for c, v in zip(results.COLUMNS, columns, strict=True)]
        yield from ([module, *values] for values in zip(*columns))
