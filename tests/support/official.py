"""Official reports without a kernel: the notebook's cells run here, what they show is read as the exporters do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline.render import content
from tests.support import cells

#: Keys of a definition that says all that an official report can name.
FULL = """template: {template}
legal_basis: [Undang-Undang Nomor 25 Tahun 2009, Peraturan Wali Kota Contoh]
place: {{id: Loket <b>pelayanan</b>, en: Service counters}}
team:
- {{role: {{id: ketua, en: chair}}, position: Kepala Bagian Organisasi}}
schedule:
- {{activity: {{id: Persiapan, en: Preparation}}, start: 2024-07-08, end: 2024-07-12}}
- {{activity: {{id: Pengumpulan data, en: Collection}}, start: 2024-07-15, end: 2024-08-19}}
holidays: [2024-08-17, 2024-08-19]
signature:
  place: Kota Contoh
  date: 2024-09-30
  office: Kepala Bagian Organisasi
  nip: "000000000000000000"
  units: {{dinas-b: {{office: Kepala Dinas B}}}}
"""


def define(root: Path, more: str, name: str = "2024") -> None:
    """Add lines to the definition of a survey."""
    path = root / "data" / "raw" / name / "survey.yml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def report(root: Path, template: str, unit: str, lang: str = "id", survey: str = "2024") -> content.Report:
    """Return the report of a unit by the notebook of a template."""
    stem = "5-unit-report" + ("" if template == "questions" else f"-{template}")
    return page(stem, survey=survey, unit=unit, lang=lang, root=str(root))


def page(stem: str, **parameters: str) -> content.Report:
    """Return what a notebook displays with these parameters."""
    space: dict[str, Any] = {"__name__": "__main__"}
    made = []
    for cell in json.loads((cells.NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]:
        source, meta = "".join(cell["source"]), cell["metadata"]
        if cell["cell_type"] == "markdown":
            made.append(new_markdown_cell(source, metadata=meta))
        elif cell["id"] == "parameters":
            cells.run_cell(source, space)
            space |= parameters
        else:
            shown = cells.run_cell(source, space)
            outputs = [] if shown is None else [shown._repr_mimebundle_()]
            made.append(new_code_cell(source, metadata=meta, outputs=[
                new_output("execute_result", data=data, execution_count=1) for data in outputs
            ]))  # fmt: skip
    return content.read(new_notebook(cells=made))


def outline(report: content.Report) -> list[str]:
    """Headings of chapters and their parts."""
    return [block["text"] for block in report.headings() if block["level"] <= 3]


def text(report: content.Report) -> str:
    """All that a report says, as JSON."""
    return json.dumps([report.document, report.blocks], ensure_ascii=False)
