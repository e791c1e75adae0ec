"""Words: strings in two languages, numbers and dates as readers write them, sentences from verdicts.

``Words`` looks strings up and formats values; ``narrative`` turns verdict objects into
sentences and is the only place where prose about results is made (R16).
"""

from __future__ import annotations

from pipeline.words.lookup import LANGUAGES, MissingWord, SaidOf, Words, said_of

__all__ = ["LANGUAGES", "MissingWord", "SaidOf", "Words", "said_of"]
