"""The examples in docstrings are true: every one is run."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import papermill  # noqa: F401 - loads the engine by its entry point; the other way round is a circle
import pytest

ROOT = Path(__file__).resolve().parents[1]
#: An example that is run: those of what needs a running notebook are marked.
EXAMPLE = re.compile(r"^ *>>> (?!.*doctest: \+SKIP)", re.M)


def modules() -> list[str]:
    """Modules with an example, by name; found in the text, so that nothing is imported for it."""
    found = [p for p in (ROOT / "pipeline").rglob("*.py") if EXAMPLE.search(p.read_text(encoding="utf-8"))]
    names = [path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in found]
    return sorted(name.removesuffix(".__init__") for name in names)


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_module_give_what_they_print(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert failed == 0, capsys.readouterr().out
    assert tried


def test_an_example_that_is_wrong_is_found(capsys):
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert doctest.DocTestRunner().run(wrong).failed == 1
    assert "Expected:" in capsys.readouterr().out
