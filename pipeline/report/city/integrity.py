"""Doubt in the overview: which units need an explanation, and what the flagged answers change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks, results, standings
from pipeline.report.data.city import CityReport, known, say
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

#: At most this many units are named in a table of exceptions.
NAMED = 40


def integrity(city: CityReport) -> Any:
    """Return how many answers are doubted and whether any letter depends on them (R10)."""
    w, table = city.words, results.pick(city.table("integrity"), item="", service="", group="")
    if not len(table):
        return blocks.group(say(w, "overview.integrity_none"))
    whole = results.pick(city.table("integrity"), item="", service="")
    made: list[Any] = [say(w, "overview.integrity_lead"), asked(city, whole), open_questions(city, whole)]
    cells, names = [], set(city.counted["unit"])
    for flag in ("any", "burst", "midnight", "duplicate_row", "bulk_entry", "outside_period", "straightline"):
        of = table[table["statistic"] == flag]
        whole_city, rows = of[of["scope"] == "city"], of[of["scope"] == "unit"]
        if not len(whole_city) or not known(whole_city.iloc[0]["estimate"]):
            continue
        one = whole_city.iloc[0]
        units = sum(
            1 for row in results.rows_of(rows) if row.unit in names and known(row.numerator) and row.numerator
        )
        cells.append([
            w.label("flag", flag), w.integer(one["numerator"]), w.percent(one["estimate"], 1), w.integer(units),
        ])  # fmt: skip
    if cells:
        made.append(
            blocks.table(
                columns=blocks.columns(
                    w, flag=("overview.col_flag", "3fr"), rows="overview.col_rows",
                    share="overview.col_percent", units="overview.col_units",
                ),
                rows=cells, caption=w("overview.flags_caption"), key="flags",
                note=w("overview.flags_note"),
            )
        )  # fmt: skip
    made.append(_city_without(city, table))
    made.append(_sensitive(city, table))
    return blocks.group(*made)


def _sensitive(city: CityReport, table: pd.DataFrame) -> Any:
    """Units whose letter changes without the answers that carry a flag of entry, with both values.

    Identical answers by themselves are no evidence (R10): no page leaves them out.
    """
    w = city.words
    changes = table[(table["statistic"] == "letter_changes") & (table["scope"] == "unit")]
    changes = changes[changes["method"].isin(["any", ""]) & changes["estimate"].notna()]
    if not len(changes):
        return None
    yes = {row.unit for row in results.rows_of(changes) if row.estimate == 1}
    without = table[(table["statistic"] == "ikm_without_flagged") & (table["scope"] == "unit")]
    value = {row.unit: row for row in results.rows_of(without[without["method"].isin(["any", ""])])}
    cells = []
    for row in standings.rows_of(city.shown):
        if row.unit not in yes:
            continue
        other = value.get(row.unit)
        cells.append([
            row.name, w.number(row.ikm), row.letter or NOTHING,
            w.number(other.estimate) if other is not None else NOTHING,
            (other.text if other is not None else "") or NOTHING,
        ])  # fmt: skip
    if not cells:
        return say(w, "overview.sensitive_none", units=w.integer(changes["unit"].nunique()))
    return blocks.table(
        columns=blocks.columns(
            w, unit=("overview.col_unit", "2fr"), ikm="common.index", letter=("overview.col_letter", ""),
            without="overview.col_without", other=("overview.col_letter_without", ""),
        ),
        rows=cells[:NAMED], caption=w("overview.sensitive_caption"), key="letter-depends",
        note=w("overview.sensitive_note", count=w.integer(len(cells))),
    )  # fmt: skip


def _city_without(city: CityReport, table: pd.DataFrame) -> Any:
    """What the flagged answers do to the mean of the units that have enough others left."""
    w = city.words
    rows = table[(table["scope"] == "city") & (table["method"] == "any")].set_index("statistic")
    if "ikm_same_units" not in rows.index:
        return None
    before, after = rows.loc["ikm_same_units"], rows.loc["ikm_without_flagged"]
    if before["estimate"] != before["estimate"] or after["estimate"] != after["estimate"]:
        return None
    return say(
        w, "overview.city_without", all=w.number(before["estimate"]), without=w.number(after["estimate"]),
        units=w.integer(before["denominator"]),
    )  # fmt: skip


def open_questions(city: CityReport, table: pd.DataFrame) -> Any:
    """Say how many units cannot be judged and why, and that paper keyed in together is expected."""
    w = city.words
    verdict = table[(table["statistic"] == "integrity_verdict") & (table["scope"] == "unit")]
    cannot = verdict[verdict["text"] == "cannot-judge"]
    made: list[Any] = []
    if len(cannot):
        reasons = cannot["reason"].astype(str).value_counts(sort=False).sort_index()
        why = [f"{w.integer(count)} ({w.label('reason', reason)})" for reason, count in reasons.items()]
        made.append(say(w, "overview.cannot_judge", count=w.integer(len(cannot)), reasons="; ".join(why)))
    few = int((verdict["reason"].isin(["too-few", "suppressed"])).sum())
    if few:
        made.append(say(w, "overview.too_few_to_judge", count=w.integer(few)))
    paper = table[(table["statistic"] == "paper_batch") & (table["scope"] == "unit")]
    rows = paper["numerator"].fillna(0)
    if (rows > 0).any():
        values = {"rows": w.integer(int(rows.sum())), "units": w.integer(int((rows > 0).sum()))}
        made.append(say(w, "overview.paper_batch", **values))
    return blocks.group(*made) if made else None


def asked(city: CityReport, table: pd.DataFrame) -> Any:
    """Name the units whose way of entry needs an explanation, with what was seen.

    The list is of verdicts about units, with error control over all of them; a unit that is
    not on it is not cleared of anything, and one that is on it is not found guilty of anything.
    """
    w = city.words
    verdict = table[table["statistic"] == "integrity_verdict"]
    whole = verdict[(verdict["scope"] == "city") & (verdict["method"] != "cannot-judge")]
    total = next(results.rows_of(whole), None)
    if total is None or not known(total.denominator) or not total.denominator:
        return None
    found = verdict[(verdict["scope"] == "unit") & (verdict["text"] == "needs-explaining")]
    if not len(found):
        return say(w, "overview.asked_none", units=w.integer(total.denominator))
    change = table[(table["statistic"] == "letter_changes") & (table["method"] == "any")]
    depends = dict(zip(change["unit"], change["text"]))
    share = table[(table["statistic"] == "any") & (table["scope"] == "unit")].set_index("unit")
    cells = []
    for row in results.rows_of(found.sort_values("p_adjusted", kind="stable")):
        kinds = [w.label("evidence", kind) for kind in str(row.other).split(",") if kind]
        flagged = share.loc[row.unit] if row.unit in share.index else None
        cells.append([
            city.names.get(row.unit, row.unit), w.join(kinds),
            w.integer(flagged["numerator"]) if flagged is not None else NOTHING,
            w.percent(flagged["estimate"], 1) if flagged is not None else NOTHING,
            w(f"overview.depends.{depends.get(row.unit) or 'unknown'}"),
        ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, unit=("overview.col_unit", "2fr"), kinds=("overview.col_seen", "3fr"),
            rows="overview.col_rows", share="overview.col_percent", letter=("overview.col_depends", ""),
        ),
        rows=cells[:NAMED], caption=w("overview.asked_caption"), key="asked",
        note=w("overview.asked_note", count=w.integer(len(found)), units=w.integer(total.denominator)),
    )  # fmt: skip
