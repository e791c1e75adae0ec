"""Write down what was found in an export of a database: survey.yml with its reasons."""

from __future__ import annotations

from collections import Counter

import yaml

from pipeline.intake.propose.long import longform
from pipeline.intake.propose.long.codes import Codes, rows_found, texts_of
from pipeline.intake.propose.long.longform import LongForm
from pipeline.intake.propose.long.tables import Col, Table, apart
from pipeline.intake.propose.looks import Proposal
from pipeline.intake.propose.order import order_by_answers, order_lines
from pipeline.intake.propose.write import note, period_in, quoted, units_csv, unsaid
from pipeline.intake.values.dates import parse_column
from pipeline.intake.values.items import ItemSet, plain_key
from pipeline.survey.definition import Definition
from pipeline.survey.text import fold

#: What of the answers' own columns a run takes where there is a table of respondents.
BORROWED = ("unit", "answered_at", "entered_at")


def lines(found: LongForm, survey: str, items: ItemSet) -> list[str]:
    """Return the lines of a commented ``survey.yml``."""
    own = longform.own_questions(found, items)
    twin = longform.twin(found, items) if own else None
    out = [
        "# Proposed from the tables themselves: read it, correct it, then run `skm check`.",
        "# One row is one answer. certain / likely / guess say how sure each column is.",
        f"title: {quoted(f'Survei Kepuasan Masyarakat {survey}')}",
        f"period: {quoted(period_in(survey) or survey)}",
        *([] if own else [*order_lines(*_order(found, items)), *_scale(found)]),
        *(dated := _dates(found)),
        *unsaid(bool(dated)),
        "",
        "files:",
        *_answers(found, bool(own), twin),
        *_people(found, bool(own)),
        *_said(found, bool(own)),
        *_lookups(found, items, bool(own)),
        *(_instrument(found, own, twin) if own else []),
    ]
    if found.unused:
        out += ["", f"# Tables that are not read: {note(', '.join(found.unused), 400)}"]
    # What is proposed must be a definition: a fault of this module would otherwise wait for `check`.
    Definition.model_validate(yaml.safe_load("\n".join(out) + "\n"))
    return out


def _order(found: LongForm, items: ItemSet) -> tuple[str, str]:
    """Which order the answers show where bare numbers are all there is, or why that stays open."""
    codes = found.codes_of("item")
    texts = texts_of(codes) if codes else dict.fromkeys(found.item.counts, "")
    columns = {"item": found.item.cells, "answer": found.answer.cells}
    return order_by_answers({key: text or key for key, text in texts.items()}, columns, items)


def _scale(found: LongForm) -> list[str]:
    if found.codes_of("answer"):
        return []
    high = _high(found)[1]
    if high <= 4:
        return []
    return [
        "",
        f"# TO DECIDE: answers go up to {high}, not the regulation's 1-4. If the form really had that scale, take",
        "# the # away: such a survey gets no letter, and is never x 25.",
        f"# scale: {{min: 1, max: {high}}}",
    ]


def _dates(found: LongForm) -> list[str]:
    col = found.profile.get("answered_at") or found.own.get("answered_at") or found.own.get("entered_at")
    if col is None:
        return []
    moments, _ = parse_column(col.cells)
    known = moments[moments == moments]
    if not len(known):
        return []
    first, last = (str(day)[:10] for day in (known.min(), known.max()))
    return [
        "",
        f"# The dates in the tables run from {first} to {last}. Say when answers were collected, so that",
        "# others are flagged:",
        f"# fieldwork: {{start: {first}, end: {last}}}",
    ]


def _high(found: LongForm) -> tuple[int, int]:
    """Return the lowest and highest of the answers that are no slips."""
    numbers = {int(t): n for t, n in found.answer.counts.items() if t.isdigit() and len(t) <= 2}
    if not numbers:
        return 1, max((ord(text.lower()) - 96 for text in found.answer.counts if len(text) == 1), default=4)
    total = sum(numbers.values())
    often = [v for v in numbers if 50 * sum(n for w, n in numbers.items() if w >= v) >= total]
    low = min((v for v in numbers if 50 * sum(n for w, n in numbers.items() if w <= v) >= total), default=1)
    return min(low, 1), max(often, default=4)


def _instrument(found: LongForm, own: dict[str, str], twin: tuple[str, Col] | None) -> list[str]:
    """Write down a questionnaire that is not the regulation's: its items with their ids and texts."""
    low, high = _high(found)
    out = [
        "",
        "# The questions are not the unsur of PermenPANRB 14/2017: they get an index of their own, without a letter.",
        "# Look at the scale, and name a `group:` per item where the questionnaire has dimensions.",
        "instruments:",
        "  kuesioner:",
        "    title: Kuesioner",
        f"    scale: {{min: {low}, max: {high}}}",
        *([f"    paired: {twin[0]}"] if twin else []),
        "    items:",
    ]
    width = max(2, len(str(len(own))))
    for number, (key, text) in enumerate(own.items(), start=1):
        label = f", label: {quoted(note(text, 300))}" if text != key else ""
        out.append(f"      p{number:0{width}d}: {{source: [{quoted(key)}]{label}}}")
    return out


