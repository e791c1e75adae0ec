"""Write coverage.json: which characters each bundled font has. Run it after changing a font.

    python pipeline/render/fonts/build_coverage.py

The exporters read the list instead of the fonts, which would cost a quarter of a second per process.
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent


def ranges(points: list[int]) -> list[list[int]]:
    """Join neighbouring code points into [first, last]."""
    out: list[list[int]] = []
    for point in sorted(points):
        if out and point == out[-1][1] + 1:
            out[-1][1] = point
        else:
            out.append([point, point])
    return out


def coverage() -> dict[str, list[list[int]]]:
    """Characters of each family: those that all its weights and styles have."""
    from fontTools.ttLib import TTFont

    found: dict[str, set[int]] = {}
    for path in sorted(HERE.glob("*.ttf")):
        font = TTFont(path, lazy=True)
        family = font["name"].getDebugName(16) or font["name"].getDebugName(1)
        points = set(font.getBestCmap())
        found[family] = found.get(family, points) & points
    return {family: ranges(list(points)) for family, points in found.items()}


if __name__ == "__main__":
    lines = ",\n".join(
        f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in coverage().items()
    )
    (HERE / "coverage.json").write_text("{\n" + lines + "\n}\n", "utf-8")
