"""Read finished pages: paper, phone, desk: `python -m tests.layout FOLDER [FOLDER ...] [--each N] [--paper]`."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.layout import paper, screen
from tests.support.chromium import started


def main() -> None:
    """Print every fault, then how often each rule is broken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, nargs="+")
    asked.add_argument("--each", type=int, default=1, help="look at every Nth page only")
    asked.add_argument("--paper", action="store_true", help="look at printed files only, without a browser")
    said = asked.parse_args()
    for folder in said.folder:
        before, files = time.monotonic(), paper.files(folder)
        print(*paper.faults(folder), sep="\n")
        print(f"{folder}: {len(files)} printed files, {time.monotonic() - before:.0f} s")
    if said.paper:
        return
    with tempfile.TemporaryDirectory() as profile:
        browser = started(Path(profile))
        try:
            for folder in said.folder:
                before, pages = time.monotonic(), screen.pages(folder)[:: said.each]
                found = list(screen.wrong(browser, folder, pages))
                print(*found, sep="\n")
                print(f"{folder}: {len(pages)} pages, {time.monotonic() - before:.0f} s")
                for (rule, width), many in screen.counts(found).items():
                    print(f"{many:6d}  {rule} at {width}")
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
