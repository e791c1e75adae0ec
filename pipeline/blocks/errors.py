"""The error of a block that not every reader could use."""

from __future__ import annotations


class BlockError(ValueError):
    """A block that could not be shown to every reader: no alt text, no caption, a ragged row."""
