"""The command line as it is called, in this process."""

from __future__ import annotations

import pytest

from pipeline.cli.commands import main


def skm(*arguments: object) -> int:
    """Call ``skm`` and return the code that it ends with."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    return int(end.value.code or 0)
