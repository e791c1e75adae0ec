"""Texts of files as YAML and as comments, whatever they hold."""

from __future__ import annotations

import yaml

from pipeline.intake.values.identity import mask


def quoted(text: str) -> str:
    """Return a text as YAML on one line, whatever it holds.

    Examples
    --------
    >>> print(quoted("Biaya: wajar"), quoted("a" + chr(10) + "b"))
    'Biaya: wajar' "a\\nb"
    """
    made: str = yaml.safe_dump(text, default_style="'", allow_unicode=True, width=10**9)
    return made.strip().removesuffix("...").strip() if "\n" not in made.strip() else _escaped(text)


def _escaped(text: str) -> str:
    made: str = yaml.safe_dump(text, default_style='"', allow_unicode=False, width=10**9)
    return made.strip()


def note(text: str, most: int = 110) -> str:
    """Return a text that can stand in a comment: one line, nothing that identifies a person."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in mask(text)).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
