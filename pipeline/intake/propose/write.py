"""Write down what was found out about undescribed files: survey.yml with its reasons, units.csv."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from pipeline.intake.columns.guesses import GUESSES
from pipeline.intake.columns.infosheet import days
from pipeline.intake.files.table import letter
from pipeline.intake.propose.items import indicators, instruments, told, united
from pipeline.intake.propose.looks import Look, Proposal, Seen
from pipeline.intake.propose.order import order_lines
from pipeline.intake.propose.scale import scale, scale_open, unit_down
from pipeline.intake.propose.units import unit_entry
from pipeline.intake.propose.values import values
from pipeline.intake.propose.yamltext import note, quoted
from pipeline.intake.values.items import ItemSet
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.definition import Definition
from pipeline.survey.period import WRITTEN
from pipeline.survey.text import fold
from pipeline.survey.units import slug

HOW = {
    "question": "the question", "label": "the label", "label-within": "the label within the header",
    "name": "the name of the column", "position": "its number, the same in both orders",
    "order-form": "its number", "order-questionnaire": "its number",
    "order-by-answers": "its number, and the order its answers show", "options": "nothing but its answers",
    "options-and-order": "its answers, and its place among the others", "id": "its id",
    "content": "its content", "content-guess": "the word in the header, and that its values repeat",
    "dates-guess": "its content, which is dates",
    "definition": "the definition",
}  # fmt: skip


def percent(seen: Seen) -> str:
    """Return how many of the answers agree with what a column is taken for."""
    if not seen.filled:
        return "no answers"
    return f"{seen.fits} of {seen.filled} answers fit"


def lines(proposal: Proposal, survey: str, items: ItemSet) -> list[str]:
    """Return the lines of a commented ``survey.yml``."""
    looks = proposal.looks
    owns = united(looks)
    regular = any(look.skm for look in looks)
    kind = "Survei Kepuasan Masyarakat" if regular else "Survei"
    out = [
        "# Proposed from the files themselves: read it, correct it, then run `skm check`.",
        "# certain / likely / guess say how sure each column is; the counts are answers that fit.",
        f"title: {quoted(f'{kind} {survey}')}",
        f"period: {quoted(_period(proposal, survey))}",
    ]
    out += _order(looks)
    out += scale(looks)
    dated = _dates(proposal)
    out += [*dated, *unsaid(bool(dated))]
    out += instruments(owns)
    out += _files(proposal, items)
    out += indicators(looks, unit_ids(proposal))
    out += values(looks, items)
    out += _published(proposal)
    text = "\n".join(out) + "\n"
    # What is proposed must be a definition: a fault of this module would otherwise wait for `check`.
    Definition.model_validate(yaml.safe_load(text))
    return out


def period_in(survey: str) -> str:
    """Return the period that the name of a survey begins with, if it is one.

    Examples
    --------
    >>> period_in("2024-s1-kota"), period_in("2021-internal"), period_in("mpp")
    ('2024-s1', '2021', '')
    """
    match = re.match(WRITTEN, survey)
    return match[0] if match else ""


def _period(proposal: Proposal, survey: str) -> str:
    if named := period_in(survey):
        return named
    years = [look.last[:4] for look in proposal.looks if look.last]
    return years[0] if years else survey


def _order(looks: list[Look]) -> list[str]:
    still = [look.order_open for look in looks if look.order_open]
    found = {look.order for look in looks if look.order and not look.order_open}
    return order_lines("", still[0]) if still else order_lines(found.pop() if len(found) == 1 else "", "")


def _dates(proposal: Proposal) -> list[str]:
    told = [f for _, f in proposal.facts if f.name == "fieldwork"]
    spans = [days(f.value) for f in told if days(f.value)]
    if spans:
        first, last = min(s[0] for s in spans), max(s[-1] for s in spans)
        return [
            f"fieldwork: {{start: {first}, end: {last}}}    # {note(told[0].label)}: {note(told[0].value)}"
        ]
    seen = [(look.first, look.last) for look in proposal.looks if look.first]
    if not seen:
        return []
    first, last = min(a for a, _ in seen), max(b for _, b in seen)
    return [
        "",
        *(f"# {note(text, 300)}" for text in proposal.dates[:5]),
        f"# The dates in the files run from {first} to {last}. Say when answers were collected, so that",
        "# others are flagged:",
        f"# fieldwork: {{start: {first}, end: {last}}}",
    ]


def unsaid(dated: bool) -> list[str]:
    """Return what no file tells and a person may add: how people were asked, and when if no date is there.

    Examples
    --------
    >>> print(unsaid(False)[1])
    # No dates are in the files. Say when answers were collected:
    """
    when = [
        "",
        "# No dates are in the files. Say when answers were collected:",
        "# fieldwork: {start: YYYY-MM-DD, end: YYYY-MM-DD}",
    ]
    return [
        *([] if dated else when),
        "",
        "# No file says how people were asked (face-to-face, self-paper, online, kiosk, phone, mail, mixed, other)",
        "# and chosen. Until it is stated, reports take them for no random sample:",
        "# mode: self-paper",
        "# sampling: ...",
    ]


def _patterns(proposal: Proposal, role: str, looks: list[Look]) -> list[str]:
    """Return file names, or patterns where there are many."""
    names = list(dict.fromkeys(look.file for look in looks))
    if len(looks) < sum(look.role == role for look in proposal.looks) or (looks[0].own and proposal.unread):
        return names
    if len(names) <= 3 and proposal.unit_from not in ("folder", "file"):
        return names
    if {look.role for look in proposal.looks} != {role}:
        return names
    made = []
    for name in names:
        folder = "*/" if "/" in name else ""
        made.append(f"{folder}*{Path(name).suffix}")
    return list(dict.fromkeys(made))


def _files(proposal: Proposal, items: ItemSet) -> list[str]:
    out = ["", "files:"]
    groups = list(_groups(proposal.looks))
    for looks in groups:
        role = looks[0].role
        paths = ", ".join(quoted(path) for path in _patterns(proposal, role, looks))
        out.append(f"  - path: [{paths}]")
        if role != "wide":
            out.append(f"    role: {role}")
        out += _asked(looks[0])
        sheets = list(dict.fromkeys(look.sheet for look in looks if look.sheet))
        if sheets and looks[0].own:
            out.append(f"    sheet: [{', '.join(quoted(sheet) for sheet in sheets)}]")
        elif len(sheets) == 1 and not proposal.facts and proposal.unit_from != "sheet":
            out.append(f"    sheet: {quoted(sheets[0])}")
        source = unit_entry(proposal.unit_from) if role == "wide" else None
        if source:
            said = (
                "{sheet: true}"
                if source.sheet
                else "{file: true}"
                if source.file is True
                else "{file: '{unit}/*'}"
            )
            out.append(f"    unit: {said}    # the {proposal.unit_from} names the unit")
        out += unit_down(looks, quoted)
        out += _columns(looks, items)
    if proposal.unit_from == "workbook":
        out.append("  # The unit of each workbook is named on its sheet of parameters.")
    elif proposal.unit_from == "one":
        out.append(
            "  # Nothing names a unit: every row belongs to the one in units.csv; write its name there."
        )
    for text in proposal.unread[:8]:
        out.append(f"  # not used: {note(text)}")
    return out


def _groups(looks: list[Look]) -> Iterator[list[Look]]:
    """Yield the tables of one role and one questionnaire together."""
    for role in ("wide", "respondents", "answers", "suggestions"):
        groups: dict[tuple[object, ...], list[Look]] = {}
        for look in looks:
            if look.role == role:
                placed = tuple(pair for own in look.own for pair in own.columns().items())
                key = (look.skm, tuple(own.name for own in look.own), placed, look.said_header)
                groups.setdefault(key, []).append(look)
        yield from groups.values()


def _asked(look: Look) -> list[str]:
    """Return the lines of an entry about questionnaires of one's own."""
    if not look.own:
        return []
    names = [*([OFFICIAL] if look.skm else []), *(own.name for own in look.own)]
    out = [f"    instrument: [{', '.join(quoted(name) for name in names)}]"]
    if look.said_header:
        out.append(f"    header: {look.said_header}")
    return out


