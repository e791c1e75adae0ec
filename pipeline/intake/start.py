"""Start a survey from files of answers: copy them, propose what they are, write it down."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.intake.items import itemset
from pipeline.intake.problems import Refused
from pipeline.intake.proposal import propose
from pipeline.intake.proposal_text import findings, lines, units_csv
from pipeline.survey import Survey
from pipeline.survey.definition import Definition
from pipeline.survey.renew import folder_for

__all__ = ["Refused", "from_file"]


def from_file(root: Path, name: str, source: Path) -> tuple[list[Path], list[str]]:
    """Write the folder of a new survey from a file, or from a folder of files.

    Parameters
    ----------
    root : Path
        The folder that holds ``data/raw``.
    name : str
        The new survey.
    source : Path
        A file of answers, or a folder of them (also one folder per unit). Files are copied into
        the survey's folder, never moved or changed; those that lie there already stay.

    Returns
    -------
    tuple
        The files written, and what to tell the person: counts, what was recognised, what is left.

    Raises
    ------
    Refused
        If nothing there can be read as answers.
    SurveyError
        If the name is none, or the survey exists.
    """
    folder = folder_for(root, name)
    source = source.resolve()
    if not source.exists():
        raise Refused("there is no such file")
    proposal = propose(source, name)
    items = itemset(Survey(name, root, Definition(title=name), (), ""), ())
    text = "\n".join(lines(proposal, name, items)) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    base = source if source.is_dir() else source.parent
    written = []
    if base != folder.resolve():
        for file in proposal.files:
            target = folder / file
            if target.exists():
                raise Refused(f"{file} lies in data/raw/{name} already", "remove one of the two")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / file, target)
            written.append(target)
    (folder / "survey.yml").write_text(text, encoding="utf-8")
    written.append(folder / "survey.yml")
    if not (folder / "units.csv").exists():
        (folder / "units.csv").write_text(units_csv(proposal), encoding="utf-8", newline="")
        written.append(folder / "units.csv")
    return written, findings(proposal, items)
