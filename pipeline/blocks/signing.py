"""The block at the end of a report where somebody signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pipeline.blocks.base import Block
from pipeline.blocks.errors import BlockError


@dataclass(frozen=True)
class Signature(Block):
    """Lines above and below the room that a signature takes."""

    kind_name: ClassVar[str] = "signature"
    above: tuple[str, ...]
    below: tuple[str, ...]

    def plain_text(self) -> str:
        """Return the lines."""
        return "\n".join((*self.above, *self.below))


def signature(above: Iterable[str], below: Iterable[str]) -> Signature:
    """Leave room for a signature, between place, date and office above it and the name below it.

    Examples
    --------
    >>> signature(["Kota Contoh, 12 Desember 2025", "Kepala Dinas"], ["", "NIP 0"]).plain_text()
    'Kota Contoh, 12 Desember 2025\\nKepala Dinas\\nNIP 0'
    """
    lines = [[line for line in part if line.strip()] for part in (above, below)]
    if not any(lines):
        raise BlockError("a signature block without a line says nothing: leave it out")
    return Signature(tuple(lines[0]), tuple(lines[1]))