def _columns(looks: list[Look], items: ItemSet) -> list[str]:
    first = looks[0]
    out = []
    if first.headless:
        names = ", ".join(quoted(name) for name in first.headless)
        out.append(f"    headers: [{names}]    # the file has none; name the others, '-' if not needed")
        return out
    alike = [look for look in looks if _shape(look) == _shape(first)]
    if len(alike) < len(looks):
        out.append(
            f"    # {len(looks) - len(alike)} of {len(looks)} tables have other columns than the first"
        )
    named, comments = [], []
    for number, seen in enumerate(first.columns):
        column = seen.column
        if not column.field or "." in column.field:
            continue
        total = _sum([look.columns[number] for look in alike])
        what = (
            f"{column.field} {items.shown_label(column.field)}"
            if column.field in items.readers
            else column.field
        )
        text = f"{total.confidence}: {note(what, 40)} <- {note(column.header, 60)}"
        text += f" ({HOW.get(column.how, column.how)}" + (
            f"; {percent(total)})" if column.field in items.readers else ")"
        )
        if column.how in GUESSES:
            named.append(f"      {column.field}: {quoted(column.header)}    # {text}")
        else:
            comments.append(f"    # {text}")
    still = {rivals.code for rivals in first.open}
    lacking = [
        code
        for code in items.codes
        if first.role == "wide" and first.skm and code not in still and not _has(first, code)
    ]
    named += [
        f"      {quoted(code)}: {quoted(place)}" for own in first.own for code, place in own.columns().items()
    ]
    out += comments
    if lacking:
        out.append(f"    # no column was found for {', '.join(lacking)}: treated as not asked")
    unused = [note(s.column.header, 50) for s in first.columns if s.column.how == "not-used"]
    if unused:
        out.append(f"    # not used: {note('; '.join(unused), 300)}")
    dropped = sum(s.column.how == "identity" for s in first.columns)
    if dropped:
        out.append(f"    # dropped, because they identify people: {dropped} columns")
    if first.own:
        out += [f"    # {note(text, 200)}" for text in first.notes]
    if named:
        out += ["    columns:", *named]
    return out + _open(first, bool(named))


