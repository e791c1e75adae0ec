"""Files that appear whole or not at all."""

from __future__ import annotations

import ast
import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import pipeline
from pipeline import results
from pipeline.demo.folder import Kept
from pipeline.results import store
from pipeline.steps import files


def test_a_file_is_as_readable_as_any_other_in_its_folder(tmp_path: Path):
    plain = tmp_path / "plain"
    plain.write_text("x")
    made = store.write_text(tmp_path / "made", "x")
    assert stat.S_IMODE(made.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_file_aside_that_is_taken_away_leaves_what_stands(tmp_path: Path):
    path = store.write_text(tmp_path / "a", "old")
    with store.replacing(path) as aside:
        aside.write_text("new")
        aside.unlink()
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def _opened(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(
        survey=SimpleNamespace(processed=folder),
        shown=SimpleNamespace(hidden=()),
        hidden_items={},
        alike=None,
    )


def test_a_result_table_is_readable_by_others_and_a_failed_one_leaves_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(files, "shown", lambda data, name, table: table)
    data, table = _opened(tmp_path), results.frame([{"scope": "unit", "unit": "a", "statistic": "n"}])
    mask = os.umask(0o022)
    try:
        files.save(data, index=table)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "index.parquet").stat().st_mode) == 0o644

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(OSError, match="No space"):
        files.save(data, index=table)
    assert [file.name for file in tmp_path.iterdir()] == ["index.parquet"]


def test_a_demo_that_was_killed_while_writing_leaves_nothing_after_the_next_call(tmp_path: Path):
    kept = Kept(tmp_path / "demo")
    kept.put("a.csv", [b"1"])
    (kept.folder / ".killed.part").write_bytes(b"half")
    again = Kept(kept.folder)
    again.put("a.csv", [b"1"])
    again.done()
    assert sorted(file.name for file in kept.folder.iterdir()) == [".skm-demo.json", "a.csv"]


def test_only_the_store_makes_a_file_aside():
    root = Path(pipeline.__file__).parent
    found = [
        path.name
        for path in sorted(root.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("mkstemp", "NamedTemporaryFile")
    ]
    assert found == ["store.py"]
