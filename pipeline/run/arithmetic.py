"""In which order numbers are added up: it decides their last digits, and a processor chooses it unless it is told.

OpenBLAS and numpy hold several versions of their loops and take the one that suits the processor best. So the lock and
the platform alone do not fix every byte: on another kind of processor a third of the result tables differ, by some
1e-13 of a number. Both libraries can be told what to take, before they are loaded. A run asks for what every processor
with AVX2 has (x86-64-v3, since 2013), says in ``run.json`` what it asked for, and whoever verifies asks for the same.

On other processors, other systems and builds without an OpenBLAS of their own nothing is asked for: what chose is
named instead. What somebody sets in the environment stands.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

#: Names by which builds of OpenBLAS tell the kind of processor they compute for.
_ASKED = (
    "scipy_openblas_get_corename64_",
    "scipy_openblas_get_corename",
    "openblas_get_corename64_",
    "openblas_get_corename",
)
#: Where a wheel of numpy has its own OpenBLAS, beside the package.
_OPENBLAS = "numpy.libs/*openblas*"
CHOICE, SIMD = "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"
#: Further settings by which numpy is told what to take; never both of one kind at a time.
_OF_NUMPY = (SIMD, "NPY_ENABLE_CPU_FEATURES")
#: Asked for where nothing is set: loops of AVX2. Of numpy those above it are named, as of 2.4.
PINNED = {CHOICE: "Haswell", SIMD: "X86_V4 AVX512_ICL AVX512_SPR"}
#: What a processor must have for those.
PINNED_NEEDS = frozenset({"avx2", "fma", "bmi2"})
#: What a processor must have for kernels of OpenBLAS (by their name) to run on it.
NEEDS = {
    "haswell": "avx2", "zen": "avx2", "skylakex": "avx512f", "cooperlake": "avx512_bf16",
    "sapphirerapids": "avx512_bf16",
}  # fmt: skip
#: Where nothing is asked for, the kind of processor under this name.
PROCESSOR = "processor"


@lru_cache(maxsize=1)
def flags() -> frozenset[str]:
    """What the processor can do, as Linux tells it; nothing where it does not."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            return next((frozenset(line.split()) for line in file if line.startswith("flags")), frozenset())
    except OSError:
        return frozenset()


@lru_cache(maxsize=1)
def _tellable() -> bool:
    """Whether numpy is one that is told by these names: a wheel with its own OpenBLAS, 2.4 or later."""
    beside = _beside()
    if beside is None:
        return False
    versions = [p.name.split("-")[1].split(".")[:2] for p in beside.glob("numpy-*.dist-info")]
    known = [(int(major), int(minor)) for major, minor in versions if major.isdigit() and minor.isdigit()]
    return bool(known) and max(known) >= (2, 4) and any(beside.glob(_OPENBLAS))


def _beside() -> Path | None:
    """The folder that numpy is installed into; nothing is loaded."""
    found = find_spec("numpy")
    return Path(found.origin).parent.parent if found and found.origin else None


def pin(environment: MutableMapping[str, str] | None = None) -> None:
    """Ask for the arithmetic of every processor with AVX2, for what is yet to load numpy; what is set stands."""
    environment = os.environ if environment is None else environment
    if not (flags() >= PINNED_NEEDS and _tellable()):
        return
    environment.setdefault(CHOICE, PINNED[CHOICE])
    if not any(name in environment for name in _OF_NUMPY):
        environment[SIMD] = PINNED[SIMD]


def settings(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what decides the order of sums in processes of this environment, as ``run.json`` has it.

    Examples
    --------
    >>> settings({"HOME": "/", **PINNED}) == PINNED
    True
    >>> sorted(settings({"OPENBLAS_CORETYPE": "Zen"})) == ["OPENBLAS_CORETYPE", "processor"]
    True
    """
    environment = os.environ if environment is None else environment
    told = {name: environment[name] for name in (CHOICE, *_OF_NUMPY) if environment.get(name)}
    return told if CHOICE in told and len(told) > 1 else {**told, PROCESSOR: processor()}


def processor() -> str:
    """The kind of processor, as far as libraries choose by it.

    Examples
    --------
    >>> len(processor()) > 2
    True
    """
    for name, needed in (("x86-64-v4", {"avx512f", "avx512bw", "avx512vl"}), ("x86-64-v3", PINNED_NEEDS)):
        if flags() >= needed:
            return name
    return platform.machine()


def ask_for(recorded: Mapping[str, str], environment: MutableMapping[str, str] | None = None) -> str:
    """Let what is yet to be started add up as a run did; where it cannot, one sentence that says so.

    Parameters
    ----------
    recorded : mapping
        `settings` of the run; empty where an earlier version made it, which did not say.
    environment : mutable mapping, optional
        Where it is asked for; this process's own by default, which what it starts inherits.

    Examples
    --------
    >>> ask_for({"processor": "an abacus"}, {})
    'the run added up by what its processor chose (an abacus), which cannot be asked for here: last digits, and \
bytes that hold them, may differ because of it'
    """
    environment = os.environ if environment is None else environment
    if not recorded or dict(recorded) == settings(environment):
        return ""
    differ = "last digits, and bytes that hold them, may differ because of it"
    if PROCESSOR in recorded:
        chose = recorded[PROCESSOR]
        return f"the run added up by what its processor chose ({chose}), which cannot be asked for here: {differ}"
    needed = NEEDS.get(recorded.get(CHOICE, "").casefold(), "")
    if needed not in flags() or not _tellable():
        said = ", ".join(f"{name}={value}" for name, value in recorded.items())
        return f"this processor, or its numpy, cannot add up as the run did ({said}): {differ}"
    for name in (CHOICE, *_OF_NUMPY):
        environment.pop(name, None)
    environment.update(recorded)
    return ""


def core() -> str:
    """The kind of processor whose kernels numpy's OpenBLAS uses in this process; ``""`` where it has none."""
    import ctypes  # late: `skm --help` does not wait for it

    beside = _beside()
    for path in sorted(beside.glob(_OPENBLAS)) if beside else ():
        library = ctypes.CDLL(str(path))
        for name in _ASKED:
            if hasattr(library, name):
                asked = getattr(library, name)
                asked.restype = ctypes.c_char_p
                return (asked() or b"").decode()
    return ""
