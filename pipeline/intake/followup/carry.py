"""What is still open of a plan, taken over into the next survey's ``follow-up.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.intake.followup.actions import COLUMNS, FILE, RUNNING, Action
from pipeline.intake.followup.read import read
from pipeline.results.csvfile import as_csv
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
        with path.open("xb") as file:
            file.write(as_bytes(actions))
    except FileExistsError:
        return None
    return path


def as_bytes(actions: Iterable[Action]) -> bytes:
    """Return a plan as CSV, the columns as the documentation names them.

    Examples
    --------
    >>> print(as_bytes([Action("1", "a", "U3", "=x", "Sekretariat", None, "in-progress")]).decode(), end="")
    id,unit,unsur,action,owner,due,status,done,evidence
    1,a,U3,'=x,Sekretariat,,in progress,,
    """
    rows = []
    for one in actions:
        name = "" if one.id.startswith("#") else one.id
        texts = (name, one.unit, one.unsur, one.action, one.owner)
        status = "in progress" if one.status == RUNNING else "planned"
        due = one.due.isoformat() if one.due else ""
        rows.append([*(_plain(text) for text in texts), due, status, "", ""])
    return as_csv(COLUMNS, rows)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
