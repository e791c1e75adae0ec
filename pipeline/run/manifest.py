"""What a run was made from and what it wrote.

``run.json`` holds hashes only (no time, no machine), so two runs of the same data with the
same lock are the same file. Times and the machine go to ``run-log.json``, outside every
hash. ``SHA256SUMS`` can be checked with ``sha256sum -c``.
"""

from __future__ import annotations

import json
import os
import platform
from typing import TYPE_CHECKING, Any

from pipeline import survey as surveys
from pipeline.survey.formats import FORMATS
from pipeline.survey.identity.persons import shown
from pipeline.survey.sets import declared

from . import arithmetic, fingerprints
from .files import sha256, write_aside
from .hashes import of_json

if TYPE_CHECKING:
    from pipeline.survey import Survey

    from .hashes import Hashes
    from .keys import Keys
    from .ledger import Ledger

MANIFEST = "run.json"
#: What the runner keeps beside the tables: its lock, ledger and digests.
KEPT = (".lock", "up-to-date.", "digests.json")
#: Pages and folders among the internal ones that a command of its own makes (`skm trace`, `status --html`, `evidence`):
#: no run makes or promises them.
OWN_COMMANDS = ("trace", "status", "evidence")


def by_command(name: str) -> bool:
    """Whether a file below ``internal/`` is of a command of its own.

    Examples
    --------
    >>> by_command("trace/dinas-a-U1.html"), by_command("status.en.html"), by_command("validation.html")
    (True, True, False)
    """
    return name.partition("/")[0].partition(".")[0] in OWN_COMMANDS


def pages(survey: Survey, hashes: Hashes) -> dict[str, str]:
    """SHA-256 of every public and internal file, without what commands of their own made, by name."""
    found = hashes.tree(*(p for p in (survey.public, survey.internal) if p.is_dir()))
    within = f"{hashes.name(survey.internal)}/"
    return {
        name: sha
        for name, sha in found.items()
        if not (name.startswith(within) and by_command(name.removeprefix(within)))
    }


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
    found = pages(survey, hashes)
    wrote = {output for work in ledger.names() for output in (*ledger.outputs(work), *ledger.left(work))}
    outputs = {name.removeprefix(prefix): sha for name, sha in found.items() if name in wrote}
    beside = {name: sha for name, sha in (found | beside_tables(keys)).items() if name not in wrote}
    foreign = {shown(name): sha for name, sha in beside.items()}
    write_aside(reports / "SHA256SUMS", "".join(f"{sha}  {name}\n" for name, sha in outputs.items()))
    manifest = {
        "survey": survey.name,
        "definition": survey.digest,
        "package": fingerprints.package_hash(),
        "lock": fingerprints.lock_hash(),
        "platform": fingerprints.platform_name(),
        "versions": fingerprints.versions(),
        "arithmetic": arithmetic.settings(),
        "languages": list(keys.options.languages),
        "formats": [f for f in FORMATS if f in keys.options.formats],
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


def made_as(survey: Survey) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Languages and formats of the last run, as ``run.json`` has them; none where there is no such file."""
    try:
        made = json.loads((survey.reports / MANIFEST).read_bytes())
        return tuple(map(str, made["languages"])), tuple(map(str, made["formats"]))
    except (OSError, ValueError, KeyError, TypeError):
        return (), ()


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
