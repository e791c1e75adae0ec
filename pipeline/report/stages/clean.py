"""What 1-clean shows: every row accounted for, every column explained, every doubt counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.intake_table import conserved, intake_sums, intake_table, shorten
from pipeline.report.data.city import say
from pipeline.survey import EARLIER_FILE
from pipeline.words.formats import NOTHING
from pipeline.words.problems import said

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.stage import StageReport

#: Counts first, then at most this many examples of each reason.
EXAMPLES = 5
MOST_PROBLEMS = 100
ACTIONS = ("excluded", "merged", "set-missing", "rekeyed", "flagged")


def _intake(stage: StageReport) -> pd.DataFrame | None:
    found = stage.frame("intake")
    return found if found is not None else getattr(stage.cleaned, "counts", None)


def _ledger(stage: StageReport) -> pd.DataFrame | None:
    found = stage.frame("ledger")
    return found if found is not None else getattr(stage.cleaned, "ledger", None)


def clean_summary(stage: StageReport) -> Any:
    """Return the answer first: how many rows, all accounted for, how many problems."""
    w, intake = stage.words, _intake(stage)
    if intake is None or not len(intake):
        return blocks.group(say(w, "stages.no_intake", style="lead"))
    sums = intake_sums(intake)
    unknown = _unknown(stage)
    found = _problems(stage)
    made = [
        blocks.facts([
            blocks.fact(w.integer(sums["read"]), w("stages.fact_read"), w("stages.fact_read_note")),
            blocks.fact(
                w.integer(sums["used"]), w("stages.fact_used"),
                w("stages.fact_used_note", merged=w.integer(sums["merged"]),
                  excluded=w.integer(sums["excluded"])),
            ),
            blocks.fact(
                w.integer(_units_with_answers(stage)), w("stages.fact_units"),
                w("stages.fact_units_note", listed=w.integer(len(stage.survey.units))),
            ),
            blocks.fact(w.integer(unknown), w("stages.fact_unknown"), w("stages.fact_unknown_note")),
        ]),
        say(w, "stages.conserved" if conserved(intake) else "stages.not_conserved"),
    ]  # fmt: skip
    if found:
        made.append(say(w, "stages.problem_count", count=w.integer(len(found))))
    return blocks.group(*made)


def _counts(stage: StageReport) -> dict[str, int]:
    """Rows per unit, from the answers."""
    answers = stage.answers("unit")
    if answers is None:
        return {}
    return {str(key): int(count) for key, count in answers["unit"].astype(str).value_counts().items()}


def _units_with_answers(stage: StageReport) -> int:
    counts = _counts(stage)
    return sum(1 for unit in stage.survey.units if counts.get(unit.id))


def _unknown(stage: StageReport) -> int:
    return _counts(stage).get("unknown", 0)


def files(stage: StageReport) -> Any:
    """Return the rows of every file: read, used, merged, set aside, not data."""
    w, intake = stage.words, _intake(stage)
    if intake is None or not len(intake):
        return blocks.group(say(w, "stages.no_intake"))
    return blocks.group(
        None if conserved(intake) else say(w, "stages.not_conserved"),
        intake_table(w, intake),
        _facts(stage),
    )


def _facts(stage: StageReport) -> Any:
    """Return what sheets of parameters in the workbooks say of the survey."""
    w = stage.words
    found = stage.frame("facts")
    table = found if found is not None else getattr(stage.cleaned, "facts", None)
    if table is None or not len(table):
        return None
    cells = [
        [w(f"stages.fact.{row['fact']}"), shorten(str(row["label"]), 60), shorten(str(row["value"]), 80),
         shorten(str(row["source_file"]), 60)]
        for row in table.head(MOST_PROBLEMS).to_dict("records")
    ]  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, fact=("stages.col_fact", "2fr"), label=("stages.col_parameter", "2fr"),
            value=("stages.col_value", "3fr"), file=("stages.col_file", "2fr"),
        ),
        rows=cells, caption=w("stages.facts_caption"), key="facts", note=w("stages.facts_note"),
        compact=True,
    )  # fmt: skip


def reason_words(stage: StageReport, reason: str) -> str:
    """Words of a ledger reason in the report's language, else its code."""
    w = stage.words
    return w(f"stages.reason.{reason}") if w.has(f"stages.reason.{reason}") else reason


