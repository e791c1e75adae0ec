"""Writing a folder of demo files without ever harming what somebody else put there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.results import store

MARKER = ".skm-demo.json"


class DemoError(Exception):
    """The demo cannot be written here; the message says which file is in the way."""


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check(folder: Path) -> dict[str, str]:
    """Files an earlier call wrote to the folder, with their hashes; refuse foreign content.

    Raises
    ------
    DemoError
        If the folder holds files and no marker, or if a demo file was changed since.
    """
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise DemoError(f"{folder} is a file, not a folder: choose another root")
    marker = folder / MARKER
    if not marker.is_file():
        if any(folder.iterdir()):
            raise DemoError(
                f"{folder} holds files that the demo did not write: nothing was changed; choose another root"
            )
        return {}
    try:
        written = dict(json.loads(marker.read_text(encoding="utf-8"))["files"])
    except (ValueError, KeyError, TypeError):
        raise DemoError(f"{marker} cannot be read: nothing was changed; remove the folder yourself") from None
    for name, digest in written.items():
        path = folder / name
        if path.is_file() and _hash(path.read_bytes()) != digest:
            raise DemoError(
                f"{path} was changed since the demo wrote it: nothing was changed; choose another root"
            )
    return written


def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files to a folder, each complete or not at all; unchanged files keep their time.

    Parameters
    ----------
    folder : Path
    files : mapping of relative path to content

    Raises
    ------
    DemoError
        As `check`.
    """
    before = check(folder)
    for name in files:
        if name not in before and (folder / name).exists():
            raise DemoError(
                f"{folder / name} is not a file of the demo: nothing was changed; choose another root"
            )
    folder.mkdir(parents=True, exist_ok=True)
    store.sweep(folder)
    # The marker goes first: a call that is interrupted can be repeated.
    after = {name: _hash(content) for name, content in files.items()}
    pending = {**{n: d for n, d in before.items() if (folder / n).is_file()}, **after}
    if before != after:
        unsettled = {n: d for n, d in pending.items() if before.get(n) == d or not (folder / n).exists()}
        store.write_bytes(folder / MARKER, _marker(unsettled))
    for name, content in files.items():
        path = folder / name
        if before.get(name) != after[name] or not path.is_file():
            store.write_bytes(path, content)
    for name in set(before) - set(files):
        (folder / name).unlink(missing_ok=True)
    if before != after:
        store.write_bytes(folder / MARKER, _marker(after))


class Kept:
    """A folder filled file by file, for content that does not fit in memory together.

    A call that is interrupted can be repeated: every file that stands is in the marker.

    Raises
    ------
    DemoError
        As `check`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before = check(folder)
        self.after: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        store.sweep(folder)

    def put(self, name: str, content: Iterable[bytes]) -> None:
        """Write one file, complete or not at all; an unchanged one keeps its time."""
        path = self.folder / name
        if name not in self.before and path.exists():
            raise DemoError(f"{path} is not a file of the demo: nothing was changed; choose another root")
        digest = hashlib.sha256()
        with store.replacing(path) as aside:
            with aside.open("wb") as handle:
                for piece in content:
                    digest.update(piece)
                    handle.write(piece)
            self.after[name] = digest.hexdigest()
            if self.before.get(name) == self.after[name] and path.is_file():
                aside.unlink()
                return
            kept = {n: d for n, d in self.before.items() if n != name}
            store.write_bytes(self.folder / MARKER, _marker({**kept, **self.after}))

    def done(self) -> None:
        """Remove what an earlier call wrote and this one did not."""
        for name in set(self.before) - set(self.after):
            (self.folder / name).unlink(missing_ok=True)
        store.write_bytes(self.folder / MARKER, _marker(self.after))


def _marker(files: Mapping[str, str]) -> bytes:
    text = "written by skm demo; a folder with this file may be rewritten by it"
    return (json.dumps({"note": text, "files": dict(sorted(files.items()))}, indent=1) + "\n").encode()
