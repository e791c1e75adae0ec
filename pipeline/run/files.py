"""Writing files so that nobody ever sees half of one, and saying what is wrong with a disk."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from pathlib import Path


class EnvironmentFault(Exception):
    """The machine is in the way: disk, permission or another run. Exit code 5."""


def write_aside(path: Path, content: bytes | str) -> Path:
    """Write a file beside its place, then move it there in one step.

    Raises
    ------
    EnvironmentFault
        Disk full or no permission, in one sentence with the path and the free space.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_aside(Path(folder) / "a.txt", "x").read_text()
    'x'
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle = -1
    aside = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(aside).chmod(0o666 & ~mask)
        Path(aside).replace(path)
    except OSError as error:
        if aside:
            with contextlib.suppress(OSError):
                Path(aside).unlink()
        raise fault(error, path) from error
    return path


def sweep(*folders: Path) -> None:
    """Remove what a killed run had written beside a file and not yet moved into place.

    Only for whoever holds the run's lock: nobody else is writing there.
    """
    for folder in folders:
        for path in folder.rglob(".*.part"):
            path.unlink(missing_ok=True)


def fault(error: OSError, path: Path) -> EnvironmentFault:
    """Turn an operating-system error into one sentence a person can act on."""
    if error.errno == errno.ENOSPC:
        free = shutil.disk_usage(_existing(path)).free / 1e6
        return EnvironmentFault(
            f"the disk is full ({free:.0f} MB free) while writing {path}; free some space"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentFault(f"no permission to write {path}; check the owner of the folder")
    return EnvironmentFault(f"cannot write {path}: {error.strerror or error}")


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
