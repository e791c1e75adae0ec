"""``python -m pipeline.archive SURVEY --root DIR --out DIR``: what the result tables give, inside a package."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline import survey as surveys
from pipeline.archive import again
from pipeline.results import store


def main() -> None:
    """Write the files that need no answers below a folder."""
    options = argparse.ArgumentParser(description="Result files and overview from the result tables alone.")
    options.add_argument("survey")
    options.add_argument("--root", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    survey = surveys.load(given.root, given.survey)
    for name, content in again.files(survey, again.manifest(survey)):
        store.write_bytes(given.out / name, content)


if __name__ == "__main__":
    main()
