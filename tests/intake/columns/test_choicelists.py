"""The sheet of choices of a keyed form is known by its heads, in every language a form is written in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pipeline.intake.columns import choicelists
from pipeline.office.questionnaire import keyed
from pipeline.office.questionnaire.build import build
from pipeline.survey.text import fold
from pipeline.words.lookup import LANGUAGES
from tests.support.raw_surveys import make


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_heads_that_a_form_writes_are_those_that_the_intake_knows(tmp_path: Path, lang: str):
    written = openpyxl.load_workbook(io.BytesIO(keyed.write(build(make(tmp_path, {})), lang)))
    heads = {tuple(fold(str(cell.value)) for cell in page[1] if cell.value) for page in written}
    assert len(heads & choicelists.HEADS) == 1


def test_no_language_is_left_over():
    assert len(choicelists.HEADS) == len(LANGUAGES)
