"""The command ``skm``: what it takes, what it prints on any terminal, how it ends.

Nothing is computed or written here: each command imports late the part that does its work.
"""

from __future__ import annotations

from pipeline.cli.commands import app, main

__all__ = ["app", "main"]
