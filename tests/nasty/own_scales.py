"""A survey of no unsur at all: a partner's own scales, answered 1 to 5 in five units, one of them of three people."""

from __future__ import annotations

from pathlib import Path

import numpy as np

SIZES = {"rs-a": 60, "rs-b": 55, "rs-c": 48, "rs-d": 40, "rs-e": 3}
SCALES = ("wujud", "keandalan", "ketanggapan", "jaminan", "empati", "kesetiaan")


def write(root: Path, items: int, together: bool = False) -> None:
    """Write a survey of six scales of so many items each; `together` makes one long questionnaire of them."""
    folder = root / "data" / "raw" / "2024"
    folder.mkdir(parents=True)
    names = {scale: [f"{scale}{i}" for i in range(1, items + 1)] for scale in SCALES}
    draw = np.random.default_rng(5)
    lines = [",".join(["unit", "Jenis kelamin", "Usia", *(n for some in names.values() for n in some)])]
    for unit, n in SIZES.items():
        for _ in range(n):
            rating, row = draw.normal(), [unit, draw.choice(["L", "P"]), str(draw.integers(18, 70))]
            for some in names.values():
                own = 0.6 * rating + 0.8 * draw.normal()
                row += [str(int(np.clip(round(3.8 + 0.7 * own + 0.6 * draw.normal()), 1, 5))) for _ in some]
            lines.append(",".join(map(str, row)))
    (folder / "jawaban.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = {"mutu": [n for some in names.values() for n in some]} if together else names
    said = ["title: Survei mutu layanan", "scale: {min: 1, max: 5}", "synthetic: true", "instruments:"]
    for scale, some in asked.items():
        said += [f"  {scale}:", f"    title: Skala {scale}", "    items:"]
        said += [
            f"      {n}: {{label: Pertanyaan panjang tentang mutu layanan rumah sakit {n}}}" for n in some
        ]
    if together:
        said.append("facets:")
        said += [f"  {scale}: [{', '.join(f'mutu.{n}' for n in some)}]" for scale, some in names.items()]
    said.append(f"files:\n- {{path: jawaban.csv, instrument: [{', '.join(asked)}]}}")
    (folder / "survey.yml").write_text("\n".join(said) + "\n", encoding="utf-8")
    units = "".join(f"{u},Rumah Sakit {u[-1].upper()},rs,\n" for u in SIZES)
    (folder / "units.csv").write_text("id,name,type,population\n" + units, encoding="utf-8")
