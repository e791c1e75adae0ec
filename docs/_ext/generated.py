"""Pages that are written from the code when the site is built: method, data dictionary, commands, reference.

What they say stands once, in notebooks, locale files and docstrings, and cannot disagree with them.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Any

from outside import put
from sphinx.application import Sphinx

from pipeline import results
from pipeline.report.city.psychometrics import methods
from pipeline.report.unit import method
from pipeline.words import Words
from pipeline.words.lookup import load

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("1-clean", "2-index", "3-reliability", "4-compare")
#: Packages whose public functions the reference shows.
SHOWN = ("pipeline.steps", "pipeline.statistics", "pipeline.rules", "pipeline.results", "pipeline.blocks")


def method_page() -> Iterator[str]:
    """Every step of the four stage notebooks: question, method, formula, call, and what it does not show."""
    yield "# Method\n"
    yield (
        "Every step that is computed, as the notebooks `1-clean` to `4-compare` tell and do it: the question, the "
        "method with its formula, the call, and what the result does not show. The formulas that the reports print "
        "are at the end. Weights to a register, clusters, ways of asking, two years and item response are in "
        "[a page of their own](../beside-the-index.md). What was checked against R, and how closely, is in "
        "[Held against R](../validation.md).\n"
    )
    for name in STAGES:
        cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        begun = False
        for cell in cells:
            text = cell["metadata"].get("skm", {}).get("en") or "".join(cell["source"])
            begun = begun or text.startswith("## ")
            if cell["cell_type"] == "markdown" and (begun or text.startswith("# ")):
                yield _lower(text) + "\n"
            elif begun and cell["cell_type"] == "code":
                yield f"```python\n{text}\n```\n"
    yield from printed_formulas(Words("en"))


def _lower(text: str) -> str:
    """Headings one level below the page's title."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in text.split("\n"))


def printed_formulas(w: Words) -> Iterator[str]:
    """The formulas of the reports with their words."""
    yield "## Formulas that the reports print\n"
    yield "### In a unit's report\n"
    for key, latex in method.FORMULAS:
        yield f"{w(f'unit.method.{key}.text')}\n\n$$\n{latex}\n$$\n"
    yield "Where indicators weigh differently:\n"
    for key, latex in method.OWN.items():
        yield f"{w(f'unit.method.{key}_own.text')}\n\n$$\n{latex}\n$$\n"
    yield "### In the annex of a city\n"
    for key, latex in methods.FORMULAS:
        yield f"{w(f'psychometrics.formula.{key}.text')}\n\n$$\n{latex}\n$$\n"


def dictionary_page() -> Iterator[str]:
    """The shape of every result table, and every code of a reason, in both languages."""
    w, bahasa = Words("en"), Words("id")
    yield "# Data dictionary\n"
    yield (
        "Every table of `data/processed/<survey>` and `results.csv` has one shape: a row for each number. Which "
        "statistics, unsur and options a survey has is in its own `codebook.csv`, beside `results.csv`.\n"
    )
    yield "## Columns\n"
    yield from _table(("column", "kind", "meaning", "arti"), (
        (f"`{name}`", kind(name), w(f"office.column.{name}"), bahasa(f"office.column.{name}"))
        for name in results.COLUMNS if w.has(f"office.column.{name}")
    ))  # fmt: skip
    yield "\n## Reasons\n"
    yield "Why an estimate is empty, or what has to be known before it is used (`reason`).\n"
    yield from _table(("code", "meaning", "arti"), (
        (f"`{code}`", w.label("reason", code), bahasa.label("reason", code)) for code in results.REASONS
    ))  # fmt: skip
    yield "\n## Statistics\n"
    named = sorted(load("en", "office")["statistic"])
    yield from _table(("code", "meaning", "arti"), (
        (f"`{code}`", w(f"office.statistic.{code}"), bahasa(f"office.statistic.{code}")) for code in named
    ))  # fmt: skip


def kind(name: str) -> str:
    """Type of a column of a result table."""
    if name in results.FLOAT_COLUMNS:
        return "number"
    return "whole number" if name in results.INTEGER_COLUMNS else "text"


def _table(heads: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |\n|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def commands_page() -> Iterator[str]:
    """What `skm COMMAND --help` says of every command."""
    from typer.main import get_command

    from pipeline.cli import app

    top: Any = get_command(app)
    yield "# Commands\n"
    yield "What `skm COMMAND --help` says. Exit codes are in the README.\n"
    for name, command in top.commands.items():
        if command.hidden:
            continue
        words = " ".join(_usage(command))
        yield f"\n## skm {name}\n\n{command.help or command.short_help or ''}\n\n```\nskm {name} {words}\n```\n"
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        if options:
            yield from _table(
                ("option", "meaning"), ((f"`{', '.join(p.opts)}`", p.help or "") for p in options)
            )


def _usage(command: Any) -> Iterator[str]:
    if any(p.param_type_name == "option" for p in command.params):
        yield "[OPTIONS]"
    for p in command.params:
        if p.param_type_name == "argument":
            yield (p.metavar or p.name or "").upper() + ("..." if p.nargs == -1 else "")


def modules() -> Iterator[str]:
    """Public modules of the packages shown."""
    for package in SHOWN:
        found = import_module(package)
        yield package
        for info in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not any(part.startswith("_") for part in info.name.split(".")):
                yield info.name


def reference_pages() -> Iterator[tuple[str, str]]:
    """A page for each module, and one that lists them."""
    listed = []
    for name in modules():
        module = import_module(name)
        if not getattr(module, "__doc__", None):
            continue
        page = name.removeprefix("pipeline.")
        listed.append(page)
        title = f"``{name}``"
        # A package shows what its modules hold only there.
        members = "" if hasattr(module, "__path__") else "   :members:\n   :member-order: bysource\n"
        yield f"api/{page}.rst", f"{title}\n{'=' * len(title)}\n\n.. automodule:: {name}\n{members}"
    lines = "\n".join(f"   api/{page}" for page in listed)
    yield "reference.rst", f"Reference\n=========\n\n.. toctree::\n   :maxdepth: 1\n\n{lines}\n"


def write(app: Sphinx) -> None:
    """Write all of them before anything is read."""
    folder = Path(app.srcdir) / "generated"
    (folder / "api").mkdir(parents=True, exist_ok=True)
    pages = {
        "method.md": "\n".join(method_page()),
        "dictionary.md": "\n".join(dictionary_page()),
        "commands.md": "\n".join(commands_page()),
        **dict(reference_pages()),
    }
    for name, text in pages.items():
        put(folder / name, text + "\n")


def skip(app: Sphinx, what: str, name: str, thing: Any, skipped: bool, options: Any) -> bool | None:
    """Names of types are no part of the reference."""
    return True if isinstance(thing, GenericAlias | UnionType) else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages when a build begins."""
    app.connect("builder-inited", write)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True}
