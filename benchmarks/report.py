"""One unit's report: the documented route against ours, on the same notebook and data, interleaved.

The documented route is what Papermill's and nbconvert's manuals show: both from the shell, a fresh
kernel, the stock HTML template, and a PDF of it without TeX: printed by Chromium where that is
installed, else by WeasyPrint (on the PATH, or SKM_WEASYPRINT), else none, and said so.

Both routes are measured making one report at a time. On a machine whose cores are all busy, CPU seconds
also hold the waiting for what cores share (caches, memory, a core's second thread), and the documented
route never keeps more than one busy. What a further unit costs with all cores busy stands beside it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from . import city
from .measuring import ROOT, shell, skm

BAR_CPU, BAR_RATIO, ROUNDS, MORE = 1.6, 10.0, 5, 16


def printer() -> tuple[str, list[str]]:
    """Who makes the documented route's PDF, and its command up to the two file names."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return name, [found, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000"]
    found = os.environ.get("SKM_WEASYPRINT") or shutil.which("weasyprint")
    return ("weasyprint", [found]) if found else ("", [])


def measure(root: Path) -> dict[str, Any]:
    """Rounds of: documented, ours fresh, ours warm for one unit, for more, and for more on all cores."""
    name = city.ready(root)
    found = city.units(root, name)
    middle = len(found) // 2
    unit = found[middle]
    # Units around the median: what one of them costs is what the median unit costs.
    near = [u["id"] for u in found[middle - MORE // 2 : middle + MORE // 2 + 1]]
    out = root / "bench"
    out.mkdir(exist_ok=True)
    notebook = ROOT / "notebooks" / "5-unit-report.ipynb"
    who, command = printer()

    def documented() -> tuple[float, float]:
        done = out / "done.ipynb"
        given = ("-r", "survey", name, "-r", "unit", unit["id"], "-r", "root", str(root))
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        took = shell(
            sys.executable, "-m", "papermill", notebook, done, *given, "-k", "python3", cwd=out, env=env
        )
        page = shell(sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", done, cwd=out, env=env)
        html, pdf = out / "done.html", out / "done.pdf"
        if who == "weasyprint":
            printed = shell(*command, html, pdf, cwd=out).cpu
        elif who:
            printed = shell(*command, f"--print-to-pdf={pdf}", html.as_uri(), cwd=out).cpu
        else:
            printed = 0.0
        return took.cpu + page.cpu, printed

    def ours(kernel: str, units: list[str], *how: str) -> float:
        picks = [word for u in units for word in ("--only", u)]
        only = ("--stage", "5-unit-report", "--kernel", kernel, "--force", "--quiet")
        return skm("run", name, "--root", root, *only, *picks, *how, cwd=out).cpu

    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        html, printed = documented()
        first = ours("warm", near[:1], "--jobs", "1")
        rounds.append({
            "documented_html": html,
            "documented_pdf": printed,
            "ours_fresh": ours("fresh", near[:1]),
            "ours_first": first,
            "ours_more": (ours("warm", near, "--jobs", "1") - first) / (len(near) - 1),
            "ours_busy": (ours("warm", near) - ours("warm", near[:1])) / (len(near) - 1),
        })  # fmt: skip
    workbook = _workbook(root, name, near)
    middle_of = {key: round(statistics.median(r[key] for r in rounds), 3) for key in rounds[0]}
    report = middle_of["ours_more"] - workbook
    ratios = [(r["documented_html"] + r["documented_pdf"]) / (r["ours_more"] - workbook) for r in rounds]
    return {
        "unit": unit["id"],
        "n": unit["n"],
        "printer": who,
        "rounds": [{k: round(v, 3) for k, v in r.items()} for r in rounds],
        **middle_of,
        "workbook": round(workbook, 3),
        "report": round(report, 3),
        "ratio": round(statistics.median(ratios), 1),
        "ratio_html_only": round(
            statistics.median(r["documented_html"] / (r["ours_more"] - workbook) for r in rounds), 1
        ),
    }


def _workbook(root: Path, name: str, units: list[str]) -> float:
    """CPU seconds of one unit's workbooks (data.xlsx, rows.xlsx), which the bar leaves apart; the first warms up."""
    from pipeline import survey
    from pipeline.office import rows, workbook

    aside = survey.load(root, name).reported_in(root / "bench" / "workbooks")
    workbook.write(aside, units[0])
    rows.write(aside, units[0])
    spent = []
    for unit in units[1:]:
        began = time.process_time()
        workbook.write(aside, unit)
        rows.write(aside, unit)
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def lines(made: dict[str, Any]) -> list[str]:
    """The part of results.md."""
    who = made["printer"]
    pdf = {
        "": "**No PDF**: neither Chromium nor WeasyPrint is on this machine.",
        "weasyprint": "Its PDF is made by WeasyPrint from the stock HTML.",
    }.get(who, "Its PDF is the stock HTML printed by headless Chromium.")
    total, ours = made["documented_html"] + made["documented_pdf"], made["report"]

    def row(what: str, seconds: float, bar: str = "", ratio: float | None = None) -> str:
        return f"| {what} | {seconds:.2f} | {ratio or seconds / ours:.1f} | {bar} |"

    return [
        "## One unit's report",
        "",
        f"The demo's median unit (n = {made['n']}) and its neighbours;",
        f"medians of {len(made['rounds'])} interleaved rounds;",
        "CPU seconds of all processes, kernels and warm parent included. The documented route is papermill and",
        "nbconvert from the shell with a fresh kernel and the stock template, on the same notebook and data.",
        f"Both routes make one report at a time, save where the row says otherwise. {pdf}",
        "The ratio that the bar is about is the median of the rounds' own, of two things measured within minutes.",
        "",
        "| route | CPU s | times ours | bar |",
        "|---|---:|---:|---:|",
        row("papermill + nbconvert, HTML only", made["documented_html"]),
        *([row(f"its PDF ({who})", made["documented_pdf"])] if who else []),
        row(
            "documented route, HTML + PDF" if who else "documented route, no PDF",
            total,
            f"at least {BAR_RATIO:.0f}",
            made["ratio"],
        ),
        row("`skm run` one unit, fresh kernel, all start-up included", made["ours_fresh"]),
        row("`skm run` one unit, warm kernel, all start-up included", made["ours_first"]),
        row("each further unit of a warm run, both workbooks included", made["ours_more"]),
        row("the same without the workbooks: HTML + PDF", ours, f"at most {BAR_CPU}"),
        row("each further unit with all cores busy, both workbooks included", made["ours_busy"]),
        "",
    ]
