"""The audit of columns in 1-clean: what every header, question and answer text was read as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import blocks
from pipeline.report.base.intake_table import shorten
from pipeline.report.data.city import say
from pipeline.survey.context import numbered
from pipeline.words.formats import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.data.stage import StageReport

#: Longer tables are cut; the parquet files hold everything.
MOST_COLUMNS = 400


def _audit(stage: StageReport, name: str) -> pd.DataFrame | None:
    """An audit of the intake: ``columns`` (what every header is) or ``mapping`` (every answer text)."""
    found = stage.frame(name)
    return found if found is not None else getattr(stage.cleaned, name, None)


def _columns(stage: StageReport, identity: bool = False) -> list[dict[Any, Any]]:
    """Lines of the audit about columns: those that identify people, or all others."""
    audit = _audit(stage, "columns")
    if audit is None or not len(audit):
        return []
    wanted = (audit["how"].astype(str) == "identity") == identity
    return audit[wanted].to_dict("records")


def mapping(stage: StageReport) -> Any:
    """Return, per file, which column was read as what and by which evidence, and every answer text."""
    w, rows = stage.words, _columns(stage)
    if not rows:
        return blocks.group(say(w, "stages.no_mapping"))
    merged = _same_everywhere(rows)
    columns = blocks.columns(
        w, header=("stages.col_header", "3fr"), read=("stages.col_read_as", "2fr"),
        question=("stages.col_question", "3fr"), how=("stages.col_how", "2fr"),
        file=("stages.col_file", "2fr"),
    )  # fmt: skip
    # Where items are codes of another table, no header has a question of its own.
    if not any(question for _, _, _, question in merged):
        columns = [column for column in columns if column.key != "question"]
    cells = []
    for (header, read_as, how, question), names in list(merged.items())[:MOST_COLUMNS]:
        file = names[0] if len(names) == 1 else w("stages.files_count", n=w.integer(len(names)))
        cell = {
            "header": shorten(header) or NOTHING,
            "read": _field_name(stage, read_as),
            # A header that is the question itself needs no second copy of it.
            "question": NOTHING if how == "question" else shorten(question, 80) or NOTHING,
            "how": _how(stage, how),
            "file": shorten(file, 60),
        }
        cells.append([cell[column.key] for column in columns])
    note = w("stages.mapping_note")
    if len(merged) > MOST_COLUMNS:
        note += " " + w("stages.shortened", shown=w.integer(MOST_COLUMNS), all=w.integer(len(merged)))
    return blocks.group(
        say(w, "stages.mapping_lead", style="note"),
        blocks.table(
            columns=columns, rows=cells, caption=w("stages.mapping_caption"), key="mapping", note=note, compact=True,
        ),
        _lookups(stage),
        _asked(stage),
        _texts(stage),
    )  # fmt: skip


def _lookups(stage: StageReport) -> Any:
    """Questions that a table of codes describes: the question, and the score of each option."""
    w, audit = stage.words, _audit(stage, "mapping")
    if audit is None:
        return None
    rows = audit[audit["how"].astype(str).str.startswith("lookup-")]
    if not len(rows):
        return None
    questions: dict[tuple[str, str, str], list[str]] = {}
    for row in rows.to_dict("records"):
        key = (str(row["source_file"]), str(row["item"]), str(row["question"]))
        options = questions.setdefault(key, [])
        option = f"{row['text']} = {row['code']}"
        if row["text"] and option not in options:
            options.append(option)
    cells = [
        [_field_name(stage, item), shorten(question, 120), "; ".join(options) or NOTHING, shorten(file, 60)]
        for (file, item, question), options in list(questions.items())[:MOST_COLUMNS]
    ]
    return blocks.table(
        columns=blocks.columns(
            w, item=("overview.col_unsur", "2fr"), question=("stages.col_question", "3fr"),
            options=("stages.col_options", "3fr"), file=("stages.col_file", "2fr"),
        ),
        rows=cells, caption=w("stages.lookups_caption"), key="lookups", compact=True,
        note=w("stages.lookups_note"),
    )  # fmt: skip


#: Options shown of one question; the table of texts below has all.
MOST_OPTIONS = 12


def _asked(stage: StageReport) -> Any:
    """Question by question: the unsur it was taken for, and the options found with their scores."""
    w, audit = stage.words, _audit(stage, "mapping")
    if audit is None or not (audit["how"].astype(str) == "answer").any():
        return None
    rows = audit[audit["how"].astype(str) == "answer"]
    found: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    doubts: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows.to_dict("records"):
        key = (str(row["item"]), str(row["header"]))
        options = found.setdefault(key, {})
        option = (str(row["code"]), str(row["text"]))
        options[option] = options.get(option, 0) + int(row["count"])
        if row.get("doubt"):
            doubts.setdefault(key, {})[str(row["doubt"])] = None
    cells = []
    for (item, header), options in sorted(found.items(), key=lambda pair: numbered(pair[0][0]))[
        :MOST_COLUMNS
    ]:
        order = sorted(options, key=lambda o: (not o[0].isdigit(), o[0], -options[o], o[1]))
        shown = [f"{shorten(text, 40)} = {_read_as(stage, code)}" for code, text in order[:MOST_OPTIONS]]
        if len(order) > MOST_OPTIONS:
            shown.append(w("stages.more_options", count=w.integer(len(order) - MOST_OPTIONS)))
        strange = ", ".join(doubts.get((item, header), {}))
        if strange:
            shown.append(w("stages.options_of", items=strange))
        cells.append([shorten(header, 90), _field_name(stage, item), "; ".join(shown)])
    return blocks.table(
        columns=blocks.columns(
            w, header=("stages.col_asked", "3fr"), item=("overview.col_unsur", "2fr"),
            options=("stages.col_options_found", "4fr"),
        ),
        rows=cells, caption=w("stages.asked_caption"), key="asked", note=w("stages.asked_note"), compact=True,
    )  # fmt: skip


def _read_as(stage: StageReport, code: str) -> str:
    """A score as it is, a status in words."""
    w, status = stage.words, f"stages.status.{code}"
    return w(status) if w.has(status) else code


def _remark(stage: StageReport, row: dict[Any, Any]) -> str:
    """What is to be said of an answer text: misspelt, like which options, or another unsur's."""
    w, near, doubt = stage.words, str(row.get("nearest") or ""), str(row.get("doubt") or "")
    said = []
    if row["reading"] == "typo":
        said.append(w("stages.read_typo", option=near))
    elif near:
        said.append(w("stages.near_options", options=near))
    if doubt:
        said.append(w("stages.options_of", items=doubt))
    return "; ".join(said) or NOTHING


