"""``skm verify``: is everything still what the manifest says, and does it come out the same?

First every file is hashed (nothing is taken on trust from size and time): raw data, notebooks,
package, result tables and what else reports read, outputs; a file that no run wrote is named. Then what
``run.json`` says of the definition and of each report's key and status is worked out again. Then some
units are rendered again in fresh kernels and compared byte by byte; with ``everything`` the whole survey
is computed again from its raw data, elsewhere.

Whoever can write every file can also write a ``run.json`` that fits them: that is found by computing
everything again, or by a digest of ``run.json`` that was kept elsewhere (``against``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.survey import Survey
from pipeline.survey.identity.persons import shown

from . import arithmetic, fingerprints, manifest, verify_again
from .failures import Outcome
from .files import sha256
from .hashes import Hashes
from .keys import DIGESTS_FILE, Keys, Rows
from .plan import Options, notebook_folder
from .verdict import Verdict

#: Characters of a digest below which it says little.
SHORTEST = 12
#: Runs a survey as the command line would.
Carry = Callable[[Survey, Options], Outcome]


def verify(
    survey: Survey,
    *,
    units: int = 3,
    notebooks: Path | None = None,
    seed: int | None = None,
    against: str = "",
    rows: Rows | None = None,
    dress: Callable[[Survey, Options], Options] | None = None,
    everything: Carry | None = None,
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
    against : str
        SHA-256 of ``run.json`` as it was kept elsewhere, or its beginning.
    rows : callable, optional
        As `Options.rows`: without it the keys of units are not worked out again.
    dress : callable, optional
        Adds to the options what is made beside a unit's pages (`Options.extras`), so that these come out again, too.
    everything : callable, optional
        Runs a survey; given, everything is computed again from the raw data in a folder of its own.
    """
    verdict = Verdict(compared=bool(against))
    try:
        text = (survey.reports / manifest.MANIFEST).read_bytes()
        made = json.loads(text)
        # Before keys are worked out and kernels started: they go by it.
        verdict.notes += filter(None, [arithmetic.ask_for(made.get("arithmetic", {}))])
        sums = (survey.reports / "SHA256SUMS").read_text(encoding="utf-8")
        options = Options(
            languages=tuple(made["languages"]), formats=tuple(made["formats"]), kernel="fresh",
            notebooks=notebooks, rows=rows,
        )  # fmt: skip
        options = options if dress is None else dress(survey, options)
        keys = Keys(survey, options, notebook_folder(notebooks), Hashes(survey.root))
        verdict.digest = sha256(survey.reports / manifest.MANIFEST)
        _compare_all(keys, made, _read_sums(sums), verdict)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        verdict.wrong.append(
            f"there is no finished run to verify ({type(error).__name__}: run.json or SHA256SUMS)"
        )
        return verdict
    if against and not verdict.digest.startswith(against.strip().lower()):
        verdict.wrong.insert(0, f"run.json is not the one that was kept: {verdict.digest} is not {against}")
    if everything is not None:
        verdict.computed = True
        verify_again.compute(survey, made, text, keys, everything, verdict)
    else:
        verify_again.render(survey, keys, made, verdict, units, seed)
    return verdict


def _compare_all(keys: Keys, made: Mapping[str, Any], sums: Mapping[str, str], verdict: Verdict) -> None:
    """Hash everything, and work out again what the manifest says of it."""
    survey = keys.survey
    verdict.wrong += [f"raw data changed during the run: {name}" for name in made["changed_during_run"]]
    if made["failed_stage"]:
        verdict.wrong.append(f"the run ended in {made['failed_stage']}, which failed")
    digests = keys.hashes.digest(keys.hashes.name(survey.processed / DIGESTS_FILE))
    foreign = _foreign(keys, made)
    verdict.wrong += [f"no run wrote this file: {name}" for name in foreign]
    verdict.files += len(foreign)
    base = survey.reports.relative_to(survey.root).as_posix()
    outputs = {n: sha for n, sha in _outputs(survey).items() if shown(f"{base}/{n}") not in foreign}
    for what, stored, now in (
        ("raw file", made["raw"], keys.raw()),
        ("notebook", made["notebooks"], keys.notebook_hashes),
        ("result table", made["tables"], keys.tables()),
        ("list of rows that reports read", {DIGESTS_FILE: made.get("digests", "")}, {DIGESTS_FILE: digests}),
        ("package", {"source": made["package"]}, {"source": fingerprints.package_hash()}),
        (
            "definition",
            {"survey.yml, units.csv": made["definition"]},
            {"survey.yml, units.csv": survey.digest},
        ),
        ("file of an earlier survey", _flat(made.get("earlier", {})), _flat(_earlier(keys, made))),
        ("output", sums, outputs),
        (
            "list of outputs",
            {"SHA256SUMS": made["outputs"]},
            {"SHA256SUMS": sha256(survey.reports / "SHA256SUMS")},
        ),
    ):
        verdict.files += len(now)
        verdict.wrong += _compare(what, stored, now)
    for about, before, after in (
        ("platform", made["platform"], fingerprints.platform_name()),
        ("versions of libraries", made["versions"], fingerprints.versions()),
        ("requirements.lock", made["lock"], fingerprints.lock_hash()),
    ):
        if before != after:
            verdict.notes.append(f"{about} differ from the run's: bytes are promised for the same only")
    verify_again.entries(keys, made, sums, verdict)


def _foreign(keys: Keys, made: Mapping[str, Any]) -> list[str]:
    """Files that the run found among reports and tables, and what lies beside the tables now."""
    folder = keys.survey.processed.relative_to(keys.survey.root).as_posix()
    tables = {f"{folder}/{name}" for name in made["tables"]}
    beside = (shown(name) for name in manifest.beside_tables(keys) if name not in tables)
    return sorted({*beside, *made.get("foreign", {})})


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
    return manifest.pages(survey, Hashes(survey.reports))


def _compare(what: str, stored: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*stored, *now}):
        if stored.get(name) != now.get(name):
            verb = "is new" if name not in stored else "is gone" if not now.get(name) else "changed"
            yield f"{what} {verb}: {name}"


def lines(survey: Survey, verdict: Verdict) -> Iterator[str]:
    """The verdict for people: counts first, then at most ten of what is wrong, then how far it goes."""
    head = f"{survey.name}: {verdict.files} files hashed, "
    if verdict.computed:
        yield head + "everything computed again from the raw data and compared byte by byte"
    else:
        head += f"{verdict.rendered} units rendered again"
        yield head + (" and compared byte by byte" if verdict.rendered else "")
    if verdict.digest:
        yield f"  run.json {verdict.digest}"
        if not verdict.compared:
            yield "    kept elsewhere, --against it shows whether all of this was replaced together"
    for note in verdict.notes:
        yield f"  {note}"
    if not verdict.wrong:
        kept = ", and run.json is the one that was kept" if verdict.compared else ""
        yield f"  everything is as run.json says{kept}"
        return
    yield f"  NOT VERIFIED, {len(verdict.wrong)} differ:"
    for text in verdict.wrong[:10]:
        yield f"    {text}"
    if len(verdict.wrong) > 10:
        yield f"    and {len(verdict.wrong) - 10} more"
