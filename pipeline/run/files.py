"""Saying what is wrong with a disk or a machine in one sentence, and the hash of a file."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

from pipeline.results.store import SUFFIX, write_bytes


class EnvironmentFault(Exception):
    """The machine is in the way: disk, permission or another run. Exit code 5."""


#: What there is too little of by the system's number of the error, and what to do.
TOO_LITTLE = {
    errno.EMFILE: "this process may not open more files; raise the limit (ulimit -n) or use fewer --jobs",
    errno.ENFILE: "the system has no handles for files left; close other programs",
    errno.ENOMEM: "there is too little memory; close other programs or use fewer --jobs",
    errno.EAGAIN: "the system starts no more processes; close other programs or use fewer --jobs",
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "your share of the disk is used up; free some space",
    errno.EROFS: "the disk can only be read; choose another --root",
    errno.EIO: "the disk failed; look at it before anything else",
}


#: What the system says when it cannot load a library for want of memory.
NO_MEMORY = ("failed to map segment", "Cannot allocate memory", "cannot allocate memory")


def machine(error: BaseException) -> EnvironmentFault | None:
    """The machine's fault behind an error, as a sentence; None where something else is wrong.

    Examples
    --------
    >>> print(machine(OSError(errno.EMFILE, "Too many open files", "a.csv")))
    this process may not open more files; raise the limit (ulimit -n) or use fewer --jobs (a.csv)
    >>> print(machine(MemoryError()), machine(ValueError("U9")))
    there is too little memory; close other programs or use fewer --jobs None
    """
    if isinstance(error, EnvironmentFault):
        return error
    number = getattr(error, "errno", None)  # zmq's errors have it too
    text = str(error)
    if isinstance(error, MemoryError):
        number, text = errno.ENOMEM, ""
    elif isinstance(error, ImportError) and any(sign in text for sign in NO_MEMORY):
        number = errno.ENOMEM
    elif isinstance(error, RuntimeError) and "start new thread" in text:
        number = errno.EAGAIN
    elif type(error).__module__ == "sqlite3" and any(word in text for word in ("full", "disk I/O")):
        number = errno.ENOSPC
    if number not in TOO_LITTLE:
        return None
    path = getattr(error, "filename", None)
    return EnvironmentFault(f"{TOO_LITTLE[number]}{f' ({path})' if path else ''}")


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
    try:
        return write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise fault(error, path) from error


def fault(error: OSError, path: Path) -> EnvironmentFault:
    """Turn an operating-system error into one sentence a person can act on."""
    if error.errno == errno.ENOSPC:
        free = shutil.disk_usage(_existing(path)).free / 1e6
        return EnvironmentFault(
            f"the disk is full ({free:.0f} MB free) while writing {path}; free some space"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentFault(f"no permission to write {path}; check the owner of the folder")
    if found := machine(error):
        return EnvironmentFault(f"cannot write {path}: {found}")
    return EnvironmentFault(f"cannot write {path}: {error.strerror or error}")


def place(error: OSError) -> str:
    """What is wrong with a place of the disk and what to do; empty where it is no fault of a place.

    Examples
    --------
    >>> place(NotADirectoryError(20, "Not a directory", "a.csv/b")), place(OSError(5, "Input/output error"))
    ('a.csv/b is a file or lies below one; a folder is needed there', '')
    """
    path = error.filename2 or error.filename
    if path is None:
        return str(error) if isinstance(error, FileNotFoundError) else ""
    if isinstance(error, FileNotFoundError):
        return f"there is no file or folder {path}"
    if isinstance(error, PermissionError):
        # A file that is written stands beside its place under another name until it is whole.
        where = Path(os.fsdecode(path))
        where = where.parent if where.suffix == SUFFIX else where
        return f"no permission: {where}; check who owns it, or write somewhere else"
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder; give the name of a file"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{path} is a file or lies below one; a folder is needed there"
    return ""


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
