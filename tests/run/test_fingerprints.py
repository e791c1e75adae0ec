"""What computes and draws is hashed whole, and nothing else is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

import pipeline
from pipeline.run import fingerprints


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Callable[[], str]]:
    base = tmp_path / "package"
    for name in ("__init__.py", "a/b.py", "a.b/c.yml", "a-b.py", "a/__init__.py", "fonts/Inter.ttf"):
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(name)
    monkeypatch.setattr(pipeline, "__file__", str(base / "__init__.py"))
    return base, fingerprints.package_hash.__wrapped__


def test_names_and_bytes_of_all_sources_are_hashed_in_the_order_of_their_folders(
    package: tuple[Path, Callable[[], str]],
) -> None:
    base, hashed = package
    told = b"".join(
        path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
        for path in sorted(base.rglob("*"))
        if path.is_file()
    )
    assert hashed() == hashlib.sha256(told).hexdigest()


@pytest.mark.parametrize("name", ["a/b.py", "a.b/c.yml", "fonts/Inter.ttf", "a/new.typ"])
def test_a_changed_or_a_new_source_changes_the_hash(
    package: tuple[Path, Callable[[], str]], name: str
) -> None:
    base, hashed = package
    before = hashed()
    (base / name).write_text("another")
    assert hashed() != before


@pytest.mark.parametrize(
    "name", ["a/__pycache__/b.pyc", "a/.b.py.swp", "a/notes.md", "a/_lock/requirements.lock"]
)
def test_what_neither_computes_nor_draws_does_not_change_it(
    package: tuple[Path, Callable[[], str]], name: str
) -> None:
    base, hashed = package
    before = hashed()
    (base / name).parent.mkdir(exist_ok=True)
    (base / name).write_text("anything")
    assert hashed() == before


def test_versions_handed_out_can_be_changed_by_nobody_else() -> None:
    fingerprints.versions()["pandas"] = "0"
    assert fingerprints.versions()["pandas"] != "0"
