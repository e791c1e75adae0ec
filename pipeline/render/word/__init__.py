"""The report as a Word document that an office can edit: real styles, tables, captions and formulas.

Written as the standard says (ECMA-376), without a library: the same report gives the same bytes, and every
text enters through one function that escapes it.
"""

from pipeline.render.word.document import write

__all__ = ["write"]
