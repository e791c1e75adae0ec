"""A LaTeX subset, read once and written as MathML, as Typst math and as spoken words.

Which formula stands where is said in `pipeline.report`; what cannot be read is a `MathError`.
"""

from pipeline.render.math.latex import MathError, parse
from pipeline.render.math.mathml import to_mathml
from pipeline.render.math.spoken import to_spoken
from pipeline.render.math.typst import to_typst

__all__ = ["MathError", "parse", "to_mathml", "to_spoken", "to_typst"]
