"""Read a small file that a person wrote: an ordinary file, not too large, or one sentence."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from pipeline.survey.errors import Problem, SurveyError


def odd_kind(path: Path) -> str:
    """Return what a path is when it is no ordinary file, as a sentence would say it; else ``""``.

    Opening a named pipe waits for ever, and a device may never end: both are told before.

    Examples
    --------
    >>> odd_kind(Path("/")), odd_kind(Path("/dev/null"))
    ('is a folder, not a file', 'is a device, not a file')
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return ""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "is a folder, not a file"
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return "is a device, not a file"
    return "is a pipe or a socket, not a file"


def inside(path: str) -> str:
    """Return a path that lies inside the survey's folder, or raise ValueError."""
    if not path:
        raise ValueError("the path is empty")
    if path.startswith(("/", "\\", "~")) or ".." in re.split(r"[\\/]", path) or ":" in path:
        raise ValueError(f"{path!r} must lie inside the survey's folder")
    return path


#: How a file that must be there is begun.
_HOW = {
    "units.csv": "its first line is `id,name`, then a line for each unit (dinas-apel,Dinas Apel)",
    "survey.yml": "its first line is `title: ...`; skm new SURVEY --from-file FILES proposes all of it",
}


def read(path: Path, shown: str, limit: int, what: str) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    SurveyError
        If it is not there, is no ordinary file, is larger than ``limit`` bytes or cannot be read.
    """
    kind = odd_kind(path)
    if kind:
        raise SurveyError([Problem(kind, file=shown, hint="put an ordinary file in its place")])
    try:
        if path.stat().st_size > limit:
            raise SurveyError([Problem(f"is too large to be {what}", file=shown)])
        return path.read_bytes()
    except FileNotFoundError:
        raise SurveyError(
            [Problem("there is no such file", file=shown, hint=_HOW.get(path.name, ""))]
        ) from None
    except OSError as error:
        raise SurveyError([Problem(f"cannot be read ({error.strerror})", file=shown)]) from None
