"""Completion of commands and options by the shell: ``skm completion bash``, ``zsh`` or ``fish``."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipeline.cli.terminal import UsageError, say

SHELLS = ("bash", "zsh", "fish")
#: Set by the shell's script when it asks what could follow.
ASKED = "_SKM_COMPLETE"


def completion(shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print the script that lets a shell complete commands and options.

    For bash: eval "$(skm completion bash)", in ~/.bashrc for good. For fish: skm completion fish | source.
    """
    from typer._completion_shared import get_completion_script  # late: no other command needs it

    if shell not in SHELLS:
        raise UsageError(f'skm completion {shell}: say "bash", "zsh" or "fish"')
    say(get_completion_script(prog_name="skm", complete_var=ASKED, shell=shell))


def answer_the_shell() -> None:
    """Let the command answer a shell that asks, as `ASKED` says; nothing otherwise."""
    if ASKED in os.environ:
        from typer.completion import completion_init  # late: as above

        completion_init()
