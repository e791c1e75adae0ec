"""What the warm parent loads before it forks: modules, fonts, words, rules, the survey's definition."""

from __future__ import annotations

import contextlib
import datetime
import gc
import importlib
import os
import pkgutil
from collections.abc import Iterator, Sequence

from .files import NO_MEMORY

#: What the notebooks import. A module that is missing is skipped: warmth is only speed.
PRELOAD = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.interactiveshell",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "encodings.utf_8_sig",  # units.csv
    "ipykernel.kernelapp",
    "ipykernel.debugger",  # every kernel makes one, used or not
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "tornado.platform.asyncio",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "numpy",
    "pandas",
    "pandas.core.arrays.arrow._arrow_utils",
    "pandas.core.arrays.arrow.extension_types",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "scipy.stats",
    "seaborn",
    "babel.numbers",
    "babel.dates",
    "pipeline.survey",
)
#: Parts of the house that notebooks use, imported with every module: sections import each other late.
HOUSE = ("blocks", "words", "results", "standings", "themes", "report", "steps", "statistics")


def preload(survey: Sequence[str] = ()) -> None:
    """Import what notebooks import, then freeze the heap so that forks share its pages.

    Parameters
    ----------
    survey : (root, name), optional
        A survey whose definition is read as well; a kernel reads it anew if a file of it changed.
    """
    # Else the debugger's import warns that it cannot see into Python's own modules.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for name in (*PRELOAD, *_house()):
        try:
            importlib.import_module(name)
        except MemoryError:
            raise
        except Exception as error:
            # Where there is no memory for one there is none for the rest, and trying takes minutes.
            if any(sign in str(error) for sign in NO_MEMORY):
                raise MemoryError from error
    with contextlib.suppress(Exception):
        from matplotlib import font_manager

        font_manager.findfont("DejaVu Sans")
    with contextlib.suppress(Exception):
        from babel.dates import format_date

        for locale in ("id_ID", "en_GB"):
            format_date(datetime.date(2020, 1, 1), "d MMMM y", locale=locale)
    for first in (_first_figure, _read_words, _read_rules, _read_themes):
        with contextlib.suppress(Exception):
            first()
    if survey:
        with contextlib.suppress(Exception):
            _read_survey(*survey)
    gc.collect()
    # For good: a collection in a fork would touch every object, and so copy every page.
    gc.freeze()


def _house() -> Iterator[str]:
    """Names of all modules of the parts that notebooks use."""
    for part in HOUSE:
        yield f"pipeline.{part}"
        with contextlib.suppress(Exception):
            folders = importlib.import_module(f"pipeline.{part}").__path__
            yield from (m.name for m in pkgutil.walk_packages(folders, f"pipeline.{part}."))


def _first_figure() -> None:
    """Draw a figure of every kind of mark: the first of a process loads fonts and compiles paths."""
    from pipeline.blocks import style  # late: the warm parent alone draws one
    from pipeline.blocks.figure import to_svg

    figure = style.figure(60, 40)
    axes = figure.subplots()
    axes.barh(["a", "b"], [1, 2])
    axes.plot([1, 2], [0, 1], "o")
    axes.hlines([0, 1], 0, 1)
    axes.axvspan(0, 1)
    axes.set_title("Aa 1")
    for weight in (400, 600):
        axes.text(0, 0, "Aa 1", fontweight=weight)
    to_svg(figure)


def _read_words() -> None:
    """Read the locale files of both languages, and learn how each writes numbers."""
    from pipeline.words import lookup  # late: no other part of a run has words

    for lang in lookup.LANGUAGES:
        lookup.Words(lang).number(1.5)
        for area in lookup.areas(lang):
            lookup.load(lang, area)


def _read_rules() -> None:
    """Read the regulations, the rubric of follow-up, the references, and the versions of packages that are named."""
    from pipeline import rules  # late: a run needs none
    from pipeline.results import libraries
    from pipeline.rules import rubric
    from pipeline.words import references

    for name in rules.names():
        rules.load(name)
    rubric.follow_up()
    references.library()
    libraries.versions()


def _read_themes() -> None:
    """Read the themes of suggestions, and make their keywords ready."""
    from pipeline import themes  # late: a run needs none

    # A word that no keyword is: what such words are held against is made with the first of them.
    themes.built_in().known("keramahtamahan")


def _read_survey(root: str, name: str) -> None:
    """Read a definition and what is derived of its units: of thousands that takes a second."""
    from pipeline import survey as surveys  # late: only where a survey is named

    survey = surveys.load(root, name)
    survey.slug(survey.unit(survey.units[-1].id).id)