def _entry(table: Table, role: str, own: bool = False) -> list[str]:
    out = [f"  - path: [{quoted(table.file)}]"]
    if table.sheet:
        out.append(f"    sheet: {quoted(table.sheet)}")
    out.append(f"    role: {role}")
    if own:
        out.append("    instrument: kuesioner")
    if table.header > 1:
        out.append(f"    header: {table.header}")
    return out


def _named(columns: dict[str, tuple[Col, str]]) -> list[str]:
    return [
        "    columns:",
        *[f"      {name}: {quoted(col.header)}    # {why}" for name, (col, why) in columns.items()],
    ]


def _found_among(found: LongForm) -> tuple[int, int]:
    theirs = found.key.keys if found.key is not None else frozenset()
    return len(found.respondent.keys & theirs), len(found.respondent.keys)


def _answers(found: LongForm, own: bool, twin: tuple[str, Col] | None) -> list[str]:
    key = found.respondent
    share = apart(key, found.item)
    why = f"in {found.answers.rows:,} rows {key.distinct:,} different, about {key.filled / key.distinct:.1f} rows each"
    sure = "certain" if share == 1 and " + " not in key.header else "likely"
    if found.people is not None:
        hits, total = _found_among(found)
        why += f"; {hits:,} of {total:,} stand in {note(found.people.name, 60)}"
        sure = sure if hits >= 0.95 * total else "guess"
    elif " + " in key.header:
        sure = "guess"
        why += "; no column alone is the same in all answers of one respondent: is this one person each?"
    columns = {
        "respondent": (key, f"{sure}: {why}"),
        "item": (found.item, f"likely: {found.item.distinct} different questions"),
        "answer": (found.answer, f"likely: {note(', '.join(sorted(found.answer.counts)[:8]), 60)}"),
    }
    if twin:
        columns[f"answer_{twin[0]}"] = (twin[1], "likely: a second answer to the same question, by its name")
    for name, col in found.own.items():
        if found.people is None or (name in BORROWED and name not in found.profile):
            columns[name] = (col, f"likely: {col.distinct} different values")
    return [*_entry(found.answers, "answers", own), *_named(columns), *_rest(found.answers, columns)]


def _rest(table: Table, columns: dict[str, tuple[Col, str]]) -> list[str]:
    named = {col.header for col, _ in columns.values()}
    parts = {part for header in named for part in header.split(" + ")}
    rest = [note(col.header, 40) for col in table.columns if col.header not in named | parts]
    return [f"    # not named: {note(', '.join(rest), 300)}"] if rest else []


def _people(found: LongForm, own: bool) -> list[str]:
    if found.people is None or found.key is None:
        return []
    hits, total = _found_among(found)
    columns = {"respondent": (found.key, f"likely: {hits:,} of the {total:,} ids of the answers stand here")}
    for name, col in found.profile.items():
        columns[name] = (col, f"likely: {col.distinct} different values")
    return [*_entry(found.people, "respondents", own), *_named(columns), *_rest(found.people, columns)]


def _said(found: LongForm, own: bool) -> list[str]:
    if found.said is None or found.said_key is None or found.said_text is None:
        return []
    columns = {
        "respondent": (found.said_key, "likely: its values are ids of respondents"),
        "suggestion": (found.said_text, "certain: the name of the column"),
    }
    return [*_entry(found.said, "suggestions", own), *_named(columns)]


def _lookups(found: LongForm, items: ItemSet, own: bool) -> list[str]:
    listed = [codes for codes in found.codes if not (own and codes.field == "item")]
    if not listed:
        return []
    out = [
        "",
        "# What codes stand for: the number of a question never says which unsur it is, its text does.",
        "lookups:",
    ]
    for codes in listed:
        sheet = f", sheet: {quoted(codes.table.sheet)}" if codes.table.sheet else ""
        options = f", options: [{', '.join(map(quoted, codes.options))}]" if codes.options else ""
        about = longform.about_respondents(found, items) if codes.field == "item" else []
        if about:
            options += f", means: {{{', '.join(f'{quoted(key)}: none' for key in about)}}}"
        out.append(
            f"  - {{field: {codes.field}, path: {quoted(codes.table.file)}{sheet}, key: {quoted(codes.key.header)},"
            f" text: {quoted(codes.text.header)}{options}}}"
        )
        col = found.own.get(codes.field) or found.profile.get(codes.field)
        if col is not None and (hits := rows_found(col, codes.key)) < col.filled:
            out[-1] += f"    # {hits:,} of {col.filled:,} rows find their code in it"
            out += _unlisted(codes, col)
        if codes.field == "item":
            out += _questions(found, items)
    return out