def ledger(stage: StageReport) -> Any:
    """Return what was changed, set aside or doubted: counts by reason, then examples."""
    w, table = stage.words, _ledger(stage)
    if table is None or not len(table):
        return blocks.group(say(w, "stages.no_ledger"))
    action, reason = table["action"].astype(str), table["reason"].astype(str)
    counts = table.groupby([action, reason], observed=True).size()
    order = sorted(counts.index, key=lambda key: (_place(key[0]), -int(counts[key]), key[1]))
    cells = [
        [w.label("action", act), reason_words(stage, why), w.integer(int(counts[(act, why)]))]
        for act, why in order
    ]
    return blocks.group(
        say(w, "stages.ledger_lead", entries=w.integer(len(table))),
        blocks.table(
            columns=blocks.columns(
                w, action=("stages.col_action", ""), reason=("stages.col_reason", "3fr"),
                count="stages.col_count",
            ),
            rows=cells, caption=w("stages.ledger_caption"), key="ledger", note=w("stages.ledger_note"),
        ),
        _examples(stage, table.assign(action=action, reason=reason), order),
    )  # fmt: skip


def _place(action: str) -> int:
    return ACTIONS.index(action) if action in ACTIONS else len(ACTIONS)


def _examples(stage: StageReport, table: pd.DataFrame, order: list[Any]) -> Any:
    w, cells = stage.words, []
    for act, why in order:
        rows = table[(table["action"] == act) & (table["reason"] == why)].head(EXAMPLES)
        for number, row in enumerate(rows.to_dict("records")):
            row_number = row.get("source_row")
            cells.append([
                reason_words(stage, why) if number == 0 else "",
                shorten(str(row.get("source_file", "")), 60),
                # A place in a file, not an amount: as the spreadsheet shows it.
                str(int(row_number)) if row_number == row_number and row_number is not None else NOTHING,
                shorten(str(row.get("column", "") or ""), 40) or NOTHING,
                shorten(str(row.get("value", "") or ""), 60) or NOTHING,
            ])  # fmt: skip
    return blocks.table(
        columns=blocks.columns(
            w, reason=("stages.col_reason", "2fr"), file=("stages.col_file", "2fr"), row="stages.col_row",
            column=("stages.col_column", ""), value=("stages.col_raw", ""),
        ),
        rows=cells, caption=w("stages.examples_caption", most=w.integer(EXAMPLES)), key="examples",
        row_header=False, compact=True, note=w("stages.examples_note"),
    )  # fmt: skip


def _problems(stage: StageReport) -> list[dict[Any, Any]]:
    """What could not be used, or needs a look: the saved table, else what the intake returned."""
    found = stage.frame("problems")
    if found is not None:
        return found.to_dict("records")
    names = ("unit", "file", "sheet", "row", "column", "what", "hint", "fatal", "loss", "first")
    kept = getattr(stage.cleaned, "problems", ()) or ()
    return [{name: getattr(problem, name, None) for name in names} for problem in kept]


def problems(stage: StageReport) -> Any:
    """Return what could not be used and what to do, file by file, large losses and fatal ones first."""
    w, found = stage.words, _problems(stage)
    if not found:
        return blocks.group(_earlier(stage), say(w, "stages.no_problems"))
    items = []
    for problem in sorted(
        found, key=lambda row: (not row.get("loss"), not row.get("first"), not row["fatal"])
    )[:MOST_PROBLEMS]:
        where = _where(w, problem)
        pieces: list[Any] = [blocks.strong(f"{where}: ")] if where else []
        hint = said(stage.lang, "hint", str(problem["hint"] or ""))
        pieces.append(said(stage.lang, "what", str(problem["what"])) + (". " if hint else "."))
        hint = hint[:1].upper() + hint[1:]
        items.append([*pieces, blocks.em(hint)] if hint else pieces)
    fatal = sum(bool(problem["fatal"]) for problem in found)
    key = "stages.problems_lead" if fatal else "stages.problems_lead_used"
    lead = w(key, count=w.integer(len(found)), fatal=w.integer(fatal))
    rest = len(found) - MOST_PROBLEMS
    return blocks.group(
        _earlier(stage),
        blocks.notice(
            lead, kind="caution" if fatal or any(problem.get("loss") for problem in found) else "info"
        ),
        blocks.bullets(items),
        say(w, "stages.problems_rest", count=w.integer(rest), style="note") if rest > 0 else None,
    )