def _how(stage: StageReport, how: str) -> str:
    w = stage.words
    return w(f"stages.how.{how}") if w.has(f"stages.how.{how}") else how


def _texts(stage: StageReport) -> Any:
    """Every distinct answer text of every unsur, the code it stands for, and how often it came."""
    w, audit = stage.words, _audit(stage, "mapping")
    if audit is None:
        return None
    rows = audit[audit["how"].astype(str) == "answer"]
    if not len(rows):
        return None
    # Surveys cleaned by an earlier version lack the two columns of remarks.
    keys = [name for name in ("item", "text", "code", "reading", "nearest", "doubt") if name in rows]
    sums = rows.astype(dict.fromkeys(keys, str)).groupby(keys, sort=False)["count"].sum().reset_index()
    # What could not be read comes first: it is what the reader has to look at.
    sums["bad"] = ~sums["code"].str.fullmatch(r"\d+")
    sums["order"] = [numbered(item) for item in sums["item"]]
    sums = sums.sort_values(
        ["bad", "order", "code", "count"], ascending=[False, True, True, False], kind="stable"
    )
    cells = []
    for row in sums.head(MOST_COLUMNS).to_dict("records"):
        cells.append([
            _field_name(stage, row["item"]), shorten(row["text"], 70), _read_as(stage, row["code"]),
            shorten(_remark(stage, row), 80), w.integer(row["count"]),
        ])  # fmt: skip
    note = w("stages.texts_note")
    if len(sums) > MOST_COLUMNS:
        note += " " + w("stages.shortened", shown=w.integer(MOST_COLUMNS), all=w.integer(len(sums)))
    return blocks.table(
        columns=blocks.columns(
            w, item=("overview.col_unsur", "2fr"), text=("stages.col_text", "3fr"),
            code=("stages.col_code_read", ""), remark=("stages.col_remark", "2fr"), count="stages.col_count",
        ),
        rows=cells, caption=w("stages.texts_caption"), key="answer-texts", note=note, compact=True,
    )  # fmt: skip