def _unlisted(codes: Codes, col: Col) -> list[str]:
    """Ask what the codes of units are that their table does not list."""
    if codes.field != "unit":
        return []
    keys = codes.key.keys
    left = {text: n for text, n in col.counts.items() if plain_key(fold(text)) not in keys}
    often = sorted(left, key=lambda text: (-left[text], text))
    named = ", ".join(f"{note(text, 20)} ({left[text]:,})" for text in often[:12])
    rest = f" and {len(often) - 12} more" if len(often) > 12 else ""
    return [
        "    # TO DECIDE: rows with these codes are in no unit, until a row of units.csv has the code as an alias:",
        f"    #   {named}{rest}",
    ]


def _questions(found: LongForm, items: ItemSet) -> list[str]:
    """Say which question is which unsur, and ask of those whose text does not tell."""
    codes = found.codes_of("item")
    told: dict[str, list[str]] = {}
    out = []
    for key, text in (texts_of(codes) if codes else {}).items():
        hit = items.match(text) if text else None
        if hit:
            told.setdefault(hit[0], []).append(key)
            out.append(f"    # {hit[0]} <- {note(key, 20)}: {note(text, 80)}")
    twice = {code: keys for code, keys in told.items() if len(keys) > 1}
    for code, keys in twice.items():
        out.append(
            f"    # TO DECIDE: the questions {note(', '.join(keys), 60)} read as {code}, which can be only one of them:"
        )
        pairs = [f"{quoted(keys[0])}: {code}", *[f"{quoted(key)}: none" for key in keys[1:]]]
        out.append(f"    # means: {{{', '.join(pairs)}}}")
    left = longform.undecided(found, items)
    if left:
        out.append(
            "    # TO DECIDE: the texts of these questions are no unsur as they stand; their answers are set"
        )
        out.append(
            "    # aside until it is said what they are (inside the braces above; none: it is no unsur):"
        )
        out += [
            f"    #   {note(key, 20)}: {note(text, 80)}" + (f"    nearest: {near}" if near else "")
            for key, (text, near) in left.items()
        ]
        pairs = [f"{quoted(key)}: {near or 'none'}" for key, (_, near) in left.items()]
        out.append(f"    # means: {{{', '.join(pairs)}}}")
    return out


def units(found: LongForm) -> str:
    """Return ``units.csv``: every unit that the answers or their table of codes name."""
    proposal = Proposal(unit_from="column")
    for folded, (name, count) in longform.units(found).items():
        proposal.units[folded] = Counter({name: count + 1})
    return units_csv(proposal)


def findings(found: LongForm, items: ItemSet) -> list[str]:
    """Return what the terminal shows."""
    out = [f"one row an answer: {note(found.answers.name, 60)}, {found.answers.rows:,} rows"]
    out.append(f"respondents: {found.respondent.distinct:,} by {note(found.respondent.header, 60)}")
    if found.people is not None:
        hits, total = _found_among(found)
        out[-1] += f"; {hits:,} of {total:,} stand in {note(found.people.name, 60)}"
    named = longform.units(found)
    out.append(
        f"units: {len(named)}"
        if named
        else "units: nothing names a unit: one for all; write its name in units.csv"
    )
    codes = found.codes_of("item")
    texts = texts_of(codes).values() if codes else found.item.counts
    told = {hit[0] for text in texts if (hit := items.match(text))}
    if told and not longform.own_questions(found, items):
        out.append(f"unsur found: {len(told)} of {len(items.readers)}, by the texts of their questions")
    own = longform.own_questions(found, items)
    if own:
        out.append(
            f"{len(own)} questions that are not the regulation's: a questionnaire of your own, no letter"
        )
    left = {} if own else longform.undecided(found, items)
    if left:
        out.append(f"to decide: {len(left)} questions whose text is no unsur: see lookups in survey.yml")
    if not own and _order(found, items)[1]:
        out.append("to decide: order: form or order: questionnaire (question 8: complaints, or facilities?)")
    if found.unused:
        out.append(f"tables that are not read: {note(', '.join(found.unused), 200)}")
        if found.answers.dump:
            out.append(
                "the dump itself is kept whole: if it holds passwords or names, export the tables of the survey alone"
            )
    return out


def files(found: LongForm) -> list[str]:
    """Return the files that are read: of an export in many, no other is copied."""
    used = [found.answers, found.people, found.said, *[codes.table for codes in found.codes]]
    return list(dict.fromkeys(table.file for table in used if table is not None))
