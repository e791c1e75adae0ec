"""The documentation: commands that exist, pages that are found, words that the reports use."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer._click import exceptions
from typer.main import get_command

from pipeline.cli import app
from tests.support.documented import ROOT, commands, mentioned, pages

DOCS = ROOT / "docs"
ALL = [
    pytest.param(words, id=f"{page.name}: {' '.join(words)}")
    for page in pages()
    for words in dict.fromkeys(map(tuple, commands(page)))
]


@cache
def skm() -> Any:
    return get_command(app)


def parsed(words: list[str]) -> None:
    """Read a command as the program would, without doing it."""
    name, *rest = words
    skm().commands[name].make_context(name, rest)


@pytest.mark.parametrize("words", ALL)
def test_every_command_of_the_documentation_is_one_that_the_program_reads(words, tmp_path, monkeypatch):
    program, *rest = words
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
        assert [word for word in rest if "=" not in word and word not in targets] == []
    elif program == "python":
        assert rest[:2] == ["-m", "pipeline"]
        parsed(rest[2:])
    elif rest and not rest[0].startswith("-"):
        parsed(rest)


def test_every_command_that_a_sentence_names_is_one_with_these_options():
    named = {tuple(words) for page in pages() for words in mentioned(page)}
    assert len(named) > 20
    for words in sorted(named):
        with suppress(
            exceptions.MissingParameter, exceptions.BadOptionUsage
        ):  # a sentence need not say of which survey
            parsed(list(words[1:]))


def test_the_reader_of_commands_finds_them_and_refuses_one_that_is_not_there():
    assert len(ALL) > 40
    with pytest.raises(exceptions.UsageError):
        parsed(["run", "2025", "--no-such-option"])
    with pytest.raises(KeyError):
        parsed(["fly"])


def test_every_page_of_the_documentation_has_its_place_in_the_list():
    listed = set(re.findall(r"^([a-z-]+)$", (DOCS / "index.md").read_text(), re.M))
    assert {page.stem for page in DOCS.glob("*.md")} - {"index"} == listed


def test_terms_that_the_glossary_gives_to_the_reports_are_theirs():
    text = (DOCS / "glossary.md").read_text()
    rows = re.findall(
        r"^\| ([^|]+) \|", text.partition("## Words of the reports")[2].partition("\n## ")[0], re.M
    )
    locale = "\n".join(
        p.read_text().lower() for p in sorted((ROOT / "pipeline/words/locale/id").glob("*.yml"))
    )
    terms = [re.sub(r" \(.\)", "", term) for row in rows if row != "Indonesian" for term in row.split(", ")]
    assert len(terms) >= 15
    assert [term for term in terms if term not in locale] == []


def test_the_readme_is_read_in_a_sitting():
    for page in sorted(ROOT.glob("README*.md")):
        assert len(page.read_text().split("\n")) <= 151, page.name


def test_links_of_the_documentation_lead_to_something():
    broken = []
    for page in pages():
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" in target or target.startswith(("mailto:", "generated/")):
                continue
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_a_command_in_the_examples_is_read_with_what_explains_it_left_off(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "Do:\n\n    skm run 2025 --only a   one unit\n\n```\n$ skm open 2025  # it\n```\n\ntext skm fly\n"
    )
    assert list(commands(page)) == [["skm", "run", "2025", "--only", "a"], ["skm", "open", "2025"]]


def crossing(text: str) -> list[str]:
    """Rows of the tables of a docstring whose first cell runs over into the second column."""
    found, edge = [], 0
    for line in text.split("\n"):
        if border := re.fullmatch(r"( *)(=+) =+", line):
            edge = 0 if edge else len(border.group(1) + border.group(2))
        elif edge and len(line) > edge and line[edge] != " ":
            found.append(line.strip())
    return found


def test_tables_of_docstrings_keep_their_columns_apart():
    assert crossing("  === ====\n  ab  cd\n  abcd e\n  === ====") == ["abcd e"]
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py"))}
    assert {path.name: rows for path, text in texts.items() if (rows := crossing(text))} == {}
