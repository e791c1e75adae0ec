"""Writing files so that nobody ever sees half of one: the only code that writes a file aside and replaces."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: How a file that is being written is called until it takes its place: hidden, and short, since names have an end.
PREFIX, SUFFIX = ".", ".part"


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give a file beside `path` to write to; it takes its place when the writing succeeded.

    Parameters
    ----------
    path : Path
        Where the file belongs; its folder is made where there is none.
    durable : bool
        Whether the content must be on the disk before it takes its place, as what cost much to read.

    Yields
    ------
    Path
        The file to write. Whoever removes it again leaves `path` as it is.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.txt") as aside:
    ...         _ = aside.write_text("whole")
    ...     [file.name for file in Path(folder).iterdir()]
    ['a.txt']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=path.parent)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        if not aside.exists():
            return
        if durable:
            with aside.open("rb") as file:
                os.fsync(file.fileno())
        # mkstemp makes files private; results are as readable as the folder they lie in.
        mask = os.umask(0)
        os.umask(mask)
        aside.chmod(0o666 & ~mask)
        aside.replace(path)
    finally:
        with suppress(OSError):  # the fault that led here is the one to tell of
            aside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> Path:
    """Write a text file whole or not at all: UTF-8, line ends as they stand in the text.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "a.txt", "one").read_text()
    'one'
    """
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    with replacing(path) as aside:
        aside.write_bytes(content)
    return path


def sweep(*folders: Path) -> None:
    """Remove what a killed process had written beside a file and not yet moved into place.

    Only for whoever holds the folder: nobody else is writing there.
    """
    for folder in folders:
        for path in folder.rglob(f"{PREFIX}*{SUFFIX}"):
            path.unlink(missing_ok=True)
