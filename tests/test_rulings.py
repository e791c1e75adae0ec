"""Whatever ruling the code cites is defined in docs/rulings.md, and what that page names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "rulings.md").read_text(encoding="utf-8")
ENTRIES = {
    int(part.partition(" ")[0]): part for part in re.split(r"^## R(?=\d)", PAGE, flags=re.MULTILINE)[1:]
}
CITED = re.compile(r"(?<![\w.'])R(\d{1,2})\b")
FILES = re.compile(r"`((?:pipeline|tests|benchmarks)/[\w/]+\.py)`")
KINDS = (".py", ".md", ".yml", ".ipynb")


def _sources() -> dict[Path, str]:
    folders = ("pipeline", "docs", "tests", "benchmarks", "notebooks")
    found = [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in KINDS]
    return {path: path.read_text(encoding="utf-8") for path in [*found, *ROOT.glob("*.md")]}


def test_every_ruling_that_is_cited_is_defined() -> None:
    cited = {
        int(number): path.relative_to(ROOT)
        for path, text in _sources().items()
        for number in CITED.findall(text)
    }
    assert len(cited) >= len(ENTRIES)
    assert {number: path for number, path in cited.items() if number not in ENTRIES} == {}


def test_rulings_are_numbered_without_a_gap() -> None:
    assert list(ENTRIES) == list(range(1, len(ENTRIES) + 1))


@pytest.mark.parametrize("number", ENTRIES)
def test_a_ruling_names_modules_and_tests_that_exist_and_one_of_them_cites_it(number: int) -> None:
    where, _, tests = ENTRIES[number].partition("\n- Where: ")[2].partition("\n- Tests: ")
    modules, held = FILES.findall(where), FILES.findall(tests)
    assert modules
    assert held
    assert [name for name in [*modules, *held] if not (ROOT / name).is_file()] == []
    assert all(Path(name).name.startswith("test_") for name in held)
    assert any(str(number) in CITED.findall((ROOT / name).read_text(encoding="utf-8")) for name in modules)


def test_words_of_the_code_that_the_page_quotes_are_in_the_code() -> None:
    code = "\n".join(text for path, text in _sources().items() if path.is_relative_to(ROOT / "pipeline"))
    quoted = {word.strip("*") for word in re.findall(r"`([a-z_*:-]+)`", PAGE)}
    assert len(quoted) > 15
    assert sorted(word for word in quoted if word.rstrip(":") not in code) == []


def test_readers_are_led_to_the_rulings() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "docs/rulings.md" in (ROOT / name).read_text(encoding="utf-8")
