"""Hashes and versions of what computes: the package's source, notebooks, libraries, lock and platform."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pipeline
from pipeline.results import libraries

from .files import sha256

#: What reads, draws and prints; what computes is read from the code (`pipeline.results.libraries`).
PACKAGES = ("pyarrow", "seaborn", "matplotlib", "nbconvert", "papermill", "typst", "babel")
#: Suffixes of files that are no part of what computes or draws.
_NOT_SOURCE = (".pyc", ".pyo", ".md", ".ipynb", ".lock")


@lru_cache(maxsize=1)
def package_hash() -> str:
    """One hash over the source of this package: code, rules, words, templates, fonts."""
    base = Path(pipeline.__file__).parent
    total = hashlib.sha256()
    for parts in sorted(_sources(base)):
        total.update("/".join(parts).encode() + b"\0" + base.joinpath(*parts).read_bytes() + b"\0")
    return total.hexdigest()


def _sources(base: Path) -> Iterator[tuple[str, ...]]:
    """Yield the files that are part of what computes or draws, by the parts of their names.

    Every command that reads states waits for this: `os.walk` past the folders of compiled files takes half
    the time of `Path.rglob`.
    """
    for folder, folders, files in os.walk(base):
        folders[:] = [name for name in folders if name != "__pycache__"]
        inside = Path(folder).relative_to(base).parts
        for name in files:
            if not name.startswith(".") and not name.endswith(_NOT_SOURCE):
                yield (*inside, name)


def notebook_hash(path: Path) -> str:
    """Hash of a notebook's cells without outputs and counters."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [[c["cell_type"], "".join(c["source"]), c.get("metadata", {})] for c in cells]
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of what computes and draws."""
    return dict(_versions())


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    """Read once a process: each version is looked up in its package's whole description."""
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
