"""Which kernels the linear algebra of numpy and scipy chose: they decide the last digit of a sum.

The same wheel of OpenBLAS adds up in another order on another kind of processor, so that the lock and the platform
alone do not fix every byte. A package says which kernels made it, and asks for the same ones.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

#: Names by which builds of OpenBLAS tell the kind of processor they compute for.
_ASKED = (
    "scipy_openblas_get_corename64_",
    "scipy_openblas_get_corename",
    "openblas_get_corename64_",
    "openblas_get_corename",
)
CHOICE = "OPENBLAS_CORETYPE"
#: Settings that say how much is told or how many threads work, not how is added up.
_NO_MATTER = ("THREADS", "VERBOSE", "AFFINITY")


def core(package: str = "numpy") -> str:
    """The kind of processor whose kernels a package's OpenBLAS uses here; ``""`` where it has none."""
    found = find_spec(package)
    if found is None or found.origin is None:
        return ""
    for path in sorted((Path(found.origin).parent.parent / f"{package}.libs").glob("*openblas*")):
        library = ctypes.CDLL(str(path))
        for name in _ASKED:
            if hasattr(library, name):
                asked = getattr(library, name)
                asked.restype = ctypes.c_char_p
                return (asked() or b"").decode()
    return ""


def settings(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variables by which another process adds up as this one does.

    Examples
    --------
    >>> found = settings({"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1", "HOME": "/"})
    >>> "OPENBLAS_NUM_THREADS" in found, "HOME" in found
    (False, False)
    """
    environment = os.environ if environment is None else environment
    given = {
        name: value
        for name, value in environment.items()
        if name.startswith("OPENBLAS_") and not name.endswith(_NO_MATTER)
    }
    chosen = core()
    return dict(sorted({**given, **({CHOICE: chosen} if chosen else {})}.items()))
