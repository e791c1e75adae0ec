"""A fictitious city to try everything on: its surveys, its dirt, and the truth about it.

``write(root)`` makes three years of "Kota Contoh"; ``write_small(root)`` a tiny survey for
fast tests. The people are drawn from a model whose result is known (``data/demo-truth/``),
so the pipeline can be measured against it.
"""

from __future__ import annotations

from pipeline.demo.folder import DemoError
from pipeline.demo.large import write_large
from pipeline.demo.write import SEED, TRUTH, write, write_small

__all__ = ["SEED", "TRUTH", "DemoError", "write", "write_large", "write_small"]
