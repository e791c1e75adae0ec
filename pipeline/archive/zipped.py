"""A zip file that is the same bytes every time, and the hashes of what it holds."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.office import packed
from pipeline.results import store

#: The earliest day a zip file can state: the same files give the same bytes.
DAY = (1980, 1, 1, 0, 0, 0)
#: Packed already: packing them again takes time and saves nothing.
PACKED = (".pdf", ".png", ".jpg", ".jpeg", ".whl", ".xlsx", ".parquet")
#: Hashes of every other file of the package, for ``sha256sum -c``.
SUMS = "SHA256SUMS"


def sums(files: Mapping[str, bytes]) -> bytes:
    """Lines of ``SHA256SUMS`` over files by their name.

    Examples
    --------
    >>> sums({"b": b"", "a": b"x"}).decode().splitlines()[0][-3:]
    '  a'
    """
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def write(path: Path, files: Mapping[str, bytes], top: str) -> Path:
    """Write files into a zip, sorted by name, with one fixed time and one kind of permission.

    Parameters
    ----------
    path : Path
    files : mapping of name to bytes
        Names are POSIX paths below `top`.
    top : str
        The one folder that unpacking makes.

    Returns
    -------
    Path
    """
    with store.replacing(path) as aside:
        packed.write(aside, ((f"{top}/{name}", files[name]) for name in sorted(files)), DAY, PACKED)
    return path


def read(path: Path) -> dict[str, bytes]:
    """Return the files of a package by name, without its top folder.

    Raises
    ------
    ValueError
        If it is no package: several top folders, or none.
    """
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        tops = {name.partition("/")[0] for name in names}
        if len(tops) != 1 or not all("/" in name for name in names):
            raise ValueError(f"{path.name} is no replication package: it has {len(tops)} top folders")
        return {name.partition("/")[2]: file.read(name) for name in names}
