"""LibreOffice computes a unit's workbook again, to the last of the 15 digits that a spreadsheet keeps in its files."""

from __future__ import annotations

import re
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pipeline import survey
from pipeline.office import workbook
from tests.full.conftest import need
from tests.support import small_city

pytestmark = pytest.mark.full
UNITS = ("dinas-a", "dinas-b", "dinas-c", "kel-kecil", "kel-baik")


def emptied(path: Path, to: Path) -> int:
    """Copy a workbook without the values of its formulas, so that whoever opens it must compute them."""
    count = 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, found = re.subn(r"(</f>)<v>.*?</v>", r"\1", content.decode())
                content, count = text.encode(), count + found
            new.writestr(name, content)
    return count


def last_digit(number: float) -> Decimal:
    """One unit of the fifteenth digit of a number."""
    return Decimal(10) ** (Decimal(repr(abs(number) or 1.0)).adjusted() - 14)


@pytest.mark.parametrize("scale", [(1, 4), (1, 5)])
def test_libreoffice_computes_nrr_index_and_letter_as_the_tables_have_them(
    tmp_path: Path, scale: tuple[int, int]
):
    soffice = need("soffice")
    city = survey.load(small_city.build(tmp_path / "city", scale=scale), "2024")
    (tmp_path / "in").mkdir()
    ours = {}
    for unit in UNITS:
        path = workbook.write(city, unit)
        ours[unit] = openpyxl.load_workbook(path, data_only=True)
        assert emptied(path, tmp_path / "in" / f"{unit}.xlsx") >= 5 * 9 + 2
    subprocess.run(
        [soffice, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), *map(str, sorted((tmp_path / "in").iterdir()))],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for unit in UNITS:
        theirs = openpyxl.load_workbook(tmp_path / "out" / f"{unit}.xlsx", data_only=True)
        live = openpyxl.load_workbook(tmp_path / "in" / f"{unit}.xlsx")
        for page in live:
            for row in page.iter_rows():
                for cell in row:
                    if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                        continue
                    found = theirs[page.title][cell.coordinate].value
                    expected = ours[unit][page.title][cell.coordinate].value
                    where = (unit, page.title, cell.coordinate, cell.value)
                    assert expected is not None, where
                    if isinstance(expected, str):
                        assert found == expected, where
                    else:  # LibreOffice writes 15 digits, the last rounded twice
                        assert abs(Decimal(repr(found)) - Decimal(repr(expected))) <= last_digit(expected), (
                            where
                        )
