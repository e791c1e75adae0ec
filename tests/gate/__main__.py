"""``python -m tests.gate ROOT SURVEY [RULE]``: what does not hold in the finished pages of a survey."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.gate.hold import hold
from tests.gate.survey_files import Finished


def main(arguments: list[str]) -> int:
    """Print the failures, those of one rule in full when it is named."""
    root, survey, *wanted = arguments
    failures = list(hold(Finished(Path(root), survey)))
    counts = Counter(f.rule for f in failures)
    for rule, count in sorted(counts.items()):
        shown = [f for f in failures if f.rule == rule]
        if wanted and rule not in wanted:
            continue
        print(f"{count:5d}  {rule}")
        for failure in shown[: (int(__import__("os").environ.get("SHOW", 8)) if wanted else 3)]:
            print("         ", failure)
    print(f"{len(failures):5d}  together, {len(counts)} rules broken")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
