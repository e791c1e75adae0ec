"""SHA-256 of files, computed again only when size, time or inode differ from what was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
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
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self._known: dict[str, State] = {}

    def remember(self, states: Mapping[str, State]) -> None:
        """Take over states that an earlier run stored."""
        self._known.update(states)

    def forget(self) -> None:
        """Hash everything anew: what a file system says of size and time may be stale."""
        self._known.clear()

    def name(self, path: Path) -> str:
        """Name of a file here."""
        return path.relative_to(self.base).as_posix()

    def state(self, name: str) -> State | None:
        """State of a file now; None when it is not there."""
        try:
            stat = (self.base / name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
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
        """SHA-256 of every file under folders that is not hidden, by name, sorted."""
        found = {}
        for folder in folders:
            for path in folder.rglob("*"):
                if not path.name.startswith(".") and path.is_file():
                    name = self.name(path)
                    found[name] = self.digest(name)
        return dict(sorted(found.items()))


def of_json(value: Any) -> str:
    """SHA-256 of a value by its JSON, keys sorted.

    Examples
    --------
    >>> of_json({"a": 1, "b": 2}) == of_json({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
