"""What a command says to do next can be copied into a shell: it names the folder that was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.called import skm
from tests.support.raw_surveys import make


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    skm(*arguments)
    return capsys.readouterr().out


def test_the_next_command_names_the_folder_that_was_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    here = f" --root {tmp_path}"
    make(tmp_path, {}, "order: form\n")
    assert f"then: skm check 2024{here}\n" in said(capsys, "form", "2024", "--root", str(tmp_path))
    renewed = said(capsys, "new", "2025", "--from", "2024", "--root", str(tmp_path))
    assert f"then: skm check 2025{here}\n" in renewed
    assert f"skm new 2025 --compare{here} (" in renewed
    assert f"skm form 2025{here}\n" in renewed
    demo = said(capsys, "demo", "--small", "--root", str(tmp_path / "demo"))
    assert demo.endswith(f"next: skm run 2025 --root {tmp_path / 'demo'}\n")
    monkeypatch.chdir(tmp_path)
    assert "skm check 2024\n" in said(capsys, "form", "2024")
