"""What the tables of a long survey lose by their join: counted in answers, respondents, suggestions."""

from __future__ import annotations

from pipeline.intake.ground.problems import Problem
from pipeline.intake.rows.joined import Joined
from pipeline.intake.rows.typed_table import EXCLUDED, TypedTable

KEY = "respondent"


def losses(joined: Joined) -> list[Problem]:
    """Return what was set aside because of the join, counted in answers, in respondents, in suggestions."""
    answers, people = joined.answers, joined.respondents
    key, place, rows = answers.headers[KEY], _place(answers), len(answers)
    problems = _between(joined, people) if people is not None else []
    if n := _counted(answers, "no-respondent-id"):
        problems.append(
            Problem(
                f"{n:,} of {rows:,} answers set aside, because they name no respondent",
                f'fill in the column "{key}"', file=place, lost=n, of=rows,
            )
        )  # fmt: skip
    if n := _counted(answers, "duplicate-of-conflict"):
        problems.append(
            Problem(
                f"{n:,} of {rows:,} answers contradict another answer with the same question and"
                f' "{key}": none of them counts',
                _composite(), file=place, lost=n, of=rows,
            )
        )  # fmt: skip
    said = joined.suggestions
    if said is not None and (n := _counted(said, "orphan-suggestion")):
        problems.append(
            Problem(
                f"{n:,} of {len(said):,} suggestions set aside, because their respondent is not among those used",
                "are these the right columns?", file=str(said.files.values[0]), lost=n, of=len(said), may_stop=False,
            )
        )  # fmt: skip
    return problems


def _between(joined: Joined, people: TypedTable) -> list[Problem]:
    """Return what one of two tables has and the other has not."""
    answers = joined.answers
    hint = "are these the right columns? name the key of both files under `columns:`, respondent: ..."
    if joined.better:
        mine, theirs = joined.better
        hint = f'"{mine}" here and "{theirs}" there fit: state them as respondent under `columns:`'
    key, place, rows = answers.headers[KEY], _place(answers), len(answers)
    problems = []
    there = _place(people)
    if n := _counted(answers, "orphan-answer"):
        problems.append(
            Problem(
                f"{n:,} of {rows:,} answers set aside, because their respondent is not in {there}:"
                f' "{key}" here, "{people.headers[KEY]}" there',
                hint,
                file=place, lost=n, of=rows,
            )
        )  # fmt: skip
    if n := _counted(people, "no-answers"):
        problems.append(
            Problem(
                f"{n:,} of {len(people):,} respondents set aside, because no answer is theirs:"
                f' "{people.headers[KEY]}" here, "{key}" in {place}',
                "is a file of answers missing, or another column the key?",
                file=there, lost=n, of=len(people), may_stop=False,
            )
        )  # fmt: skip
    if n := _counted(people, "id-reused"):
        problems.append(
            Problem(
                f"{n:,} of {len(people):,} respondents set aside, because another respondent has the"
                f' same "{people.headers[KEY]}"',
                _composite(), file=there, lost=n, of=len(people),
            )
        )  # fmt: skip
    return problems


def _place(body: TypedTable) -> str:
    return str(body.files.values[0]) if len(body) else ""


def _composite() -> str:
    return (
        "where the number begins anew in every unit or period, two columns together are the key: under `columns:`"
        ' of every such file, respondent: "first column + second column"'
    )


def _counted(body: TypedTable, reason: str) -> int:
    return int(((body.state == EXCLUDED) & (body.why == reason)).sum())
