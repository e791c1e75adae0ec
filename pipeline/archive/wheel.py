"""This package as a wheel, from its own files: what a replication package installs is what made its results.

No build tool is asked, so that it works where the package itself was installed from a wheel; the same source
gives the same bytes from a clone and from an installation.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pipeline
from pipeline.office import packed
from pipeline.run.plan import notebook_folder

from .zipped import DAY

NAME = "skm-pipeline"
_STEM = NAME.replace("-", "_")
_PACKAGE = Path(pipeline.__file__).resolve().parent
#: Kernel descriptions that an installation puts beside Python, and where they lie in the package.
_KERNELS = "run/kernelspec"


@dataclass(frozen=True)
class About:
    """What the installer needs to know of the package besides its files."""

    python: str
    requires: tuple[str, ...]
    entry_points: Mapping[str, Mapping[str, str]]
    licence: str


def filename() -> str:
    """Name of the wheel."""
    return f"{_STEM}-{pipeline.__version__}-py3-none-any.whl"


def about() -> About:
    """Read it from the project of a clone, else from what the installer wrote down."""
    project = _PACKAGE.parent / "pyproject.toml"
    if project.is_file() and not (_PACKAGE / "_notebooks").is_dir():
        stated = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        points = {"console_scripts": stated["scripts"], **stated["entry-points"]}
        text = (_PACKAGE.parent / "LICENSE").read_text(encoding="utf-8")
        return About(stated["requires-python"], tuple(sorted(stated["dependencies"])), points, text)
    installed = importlib.metadata.distribution(NAME)
    found: dict[str, dict[str, str]] = {}
    for point in installed.entry_points:
        found.setdefault(point.group, {})[point.name] = point.value
    needed = tuple(sorted(line for line in installed.requires or () if "extra ==" not in line))
    licence = next((file for file in installed.files or () if file.name == "LICENSE"), None)
    text = licence.read_text(encoding="utf-8") if licence is not None else ""
    return About(installed.metadata["Requires-Python"], needed, found, text)


def notebooks() -> dict[str, bytes]:
    """The notebooks as they are shipped, by file name: not executed."""
    return {path.name: path.read_bytes() for path in sorted(notebook_folder().glob("*.ipynb"))}


def lock() -> bytes:
    """``requirements.lock``: every library with its version and hash."""
    places = (_PACKAGE / "_lock" / "requirements.lock", _PACKAGE.parent / "requirements.lock")
    return next(place for place in places if place.is_file()).read_bytes()


def build() -> bytes:
    """Return the bytes of the wheel.

    Examples
    --------
    >>> import io, zipfile
    >>> names = zipfile.ZipFile(io.BytesIO(build())).namelist()
    >>> "pipeline/__init__.py" in names, "pipeline/_notebooks/1-clean.ipynb" in names
    (True, True)
    """
    told = about()
    info = f"{_STEM}-{pipeline.__version__}.dist-info"
    files = dict(_sources())
    files |= {f"pipeline/_notebooks/{name}": content for name, content in notebooks().items()}
    files["pipeline/_lock/requirements.lock"] = lock()
    kernels = f"{_STEM}-{pipeline.__version__}.data/data/share/jupyter/kernels"
    for path in sorted((_PACKAGE / _KERNELS).rglob("*.json")):
        files[f"{kernels}/{path.relative_to(_PACKAGE / _KERNELS).as_posix()}"] = path.read_bytes()
    files[f"{info}/METADATA"] = _metadata(told).encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: skm archive\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{info}/entry_points.txt"] = _points(told.entry_points).encode()
    files[f"{info}/licenses/LICENSE"] = told.licence.encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    out = io.BytesIO()
    packed.write(out, sorted(files.items()), DAY)
    return out.getvalue()


def _sources() -> Iterator[tuple[str, bytes]]:
    """Every file of the package but what Python or an installer adds."""
    for path in sorted(_PACKAGE.rglob("*")):
        name = path.relative_to(_PACKAGE).as_posix()
        own = not name.startswith(("_notebooks/", "_lock/")) and "__pycache__" not in path.parts
        if own and path.is_file() and not path.name.startswith("."):
            yield f"pipeline/{name}", path.read_bytes()


def _metadata(told: About) -> str:
    lines = [
        "Metadata-Version: 2.1", f"Name: {NAME}", f"Version: {pipeline.__version__}",
        "License: BSD-3-Clause", f"Requires-Python: {told.python}",
        *(f"Requires-Dist: {_spelt(one)}" for one in told.requires),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _spelt(requirement: str) -> str:
    """A requirement without blanks, as both sources then spell it."""
    return re.sub(r"\s+", "", requirement)


def _points(points: Mapping[str, Mapping[str, str]]) -> str:
    parts = (
        f"[{group}]\n" + "".join(f"{name} = {points[group][name]}\n" for name in sorted(points[group]))
        for group in sorted(points)
    )
    return "\n".join(parts)


def _record(files: Mapping[str, bytes], own: str) -> str:
    lines = []
    for name in sorted(files):
        digest = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(files[name])}\n")
    return "".join(lines) + f"{own},,\n"
