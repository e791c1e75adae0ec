"""``skm verify``: is everything still what the manifest says, and does it come out the same?

First every file is hashed (nothing is taken on trust from size and time): raw data,
notebooks, package, result tables, outputs. Then some units are rendered again in fresh
kernels and compared byte by byte.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.sets import NamedSet, declared
from pipeline.survey import Survey

from . import manifest
from .files import sha256
from .hashes import Hashes
from .keys import Keys
from .plan import Options, notebook_folder, read_units
from .rendering import Renderer


@dataclass
class Verdict:
    """What verification found.

    Attributes
    ----------
    wrong : list of str
        Sentences; empty when everything is as the manifest says.
    notes : list of str
        What limits the verdict (other library versions, another platform).
    files, rendered : int
        Files hashed; units rendered again.
    """

    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    rendered: int = 0


def verify(
    survey: Survey, *, units: int = 3, notebooks: Path | None = None, seed: int | None = None
) -> Verdict:
    """Check a survey's results against their manifest.

    Parameters
    ----------
    survey : Survey
    units : int
        How many units to render again, at random.
    notebooks : Path, optional
        Another folder of notebooks, as it was given to the run.
    seed : int, optional
        Chooses the same units again.
    """
    verdict = Verdict()
    try:
        made = json.loads((survey.reports / "run.json").read_text(encoding="utf-8"))
        sums = (survey.reports / "SHA256SUMS").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        verdict.wrong.append(
            f"there is no finished run to verify ({type(error).__name__}: run.json or SHA256SUMS)"
        )
        return verdict
    options = Options(
        languages=tuple(made["languages"]),
        formats=tuple(made["formats"]),
        kernel="fresh",
        notebooks=notebooks,
    )
    keys = Keys(survey, options, notebook_folder(notebooks), Hashes(survey.root))
    verdict.wrong += [f"raw data changed during the run: {name}" for name in made["changed_during_run"]]
    if made["failed_stage"]:
        verdict.wrong.append(f"the run ended in {made['failed_stage']}, which failed")
    for what, stored, now in (
        ("raw file", made["raw"], keys.raw()),
        ("notebook", made["notebooks"], keys.notebook_hashes),
        ("result table", made["tables"], keys.tables()),
        ("package", {"source": made["package"]}, {"source": manifest.package_hash()}),
        ("file of an earlier survey", _flat(made.get("earlier", {})), _flat(_earlier(keys, made))),
        ("output", _read_sums(sums), _outputs(survey)),
        (
            "list of outputs",
            {"SHA256SUMS": made["outputs"]},
            {"SHA256SUMS": sha256(survey.reports / "SHA256SUMS")},
        ),
    ):
        verdict.files += len(now)
        verdict.wrong += _compare(what, stored, now)
    for about, before, after in (
        ("platform", made["platform"], manifest.platform_name()),
        ("versions of libraries", made["versions"], manifest.versions()),
        ("requirements.lock", made["lock"], manifest.lock_hash()),
    ):
        if before != after:
            verdict.notes.append(f"{about} differ from the run's: bytes are promised for the same only")
    _render(survey, keys, made, verdict, units, seed)
    return verdict


def _earlier(keys: Keys, made: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What was used of earlier surveys, as it is now; raw files only where the run brought them up to date."""
    now = keys.earlier()
    stored = made.get("earlier", {})
    return {
        name: {f: sha for f, sha in files.items() if f != "raw files" or f in stored.get(name, {f: ""})}
        for name, files in now.items()
    }


def _flat(earlier: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{name}/{file}": sha for name, files in earlier.items() for file, sha in files.items()}


def _read_sums(text: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in text.splitlines() if line)
    return {name: digest for digest, name in pairs}


def _outputs(survey: Survey) -> dict[str, str]:
    return Hashes(survey.reports).tree(*(p for p in (survey.public, survey.internal) if p.is_dir()))


def _compare(what: str, stored: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*stored, *now}):
        if stored.get(name) != now.get(name):
            verb = "is new" if name not in stored else "is gone" if name not in now else "changed"
            yield f"{what} {verb}: {name}"


def _render(
    survey: Survey, keys: Keys, made: Mapping[str, Any], verdict: Verdict, number: int, seed: int | None
) -> None:
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
        prefix = folder.relative_to(survey.reports).as_posix() + "/"
        verdict.rendered += 1
        try:
            for name, content in renderer.pages(subject, keys.pages(subject)):
                path = folder / name
                if prefix + name not in stored:
                    continue
                if not path.is_file() or path.read_bytes() != content:
                    verdict.wrong.append(f"rendered again, it differs: {prefix}{name}")
        except Exception as error:
            verdict.wrong.append(f"{label} cannot be rendered again: {error}")


def lines(survey: Survey, verdict: Verdict) -> Iterator[str]:
    """The verdict for people: counts first, then at most ten of what is wrong."""
    head = f"{survey.name}: {verdict.files} files hashed, {verdict.rendered} units rendered again"
    yield head + (" and compared byte by byte" if verdict.rendered else "")
    for note in verdict.notes:
        yield f"  {note}"
    if not verdict.wrong:
        yield "  everything is as run.json says"
        return
    yield f"  NOT VERIFIED, {len(verdict.wrong)} differ:"
    for text in verdict.wrong[:10]:
        yield f"    {text}"
    if len(verdict.wrong) > 10:
        yield f"    and {len(verdict.wrong) - 10} more"
