"""The columns about respondents: units, services, dates, profile, suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.ground.coded import Coded, choose, compact, constant, trim
from pipeline.intake.rows.lookups import Lookups
from pipeline.intake.rows.services import Fields, Stated, settle
from pipeline.intake.rows.typed_table import TypedTable
from pipeline.intake.rows.unit_names import finder, own_values, unit_from_name
from pipeline.intake.values import dates, profile
from pipeline.intake.values.answers import is_placeholder, placeholders
from pipeline.intake.values.calendars import cells_of
from pipeline.intake.values.identity import mask_cell, masked
from pipeline.survey import UNKNOWN_UNIT, Survey
from pipeline.survey.codes import CATEGORIES
from pipeline.survey.text import fold

PARTS = ("units", "moments", "ages", "categories", "rest")


def people(
    body: TypedTable,
    rows: np.ndarray,
    survey: Survey,
    lookups: Lookups,
    ledger: Ledger,
    parts: tuple[str, ...] = PARTS,
    later: list[Stated] | None = None,
) -> Fields:
    """Return the columns about the respondents of some rows, and enter what was doubtful.

    With ``later`` the services stay as they were named, and are added to that list: the caller
    settles them when it knows those of all rows.
    """
    reader = _People(body, rows, survey, lookups, ledger)
    for part in parts:
        getattr(reader, part)()
    if reader.stated is not None:
        if later is None:
            settle([reader.stated], survey)
        else:
            later.append(reader.stated)
    return reader.made


def profile_texts(
    body: TypedTable, survey: Survey, lookups: Lookups
) -> Iterator[tuple[str, Coded, list[tuple[str, str]]]]:
    """Return, per field about the respondent, its column and what each distinct text was read as."""
    for name in profile.FIELDS:
        if name in body.columns:
            column, own = body.columns[name], own_values(survey, body.entry, name)
            yield name, column, [read_text(name, lookups.resolve(name, str(v)), own) for v in column.values]


def read_text(name: str, text: str, own: Mapping[str, str]) -> tuple[str, str]:
    """Return the code of a text about the respondent, and the reason where it is in doubt."""
    code, reason = profile.category(name, text, own)
    if name == "disability" and not code and profile.kind_in(text):
        # A kind in the column of yes and no says yes.
        return "yes", ""
    return code, reason


class _People:
    def __init__(
        self, body: TypedTable, rows: np.ndarray, survey: Survey, lookups: Lookups, ledger: Ledger
    ) -> None:
        self.body, self.survey, self.lookups, self.ledger = body, survey, lookups, ledger
        self.rows = rows
        self.files = body.files.take(rows)
        self.numbers = body.rows[rows]
        self.made: Fields = {}
        self.stated: Stated | None = None

    def column(self, name: str) -> Coded:
        """Return a column with its codes looked up; empty where there is none."""
        if name in self.body.columns:
            column = self.body.columns[name].take(self.rows)
            if name in self.lookups.texts:
                column = column.remap(lambda text: self.lookups.resolve(name, text) if text else "")
            return column
        default = getattr(self.body.entry, name, None) if name in ("service", "mode", "executor") else None
        if name == "mode" and not default:
            default = self.survey.definition.mode
        return constant(str(default or ""), len(self.rows))

    def own(self, name: str) -> dict[str, str]:
        """Return the definition's values for a field, as written and folded."""
        return own_values(self.survey, self.body.entry, name)

    def enter(self, reason: str, mask_: np.ndarray, name: str, raw: Coded, note: str | Coded = "") -> None:
        """Enter some of the rows into the ledger."""
        if not mask_.any():
            return
        at = np.flatnonzero(mask_)
        self.ledger.add(
            reason,
            self.files.take(at),
            self.numbers[at],
            role=self.body.role,
            column=self.body.headers.get(name, ""),
            value=raw.take(at),
            note=note.take(at) if isinstance(note, Coded) else note,
        )

    def units(self) -> None:
        """Bring units to their ids; what is not listed stays, as unknown."""
        raw = self.unit_source()
        unit = raw.remap(finder(self.survey, self.body.entry))
        lost = unit.map(lambda text: text == UNKNOWN_UNIT, bool)
        named = raw.filled() & raw.map(lambda text: not is_placeholder(text), bool)
        gone = {raw.values[code] for code in np.unique(raw.codes[lost & named])}
        hints = raw.remap(lambda text: self.survey.near(text) if text in gone else "")
        self.enter("unknown-unit", lost & named, "unit", raw, hints)
        self.enter("no-unit", lost & ~named, "unit", raw)
        shown = raw.remap(lambda text: "" if is_placeholder(text) else mask_cell(text))
        self.made["unit"] = unit
        self.made["unit_raw"] = _where(lost, shown, "")
        self.services(lost)

    def unit_source(self) -> Coded:
        """Return the raw unit of every row: a column, a constant, the file's or sheet's name."""
        source = self.body.entry.unit
        if source and source.constant is not None:
            return constant(source.constant, len(self.rows))
        if source and (source.file or source.sheet):
            pattern = source.file if isinstance(source.file, str) else ""
            names = self.body.origins
            named = self.files.remap(
                lambda name: unit_from_name(names.get(name, name), pattern, source.sheet)
            )
            # Without `files:` folders are taken for units: where a column names units and no folder is one, months
            # or parts of the answers were put into folders.
            if self.survey.definition.files or "unit" not in self.body.columns or self.lists_any(named):
                return named
        if "unit" in self.body.columns:
            return self.column("unit")
        if len(self.survey.units) == 1:
            return constant(self.survey.units[0].id, len(self.rows))
        return constant("", len(self.rows))

    def lists_any(self, named: Coded) -> bool:
        """Whether one of these names is a listed unit."""
        find = finder(self.survey, self.body.entry)
        return any(find(str(name)) != UNKNOWN_UNIT for name in named.values)

    def services(self, lost: np.ndarray) -> None:
        """Take the services as they are named; `services.settle` gives them one spelling per unit."""
        raw = self.column("service").remap(lambda text: "" if is_placeholder(text) else mask_cell(text))
        self.made["service"] = raw
        header = self.body.headers.get("service", "")
        self.stated = Stated(self.made, raw, lost, self.files, self.numbers, self.body.role, header,
                             self.ledger.reserve())  # fmt: skip

    def moments(self) -> None:
        """Read dates; impossible ones are set missing, doubtful ones flagged."""
        work = self.survey.definition.fieldwork
        for name in ("answered_at", "entered_at"):
            raw = self.column(name)
            calendar = self.body.calendar
            moments, reasons = dates.parse_column(raw, calendar.month_first, name in calendar.swapped)
            if name in calendar.swapped:
                self.enter("exchanged-date", cells_of(raw), name, raw)
            doubtful = np.flatnonzero(reasons)
            for reason in ("impossible-date", "unreadable-date") if len(doubtful) else ():
                hit = np.zeros(len(moments), dtype=bool)
                hit[doubtful] = reasons[doubtful] == reason
                self.enter(reason, hit, name, raw)
            if work.extracted:
                late = moments >= np.datetime64(work.extracted, "s") + np.timedelta64(1, "D")
                self.enter("after-extraction", late, name, raw)
                moments[late] = np.datetime64("NaT")
            if name == "answered_at":
                outside = np.zeros(len(moments), dtype=bool)
                if work.start:
                    outside |= moments < np.datetime64(work.start, "s")
                if work.end:
                    outside |= moments >= np.datetime64(work.end, "s") + np.timedelta64(1, "D")
                self.enter("outside-fieldwork", outside, name, raw)
            self.made[name] = moments

    def ages(self) -> None:
        """Read ages; a band given on its own is taken where no age is."""
        raw = self.column("age")
        read = [profile.age(str(value)) for value in raw.values]
        years = np.array([a.years for a in read] or [-1], dtype=np.int16)[raw.codes]
        band = compact(raw.codes, [a.band for a in read]) if read else constant("", len(raw))
        self.age_reasons("age", raw, [a.reason for a in read])
        own = self.own("age_band")
        raw_band = self.column("age_band")
        given = [self.band(str(value), own) for value in raw_band.values]
        self.age_reasons("age_band", raw_band, [reason for _, reason in given])
        bands = compact(raw_band.codes, [code for code, _ in given]) if given else raw_band
        self.made["age"] = years
        self.made["age_band"] = choose(~band.filled(), bands, band)

    @staticmethod
    def band(text: str, own: Mapping[str, str]) -> tuple[str, str]:
        """Return the code of a stated age band and, where there is none, the reason."""
        code = own.get(text) or own.get(fold(text)) or (text if text in CATEGORIES["age_band"] else "")
        if code:
            return (code, "") if code in CATEGORIES["age_band"] else ("", "unreadable-age")
        read = profile.age(text)
        return read.band, read.reason

    def age_reasons(self, name: str, raw: Coded, reasons: list[str]) -> None:
        """Enter the ages that could not be used."""
        for reason in ("impossible-age", "unreadable-age", "placeholder"):
            table = np.array([r == reason for r in reasons], dtype=bool)
            if table.any():
                self.enter(reason, table[raw.codes], name, raw)

    def categories(self) -> None:
        """Bring sex, education, occupation, disability and mode to codes."""
        for name in profile.FIELDS:
            raw, read = self.read_field(name)
            self.made[name] = compact(raw.codes, [code for code, _ in read]) if read else raw
            for reason in profile.DOUBTS:
                table = np.array([r == reason for _, r in read], dtype=bool)
                if table.any():
                    self.enter(reason, table[raw.codes], name, raw)
        self.kinds()
        self.combinations()

    def read_field(self, name: str) -> tuple[Coded, list[tuple[str, str]]]:
        """Return a column about the respondent, and the code and reason of each distinct text."""
        raw, own = self.column(name), self.own(name)
        return raw, [read_text(name, str(value), own) for value in raw.values]

    def kinds(self) -> None:
        """Take the kind of disability from where yes or no was asked, and hold the two together."""
        yes, kind = self.made["disability"], self.made["disability_kind"]
        if not isinstance(yes, Coded) or not isinstance(kind, Coded):
            return
        if not any(yes.values) and not any(kind.values):
            return
        said = self.column("disability").remap(profile.kind_in)
        kind = choose(kind.filled(), kind, said)
        without = yes.map(lambda code: code == "no", bool)
        kind = choose(~kind.filled() & without, constant("none", len(kind)), kind)
        named = kind.map(lambda code: code not in ("", "none"), bool)
        self.enter("implausible-profile", named & without, "disability", self.column("disability"))
        self.made["disability_kind"] = kind
        self.made["disability"] = choose(~yes.filled() & named, constant("yes", len(yes)), yes)

    def combinations(self) -> None:
        """Flag ages, education and occupations that cannot belong to one person."""
        age, education, occupation = (self.made[name] for name in ("age", "education", "occupation"))
        if isinstance(age, Coded) or not isinstance(education, Coded) or not isinstance(occupation, Coded):
            return
        # Few combinations occur: each is judged once.
        width, depth = max(len(education.values), 1), max(len(occupation.values), 1)
        key = ((age.astype(np.int64) + 1) * width + education.codes) * depth + occupation.codes
        present = np.flatnonzero(np.bincount(key))
        notes = []
        for value in present:
            years, rest = divmod(int(value), width * depth)
            level, work = divmod(rest, depth)
            notes.append(
                profile.impossible(years - 1, str(education.values[level]), str(occupation.values[work]))
            )
        if any(notes):
            place = np.zeros(present[-1] + 1, dtype=np.int32)
            place[present] = np.arange(len(present), dtype=np.int32)
            note = compact(place[key], notes)
            self.enter("implausible-profile", note.filled(), "age", self.column("age"), note)

    def rest(self) -> None:
        """Executor, interviewer, weight, and the suggestion with identities masked."""
        self.made["executor"] = self.column("executor").remap(mask_cell)
        self.made["interviewer"] = self.column("interviewer").remap(
            lambda t: "" if is_placeholder(t) else fold(t)
        )
        raw = self.column("weight")
        read = raw.map(_weight, float)
        bad = np.isnan(read) & raw.filled()
        self.enter("unreadable-weight", bad, "weight", raw)
        self.made["weight"] = read
        raw = self.column("suggestion")
        self.made["suggestion"] = suggestions(
            raw, lambda reason, hit: self.enter(reason, hit, "suggestion", raw)
        )


def suggestions(raw: Coded, enter: Callable[[str, np.ndarray], None]) -> Coded:
    """Return suggestions without fillers and identities; ``enter`` writes them down."""
    raw = trim(raw)  # every distinct text is read with care: those of rows set aside need not be
    filler = placeholders(raw.values)
    safe = masked(raw.values)
    changed = np.array([text != other for text, other in zip(raw.values, safe)], dtype=bool)
    enter("placeholder", (filler & (raw.values != ""))[raw.codes])
    enter("masked-identity", (changed & ~filler)[raw.codes])
    return compact(raw.codes, ["" if idle else text for idle, text in zip(filler, safe)])


def _weight(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return float("nan")
    # Nine digits and more are a telephone number in the wrong column.
    return value if 0 < value < 1e8 else float("nan")


def _where(mask_: np.ndarray, column: Coded, other: str) -> Coded:
    return choose(mask_, column, constant(other, len(column)))
