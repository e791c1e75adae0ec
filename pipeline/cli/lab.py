"""``skm lab``: the notebooks as a reader opens them, on one survey, in the reader's language."""

from __future__ import annotations

import json as jsons
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import LANGUAGES
from pipeline.cli.arguments import Root, find, surveys_there
from pipeline.cli.terminal import ENVIRONMENT, UsageError, say

#: Language of the notebooks as they are committed.
WRITTEN_IN = "id"
#: Folder, beside ``data``, of notebooks that are set to one survey.
SET = "lab"


def lab(
    context: typer.Context,
    survey: Annotated[
        str,
        typer.Argument(
            help="A folder under data/raw: its notebooks are set to it.",
            show_default="the newest, whichever it is",
            autocompletion=surveys_there,
        ),
    ] = "",
    root: Root = None,
    lang: Annotated[str, typer.Option(help="Language of the notebooks: id or en.")] = "id",
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Start the server and print its address; open nothing.")
    ] = False,
) -> None:
    """Open the notebooks in JupyterLab: those of a run, and 7-explore for questions of your own.

    What stands behind SURVEY -- goes to JupyterLab, e.g. skm lab 2025 -- --allow-root
    """
    import subprocess  # late: `skm --help` does not wait for it

    if lang not in LANGUAGES:
        raise UsageError(f"the notebooks are in {' and '.join(LANGUAGES)}, not in {lang!r}")
    found = find(survey, root)
    if find_spec("jupyterlab") is None:
        say("JupyterLab is not installed here: pip install 'skm-pipeline[lab]'", error=True)
        raise typer.Exit(ENVIRONMENT)
    folder, kept = prepared(found.root, lang, found.name if survey else "")
    opens = f"they open {found.name}" if survey else "they open the newest survey unless you set `survey`"
    say(f"notebooks in {folder}; {opens}")
    if kept:
        say(f"kept as they were there, delete one to get it anew: {', '.join(kept)}")
    more = [*(["--no-browser"] if no_browser else []), *context.args]
    command = [sys.executable, "-m", "jupyterlab", str(folder), *more]
    raise typer.Exit(subprocess.call(command, cwd=str(found.root)))


def prepared(root: Path, lang: str = WRITTEN_IN, survey: str = "") -> tuple[Path, list[str]]:
    """Folder to open in JupyterLab for the data of `root`, and the notebooks in it that were changed there.

    A notebook finds the data from its own folder upwards. So it is opened where it is only if that is
    inside `root`; else it is copied to ``notebooks`` there, and in another language to ``notebooks-<lang>``.
    Notebooks that are set to one survey are copied to ``lab/<survey>``.
    What lies there already is not touched: somebody may have worked in it.

    Parameters
    ----------
    root : Path
        The folder that holds ``data``.
    lang : str
        ``id`` or ``en``.
    survey : str
        The survey that they open; empty leaves the default, which is the newest.
    """
    # late: `skm --help` lists this command without loading what runs notebooks
    from pipeline.run.files import write_aside
    from pipeline.run.plan import notebook_folder

    ours, other = notebook_folder(), "" if lang == WRITTEN_IN else f"-{lang}"
    if not survey and not other and root.resolve() in ours.resolve().parents:
        return ours, []
    folder = root / SET / f"{survey}{other}" if survey else root / f"notebooks{other}"
    kept = []
    for path in sorted(ours.glob("*.ipynb")):
        target = folder / path.name
        notebook = on_survey(in_language(jsons.loads(path.read_text(encoding="utf-8")), lang), survey)
        text = jsons.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        if not target.exists():
            write_aside(target, text)
        elif target.read_text(encoding="utf-8", errors="replace") != text:
            kept.append(path.name)
    return folder, kept


def on_survey(notebook: dict[str, Any], survey: str) -> dict[str, Any]:
    """A notebook whose parameter ``survey`` has another default; empty: as it is.

    Examples
    --------
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ['survey = ""  # which']}
    >>> on_survey({"cells": [cell]}, "2024-s1")["cells"][0]["source"]
    ['survey = "2024-s1"  # which']
    """
    if not survey:
        return notebook
    return {
        **notebook,
        "cells": [_set(cell, 'survey = ""', f'survey = "{survey}"') for cell in notebook["cells"]],
    }


def _set(cell: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """A cell of parameters with another default in it; any other cell as it is."""
    if "parameters" not in cell["metadata"].get("tags", []):
        return cell
    lines = [new + line.removeprefix(old) if line.startswith(old) else line for line in cell["source"]]
    return {**cell, "source": lines}


def in_language(notebook: dict[str, Any], lang: str) -> dict[str, Any]:
    """A notebook with its text, and the default of its parameter ``lang``, in a language.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {"skm": {"en": "Why?"}}, "source": ["Mengapa?"]}
    >>> in_language({"cells": [cell]}, "en")["cells"][0]["source"]
    ['Why?']
    """
    if lang == WRITTEN_IN:
        return notebook
    return {**notebook, "cells": [_cell(cell, lang) for cell in notebook["cells"]]}


def _cell(cell: dict[str, Any], lang: str) -> dict[str, Any]:
    said = cell["metadata"].get("skm", {}).get(lang)
    if said is not None:
        return {**cell, "source": said.splitlines(keepends=True)}
    return _set(cell, f'lang = "{WRITTEN_IN}"', f'lang = "{lang}"')
