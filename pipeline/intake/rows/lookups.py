"""Tables of codes: what a code in the data stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.intake.columns.orders import both_readings
from pipeline.intake.files.table import RawTable
from pipeline.intake.ground.problems import Problem, Refused
from pipeline.intake.values.identity import mask_cell, mask_header
from pipeline.intake.values.items import NO_ITEM, ItemSet, by_key, folded_id, plain_key, position, strangers
from pipeline.survey import Survey
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.entries import Lookup
from pipeline.survey.errors import did_you_mean
from pipeline.survey.identity.persons import shown
from pipeline.survey.text import fold

Read = Callable[[Lookup], list[RawTable]]


@dataclass
class Lookups:
    """Texts by field and folded code; and, for items, what each id means."""

    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    items: dict[str, list[tuple[Lookup, list[dict[str, str]]]]] = field(default_factory=dict)
    audit: list[dict[str, object]] = field(default_factory=list)
    counts: list[dict[str, object]] = field(default_factory=list)

    def resolve(self, name: str, text: str) -> str:
        """Return the text a code stands for, else the code itself; ``01`` and ``1.0`` are ``1``."""
        texts = self.texts.get(name, {})
        folded = fold(text)
        return texts.get(folded) or texts.get(plain_key(folded)) or text

    def answer(self, text: str) -> str:
        """Return what the id of an option stands for; an id that no table lists is no score, whatever it looks like."""
        found = self.resolve("answer", text)
        listed = fold(text) in self.texts["answer"] or plain_key(fold(text)) in self.texts["answer"]
        return found if listed or not text else f"option {text}"


def load(survey: Survey, read: Read, problems: list[Problem]) -> Lookups:
    """Read every table of codes the definition names."""
    lookups = Lookups()
    for lookup in survey.definition.lookups:
        try:
            table = read(lookup)[0]
            rows = _rows(table, lookup)
        except Refused as error:
            problems.append(error.problem(lookup.path))
            continue
        lookups.counts.append({"source_file": table.name, "role": "lookup", "read": table.height - 1,
                               "used": len(rows), "not_data": table.height - 1 - len(rows)})  # fmt: skip
        if lookup.field == "item":
            lookups.items.setdefault("" if lookup.instrument == OFFICIAL else lookup.instrument, []).append(
                (lookup, rows)
            )
        else:
            lookups.texts.setdefault(lookup.field, {}).update(
                by_key({fold(row[lookup.key]): row[lookup.text] for row in rows})
            )
    return lookups


def _rows(table: RawTable, lookup: Lookup) -> list[dict[str, str]]:
    wanted = [lookup.key, lookup.text, *([lookup.label] if lookup.label else []), *lookup.options]
    top = _header(table, wanted)
    header = table.row(top) if table.height else []
    for name in wanted:
        if name not in header:
            raise Refused(
                f'there is no column "{name}", which `lookups:` names',
                did_you_mean(name, header) or f"the columns are {', '.join(header)}",
            )
    found: list[dict[str, str]] = []
    texts: dict[str, str] = {}
    for index in range(top + 1, table.height):
        cells = dict(zip(header, table.row(index)))
        key, text = cells[lookup.key], cells[lookup.text]
        if not key:
            continue
        # A code that stands for two texts would be read as whichever comes last.
        if fold(texts.setdefault(fold(key), text)) != fold(text):
            raise Refused(
                f'the code "{key}" stands for "{texts[fold(key)]}" and for "{text}"',
                "keep one of the two rows, or give the codes of each table a column of their own",
                row=int(table.rows[index]),
            )
        found.append({name: cells[name] for name in wanted})
    return found


def _header(table: RawTable, wanted: Sequence[str]) -> int:
    """Return the row that holds the names of the columns, below titles; the first where none does."""
    for index in range(min(table.height, 40)):
        if set(wanted) <= set(table.row(index)):
            return index
    return 0


def apply(lookups: Lookups, instruments: Sequence[str], items: ItemSet, order: str | None) -> list[Problem]:
    """Teach a questionnaire what the item ids of the data mean, and what the letters say.

    Returns
    -------
    list of Problem
        Questions whose label names another unsur than the question does.

    Raises
    ------
    Refused
        If a question means no item, or the option texts contradict their place.
    """
    problems: list[Problem] = []
    names = ["" if name == OFFICIAL else name for name in instruments] or [""]
    for lookup, rows in [pair for name in names for pair in lookups.items.get(name, [])]:
        items.looked_up = items.looked_up or bool(rows)
        for row in rows:
            code, how = _item(row, lookup, items, order)
            key = folded_id(row[lookup.key])
            items.told[key] = row[lookup.text] or row.get(lookup.label or "", "")
            if code is None:
                # Its number must not be read as a place: the text says that it is something else.
                items.unknown[key] = how
                continue
            items.ids[key] = code
            if how in ("means", "label", "question"):
                items.exact.add(key)
            doubt = _denied(row, lookup, items, code, how)
            if doubt:
                problems.append(
                    Problem(
                        f'the question "{row[lookup.text]}" is {code}, but its label'
                        f' "{row[lookup.label or ""]}" is {doubt}: the question counts',
                        "respondents read the question; if the label is right, map the item under `columns:`"
                        " or correct the table", file=lookup.path, column=row[lookup.key], fatal=False,
                    )
                )  # fmt: skip
            options = [row[name] for name in lookup.options]
            reading = ""
            if options:
                reader = items.readers[code]
                reading = reader.use_options(options)
                if reading == "contradiction":
                    raise Refused(
                        f'the options of {row[lookup.key]} ("{row[lookup.text]}") are'
                        f" {', '.join(options)}: they do not stand in the order of {code}'s scores",
                        f"give their scores under `values:` {code}, and leave `options:` out",
                    )
            for place, option in enumerate(options or [""]):
                lookups.audit.append(
                    {
                        "source_file": shown(lookup.path), "instrument": items.name, "item": code,
                        "header": mask_header(row[lookup.key]), "how": f"lookup-{how}",
                        "question": mask_header(row[lookup.text]),
                        "label": mask_header(row.get(lookup.label or "", "")), "text": mask_cell(option),
                        "code": str(items.readers[code].letters.get(chr(97 + place), "")) if option else "",
                        "reading": f"options-by-{reading}" if option else "", "nearest": "",
                        "doubt": f"label:{doubt}" if doubt else _strange(option, code, items), "count": 0,
                    }
                )  # fmt: skip
    items.acquaint()
    return problems


def _strange(option: str, code: str, items: ItemSet) -> str:
    """Return the other items whose printed options hold this one (see `pipeline.intake.rows.audit`)."""
    return strangers(option, code, items) if option else ""


def _denied(row: Mapping[str, str], lookup: Lookup, items: ItemSet, code: str, how: str) -> str:
    """Return the item that the label of a question names, where it is another than the question's."""
    if how != "question" or not lookup.label:
        return ""
    hit = items.match(row[lookup.label]) if row[lookup.label] else None
    return hit[0] if hit and hit[0] != code else ""


