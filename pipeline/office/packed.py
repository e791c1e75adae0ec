"""Files in one zip that is the same bytes every time: one moment for all, and nothing of the system it was made on."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

#: Year, month, day, hour, minute and second that a zip states of a file.
Moment = tuple[int, int, int, int, int, int]


def write(
    place: Path | IO[bytes], contents: Iterable[tuple[str, bytes]], day: Moment, stored: tuple[str, ...] = ()
) -> None:
    """Write files into a zip, in the order in which they are given.

    Parameters
    ----------
    place : Path or binary file
    contents : iterable of (name, bytes)
        Taken one by one: no more than one file need be held.
    day : tuple of int
        The moment that each of them states.
    stored : tuple of str
        Endings of files that are packed already: packing them again takes time and saves nothing.

    Examples
    --------
    >>> import io
    >>> one, two = io.BytesIO(), io.BytesIO()
    >>> write(one, [("a.txt", b"1")], (1980, 1, 1, 0, 0, 0))
    >>> write(two, [("a.txt", b"1")], (1980, 1, 1, 0, 0, 0))
    >>> one.getvalue() == two.getvalue()
    True
    """
    with zipfile.ZipFile(place, "w") as packed:
        for name, content in contents:
            entry = zipfile.ZipInfo(name, day)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(stored) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # on every system: the permissions above are those of Unix
            packed.writestr(entry, content)
