"""``skm evidence`` as it is called: one sentence where nothing can be made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.called import skm
from tests.support.raw_surveys import make


def test_before_the_first_run_there_is_nothing_to_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {})
    assert skm("evidence", "2024", "--root", tmp_path) == 1
    assert "skm run 2024" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "says"), [
    (["--format", "docx"], 'no format "docx"'), (["--lang", "fr"], 'no language "fr"'),
    (["--only", "tidak-ada"], 'no unit "tidak-ada"'), ([], "is not one of"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    survey = make(tmp_path, {"evidence.yml": "publication:\n- {medium: radio}\n"})
    survey.processed.mkdir(parents=True)
    (survey.processed / "units.json").write_text(json.dumps([{"id": "a", "slug": "a", "name": "A", "n": 9}]))
    assert skm("evidence", "2024", *arguments, "--root", tmp_path) == 2
    assert says in capsys.readouterr().err
    assert not (survey.internal / "evidence").exists()
