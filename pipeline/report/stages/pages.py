"""The documents of the stage notebooks, and what they show of the overview's own sections.

A stage notebook computes, shows by these functions, and saves at its end. They take what the
notebook has computed from its memory, and what an earlier stage left from its files, when they
are called: ``open_stage`` can stand at the top of the notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks
from pipeline.report import overview
from pipeline.report.city.head import end_date, period
from pipeline.report.data.city import say
from pipeline.report.data.stage import INDEX, RELIABILITY, StageReport
from pipeline.survey.codes import OFFICIAL
from pipeline.survey.context import Context

if TYPE_CHECKING:
    pass

#: Questionnaires a page's heading names; more are counted.
MOST_NAMED = 3


def _head(stage: StageReport, name: str) -> Any:
    w, definition = stage.words, stage.survey.definition
    return blocks.document(
        title=w(f"stages.title.{name}"),
        kicker=w(
            "stages.kicker",
            place=definition.city or definition.text(definition.title, stage.lang),
            survey=stage.survey.name,
            instruments=_instruments(stage),
        ),
        lang=stage.lang,
        survey=stage.survey.name,
        city=definition.city,
        period=period(stage),
        date=str(end_date(stage) or ""),
        footer=w("stages.footer", survey=stage.survey.name),
        data_hash=str(stage.survey.digest)[:12],
        version=__version__,
        synthetic=bool(definition.synthetic),
        renamed=w.renamed,
        kind="validation" if name == "clean" else f"stage-{name}",
    )


def _instruments(stage: StageReport) -> str:
    """Name the questionnaires whose answers the survey holds: the regulation's by its rule, others by title."""
    w, definition = stage.words, stage.survey.definition
    asked = [entry for entry in definition.files if entry.role in ("wide", "answers")]
    used = dict.fromkeys(code for entry in asked for code in entry.instrument or (OFFICIAL,)) or (OFFICIAL,)
    # The regulation's own questionnaire, whatever else makes the index.
    official, made = Context(stage.survey), []
    for code in used:
        own = definition.instruments.get(code)
        if own:
            made.append(definition.text(own.title, stage.lang) or code)
        elif official.foreign:
            low, high = official.scale
            made.append(w("stages.other_scale", rule=official.rule.short, low=low, high=high))
        else:
            made.append(official.rule.short)
    if len(made) > MOST_NAMED:
        made = [
            *made[: MOST_NAMED - 1],
            w("stages.other_instruments", count=w.integer(len(made) - MOST_NAMED + 1)),
        ]
    return w.join(made)


def clean_head(stage: StageReport) -> Any:
    """Return the document block of the validation page (1-clean)."""
    return _head(stage, "clean")


def index_head(stage: StageReport) -> Any:
    """Return the document block of 2-index."""
    return _head(stage, "index")


def reliability_head(stage: StageReport) -> Any:
    """Return the document block of 3-reliability."""
    return _head(stage, "reliability")


def factors_table(stage: StageReport) -> Any:
    """Return the psychometric chapter: items, dimensions, one-factor models and refusals."""
    # The coefficients stand in this notebook's first table already.
    return overview.psychometrics(stage.city(RELIABILITY), pooled=False)


def compare_head(stage: StageReport) -> Any:
    """Return the document block of 4-compare."""
    return _head(stage, "compare")


def index_table(stage: StageReport) -> Any:
    """Return each unit's index with interval, letter, certainty and sign."""
    return overview.units(stage.city(INDEX))


def index_city(stage: StageReport) -> Any:
    """Return the city's index by every method, and who is left out."""
    city = stage.city(INDEX)
    if city.headline is None:
        return blocks.group(say(stage.words, "overview.no_index"))
    return blocks.group(*overview.alternatives(city), overview.left_out(city))


def sampling_table(stage: StageReport) -> Any:
    """Return required against valid answers per unit."""
    return overview.adequacy(stage.city(INDEX))


def integrity_table(stage: StageReport) -> Any:
    """Return the flags, and the units whose letter depends on flagged answers."""
    return overview.integrity(stage.city(INDEX))


def tests_table(stage: StageReport) -> Any:
    """Return the tests between units."""
    return overview.comparison(stage.city())
