"""What a failed notebook is kept with: its errors and what it printed may quote raw cells, so all of it is masked."""

from __future__ import annotations

import re
from typing import Any

from pipeline.survey.identity.persons import mask

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def masked(text: str) -> str:
    """Return what a program said, line by line, without what identifies a person, and without colours.

    Examples
    --------
    >>> masked("ValueError: could not convert string to float: '0812-3456-7890'")
    "ValueError: could not convert string to float: '<phone>'"
    """
    return "\n".join(map(mask, _COLOURS.sub("", text).split("\n")))


def mask_outputs(notebook: Any) -> None:
    """Mask the errors and the printed lines of a notebook that is kept as evidence."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.evalue = masked(output.evalue)
                output.traceback = [masked(line) for line in output.traceback]
            elif output.output_type == "stream":
                output.text = masked(output.text)
