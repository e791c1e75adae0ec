"""What a run was made from and what it wrote.

``run.json`` holds hashes only (no time, no machine), so two runs of the same data with the
same lock are the same file. Times and the machine go to ``run-log.json``, outside every
hash. ``SHA256SUMS`` can be checked with ``sha256sum -c``.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import sysconfig
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline
from pipeline import libraries
from pipeline import survey as surveys
from pipeline.sets import declared
from pipeline.survey.persons import shown

from .files import sha256, write_aside
from .hashes import of_json

if TYPE_CHECKING:
    from .keys import Keys
    from .ledger import Ledger

#: What reads, draws and prints; what computes is read from the code (`pipeline.libraries`).
PACKAGES = ("pyarrow", "seaborn", "matplotlib", "nbconvert", "papermill", "typst", "babel")
MANIFEST = "run.json"
#: What the runner keeps beside the tables: its lock, ledger and digests.
KEPT = (".lock", "up-to-date.", "digests.json")
#: Suffixes of files that are no part of what computes or draws.
_NOT_SOURCE = {".pyc", ".pyo", ".md", ".ipynb", ".lock"}


@lru_cache(maxsize=1)
def package_hash() -> str:
    """One hash over the source of this package: code, rules, words, templates, fonts."""
    base = Path(pipeline.__file__).parent
    total = hashlib.sha256()
    for path in sorted(base.rglob("*")):
        if path.is_file() and path.suffix not in _NOT_SOURCE and not path.name.startswith("."):
            total.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def notebook_hash(path: Path) -> str:
    """Hash of a notebook's cells without outputs and counters."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [[c["cell_type"], "".join(c["source"]), c.get("metadata", {})] for c in cells]
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of what computes and draws."""
    found = {"python": platform.python_version(), "skm-pipeline": pipeline.__version__}
    for name in dict.fromkeys((*libraries.computing(), *PACKAGES)):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def lock_hash() -> str:
    """SHA-256 of requirements.lock as it was shipped, empty when it is not there."""
    base = Path(pipeline.__file__).parent
    for path in (base / "_lock" / "requirements.lock", base.parent / "requirements.lock"):
        if path.is_file():
            return sha256(path)
    return ""


def platform_name() -> str:
    """What byte identity is promised for, beside the lock: system, machine and Python.

    Examples
    --------
    >>> platform_name().count(" ")
    1
    """
    return f"{sysconfig.get_platform()} {platform.python_implementation()}-{platform.python_version()}"


def write(
    keys: Keys,
    ledger: Ledger,
    *,
    raw: dict[str, str],
    changed_raw: list[str],
    failed_stage: str,
    units: list[dict[str, Any]],
    log: dict[str, Any],
) -> list[str]:
    """Write ``run.json``, ``SHA256SUMS`` and ``run-log.json`` into ``reports/<survey>``.

    Parameters
    ----------
    keys, ledger
        Of the run: options, hashes, and what each unit was made from.
    raw : dict
        Raw file to hash, as they were when the run began.
    changed_raw : list of str
        Raw files that changed during the run: such a run is never verified.
    failed_stage : str
        The stage that ended the run, empty when none did: such a run is never verified.
    units : list of dict
        The units of the data, as ``1-clean`` wrote them.
    log : dict
        Times and counts of this run; the machine is added here.

    Returns
    -------
    list of str
        Files among the outputs and tables that no run wrote: they are no part of what is promised.
    """
    survey, hashes = keys.survey, keys.hashes
    reports = survey.reports
    prefix = reports.relative_to(hashes.base).as_posix() + "/"
    sets = [part for part in declared(survey) if ledger.outputs(part.work) or ledger.failure(part.work)]
    reported = (*(f"unit:{unit['id']}" for unit in units), *(part.work for part in sets))
    for name in ("city", "portal", *reported):
        hashes.remember(ledger.outputs(name))
    found = hashes.tree(*(p for p in (survey.public, survey.internal) if p.is_dir()))
    wrote = {output for work in ledger.names() for output in (*ledger.outputs(work), *ledger.left(work))}
    outputs = {name.removeprefix(prefix): sha for name, sha in found.items() if name in wrote}
    beside = {name: sha for name, sha in (found | beside_tables(keys)).items() if name not in wrote}
    foreign = {shown(name): sha for name, sha in beside.items()}
    write_aside(reports / "SHA256SUMS", "".join(f"{sha}  {name}\n" for name, sha in outputs.items()))
    manifest = {
        "survey": survey.name,
        "definition": survey.digest,
        "package": package_hash(),
        "lock": lock_hash(),
        "platform": platform_name(),
        "versions": versions(),
        "languages": list(keys.options.languages),
        "formats": [f for f in ("html", "pdf") if f in keys.options.formats],
        "raw": raw,
        "changed_during_run": changed_raw,
        "failed_stage": failed_stage,
        "notebooks": keys.notebook_hashes,
        "tables": keys.tables(),
        "digests": hashes.digest(hashes.name(survey.processed / "digests.json")),
        "units": {u["id"]: _unit(u, ledger, prefix) for u in sorted(units, key=lambda u: str(u["id"]))},
        "overview": _report("city", ledger, prefix),
        # A survey without overviews of sets has no such entry.
        **({"sets": {part.name: _report(part.work, ledger, prefix) for part in sets}} if sets else {}),
        # What it is held against of earlier surveys; a first survey has no such entry.
        **({"earlier": before} if (before := keys.earlier()) else {}),
        **({"foreign": foreign} if foreign else {}),
        "outputs": sha256(reports / "SHA256SUMS"),
    }
    write_aside(reports / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    machine = {
        "system": platform.system(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }
    write_aside(reports / "run-log.json", json.dumps({**log, "machine": machine}, indent=1) + "\n")
    return list(foreign)


def beside_tables(keys: Keys) -> dict[str, str]:
    """SHA-256 of what lies in the folder of tables, but for what the runner itself keeps there."""
    survey, own = keys.survey, (*KEPT, surveys.EARLIER_FILE)
    found = keys.hashes.tree(survey.processed) if survey.processed.is_dir() else {}
    return {name: sha for name, sha in found.items() if not name.rpartition("/")[2].startswith(own)}


def _unit(unit: dict[str, Any], ledger: Ledger, prefix: str) -> dict[str, Any]:
    return _report(f"unit:{unit['id']}", ledger, prefix, "written" if unit["n"] else "no-data")


def _report(name: str, ledger: Ledger, prefix: str, written: str = "written") -> dict[str, Any]:
    outputs = ledger.outputs(name)
    if ledger.failure(name):
        status = "failed"
    elif not outputs:
        status = "not made"
    else:
        status = written
    return {
        "status": status,
        "key": of_json(ledger.parts(name)) if outputs else "",
        "outputs": {output.removeprefix(prefix): state[3] for output, state in outputs.items()},
    }
