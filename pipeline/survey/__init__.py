"""The definition of a survey: one folder with ``survey.yml`` and ``units.csv``.

Light on purpose: ``skm status`` and ``skm why`` import it, so pandas and pyarrow are
never imported here (a test holds that).

Examples
--------
>>> from pipeline import survey
>>> survey.slug("Dinas Kesehatan & KB")
'dinas-kesehatan-kb'
"""

from __future__ import annotations

from pipeline.survey.agencies import agencies
from pipeline.survey.before import FILE as EARLIER_FILE
from pipeline.survey.before import before, outline
from pipeline.survey.beside import siblings
from pipeline.survey.codes import CATEGORIES, UNKNOWN_UNIT
from pipeline.survey.definition import Definition, Published, json_schema
from pipeline.survey.entries import FileEntry, Lookup
from pipeline.survey.errors import Problem, SurveyError
from pipeline.survey.folder import Survey, find_root, newest, period_key, surveys
from pipeline.survey.instruments import Instrument, Item
from pipeline.survey.loading import load
from pipeline.survey.published import FILE as PUBLISHED_FILE
from pipeline.survey.published import PublishedSurvey, published_surveys, read_published
from pipeline.survey.themes import FILE as THEMES_FILE
from pipeline.survey.units import Unit, slug

__all__ = [
    "CATEGORIES",
    "EARLIER_FILE",
    "PUBLISHED_FILE",
    "THEMES_FILE",
    "UNKNOWN_UNIT",
    "Definition",
    "FileEntry",
    "Instrument",
    "Item",
    "Lookup",
    "Problem",
    "Published",
    "PublishedSurvey",
    "Survey",
    "SurveyError",
    "Unit",
    "agencies",
    "before",
    "find_root",
    "json_schema",
    "load",
    "newest",
    "outline",
    "period_key",
    "published_surveys",
    "read_published",
    "siblings",
    "slug",
    "surveys",
]
