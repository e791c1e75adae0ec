"""``make real``: run the whole pipeline on the real surveys, in a scratch root.

The definitions are in this folder; the data are not redistributed and are copied from
``../shared/data`` (or SKM_REAL_DATA) beside them into ``build/real/<slug>/``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def source() -> Path:
    """Folder of the real data."""
    return Path(os.environ.get("SKM_REAL_DATA") or ROOT.parent / "shared" / "data")


def definitions() -> Iterator[tuple[str, Path, dict]]:
    """Slug, folder of the definition, and what to copy for it."""
    for path in sorted(HERE.rglob("files.yml")):
        yield path.relative_to(HERE).parts[0], path.parent, yaml.safe_load(path.read_text(encoding="utf-8"))


def lay_out(target: Path, data: Path, folder: Path, wanted: dict) -> str:
    """Copy a definition and its raw files into ``target/data/raw/<survey>``."""
    raw = target / "data" / "raw" / wanted["survey"]
    raw.mkdir(parents=True, exist_ok=True)
    for name in ("survey.yml", "units.csv", "services.csv"):
        if (folder / name).is_file():
            shutil.copy(folder / name, raw / name)
    for name in wanted["files"]:
        shutil.copy(data / wanted["folder"] / name, raw / name)
    return str(wanted["survey"])


def main(arguments: list[str]) -> int:
    """Run every real survey (or those named); exit 0 when all ended as is known of them."""
    data = source()
    if not data.is_dir():
        print(f"the real surveys are not here ({data}); set SKM_REAL_DATA to their folder")
        return 0
    known = {slug for slug, _, _ in definitions()}
    if unknown := sorted(set(arguments) - known):
        print(f"there is no real survey {', '.join(unknown)}; one of {', '.join(sorted(known))}")
        return 2
    worst = 0
    for slug, folder, wanted in definitions():
        if arguments and slug not in arguments:
            continue
        target = ROOT / "build" / "real" / slug
        name = lay_out(target, data, folder, wanted)
        print(f"{slug}: {name}", flush=True)
        began = time.monotonic()
        code = subprocess.call(
            [sys.executable, "-m", "pipeline.cli", "run", name, "--root", str(target)], cwd=ROOT
        )
        print(f"  exit {code} after {time.monotonic() - began:.0f} s", flush=True)
        if code != wanted.get("exit", 0):
            print(f"  exit {wanted.get('exit', 0)} was expected", flush=True)
            worst = max(worst, code, 1)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
