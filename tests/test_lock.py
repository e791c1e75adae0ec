"""The lock: what it pins goes together, or nothing can be installed from it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.documented import ROOT


def pins() -> dict[str, str]:
    """Version of each package of the lock that holds for this Python and platform."""
    found = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").split("\n"):
        if "==" in line and not line.startswith((" ", "#")):
            wanted = Requirement(line.rstrip(" \\"))
            if wanted.marker is None or wanted.marker.evaluate():
                found[canonicalize_name(wanted.name)] = str(wanted.specifier).removeprefix("==")
    return found


def unmet(lock: dict[str, str]) -> list[str]:
    """Demands of packages of the lock that its own pins do not meet."""
    wrong = []
    for name, version in lock.items():
        try:
            made = distribution(name)
        except PackageNotFoundError:
            continue
        if made.version != version:
            continue
        for text in made.requires or ():
            wanted = Requirement(text)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
            pinned = lock.get(canonicalize_name(wanted.name))
            if pinned is None or not wanted.specifier.contains(pinned, prereleases=True):
                wrong.append(f"{name} {version} wants {wanted}, the lock has {pinned}")
    return wrong


def test_every_package_of_the_lock_finds_what_it_demands_there():
    lock = pins()
    assert len(lock) > 100
    assert unmet(lock) == []


def test_a_pin_that_another_package_does_not_bear_is_found():
    lock = {**pins(), "xlrd": "2.0.2"}
    assert [found for found in unmet(lock) if re.match(r"pyxform \S+ wants xlrd", found)]
