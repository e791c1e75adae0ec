"""What many tests need and each may change is made once in a session of tests; every test gets a copy."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

#: Where the first one of each is kept: one folder for all workers of a session; None outside of tests.
kept: Path | None = None


def folder_of(base: Path, worker: str | None) -> Path:
    """Folder that all workers of a session share, by the folder for temporary files of one of them."""
    return (base.parent if worker else base) / "once"


def copy_of(said: object, target: Path, make: Callable[[Path], object]) -> Path:
    """Fill `target` with what `make` writes into a folder; `said` tells all that it depends on.

    Two workers that need it at the same time both make it: either's will do, so nobody waits.
    """
    if kept is None:
        make(target)
        return target
    kept.mkdir(parents=True, exist_ok=True)
    first = kept / hashlib.sha256(repr(said).encode()).hexdigest()[:16]
    if not first.is_dir():
        made = Path(tempfile.mkdtemp(dir=kept)) / "made"
        made.mkdir()
        make(made)
        try:
            made.rename(first)
        except OSError:  # another worker was faster
            shutil.rmtree(made)
        made.parent.rmdir()
    shutil.copytree(first, target, dirs_exist_ok=True)
    return target
