"""Texts that are not the report's own: what offices and respondents wrote, in the language they wrote it.

In a report of that language they are texts like any other; in one of another language they carry theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.words.foreign import Foreign, language

if TYPE_CHECKING:
    from pipeline.survey import Survey
    from pipeline.survey.kinds import Words as Texts


def home(survey: Survey) -> str:
    """The language in which a survey's office and its respondents write: the first of its definition."""
    return str(survey.definition.languages[0])


def theirs(survey: Survey, text: str, lang: str) -> str:
    """Return what an office or a respondent wrote, for a page in a language."""
    return in_language(text, home(survey), lang)


def given(survey: Survey, value: Texts, lang: str) -> str:
    """Return a text of the definition for a page in a language: that language's, else the one there is."""
    text = survey.definition.text(value, lang)
    if isinstance(value, str):
        return theirs(survey, text, lang)
    texts: dict[str, str] = dict(value.items())
    spoken = next((code for code, one in texts.items() if one == text), lang)
    return text if texts.get(lang) else in_language(text, spoken, lang)


def worded(survey: Survey, texts: Mapping[str, str], lang: str) -> str:
    """Return a text that is told in every language; where it is the same in the survey's own, it is in that."""
    spoken = home(survey)
    return in_language(texts[lang], spoken if texts.get(spoken) == texts[lang] else lang, lang)


def around(before: str, text: str, after: str) -> str:
    """Return a text with what stands around it, in the text's language."""
    whole = f"{before}{text}{after}"
    return Foreign(whole, spoken) if (spoken := language(text)) else whole


def in_language(text: str, spoken: str, lang: str) -> str:
    """Return a text, marked with its language where the page is in another.

    Examples
    --------
    >>> in_language("Antrean lama", "id", "en").lang, type(in_language("Antrean lama", "id", "id")).__name__
    ('id', 'str')
    """
    return Foreign(text, spoken) if text and spoken != lang else text
