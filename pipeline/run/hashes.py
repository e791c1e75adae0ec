"""SHA-256 of files, computed again only when size, time or inode differ from what was seen."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

from .files import sha256

#: ``[size, mtime_ns, inode, sha256]`` of a file.
State = list[Any]


class Hashes:
    """Remembers what files looked like when they were hashed.

    Parameters
    ----------
    base : Path
        Names are POSIX paths from here: nothing that is stored holds a machine's path.
    anew : str
        Names that begin with this are hashed once whatever an earlier run stored: a table that rotted on
        the disk, or was put back with its old time, is found.
    """

    def __init__(self, base: Path, anew: str = "") -> None:
        self.base, self._anew = base, anew
        # Plain strings: over the files of thousands of reports, paths as objects cost more than the disk.
        self._prefix = str(base) + os.sep
        self._known: dict[str, State] = {}

    def remember(self, states: Mapping[str, State]) -> None:
        """Take over states that an earlier run stored."""
        if self._anew:
            states = {name: state for name, state in states.items() if not name.startswith(self._anew)}
        self._known.update(states)

    def forget(self) -> None:
        """Hash everything anew: what a file system says of size and time may be stale."""
        self._known.clear()

    def name(self, path: Path | str) -> str:
        """Name of a file here."""
        text = str(path)
        if not text.startswith(self._prefix):
            return Path(path).relative_to(self.base).as_posix()
        return text[len(self._prefix) :].replace(os.sep, "/")

    def state(self, name: str) -> State | None:
        """State of a file now; None when it is not there."""
        try:
            stat = os.stat(self._prefix + name)  # noqa: PTH116 - see above
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not S_ISREG(stat.st_mode):
            return None  # a folder in its place, say
        known = self._known.get(name)
        if known is None or known[:3] != [stat.st_size, stat.st_mtime_ns, stat.st_ino]:
            known = [stat.st_size, stat.st_mtime_ns, stat.st_ino, sha256(self.base / name)]
            self._known[name] = known
        return known

    def digest(self, name: str) -> str:
        """SHA-256 of a file, empty when it is not there."""
        state = self.state(name)
        return str(state[3]) if state else ""

    def states(self, paths: Iterable[Path]) -> dict[str, State]:
        """States of the files that exist, by name."""
        names = sorted(self.name(path) for path in paths)
        return {name: state for name in names if (state := self.state(name))}

    def tree(self, *folders: Path) -> dict[str, str]:
        """SHA-256 of every file under folders, the hidden ones too, by name, sorted."""
        found = {}
        for folder in folders:
            for path in _files(str(folder)):
                name = self.name(path)
                found[name] = self.digest(name)
        return dict(sorted(found.items()))


def _files(folder: str) -> Iterator[str]:
    """Paths of the files under a folder; links to folders are not followed."""
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            elif entry.is_file():
                yield entry.path


def of_json(value: Any) -> str:
    """SHA-256 of a value by its JSON, keys sorted.

    Examples
    --------
    >>> of_json({"a": 1, "b": 2}) == of_json({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
