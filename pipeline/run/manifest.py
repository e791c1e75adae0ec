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
from functools import lru_cache
from pathlib import Path
from typing import Any

import pipeline

from .files import digest_tree, sha256, write_aside

PACKAGES = (
    "pandas", "numpy", "scipy", "statsmodels", "pyarrow", "seaborn", "matplotlib", "nbconvert",
    "papermill", "typst", "babel",
)  # fmt: skip
_NOT_HASHED = {"SHA256SUMS", "run.json", "run-log.json"}


@lru_cache(maxsize=1)
def package_hash() -> str:
    """One hash over the source of this package: code, rules, words, templates."""
    base = Path(pipeline.__file__).parent
    total = hashlib.sha256()
    for path in sorted(base.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".yml", ".json", ".typ", ".html", ".css", ".j2"}:
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
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def write(
    reports: Path,
    *,
    survey: str,
    raw: dict[str, str],
    notebooks: dict[str, str],
    languages: list[str],
    units: dict[str, str],
    log: dict[str, Any],
) -> Path:
    """Write ``run.json``, ``SHA256SUMS`` and ``run-log.json`` into `reports`.

    Parameters
    ----------
    reports : Path
        ``reports/<survey>``.
    raw, notebooks : dict
        File name to hash.
    units : dict
        Unit id to ``written``, ``no-data`` or ``failed``.
    log : dict
        Times and counts of this run; the machine is added here.
    """
    outputs = {
        name: digest
        for name, digest in digest_tree(
            [p for p in (reports / "public", reports / "internal") if p.is_dir()], reports
        ).items()
        if Path(name).name not in _NOT_HASHED
    }
    sums = "".join(f"{digest}  {name}\n" for name, digest in outputs.items())
    write_aside(reports / "SHA256SUMS", sums)
    manifest = {
        "survey": survey,
        "package": package_hash(),
        "versions": versions(),
        "languages": languages,
        "raw": raw,
        "notebooks": notebooks,
        "units": dict(sorted(units.items())),
        "outputs": sha256(reports / "SHA256SUMS"),
    }
    path = write_aside(reports / "run.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    machine = {
        "system": platform.system(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }
    write_aside(reports / "run-log.json", json.dumps({**log, "machine": machine}, indent=1) + "\n")
    return path
