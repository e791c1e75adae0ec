"""What is still open of a plan, taken over into the next survey's ``follow-up.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from pipeline.intake.followup.actions import COLUMNS, FILE, RUNNING, Action
from pipeline.intake.followup.read import read
from pipeline.survey import Survey

#: What a spreadsheet would compute stands behind an apostrophe.
_FORMULA = ("=", "+", "-", "@")


def carry(old: Survey, folder: Path) -> Path | None:
    """Write the open actions of a survey's plan into another's folder; None where there is nothing to write.

    Parameters
    ----------
    old : Survey
        Whose plan is taken over.
    folder : Path
        The raw folder of the new survey. A ``follow-up.csv`` that is there is left as it is.

    Returns
    -------
    Path or None
        The file written. Days, owners and ids are kept, so that what was late stays late.
    """
    actions = [action for action in read(old).actions if action.open]
    if not actions:
        return None
    path = folder / FILE
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text_of(actions))
    except FileExistsError:
        return None
    return path


def text_of(actions: Iterable[Action]) -> str:
    """Return a plan as text, the columns as the documentation names them.

    Examples
    --------
    >>> print(text_of([Action("1", "a", "U3", "=x", "Sekretariat", None, "in-progress")]), end="")
    id,unit,unsur,action,owner,due,status,done,evidence
    1,a,U3,'=x,Sekretariat,,in progress,,
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in actions:
        name = "" if one.id.startswith("#") else one.id
        texts = (name, one.unit, one.unsur, one.action, one.owner)
        status = "in progress" if one.status == RUNNING else "planned"
        due = one.due.isoformat() if one.due else ""
        writer.writerow([*(_plain(text) for text in texts), due, status, "", ""])
    return buffer.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
