"""Raw files in, answers and ledger out; nothing is lost, and that is checked on every run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.intake.account import answer_losses, date_losses, privacy, refusals, repeated_tables, unanswered
from pipeline.intake.account.ledger import Ledger
from pipeline.intake.account.nowhere import nowhere
from pipeline.intake.account.schema import check
from pipeline.intake.ground.near_names import near_names
from pipeline.intake.ground.problems import IntakeError, Problem
from pipeline.intake.rows import audit, joining, markedrows, rare
from pipeline.intake.rows.assemble import responses as assemble
from pipeline.intake.rows.chunks import Chunks, Layout
from pipeline.intake.rows.join_losses import losses
from pipeline.intake.rows.joined import Joined
from pipeline.intake.rows.long import long_block
from pipeline.intake.rows.sources import Reader, Sources, grouped
from pipeline.intake.rows.typed_table import EXCLUDED, MERGED, USED, enter_hidden, merge
from pipeline.intake.rows.wide import Block
from pipeline.results import store
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.codes import STATUS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.intake.values.answers import ItemReader

#: Rows a reader of one unit's answers must take together.
ROWS_A_GROUP = 50_000
#: Columns of numbers that mostly grow: stored as differences, half the size and quicker than any other way.
RUNNING = ("respondent", "source_row", "answered_at", "entered_at")
#: Columns by which rows are looked for: only of these does a group of rows say what it holds.
SOUGHT = ("respondent", "source_file", "source_row", "unit", "answered_at")


class FileCount(NamedTuple):
    """What became of the rows of one file in one role."""

    source_file: str
    role: str
    read: int
    used: int
    merged: int
    excluded: int
    not_data: int


COUNTS = FileCount._fields


@dataclass(frozen=True)
class Intake:
    """What the intake made of a survey's raw files.

    Attributes
    ----------
    responses : DataFrame
        One row per used respondent, see ``docs/`` and `schema`.
    ledger : DataFrame
        One row for everything changed, set aside or doubted.
    counts : DataFrame
        Per source file and role: rows read = used + merged + excluded + not data.
    columns : DataFrame
        The audit of headers: per file and column, what it is and what told so.
    mapping : DataFrame
        The audit of answers: per file and item, every text, what it was read as, how often.
    problems : tuple of Problem
        Files that could not be used (``fatal``), large losses (``loss``), and what else needs a look.
    answers_read : int
        Filled answer cells of all files.
    facts : DataFrame
        What sheets of parameters say of the survey (unit, period, number of users, ...).
    privacy : DataFrame
        Columns dropped and cells masked because they identify people: counts, never values.
    """

    responses: pd.DataFrame
    ledger: pd.DataFrame
    counts: pd.DataFrame
    columns: pd.DataFrame
    mapping: pd.DataFrame
    problems: tuple[Problem, ...]
    answers_read: int
    facts: pd.DataFrame
    privacy: pd.DataFrame

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """What is written of it, by the name of its file."""
        return {
            "responses": self.responses, "ledger": self.ledger, "intake": self.counts, "columns": self.columns,
            "facts": self.facts, "mapping": self.mapping, "problems": _stored(self.problems),
            "privacy": self.privacy,
        }  # fmt: skip


def clean(survey: Survey) -> Intake:
    """Read, re-key, check and account for every raw file of a survey.

    Parameters
    ----------
    survey : Survey
        As `pipeline.survey.load` returns it.

    Returns
    -------
    Intake

    Raises
    ------
    IntakeError
        If no file can be used, if answers are no option and the definition does not say what to do
        with them, if more than half was lost of what a problem counts (`Problem.stops`), or if rows or
        answers would have been lost.
    """
    reader, ledger = Reader(survey), Ledger()
    chunks = Chunks(survey, reader, ledger)
    sources = reader.read(chunks.take)
    joins = joining.settled(sources)
    fatal = [p for p in sources.problems if p.fatal]
    if not any(body.role in ("wide", "answers") for body in sources.bodies):
        raise IntakeError(fatal or [Problem("no file holds answers", file=survey.name)])
    wide = chunks.finish()
    blocks, read = _blocks(wide, joins, sources, survey, ledger)
    texts, readers = _audit(wide, sources)
    undecided = refusals.unmatched(texts, readers, survey.definition.values)
    marked = markedrows.said(sources.bodies, survey.definition.marks)
    problems = [
        *answer_losses.losses(texts, readers, survey.definition.values),
        *sources.problems,
        *undecided,
        *marked,
        *audit.foreign_lists([*sources.lookups.audit, *texts]),
    ]
    stops = [problem for problem in undecided if problem.fatal]
    if stops:
        raise IntakeError([*fatal, *stops])
    said = [row for layout in wide for row in layout.said]
    for body in sources.bodies:
        if body.role != "wide":
            said += audit.profile_texts(body, survey, sources.lookups)
    frame = rare.few(assemble(blocks, survey), survey, sources.lookups, ledger)
    scales = {code: (r.low, r.high) for code, r in readers.items() if code in frame.columns}
    with ThreadPoolExecutor(1) as beside:
        # The contract is checked while the rows are counted: neither changes the answers.
        checked = beside.submit(check, frame, scales, [unit.id for unit in survey.units] + [UNKNOWN_UNIT])
        problems += [*near_names(frame, survey), *nowhere(frame), *unanswered.said(frame, survey)]
        problems += repeated_tables.said(frame)
        entries = ledger.frame()
        problems += date_losses.doubts(frame, entries, survey)
        counts = _counts(sources)
        _conserve(frame, entries, counts, read, list(scales))
        broken = checked.result()
    if vast := [problem for problem in problems if problem.stops]:
        raise IntakeError(vast)
    if broken:
        raise IntakeError([Problem(f"the responses break their contract: {text}") for text in broken])
    return Intake(
        responses=frame,
        ledger=entries,
        counts=counts,
        columns=audit.columns_frame(sources.columns),
        facts=audit.facts_frame(sources.facts),
        mapping=audit.frame([*sources.lookups.audit, *texts, *audit.added_up(said)]),
        problems=tuple(problems),
        answers_read=read,
        privacy=privacy.found(sources.columns, frame, entries),
    )


def _blocks(
    wide: Sequence[Layout], joins: Sequence[Joined], sources: Sources, survey: Survey, ledger: Ledger
) -> tuple[list[Block], int]:
    blocks = [block for layout in wide for block in layout.blocks]
    total = sum(layout.read for layout in wide)
    for joined in joins:
        block, read = long_block(joined, survey, sources.lookups, ledger)
        sources.problems += losses(joined)
        blocks.append(block)
        total += read
    for body in sources.bodies:
        if body.role != "wide":
            enter_hidden(body, ledger)
            markedrows.enter(body, ledger)
    return blocks, total


def _audit(wide: Sequence[Layout], sources: Sources) -> tuple[list[dict[str, object]], dict[str, ItemReader]]:
    """Return every distinct answer with what it was read as, and the readers of all items."""
    texts = [row for layout in wide for row in audit.in_order(layout.texts, layout.readers)]
    readers = {code: reader for layout in wide for code, reader in layout.readers.items()}
    for body in map(merge, grouped([b for b in sources.bodies if b.role != "wide"])):
        texts += audit.answer_texts(body)
        readers.update(body.items.readers)
    return texts, readers


def _counts(sources: Sources) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, object]] = []
    for body, (name, role, kinds) in zip(sources.bodies, sources.kinds):
        rows.append(
            {
                "source_file": name, "role": role, "read": kinds.read,
                "used": int((body.state == USED).sum()), "merged": int((body.state == MERGED).sum()),
                "excluded": int((body.state == EXCLUDED).sum()), "not_data": kinds.not_data,
            }
        )  # fmt: skip
    rows += [{"merged": 0, "excluded": 0, **row} for row in sources.lookups.counts]
    return pd.DataFrame(rows, columns=list(COUNTS))


def _conserve(
    frame: pd.DataFrame, ledger: pd.DataFrame, counts: pd.DataFrame, read: int, items: list[str]
) -> None:
    """Refuse to go on when a row or an answer is not accounted for."""
    problems = []
    for row in map(FileCount._make, zip(*(counts[name].tolist() for name in COUNTS))):
        if row.read != row.used + row.merged + row.excluded + row.not_data:
            problems.append(
                Problem(
                    f"{row.read} rows were read as {row.role}, but {row.used} used + {row.merged} merged +"
                    f" {row.excluded} excluded + {row.not_data} not data make another number",
                    "this is a fault of the program: please report it with the survey's definition",
                    file=row.source_file,
                )
            )
    for action, name in (("merged", "merged"), ("excluded", "excluded")):
        entered = int((ledger["action"] == action).sum())
        counted = int(counts[name].sum())
        if entered != counted:
            problems.append(Problem(f"{counted} rows were {name}, but the ledger holds {entered}"))
    used = counts.loc[counts["role"] == "wide", "used"].sum()
    people = counts.loc[counts["role"].isin(["wide", "respondents"]), "used"].sum()
    again = frame[["source_file", "source_row"]].duplicated()
    places = frame.loc[frame["answer_rows"] == "", ["source_file", "source_row"]]
    # Looked at once more only where some row of all stands twice.
    twice = places["source_file"][places.duplicated()].astype(str) if again.any() else again.iloc[:0]
    problems += [
        Problem(
            "its rows were read twice",
            "two entries under `files:` read it: name it in one, or give each its own `sheet:`",
            file=name,
        )
        for name in sorted(twice.unique())
    ]
    if not len(twice) and (len(places) != used or len(frame) - int(again.sum()) < people):
        problems.append(Problem(f"{len(frame)} respondents came out of {people} used rows"))
    answered = int(sum((frame[f"{code}{STATUS}"] == "answered").sum() for code in items))
    accounted = int(ledger["cells"].sum())
    if read != answered + accounted:
        problems.append(
            Problem(
                f"{read} answers were read, but {answered} are in the responses and {accounted} in the ledger",
                "this is a fault of the program: please report it with the survey's definition",
            )
        )
    if problems:
        raise IntakeError(problems)


def write(intake: Intake, survey: Survey, folder: Path | str | None = None) -> list[Path]:
    """Write the tables of an intake; each file appears whole or not at all.

    Parameters
    ----------
    intake : Intake
    survey : Survey
    folder : Path or str, optional
        Another folder than ``data/processed/<survey>``.

    Returns
    -------
    list of Path
        responses, ledger, intake (counts), columns, facts, mapping, problems and privacy.
    """
    target = Path(folder) if folder else survey.processed
    target.mkdir(parents=True, exist_ok=True)
    return [_write(table, target / f"{name}.parquet") for name, table in intake.tables.items()]


def _stored(problems: Sequence[Problem]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "unit": p.unit, "file": p.file, "sheet": p.sheet, "row": p.row, "column": p.column,
                "what": p.what, "hint": p.hint, "fatal": p.fatal, "loss": p.loss,
                "first": p.first,
            }
            for p in problems
        ],
        columns=["unit", "file", "sheet", "row", "column", "what", "hint", "fatal", "loss", "first"],
    ).astype({"row": "Int64", "fatal": "bool", "loss": "bool", "first": "bool"})  # fmt: skip


def _write(table: pd.DataFrame, path: Path) -> Path:
    with store.replacing(path, durable=True) as aside:
        running = [name for name in RUNNING if name in table.columns]
        table.to_parquet(
            aside, index=False, compression="zstd", row_group_size=ROWS_A_GROUP,
            use_dictionary=[name for name in table.columns if name not in running],
            column_encoding=dict.fromkeys(running, "DELTA_BINARY_PACKED"),
            write_statistics=[name for name in SOUGHT if name in table.columns],
        )  # fmt: skip
    return path
