"""The notebooks as a reader opens them: a folder beside the data, in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.run.files import write_aside
from pipeline.run.plan import notebook_folder

#: Language of the notebooks as they are committed.
WRITTEN_IN = "id"
#: Languages their cells have.
LANGUAGES = ("id", "en")


def lab_folder(root: Path, lang: str = WRITTEN_IN) -> Path:
    """Folder to open in JupyterLab for the data of `root`.

    A notebook finds the data from its own folder upwards. So it is opened where it is only if that is
    inside `root`; else it is copied to ``notebooks`` there, and in another language to ``notebooks-<lang>``.
    What lies there already is not touched: somebody may have worked in it.

    Parameters
    ----------
    root : Path
        The folder that holds ``data``.
    lang : str
        ``id`` or ``en``.
    """
    ours = notebook_folder()
    if lang == WRITTEN_IN and root.resolve() in ours.resolve().parents:
        return ours
    folder = root / ("notebooks" if lang == WRITTEN_IN else f"notebooks-{lang}")
    for path in sorted(ours.glob("*.ipynb")):
        target = folder / path.name
        if not target.exists():
            notebook = json.loads(path.read_text(encoding="utf-8"))
            write_aside(target, json.dumps(in_language(notebook, lang), ensure_ascii=False, indent=1) + "\n")
    return folder


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
    if "parameters" in cell["metadata"].get("tags", []):
        lines = [line.replace(f'lang = "{WRITTEN_IN}"', f'lang = "{lang}"') for line in cell["source"]]
        return {**cell, "source": lines}
    return cell