def _earlier(stage: StageReport) -> Any:
    """Name the earlier surveys that the run could not use, with what is wrong."""
    path = stage.survey.processed / EARLIER_FILE
    if not path.is_file():
        return None
    broken: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    told = [stage.words("stages.earlier_broken_one", survey=name, why=why) for name, why in broken.items()]
    lead = stage.words("stages.earlier_broken", surveys=stage.words.join(list(broken)))
    return blocks.group(blocks.notice(lead, kind="caution"), blocks.bullets(told))


def _where(w: Any, problem: dict[str, Any]) -> str:
    """The place of a problem, in the report's language."""
    row = problem["row"]
    pieces = [str(problem["file"] or "")]
    for kind in ("sheet", "row", "column", "unit"):
        value = problem[kind]
        if value is None or value != value or str(value) in ("", "<NA>"):
            continue
        pieces.append(w(f"stages.where.{kind}", value=str(int(row)) if kind == "row" else str(value)))
    return ", ".join(piece for piece in pieces if piece)


def unit_counts(stage: StageReport) -> Any:
    """Return used rows per unit, units without answers and unlisted codes included."""
    w, counts = stage.words, _counts(stage)
    if not counts:
        return blocks.group(say(w, "stages.no_responses"))
    cells = [
        [unit.name, unit.id, w.integer(counts.get(unit.id, 0)),
         w.integer(unit.population) if unit.population is not None else NOTHING]
        for unit in stage.survey.units
    ]  # fmt: skip
    if counts.get("unknown"):
        cells.append([w("common.unknown"), "", w.integer(counts["unknown"]), NOTHING])
    empty = sum(1 for unit in stage.survey.units if not counts.get(unit.id))
    return blocks.group(
        say(
            w, "stages.units_lead", answered=w.integer(len(stage.survey.units) - empty),
            listed=w.integer(len(stage.survey.units)), empty=w.integer(empty),
        ),
        blocks.table(
            columns=blocks.columns(
                w, unit=("overview.col_unit", "3fr"), id=("stages.col_id", ""), n="stages.col_used",
                population="overview.col_population",
            ),
            rows=cells, caption=w("stages.units_caption"), key="unit-rows", compact=True,
            footer_rows=[[w("common.total"), "", w.integer(sum(counts.values())), ""]],
        ),
        _unlisted(stage),
    )  # fmt: skip


def _unlisted(stage: StageReport) -> Any:
    """Codes that rows of the unknown unit carried: the most frequent, to be added to units.csv."""
    w, frame = stage.words, stage.answers("unit", "unit_raw")
    if frame is None or "unit_raw" not in frame:
        return None
    raw = frame.loc[frame["unit"].astype(str) == "unknown", "unit_raw"].astype(object).fillna("").astype(str)
    if not len(raw):
        return None
    counts = raw.value_counts()
    counts = counts.iloc[sorted(range(len(counts)), key=lambda k: (-counts.iloc[k], counts.index[k]))]
    cells = [[shorten(str(code)) or w("stages.no_code"), w.integer(n)] for code, n in counts.head(40).items()]
    blank = int(counts.get("", 0))
    note = w("stages.unlisted_note", codes=w.integer(len(counts) - bool(blank)))
    if blank:
        note += " " + w("stages.unlisted_blank", blank=w.integer(blank))
    return blocks.table(
        columns=blocks.columns(w, code=("stages.col_code", "3fr"), n="stages.col_used"),
        rows=cells, caption=w("stages.unlisted_caption"), key="unlisted", note=note, compact=True,
    )  # fmt: skip