def _item(
    row: Mapping[str, str], lookup: Lookup, items: ItemSet, order: str | None
) -> tuple[str | None, str]:
    """Return the item a row of a table of questions means, and what told so.

    The definition first, then the text of the question, then its label; the number of the key only
    where there is no text at all. Without an item, what told so is ``none`` where the definition says
    that the question is no item, else empty.
    """
    key, question, label = row[lookup.key], row[lookup.text], row.get(lookup.label or "", "")
    stated = _stated(key, lookup, items)
    if stated is not None:
        return (None, "none") if stated == NO_ITEM else (stated, "means")
    if folded_id(key) in items.ids and folded_id(key) not in items.told:
        return items.ids[folded_id(key)], "id"
    for text in (question, label):
        hit = items.match(text) if text else None
        if hit:
            return hit
    for text, how in ((question, ""), (label, ""), (key, "key")):
        number = position(text) if text else None
        if number is None or not items.orders or (how and (question or label)):
            continue
        if not items.ambiguous(number):
            return items.by_position(number, "form"), "position"
        if order is None:
            raise Refused(*both_readings(items, {text: number}))
        return items.by_position(number, order), f"order-{order}"
    return None, ""


def _stated(key: str, lookup: Lookup, items: ItemSet) -> str | None:
    """Return what `means:` says of a key: an item, `NO_ITEM`, or None where it says nothing."""
    stated = {folded_id(text): code for text, code in lookup.means.items()}
    code = stated.get(folded_id(key))
    if code is None or code == NO_ITEM or code in items.readers:
        return code
    found = items.ids.get(folded_id(code))
    if found is None:
        raise Refused(
            f'`means:` says that "{key}" is "{code}", which is no item',
            did_you_mean(code, items.codes) or f"items are {', '.join(items.codes)}; none: it is no item",
        )
    return found
