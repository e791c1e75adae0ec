"""Which columns join the tables of a long survey: their values decide, never their names alone.

A name only says where to look first. A column that is different in every answer numbers the answers,
whatever it is called; two columns belong together when the values of one are found in the other. What is
lost by a join is counted and said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline.intake.ground.coded import Coded, compact, constant
from pipeline.intake.ground.problems import Problem
from pipeline.intake.rows.chunks import together
from pipeline.intake.rows.joined import Joined
from pipeline.intake.rows.sources import Sources
from pipeline.intake.rows.typed_table import TypedTable
from pipeline.intake.values import calendars
from pipeline.intake.values.items import plain_key

#: Share of answers whose respondent must be found, and of ids that must tell respondents apart.
FOUND, APART = 0.95, 0.95
#: A key that is different in more than this share of rows numbers the rows.
NUMBERS_ROWS = 0.9
#: In so few answers it shows nothing that each is somebody else's.
FEW_ROWS = 9
KEY = "respondent"


@dataclass(frozen=True)
class Fit:
    """How two columns fit as the key of answers and of respondents."""

    mine: str
    theirs: str
    matched: int
    filled: int
    found: int
    numbers: bool
    apart: bool
    columns: tuple[Coded, Coded]

    @property
    def share(self) -> float:
        """Share of the answers whose respondent is found."""
        return self.matched / self.filled if self.filled else 0.0

    @property
    def good(self) -> bool:
        """Whether the two can be the key."""
        return self.share >= FOUND and not self.numbers and self.apart


def settled(sources: Sources) -> list[Joined]:
    """Return the tables that share respondents, each group joined by columns that fit.

    Groups that cannot be joined are taken out of the sources, with the reason among its problems.
    """
    _drop_lonely(sources)
    groups: dict[str, dict[str, list[TypedTable]]] = {}
    for body in sources.bodies:
        if body.role != "wide":
            groups.setdefault(group(body), {}).setdefault(body.role, []).append(body)
    joins = []
    for name, roles in groups.items():
        if "answers" not in roles:
            continue
        parts = {role: together(_one_calendar(_alike(found))) for role, found in roles.items()}
        joined = Joined(parts.get("respondents"), parts["answers"], parts.get("suggestions"))
        problems = settle(joined)
        sources.problems += problems
        if any(problem.fatal for problem in problems):
            _take_out(sources, [b.role != "wide" and group(b) == name for b in sources.bodies])
        else:
            joins.append(joined)
    return joins


def group(body: TypedTable) -> str:
    """Name of the tables that share respondent ids with this one: by ``join``, else by instrument."""
    return body.entry.join or "+".join(body.entry.instrument)


def _take_out(sources: Sources, gone: list[bool]) -> None:
    sources.kinds = [kind for kind, out in zip(sources.kinds, gone) if not out]
    sources.bodies = [body for body, out in zip(sources.bodies, gone) if not out]


def _drop_lonely(sources: Sources) -> None:
    """Refuse tables of respondents or suggestions that no table of answers goes with."""
    answered = {group(body) for body in sources.bodies if body.role == "answers"}
    lonely = [b.role not in ("wide", "answers") and group(b) not in answered for b in sources.bodies]
    for (name, role, _), alone in zip(sources.kinds, lonely):
        if alone:
            sources.problems.append(
                Problem(
                    f"holds {role}, but no table of answers shares its respondents",
                    "if its columns are the answers themselves, leave out `role:`; else add the file with"
                    " `role: answers`, or give both files the same `join:`",
                    file=name,
                )
            )
    _take_out(sources, lonely)


def _one_calendar(bodies: list[TypedTable]) -> list[TypedTable]:
    """Write the dates of tables that follow different calendars with the year first, each by its own."""
    if len({body.calendar.key for body in bodies}) < 2:
        return bodies
    for body in bodies:
        first = body.calendar.month_first
        for name in calendars.FIELDS:
            if name in body.columns:
                exchange = name in body.calendar.swapped
                body.columns[name] = body.columns[name].remap(
                    partial(calendars.year_first, month_first=first, exchange=exchange)
                )
        body.calendar = calendars.Calendar()
    return bodies


def _alike(bodies: list[TypedTable]) -> list[TypedTable]:
    """Give bodies of one role the same columns, so that they can stand below one another."""
    names: dict[str, str] = {}
    for body in bodies:
        for name, header in body.headers.items():
            names.setdefault(name, header)
    for body in bodies:
        for name, header in names.items():
            body.columns.setdefault(name, constant("", len(body)))
            body.headers.setdefault(name, header)
    return bodies


def settle(joined: Joined) -> list[Problem]:
    """Join by the columns whose values fit, and say where these are not the ones that names suggest.

    Returns
    -------
    list of Problem
        One is fatal where the tables cannot be joined without a decision.
    """
    people = joined.respondents
    problems = _alone(joined.answers) if people is None else _with_people(joined, people)
    said = joined.suggestions
    if said is not None and not any(problem.fatal for problem in problems):
        key = (joined.respondents or joined.answers).columns[KEY]
        problems += _follow(said, key)
    return problems


def _with_people(joined: Joined, people: TypedTable) -> list[Problem]:
    answers = joined.answers
    now = _fit(answers, answers.headers[KEY], people, people.headers[KEY])
    stated = answers.hows.get(KEY) == "definition" and people.hows.get(KEY) == "definition"
    if now.good and (stated or now.mine == now.theirs):
        _use(answers, people, now)
        return []
    # Where the pair found by its names fits, only one of one name can be meant instead.
    others = [fit for fit in _others(answers, people, now, alike=now.good, free=stated) if fit.good]
    others = [fit for fit in others if fit.share >= now.share and _disagree(now, fit)]
    best = _best(others)
    if best is None or stated or (now.good and isinstance(best, list)):
        _use(answers, people, now)
        if isinstance(best, Fit):
            joined.better = (best.mine, best.theirs)
        return [_numbers(answers, others)] if now.numbers else []
    if isinstance(best, list):
        pairs = " or ".join(f'"{fit.mine}" with "{fit.theirs}"' for fit in best[:3])
        return [
            Problem(
                f"the answers can be joined to the respondents in several ways: {pairs}",
                "name the key of both tables under `columns:`, respondent: ...", file=_place(answers),
            )
        ]  # fmt: skip
    _use(answers, people, best)
    return [
        Problem(
            f'was joined by the column "{best.mine}" with "{best.theirs}" of the respondents, where'
            f" {best.matched:,} of {best.filled:,} answers find theirs; by"
            f' "{now.mine}" with "{now.theirs}" it would be {now.matched:,}',
            f'state it under `columns:` of both files: respondent: "{best.mine}", respondent: "{best.theirs}"',
            file=_place(answers), fatal=False,
        )
    ]  # fmt: skip


def _place(body: TypedTable) -> str:
    return str(body.files.values[0]) if len(body.files.values) else ""


def _best(fits: list[Fit]) -> Fit | list[Fit] | None:
    """Return the one pair that fits best, the pairs between which nothing decides, or None."""
    if not fits:
        return None
    most = max((fit.matched, fit.found) for fit in fits)
    top = [fit for fit in fits if (fit.matched, fit.found) == most]
    named = [fit for fit in top if fit.mine == fit.theirs]
    top = named if len(named) == 1 else top
    first = top[0]
    return first if not any(_disagree(first, fit) for fit in top[1:]) else top


def _disagree(one: Fit, other: Fit) -> bool:
    """Whether two pairs join at least one answer to different respondents."""
    return not np.array_equal(_places(one), _places(other))


def _places(fit: Fit) -> np.ndarray:
    mine, theirs = fit.columns
    row_of = {str(theirs.values[code]): row for row, code in reversed(list(enumerate(theirs.codes)))}
    return mine.map(lambda text: row_of.get(text, -1), int)


def _use(answers: TypedTable, people: TypedTable, fit: Fit) -> None:
    answers.columns[KEY], people.columns[KEY] = fit.columns
    answers.headers[KEY], people.headers[KEY] = fit.mine, fit.theirs


def _others(answers: TypedTable, people: TypedTable, now: Fit, alike: bool, free: bool) -> Iterator[Fit]:
    """Measure the other pairs: only those of one name (``alike``), or also against what is stated (``free``)."""
    for mine in _headers(answers, free):
        for theirs in _headers(people, free):
            if (mine, theirs) != (now.mine, now.theirs) and (mine == theirs or not alike):
                yield _fit(answers, mine, people, theirs)


def _headers(body: TypedTable, free: bool = False) -> list[str]:
    """Return the columns that may be the key: the one that is called so, and those not used."""
    called = body.headers[KEY]
    if body.hows.get(KEY) == "definition" and not free:
        return [called]
    return [called, *(header for header in body.spare if header != called)]


def _column(body: TypedTable, header: str) -> Coded:
    return body.columns[KEY] if header == body.headers[KEY] else body.spare[header].refolded()


def _fit(answers: TypedTable, mine: str, people: TypedTable, theirs: str) -> Fit:
    """Measure a pair of columns, as they stand, or without zeros and decimals where that fits better."""
    a, p = _column(answers, mine), _column(people, theirs)
    fit = _measured(answers, mine, theirs, a, p)
    if fit.matched < fit.filled:
        plain_a, plain_p = _plain(a), _plain(p)
        if plain_a is not None and plain_p is not None:
            other = _measured(answers, mine, theirs, plain_a, plain_p)
            if other.matched > fit.matched:
                return other
    return fit


def _plain(column: Coded) -> Coded | None:
    """Return ids without zeros in front and decimals; None where two ids would become one."""
    used = {text for text, n in zip(column.values, column.present()) if n}
    if len({plain_key(text) for text in used}) < len(used):
        return None
    return compact(column.codes, [plain_key(text) for text in column.values])


def _measured(answers: TypedTable, mine: str, theirs: str, a: Coded, p: Coded) -> Fit:
    have = {text for text, n in zip(p.values, p.present()) if n and text}
    filled = a.filled()
    found = a.map(have.__contains__, bool) & filled
    hit = {text for text, n in zip(a.values, a.present()) if n and text in have}
    unique = len(have) >= APART * max(int(p.filled().sum()), 1)
    return Fit(
        mine, theirs, int(found.sum()), int(filled.sum()), len(hit),
        numbers_rows(answers, a), unique and tells_apart(answers, a), (a, p),
    )  # fmt: skip


def numbers_rows(answers: TypedTable, key: Coded) -> bool:
    """Whether a column is different in nearly every answer although each respondent gives several."""
    items = sum(n > 0 for n in answers.columns["item"].used().values())
    rows = int(key.filled().sum())
    distinct = sum(bool(text) and n > 0 for text, n in zip(key.values, key.present()))
    return items > 1 and rows > max(items, FEW_ROWS) and distinct > NUMBERS_ROWS * rows


def tells_apart(answers: TypedTable, key: Coded) -> bool:
    """Whether hardly any two answers to one question (about one unit) have the same key."""
    item = answers.columns["item"]
    code = key.codes.astype(np.int64) * max(len(item.values), 1) + item.codes
    if "unit" in answers.columns:
        unit = answers.columns["unit"]
        code = code * max(len(unit.values), 1) + unit.codes
    code = code[key.filled()]
    if not len(code):
        return False
    # Counting places is many times quicker than looking for equal numbers, where there are not too many places.
    places = int(code.max()) + 1
    different = (
        np.count_nonzero(np.bincount(code)) if places <= 16 * len(code) + 1000 else len(np.unique(code))
    )
    return bool(different >= APART * len(code))


def _alone(answers: TypedTable) -> list[Problem]:
    """Look at the key of answers that no table of respondents goes with."""
    if not numbers_rows(answers, answers.columns[KEY]):
        return []
    others = []
    for header in _headers(answers)[1:]:
        column = _column(answers, header)
        if not numbers_rows(answers, column) and tells_apart(answers, column):
            others.append(header)
    return [_numbers(answers, others)]


def _numbers(answers: TypedTable, others: list[Fit] | list[str]) -> Problem:
    names = [fit.mine if isinstance(fit, Fit) else fit for fit in others]
    name = names[0] if names else "the header"
    return Problem(
        f'the column "{answers.headers[KEY]}" is different in every row: it numbers the answers,'
        " not the respondents",
        f'name the column that is the same in all answers of one respondent under `columns:`, respondent: "{name}"',
        file=str(answers.files.values[0]),
    )


def _follow(said: TypedTable, key: Coded) -> list[Problem]:
    """Let suggestions be joined by the column whose values are ids of respondents."""
    have = {text for text, n in zip(key.values, key.present()) if n and text}
    plain = {plain_key(text): text for text in have}
    exact = len(plain) == len(have)

    def known(text: str) -> bool:
        return bool(text) and (text in have or (exact and plain_key(text) in plain))

    counts = {header: int(_column(said, header).map(known, bool).sum()) for header in _headers(said)}
    now = said.headers[KEY]
    best = max(counts, key=lambda header: counts[header])
    chosen = best if counts[best] >= FOUND * len(said) > 2 * counts[now] else now
    column = _column(said, chosen)
    if exact:
        column = column.remap(lambda text: text if text in have else plain.get(plain_key(text), text))
    said.columns[KEY], said.headers[KEY] = column, chosen
    if chosen == now:
        return []
    return [
        Problem(
            f'the suggestions were joined by the column "{chosen}", not by "{now}", which names no respondent',
            f'state it under `columns:`, respondent: "{chosen}"', file=str(said.files.values[0]), fatal=False,
        )
    ]  # fmt: skip
