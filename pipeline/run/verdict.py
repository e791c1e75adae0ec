"""What ``skm verify`` finds, as its two halves write it down."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """What verification found.

    Attributes
    ----------
    wrong : list of str
        Sentences; empty when everything is as the manifest says.
    notes : list of str
        What limits the verdict (other library versions, another platform).
    files, rendered : int
        Files hashed; units rendered again.
    digest : str
        SHA-256 of ``run.json``.
    compared : bool
        Whether it was held against a digest kept elsewhere.
    computed : bool
        Whether everything was computed again from the raw data.
    """

    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    rendered: int = 0
    digest: str = ""
    compared: bool = False
    computed: bool = False
