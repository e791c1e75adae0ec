"""Fuzz the reader of delimited text and the re-keyer guided by coverage, outside CI.

    python -m benchmarks.fuzz_atheris csv -max_total_time=300
    python -m benchmarks.fuzz_atheris rekeyer -runs=100000

atheris is no dependency of the project: install it in an environment of its own beside the project's packages. What
follows the target are options of libFuzzer; a case that raises anything but the documented refusal stops the run.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

NAMES = ("csv", "rekeyer", "texts", "headers", "units.csv", "survey.yml")


def main(arguments: list[str]) -> int:
    """Fuzz one target until libFuzzer's options say stop."""
    if not arguments or arguments[0] not in NAMES:
        print(f"say which of {', '.join(NAMES)} is to be fuzzed", file=sys.stderr)
        return 2
    try:
        import atheris
    except ImportError:
        print("atheris is not installed here: pip install atheris", file=sys.stderr)
        return 5
    with atheris.instrument_imports(include=["pipeline", "csv", "yaml"]):
        from benchmarks.fuzz_cases import TARGETS
    target = TARGETS[arguments[0]]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        def run(case: bytes) -> None:
            if case:
                target(case, home)

        atheris.Setup([sys.argv[0], "-max_len=60", *arguments[1:]], run)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
