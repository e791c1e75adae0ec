"""A text that is in another language than the page it stands on: what an office or a respondent wrote.

A screen reader reads a page in the page's language. What is not in it (an answer, a planned action) carries
its own through sentences and cells to the exporters, which mark it.
"""

from __future__ import annotations


class Foreign(str):
    """A text that knows its language.

    Parameters
    ----------
    text : str
    lang : str
        ``"id"`` or ``"en"``.

    Examples
    --------
    >>> quote = Foreign("Antrean lama", "id")
    >>> quote, quote.lang
    ('Antrean lama', 'id')
    """

    lang: str

    def __new__(cls, text: str, lang: str) -> Foreign:
        """Make the text; how it is written is nobody's concern but the exporters'."""
        made = super().__new__(cls, text)
        made.lang = lang
        return made


def language(text: object) -> str:
    """Return the language that a text carries; ``""`` where it is the page's.

    Examples
    --------
    >>> language("Antrean lama"), language(Foreign("Antrean lama", "id"))
    ('', 'id')
    """
    return text.lang if isinstance(text, Foreign) else ""