def _open(look: Look, begun: bool) -> list[str]:
    """Write what two columns each could be: nobody but the office knows which holds the answers."""
    if not look.open:
        return []
    headers = {seen.column.index: seen.column.header for seen in look.columns}
    out = [
        f"    # TO DECIDE: two columns each could hold the answers to {', '.join(r.code for r in look.open)}.",
        "    # Keep one line of each, without the #" + ("." if begun else ", and the line `columns:`, too."),
    ]
    out += [] if begun else ["    # columns:"]
    for rivals in look.open:
        for index, texts in zip(rivals.indexes, rivals.examples):
            said = note("; ".join(texts), 60) or "empty"
            out.append(
                f"      # {rivals.code}: column {letter(index)}    # {note(headers[index], 60)} (e.g. {said})"
            )
    return out


def _shape(look: Look) -> tuple[tuple[str, str], ...]:
    return tuple((seen.column.header, seen.column.field) for seen in look.columns)


def _sum(parts: list[Seen]) -> Seen:
    return Seen(parts[0].column, sum(p.fits for p in parts), sum(p.filled for p in parts))


def _has(look: Look, code: str) -> bool:
    return any(seen.column.field == code for seen in look.columns)


def _published(proposal: Proposal) -> list[str]:
    out = []
    ids = unit_ids(proposal)
    for unit, fact in proposal.facts:
        year = re.search(r"\b(?:19|20)\d{2}\b", fact.label)
        value = fact.value.strip().replace(",", ".")
        if fact.name == "published" and year and re.fullmatch(r"\d{2,3}(?:\.\d+)?", value):
            owner = f"unit: {quoted(ids[fold(unit)])}, " if fold(unit) in ids else ""
            printed = f"ikm: {quoted(value)}, source: {quoted(note(fact.label))}"
            out.append(f"  - {{period: {quoted(year[0])}, {owner}{printed}}}")
    return ["", "# As the workbooks' sheets of parameters say.", "published:", *out] if out else []


