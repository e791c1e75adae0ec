"""What ``skm verify`` does a second time: keys and status, some reports, or the whole survey."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import survey as surveys
from pipeline.survey import Survey
from pipeline.survey.sets import NamedSet, declared

from . import arithmetic, fingerprints, manifest
from .hashes import of_json
from .keys import Digests, Keys, digests_text
from .plan import Options, read_units
from .rendering import Renderer

if TYPE_CHECKING:
    from .failures import Outcome
    from .verdict import Verdict

#: How a report that was made is called, by whether its unit has answers.
_MADE = {True: "written", False: "no-data"}


def entries(keys: Keys, made: Mapping[str, Any], sums: Mapping[str, str], verdict: Verdict) -> None:
    """Work out again what the manifest says of each report: its files, its status, and its key."""
    survey = keys.survey
    listed = {str(unit["id"]): unit for unit in read_units(survey.processed)}
    sets = {part.name: part for part in declared(survey)}
    verdict.wrong += [f"the manifest has no unit {name}" for name in sorted({*listed} - {*made["units"]})]
    verdict.wrong += [f"the tables have no unit {name}" for name in sorted({*made["units"]} - {*listed})]
    digests = _digests(keys, made, verdict)
    reports: list[tuple[str, Any, Any]] = [
        *(
            (f"unit {name}", made["units"][name], unit)
            for name, unit in listed.items()
            if name in made["units"]
        ),
        *((f"set @{name}", entry, sets.get(name)) for name, entry in made.get("sets", {}).items()),
        *([("overview", made["overview"], None)] if "overview" in made else []),
    ]
    for label, entry, subject in reports:
        outputs, status = entry["outputs"], entry["status"]
        good = _MADE[bool(subject["n"])] if isinstance(subject, Mapping) else "written"
        if (status == good) != bool(outputs) or status not in (good, "failed", "not made"):
            verdict.wrong.append(f"status of {label} is not {status}")
        verdict.wrong += [
            f"{label}: {name} is not as listed" for name in outputs if outputs[name] != sums.get(name)
        ]
        if subject is None and label != "overview":
            verdict.wrong.append(f"the definition has no {label}")
        elif digests and outputs and entry["key"] != of_json(keys.report(subject, digests).parts):
            verdict.wrong.append(f"{label} was made from something else than what is there now")


def _digests(keys: Keys, made: Mapping[str, Any], verdict: Verdict) -> Digests:
    """What reports read of the tables, worked out anew; nothing where that would only repeat what is wrong."""
    same = (
        ("notebooks", made["notebooks"] == keys.notebook_hashes),
        ("package", made["package"] == fingerprints.package_hash()),
        ("versions of libraries", made["versions"] == fingerprints.versions()),
        ("arithmetic", made.get("arithmetic") == arithmetic.settings()),
        ("definition", made["definition"] == keys.survey.digest),
        ("result tables", made["tables"] == keys.tables()),
    )
    if keys.options.rows is None or not all(good for _, good in same):
        changed = [what for what, good in same if not good]
        verdict.notes += [f"keys of reports were not worked out again: other {changed[0]}"] if changed else []
        return {}
    digests = {**keys.options.rows(keys.survey), "tables": of_json(keys.tables())}
    path = keys.survey.processed / "digests.json"
    if path.is_file() and path.read_text(encoding="utf-8") != digests_text(digests):
        verdict.wrong.append("list of rows that reports read is not what the tables give: digests.json")
    return digests


def render(
    survey: Survey, keys: Keys, made: Mapping[str, Any], verdict: Verdict, number: int, seed: int | None
) -> None:
    """Render some units, and one set's overview, again in fresh kernels and compare every byte."""
    listed = {str(unit["id"]): unit for unit in read_units(survey.processed)}
    ready = sorted(u for u, about in made["units"].items() if about["outputs"] and u in listed)
    chosen = random.Random(seed).sample(ready, min(number, len(ready)))  # noqa: S311
    subjects: list[tuple[str, Mapping[str, Any] | NamedSet, Mapping[str, str]]] = [
        (unit_id, listed[unit_id], made["units"][unit_id]["outputs"]) for unit_id in chosen
    ]
    sets = made.get("sets", {})
    parts = [part for part in declared(survey) if sets.get(part.name, {}).get("outputs")]
    # One overview of a set beside the units: it is computed anew, which a large set feels.
    for part in random.Random(seed).sample(parts, min(1, number, len(parts))):  # noqa: S311
        subjects.append((part.label, part, sets[part.name]["outputs"]))
    renderer = Renderer(survey, keys.options, keys.notebooks)
    for label, subject, stored in subjects:
        folder = keys.folder(subject)
        verdict.rendered += 1
        try:
            for name, content in renderer.beside(
                renderer.files, subject, keys.pages(subject), folder, keys.reported(), list(stored)
            ):
                path = survey.reports / name
                if name not in stored:
                    continue
                if not path.is_file() or path.read_bytes() != content:
                    verdict.wrong.append(f"rendered again, it differs: {name}")
        except Exception as error:
            verdict.wrong.append(f"{label} cannot be rendered again: {error}")


