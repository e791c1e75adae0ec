"""The plain text of a cell: what a person sees, whatever characters it was written with.

Spreadsheets, web pages and keyboards write one answer in many ways: a no-break or zero-width blank, a digit
of full width, an apostrophe in front (which makes a number text), a dash of another length, a character
by its HTML name.
"""

from __future__ import annotations

import html
import unicodedata

from pipeline.survey.text import UNSEEN

#: Dashes of every length are hyphens, quotes of every form are quotes.
_ALIKE = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-") | dict.fromkeys(
    map(ord, "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\u02b9"), "'"
) | dict.fromkeys(map(ord, "\u201c\u201d\u201e\u2033"), '"')  # fmt: skip


def bare(text: str) -> str:
    """Return a text as it is seen, without blanks and quotation marks around it.

    Examples
    --------
    >>> bare("'4"), bare("\\u200b\\uff14\\u00a0"), bare("4 \\u2013 Baik"), bare("Sangat&nbsp;baik")
    ('4', '4', '4 - Baik', 'Sangat baik')
    """
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(UNSEEN)
    return text.strip().strip("\"'`").strip()
