"""Executed notebooks as they are archived: what a reader sees, without the machine and the hour.

Sections that print what respondents wrote or answered one by one are left out before the notebook is
executed: leaving them out of a page afterwards would leave what they said of others.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.run.plan import ANNEX, CITY, TEMPLATES, Options, notebook_folder, read_units, report_name
from pipeline.run.rendering import Renderer
from pipeline.survey import UNKNOWN_UNIT
from pipeline.survey.sets import declared

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from pipeline.survey import Survey

#: Sections of a unit's report that print what respondents wrote or answered one by one (`official.strengths` ends
#: with their suggestions), and those that name or show persons of the office.
PERSONAL = (
    "report.answers(u)", "report.suggestions(u)", "official.answers(u)", "official.strengths(u)",
    "official.signature(u)", "official.photos(u)",
)  # fmt: skip
#: Put behind the line that opens a unit: page one may quote a sentence of a respondent, where there is one.
WORDLESS = (
    'u.responses.drop(columns=["suggestion"], errors="ignore", inplace=True)'
    "  # an archive holds no words of respondents"
)
_OPENED = re.compile(r"^u = report\.open_unit\(.*\)$", re.MULTILINE)
_CALL = re.compile(r"(?:report|official)\.\w+\(u\)")


def without(notebook: dict[str, Any], calls: Iterable[str]) -> dict[str, Any]:
    """A notebook without the cells that call one of these, nor the text above each; a unit is opened without words.

    Examples
    --------
    >>> text = {"cell_type": "markdown", "source": ["## Saran"]}
    >>> code = {"cell_type": "code", "source": ["report.suggestions(u)"]}
    >>> without({"cells": [text, code, text]}, PERSONAL)["cells"]
    [{'cell_type': 'markdown', 'source': ['## Saran']}]
    """
    calls = tuple(calls)
    kept: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and any(call in "".join(cell["source"]) for call in calls):
            while kept and kept[-1]["cell_type"] == "markdown":
                kept.pop()
            continue
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            cell = {**cell, "source": _OPENED.sub(lambda found: f"{found[0]}\n{WORDLESS}", source)}
        kept.append(cell)
    return {**notebook, "cells": kept}


def left_out(template: str) -> list[str]:
    """Sections of the units' notebook that an archive leaves out, as they are called in it."""
    notebook = json.loads((notebook_folder() / f"{TEMPLATES[template]}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    called = [call for source in cells for call in _CALL.findall(source)]
    return [call for call in called if call in PERSONAL]


def tidied(notebook: NotebookNode, parameters: Mapping[str, str]) -> bytes:
    """An executed notebook as bytes that say nothing of time, process or folder.

    The parameters that it ran with stand where a reader would set them; the cell that papermill puts below
    them is taken out. What was printed to the error stream says something of the machine and goes too.
    """
    made = copy.deepcopy(dict(notebook))
    cells, number = [], 0
    for cell in made["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "injected-parameters" in tags:
            continue
        cell["metadata"] = {key: cell["metadata"][key] for key in ("skm", "tags") if key in cell["metadata"]}
        if "parameters" in tags:
            cell["source"] = _set(cell["source"], parameters)
        if cell["cell_type"] == "code":
            number += 1
            cell["execution_count"] = number
            cell["outputs"] = [_output(o, number) for o in cell["outputs"] if o.get("name") != "stderr"]
        cells.append(cell)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {
        "cells": cells,
        "metadata": about,
        "nbformat": made["nbformat"],
        "nbformat_minor": made["nbformat_minor"],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _output(output: Any, number: int) -> Any:
    return {**output, "execution_count": number} if "execution_count" in output else output


def _set(source: str, parameters: Mapping[str, str]) -> str:
    """Lines of the parameters' cell with the values that were given; ``root`` stays empty."""
    for name, value in parameters.items():
        source = re.sub(rf'^{name} = "[^"]*"', f"{name} = {json.dumps(value)}", source, flags=re.MULTILINE)
    return source


class Executor:
    """Executes notebooks of one survey for an archive, with some cells left out.

    Parameters
    ----------
    survey : Survey
    languages : sequence of str
        The first names the plain file.
    scratch : Path
        A folder of its own, for the notebooks with cells left out.
    kernel : {"warm", "fresh"}
    """

    def __init__(self, survey: Survey, languages: Iterable[str], scratch: Path, kernel: str = "warm") -> None:
        self.survey, self.languages = survey, tuple(languages)
        for path in sorted(notebook_folder().glob("*.ipynb")):
            cut = without(json.loads(path.read_text(encoding="utf-8")), PERSONAL)
            (scratch / path.name).write_text(json.dumps(cut), encoding="utf-8")
        options = Options(languages=self.languages, kernel=kernel)
        self.renderer = Renderer(survey, options, scratch)

    def close(self) -> None:
        """End the warm parent."""
        self.renderer.kernels.stop()

    def run(self, name: str, stem: str, **parameters: str) -> Iterator[tuple[str, bytes]]:
        """File name and bytes of one notebook in every language."""
        for language in self.languages:
            given = {"survey": self.survey.name, "lang": language, **parameters}
            node = self.renderer.beside(self.renderer.notebook, name, lang=language, **parameters)
            yield f"{report_name(language, self.languages, stem)}.ipynb", tidied(node, given)

    def city(self, sets: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
        """The annex of the city, and overview and annex of each named set."""
        yield from self.run(ANNEX, ANNEX)
        asked = set(sets)
        for part in (part for part in declared(self.survey) if part.name in asked):
            for name in (CITY, ANNEX):
                yield from self.run(name, f"sets/{part.slug}/{name}", named_set=part.name)

    def units(self) -> Iterator[tuple[str, bytes]]:
        """The report of every listed unit that has answers."""
        name = TEMPLATES[self.survey.definition.template]
        for unit in read_units(self.survey.processed):
            if unit["n"] and unit["id"] != UNKNOWN_UNIT:
                yield from self.run(name, f"units/{unit['slug']}", unit=str(unit["id"]))
