"""Hashes and versions of what computes: the package's source, notebooks, libraries, lock and platform."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import sysconfig
from functools import lru_cache
from pathlib import Path

import pipeline
from pipeline.results import libraries

from .files import sha256

#: What reads, draws and prints; what computes is read from the code (`pipeline.results.libraries`).
PACKAGES = ("pyarrow", "seaborn", "matplotlib", "nbconvert", "papermill", "typst", "babel")
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