def compute(
    survey: Survey,
    made: Mapping[str, Any],
    text: bytes,
    keys: Keys,
    carry: Callable[[Survey, Options], Outcome],
    verdict: Verdict,
) -> None:
    """Run the survey from its raw data in a folder of its own and compare what comes out with what is there."""
    with tempfile.TemporaryDirectory(prefix="skm-verify-") as scratch:
        # What an edited definition or changed raw data would give is told already, and is computed all the same.
        history = all("raw files" in files for files in made.get("earlier", {}).values())
        root = _copied(survey, Path(scratch), history)
        again = surveys.load(root, survey.name)
        done = [name for name, entry in made["units"].items() if entry["outputs"]]
        options = replace(
            keys.options, kernel="warm", jobs=min(os.cpu_count() or 1, 8), history=history, rows=None,
            only=() if len(done) == len(made["units"]) else tuple(done),
            limit=None if done else 0,  # of a run that made no report none is made again
        )  # fmt: skip
        outcome = carry(again, options)
        verdict.rendered = len([name for name in outcome.written if name in made["units"]])
        verdict.wrong += [
            f"computed again, {f.what} fails: {f.why.splitlines()[0]}" for f in outcome.failures
        ]
        differ = [*_differences(survey, again)]
        verdict.wrong += differ
        path = again.reports / manifest.MANIFEST
        if not differ and path.is_file() and path.read_bytes() != text and not verdict.wrong:
            verdict.wrong.append("computed again, it differs: run.json")


def _copied(survey: Survey, scratch: Path, history: bool) -> Path:
    """The raw data of a survey and of those that it is held against; without history their tables, too."""
    for folder in sorted(p for p in survey.raw.parent.iterdir() if p.is_dir()):
        shutil.copytree(folder, scratch / "data" / "raw" / folder.name, symlinks=True)
        tables = survey.processed.parent / folder.name
        later = folder.name != survey.name and folder.name not in surveys.before(survey)
        if folder.name != survey.name and tables.is_dir() and (later or not history):
            shutil.copytree(tables, scratch / "data" / "processed" / folder.name)
    return scratch


def _differences(survey: Survey, again: Survey) -> Iterator[str]:
    """Tables and pages that did not come out the same."""
    for old, new, what in (
        (survey.processed, again.processed, ("*.parquet", "*.json")),
        (survey.public, again.public, ("**/*",)),
        (survey.internal, again.internal, ("**/*",)),
    ):
        names = {
            p.relative_to(base).as_posix() for base in (old, new) for pattern in what for p in base.glob(pattern)
            if p.is_file()
            and not (old == survey.internal and manifest.by_command(p.relative_to(base).as_posix()))
        }  # fmt: skip
        for name in sorted(names):
            here, there = old / name, new / name
            label = f"{old.relative_to(survey.root).as_posix()}/{name}"
            if not here.is_file():
                yield f"computed again, there is one more: {label}"
            elif not there.is_file():
                yield f"computed again, it does not come out: {label}"
            elif here.read_bytes() != there.read_bytes():
                yield f"computed again, it differs: {label}"
