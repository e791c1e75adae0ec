"""Where the forms of a survey are written, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.office.questionnaire import changes, google, keyed, paper, xlsform
from pipeline.office.questionnaire.build import Form
from pipeline.office.questionnaire.changes import Comparison
from pipeline.results import store

#: Folder of forms below a survey's reports; nothing in it is an answer, and no run reads or deletes it.
FOLDER = "forms"
SCRIPT = "google-forms.gs"


def folder(form: Form) -> Path:
    """Where the forms of a unit, or of all units, lie unless another folder is asked for."""
    top = Path(form.survey.reports) / FOLDER
    return top / "units" / form.stem if form.one_of_several else top


def write(form: Form, languages: Sequence[str], where: Path | None = None) -> list[Path]:
    """Write all forms; the first language has the plain names, each further one names itself.

    Parameters
    ----------
    form : Form
    languages : sequence of str
        ``id``, ``en``; the XLSForm holds all of them in one file.
    where : Path, optional
        Another folder than `folder`.

    Returns
    -------
    list of Path
        Questionnaire, workbook, XLSForm, outline and script.
    """
    target = where or folder(form)
    made = [store.write_bytes(target / "xlsform.xlsx", xlsform.write(form, languages))]
    for at, lang in enumerate(languages):
        own = f".{lang}" if at else ""
        script = SCRIPT.replace(".gs", f"{own}.gs")
        texts = {
            f"questionnaire{own}.pdf": paper.write(form, lang),
            f"entry{own}.xlsx": keyed.write(form, lang),
            f"google-forms{own}.md": google.outline(form, lang, script).encode("utf-8", "replace"),
            script: google.script(form, lang).encode("utf-8", "replace"),
        }
        made += [store.write_bytes(target / name, content) for name, content in texts.items()]
    return made


def write_changes(made: Comparison, where: Path) -> Path:
    """Write what is asked otherwise than in an earlier survey, every question on a line."""
    return store.write_bytes(where / f"changes-from-{made.then.name}.csv", changes.table(made))
