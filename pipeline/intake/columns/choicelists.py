"""The sheet on which a keyed form of ``skm form`` lists what may be entered: never answers, whatever its words say.

Services, units and occupations stand on it in the words of the survey, so a row of it can look like headers:
a service called "Penanganan pengaduan" is also the name of an unsur.
"""

from __future__ import annotations

from pipeline.intake.files.table import RawTable
from pipeline.survey.text import fold

#: Heads of the sheet as ``pipeline/words/locale/*/forms.yml`` writes them.
HEADS = frozenset(
    {
        ("bagian", "no di kertas", "kolom", "isian", "arti"),
        ("part", "no on paper", "column", "entry", "meaning"),
    }
)


def is_one(table: RawTable) -> bool:
    """Whether a sheet is that list."""
    return bool(table.height) and tuple(fold(cell) for cell in table.row(0) if cell) in HEADS