def _same_everywhere(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str, str], list[str]]:
    """Join equal lines of several files: header, what it is, how that was found, the question."""
    merged: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        key = (str(row["header"]), str(row["field"]), str(row["how"]), str(row["question"]))
        name = str(row["source_file"])
        names = merged.setdefault(key, [])
        if name not in names:
            names.append(name)
    return merged


def _field_name(stage: StageReport, field: str) -> str:
    w, named = stage.words, stage.context.name
    if not field:
        return w("stages.unread")
    name = named(field, stage.lang)
    if name != field:
        return f"{field} {name}"
    base, _, kind = field.rpartition("_")
    if base and w.has(f"stages.pair.{kind}") and named(base, stage.lang) != base:
        return f"{field} {w(f'stages.pair.{kind}', item=named(base, stage.lang))}"
    return w(f"stages.field.{field}") if w.has(f"stages.field.{field}") else field


def privacy(stage: StageReport) -> Any:
    """Return which columns identified people and were dropped, and what told so: a wrong drop must be seen."""
    w, rows = stage.words, _dropped(stage)
    table = stage.frame("ledger")
    table = table if table is not None else getattr(stage.cleaned, "ledger", None)
    masked = int((table["reason"].astype(str) == "masked-identity").sum()) if table is not None else 0
    last = say(w, "stages.masked", count=w.integer(masked))
    if not rows:
        return blocks.group(say(w, "stages.no_identity"), last)
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        header, place, told_by, kind = (
            str(row.get(name, "")) for name in ("header", "column", "told_by", "kind")
        )
        alike.setdefault((header, place, told_by, kind), []).append(str(row["source_file"]))
    cells = []
    for (header, place, told_by, kind), files in list(alike.items())[:MOST_COLUMNS]:
        why = w(f"stages.told_by.{told_by}") if w.has(f"stages.told_by.{told_by}") else NOTHING
        why += f" ({kind})" if kind else ""
        many = files[0] if len(files) == 1 else w("stages.files_count", n=w.integer(len(files)))
        cells.append([shorten(header) or NOTHING, place or NOTHING, why, shorten(many, 60)])
    sources = {str(row["source_file"]) for row in rows}
    return blocks.group(
        say(w, "stages.identity_lead", count=w.integer(len(rows)), files=w.integer(len(sources))),
        blocks.table(
            columns=blocks.columns(
                w, header=("stages.col_header", "3fr"), column=("stages.col_column", "1fr"),
                why=("stages.col_how", "2fr"), file=("stages.col_file", "3fr"),
            ),
            rows=cells, caption=w("stages.identity_caption"), key="identity", compact=True,
            note=w("stages.identity_note"),
        ),
        last,
    )  # fmt: skip


def _dropped(stage: StageReport) -> list[dict[str, Any]]:
    """The columns that were dropped, with their place and what told so where the intake wrote it."""
    table = stage.frame("privacy")
    table = table if table is not None else getattr(stage.cleaned, "privacy", None)
    if table is None:
        return _columns(stage, identity=True)
    return list(table[table["told_by"].astype(str) != "cell"].to_dict("records"))