def units_csv(proposal: Proposal) -> str:
    """Return ``units.csv``: every unit the files name, its spellings, its number of users."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "name", "aliases", "population"])
    ids = unit_ids(proposal)
    for folded, identity in ids.items():
        written = [text for text, _ in proposal.units[folded].most_common()]
        aliases = ";".join(dict.fromkeys(_cell(text) for text in written[1:] if ";" not in text))
        writer.writerow([identity, _cell(written[0]), aliases, proposal.populations.get(folded, "")])
    if not ids:
        writer.writerow(["unit-1", "Unit 1", "", ""])
    return out.getvalue()


def unit_ids(proposal: Proposal) -> dict[str, str]:
    """Return the id of every unit, by its folded name; no two are alike."""
    ids: dict[str, str] = {}
    for folded, spellings in proposal.units.items():
        name = _cell(spellings.most_common(1)[0][0])
        if not fold(name):
            continue
        identity = base = slug(name)
        number = 2
        while identity in ids.values() or identity == "unknown":
            identity, number = f"{base}-{number}", number + 1
        ids[folded] = identity
    return ids


def _cell(text: str) -> str:
    """Return a name that no spreadsheet takes for a formula; punctuation never tells units apart."""
    return note(text, 200).lstrip("=+-@|' ")


def findings(proposal: Proposal, items: ItemSet) -> list[str]:
    """Return what the terminal shows: counts, the unsur found and how sure, what is left to decide."""
    out = []
    rows = sum(look.rows for look in proposal.looks if look.role != "suggestions")
    out.append(f"looked at {len(proposal.looks)} tables in {len(proposal.files)} files, {rows} rows")
    out += [
        f"{note(copy, 80)}: is the same file as {note(kept, 80)}; its rows are counted once"
        for copy, kept in proposal.copies.items()
    ]
    units = len(proposal.units)
    out.append(f"units: {units} ({_UNIT_FROM[proposal.unit_from]})")
    first = next((look for look in proposal.looks if look.role == "wide"), proposal.looks[0])
    out += told(united(proposal.looks))
    asked = [n for look in proposal.looks if look.own for n in look.notes if n.startswith("TO DECIDE: ")]
    out += dict.fromkeys(f"to decide: {note(text.removeprefix('TO DECIDE: '), 200)}" for text in asked)
    sure = Counter(s.confidence for s in first.columns if s.column.field in items.readers)
    if sure:
        out.append("unsur found: " + ", ".join(f"{n} {word}" for word, n in sure.items()))
    for seen in first.columns:
        if seen.column.field in items.readers and seen.confidence != "certain":
            out.append(
                f"  {seen.confidence}: {seen.column.field} <- {note(seen.column.header, 60)} ({percent(seen)})"
            )
    strange = sum(count for look in proposal.looks for s in look.columns for _, count, _ in s.unknown)
    if strange:
        out.append(f"{strange} answers are no options: see values in survey.yml")
    still = list(dict.fromkeys(r.code for look in proposal.looks for r in look.open))
    if still:
        out.append(f"to decide: which of two columns holds the answers to {', '.join(still)}")
    if any(look.order_open for look in proposal.looks):
        out.append("to decide: order: form or order: questionnaire (question 8: complaints, or facilities?)")
    if any(look.down for look in proposal.looks):
        out.append("to decide: the unit of rows whose cell is empty below a name (merged cells?)")
    if scale_open(proposal.looks):
        out.append("to decide: scale (a few rows hold numbers above 4: sums, or another scale?)")
    return out


_UNIT_FROM = {
    "column": "from a column", "workbook": "from the workbooks' sheets of parameters", "folder": "from the folders",
    "file": "from the file names", "sheet": "from the sheet names",
    "one": "nothing names a unit: one for all; write its name in units.csv",
}  # fmt: skip
