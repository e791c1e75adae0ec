"""What each notebook's result depends on: named parts, each with a hash.

The result rows that a unit's notebook reads are not known here: who starts the run hands
in a function that hashes them (``Options.rows``), and what it returns is kept in
``digests.json``, so that a run with nothing to do reads no table. Its shape::

    {"tables": "<hash of all tables>",
     "shared": {"city rows of index": "<hash>"},          rows every unit reads
     "units": {"a": {"own": {"rows of index": "<hash>"}, "group": "dinas"}},
     "groups": {"dinas": {"a": "<hash>", "b": "<hash>"}}}  rows read of each unit of a group

Without it, every table counts for every unit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline import survey as surveys
from pipeline.survey import Survey
from pipeline.survey.formats import FORMATS, OF_CITY
from pipeline.survey.identity.persons import shown
from pipeline.survey.sets import FOLDER, NamedSet
from pipeline.survey.written import FOLDERS as WRITTEN
from pipeline.survey.written import is_evidence, is_written

from . import arithmetic, fingerprints
from .files import write_aside
from .hashes import Hashes, State, of_json
from .ledger import Ledger, Work
from .plan import (
    NOTEBOOKS,
    STAGES,
    STEMS,
    TEMPLATES,
    TOLD,
    UNIT,
    UNITS_FILE,
    Options,
    Subject,
    notebook_of,
    report_name,
)

DIGESTS_FILE = "digests.json"
#: Read with the definition: their change is a change of the definition.
DEFINITION_FILES = ("survey.yml", "units.csv", "services.csv", "external.csv")
#: Plans for follow-up: no answers, and read by 4-compare alone.
PLAN_FILE = "follow-up.csv"
PEERS = "peers"
#: The office's own texts and photos, where the survey's template prints them.
TEXTS = "texts and photos"
#: The reports that the pages of a city link to.
LINKED = "reports of units"
#: Names of what desktops and open office programs leave in a folder of raw files.
DROPPINGS = ("~$", ".~lock.", "._", ".DS_Store")
#: The stage that reads other surveys, and what it reads of them.
COMPARE, RESPONSES_FILE, INDEX_FILE = "4-compare", "responses.parquet", "index.parquet"
#: Read where suggestions are printed, and by nothing else.
THEMES_FILE = surveys.THEMES_FILE

#: In ``digests.json``, the hash of all else in it: half a file, or a changed one, is made anew.
CHECK = "check"

Digests = Mapping[str, Any]
Rows = Callable[[Survey], Digests]


def dropped(name: str) -> bool:
    """Whether a file lies in a folder of raw files by accident.

    Examples
    --------
    >>> dropped("opd/~$mei.xlsx"), dropped("opd/.mei.xlsx")
    (True, False)
    """
    return name.rpartition("/")[2].startswith(DROPPINGS)


def digests_text(made: Digests) -> str:
    """Text of ``digests.json``."""
    whole = {**made, CHECK: of_json(made)}
    return json.dumps(whole, indent=0, ensure_ascii=False, sort_keys=True) + "\n"


@dataclass
class Keys:
    """The keys of one survey under one set of options."""

    survey: Survey
    options: Options
    notebooks: Path
    hashes: Hashes

    # -- what everything depends on -----------------------------------------------------

    @cached_property
    def common(self) -> dict[str, str]:
        """Definition, code and libraries."""
        return {
            "definition": self.survey.digest,
            "package": fingerprints.package_hash(),
            "libraries": of_json(fingerprints.versions()),
            "arithmetic": of_json(arithmetic.settings()),
        }

    @cached_property
    def notebook_hashes(self) -> dict[str, str]:
        """Hash of each notebook without outputs."""
        # Only of those that make something: in 7-explore a reader tries things out.
        paths = [
            self.notebooks / f"{name}.ipynb" for name in dict.fromkeys((*NOTEBOOKS, *TEMPLATES.values()))
        ]
        return {path.stem: fingerprints.notebook_hash(path) for path in paths if path.is_file()}

    def _base(self, name: str) -> dict[str, str]:
        return {**self.common, f"notebook {name}": self.notebook_hashes.get(name, "")}

    @property
    def _form(self) -> dict[str, str]:
        formats = ",".join(f for f in FORMATS if f in self.options.formats and f not in OF_CITY)
        return {"languages": ",".join(self.options.languages), "formats": formats}

    # -- stages --------------------------------------------------------------------------

    def raw(self) -> dict[str, str]:
        """SHA-256 of every raw file, hidden ones too, by its name in the survey's raw folder.

        A name may itself identify.
        """
        found: dict[str, str] = {}
        for own, sha in self._raw_files(self.survey.raw).items():
            label, number = shown(own), 1
            while label in found:
                number += 1
                label = f"{shown(own)} ({number})"
            found[label] = sha
        return found

    def _raw_files(self, folder: Path) -> dict[str, str]:
        """SHA-256 of every raw file of a survey, by its own name below `folder`.

        What a desktop or an open office program leaves beside them is none, nor is evidence of what was published: it
        is noted after the reports were, and read by none.
        """
        above = f"{self.hashes.name(folder)}/"
        files = {name.removeprefix(above): sha for name, sha in self.hashes.tree(folder).items()}
        return {own: sha for own, sha in files.items() if not dropped(own) and not is_evidence(own)}

    def stage(self, name: str, ledger: Ledger) -> Work:
        """A stage notebook: the raw files, or what the stages before it wrote."""
        parts = {**self._base(name), "languages": self.options.languages[0]}
        if name == STAGES[0]:
            raw = self.raw()
            own = (*DEFINITION_FILES, THEMES_FILE, PLAN_FILE)
            read = (name for name in raw if name not in own and not is_written(name))
            parts |= {f"raw file {name}": raw[name] for name in read}
            # Its page says which earlier surveys cannot be used.
            parts |= {f"survey {n}": why for n, why in self.broken().items()}
        prefix = self.survey.processed.relative_to(self.hashes.base).as_posix() + "/"
        for earlier in STAGES[: STAGES.index(name)]:
            for output in ledger.outputs(f"stage:{earlier}"):
                if output.startswith(prefix):
                    parts[f"table {output.removeprefix(prefix)}"] = self.hashes.digest(output)
        if name == COMPARE:
            parts |= self.surveys_before() | self.plans()
        return Work(f"stage:{name}", parts)

    def broken(self) -> dict[str, str]:
        """Earlier surveys that cannot be used, each with a sentence, as the last run found them."""
        try:
            path = self.survey.processed / surveys.EARLIER_FILE
            found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def surveys_before(self) -> dict[str, str]:
        """Answers, index and definition of every earlier survey: a change is held against them."""
        parts: dict[str, str] = {}
        broken = self.broken()
        for name in surveys.before(self.survey):
            if name in broken:
                parts[f"survey {name}"] = broken[name]
                continue
            raw, tables = self.survey.raw.parent / name, self.tables_before(name)
            found = {f: self.hashes.digest(self.hashes.name(raw / f)) for f in DEFINITION_FILES}
            parts[f"survey {name}"] = of_json({**found, **tables}) if tables else "not read"
        for name in surveys.siblings(self.survey):  # set side by side, whichever comes first
            index = self.survey.processed.parent / name / INDEX_FILE
            parts[f"beside {name}"] = self.hashes.digest(self.hashes.name(index))
        for name in surveys.published_surveys(self.survey.root):
            path = self.survey.raw.parent / name / surveys.PUBLISHED_FILE
            parts[f"published {name}"] = self.hashes.digest(self.hashes.name(path))
        return parts

    def plans(self) -> dict[str, str]:
        """SHA-256 of the plans for follow-up of this survey and of those before it, as far as there are any."""
        parts = {}
        for name in (self.survey.name, *surveys.before(self.survey)):
            if sha := self.hashes.digest(self.hashes.name(self.survey.raw.parent / name / PLAN_FILE)):
                parts[f"plan {name}"] = sha
        return parts

    def tables_before(self, name: str) -> dict[str, str]:
        """SHA-256 of what is read of an earlier survey; nothing where its answers were never read."""
        folder = self.survey.processed.parent / name
        found = {f: self.hashes.digest(self.hashes.name(folder / f)) for f in (RESPONSES_FILE, INDEX_FILE)}
        return {f: sha for f, sha in found.items() if sha} if found[RESPONSES_FILE] else {}

    def earlier(self) -> dict[str, dict[str, str]]:
        """What was used of each earlier survey: its tables and, where they were brought up to date, its raw files."""
        found: dict[str, dict[str, str]] = {}
        for name in surveys.before(self.survey):
            if name in self.broken() or not (tables := self.tables_before(name)):
                continue
            found[name] = tables
            if self.options.history and not self.options.stage:
                raw = self._raw_files(self.survey.raw.parent / name)
                found[name]["raw files"] = of_json(sorted(raw.values()))
        return found

    def states_before(self) -> dict[str, State]:
        """States of the files of earlier surveys, to see the next time that nothing changed."""
        paths: list[Path] = []
        for name in surveys.before(self.survey):
            folder, raw = self.survey.processed.parent / name, self.survey.raw.parent / name
            paths += [folder / RESPONSES_FILE, folder / INDEX_FILE]
            own = {path: path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()}
            # What is stored holds no name that identifies: such a file is hashed anew each time.
            paths += [path for path, label in own.items() if shown(label) == label]
        return self.hashes.states(paths)

    # -- reports -------------------------------------------------------------------------

    def tables(self) -> dict[str, str]:
        """SHA-256 of every table of the survey, and of what else its stages leave for reports to read."""
        folder = self.survey.processed
        found = {*folder.glob("*.parquet"), *folder.glob("*.json"), folder / UNITS_FILE}
        found -= {folder / DIGESTS_FILE, folder / surveys.EARLIER_FILE}
        return {path.name: self.hashes.digest(self.hashes.name(path)) for path in sorted(found)}

    def digests(self, *, compute: bool) -> Digests:
        """The stored digests when they are of these tables, else made anew (if `compute`)."""
        tables = of_json(self.tables())
        path = self.survey.processed / DIGESTS_FILE
        try:
            stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            stored = {}
        whole = stored.pop(CHECK, "") == of_json(stored) if isinstance(stored, dict) else False
        if whole and stored.get("tables") == tables:
            return stored
        if compute and self.options.rows is not None:
            made = {**self.options.rows(self.survey), "tables": tables}
            write_aside(path, digests_text(made))
            return made
        return {"tables": tables}

    def unit(self, unit: Mapping[str, Any], digests: Digests) -> Work:
        """One unit's report: exactly the rows it reads, where they are known."""
        template = self.survey.definition.template
        parts = {**self._base(TEMPLATES[template]), **self._form}
        if TEMPLATES[template] != UNIT:
            parts[TEXTS] = self.written(str(unit.get("slug", "")))
        parts["entry in the list of units"] = of_json({k: unit.get(k) for k in ("id", "slug", "name", "n")})
        if own := self.themes():
            parts["themes of suggestions"] = own
        known = digests.get("units", {}).get(unit["id"])
        if known is None:
            parts["tables"] = digests["tables"] if "units" not in digests else "no rows"
        else:
            parts |= digests["shared"] | known["own"]
            group = digests["groups"].get(known.get("group"))
            if group:
                parts[PEERS] = of_json(group)
        return Work(f"unit:{unit['id']}", parts)

    def themes(self) -> str:
        """SHA-256 of the survey's own themes of suggestions; empty where it has none."""
        path = self.survey.raw / THEMES_FILE
        return self.hashes.digest(self.hashes.name(path)) if path.is_file() else ""

    @cached_property
    def _written(self) -> dict[str, dict[str, str]]:
        """The office's texts and photos by the unit's folder they lie in; those of all units under ``""``."""
        found: dict[str, dict[str, str]] = {}
        prefix = self.survey.raw.relative_to(self.hashes.base).as_posix() + "/"
        for name, sha in self.hashes.tree(*(self.survey.raw / folder for folder in WRITTEN)).items():
            own = name.removeprefix(prefix)
            if not dropped(own):
                found.setdefault("/".join(own.split("/")[1:-1]), {})[own] = sha
        return found

    def written(self, slug: str) -> str:
        """Hash of the texts and photos that the report of a unit may print."""
        return of_json([self._written.get("", {}), self._written.get(slug, {})])

    def report(self, about: Subject, digests: Digests) -> Work:
        """A unit's report, a set's overview, or the city's (None)."""
        if about is None:
            return self.city()
        return self.of_set(about) if isinstance(about, NamedSet) else self.unit(about, digests)

    def peers(self, digests: Digests) -> dict[str, Mapping[str, str]]:
        """Each group's rows by their hash, to be able to name the peer that changed."""
        return {f"{PEERS}:{of_json(g)}": g for g in digests.get("groups", {}).values() if g}

    def city(self, expected: Iterable[Mapping[str, Any]] = ()) -> Work:
        """The overview and its annex: every table, and the reports that both link to, these units' among them."""
        tables = {f"table {name}": sha for name, sha in self.tables().items()}
        own = {"themes of suggestions": sha} if (sha := self.themes()) else {}
        notebooks = {part: sha for name in TOLD for part, sha in self._base(name).items()}
        parts = {**notebooks, **self._form, **tables, **own, LINKED: of_json(self.reported(expected))}
        return Work("city", parts)

    def of_set(self, part: NamedSet, expected: Iterable[Mapping[str, Any]] = ()) -> Work:
        """A set's overview: every table, its units, and the earlier surveys it is held against."""
        return Work(
            part.work,
            {
                **self.city(expected).parts,
                "units of the set": of_json(list(part.units)),
                **self.surveys_before(),
            },
        )

    def portal(self, failed: list[str]) -> Work:
        """Result tables and portal: every table, which reports exist, which failed."""
        shown = sorted(
            path.relative_to(self.survey.public).as_posix()
            for path in (
                *self.survey.public.glob("units/*/*.*"),
                *self.survey.public.glob(f"{FOLDER}/*/*.*"),
                *(page for name in TOLD for page in self.survey.public.glob(f"{STEMS[name]}*.*")),
            )
        )
        parts = {
            **self.common,
            "languages": ",".join(self.options.languages),
            "tables": of_json(self.tables()),
            "list of reports": of_json(shown),
            "failed units": ", ".join(sorted(failed)),
            **{f"what is made of the city: {f}": "yes" for f in OF_CITY if f in self.options.formats},
        }
        return Work("portal", parts)

    # -- where reports lie ----------------------------------------------------------------

    def reported(self, expected: Iterable[Mapping[str, Any]] = ()) -> tuple[str, ...]:
        """Pages of units that there are, or will be of these, by address: what the pages of a city can link to."""
        public, html = self.survey.public, "html" in self.options.formats
        found = {page.relative_to(public).as_posix() for page in public.glob("units/*/report*.html")}
        for unit in expected if html else ():
            found |= {f"units/{unit['slug']}/{stem}.html" for _, stem in self.stems(STEMS[UNIT])}
        return tuple(sorted(found))

    def folder(self, unit: Mapping[str, Any] | NamedSet) -> Path:
        """Folder of one unit's report, or of a set's overview."""
        if isinstance(unit, NamedSet):
            return self.survey.public / FOLDER / unit.slug
        return self.survey.public / "units" / str(unit["slug"])

    def pages(self, about: Subject) -> list[tuple[str, str]]:
        """Language and file stem of each page of a report; of a city or a set the annex follows its overview."""
        names = (notebook_of(about),) if isinstance(about, Mapping) else TOLD
        return [page for name in names for page in self.stems(STEMS[name])]

    def stems(self, stem: str) -> list[tuple[str, str]]:
        """Language and file stem of each version of a report."""
        return [(lang, report_name(lang, self.options.languages, stem)) for lang in self.options.languages]
